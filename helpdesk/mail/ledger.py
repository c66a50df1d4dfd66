"""The ledger of raw mail: every message that was taken, when, what became of it and why; and where its bytes lie."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from helpdesk.kernel.pagination import Page
from helpdesk.mail.rules import Outcome, Verdicts
from helpdesk.tickets.service import Thread


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as SES hands it over.

    Attributes:
        id: SES's message id; names the object in the bucket.
        at: when SES took it.
        recipients: of the envelope.
    """

    id: str
    at: datetime
    recipients: tuple[str, ...] = ()
    verdicts: Verdicts = field(default_factory=Verdicts)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What became of one raw mail.

    Attributes:
        because: codes that say why.
        sender: of the From header, for the list of suspended mails.
        settled_at: when it was decided.
        released_by: the colleague who let it in.
        deleted_by: the colleague who deleted it; then nothing is left that tells of a person.
    """

    arrival: Arrival
    outcome: Outcome
    because: tuple[str, ...] = ()
    ticket_id: str | None = None
    message_id: str | None = None
    side_id: str | None = None
    sender: str | None = None
    sender_name: str | None = None
    subject: str | None = None
    size: int = 0
    settled_at: datetime | None = None
    released_by: str | None = None
    deleted_by: str | None = None


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A raw mail in the bucket."""

    id: str
    at: datetime
    size: int


class RawMails(Protocol):
    """The bucket of raw mail."""

    def size(self, mail_id: str) -> int:
        """Bytes of a raw mail.

        Raises:
            NotFound: there is none of this id.
        """
        ...

    def read(self, mail_id: str) -> bytes:
        """A raw mail."""
        ...

    def find(self, mail_id: str) -> StoredMail | None:
        """A raw mail without its bytes."""
        ...

    def delete(self, mail_id: str) -> None:
        """Removes a raw mail, if it is there."""
        ...

    def stored(self, position: dict[str, str] | None) -> Page[StoredMail]:
        """Some hundreds of the raw mails, in order of id, which is not that of time."""
        ...


class Ledger(Protocol):
    """What became of all raw mail."""

    def get(self, mail_id: str) -> LedgerEntry | None:
        """One mail's entry."""
        ...

    def known(self, mail_ids: Iterable[str]) -> dict[str, LedgerEntry]:
        """The entries of some mails; those that have none are left out."""
        ...

    def open(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Writes a mail's first entry; gives the one that is there already, None if there was none."""
        ...

    def record(self, entry: LedgerEntry) -> None:
        """Writes an entry over what was there."""
        ...

    def change(self, before: LedgerEntry, after: LedgerEntry) -> None:
        """Writes an entry in place of another.

        Raises:
            Conflict: the mail's entry is not `before` any more.
        """
        ...

    def entries(
        self, outcome: Outcome | None, *, month: str | None, limit: int, position: dict[str, str] | None
    ) -> Page[LedgerEntry]:
        """Mails, newest first.

        Args:
            outcome: what became of them; None: whatever it was.
            month: in which they came, as `2026-11`; not asked for with outcomes that wait for somebody (`WAITING`).
            limit: how many.
            position: where to go on.
        """
        ...


class Threads(Protocol):
    """Which ticket, or side conversation of one, a Message-ID belongs to."""

    def thread_of(self, message_ids: tuple[str, ...]) -> Thread | None:
        """What the first known of some Message-IDs belongs to; one of a side conversation comes before all others."""
        ...


WAITING = frozenset({Outcome.RECEIVED, Outcome.SUSPENDED})
"""Outcomes that are not the end: somebody or something has to go on. They are listed as one, whatever their age."""
