"""The sweep: every minute, whatever time alone does to tickets, and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.sla.ticks import LOOK_AHEAD, DueTicket

AT_ONCE: Final = 50
"""Tickets that a sweep deals with itself, because they are late already. What else is due many hands take off the queue."""
AT_MOST: Final = 20_000
"""Tickets that one sweep looks at; what is left is still due a minute later."""
_A_SENDING: Final = 500


class DueTickets(Protocol):
    """Tickets with something due."""

    def due(self, shard: int, until: datetime) -> Iterable[DueTicket]:
        """Tickets in a shard with something due at or before an instant, soonest first; lazily read."""
        ...


@dataclass(frozen=True, slots=True)
class Ticked:
    """What came of letting time do its work on a ticket.

    Attributes:
        events: how many.
        next_at: when there is something to do again; None: nothing is planned.
    """

    events: int
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what a sweep finds.

    Attributes:
        tick: lets time do its work on one ticket.
        send: puts tickets into the queue, each for its second; gives how many it took.
        failed: is told of each ticket that could not be dealt with.
    """

    tick: Callable[[str], Ticked]
    send: Callable[[Sequence[DueTicket]], int]
    failed: Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did.

    Attributes:
        tickets: that it dealt with itself.
        events: that came of it.
        sent: tickets handed to the queue.
        late: how long the most overdue ticket had waited.
        failed: tickets that could not be dealt with.
    """

    tickets: int
    events: int
    sent: int
    late: timedelta
    failed: tuple[str, ...]


def sweep(due: DueTickets, hands: Hands, now: datetime, *, shards: int) -> Swept:
    """Deals with all that is due, and sees to it that what falls due until the next sweep is dealt with in its second.

    What lies ahead is sent first, so that nothing comes late because of what is late already. A ticket that cannot be
    dealt with does not hold up the others: it stays due, and the next sweep tries again. So does one that the queue
    lost: being sent marks nothing, and a ticket that was dealt with is due no more.

    Args:
        due: finds tickets.
        hands: do what there is to do.
        now: the present.
        shards: how many partitions there are to look at.
    """
    late, sent = _sort_out(due, hands, now, shards)
    events = 0
    failures: list[str] = []
    again: list[DueTicket] = []
    for one in late:
        try:
            ticked = hands.tick(one.ticket_id)
        except Exception as error:  # noqa: BLE001 - told, and tried again by the next sweep
            hands.failed(one.ticket_id, error)
            failures.append(one.ticket_id)
        else:
            events += ticked.events
            again += soon_again(one.ticket_id, ticked, now)
    sent += hands.send(again)
    waited = max((now - one.at for one in late), default=timedelta(0))
    return Swept(len(late), events, sent, waited, tuple(failures))


def soon_again(ticket_id: str, ticked: Ticked, now: datetime) -> tuple[DueTicket, ...]:
    """A ticket that was just dealt with, if it is due again before the next sweep can know of it: nothing or one."""
    at = ticked.next_at
    return (DueTicket(ticket_id, at),) if at is not None and at <= now + LOOK_AHEAD else ()


def _sort_out(due: DueTickets, hands: Hands, now: datetime, shards: int) -> tuple[list[DueTicket], int]:
    """The late tickets to deal with here, and how many others were sent."""
    late: list[DueTicket] = []
    waiting: list[DueTicket] = []
    looked = sent = 0
    for shard in range(shards):
        for one in due.due(shard, now + LOOK_AHEAD):
            if looked >= AT_MOST:
                break
            looked += 1
            if one.at <= now and len(late) < AT_ONCE:
                late.append(one)
            else:
                waiting.append(one)
            if len(waiting) >= _A_SENDING:
                sent += hands.send(waiting)
                waiting = []
    return late, sent + hands.send(waiting)
