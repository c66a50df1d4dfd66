"""What a night learns from and counts: corrections more, its own doing less, and nothing twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpdesk.routing.learning.train import Example
from helpdesk.routing.model import FieldFigures, FieldModel, ModelSet, TriageMode, TriageSetting, WeekFigures
from helpdesk.routing.trainer import Solved, TrainingService, counted, lesson_of
from helpdesk.routing.triage import KeptModels, language_of
from helpdesk.routing.weeks import months_back, week_of
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.triaging import Suggestion, Triage, TriageField
from tests.conftest import StandingClock
from tests.fakes.tickets import FakeTickets
from tests.support.desks import DESK, RULES
from tests.support.lives import Life

CATEGORY = TriageField.CATEGORY


def a_ticket(category: str | None, said: Suggestion | None = None, **changes: object) -> Ticket:
    triage = Triage(1, (said,)) if said is not None else None
    return replace(Life(RULES).open().stands, category=category, triage=triage, **changes)


def sure(value: str, *, acted: bool = False) -> Suggestion:
    return Suggestion(CATEGORY, value, 970, sure=True, acted=acted or None)


def lesson(*tickets: Ticket) -> list[tuple[str | None, float]]:
    found = lesson_of(CATEGORY, [Solved(one, "words") for one in tickets], DESK)
    assert found is not None
    return [(one.label, one.weight) for one in found.examples if one.text == "words"]


def test_what_people_put_right_counts_more_and_what_the_desk_did_alone_counts_less() -> None:
    assert lesson(
        a_ticket("billing"),
        a_ticket("internal", sure("billing", acted=True)),
        a_ticket("internal", sure("internal", acted=True)),
        a_ticket("billing", sure("billing")),
        a_ticket("billing", Suggestion(CATEGORY, "internal", 400)),
        a_ticket("gone"),
        a_ticket(None),
    ) == [("billing", 1.0), ("internal", 3.0), ("internal", 0.5), ("billing", 1.0), ("billing", 1.0)]


def test_the_seed_helps_until_the_desk_has_tickets_of_its_own() -> None:
    solved = [Solved(a_ticket(("billing", "internal")[number % 2]), "words") for number in range(300)]
    few, many = lesson_of(CATEGORY, solved[:20], DESK), lesson_of(CATEGORY, solved, DESK)
    assert few is not None
    assert many is not None
    assert (few.known.texts, many.known.texts, many.known.seed) == (20, 300, 0)
    assert few.known.seed > 100
    assert {one.label for one in few.examples} <= {*DESK.categories, None}


def test_where_there_is_nothing_to_tell_apart_nothing_is_learned() -> None:
    solved = [Solved(a_ticket("billing"), "words")] * 400
    assert lesson_of(CATEGORY, solved, DESK) is None


@pytest.mark.parametrize(("field", "mark", "other"), [("spam", "spam", "wanted"), ("sentiment", "upset", "calm")])
def test_what_is_told_by_a_mark_is_learned_from_the_seed_until_people_give_the_mark_often_enough(
    field: str, mark: str, other: str
) -> None:
    solved = [Solved(a_ticket("billing"), "words")] * 400
    bearing = [Solved(a_ticket("billing", tags=(mark,)), "words")] * 60

    def learned(*tickets: Solved) -> FieldModel:
        found = lesson_of(TriageField(field), tickets, DESK)
        assert found is not None
        assert {one.label for one in found.examples} == {mark, other}
        return found.known

    assert (learned(*solved).texts, learned(*solved, bearing[0]).texts) == (0, 401)
    assert learned(*solved).seed > 300
    assert learned(*solved, bearing[0]).seed == learned(*solved).seed
    assert (learned(*solved, *bearing).texts, learned(*solved, *bearing).seed) == (460, 0)


def test_a_week_counts_what_was_said_against_what_a_ticket_ended_with() -> None:
    week = WeekFigures("2026-W48")
    for ticket in (
        a_ticket("billing", sure("billing", acted=True)),
        a_ticket("internal", sure("billing", acted=True), reassigned=2),
        a_ticket("internal", Suggestion(CATEGORY, "internal", 400)),
        a_ticket(None, sure("billing")),
        a_ticket("billing"),
    ):
        week = counted(week, ticket)
    figures = week.fields[CATEGORY]
    assert (week.solved, week.reassigned) == (5, 1)
    assert (figures.judged, figures.right, figures.sure, figures.sure_right) == (3, 2, 2, 1)
    assert (figures.acted, figures.corrected) == (2, 1)
    assert figures.calibration_error == pytest.approx((abs(1.94 - 1) + abs(0.4 - 1)) / 3)
    assert FieldFigures().calibration_error is None


class Shelf:
    """Models in memory."""

    def __init__(self) -> None:
        self.newest: ModelSet | None = None
        self.files: dict[tuple[int, TriageField], bytes] = {}
        self.weeks: dict[str, WeekFigures] = {}
        self.reads = 0

    def current(self) -> ModelSet | None:
        self.reads += 1
        return self.newest

    def read(self, number: int, field: TriageField) -> bytes | None:
        return self.files.get((number, field))

    def write(self, number: int, field: TriageField, data: bytes) -> None:
        self.files[number, field] = data

    def replace(self, before: ModelSet | None, after: ModelSet) -> bool:
        if self.newest != before:
            return False
        self.newest = after
        return True

    def save_week(self, figures: WeekFigures) -> None:
        self.weeks[figures.week] = figures


def _no_training(examples: Sequence[Example], wanted: float) -> "None":
    raise AssertionError(f"{len(examples)} {wanted}")


def test_a_desk_that_wants_no_triage_trains_nothing_and_counts_all_the_same(clock: StandingClock) -> None:
    shelf = Shelf()
    off = {field.value: TriageSetting(field, TriageMode.OFF) for field in TriageField}
    service = TrainingService(FakeTickets(), shelf, lambda: replace(DESK, triage=off), clock, _no_training)  # type: ignore[arg-type]
    assert service.run() is None
    assert week_of(clock()) in shelf.weeks


def test_a_container_looks_for_newer_models_once_a_minute() -> None:
    shelf, now = Shelf(), [0.0]
    kept = KeptModels(shelf, lambda: now[0])
    for now[0] in (0.0, 30.0, 59.0, 61.0, 90.0):
        kept.newest()
    assert shelf.reads == 2
    assert kept.of(1, CATEGORY) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("안녕하세요, 결제가 두 번 되었습니다. HB-2 프린터", "ko"),
        ("請求書の金額が間違っているようです。Invoice 4711", "ja"),
        ("My printer says 0x8007 since Monday", "en"),
        ("ok", None),
        ("", None),
        ("12345 !!! ???", None),
        ("printer 안녕 hello 하세요 world", None),
    ],
)
def test_a_language_is_told_by_its_script_or_not_at_all(text: str, language: str | None) -> None:
    found = language_of(text)
    assert (found[0] if found is not None else None) == language


def test_months_and_weeks_go_over_the_turn_of_a_year() -> None:
    assert list(months_back(datetime(2026, 2, 3, tzinfo=UTC), 4)) == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert week_of(datetime(2027, 1, 1, tzinfo=UTC)) == "2026-W53"
