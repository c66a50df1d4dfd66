"""What agents do with canned responses: list, read, write, and put into an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from helpdesk.canned.library import Library
from helpdesk.canned.model import Begun, Body, CannedResponse, Scope, Template, body_in
from helpdesk.canned.placeholders import SIGNATURE, mentions, values_for
from helpdesk.canned.rules import Sanitize, ToText, checked_bodies, filled_body, folder_of, sharing_of, title_of
from helpdesk.canned.search import Entry, entry_of, score, words_of
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import supported_language
from helpdesk.people.model import Agent
from helpdesk.tickets.model import Ticket

type LinkOf = Callable[[str], str]

PAGE_CHARACTERS: Final = 1_000_000
"""Of the texts on one page: 3 MB at most, where a function may answer 6."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a canned response shall be.

    Attributes:
        group: goes with the scope `group`.
        bodies: by language.
    """

    title: str
    folder: str
    scope: Scope
    group: str | None
    bodies: Mapping[str, Body]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which templates are wanted; what is None does not matter.

    Attributes:
        folder: this folder or one inside it.
        query: words that must all be found.
    """

    scope: Scope | None = None
    group: str | None = None
    folder: str | None = None
    query: str = ""

    def matches(self, item: Template) -> bool:
        """Whether a template is one of those wanted, whatever the words."""
        sharing, folder = item.sharing, folder_of(self.folder or "")
        return (
            (self.scope is None or sharing.scope is self.scope)
            and (self.group is None or (sharing.scope is Scope.GROUP and sharing.owner == self.group))
            and (not folder or item.folder == folder or item.folder.startswith(f"{folder}/"))
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """A canned response as it would be put into an answer.

    Attributes:
        empty: placeholders with neither value nor fallback.
        fallbacks: placeholders whose fallback was used.
    """

    language: str
    body: Body
    empty: tuple[str, ...]
    fallbacks: tuple[str, ...]


class Signatures(Protocol):
    """What agents end their answers with."""

    def get(self, agent_id: str) -> str:
        """An agent's signature; empty: none."""
        ...

    def put(self, agent_id: str, text: str) -> None:
        """Changes an agent's signature."""
        ...


class KeptSignatures:
    """Signatures that are read once: for who writes the same to many.

    Args:
        signatures: where they are kept.
    """

    def __init__(self, signatures: Signatures) -> None:
        self._signatures = signatures
        self._known: dict[str, str] = {}

    def get(self, agent_id: str) -> str:
        """An agent's signature; empty: none."""
        if agent_id not in self._known:
            self._known[agent_id] = self._signatures.get(agent_id)
        return self._known[agent_id]

    def put(self, agent_id: str, text: str) -> None:
        """Changes an agent's signature."""
        self._signatures.put(agent_id, text)
        self._known[agent_id] = text


@dataclass(frozen=True, slots=True)
class Pen:
    """Fills bodies for a ticket.

    Attributes:
        desk: the configuration.
        clock: the desk's time.
        link: the requester's page of a ticket, by its id.
        sanitize: makes HTML safe.
        signatures: of agents; read only for texts that show one.
    """

    desk: Callable[[], Desk]
    clock: Clock
    link: LinkOf
    sanitize: Sanitize
    signatures: Signatures

    def write(
        self,
        bodies: Mapping[str, Body],
        ticket: Ticket,
        agent: Agent,
        *,
        language: str | None = None,
        signed: bool = True,
    ) -> Preview:
        """The body that serves the requester best, filled for a ticket.

        Args:
            bodies: by language, at least one.
            ticket: for which.
            agent: who writes.
            language: a language the agent chose; None: the requester's.
            signed: whether a signature is put where one belongs; reading it costs a call.
        """
        chosen, body = body_in(bodies, language or ticket.language or "en")
        reader = replace(ticket, language=supported_language(chosen, supported_language(ticket.language)))
        shown = signed and mentions(f"{body.text}{body.html}", SIGNATURE)
        values = values_for(
            reader,
            agent,
            self.desk(),
            link=self.link(ticket.id),
            signature=self.signatures.get(agent.id) if shown else "",
            now=self.clock(),
        )
        made, filled = filled_body(body, values, sanitize=self.sanitize)
        return Preview(chosen, made, filled.empty, filled.fallbacks)


class CannedService:
    """Canned responses.

    Args:
        library: keeps them.
        pen: fills them.
        to_text: HTML as plain text.
    """

    def __init__(self, library: Library[CannedResponse], pen: Pen, to_text: ToText) -> None:
        self.library = library
        self._pen = pen
        self._to_text = to_text
        self._index = SearchIndex[CannedResponse](lambda one: [body.text for body in one.bodies.values()])

    def page(
        self, wanted: Filter, agent: Agent, *, limit: int, position: dict[str, str] | None
    ) -> Page[CannedResponse]:
        """A page, best fit first where words were given, else by folder and title."""
        found = [item for item in self.library.readable(agent) if wanted.matches(item)]
        return page_of(self._index.ranked(found, wanted.query, self.library.uses), limit, position, _size)

    def search(self, query: str, agent: Agent) -> list[tuple[int, CannedResponse]]:
        """All that fit some words, with how well; not sorted."""
        return self._index.scored(self.library.readable(agent), query)

    def folders(self, agent: Agent) -> list[str]:
        """All folders that a colleague may look into, in order."""
        return folders_of(self.library.readable(agent))

    def create(self, wish: Wish, agent: Agent, *, key: str | None = None, made_from: str = "") -> CannedResponse:
        """Adds one. Raises what `Library.create` raises, and Invalid."""
        checked = self._checked(wish, agent)

        def make(begun: Begun) -> CannedResponse:
            return CannedResponse(
                **begun,
                title=checked.title,
                folder=checked.folder,
                sharing=sharing_of(wish.scope, wish.group, agent, self._pen.desk()),
                bodies=checked.bodies,
            )

        return self.library.create(make, agent, key=key, made_from=made_from)

    def change(self, item_id: str, wish: Wish, agent: Agent, *, version: int) -> CannedResponse:
        """Makes one what is wished. Raises what `Library.change` raises, and Invalid."""
        checked = self._checked(wish, agent)
        sharing = sharing_of(wish.scope, wish.group, agent, self._pen.desk())
        return self.library.change(
            item_id,
            lambda before: replace(
                before, title=checked.title, folder=checked.folder, sharing=sharing, bodies=checked.bodies
            ),
            agent,
            version=version,
        )

    def preview(
        self, item_id: str, ticket: Ticket, agent: Agent, *, language: str | None = None, used: bool = False
    ) -> Preview:
        """One as it would be put into an answer to a ticket.

        Args:
            item_id: which.
            ticket: the ticket.
            agent: who answers.
            language: None: the requester's.
            used: it is put into an answer now: counted.

        Raises:
            NotFound: there is none of this id that the colleague may read.
        """
        item = self.library.peek(item_id, agent)
        if used:
            self.library.count_use(item_id)
        return self._pen.write(item.bodies, ticket, agent, language=language)

    def _checked(self, wish: Wish, agent: Agent) -> Wish:
        sharing_of(wish.scope, wish.group, agent, self._pen.desk())
        return replace(
            wish,
            title=title_of(wish.title),
            folder=folder_of(wish.folder),
            bodies=checked_bodies(wish.bodies, "/bodies", sanitize=self._pen.sanitize, to_text=self._to_text),
        )


def _size(item: CannedResponse) -> int:
    return length_of(item.bodies)


class SearchIndex[T: Template]:
    """Folded texts of templates, made once a version and kept.

    Args:
        texts: what of a template is searched beside title and folder.
    """

    def __init__(self, texts: Callable[[T], list[str]]) -> None:
        self._texts = texts
        self._entries: dict[str, tuple[int, Entry]] = {}

    def scored(self, items: list[T], query: str) -> list[tuple[int, T]]:
        """Those that fit a query, with how well, in the order given."""
        words = words_of(query)
        found = ((score(self._entry(item), words), item) for item in items)
        return [(points, item) for points, item in found if points]

    def ranked(self, items: list[T], query: str, uses: Callable[[str], int]) -> list[T]:
        """Those that fit a query, best first; without one, all in the order given."""
        if not query.strip():
            return items
        found = self.scored(items, query)
        return [item for _, item in sorted(found, key=lambda one: (-one[0], -uses(one[1].id)))]

    def _entry(self, item: T) -> Entry:
        version, entry = self._entries.get(item.id, (0, None))
        if entry is None or version != item.version:
            entry = entry_of(item.title, item.folder, self._texts(item))
            self._entries[item.id] = item.version, entry
        return entry


def folders_of(items: Sequence[Template]) -> list[str]:
    """Folders of some templates, each once, in order."""
    return sorted({item.folder for item in items if item.folder}, key=str.casefold)


def page_of[T](items: list[T], limit: int, position: dict[str, str] | None, size: Callable[[T], int]) -> Page[T]:
    """A page of what is in memory: shorter than `limit` where its texts would be more than an answer can hold."""
    start = int(position["start"]) if position is not None else 0
    end, room = start, PAGE_CHARACTERS
    while end < min(start + limit, len(items)) and (room >= size(items[end]) or end == start):
        room -= size(items[end])
        end += 1
    return Page(tuple(items[start:end]), {"start": str(end)} if end < len(items) else None)


def length_of(bodies: Mapping[str, Body]) -> int:
    """Characters of some bodies."""
    return sum(len(body.text) + len(body.html or "") for body in bodies.values())
