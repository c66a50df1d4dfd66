"""Tells agents what concerns them: into the list of their page, and by mail, as each likes it. The one place for both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.mail.delivery import Outbox, Slot
from helpdesk.mail.enclosing import excerpt
from helpdesk.mail.letters import Assigned, Breached, Details, Escalated, Kind, Notified, Party, RequesterReplied
from helpdesk.mail.notices import NoticeService, zone_of
from helpdesk.mail.stationery import Stationery, is_own
from helpdesk.notifications.model import Notification, NotificationKind, Preferences
from helpdesk.notifications.rules import (
    audience_of,
    bulk_action_of,
    doer,
    may_concern_agents,
    message_named,
    whose_doing,
)
from helpdesk.notifications.service import NotificationStore
from helpdesk.sla.model import Metric
from helpdesk.tickets.facts import Event, RatingRecorded, SlaBreached, SlaEscalated
from helpdesk.tickets.model import Message, Ticket
from helpdesk.tickets.visibility import scope_of

_MAIL_KINDS: Final = {
    NotificationKind.ASSIGNED: Kind.ASSIGNED,
    NotificationKind.REQUESTER_REPLIED: Kind.REQUESTER_REPLIED,
    NotificationKind.SLA_BREACHED: Kind.BREACHED,
    NotificationKind.SLA_ESCALATED: Kind.ESCALATED,
}
"""Kinds with words of their own; all others share `Kind.NOTIFICATION`."""
_MAILED_ELSEWHERE: Final = frozenset(
    {NotificationKind.SIDE_ANSWERED, NotificationKind.APPROVAL_ASKED, NotificationKind.APPROVAL_SETTLED}
)
"""Side conversations mail their answers themselves (answering such a mail goes on with them), and so do approvals."""


class TicketReader(Protocol):
    """What is read of tickets."""

    def get(self, ticket_id: str) -> Ticket | None:
        """A ticket."""
        ...

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        """One message."""
        ...


class AgentLinks(Protocol):
    """Where mails lead to."""

    def ticket(self, ticket_id: str) -> str:
        """An agent's way to a ticket."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the announcer stands on.

    Attributes:
        store: keeps what comes into pages' lists, and how each likes to be told.
        comment: what somebody wrote beside their rating, by the survey's id; empty: nothing.
    """

    tickets: TicketReader
    store: NotificationStore
    desk: Callable[[], Desk]
    links: AgentLinks
    comment: Callable[[str], str]


class Announcer:
    """Tells agents. Bears events in any order and any number of times.

    Args:
        ports: what it reads and writes.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: Ports, stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox

    def handle(self, event: Event) -> None:
        """Tells whom an event concerns, each once.

        Raises:
            Unavailable: something did not answer; handling the event again is safe.
        """
        if not may_concern_agents(event.fact):
            return
        ticket = self._ports.tickets.get(event.ticket_id)
        named = message_named(event)
        message = self._ports.tickets.message(event.ticket_id, *named) if named is not None else None
        if ticket is None or (named is not None and message is None):
            return
        for audience in audience_of(event, ticket, self._ports.desk(), message):
            self.notify(audience.agents, audience.kind, ticket, event, message)

    def notify(
        self,
        agents: Iterable[str],
        kind: NotificationKind,
        ticket: Ticket,
        event: Event,
        message: Message | None = None,
    ) -> None:
        """Tells agents of an event: each at most once by mail and once in their list.

        Of what one action did to many tickets, they are told of the first alone.

        Args:
            agents: their ids; who is no agent of this desk, or may not see the ticket, is left out.
            kind: why they are told.
            ticket: which ticket it is about.
            event: what happened.
            message: what somebody wrote, if it is about that.

        Raises:
            Exception: the first that went wrong, after all others were told; doing it again is safe.
        """
        known = self._ports.desk().agents
        desk = self._ports.desk()
        wanted = [
            one
            for one in dict.fromkeys(agents)
            if one in known and scope_of(known[one], desk.roles, desk.groups).allows(ticket)
        ]
        preferences = self._ports.store.preferences(wanted) if wanted else {}
        failed: Exception | None = None
        for agent_id in wanted:
            likes = preferences.get(agent_id, Preferences())
            try:
                if likes.on_page(kind):
                    self._ports.store.add(_notification(agent_id, kind, ticket, event, message))
                if likes.by_mail(kind, known[agent_id]):
                    self._mail(agent_id, kind, ticket, event, message)
            except Exception as error:  # noqa: BLE001 - the others are told first; then it is raised
                failed = failed or error
        if failed is not None:
            raise failed

    # --- by mail ---

    def _mail(
        self, agent_id: str, kind: NotificationKind, ticket: Ticket, event: Event, message: Message | None
    ) -> None:
        agent = self._ports.desk().agents[agent_id]
        if is_own(self._ports.desk(), agent.address) or kind in _MAILED_ELSEWHERE:
            return
        details = self._details(kind, ticket, event, message)
        slot = Slot(cause_of(event), _MAIL_KINDS.get(kind, Kind.NOTIFICATION), agent.id, ticket.id)
        letter = self._stationery.letter(ticket, slot, Party(agent.name, agent.address), agent.language, details)
        if letter is not None:
            self._outbox.deliver(slot, letter)

    def _details(self, kind: NotificationKind, ticket: Ticket, event: Event, message: Message | None) -> Details:
        link, requester = self._ports.links.ticket(ticket.id), _requester_of(ticket)
        last = ticket.copies.last_message
        text = excerpt(message.text if message is not None else last.preview if last is not None else "")
        match event.fact:
            case SlaBreached(metric=metric, breached_at=at):
                return self._missed(Breached, ticket, metric, at)
            case SlaEscalated(metric=metric, escalated_at=at):
                clock = ticket.sla.clock(metric) if ticket.sla is not None else None
                return self._missed(Escalated, ticket, metric, (clock.due_at if clock is not None else None) or at)
            case RatingRecorded(survey_id=survey_id):
                text = excerpt(self._ports.comment(survey_id))
        match kind:
            case NotificationKind.ASSIGNED:
                several = bulk_action_of(event.fact) is not None
                return Assigned(link, requester, text, ticket.priority, self._group_of(ticket), several=several)
            case NotificationKind.REQUESTER_REPLIED:
                return RequesterReplied(link, requester, text)
            case _:
                return Notified(link, requester, kind.value, doer(whose_doing(event), ticket, self._ports.desk()), text)

    def _missed(self, made: type[Breached], ticket: Ticket, metric: Metric, at: datetime) -> Breached:
        desk = self._ports.desk()
        assignee = desk.agents.get(ticket.assignee) if ticket.assignee is not None else None
        return made(
            link=self._ports.links.ticket(ticket.id),
            requester=_requester_of(ticket),
            metric=metric,
            at=at,
            zone=zone_of(desk, ticket),
            priority=ticket.priority,
            group=self._group_of(ticket),
            assignee=assignee.name if assignee is not None else None,
        )

    def _group_of(self, ticket: Ticket) -> str | None:
        group = self._ports.desk().groups.get(ticket.group) if ticket.group is not None else None
        return group.name if group is not None else None


class Telling:
    """Tells all whom an event concerns: who is outside by mail, then colleagues. What fails for some stops no others.

    Args:
        notices: tells those outside.
        announcer: tells colleagues.
    """

    def __init__(self, notices: NoticeService, announcer: Announcer) -> None:
        self._notices = notices
        self._announcer = announcer

    def handle(self, event: Event) -> None:
        """Tells whom an event concerns.

        Raises:
            Unavailable: something did not answer; handling the event again is safe.
        """
        failed: Exception | None = None
        for tell in (self._notices.handle, self._announcer.handle):
            try:
                tell(event)
            except Exception as error:  # noqa: BLE001 - raised below, once the others were told
                failed = failed or error
        if failed is not None:
            raise failed


def cause_of(event: Event) -> str:
    """What an agent is told of once: an event, or the one action that did the same to many tickets."""
    return bulk_action_of(event.fact) or event.id


def _notification(
    agent_id: str, kind: NotificationKind, ticket: Ticket, event: Event, message: Message | None
) -> Notification:
    return Notification(
        id=cause_of(event),
        agent_id=agent_id,
        kind=kind,
        at=event.at,
        ticket_id=ticket.id,
        number=ticket.number,
        subject=ticket.copies.subject,
        actor=message.author if message is not None else whose_doing(event),
        message_id=message.id if message is not None else None,
    )


def _requester_of(ticket: Ticket) -> str:
    return ticket.copies.requester_name or ticket.copies.requester_address or "?"
