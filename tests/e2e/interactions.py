"""How long the agents' page takes from a key or click to the next picture, on a list of any length."""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace

from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.pace import slowness

ANSWERS_WITHIN_MS = 100
"""Of what a page answers from what it has: the server is not waited for."""

_WATCH = """() => {
  window.slow = [];
  const note = (list) => { for (const entry of list.getEntries()) if (entry.interactionId) window.slow.push(entry.duration); };
  new PerformanceObserver(note).observe({ type: 'event', durationThreshold: 16 });
}"""
_AFTER_A_PICTURE = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
_TRIES = 3
_FLOOR_MS = 16.0
"""The browser tells of nothing quicker."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that hands do often.

    Attributes:
        name: what it is.
        median_ms: from the key or click to the next picture, as the browser's event timing has it.
        work_ms: what of the processor's time the page's main thread took for one key of it, median: nearly the same on a busy
            machine, though with what is fetched and shown after the picture.
    """

    name: str
    median_ms: float
    work_ms: float

    @property
    def answers_in_ms(self) -> float:
        """How long hands wait, as far as the page itself is the reason."""
        return min(self.median_ms, self.work_ms)


def sign_in(page: Page, url: str) -> None:
    """Signs the first colleague of the desk in memory in, and waits for the list of all open tickets."""
    page.goto(url)
    page.get_by_role("button").first.click()
    page.locator("a").first.click()
    page.locator(".list__rows").wait_for()
    page.goto(f"{url}/views/open")
    page.locator(".row").first.wait_for()


def measured(page: Page, times: int = 8) -> list[Interaction]:
    """Walks, selects, opens, writes and looks for commands; the page shows a list."""
    page.evaluate(_WATCH)
    thread = page.context.new_cdp_session(page)
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})

    def pressed(name: str, *keys: str) -> Interaction:
        def press() -> None:
            for key in keys:
                page.keyboard.press(key)

        found = _timed(page, thread, name, press, times)
        return replace(found, work_ms=found.work_ms / len(keys))

    found = [
        pressed("next row (j)", "j"),
        pressed("select (x)", "x"),
        pressed("select all, and let go", "Control+a", "Escape"),
    ]
    page.keyboard.press("Enter")
    page.locator(".message").first.wait_for()
    page.locator(".rich").wait_for()
    found.append(pressed("next ticket (j)", "j"))
    page.keyboard.press("r")
    expect(page.locator(".rich")).to_be_focused()
    found.append(pressed("a letter in the answer", "a"))
    page.keyboard.press("Escape")
    found.append(pressed("commands (Ctrl-K), and away", "Control+k", "Escape"))
    return found


def too_slow(page: Page, list_address: str) -> dict[str, float]:
    """What takes longer than hands should wait, and how long. What is slow once is tried again: the page is what is measured,
    not what else the machine does at this moment."""
    best: dict[str, float] = {}
    slow: dict[str, float] = {}
    for _ in range(_TRIES):
        page.goto(list_address)
        page.locator(".row").first.wait_for()
        pace = slowness(page)
        found = measured(page)
        pace = max(pace, slowness(page))
        for one in found:
            best[one.name] = min(best.get(one.name, math.inf), one.answers_in_ms / pace)
        slow = {name: quickest for name, quickest in best.items() if quickest > ANSWERS_WITHIN_MS}
        if not slow:
            break
    return slow


def _timed(page: Page, thread: CDPSession, name: str, act: Callable[[], None], times: int) -> Interaction:
    spans, work = [], []
    for _ in range(times):
        page.evaluate("() => { window.slow = []; }")
        before = _busy_ms(thread)
        act()
        page.evaluate(_AFTER_A_PICTURE)
        work.append(_busy_ms(thread) - before)
        spans.append(max((float(span) for span in page.evaluate("window.slow")), default=_FLOOR_MS))
    return Interaction(name, statistics.median(spans), statistics.median(work))


def _busy_ms(thread: CDPSession) -> float:
    metrics = thread.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration") * 1_000
