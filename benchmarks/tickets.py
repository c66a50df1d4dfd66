"""What an agent's hand movements ask of the table, on a small desk and on one with a hundred times its tickets."""

from collections.abc import Callable
from typing import Final

from benchmarks.bulk import DESKS, plant
from benchmarks.meter import Reading, metering
from benchmarks.tables import budget_rows, table
from tests.support.desk import AGENT
from tests.support.world import World, a_world

BUDGETS: Final = {"opening a ticket's page": 3, "a reply": 4, "a note": 4, "a list of 50": 2}


def tickets() -> str:
    """The table, ready to be printed."""
    rows = []
    for size in DESKS:
        with a_world() as world:
            plant(world, size)
            rows += [(name, size, reading) for name, reading in _moved(world)]
    return table(
        "Table calls before the answer, among so many open tickets",
        ("what", "open tickets", "table calls", "budget", "read units", "write units"),
        budget_rows(rows, BUDGETS),
    )


def _moved(world: World) -> list[tuple[str, Reading]]:
    ticket_id = world.open("ann@example.com")["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "Hello").ok()
    world.settle()
    world.api("GET", "/v1/me", agent=AGENT.id).ok()
    steps: dict[str, Callable[[], object]] = {
        "opening a ticket's page": lambda: world.api("GET", f"/v1/tickets/{ticket_id}/opened", agent=AGENT.id).ok(),
        "a reply": lambda: world.answer(ticket_id, AGENT.id, "Hello again").ok(),
        "a note": lambda: world.answer(ticket_id, AGENT.id, "For us", visibility="internal").ok(),
        "a list of 50": lambda: world.api("GET", "/v1/tickets?status=active&limit=50", agent=AGENT.id).ok(),
    }
    found = []
    for name, step in steps.items():
        with metering(world) as reading:
            step()
        found.append((name, reading))
    return found
