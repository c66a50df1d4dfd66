"""The main pages and what opens over them, as `make shots` takes pictures of them: each by a name, where it is, and what is done there."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.e2e.desk import ROOT, RunningDesk
from tests.e2e.test_life_over_http_and_smtp import body_of

ADMIN: Final = "admin@desk.test"
ENGLISH: Final = "Invoice 4711 shows the wrong amount"
WRITTEN: Final = "Two of five monitors arrived with scratches"
KOREAN: Final = "주문한 의자가 아직 도착하지 않았어요"
JAPANESE: Final = "パスワードを再設定できません"
CUSTOMER: Final = "minsu.kim@example.com"
NEWCOMER: Final = "newcomer@example.com"

type Steps = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """Something to take a picture of.

    Attributes:
        name: of the picture.
        path: where it is; `{ticket}`, `{korean}`, `{japanese}` and `{written}` are the ids of a ticket in English, of one in Korean, of one in Japanese and of one whose editor is written in; `{survey}` is the key of a survey, `{solved}`, `{leave}` and `{approval}` are what links in mails end with.
        steps: what is done there before the picture is taken.
        whole: the whole page is wanted, however long it is.
    """

    name: str
    path: str
    steps: Steps | None = None
    whole: bool = False


def _keys(*keys: str) -> Steps:
    def press(page: Page) -> None:
        page.wait_for_timeout(1_000)
        for key in keys:
            page.keyboard.press(key)

    return press


def _first(*selectors: str) -> Steps:
    """Clicks the first of each, one after the other: the next may be on another page."""

    def click(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()

    return click


_COMMUNITY: Final = "a[href$='/community']"
_QUESTION: Final = "main a.question"


def _ask_in_public(page: Page) -> None:
    """Says in one line what is asked, and gets to the form behind it."""
    _first(_COMMUNITY, "main a[href$='/ask']")(page)
    page.locator("main input[name=q]").fill("Can the lamp be dimmed")
    page.locator("main form button[type=submit]").last.click()


def _ask_for_a_code(page: Page) -> None:
    page.locator("main input[type=email]").fill(NEWCOMER)
    page.locator("main button[type=submit]").first.click()
    page.locator("main input[autocomplete=one-time-code]").wait_for()


def _give_stars(page: Page) -> None:
    page.locator("main input[type=radio]").nth(1).check(force=True)


def _note(page: Page) -> None:
    page.locator(".rich").wait_for()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    page.keyboard.press("Control+a")  # what a picture before it left there
    page.keyboard.type("@")


def _slash(page: Page) -> None:
    page.locator(".rich").wait_for()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    page.keyboard.press("Control+a")
    page.keyboard.type("/")


def _aside(part: str) -> Steps:
    """Opens the dialog that asks a third party (`side`) or for an approval (`approval`)."""

    def ask(page: Page) -> None:
        folded = {"side": "sides", "approval": "approvals"}[part]
        page.evaluate("(name) => localStorage.setItem(`desk.section.${name}`, 'true')", folded)
        page.reload()
        language = page.evaluate("document.documentElement.lang")
        words = json.loads((ROOT / "web" / "src" / "locales" / "aside" / f"{language}.json").read_text("utf-8"))
        page.get_by_role("button", name=words[part]["ask"], exact=True).click()

    return ask


def _send_later(page: Page) -> None:
    page.locator(".rich").wait_for()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    page.keyboard.press("Control+a")
    page.keyboard.type("See you on Thursday.")
    page.locator(".editor button[aria-haspopup=menu]").first.click()


def _send_at(page: Page) -> None:
    """Asks when what is written shall leave, and answers with an instant of one's own."""
    _send_later(page)
    page.get_by_role("menuitem").last.click()
    page.locator("input[type=datetime-local]").fill("2026-11-26T14:30")


def _tour(page: Page) -> None:
    page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('desk.tour')).forEach((key) => localStorage.removeItem(key))"
    )
    page.reload()
    page.locator(".tour").wait_for()


def _answer(page: Page) -> None:
    page.locator("[name=category]").first.wait_for()
    page.locator("[name=category][value=delivery], option[value=delivery]").first.wait_for(state="attached")
    box = page.locator("[name=category][value=delivery]")
    if box.count():
        box.first.check()
    page.locator("[name=subject]").fill("My chair has not arrived")


def _try_rule(page: Page) -> None:
    page.locator("main form input.input").first.fill("Damaged goods are looked at first")
    page.locator("main select").filter(has=page.locator("option[value=urgent]")).first.select_option("high")
    page.locator("main section > button").last.click()
    page.locator(".rules__matched").wait_for(timeout=60_000)


DESK: Final = (
    Scene("list", "/views/open"),
    Scene("mine", "/views/mine"),
    Scene("nothing", "/views/snoozed"),
    Scene("ticket", "/tickets/{ticket}?view=open"),
    Scene("ticket-ko", "/tickets/{korean}?view=open"),
    Scene("ticket-ja", "/tickets/{japanese}?view=open"),
    Scene("note", "/tickets/{written}?view=open", _note),
    Scene("slash", "/tickets/{written}?view=open", _slash),
    Scene("snooze", "/tickets/{ticket}?view=open", _keys("z")),
    Scene("merge", "/tickets/{ticket}?view=open", _keys("Shift+M")),
    Scene("status", "/tickets/{ticket}?view=open", _keys("s")),
    Scene("panel", "/tickets/{korean}?view=open&panel=properties"),
    Scene("aside", "/tickets/{korean}?view=open&panel=properties", _aside("side")),
    Scene("approval", "/tickets/{ticket}?view=open&panel=properties", _aside("approval")),
    Scene("send-later", "/tickets/{korean}?view=open", _send_later),
    Scene("send-at", "/tickets/{korean}?view=open", _send_at),
    Scene("bulk-status", "/views/open", _keys("j", "x", "j", "x", "s")),
    Scene("palette", "/tickets/{ticket}?view=open", _keys("Control+k")),
    Scene("shortcuts", "/views/open", _keys("?")),
    Scene("selected", "/views/open", _keys("j", "x", "j", "x")),
    Scene("search", "/views/open?q=invoice"),
    Scene("view-editor", "/views/v-all-open/edit"),
    Scene("held", "/held"),
    Scene("settings", "/settings", whole=True),
    Scene("tour", "/views/open", _tour),  # the last, as whoever has not left it sees it again
)
TEAM: Final = (
    Scene("team", "/team", whole=True),
    Scene("sla", "/sla", whole=True),
    Scene("sla-policy", "/sla/policies/standard", whole=True),
    Scene("sla-calendars", "/sla/calendars"),
    Scene("sla-calendar", "/sla/calendars/seoul", whole=True),
    Scene("sla-report", "/sla/report", whole=True),
    Scene("triage", "/triage", whole=True),
    Scene("rules", "/rules"),
    Scene("rules-new", "/rules/new", whole=True),
    Scene("rules-preview", "/rules/new", _try_rule),
    Scene("webhooks", "/rules/webhooks"),
)
KNOWLEDGE: Final = (
    Scene("knowledge", "/knowledge"),
    Scene("knowledge-review", "/knowledge/review"),
    Scene("knowledge-gaps", "/knowledge/gaps"),
    Scene("knowledge-sections", "/knowledge/sections"),
    Scene("article", "/knowledge", _first("main a[href^='/knowledge/articles/']:not([href*='/new'])")),
)
_SETTINGS: Final = (
    *("agents", "groups", "roles", "plans", "categories", "products", "fields", "forms", "statuses"),
    *("canned", "macros", "checklists", "brands", "surveys", "mailboxes", "templates", "blocked", "assignments"),
    *("people", "organizations", "retention"),
)
_PAGES: Final = ("priorities", "mails", "privacy", "general", "audit", "file")
ADMINS: Final = (
    Scene("admin", "/admin", whole=True),
    *(Scene(f"admin-{name}", f"/admin/{name}") for name in (*_SETTINGS, *_PAGES)),
    *(
        Scene(f"admin-{name}-one", f"/admin/{name}", _first(f"main a[href^='/admin/{name}/']:not([href$='+new'])"))
        for name in _SETTINGS
    ),
)
PORTAL: Final = (
    Scene("portal", "/portal", whole=True),
    Scene("portal-form", "/portal", _answer, whole=True),
    Scene("help", "/help", whole=True),
    Scene("help-article", "/help", _first("main a[href*='/help/'][href*='/articles/'], main li a")),
    Scene("help-section", "/help", _first("main a.card"), whole=True),
    Scene("help-guide", "/help/en/search?q=return", _first("main a.row[href*='return']"), whole=True),
    Scene("help-search", "/help/en/search?q=delivery"),
    Scene("help-nothing", "/help/en/search?q=elephants"),
    Scene("help-missing", "/help/en/nothing"),
    Scene("help-solved", "/help/en/solved/{solved}"),
    Scene("sign-in", "/portal/sign-in"),
    Scene("sign-in-code", "/portal/sign-in", _ask_for_a_code),
    Scene("community", "/help", _first(_COMMUNITY), whole=True),
    Scene("community-question", "/help", _first(_COMMUNITY, _QUESTION), whole=True),
    Scene("community-nothing", "/help/en/community?q=elephants"),
    Scene(
        "community-history", "/help", _first(_COMMUNITY, f"{_QUESTION}[href*='at-night']", "main a[href*='/history/']")
    ),
    Scene("community-leave", "/help/en/community/leave/{leave}"),
    Scene("survey", "/portal/survey/{survey}", whole=True),
    Scene("survey-low", "/portal/survey/{survey}", _give_stars, whole=True),
    Scene("survey-wrong", "/portal/survey/nothing"),
    Scene("brand", "/portal/b/lumi", whole=True),
    Scene("embedded", "/help/embed/lumi"),
    Scene("approval", "/portal/approvals/{approval}", whole=True),
    Scene("approval-wrong", "/portal/approvals/nothing"),
    Scene("wrong-link", "/portal/requests/nothing#t=nothing"),
    Scene("nowhere", "/portal/nothing"),
)
SIGNED_IN: Final = (
    Scene("requests", "/portal/requests", whole=True),
    Scene("request", "/portal/requests/{korean}", whole=True),
    Scene("community-ask", "/help", _first(_COMMUNITY, "main a[href$='/ask']"), whole=True),
    Scene("community-asked", "/help", _ask_in_public, whole=True),
    Scene("community-answer", "/help", _first(_COMMUNITY, _QUESTION), whole=True),
    Scene("community-me", "/help/en/community/me", whole=True),
)
SECTIONS: Final[dict[str, tuple[Scene, ...]]] = {
    "@desk": DESK,
    "@team": TEAM,
    "@portal": PORTAL,
    "@customer": SIGNED_IN,
    "@knowledge": KNOWLEDGE,
    "@admin": ADMINS,
}


def wanted(words: Iterable[str]) -> dict[str, tuple[Scene, ...]]:
    """The scenes that words name, by section: `@portal` means all of the portal's; no words, all there are."""
    named = set(words)
    if not named:
        return SECTIONS
    found = {
        section: scenes if section in named else tuple(one for one in scenes if one.name in named)
        for section, scenes in SECTIONS.items()
    }
    return {section: scenes for section, scenes in found.items() if scenes}


def places(desk: RunningDesk) -> dict[str, str]:
    """The ids that scenes' paths name."""
    found = desk.as_agent(ADMIN, "GET", "/v1/tickets?limit=100").body["items"]
    ids = {ticket["subject"]: ticket["id"] for ticket in found}
    return {
        "ticket": ids[ENGLISH],
        "korean": ids[KOREAN],
        "japanese": ids[JAPANESE],
        "written": ids[WRITTEN],
        **mailed(desk),
    }


_MAILED: Final = {
    "survey": r"/portal/survey/([\w.-]+)",
    "approval": r"/portal/approvals/([\w.-]+)",
    "solved": r"/solved/([\w.-]+)",
    "leave": r"/community/leave/([\w.-]+)",
}
"""Links that only mails have."""


def mailed(desk: RunningDesk) -> dict[str, str]:
    """What the newest link of each kind ends with; of surveys, one that nobody has answered. `nothing`: there is none."""
    missing = dict(_MAILED)
    found: dict[str, str] = {}
    for mail in desk.call("GET", "/_local/mailbox").body["items"]:
        body = body_of(desk.raw_mail(mail)) if missing else ""
        for name, pattern in tuple(missing.items()):
            link = re.search(pattern, body)
            if link and (name != "survey" or desk.call("GET", f"/v1/surveys/{link[1]}").body["state"] == "open"):
                found[name] = link[1]
                del missing[name]
    return dict.fromkeys(missing, "nothing") | found


def sign_in_customer(page: Page, desk: RunningDesk, address: str = CUSTOMER) -> None:
    """Signs a customer in by the link that the desk mails."""
    answer = desk.call("POST", "/v1/portal/sign-in", {"email": address, "locale": "ko"})
    assert answer.status < 300, answer
    desk.settle()
    mails = (body_of(desk.raw_mail(mail)) for mail in desk.mails(address))
    link = next(found for mail in mails if (found := re.search(r"/portal/sign-in\S*#[\w.-]+", mail)))
    page.goto(desk.url + link[0])
    page.locator("main .button--main").first.click()
    page.wait_for_url("**/portal/requests")
