"""Drafts in the table: an agent's in one partition, forgotten by the table's own expiry."""

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PutError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.drafts.model import Draft
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.platform.table import CONDITION_FAILED, DocumentAttribute, Item, table_errors


class DraftItem(Item):
    """One draft."""

    draft = DocumentAttribute()
    version = NumberAttribute()


class DynamoDraftStore:
    """See `drafts.service.DraftStore`."""

    def of_ticket(self, agent_id: str, ticket_id: str) -> list[Draft]:
        """An agent's drafts on a ticket."""
        prefix = keys.draft_key(agent_id, ticket_id, "").sk
        with table_errors():
            found = DraftItem.query(
                keys.drafts_partition(agent_id), DraftItem.sk.startswith(prefix), consistent_read=True
            )
            return [from_document(Draft, item.draft) for item in found]

    def of_agent(self, agent_id: str, limit: int) -> list[Draft]:
        """An agent's drafts, newest ticket first."""
        with table_errors():
            found = DraftItem.query(keys.drafts_partition(agent_id), scan_index_forward=False, limit=limit)
            return [from_document(Draft, item.draft) for item in found]

    def put(self, agent_id: str, draft: Draft, *, expected_version: int) -> None:
        """Writes a draft."""
        item = DraftItem(
            *Item.at(keys.draft_key(agent_id, draft.ticket_id, draft.place)),
            draft=to_document(draft),
            version=draft.version,
            expires_at=int(draft.keep_until.timestamp()),
        )
        as_seen: Condition = DraftItem.version == expected_version
        if expected_version == 0:  # the table takes what is over away when it has time; until then it counts as gone
            as_seen = Item.pk.does_not_exist() | (Item.expires_at <= int(draft.updated_at.timestamp()))
        try:
            with table_errors():
                item.save(condition=as_seen)
        except PutError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise
            stands = {one.place: one.version for one in self.of_ticket(agent_id, draft.ticket_id)}
            raise StaleVersion(
                "The draft was changed or sent in another window.", current=stands.get(draft.place, 0)
            ) from error

    def delete(self, agent_id: str, ticket_id: str, place: str) -> None:
        """Takes a draft away, if it is there."""
        with table_errors():
            DraftItem(*Item.at(keys.draft_key(agent_id, ticket_id, place))).delete()
