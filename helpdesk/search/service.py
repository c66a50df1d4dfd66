"""What agents find. The index proposes; whether a ticket is shown is decided on its row as it stands in the table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import Invalid, NotFound
from helpdesk.kernel.ids import is_id
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Agent
from helpdesk.search.excerpt import Excerpt, excerpt, has_phrase, mark
from helpdesk.search.filters import Filters, IdsOf, compile_filters
from helpdesk.search.index import Index, Ranking
from helpdesk.search.query import Query, parse
from helpdesk.search.tickets import ITSELF, words_of_message, words_of_ticket
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import WantedTerm, phrase, wanted
from helpdesk.tickets.model import Message, StatusCategory, Ticket
from helpdesk.tickets.service import TicketStore
from helpdesk.tickets.views import TicketQuery, TicketRow, summarize

type Visible = Callable[[Agent, TicketRow], bool]

LOOKED_AT_MOST: Final = 500
"""Proposals that are held against the table for one page; then it answers with what it has and a cursor."""
DEEPEST: Final = 5000
"""Proposals of one search that can be paged through. Who has not found it by then wants another search."""
SHORT_LIST: Final = 200
"""A list of so many tickets that filters lead to is searched whole."""
SIMILAR_TERMS: Final = 30
SIMILAR_SHARE: Final = 0.2
SIMILAR_LOOKED_AT: Final = 60
DUPLICATES_AMONG: Final = 25
"""A requester's tickets, and an organization's, the newest, that one is held against."""
DUPLICATE_SHARE: Final = 0.4
"""Of the weight of what tells a ticket from others: who has so much of it says the same."""
DUPLICATES_WITHIN: Final = timedelta(days=7)
"""People who wait write again within days; later it is another matter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket that was found, and why.

    Attributes:
        subject: with what was looked for marked.
        excerpt: of the message, or of what else the ticket says, that fits best; None: only filters were asked for.
        message: the message that the excerpt is of; None: it is of the ticket itself.
    """

    row: TicketRow
    subject: Excerpt
    excerpt: Excerpt | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """A phrase or an excluded word, and where the index says that it may stand: parts by owner."""

    text: str
    places: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Search:
    """One search at work."""

    query: Query
    wanted: tuple[WantedTerm, ...]
    filters: Filters
    index: Index
    agent: Agent
    phrases: tuple[_Said, ...]
    barred: tuple[_Said, ...]


class SearchService:
    """Finds tickets for agents.

    Args:
        index: gives the index as it stands.
        store: the truth.
        desk: the configuration.
        visible: whether an agent may know of a ticket.
        ids_of: all ids of a person, those of people who were merged into them among them.
    """

    def __init__(
        self,
        index: Callable[[], Index],
        store: TicketStore,
        desk: Callable[[], Desk],
        visible: Visible,
        ids_of: IdsOf = lambda person_id: (person_id,),
    ) -> None:
        self._ids_of = ids_of
        self._index = index
        self._store = store
        self._desk = desk
        self._visible = visible

    def search(self, text: str, agent: Agent, *, limit: int, position: dict[str, str] | None) -> Page[Found]:
        """A page of what fits a query, best first.

        Args:
            text: in the language of `search.query`.
            agent: who is searching.
            limit: at most so many.
            position: where the page before ended.

        Raises:
            Invalid: the query cannot be read; faults are named with their places.
        """
        query = parse(text)
        filters = compile_filters(query.filters, self._desk(), agent, self._ids_of)
        index = self._index()
        search = _Search(
            query,
            wanted(query.words),
            filters,
            index,
            agent,
            phrases=tuple(_Said(one, index.having_all(phrase(one))) for one in query.phrases),
            barred=tuple(_Said(one, index.having_all(phrase(one))) for one in query.excluded),
        )
        if query.asks_for_text:
            return self._by_text(search, limit, _place(position))
        if query.filters or query.excluded:
            return self._by_list(search, limit, position)
        return Page(())

    def similar(self, ticket_id: str, agent: Agent, *, limit: int) -> list[Found]:
        """Done tickets that are most like a ticket.

        Raises:
            NotFound: there is no such ticket, or none that the agent may know of.
        """
        ticket = self._in_sight(ticket_id, agent)
        index = self._index()
        terms = self._telling(ticket, index)
        ranking = index.rank(terms, most=SIMILAR_LOOKED_AT, without=(ticket_id,), least_share=SIMILAR_SHARE)
        owners = [hit.owner for hit in ranking.hits]
        rows = self._store.rows_of(owners)
        shown = [
            rows[one]
            for one in owners
            if one in rows and rows[one].status.category is StatusCategory.DONE and self._visible(agent, rows[one])
        ]
        return self._with_excerpts(shown[:limit], ranking, terms)

    def duplicates(self, ticket_id: str, agent: Agent) -> list[TicketRow]:
        """Open tickets of the same requester or organization that say the same, the most alike first.

        Three queries and a read, whatever is stored.

        Raises:
            NotFound: there is no such ticket, or none that the agent may know of.
        """
        ticket = self._in_sight(ticket_id, agent)
        if ticket.done:
            return []
        rows = {row.id: row for row in self._beside(ticket) if row.id != ticket.id and self._visible(agent, row)}
        if not rows:
            return []
        index = self._index()
        ranking = index.rank(
            self._telling(ticket, index), most=len(rows), among=rows.keys(), least_share=DUPLICATE_SHARE
        )
        return [rows[hit.owner] for hit in ranking.hits]

    def _beside(self, ticket: Ticket) -> Iterator[TicketRow]:
        """Open tickets of a ticket's requester and organization that were opened about when it was."""
        lists = [TicketQuery(requester_id=ticket.requester_id)]
        if ticket.organization_id is not None:
            lists.append(TicketQuery(organization_id=ticket.organization_id))
        for one in lists:
            for row in self._store.rows(one, limit=DUPLICATES_AMONG, position=None).items:
                near = abs(row.created_at - ticket.created_at) <= DUPLICATES_WITHIN
                if near and row.status.category is not StatusCategory.DONE:
                    yield row

    def _in_sight(self, ticket_id: str, agent: Agent) -> Ticket:
        ticket = self._store.get(ticket_id) if is_id(ticket_id) else None
        if ticket is None or not self._visible(agent, summarize(ticket)):
            raise NotFound("There is no such ticket.")
        return ticket

    def _telling(self, ticket: Ticket, index: Index) -> tuple[WantedTerm, ...]:
        """The terms of what a ticket began with that tell it from others."""
        first = self._store.first_message(ticket.id)
        words = words_of_message(first) if first is not None else ""
        counts = count_terms(f"{ticket.copies.subject}\n{words}")
        return tuple(WantedTerm(term, 1.0, telling=len(term) > 1) for term in index.rarest(counts, SIMILAR_TERMS))

    # --- by what was written ---

    def _by_text(self, search: _Search, limit: int, start: int) -> Page[Found]:
        among = self._short_list(search)
        for one in search.phrases:
            among = set(one.places) if among is None else among & one.places.keys()
        exact = self._by_number(search)
        ranking = search.index.rank(search.wanted, most=start + LOOKED_AT_MOST + 1, among=among)
        owners = [hit.owner for hit in ranking.hits if exact is None or hit.owner != exact.id]
        found = [exact] if exact is not None and start == 0 else []
        end = start
        for row in self._in_turn(search, owners[start : start + LOOKED_AT_MOST], max(25, min(100, 2 * limit))):
            if len(found) >= limit:
                break
            end += 1
            if row is not None:
                found.append(row)
        more = end < len(owners) and end < DEEPEST
        return Page(tuple(self._with_excerpts(found, ranking, search.wanted)), {"from": str(end)} if more else None)

    def _in_turn(self, search: _Search, owners: Sequence[str], size: int) -> Iterator[TicketRow | None]:
        """Each proposal's row, or None if it is not to be shown; looked at in chunks, as long as somebody asks."""
        for chunk in batched(owners, size, strict=False):
            passing = self._passing(search, chunk)
            yield from (passing.get(owner) for owner in chunk)

    def _short_list(self, search: _Search) -> set[str] | None:
        """All tickets that can pass the filters, if they are few: then none is missed behind better matches."""
        if not search.filters.narrow:
            return None
        page = self._store.rows(search.filters.list, limit=SHORT_LIST, position=None)
        return {row.id for row in page.items} if page.next_position is None else None

    def _by_number(self, search: _Search) -> TicketRow | None:
        if search.query.number is None:
            return None
        page = self._store.rows(TicketQuery(number=search.query.number), limit=1, position=None)
        passing = self._passing(search, [row.id for row in page.items])
        return next(iter(passing.values()), None)

    # --- by lists alone ---

    def _by_list(self, search: _Search, limit: int, position: dict[str, str] | None) -> Page[Found]:
        """Tickets that pass the filters, in the order of the list that serves them."""
        found: list[TicketRow] = []
        looked = 0
        while True:
            page = self._store.rows(search.filters.list, limit=limit - len(found), position=position)
            looked += max(1, len(page.items))
            passing = self._passing(search, [row.id for row in page.items])
            found += [passing[row.id] for row in page.items if row.id in passing]
            position = page.next_position
            if position is None or len(found) >= limit or looked >= LOOKED_AT_MOST:
                shown = [Found(row, Excerpt(row.subject)) for row in found]
                return Page(tuple(shown), position)

    # --- what is shown ---

    def _passing(self, search: _Search, owners: Sequence[str]) -> dict[str, TicketRow]:
        """Those that the agent may know of, that pass all filters as they stand, and say what they must and no more."""
        rows = {
            owner: row
            for owner, row in self._store.rows_of(owners).items()
            if self._visible(search.agent, row) and search.filters.holds(row)
        }
        said = (*search.phrases, *search.barred)
        places = [(owner, part) for one in said for owner in rows for part in one.places.get(owner, ())]
        if not said:
            return rows
        texts = self._texts(places)

        def says(owner: str, one: _Said) -> bool:
            return any(has_phrase(texts.get((owner, part), ""), one.text) for part in one.places.get(owner, ()))

        return {
            owner: row
            for owner, row in rows.items()
            if all(says(owner, one) for one in search.phrases) and not any(says(owner, one) for one in search.barred)
        }

    def _texts(self, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """What stands in some places, as it stands now."""
        wanted_places = dict.fromkeys(places)
        tickets = self._store.get_all([owner for owner, part in wanted_places if part == ITSELF])
        messages = self._store.messages_of([place for place in wanted_places if place[1] != ITSELF])
        texts = {(owner, ITSELF): words_of_ticket(ticket) for owner, ticket in tickets.items()}
        return texts | {place: words_of_message(message) for place, message in messages.items()}

    def _with_excerpts(self, rows: Sequence[TicketRow], ranking: Ranking, terms: tuple[WantedTerm, ...]) -> list[Found]:
        parts = {row.id: ranking.parts(row.id) for row in rows}
        # The subject is shown anyway: what somebody wrote tells more than it and what else the ticket says of itself.
        best = {owner: next((part for part in found if part != ITSELF), ITSELF) for owner, found in parts.items()}
        messages = self._store.messages_of([place for place in best.items() if place[1] != ITSELF])
        itself = self._store.get_all([owner for owner, part in best.items() if part == ITSELF])
        return list(self._told(rows, best, messages, itself, terms))

    def _told(
        self,
        rows: Sequence[TicketRow],
        best: Mapping[str, str],
        messages: Mapping[tuple[str, str], Message],
        itself: Mapping[str, Ticket],
        terms: tuple[WantedTerm, ...],
    ) -> Iterator[Found]:
        for row in rows:
            subject = mark(row.subject, terms)
            message = messages.get((row.id, best[row.id]))
            written = words_of_message(message) if message is not None else ""
            if written:
                yield Found(row, subject, excerpt(written, terms), message)
                continue
            ticket = itself.get(row.id)
            words = words_of_ticket(ticket) if ticket is not None and not subject.ranges else ""
            yield Found(row, subject, excerpt(words, terms) if words else None)


def _place(position: dict[str, str] | None) -> int:
    if position is None:
        return 0
    try:
        return max(0, int(position["from"]))
    except (KeyError, ValueError) as error:
        raise Invalid("The cursor belongs to another search.") from error
