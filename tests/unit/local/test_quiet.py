"""Moving the local desk's clock: every schedule that would have run on the way runs, and nothing else does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.contracts.topology import AUTOMATION_CLOCK, INDEX_KEEPER, SLA_SWEEPER, TRAINER
from local.product import came_due
from local.quiet import Hands, advance, earliest

NOON = datetime(2026, 11, 23, 12, 0, 20, tzinfo=UTC)


class SandDesk:
    """A desk that has only clocks: each sweep takes away what is due, and may bring something later."""

    def __init__(self, *due: timedelta, follow: timedelta | None = None, stubborn: bool = False) -> None:
        self.now = NOON
        self.due = sorted(NOON + delay for delay in due)
        self.follow = follow
        self.stubborn = stubborn
        self.sweeps: list[tuple[datetime, int]] = []
        self.caught_up: list[tuple[datetime, datetime]] = []

    def hands(self) -> Hands:
        async def move(seconds: float) -> None:
            assert seconds > 0
            self.now += timedelta(seconds=seconds)

        async def next_due() -> datetime | None:
            return earliest(self.due)

        async def sweep() -> None:
            gone = [instant for instant in self.due if instant <= self.now]
            self.sweeps.append((self.now, len(gone)))
            if self.stubborn:
                return
            self.due = [instant for instant in self.due if instant > self.now]
            if gone and self.follow is not None:
                self.due.append(self.now + self.follow)
                self.follow = None

        async def settle() -> None:
            return None

        async def catch_up(since: datetime) -> None:
            self.caught_up.append((since, self.now))

        return Hands(lambda: self.now, move, next_due, sweep, settle, catch_up)


async def test_the_clock_ends_exactly_where_it_was_sent() -> None:
    desk = SandDesk(timedelta(minutes=5))
    assert await advance(desk.hands(), 3600.5) == NOON + timedelta(seconds=3600.5)


async def test_what_is_due_is_dealt_with_at_the_next_full_minute_and_not_at_the_end() -> None:
    desk = SandDesk(timedelta(minutes=5))
    await advance(desk.hands(), 7200)
    assert desk.sweeps[0] == (datetime(2026, 11, 23, 12, 6, tzinfo=UTC), 1)


async def test_what_comes_of_a_sweep_is_dealt_with_on_the_way_too() -> None:
    desk = SandDesk(timedelta(minutes=5), follow=timedelta(hours=1))
    await advance(desk.hands(), 7200)
    assert [count for _, count in desk.sweeps if count] == [1, 1]
    assert desk.due == []


async def test_what_is_due_after_the_target_is_left_alone() -> None:
    desk = SandDesk(timedelta(hours=3))
    await advance(desk.hands(), 7200)
    assert desk.due == [NOON + timedelta(hours=3)]


async def test_a_month_without_anything_due_takes_one_sweep() -> None:
    desk = SandDesk()
    await advance(desk.hands(), 31 * 86_400)
    assert len(desk.sweeps) == 1


async def test_something_that_cannot_be_dealt_with_does_not_hold_the_clock() -> None:
    desk = SandDesk(timedelta(minutes=5), stubborn=True)
    assert await advance(desk.hands(), 7200) == NOON + timedelta(hours=2)


async def test_something_due_at_the_very_target_is_dealt_with() -> None:
    desk = SandDesk(timedelta(hours=2))
    await advance(desk.hands(), 7200)
    assert desk.due == []


@given(st.lists(st.integers(min_value=0, max_value=20_000), max_size=8), st.integers(min_value=0, max_value=20_000))
async def test_nothing_is_late_by_more_than_a_minute_and_nothing_early(delays: list[int], ahead: int) -> None:
    desk = SandDesk(*(timedelta(seconds=delay) for delay in delays))
    await advance(desk.hands(), ahead)
    assert desk.now == NOON + timedelta(seconds=ahead)
    assert desk.due == sorted(NOON + timedelta(seconds=delay) for delay in delays if delay > ahead)
    for delay in delays:
        if delay <= ahead:
            handled = min(at for at, count in desk.sweeps if count and at >= NOON + timedelta(seconds=delay))
            assert handled - (NOON + timedelta(seconds=delay)) <= timedelta(minutes=1)


async def test_other_schedules_are_caught_up_with_once_at_the_end_for_the_whole_way() -> None:
    desk = SandDesk(timedelta(minutes=5), timedelta(hours=1))
    await advance(desk.hands(), 7200)
    assert desk.caught_up == [(NOON, NOON + timedelta(hours=2))]


def test_a_schedule_came_due_where_its_time_lies_between() -> None:
    minutes = {one.name for one in came_due(NOON, NOON + timedelta(minutes=6))}
    assert minutes == {INDEX_KEEPER.name}
    night = came_due(NOON, NOON + timedelta(hours=12))
    assert {TRAINER, AUTOMATION_CLOCK, INDEX_KEEPER} <= set(night)
    assert SLA_SWEEPER not in night
    assert came_due(NOON, NOON + timedelta(seconds=30)) == []
