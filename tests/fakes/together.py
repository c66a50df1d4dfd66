"""Drafts, signs of life and signatures in memory: the twins of `drafts.store`, `presence.store` and of signatures."""

from helpdesk.drafts.model import Draft
from helpdesk.kernel.errors import StaleVersion
from helpdesk.presence.model import Presence


class FakeDrafts:
    """See `drafts.service.DraftStore`."""

    def __init__(self) -> None:
        self.drafts: dict[tuple[str, str, str], Draft] = {}

    def of_ticket(self, agent_id: str, ticket_id: str) -> list[Draft]:
        """An agent's drafts on a ticket."""
        return [draft for key, draft in sorted(self.drafts.items()) if key[:2] == (agent_id, ticket_id)]

    def of_agent(self, agent_id: str, limit: int) -> list[Draft]:
        """An agent's drafts, newest ticket first."""
        found = [draft for key, draft in sorted(self.drafts.items(), reverse=True) if key[0] == agent_id]
        return found[:limit]

    def put(self, agent_id: str, draft: Draft, *, expected_version: int) -> None:
        """Writes a draft."""
        key = agent_id, draft.ticket_id, draft.place
        stands = self.drafts.get(key)
        version = stands.version if stands is not None else 0
        over = stands is not None and stands.keep_until <= draft.updated_at
        if version != expected_version and not (over and expected_version == 0):
            raise StaleVersion("The draft was changed in another window.", current=version)
        self.drafts[key] = draft

    def delete(self, agent_id: str, ticket_id: str, place: str) -> None:
        """Takes a draft away, if it is there."""
        self.drafts.pop((agent_id, ticket_id, place), None)


class FakePresence:
    """See `presence.service.PresenceStore`."""

    def __init__(self) -> None:
        self.signs: dict[str, dict[str, Presence]] = {}

    def put(self, ticket_id: str, presence: Presence) -> None:
        """Notes somebody at a ticket."""
        self.signs.setdefault(ticket_id, {})[presence.agent_id] = presence

    def remove(self, ticket_id: str, agent_id: str) -> None:
        """Notes that somebody left."""
        self.signs.get(ticket_id, {}).pop(agent_id, None)

    def at(self, ticket_id: str) -> list[Presence]:
        """All who gave a sign at a ticket."""
        return list(self.signs.get(ticket_id, {}).values())


class FakeSignatures:
    """See `canned.service.Signatures`. `asked` counts reads."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.asked = 0

    def get(self, agent_id: str) -> str:
        """An agent's signature; empty: none."""
        self.asked += 1
        return self.texts.get(agent_id, "")

    def put(self, agent_id: str, text: str) -> None:
        """Changes an agent's signature."""
        self.texts[agent_id] = text
