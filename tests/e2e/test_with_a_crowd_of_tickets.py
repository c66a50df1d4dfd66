"""The same morning on the running desk among thousands of open tickets, or as many as CROWD says. It comes last: they stay."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.desk import RunningDesk
from tests.e2e.interactions import too_slow
from tests.e2e.morning import AGENT, Morning, a_morning
from tests.e2e.test_life_in_a_browser import browser

__all__ = ["browser"]

TICKETS = int(os.environ.get("CROWD", "2000"))


@pytest.fixture(scope="module")
def crowded(desk: RunningDesk) -> RunningDesk:
    """A desk to which so many came; what was counted of them is what there is."""
    before = _open(desk)
    desk.crowd(TICKETS)
    assert _open(desk) == before + TICKETS
    return desk


@pytest.fixture
def morning(crowded: RunningDesk, browser: Browser) -> Iterator[Morning]:
    with a_morning(crowded, browser, tickets=6) as begun:
        yield begun


def _open(desk: RunningDesk) -> int:
    counts = desk.as_agent(AGENT, "GET", "/v1/views/counts").body["items"]
    return next(one["count"] for one in counts if one["id"] == "all-open")


def test_an_agents_whole_morning_goes_on_as_ever(morning: Morning) -> None:
    morning.change_many_and_undo([*range(6)])
    morning.take_rank_and_answer(0)
    morning.merge(1, into=2)
    morning.put_aside(3)
    morning.find_korean()
    assert morning.desk.dead_letters() == []


def test_what_hands_do_is_answered_within_a_tenth_of_a_second(morning: Morning) -> None:
    assert too_slow(morning.page, f"{morning.desk.url}/views/open") == {}
