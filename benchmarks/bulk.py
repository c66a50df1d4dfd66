"""What a bulk action asks of the table, doing and undoing, on a small desk and on one with a hundred times its tickets."""

import json
import math
from collections.abc import Sequence
from typing import Any, Final

import pytest

from benchmarks.meter import Reading, metering
from benchmarks.sweeps import opened_at
from benchmarks.tables import table
from helpdesk.bulk import worker
from helpdesk.contracts.topology import BULK
from helpdesk.kernel.ids import derived_id
from helpdesk.tickets.store import ticket_item
from tests.support.desk import AGENT
from tests.support.world import World, a_world

DESKS: Final = (1_000, 100_000)
CALLS_A_TICKET: Final = 2.0

ACTIONS: Final[tuple[tuple[str, int, object], ...]] = (
    ("priority and a tag", 1_000, {"change": {"priority": "high", "add_tags": ["outage"]}}),
    ("a held answer, solved", 200, {"message": {"body": "It works again.", "status": "solved"}}),
)
"""What is done, and to how many tickets."""


def plant(world: World, count: int) -> list[str]:
    """Puts open tickets with clocks into the table, past all that would take time; gives their ids."""
    ticket = opened_at(world.clock.now)
    text = json.dumps(ticket_item(ticket).to_dynamodb_dict())
    ids = [derived_id(ticket.created_at, "bulk", str(number)) for number in range(count)]
    for one in ids:
        attributes: dict[str, Any] = json.loads(text.replace(ticket.id, one))
        world.plant(attributes)
    return ids


def acted(world: World, tickets: Sequence[str], action: object) -> tuple[Reading, Reading]:
    """What doing it costs the worker, and undoing it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "STEP_SECONDS", math.inf)  # how many steps it takes is the machine's business
        return _acted(world, tickets, action)


def _acted(world: World, tickets: Sequence[str], action: object) -> tuple[Reading, Reading]:
    with metering(world) as doing:
        job = _done(world, world.api("POST", "/v1/bulk", {"tickets": [*tickets], "action": action}, agent=AGENT.id))
    if job["tally"]["changed"] != len(tickets):
        raise AssertionError(job["tally"])
    with metering(world) as undoing:
        job = _done(world, world.api("POST", f"/v1/bulk/{job['id']}/undo", agent=AGENT.id))
    if job["undo"]["undone"] != len(tickets):
        raise AssertionError(job["undo"])
    return doing, undoing


def _done(world: World, answer: Any) -> Any:  # noqa: ANN401 - an answer's body
    """Lets the worker take its steps, and nobody else anything: what comes of it is others' cost."""
    job = answer.ok()["id"]
    while True:
        world.publish()
        for name, queue in world.queues.items():
            if name != BULK.name:
                queue.messages.clear()
        if not world.queues[BULK.name].messages:
            return world.api("GET", f"/v1/bulk/{job}", agent=AGENT.id).ok().body
        world.deliver(BULK.name)


def bulk() -> str:
    """The table of bulk actions."""
    rows: list[list[object]] = []
    for size in DESKS:
        with a_world() as world:
            tickets = plant(world, size)
            for name, count, action in ACTIONS:
                for phase, reading in zip(("do", "undo"), acted(world, tickets[:count], action), strict=True):
                    rows.append([name, size, count, phase, *each(reading, count)])
    head = ["bulk action", "open tickets", "acted upon", "", "table calls", "read units", "write units", "at most"]
    note = (
        f"Of the worker, a ticket, all else that it does included. Budget: {CALLS_A_TICKET:.0f} table calls a ticket, the "
        "same at both sizes, and undoing at the price of doing."
    )
    return table("A bulk action", head, rows, note)


def each(reading: Reading, count: int) -> list[float]:
    """Calls and units of the worker, a ticket."""
    cost = reading.by_function[BULK.name]
    return [round(figure / count, 2) for figure in (cost.calls, cost.reads, cost.writes, cost.most)]
