"""Shelves in the table: a partition each, its things as documents, and one counter that moves with every change.

Every version of a thing is kept beside it.
"""

from collections.abc import Callable
from typing import Final, cast

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.shelves import AlreadyThere, Contents, Shelved
from helpdesk.platform.audit import tell
from helpdesk.platform.table import (
    CONDITION_FAILED,
    Contended,
    CounterItem,
    DocumentAttribute,
    Item,
    Refused,
    Transaction,
    note_moved,
    table_errors,
)
from helpdesk.platform.versions import version_item

_ATTEMPTS: Final = 5
_TOLD_ANYWAY: Final = frozenset({"id", "version", "created_by", "created_at", "updated_by", "updated_at", "made_from"})
"""What the trail has no need to repeat: it says itself who did it, and when."""


class ShelvedItem(Item):
    """One thing on a shelf. A query also gives the shelf's revision as one, which has only a `tally`."""

    document = DocumentAttribute()
    version = NumberAttribute(null=True)
    uses = NumberAttribute(null=True)
    tally = NumberAttribute(null=True)


class DynamoShelf[T: Shelved]:
    """See `kernel.shelves.Shelf`.

    Args:
        kind: dataclass of what stands on it.
        partition: of the table.
        told_as: what the trail calls one of them; it tells of those that not only one agent has.
    """

    def __init__(self, kind: type[T], partition: str, *, told_as: str) -> None:
        self._told_as = told_as
        self._kind = kind
        self._partition = partition

    def revision(self) -> int:
        """How often the shelf was changed."""
        try:
            with table_errors():
                item = CounterItem.get(*Item.at(keys.shelf_revision_key(self._partition)), consistent_read=True)
        except DoesNotExist:
            return 0
        return int(item.tally)

    def load(self) -> Contents[T]:
        """All of it: its revision sorts behind its things, so what was read is at least as new as what it says."""
        revision, items, uses = 0, {}, {}
        revision_at = keys.shelf_revision_key(self._partition).sk
        with table_errors():
            for item in ShelvedItem.query(self._partition, scan_index_forward=False, consistent_read=True):
                if item.sk == revision_at:
                    revision = int(item.tally)
                    continue
                one = from_document(self._kind, item.document)
                items[one.id] = one
                if item.uses:
                    uses[one.id] = int(item.uses)
        return Contents(revision, items, uses)

    def get(self, item_id: str) -> T | None:
        """One thing as it stands."""
        try:
            with table_errors():
                item = ShelvedItem.get(*self._at(item_id), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(self._kind, item.document)

    def create(self, item: T) -> None:
        """Puts something new on it."""
        made = ShelvedItem(*self._at(item.id), document=to_document(item), version=item.version)

        def write(writes: Transaction) -> None:
            self._with_version(writes, item.id, item.version, made.document)
            self._tell(writes, item.id, None, made.document)
            writes.create(made, label="item")

        try:
            self._commit(write)
        except Refused as refused:
            raise AlreadyThere("There is something of this id.") from refused

    def replace(self, item: T, *, expected_version: int) -> None:
        """Writes something in its place; its count of uses stays."""
        document, before = to_document(item), self._before(item.id)
        actions = [ShelvedItem.document.set(document), ShelvedItem.version.set(item.version)]
        place = ShelvedItem(*self._at(item.id))
        as_seen: Condition = ShelvedItem.version == expected_version

        def write(writes: Transaction) -> None:
            self._with_version(writes, item.id, item.version, document)
            self._tell(writes, item.id, before, document)
            writes.update(place, actions, condition=as_seen, label="item")

        self._change(item.id, write)

    def delete(self, item_id: str, *, expected_version: int) -> None:
        """Takes something away."""
        place, before = ShelvedItem(*self._at(item_id)), self._before(item_id)
        as_seen: Condition = ShelvedItem.version == expected_version

        def write(writes: Transaction) -> None:
            self._with_version(writes, item_id, expected_version + 1, None)
            self._tell(writes, item_id, before, None)
            writes.delete(place, condition=as_seen, label="item")

        self._change(item_id, write)

    def count_use(self, item_id: str) -> None:
        """Counts one more use."""
        try:
            with table_errors():
                ShelvedItem(*self._at(item_id)).update(
                    actions=[ShelvedItem.uses.add(1)], condition=ShelvedItem.document.exists()
                )
        except UpdateError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise

    def _with_version(self, writes: Transaction, item_id: str, version: int, document: Document | None) -> None:
        writes.put(version_item(self._partition.lower(), item_id, version, document))

    def _before(self, item_id: str) -> Document | None:
        """How one stands, for the trail: if somebody changes it before it is written, nothing is written."""
        found = self.get(item_id)
        return to_document(found) if found is not None else None

    def _tell(self, writes: Transaction, item_id: str, before: Document | None, after: Document | None) -> None:
        if any(one is not None and _shared(one) for one in (before, after)):
            tell(writes, Told(self._told_as, item_id, _of_interest(before), _of_interest(after)))

    def _at(self, item_id: str) -> tuple[str, str]:
        return Item.at(keys.shelved_key(self._partition, item_id))

    def _change(self, item_id: str, write: Callable[[Transaction], None]) -> None:
        try:
            self._commit(write)
        except Refused as refused:
            now = self.get(item_id)
            raise StaleVersion(
                "Somebody else changed or removed this in the meantime.",
                current=now.version if now is not None else None,
            ) from refused

    def _commit(self, write: Callable[[Transaction], None]) -> None:
        """Writes, and moves the revision along; two who write at once are both served."""
        for attempt in range(1, _ATTEMPTS + 1):
            transaction = Transaction()
            write(transaction)
            revision = CounterItem(*Item.at(keys.shelf_revision_key(self._partition)))
            transaction.update(revision, [CounterItem.tally.add(1)])
            note_moved(transaction, self._told_as)
            try:
                with table_errors():
                    transaction.commit()
            except Contended:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return


def _shared(document: Document) -> bool:
    """Whether more than one agent has it: what is somebody's own is nobody else's business."""
    return cast("Document", document["sharing"])["scope"] != "personal"


def _of_interest(document: Document | None) -> Document | None:
    if document is None:
        return None
    return {name: value for name, value in document.items() if name not in _TOLD_ANYWAY}
