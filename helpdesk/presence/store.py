"""Signs of life in the table: a partition a ticket, an item an agent, forgotten by the table's own expiry."""

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.platform.table import DocumentAttribute, Item, table_errors
from helpdesk.presence.model import Presence


class PresenceItem(Item):
    """Somebody at a ticket."""

    presence = DocumentAttribute()


class DynamoPresenceStore:
    """See `presence.service.PresenceStore`."""

    def put(self, ticket_id: str, presence: Presence) -> None:
        """Notes somebody at a ticket."""
        item = PresenceItem(
            *Item.at(keys.presence_key(ticket_id, presence.agent_id)),
            presence=to_document(presence),
            expires_at=int(presence.until.timestamp()) + 1,
        )
        with table_errors():
            item.save()

    def remove(self, ticket_id: str, agent_id: str) -> None:
        """Notes that somebody left."""
        with table_errors():
            PresenceItem(*Item.at(keys.presence_key(ticket_id, agent_id))).delete()

    def at(self, ticket_id: str) -> list[Presence]:
        """All who gave a sign at a ticket; who came this very moment may be missing until the next look."""
        with table_errors():
            found = PresenceItem.query(keys.presence_partition(ticket_id))
            return [from_document(Presence, item.presence) for item in found]
