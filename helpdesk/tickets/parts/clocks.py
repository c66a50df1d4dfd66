"""Clocks of a ticket: which policy holds, when they stand, what they warn of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from helpdesk.sla import rules as sla
from helpdesk.sla.calendars import CompiledCalendar
from helpdesk.sla.model import RAISE, AppliedSla, Due, DueKind, Escalation, PolicyFacts
from helpdesk.tickets.commands import ChoosePolicy
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import (
    Fact,
    SlaApplied,
    SlaBreached,
    SlaChanged,
    SlaEscalated,
    SlaPolicyChosen,
    SlaWarned,
    TicketAssigned,
    TicketPriorityChanged,
    TicketTagsChanged,
    WebhooksOrdered,
)
from helpdesk.tickets.model import SWEEPER, Priority, Reason, Ticket

type ClockChange = Callable[[AppliedSla, datetime, CompiledCalendar], AppliedSla]


@apply.register(SlaApplied)
@apply.register(SlaChanged)
def _(fact: SlaApplied | SlaChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=fact.sla)


@apply.register
def _(fact: SlaWarned, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=sla.record_warning(_sla_of(ticket), fact.metric, fact.warned_at))


@apply.register
def _(fact: SlaBreached, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=sla.record_breach(_sla_of(ticket), fact.metric, fact.breached_at))


@apply.register
def _(fact: SlaEscalated, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=sla.record_escalation(_sla_of(ticket), fact.metric, fact.level, fact.escalated_at))


@apply.register
def _(fact: SlaPolicyChosen, ticket: Ticket) -> Ticket:
    return replace(ticket, sla_policy=fact.policy)


@decide_on.register
def _(command: ChoosePolicy, draft: Draft) -> None:
    if command.policy != draft.ticket.sla_policy:
        draft.state(SlaPolicyChosen(command.policy, command.because))
        apply_policy(draft)


def _sla_of(ticket: Ticket) -> AppliedSla:
    if ticket.sla is None:
        raise ValueError("a clock's fact on a ticket without an SLA")
    return ticket.sla


def sla_facts(ticket: Ticket, plans: Mapping[str, str] = MappingProxyType({})) -> PolicyFacts:
    """What a policy's conditions are held against.

    Args:
        ticket: as it stands.
        plans: support plans of organizations, by id.
    """
    return PolicyFacts(
        priority=ticket.priority.value,
        channel=ticket.channel.value,
        category=ticket.category,
        group_id=ticket.group,
        organization_id=ticket.organization_id,
        type=ticket.type.value,
        plan=plans.get(ticket.organization_id or ""),
        tags=ticket.tags,
        fields=field_texts(ticket),
    )


def field_texts(ticket: Ticket) -> dict[str, tuple[str, ...]]:
    """What its fields hold, as conditions on them are told."""
    return {name: _texts(value) for name, value in ticket.copies.fields.items()}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def settle_clocks(draft: Draft, until: datetime) -> None:
    """Records what clocks have come to up to an instant, one after another: an escalation may move those behind it."""
    while (applied := draft.ticket.sla) is not None and (dues := sla.due_actions(applied, until)):
        due = dues[0]
        if due.kind is not DueKind.ESCALATION:
            draft.state(_clock_fact(due), actor=SWEEPER)
            continue
        level = next((one for one in applied.escalations if one.id == due.level), None)
        notify = level.notify if level is not None else ()
        draft.state(SlaEscalated(due.metric, due.level, due.at, notify), actor=SWEEPER)
        if level is not None:
            _escalate(draft, level, due)


def _clock_fact(due: Due) -> Fact:
    return SlaWarned(due.metric, due.at) if due.kind is DueKind.WARNING else SlaBreached(due.metric, due.at)


def _escalate(draft: Draft, level: Escalation, due: Due) -> None:
    """Changes what an escalation says, as of its instant."""
    ticket = draft.ticket
    before = sla_facts(ticket, draft.rules.plans)
    because = (Reason("sla_escalated", {"metric": due.metric.value, "level": level.id}),)
    priority = _escalated_priority(level, ticket.priority)
    if priority is not ticket.priority:
        draft.state(TicketPriorityChanged(ticket.priority, priority, because), actor=SWEEPER)
    group, assignee = level.group or ticket.group, level.assignee or ticket.assignee
    if group != ticket.group and level.assignee is None:
        assignee = None
    if (group, assignee) != (ticket.group, ticket.assignee):
        draft.state(TicketAssigned(ticket.group, group, ticket.assignee, assignee, because), actor=SWEEPER)
    if missing := tuple(sorted(set(level.tags) - set(ticket.tags))):
        draft.state(TicketTagsChanged(missing, (), because), actor=SWEEPER)
    if level.webhooks:
        draft.state(WebhooksOrdered(level.webhooks, because), actor=SWEEPER)
    if sla_facts(draft.ticket, draft.rules.plans) != before:
        doing, draft.actor = draft.actor, SWEEPER
        apply_policy(draft, due.at)
        draft.actor = doing


def _escalated_priority(level: Escalation, now: Priority) -> Priority:
    if level.priority == RAISE:
        return next((one for one in Priority if one.rank == now.rank - 1), now)
    return Priority(level.priority) if level.priority is not None else now


def calendar_of(draft: Draft, applied: AppliedSla) -> CompiledCalendar:
    """The calendar that its clocks count in."""
    return draft.rules.calendar_of(applied)


def run_clocks(draft: Draft, cause: str, change: ClockChange, at: datetime | None = None) -> None:
    """Lets something happen to the clocks, as of `at` or else of the draft's instant."""
    applied = draft.ticket.sla
    if applied is not None:
        clocks_now(draft, cause, change(applied, at or draft.now, calendar_of(draft, applied)))


def clocks_now(draft: Draft, cause: str, after: AppliedSla) -> None:
    """States how the clocks stand, if that is news."""
    if after != draft.ticket.sla:
        draft.state(SlaChanged(cause, after))


def apply_policy(draft: Draft, at: datetime | None = None) -> None:
    """Puts the policy on the ticket that a rule or its facts choose, with the time already used counted.

    Args:
        draft: the ticket in the making.
        at: as of when, if not as of the draft's instant.
    """
    ticket, rules, at = draft.ticket, draft.rules, at or draft.now
    facts = sla_facts(ticket, rules.plans)
    chosen = next((one for one in rules.policies if one.id == ticket.sla_policy), None)
    policy = chosen or sla.choose_policy(rules.policies, facts)
    if policy is None:
        return
    before, calendar = ticket.sla, rules.newest_calendar(policy.calendar_for(facts))
    if before is not None and sla.is_applied(before, policy, calendar, facts.priority, facts.group_id):
        return
    applied = sla.apply_policy(
        policy,
        calendar,
        facts.priority,
        at,
        before,
        previous_cal=rules.calendar_of(before) if before is not None else None,
        group=facts.group_id,
    )
    # The new policy may pause in other statuses than the old one did.
    applied = sla.follow_status(applied, ticket.status.value, at, calendar_of(draft, applied))
    if applied != before:
        draft.state(SlaApplied(applied))
