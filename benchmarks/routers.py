"""Eight routers at once in an office of forty people: a fortnight in memory, and as much of it as one asks for over the emulator."""

import asyncio
import os
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.tables import table
from tests.support.office import BEGIN, SPREAD, Office
from tests.support.office_in_memory import InMemory
from tests.support.office_over_emulator import over_the_emulator

IN_MEMORY = int(os.environ.get("ROUTED_IN_MEMORY", "10000"))
OVER_EMULATOR = int(os.environ.get("ROUTED_OVER_EMULATOR", "500"))


def _row(where: str, office: Office, tickets: int, spent: list[float]) -> list[object]:
    return [
        where,
        tickets,
        office.held_up,
        f"{office.waited.total_seconds() / 60:.0f} min",
        f"{office.spread():.0%}",
        *(f"{1000 * one / tickets:.0f}" for one in spent),
    ]


def _in_memory() -> list[object]:
    chance = random.Random(20)
    floor = InMemory(chance)
    office = Office(floor, floor.desk, chance)
    began = time.process_time()
    office.live_through(IN_MEMORY, BEGIN)
    return _row("in memory", office, IN_MEMORY, [time.process_time() - began, 0])


async def _over_emulator() -> list[object]:
    chance = random.Random(20)
    with tempfile.TemporaryDirectory() as folder:
        async with over_the_emulator(Path(folder), chance) as floor:
            office = Office(floor, floor.desk, chance, step=timedelta(minutes=30))
            midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            await asyncio.to_thread(office.live_through, OVER_EMULATOR, midnight)
            spent = sum(floor.spent)
    # The routers are a server's children, not ours.
    emulator = resource.getrusage(resource.RUSAGE_CHILDREN)
    return _row("over the emulator", office, OVER_EMULATOR, [spent, emulator.ru_utime + emulator.ru_stime])


def routers() -> str:
    """The table of eight routers at once."""
    heads = ["where", "tickets", "not given at once", "longest wait", "furthest from peers' mean"]
    heads += ["routers' CPU ms a ticket", "emulator's"]
    note = (
        "Nobody was ever over capacity, nothing waited at the end of a step (15 or 30 minutes) while somebody was free who is fit, "
        f"each ticket was given to one person, once. Aim of the whole fortnight: nobody further than {SPREAD:.0%} from their peers. "
        "A tenth of the tickets come in three hours of the day in which there are more than there is room for: those wait."
    )
    return table("Eight routers at once", heads, [_in_memory(), asyncio.run(_over_emulator())], note)
