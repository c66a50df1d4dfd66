"""Eight routers, each a process, over one table of the emulator: forty people with shifts, languages and days off, at their busiest."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.office import Office
from tests.support.office_over_emulator import over_the_emulator

TICKETS = 60
"""`python -m benchmarks routers` lives through as many as one asks for; so many in half an hour are more than there is room for."""
A_DAY = 48 * TICKETS
ROOM = 1


async def test_eight_routers_give_each_ticket_to_one_who_is_fit_and_overload_nobody(tmp_path: Path) -> None:
    chance = random.Random(11)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    async with over_the_emulator(tmp_path, chance, room=ROOM) as floor:
        office = Office(floor, floor.desk, chance, a_day=A_DAY)
        await asyncio.to_thread(office.live_through, TICKETS, midnight)
    assert office.held_up > 0, "there were more tickets than room, and who became free took from the queue"
