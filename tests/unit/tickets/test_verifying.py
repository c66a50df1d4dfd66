"""`helpdesk history verify` on a file: whatever is changed in a history shows, with its place."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk import cli
from helpdesk.kernel.clock import format_instant
from helpdesk.tickets.chain import event_document
from helpdesk.tickets.facts import Event
from tests.support.desks import RULES
from tests.support.lives import MINA, MONDAY_TEN_IN_SEOUL, REQUESTER, Life, opening

type Document = dict[str, Any]
A, B = "01JD00000000000000000T0001", "01JD00000000000000000T0002"


def lived(ticket_id: str, number: int) -> list[Event]:
    life = Life(RULES)
    life.do(opening(ticket_id, number=number), REQUESTER)
    life.says(MINA)
    life.change(group="billing", assignee="mina")
    life.tick(days=2)
    return life.events


def documents() -> list[Document]:
    events = [*lived(A, 1001), *lived(B, 1002)]
    return [json.loads(json.dumps(event_document(event))) for event in events]


def verified(
    path: Path, lines: list[Document], capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, list[Document]]:
    file = path / "events.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    status = cli.main(["history", "verify", "--events", str(file), *more])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_history_that_nobody_touched_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = documents()
    status, (summary,) = verified(tmp_path, lines, capsys)
    assert status == 0
    assert summary == {"tickets": 2, "events": len(lines), "ends_vouched_for": 0, "faults": 0}


def test_envelopes_of_the_bus_are_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = verified(tmp_path, [{"detail-type": one["type"], "detail": one} for one in documents()], capsys)
    assert status == 0


def test_what_was_said_later_about_an_event_shows_at_the_one_behind_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = documents()
    lines[1]["at"] = format_instant(MONDAY_TEN_IN_SEOUL - timedelta(days=1))
    status, (fault, summary) = verified(tmp_path, lines, capsys)
    assert status == 1
    assert (fault["ticket"], fault["seq"]) == (A, 3)
    assert summary["faults"] == 1


@pytest.mark.parametrize(
    ("change", "ticket", "problem"),
    [
        (lambda lines: lines.pop(2), A, "event 3 is missing"),
        (lambda lines: lines.insert(2, dict(lines[1])), A, "event 3 is missing"),
        (lambda lines: lines[1].update(note="by hand"), A, "it holds more or less than an event of its kind"),
        (lambda lines: lines[1].update(type="TicketVanished"), A, "it cannot be read"),
        (lambda lines: lines[-1].update(ticket_id=A), A, "its events stand in several places of the file"),
    ],
    ids=["gone", "doubled", "added to", "of no kind", "moved to another ticket"],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, ticket: str, problem: str
) -> None:
    lines = documents()
    change(lines)
    status, found = verified(tmp_path, lines, capsys)
    assert status == 1
    assert any(one.get("ticket") == ticket and one["problem"].startswith(problem) for one in found[:-1])


def test_a_lost_end_shows_by_where_histories_ended_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, heads = documents(), tmp_path / "heads.jsonl"
    assert verified(tmp_path, lines, capsys, "--save-heads", str(heads))[0] == 0
    assert verified(tmp_path, lines, capsys, "--heads", str(heads))[1][-1]["ends_vouched_for"] == 2
    assert verified(tmp_path, lines[:-1], capsys)[0] == 0  # nothing in the file tells that there was more
    status, found = verified(tmp_path, lines[:-1], capsys, "--heads", str(heads))
    assert status == 1
    assert found[0]["problem"].startswith("it went on to")
    status, found = verified(
        tmp_path, [line for line in lines if line["ticket_id"] == A], capsys, "--heads", str(heads)
    )
    assert (status, found[0]["ticket"], found[0]["problem"]) == (1, B, "the whole history is missing")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_any_value_goes_unnoticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    lines, heads = documents(), tmp_path / "heads.jsonl"
    assert verified(tmp_path, lines, capsys, "--save-heads", str(heads))[0] == 0
    line = data.draw(st.sampled_from(lines))
    inside = data.draw(st.sampled_from([line, line["actor"], *([line["data"]] if line["data"] else [])]))
    name = data.draw(st.sampled_from(sorted(inside)))
    before = inside[name]
    inside[name] = data.draw(st.text(max_size=5) | st.integers() | st.none())
    if inside[name] == before:
        return
    status, found = verified(tmp_path, lines, capsys, "--heads", str(heads))
    assert status == 1
    assert found


def test_a_file_that_is_none_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("no json\n")
    assert cli.main(["history", "verify", "--events", str(file)]) == 1
    assert cli.main(["history", "verify", "--events", str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().err.count("helpdesk: ") == 2
