"""The clock that an operator of a sandbox can move: for all functions at once, and it stays moved."""

from datetime import UTC, datetime, timedelta

from helpdesk.platform.clock import AdjustableClock
from tests.contract.conftest import on_aws

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def a_clock() -> AdjustableClock:
    return AdjustableClock(lambda: NOW)


def test_a_clock_that_nobody_moved_tells_real_time() -> None:
    with on_aws():
        clock = a_clock()
        clock.refresh()
        assert clock() == NOW


def test_a_clock_moved_by_one_is_moved_for_all_who_look_again_and_movements_add_up() -> None:
    with on_aws():
        mine, other = a_clock(), a_clock()
        mine.advance(3600)
        assert mine() == NOW + timedelta(hours=1)
        assert other() == NOW
        other.refresh()
        assert other() == NOW + timedelta(hours=1)
        other.advance(0.5)
        mine.refresh()
        assert mine() == other() == NOW + timedelta(hours=1, seconds=0.5)
