"""Commands against tickets that others change at the same time."""

from datetime import timedelta

import pytest

from helpdesk.kernel.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import new_id
from helpdesk.tickets.commands import ChangeTicket, Tick
from helpdesk.tickets.model import SWEEPER, Priority, Status, Ticket
from helpdesk.tickets.service import ATTEMPTS, AddressTaken, AgentFull, AlreadyDone, Extras, Thread, TicketService
from tests.conftest import StandingClock
from tests.fakes.tickets import FakeTickets
from tests.support.desks import RULES
from tests.support.lives import MINA, REQUESTER, message, opening
from tests.support.messages import a_guard, a_message


class Crowd:
    """A service whose store and pauses are watched."""

    def __init__(self, clock: StandingClock) -> None:
        self.store = FakeTickets()
        self.pauses: list[int] = []
        self.clock = clock
        self.service = TicketService(self.store, clock, lambda: RULES, self.pauses.append)
        self.id = new_id(clock())

    def open(self) -> Ticket:
        return self.service.open(opening(self.id), Extras(message=a_message(self.id)), actor=REQUESTER).ticket

    def change(self, *, expected_version: int | None = None, **what: object) -> Ticket:
        command = ChangeTicket(**what)
        return self.service.run(self.id, command, actor=MINA, expected_version=expected_version).ticket


@pytest.fixture
def crowd(clock: StandingClock) -> Crowd:
    made = Crowd(clock)
    made.open()
    made.store.commits = 0
    return made


@pytest.mark.parametrize("refusal", [StaleVersion("first"), Unavailable("busy")])
@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_a_command_is_decided_anew_until_it_is_first(crowd: Crowd, refusal: Exception, times: int) -> None:
    crowd.store.refusals = [refusal] * times
    assert crowd.change(priority=Priority.HIGH).priority is Priority.HIGH
    assert crowd.pauses == list(range(1, times + 1))
    assert crowd.store.commits == times + 1


def test_a_command_that_is_never_first_gives_up_and_says_so(crowd: Crowd) -> None:
    crowd.store.refusals = [StaleVersion("first")] * 99
    with pytest.raises(Unavailable):
        crowd.change(priority=Priority.HIGH)
    assert crowd.store.commits == ATTEMPTS
    assert len(crowd.pauses) == ATTEMPTS - 1  # nobody waits for a try that does not come
    assert crowd.store.get(crowd.id).priority is Priority.NORMAL


def test_deciding_anew_sees_what_the_others_did(crowd: Crowd) -> None:
    """Two answers at once: the second finds the ticket that the first has left."""
    stale = crowd.store.get(crowd.id)
    reads = iter([stale])
    get = crowd.store.get
    crowd.change(tags=("vip",))
    crowd.store.get = lambda ticket_id: next(reads, None) or get(ticket_id)
    after = crowd.change(priority=Priority.HIGH)
    assert (after.tags, after.priority) == (("vip",), Priority.HIGH)


def test_a_wish_against_an_older_version_is_refused_with_the_one_that_stands(crowd: Crowd) -> None:
    seen = crowd.store.get(crowd.id).version
    now = crowd.change(priority=Priority.HIGH).version
    with pytest.raises(StaleVersion) as refusal:
        crowd.change(priority=Priority.LOW, expected_version=seen)
    assert refusal.value.current == now
    assert crowd.change(priority=Priority.LOW, expected_version=now).priority is Priority.LOW


def test_who_was_not_first_learns_that_the_version_they_saw_is_gone(crowd: Crowd) -> None:
    version = crowd.store.get(crowd.id).version
    commit = crowd.store.commit

    def outrun(before: Ticket | None, decision: object, extras: Extras) -> None:
        crowd.store.commit = commit
        crowd.change(tags=("vip",))
        commit(before, decision, extras)

    crowd.store.commit = outrun
    with pytest.raises(StaleVersion):
        crowd.change(priority=Priority.LOW, expected_version=version)


@pytest.mark.parametrize("refusal", [AlreadyDone("mail"), AgentFull("full"), AddressTaken("taken")])
def test_what_trying_again_cannot_change_is_not_tried_again(crowd: Crowd, refusal: Exception) -> None:
    crowd.store.refusals = [refusal]
    with pytest.raises(type(refusal)):
        crowd.change(priority=Priority.HIGH)
    assert crowd.store.commits == 1


def test_a_wish_that_changes_nothing_writes_nothing(crowd: Crowd) -> None:
    outcome = crowd.service.run(crowd.id, Tick(), actor=SWEEPER)
    assert outcome.events == ()
    assert outcome.ticket == crowd.store.get(crowd.id)
    assert crowd.store.commits == 0


@pytest.mark.parametrize("ticket_id", ["01JD0000000000000000000000", "", "nonsense", "#1001"])
def test_a_ticket_that_is_not_there_is_not_found(crowd: Crowd, ticket_id: str) -> None:
    with pytest.raises(NotFound):
        crowd.service.get(ticket_id)
    with pytest.raises(NotFound):
        crowd.service.run(ticket_id, Tick(), actor=SWEEPER)


def test_who_may_not_is_refused_before_anything_is_decided_each_time_the_ticket_is_read(crowd: Crowd) -> None:
    seen: list[int] = []

    def allowed(ticket: Ticket) -> None:
        seen.append(ticket.version)
        if len(seen) == 2:
            raise Forbidden("Not any more.")

    crowd.store.refusals = [StaleVersion("first")]
    with pytest.raises(Forbidden):
        crowd.service.run(crowd.id, ChangeTicket(status=Status.OPEN), actor=MINA, allowed=allowed)
    assert crowd.store.commits == 1
    assert crowd.store.get(crowd.id).status is Status.NEW


def test_refusals_of_the_rules_reach_the_caller(crowd: Crowd) -> None:
    crowd.change(status=Status.CLOSED)
    with pytest.raises(Conflict):
        crowd.change(priority=Priority.HIGH)
    with pytest.raises(Invalid):
        Crowd(crowd.clock).service.open(opening(crowd.id, fields={str(n): n for n in range(101)}), Extras(), actor=MINA)


def test_opening_is_tried_again_under_contention_and_gives_up_in_the_end(clock: StandingClock) -> None:
    crowd = Crowd(clock)
    crowd.store.refusals = [Unavailable("busy")] * 3
    assert crowd.open().number == 1001
    assert crowd.pauses == [1, 2, 3]
    crowd = Crowd(clock)
    crowd.store.refusals = [Unavailable("busy")] * 99
    with pytest.raises(Unavailable):
        crowd.open()
    assert crowd.store.commits == ATTEMPTS


def test_a_message_is_written_with_its_events_and_what_may_happen_once(crowd: Crowd, clock: StandingClock) -> None:
    later = clock.advance(minutes=1)
    said = a_message(crowd.id, later)
    command = message(said.id, REQUESTER)
    outcome = crowd.service.add_message(said, command, guards=(a_guard(),), threads=("m@example.com",))
    assert crowd.store.message(crowd.id, said.id) == said
    assert outcome.events[0].fact.message_id == said.id
    assert outcome.events[0].actor == said.author
    assert crowd.store.thread_of(("m@example.com",)) == Thread(crowd.id)
    with pytest.raises(AlreadyDone):
        crowd.service.add_message(said, command, guards=(a_guard(),))
    assert timedelta(minutes=1) == outcome.ticket.updated_at - outcome.ticket.created_at
