"""Raw mail and its ledger in memory: the twins of `mail.store`."""

from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.mail.rules import Outcome
from helpdesk.mail.service import LedgerEntry

WAITING = frozenset({Outcome.RECEIVED, Outcome.SUSPENDED, Outcome.REJECTED})


class FakeRawMails:
    """See `mail.service.RawMails`. `sizes` lets a mail seem larger than it is."""

    def __init__(self) -> None:
        self.raw: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}
        self.reads = 0

    def size(self, mail_id: str) -> int:
        """Bytes of a raw mail."""
        if mail_id not in self.raw:
            raise NotFound("There is no such mail.")
        return self.sizes.get(mail_id, len(self.raw[mail_id]))

    def read(self, mail_id: str) -> bytes:
        """A raw mail."""
        self.reads += 1
        return self.raw[mail_id]


class FakeLedger:
    """See `mail.service.Ledger`."""

    def __init__(self) -> None:
        self.by_id: dict[str, LedgerEntry] = {}

    def get(self, mail_id: str) -> LedgerEntry | None:
        """One mail's entry."""
        return self.by_id.get(mail_id)

    def record(self, entry: LedgerEntry) -> None:
        """Writes an entry."""
        self.by_id[entry.arrival.id] = entry

    def entries(self, outcome: Outcome, *, limit: int, position: dict[str, str] | None) -> Page[LedgerEntry]:
        """Mails with an outcome that waits for somebody, newest first."""
        found = [entry for entry in self.by_id.values() if entry.outcome is outcome and outcome in WAITING]
        found.sort(key=lambda entry: (entry.arrival.at, entry.arrival.id), reverse=True)
        start = int(position["start"]) if position is not None else 0
        end = start + limit
        return Page(tuple(found[start:end]), {"start": str(end)} if end < len(found) else None)
