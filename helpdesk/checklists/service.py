"""What agents do with checklists: list, read, write, and put on a ticket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from helpdesk.canned.library import Library
from helpdesk.canned.model import Begun, Scope
from helpdesk.canned.rules import folder_of, sharing_of, title_of
from helpdesk.canned.service import Filter, SearchIndex, folders_of, page_of
from helpdesk.checklists.model import Checklist, ChecklistItem
from helpdesk.checklists.rules import checked_items, checked_titles, tasks_of
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Agent
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.service import Guard
from helpdesk.tickets.tasks import TaskDesk


@dataclass(frozen=True, slots=True)
class ChecklistWish:
    """What a checklist shall be.

    Attributes:
        titles: the title in further languages.
    """

    title: str
    titles: Mapping[str, str]
    items: Sequence[ChecklistItem]
    scope: Scope = Scope.SHARED
    group: str | None = None
    folder: str = ""


class ChecklistService:
    """Checklists.

    Args:
        library: keeps them.
        tasks: puts them on tickets.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(self, library: Library[Checklist], tasks: TaskDesk, desk: Callable[[], Desk], clock: Clock) -> None:
        self.library = library
        self._tasks = tasks
        self._desk = desk
        self._clock = clock
        self._index = SearchIndex[Checklist](_texts)

    def page(self, wanted: Filter, agent: Agent, *, limit: int, position: dict[str, str] | None) -> Page[Checklist]:
        """A page, best fit first where words were given, else by folder and title."""
        found = [item for item in self.library.readable(agent) if wanted.matches(item)]
        return page_of(self._index.ranked(found, wanted.query, self.library.uses), limit, position, _size)

    def folders(self, agent: Agent) -> list[str]:
        """All folders that a colleague may look into, in order."""
        return folders_of(self.library.readable(agent))

    def create(self, wish: ChecklistWish, agent: Agent, *, key: str | None = None, made_from: str = "") -> Checklist:
        """Adds one. Raises what `Library.create` raises, and Invalid."""

        def make(begun: Begun) -> Checklist:
            blank = Checklist(**begun, title="", sharing=sharing_of(wish.scope, wish.group, agent, self._desk()))
            return self._made(blank, wish, agent)

        return self.library.create(make, agent, key=key, made_from=made_from)

    def change(self, item_id: str, wish: ChecklistWish, agent: Agent, *, version: int) -> Checklist:
        """Makes one what is wished. Raises what `Library.change` raises, and Invalid."""
        return self.library.change(item_id, lambda before: self._made(before, wish, agent), agent, version=version)

    def apply(self, item_id: str, ticket_id: str, agent: Agent, *, guard: Guard | None = None) -> Ticket:
        """Puts one on a ticket: its items become tasks, all or none.

        Raises:
            NotFound: no such ticket, or no checklist of this id that the colleague may read.
            Conflict: the ticket is closed, or has no room for all of them.
            KeyReused: the guard's key came with another wish before.
            Unavailable: contention that did not end.
        """
        checklist = self.library.peek(item_id, agent)
        wishes = tasks_of(checklist.items, agent, self._desk().agents.keys(), self._clock())
        ticket, _ = self._tasks.add(ticket_id, wishes, agent, checklist_id=checklist.id, guard=guard)
        self.library.count_use(checklist.id)
        return ticket

    def _made(self, before: Checklist, wish: ChecklistWish, agent: Agent) -> Checklist:
        titles, faults = checked_titles(wish.titles, "/titles")
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        return replace(
            before,
            title=title_of(wish.title),
            titles=titles,
            folder=folder_of(wish.folder),
            sharing=sharing_of(wish.scope, wish.group, agent, self._desk()),
            items=checked_items(wish.items, self._desk().agents.keys()),
        )


def _texts(checklist: Checklist) -> list[str]:
    return [*checklist.titles.values(), *(title for item in checklist.items for title in item.titles.values())]


def _size(checklist: Checklist) -> int:
    return sum(len(text) for text in _texts(checklist))
