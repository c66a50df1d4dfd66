"""A supervisor makes a promise in a real browser: drafts it, tries it on last month, switches it on, and sees it kept watch over."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests.e2e.barriers import barriers
from tests.e2e.desk import RunningDesk
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]
SEOUL = ZoneInfo("Asia/Seoul")


def _now(desk: RunningDesk) -> datetime:
    return datetime.fromisoformat(desk.call("GET", "/_local/clock").body["now"])


def _to_a_working_morning(desk: RunningDesk) -> None:
    """Moves the clock to ten o'clock in Seoul on a Tuesday to Thursday: an hour and more of office hours lies ahead."""
    now = _now(desk).astimezone(SEOUL)
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
    while ten <= now or ten.weekday() not in (1, 2, 3):
        ten += timedelta(days=1)
    desk.advance(seconds=(ten - now).total_seconds())


def _signed_in(page: Page, desk: RunningDesk, words: Words, name: str) -> None:
    page.goto(f"{desk.url}/")
    page.get_by_role("button", name=words("signIn.button")).click()
    page.get_by_text(name).click()
    page.get_by_role("button", name=re.compile(name)).wait_for()


def _a_file_is_taken_over(page: Page, desk: RunningDesk, w: Words) -> None:
    """What an iCalendar file closes is looked at, added to the calendar's own days, and not kept yet."""
    day = _now(desk).date() + timedelta(days=40)
    page.goto(f"{desk.url}/sla/calendars/seoul")
    page.get_by_text(w("calendar.import")).click()
    event = f"BEGIN:VEVENT\nDTSTART:{day:%Y%m%d}\nSUMMARY:Offsite\nEND:VEVENT"
    page.get_by_label(w("calendar.paste")).fill(f"BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR")
    page.get_by_role("button", name=w("calendar.look")).click()
    expect(page.get_by_text("Offsite")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name=w("calendar.take")).click()
    expect(page.get_by_label(w("calendar.closed"))).to_have_value(re.compile(day.isoformat()))


def test_a_supervisor_tries_a_promise_on_last_month_switches_it_on_and_sees_it_act_on_time(
    desk: RunningDesk, browser: Browser
) -> None:
    complaints: list[str] = []
    words, w = Words("desk", "en"), Words("sla", "en")
    page = watched(browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}), complaints)
    _signed_in(page, desk, words, "Suki Tanaka")
    page.get_by_role("button", name=re.compile("Suki Tanaka")).click()
    page.get_by_role("menuitem", name=words("me.promises")).click()
    page.get_by_role("button", name=w("list.add")).click()

    page.get_by_label(w("editor.name"), exact=True).fill("Urgent within half an hour")
    page.get_by_label(w("editor.calendar")).select_option(label="Seoul office")
    first = page.get_by_role("textbox", name=f"{words('sla.metric.first_response')}, {words('priority.urgent')}")
    first.fill("soon")
    expect(page.get_by_text(w("fault.length"))).to_be_visible()
    first.fill("30m")
    page.get_by_role("group", name=w("condition.priorities")).get_by_label(words("priority.urgent")).check()
    page.get_by_role("button", name=w("level.add")).click()
    page.get_by_label(w("level.percent")).fill("90")
    page.get_by_label(w("level.tags")).fill("almost-late")
    means = page.get_by_role("region", name=w("editor.means"))
    expect(means.get_by_text("Urgent: First reply within 30m.")).to_be_visible()
    expect(means.get_by_text("Times count in the hours of “Seoul office”.")).to_be_visible()
    expect(means.get_by_text("After 90% of the time")).to_be_visible()

    page.get_by_role("button", name=w("preview.try"), exact=True).click()
    trial = page.get_by_role("region", name=w("preview.title"))
    kept = trial.get_by_role("table", name=w("preview.byClock"))
    kept.wait_for(timeout=60_000)
    first_replies = kept.get_by_role("row", name=re.compile(words("sla.metric.first_response")))
    before, after = re.findall(r"([\d.]+)%", first_replies.inner_text())[:2]
    assert float(after) < float(before)
    expect(trial.get_by_text("30m instead of 1h.").first).to_be_visible()
    live = desk.as_agent("supervisor@desk.test", "GET", "/v1/sla-policies").body["items"]
    assert [one["id"] for one in live] == ["standard"]

    page.get_by_role("button", name=w("editor.switchOn")).click()
    expect(page.get_by_text("“Urgent within half an hour” holds from now on")).to_be_visible()
    expect(page.get_by_role("heading", name="Urgent within half an hour")).to_be_visible()
    _a_file_is_taken_over(page, desk, w)

    try:
        _to_a_working_morning(desk)
        request = {"requester": {"email": "late@example.com"}, "subject": "All printers stand still", "body": "Please."}
        opened = desk.call("POST", "/v1/requests", {**request, "priority": "urgent"})
        assert opened.status == 201, opened
        desk.settle()
        ticket = desk.ticket_of(opened.body["ticket"]["number"], "supervisor@desk.test")
        began = datetime.fromisoformat(ticket["created_at"])
        desk.advance(minutes=31)
        found = desk.as_agent("supervisor@desk.test", "GET", f"/v1/tickets/{ticket['id']}/sla").body
        told = {note["kind"]: datetime.fromisoformat(note["at"]) - began for note in found["notes"]}
        assert told == {
            "warned": timedelta(seconds=1350),
            "escalated": timedelta(seconds=1620),
            "breached": timedelta(seconds=1800),
        }
        page.goto(f"{desk.url}/tickets/{ticket['id']}")
        expect(page.get_by_text("almost-late").first).to_be_visible()
        page.get_by_role("button", name=words("property.whyClocks")).click()
        account = page.get_by_role("dialog").get_by_role("region", name=words("sla.metric.first_response"))
        for kind in ("warned", "escalated", "breached"):
            expect(account.get_by_text(w(f"note.{kind}"), exact=True)).to_be_visible()
        lines = account.locator(".account__counted").all_inner_texts()
        assert re.search(r"\d+m", account.locator(".account__sum").inner_text()), lines
        page.goto(f"{desk.url}/sla/report")
        page.get_by_label(w("preview.by")).select_option(label=w("reportBy.policy"))
        figures = page.get_by_role("table", name=words("sla.metric.first_response"))
        missed = figures.get_by_role("row", name=re.compile("Urgent within half an hour")).get_by_role("cell")
        expect(missed.nth(2)).to_have_text(re.compile("[1-9]"))
        assert barriers(page) == []
        assert complaints == []
    finally:
        desk.as_agent("admin@desk.test", "DELETE", "/v1/sla-policies/urgent-within-half-an-hour")
