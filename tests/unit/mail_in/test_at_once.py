"""The same mail handed over several times at once, in every order that threads can fall into: one ticket, one answer."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from helpdesk.kernel.errors import Unavailable
from helpdesk.mail.ledger import LedgerEntry
from helpdesk.mail.rules import Outcome
from helpdesk.tickets.core import Decision
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.service import Extras
from tests.conftest import StandingClock
from tests.fakes.tickets import FakeTickets
from tests.support.houses import House, Posted, posted_of, written

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ANN = "ann@example.com"
WORKERS = 4


class SharedTickets(FakeTickets):
    """As the table: a transaction is one, and everything between reading and writing can be overtaken.

    All workers meet before they commit for the first time, so that each has read what the others are about to change.
    """

    def __init__(self, workers: int) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._meeting = threading.Barrier(workers)
        self._met: set[int] = set()

    def commit(self, before: Ticket | None, decision: Decision, extras: Extras) -> None:
        me = threading.get_ident()
        if me not in self._met:
            self._met.add(me)
            self._meeting.wait(timeout=10)
        with self._lock:
            super().commit(before, decision, extras)


@pytest.fixture(autouse=True)
def threads_change_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def at_once[T](*works: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=20) for future in [pool.submit(work) for work in works]]


def a_question() -> Posted:
    mail = written(ANN, "support@here.test", "It stops", "It stops with an error.", "<q@example.com>")
    mail["Cc"] = "bob@example.com, carol@example.com"
    return posted_of(mail)


def receiving(house: House, posted: Posted, *, same_id: bool) -> list[LedgerEntry]:
    """Several workers take the mail in at the same time: SES told of one mail several times, or took it several times."""
    arrivals = [house.store_mail(posted)]
    arrivals += [arrivals[0] if same_id else house.store_mail(posted) for _ in range(WORKERS - 1)]
    services = [house.inbound() for _ in arrivals]
    works = [
        lambda service=service, arrival=arrival: service.receive(arrival)
        for service, arrival in zip(services, arrivals, strict=True)
    ]
    return at_once(*works)


@pytest.mark.parametrize("same_id", [True, False])
@pytest.mark.parametrize("attempt", range(5))
def test_one_mail_taken_by_several_workers_is_one_ticket(attempt: int, same_id: bool) -> None:  # noqa: FBT001
    house = House("here.test", StandingClock(NOW), SharedTickets(WORKERS))
    entries = receiving(house, a_question(), same_id=same_id)
    (ticket,) = house.store.tickets.values()
    assert {entry.ticket_id for entry in entries} == {ticket.id}
    outcomes = sorted(entry.outcome for entry in entries)
    expected = [Outcome.TICKET] * WORKERS if same_id else [Outcome.DUPLICATE] * (WORKERS - 1) + [Outcome.TICKET]
    assert outcomes == sorted(expected)
    assert {entry.outcome for entry in house.ledger.by_id.values()} <= {Outcome.TICKET, Outcome.DUPLICATE}
    assert len(house.store.conversations[ticket.id]) == 1
    assert sorted(person.address for person in house.people.people.values()) == [
        ANN,
        "bob@example.com",
        "carol@example.com",
    ]


@pytest.mark.parametrize("same_id", [True, False])
def test_one_answer_taken_by_several_workers_is_one_message(same_id: bool) -> None:  # noqa: FBT001
    house = House("here.test", StandingClock(NOW))
    (acknowledgement,) = house.get(a_question())
    shared = SharedTickets(WORKERS)
    shared.__dict__.update({name: value for name, value in vars(house.store).items() if not name.startswith("_")})
    house.store = shared
    house.tickets._store = shared
    (ticket_id,) = shared.tickets
    references = acknowledgement.raw.partition(b"References: ")[2].partition(b"\r\n")[0].decode()
    answer = written(ANN, house.address, "Re: It stops", "It is back.", "<a@example.com>", {"References": references})
    entries = receiving(house, posted_of(answer), same_id=same_id)
    assert list(shared.tickets) == [ticket_id]
    assert [one.text for one in shared.conversations[ticket_id].values()].count("It is back.") == 1
    assert {entry.ticket_id for entry in entries} == {ticket_id}


def test_several_people_who_write_for_the_first_time_with_the_same_cc_are_each_heard() -> None:
    house = House("here.test", StandingClock(NOW), SharedTickets(WORKERS))
    mails = [
        written(f"p{n}@example.com", house.address, "Hello", f"Question {n}", f"<q{n}@example.com>")
        for n in range(WORKERS)
    ]
    for mail in mails:
        mail["Cc"] = "boss@example.com"
    arrivals = [house.store_mail(posted_of(mail)) for mail in mails]
    at_once(*[lambda arrival=arrival: house.inbound().receive(arrival) for arrival in arrivals])
    assert len(house.store.tickets) == WORKERS
    boss = house.people.by_address("boss@example.com")
    assert boss is not None
    assert all(ticket.participants == (boss.id,) for ticket in house.store.tickets.values())


def test_events_handled_by_several_workers_at_once_are_one_acknowledgement() -> None:
    house = House("here.test", StandingClock(NOW))
    house.inbound().receive(house.store_mail(a_question()))
    (events,) = house.store.history.values()
    claim, lock = house._letters.log.claim, threading.Lock()

    def claimed(*args: object, **kwargs: object) -> object:
        with lock:
            return claim(*args, **kwargs)

    house._letters.log.claim = claimed

    def told() -> None:
        with contextlib.suppress(Unavailable):  # another worker is at it: the queue gives it back later
            house.notices().handle(events[0])

    at_once(*[told] * WORKERS)
    told()
    assert [sent.recipient for sent in house.sender.sent] == [ANN]
