"""Whether the desk is quiet, what lies in its dead-letter queues, and moving its clock: for tools and tests."""

import asyncio
import json
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp

from local.cloud import POLL_SECONDS, STABLE_SECONDS, work

MINUTE: Final = timedelta(minutes=1)
MOST_STEPS: Final = 5000
QUIET_WITHIN_SECONDS: Final = 120.0


class Restless(Exception):
    """The desk did not become quiet in time; the message says what is still in flight."""


class Quiet:
    """Knows what is in flight.

    Args:
        session: for asking the emulator.
        url: the emulator's address.
        mails: number of mails that are being received or handled.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, mails: Callable[[], int]) -> None:
        self._session = session
        self._url = url
        self._mails = mails

    async def wait(self, timeout_seconds: float) -> None:
        """Returns once nothing was in flight for a moment.

        Raises:
            Restless: that did not come in time.
        """
        until = time.monotonic() + timeout_seconds
        quiet_since: float | None = None
        while True:
            state = await work(self._session, self._url)
            now = time.monotonic()
            if not state["idle"] or self._mails():
                quiet_since = None
            elif quiet_since is None:
                quiet_since = now
            elif now - quiet_since >= STABLE_SECONDS:
                return
            if now > until:
                raise Restless(json.dumps({**state, "mails": self._mails()}))
            await asyncio.sleep(POLL_SECONDS)

    async def dead_letters(self) -> list[dict[str, Any]]:
        """The messages of all queues that nobody reads, without touching them."""
        dead = set((await work(self._session, self._url))["dead"])
        if not dead:
            return []
        async with self._session.get(f"{self._url}/_ministack/sqs/messages") as response:
            accounts = (await response.json())["messages"]
        return [
            {
                "queue": name,
                "id": message["MessageId"],
                "at": datetime.fromtimestamp(message["SentTimestamp"], UTC).isoformat().replace("+00:00", "Z"),
                "receives": message["ReceiveCount"],
                "body": message["Body"],
            }
            for regions in accounts.values()
            for queues in regions.values()
            for url, messages in queues.items()
            if (name := url.rsplit("/", 1)[-1]) in dead
            for message in messages
        ]


@dataclass(frozen=True, slots=True)
class Hands:
    """What moving the clock needs of the desk.

    Attributes:
        now: the desk's time.
        move: moves the clock ahead by so many seconds, for everybody.
        next_due: the earliest instant at which the sweeper has something to do, None if there is none.
        sweep: runs the sweeper once.
        settle: returns once the desk is quiet.
        catch_up: runs once each what other schedules would have run since an instant.
    """

    now: Callable[[], datetime]
    move: Callable[[float], Awaitable[None]]
    next_due: Callable[[], Awaitable[datetime | None]]
    sweep: Callable[[], Awaitable[None]]
    settle: Callable[[], Awaitable[None]]
    catch_up: Callable[[datetime], Awaitable[None]]


async def advance(hands: Hands, seconds: float) -> datetime:
    """Moves the clock ahead, stopping at each minute in which the schedule would have found something to do.

    Minutes without anything due are skipped, so a month takes as long as what happens in it. What is done every so often
    whether anything is due or not (automations, training, counting) is done once, at the end.

    Args:
        hands: the desk.
        seconds: how far; not negative.

    Returns:
        The desk's time afterwards.
    """
    began = hands.now()
    target = began + timedelta(seconds=seconds)
    stuck_at: datetime | None = None
    for _ in range(MOST_STEPS):
        await hands.settle()
        due = await hands.next_due()
        if due is None or due > target:
            break
        if due == stuck_at:
            # The sweeper could not deal with it: as in real time, what else is due is not held up by it.
            break
        stuck_at = due
        await _move_to(hands, min(_next_tick(max(due, hands.now())), target))
        await hands.sweep()
    await _move_to(hands, target)
    await hands.sweep()
    await hands.settle()
    await hands.catch_up(began)
    await hands.settle()
    return hands.now()


async def _move_to(hands: Hands, instant: datetime) -> None:
    ahead = (instant - hands.now()).total_seconds()
    if ahead > 0:
        await hands.move(ahead)


def _next_tick(instant: datetime) -> datetime:
    """The first full minute at or after an instant: when the schedule looks."""
    minutes = math.ceil(instant.timestamp() / MINUTE.total_seconds())
    return datetime.fromtimestamp(minutes * MINUTE.total_seconds(), UTC)


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """The earliest of some instants, None if there is none."""
    return min((instant for instant in instants if instant is not None), default=None)
