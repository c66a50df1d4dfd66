"""How far a person's erasure is, and how long tickets keep what is in them. Nothing here tells of the person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Person
from helpdesk.tickets.model import Content
from helpdesk.tickets.views import TicketRow

if TYPE_CHECKING:
    from helpdesk.mail.ledger import LedgerEntry


class Phase(StrEnum):
    """What an erasure is at. Each begins where the one before it ends, and can be done twice."""

    TICKETS = "tickets"  # which they opened
    OTHERS = "others"  # in which they took part
    MAILS = "mails"  # that never became a ticket's
    RECORDS = "records"  # apart from tickets: what bulk actions know of fields, receivers answered, readers said
    PERSON = "person"
    LATE = "late"  # what came in meanwhile
    LATE_OTHERS = "late_others"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person's erasure.

    Attributes:
        id: of the person, which tickets and history keep.
        by: id of the agent who ordered it.
        position: where the phase goes on; None: at its beginning.
        step: which event started the present step.
        tickets: how many tickets were emptied; a phase that was begun anew counts some twice.
        finished_at: when all was gone.
    """

    id: str
    by: str
    started_at: datetime
    phase: Phase = Phase.TICKETS
    position: dict[str, str] | None = None
    step: int = 1
    version: int = 1
    tickets: int = 0
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """An export of a person's data.

    Attributes:
        id: of the person.
        by: id of the agent who ordered it.
        number: how many were ordered.
        ready_at: when it was written; None: it is being written.
    """

    id: str
    by: str
    ordered_at: datetime
    number: int = 1
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """For how long tickets keep what is in them.

    Attributes:
        conditions: of which tickets, as views have them, over what does not change by itself; empty: of all.
        after_days: so long after they were solved (or closed, if they never were).
        removes: what is taken out of them.
        enabled: it is carried out, a day after it was written so.
        forgets: somebody of whom no ticket tells any more, after their last one, is erased.
    """

    id: str
    name: str
    conditions: Mapping[str, object] = field(default_factory=dict)
    after_days: int = 365
    removes: tuple[Content, ...] = ()
    enabled: bool = False
    description: str = ""
    forgets: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a rule of retention is.

    Attributes:
        rule: its id.
        version: of the rule; another one begins anew.
        begins_at: when this version may take something out for the first time.
        solved_to: in the order of solving, the ticket that was looked at last: its instant, `#`, its id.
        in_hand: ids of tickets that were begun, or could not be dealt with: they are gone through again.
        tickets: out of how many something was taken, by any version.
        looked_at: when it was carried out last.
        revision: of this very note.
    """

    rule: str
    version: int
    begins_at: datetime
    solved_to: str = ""
    in_hand: tuple[str, ...] = ()
    tickets: int = 0
    looked_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class TicketAbout:
    """A ticket as erasing sees it.

    Attributes:
        whole: they ask there: every word goes.
        held: its number, if it is under legal hold.
        cleared: all that there was has been taken out of it.
    """

    id: str
    whole: bool
    held: int | None = None
    cleared: bool = False


class Erasures(Protocol):
    """Where erasures are written down, and what they reach."""

    def find(self, person_id: str) -> Erasure | None:
        """A person's erasure."""
        ...

    def start(self, erasure: Erasure) -> Erasure:
        """Writes one down and starts it; gives the one that is there already."""
        ...

    def save(self, before: Erasure, after: Erasure) -> None:
        """Writes how far one is; a new step is started.

        Raises:
            StaleVersion: somebody else took it further.
        """
        ...

    def find_export(self, person_id: str) -> Export | None:
        """The newest export of a person."""
        ...

    def save_export(self, export: Export, *, ordered: bool) -> None:
        """Writes one down; an ordered one is started."""
        ...

    def own(self, person: Person, position: dict[str, str] | None) -> Page[TicketRow]:
        """Tickets that a person opened, a page."""
        ...

    def others(self, person: Person, position: dict[str, str] | None) -> Page[TicketAbout]:
        """Tickets in which a person is, or was, beside whoever asks, a page."""
        ...

    def people_in(self, ticket_id: str) -> frozenset[str]:
        """Ids of all who ask, are or were in a ticket."""
        ...

    def empty_messages(self, ticket_id: str, person: Person, *, whole: bool) -> None:
        """Takes the words, files and raw mails of a person's messages out of a ticket, or of all its messages."""
        ...

    def empty_around(self, ticket_id: str, *, whole: bool) -> None:
        """Takes out what lies beside a ticket: notifications, drafts, notes of time, what surveys and notices say."""
        ...

    def mails(self, person: Person, position: dict[str, str] | None) -> dict[str, str] | None:
        """Empties a part of the ledger of a person's mails; gives where to go on, None at the end."""
        ...

    def mails_of(self, person: Person) -> "Iterator[LedgerEntry]":
        """Entries of the ledger for mails that a person sent."""
        ...

    def records(self, person: Person, position: dict[str, str] | None) -> dict[str, str] | None:
        """Takes them out of one place apart from tickets; gives where to go on, None at the end."""
        ...

    def remove_export(self, person_id: str) -> None:
        """Deletes the file that an export made."""
        ...

    def replace_person(self, person: Person) -> None:
        """Puts somebody without name and addresses in a person's place."""
        ...
