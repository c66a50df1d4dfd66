"""Every page of the portal and the help centre is for everyone: axe finds nothing on any, by day or by night."""

import uuid
from collections.abc import Sequence
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.barriers import COLOURS, RULES, barriers
from tests.e2e.desk import RunningDesk
from tests.e2e.scenes import PORTAL, SIGNED_IN, mailed, sign_in_customer
from tests.e2e.test_life_in_a_browser import browser, watched

__all__ = ["browser"]

PHONE: ViewportSize = {"width": 390, "height": 844}
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


def own_places(desk: RunningDesk, address: str) -> dict[str, str]:
    """What a customer of ours has: a request that was answered and solved, its survey, and what somebody is asked to approve."""
    asked = {
        "requester": {"email": address},
        "subject": "Where do I find my invoice?",
        "body": "I need it for the tax.",
    }
    opened = desk.call("POST", "/v1/requests", asked).body["ticket"]["id"]
    desk.settle()
    path = f"/v1/tickets/{opened}"
    say = {"body": "It is in **your account**.", "visibility": "public", "status": "solved"}
    approve = {"approvers": [f"boss-{address}"], "question": "May we send it by mail?"}
    for what, body in (("messages", say), ("approvals", approve)):
        answer = desk.as_agent("admin@desk.test", "POST", f"{path}/{what}", body)
        assert answer.status < 300, answer
    desk.advance(hours=2)
    return {"korean": opened, **mailed(desk)}


def by(page: Page, scheme: Literal["light", "dark"], rules: Sequence[str]) -> list[str]:
    """What axe finds by day or by night, once the colours are those."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(DRAWN)
    return barriers(page, rules)


def test_axe_finds_nothing_on_any_page_of_the_portal_and_the_help_centre(desk: RunningDesk, browser: Browser) -> None:
    address = f"{uuid.uuid4().hex[:10]}@example.com"
    named = own_places(desk, address)
    assert "nothing" not in named.values(), named
    context = browser.new_context(locale="en-US", viewport=PHONE, reduced_motion="reduce")
    page = watched(context, [])
    found: dict[str, list[str]] = {}
    for scenes in (PORTAL, SIGNED_IN):
        if scenes is SIGNED_IN:
            sign_in_customer(page, desk, address)
        for scene in scenes:
            page.goto(desk.url + scene.path.format(**named))
            if scene.steps is not None:
                scene.steps(page)
            expect(page.locator("main h1").first).to_be_visible()
            if "/help/" not in page.url or "/embed/" in page.url:  # what runs a script asks for more once it is there
                page.wait_for_load_state("networkidle")
            # The same page twice: what may differ by night is its colours alone.
            found[scene.name] = by(page, "light", RULES)
            found[f"{scene.name}, dark"] = by(page, "dark", COLOURS)
    assert {name: there for name, there in found.items() if there} == {}
    context.close()
