"""How the agents' page feels over the running desk: what it answers by itself, and what it waits for the desk for."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks.tables import table
from tests.e2e.desk import DeskProcess, RunningDesk
from tests.e2e.interactions import measured
from tests.e2e.morning import a_morning, waited

CHROMIUM: Final = "/usr/bin/chromium"
CROWD: Final = 20_000


def morning() -> str:
    """From a key to the next picture, and from a click to the desk's answer, on the demo desk and with a crowd of open tickets."""
    with _desk() as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        few = _figures(desk, browser)
        desk.crowd(CROWD)
        many = _figures(desk, browser)
        browser.close()
    rows = [[name, *few[name], *many[name]] for name in few]
    head = ["interaction", "ms", "work, ms", f"ms at {CROWD:,}", f"work, ms at {CROWD:,}"]
    note = "Median. Lines without work wait for the desk's answer; all others are answered by the page alone (aim: 100 ms)."
    return table("An agent's morning on the running desk", head, rows, note)


@contextmanager
def _desk() -> Iterator[RunningDesk]:
    """The desk whose address DESK_URL gives, or one of its own. It keeps the crowd."""
    if os.environ.get("DESK_URL"):
        yield RunningDesk(os.environ["DESK_URL"], int(os.environ.get("DESK_SMTP_PORT", "2525")))
        return
    with tempfile.TemporaryDirectory() as folder:
        started = DeskProcess(Path(folder), demo=True)
        started.start()
        try:
            yield started
        finally:
            started.stop()


def _figures(desk: RunningDesk, browser: Browser) -> dict[str, tuple[object, object]]:
    with a_morning(desk, browser) as begun:
        begun.page.goto(f"{desk.url}/views/open")
        begun.page.locator(".row").first.wait_for()
        own = measured(begun.page)
        awaited = waited(begun.page, desk.url, begun.word)
    found: dict[str, tuple[object, object]] = {one.name: (one.median_ms, round(one.work_ms, 1)) for one in own}
    return found | {one.name: (round(one.median_ms), None) for one in awaited}
