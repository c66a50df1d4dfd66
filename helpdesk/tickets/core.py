"""The ground all rules stand on: folding facts into a ticket, and a ticket in the making."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Final

from helpdesk.sla.calendars import CompiledCalendar
from helpdesk.sla.model import AppliedSla, SlaPolicy
from helpdesk.tickets.chain import event_hash, seal
from helpdesk.tickets.commands import Command
from helpdesk.tickets.facts import (
    Event,
    Fact,
    MessageAdded,
    MessageEdited,
    ParticipantAdded,
    RatingRecorded,
    SidePersonAdded,
    SideStarted,
    TicketFieldsChanged,
    TicketOpened,
    TicketRequesterChanged,
    TicketReturned,
    TicketSplitUndone,
    TicketUnmerged,
    TimeCorrected,
    TimeLogged,
)
from helpdesk.tickets.model import Actor, Status, Ticket
from helpdesk.tickets.todo import ApprovalAnswered, ApprovalRequested, ChecklistAdded, TaskAdded, TaskChanged
from helpdesk.tickets.workflow import Workflow


def _no_delay(ticket: Ticket) -> None:
    del ticket


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The settings that decisions depend on, as they stand.

    Attributes:
        policies: SLA policies, in order; the first whose conditions hold is applied.
        calendars: compiled business calendars, every revision there ever was, by (id, revision): clocks keep counting
            in the one they were started with.
        survey_delay: from solving to asking; None: no surveys.
        own_survey_delay: the same of a ticket's own survey plan; None: that says nothing of it.
        close_delay: from solving to closing; None: solved tickets stay solved.
        plans: support plan of each organization that has one, by the organization's id.
        workflow: statuses, what a priority follows from, fields and forms.
        tasks_before_solving: whether all tasks must be done before a ticket is solved.
    """

    policies: tuple[SlaPolicy, ...] = ()
    calendars: Mapping[tuple[str, int], CompiledCalendar] = field(default_factory=dict)
    survey_delay: timedelta | None = None
    close_delay: timedelta | None = None
    plans: Mapping[str, str] = field(default_factory=dict)
    workflow: Workflow = field(default_factory=Workflow)
    tasks_before_solving: bool = False
    own_survey_delay: Callable[[Ticket], timedelta | None] = field(default=_no_delay, compare=False)

    def calendar_of(self, applied: AppliedSla) -> CompiledCalendar:
        """The calendar that an applied SLA counts in."""
        return self.calendars[applied.calendar_id, applied.calendar_revision]

    def newest_calendar(self, calendar_id: str) -> CompiledCalendar:
        """The calendar of an id as it is now."""
        return self.calendars[max(key for key in self.calendars if key[0] == calendar_id)]


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of a command: events to add (perhaps none) and the ticket after them."""

    ticket: Ticket
    events: tuple[Event, ...]


_BRINGS_CONTENT: Final = (
    MessageAdded,
    MessageEdited,
    TicketFieldsChanged,
    TicketRequesterChanged,
    TicketUnmerged,
    TicketReturned,
    TicketSplitUndone,
    RatingRecorded,
    ParticipantAdded,
    SideStarted,
    SidePersonAdded,
    TimeLogged,
    TimeCorrected,
    TaskAdded,
    TaskChanged,
    ChecklistAdded,
    ApprovalRequested,
    ApprovalAnswered,
)
"""Facts with which words, files or names come to a ticket, so that what was taken out of it before is not all there is."""


def evolve(ticket: Ticket | None, event: Event) -> Ticket:
    """The ticket after an event.

    Raises:
        ValueError: the event does not follow the ticket's last one.
    """
    fact = event.fact
    if isinstance(fact, TicketOpened):
        if ticket is not None or event.seq != 1:
            raise ValueError("a ticket is opened once, first of all")
        return _opened(event, fact)
    if ticket is None or event.seq != ticket.version + 1 or event.prev != ticket.chain:
        raise ValueError(f"event {event.seq} does not follow the ticket's last one")
    made = apply(fact, replace(ticket, version=event.seq, chain=event_hash(event), updated_at=event.at))
    return replace(made, cleared=()) if made.cleared and isinstance(fact, _BRINGS_CONTENT) else made


def fold(events: Iterable[Event]) -> Ticket:
    """The ticket that a whole history makes, without copies.

    Raises:
        ValueError: there are no events, or they do not follow one another.
    """
    ticket: Ticket | None = None
    for event in events:
        ticket = evolve(ticket, event)
    if ticket is None:
        raise ValueError("no events")
    return ticket


def _opened(event: Event, fact: TicketOpened) -> Ticket:
    return Ticket(
        id=event.ticket_id,
        version=1,
        chain=event_hash(event),
        number=fact.number,
        status=Status.NEW,
        type=fact.type,
        priority=fact.priority,
        channel=fact.channel,
        language=fact.language,
        requester_id=fact.requester_id,
        created_at=event.at,
        updated_at=event.at,
        category=fact.category,
        organization_id=fact.organization_id,
        mailbox_id=fact.mailbox_id,
        automatic=fact.automatic,
    )


@singledispatch
def apply(fact: Fact, ticket: Ticket) -> Ticket:
    """What a fact changes; facts that only tell something change nothing."""
    del fact
    return ticket


class Draft:
    """A ticket in the making: each fact is folded in as it is stated, so that the next one is decided on what holds."""

    def __init__(self, ticket: Ticket, rules: DeskRules, *, actor: Actor, now: datetime) -> None:
        self.ticket = ticket
        self.rules = rules
        self.actor = actor
        self.now = now
        self.events: list[Event] = []

    def state(self, fact: Fact, *, actor: Actor | None = None) -> None:
        """Adds a fact to the ticket's history; `actor` where it is not the command's."""
        ticket = self.ticket
        event = seal(ticket.id, ticket.version + 1, ticket.chain, fact=fact, actor=actor or self.actor, at=self.now)
        self.ticket = evolve(ticket, event)
        self.events.append(event)

    def copy(self, **values: object) -> None:
        """Changes what the snapshot repeats for lists; history knows nothing of it."""
        self.ticket = replace(self.ticket, copies=replace(self.ticket.copies, **values))  # type: ignore[arg-type]

    def done(self) -> Decision:
        """What came of it."""
        return Decision(self.ticket, tuple(self.events))


@singledispatch
def decide_on(command: Command, draft: Draft) -> None:
    """States what comes of a command; `parts` has a rule for each."""
    raise TypeError(f"no rule for {type(command).__name__} on {draft.ticket.id}")
