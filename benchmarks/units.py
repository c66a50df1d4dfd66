"""What a call costs in DynamoDB's units, computed from the items it touches: no engine on this machine charges for it.

Source of the rules: DynamoDB developer guide, "Item sizes and formats", "Read/write capacity", "Global secondary
indexes" and "Transactions". A read unit is 4 KB read consistently, or 8 KB eventually; a write unit is 1 KB; what is
written in a transaction counts twice. Indexes follow a write by themselves, so their entries are counted once;
`Cost.most` counts them twice too, as the guide does not say it.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from helpdesk.contracts.table import INDEXES, PARTITION_KEY, SORT_KEY, Index, Projection
from tests.support.wire import AwsCall

type Item = Mapping[str, Any]
type Find = Callable[[str, str], Item | None]

READ_BYTES: Final = 4096
WRITE_BYTES: Final = 1024
_IN_TRANSACTION: Final = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """Units of one call, or of several.

    Attributes:
        calls: to DynamoDB.
        reads: read units.
        table_writes: write units of the table itself, transactions counted twice.
        index_writes: write units of index entries.
        index_writes_in_transactions: the part of them that transactions caused.
    """

    calls: int = 0
    reads: float = 0.0
    table_writes: int = 0
    index_writes: int = 0
    index_writes_in_transactions: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.calls + other.calls,
            self.reads + other.reads,
            self.table_writes + other.table_writes,
            self.index_writes + other.index_writes,
            self.index_writes_in_transactions + other.index_writes_in_transactions,
        )

    @property
    def writes(self) -> int:
        """Write units."""
        return self.table_writes + self.index_writes

    @property
    def most(self) -> int:
        """Write units, if indexes count twice as well when a transaction changes them."""
        return self.writes + self.index_writes_in_transactions


def item_size(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    kind, inner = next(iter(value.items()))
    match kind:
        case "S":
            return len(inner.encode())
        case "N":
            digits = len(str(inner).replace("-", "").replace(".", "").strip("0"))
            return math.ceil(digits / 2) + 1
        case "B":
            return len(inner)
        case "M":
            return 3 + sum(len(name.encode()) + _value_size(one) + 1 for name, one in inner.items())
        case "L":
            return 3 + sum(_value_size(one) + 1 for one in inner)
        case _:
            return 1


def written_keys(call: AwsCall) -> list[tuple[str, str]]:
    """The keys of the items a call writes."""
    params = call.params
    match call.operation:
        case "PutItem":
            return [_key(params["Item"])]
        case "UpdateItem" | "DeleteItem":
            return [_key(params["Key"])]
        case "TransactWriteItems":
            operations = [next(iter(one.values())) for one in params["TransactItems"]]
            return [_key(one.get("Item") or one["Key"]) for one in operations]
        case _:
            return []


def write_cost(call: AwsCall, before: Iterable[Item | None], after: Iterable[Item | None]) -> Cost:
    """What a call that wrote costs.

    Args:
        call: the call.
        before: the items of `written_keys` as they were.
        after: as they are now.
    """
    factor = _IN_TRANSACTION if call.operation == "TransactWriteItems" else 1
    table = index = 0
    for old, new in zip(before, after, strict=True):
        table += factor * _units(max(_size(old), _size(new)))
        index += sum(_index_units(one, old, new) for one in INDEXES)
    return Cost(1, 0.0, table, index, index if factor == _IN_TRANSACTION else 0)


def read_cost(call: AwsCall, answer: Mapping[str, Any]) -> Cost:
    """What a call that read costs."""
    match call.operation:
        case "GetItem":
            return Cost(1, _read_units(_size(answer.get("Item")), consistent=_consistent(call.params)))
        case "Query":
            size = sum(item_size(item) for item in answer["Items"])
            return Cost(1, _read_units(size, consistent=_consistent(call.params)))
        case "BatchGetItem":
            (table, asked), *_ = call.params["RequestItems"].items()
            found = answer["Responses"].get(table, [])
            sizes = [item_size(item) for item in found] + [0] * (len(asked["Keys"]) - len(found))
            return Cost(1, sum(_read_units(size, consistent=_consistent(asked)) for size in sizes))
        case _:
            return Cost(1)


def _consistent(params: Mapping[str, Any]) -> bool:
    return bool(params.get("ConsistentRead"))


def _read_units(size: int, *, consistent: bool) -> float:
    return max(1, math.ceil(size / READ_BYTES)) * (1.0 if consistent else 0.5)


def _units(size: int) -> int:
    return max(1, math.ceil(size / WRITE_BYTES))


def _size(item: Item | None) -> int:
    return item_size(item) if item else 0


def _key(attributes: Item) -> tuple[str, str]:
    return attributes[PARTITION_KEY]["S"], attributes[SORT_KEY]["S"]


def _entry(index: Index, item: Item | None) -> dict[str, Any] | None:
    """What an index holds of an item; None when the item is not in it."""
    if item is None or index.partition_key not in item or index.sort_key not in item:
        return None
    names = [PARTITION_KEY, SORT_KEY, index.partition_key, index.sort_key]
    if index.projection is Projection.INCLUDE:
        names += index.include
    return {name: item[name] for name in names if name in item}


def _index_units(index: Index, old_item: Item | None, new_item: Item | None) -> int:
    old, new = _entry(index, old_item), _entry(index, new_item)
    if old == new:
        return 0
    if old is None or new is None:
        return _units(_size(old or new))
    if (old[index.partition_key], old[index.sort_key]) != (new[index.partition_key], new[index.sort_key]):
        return _units(_size(old)) + _units(_size(new))
    return _units(max(_size(old), _size(new)))
