"""docs/events.md is what integrators read: it tells of every event once, and who listens to it as the topology has it."""

from collections import Counter
from pathlib import Path

from helpdesk.contracts.events import DeskEventType, EventType
from helpdesk.contracts.topology import FUNCTIONS

PAGE = Path(__file__).parents[3] / "docs" / "events.md"
EVENTS = (*EventType, *DeskEventType)


def rows() -> list[tuple[str, set[str]]]:
    """Each event that the page's tables tell of, with its consumers."""
    cells = [line.strip("|").split("|") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [
        (name.strip(), {one.strip() for one in consumers.split(",") if one.strip()})
        for names, _, consumers in cells
        for name in names.split(",")
        if name.strip() != "event"
    ]


def test_every_event_is_told_of_once() -> None:
    """Neither missing nor twice."""
    assert Counter(name for name, _ in rows()) == Counter(event.value for event in EVENTS)


def test_consumers_are_those_of_the_topology() -> None:
    """Nobody is named who does not listen, and nobody who listens is left out."""
    listening = {event.value: {one.name for one in FUNCTIONS if event in one.events} for event in EVENTS}
    assert {name: told for name, told in rows() if told != listening.get(name)} == {}
