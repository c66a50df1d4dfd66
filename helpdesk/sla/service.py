"""The sweep: every minute, whatever time alone does to tickets, and nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

DISPATCHED_AT_MOST: Final = 2000
"""Tickets one sweep deals with; what is left is still due a minute later."""


class DueTickets(Protocol):
    """Tickets with something due."""

    def due(self, shard: int, now: datetime) -> Iterable[str]:
        """Ids in a shard with something due at or before an instant, soonest first; lazily read."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: tickets looked at, events that came of it, and tickets that could not be dealt with."""

    tickets: int
    events: int
    failed: tuple[str, ...]


def sweep(
    due: DueTickets, tick: Callable[[str], int], now: datetime, *, shards: int, failed: Callable[[str, Exception], None]
) -> Swept:
    """Deals with all that is due.

    One ticket that cannot be dealt with does not hold up the others: it stays due, and the next sweep tries again.

    Args:
        due: finds tickets.
        tick: lets time do its work on one ticket; gives the number of events that came of it.
        now: the instant up to which things are due.
        shards: how many partitions there are to look at.
        failed: is told of each ticket that could not be dealt with.
    """
    tickets = events = 0
    failures: list[str] = []
    for shard in range(shards):
        for ticket_id in due.due(shard, now):
            if tickets >= DISPATCHED_AT_MOST:
                break
            tickets += 1
            try:
                events += tick(ticket_id)
            except Exception as error:  # noqa: BLE001 - told, and tried again by the next sweep
                failed(ticket_id, error)
                failures.append(ticket_id)
    return Swept(tickets, events, tuple(failures))
