"""What agents do with views: list and write them, page through their tickets, count them all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from helpdesk.canned.library import Library
from helpdesk.canned.model import Begun, Scope
from helpdesk.canned.rules import folder_of, sharing_of, title_of
from helpdesk.canned.service import Filter, page_of
from helpdesk.conditions.model import All, Plan, Tree, Viewer
from helpdesk.conditions.rules import document_of, matches, parse, plan
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, format_instant, parse_instant
from helpdesk.kernel.errors import Forbidden, Unavailable
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean_line
from helpdesk.people.model import Agent
from helpdesk.tickets.views import TicketRow
from helpdesk.views.board import Part, Place
from helpdesk.views.builtin import BUILT_IN
from helpdesk.views.live import LiveBoard, Rows, TextsGone
from helpdesk.views.model import DONE, Heading, Order, View
from helpdesk.views.rules import (
    USUAL_SORT,
    known_to,
    may_be_done,
    place_of,
    refuse_unless_sortable,
)
from helpdesk.views.sight import Sight, plan_of

MOST_COUNTED: Final = 300
"""Views that are counted in one call."""
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class ViewWish:
    """What a view shall be.

    Attributes:
        conditions: as JSON; see `helpdesk.conditions`.
    """

    title: str
    names: Mapping[str, str]
    conditions: object
    sort: tuple[Order, ...]
    group_by: str | None
    columns: tuple[str, ...]
    order: int
    scope: Scope
    group: str | None
    folder: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows, whether it is kept as a view or not.

    Attributes:
        name: of this very list, so that a cursor fits no other.
        conditions: see `helpdesk.conditions`.
        sort: see `views.model.View`.
        group_by: likewise.
        firsts: whether its headings show their first tickets.
    """

    name: str
    conditions: Tree
    sort: tuple[Order, ...]
    group_by: str | None
    firsts: bool = False


@dataclass(frozen=True, slots=True)
class Tickets:
    """A page of a view.

    Attributes:
        rows: as they stand.
        count: how many tickets the view holds, exactly.
        headings: its groups in order, where it is grouped.
        next_position: where to go on; None at the end.
    """

    rows: tuple[TicketRow, ...]
    count: int
    headings: tuple[Heading, ...]
    next_position: dict[str, str] | None


class ViewLibrary(Library[View]):
    """Views that are kept, and those that every desk has."""

    def get(self, item_id: str, agent: Agent) -> View:
        """One of them. Raises what `Library.get` raises."""
        return BUILT_IN.get(item_id) or super().get(item_id, agent)

    def change(self, item_id: str, change: Callable[[View], View], agent: Agent, *, version: int) -> View:
        """Changes one. Raises what `Library.change` raises, and Forbidden for one that every desk has."""
        _refuse_if_built_in(item_id)
        return super().change(item_id, change, agent, version=version)

    def delete(self, item_id: str, agent: Agent, *, version: int) -> None:
        """Removes one. Raises what `change` raises."""
        _refuse_if_built_in(item_id)
        super().delete(item_id, agent, version=version)


def _refuse_if_built_in(item_id: str) -> None:
    if item_id in BUILT_IN:
        raise Forbidden("Every desk has this view; make one of your own instead.")


class ViewService:
    """Views.

    Args:
        library: keeps them.
        board: what they are read from.
        rows: tickets as they stand.
        sight: what a colleague may see.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(
        self,
        library: ViewLibrary,
        board: LiveBoard,
        rows: Rows,
        sight: Callable[[Agent], Sight],
        desk: Callable[[], Desk],
        clock: Clock,
    ) -> None:
        self.library = library
        self._board = board
        self._rows = rows
        self._sight = sight
        self._desk = desk
        self._clock = clock

    # --- keeping them ---

    def all(self, agent: Agent) -> list[View]:
        """All views of a colleague in their order: every desk's own, then those that are kept."""
        kept = sorted(self.library.readable(agent), key=lambda view: (view.order, view.title.casefold(), view.id))
        return [*BUILT_IN.values(), *kept]

    def page(self, wanted: Filter, agent: Agent, *, limit: int, position: dict[str, str] | None) -> Page[View]:
        """A page of them."""
        words = wanted.query.casefold().split()
        found = [view for view in self.all(agent) if wanted.matches(view) and all(_says(view, word) for word in words)]
        return page_of(found, limit, position, lambda view: len(view.conditions))

    def folders(self, agent: Agent) -> list[str]:
        """All folders that a colleague may look into, in order."""
        return sorted({view.folder for view in self.library.readable(agent) if view.folder})

    def create(self, wish: ViewWish, agent: Agent, *, key: str | None = None, made_from: str = "") -> View:
        """Adds one. Raises what `Library.create` raises, and Invalid."""

        def make(begun: Begun) -> View:
            blank = View(**begun, title="", sharing=sharing_of(wish.scope, wish.group, agent, self._desk()))
            return self._made(blank, wish, agent)

        return self.library.create(make, agent, key=key, made_from=made_from)

    def change(self, item_id: str, wish: ViewWish, agent: Agent, *, version: int) -> View:
        """Makes one what is wished. Raises what `Library.change` raises, and Invalid."""
        return self.library.change(item_id, lambda before: self._made(before, wish, agent), agent, version=version)

    def _made(self, before: View, wish: ViewWish, agent: Agent) -> View:
        tree = self.read(wish.conditions)
        refuse_unless_sortable(wish.sort, wish.group_by, wish.columns)
        names = {language: clean_line(name) for language, name in wish.names.items()}
        return replace(
            before,
            title=title_of(wish.title),
            folder=folder_of(wish.folder),
            sharing=sharing_of(wish.scope, wish.group, agent, self._desk()),
            names={language: name for language, name in names.items() if name},
            conditions=msgspec.json.encode(document_of(tree)).decode(),
            sort=wish.sort,
            group_by=wish.group_by,
            columns=wish.columns,
            order=wish.order,
        )

    def read(self, conditions: object) -> Tree:
        """Conditions as somebody wrote them.

        Raises:
            Invalid: every fault, by pointer below `/conditions`.
        """
        return parse(conditions, known_to(self._desk()), pointer="/conditions")

    # --- their tickets ---

    def listing(self, view_id: str, agent: Agent) -> Listing:
        """What a view shows.

        Raises:
            NotFound: there is none of this id that the colleague may read.
        """
        view = BUILT_IN.get(view_id) or self.library.peek(view_id, agent)
        return Listing(f"{view.id}/{view.version}", tree_of(view.conditions), view.sort, view.group_by)

    def tickets(
        self,
        listing: Listing,
        agent: Agent,
        *,
        limit: int,
        position: Mapping[str, str] | None = None,
        seen: Mapping[str, int] | None = None,
    ) -> Tickets:
        """A page of a list: one query for what has changed, and one batch read for rows.

        Args:
            listing: what it shows.
            agent: who looks.
            limit: rows at most.
            position: where a page ended; the list is then of that page's instant.
            seen: versions that the caller knows of some tickets.

        Raises:
            Unavailable: see `LiveBoard.refresh`.
        """
        now = parse_instant(position["now"]) if position is not None else self._clock()
        sight = self._sight(agent)
        asked: Plan = All((plan_of(sight), plan(listing.conditions, viewer_of(agent, now))))
        done = may_be_done(asked)

        def found(board: LiveBoard) -> _Found:
            return _Found([part for name, part in board.parts.items() if done or name != DONE], asked, listing)

        def read(seen: Mapping[str, int] | None) -> tuple[_Found, list[Place], dict[str, TicketRow]]:
            rows = self._board.refresh(
                done=done,
                seen=seen,
                also=lambda board: [one.ticket_id for one in found(board).shown(limit + 1, position)],
            )
            held = found(self._board)
            return held, held.places(limit + 1, position), rows

        held, places, rows = self._patiently(lambda: read(seen))
        shown = places[:limit]
        firsts = held.firsts() if position is None else {}
        missing = [one.ticket_id for one in (*shown, *firsts.values()) if one.ticket_id not in rows]
        if missing:
            rows = rows | self._rows.rows_of(missing)
            self._board.note(rows.values())
            self._board.forget([one for one in missing if one not in rows])

        def standing(places: Iterable[Place]) -> Iterator[TicketRow]:
            there = (rows[place.ticket_id] for place in places if place.ticket_id in rows)
            return (row for row in there if sight.allows(row) and matches(asked, row))

        headings = held.headings() if position is None else ()
        first = {word: next(standing((place,)), None) for word, place in firsts.items()}
        return Tickets(
            rows=tuple(standing(shown)),
            count=held.count,
            headings=tuple(replace(one, first=first.get(one.value)) for one in headings),
            next_position=held.position(shown[-1], now) if len(places) > limit else None,
        )

    def ids(self, listing: Listing, agent: Agent, *, most: int) -> list[str]:
        """The ids of a list's first tickets as the board knows them: one query, no ticket is read.

        Raises:
            Unavailable: see `LiveBoard.refresh`.
        """
        asked: Plan = All((plan_of(self._sight(agent)), plan(listing.conditions, viewer_of(agent, self._clock()))))
        done = may_be_done(asked)

        def found() -> list[str]:
            self._board.refresh(done=done)
            parts = [part for name, part in self._board.parts.items() if done or name != DONE]
            return [place.ticket_id for place in _Found(parts, asked, listing).places(most, None)]

        return self._patiently(found)

    def counts(self, agent: Agent, *, seen: Mapping[str, int] | None = None) -> list[tuple[View, int]]:
        """How many tickets each of a colleague's views holds, exactly and all of the same instant: one query."""
        views = self.all(agent)[:MOST_COUNTED]
        viewer, sight = viewer_of(agent, self._clock()), plan_of(self._sight(agent))
        asked: list[Plan] = [All((sight, plan(tree_of(view.conditions), viewer))) for view in views]

        def count() -> list[tuple[View, int]]:
            self._board.refresh(done=any(may_be_done(one) for one in asked), seen=seen)
            return [(view, self._count(one)) for view, one in zip(views, asked, strict=True)]

        return self._patiently(count)

    def _count(self, asked: Plan) -> int:
        done = may_be_done(asked)
        parts = [part for name, part in self._board.parts.items() if done or name != DONE]
        return sum(part.select(asked).bit_count() for part in parts)

    def _patiently[T](self, act: Callable[[], T]) -> T:
        """Does what may need texts that are not those of the checkpoint any more: then it is read anew."""
        for _ in range(_ATTEMPTS):
            try:
                return act()
            except TextsGone:
                continue
        raise Unavailable("The lists are being written anew; try again in a moment.")


class _Found:
    """The tickets that a list holds, on the board as it is now."""

    def __init__(self, parts: Sequence[Part], asked: Plan, listing: Listing) -> None:
        self._listing = listing
        self._selected = [(part, part.select(asked)) for part in parts]
        self._sort = listing.sort or USUAL_SORT
        self._group = listing.group_by
        self._words: list[str] = []
        if self._group is not None:
            known = {word for part in parts for word in part.words(self._group)}
            self._words = sorted(known, key=lambda word: place_of(self._group or "", word))

    @property
    def count(self) -> int:
        return sum(bits.bit_count() for _, bits in self._selected)

    def headings(self) -> tuple[Heading, ...]:
        counted = (Heading(word, sum(bits.bit_count() for _, bits in self._of(word))) for word in self._words)
        return tuple(heading for heading in counted if heading.count)

    def firsts(self) -> dict[str, Place]:
        """The first ticket under each heading, where headings show it."""
        words = self._words if self._listing.firsts else ()
        found = ((word, self._merged(self._of(word), word, 1, None)) for word in words)
        return {word: places[0] for word, places in found if places}

    def shown(self, most: int, position: Mapping[str, str] | None) -> list[Place]:
        """All tickets that a page shows: the next ones, and on the first page those of its headings."""
        return [*self.places(most, position), *(self.firsts().values() if position is None else ())]

    def _of(self, word: str) -> list[tuple[Part, int]]:
        group = self._group or ""
        return [(part, part.with_word(group, word, bits)) for part, bits in self._selected]

    def places(self, most: int, position: Mapping[str, str] | None) -> list[Place]:
        """Where the next tickets stand, so many at most."""
        after = int(position["key"], 16) if position is not None else None
        if self._group is None:
            return self._merged(self._selected, "", most, after)
        found: list[Place] = []
        begin = place_of(self._group, position["word"]) if position is not None else None
        for word in self._words:
            here = place_of(self._group, word)
            if begin is not None and here < begin:
                continue
            within = after if begin is not None and here == begin else None
            found += self._merged(self._of(word), word, most - len(found), within)
            if len(found) == most:
                break
        return found

    def _merged(self, selected: Iterable[tuple[Part, int]], word: str, most: int, after: int | None) -> list[Place]:
        found = [
            place for part, bits in selected if bits for place in part.page(bits, self._sort, most, word, after=after)
        ]
        return sorted(found, key=lambda place: place.key)[:most]

    def position(self, place: Place, now: datetime) -> dict[str, str]:
        """What a cursor says behind a ticket."""
        return {"word": place.word, "key": f"{place.key:x}", "now": format_instant(now)}


def viewer_of(agent: Agent, now: datetime) -> Viewer:
    """Whom "me" and "my groups" mean."""
    return Viewer(agent.id, frozenset(agent.groups), now)


@lru_cache(maxsize=1000)
def tree_of(conditions: str) -> Tree:
    """Conditions as they are kept."""
    return parse(msgspec.json.decode(conditions))


def _says(view: View, word: str) -> bool:
    return any(word in name.casefold() for name in (view.title, *view.names.values()))
