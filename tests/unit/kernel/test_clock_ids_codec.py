"""Instants as text, ids in order of time, and dataclasses that come back as they went."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.model import Category, Mailbox
from helpdesk.kernel.clock import format_instant, parse_instant, system_clock
from helpdesk.kernel.codec import canonical_json, from_document, to_document
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.mail.service import LedgerEntry
from helpdesk.people.model import Agent, Group, Person
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.surveys.model import Survey
from helpdesk.tickets.facts import FACTS
from helpdesk.tickets.model import Channel, Copies, Message, Priority, Status, Ticket, TicketType
from helpdesk.tickets.views import TicketRow

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones).map(  # noqa: DTZ001 - bounds are naive
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
modern = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)


@given(instants)
def test_an_instant_comes_back_from_its_text_to_the_millisecond(at: datetime) -> None:
    assert parse_instant(format_instant(at)) == at


@given(instants, instants)
def test_instants_sort_as_text_as_they_do_in_time(one: datetime, other: datetime) -> None:
    assert (format_instant(one) < format_instant(other)) == (one < other)
    assert len(format_instant(one)) == 24


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        format_instant(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point
    for text in ("2026-11-23T09:00:00", "2026-11-23", "yesterday"):
        with pytest.raises(ValueError):
            parse_instant(text)


def test_the_systems_time_is_cut_to_what_is_stored() -> None:
    now = system_clock()
    assert parse_instant(format_instant(now)) == now


@given(modern, modern)
def test_ids_sort_by_the_millisecond_they_were_made_in(one: datetime, other: datetime) -> None:
    if one < other:
        assert new_id(one)[:10] <= new_id(other)[:10]
        assert derived_id(one, "x")[:10] <= derived_id(other, "x")[:10]
    if other - one >= timedelta(milliseconds=2):
        assert new_id(one) < new_id(other)
    assert is_id(new_id(one))


@given(
    modern,
    st.lists(st.text(alphabet="ab", max_size=2), max_size=3),
    st.lists(st.text(alphabet="ab", max_size=2), max_size=3),
)
def test_a_derived_id_follows_from_its_parts_alone(at: datetime, parts: list[str], others: list[str]) -> None:
    assert is_id(derived_id(at, *parts))
    assert (derived_id(at, *parts) == derived_id(at, *others)) == ("\n".join(parts) == "\n".join(others))


@pytest.mark.parametrize(
    "text", ["", "1042", "01jd0000000000000000000000", "8" + "0" * 25, "0" * 27, "0" * 25 + "I", "../x"]
)
def test_what_is_no_id_names_nothing(text: str) -> None:
    assert not is_id(text)


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert (
        canonical_json({"b": "한", "a": [1]}) == canonical_json({"a": [1], "b": "한"}) == '{"a":[1],"b":"한"}'.encode()
    )


# --- what is stored must be readable again ---------------------------------------------------------------------------

STORED = (
    Ticket,
    Message,
    TicketRow,
    Person,
    Agent,
    Group,
    Category,
    Mailbox,
    SlaPolicy,
    BusinessCalendar,
    LedgerEntry,
    Survey,
)


def reachable(kind: object, found: set[type]) -> set[type]:
    """All dataclasses that a type is made of."""
    if isinstance(kind, typing.TypeAliasType):
        return reachable(kind.__value__, found)
    for part in typing.get_args(kind):
        reachable(part, found)
    if isinstance(kind, type) and is_dataclass(kind) and kind not in found:
        found.add(kind)
        for hint in typing.get_type_hints(kind).values():
            reachable(hint, found)
    return found


def may_be_empty(hint: object) -> bool:
    if isinstance(hint, typing.TypeAliasType):
        return may_be_empty(hint.__value__)
    if isinstance(hint, types.UnionType):
        return type(None) in typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is tuple:
        return typing.get_args(hint)[-1] is Ellipsis
    return origin in (list, dict, Mapping)


def all_stored() -> list[type]:
    found: set[type] = set()
    for kind in (*STORED, *FACTS.values()):
        reachable(kind, found)
    return sorted(found, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", all_stored(), ids=lambda kind: kind.__name__)
def test_what_may_be_empty_is_empty_by_default_since_documents_leave_it_out(kind: type) -> None:
    hints = typing.get_type_hints(kind)
    for field in fields(kind):
        if not may_be_empty(hints[field.name]):
            continue
        factory = field.default_factory
        default = factory() if factory is not MISSING else field.default
        assert default in (None, (), [], {}) or tuple_of_empties(default), f"{kind.__name__}.{field.name}"


def tuple_of_empties(value: object) -> bool:
    """As a week without windows: its place in a list is kept even when it is empty."""
    return isinstance(value, tuple) and all(part == () for part in value)


@given(instants, st.text(), st.booleans(), st.integers(-(2**53), 2**53))
def test_nothing_that_says_something_is_left_out_of_a_document(at: datetime, text: str, flag: bool, count: int) -> None:  # noqa: FBT001
    field_values = {"text": text, "flag": flag, "count": count}
    ticket = replace(TICKET, created_at=at.astimezone(UTC), copies=Copies(subject=text, fields=field_values))
    assert from_document(Ticket, json.loads(json.dumps(to_document(ticket)))) == ticket


TICKET = Ticket(
    "t",
    1,
    "chain",
    1001,
    Status.NEW,
    TicketType.REQUEST,
    Priority.NORMAL,
    Channel.WEB,
    "en",
    "p",
    datetime(2026, 11, 23, tzinfo=UTC),
    datetime(2026, 11, 23, tzinfo=UTC),
)
