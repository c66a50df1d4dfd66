"""Triage models in the files bucket, what is known of them in the table, and weekly figures."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import TRIAGE_PREFIX
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.ids import new_id
from helpdesk.platform.table import CONDITION_FAILED, CounterItem, DocumentAttribute, Item, table_errors
from helpdesk.routing.alike import Cluster, Seen
from helpdesk.routing.model import LEARNED, ModelSet, WeekFigures
from helpdesk.tickets.triaging import TriageField

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VERSIONS_KEPT: Final = 10
"""Nights whose models stay, so that suggestions of that time can still be explained."""


class TriageItem(Item):
    """What is known of the newest models, or one week's figures."""

    triage = DocumentAttribute()


class DynamoTurns:
    """See `routing.service.Turns`."""

    def next(self, group: str) -> int:
        """Counts a group's turns up."""
        item = CounterItem(*Item.at(keys.turn_key(group)))
        with table_errors():
            item.update(actions=[CounterItem.tally.add(1)])
        return int(item.tally)


class DynamoSpending:
    """See `routing.bedrock.Spending`."""

    def spend(self, month: str, micros: int) -> int:
        """Adds to a month; says how much it is now."""
        item = CounterItem(*Item.at(keys.triage_spending_key(month)))
        with table_errors():
            item.update(actions=[CounterItem.tally.add(micros)])
        return int(item.tally)


class S3Models:
    """See `routing.trainer.ModelShelf`.

    Args:
        s3: gives the client.
        bucket: the files bucket.
    """

    def __init__(self, s3: Callable[[], "S3Client"], bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def current(self) -> ModelSet | None:
        """What is known of the newest models."""
        try:
            with table_errors():
                item = TriageItem.get(*Item.at(keys.triage_models_key()), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(ModelSet, item.triage)

    def read(self, number: int, field: TriageField) -> bytes | None:
        """A model as a file."""
        s3 = self._s3()
        try:
            return bytes(s3.get_object(Bucket=self._bucket, Key=_object_key(number, field))["Body"].read())
        except s3.exceptions.NoSuchKey:
            return None

    def write(self, number: int, field: TriageField, data: bytes) -> None:
        """Writes a model; it does not count yet."""
        self._s3().put_object(
            Bucket=self._bucket, Key=_object_key(number, field), Body=data, ContentType="application/octet-stream"
        )

    def replace(self, before: ModelSet | None, after: ModelSet) -> bool:
        """Makes other models count, if none did since `before` was read; deletes those that are too old."""
        item = TriageItem(*Item.at(keys.triage_models_key()), triage=to_document(after))
        as_read = TriageItem.pk.does_not_exist() if before is None else TriageItem.triage == to_document(before)
        try:
            with table_errors():
                item.save(condition=as_read)
        except PutError as error:
            if error.cause_response_code == f"{CONDITION_FAILED}Exception":
                return False
            raise
        old = after.number - VERSIONS_KEPT
        if old > 0:
            for field in LEARNED:
                self._s3().delete_object(Bucket=self._bucket, Key=_object_key(old, field))
        return True

    def save_week(self, figures: WeekFigures) -> None:
        """Writes a week's figures."""
        with table_errors():
            TriageItem(*Item.at(keys.triage_week_key(figures.week)), triage=to_document(figures)).save()

    def weeks(self, since: str, until: str) -> list[WeekFigures]:
        """The figures of some weeks, oldest first: one query."""
        first, last = keys.triage_week_key(since), keys.triage_week_key(until)
        with table_errors():
            items = list(TriageItem.query(first.pk, TriageItem.sk.between(first.sk, last.sk)))
        return [from_document(WeekFigures, item.triage) for item in items]


class AlikeItem(Item):
    """What is remembered of a ticket that came in, or a possible incident (which `tickets.store` writes first)."""

    record = DocumentAttribute()
    cluster = UnicodeAttribute(null=True)


class DynamoClusters:
    """See `routing.clusters.ClusterStore`."""

    def note(self, seen: Seen, expires_at: datetime) -> None:
        """Remembers a ticket; what it belongs to stays."""
        item = AlikeItem(*Item.at(keys.seen_key(seen.ticket_id)))
        with table_errors():
            item.update(
                actions=[
                    AlikeItem.record.set(to_document(seen)),
                    AlikeItem.expires_at.set(int(expires_at.timestamp())),
                ]
            )

    def seen(self, since: datetime, *, limit: int) -> list[Seen]:
        """The newest tickets since an instant, newest first."""
        first = keys.seen_key(new_id(since)[:10]).sk  # the part of an id that tells when
        with table_errors():
            items = AlikeItem.query(
                keys.ALIKE_PARTITION,
                AlikeItem.sk.between(first, f"{keys.SEEN_PREFIX}~"),
                scan_index_forward=False,
                limit=limit,
                consistent_read=True,
            )
            return [_seen_of(item) for item in items]

    def one_seen(self, ticket_id: str) -> Seen | None:
        """What is remembered of a ticket."""
        try:
            with table_errors():
                return _seen_of(AlikeItem.get(*Item.at(keys.seen_key(ticket_id))))
        except DoesNotExist:
            return None

    def gather(self, ticket_ids: Collection[str], cluster_id: str) -> None:
        """Notes that tickets belong to a possible incident."""
        for ticket_id in ticket_ids:
            item = AlikeItem(*Item.at(keys.seen_key(ticket_id)))
            try:
                with table_errors():
                    item.update(actions=[AlikeItem.cluster.set(cluster_id)], condition=AlikeItem.pk.exists())
            except UpdateError as error:
                if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                    raise

    def cluster(self, cluster_id: str) -> Cluster | None:
        """A possible incident."""
        try:
            with table_errors():
                item = AlikeItem.get(*Item.at(keys.cluster_key(cluster_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Cluster, item.record)

    def clusters(self, since: datetime) -> list[Cluster]:
        """Those since an instant, newest first."""
        first = keys.cluster_key(new_id(since)[:10]).sk
        with table_errors():
            items = AlikeItem.query(
                keys.ALIKE_PARTITION,
                AlikeItem.sk.between(first, f"{keys.CLUSTER_PREFIX}~"),
                scan_index_forward=False,
                consistent_read=True,
            )
            return [from_document(Cluster, item.record) for item in items]

    def settle(self, cluster: Cluster, expires_at: datetime) -> None:
        """Writes what became of it."""
        key, end = Item.at(keys.cluster_key(cluster.id)), int(expires_at.timestamp())
        with table_errors():
            AlikeItem(*key, record=to_document(cluster), expires_at=end).save()


def _seen_of(item: AlikeItem) -> Seen:
    return replace(from_document(Seen, item.record), cluster=item.cluster)


def _object_key(number: int, field: TriageField) -> str:
    return f"{TRIAGE_PREFIX}{number:06d}/{field}.bin"
