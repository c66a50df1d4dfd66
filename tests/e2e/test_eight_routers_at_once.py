"""Eight routers, each a process, over one table of the emulator: forty people with shifts, skills and absences, and more tickets than room."""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts import environment as names
from helpdesk.desk.model import Desk
from helpdesk.kernel.ids import new_id
from helpdesk.people.hours import working
from helpdesk.people.model import Absence, Agent, Role
from helpdesk.platform.table import bind_table
from helpdesk.routing.model import AssignmentMethod, GroupAssignment
from helpdesk.sla.model import Window
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.facts import TicketAssigned
from helpdesk.tickets.model import Actor, ActorKind, Priority, Status, Ticket
from helpdesk.tickets.service import Extras
from local.build import aws_environment
from local.cloud import Emulator
from tests.e2e.desk import ROOT
from tests.support.desk import desk_for_tests
from tests.support.lives import REQUESTER, opening
from tests.support.messages import a_message
from tests.support.table import create_table

ROUTERS = 8
TICKETS = 70
LANGUAGES = ("ko", "ja", "en")
_ENVIRONMENT = {
    names.TABLE: "desk",
    names.BUS: "desk",
    names.MAIL_BUCKET: "mail",
    names.FILES_BUCKET: "files",
    names.SECRET: "secret",
    names.BASE_URL: "https://desk.test",
    names.CLOCK: "system",
    names.TICK_QUEUE: "ticks",
    names.STAGE: "tests",
    names.WEBHOOK_QUEUE: "webhooks",
    names.OUTBOUND: "local",
}


def _staff(now: datetime) -> dict[str, Agent]:
    """Forty people who answer in two languages each; a third works only at other hours, every tenth is away today."""
    found: dict[str, Agent] = {}
    other_hours = ((Window((now.hour * 60 + 720) % 1440, (now.hour * 60 + 720) % 1440 + 60),),) * 7
    for number in range(40):
        first, second = LANGUAGES[number % 3], LANGUAGES[(number + 1 + number % 2) % 3]
        agent = Agent(
            f"agent{number:02d}",
            f"Agent {number}",
            f"agent{number}@desk.test",
            Role.AGENT,
            ("support",),
            capacity=1 + number % 3,
            language=first,
            languages=(second,),
            hours=other_hours if number % 3 == 2 and number % 2 else (),
        )
        if number % 10 == 9:
            agent = replace(agent, absences=(Absence(now.date() - timedelta(days=1), now.date() + timedelta(days=1)),))
        found[agent.id] = agent
    return found


def _forget() -> None:
    """Lets what one process keeps for long be made anew, as its environment is another."""
    for made in vars(bootstrap).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()


@pytest.fixture
async def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A table that many processes can write to."""
    emulator = Emulator(tmp_path)
    await emulator.start()
    for name, value in {**_ENVIRONMENT, **aws_environment(emulator.url)}.items():
        monkeypatch.setenv(name, value)
    _forget()
    await asyncio.to_thread(create_table, "desk")
    bind_table("desk")
    await asyncio.to_thread(boto3.client("s3").create_bucket, Bucket="files")
    yield
    _forget()
    await emulator.stop()


async def _at_once(ticket_ids: list[str]) -> None:
    """Lets eight routers go through the same work, each in an order of its own."""

    async def one(seed: int) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.one_router"),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, problems = await process.communicate("\n".join([str(seed), *ticket_ids]).encode())
        assert process.returncode == 0, problems.decode()[-3000:]

    await asyncio.gather(*(one(seed) for seed in range(ROUTERS)))


def _open(chance: random.Random) -> list[str]:
    service = bootstrap.tickets()
    ids = [new_id(datetime.now(UTC)) for _ in range(TICKETS)]
    for number, ticket_id in enumerate(ids, start=1):
        command = opening(
            ticket_id,
            number=number,
            language=chance.choices(LANGUAGES, (5, 3, 2))[0],
            priority=chance.choice(list(Priority)),
        )
        service.open(command, Extras(message=a_message(ticket_id)), actor=REQUESTER)
    return ids


def _check(desk: Desk, tickets: list[Ticket]) -> None:
    now = datetime.now(UTC)
    having = Counter(one.assignee for one in tickets if one.assignee is not None and not one.done)
    assert bootstrap.people_store().loads(desk.agents) == {one: having[one] for one in desk.agents}
    for agent_id, count in having.items():
        assert count <= desk.agents[agent_id].capacity, f"{agent_id} is over capacity"
    for ticket in tickets:
        if ticket.assignee is not None:
            agent = desk.agents[ticket.assignee]
            assert working(agent, now, {})
            assert ticket.language in {agent.language, *agent.languages}
        elif not ticket.done:
            free = [
                one.id
                for one in desk.agents.values()
                if working(one, now, {})
                and having[one.id] < one.capacity
                and ticket.language in {one.language, *one.languages}
            ]
            assert not free, f"{ticket.id} waits while {free} are free"


async def test_eight_routers_give_each_ticket_to_one_who_is_fit_and_overload_nobody(table: None) -> None:
    del table
    chance = random.Random(11)
    strict = GroupAssignment("support", AssignmentMethod.SKILLS, otherwise_anyone=False)
    desk = replace(desk_for_tests(), agents=_staff(datetime.now(UTC)), assignments={"support": strict}, policies=())
    await asyncio.to_thread(bootstrap.desk_store().save, desk)
    ids = await asyncio.to_thread(_open, chance)
    await _at_once(ids)
    store = bootstrap.ticket_store()
    tickets = list(store.get_all(ids).values())
    _check(desk, tickets)
    assert any(one.assignee is None for one in tickets), "there are more tickets than room"
    for ticket_id in ids:
        events = store.events(ticket_id, limit=100, position=None).items
        given = [one for one in events if isinstance(one.fact, TicketAssigned) and one.fact.new_assignee is not None]
        assert len(given) <= 1

    solved = [one for one in tickets if one.assignee is not None][:15]
    waiting = {one.id for one in tickets if one.assignee is None}
    for ticket in solved:
        actor = Actor(ActorKind.AGENT, ticket.assignee or "")
        bootstrap.tickets().run(ticket.id, ChangeTicket(status=Status.SOLVED), actor=actor)
    await _at_once([])
    tickets = list(store.get_all(ids).values())
    _check(desk, tickets)
    drained = [one for one in tickets if one.id in waiting and one.assignee is not None]
    assert drained, "who became free took from the queue"
