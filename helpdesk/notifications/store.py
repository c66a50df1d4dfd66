"""Notifications in the table: a partition an agent, forgotten by the table's own expiry; preferences beside the agent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.pagination import Page
from helpdesk.notifications.model import KEPT, Notification, Preferences
from helpdesk.platform.table import (
    CONDITION_FAILED,
    DocumentAttribute,
    Item,
    last_key_of,
    position_of,
    table_errors,
)


class NotificationItem(Item):
    """One thing that one agent is told."""

    notification = DocumentAttribute()
    read_at = UnicodeAttribute(null=True)


class PreferencesItem(Item):
    """How an agent likes to be told."""

    preferences = DocumentAttribute()


class DynamoNotificationStore:
    """See `notifications.service.NotificationStore`."""

    def add(self, notification: Notification) -> bool:
        """Keeps one; False: it was there."""
        item = NotificationItem(
            *Item.at(keys.notification_key(notification.agent_id, notification.id)),
            notification=to_document(notification),
            expires_at=int((notification.at + KEPT).timestamp()),
        )
        unseen: Condition = Item.pk.does_not_exist()
        try:
            with table_errors():
                item.save(condition=unseen)
        except PutError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise
            return False
        return True

    def page(self, agent_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Notification]:
        """An agent's, newest first."""
        with table_errors():
            result = NotificationItem.query(
                keys.notifications_partition(agent_id),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
                consistent_read=True,
            )
            found = tuple(_notification_of(item) for item in result)
        return Page(found, position_of(result.last_evaluated_key))

    def mark(self, agent_id: str, ids: Sequence[str], read_at: datetime) -> None:
        """Marks some as read."""
        wanted = [Item.at(keys.notification_key(agent_id, one)) for one in ids]
        with table_errors():
            found = NotificationItem.batch_get(wanted) if wanted else ()
            unread = [item for item in found if not item.read_at]
            with NotificationItem.batch_write() as batch:
                for item in unread:
                    item.read_at = format_instant(read_at)
                    batch.save(item)

    def preferences(self, agent_ids: Iterable[str]) -> dict[str, Preferences]:
        """How agents like to be told."""
        wanted = {keys.preferences_key(one).pk: one for one in agent_ids}
        if not wanted:
            return {}
        sort_key = keys.preferences_key("").sk
        with table_errors():
            items = list(PreferencesItem.batch_get([(pk, sort_key) for pk in wanted], consistent_read=True))
        return {wanted[item.pk]: from_document(Preferences, item.preferences) for item in items}

    def prefer(self, agent_id: str, preferences: Preferences) -> None:
        """Writes how an agent likes to be told."""
        with table_errors():
            PreferencesItem(*Item.at(keys.preferences_key(agent_id)), preferences=to_document(preferences)).save()


def _notification_of(item: NotificationItem) -> Notification:
    document = dict(item.notification)
    if item.read_at is not None:
        document["read_at"] = format_instant(parse_instant(item.read_at))
    return from_document(Notification, document)
