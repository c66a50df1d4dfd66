"""Escalations, updates and hand-offs: stories told by hand, and random lives held to an account kept minute by minute."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.kernel.codec import from_document, to_document
from helpdesk.sla import rules
from helpdesk.sla.calendars import compile_calendar
from helpdesk.sla.model import (
    USUAL_PAUSES,
    AppliedSla,
    BusinessCalendar,
    Clock,
    Conditions,
    Due,
    DueKind,
    Escalation,
    Metric,
    PolicyFacts,
    PolicyInvalid,
    SlaPolicy,
    Target,
    Timing,
    Window,
)
from tests.support.walltime import is_open

HOUR, MINUTE = 3600, timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = BusinessCalendar("office", "Office", "Europe/Berlin", ((Window(540, 1080),),) * 5 + ((), ()))
OFFICE = compile_calendar(CALENDAR)
SOON = Escalation("soon", Timing.BEFORE, HOUR, notify=("assignee",))
HALF = Escalation("half", Timing.PERCENT, 50, tags=("half",))
MISSED = Escalation("missed", Timing.PERCENT, 100, (Metric.FIRST_RESPONSE, Metric.RESOLUTION), notify=("group",))
LATER = Escalation("later", Timing.AFTER, 2 * HOUR, (Metric.FIRST_RESPONSE, Metric.HANDOFF), notify=("supervisors",))


def targets(first: int, then: int, solved: int, update: int, ours: int, theirs: int) -> tuple[Target, ...]:
    return (
        Target(Metric.FIRST_RESPONSE, first * HOUR),
        Target(Metric.NEXT_RESPONSE, then * HOUR),
        Target(Metric.RESOLUTION, solved * HOUR, business=False),
        Target(Metric.PERIODIC_UPDATE, update * HOUR),
        Target(Metric.HANDOFF, ours * HOUR),
        Target(Metric.HANDOFF, theirs * HOUR, group="b"),
    )


POLICY = SlaPolicy(
    "p",
    1,
    "P",
    "office",
    {
        "normal": targets(4, 8, 30, 10, 12, 6),
        "urgent": targets(1, 2, 6, 4, 5, 3),
        "low": targets(20, 40, 90, 50, 60, 9),
    },
    pause_on=USUAL_PAUSES,
)
LEVELLED = replace(
    POLICY,
    targets={name: tuple(t for t in of if t.metric is not Metric.NEXT_RESPONSE) for name, of in POLICY.targets.items()},
    escalations=(SOON, replace(HALF, metrics=(Metric.RESOLUTION, Metric.PERIODIC_UPDATE)), MISSED, LATER),
)


def berlin(text: str) -> datetime:
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(text[:3])
    return datetime.fromisoformat(f"2026-03-{2 + day:02d}T{text[4:]}+01:00").astimezone(UTC)


def opened(policy: SlaPolicy = LEVELLED, at: str = "Mon 09:00", group: str | None = None) -> AppliedSla:
    return rules.apply_policy(policy, OFFICE, "normal", berlin(at), group=group)


def clock(applied: AppliedSla, metric: Metric) -> Clock:
    found = applied.clock(metric)
    assert found is not None
    return found


def escalations(dues: tuple[Due, ...], metric: Metric) -> list[tuple[str, datetime]]:
    return [(due.level, due.at) for due in dues if due.kind is DueKind.ESCALATION and due.metric is metric]


def test_levels_come_due_before_at_and_after_the_breach_at_their_computed_instants() -> None:
    _, dues = rules.settle(opened(), berlin("Mon 16:00"))
    assert escalations(dues, Metric.FIRST_RESPONSE) == [
        ("soon", berlin("Mon 12:00")),
        ("missed", berlin("Mon 13:00")),
        ("later", berlin("Mon 15:00")),
    ]
    kinds = [due.kind for due in dues if due.metric is Metric.FIRST_RESPONSE]
    assert kinds.index(DueKind.BREACH) < len(kinds) - 2, "the breach is told before what is done about it"


def test_each_level_is_recorded_once_however_often_the_sweep_looks() -> None:
    applied, _ = rules.settle(opened(), berlin("Mon 16:00"))
    assert rules.settle(applied, berlin("Mon 16:00")) == (applied, ())
    assert rules.record_escalation(applied, Metric.FIRST_RESPONSE, "soon", berlin("Mon 14:00")) == applied


def test_an_answer_calls_off_the_levels_to_come_and_leaves_those_that_came() -> None:
    answered = rules.on_public_agent_message(opened(), berlin("Mon 12:30"), OFFICE)
    _, dues = rules.settle(answered, berlin("Fri 12:00"))
    assert escalations(dues, Metric.FIRST_RESPONSE) == [("soon", berlin("Mon 12:00"))]


def test_a_level_after_the_breach_waits_out_a_pause() -> None:
    applied, _ = rules.settle(opened(), berlin("Mon 14:00"))
    applied = rules.pause(applied, berlin("Mon 14:00"), OFFICE)
    assert "later" not in {due.level for due in rules.due_actions(applied, berlin("Tue 12:00"))}
    applied = rules.resume(applied, berlin("Tue 12:00"), OFFICE)
    _, dues = rules.settle(applied, berlin("Tue 18:00"))
    assert escalations(dues, Metric.FIRST_RESPONSE) == [("later", berlin("Tue 13:00"))]


def test_a_target_used_up_when_it_is_put_on_skips_what_comes_before_a_breach() -> None:
    at = berlin("Mon 11:30")
    urgent = rules.apply_policy(LEVELLED, OFFICE, "urgent", at, opened())
    _, dues = rules.settle(urgent, berlin("Mon 13:30"))
    assert escalations(dues, Metric.FIRST_RESPONSE) == [("missed", at), ("later", berlin("Mon 13:30"))]


def test_an_update_is_waited_for_from_each_public_answer_until_it_is_solved() -> None:
    applied = opened()
    assert clock(applied, Metric.PERIODIC_UPDATE).started_at is None
    applied = rules.on_public_agent_message(applied, berlin("Mon 10:00"), OFFICE)
    assert clock(applied, Metric.PERIODIC_UPDATE).due_at == berlin("Tue 11:00")
    applied = rules.on_public_agent_message(applied, berlin("Mon 17:00"), OFFICE)
    assert clock(applied, Metric.PERIODIC_UPDATE).due_at == berlin("Tue 18:00")
    applied = rules.on_solved(applied, berlin("Tue 09:00"), OFFICE)
    assert clock(applied, Metric.PERIODIC_UPDATE).met_at == berlin("Tue 09:00")
    applied = rules.on_reopened(applied, berlin("Wed 09:00"), OFFICE)
    update = clock(applied, Metric.PERIODIC_UPDATE)
    assert (update.started_at, update.due_at) == (berlin("Wed 09:00"), berlin("Thu 10:00"))


def test_a_groups_hand_off_ends_with_another_groups_and_each_has_its_own_length() -> None:
    applied = opened(group="a")
    assert clock(applied, Metric.HANDOFF).due_at == berlin("Tue 12:00")
    applied = rules.apply_policy(LEVELLED, OFFICE, "normal", berlin("Mon 12:00"), applied, group="b")
    handed = clock(applied, Metric.HANDOFF)
    assert (handed.started_at, handed.due_at) == (berlin("Mon 12:00"), berlin("Mon 18:00"))
    again = rules.apply_policy(LEVELLED, OFFICE, "urgent", berlin("Mon 13:00"), applied, group="b")
    assert clock(again, Metric.HANDOFF).started_at == berlin("Mon 12:00"), "the same group still has it"
    assert not rules.is_applied(applied, LEVELLED, OFFICE, "normal", "a")
    assert rules.is_applied(applied, LEVELLED, OFFICE, "normal", "b")
    assert opened(group=None).clock(Metric.HANDOFF) is None


def test_conditions_look_at_type_plan_tags_and_fields_as_well() -> None:
    facts = PolicyFacts("low", "web", type="incident", plan="gold", tags=("vip", "eu"), fields={"product": ("x", "y")})
    assert Conditions(types=("incident",), plans=("gold",), tags=("us", "eu"), fields={"product": ("y",)}).hold_for(
        facts
    )
    for never in (
        Conditions(types=("question",)),
        Conditions(plans=("silver",)),
        Conditions(tags=("us",)),
        Conditions(fields={"product": ("z",)}),
        Conditions(fields={"other": ("x",)}),
    ):
        assert not never.hold_for(facts)


def test_an_organizations_calendar_goes_before_its_groups_and_that_before_the_policys() -> None:
    policy = replace(POLICY, group_calendars={"a": "of-a"}, organization_calendars={"acme": "of-acme"})
    assert policy.calendar_for(PolicyFacts("low", "web", group_id="a", organization_id="acme")) == "of-acme"
    assert policy.calendar_for(PolicyFacts("low", "web", group_id="a", organization_id="x")) == "of-a"
    assert policy.calendar_for(PolicyFacts("low", "web")) == "office"


def test_a_policy_stored_before_there_were_escalations_still_loads() -> None:
    stored = {"id": "p", "version": 3, "name": "P", "calendar_id": "office", "warn_percent": 75, "conditions": {}}
    assert from_document(SlaPolicy, stored) == SlaPolicy("p", 3, "P", "office")
    assert from_document(SlaPolicy, to_document(LEVELLED)) == LEVELLED


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Escalation("e", Timing.PERCENT, 0, notify=("admins",)),
        lambda: Escalation("e", Timing.AFTER, -1, notify=("admins",)),
        lambda: Escalation("e", Timing.AFTER, 1),
        lambda: Target(Metric.RESOLUTION, 1, group="a"),
        lambda: replace(POLICY, escalations=(SOON, SOON)),
        lambda: replace(POLICY, escalations=tuple(replace(SOON, id=str(number)) for number in range(3))),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object) -> None:
    with pytest.raises(PolicyInvalid):
        wrong()  # type: ignore[operator]


# --- random lives ----------------------------------------------------------------------------------------------------

START = datetime(2026, 3, 27, 7, tzinfo=UTC)  # the Friday before Berlin's clocks go forward
OPERATIONS = ("agent", "requester", "open", "pending", "solved", "normal", "urgent", "low", "a", "b")
STATUSES = ("open", "pending", "solved")
steps = st.lists(
    st.tuples(st.one_of(st.integers(0, 3000), st.integers(0, 40).map(lambda n: n * 15)), st.sampled_from(OPERATIONS)),
    max_size=10,
)


@dataclass
class Account:
    """One clock, kept by counting minutes on the fingers of one hand."""

    target: Target | None = None
    used: int = 0
    running: bool = True
    met: bool = False
    base: int | None = None
    """Minutes used when it was missed."""
    missed_at: datetime | None = None
    done: dict[str, datetime] = field(default_factory=dict)

    def look(self, now: datetime, metric: Metric) -> None:
        """What has come due."""
        if self.target is None or self.met:
            return
        length = self.target.seconds // 60
        before = [(level, level.offset_ms(self.target.seconds) // 60_000) for level in LEVELLED.escalations]
        for level, offset in before:
            early = offset < 0 and self.missed_at is None and self.used < length
            if level.on(metric) and early and length + offset > 0 and self.used >= length + offset:
                self.done.setdefault(level.id, now)
        if self.missed_at is None and self.used >= length:
            self.missed_at, self.base = now, self.used
        for level, offset in before:
            if level.on(metric) and offset >= 0 and self.base is not None and self.used >= self.base + offset:
                self.done.setdefault(level.id, now)

    def retarget(self, target: Target | None, metric: Metric) -> None:
        kept = metric is Metric.FIRST_RESPONSE and self.met
        self.target = self.target if kept else target
        if kept or target is None or self.missed_at or (metric is Metric.PERIODIC_UPDATE and self.met):
            return
        for level in LEVELLED.escalations:
            offset = level.offset_ms(target.seconds) // 60_000
            if level.on(metric) and self.used < target.seconds // 60 + offset:
                self.done.pop(level.id, None)


class Reckoner:
    """A ticket's clocks by the minute."""

    def __init__(self) -> None:
        self.now, self.priority, self.group, self.status = START, "normal", "a", "open"
        self.answered = False
        self.clocks = {metric: Account(self.target(metric)) for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION)}
        self.clocks[Metric.HANDOFF] = Account(self.target(Metric.HANDOFF))

    def target(self, metric: Metric) -> Target | None:
        return LEVELLED.target(self.priority, metric, self.group)

    def pass_minutes(self, count: int) -> None:
        for _ in range(count):
            opened_now = open_at(self.now)
            self.now += MINUTE
            for metric, account in self.clocks.items():
                business = account.target is None or account.target.business
                if account.running and not account.met and (opened_now or not business):
                    account.used += 1
                    account.look(self.now, metric)

    def happen(self, operation: str) -> None:
        if operation in LEVELLED.targets or operation in ("a", "b"):
            self.retarget(operation)
        elif operation in STATUSES:
            self.set_status(operation)
        elif operation == "agent":
            self.clocks[Metric.FIRST_RESPONSE].met = True
            if self.status != "solved":
                self.clocks[Metric.PERIODIC_UPDATE] = Account(self.target(Metric.PERIODIC_UPDATE))
        for account in self.clocks.values():
            account.running = self.status == "open"

    def retarget(self, to: str) -> None:
        if to in LEVELLED.targets:
            self.priority = to
        elif to != self.group:
            self.group = to
            self.clocks[Metric.HANDOFF] = Account()
        for metric, account in self.clocks.items():
            account.retarget(self.target(metric), metric)
            account.look(self.now, metric)

    def set_status(self, status: str) -> None:
        was, self.status = self.status, status
        if status == "solved":
            for metric in set(self.clocks) - {Metric.FIRST_RESPONSE}:
                self.clocks[metric].met = True
        elif was == "solved":
            for metric in (Metric.RESOLUTION, Metric.HANDOFF):
                self.clocks[metric].met = False
                self.clocks[metric].look(self.now, metric)
            if Metric.PERIODIC_UPDATE in self.clocks:
                self.clocks[Metric.PERIODIC_UPDATE] = Account(self.target(Metric.PERIODIC_UPDATE))


@cache
def open_at(instant: datetime) -> bool:
    return is_open(CALENDAR, instant.astimezone(BERLIN))


def live(applied: AppliedSla, operation: str, priority: str, group: str, at: datetime) -> AppliedSla:
    if operation == "agent":
        return rules.on_public_agent_message(applied, at, OFFICE)
    if operation == "requester":
        return rules.on_requester_message(applied, at, OFFICE)
    if operation in STATUSES:
        return rules.follow_status(applied, operation, at, OFFICE)
    if rules.is_applied(applied, LEVELLED, OFFICE, priority, group):
        return applied
    return rules.apply_policy(LEVELLED, OFFICE, priority, at, applied, group=group)


@settings(deadline=None, max_examples=60)
@given(steps)
def test_escalations_are_done_when_a_count_of_minutes_says_so(life: list[tuple[int, str]]) -> None:
    slow = Reckoner()
    applied = rules.apply_policy(LEVELLED, OFFICE, "normal", START, group="a")
    for wait, operation in life:
        slow.pass_minutes(wait)
        slow.happen(operation)
        applied, _ = rules.settle(applied, slow.now)
        applied = live(applied, operation, slow.priority, slow.group, slow.now)
        applied, _ = rules.settle(applied, slow.now)
    found = {
        one.metric: (
            rules.used_ms(one, slow.now, OFFICE) // 60_000,
            one.breached_at,
            {mark.level: mark.done_at for mark in one.marks if mark.done_at},
        )
        for one in applied.clocks
        if one.started_at and one.metric is not Metric.NEXT_RESPONSE  # promised nothing here
    }
    assert found == {metric: (one.used, one.missed_at, one.done) for metric, one in slow.clocks.items()}
    assert from_document(AppliedSla, to_document(applied)) == applied


@settings(deadline=None, max_examples=50)
@given(steps, st.integers(30, 700))
def test_sweeps_in_between_change_nothing_of_what_is_recorded(life: list[tuple[int, str]], every: int) -> None:
    assert lived(life, every) == lived(life, None)


def lived(life: list[tuple[int, str]], every: int | None) -> AppliedSla:
    now, priority, group = START, "normal", "a"
    applied = rules.apply_policy(LEVELLED, OFFICE, "normal", START, group="a")
    for wait, operation in life:
        until = now + wait * MINUTE
        while every and now < until:
            applied, _ = rules.settle(applied, now)
            now += every * MINUTE
        now = until
        priority = operation if operation in LEVELLED.targets else priority
        group = operation if operation in ("a", "b") else group
        applied, _ = rules.settle(applied, now)
        applied = live(applied, operation, priority, group, now)
    return rules.settle(applied, now)[0]
