"""Segments in the table and the bucket, and copies of the bucket's on the container's disk."""

import mmap
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import SEARCH_PREFIX
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import new_id
from helpdesk.platform.table import CONDITION_FAILED, Item, table_errors
from helpdesk.search.model import Fresh, Kept, SegmentGone, State

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LIST: Final = msgspec.json.Decoder(tuple[Kept, ...])


class SegmentItem(Item):
    """A small segment, or the list of the segments in the bucket, or the mark of one that does not count."""

    data = BinaryAttribute(null=True, legacy_encoding=False)
    kept = UnicodeAttribute(null=True)
    revision = NumberAttribute(null=True)
    marked = UnicodeAttribute(null=True)


class DynamoSegments:
    """See `search.model.Segments`.

    Args:
        index: which index: each has a partition and a folder of its own.
        s3: gives the client.
        bucket: the files bucket.
        clock: the desk's time.
        folder: where copies are kept on disk; None: in the system's folder for temporary files.
    """

    def __init__(
        self, index: str, s3: Callable[[], "S3Client"], bucket: str, clock: Clock, *, folder: Path | None = None
    ) -> None:
        self._index = index
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock
        self._folder = (folder or Path(tempfile.gettempdir())) / f"search-{bucket}-{index}"

    def state(self, since: str = "") -> State:
        """What the index consists of: one query. The list sorts last, so nothing is missed that moves into it."""
        fresh: list[Fresh] = []
        revision = 0
        kept: tuple[Kept, ...] = ()
        with table_errors():
            for item in SegmentItem.query(
                keys.search_partition(self._index),
                SegmentItem.sk.between(keys.fresh_key(self._index, since).sk, keys.kept_segments_key(self._index).sk),
                consistent_read=True,
            ):
                if item.sk.startswith(keys.FRESH_PREFIX):
                    fresh.append(Fresh(item.sk.removeprefix(keys.FRESH_PREFIX), item.data))
                else:
                    revision, kept = int(item.revision), _LIST.decode(item.kept)
        return State(revision, kept, tuple(fresh))

    def read(self, name: str) -> bytes | memoryview:
        """The bytes of a segment in the bucket, from the copy on disk if there is one."""
        copy = self._folder / name
        if not copy.exists():
            self._fetch(name, copy)
        with copy.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def _fetch(self, name: str, copy: Path) -> None:
        s3 = self._s3()
        try:
            body = s3.get_object(Bucket=self._bucket, Key=self._key(name))["Body"].read()
        except s3.exceptions.NoSuchKey as error:
            raise SegmentGone("The segment was merged into another one.") from error
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(body)
        Path(file.name).rename(copy)  # whole or not at all

    def append(self, fresh: Fresh) -> None:
        """Adds what is new."""
        with table_errors():
            SegmentItem(*Item.at(keys.fresh_key(self._index, fresh.name)), data=fresh.data).save()

    def write(self, name: str, data: bytes) -> None:
        """Writes a segment to the bucket, after marking it: if we die now, it is swept away."""
        self._mark(name)
        self._s3().put_object(
            Bucket=self._bucket, Key=self._key(name), Body=data, ContentType="application/octet-stream"
        )

    def replace(self, before: State, kept: tuple[Kept, ...]) -> bool:
        """Makes other segments count, if none did since `before` was read."""
        names = {one.name for one in kept}
        for one in before.kept:
            if one.name not in names:
                self._mark(one.name)
        item = SegmentItem(
            *Item.at(keys.kept_segments_key(self._index)),
            kept=msgspec.json.encode(kept).decode(),
            revision=before.revision + 1,
        )
        as_read = SegmentItem.revision == before.revision if before.revision else SegmentItem.pk.does_not_exist()
        try:
            with table_errors():
                item.save(condition=as_read)
        except PutError as error:
            if error.cause_response_code == f"{CONDITION_FAILED}Exception":
                return False
            raise
        return True

    def drop(self, fresh: tuple[str, ...]) -> None:
        """Takes away what is fresh no more."""
        with table_errors():
            for name in fresh:
                SegmentItem(*Item.at(keys.fresh_key(self._index, name))).delete()

    def sweep(self, *, before: str, names: frozenset[str] | None = None) -> int:
        """Deletes segments that do not count, and their copies here. A mark on one that does is only taken away."""
        with table_errors():
            marks = [
                item
                for item in SegmentItem.query(
                    keys.search_partition(self._index),
                    SegmentItem.sk.startswith(keys.UNUSED_PREFIX),
                    consistent_read=True,
                )
                if str(item.marked) < before and (names is None or item.sk.removeprefix(keys.UNUSED_PREFIX) in names)
            ]
        if not marks:
            return 0
        counting = {one.name for one in self.state().kept}
        deleted = 0
        for item in marks:
            name = item.sk.removeprefix(keys.UNUSED_PREFIX)
            if name not in counting:
                self._s3().delete_object(Bucket=self._bucket, Key=self._key(name))
                (self._folder / name).unlink(missing_ok=True)
                deleted += 1
            with table_errors():
                item.delete()
        return deleted

    def _mark(self, name: str) -> None:
        item = SegmentItem(*Item.at(keys.unused_key(self._index, name)), marked=new_id(self._clock()))
        with table_errors():
            item.save()

    def _key(self, name: str) -> str:
        return f"{SEARCH_PREFIX}{self._index}/{name}"
