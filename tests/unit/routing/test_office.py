"""Eight routers at once in a busy office of forty people, with an interleaving drawn at every call of the store."""

import random

from tests.support.office import BEGIN, Office
from tests.support.office_in_memory import InMemory

TICKETS = 600
"""Of the ten thousand that `python -m benchmarks routers` lives through."""


def test_eight_routers_at_once_overload_nobody_leave_nothing_lying_and_give_each_ticket_to_one() -> None:
    chance = random.Random(20)
    floor = InMemory(chance)
    office = Office(floor, floor.desk, chance)
    office.live_through(TICKETS, BEGIN)
    assert floor.among.switches > 4 * TICKETS, "they were at work at once"
    assert office.held_up > 0, "it was too busy for some at first"
