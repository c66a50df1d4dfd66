"""What axe finds on a page: all that keeps somebody from using it."""

from collections.abc import Sequence
from typing import Final

from playwright.sync_api import Page

from tests.e2e.desk import ROOT

_AXE: Final = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


COLOURS: Final = ["color-contrast", "link-in-text-block"]
"""What a page's words and order have nothing to do with: all that can be otherwise where it is dark."""


def barriers(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds on a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(rules) => axe.run(document, { runOnly: rules }).then(({ violations }) => violations)", list(rules)
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
