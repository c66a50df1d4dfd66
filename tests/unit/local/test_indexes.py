"""A query of the emulator's indexes looks at what it asks for and one more, whatever else is in the partition."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local.indexes import Partition, Range, asked_range

TABLE = {
    "pk_name": "pk",
    "sk_name": "sk",
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_state",
            "KeySchema": [
                {"AttributeName": "state_pk", "KeyType": "HASH"},
                {"AttributeName": "state_sk", "KeyType": "RANGE"},
            ],
        }
    ],
}
NAMES = {"#0": "state_pk", "#1": "state_sk"}


def _query(condition: str, *values: str, **more: Any) -> dict[str, Any]:
    named = {f":{at}": {"S": value} for at, value in enumerate(("OPEN", *values))}
    return {
        "IndexName": "by_state",
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": NAMES,
        "ExpressionAttributeValues": named,
        **more,
    }


CONDITIONS = {
    "#0 = :0": lambda _value, _a, _b: True,
    "(#0 = :0 AND #1 = :1)": lambda value, a, _b: value == a,
    "(#0 = :0 AND #1 < :1)": lambda value, a, _b: value < a,
    "(#0 = :0 AND #1 <= :1)": lambda value, a, _b: value <= a,
    "(#0 = :0 AND #1 > :1)": lambda value, a, _b: value > a,
    "(#0 = :0 AND #1 >= :1)": lambda value, a, _b: value >= a,
    "(#0 = :0 AND #1 BETWEEN :1 AND :2)": lambda value, a, b: a <= value <= b,
    "(#0 = :0 AND begins_with (#1, :1))": lambda value, a, _b: value.startswith(a),
}
words = st.text("ab~é", min_size=1, max_size=3)


@given(
    condition=st.sampled_from(sorted(CONDITIONS)),
    bounds=st.tuples(words, words).map(sorted),
    values=st.lists(words, max_size=12),
    forward=st.booleans(),
    limit=st.none() | st.integers(1, 5),
    after=st.none() | st.integers(0, 11),
)
def test_it_is_what_looking_at_everything_would_find(
    *, condition: str, bounds: list[str], values: list[str], forward: bool, limit: int | None, after: int | None
) -> None:
    places = sorted((value, f"P{at:02d}", "S") for at, value in enumerate(values))
    cursor = places[after % len(places)] if after is not None and places else None
    more: dict[str, Any] = {"ScanIndexForward": forward}
    if limit is not None:
        more["Limit"] = limit
    if cursor is not None:
        more["ExclusiveStartKey"] = {
            "state_pk": {"S": "OPEN"},
            "state_sk": {"S": cursor[0]},
            "pk": {"S": cursor[1]},
            "sk": {"S": cursor[2]},
        }
    asked = asked_range(_query(condition, *bounds, **more), TABLE)
    assert asked is not None
    wanted = [one for one in places if CONDITIONS[condition](one[0], *bounds)]
    if cursor is not None:
        wanted = [one for one in wanted if (one > cursor if forward else one < cursor)]
    if limit is not None:
        wanted = wanted[: limit + 1] if forward else wanted[-limit - 1 :]
    assert asked.of(places) == wanted


def test_what_is_not_known_here_is_left_to_the_emulator() -> None:
    assert asked_range(_query("#0 = :0 AND size(#1) > :1", "x"), TABLE) is None
    assert asked_range(_query("#0 = :0") | {"IndexName": "other"}, TABLE) is None


def test_a_partition_follows_its_items() -> None:
    items: dict[str, Any] = {"A": {"S": {"state_sk": {"S": "2"}}}, "B": {"S": {"state_sk": {"S": "1"}}}}
    partition = Partition(items, "state_sk")
    partition["A", "S"] = None
    partition["B", "S"] = None
    assert list(partition) == [("B", "S"), ("A", "S")]
    items["B"]["S"] = {"state_sk": {"S": "3"}}
    partition["B", "S"] = None
    assert list(partition) == [("A", "S"), ("B", "S")]
    partition.pop(("A", "S"))
    assert (list(partition), len(partition)) == ([("B", "S")], 1)
    assert Range(limit=1).of([("1", "A", "S"), ("2", "B", "S"), ("3", "C", "S")]) == [("1", "A", "S"), ("2", "B", "S")]
