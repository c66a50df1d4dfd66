"""Writes the board down, so that a new container begins with what is there and not with every ticket."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import islice
from typing import Final

import msgspec

from helpdesk.kernel.clock import Clock, format_instant, parse_instant
from helpdesk.tickets.views import TicketRow
from helpdesk.views.live import LiveBoard
from helpdesk.views.model import DONE, OPEN, Checkpoints, Feed

WRITE_FROM: Final = 100
"""Changes that are worth writing."""
WRITE_AFTER: Final = timedelta(hours=1)
"""Even one is written when the last writing is so old."""
_KEPT: Final = "kept"


class _Kept(msgspec.Struct):
    """When it was written, and up to which change."""

    at: str
    watermark: str


class BoardKeeper:
    """Keeps the checkpoint young.

    Args:
        board: of the keeper's own; both parts are read.
        feed: says whether anything changed.
        checkpoints: where it is written.
        clock: the desk's time.
    """

    def __init__(self, board: LiveBoard, feed: Feed, checkpoints: Checkpoints, clock: Clock) -> None:
        self._board = board
        self._feed = feed
        self._checkpoints = checkpoints
        self._clock = clock
        self._last: _Kept | None = None

    def keep(self) -> int:
        """Writes it if that is due: one query where it is not.

        Returns:
            How many tickets were written; 0: nothing was due.
        """
        last = self._last or self._read()
        if last is not None:
            late = self._clock() - parse_instant(last.at) >= WRITE_AFTER
            enough = 1 if late else WRITE_FROM
            newer = (change for change in self._feed.since(last.watermark) if change.at > last.watermark)
            if sum(1 for _ in islice(newer, enough)) < enough:
                self._last = last
                return 0
        return self._write()

    def rebuild(self) -> int:
        """Writes it now from the beginning of the feed: after tickets came that bear instants of the past, as a restored past does.

        Returns:
            How many tickets were written.
        """
        self._board.begin_empty()
        return self._write()

    def add(self, rows: Iterable[TicketRow]) -> int:
        """Writes it now, with tickets that the feed does not tell of, as they bear instants of the past.

        Returns:
            How many tickets were written.
        """
        self._board.refresh(done=True)
        self._board.note(rows)
        return self._write()

    def renew_if_written(self) -> None:
        """Writes it now with all that has changed, if it was written before: of what was changed nothing is left there."""
        if (self._last or self._read()) is not None:
            self._write()

    def renew(self, ticket_ids: Collection[str]) -> int:
        """Writes it now, with some tickets as they stand, whatever the feed says of them: what was in their place is gone.

        Args:
            ticket_ids: tickets whose words were taken out, or that are no more.

        Returns:
            How many tickets were written.
        """
        self._board.refresh(done=True)
        self._board.reread(ticket_ids)
        return self._write()

    def _read(self) -> _Kept | None:
        written = self._checkpoints.read(_KEPT)
        try:
            return msgspec.json.decode(written.columns, type=_Kept) if written is not None else None
        except msgspec.DecodeError:
            return None

    def _write(self) -> int:
        self._board.refresh(done=True)
        count = 0
        for name in (OPEN, DONE):
            part = self._board.parts[name]
            self._checkpoints.write(name, *part.store())
            count += len(part)
        self._last = _Kept(format_instant(self._clock()), self._board.watermark)
        self._checkpoints.write(_KEPT, msgspec.json.encode(self._last), b"")
        self._board.begin_anew()
        return count
