"""An admin writes a rule, tries it and switches it on; an agent sees why a ticket came to them and corrects it; the night learns."""

import re
import uuid

from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import RunningDesk
from tests.e2e.morning import LETTERS
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]
ADMIN, AGENT = "admin@desk.test", "agent@desk.test"


def _signed_in(page: Page, desk: RunningDesk, words: Words, name: str) -> None:
    page.goto(f"{desk.url}/")
    page.get_by_role("button", name=words("signIn.button")).click()
    page.get_by_text(name).click()
    page.get_by_role("button", name=re.compile(name)).wait_for()


def _learned(desk: RunningDesk) -> tuple[int, int]:
    """Number of the newest training, and how many of the desk's own tickets it learned groups from."""
    found = desk.as_agent(ADMIN, "GET", "/v1/triage-settings").body
    model = next(one["model"] for one in found["items"] if one["field"] == "group")
    return found["model"] or 0, model["texts"] if model is not None else 0


def test_a_rule_is_tried_and_switched_on_an_agent_sees_why_and_corrects_it_and_the_night_learns_from_that(
    desk: RunningDesk, browser: Browser
) -> None:
    complaints: list[str] = []
    words, w, why = Words("desk", "en"), Words("rules", "en"), Words("triage", "en")
    word = f"zq{uuid.uuid4().hex[:7].translate(LETTERS)}"
    page = watched(browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}), complaints)
    me = desk.as_agent(ADMIN, "GET", "/v1/me").body
    _signed_in(page, desk, words, me["name"])
    page.get_by_role("button", name=re.compile(me["name"])).click()
    page.get_by_role("menuitem", name=words("me.rules")).click()
    page.get_by_role("button", name=w("list.add")).click()
    page.get_by_label(w("editor.name"), exact=True).fill(f"Bills {word}")
    page.get_by_role("button", name=w("editor.addRow")).click()
    page.get_by_label(w("editor.values")).fill(word)
    page.get_by_label(w("editor.group"), exact=True).select_option("billing")
    page.get_by_role("button", name=w("preview.try"), exact=True).click()
    expect(page.get_by_text(re.compile(r"0 of \d+ would match"))).to_be_visible()
    page.get_by_label(w("editor.enabled")).check()
    page.get_by_role("button", name=w("editor.save")).click()
    expect(page.get_by_text(w("editor.saved", name=f"Bills {word}"))).to_be_visible()
    rule = next(one for one in desk.as_agent(ADMIN, "GET", "/v1/rules").body["items"] if one["name"] == f"Bills {word}")
    try:
        request = {"requester": {"email": f"{word}@example.com"}, "subject": f"About {word}", "body": "Please."}
        opened = desk.call("POST", "/v1/requests", request)
        assert opened.status == 201, opened
        desk.settle()
        ticket_id = opened.body["ticket"]["id"]
        page.goto(f"{desk.url}/tickets/{ticket_id}")
        page.get_by_role("button", name=words("property.whyHere")).click()
        acted = page.get_by_role("listitem").filter(has_text=f"Bills {word}").first
        expect(acted).to_contain_text(why("outcome.acted"))
        page.get_by_role("button", name=why("why.correct")).first.click()
        page.get_by_role("option", name="Support", exact=True).first.click()
        expect(page.get_by_text(words("change.group", group="Support"))).to_be_visible()
        before = _learned(desk)
        version = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket_id}").version
        solved = desk.as_agent(AGENT, "PATCH", f"/v1/tickets/{ticket_id}", {"status": "solved"}, if_match=version)
        assert solved.status == 200, solved
        desk.advance(days=1)
        after = _learned(desk)
        assert after[0] > before[0]
        assert after[1] > before[1]
        weeks = desk.as_agent(ADMIN, "GET", "/v1/reports/triage").body["items"]
        assert sum(week["reassigned"] for week in weeks) > 0
        page.goto(f"{desk.url}/triage")
        expect(page.get_by_role("heading", name=why("incidents.title"))).to_be_visible()
        expect(page.get_by_role("heading", name=why("page.how"))).to_be_visible()
        hits = next(one for one in desk.as_agent(ADMIN, "GET", "/v1/rules").body["items"] if one["id"] == rule["id"])
        assert hits["hits"] == 1
        assert complaints == []
    finally:
        desk.as_agent(ADMIN, "DELETE", f"/v1/rules/{rule['id']}")
