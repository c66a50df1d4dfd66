"""Time that agents spent on a ticket: what it adds up to. Entries themselves are records of their own."""

from dataclasses import replace

from helpdesk.kernel.errors import Invalid
from helpdesk.tickets.commands import CorrectTime, LogTime, RemoveTime
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TimeCorrected, TimeLogged, TimeRemoved
from helpdesk.tickets.model import Ticket


@apply.register
def _(fact: TimeLogged, ticket: Ticket) -> Ticket:
    return _counted(ticket, fact.seconds, billable=fact.billable)


@apply.register
def _(fact: TimeCorrected, ticket: Ticket) -> Ticket:
    without = _counted(ticket, -fact.old_seconds, billable=fact.old_billable)
    return _counted(without, fact.seconds, billable=fact.billable)


@apply.register
def _(fact: TimeRemoved, ticket: Ticket) -> Ticket:
    return _counted(ticket, -fact.seconds, billable=fact.billable)


def _counted(ticket: Ticket, seconds: int, *, billable: bool) -> Ticket:
    billed = seconds if billable else 0
    return replace(
        ticket, time_seconds=ticket.time_seconds + seconds, billable_seconds=ticket.billable_seconds + billed
    )


@decide_on.register
def _(command: LogTime, draft: Draft) -> None:
    _refuse_unless_positive(command.seconds)
    draft.state(TimeLogged(command.entry_id, command.agent_id, command.seconds, command.billable, command.started_at))


@decide_on.register
def _(command: CorrectTime, draft: Draft) -> None:
    _refuse_unless_positive(command.seconds)
    draft.state(
        TimeCorrected(
            command.entry_id,
            command.old_seconds,
            command.old_billable,
            command.seconds,
            command.billable,
            command.started_at,
        )
    )


@decide_on.register
def _(command: RemoveTime, draft: Draft) -> None:
    draft.state(TimeRemoved(command.entry_id, command.seconds, command.billable))


def _refuse_unless_positive(seconds: int) -> None:
    if seconds <= 0:
        raise Invalid("An entry counts at least one second.")
