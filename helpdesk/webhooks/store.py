"""Deliveries, how they went, and values of headers, in the table; and the queue that has deliveries tried."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist

from helpdesk.contracts import table as keys
from helpdesk.contracts.events import DeskEventType
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.pagination import Page
from helpdesk.platform.table import (
    DocumentAttribute,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)
from helpdesk.webhooks.model import KEPT, Delivery, Health

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_DELIVERY = "delivery"


class DeliveryItem(Item):
    """One delivery, or anything else of a destination that is one document."""

    record = DocumentAttribute()
    version = NumberAttribute(null=True)


class WebhookEventItem(Item):
    """What is published of a delivery, by the way that ticket events go."""

    event = DocumentAttribute()


class DynamoDeliveries:
    """See `webhooks.service.Deliveries`.

    Args:
        clock: says until when what is written is kept.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def create(self, delivery: Delivery) -> bool:
        """Keeps a new one."""
        transaction = Transaction()
        transaction.create(self._item(delivery), label=_DELIVERY)
        try:
            with table_errors():
                transaction.commit()
        except Refused:
            return False
        return True

    def find(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """One of them."""
        document = _read(keys.delivery_key(webhook_id, delivery_id))
        return from_document(Delivery, document) if document is not None else None

    def save(self, delivery: Delivery) -> None:
        """Writes one over the version before it."""
        transaction = Transaction()
        self._put(transaction, delivery)
        self._commit(transaction)

    def order(self, delivery: Delivery, *, new: bool) -> None:
        """Writes one with the event that has it tried."""
        transaction = Transaction()
        if new:
            transaction.create(self._item(delivery), label=_DELIVERY)
        else:
            self._put(transaction, delivery)
        event: Document = {
            "id": derived_id(self._clock(), "webhook", delivery.id, str(delivery.version)),
            "type": DeskEventType.WEBHOOK_DUE.value,
            "webhook": delivery.webhook,
            "delivery": delivery.id,
        }
        key = keys.delivery_event_key(delivery.webhook, delivery.id, delivery.version)
        transaction.put(WebhookEventItem(*Item.at(key), event=event, expires_at=self._expires()))
        self._commit(transaction)

    def page(self, webhook_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Delivery]:
        """A page of a destination's, newest first."""
        with table_errors():
            result = DeliveryItem.query(
                keys.webhook_partition(webhook_id),
                DeliveryItem.sk.startswith(keys.DELIVERY_PREFIX),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            found = tuple(from_document(Delivery, item.record) for item in result)
        return Page(found, position_of(result.last_evaluated_key))

    def healths(self) -> Mapping[str, Health]:
        """How calls went lately, by destination: one query, as many items as there ever were destinations."""
        prefix = keys.WEBHOOK_HEALTH_PREFIX
        with table_errors():
            return {
                item.sk.removeprefix(prefix): from_document(Health, item.record)
                for item in DeliveryItem.query(keys.WEBHOOKS_PARTITION, DeliveryItem.sk.startswith(prefix))
            }

    def health(self, webhook_id: str) -> Health:
        """The same of one destination."""
        document = _read(keys.webhook_health_key(webhook_id))
        return from_document(Health, document) if document is not None else Health()

    def keep_health(self, webhook_id: str, health: Health) -> None:
        """Notes how calls went."""
        with table_errors():
            DeliveryItem(*Item.at(keys.webhook_health_key(webhook_id)), record=to_document(health)).save()

    def headers(self, webhook_id: str) -> Mapping[str, str]:
        """Values of a destination's headers."""
        document = _read(keys.webhook_headers_key(webhook_id)) or {}
        return {name: str(value) for name, value in document.items()}

    def keep_headers(self, webhook_id: str, headers: Mapping[str, str]) -> None:
        """Writes them; none at all: they are forgotten."""
        item = DeliveryItem(*Item.at(keys.webhook_headers_key(webhook_id)), record={**headers})
        with table_errors():
            if headers:
                item.save()
            else:
                item.delete()

    def _put(self, transaction: Transaction, delivery: Delivery) -> None:
        before = DeliveryItem.version == delivery.version - 1
        transaction.put(self._item(delivery), condition=before, label=_DELIVERY)

    @staticmethod
    def _commit(transaction: Transaction) -> None:
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("The delivery has moved on in the meantime.") from refused

    def _item(self, delivery: Delivery) -> DeliveryItem:
        key = Item.at(keys.delivery_key(delivery.webhook, delivery.id))
        return DeliveryItem(*key, record=to_document(delivery), version=delivery.version, expires_at=self._expires())

    def _expires(self) -> int:
        return int((self._clock() + KEPT).timestamp())


def _read(key: keys.Key) -> Document | None:
    try:
        with table_errors():
            document: Document = DeliveryItem.get(*Item.at(key), consistent_read=True).record
    except DoesNotExist:
        return None
    return document


class DeliveryQueue:
    """Puts deliveries into the queue that the webhooks' function reads.

    Args:
        client: gives SQS; asked only when there is something to send.
        name: the queue's name.
    """

    def __init__(self, client: Callable[[], "SQSClient"], name: str) -> None:
        self._client = client
        self._name = name
        self._url: str | None = None

    def send(self, webhook_id: str, delivery_id: str, seconds: int) -> None:
        """Has a delivery tried after some seconds, 900 at most. What SQS refuses is raised, so that the cause comes again."""
        if self._url is None:
            self._url = self._client().get_queue_url(QueueName=self._name)["QueueUrl"]
        detail = {"type": DeskEventType.WEBHOOK_DUE.value, "webhook": webhook_id, "delivery": delivery_id}
        body = json.dumps({"detail-type": DeskEventType.WEBHOOK_DUE.value, "detail": detail})
        self._client().send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=seconds)
