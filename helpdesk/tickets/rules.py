"""The ticket's rules: a command decided against a ticket as it stands yields facts; facts folded give the ticket.

Pure: no clock is read, nothing is stored. `decide` never does what `evolve` could not do again from the events alone,
apart from the snapshot's copies (`Copies`), which folding leaves out.
"""

from dataclasses import replace
from datetime import datetime

from helpdesk.kernel.errors import Conflict
from helpdesk.sla import rules as sla
from helpdesk.sla.model import Metric
from helpdesk.tickets.chain import seal
from helpdesk.tickets.commands import Command, OpenTicket
from helpdesk.tickets.core import Decision, DeskRules, Draft, decide_on, evolve, fold
from helpdesk.tickets.facts import TicketLinked, TicketOpened
from helpdesk.tickets.model import Actor, ActorKind, Copies, LastMessage, Reason, Status, Ticket, Visibility
from helpdesk.tickets.parts.approvals import approvals_due_at, settle_approvals
from helpdesk.tickets.parts.clocks import apply_policy, run_clocks
from helpdesk.tickets.parts.messages import settle
from helpdesk.tickets.parts.participants import join
from helpdesk.tickets.parts.properties import change_fields, set_status
from helpdesk.tickets.parts.tasks import settle_tasks, tasks_due_at
from helpdesk.tickets.parts.timers import falling_due_at, waking_at

__all__ = ["decide", "evolve", "expected_reply_by", "fold", "load_changes", "next_due"]


def decide(ticket: Ticket | None, command: Command, rules: DeskRules, *, actor: Actor, now: datetime) -> Decision:
    """What comes of a command.

    Args:
        ticket: as it stands; None for a command that opens one.
        command: the wish.
        rules: the settings decisions depend on.
        actor: who wishes it.
        now: the instant of deciding, aware UTC.

    Returns:
        The events and the ticket after them. No events: the wish was already so, or yields to what is.

    Raises:
        Conflict: it cannot be done as the ticket stands.
        NotFound: it names a side conversation that is none of the ticket's.
        Invalid: it can never be done.
    """
    if isinstance(command, OpenTicket):
        if ticket is not None:
            raise Conflict("The ticket is already there.")
        return _open(command, rules, actor=actor, now=now)
    if ticket is None:
        raise Conflict("There is no such ticket.")
    draft = Draft(ticket, rules, actor=actor, now=max(now, ticket.updated_at))
    settle(draft)
    decide_on(command, draft)
    settle_tasks(draft)  # behind the command: it may have been the last moment to get one done, or given one no time
    settle_approvals(draft)
    return draft.done()


def next_due(ticket: Ticket) -> datetime | None:
    """The next instant at which time alone does something: a warning, a release, a wake-up, the survey, and so on."""
    instants = (
        sla.next_instant(ticket.sla) if ticket.sla is not None else None,
        ticket.held[0].send_at if ticket.held else None,
        waking_at(ticket),
        falling_due_at(ticket),
        ticket.survey_at,
        ticket.close_at,
        tasks_due_at(ticket),
        approvals_due_at(ticket),
    )
    return min((at for at in instants if at is not None), default=None)


def expected_reply_by(ticket: Ticket) -> datetime | None:
    """When the next answer is due by the SLA, while one is waited for."""
    if ticket.sla is None or ticket.done:
        return None
    clocks = (ticket.sla.clock(metric) for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE))
    return min((c.due_at for c in clocks if c is not None and c.met_at is None and c.due_at is not None), default=None)


def load_changes(before: Ticket | None, after: Ticket) -> dict[str, int]:
    """By how much the numbers of agents' open tickets change: paused ones count, done ones do not."""
    changes: dict[str, int] = {}
    for ticket, delta in ((before, -1), (after, 1)):
        if ticket is not None and ticket.assignee is not None and not ticket.done:
            changes[ticket.assignee] = changes.get(ticket.assignee, 0) + delta
    return {agent: delta for agent, delta in changes.items() if delta}


def _open(command: OpenTicket, rules: DeskRules, *, actor: Actor, now: datetime) -> Decision:
    author = command.author or actor
    first = seal(
        command.ticket_id,
        1,
        "",
        fact=TicketOpened(
            number=command.number,
            requester_id=command.requester_id,
            channel=command.channel,
            type=command.type,
            priority=command.priority,
            language=command.language,
            category=command.category,
            organization_id=command.organization_id,
            mailbox_id=command.mailbox_id,
            automatic=command.automatic,
            message_id=command.message_id,
            author=command.author,
            visibility=command.visibility if command.visibility is not Visibility.PUBLIC else None,
            silent=command.silent or None,
        ),
        actor=actor,
        at=now,
    )
    draft = Draft(evolve(None, first), rules, actor=actor, now=now)
    draft.events.append(first)
    last = LastMessage(now, author.kind, command.visibility, command.preview)
    draft.ticket = replace(
        draft.ticket,
        copies=Copies(
            subject=command.subject,
            requester_name=command.requester_name,
            requester_address=command.requester_address,
            last_message=last,
        ),
    )
    for link in command.links:
        draft.state(TicketLinked(link))
    join(draft, command.participants)
    if command.fields:
        change_fields(draft, command.fields)
    apply_policy(draft)
    if command.change is not None:
        decide_on(command.change, draft)
    if author.kind is ActorKind.AGENT and command.visibility is Visibility.PUBLIC:
        run_clocks(draft, "answered", sla.on_public_agent_message)  # they wrote first: nobody waits for an answer
        if draft.ticket.status is Status.NEW:
            set_status(draft, Status.OPEN, Reason("answered"))
    return draft.done()
