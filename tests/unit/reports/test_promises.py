"""Figures of promises: whatever order events come in and however often, the buckets hold what histories say."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.reports.model import Bucket, By, Counted, Line, Sums
from helpdesk.reports.rules import NOTHING, counted, difference, summed
from helpdesk.sla.model import Metric
from helpdesk.tickets.commands import Tick
from helpdesk.tickets.model import SWEEPER
from tests.support import desks
from tests.support.lives import REQUESTER, Life, Wish, openings, wishes


@settings(deadline=None, max_examples=25)
@given(opening=openings, story=st.lists(wishes, max_size=12), order=st.randoms(use_true_random=False))
def test_buckets_hold_what_the_history_says_wherever_counting_began(
    opening: object, story: list[Wish], order: object
) -> None:
    life = Life(desks.RULES)
    life.do(opening, REQUESTER)  # type: ignore[arg-type]
    for wish in story:
        life.grant(wish)
    life.do(Tick(), SWEEPER, after=timedelta(days=9))
    stops = sorted({order.randrange(1, len(life.events) + 1) for _ in range(3)} | {len(life.events)})  # type: ignore[attr-defined]
    held: dict[Bucket, Sums] = {}
    before: Counted = NOTHING
    for stop in stops:
        after = counted(life.events[:stop], desks.RULES)
        for line in difference(before, after):
            held[line.bucket] = held.get(line.bucket, Sums()) + line.sums
        before = after
    whole = counted(life.events, desks.RULES)
    assert {bucket: sums for bucket, sums in held.items() if sums != Sums()} == {
        line.bucket: line.sums for line in whole.lines
    }
    assert difference(whole, whole) == ()


def test_lines_are_summed_by_what_is_asked_for() -> None:
    one = Line(Bucket("2026-11-02", Metric.RESOLUTION, "high", "standard", "support"), Sums(met=2, paused_seconds=60))
    two = Line(Bucket("2026-11-03", Metric.RESOLUTION, "high", "standard", ""), Sums(breached=1, late_seconds=30))
    lines = [one, two]
    assert summed(lines, By.METRIC) == {("resolution", ""): Sums(2, 1, 30, 60)}
    assert summed(lines, By.METRIC)["resolution", ""].compliance == 2 / 3
    assert summed(lines, By.PRIORITY) == {("resolution", "high"): Sums(2, 1, 30, 60)}
    assert set(summed(lines, By.GROUP)) == {("resolution", "support"), ("resolution", "")}
    assert set(summed(lines, By.DAY)) == {("resolution", "2026-11-02"), ("resolution", "2026-11-03")}
