"""Conditions over tickets: what can be written, what is refused and where, and what each of it means."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.conditions.fields import COLUMNS, FIELDS, Kind
from helpdesk.conditions.model import Viewer
from helpdesk.conditions.rules import document_of, holds, matches, parse, plan
from helpdesk.kernel.errors import Invalid
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import ActorKind, LastMessage, Priority, Snooze, Status, Visibility
from helpdesk.tickets.views import ClockRow, TicketRow
from tests.support.conditions import NOW, a_row, a_tree

ME = Viewer("jiwoo", frozenset({"support", "billing"}), NOW)
ROW = replace(
    a_row(random.Random(1), 1),
    status=Status.OPEN,
    priority=Priority.HIGH,
    group="support",
    assignee=None,
    tags=("VIP", "환불"),
    subject="Der Drucker in der Hauptstraße",
    requester_name="Kim Minsu",
    requester_address="kim@example.com",
    created_at=NOW - timedelta(hours=2),
    due_at=NOW + timedelta(hours=1),
    solved_at=None,
    snooze=None,
    impact=None,
    clocks=(
        ClockRow(Metric.FIRST_RESPONSE, due_at=NOW + timedelta(hours=2)),
        ClockRow(Metric.RESOLUTION, due_at=NOW),
    ),
    fields={"order": "HB-1", "amount": 9.5, "paid": False, "day": "2026-11-23", "colours": ["red", "Blue"]},
)


def meant(document: object, row: TicketRow = ROW, viewer: Viewer = ME) -> bool:
    return matches(plan(parse(document), viewer), row)


@pytest.mark.parametrize(
    ("leaf", "so"),
    [
        ({"field": "priority", "is": ["high", "urgent"]}, True),
        ({"field": "priority", "is": "low"}, False),
        ({"field": "priority", "is_not": ["low"]}, True),
        ({"field": "status_category", "is": "open"}, True),
        ({"field": "assignee", "empty": True}, True),
        ({"field": "assignee", "is": ["me", "none"]}, True),
        ({"field": "assignee", "is": ["me"]}, False),
        ({"field": "group", "is": ["my_groups"]}, True),
        ({"field": "group", "is_not": ["my_groups"]}, False),
        ({"field": "impact", "is": "none"}, True),
        ({"field": "tags", "is": ["vip"]}, True),
        ({"field": "tags", "contains": ["환"]}, True),
        ({"field": "tags", "is_not": ["vip", "x"]}, False),
        ({"field": "tags", "empty": True}, False),
        ({"field": "subject", "contains": ["HAUPTSTRASSE"]}, True),
        ({"field": "subject", "contains": "Scanner"}, False),
        ({"field": "requester_text", "contains": ["@EXAMPLE"]}, True),
        ({"field": "created_at", "within": "2h"}, True),
        ({"field": "created_at", "within": "119m"}, False),
        ({"field": "created_at", "older_than": "119m"}, True),
        ({"field": "created_at", "older_than": "2h"}, False),
        ({"field": "created_at", "before": "now"}, True),
        ({"field": "created_at", "after": "2026-11-23T07:59:59+09:00"}, True),
        ({"field": "created_at", "after": "now-2h"}, False),
        ({"field": "due_at", "within": "1h"}, True),
        ({"field": "due_at", "within": "59m"}, False),
        ({"field": "solved_at", "empty": True}, True),
        ({"field": "solved_at", "older_than": "1m"}, False),
        ({"field": "sla.first_response", "is": "running"}, True),
        ({"field": "sla.first_response", "breaches_within": "2h"}, True),
        ({"field": "sla.first_response", "breaches_within": "119m"}, False),
        ({"field": "sla.resolution", "is": "breached"}, True),
        ({"field": "sla.resolution", "breaches_within": "2h"}, False),
        ({"field": "sla", "is": ["breached"]}, True),
        ({"field": "sla", "breaches_within": "3h"}, True),
        ({"field": "sla.handoff", "empty": True}, True),
        ({"field": "snoozed", "is": False}, True),
        ({"field": "fields/order", "is": ["hb-1"]}, True),
        ({"field": "fields/order", "contains": ["B-"]}, True),
        ({"field": "fields/paid", "is": [False]}, True),
        ({"field": "fields/colours", "is": ["blue"]}, True),
        ({"field": "fields/amount", "at_least": 9.5}, True),
        ({"field": "fields/amount", "at_most": 9}, False),
        ({"field": "fields/day", "before": "2026-11-23"}, False),
        ({"field": "fields/day", "after": "2026-11-22"}, True),
        ({"field": "fields/nothing", "empty": True}, True),
        ({"all": []}, True),
        ({"any": []}, False),
        ({}, True),
        ({"not": {"all": [{"field": "priority", "is": "high"}, {"field": "group", "is": "billing"}]}}, True),
    ],
)
def test_a_comparison_means_what_it_says(leaf: dict[str, Any], *, so: bool) -> None:
    assert meant(leaf) is so


def test_who_is_waited_for_follows_from_the_status_and_the_last_word() -> None:
    def waited(row: TicketRow) -> set[str]:
        words = ("us", "requester", "third_party", "nobody")
        return {word for word in words if meant({"field": "waiting_on", "is": [word]}, row)}

    def said(kind: ActorKind, visibility: Visibility = Visibility.PUBLIC) -> TicketRow:
        return replace(ROW, last_message=LastMessage(NOW, kind, visibility, "..."))

    assert waited(said(ActorKind.REQUESTER)) == {"us"}
    assert waited(said(ActorKind.AGENT)) == {"requester"}
    assert waited(said(ActorKind.AGENT, Visibility.INTERNAL)) == {"us"}
    assert waited(replace(said(ActorKind.AGENT), status=Status.ON_HOLD)) == {"third_party"}
    assert waited(replace(said(ActorKind.REQUESTER), status=Status.SOLVED)) == {"nobody"}


def test_nobody_is_me_where_nobody_asks() -> None:
    nobody = Viewer("", frozenset(), NOW)
    assert not meant({"field": "assignee", "is": ["me"]}, replace(ROW, assignee=None), nobody)
    assert meant({"field": "snoozed", "is": True}, replace(ROW, snooze=Snooze("x", None)), nobody)


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([], ""),
        ({"all": {}}, "/all"),
        ({"all": [], "any": []}, ""),
        ({"some": []}, ""),
        ({"any": [{"field": "priority", "is": ["high", "very"]}]}, "/any/0/is/1"),
        ({"not": {"field": "shoe_size", "is": "42"}}, "/not/field"),
        ({"field": 7, "is": "x"}, "/field"),
        ({"field": "fields/", "is": "x"}, "/field"),
        ({"field": "fields/unknown", "is": "x"}, "/field"),
        ({"field": "priority"}, ""),
        ({"field": "priority", "is": "low", "is_not": "high"}, ""),
        ({"field": "priority", "before": "now"}, ""),
        ({"field": "priority", "empty": True}, ""),
        ({"field": "priority", "is": []}, "/is"),
        ({"field": "group", "is": ["nowhere"]}, "/is/0"),
        ({"field": "assignee", "is": [7]}, "/is/0"),
        ({"field": "assignee", "empty": "yes"}, "/empty"),
        ({"field": "created_at", "within": "two hours"}, "/within"),
        ({"field": "created_at", "before": "2026-11-23"}, "/before"),
        ({"field": "created_at", "before": ["now"]}, "/before"),
        ({"field": "sla", "breaches_within": "2"}, "/breaches_within"),
        ({"field": "subject", "contains": [""]}, "/contains/0"),
        ({"field": "snoozed", "is": ["true"]}, "/is/0"),
        ({"field": "fields/order", "before": "soon"}, "/before"),
        ({"field": "fields/order", "at_least": "10"}, "/at_least"),
        ({"field": "fields/order", "is": [None]}, "/is/0"),
    ],
)
def test_a_fault_is_named_with_its_place(document: object, pointer: str) -> None:
    known = {"group": ("support",), "fields": ("order",)}
    with pytest.raises(Invalid) as refused:
        parse(document, known, pointer="/conditions")
    assert [fault.pointer for fault in refused.value.errors] == [f"/conditions{pointer}"]


def test_conditions_have_an_end() -> None:
    deep: Any = {}
    for _ in range(9):
        deep = {"not": deep}
    many = {"any": [{"field": "priority", "is": "low"}] * 101}
    for document in (deep, many):
        with pytest.raises(Invalid):
            parse(document)


@given(st.integers())
def test_what_is_written_is_read_back_the_same(seed: int) -> None:
    tree = parse(a_tree(random.Random(seed)))
    assert parse(document_of(tree)) == tree


@given(st.integers())
def test_not_means_all_others(seed: int) -> None:
    chance = random.Random(seed)
    document, row = a_tree(chance), a_row(chance, 1)
    assert meant(document, row) is not meant({"not": document}, row)


def test_every_field_has_the_columns_that_its_tests_look_at() -> None:
    def tested(asked: Any) -> list[Any]:
        inside = getattr(asked, "of", None)
        if inside is None:
            return [asked]
        return [test for one in (inside if isinstance(inside, tuple) else (inside,)) for test in tested(one)]

    for name, field in FIELDS.items():
        ops: dict[Kind, dict[str, Any]] = {
            Kind.TEXT: {"contains": "x"},
            Kind.PAST: {"within": "1h"},
            Kind.FUTURE: {"within": "1h"},
            Kind.FLAG: {"is": True},
        }
        leaf = {"field": name} | ops.get(field.kind, {"is": (field.choices or ("x",))[0]})
        for test in tested(plan(parse(leaf), ME)):
            holds(test, COLUMNS[test.column].read(ROW))
