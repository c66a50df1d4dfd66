"""What agents do with what they are told: read it, mark it, and say how they like to be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.kernel.clock import Clock
from helpdesk.kernel.pagination import Page
from helpdesk.notifications.model import Notification, NotificationKind, Preferences
from helpdesk.people.model import Agent
from helpdesk.tickets.visibility import Hidden

MOST_COUNTED: Final = 100
"""How many of the newest notifications are looked at for the number of unread ones."""
MOST_MARKED: Final = 1000
"""How many of the newest are marked when all shall be."""


class NotificationStore(Protocol):
    """Where notifications and preferences are kept."""

    def add(self, notification: Notification) -> bool:
        """Keeps one for as long as `model.KEPT`; False: it was there, and stays as it is."""
        ...

    def page(self, agent_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Notification]:
        """An agent's, newest first."""
        ...

    def mark(self, agent_id: str, ids: Sequence[str], read_at: datetime) -> None:
        """Marks some as read; those that are not there, or are read already, stay so."""
        ...

    def preferences(self, agent_ids: Iterable[str]) -> Mapping[str, Preferences]:
        """How agents like to be told; who said nothing is left out."""
        ...

    def prefer(self, agent_id: str, preferences: Preferences) -> None:
        """Writes how an agent likes to be told."""
        ...


class NotificationService:
    """An agent's notifications.

    Args:
        store: keeps them.
        clock: the desk's time.
        hidden: those of some tickets that whoever is calling may not know of (any more).
    """

    def __init__(self, store: NotificationStore, clock: Clock, hidden: Hidden) -> None:
        self._store = store
        self._clock = clock
        self._hidden = hidden

    def page(self, agent: Agent, *, limit: int, position: dict[str, str] | None) -> tuple[Page[Notification], int]:
        """A page of them, newest first, and how many of the newest hundred are unread."""
        page = self._shown(agent, limit, position)
        whole = position is None and (page.next_position is None or limit >= MOST_COUNTED)
        return page, _unread(page) if whole else self.unread(agent)

    def unread(self, agent: Agent) -> int:
        """How many of the newest hundred are unread."""
        return _unread(self._shown(agent, MOST_COUNTED, None))

    def _shown(self, agent: Agent, limit: int, position: dict[str, str] | None) -> Page[Notification]:
        page = self._store.page(agent.id, limit=limit, position=position)
        hidden = self._hidden(one.ticket_id for one in page.items)
        return replace(page, items=tuple(one for one in page.items if one.ticket_id not in hidden))

    def mark(self, agent: Agent, ids: Sequence[str]) -> None:
        """Marks some as read."""
        self._store.mark(agent.id, list(dict.fromkeys(ids)), self._clock())

    def mark_all(self, agent: Agent) -> None:
        """Marks all as read, as far as anybody would scroll."""
        now, seen = self._clock(), 0
        position: dict[str, str] | None = None
        while seen < MOST_MARKED:
            page = self._store.page(agent.id, limit=MOST_COUNTED, position=position)
            unread = [one.id for one in page.items if one.read_at is None]
            if unread:
                self._store.mark(agent.id, unread, now)
            seen, position = seen + len(page.items), page.next_position
            if position is None:
                return

    def preferences(self, agent: Agent) -> Preferences:
        """How an agent likes to be told."""
        return self._store.preferences([agent.id]).get(agent.id, Preferences())

    def prefer(
        self, agent: Agent, page: Mapping[NotificationKind, bool], mail: Mapping[NotificationKind, bool]
    ) -> None:
        """Says how an agent likes to be told; what is not named is as it was."""
        before = self.preferences(agent)
        on_page: dict[str, bool] = {**before.page, **{kind.value: wanted for kind, wanted in page.items()}}
        by_mail: dict[str, bool] = {**before.mail, **{kind.value: wanted for kind, wanted in mail.items()}}
        self._store.prefer(agent.id, Preferences(on_page, by_mail))


def _unread(page: Page[Notification]) -> int:
    return sum(1 for one in page.items if one.read_at is None)
