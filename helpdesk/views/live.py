"""The board as one container knows it: a checkpoint once, and then one query that says what has changed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Protocol

from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.errors import Unavailable
from helpdesk.tickets.model import StatusCategory
from helpdesk.tickets.views import TicketRow
from helpdesk.views.board import BrokenCheckpoint, Part, read_part, read_texts
from helpdesk.views.model import DONE, OPEN, Changed, Checkpoints, Feed

OVERLAP: Final = timedelta(seconds=90)
"""How far back each look goes: a change is told by the instant it was decided at, and a function may take half a minute
from there to the table, and the index some seconds more."""
TOGETHER: Final = 500
"""Rows that are taken over at once."""
START_ANEW_FROM: Final = 5_000
"""Changes after which a checkpoint that was written meanwhile is the shorter way."""
PATIENCE_SECONDS: Final = 15.0
"""How long one call may spend on catching up; what it has read stays, and the next call goes on from there."""


class Rows(Protocol):
    """Where tickets are read as they stand."""

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """The rows of tickets, read consistently, by id: a call for each hundred."""
        ...


class TooManyChanges(Exception):
    """So much has changed that a checkpoint should be read anew."""


class TextsGone(Exception):
    """The texts of a part are not those that were written with it: it must be read anew."""


class LiveBoard:
    """Keeps a board up to date.

    Args:
        feed: says what changed.
        rows: has it as it stands.
        checkpoints: what it begins with.
        monotonic: a stopwatch in seconds.
        told: is told of a checkpoint that could not be read.
    """

    def __init__(
        self,
        feed: Feed,
        rows: Rows,
        checkpoints: Checkpoints,
        monotonic: Callable[[], float],
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._feed = feed
        self._rows = rows
        self._checkpoints = checkpoints
        self._monotonic = monotonic
        self._told = told
        self.parts: dict[str, Part] = {}
        self.watermark = ""
        self._seen: dict[str, int] = {}

    def refresh(
        self,
        *,
        done: bool,
        seen: Mapping[str, int] | None = None,
        also: Callable[["LiveBoard"], Iterable[str]] = lambda _: (),
    ) -> dict[str, TicketRow]:
        """Takes over what has changed: one query, and a batch read if anything has.

        Args:
            done: whether tickets that are done are asked for as well.
            seen: versions that the caller has seen of some tickets: the board is not older than those.
            also: tickets whose rows the caller will want, if there is something to read at all.

        Returns:
            The rows that were read on the way, by id.

        Raises:
            Unavailable: there is more to catch up with than one call can; the next goes on.
        """
        wanted = (OPEN, DONE) if done else (OPEN,)
        fresh = [name for name in wanted if name not in self.parts]
        for name in fresh:
            self._load(name)
        try:
            return self._catch_up(seen or {}, also, most=None if fresh else START_ANEW_FROM)
        except TooManyChanges:
            for name in self.parts:
                self._load(name)
            return self._catch_up(seen or {}, also, most=None)

    def note(self, rows: Iterable[TicketRow]) -> None:
        """Takes over what this container has just written: whoever did it sees it at once."""
        if self.parts:
            self._apply(rows)

    def version_of(self, ticket_id: str) -> int:
        """The version in which a ticket is known; -1: it is not."""
        known = max((part.version_of(ticket_id) for part in self.parts.values()), default=-1)
        return max(known, self._seen.get(ticket_id, -1))

    def reread(self, ticket_ids: Collection[str]) -> None:
        """Takes tickets over as they stand, even if their versions are known."""
        self.forget(ticket_ids)
        for one in ticket_ids:
            self._seen.pop(one, None)
        self._apply(self._rows.rows_of([*dict.fromkeys(ticket_ids)]).values())

    def begin_empty(self) -> None:
        """Forgets all: the next `refresh` reads every ticket, whatever was written."""
        self.parts = {OPEN: Part(), DONE: Part()}
        self.watermark = ""
        self._seen = {}

    def begin_anew(self) -> None:
        """Forgets all: the next `refresh` reads what was written."""
        self.parts = {}
        self.watermark = ""
        self._seen = {}

    def forget(self, ticket_ids: Collection[str]) -> None:
        """Tickets are no more."""
        for part in self.parts.values():
            part.remove(ticket_ids)

    # --- beginning ---

    def _load(self, name: str) -> None:
        part = self._read(name)
        self.parts[name] = part if part is not None else Part()
        self.watermark = min(part.watermark for part in self.parts.values())
        self._seen = {}

    def _read(self, name: str) -> Part | None:
        written = self._checkpoints.read(name)
        if written is None:
            return None
        try:
            return Part(read_part(written.columns), lambda: self._texts(name, written.stamp))
        except BrokenCheckpoint:
            self._told(name)
            return None

    def _texts(self, name: str, stamp: str) -> Mapping[str, list[str]]:
        """The texts of a part, read when they are first looked at.

        Raises:
            TextsGone: another checkpoint has been written since; it is read with the next `refresh`.
        """
        data = self._checkpoints.read_texts(name, stamp)
        try:
            if data is not None:
                return read_texts(data)
            reason = "overtaken"
        except BrokenCheckpoint:
            reason = "broken"
            self._told(name)
        del self.parts[name]
        raise TextsGone(reason)

    # --- keeping up ---

    def _catch_up(
        self, seen: Mapping[str, int], also: Callable[["LiveBoard"], Iterable[str]], *, most: int | None
    ) -> dict[str, TicketRow]:
        until = self._monotonic() + PATIENCE_SECONDS
        read: dict[str, TicketRow] = {}
        awaited = [one for one, version in seen.items() if self.version_of(one) < version]
        unknown: dict[str, int] = {}
        window: list[Changed] = []
        for change in self._feed.since(_earlier(self.watermark)):
            window.append(change)
            if not self._knows(change):
                unknown[change.ticket_id] = change.version
            if most is not None and len(unknown) > most:
                raise TooManyChanges
            if most is None and len(unknown) >= TOGETHER:
                self._take(unknown, ())
                unknown = {}
                self._move(change.at)
                if self._monotonic() > until:
                    raise Unavailable("The lists are being read anew; try again in a moment.")
        if unknown or awaited:
            read = self._take(unknown, (*awaited, *also(self)))
        if window:
            self._move(window[-1].at)
            begin = _earlier(self.watermark)
            self._seen = {one.ticket_id: self.version_of(one.ticket_id) for one in window if one.at >= begin}
        return read

    def _knows(self, change: Changed) -> bool:
        """Whether a change is known; a part that has the ticket as it was before loses it."""
        newest = self.version_of(change.ticket_id)
        for part in self.parts.values():
            if -1 < part.version_of(change.ticket_id) < newest:
                part.remove([change.ticket_id])
        return newest >= change.version

    def _take(self, unknown: Mapping[str, int], further: Iterable[str]) -> dict[str, TicketRow]:
        """Reads tickets and takes them over. What is not there any more is known from now on as it was told."""
        wanted = [*dict.fromkeys((*unknown, *further))]
        found = self._rows.rows_of(wanted)
        self.forget([one for one in wanted if one not in found])
        self._apply(found.values())
        self._seen |= {one: max(version, self.version_of(one)) for one, version in unknown.items()}
        return found

    def _apply(self, rows: Iterable[TicketRow]) -> None:
        newer = [row for row in rows if self.version_of(row.id) < row.version]
        for name, part in self.parts.items():
            here = [row for row in newer if (row.status.category is StatusCategory.DONE) is (name == DONE)]
            part.remove(row.id for row in newer)
            part.put(here)
        self._seen |= {row.id: row.version for row in newer}

    def _move(self, at: str) -> None:
        self.watermark = max(self.watermark, at)
        for part in self.parts.values():
            part.watermark = self.watermark


def _earlier(at: str) -> str:
    return format_instant(parse_instant(at) - OVERLAP) if at else ""
