"""An admin goes through the administration in a real browser: every page opens, is usable by all, and what is saved holds."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import ROOT, RunningDesk
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    *(
        "agents",
        "groups",
        "roles",
        "plans",
        "categories",
        "products",
        "fields",
        "forms",
        "statuses",
        "canned",
        "macros",
    ),
    *("checklists", "mailboxes", "templates", "blocked", "assignments"),
)


def _refused_by_axe(page: Page) -> list[tuple[str, str]]:
    """What keeps somebody from using the page that is open: the rule, and where it is broken first."""
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


def test_an_admin_finds_every_page_and_what_is_saved_holds(desk: RunningDesk, browser: Browser) -> None:
    complaints: list[str] = []
    words, w = Words("desk", "en"), Words("admin", "en")
    page = watched(browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}), complaints)
    page.goto(f"{desk.url}/")
    page.get_by_role("button", name=words("signIn.button")).click()
    page.get_by_text("Admin").first.click()
    page.locator(".list__rows, .empty").first.wait_for()
    page.get_by_role("button", name=re.compile(words("me.menu"))).click()
    page.get_by_role("menuitem", name=words("me.admin")).click()
    page.get_by_role("link", name=re.compile(w("pages.categories.text"))).wait_for()
    assert _refused_by_axe(page) == []

    ways = page.get_by_role("navigation", name=w("page.title"))
    page.get_by_role("link", name=re.compile(w("pages.agents.text"))).click()
    for name in PAGES:
        ways.get_by_role("link", name=w(f"pages.{name}.title"), exact=True).click()
        page.get_by_role("heading", level=1, name=w(f"kinds.{name}.title")).wait_for()
        assert (name, _refused_by_axe(page)) == (name, [])

    ways.get_by_role("link", name=w("pages.categories.title"), exact=True).click()
    page.get_by_role("button", name=w("kinds.categories.new")).first.click()
    page.get_by_label("Name, English").fill("Warranty cases")
    expect(page.get_by_role("region", name=w("preview.title")).get_by_text("Warranty cases")).to_be_visible()
    assert _refused_by_axe(page) == []
    page.get_by_role("button", name=w("editor.save")).click()
    page.get_by_role("link", name=re.compile("Warranty cases")).wait_for()
    held = desk.as_agent("admin@desk.test", "GET", "/v1/settings/categories").body["items"]
    assert [one["names"] for one in held if one["id"] == "warranty-cases"] == [{"en": "Warranty cases"}]
    desk.as_agent("admin@desk.test", "DELETE", "/v1/categories/warranty-cases")

    ways.get_by_role("link", name=w("pages.brands.title"), exact=True).click()
    page.get_by_role("button", name=w("kinds.brands.new")).first.click()
    page.get_by_label(f"{w('form.brandTitles')}, English").fill("Which lamp is it?")
    look, portal = page.get_by_role("region", name=w("preview.title")), Words("portal", "ko")
    look.get_by_role("button", name="한국어").click()
    shown = look.frame_locator(f"iframe[title='{w('preview.frame')}']")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Which lamp is it?")
    shown.get_by_label(portal("form.subject")).fill("전등")
    shown.get_by_role("button", name=portal("form.send")).click()
    expect(shown.get_by_label(portal("form.subject"))).to_have_value("전등")

    page.get_by_label(f"{w('form.names')}, English").first.fill("Lumen")
    page.get_by_label(w("form.ownBrandColour")).check()
    look.get_by_role("button", name=w("preview.night")).click()
    look.get_by_role("button", name=w("preview.help"), exact=True).click()
    home = look.frame_locator(f"iframe[title='{w('preview.helpFrame')}']")
    expect(home.locator("html")).to_have_attribute("lang", "ko")
    expect(home.locator(".brand")).to_have_text("Lumen")
    expect(home.locator("body")).to_have_css("background-color", "rgb(23, 23, 26)")  # its own style sheet, by night
    home.locator("footer a[hreflang=ja]").click()
    expect(home.locator("html")).to_have_attribute("lang", "ja")
    home.locator("main form button").click()
    expect(home.locator(".brand")).to_have_text("Lumen")
    assert _refused_by_axe(page) == []
    assert complaints == []
