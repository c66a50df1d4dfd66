"""Keeps the emulator's indexes in order, so that a list of a desk with 20,000 tickets is read as quickly as one of a hundred.

The emulator sorts a whole partition of an index for every query and holds each of its entries against the condition: half a
second of processor time where 20,000 tickets are in one list. Here the entries lie sorted, and a query looks at those
that its condition, its position and its limit leave, and one more. What it answers is still the emulator's to say.

Below the emulator's public surface, as `local.engine` is; written against the same pinned version.
"""

import importlib
import re
import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LAST = "\U0010ffff"
"""Sorts behind every letter that a key has."""
_COMPARES = re.compile(r"(<=|<|>=|>|=)\s*(:\w+)")
_BETWEEN = re.compile(r"BETWEEN\s+(:\w+)\s+AND\s+(:\w+)", re.IGNORECASE)

Place = tuple[str, str, str]
"""A value of an index's sort key, and the item's own key."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a query asks of one partition of an index.

    Attributes:
        begin: the first place it may be, as `bisect_left` takes it; empty: the first of all.
        end: the place it ends before; empty: behind the last.
        after: the place that the page before ended with.
        forward: whether from the first to the last.
        limit: how many items at most.
    """

    begin: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    after: Place | None = None
    forward: bool = True
    limit: int | None = None

    def of(self, places: list[Place]) -> list[Place]:
        """The places that are asked for, and one behind them: the emulator says itself whether there are more."""
        low = bisect_left(places, self.begin) if self.begin else 0
        high = bisect_left(places, self.end) if self.end else len(places)
        if self.after is not None and self.forward:
            low = max(low, bisect_right(places, self.after))
        elif self.after is not None:
            high = min(high, bisect_left(places, self.after))
        if self.limit is not None and self.forward:
            high = min(high, low + self.limit + 1)
        elif self.limit is not None:
            low = max(low, high - self.limit - 1)
        return places[low:high]


_asked = threading.local()


class Partition:
    """One partition of an index: what the emulator keeps in a dictionary, sorted.

    Args:
        items: the table's, by partition and sort key.
        sort_key: the name of the index's sort key; None: it has none.
    """

    def __init__(self, items: dict[str, Any], sort_key: str | None) -> None:
        self._items = items
        self._sort_key = sort_key
        self._values: dict[tuple[str, str], str] = {}
        self._places: list[Place] = []

    def __setitem__(self, key: tuple[str, str], _nothing: None) -> None:
        """Takes an item in; it is in the table already."""
        self.pop(key)
        item = self._items[key[0]][key[1]]
        value = next(iter(item[self._sort_key].values())) if self._sort_key else ""
        self._values[key] = value
        insort(self._places, (value, *key))

    def pop(self, key: tuple[str, str], _default: None = None) -> None:
        """Takes an item out, if it is there."""
        value = self._values.pop(key, None)
        if value is not None:
            del self._places[bisect_left(self._places, (value, *key))]

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        asked: Range | None = getattr(_asked, "range", None)
        places = self._places if asked is None else asked.of(self._places)
        return iter([(pk, sk) for _, pk, sk in places])


class Partitions(dict[str, Partition]):
    """All partitions of one index."""

    def __init__(self, items: dict[str, Any], sort_key: str | None) -> None:
        super().__init__()
        self._items, self._sort_key = items, sort_key

    def setdefault(self, partition: str, _default: object = None) -> Partition:
        """The partition; a new one if there was none."""
        found = self.get(partition)
        if found is None:
            found = self[partition] = Partition(self._items, self._sort_key)
        return found


def keep_sorted() -> None:
    """Lets the emulator's queries of indexes look at no more than they answer; to be called once."""
    tables: Any = importlib.import_module("ministack.services.dynamodb")
    query, members_of = tables._query, tables._index_members  # noqa: SLF001
    kept = tables._INDEX_MEMBERS  # noqa: SLF001

    def sorted_members(table: dict[str, Any]) -> dict[str, Partitions]:
        if kept not in table:
            ranges = {name: (ranges or [None])[0] for name, _, ranges in tables._index_key_schemas(table)}  # noqa: SLF001
            made = {name: Partitions(table["items"], sort_key) for name, sort_key in ranges.items()}
            for name, partitions in members_of(table).items():
                for partition, keys in partitions.items():
                    for key in keys:
                        made[name].setdefault(partition)[key] = None
            table[kept] = made
        found: dict[str, Partitions] = table[kept]
        return found

    def narrow_query(data: dict[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer
        table = tables._tables.get(tables._normalize_table_name(data.get("TableName") or ""))  # noqa: SLF001
        _asked.range = asked_range(data, table) if table and data.get("IndexName") else None
        try:
            return query(data)
        finally:
            _asked.range = None

    tables._index_members = sorted_members  # noqa: SLF001
    tables._query = narrow_query  # noqa: SLF001


def asked_range(data: dict[str, Any], table: dict[str, Any]) -> Range | None:
    """What a query asks of its partition; None: it is not said in a way that is known here, and all of it is looked at."""
    index = next(
        (one for one in table.get("GlobalSecondaryIndexes", []) if one["IndexName"] == data["IndexName"]), None
    )
    names = {one["KeyType"]: one["AttributeName"] for one in (index or {}).get("KeySchema", [])}
    if len(names) != 2 or len((index or {}).get("KeySchema", [])) != 2:
        return None
    bounds = _bounds(data, names["RANGE"])
    if bounds is None:
        return None
    after, limit = data.get("ExclusiveStartKey"), data.get("Limit")
    own = (names["RANGE"], table["pk_name"], table["sk_name"])
    return Range(
        *bounds,
        after=None if not after else (_text(after, own[0]), _text(after, own[1]), _text(after, own[2])),
        forward=data.get("ScanIndexForward", True) is not False,
        limit=int(limit) if limit else None,
    )


def _text(key: dict[str, Any], name: str) -> str:
    return str(next(iter(key.get(name, {"S": ""}).values())))


def _bounds(data: dict[str, Any], sort_key: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Where a query begins and ends, by its condition on the sort key."""
    condition = str(data.get("KeyConditionExpression") or "")
    values = {name: _text({"": value}, "") for name, value in (data.get("ExpressionAttributeValues") or {}).items()}
    by_name = {name: alias for alias, name in (data.get("ExpressionAttributeNames") or {}).items()}
    name = re.escape(by_name.get(sort_key, sort_key))
    if not condition:
        return None
    mentioned = re.search(rf"{name}(?!\w)", condition)
    if mentioned is None:
        return (), ()
    if begins := re.search(rf"begins_with\s*\(\s*{name}\s*,\s*(:\w+)\s*\)", condition):
        prefix = values[begins[1]]
        return (prefix,), (prefix + LAST,)
    behind = condition[mentioned.end() :].strip()
    if between := _BETWEEN.match(behind):
        return (values[between[1]],), (values[between[2]], LAST)
    if compares := _COMPARES.match(behind):
        value = values[compares[2]]
        return {
            "=": ((value,), (value, LAST)),
            "<=": ((), (value, LAST)),
            "<": ((), (value,)),
            ">=": ((value,), ()),
            ">": ((value, LAST), ()),
        }[compares[1]]
    return None
