"""Time on tickets, when several write at once: what entries say and what the ticket counts never part."""

from collections.abc import Callable

import pytest

from helpdesk.kernel.errors import Forbidden, NotFound
from helpdesk.kernel.ids import new_id
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import Priority
from helpdesk.tickets.service import Change, Extras, TicketService
from helpdesk.tickets.timelog import TimeLog, TimeWish
from tests.conftest import StandingClock
from tests.fakes.tickets import FakeTickets
from tests.support.desks import DESK, RULES
from tests.support.lives import REQUESTER, opening
from tests.support.messages import a_message

MINA, JUN = DESK.agents["mina"], DESK.agents["jun"]


class Interrupted(FakeTickets):
    """Lets something happen right before the next commit."""

    first: Callable[[], object] | None = None

    def commit_all(self, changes: list[Change]) -> None:  # type: ignore[override]
        if self.first is not None:
            happens, self.first = self.first, None
            happens()
        super().commit_all(changes)


class Bench:
    """A ticket and its time."""

    def __init__(self, clock: StandingClock) -> None:
        self.store = Interrupted()
        self.tickets = TicketService(self.store, clock, lambda: RULES, lambda attempt: None)
        self.log = TimeLog(self.tickets, self.store, lambda: DESK, clock)
        self.id = new_id(clock())
        extras = Extras(message=a_message(self.id, clock()))
        self.tickets.open(opening(self.id), extras, actor=REQUESTER)

    def adds_up(self) -> bool:
        entries = self.log.list(self.id, limit=100, position=None).items
        ticket = self.tickets.get(self.id)
        billed = sum(one.seconds for one in entries if one.billable)
        return (ticket.time_seconds, ticket.billable_seconds) == (sum(one.seconds for one in entries), billed)


@pytest.fixture
def bench(clock: StandingClock) -> Bench:
    return Bench(clock)


def test_two_who_correct_one_entry_at_once_are_both_heard_and_the_totals_hold(bench: Bench) -> None:
    entry = bench.log.log(bench.id, TimeWish(seconds=60, note="A call"), MINA)
    bench.store.first = lambda: bench.log.correct(bench.id, entry.id, TimeWish(billable=True), MINA)
    after = bench.log.correct(bench.id, entry.id, TimeWish(seconds=90), MINA)
    assert (after.seconds, after.billable, after.note) == (90, True, "A call")
    assert bench.adds_up()


def test_an_entry_that_is_removed_while_it_is_corrected_is_gone_and_counts_nothing(bench: Bench) -> None:
    entry = bench.log.log(bench.id, TimeWish(seconds=60), MINA)
    bench.store.first = lambda: bench.log.remove(bench.id, entry.id, MINA)
    with pytest.raises(NotFound):
        bench.log.correct(bench.id, entry.id, TimeWish(seconds=90), MINA)
    assert bench.tickets.get(bench.id).time_seconds == 0
    assert bench.adds_up()


def test_a_ticket_that_changes_meanwhile_keeps_nobody_from_counting(bench: Bench) -> None:
    def change() -> None:
        bench.tickets.run(bench.id, ChangeTicket(priority=Priority.HIGH), actor=REQUESTER)

    bench.store.first = change
    entry = bench.log.log(bench.id, TimeWish(seconds=60), MINA)
    bench.store.first = lambda: bench.tickets.run(bench.id, ChangeTicket(priority=Priority.LOW), actor=REQUESTER)
    bench.log.correct(bench.id, entry.id, TimeWish(note="Other words"), MINA)
    assert bench.adds_up()


def test_saying_the_same_again_writes_nothing(bench: Bench) -> None:
    entry = bench.log.log(bench.id, TimeWish(seconds=60), MINA)
    before = bench.tickets.get(bench.id).version
    assert bench.log.correct(bench.id, entry.id, TimeWish(seconds=60), MINA) == entry
    assert bench.tickets.get(bench.id).version == before


def test_a_colleague_leaves_anothers_time_alone(bench: Bench) -> None:
    entry = bench.log.log(bench.id, TimeWish(seconds=60), MINA)
    with pytest.raises(Forbidden):
        bench.log.remove(bench.id, entry.id, JUN)
