"""The ledger of a ticket's clocks: told by hand, and held to the clocks over random lives."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.sla import rules as sla
from helpdesk.sla.ledger import Going, Ledger, NoteKind, ledger
from helpdesk.sla.model import Metric
from helpdesk.tickets.commands import RestoreTicket
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import Priority, Reason, Status
from helpdesk.tickets.parts.standing import standing_of
from tests.support import desks, escalating
from tests.support.lives import MINA, REQUESTER, Life, Wish, openings, wishes

FIRST, RESOLUTION = Metric.FIRST_RESPONSE, Metric.RESOLUTION


def of(life: Life) -> Ledger:
    return ledger(life.events, life.rules.calendar_of, life.now)


def lines(life: Life, metric: Metric) -> list[tuple[str, str, float]]:
    """Each stretch: what the clock did, why, and the hours it counted."""
    return [
        (one.going.value, one.cause.code, one.counted_ms / 3_600_000)
        for one in of(life).stretches
        if one.metric is metric
    ]


def test_a_pause_is_told_with_who_began_and_who_ended_it() -> None:
    life = Life(desks.RULES).open()
    life.now += timedelta(hours=1)
    life.change(status=Status.PENDING)
    life.now += timedelta(hours=4)
    life.says(REQUESTER)
    life.now += timedelta(hours=1)
    assert lines(life, RESOLUTION) == [("running", "opened", 1), ("standing", "pending", 0), ("running", "open", 1)]
    opened, paused, resumed = [one for one in of(life).stretches if one.metric is RESOLUTION]
    assert (opened.cause.actor, paused.cause.actor, resumed.cause.actor) == (REQUESTER, MINA, REQUESTER)
    assert (paused.until, resumed.until, resumed.total_ms) == (resumed.since, None, 2 * 3_600_000)


def test_a_stretch_over_lunch_and_night_counts_business_time_only() -> None:
    life = Life(desks.RULES).open()  # Monday at ten; lunch from twelve to one, closed from six to nine
    life.tick(hours=24)
    assert lines(life, RESOLUTION) == [("running", "opened", 8)]


def test_a_change_of_priority_begins_another_stretch_with_the_time_used_carried_on() -> None:
    life = Life(desks.RULES).open()
    life.now += timedelta(hours=1)
    life.change(priority=Priority.HIGH)
    life.now += timedelta(minutes=30)
    assert lines(life, FIRST) == [("running", "opened", 1), ("running", "priority", 0.5)]
    last = [one for one in of(life).stretches if one.metric is FIRST][-1]
    assert (last.target_seconds, last.total_ms) == (2 * 3600, 5_400_000)


def test_each_message_that_waits_for_an_answer_is_a_run_of_its_own() -> None:
    life = Life(desks.RULES).open()
    life.says(MINA)
    for _ in range(2):
        life.now += timedelta(minutes=10)
        life.says(REQUESTER)
        life.now += timedelta(minutes=20)
        life.says(MINA)
    runs = [one for one in of(life).stretches if one.metric is Metric.NEXT_RESPONSE and one.going is Going.RUNNING]
    assert [(one.run, one.counted_ms) for one in runs] == [(1, 1_200_000), (2, 1_200_000)]


def test_warnings_breaches_escalations_and_keepings_are_told_at_their_computed_instants() -> None:
    life = Life(escalating.RULES).open()
    life.now += timedelta(hours=7)
    life.says(MINA)
    told = [(note.kind, note.level, note.at - life.events[0].at) for note in of(life).notes if note.metric is FIRST]
    assert told == [
        (NoteKind.ESCALATED, "soon", timedelta(hours=2)),
        (NoteKind.WARNED, "", timedelta(hours=4)),
        (NoteKind.BREACHED, "", timedelta(hours=5)),
        (NoteKind.ESCALATED, "missed", timedelta(hours=5)),
        (NoteKind.ESCALATED, "on", timedelta(hours=6)),
        (NoteKind.MET, "", timedelta(hours=7)),
    ]


def test_an_update_is_met_by_the_answer_that_begins_the_next() -> None:
    life = Life(escalating.RULES).open()
    for _ in range(3):
        life.now += timedelta(hours=1)
        life.says(MINA)
    met = [note for note in of(life).notes if note.metric is Metric.PERIODIC_UPDATE]
    assert [(note.kind, note.run) for note in met] == [(NoteKind.MET, 1), (NoteKind.MET, 2)]


def test_what_was_undone_counts_as_if_it_had_not_been() -> None:
    life = Life(desks.RULES).open()
    before = life.stands
    life.now += timedelta(hours=1)
    life.change(status=Status.PENDING)
    life.now += timedelta(minutes=5)
    command = RestoreTicket(standing_of(before), because=(Reason("undone"),), fields={})
    assert life.do(command, MINA) is not None
    life.now += timedelta(minutes=5)
    assert lines(life, FIRST) == [("running", "opened", 1 + 1 / 6)]


RULES = {"plain": desks.RULES, "escalating": escalating.RULES}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@settings(deadline=None, max_examples=120)
@given(opening=openings, story=st.lists(wishes, max_size=15), wait=st.integers(0, 40 * 86_400_000))
def test_the_stretches_of_a_clock_add_up_to_what_it_has_counted(
    rules: DeskRules, opening: object, story: list[Wish], wait: int
) -> None:
    life = Life(rules)
    life.do(opening, REQUESTER)  # type: ignore[arg-type]
    for wish in story:
        life.grant(wish)
    life.now += timedelta(milliseconds=wait)
    found, applied = of(life), life.stands.sla
    assert applied is not None
    for clock in applied.clocks:
        if clock.started_at is not None:
            assert found.counted_ms(clock.metric) == sla.used_ms(clock, life.now, rules.calendar_of(applied))
    for metric in Metric:
        stretches = [one for one in found.stretches if one.metric is metric]
        for one, following in pairwise(stretches):
            if one.run == following.run:
                assert one.until == following.since, "without a gap"
            assert one.until is not None
            assert one.total_ms >= one.counted_ms >= 0


def test_an_instant_does_not_change_what_was_closed_before_it() -> None:
    life = Life(desks.RULES).open()
    life.now += timedelta(hours=1)
    life.change(status=Status.PENDING)
    paused_at: datetime = life.now
    life.now += timedelta(days=3)
    now, earlier = of(life), ledger(life.events, life.rules.calendar_of, paused_at)
    assert [replace(one, until=None) for one in now.stretches] == [
        replace(one, until=None) for one in earlier.stretches
    ]
