"""An agent's morning in a real browser, by keys where hands know them: triage, an answer from a canned response, a bulk
action and its undo, snoozing, merging and un-merging, a search in Korean, colleagues who see one another."""

import re
import statistics
import uuid
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import RunningDesk
from tests.e2e.interactions import ANSWERS_WITHIN_MS
from tests.e2e.morning import AGENT, COLLEAGUE, WIDE, Morning, a_morning, asked, sign_in
from tests.e2e.pace import slowness
from tests.e2e.test_life_in_a_browser import Words, browser, watched

__all__ = ["browser"]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def morning(desk: RunningDesk, browser: Browser) -> Iterator[Morning]:
    with a_morning(desk, browser) as begun:
        yield begun


def test_a_ticket_is_taken_ranked_and_answered_from_a_canned_response_by_keys(morning: Morning) -> None:
    morning.take_rank_and_answer()


def test_many_are_changed_at_once_and_given_back(morning: Morning) -> None:
    morning.change_many_and_undo([0, 1, 2])


def test_what_must_wait_is_put_aside_and_comes_back_by_hand(morning: Morning) -> None:
    page, words = morning.page, morning.words
    morning.put_aside()
    morning.open()
    page.get_by_role("button", name=words("snooze.wake")).click()
    expect(page.get_by_text(words("snooze.bannerAnswer"))).to_have_count(0)
    morning.desk.settle()
    assert morning.ticket()["snoozed"] is False


def test_two_requests_become_one_and_two_again(morning: Morning) -> None:
    page, words = morning.page, morning.words
    morning.merge(0, into=1)
    morning.open()
    page.get_by_role("button", name=words("merge.undo")).click()
    morning.told("goes on by itself")
    assert morning.ticket()["merged_into"] is None


def test_korean_is_found_inside_words_and_marked(morning: Morning) -> None:
    page, words = morning.page, morning.words
    morning.find_korean()
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
    assert statistics.median(spans) <= ANSWERS_WITHIN_MS * slowness(page)


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
