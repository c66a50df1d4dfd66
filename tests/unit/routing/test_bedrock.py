"""A service is asked where the desk's own models do not know, within its budget; whatever it does, tickets are routed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk.routing.bedrock import AskedModel, Service, read_service
from helpdesk.routing.model import TriageMode, TriageSetting
from helpdesk.tickets.triaging import Suggestion, Triage, TriageField
from tests.support.desk import desk_for_tests

NOVA = Service("amazon.nova-micro-v1:0", 1.0, 0.035, 0.14)
SETTINGS = {field: TriageSetting(field) for field in (TriageField.CATEGORY, TriageField.PRIORITY)}
OWN = Triage(
    4, (Suggestion(TriageField.CATEGORY, "billing", 400), Suggestion(TriageField.PRIORITY, "low", 970, sure=True))
)


class Own:
    """The desk's own models: sure of the priority, and not of the category."""

    def ready(self) -> bool:
        return True

    def guess(self, text: str, settings: Mapping[TriageField, TriageSetting]) -> Triage | None:
        del text, settings
        return OWN


class Bedrock:
    """A client that says what it is told to."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def converse(self, **asked: Any) -> Mapping[str, object]:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        usage = {"inputTokens": 100_000, "outputTokens": 10, "totalTokens": 100_010}
        return {"output": {"message": {"role": "assistant", "content": [{"text": self.answer}]}}, "usage": usage}


class Purse:
    """Counts what was spent."""

    def __init__(self, spent: int = 0) -> None:
        self.spent = spent

    def spend(self, month: str, micros: int) -> int:
        assert month == "2026-11"
        self.spent += micros
        return self.spent


def _asked(bedrock: Bedrock, purse: Purse, faults: list[Exception]) -> AskedModel:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return AskedModel(Own(), NOVA, lambda: bedrock, purse, desk_for_tests, lambda: now, faults.append)


def test_it_is_asked_about_what_is_not_known_and_its_word_counts_from_the_wished_precision_on() -> None:
    bedrock, purse = Bedrock('Sure: {"category": {"value": "technical", "confidence": 0.96}}'), Purse()
    found = _asked(bedrock, purse, []).guess("It does not print", SETTINGS)
    assert found == Triage(4, (OWN.suggestions[1], Suggestion(TriageField.CATEGORY, "technical", 960, sure=True)))
    (asked,) = bedrock.asked
    assert asked["modelId"] == NOVA.model
    assert "technical" in asked["system"][0]["text"]
    assert "priority" not in asked["system"][0]["text"]
    assert purse.spent == NOVA.cost(100_000, 10)


def test_it_acts_only_where_an_admin_lets_it_and_it_is_sure() -> None:
    def said(mode: TriageMode, confidence: float) -> Suggestion:
        settings = {TriageField.CATEGORY: TriageSetting(TriageField.CATEGORY, mode)}
        answer = f'{{"category": {{"value": "technical", "confidence": {confidence}}}}}'
        found = _asked(Bedrock(answer), Purse(), []).guess("It does not print", settings)
        assert found is not None
        return found.suggestions[-1]

    category = TriageField.CATEGORY
    assert said(TriageMode.ACT, 0.97) == Suggestion(category, "technical", 970, sure=True, acted=True)
    assert said(TriageMode.ACT, 0.9) == Suggestion(category, "technical", 900)
    assert said(TriageMode.SUGGEST, 0.97) == Suggestion(category, "technical", 970, sure=True)


def test_after_a_failure_it_is_let_alone_for_a_while_so_that_tickets_do_not_wait() -> None:
    bedrock, purse, faults = Bedrock(TimeoutError("too slow")), Purse(), list[Exception]()
    asked = _asked(bedrock, purse, faults)
    for _ in range(3):
        assert asked.guess("It does not print", SETTINGS) == OWN
    assert (len(bedrock.asked), len(faults)) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        TimeoutError("too slow"),
        "I cannot help",
        '{"category": {"value": "weather", "confidence": 1}}',
        '{"category": 7}',
        "{",
        '{"category": {"value": null}}',
    ],
)
def test_whatever_goes_wrong_leaves_what_the_desks_own_models_say(answer: str | Exception) -> None:
    assert _asked(Bedrock(answer), Purse(), []).guess("It does not print", SETTINGS) == OWN


def test_a_month_whose_budget_is_spent_asks_nothing_more() -> None:
    bedrock, purse = Bedrock("{}"), Purse(1_000_000)
    assert _asked(bedrock, purse, []).guess("It does not print", SETTINGS) == OWN
    assert (bedrock.asked, purse.spent) == ([], 1_000_000)


def test_a_service_is_described_in_one_line() -> None:
    assert read_service("") is None
    assert read_service("amazon.nova-micro-v1:0 1 0.035 0.14") == NOVA
    with pytest.raises(ValueError, match="budget"):
        read_service("amazon.nova-micro-v1:0 much")
