"""Who looks at a ticket and who writes, so that two do not answer the same question."""

from datetime import timedelta
from typing import Final, Protocol

from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.ids import is_id
from helpdesk.people.model import Agent
from helpdesk.presence.model import Presence, PresenceState
from helpdesk.tickets.visibility import Hidden

HEARTBEAT_SECONDS: Final = 20
"""How often a page should give a sign of life."""
BELIEVED: Final = timedelta(seconds=50)
"""How long a sign of life counts: two may be lost."""


class PresenceStore(Protocol):
    """Where signs of life are kept."""

    def put(self, ticket_id: str, presence: Presence) -> None:
        """Notes somebody at a ticket."""
        ...

    def remove(self, ticket_id: str, agent_id: str) -> None:
        """Notes that somebody left."""
        ...

    def at(self, ticket_id: str) -> list[Presence]:
        """All who gave a sign at a ticket, also those whose sign is too old."""
        ...


class PresenceService:
    """Signs of life: one write and one query each, whatever the ticket is like.

    Args:
        store: keeps them.
        clock: the desk's time.
        hidden: those of some tickets that whoever is calling may not know of.
    """

    def __init__(self, store: PresenceStore, clock: Clock, hidden: Hidden) -> None:
        self._store = store
        self._clock = clock
        self._hidden = hidden

    def note(self, ticket_id: str, agent: Agent, state: PresenceState | None) -> list[Presence]:
        """Notes what an agent does at a ticket, and tells who else is there.

        Args:
            ticket_id: where; that there is such a ticket is not looked up for those who see all.
            agent: who.
            state: None: they leave.

        Returns:
            The others, those who write first, then who was seen last.

        Raises:
            NotFound: the id is none, or that of a ticket out of sight.
        """
        if not is_id(ticket_id) or self._hidden((ticket_id,)):
            raise NotFound("There is no such ticket.")
        now = self._clock()
        if state is None:
            self._store.remove(ticket_id, agent.id)
        else:
            self._store.put(ticket_id, Presence(agent.id, state, now, now + BELIEVED))
        others = [one for one in self._store.at(ticket_id) if one.agent_id != agent.id and one.until > now]
        return sorted(others, key=lambda one: (one.state is not PresenceState.WRITING, -one.seen_at.timestamp()))
