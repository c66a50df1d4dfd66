"""How far retention is, in the table; the trail is told in the transaction that says so."""

from datetime import datetime
from typing import cast

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.platform.audit import tell
from helpdesk.platform.table import DocumentAttribute, Item, Refused, Transaction, table_errors
from helpdesk.privacy.model import Carried


class RetentionItem(Item):
    """How far a rule is, or how far changes were looked at."""

    record = DocumentAttribute()
    revision = NumberAttribute(null=True)


class DynamoRetention:
    """See `privacy.retention.Notes`."""

    def carried(self) -> dict[str, Carried]:
        """How far each rule is, by its id: one query."""
        prefix: Condition = RetentionItem.sk.startswith(keys.RETENTION_RULE_PREFIX)
        with table_errors():
            found = RetentionItem.query(keys.RETENTION_PARTITION, prefix, consistent_read=True)
            return {one.rule: one for one in (from_document(Carried, item.record) for item in found)}

    def note(self, carried: Carried, told: Told | None) -> None:
        """Writes how far a rule is, and lets the trail tell of it.

        Raises:
            StaleVersion: another run was here.
        """
        transaction = Transaction()
        key = keys.retention_rule_key(carried.rule)
        item = RetentionItem(*Item.at(key), record=to_document(carried), revision=carried.revision)
        before = carried.revision - 1
        unchanged: Condition = (
            cast("Condition", RetentionItem.revision == before) if before else RetentionItem.pk.does_not_exist()
        )
        transaction.put(item, condition=unchanged, label="retention")
        if told is not None:
            tell(transaction, told)
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("Another run of retention took this rule further.") from refused

    def addresses_seen(self) -> str:
        """Up to which change addresses were taken out; empty: none yet."""
        try:
            with table_errors():
                item = RetentionItem.get(*Item.at(keys.retention_addresses_key()), consistent_read=True)
        except DoesNotExist:
            return ""
        return cast("str", item.record["at"])

    def see_addresses(self, at: str) -> None:
        """Notes up to which change addresses were taken out."""
        with table_errors():
            RetentionItem(*Item.at(keys.retention_addresses_key()), record={"at": at}).save()

    def changes_seen(self) -> datetime | None:
        """Up to when changes were looked at."""
        try:
            with table_errors():
                item = RetentionItem.get(*Item.at(keys.retention_feed_key()), consistent_read=True)
        except DoesNotExist:
            return None
        return parse_instant(cast("str", item.record["at"]))

    def see_changes(self, at: datetime) -> None:
        """Notes up to when changes were looked at."""
        with table_errors():
            RetentionItem(*Item.at(keys.retention_feed_key()), record={"at": format_instant(at)}).save()
