"""What comes together over the tickets of a person or an organization: each ticket's share, and what a change of it adds."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.todo import ApproverKind

COUNTED_METRICS: Final = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
"""Promises that a ticket keeps or misses once."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Sums over tickets, or one ticket's share of them.

    Attributes:
        open: not done.
        solved: solved or closed.
        stars: of all ratings together, each 1 to 5.
        kept, missed: first answers and solutions that were in time, or not.
        seconds: time that was logged; `billable_seconds` the part of it that is billed.
    """

    open: int = 0
    solved: int = 0
    ratings: int = 0
    stars: int = 0
    kept: int = 0
    missed: int = 0
    seconds: int = 0
    billable_seconds: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        """Both together."""
        return Numbers(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __neg__(self) -> "Numbers":
        """What taking it away adds."""
        return Numbers(*(-getattr(self, name) for name in NAMES))

    @property
    def tickets(self) -> int:
        """How many tickets there are."""
        return self.open + self.solved


NAMES: Final = tuple(one.name for one in fields(Numbers))
NOTHING: Final = Numbers()


@dataclass(frozen=True, slots=True)
class Share:
    """What of a ticket was counted, and whose it was.

    Attributes:
        version: the ticket's, as it was counted.
        people: ids of those who are or were in it beside the requester, as far as that is noted with them.
    """

    version: int
    requester_id: str
    organization_id: str | None = None
    numbers: Numbers = NOTHING
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose numbers they are: a person's, or an organization's."""

    id: str
    organization: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """When somebody last wrote, or was written to."""

    at: datetime
    by: str


def share_of(ticket: Ticket) -> Share:
    """A ticket's share. One that goes on in another has none: it is counted there."""
    return Share(
        ticket.version,
        ticket.requester_id,
        ticket.organization_id,
        NOTHING if ticket.merged is not None else _numbers_of(ticket),
    )


def _numbers_of(ticket: Ticket) -> Numbers:
    found = (ticket.sla.clock(metric) for metric in COUNTED_METRICS) if ticket.sla is not None else ()
    clocks = [clock for clock in found if clock is not None and clock.shown]
    return Numbers(
        open=int(not ticket.done),
        solved=int(ticket.done),
        ratings=int(ticket.rating is not None),
        stars=ticket.rating or 0,
        kept=sum(clock.met_at is not None and clock.breached_at is None for clock in clocks),
        missed=sum(clock.breached_at is not None for clock in clocks),
        seconds=ticket.time_seconds,
        billable_seconds=ticket.billable_seconds,
    )


def people_in(ticket: Ticket) -> frozenset[str]:
    """Ids of all who are or were in a ticket beside its requester: a person's words and address may be in any of these."""
    third = (person for side in ticket.side for person in (*side.people, *side.removed))
    asked = (
        approver.id
        for approval in ticket.approvals
        for approver in approval.approvers
        if approver.kind is ApproverKind.PERSON
    )
    origins = (origin.requester_id for origin in ticket.sources)
    everybody = {*ticket.participants, *ticket.removed, *ticket.asked_before, *third, *asked, *origins}
    return frozenset(everybody - {ticket.requester_id})


def changes(before: Share | None, after: Share) -> dict[Owner, Numbers]:
    """By how much whose numbers change when a ticket's share becomes another."""
    found: dict[Owner, Numbers] = {}
    for share, sign in ((before, -1), (after, 1)):
        if share is None:
            continue
        numbers = share.numbers if sign > 0 else -share.numbers
        owners = [Owner(share.requester_id)]
        owners += [Owner(share.organization_id, organization=True)] if share.organization_id is not None else []
        for owner in owners:
            found[owner] = found.get(owner, NOTHING) + numbers
    return {owner: numbers for owner, numbers in found.items() if numbers != NOTHING}
