"""What a sweep does itself, what it sends for its second, and what it leaves to the next one."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.contracts.table import DUE_SHARDS, due_shard
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.ids import new_id
from helpdesk.sla.service import AT_MOST, AT_ONCE, Hands, Ticked, sweep
from helpdesk.sla.ticks import LOOK_AHEAD, DueTicket, read_tick, soon_due, tick_body

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Desk:
    """Tickets with their due instants, and what was done with them."""

    dues: dict[str, datetime]
    broken: set[str] = field(default_factory=set)
    ticked: list[str] = field(default_factory=list)
    sent: list[DueTicket] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    takes: bool = True
    again: datetime | None = None

    def due(self, shard: int, until: datetime) -> Iterable[DueTicket]:
        found = sorted((at, one) for one, at in self.dues.items() if at <= until and int(one) % 4 == shard)
        return (DueTicket(one, at) for at, one in found)

    def tick(self, ticket_id: str) -> Ticked:
        if ticket_id in self.broken:
            raise ValueError(ticket_id)
        self.ticked.append(ticket_id)
        del self.dues[ticket_id]
        return Ticked(1, self.again)

    def send(self, dues: Sequence[DueTicket]) -> int:
        self.sent += dues if self.takes else []
        return len(dues) if self.takes else 0

    def sweep(self, now: datetime = NOW):  # noqa: ANN201 - the service's
        hands = Hands(self.tick, self.send, lambda ticket_id, _: self.failed.append(ticket_id))
        return sweep(self, hands, now, shards=4)


def test_what_is_late_is_dealt_with_and_what_comes_until_the_next_sweep_is_sent_for_its_second() -> None:
    ahead = {"2": NOW + timedelta(seconds=1), "3": NOW + timedelta(seconds=60)}
    desk = Desk({"1": NOW, **ahead, "4": NOW + LOOK_AHEAD + timedelta(milliseconds=1)})
    swept = desk.sweep()
    assert desk.ticked == ["1"]
    assert {one.ticket_id: one.at for one in desk.sent} == ahead
    assert (swept.tickets, swept.events, swept.sent) == (1, 1, 2)


def test_a_ticket_that_is_due_again_before_the_next_sweep_is_sent_for_that_second() -> None:
    soon, later = NOW + timedelta(seconds=35), NOW + timedelta(hours=1)
    assert (desk := Desk({"1": NOW}, again=soon)).sweep().sent == 1
    assert desk.sent == [DueTicket("1", soon)]
    assert Desk({"1": NOW}, again=later).sweep().sent == 0


def test_a_burst_is_left_to_many_hands() -> None:
    desk = Desk({str(number): NOW - timedelta(hours=6) for number in range(1000)})
    swept = desk.sweep()
    assert (swept.tickets, swept.sent, swept.late) == (AT_ONCE, 1000 - AT_ONCE, timedelta(hours=6))
    assert {one.ticket_id for one in desk.sent}.isdisjoint(desk.ticked)


def test_one_sweep_takes_no_more_than_it_can() -> None:
    desk = Desk({str(number): NOW for number in range(AT_MOST + 10)})
    swept = desk.sweep()
    assert swept.tickets + swept.sent == AT_MOST


def test_a_ticket_that_cannot_be_dealt_with_holds_up_no_other_and_stays_due() -> None:
    desk = Desk({"1": NOW, "2": NOW, "3": NOW}, broken={"2"})
    swept = desk.sweep()
    assert (sorted(desk.ticked), swept.failed, desk.failed) == (["1", "3"], ("2",), ["2"])
    desk.broken.clear()
    assert desk.sweep(NOW + timedelta(minutes=1)).events == 1


BURST = 10_000
WORKERS, A_TICK_MS, A_SENDING_MS = 10, 40, 10
"""Of the ticker at once (infra's QUEUE_CONCURRENCY); what a ticket takes it, and a call that sends ten of them: both on the slow side."""
WRITES_A_FIRING, SHARD_TAKES = 2, 1000
"""Places in the index of what is due: a ticket's old one goes, its next one comes. What DynamoDB takes of one key in a second."""


@pytest.mark.parametrize(("within_ms", "late"), [(1000, 42), (60_000, 3)])
def test_ten_thousand_clocks_of_one_minute_fire_within_it_and_no_shard_is_written_too_fast(
    within_ms: int, late: int
) -> None:
    chance = random.Random(1)
    first = NOW + timedelta(minutes=1)
    dues = {new_id(NOW): first + timedelta(milliseconds=chance.randrange(within_ms)) for _ in range(BURST)}
    clock, out = NOW, dict[str, datetime]()

    class Shards:
        def due(self, shard: int, until: datetime) -> Iterable[DueTicket]:
            found = sorted((at, one) for one, at in dues.items() if at <= until and due_shard(one) == shard)
            return (DueTicket(one, at) for at, one in found)

    def send(some: Sequence[DueTicket]) -> int:
        nonlocal clock
        at = clock
        for one in some:  # it comes out when it is due, rounded up to a second, or at once if that has passed
            clock += timedelta(milliseconds=A_SENDING_MS / 10)
            out.setdefault(one.ticket_id, clock + timedelta(seconds=max(0, ceil((one.at - at).total_seconds()))))
        return len(some)

    for clock in (NOW, first):
        sweep(Shards(), Hands(lambda _: Ticked(0), send, lambda *_: None), clock, shards=DUE_SHARDS)

    free, writes = [first] * WORKERS, Counter[tuple[int, int]]()
    for ticket_id, came in sorted(out.items(), key=lambda one: one[1]):
        done = max(heappop(free), came) + timedelta(milliseconds=A_TICK_MS)
        heappush(free, done)
        assert timedelta(0) <= done - dues[ticket_id] <= timedelta(seconds=late)
        writes[due_shard(ticket_id), int(done.timestamp())] += WRITES_A_FIRING
    assert out.keys() == dues.keys()
    assert max(writes.values()) < SHARD_TAKES


def test_what_the_queue_did_not_take_or_lost_the_next_sweep_does() -> None:
    desk = Desk({"1": NOW + timedelta(seconds=30)}, takes=False)
    assert desk.sweep().sent == 0
    assert desk.sweep(NOW + timedelta(minutes=1)).events == 1


@given(st.integers(0, 10**9))
def test_a_tick_says_what_was_sent(ms: int) -> None:
    due = DueTicket("01JD00000000000000000T1CKT", NOW + timedelta(milliseconds=ms))
    assert read_tick(tick_body(due)) == due


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"ticket_id": "x"}', '{"ticket_id": "x", "at": "soon"}'])
def test_what_is_no_tick_is_refused(body: str) -> None:
    with pytest.raises(ValueError):
        read_tick(body)


def event(**data: object) -> dict[str, object]:
    return {"ticket_id": "t", "at": format_instant(NOW), "data": data}


def test_an_event_that_plans_something_for_the_next_minute_says_so() -> None:
    def later(seconds: float) -> str:
        return format_instant(NOW + timedelta(seconds=seconds))

    assert soon_due(event(send_at=later(10))) == DueTicket("t", NOW + timedelta(seconds=10))
    clocks = [{"due_at": later(50)}, {"due_at": later(20), "started_at": later(-5)}]
    assert soon_due(event(sla={"clocks": clocks})) == DueTicket("t", NOW + timedelta(seconds=20))
    for nothing in (
        event(send_at=later(-1)),
        event(send_at=later(0)),
        event(close_at=later(3600)),
        event(),
        event(a=1),
    ):
        assert soon_due(nothing) is None
    assert soon_due(event(text="2026-99-99T99:99:99.999Z")) is None
