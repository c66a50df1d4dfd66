"""Old against new, counted; and the command that shows it."""

import json
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.desk.rules import rules_of
from helpdesk.kernel.codec import to_document
from helpdesk.replays import Past, main, read_histories, run
from helpdesk.sla.compliance import Dimension, Period, Tally, compare
from helpdesk.sla.model import Conditions, Metric
from helpdesk.tickets.chain import event_document
from helpdesk.tickets.facts import Event, SlaBreached
from helpdesk.tickets.model import Priority
from tests.support.desks import DESK, HOUR, RULES, SEOUL
from tests.support.lives import MINA, MONDAY_TEN_IN_SEOUL, REQUESTER, Life, opening
from tests.unit.sla.test_replay import draft

PERIOD = Period(MONDAY_TEN_IN_SEOUL - timedelta(days=1), MONDAY_TEN_IN_SEOUL + timedelta(days=7), "Asia/Seoul")
FIRST = Metric.FIRST_RESPONSE


def answered_after(number: int, minutes: int, priority: Priority = Priority.NORMAL) -> list[Event]:
    life = Life(RULES)
    life.do(opening(f"01JD0000000000000000T{number:05d}", number=number, priority=priority), REQUESTER)
    life.tick(minutes=minutes / 2)
    life.now += timedelta(minutes=minutes / 2)
    life.says(MINA)
    life.tick(days=8)
    return life.events


HISTORIES = [
    answered_after(1, 20),
    answered_after(2, 50),
    answered_after(3, 90),
    answered_after(4, 70, Priority.URGENT),
]


def test_a_draft_is_counted_beside_what_was_by_metric_priority_and_day() -> None:
    found = compare(HISTORIES, RULES, draft(HOUR // 2), PERIOD)
    assert found.tickets == 4
    old, new = (side.by_key[FIRST, Dimension.ALL, ""] for side in (found.old, found.new))
    assert (old.met, old.breached, old.late_seconds) == (3, 1, 600)
    assert (new.met, new.breached, new.late_seconds) == (1, 3, (20 + 60 + 40) * 60)
    assert (old.compliance, new.compliance) == (0.75, 0.25)
    assert found.new.by_key[FIRST, Dimension.PRIORITY, "urgent"].breached == 1
    assert found.old.by_key[FIRST, Dimension.DAY, "2026-11-23"].met == 3
    first = [(change.number, change.metric) for change in found.changes if change.metric is FIRST]
    assert first == [(2, FIRST), (3, FIRST)]


def test_what_was_decided_before_the_period_and_opened_after_it_is_left_out() -> None:
    later = Period(MONDAY_TEN_IN_SEOUL + timedelta(minutes=60), PERIOD.until)
    assert compare(HISTORIES, RULES, RULES, later).old.by_key[FIRST, Dimension.ALL, ""].met == 1
    earlier = Period(PERIOD.since, MONDAY_TEN_IN_SEOUL)
    assert compare(HISTORIES, RULES, RULES, earlier).tickets == 0


def test_tickets_whose_fields_may_have_held_something_else_are_named() -> None:
    life = Life(RULES)
    life.do(opening("01JD0000000000000000T00009", number=9, fields={"plan_code": "tin"}), REQUESTER)
    once = list(life.events)
    life.tick(hours=1)
    life.change(fields={"plan_code": "gold"})
    asking, asked = draft(HOUR // 2, conditions=Conditions(fields={"plan_code": ("gold",)})), []

    def values_of(ticket_id: str) -> dict[str, tuple[str, ...]]:
        asked.append(ticket_id)
        return {"plan_code": ("gold",)}

    found = compare([life.events, *HISTORIES], RULES, asking, PERIOD, values_of)
    assert (found.by_now, asked) == ([(life.stands.id, 9)], [life.stands.id])
    assert found.new.by_key[FIRST, Dimension.ALL, ""].breached == 1
    assert compare([once], RULES, asking, PERIOD, values_of).by_now == []
    assert compare([once], RULES, asking, PERIOD).by_now == [(life.stands.id, 9)], "nobody knows what it holds"
    assert compare([life.events], RULES, RULES, PERIOD).by_now == [], "no condition looks at fields"
    status, shown = lines_of(Past([life.events], replace(DESK, policies=asking.policies), lambda *_: None))
    assert (status, shown[1]) == (0, {"fields": "unknown", "tickets": 1, "numbers": [9]})


def test_nothing_decided_has_no_share() -> None:
    assert Tally(open=3).compliance is None


def options(**changes: object) -> Namespace:
    usual = {
        "verify": False,
        "policy": None,
        "changes": 50,
        "since": PERIOD.since,
        "until": PERIOD.until,
        "zone": "UTC",
    }
    return Namespace(**(usual | changes))


def lines_of(past: Past, **changes: object) -> tuple[int, list[dict[str, object]]]:
    shown: list[dict[str, object]] = []
    return run(options(**changes), past, shown.append), shown


def test_the_live_promises_over_the_live_past_reproduce_all_that_was_recorded() -> None:
    status, shown = lines_of(Past(HISTORIES, DESK, lambda *_: None), verify=True)
    assert (status, shown[-1]["differences"], shown[-1]["tickets"]) == (0, 0, 4)
    assert shown[-1]["firings"] > 4


def test_a_breach_that_was_taken_out_of_history_fails_the_verification() -> None:
    robbed = [
        [one for one in events if not isinstance(one.fact, SlaBreached) or one.fact.metric is not FIRST]
        for events in HISTORIES
    ]
    status, shown = lines_of(Past(robbed, DESK, lambda *_: None), verify=True)
    assert status == 1
    assert [line["kind"] for line in shown[:-1]] == ["breach"]


def test_an_earlier_version_is_verified_by_its_own_targets_and_an_unknown_one_fails() -> None:
    edited = [p if p.id != "standard" else rules_of(DESK).policies[1] for p in DESK.policies]
    newer = [type(one)(**{n: getattr(one, n) for n in one.__slots__} | {"version": 9}) for one in edited]
    desk = type(DESK)(**{n: getattr(DESK, n) for n in DESK.__slots__} | {"policies": tuple(newer)})
    kept = {(one.id, one.version): one for one in edited}
    assert lines_of(Past(HISTORIES, desk, lambda *name: kept.get(name)), verify=True)[0] == 0
    status, shown = lines_of(Past(HISTORIES, desk, lambda *_: None), verify=True)
    assert (status, shown[-1]["unknown_promises"]) == (1, {"standard@3": 4})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    events = "\n".join(json.dumps(event_document(event)) for events in HISTORIES for event in events)
    (tmp_path / "events.jsonl").write_text(events, encoding="utf-8")
    live = {
        "policies": [to_document(one) for one in DESK.policies],
        "calendars": [to_document(SEOUL), to_document(ALWAYS)],
    }
    (tmp_path / "live.json").write_text(json.dumps(live), encoding="utf-8")
    (tmp_path / "draft.json").write_text(
        json.dumps({"policies": [to_document(draft(HOUR // 2).policies[0])]}), encoding="utf-8"
    )
    return tmp_path


ALWAYS = next(one for one in DESK.calendars.values() if one.id == "always")


def test_the_command_reads_files_and_prints_a_line_each(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(read_histories(files / "events.jsonl")) == HISTORIES
    where = ["--events", str(files / "events.jsonl"), "--settings", str(files / "live.json")]
    period = ["--from", "2026-11-20", "--to", "2026-12-01"]
    assert main([*where, *period, "--policy", str(files / "draft.json")]) == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert shown[0]["tickets"] == 4
    (row,) = [line for line in shown if line.get("metric") == "first_response" and line.get("by") == "all"]
    assert (row["old"]["breached"], row["new"]["breached"]) == (1, 3)
    assert main([*where, *period, "--verify"]) == 0


def test_what_cannot_be_replayed_says_why(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--events", str(files / "events.jsonl")]) == 1
    (files / "live.json").write_text('{"policies": [{"id": 3}]}', encoding="utf-8")
    where = ["--events", str(files / "events.jsonl"), "--settings", str(files / "live.json")]
    assert main(where) == 1
    assert "live.json" in capsys.readouterr().err
