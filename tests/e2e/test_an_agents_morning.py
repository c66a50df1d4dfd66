"""An agent's morning in a real browser, by keys where hands know them: triage, an answer from a canned response, a bulk
action and its undo, snoozing, merging and un-merging, a search in Korean, colleagues who see one another."""

import re
import statistics
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import RunningDesk
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
AGENT, COLLEAGUE = "agent@desk.test", "agent2@desk.test"
ANSWERS_WITHIN_MS = 100
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""So that a word stays one word: what digits follow is found by its first half too."""


@dataclass
class Morning:
    """A desk with tickets and a canned response of one word that nothing else has, an agent's page, and what the page complained of."""

    desk: RunningDesk
    page: Page
    words: Words
    word: str
    tickets: list[str]
    complaints: list[str]

    def ticket(self, place: int = 0) -> Any:
        return self.desk.as_agent(AGENT, "GET", f"/v1/tickets/{self.tickets[place]}").body

    def open(self, place: int = 0) -> None:
        self.page.goto(f"{self.desk.url}/tickets/{self.tickets[place]}?view=open")
        self.page.locator(".message").first.wait_for()

    def told(self, pattern: str) -> None:
        expect(self.page.get_by_text(re.compile(pattern)).first).to_be_visible(timeout=30_000)

    def undo(self) -> None:
        self.page.get_by_role("button", name=self.words("common.undo"), exact=True).last.click()


def sign_in(page: Page, desk: RunningDesk, words: Words, address: str) -> None:
    name = next(
        one["name"]
        for one in desk.as_agent(address, "GET", "/v1/agents").body["items"]
        if one["id"] == desk.as_agent(address, "GET", "/v1/me").body["id"]
    )
    page.goto(f"{desk.url}/")
    page.get_by_role("button", name=words("signIn.button")).click()
    page.get_by_text(name).first.click()
    page.locator(".list__rows, .empty").first.wait_for()


def asked(desk: RunningDesk, word: str, subject: str) -> str:
    body = {
        "requester": {"email": f"{uuid.uuid4().hex[:8]}@example.com", "name": "김민수"},
        "subject": f"{subject} {word}",
        "body": f"{word}: 사무용 의자 팔걸이가 부러졌어요. Please help.",
    }
    answer = desk.call("POST", "/v1/requests", body)
    assert answer.status == 201, answer
    return str(answer.body["ticket"]["id"])


@pytest.fixture
def morning(desk: RunningDesk, browser: Browser) -> Iterator[Morning]:
    word = f"kx{uuid.uuid4().hex[:7].translate(LETTERS)}"
    answer = "A new armrest is on its way."
    canned = {"title": f"Chair {word}", "scope": "personal", "bodies": {"en": {"text": answer}}}
    assert desk.as_agent(AGENT, "POST", "/v1/canned-responses", canned).status == 201
    tickets = [asked(desk, word, f"Broken chair {number}") for number in range(3)]
    desk.settle()
    context = browser.new_context(locale="en-US", viewport=WIDE)
    complaints: list[str] = []
    page, words = watched(context, complaints), Words("desk", "en")
    sign_in(page, desk, words, AGENT)
    yield Morning(desk, page, words, word, tickets, complaints)
    assert complaints == []
    context.close()


def test_a_ticket_is_taken_ranked_and_answered_from_a_canned_response_by_keys(morning: Morning) -> None:
    desk, page, words = morning.desk, morning.page, morning.words
    morning.open()
    if morning.ticket()["assignee"] != desk.as_agent(AGENT, "GET", "/v1/me").body["id"]:
        page.keyboard.press("m")
        morning.told("Assigned to")
    page.keyboard.press("p")
    page.get_by_role("option", name=words("priority.urgent")).click()
    morning.told(words("change.priority", priority=words("priority.urgent")))
    page.keyboard.press("r")
    reply = page.get_by_role("textbox", name=words("editor.reply"), exact=True)
    expect(reply).to_be_focused()
    page.keyboard.type(f"/{morning.word}")
    page.get_by_role("option", name=re.compile(morning.word)).wait_for()
    page.keyboard.press("Enter")
    expect(reply).to_have_text("A new armrest is on its way.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page).not_to_have_url(re.compile(morning.tickets[0]))
    desk.settle()
    ticket = morning.ticket()
    assert (ticket["status"], ticket["priority"]) == ("solved", "urgent")


def test_many_are_changed_at_once_and_given_back(morning: Morning) -> None:
    page, words = morning.page, morning.words
    page.goto(f"{morning.desk.url}/views/open?q={morning.word}")
    expect(page.locator(".row")).to_have_count(3, timeout=60_000)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Shift+J")
    expect(page.get_by_text(words("bulk.selected", count=2))).to_be_visible()
    page.keyboard.press("Control+a")
    expect(page.get_by_text(words("bulk.selected", count=3))).to_be_visible()
    page.get_by_role("button", name=words("bulk.solve"), exact=True).click()
    morning.told("3 tickets changed")
    morning.desk.settle()
    assert [morning.ticket(place)["status"] for place in range(3)] == ["solved"] * 3
    morning.undo()
    morning.told("3 tickets are as they were")
    assert "solved" not in [morning.ticket(place)["status"] for place in range(3)]


def test_what_must_wait_is_put_aside_and_comes_back_by_hand(morning: Morning) -> None:
    page, words = morning.page, morning.words
    morning.open()
    page.keyboard.press("z")
    page.get_by_role("option", name=words("snooze.untilAnswer")).click()
    morning.told("comes back with the requester")
    morning.desk.settle()
    assert morning.ticket()["snoozed"] is True
    morning.open()
    page.get_by_role("button", name=words("snooze.wake")).click()
    expect(page.get_by_text(words("snooze.bannerAnswer"))).to_have_count(0)
    morning.desk.settle()
    assert morning.ticket()["snoozed"] is False


def test_two_requests_become_one_and_two_again(morning: Morning) -> None:
    page, words = morning.page, morning.words
    number = morning.ticket(1)["number"]
    morning.open()
    page.keyboard.press("Shift+M")
    page.get_by_role("combobox", name=words("choose.label")).fill(f"#{number}")
    page.get_by_role("option", name=re.compile(f"#{number}")).click()
    morning.told(f"merged into #{number}")
    expect(page.get_by_text(words("message.fromTicket", number=morning.ticket()["number"])).first).to_be_visible()
    assert morning.ticket()["merged_into"]["id"] == morning.tickets[1]
    morning.open()
    page.get_by_role("button", name=words("merge.undo")).click()
    morning.told("goes on by itself")
    assert morning.ticket()["merged_into"] is None


def test_korean_is_found_inside_words_and_marked(morning: Morning) -> None:
    page, words = morning.page, morning.words
    page.keyboard.press("/")
    page.keyboard.type(f"팔걸이 {morning.word}")
    expect(page.locator(".row mark", has_text="팔걸이").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name=words("search.filter.done"), exact=True).click()
    expect(page.locator(".row", has_text=morning.word)).to_have_count(0)


def test_everything_is_in_the_palette(morning: Morning) -> None:
    page, words = morning.page, morning.words
    morning.open()
    page.keyboard.press("Control+k")
    page.keyboard.type("pend stat")
    page.keyboard.press("Enter")
    morning.told(words("change.status", status=words("status.pending")))
    morning.desk.settle()
    assert morning.ticket()["status"] == "pending"
    page.keyboard.press("Control+k")
    page.keyboard.type("snoozed")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/views/snoozed"))


def test_a_third_party_is_asked_beside_the_ticket_and_answers_there(morning: Morning) -> None:
    desk, page, words = morning.desk, morning.page, Words("aside", "en")
    address = f"parts-{morning.word}@supplier.test"
    morning.open()
    page.get_by_role("button", name=words("side.title")).click()
    page.get_by_role("button", name=words("side.ask")).click()
    page.get_by_label(words("side.to"), exact=True).fill(f"Parts <{address}>")
    page.get_by_label(words("side.body"), exact=True).fill("Do you have an armrest?")
    page.get_by_role("dialog").get_by_role("button", name=words("side.send"), exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("Do you have an armrest?")).to_be_visible()
    desk.settle()
    question = message_from_bytes(desk.raw_mail(desk.mails(address)[0]), policy=default)
    answer = EmailMessage()
    answer["From"], answer["To"] = f"Parts <{address}>", question.get("Reply-To", question["From"])
    answer["Subject"], answer["Message-ID"] = f"Re: {question['Subject']}", f"<{morning.word}@supplier.test>"
    answer["In-Reply-To"] = question["Message-ID"]
    answer.set_content("Two of them are on the shelf.")
    desk.mail(answer, sender=address, to=parseaddr(str(answer["To"]))[1])
    desk.settle()
    expect(page.get_by_role("dialog").get_by_text("Two of them are on the shelf.")).to_be_visible(timeout=60_000)


def test_an_ended_session_takes_no_word_of_an_answer(morning: Morning) -> None:
    page, words = morning.page, morning.words
    morning.open()
    reply = page.get_by_role("textbox", name=words("editor.reply"), exact=True)
    reply.fill("Half a sentence that")
    refused = re.compile("/v1/|/_local/oidc/token")
    page.route(refused, lambda route: route.fulfill(status=401, json={"code": "unauthorized"}))
    page.get_by_text(words("session.expiredTitle")).wait_for(timeout=60_000)
    page.unroute(refused)
    morning.complaints.clear()  # the browser notes every refused call
    page.get_by_role("dialog").get_by_role("button", name=words("signIn.button")).click()
    me = morning.desk.as_agent(AGENT, "GET", "/v1/me").body["name"]
    page.get_by_text(me).first.click()
    expect(reply).to_have_text("Half a sentence that", timeout=60_000)


def test_without_a_network_the_desk_opens_and_says_so(morning: Morning) -> None:
    page, words = morning.page, morning.words
    page.evaluate("() => navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.goto(f"{morning.desk.url}/views/open")
    expect(page.get_by_text(words("app.offline"))).to_be_visible()
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat()"
        ".map(({ url }) => new URL(url).pathname)"
    )
    assert kept
    assert [path for path in kept if path.startswith("/v1")] == []
    page.context.set_offline(False)
    morning.complaints.clear()  # the browser notes every call that found no network


def test_colleagues_see_who_is_there_and_who_writes(morning: Morning, browser: Browser) -> None:
    other = browser.new_context(locale="en-US", viewport=WIDE)
    theirs = watched(other, morning.complaints)
    sign_in(theirs, morning.desk, morning.words, COLLEAGUE)
    theirs.goto(f"{morning.desk.url}/tickets/{morning.tickets[0]}?view=open")
    theirs.locator(".editor__field:not([aria-busy])").fill("I am on it")
    morning.open()
    expect(morning.page.locator(".here__person")).to_have_count(1, timeout=45_000)
    other.close()


def test_the_next_ticket_is_there_within_a_tenth_of_a_second(morning: Morning) -> None:
    page = morning.page
    page.goto(f"{morning.desk.url}/views/open")
    page.locator(".row__link").first.click()
    page.locator(".message").first.wait_for()
    spans = []
    for key in ["j", "k"] * 6:
        spans.append(
            page.evaluate(
                """(key) => new Promise((resolve) => {
                  const began = performance.now();
                  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
                  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began), 0));
                })""",
                key,
            )
        )
        page.locator(".message").first.wait_for()
    assert statistics.median(spans) <= ANSWERS_WITHIN_MS


def test_on_a_phone_one_thing_at_a_time(desk: RunningDesk, browser: Browser) -> None:
    ticket_id = asked(desk, f"kx{uuid.uuid4().hex[:7]}", "의자")
    desk.settle()
    for language, locale, scheme in (("ko", "ko-KR", "dark"), ("ja", "ja-JP", "light")):
        context = browser.new_context(locale=locale, viewport=PHONE, color_scheme=scheme)
        complaints: list[str] = []
        page, words = watched(context, complaints), Words("desk", language)
        sign_in(page, desk, words, AGENT)
        page.goto(f"{desk.url}/tickets/{ticket_id}?view=open")
        page.locator(".message").first.wait_for()
        assert page.locator(".row").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_role("button", name=words("ticket.panel")).click()
        expect(page.get_by_text(words("property.details"))).to_be_visible()
        page.go_back()
        expect(page.get_by_text(words("property.details"))).to_have_count(0)
        page.get_by_role("button", name=words("ticket.back")).click()
        page.locator(".row").first.wait_for()
        assert complaints == []
        context.close()
