"""Pictures of every main page in every look, for eyes to judge: `make shots`, or `python -m tests.e2e.shots FOLDER [LOOK ...]`.

They are of a demo desk of its own, or of the one that DESK_URL names. Nothing is asserted: what pages must do is held elsewhere.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.e2e.desk import DeskProcess, RunningDesk
from tests.e2e.test_life_in_a_browser import CHROMIUM, Words

WIDE: Final[ViewportSize] = {"width": 1440, "height": 900}
TABLET: Final[ViewportSize] = {"width": 1024, "height": 768}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
ADMIN: Final = "admin@desk.test"
QUIET_MS: Final = 3_000
"""What is fetched later has come by then, and what slides in stands still."""


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody sees the pages.

    Attributes:
        scheme: `light` or `dark`.
        language: of the page's words.
    """

    name: str
    size: ViewportSize
    scheme: str = "light"
    language: str = "en"


LOOKS: Final = (
    Look("light", WIDE),
    Look("dark", WIDE, scheme="dark"),
    Look("tablet", TABLET),
    Look("phone", PHONE),
    Look("phone-dark-ko", PHONE, scheme="dark", language="ko"),
    Look("ko", WIDE, language="ko"),
    Look("ja", WIDE, language="ja"),
)
PAGES: Final = (
    ("list", "/views/open"),
    ("team", "/team"),
    ("admin", "/admin"),
    ("sla", "/sla"),
    ("triage", "/triage"),
    ("rules", "/rules"),
    ("knowledge", "/knowledge"),
    ("view-editor", "/views/v-all-open/edit"),
    ("search", "/views/open?q=invoice"),
    ("held", "/held"),
    ("portal", "/portal"),
    ("help", "/help"),
    ("sign-in", "/portal/requests"),
)


def shots(desk: RunningDesk, browser: Browser, folder: Path, looks: tuple[Look, ...]) -> Iterator[str]:
    """Takes all pictures; tells the name of each."""
    ticket = desk.as_agent(ADMIN, "GET", "/v1/tickets?status=active&limit=1").body["items"][0]["id"]
    for look in looks:
        context = browser.new_context(
            locale={"en": "en-US", "ko": "ko-KR", "ja": "ja-JP"}[look.language],
            viewport=look.size,
            color_scheme="dark" if look.scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        _sign_in(page, desk, look)
        for name, path in (*PAGES, ("ticket", f"/tickets/{ticket}?view=open")):
            page.goto(desk.url + path)
            page.wait_for_timeout(QUIET_MS)
            page.screenshot(path=folder / f"{name}.{look.name}.png")
            yield f"{name}.{look.name}"
        context.close()


def _sign_in(page: Page, desk: RunningDesk, look: Look) -> None:
    me = desk.as_agent(ADMIN, "GET", "/v1/me").body
    page.goto(f"{desk.url}/")
    page.evaluate("(id) => localStorage.setItem(`desk.tour.${id}`, 'true')", me["id"])
    page.get_by_role("button", name=Words("desk", look.language)("signIn.button")).click()
    page.get_by_text(me["name"]).first.click()
    page.locator(".list__rows, .empty").first.wait_for()


def main() -> None:
    """Takes the pictures that the command line asks for."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/shots")
    folder.mkdir(parents=True, exist_ok=True)
    looks = tuple(look for look in LOOKS if look.name in sys.argv[2:] or len(sys.argv) < 3)
    with ExitStack() as stack:
        if os.environ.get("DESK_URL"):
            desk = RunningDesk(os.environ["DESK_URL"], int(os.environ.get("SMTP_PORT", "2525")))
        else:
            own = DeskProcess(Path(stack.enter_context(tempfile.TemporaryDirectory())), demo=True)
            own.start()
            stack.callback(own.stop)
            desk = own
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        for name in shots(desk, browser, folder, looks):
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
