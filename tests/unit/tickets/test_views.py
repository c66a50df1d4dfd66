"""What lists show, what searching means, and how agents' words for tickets are read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Invalid
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Priority, Status, Visibility
from helpdesk.tickets.views import ClockState, TicketQuery, TicketRow, summarize
from helpdesk.tickets.workflow import StatusDefinition
from helpdesk.tickets.working import parse_field, parse_search, parse_statuses
from tests.support.desks import RULES
from tests.support.lives import MINA, Life


@pytest.fixture
def life() -> Life:
    return Life(RULES).open()


def state(life: Life, metric: Metric) -> tuple[ClockState, int | None]:
    found = next(clock for clock in summarize(life.stands).clocks if clock.metric is metric)
    return found.state(life.now), found.remaining_seconds


def test_a_clock_is_shown_running_paused_met_or_breached(life: Life) -> None:
    assert state(life, Metric.FIRST_RESPONSE) == (ClockState.RUNNING, None)
    life.now += timedelta(hours=1)
    life.says(MINA, status=Status.PENDING)
    assert state(life, Metric.FIRST_RESPONSE) == (ClockState.MET, None)
    assert state(life, Metric.RESOLUTION) == (ClockState.PAUSED, 39 * 3600)
    life.change(status=Status.OPEN)
    life.now += timedelta(days=30)
    assert state(life, Metric.RESOLUTION) == (ClockState.BREACHED, None)  # shown so before any sweep has recorded it
    life.tick()
    assert state(life, Metric.RESOLUTION) == (ClockState.BREACHED, None)


def test_next_response_is_not_shown_before_anybody_waits_for_one(life: Life) -> None:
    assert {clock.metric for clock in summarize(life.stands).clocks} == {Metric.FIRST_RESPONSE, Metric.RESOLUTION}


@pytest.mark.parametrize(
    ("typed", "number", "words"),
    [
        ("#1042", 1042, ()),
        (" 1042 ", 1042, ()),
        ("#1042 invoice", None, ("#1042", "invoice")),
        ("Invoice  WRONG", None, ("invoice", "wrong")),
        ("STRASSE straße", None, ("strasse", "strasse")),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", None, ("한글",)),
        ("#", None, ("#",)),
        ("\u0661\u0662", None, ("\u0661\u0662",)),
        ("1" * 12, None, ("1" * 12,)),
        ("", None, ()),
    ],
)
def test_what_is_typed_is_a_number_or_words(typed: str, number: int | None, words: tuple[str, ...]) -> None:
    assert parse_search(typed) == (number, words)


REPAIR = StatusDefinition("in_repair", Status.ON_HOLD, {"en": "In repair"})


def test_statuses_are_named_one_by_one_or_by_what_they_mean() -> None:
    assert parse_statuses("pending,on_hold", {}) == ({Status.PENDING, Status.ON_HOLD}, ())
    assert parse_statuses("active", {})[0] == {Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD}
    assert parse_statuses("done,new", {})[0] == {Status.SOLVED, Status.CLOSED, Status.NEW}
    assert parse_statuses("open,in_repair", {"in_repair": REPAIR}) == ({Status.OPEN}, (("in_repair", Status.ON_HOLD),))


@pytest.mark.parametrize("text", ["opened", "open,", "Open", " open"])
def test_a_status_that_is_none_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_statuses(text, {"in_repair": REPAIR})
    assert refusal.value.errors[0].pointer == "/status"
    assert "on_hold" in refusal.value.errors[0].message
    assert "in_repair" in refusal.value.errors[0].message


@pytest.mark.parametrize("text", ["order", ":x", "order:", " : "])
def test_a_field_to_look_for_needs_a_name_and_a_value(text: str) -> None:
    with pytest.raises(Invalid):
        parse_field(text)


def matches(row: TicketRow, **wanted: object) -> bool:
    return TicketQuery(**wanted).matches(row)


def test_each_filter_of_a_list_leaves_out_what_is_otherwise(life: Life) -> None:
    life.change(group="support", assignee="mina", category="billing", tags=("vip",))
    life.says(MINA, Visibility.INTERNAL)
    row = summarize(life.stands)
    assert matches(row, group="support", assignee="mina", category="billing", priority=Priority.NORMAL, number=1001)
    assert not matches(row, group="billing")
    assert not matches(row, group="none")
    assert not matches(row, assignee="none")
    assert not matches(row, category="other")
    assert not matches(row, priority=Priority.HIGH)
    assert not matches(row, number=1002)
    assert not matches(row, requester_id="somebody")
    assert not matches(row, statuses=frozenset({Status.SOLVED}))


@pytest.mark.parametrize("words", [("invoice",), ("4711", "김민수"), ("minsu@", "vip"), ("text of",)])
def test_every_word_must_occur_in_subject_requester_tags_or_the_last_message(
    life: Life, words: tuple[str, ...]
) -> None:
    life.change(tags=("vip",))
    life.says(MINA)
    row = summarize(life.stands)
    assert matches(row, words=words)
    assert not matches(row, words=(*words, "elsewhere"))


def test_nobodys_tickets_are_those_without_a_group_or_an_assignee(life: Life) -> None:
    assert matches(summarize(life.stands), group="none", assignee="none")


@given(st.frozensets(st.sampled_from(list(Status))))
def test_a_query_knows_whether_only_done_tickets_can_match(statuses: frozenset[Status]) -> None:
    done = {status in {Status.SOLVED, Status.CLOSED} for status in statuses}
    assert TicketQuery(statuses=statuses).done == (done.pop() if len(done) == 1 else None)
