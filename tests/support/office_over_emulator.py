"""Eight routers, each a process, over one table of the emulator."""

import asyncio
import multiprocessing
import os
import random
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import boto3

from helpdesk import bootstrap
from helpdesk.contracts import environment as names
from helpdesk.desk.model import Desk
from helpdesk.kernel.ids import new_id
from helpdesk.platform.clock import AdjustableClock
from helpdesk.platform.table import bind_table
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.service import Extras
from local.build import aws_environment
from local.cloud import Emulator
from tests.support import one_router
from tests.support.lives import REQUESTER, opening
from tests.support.messages import a_message
from tests.support.office import ROUTERS, Arrival, Job, staffed
from tests.support.table import create_table

_ENVIRONMENT: Final = {
    names.TABLE: "desk",
    names.BUS: "desk",
    names.MAIL_BUCKET: "mail",
    names.FILES_BUCKET: "files",
    names.SECRET: "secret",
    names.BASE_URL: "https://desk.test",
    names.CLOCK: "table",
    names.TICK_QUEUE: "ticks",
    names.STAGE: "tests",
    names.WEBHOOK_QUEUE: "webhooks",
    names.OUTBOUND: "local",
}


def _forget() -> None:
    """Lets what one process keeps for long be made anew, as its environment is another."""
    for name, module in list(sys.modules.items()):
        if name.startswith("helpdesk.wiring."):
            for made in vars(module).values():
                if hasattr(made, "cache_clear"):
                    made.cache_clear()


class OverEmulator:
    """See `office.Floor`.

    Attributes:
        spent: processor seconds of each router.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.spent = [0.0] * ROUTERS
        self._number = 0
        self._pool = ThreadPoolExecutor(ROUTERS)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([one_router.__name__])  # read once, not by each
        pipes = [context.Pipe() for _ in range(ROUTERS)]
        self._told = [ours for ours, _ in pipes]
        self._routers = [
            context.Process(target=one_router.work, args=(theirs, dict(os.environ)), daemon=True) for _, theirs in pipes
        ]
        for router, (_, theirs) in zip(self._routers, pipes, strict=True):
            router.start()
            theirs.close()

    def close(self) -> None:
        """Lets the routers end."""
        for told, router in zip(self._told, self._routers, strict=True):
            told.send(None)
            router.join()
        self._pool.shutdown()

    def at(self, now: datetime) -> None:
        clock = bootstrap.clock()
        assert isinstance(clock, AdjustableClock)
        clock.advance((now - clock()).total_seconds())

    def open(self, arrivals: Sequence[Arrival]) -> list[Event]:
        return [self._open(arrival) for arrival in arrivals]

    def _open(self, arrival: Arrival) -> Event:
        self._number += 1
        ticket_id = new_id(bootstrap.now())
        command = opening(ticket_id, number=self._number, language=arrival.language, priority=arrival.priority)
        opened = bootstrap.tickets().open(command, Extras(message=a_message(ticket_id)), actor=REQUESTER)
        return opened.events[0]

    def work(self, jobs: Sequence[Sequence[Job]]) -> None:
        list(self._pool.map(self._ask, range(len(jobs)), jobs))

    def _ask(self, number: int, jobs: Sequence[Job]) -> None:
        self._told[number].send(list(jobs))
        self.spent[number] = self._told[number].recv()

    def stand(self, ticket_ids: Collection[str]) -> Mapping[str, Ticket]:
        return bootstrap.ticket_store().get_all(list(ticket_ids))

    def loads(self) -> Mapping[str, int]:
        return bootstrap.people_store().loads(self.desk.agents)


@asynccontextmanager
async def over_the_emulator(data_dir: Path, chance: random.Random, *, room: int = 4) -> AsyncIterator[OverEmulator]:
    """An office whose desk lies in an emulator of its own; from tomorrow's midnight on.

    Args:
        data_dir: where the emulator keeps its state.
        chance: draws days off.
        room: see `office.staffed`.
    """
    emulator = Emulator(data_dir)
    await emulator.start()
    before = dict(os.environ)
    os.environ.update({**_ENVIRONMENT, **aws_environment(emulator.url)})
    _forget()
    try:
        await asyncio.to_thread(create_table, "desk")
        bind_table("desk")
        await asyncio.to_thread(boto3.client("s3").create_bucket, Bucket="files")
        desk = staffed(datetime.now(UTC), chance, room=room)
        await asyncio.to_thread(bootstrap.desk_store().save, desk)
        floor = OverEmulator(desk)
        try:
            yield floor
        finally:
            await asyncio.to_thread(floor.close)
    finally:
        os.environ.clear()
        os.environ.update(before)
        _forget()
        await emulator.stop()
