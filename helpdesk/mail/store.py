"""Raw mail in its bucket, and the ledger in the table."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pynamodb.exceptions import DoesNotExist

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import INBOUND_PREFIX
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.mail.rules import Outcome
from helpdesk.mail.service import LedgerEntry
from helpdesk.platform.table import IndexedItem, Item, last_key_of, position_of, table_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_WAITING = frozenset({Outcome.RECEIVED, Outcome.SUSPENDED, Outcome.REJECTED})
"""Outcomes that are listed; a mail that became a ticket or a message is found there."""


class S3RawMails:
    """See `mail.service.RawMails`.

    Args:
        s3: client.
        bucket: the mail bucket.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def size(self, mail_id: str) -> int:
        """Bytes of a raw mail."""
        try:
            return self._s3.head_object(Bucket=self._bucket, Key=INBOUND_PREFIX + mail_id)["ContentLength"]
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
                raise NotFound("There is no such mail.") from error
            raise

    def read(self, mail_id: str) -> bytes:
        """A raw mail."""
        return self._s3.get_object(Bucket=self._bucket, Key=INBOUND_PREFIX + mail_id)["Body"].read()


class DynamoLedger:
    """See `mail.service.Ledger`. A mail that waits for somebody is listed by its outcome in the index by state."""

    def get(self, mail_id: str) -> LedgerEntry | None:
        """One mail's entry."""
        try:
            with table_errors():
                item = IndexedItem.get(*Item.at(keys.raw_mail_key(mail_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return _entry(item)

    def record(self, entry: LedgerEntry) -> None:
        """Writes an entry."""
        listed = entry.outcome in _WAITING
        item = IndexedItem(
            *Item.at(keys.raw_mail_key(entry.arrival.id)),
            row=to_document(entry),
            state_pk=keys.mail_list(entry.outcome.value) if listed else None,
            state_sk=f"{format_instant(entry.arrival.at)}#{entry.arrival.id}" if listed else None,
        )
        with table_errors():
            item.save()

    def entries(self, outcome: Outcome, *, limit: int, position: dict[str, str] | None) -> Page[LedgerEntry]:
        """Mails with an outcome that waits for somebody, newest first."""
        with table_errors():
            result = IndexedItem.by_state.query(
                keys.mail_list(outcome.value),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            entries = tuple(_entry(item) for item in result)
        return Page(entries, position_of(result.last_evaluated_key))


def _entry(item: Item) -> LedgerEntry:
    row: Document = getattr(item, "row", None) or {}
    return from_document(LedgerEntry, row)
