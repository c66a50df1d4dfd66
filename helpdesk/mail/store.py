"""Raw mail in its bucket, and the ledger in the table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import INBOUND_PREFIX
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import Conflict, NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.mail.ledger import WAITING, LedgerEntry, StoredMail
from helpdesk.mail.rules import Outcome
from helpdesk.platform.table import CONDITION_FAILED, IndexedItem, Item, last_key_of, position_of, table_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NOT_THERE: Final = frozenset({"404", "NoSuchKey", "NotFound"})
_PAGE_OF_OBJECTS: Final = 500
_SES_PROBE: Final = "AMAZON_SES_SETUP_NOTIFICATION"
"""What SES writes once to see whether it may write; no mail."""


class S3RawMails:
    """See `mail.ledger.RawMails`.

    Args:
        s3: client.
        bucket: the mail bucket.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def size(self, mail_id: str) -> int:
        """Bytes of a raw mail."""
        found = self.find(mail_id)
        if found is None:
            raise NotFound("There is no such mail.")
        return found.size

    def read(self, mail_id: str) -> bytes:
        """A raw mail."""
        return self._s3.get_object(Bucket=self._bucket, Key=INBOUND_PREFIX + mail_id)["Body"].read()

    def find(self, mail_id: str) -> StoredMail | None:
        """A raw mail without its bytes."""
        try:
            found = self._s3.head_object(Bucket=self._bucket, Key=INBOUND_PREFIX + mail_id)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return None
            raise
        return StoredMail(mail_id, found["LastModified"], found["ContentLength"])

    def delete(self, mail_id: str) -> None:
        """Removes a raw mail, if it is there."""
        self._s3.delete_object(Bucket=self._bucket, Key=INBOUND_PREFIX + mail_id)

    def stored(self, position: dict[str, str] | None) -> Page[StoredMail]:
        """Some hundreds of the raw mails, in order of id."""
        after = position["after"] if position is not None else INBOUND_PREFIX
        answer = self._s3.list_objects_v2(
            Bucket=self._bucket, Prefix=INBOUND_PREFIX, MaxKeys=_PAGE_OF_OBJECTS, StartAfter=after
        )
        objects = answer.get("Contents", [])
        mails = tuple(
            StoredMail(found["Key"].removeprefix(INBOUND_PREFIX), found["LastModified"], found["Size"])
            for found in objects
            if not found["Key"].endswith(_SES_PROBE)
        )
        return Page(mails, {"after": objects[-1]["Key"]} if answer.get("IsTruncated") and objects else None)


class DynamoLedger:
    """See `mail.ledger.Ledger`.

    The index by state lists mails by outcome: those that wait in one list, the others month by month. The index by
    reference, which carries keys only and is written once a mail, lists a month's mails whatever became of them.
    """

    def get(self, mail_id: str) -> LedgerEntry | None:
        """One mail's entry."""
        try:
            with table_errors():
                item = IndexedItem.get(*Item.at(keys.raw_mail_key(mail_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return _entry(item)

    def known(self, mail_ids: Iterable[str]) -> dict[str, LedgerEntry]:
        """The entries of some mails; those that have none are left out."""
        wanted = [Item.at(keys.raw_mail_key(mail_id)) for mail_id in dict.fromkeys(mail_ids)]
        if not wanted:
            return {}
        with table_errors():
            found = [_entry(item) for item in IndexedItem.batch_get(wanted, consistent_read=True)]
        return {entry.arrival.id: entry for entry in found}

    def open(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Writes a mail's first entry; gives the one that is there already, None if there was none."""
        return None if self._put(entry, Item.pk.does_not_exist()) else self.get(entry.arrival.id)

    def record(self, entry: LedgerEntry) -> None:
        """Writes an entry over what was there."""
        self._put(entry, None)

    def change(self, before: LedgerEntry, after: LedgerEntry) -> None:
        """Writes an entry in place of another."""
        unchanged: Condition = IndexedItem.row == to_document(before)
        if not self._put(after, unchanged):
            raise Conflict("Somebody else dealt with this mail in the meantime.")

    def entries(
        self, outcome: Outcome | None, *, month: str | None, limit: int, position: dict[str, str] | None
    ) -> Page[LedgerEntry]:
        """Mails, newest first."""
        if outcome is None:
            index, partition = IndexedItem.by_reference, keys.mail_month(month or "")
        else:
            index, partition = IndexedItem.by_state, keys.mail_list(outcome.value, _month_in(outcome, month))
        with table_errors():
            result = index.query(
                partition, scan_index_forward=False, limit=limit, last_evaluated_key=last_key_of(position)
            )
            items = list(result)
        if outcome is not None:
            return Page(tuple(_entry(item) for item in items), position_of(result.last_evaluated_key))
        ids = [item.pk.removeprefix(keys.raw_mail_key("").pk) for item in items]
        known = self.known(ids)
        return Page(
            tuple(known[mail_id] for mail_id in ids if mail_id in known), position_of(result.last_evaluated_key)
        )

    def _put(self, entry: LedgerEntry, condition: Condition | None) -> bool:
        """Writes an entry; False if the condition does not hold."""
        at = format_instant(entry.arrival.at)
        month, sort = at[:7], f"{at}#{entry.arrival.id}"
        item = IndexedItem(
            *Item.at(keys.raw_mail_key(entry.arrival.id)),
            row=to_document(entry),
            state_pk=keys.mail_list(entry.outcome.value, _month_in(entry.outcome, month)),
            state_sk=sort,
            reference_pk=keys.mail_month(month),
            reference_sk=sort,
        )
        try:
            with table_errors():
                item.save(condition=condition)
        except PutError as error:
            if error.cause_response_code == f"{CONDITION_FAILED}Exception":
                return False
            raise
        return True


def _month_in(outcome: Outcome, month: str | None) -> str | None:
    return None if outcome in WAITING else month


def _entry(item: Item) -> LedgerEntry:
    row: Document = getattr(item, "row", None) or {}
    return from_document(LedgerEntry, row)
