"""The table as the stores see it: PynamoDB items on one connection, and transactions that say what refused them."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.constants import STRING
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from helpdesk.contracts import table as contract
from helpdesk.contracts.table import Key
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import Unavailable

CONDITION_FAILED: Final = "ConditionalCheckFailed"
_ENDINGS: Final = 8
_CONFLICT: Final = "TransactionConflictException"
_BUSY: Final = "Somebody else is changing the same thing."
"""How often what a transaction tells is made anew because somebody else told something first."""


class DocumentAttribute(Attribute[Document]):
    """A plain document as JSON text: an item's inside costs one decode, not one a field."""

    attr_type = STRING

    def serialize(self, value: Document) -> str:
        """To JSON."""
        return msgspec.json.encode(value).decode()

    def deserialize(self, value: str) -> Document:
        """From JSON."""
        document: Document = msgspec.json.decode(value)
        return document


class Item(Model):
    """What every item has: the key, and perhaps an end. All models share its one connection."""

    class Meta:
        """PynamoDB's description of the table; `bind_table` gives the name."""

        table_name: str | None = None
        region: str | None = None
        host: str | None = None
        max_retry_attempts = 4
        connect_timeout_seconds = 3
        read_timeout_seconds = 8

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)

    @classmethod
    def at(cls, key: Key) -> tuple[str, str]:
        """A key as PynamoDB's calls take it."""
        return key.pk, key.sk


def _index(description: contract.Index) -> GlobalSecondaryIndex[Item]:
    """A PynamoDB index of the contract's description, for reading."""
    body = {
        "Meta": type("Meta", (), {"index_name": description.name, "projection": AllProjection()}),
        description.partition_key: UnicodeAttribute(hash_key=True),
        description.sort_key: UnicodeAttribute(range_key=True),
    }
    made: GlobalSecondaryIndex[Item] = type(f"Index_{description.name}", (GlobalSecondaryIndex,), body)()
    return made


class IndexedItem(Item):
    """An item that may appear in the indexes: a ticket's snapshot, a raw mail that waits."""

    by_group = _index(contract.BY_GROUP)
    by_assignee = _index(contract.BY_ASSIGNEE)
    by_state = _index(contract.BY_STATE)
    by_requester = _index(contract.BY_REQUESTER)
    by_reference = _index(contract.BY_REFERENCE)
    by_due = _index(contract.BY_DUE)
    by_change = _index(contract.BY_CHANGE)

    group_pk = UnicodeAttribute(null=True)
    group_sk = UnicodeAttribute(null=True)
    assignee_pk = UnicodeAttribute(null=True)
    assignee_sk = UnicodeAttribute(null=True)
    state_pk = UnicodeAttribute(null=True)
    state_sk = UnicodeAttribute(null=True)
    requester_pk = UnicodeAttribute(null=True)
    requester_sk = UnicodeAttribute(null=True)
    reference_pk = UnicodeAttribute(null=True)
    reference_sk = UnicodeAttribute(null=True)
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    change_pk = UnicodeAttribute(null=True)
    change_sk = UnicodeAttribute(null=True)
    row = DocumentAttribute(null=True)
    version = NumberAttribute(null=True)


class CounterItem(Item):
    """A number that only goes up, an agent's load, or calls in a window."""

    tally = NumberAttribute(null=True)


class CountedItem(CounterItem):
    """A number that goes up, and when it last did."""

    last_at = UnicodeAttribute(null=True)


def note_moved(transaction: "Transaction", kind: str) -> None:
    """Lets pages know that their copies of a kind of things are old: `person`, `view` ... Settings have their versions."""
    transaction.update(CounterItem(*Item.at(contract.moved_key(kind))), [CounterItem.tally.add(1)])


def bind_table(name: str) -> None:
    """Points all items at a table, on one connection with one client."""
    Item.Meta.table_name = name
    Item._connection = None  # noqa: SLF001 - PynamoDB keeps a connection a class; ours is shared by inheritance
    IndexedItem._connection = None  # noqa: SLF001
    IndexedItem._get_connection()  # noqa: SLF001 - the class that knows all indexes makes it
    Item._connection = IndexedItem._connection  # noqa: SLF001


def connection() -> Connection:
    """The connection that `bind_table` made."""
    return Item._get_connection().connection  # noqa: SLF001 - transactions want the connection itself


class Refused(Exception):
    """A transaction was refused because conditions did not hold.

    Attributes:
        labels: of the operations whose conditions failed.
    """

    def __init__(self, labels: Iterable[str]) -> None:
        self.labels = frozenset(labels)
        super().__init__(", ".join(sorted(self.labels)))


class Contended(Unavailable):
    """Another transaction held one of the items. Nothing was written; trying again is safe."""


@dataclass(frozen=True, slots=True)
class _Put:
    item: Item
    condition: Condition | None
    label: str


@dataclass(frozen=True, slots=True)
class _Update:
    item: Item
    actions: Sequence[Action]
    condition: Condition | None
    label: str


@dataclass(frozen=True, slots=True)
class _Delete:
    item: Item
    condition: Condition | None
    label: str


type Ending = Callable[[Sequence[Told]], Sequence[tuple[Item, Condition | None]]]
"""Makes the items that tell what a transaction does, each with its condition, out of what was told and what is there."""


class Transaction:
    """Writes that happen all or not at all; each conditional one has a label to be refused by."""

    def __init__(self) -> None:
        self._told: list[Told] = []
        self._ending: tuple[Ending, str] | None = None
        self._puts: list[_Put] = []
        self._updates: list[_Update] = []
        self._deletes: list[_Delete] = []

    def put(self, item: Item, *, condition: Condition | None = None, label: str = "") -> None:
        """Puts an item."""
        self._puts.append(_Put(item, condition, label))

    def create(self, item: Item, *, label: str) -> None:
        """Puts an item that must not be there yet."""
        self.put(item, condition=Item.pk.does_not_exist(), label=label)

    def update(
        self, item: Item, actions: Sequence[Action], *, condition: Condition | None = None, label: str = ""
    ) -> None:
        """Changes an item in place."""
        self._updates.append(_Update(item, actions, condition, label))

    def delete(self, item: Item, *, condition: Condition | None = None, label: str = "") -> None:
        """Takes an item away."""
        self._deletes.append(_Delete(item, condition, label))

    def tell(self, told: Told, ending: Ending, label: str) -> None:
        """Lets the trail tell of it, too: see `platform.audit.tell`."""
        self._told.append(told)
        self._ending = ending, label

    def commit(self) -> None:
        """Writes all of it.

        Raises:
            Refused: some condition did not hold.
            Contended: another transaction was at one of the items.
        """
        if self._ending is None:
            self._commit()
            return
        ending, label = self._ending
        for _ in range(_ENDINGS):
            puts = list(self._puts)
            for item, condition in ending(self._told):
                self.put(item, condition=condition, label=label)
            try:
                self._commit()
            except Refused as refused:
                if refused.labels != {label}:
                    raise
            else:
                return
            finally:
                self._puts = puts
        raise Contended("Others are doing something at the same time; try again in a moment.")

    def _commit(self) -> None:
        try:
            with TransactWrite(connection=connection()) as writes:
                for delete in self._deletes:
                    writes.delete(delete.item, condition=delete.condition)
                for put in self._puts:
                    writes.save(put.item, condition=put.condition)
                for update in self._updates:
                    writes.update(update.item, actions=list(update.actions), condition=update.condition)
        except TransactWriteError as error:
            self._explain(error)

    def _explain(self, error: TransactWriteError) -> None:
        # PynamoDB sends deletes, then puts, then updates, and DynamoDB answers a reason for each in that order.
        labels = [delete.label for delete in self._deletes]
        labels += [put.label for put in self._puts] + [update.label for update in self._updates]
        reasons = list(error.cancellation_reasons or [])
        failed = [
            label
            for label, reason in zip(labels, reasons, strict=False)
            if reason is not None and reason.code == CONDITION_FAILED
        ]
        if failed:
            raise Refused(failed) from error
        if reasons or error.cause_response_code in {"TransactionInProgressException", _CONFLICT}:
            raise Contended(_BUSY) from error
        raise error


@contextlib.contextmanager
def table_errors() -> Iterator[None]:
    """Turns what the table could not do into the desk's own refusal."""
    try:
        yield
    except PynamoDBException as error:
        if error.cause_response_code in {"ProvisionedThroughputExceededException", "ThrottlingException"}:
            raise Unavailable("The desk is very busy; try again in a moment.") from error
        if error.cause_response_code == _CONFLICT:  # a single write can meet a transaction, too
            raise Contended(_BUSY) from error
        raise


def position_of(last_key: Mapping[str, Mapping[str, str]] | None) -> dict[str, str] | None:
    """A LastEvaluatedKey as a page's position (all key attributes of ours are strings)."""
    if not last_key:
        return None
    return {name: value["S"] for name, value in last_key.items()}


def last_key_of(position: Mapping[str, str] | None) -> dict[str, dict[str, str]] | None:
    """A page's position as DynamoDB wants it."""
    if position is None:
        return None
    return {name: {"S": value} for name, value in position.items()}
