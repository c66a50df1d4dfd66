"""The feed of changes for pages: which tickets changed since a cursor, each told once as far as a cursor can remember.

And of what else pages keep copies: kinds of settings, people, views. Those need no query: the configuration, which is in
memory, has their versions, and a cursor has a mark of what they were.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, format_instant
from helpdesk.people.model import Agent
from helpdesk.tickets.views import TicketRow
from helpdesk.views.live import OVERLAP, Rows
from helpdesk.views.model import Changed, Feed
from helpdesk.views.sight import Sight

REMEMBERED: Final = 110
"""Changes that a cursor names, so that looking back over `OVERLAP` tells none of them twice. Of more the newest are named,
and the next look goes back no further than they do."""
_MARK_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed.

    Attributes:
        rows: tickets as they stand, those that changed first first.
        left: of the tickets that the caller shows, those that changed and that they may not see any more, or are no more.
        kinds: what else changed: kinds of settings as the trail calls them, `person`, `view` ...
        position: where the next look begins.
        more: there is more to tell at once.
    """

    rows: tuple[TicketRow, ...]
    left: tuple[str, ...]
    position: dict[str, str]
    more: bool
    kinds: tuple[str, ...] = ()


class ChangeFeed:
    """Tells what changed.

    Args:
        feed: entries of all tickets.
        rows: tickets as they stand.
        sight: what a colleague may see.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(
        self, feed: Feed, rows: Rows, sight: Callable[[Agent], Sight], desk: Callable[[], Desk], clock: Clock
    ) -> None:
        self._feed = feed
        self._desk = desk
        self._rows = rows
        self._sight = sight
        self._clock = clock

    def since(
        self, position: Mapping[str, str] | None, agent: Agent, *, shown: Collection[str] = (), limit: int = 100
    ) -> Changes:
        """What changed since a cursor: one query, and a batch read if anything did.

        Args:
            position: where the last look ended; None: now is where it begins, and nothing is told.
            agent: who looks.
            shown: ids of the tickets that they show.
            limit: tickets at most.
        """
        begin = format_instant(self._clock() - OVERLAP)
        known = _marks(position["known"]) if position is not None else None
        told: list[Changed] = []
        window: list[Changed] = []
        more = False
        for change in self._feed.since(position["from"] if position is not None else begin):
            if known is not None and _mark(change) not in known:
                if len(told) == limit:
                    more = True
                    break
                told.append(change)
            window.append(change)
        if more:
            begin = min(begin, told[-1].at)
        rows = self._rows.rows_of([change.ticket_id for change in told]) if told else {}
        sight = self._sight(agent)
        kinds = _kinds(self._desk())
        seen = {one: row for one, row in rows.items() if sight.allows(row)}
        return Changes(
            rows=tuple(seen[change.ticket_id] for change in told if change.ticket_id in seen),
            left=tuple(one.ticket_id for one in told if one.ticket_id in shown and one.ticket_id not in seen),
            position=_position(window, begin) | {"kinds": kinds},
            more=more,
            kinds=_moved(position.get("kinds", kinds) if position is not None else kinds, kinds),
        )


def _position(window: list[Changed], begin: str) -> dict[str, str]:
    """Where the next look begins: far enough back for what is late, with the marks of all that was told from there on."""
    named = [change for change in window if change.at >= begin]
    if len(named) > REMEMBERED:
        named = named[-REMEMBERED:]
        begin = named[0].at
    marks = b"".join(_mark(change) for change in named)
    return {"from": begin, "known": base64.urlsafe_b64encode(marks).decode()}


def _kinds(desk: Desk) -> str:
    """A mark of what is kept of each kind, as `agent:3q2-,view:AbC_`."""
    kept: dict[str, list[str]] = {kind: [str(count)] for kind, count in desk.moved.items()}
    for (kind, one), version in desk.versions.items():
        kept.setdefault(kind, []).append(f"{one}@{version}")
    return ",".join(f"{kind}:{_digest(sorted(all_of_it))}" for kind, all_of_it in sorted(kept.items()))


def _digest(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256("\n".join(parts).encode()).digest()[:3]).decode()


def _moved(known: str, now: str) -> tuple[str, ...]:
    """Kinds whose marks differ."""
    was, is_now = (dict(one.split(":") for one in text.split(",") if one) for text in (known, now))
    return tuple(kind for kind in sorted({*was, *is_now}) if was.get(kind) != is_now.get(kind))


def _mark(change: Changed) -> bytes:
    return hashlib.sha256(f"{change.ticket_id}#{change.version}".encode()).digest()[:_MARK_BYTES]


def _marks(text: str) -> frozenset[bytes]:
    data = base64.urlsafe_b64decode(text)
    return frozenset(data[place : place + _MARK_BYTES] for place in range(0, len(data), _MARK_BYTES))
