"""What a sweep reads of a million tickets, and when ten thousand clocks of one minute are delivered: simulated on keys alone.

The table's index is a sorted list of keys for each shard, as `contracts/table.py` spells them; the sweep is the product's own.
"""

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from benchmarks.tables import table
from helpdesk.contracts.table import DUE_SHARDS, due_instant_of, due_shard, due_sort
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.ids import derived_id
from helpdesk.sla.service import AT_ONCE, Hands, Swept, Ticked, sweep
from helpdesk.sla.ticks import DueTicket

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PAGE = 100
DUE = 50
IN_ONE_MINUTE = 10_000
SHARD_LIMIT = 1_000
HANDS = 10
"""As many tickers run at once (`infra/constructs/function.py`)."""
A_TICK = timedelta(milliseconds=50)
"""Taken for a read and a transaction of a warm function: generous on AWS."""
_ENTRY_BYTES = 200


@dataclass
class Index:
    """Keys by shard, and what was read of them."""

    shards: list[list[str]]
    queries: int = 0
    read: int = 0

    def due(self, shard: int, until: datetime) -> Iterator[DueTicket]:
        """As the store reads it: a page, and another only if it is asked for."""
        keys = self.shards[shard]
        end = bisect_right(keys, due_sort(format_instant(until), "~"))
        for start in range(0, max(end, 1), PAGE):
            self.queries += 1
            for key in keys[start : min(start + PAGE, end)]:
                self.read += 1
                yield DueTicket(key.rpartition("#")[2], parse_instant(due_instant_of(key)))

    @property
    def read_units(self) -> float:
        """Eventually consistent: half a unit for each 4 KB of a query, and for an empty one."""
        return max(self.queries * 0.5, ceil(self.read * _ENTRY_BYTES / 4096) * 0.5)


@dataclass
class Queue:
    """Holds messages back; notes when each comes out."""

    out: list[tuple[datetime, DueTicket]] = field(default_factory=list)

    def send(self, dues: Sequence[DueTicket], now: datetime) -> int:
        """As `store.TickQueue`: whole seconds, rounded up."""
        for due in dues:
            self.out.append((now + timedelta(seconds=max(0, ceil((due.at - now).total_seconds()))), due))
        return len(dues)


def index_of(instants: Sequence[datetime]) -> Index:
    """An index of tickets with these due instants."""
    shards: list[list[str]] = [[] for _ in range(DUE_SHARDS)]
    for number, at in enumerate(instants):
        ticket_id = derived_id(NOON, str(number))
        shards[due_shard(ticket_id)].append(due_sort(format_instant(at), ticket_id))
    for keys in shards:
        keys.sort()
    return Index(shards)


def swept(index: Index, queue: Queue, now: datetime) -> tuple[Swept, list[str]]:
    """One sweep, and the tickets that it dealt with itself."""
    at_once: list[str] = []

    def tick(ticket_id: str) -> Ticked:
        at_once.append(ticket_id)
        return Ticked(1)

    hands = Hands(tick, lambda dues: queue.send(dues, now), lambda *_: None)
    return sweep(index, hands, now, shards=DUE_SHARDS), at_once


def _a_sweep(open_tickets: int) -> list[object]:
    due = [NOON - timedelta(seconds=1)] * DUE
    later = [NOON + timedelta(hours=1 + number % 900) for number in range(open_tickets - DUE)]
    index = index_of([*due, *later])
    result, _ = swept(index, Queue(), NOON)
    return [f"{open_tickets:,}", DUE, result.tickets, index.queries, index.read_units]


def _taken(queue: Queue) -> list[tuple[datetime, DueTicket]]:
    """When each is dealt with: as it comes out of the queue, or as soon as a hand is free."""
    free = [NOON - timedelta(days=1)] * HANDS
    done = []
    for out, due in sorted(queue.out, key=lambda one: one[0]):
        at = max(out, heapq.heappop(free)) + A_TICK
        heapq.heappush(free, at)
        done.append((at, due))
    return done


def _a_minute(name: str, instants: Sequence[datetime], now: datetime = NOON) -> list[object]:
    index, queue = index_of(instants), Queue()
    result, at_once = swept(index, queue, now)
    done = _taken(queue)
    late = max((at - max(due.at, now) for at, due in done), default=timedelta(0))
    early = sum(out < due.at for out, due in queue.out)
    writes = Counter((due_shard(due.ticket_id), at.replace(microsecond=0)) for at, due in done)
    reached = len(at_once) + len({due.ticket_id for _, due in queue.out})
    most = max(writes.values(), default=0)
    return [
        name,
        f"{len(instants):,}",
        f"{reached:,}",
        result.tickets,
        early,
        f"{late.total_seconds():.1f} s",
        f"{most:,}",
    ]


def keys() -> str:
    """The tables of keys."""
    sweeps = [_a_sweep(count) for count in (1_000, 100_000, 1_000_000)]
    spread = [NOON + timedelta(milliseconds=6 * number) for number in range(IN_ONE_MINUTE)]
    missed = [NOON - timedelta(seconds=number % 21_600) for number in range(IN_ONE_MINUTE)]
    back = [NOON + timedelta(seconds=30)] * DUE
    minutes = [
        _a_minute("over one minute", spread),
        _a_minute("all in one second", [NOON + timedelta(seconds=30)] * IN_ONE_MINUTE),
        _a_minute("the clock jumps six hours ahead", missed),
        _a_minute("the clock goes back five minutes", back, NOON - timedelta(minutes=5)),
    ]
    first = table(
        "A sweep of many tickets, on keys alone",
        ["open tickets", "due", "dealt with", "queries", "read units"],
        sweeps,
        f"A page holds {PAGE} entries of some {_ENTRY_BYTES} bytes.",
    )
    note = (
        f"Out of the queue: at the second, rounded up; then {HANDS} hands, {A_TICK.total_seconds() * 1000:.0f} ms a ticket. A shard takes {SHARD_LIMIT:,} writes a second; each delivery is one. "
        f"Up to {AT_ONCE} late tickets the sweep deals with itself. What goes back in time is simply not due yet."
    )
    head = [
        "due",
        "tickets",
        "reached",
        "by the sweep",
        "too early",
        "latest after its second or the sweep",
        "most writes a second and shard",
    ]
    return first + "\n" + table("Many clocks of one minute", head, minutes, note)
