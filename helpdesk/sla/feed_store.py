"""How reading feeds went, in the table."""

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.platform.table import DocumentAttribute, Item, table_errors
from helpdesk.sla.feeds import FeedState


class FeedItem(Item):
    """How reading one feed went."""

    record = DocumentAttribute()


class DynamoFeedStates:
    """See `sla.feeds.States`."""

    def all(self) -> dict[str, FeedState]:
        """By calendar: one query, as many items as there ever were feeds."""
        with table_errors():
            found = FeedItem.query(keys.FEEDS_PARTITION, FeedItem.sk.startswith(keys.FEED_PREFIX))
            return {state.calendar_id: state for state in (from_document(FeedState, one.record) for one in found)}

    def keep(self, state: FeedState) -> None:
        """Writes one."""
        with table_errors():
            FeedItem(*Item.at(keys.feed_key(state.calendar_id)), record=to_document(state)).save()
