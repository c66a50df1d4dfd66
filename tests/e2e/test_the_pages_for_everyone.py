"""The agents' pages for everyone: axe finds nothing on them, they answer at once among 20,000 open tickets, and views
and formatted answers are made with the keyboard. Over a desk in memory, as none of it asks anything of a server."""

import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.barriers import barriers
from tests.e2e.desk import ROOT
from tests.e2e.interactions import sign_in, too_slow
from tests.e2e.mock_desk import mock_desk
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]

TICKETS = 20_000
WIDE: ViewportSize = {"width": 1440, "height": 900}
TABLET: ViewportSize = {"width": 1024, "height": 768}
UPRIGHT: ViewportSize = {"width": 820, "height": 1180}
PHONE: ViewportSize = {"width": 390, "height": 844}
SETTINGS_PAGES = {
    "/admin": "main a[href^='/admin/']",
    "/admin/agents": "main a[href^='/admin/agents/']",
    "/admin/fields/+new": "main form",
    "/sla": "main .empty",
    "/sla/policies/new": "main form",
    "/sla/calendars/new": "main form",
    "/rules": "main .empty",
    "/rules/new": "main form",
    "/triage": "main h2",
    "/knowledge": "main h1",
    "/settings": "main table input",
}
"""Pages that are no agent's daily ones, each with what stands there once it is drawn."""


@pytest.fixture(scope="module")
def busy_desk() -> Iterator[str]:
    with mock_desk(TICKETS) as url:
        yield url


def visited(page: Page, url: str) -> Iterator[str]:
    """Pages and what opens over them, one after another."""
    yield "list"
    page.locator(".row__link").first.click()
    page.locator(".message").first.wait_for()
    page.locator(".rich").wait_for()
    yield "ticket"
    beside = Words("aside", "en")
    for part, ask in (("side.title", "side.ask"), ("approval.title", "approval.ask")):
        page.get_by_role("button", name=beside(part)).click()
        page.get_by_role("button", name=beside(ask)).click()
        page.locator("dialog[open] .aside__form").wait_for()
        yield beside(ask)
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="detached")
    page.keyboard.press("n")
    expect(page.locator(".rich")).to_be_focused()
    page.keyboard.type("@")
    page.locator(".mentions").wait_for()
    yield "note with mentions"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("dialog[open]").wait_for()
    yield "palette"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    yield "shortcuts"
    page.keyboard.press("Escape")
    page.goto(f"{url}/views/open?q=refund")
    page.locator(".row, .empty").first.wait_for()
    yield "search"
    page.set_viewport_size(TABLET)
    words = Words("desk", "en")
    page.get_by_role("button", name=words("notification.bell")).click()
    page.get_by_role("dialog", name=words("notification.bell")).wait_for()
    yield "bell"
    page.keyboard.press("Escape")
    page.get_by_role("button", name=words("view.show")).click()
    page.locator(".drawer").get_by_role("button", name=re.compile(words("me.menu"))).click()
    page.get_by_role("menuitem", name=words("me.settings")).wait_for()
    yield "menu over the views of a tablet"
    page.set_viewport_size(WIDE)
    page.goto(f"{url}/views/v-all-open/edit")
    page.locator(".trial__row").first.wait_for()
    yield "view editor"
    page.goto(f"{url}/team")
    page.locator(".load").first.wait_for()
    page.locator(".numbers__count").first.click()
    page.locator("dialog[open] .team-ticket").first.wait_for()
    yield "tickets behind a number"
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    yield "team"
    page.goto(f"{url}/held")
    page.locator("main").wait_for()
    yield "held mail"
    for place, there in SETTINGS_PAGES.items():
        page.goto(f"{url}{place}")
        page.locator(there).first.wait_for()
        yield place


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_agents_pages(busy_desk: str, browser: Browser, scheme: str) -> None:
    context = browser.new_context(locale="en-US", viewport=WIDE, color_scheme=scheme, reduced_motion="reduce")
    page = watched(context, [])
    sign_in(page, busy_desk)
    found = {name: barriers(page) for name in visited(page, busy_desk)}
    assert {name: there for name, there in found.items() if there} == {}
    context.close()


def picking(page: Page, url: str) -> Iterator[str]:
    """What is chosen from with a finger, each over the page that it is opened on."""
    page.locator(".row__link").first.tap()
    page.locator(".rich").wait_for()
    ticket = page.url
    page.keyboard.press("z")
    page.locator("dialog[open] .when__words").filter(has_text=re.compile("[0-9]{4}")).wait_for()
    yield "until when"
    page.goto(f"{ticket}&panel=properties")
    for property_name in ("status", "priority", "assignee", "category"):
        name = Words("desk", "en")(f"property.{property_name}")
        page.locator(".property").filter(has_text=name).locator(".property__value").first.tap()
        page.get_by_role("combobox", name=name).wait_for()
        yield name
        page.touchscreen.tap(20, 20)
        page.get_by_role("combobox", name=name).wait_for(state="detached")
    page.goto(f"{url}/views/open")
    page.locator(".row").first.wait_for()
    page.locator(".row__check").first.check(force=True)
    page.locator(".bulk").wait_for()
    for key in ("s", "a"):
        page.locator(f".bulk [aria-keyshortcuts={key}]").tap()
        page.locator(".options").wait_for()
        yield f"{key} for several tickets"
        page.keyboard.press("Escape")
        page.locator(".options").wait_for(state="detached")


@pytest.mark.parametrize("size", [PHONE, UPRIGHT], ids=["phone", "tablet"])
def test_axe_finds_nothing_while_something_is_chosen_with_a_finger(
    busy_desk: str, browser: Browser, size: ViewportSize
) -> None:
    context = browser.new_context(
        locale="en-US", viewport=size, is_mobile=True, has_touch=True, reduced_motion="reduce"
    )
    page = watched(context, [])
    sign_in(page, busy_desk)
    found = {name: barriers(page) for name in picking(page, busy_desk)}
    assert {name: there for name, there in found.items() if there} == {}
    context.close()


def test_the_pages_keep_to_their_weight(busy_desk: str) -> None:
    weighed = subprocess.run(
        ["node", "scripts/size.mjs"], cwd=ROOT / "web", capture_output=True, text=True, check=False
    )
    assert weighed.returncode == 0, weighed.stdout


def test_hands_are_answered_within_a_tenth_of_a_second_among_twenty_thousand_tickets(
    busy_desk: str, browser: Browser
) -> None:
    context = browser.new_context(locale="en-US", viewport=WIDE)
    page = watched(context, [])
    sign_in(page, busy_desk)
    assert too_slow(page, f"{busy_desk}/views/open") == {}
    context.close()


def test_a_view_is_written_counted_and_acted_upon_as_a_whole(busy_desk: str, browser: Browser) -> None:
    context = browser.new_context(locale="ko-KR", viewport=WIDE)
    complaints: list[str] = []
    page, words, views = watched(context, complaints), Words("desk", "ko"), Words("views", "ko")
    sign_in(page, busy_desk)
    page.get_by_role("link", name=words("view.new")).click()
    page.get_by_role("textbox", name=views("name")).fill("급한 건")
    page.get_by_role("button", name=views("add")).click()
    page.get_by_role("combobox", name=views("field")).select_option("priority")
    page.get_by_role("combobox", name=views("value")).select_option("high")
    page.get_by_role("combobox", name=views("groupBy")).select_option("assignee")
    page.locator(".columns select").select_option("group")
    page.get_by_role("button", name=views("create")).click()
    page.locator(".list__heading").first.wait_for()
    expect(page.get_by_role("heading", name="급한 건")).to_be_visible()
    expect(page.locator(".row__details").first).to_be_visible()
    page.keyboard.press("Control+a")
    page.locator(".bulk__whole").click()
    expect(page.locator(".bulk__count")).to_have_text(re.compile(r"[0-9]{3,}"))
    assert complaints == []
    context.close()


def test_a_formatted_answer_is_written_kept_and_sent(busy_desk: str, browser: Browser) -> None:
    context = browser.new_context(locale="ja-JP", viewport=PHONE, color_scheme="dark")
    page, words = watched(context, []), Words("desk", "ja")
    sign_in(page, busy_desk)
    page.locator(".row__link").nth(2).click()
    answer = page.get_by_role("textbox", name=words("editor.reply"), exact=True)
    answer.click()
    page.keyboard.type("ご確認ください")
    page.keyboard.press("Enter")
    page.keyboard.type("- ")
    page.keyboard.press("Control+b")
    page.keyboard.type("電源")
    page.keyboard.press("Control+b")
    page.keyboard.type("を切る")
    page.reload()
    expect(answer.locator("li strong")).to_have_text("電源")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    answer.press("Control+Enter")
    expect(answer).to_have_text("")
    letter = page.frame_locator("iframe.mail__frame").last
    expect(letter.locator("li strong")).to_have_text("電源")
    context.close()
