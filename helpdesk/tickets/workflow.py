"""How admins shape the way of a ticket: further statuses, which may follow which, and what a priority follows from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from helpdesk.forms.model import Catalogue
from helpdesk.tickets.model import Level, Priority, Status, Ticket

BASES: Final = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED)
"""What further statuses can stand over: a ticket is new once, and closed is final."""


@dataclass(frozen=True, slots=True)
class StatusDefinition:
    """A status as admins name and place it: one of the desk's own six (`id` is its name), or a further one over a base.

    Attributes:
        base: what rules read.
        names: by language; without one, pages use their own words for the six.
        to: ids of the statuses that colleagues may set next; None: any. What the desk does by itself is never held up.
        active: colleagues can set it; tickets that stand in it stay there.
        customer_names: what requesters read instead, by language; without one, they read of the base.
    """

    id: str
    base: Status
    names: Mapping[str, str] = field(default_factory=dict)
    to: tuple[str, ...] | None = None
    active: bool = True
    order: int = 0
    customer_names: Mapping[str, str] = field(default_factory=dict)

    def told(self, language: str) -> str | None:
        """What requesters read, in a language or the nearest there is."""
        return self.customer_names.get(language) or self.customer_names.get("en")

    @property
    def further(self) -> bool:
        """Whether an admin made it."""
        return self.id != self.base.value


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """Priorities of one impact, by urgency."""

    low: Priority
    medium: Priority
    high: Priority


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """The priority that impact and urgency lead to: a row for each impact. As ITIL usually has it."""

    low: PriorityRow = PriorityRow(Priority.LOW, Priority.LOW, Priority.NORMAL)
    medium: PriorityRow = PriorityRow(Priority.LOW, Priority.NORMAL, Priority.HIGH)
    high: PriorityRow = PriorityRow(Priority.NORMAL, Priority.HIGH, Priority.URGENT)

    def priority(self, impact: Level, urgency: Level) -> Priority:
        """What the two lead to."""
        row = {Level.LOW: self.low, Level.MEDIUM: self.medium, Level.HIGH: self.high}[impact]
        return {Level.LOW: row.low, Level.MEDIUM: row.medium, Level.HIGH: row.high}[urgency]


@dataclass(frozen=True, slots=True)
class Workflow:
    """All of it, as decisions need it.

    Attributes:
        statuses: definitions by id; one of the six without a definition has no limits.
        catalogue: fields and forms.
    """

    statuses: Mapping[str, StatusDefinition] = field(default_factory=dict)
    matrix: PriorityMatrix = field(default_factory=PriorityMatrix)
    catalogue: Catalogue = field(default_factory=Catalogue)

    def further(self, status_id: str) -> StatusDefinition | None:
        """A status that an admin made."""
        found = self.statuses.get(status_id)
        return found if found is not None and found.further else None

    def next_of(self, ticket: Ticket) -> tuple[str, ...] | None:
        """Ids of the statuses that colleagues may set next; None: any.

        A ticket whose further status was taken away counts as standing in its base.
        """
        here = self.further(ticket.custom_status) if ticket.custom_status is not None else None
        here = here or self.statuses.get(ticket.status.value)
        return here.to if here is not None else None
