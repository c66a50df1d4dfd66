"""Figures in the table: a partition for each month, an item for each bucket, and what a ticket added beside the ticket."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.platform.table import DocumentAttribute, Item, Refused, Transaction, table_errors
from helpdesk.reports.model import Bucket, Counted, Line, Sums
from helpdesk.sla.model import Metric

_SUMS = ("met", "breached", "late_seconds", "paused_seconds")


class BucketItem(Item):
    """The sums of one bucket."""

    met = NumberAttribute(default=0)
    breached = NumberAttribute(default=0)
    late_seconds = NumberAttribute(default=0)
    paused_seconds = NumberAttribute(default=0)


class CountedItem(Item):
    """What of a ticket is in the buckets."""

    seq = NumberAttribute()
    counted = DocumentAttribute()


def counted_item(ticket_id: str, counted: Counted) -> CountedItem:
    """What of a ticket is in the buckets, in its place."""
    return CountedItem(*Item.at(keys.counted_key(ticket_id)), seq=counted.seq, counted=to_document(counted))


def add_to_bucket(line: Line) -> None:
    """Adds a line to its bucket, whatever counted it."""
    with table_errors():
        BucketItem(*Item.at(_key(line.bucket))).update(_added(line))


def _added(line: Line) -> list[Action]:
    return [getattr(BucketItem, name).add(getattr(line.sums, name)) for name in _SUMS]


class DynamoBuckets:
    """See `reports.service.Buckets`."""

    def counted(self, ticket_id: str) -> Counted | None:
        """What of a ticket is in the buckets."""
        try:
            with table_errors():
                item = CountedItem.get(*Item.at(keys.counted_key(ticket_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Counted, item.counted)

    def count(self, ticket_id: str, before: Counted | None, after: Counted, added: Sequence[Line]) -> None:
        """Adds to the buckets and remembers it."""
        unchanged: Condition = (
            Item.pk.does_not_exist() if before is None else cast("Condition", CountedItem.seq == before.seq)
        )
        transaction = Transaction()
        transaction.put(counted_item(ticket_id, after), condition=unchanged, label="counted")
        for line in added:
            transaction.update(BucketItem(*Item.at(_key(line.bucket))), _added(line))
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("Somebody else counted the ticket meanwhile.") from refused

    def lines(self, since: date, until: date) -> Iterator[Line]:
        """The buckets from one day to another: a query for each month."""
        month = since.replace(day=1)
        while month <= until:
            with table_errors():
                for item in BucketItem.query(
                    keys.promises_month(month.isoformat()[:7]),
                    BucketItem.sk.between(since.isoformat(), f"{until.isoformat()}~"),
                ):
                    yield _line(item)
            month = (month.replace(day=28) + (date(2000, 1, 5) - date(2000, 1, 1))).replace(day=1)


def _key(bucket: Bucket) -> keys.Key:
    return keys.promises_key(bucket.day, (bucket.metric.value, bucket.priority, bucket.policy, bucket.group))


def _line(item: BucketItem) -> Line:
    day, metric, priority, policy, group = keys.promises_parts(item.sk)
    sums = Sums(*(int(getattr(item, name) or 0) for name in _SUMS))
    return Line(Bucket(day, Metric(metric), priority, policy, group), sums)
