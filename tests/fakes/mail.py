"""Raw mail and its ledger in memory: the twins of `mail.store`."""

from collections.abc import Iterable
from datetime import UTC, datetime

from helpdesk.kernel.errors import Conflict, NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.mail.ledger import WAITING, LedgerEntry, StoredMail
from helpdesk.mail.rules import Outcome

STORED_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class FakeRawMails:
    """See `mail.ledger.RawMails`. `sizes` lets a mail seem larger than it is."""

    def __init__(self) -> None:
        self.raw: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}
        self.reads = 0

    def size(self, mail_id: str) -> int:
        """Bytes of a raw mail."""
        found = self.find(mail_id)
        if found is None:
            raise NotFound("There is no such mail.")
        return found.size

    def read(self, mail_id: str) -> bytes:
        """A raw mail."""
        self.reads += 1
        return self.raw[mail_id]

    def find(self, mail_id: str) -> StoredMail | None:
        """A raw mail without its bytes."""
        raw = self.raw.get(mail_id)
        return StoredMail(mail_id, STORED_AT, self.sizes.get(mail_id, len(raw))) if raw is not None else None

    def delete(self, mail_id: str) -> None:
        """Removes a raw mail, if it is there."""
        self.raw.pop(mail_id, None)

    def stored(self, position: dict[str, str] | None) -> Page[StoredMail]:
        """All raw mails, in order of id."""
        assert position is None
        return Page(tuple(found for one in sorted(self.raw) if (found := self.find(one)) is not None))


class FakeLedger:
    """See `mail.ledger.Ledger`."""

    def __init__(self) -> None:
        self.by_id: dict[str, LedgerEntry] = {}

    def get(self, mail_id: str) -> LedgerEntry | None:
        """One mail's entry."""
        return self.by_id.get(mail_id)

    def known(self, mail_ids: Iterable[str]) -> dict[str, LedgerEntry]:
        """The entries of some mails."""
        return {one: self.by_id[one] for one in mail_ids if one in self.by_id}

    def open(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Writes a mail's first entry; gives the one that is there already, None if there was none."""
        known = self.by_id.get(entry.arrival.id)
        self.by_id.setdefault(entry.arrival.id, entry)
        return known

    def record(self, entry: LedgerEntry) -> None:
        """Writes an entry over what was there."""
        self.by_id[entry.arrival.id] = entry

    def change(self, before: LedgerEntry, after: LedgerEntry) -> None:
        """Writes an entry in place of another."""
        if self.by_id.get(before.arrival.id) != before:
            raise Conflict("Somebody else dealt with this mail in the meantime.")
        self.record(after)

    def entries(
        self, outcome: Outcome | None, *, month: str | None, limit: int, position: dict[str, str] | None
    ) -> Page[LedgerEntry]:
        """Mails, newest first."""
        found = [entry for entry in self.by_id.values() if outcome is None or entry.outcome is outcome]
        if outcome not in WAITING:
            found = [entry for entry in found if f"{entry.arrival.at:%Y-%m}" == month]
        found.sort(key=lambda entry: (entry.arrival.at, entry.arrival.id), reverse=True)
        start = int(position["start"]) if position is not None else 0
        end = start + limit
        return Page(tuple(found[start:end]), {"start": str(end)} if end < len(found) else None)
