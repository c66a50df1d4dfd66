"""A ticket's SLA clocks: single stories told by hand, and random lives held to a slow account of the same."""

import json
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.kernel.codec import canonical_json, from_document, to_document
from helpdesk.sla import rules
from helpdesk.sla.calendars import compile_calendar, from_ms, to_ms
from helpdesk.sla.model import (
    ROUND_THE_CLOCK,
    USUAL_PAUSES,
    AppliedSla,
    BusinessCalendar,
    Clock,
    Conditions,
    Due,
    DueKind,
    Metric,
    PolicyFacts,
    SlaPolicy,
    Target,
    Window,
    WrongCalendarError,
)

HOUR = 3600
OFFICE = compile_calendar(BusinessCalendar("office", "Office", "Europe/Berlin", ((Window(540, 1080),),) * 5 + ((), ())))
POLICY = SlaPolicy(
    id="standard",
    version=3,
    name="Standard",
    calendar_id="office",
    targets={
        "normal": (
            Target(Metric.FIRST_RESPONSE, 4 * HOUR),
            Target(Metric.NEXT_RESPONSE, 8 * HOUR),
            Target(Metric.RESOLUTION, 18 * HOUR),
        ),
        "urgent": (
            Target(Metric.FIRST_RESPONSE, HOUR),
            Target(Metric.NEXT_RESPONSE, 2 * HOUR),
            Target(Metric.RESOLUTION, 6 * HOUR, business=False),
        ),
        "low": (Target(Metric.RESOLUTION, 90 * HOUR),),
    },
    pause_on=USUAL_PAUSES,
)


def berlin(text: str) -> datetime:
    """An instant of the week of Monday the second of March 2026, written as in "Mon 09:00"."""
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(text[:3])
    return datetime.fromisoformat(f"2026-03-{2 + day:02d}T{text[4:]}+01:00").astimezone(UTC)


def opened(priority: str = "normal", at: str = "Mon 09:00") -> AppliedSla:
    return rules.apply_policy(POLICY, OFFICE, priority, berlin(at))


def clock_of(applied: AppliedSla, metric: Metric) -> Clock:
    clock = applied.clock(metric)
    assert clock is not None
    return clock


def remaining_ms(clock: Clock, at: datetime) -> int:
    """What a clock's target has left; negative when it is overdue."""
    return clock.target_seconds * 1000 - rules.used_ms(clock, at, OFFICE)


def first(applied: AppliedSla) -> Clock:
    return clock_of(applied, Metric.FIRST_RESPONSE)


def following(applied: AppliedSla) -> Clock:
    return clock_of(applied, Metric.NEXT_RESPONSE)


def resolution(applied: AppliedSla) -> Clock:
    return clock_of(applied, Metric.RESOLUTION)


def test_the_first_policy_whose_conditions_all_hold_is_chosen() -> None:
    vip = replace(POLICY, id="vip", conditions=Conditions(organizations=("acme",), channels=("email", "web")))
    urgent = replace(POLICY, id="urgent", conditions=Conditions(priorities=("urgent",)))
    policies = (vip, urgent, POLICY)

    def chosen(**facts: str) -> str | None:
        policy = rules.choose_policy(policies, PolicyFacts(**({"priority": "low", "channel": "email"} | facts)))
        return policy and policy.id

    assert chosen(organization_id="acme") == "vip"
    assert chosen(organization_id="acme", channel="phone", priority="urgent") == "urgent"
    assert chosen() == "standard"
    assert rules.choose_policy((vip, urgent), PolicyFacts(priority="low", channel="email")) is None


def test_a_ticket_opens_with_its_targets_running_and_nothing_to_respond_to_next() -> None:
    applied = opened()
    assert (first(applied).warn_at, first(applied).due_at) == (berlin("Mon 12:00"), berlin("Mon 13:00"))
    assert resolution(applied).due_at == berlin("Tue 18:00")
    assert not following(applied).shown
    assert rules.next_instant(applied) == berlin("Mon 12:00")


def test_a_ticket_opened_at_night_is_counted_from_the_morning() -> None:
    assert first(opened(at="Mon 22:15")).due_at == berlin("Tue 13:00")


def test_a_target_in_calendar_time_runs_through_the_night() -> None:
    assert resolution(opened("urgent", "Mon 17:30")).due_at == berlin("Mon 23:30")


def test_a_breach_is_recorded_once_at_its_computed_instant_however_late_and_often_the_sweep_looks() -> None:
    applied, dues = rules.settle(opened(), berlin("Mon 19:00"))
    assert dues == (
        Due(DueKind.WARNING, Metric.FIRST_RESPONSE, berlin("Mon 12:00")),
        Due(DueKind.BREACH, Metric.FIRST_RESPONSE, berlin("Mon 13:00")),
    )
    assert rules.settle(applied, berlin("Mon 19:30")) == (applied, ())
    assert rules.record_breach(applied, Metric.FIRST_RESPONSE, berlin("Mon 15:00")) == applied
    assert first(applied).breached_at == first(applied).due_at == berlin("Mon 13:00")


def test_nothing_is_due_a_millisecond_before_and_the_breach_is_due_at_the_very_instant() -> None:
    applied = opened()
    almost = berlin("Mon 13:00") - timedelta(milliseconds=1)
    assert [due.kind for due in rules.due_actions(applied, almost)] == [DueKind.WARNING]
    assert [due.kind for due in rules.due_actions(applied, berlin("Mon 13:00"))] == [DueKind.WARNING, DueKind.BREACH]


def test_an_answer_after_the_due_instant_that_no_sweep_saw_is_still_a_breach() -> None:
    late = rules.on_public_agent_message(opened(), berlin("Mon 13:05"), OFFICE)
    assert Due(DueKind.BREACH, Metric.FIRST_RESPONSE, berlin("Mon 13:00")) in rules.due_actions(
        late, berlin("Mon 14:00")
    )
    in_time = rules.on_public_agent_message(opened(), berlin("Mon 12:59"), OFFICE)
    assert (first(in_time).met_at, first(in_time).due_at) == (berlin("Mon 12:59"), berlin("Mon 13:00"))
    kinds = {(due.kind, due.metric) for due in rules.due_actions(in_time, berlin("Mon 17:00"))}
    assert kinds == {(DueKind.WARNING, Metric.FIRST_RESPONSE)}  # it was due at noon, before the answer


def test_an_answer_in_time_calls_off_the_warning_to_come() -> None:
    answered = rules.on_public_agent_message(opened(), berlin("Mon 10:00"), OFFICE)
    assert rules.due_actions(answered, berlin("Tue 09:00")) == ()
    assert rules.next_instant(answered) == resolution(answered).warn_at


def test_next_response_counts_from_the_oldest_unanswered_message_after_the_first_answer() -> None:
    applied = rules.on_requester_message(opened(), berlin("Mon 09:30"), OFFICE)
    assert following(applied).started_at is None, "the first response is still waited for"
    applied = rules.on_public_agent_message(applied, berlin("Mon 10:00"), OFFICE)
    applied = rules.on_requester_message(applied, berlin("Mon 11:00"), OFFICE)
    applied = rules.on_requester_message(applied, berlin("Mon 12:00"), OFFICE)
    assert following(applied).started_at == berlin("Mon 11:00")
    assert following(applied).due_at == berlin("Tue 10:00")
    applied = rules.on_public_agent_message(applied, berlin("Mon 13:00"), OFFICE)
    assert (following(applied).met_at, following(applied).used_seconds) == (berlin("Mon 13:00"), 2 * HOUR)
    applied = rules.on_requester_message(applied, berlin("Tue 09:00"), OFFICE)
    assert (following(applied).due_at, following(applied).used_ms) == (berlin("Tue 17:00"), 0)


def test_a_late_repeat_of_an_old_next_response_breach_does_not_touch_the_new_clock() -> None:
    applied = rules.on_public_agent_message(opened(), berlin("Mon 10:00"), OFFICE)
    applied = rules.on_requester_message(applied, berlin("Mon 11:00"), OFFICE)
    applied, _ = rules.settle(applied, berlin("Tue 11:00"))
    applied = rules.on_public_agent_message(applied, berlin("Tue 11:00"), OFFICE)
    applied = rules.on_requester_message(applied, berlin("Tue 12:00"), OFFICE)
    assert rules.record_breach(applied, Metric.NEXT_RESPONSE, berlin("Tue 10:00")) == applied


def test_a_pause_moves_what_is_due_by_the_business_time_it_lasts() -> None:
    paused = rules.pause(opened(), berlin("Mon 10:00"), OFFICE)
    assert (first(paused).due_at, first(paused).warn_at, rules.next_instant(paused)) == (None, None, None)
    assert rules.pause(paused, berlin("Mon 11:00"), OFFICE) == paused
    resumed = rules.resume(paused, berlin("Tue 17:00"), OFFICE)
    assert (first(resumed).used_seconds, first(resumed).due_at) == (HOUR, berlin("Wed 11:00"))
    assert rules.resume(resumed, berlin("Wed 10:00"), OFFICE) == resumed


def test_a_clock_that_ran_out_before_the_pause_is_breached_all_the_same() -> None:
    paused = rules.pause(opened(), berlin("Mon 13:00"), OFFICE)
    assert rules.next_instant(paused) == berlin("Mon 12:00")
    applied, dues = rules.settle(paused, berlin("Wed 09:00"))
    assert [due.at for due in dues] == [berlin("Mon 12:00"), berlin("Mon 13:00")]
    again = rules.resume(applied, berlin("Thu 09:00"), OFFICE)
    assert first(again).due_at == berlin("Mon 13:00")
    assert not [due for due in rules.due_actions(again, berlin("Sun 09:00")) if due.metric is Metric.FIRST_RESPONSE]


def test_a_message_to_a_paused_ticket_starts_to_count_when_the_clocks_resume() -> None:
    applied = rules.on_public_agent_message(opened(), berlin("Mon 10:00"), OFFICE)
    applied = rules.pause(applied, berlin("Mon 10:00"), OFFICE)
    applied = rules.on_requester_message(applied, berlin("Mon 12:00"), OFFICE)
    assert (following(applied).running_since, following(applied).due_at) == (None, None)
    applied = rules.resume(applied, berlin("Tue 09:00"), OFFICE)
    assert following(applied).due_at == berlin("Tue 17:00")


def test_the_solved_stretch_does_not_count_when_a_ticket_is_reopened() -> None:
    applied = rules.on_public_agent_message(opened(), berlin("Mon 10:00"), OFFICE)
    solved = rules.on_solved(applied, berlin("Mon 12:00"), OFFICE)
    assert (resolution(solved).met_at, resolution(solved).used_seconds) == (berlin("Mon 12:00"), 3 * HOUR)
    assert rules.next_instant(solved) is None
    reopened = rules.on_reopened(solved, berlin("Thu 09:00"), OFFICE)
    assert (resolution(reopened).met_at, resolution(reopened).due_at) == (None, berlin("Fri 15:00"))
    assert first(reopened).met_at == berlin("Mon 10:00")


def test_a_ticket_solved_without_an_answer_waits_for_none_until_it_is_reopened() -> None:
    solved = rules.on_solved(opened(), berlin("Mon 11:00"), OFFICE)
    assert rules.due_actions(solved, berlin("Fri 11:00")) == ()
    assert first(rules.on_reopened(solved, berlin("Tue 09:00"), OFFICE)).due_at == berlin("Tue 11:00")


def test_statuses_move_the_clocks_as_the_policy_says() -> None:
    applied = rules.follow_status(opened(), "pending", berlin("Mon 10:00"), OFFICE)
    assert applied.stopped_at == berlin("Mon 10:00")
    applied = rules.follow_status(applied, "on_hold", berlin("Mon 11:00"), OFFICE)
    assert applied.stopped_at == berlin("Mon 10:00")
    applied = rules.follow_status(applied, "open", berlin("Mon 12:00"), OFFICE)
    assert first(applied).due_at == berlin("Mon 15:00")
    applied = rules.follow_status(applied, "solved", berlin("Mon 13:00"), OFFICE)
    assert resolution(applied).met_at == berlin("Mon 13:00")
    applied = rules.follow_status(applied, "on_hold", berlin("Mon 14:00"), OFFICE)
    assert (resolution(applied).met_at, applied.stopped_at) == (None, berlin("Mon 14:00"))
    applied = rules.follow_status(applied, "open", berlin("Mon 15:00"), OFFICE)
    assert resolution(applied).used_seconds == 2 * HOUR
    never = rules.follow_status(replace(opened(), pause_on=()), "pending", berlin("Mon 10:00"), OFFICE)
    assert never == replace(opened(), pause_on=())


def test_a_change_of_priority_counts_the_time_already_used() -> None:
    at = berlin("Mon 11:00")
    lower = rules.apply_policy(POLICY, OFFICE, "normal", at, opened("low"))
    assert (first(lower).due_at, resolution(lower).due_at) == (berlin("Mon 13:00"), berlin("Tue 18:00"))
    assert remaining_ms(first(lower), at) == 2 * HOUR * 1000


def test_a_target_already_used_up_when_it_is_put_on_is_breached_there_without_a_warning() -> None:
    at = berlin("Mon 11:00")
    urgent = rules.apply_policy(POLICY, OFFICE, "urgent", at, opened("normal"))
    dues = rules.due_actions(urgent, at)
    assert dues == (Due(DueKind.BREACH, Metric.FIRST_RESPONSE, at),)


def test_a_met_or_missed_clock_keeps_its_facts_when_the_priority_changes() -> None:
    applied, _ = rules.settle(opened(), berlin("Mon 14:00"))
    easier = rules.apply_policy(POLICY, OFFICE, "low", berlin("Mon 14:00"), applied)
    assert (first(easier).breached_at, first(easier).due_at) == (berlin("Mon 13:00"), berlin("Mon 13:00"))
    assert first(easier).shown
    answered = rules.on_public_agent_message(opened(), berlin("Mon 10:00"), OFFICE)
    harder = rules.apply_policy(POLICY, OFFICE, "urgent", berlin("Mon 12:00"), answered)
    assert first(harder) == first(answered)


def test_a_missed_clock_is_neither_judged_nor_warned_of_again_by_a_longer_target() -> None:
    applied, _ = rules.settle(opened("urgent"), berlin("Mon 10:05"))
    longer = rules.apply_policy(POLICY, OFFICE, "normal", berlin("Mon 10:05"), applied)
    assert (first(longer).warned_at, first(longer).breached_at) == (berlin("Mon 09:45"), berlin("Mon 10:00"))
    assert first(longer).due_at == berlin("Mon 10:00")


def test_a_target_used_up_to_the_last_second_by_a_paused_clock_is_breached_when_it_is_put_on() -> None:
    at = berlin("Mon 12:00")
    paused = rules.pause(opened(), berlin("Mon 10:00"), OFFICE)
    urgent = rules.apply_policy(POLICY, OFFICE, "urgent", at, paused)
    assert rules.due_actions(urgent, at) == (Due(DueKind.BREACH, Metric.FIRST_RESPONSE, at),)


def test_a_warning_keeps_its_instant_through_a_pause_and_a_policy_put_on_again() -> None:
    paused = rules.pause(opened(), berlin("Mon 12:30"), OFFICE)
    resumed = rules.resume(paused, berlin("Mon 14:00"), OFFICE)
    assert rules.due_actions(resumed, berlin("Mon 14:00"))[0].at == berlin("Mon 12:00")
    warned, _ = rules.settle(opened(), berlin("Mon 12:00"))
    again = rules.apply_policy(POLICY, OFFICE, "normal", berlin("Mon 12:00"), warned)
    assert first(again).warned_at == berlin("Mon 12:00")
    assert [due.metric for due in rules.due_actions(again, berlin("Tue 08:00"))] == [
        Metric.FIRST_RESPONSE
    ]  # the breach


def test_a_policy_is_applied_already_only_as_it_is_now_and_for_that_priority() -> None:
    applied = opened()
    assert rules.is_applied(applied, POLICY, OFFICE, "normal")
    assert not rules.is_applied(applied, POLICY, OFFICE, "urgent")
    assert not rules.is_applied(applied, POLICY, OFFICE, "low")
    assert not rules.is_applied(applied, replace(POLICY, version=4), OFFICE, "normal")
    assert not rules.is_applied(applied, replace(POLICY, id="vip"), OFFICE, "normal")
    edited = compile_calendar(replace(OFFICE.calendar, revision=2))
    assert not rules.is_applied(applied, POLICY, edited, "normal")


def test_a_longer_target_calls_for_its_own_warning() -> None:
    applied, _ = rules.settle(opened("urgent"), berlin("Mon 09:50"))
    longer = rules.apply_policy(POLICY, OFFICE, "normal", berlin("Mon 09:50"), applied)
    assert (first(longer).warned_at, first(longer).warn_at) == (None, berlin("Mon 12:00"))


def test_the_next_message_and_a_reopening_count_by_the_new_priority() -> None:
    applied = rules.on_public_agent_message(opened(), berlin("Mon 10:00"), OFFICE)
    applied = rules.on_solved(applied, berlin("Mon 11:00"), OFFICE)
    applied = rules.apply_policy(POLICY, OFFICE, "urgent", berlin("Mon 12:00"), applied)
    assert rules.next_instant(applied) is None
    assert resolution(applied).met_at == berlin("Mon 11:00")
    applied = rules.on_reopened(
        rules.on_requester_message(applied, berlin("Tue 09:00"), OFFICE), berlin("Tue 09:00"), OFFICE
    )
    assert following(applied).due_at == berlin("Tue 11:00")
    assert resolution(applied).due_at == berlin("Tue 13:00"), "two of six hours are used"


def test_a_priority_without_targets_has_nothing_due() -> None:
    bare = rules.apply_policy(POLICY, OFFICE, "unheard of", berlin("Mon 11:00"), opened())
    assert rules.next_instant(bare) is None
    assert not [clock for clock in bare.clocks if clock.shown]


def test_another_calendar_takes_over_what_was_used_in_the_old_one() -> None:
    always = compile_calendar(ROUND_THE_CLOCK)
    round_the_clock = replace(POLICY, id="always", calendar_id="always")
    at = berlin("Tue 00:00")
    applied = rules.apply_policy(round_the_clock, always, "low", at, opened("low"), previous_cal=OFFICE)
    assert resolution(applied).used_seconds == 9 * HOUR
    assert resolution(applied).due_at == at + timedelta(hours=81)


def test_clocks_are_not_counted_in_a_calendar_that_is_not_theirs() -> None:
    edited = compile_calendar(replace(OFFICE.calendar, revision=2))
    with pytest.raises(WrongCalendarError):
        rules.pause(opened(), berlin("Mon 10:00"), edited)
    with pytest.raises(WrongCalendarError):
        rules.apply_policy(POLICY, compile_calendar(ROUND_THE_CLOCK), "low", berlin("Mon 10:00"))
    with pytest.raises(WrongCalendarError):
        rules.apply_policy(POLICY, edited, "low", berlin("Mon 10:00"), opened())


def test_a_promise_in_a_calendar_that_never_opens_is_never_due() -> None:
    closed = compile_calendar(BusinessCalendar("office", "Closed"))
    applied = rules.apply_policy(POLICY, closed, "normal", berlin("Mon 10:00"))
    assert rules.next_instant(applied) is None
    assert rules.used_ms(first(applied), berlin("Fri 10:00"), closed) == 0


# ---- random lives ---------------------------------------------------------------------------------------------------------

OPERATIONS = ("pause", "resume", "agent", "requester", "solve", "reopen", "low", "normal", "urgent", "open", "pending")
START = datetime(2026, 3, 27, 7, tzinfo=UTC)  # the Friday before Berlin's clocks go forward


@dataclass(frozen=True)
class Step:
    """After so many milliseconds, this happens."""

    after_ms: int
    operation: str


steps = st.builds(
    Step,
    st.one_of(st.integers(0, 3 * 86_400_000), st.integers(0, 80).map(lambda quarter: quarter * 900_000)),
    st.sampled_from(OPERATIONS),
)
lives = st.lists(steps, max_size=12)
pauses = st.lists(st.builds(Step, st.integers(0, 2 * 86_400_000), st.sampled_from(("pause", "resume"))), max_size=12)


def live(applied: AppliedSla, operation: str, at: datetime) -> AppliedSla:
    if operation in POLICY.targets:
        return rules.apply_policy(POLICY, OFFICE, operation, at, applied)
    if operation in ("open", "pending"):
        return rules.follow_status(applied, operation, at, OFFICE)
    happening = {
        "pause": rules.pause,
        "resume": rules.resume,
        "agent": rules.on_public_agent_message,
        "requester": rules.on_requester_message,
        "solve": rules.on_solved,
        "reopen": rules.on_reopened,
    }
    return happening[operation](applied, at, OFFICE)


@dataclass
class SlowClock:
    """A clock told in plain words: how long it has counted, and whether that was too long."""

    target: Target | None
    used: int = 0
    running: bool = True
    missed_at: int | None = None

    def pass_time(self, since: int, until: int) -> None:
        if not self.running:
            return
        business = self.target is None or self.target.business
        if self.target and self.missed_at is None:
            left = self.target.seconds * 1000 - self.used
            ends = OFFICE.instant_after(since, left) if business else since + left
            if ends is not None and ends <= until:
                self.missed_at = ends
        self.used += OFFICE.open_ms_between(since, until) if business else until - since


@dataclass
class SlowTicket:
    """The same life, kept as a person would: who waits for whom."""

    priority: str
    stopped: bool = False
    answered: bool = False
    waiting: bool = False
    solved: bool = False
    clocks: dict[Metric, SlowClock] = field(default_factory=dict)

    def done(self, metric: Metric) -> bool:
        done = {
            Metric.FIRST_RESPONSE: self.answered,
            Metric.NEXT_RESPONSE: not self.waiting,
            Metric.RESOLUTION: self.solved,
        }
        return done[metric]

    def target(self, metric: Metric) -> Target | None:
        return next((target for target in POLICY.targets[self.priority] if target.metric is metric), None)

    def happen(self, operation: str, now: int) -> None:
        self.change(operation)
        for metric, clock in self.clocks.items():
            if not self.done(metric):
                clock.target = self.target(metric)
                if clock.target and clock.missed_at is None and clock.used >= clock.target.seconds * 1000:
                    clock.missed_at = now
            clock.running = not self.done(metric) and not self.stopped

    def change(self, operation: str) -> None:
        if operation in POLICY.targets:
            self.priority = operation
        elif operation == "pause":
            self.stopped = True
        elif operation == "resume":
            self.stopped = False
        elif operation == "agent":
            self.answered, self.waiting = True, False
        elif operation == "requester":
            if self.answered and not self.waiting:
                self.waiting = True
                self.clocks[Metric.NEXT_RESPONSE] = SlowClock(None)
        elif operation == "solve":
            self.solved = self.stopped = True
        else:
            self.solved, self.stopped = False, operation == "pending"


def lived(life: list[Step], *, sweep_every_ms: int | None = None) -> tuple[AppliedSla, datetime]:
    """The SLA after a life, each command recording first what is due, and sweeps in between if asked for."""
    now = START
    applied = rules.apply_policy(POLICY, OFFICE, "normal", now)
    for step in life:
        until = now + timedelta(milliseconds=step.after_ms)
        while sweep_every_ms and now < until:
            applied, _ = rules.settle(applied, now)
            now += timedelta(milliseconds=sweep_every_ms)
        now = until
        applied, _ = rules.settle(applied, now)
        applied = live(applied, step.operation, now)
    return rules.settle(applied, now)[0], now


@settings(deadline=None)
@given(lives)
def test_clocks_count_and_miss_what_a_slow_account_of_the_ticket_says(life: list[Step]) -> None:
    now = to_ms(START)
    slow = SlowTicket("normal")
    slow.clocks = {metric: SlowClock(slow.target(metric)) for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION)}
    for step in life:
        for clock in slow.clocks.values():
            clock.pass_time(now, now + step.after_ms)
        now += step.after_ms
        slow.happen(step.operation, now)
    applied, end = lived(life)
    counted = {
        clock.metric: (rules.used_ms(clock, end, OFFICE), clock.breached_at)
        for clock in applied.clocks
        if clock.started_at
    }
    expected = {
        metric: (clock.used, None if clock.missed_at is None else from_ms(clock.missed_at))
        for metric, clock in slow.clocks.items()
    }
    assert counted == expected


@settings(deadline=None)
@given(lives, st.integers(3 * HOUR * 1000, 30 * HOUR * 1000))
def test_sweeps_change_nothing_but_when_things_are_written_down(life: list[Step], sweep_every_ms: int) -> None:
    assert lived(life, sweep_every_ms=sweep_every_ms) == lived(life)


@settings(deadline=None)
@given(st.lists(steps.filter(lambda step: step.operation not in {*POLICY.targets, "requester"}), max_size=12))
def test_nothing_due_is_lost_when_nobody_looks_until_the_end(life: list[Step]) -> None:
    now = START
    applied = rules.apply_policy(POLICY, OFFICE, "normal", now)
    for step in life:
        now += timedelta(milliseconds=step.after_ms)
        applied = live(applied, step.operation, now)
    late, _ = rules.settle(applied, now)
    assert late == lived(life)[0]


@settings(deadline=None)
@given(pauses)
def test_in_any_pattern_of_pauses_used_and_remaining_make_the_target_and_the_due_instant_is_when_it_is_used_up(
    life: list[Step],
) -> None:
    applied, now = lived(life)
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        clock = clock_of(applied, metric)
        remaining = remaining_ms(clock, now)
        assert (clock.breached_at is not None) == (remaining <= 0)
        assert (clock.due_at is None) == (applied.stopped_at is not None and clock.breached_at is None)
        if clock.due_at and not clock.breached_at:
            assert OFFICE.open_ms_between(to_ms(now), to_ms(clock.due_at)) == remaining


@settings(deadline=None)
@given(lives, st.sampled_from(["normal", "urgent", "low"]))
def test_putting_on_what_is_applied_already_would_change_nothing_that_is_due(life: list[Step], priority: str) -> None:
    applied, now = lived(life)
    if rules.is_applied(applied, POLICY, OFFICE, priority):
        again = rules.apply_policy(POLICY, OFFICE, priority, now, applied)
        assert [(c.metric, c.due_at, c.warn_at, c.met_at, c.breached_at) for c in again.clocks] == [
            (c.metric, c.due_at, c.warn_at, c.met_at, c.breached_at) for c in applied.clocks
        ]


@settings(deadline=None)
@given(lives)
def test_whatever_a_ticket_lived_through_its_clocks_survive_storage(life: list[Step]) -> None:
    applied, _ = lived(life)
    assert from_document(AppliedSla, json.loads(canonical_json(to_document(applied)))) == applied


def test_the_clocks_of_an_ordinary_ticket_are_small_to_store() -> None:
    targets = {"normal": (Target(Metric.FIRST_RESPONSE, 4 * HOUR), Target(Metric.RESOLUTION, 18 * HOUR))}
    applied = rules.apply_policy(replace(POLICY, targets=targets), OFFICE, "normal", START)
    assert len(canonical_json(to_document(applied))) < 640
