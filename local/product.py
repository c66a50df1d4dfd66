"""The desk's own services, run by the launcher in its own process with the very environment a function has."""

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import FUNCTIONS, INTAKE_MAIL, SLA_SWEEPER, Function
from helpdesk.kernel.clock import parse_instant
from helpdesk.platform.table import IndexedItem, table_errors
from infra.outputs import function_output
from local.build import aws_environment
from local.cloud import Cloud
from local.quiet import earliest

if TYPE_CHECKING:
    from helpdesk.people.model import Agent
    from helpdesk.platform.clock import AdjustableClock


def adopt_environment(cloud: Cloud) -> None:
    """Gives this process the environment of the desk's functions, so that the desk's own code can be called."""
    name = cloud.outputs[function_output(INTAKE_MAIL.name)]
    variables = cloud.functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    os.environ.update(aws_environment(cloud.url))
    os.environ.update(variables)


class DeskClock:
    """The desk's clock as the launcher reads and moves it; it alone moves it."""

    def __init__(self) -> None:
        self._kept: AdjustableClock | None = None

    def load(self) -> None:
        """Reads the offset that an earlier run left."""
        from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set
        from helpdesk.platform.clock import AdjustableClock  # noqa: PLC0415

        bootstrap.begin()
        self._kept = AdjustableClock()
        self._kept.refresh()

    def now(self) -> datetime:
        """The desk's time; real time before `load`."""
        return self._kept() if self._kept is not None else datetime.now(UTC)

    async def move(self, seconds: float) -> None:
        """Moves it ahead for everybody."""
        if self._kept is not None:
            await asyncio.to_thread(self._kept.advance, seconds)


async def next_due() -> datetime | None:
    """The earliest instant at which the sweeper has something to do: one query a shard, one item each."""
    return await asyncio.to_thread(lambda: earliest(map(_first_due, range(keys.DUE_SHARDS))))


def _first_due(shard: int) -> datetime | None:
    with table_errors():
        first: Any = next(iter(IndexedItem.by_due.query(keys.due_partition(shard), limit=1)), None)
    return None if first is None else parse_instant(str(first.due_sk).partition("#")[0])


async def sweep(cloud: Cloud) -> None:
    """Runs the sweeper once, as its schedule does; what it could not do stays due."""
    await _run(cloud, SLA_SWEEPER)


def came_due(since: datetime, now: datetime) -> list[Function]:
    """The functions beside the sweeper that their schedules would have run between two instants, once or more."""

    def turn(instant: datetime, minutes: int) -> int:
        return int(instant.timestamp() // (60 * minutes))

    return [
        one
        for one in FUNCTIONS
        if one.schedule_minutes is not None
        and one is not SLA_SWEEPER
        and turn(since, one.schedule_minutes) < turn(now, one.schedule_minutes)
    ]


async def catch_up(cloud: Cloud, since: datetime, now: datetime) -> None:
    """Runs those once each, one after another."""
    for function in came_due(since, now):
        await _run(cloud, function)


async def _run(cloud: Cloud, function: Function) -> None:
    name = cloud.outputs[function_output(function.name)]
    await asyncio.to_thread(cloud.functions.invoke, FunctionName=name, Payload=b"{}")


def agents() -> list["Agent"]:
    """The desk's agents, by name of their role and then their address."""
    from helpdesk.desk.store import DynamoDeskStore  # noqa: PLC0415

    return sorted(DynamoDeskStore().load().agents.values(), key=lambda agent: (agent.role, agent.address))
