"""A past lived once more: under the same promises it is the same, under others it is what they would have made of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.sla.fields import told_by_now
from helpdesk.sla.model import AppliedSla, Conditions, DueKind, Metric, SlaPolicy, Target
from helpdesk.sla.replay import Promise, UnknownPromiseError, recorded, relive, verify
from helpdesk.tickets.commands import ChoosePolicy, FieldValue, RestoreTicket, Tick
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import SlaBreached
from helpdesk.tickets.model import AUTOMATION, SWEEPER, Priority, Reason, Status, TicketType
from helpdesk.tickets.parts.standing import standing_of
from tests.support import desks, escalating
from tests.support.desks import HOUR
from tests.support.lives import MINA, REQUESTER, Life, Wish, openings, wishes

RULES = {"plain": desks.RULES, "escalating": escalating.RULES}
both = pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
stories = st.lists(wishes, max_size=15)


def promises(rules: DeskRules):  # noqa: ANN201 - a callable of replay's
    policies = {(policy.id, policy.version): policy for policy in rules.policies}

    def promise_of(applied: AppliedSla) -> Promise:
        try:
            return policies[applied.policy_id, applied.policy_version], rules.calendar_of(applied)
        except KeyError as error:
            raise UnknownPromiseError(applied.policy_id) from error

    return promise_of


def lived(rules: DeskRules, opening: object, story: list[Wish], wait: int) -> tuple[Life, datetime]:
    life = Life(rules)
    life.do(opening, REQUESTER)  # type: ignore[arg-type]
    for wish in story:
        life.grant(wish)
    life.do(Tick(), SWEEPER, after=timedelta(milliseconds=wait))
    return life, life.now


@both
@settings(deadline=None, max_examples=25)
@given(opening=openings, story=stories, wait=st.integers(0, 20 * 86_400_000))
def test_the_same_promises_make_the_same_past(rules: DeskRules, opening: object, story: list[Wish], wait: int) -> None:
    life, until = lived(rules, opening, story, wait)
    told, again = recorded(life.events, rules, until), relive(life.events, rules, until)
    assert again.fired == told.fired
    assert again.runs == told.runs
    assert verify(life.events, promises(rules), until) == ()


@both
@settings(deadline=None, max_examples=25)
@given(opening=openings, story=stories, wait=st.integers(86_400_000, 20 * 86_400_000), which=st.integers(0, 99))
def test_a_firing_that_was_left_out_or_moved_is_found(
    rules: DeskRules, opening: object, story: list[Wish], wait: int, which: int
) -> None:
    life, until = lived(rules, opening, story, wait)
    breaches = [place for place, event in enumerate(life.events) if isinstance(event.fact, SlaBreached)]
    if not breaches:
        return
    place = breaches[which % len(breaches)]
    left_out = life.events[:place] + life.events[place + 1 :]
    (difference,) = verify(left_out, promises(rules), until)
    assert (difference.recorded, difference.due.kind) == (False, DueKind.BREACH)
    event = life.events[place]
    assert isinstance(event.fact, SlaBreached)
    moved = replace(event, fact=replace(event.fact, breached_at=event.fact.breached_at - timedelta(seconds=1)))
    found = verify([*life.events[:place], moved, *life.events[place + 1 :]], promises(rules), until)
    assert sorted(one.recorded for one in found) == [False, True]


def draft(seconds: int, **changes: object) -> DeskRules:
    targets = {name: (Target(Metric.FIRST_RESPONSE, seconds),) for name in ("normal", "urgent", "high", "low")}
    policy = SlaPolicy("draft", 1, "Draft", "seoul", targets, pause_on=("pending",))
    return replace(desks.RULES, policies=(replace(policy, **changes),))


def test_a_shorter_promise_breaks_what_the_longer_one_kept() -> None:
    life = Life(desks.RULES).open()
    life.now += timedelta(hours=1)
    life.says(MINA)
    (old,) = [run for run in recorded(life.events, life.rules, life.now).runs if run.metric is Metric.FIRST_RESPONSE]
    (new,) = relive(life.events, draft(HOUR // 2), life.now).runs
    assert (old.breached_at, old.met_at) == (None, life.now)
    assert (new.breached_at, new.met_at, new.used_ms) == (life.now - timedelta(minutes=30), life.now, HOUR * 1000)
    (exactly,) = relive(life.events, draft(HOUR), life.now).runs
    assert exactly.breached_at == life.now, "the last second has passed"
    (longer,) = relive(life.events, draft(HOUR + 1), life.now).runs
    assert longer.breached_at is None


def test_a_draft_that_pauses_elsewhere_counts_elsewhere() -> None:
    life = Life(desks.RULES).open()
    life.now += timedelta(minutes=30)
    life.change(status=Status.ON_HOLD)
    life.now += timedelta(hours=1)
    life.change(status=Status.OPEN)
    life.now += timedelta(minutes=10)
    life.says(MINA)
    (held,) = relive(life.events, draft(8 * HOUR), life.now).runs
    (paused,) = relive(life.events, draft(8 * HOUR, pause_on=("on_hold",)), life.now).runs
    assert (held.used_ms, paused.used_ms) == (100 * 60_000, 40 * 60_000)
    assert (held.running_ms, paused.running_ms) == (100 * 60_000, 40 * 60_000)


def test_what_escalations_did_is_undone_and_what_the_drafts_would_do_is_done() -> None:
    life = Life(escalating.RULES).open()
    life.tick(hours=7)
    assert life.stands.priority is Priority.HIGH
    plain = relive(life.events, desks.RULES, life.now)
    assert {run.priority for run in plain.runs} == {"normal"}
    other = Life(desks.RULES).open()
    other.tick(hours=7)
    escalated = relive(other.events, escalating.RULES, other.now)
    assert escalated.fired == recorded(life.events, life.rules, life.now).fired
    assert {run.priority for run in escalated.runs} == {"high"}


def test_nothing_counts_after_the_end_of_the_period() -> None:
    life = Life(desks.RULES).open()
    until = life.now + timedelta(minutes=20)
    life.now += timedelta(hours=1)
    life.says(MINA)
    (run,) = relive(life.events, draft(HOUR // 2), until).runs
    assert (run.met_at, run.breached_at, run.used_ms) == (None, None, 20 * 60_000)


def test_a_clock_that_was_given_back_is_given_back_in_the_replay() -> None:
    life = Life(desks.RULES).open()
    before = life.stands
    life.now += timedelta(minutes=10)
    life.change(status=Status.SOLVED)
    life.do(RestoreTicket(standing_of(before), because=(Reason("undone"),), fields={}), MINA)
    life.tick(hours=9)
    told, again = recorded(life.events, life.rules, life.now), relive(life.events, life.rules, life.now)
    assert again.fired == told.fired != ()
    assert verify(life.events, promises(life.rules), life.now) == ()


FIELDS = draft(HOUR // 2, conditions=Conditions(fields={"plan_code": ("gold",)}))


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ([{"plan_code": "gold"}], "gold", (True, True)),
        ([{"plan_code": "tin"}], "tin", (False, True)),
        ([{"plan_code": "tin"}, {"plan_code": "gold"}], "gold", (True, False)),
        ([{"plan_code": "gold"}, {"plan_code": None}], None, (False, False)),
        ([{"other": "gold"}, {"other": "tin"}], None, (False, True)),
    ],
)
def test_conditions_on_fields_look_at_what_they_hold_now_from_when_they_were_filled_in(
    changes: list[dict[str, FieldValue]], now: str | None, expected: tuple[bool, bool]
) -> None:
    judged, certain = expected
    life = Life(desks.RULES).open()
    for change in changes:
        life.now += timedelta(minutes=20)
        life.change(fields=change)
    held = {name: (str(value),) for name, value in life.stands.copies.fields.items()}
    assert held.get("plan_code") == ((now,) if now else None)
    life.tick(hours=1)
    outcome = relive(life.events, FIELDS, life.now, fields=held)
    assert bool(outcome.runs) is judged
    assert told_by_now(life.events, frozenset({"plan_code"})) is not certain
    if judged:
        assert outcome.fired[0].at == life.events[0].at + timedelta(minutes=42, seconds=30), "three quarters of it"
    assert relive(life.events, FIELDS, life.now).runs == (), "whoever is told no values finds none"


def test_what_was_erased_or_given_back_is_not_what_it_held() -> None:
    life = Life(desks.RULES).open()
    before = life.stands
    life.change(fields={"plan_code": "gold"})
    assert not told_by_now(life.events, frozenset({"plan_code"}))
    life.do(RestoreTicket(standing_of(before), because=(Reason("undone"),), fields={}), MINA)
    assert told_by_now(life.events, frozenset({"plan_code"}))
    life.tick(hours=1)
    assert relive(life.events, FIELDS, life.now, fields={"plan_code": ("gold",)}).fired == ()


def test_a_policy_that_a_rule_said_and_a_changed_type_hold_in_the_replay_too() -> None:
    never = SlaPolicy("never", 1, "For problems", "always", conditions=Conditions(types=("problem",)))
    other = SlaPolicy("other", 1, "Said by a rule", "always", conditions=Conditions(tags=("none has it",)))
    rules = replace(desks.RULES, policies=(never, other, *desks.RULES.policies))
    life = Life(rules).open()
    life.now += timedelta(minutes=5)
    life.do(ChoosePolicy("other", (Reason("rule"),)), AUTOMATION)
    life.tick(days=2)
    assert recorded(life.events, rules, life.now).fired == relive(life.events, rules, life.now).fired == ()
    life.do(ChoosePolicy(None, (Reason("rule"),)), AUTOMATION)
    life.tick(days=2)
    told, again = recorded(life.events, rules, life.now), relive(life.events, rules, life.now)
    assert told.fired == again.fired != ()
    life = Life(rules).open()
    life.change(type=TicketType.PROBLEM)
    life.tick(days=2)
    assert recorded(life.events, rules, life.now).fired == relive(life.events, rules, life.now).fired == ()


def test_a_version_that_nobody_kept_is_said_to_be_unknown() -> None:
    life = Life(desks.RULES).open()
    with pytest.raises(UnknownPromiseError):
        verify(life.events, promises(draft(HOUR)), life.now)
