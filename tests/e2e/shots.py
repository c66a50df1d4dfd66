"""Pictures of every main page in every look, for eyes to judge: `make shots`, or `python -m tests.e2e.shots FOLDER [LOOK|SCENE ...]`.

They are of a demo desk in one process, or of the one that DESK_URL names. Nothing is asserted: what pages must do is held elsewhere.
"""

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from local.build import build_pages
from tests.e2e.desk import RunningDesk
from tests.e2e.one_process import one_process
from tests.e2e.scenes import ADMIN, Scene, places, sign_in_customer, wanted
from tests.e2e.test_life_in_a_browser import CHROMIUM, Words

WIDE: Final[ViewportSize] = {"width": 1440, "height": 900}
TABLET: Final[ViewportSize] = {"width": 1024, "height": 768}
UPRIGHT: Final[ViewportSize] = {"width": 820, "height": 1180}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
TALLEST: Final = 2_600
PATIENCE_MS: Final = 20_000
SETTLED_MS: Final = 900
STEP_MS: Final = 100


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
    Look("tablet-upright", UPRIGHT),
    Look("phone", PHONE),
    Look("phone-dark-ko", PHONE, scheme="dark", language="ko"),
    Look("ko", WIDE, language="ko"),
    Look("ja", WIDE, language="ja"),
)


def shots(
    desk: RunningDesk, browser: Browser, folder: Path, looks: Iterable[Look], sections: Mapping[str, tuple[Scene, ...]]
) -> Iterator[str]:
    """Takes all pictures; tells the name of each."""
    named = places(desk)
    now = desk.call("GET", "/_local/clock").body["now"]
    for look in looks:
        for section, scenes in sections.items():
            context = browser.new_context(
                locale={"en": "en-US", "ko": "ko-KR", "ja": "ja-JP"}[look.language],
                timezone_id="Asia/Seoul",
                viewport=look.size,
                is_mobile=look.size in (PHONE, UPRIGHT),
                has_touch=look.size in (PHONE, UPRIGHT),
                color_scheme="dark" if look.scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            context.clock.set_fixed_time(now)
            page = context.new_page()
            asked = _watch(page)
            if section == "@customer":
                sign_in_customer(page, desk)
            elif section != "@portal":
                _sign_in(page, desk, look)
            for scene in scenes:
                page.set_viewport_size(look.size)
                yield _taken(
                    page, asked, desk, scene, scene.path.format(**named), folder / f"{scene.name}.{look.name}.png"
                )
            context.close()


def _taken(page: Page, asked: list[object], desk: RunningDesk, scene: Scene, path: str, file: Path) -> str:
    asked.clear()
    try:
        page.goto("about:blank")
        page.goto(desk.url + path)
        if scene.steps is not None:
            _quiet(page, asked)
            scene.steps(page)
    except Error as trouble:
        return f"{file.stem}: {trouble.message.splitlines()[0]}"
    _quiet(page, asked)
    if scene.whole:
        _stretch(page, asked)
    page.screenshot(path=file, full_page=scene.whole)
    return file.stem


def _watch(page: Page) -> list[object]:
    """What a page has asked for and not got yet."""
    asked: list[object] = []

    def wanted(request: object) -> None:
        asked.append(request)

    def got(request: object) -> None:
        if request in asked:
            asked.remove(request)

    page.on("request", wanted)
    page.on("requestfinished", got)
    page.on("requestfailed", got)
    return asked


def _quiet(page: Page, asked: list[object]) -> None:
    """Waits until all that a page wants has come for a while, so that what came was drawn."""
    quiet_ms = passed_ms = 0
    while quiet_ms < SETTLED_MS and passed_ms < PATIENCE_MS:
        page.wait_for_timeout(STEP_MS)
        passed_ms += STEP_MS
        quiet_ms = 0 if asked else quiet_ms + STEP_MS


def _stretch(page: Page, asked: list[object]) -> None:
    """Makes the window as tall as what scrolls within it, as a page that scrolls inside is cut otherwise."""
    size = page.viewport_size
    assert size is not None
    more = page.evaluate(
        "Math.max(0, ...[...document.querySelectorAll('body *')].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY))"
        ".map((one) => one.scrollHeight - one.clientHeight))"
    )
    if more > 0:
        page.set_viewport_size({"width": size["width"], "height": min(size["height"] + more, TALLEST)})
        _quiet(page, asked)


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
    known = {look.name for look in LOOKS}
    named = [word for word in sys.argv[2:] if word in known]
    looks = tuple(look for look in LOOKS if look.name in named or not named)
    sections = wanted(word for word in sys.argv[2:] if word not in known)
    with ExitStack() as stack:
        if os.environ.get("DESK_URL"):
            desk = RunningDesk(os.environ["DESK_URL"], int(os.environ.get("SMTP_PORT", "2525")))
        else:
            asyncio.run(build_pages(lambda step: None))
            desk = RunningDesk(stack.enter_context(one_process()), 0)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        for name in shots(desk, browser, folder, looks, sections):
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
