"""What the board is kept current by, in memory: the twins of `views.store`."""

from collections.abc import Iterator, Sequence

from helpdesk.kernel.clock import format_instant
from helpdesk.tickets.views import TicketRow
from helpdesk.views.model import Changed, Written


class FakeTickets:
    """Tickets as lists show them, and the feed of their changes; see `views.model.Feed` and `views.live.Rows`.

    Attributes:
        rows: as they stand, by id.
        late: ids of those whose newest change the feed does not tell yet.
        asked: how often the feed was asked, and how many rows were read each time.
    """

    def __init__(self) -> None:
        self.rows: dict[str, TicketRow] = {}
        self.late: set[str] = set()
        self.queries = 0
        self.reads: list[int] = []

    def put(self, *rows: TicketRow) -> None:
        """Writes tickets."""
        self.rows |= {row.id: row for row in rows}

    def since(self, at: str) -> Iterator[Changed]:
        """All changes from an instant on."""
        self.queries += 1
        entries = [
            Changed(format_instant(row.updated_at), row.id, row.version)
            for row in self.rows.values()
            if row.id not in self.late
        ]
        yield from sorted((one for one in entries if one.at >= at), key=lambda one: (one.at, one.ticket_id))

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """Rows as they stand."""
        self.reads.append(len(ticket_ids))
        return {one: self.rows[one] for one in ticket_ids if one in self.rows}


class FakeCheckpoints:
    """See `views.model.Checkpoints`."""

    def __init__(self) -> None:
        self.written: dict[str, tuple[int, bytes, bytes]] = {}
        self.texts_read = 0

    def read(self, name: str) -> Written | None:
        """What was written last."""
        found = self.written.get(name)
        return Written(str(found[0]), found[1]) if found is not None else None

    def read_texts(self, name: str, stamp: str) -> bytes | None:
        """The texts of one writing."""
        self.texts_read += 1
        found = self.written.get(name)
        return found[2] if found is not None and str(found[0]) == stamp else None

    def write(self, name: str, columns: bytes, texts: bytes) -> None:
        """Writes it."""
        number = self.written[name][0] + 1 if name in self.written else 1
        self.written[name] = (number, columns, texts)
