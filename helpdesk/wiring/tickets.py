"""Tickets and what is done to them, whoever does it."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.platform.settings import settings
from helpdesk.sla.service import Ticked
from helpdesk.sla.store import TickQueue
from helpdesk.tickets.attention import Attention
from helpdesk.tickets.commands import Tick
from helpdesk.tickets.model import SWEEPER, Ticket
from helpdesk.tickets.opening import AgentOpening
from helpdesk.tickets.participation import Participation
from helpdesk.tickets.rules import next_due
from helpdesk.tickets.service import TicketService
from helpdesk.tickets.sight import TicketsInSight
from helpdesk.tickets.tasks import TaskDesk
from helpdesk.tickets.timelog import TimeLog
from helpdesk.tickets.together import Together
from helpdesk.tickets.views import summarize
from helpdesk.tickets.working import AgentDesk
from helpdesk.wiring import ground, views

if TYPE_CHECKING:
    from helpdesk.channels.store import S3FileStore
    from helpdesk.drafts.service import DraftService
    from helpdesk.presence.service import PresenceService
    from helpdesk.tickets.asides import SideConversations


@cache
def ticket_store() -> TicketsInSight:
    """Tickets, as far as whoever is calling may see them."""
    ground.table_bound()
    return TicketsInSight(ground.s3, settings().files_bucket, ground.scope, _tell_the_board)


def _tell_the_board(written: Sequence[Ticket]) -> None:
    """Lets whoever wrote see it in the lists of this container at once, if it has any."""
    if views.live_board.cache_info().currsize:
        views.live_board().note(summarize(ticket) for ticket in written)


@cache
def tick_queue() -> TickQueue:
    """Holds tickets back until the second in which they are due."""
    return TickQueue(ground.sqs, settings().tick_queue)


@cache
def tickets() -> TicketService:
    """What can be done with tickets."""
    return TicketService(ticket_store(), ground.clock(), ground.rules, ground.pause)


def tick(ticket_id: str) -> Ticked:
    """Lets time do its work on a ticket."""
    outcome = tickets().run(ticket_id, Tick(), actor=SWEEPER)
    return Ticked(len(outcome.events), next_due(outcome.ticket))


@cache
def agent_desk() -> AgentDesk:
    """What agents do with tickets."""
    return AgentDesk(tickets(), ticket_store(), ground.desk, ground.clock())


@cache
def together() -> Together:
    """What agents do with several tickets at once."""
    return Together(tickets(), ticket_store(), ground.clock())


def task_desk() -> TaskDesk:
    """Tasks of tickets."""
    return TaskDesk(tickets(), ticket_store(), ground.desk, ground.clock())


@cache
def participation() -> Participation:
    """Who takes part in tickets."""
    return Participation(tickets(), ground.people_store(), ground.desk, ground.clock())


@cache
def opening() -> AgentOpening:
    """Tickets that agents open."""
    return AgentOpening(tickets(), ticket_store(), ground.people_store(), agent_desk(), ground.desk, ground.clock())


@cache
def attention() -> Attention:
    """Who follows tickets, and which are put aside."""
    return Attention(tickets(), ground.desk, ground.clock())


@cache
def time_log() -> TimeLog:
    """Time spent on tickets."""
    return TimeLog(tickets(), ticket_store(), ground.desk, ground.clock())


def sides() -> "SideConversations":
    """What agents ask third parties."""
    from helpdesk.tickets.asides import SideConversations  # noqa: PLC0415 - only the desk's own function needs it

    return SideConversations(tickets(), ticket_store(), ground.people_store(), ground.desk, ground.clock())


@cache
def files() -> "S3FileStore":
    """Attachments."""
    from helpdesk.channels.store import S3FileStore  # noqa: PLC0415

    return S3FileStore(ground.s3(), settings().files_bucket)


@cache
def drafts() -> "DraftService":
    """What agents are writing."""
    from helpdesk.drafts.service import DraftService  # noqa: PLC0415
    from helpdesk.drafts.store import DynamoDraftStore  # noqa: PLC0415

    ground.table_bound()
    return DraftService(DynamoDraftStore(), ticket_store(), ground.clock(), ticket_store().out_of_sight)


@cache
def presence() -> "PresenceService":
    """Who is at a ticket."""
    from helpdesk.presence.service import PresenceService  # noqa: PLC0415
    from helpdesk.presence.store import DynamoPresenceStore  # noqa: PLC0415

    ground.table_bound()
    return PresenceService(DynamoPresenceStore(), ground.clock(), ticket_store().out_of_sight)
