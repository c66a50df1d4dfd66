"""How quickly the agents' page answers hands, on a list of a hundred tickets and of twenty thousand."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.tables import table
from tests.e2e.interactions import Interaction, measured, sign_in
from tests.e2e.mock_desk import mock_desk

CHROMIUM = "/usr/bin/chromium"
SIZES = (100, 20_000)


def pages() -> str:
    """The time from a key to the next picture, and the main thread's work for it; the desk itself is one in memory."""
    subprocess.run([sys.executable, "-m", "local.build", "pages"], check=True, cwd=Path(__file__).resolve().parents[1])
    found = {size: _on_a_desk_of(size) for size in SIZES}
    rows = [
        (
            one.name,
            *(figure for size in SIZES for figure in (found[size][at].median_ms, round(found[size][at].work_ms, 1))),
        )
        for at, one in enumerate(found[SIZES[0]])
    ]
    head = ["interaction", *(words for size in SIZES for words in (f"ms at {size:,}", f"work, ms at {size:,}"))]
    note = "Median; the browser tells of nothing under 16 ms. Aim: 100 ms."
    return table("The agents' page, from a key to the next picture", head, rows, note)


def _on_a_desk_of(tickets: int) -> list[Interaction]:
    with mock_desk(tickets) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, url)
        found = measured(page)
        browser.close()
        return found
