"""What happens to a ticket is told in words: no kind of event is left to "changed this ticket" by forgetting it."""

import re
from pathlib import Path

from helpdesk.contracts.events import EventType

TOLD_IN = ("facts.ts", "sentences.ts", "timeline.ts")
"""The sentences, and the kinds that the page shows otherwise: a message by itself, a clock by its clock."""


def test_the_page_has_a_sentence_for_every_event_of_a_ticket_or_shows_it_otherwise() -> None:
    tickets = Path(__file__).parents[3] / "web" / "src" / "lib" / "tickets"
    known = {word for name in TOLD_IN for word in re.findall(r"\w+", (tickets / name).read_text())}
    assert {one.value for one in EventType} - known == set()
