"""The router at work: events in any order and any number of times, agents who fill up meanwhile."""

import pytest

from helpdesk.kernel.ids import new_id
from helpdesk.routing.service import RoutingService
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.facts import Event, TicketAssigned, TicketOpened
from helpdesk.tickets.model import Status, Ticket
from helpdesk.tickets.service import AgentFull, Extras, TicketService
from tests.conftest import StandingClock
from tests.fakes.people import FakePeople
from tests.fakes.tickets import FakeTickets
from tests.support.desks import DESK, RULES, a_desk
from tests.support.lives import MINA, REQUESTER, opening
from tests.support.messages import a_message


class Room:
    """A router and what it routes."""

    def __init__(self, clock: StandingClock) -> None:
        self.people = FakePeople()
        self.store = FakeTickets(self.people)
        self.clock = clock
        self.desk = DESK
        self.tickets = TicketService(self.store, clock, lambda: RULES, lambda attempt: None)
        self.router = RoutingService(self.tickets, self.people, lambda: self.desk)

    def open(self, **changes: object) -> Ticket:
        ticket_id = new_id(self.clock.advance(seconds=1))
        command = opening(ticket_id, number=self.store.next_number(), **changes)
        return self.tickets.open(command, Extras(message=a_message(ticket_id)), actor=REQUESTER).ticket

    def change(self, ticket: Ticket, **what: object) -> Ticket:
        return self.tickets.run(ticket.id, ChangeTicket(**what), actor=MINA).ticket

    def event(self, ticket: Ticket, kind: type) -> Event:
        return next(event for event in reversed(self.store.history[ticket.id]) if isinstance(event.fact, kind))

    def deliver(self, ticket: Ticket, kind: type = TicketOpened) -> Ticket:
        self.router.handle(self.event(ticket, kind))
        return self.store.tickets[ticket.id]

    def reasons(self, ticket: Ticket) -> list[str]:
        return [reason.code for reason in self.event(ticket, TicketAssigned).fact.because]


@pytest.fixture
def room(clock: StandingClock) -> Room:
    return Room(clock)


def test_a_new_ticket_gets_its_group_and_the_least_busy_of_it_with_reasons(room: Room) -> None:
    room.people.tallies = {"mina": 1, "jun": 1}
    routed = room.deliver(room.open())
    assert (routed.group, routed.assignee) == ("support", "jun")
    assert room.reasons(routed) == ["group_by_default", "least_busy"]
    assert room.people.tallies == {"mina": 1, "jun": 2}


def test_an_event_delivered_again_routes_nothing_twice(room: Room) -> None:
    ticket = room.open()
    first = room.deliver(ticket)
    assert room.deliver(ticket) == first
    assert room.deliver(ticket, TicketAssigned) == first
    assert room.people.tallies == {first.assignee: 1}


def test_tickets_are_spread_until_everybody_is_full_and_then_wait_in_the_group(room: Room) -> None:
    routed = [room.deliver(room.open()) for _ in range(7)]
    assert room.people.tallies == {"mina": 2, "jun": 4}
    assert (routed[6].group, routed[6].assignee) == ("support", None)
    assert room.reasons(routed[6]) == ["group_by_default", "everybody_full"]
    assert room.deliver(routed[6], TicketAssigned) == routed[6]


def test_an_agent_who_filled_up_a_moment_ago_is_passed_over(room: Room) -> None:
    ticket = room.open()
    room.store.refusals = [AgentFull("jun is full")]
    assert room.deliver(ticket).assignee == "mina"
    ticket = room.open()
    room.store.refusals = [AgentFull("mina is full"), AgentFull("jun is full")]
    routed = room.deliver(ticket)
    assert (routed.group, routed.assignee) == ("support", None)
    assert room.reasons(routed)[-1] == "everybody_full"


def test_a_ticket_taken_by_hand_is_left_alone(room: Room) -> None:
    taken = room.change(room.open(), assignee="mina")
    assert room.deliver(taken) == taken


def test_a_ticket_solved_before_the_router_came_is_left_alone(room: Room) -> None:
    solved = room.change(room.open(), status=Status.SOLVED)
    assert room.deliver(solved) == solved


def test_a_ticket_moved_to_a_group_gets_somebody_of_that_group(room: Room) -> None:
    moved = room.change(room.deliver(room.open()), group="billing", assignee=None)
    routed = room.deliver(moved, TicketAssigned)
    assert (routed.group, routed.assignee) == ("billing", "mina")


def test_who_is_relieved_of_a_ticket_by_hand_does_not_get_it_back(room: Room) -> None:
    relieved = room.change(room.deliver(room.open()), assignee=None)
    assert room.deliver(relieved, TicketAssigned) == relieved


def test_without_any_group_a_ticket_stays_where_it_is(room: Room) -> None:
    room.desk = a_desk(groups={})
    ticket = room.open()
    assert room.deliver(ticket) == ticket


def test_an_event_of_a_ticket_that_is_not_there_is_no_fault(room: Room) -> None:
    ticket = room.open()
    event = room.event(ticket, TicketOpened)
    del room.store.tickets[ticket.id]
    room.router.handle(event)


def test_a_matter_that_turns_out_to_be_another_goes_to_who_answers_that_if_nobody_has_it(room: Room) -> None:
    room.desk = a_desk(groups={})
    ticket = room.deliver(room.open())
    room.desk = DESK
    changed = room.change(ticket, category="billing")
    routed = room.deliver(changed)
    assert (routed.group, room.reasons(routed)[0]) == ("billing", "group_by_category")
