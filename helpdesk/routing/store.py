"""Triage models in the files bucket, what is known of them in the table, and weekly figures."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pynamodb.exceptions import DoesNotExist, PutError

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import TRIAGE_PREFIX
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.platform.table import CONDITION_FAILED, CounterItem, DocumentAttribute, Item, table_errors
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


def _object_key(number: int, field: TriageField) -> str:
    return f"{TRIAGE_PREFIX}{number:06d}/{field}.bin"
