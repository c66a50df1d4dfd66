"""Clocks of a ticket: which policy holds, when they stand, what they warn of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from helpdesk.sla import rules as sla
from helpdesk.sla.calendars import CompiledCalendar
from helpdesk.sla.model import AppliedSla, Due, DueKind, PolicyFacts
from helpdesk.tickets.core import Draft, apply
from helpdesk.tickets.facts import Fact, SlaApplied, SlaBreached, SlaChanged, SlaWarned
from helpdesk.tickets.model import SWEEPER, Ticket

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


def _sla_of(ticket: Ticket) -> AppliedSla:
    if ticket.sla is None:
        raise ValueError("a clock's fact on a ticket without an SLA")
    return ticket.sla


def sla_facts(ticket: Ticket) -> PolicyFacts:
    """What a policy's conditions are held against."""
    return PolicyFacts(
        priority=ticket.priority.value,
        channel=ticket.channel.value,
        category=ticket.category,
        group_id=ticket.group,
        organization_id=ticket.organization_id,
    )


def settle_clocks(draft: Draft, until: datetime) -> None:
    """Records warnings and breaches up to an instant."""
    applied = draft.ticket.sla
    for due in sla.due_actions(applied, until) if applied is not None else ():
        draft.state(_clock_fact(due), actor=SWEEPER)


def _clock_fact(due: Due) -> Fact:
    return SlaWarned(due.metric, due.at) if due.kind is DueKind.WARNING else SlaBreached(due.metric, due.at)


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


def apply_policy(draft: Draft) -> None:
    """Puts the policy on the ticket that its facts choose, with the time already used counted."""
    ticket, rules = draft.ticket, draft.rules
    policy = sla.choose_policy(rules.policies, sla_facts(ticket))
    if policy is None:
        return
    before, calendar = ticket.sla, rules.newest_calendar(policy.calendar_id)
    if before is not None and sla.is_applied(before, policy, calendar, ticket.priority.value):
        return
    applied = sla.apply_policy(
        policy,
        calendar,
        ticket.priority.value,
        draft.now,
        before,
        previous_cal=rules.calendar_of(before) if before is not None else None,
    )
    # The new policy may pause in other statuses than the old one did.
    applied = sla.follow_status(applied, ticket.status.value, draft.now, calendar_of(draft, applied))
    if applied != before:
        draft.state(SlaApplied(applied))
