"""What an agent does of a morning, step by step in a real browser: for a desk of any size."""

import re
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import RunningDesk
from tests.e2e.test_life_in_a_browser import Words, watched

WIDE = {"width": 1440, "height": 900}
AGENT, COLLEAGUE = "agent@desk.test", "agent2@desk.test"
ANSWER = "A new armrest is on its way."
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
    complaints: list[str] = field(default_factory=list)

    def ticket(self, place: int = 0) -> Any:
        return self.desk.as_agent(AGENT, "GET", f"/v1/tickets/{self.tickets[place]}").body

    def open(self, place: int = 0) -> None:
        self.page.goto(f"{self.desk.url}/tickets/{self.tickets[place]}?view=open")
        self.page.locator(".message").first.wait_for()

    def told(self, pattern: str) -> None:
        expect(self.page.get_by_text(re.compile(pattern)).first).to_be_visible(timeout=30_000)

    # --- steps ---

    def take_rank_and_answer(self, place: int = 0) -> None:
        """By keys alone: mine, urgent, a canned response, sent and solved, and on to the next."""
        page, words = self.page, self.words
        self.open(place)
        if self.ticket(place)["assignee"] != self.desk.as_agent(AGENT, "GET", "/v1/me").body["id"]:
            page.keyboard.press("m")
            self.told("Assigned to")
        page.keyboard.press("p")
        page.get_by_role("option", name=words("priority.urgent")).click()
        self.told(words("change.priority", priority=words("priority.urgent")))
        page.keyboard.press("r")
        reply = page.get_by_role("textbox", name=words("editor.reply"), exact=True)
        expect(reply).to_be_focused()
        page.keyboard.type(f"/{self.word}")
        page.get_by_role("option", name=re.compile(self.word)).wait_for()
        page.keyboard.press("Enter")
        expect(reply).to_have_text(ANSWER)
        page.keyboard.press("Control+Shift+Enter")
        expect(page).not_to_have_url(re.compile(self.tickets[place]))
        self.desk.settle()
        ticket = self.ticket(place)
        assert (ticket["status"], ticket["priority"]) == ("solved", "urgent")

    def change_many_and_undo(self, places: list[int]) -> None:
        """All that the field above the list leaves, solved at once and given back."""
        page, words = self.page, self.words
        page.goto(f"{self.desk.url}/views/open?q={self.word}")
        expect(page.locator(".row")).to_have_count(len(places), timeout=60_000)
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("Shift+J")
        expect(page.get_by_text(words("bulk.selected", count=2))).to_be_visible()
        page.keyboard.press("Control+a")
        expect(page.get_by_text(words("bulk.selected", count=len(places)))).to_be_visible()
        page.get_by_role("button", name=words("bulk.solve"), exact=True).click()
        self.told(f"{len(places)} tickets changed")
        assert {self.ticket(place)["status"] for place in places} == {"solved"}
        page.keyboard.press("Control+z")
        self.told(f"{len(places)} tickets are as they were")
        assert "solved" not in {self.ticket(place)["status"] for place in places}

    def put_aside(self, place: int = 0) -> None:
        """Until the requester writes."""
        self.open(place)
        self.page.keyboard.press("z")
        self.page.get_by_role("option", name=self.words("snooze.untilAnswer")).click()
        self.told("comes back with the requester")
        self.desk.settle()
        assert self.ticket(place)["snoozed"] is True

    def merge(self, place: int, into: int) -> None:
        """One request into another, which then tells both."""
        page, words = self.page, self.words
        number = self.ticket(into)["number"]
        self.open(place)
        page.keyboard.press("Shift+M")
        page.get_by_role("combobox", name=words("choose.label")).fill(f"#{number}")
        page.get_by_role("option", name=re.compile(f"#{number}")).click()
        self.told(f"merged into #{number}")
        told_from = words("message.fromTicket", number=self.ticket(place)["number"])
        expect(page.get_by_text(told_from).first).to_be_visible()
        assert self.ticket(place)["merged_into"]["id"] == self.tickets[into]

    def find_korean(self) -> None:
        """Inside a word, marked."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(f"팔걸이 {self.word}")
        expect(self.page.locator(".row mark", has_text="팔걸이").first).to_be_visible(timeout=60_000)


def asked(desk: RunningDesk, word: str, subject: str) -> str:
    body = {
        "requester": {"email": f"{uuid.uuid4().hex[:8]}@example.com", "name": "김민수"},
        "subject": f"{subject} {word}",
        "body": f"{word}: 사무용 의자 팔걸이가 부러졌어요. Please help.",
    }
    answer = desk.call("POST", "/v1/requests", body)
    assert answer.status == 201, answer
    return str(answer.body["ticket"]["id"])


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


@contextmanager
def a_morning(desk: RunningDesk, browser: Browser, tickets: int = 3) -> Iterator[Morning]:
    """An agent signs in to a desk on which some customers have asked; in the end the page has complained of nothing."""
    word = f"kx{uuid.uuid4().hex[:7].translate(LETTERS)}"
    canned = {"title": f"Chair {word}", "scope": "personal", "bodies": {"en": {"text": ANSWER}}}
    assert desk.as_agent(AGENT, "POST", "/v1/canned-responses", canned).status == 201
    ids = [asked(desk, word, f"Broken chair {number}") for number in range(tickets)]
    desk.settle()
    context = browser.new_context(locale="en-US", viewport=WIDE)
    complaints: list[str] = []
    page, words = watched(context, complaints), Words("desk", "en")
    sign_in(page, desk, words, AGENT)
    yield Morning(desk, page, words, word, ids, complaints)
    assert complaints == []
    context.close()


@dataclass(frozen=True, slots=True)
class Waited:
    """Something that is not there before the desk has answered.

    Attributes:
        name: what it is.
        median_ms: from the key or the click until it is shown.
    """

    name: str
    median_ms: float


def waited(page: Page, url: str, word: str, times: int = 5) -> list[Waited]:
    """What an agent waits for: a list that the page has no copy of, a ticket that nobody looked at yet, a search of all."""
    spans: dict[str, list[float]] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        spans.setdefault(name, []).append(1000 * (time.perf_counter() - began))

    for turn in range(times):
        page.goto(f"{url}/views/snoozed")
        page.locator(".row, .empty").first.wait_for()
        with timed("a list, seen for the first time"):
            page.locator("a[href='/views/open']").first.click()
            page.locator(".row").nth(10).wait_for()
        with timed("a ticket, opened for the first time"):
            page.locator(".row__link").nth(3 + turn).click()
            page.locator(".message").first.wait_for()
        page.goto(f"{url}/views/open")
        page.locator(".row").first.wait_for()
        with timed("a search of all tickets, as it is typed"):
            page.keyboard.press("/")
            page.keyboard.type(f"{word} {turn}" if turn else word)
            page.locator(".row mark").first.wait_for()
    return [Waited(name, statistics.median(some)) for name, some in spans.items()]
