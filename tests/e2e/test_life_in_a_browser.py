"""A ticket's whole life in a real browser: a customer asks in the portal, an agent answers at the desk, the customer
follows the mail's links, writes back, opens it again and rates. In English, in Korean on a phone, and in Japanese."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.barriers import barriers
from tests.e2e.desk import ROOT, RunningDesk
from tests.e2e.test_life_over_http_and_smtp import body_of, number_in

CHROMIUM = "/usr/bin/chromium"


class Words:
    """The pages' own words, by key."""

    def __init__(self, page: str, language: str) -> None:
        path = ROOT / "web" / "src" / "locales" / page / f"{language}.json"
        self._words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        found: Any = self._words
        for part in key.split("."):
            found = found[part]
        return re.sub(r"\{\{(\w+)\}\}", lambda match: str(values[match[1]]), found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


def watched(context: BrowserContext, complaints: list[str]) -> Page:
    """A page whose errors and broken promises of the Content-Security-Policy are noted."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(60_000)
    return page


def scanned(page: Page, link: str) -> None:
    """A mail scanner follows a link of a survey, and all that it could make of it."""
    api = link.replace("/portal/survey/", "/v1/surveys/")
    for address in (link, f"{link}?rating=1", api, f"{api}?rating=1"):
        page.request.get(address)
        page.request.head(address)


def drop(page: Page, name: str, told: str) -> None:
    """Holds a file over the page, is told so, and lets it go at the top of it, far from any form."""
    held = page.evaluate_handle(
        "(name) => { const held = new DataTransfer(); held.items.add(new File(['It flickers.'], name, {type: 'text/plain'})); return held; }",
        name,
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": held})
    page.get_by_text(told, exact=True).wait_for()
    page.dispatch_event("header", "drop", {"dataTransfer": held})
    page.get_by_text(told, exact=True).wait_for(state="detached")
    page.get_by_text(name).wait_for()


def says(context: BrowserContext, address: str, title: str) -> None:
    """Whoever opens an address is told that, as the page's one heading, and offered a way on."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_role("heading", name=title, level=1).wait_for()
    page.close()


PEOPLE = [
    pytest.param("en", "en-US", {"width": 1440, "height": 900}, "Rosa Vega", "The lamp flickers", id="en"),
    pytest.param("ko", "ko-KR", {"width": 390, "height": 844}, "최하늘", "스탠드 불빛이 깜빡여요", id="ko-phone"),
    pytest.param("ja", "ja-JP", {"width": 1440, "height": 900}, "佐藤葵", "照明がちらつきます", id="ja"),
]


@pytest.mark.parametrize(("language", "locale", "viewport", "name", "subject"), PEOPLE)
def test_a_request_lives_from_the_form_to_the_rating(
    desk: RunningDesk, browser: Browser, language: str, locale: str, viewport: Any, name: str, subject: str
) -> None:
    complaints: list[str] = []
    words, portal = Words("desk", language), Words("portal", language)
    address = f"{language}-{uuid.uuid4().hex[:8]}@example.com"
    customer = browser.new_context(locale=locale, viewport=viewport)
    colleague = browser.new_context(locale=locale, viewport=viewport)

    page = watched(customer, complaints)
    page.goto(f"{desk.url}/portal")
    page.get_by_text(portal("form.title")).wait_for()
    page.get_by_label(portal("form.email")).fill(address)
    page.get_by_label(portal("form.name")).fill(name)
    page.get_by_label(portal("form.subject"), exact=True).fill(subject)
    page.get_by_label(portal("form.body"), exact=True).fill(f"{subject}. " * 3)
    drop(page, "lamp.txt", portal("files.letGo"))
    assert barriers(page) == []
    page.get_by_role("button", name=portal("form.send"), exact=True).click()
    page.get_by_text(portal("sent.title")).wait_for()
    assert barriers(page) == []
    desk.settle()
    number = number_in(desk.mails(address)[0]["subject"])
    assert page.get_by_text(f"#{number}").first.is_visible()
    assert desk.ticket_of(number)["channel"] == "web"
    owner = desk.ticket_of(number)["assignee"]
    agents = desk.as_agent("agent@desk.test", "GET", "/v1/agents").body["items"]
    assignee = next(agent for agent in agents if agent["id"] == owner)

    work = watched(colleague, complaints)
    work.goto(f"{desk.url}/")
    work.get_by_role("button", name=words("signIn.button")).click()
    work.get_by_text(assignee["name"]).click()
    work.wait_for_url(f"{desk.url}/views/**")
    work.goto(
        f"{desk.url}/tickets/{desk.ticket_of(number)['id']}"
    )  # lists draw what is in sight, and other tests fill them
    work.get_by_text(subject).first.wait_for()
    work.get_by_text("lamp.txt").first.wait_for()
    reply = work.get_by_role("textbox", name=words("editor.reply"), exact=True)
    reply.fill("Hello! 안녕하세요! This is the answer.")
    reply.press("Control+Enter")
    work.get_by_text("This is the answer.").first.wait_for()
    work.get_by_role("button", name=words("editor.note"), exact=True).click()
    note = work.get_by_role("textbox", name=words("editor.note"), exact=True)
    note.fill("Only for colleagues.")
    note.press("Control+Enter")
    expect(work.get_by_text("Only for colleagues.").first).to_be_visible()
    desk.settle()

    mail = desk.raw_mail(desk.mails(address)[0])
    assert "This is the answer." in body_of(mail)
    link = re.search(r"https?://\S+/portal/requests/\S+", body_of(mail))
    assert link is not None
    page.goto(link[0])
    expect(page.get_by_text("This is the answer.")).to_be_visible()
    assert page.get_by_text("Only for colleagues.").count() == 0
    assert assignee["email"] not in page.content()
    page.get_by_label(portal("request.reply")).fill("It works now, thank you!")
    drop(page, "receipt.txt", portal("files.letGo"))
    assert barriers(page) == []
    page.get_by_role("button", name=portal("request.send"), exact=True).click()
    expect(page.get_by_text("It works now, thank you!").first).to_be_visible()
    desk.settle()

    expect(work.get_by_text("It works now, thank you!").first).to_be_visible()
    work.get_by_text("receipt.txt").first.wait_for()

    def solved_by_the_colleague() -> None:
        work.get_by_role("button", name=words("ticket.solve"), exact=True).click()
        work.get_by_role("button", name=words("ticket.reopen"), exact=True).wait_for()
        desk.settle()
        assert desk.ticket_of(number)["status"] == "solved"

    solved_by_the_colleague()
    page.reload()
    page.get_by_role("button", name=portal("request.reopen"), exact=True).click()
    page.get_by_text(portal("request.status.open"), exact=True).wait_for()
    desk.settle()
    assert desk.ticket_of(number)["status"] == "open"
    solved_by_the_colleague()

    desk.advance(hours=2)
    survey = re.search(r"https?://\S+/portal/survey/[^\s>)]+", body_of(desk.raw_mail(desk.mails(address)[0])))
    assert survey is not None
    scanned(page, survey[0])
    desk.settle()
    assert desk.ticket_of(number).get("rating") is None
    says(customer, f"{survey[0][:-3]}AAA", portal("link.unknownTitle"))  # forged
    key = link[0].partition("#")[2]
    says(
        customer, f"{desk.url}/portal/requests/01JD00000000000000000000AA#{key}", portal("link.unknownTitle")
    )  # another's
    page.goto(survey[0])
    page.get_by_text(portal("survey.5"), exact=True).click()
    assert barriers(page) == []
    page.get_by_role("button", name=portal("survey.send")).click()
    page.get_by_text(portal("survey.thanksGood")).wait_for()
    desk.settle()
    says(customer, f"{survey[0]}?rating=1", portal("survey.answered"))  # used
    scanned(page, survey[0])
    assert desk.ticket_of(number)["rating"]["rating"] == 5
    assert complaints == []
    customer.close()
    colleague.close()
