"""When many who write the same are a sign that something is broken, and when they are not."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.routing.alike import ENOUGH, WINDOW, Seen, fingerprint, saying_the_same
from helpdesk.routing.learning.seed import texts
from tests.support.outages import OUTAGE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _seen(number: int, text: str, at: datetime = NOW, who: str = "") -> Seen:
    return Seen(f"T{number:04d}", who or f"P{number}", at, fingerprint(text))


def _everyday(language: str, count: int, chance: random.Random, at: datetime = NOW) -> list[Seen]:
    chosen = chance.sample([text for text, _ in texts(language)], count)
    return [_seen(1000 + number, text, at) for number, text in enumerate(chosen)]


def _reports(language: str, at: datetime = NOW) -> list[Seen]:
    return [_seen(number, "\n".join(report), at) for number, report in enumerate(OUTAGE[language])]


@pytest.mark.parametrize("language", OUTAGE)
def test_an_outage_is_noticed_with_its_last_report_among_whatever_else_comes_in(language: str) -> None:
    *before, last = _reports(language)
    beside = _everyday(language, 25, random.Random(3))
    assert saying_the_same(last, [*beside, *before]) == (*before, last)
    assert saying_the_same(before[-1], [*beside, *before[:-1]]) == ()  # not one person less


@pytest.mark.parametrize("language", OUTAGE)
def test_an_ordinary_hour_is_no_outage(language: str) -> None:
    chance = random.Random(11)
    for _ in range(10):
        hour = _everyday(language, 40, chance)
        assert [one.ticket_id for one in hour if saying_the_same(one, hour)] == []


def test_reports_over_a_longer_time_are_no_outage() -> None:
    *before, last = _reports("en")
    long_ago = [_seen(number, "VPN down", NOW - WINDOW - timedelta(minutes=1)) for number in range(ENOUGH)]
    assert saying_the_same(last, long_ago) == ()
    assert saying_the_same(last, before) != ()


def test_what_many_wrote_all_day_long_is_usual() -> None:
    all_day = [
        _seen(2000 + number, "VPN does not connect", NOW - timedelta(hours=2, minutes=number)) for number in range(20)
    ]
    all_day += _everyday("en", 60, random.Random(5), NOW - timedelta(hours=5))
    *before, last = _reports("en")
    assert saying_the_same(last, [*all_day, *before]) == ()


def test_one_person_is_one_however_often_they_write() -> None:
    seen = [_seen(number, "\n".join(report), who="same") for number, report in enumerate(OUTAGE["ko"])]
    assert saying_the_same(seen[-1], seen) == ()


def test_what_is_remembered_holds_no_words() -> None:
    marks = fingerprint("Minsu Kim cannot print the secret plan")
    assert marks
    assert all(isinstance(mark, int) for mark in marks)
    assert fingerprint("") == ()
