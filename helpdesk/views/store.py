"""Views and the feed of changes in the table, checkpoints in the bucket."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, cast

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import BOARD_PREFIX
from helpdesk.platform.shelves import DynamoShelf
from helpdesk.platform.table import IndexedItem, table_errors
from helpdesk.views.model import Changed, View, Written

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HEAD: Final = 8
"""Bytes that say how long the columns are; the texts lie behind them."""


def view_shelf() -> DynamoShelf[View]:
    """Where views are kept."""
    return DynamoShelf(View, keys.VIEWS_SHELF, told_as="view")


class DynamoFeed:
    """See `views.model.Feed`."""

    def since(self, at: str) -> Iterator[Changed]:
        """All changes from an instant on, oldest first."""
        condition = IndexedItem.change_sk >= at if at else None
        with table_errors():
            for item in IndexedItem.by_change.query(keys.change_partition(), condition):
                yield Changed(*keys.change_of(cast("IndexedItem", item).change_sk))


class S3Checkpoints:
    """See `views.model.Checkpoints`. An object holds the columns and, behind them, the texts, which few views look at.

    Args:
        s3: gives the client.
        bucket: the files bucket.
    """

    def __init__(self, s3: Callable[[], "S3Client"], bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def read(self, name: str) -> Written | None:
        """What was written last under a name; of the object no more is read than that."""
        s3 = self._s3()
        try:
            answer = s3.get_object(Bucket=self._bucket, Key=self._key(name))
        except s3.exceptions.NoSuchKey:
            return None
        with answer["Body"] as body:
            length = int.from_bytes(body.read(_HEAD), "big")
            return Written(answer["ETag"], body.read(length))

    def read_texts(self, name: str, stamp: str) -> bytes | None:
        """The texts of one writing."""
        s3 = self._s3()
        try:
            answer = s3.get_object(Bucket=self._bucket, Key=self._key(name))
        except s3.exceptions.NoSuchKey:
            return None
        with answer["Body"] as body:
            if answer["ETag"] != stamp:
                return None
            length = int.from_bytes(body.read(_HEAD), "big")
            body.read(length)
            data: bytes = body.read()
            return data

    def write(self, name: str, columns: bytes, texts: bytes) -> None:
        """Writes it, whole or not at all."""
        data = len(columns).to_bytes(_HEAD, "big") + columns + texts
        self._s3().put_object(
            Bucket=self._bucket, Key=self._key(name), Body=data, ContentType="application/octet-stream"
        )

    def _key(self, name: str) -> str:
        return f"{BOARD_PREFIX}{name}"
