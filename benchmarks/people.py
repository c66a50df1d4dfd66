"""What people cost: at a glance, in lists, merged, however many they and their tickets are."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from benchmarks.meter import Reading, metering
from benchmarks.tables import budget_rows, table
from helpdesk import bootstrap
from helpdesk.kernel.ids import derived_id
from helpdesk.people.model import Person
from helpdesk.people.store import person_items
from helpdesk.tickets.store import ticket_item
from tests.support.desk import AGENT
from tests.support.world import World, a_world

DESKS: Final = (1_000, 100_000)
BUDGETS: Final = {
    "a person at a glance": 3,
    "an organization at a glance": 3,
    "a page of 50 people": 1,
    "whose name begins so": 3,
    "tickets of a person": 3,
    "merging two people": 4,
    "at a glance, merged": 3,
}


def people() -> str:
    """The table, ready to be printed."""
    rows: list[tuple[str, int, Reading]] = []
    for size in DESKS:
        with a_world() as world:
            rows += [(name, size, reading) for name, reading in _measured(world, size)]
    return table(
        "Table calls for people, among so many tickets of one of them",
        ("what", "tickets", "table calls", "at most", "read units", "write units"),
        budget_rows(rows, BUDGETS),
    )


def plant(world: World, size: int) -> tuple[str, str, str]:
    """So many tickets of one person, who is of an organization with a tenth as many people.

    Returns:
        Ids of the organization and of two people.
    """
    body = {"name": "Acme", "domains": ["acme.test"]}
    organization = str(world.api("POST", "/v1/organizations", body, agent=AGENT.id).ok()["id"])
    began = world.clock.now
    ids = [derived_id(began, f"person {number}") for number in range(size // 10)]
    for number, person_id in enumerate(ids):
        known = Person(person_id, f"p{number}@acme.test", "en", began, f"Person {number:05}", organization)
        for item in person_items(known):
            world.plant(item.to_dynamodb_dict())
    ticket = world.ticket(world.open("p0@acme.test")["ticket"]["id"])
    text = json.dumps(ticket_item(ticket).to_dynamodb_dict())
    for number in range(size):
        at = began - timedelta(minutes=number + 1)
        world.plant(json.loads(text.replace(ticket.id, derived_id(at, f"ticket {number}"))))
    world.open("p1@acme.test")
    world.settle()
    return organization, ids[0], ids[1]


def _measured(world: World, size: int) -> list[tuple[str, Reading]]:
    organization, one, other = plant(world, size)
    glance = f"/v1/people/{one}/overview"
    steps: dict[str, Callable[[], object]] = {
        "a person at a glance": lambda: world.api("GET", glance, agent=AGENT.id).ok(),
        "an organization at a glance": lambda: world.api(
            "GET", f"/v1/organizations/{organization}/overview", agent=AGENT.id
        ).ok(),
        "a page of 50 people": lambda: world.api("GET", "/v1/people", agent=AGENT.id).ok(),
        "whose name begins so": lambda: world.api("GET", "/v1/people?q=person+0004", agent=AGENT.id).ok(),
        "tickets of a person": lambda: world.api("GET", f"/v1/tickets?requester={one}", agent=AGENT.id).ok(),
        "merging two people": lambda: world.api(
            "POST", f"/v1/people/{one}/merge", {"person": other}, agent=AGENT.id
        ).ok(),
        "at a glance, merged": lambda: world.api("GET", glance, agent=AGENT.id).ok(),
    }
    found = []
    for name, step in steps.items():
        bootstrap.desk()  # settings are kept for seconds
        with metering(world) as reading:
            step()
        found.append((name, reading))
    return found
