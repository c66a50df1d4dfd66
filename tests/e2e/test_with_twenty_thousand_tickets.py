"""The same morning on the running desk when it has twenty thousand open tickets. It comes last: they stay with the desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import RunningDesk
from tests.e2e.interactions import measured
from tests.e2e.morning import AGENT, Morning, a_morning
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]

TICKETS = 20_000
ANSWERS_WITHIN_MS = 100
"""Of what a page answers from what it has: the server is not waited for."""
PHONE = {"width": 390, "height": 844}


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
    morning.take_rank_and_answer(0)
    morning.merge(1, into=2)
    morning.put_aside(3)
    morning.change_many_and_undo([2, 4, 5])
    morning.find_korean()
    assert morning.desk.dead_letters() == []


def test_what_hands_do_is_answered_within_a_tenth_of_a_second(morning: Morning) -> None:
    page, url = morning.page, morning.desk.url
    page.goto(f"{url}/views/open")
    page.locator(".row").first.wait_for()
    found = measured(page)
    assert [one for one in found if one.answers_in_ms > ANSWERS_WITHIN_MS] == []


def test_on_a_phone_in_the_dark_in_korean_and_by_an_admin(crowded: RunningDesk, browser: Browser) -> None:
    for language, locale in (("ko", "ko-KR"), ("ja", "ja-JP")):
        context = browser.new_context(locale=locale, viewport=PHONE, color_scheme="dark")
        complaints: list[str] = []
        page, words, w = watched(context, complaints), Words("desk", language), Words("sla", language)
        page.goto(f"{crowded.url}/")
        page.get_by_role("button", name=words("signIn.button")).click()
        page.get_by_text("Alex Morgan").click()
        page.locator(".list__rows, .empty").first.wait_for()
        page.goto(f"{crowded.url}/views/open")
        page.locator(".row").first.wait_for()
        page.locator(".row__link").first.click()
        page.locator(".message").first.wait_for()
        page.goto(f"{crowded.url}/sla/policies/standard")
        first = page.get_by_role("textbox", name=f"{words('sla.metric.first_response')}, {words('priority.normal')}")
        first.fill("3h" if language == "ko" else "4h")
        page.get_by_role("button", name=w("editor.switchOn")).click()
        page.get_by_role("dialog").get_by_role("button", name=w("editor.switchOn")).click()
        expect(page.get_by_text(w("editor.switchedOn", name="Standard"))).to_be_visible()
        assert complaints == []
        context.close()
