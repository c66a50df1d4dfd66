"""The router at work: events in any order and any number of times, agents who fill up meanwhile."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from helpdesk.kernel.ids import new_id
from helpdesk.people.model import Absence
from helpdesk.routing.model import AssignmentMethod, GroupAssignment, OnAbsence
from helpdesk.routing.service import Ports, RoutingService
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.core import Decision
from helpdesk.tickets.facts import Event, TicketAssigned, TicketOpened, TicketStatusChanged
from helpdesk.tickets.model import Priority, Status, Ticket
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
        self.turns = 0
        ports = Ports(self.tickets, self.store, self.people, lambda: self.desk, self, self.clock)
        self.router = RoutingService(ports)

    def next(self, group: str) -> int:
        """Whose turn it is."""
        assert group in self.desk.groups
        self.turns += 1
        return self.turns

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
    room.people.tallies = {"mina": 1}
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


def _sharing(room: Room, **how: object) -> None:
    room.desk = replace(room.desk, assignments={"support": GroupAssignment("support", **how)})


def test_a_group_that_shares_by_turns_does(room: Room) -> None:
    _sharing(room, method=AssignmentMethod.ROUND_ROBIN)
    routed = [room.deliver(room.open()) for _ in range(4)]
    assert len({one.assignee for one in routed}) == 2
    assert routed[0].assignee == routed[2].assignee != routed[1].assignee
    assert room.reasons(routed[3])[-1] == "by_turns"


def test_a_group_that_gives_out_by_hand_lets_tickets_wait(room: Room) -> None:
    _sharing(room, method=AssignmentMethod.MANUAL)
    routed = room.deliver(room.open())
    assert (routed.group, routed.assignee) == ("support", None)
    assert room.reasons(routed)[-1] == "assigned_by_hand"
    assert room.router.drain() == 0


def test_the_next_ticket_of_a_requester_stays_with_who_knows_them(room: Room) -> None:
    _sharing(room, keep_with_known=True)
    room.change(room.open(), assignee="mina")
    routed = room.deliver(room.open())
    assert routed.assignee == "mina"
    assert room.reasons(routed)[-1] == "knows_requester"


def test_skills_decide_where_a_group_says_so(room: Room) -> None:
    _sharing(room, method=AssignmentMethod.SKILLS, skills={"mina": {"category:technical": 5}}, otherwise_anyone=False)
    room.people.tallies = {"mina": 1, "jun": 0}
    ticket = room.change(room.open(), group="support", category="technical")
    routed = room.deliver(ticket)
    assert (routed.assignee, room.reasons(routed)[-1]) == ("mina", "skilled")


def test_a_queue_drains_when_somebody_frees_up_most_urgent_first(room: Room) -> None:
    given = [room.deliver(room.open()) for _ in range(6)]
    waiting = [room.deliver(room.open()) for _ in range(3)]
    room.change(waiting[1], priority=Priority.URGENT)
    assert all(one.assignee is None for one in waiting)
    solved = room.change(given[0], status=Status.SOLVED)
    room.deliver(solved, TicketStatusChanged)
    now = [room.store.tickets[one.id] for one in waiting]
    assert [one.assignee for one in now] == [None, given[0].assignee, None]
    assert room.deliver(solved, TicketStatusChanged) == room.store.tickets[solved.id]
    assert [room.store.tickets[one.id].assignee for one in waiting] == [one.assignee for one in now]


def test_what_waits_behind_many_that_nobody_free_is_fit_for_is_found(room: Room) -> None:
    _sharing(room, method=AssignmentMethod.SKILLS, skills={"jun": {"category:technical": 5}}, otherwise_anyone=False)
    room.people.tallies = {"mina": 2, "jun": 4}
    for _ in range(120):
        room.deliver(room.change(room.open(), group="support", category="technical"))
    last = room.deliver(room.change(room.open(), group="support", priority=Priority.LOW))
    assert last.assignee is None
    room.people.tallies["mina"] = 1
    assert room.router.drain() == 1
    assert room.store.tickets[last.id].assignee == "mina"


def test_a_queue_drains_when_somebody_begins_to_work(room: Room) -> None:
    here = room.desk
    room.desk = replace(here, agents={one.id: replace(one, available=False) for one in here.agents.values()})
    waiting = [room.deliver(room.open()) for _ in range(3)]
    assert room.router.drain() == 0
    room.desk = here
    assert room.router.drain() == 3
    assert all(room.store.tickets[one.id].assignee for one in waiting)


def test_a_ticket_that_somebody_was_relieved_of_is_not_pushed_back_at_once(room: Room) -> None:
    routed = room.deliver(room.open())
    relieved = room.change(routed, assignee=None)
    assert room.deliver(relieved, TicketAssigned).assignee is None


class Interleaved(FakeTickets):
    """Lets another router go through with its whole work between every look at a ticket and every write."""

    def __init__(self, people: FakePeople) -> None:
        super().__init__(people)
        self.others: list[Callable[[], None]] = []

    def commit(self, before: Ticket | None, decision: Decision, extras: Extras) -> None:
        if self.others:
            self.others.pop()()
        super().commit(before, decision, extras)


@pytest.mark.parametrize("tickets", [1, 6, 12])
def test_eight_routers_at_once_give_each_ticket_to_one_agent_and_overload_nobody(
    clock: StandingClock, tickets: int
) -> None:
    room = Room(clock)
    opened = [room.open() for _ in range(tickets)]
    store = Interleaved(room.people)
    vars(store).update({name: value for name, value in vars(room.store).items() if name != "others"})
    service = TicketService(store, clock, lambda: RULES, lambda attempt: None)
    routers = [RoutingService(Ports(service, store, room.people, lambda: room.desk, room, clock)) for _ in range(8)]
    chance = random.Random(tickets)
    for ticket in opened:
        event = store.history[ticket.id][0]
        others = [ticket, *chance.sample(opened, min(6, tickets))]
        store.others = [
            partial(router.handle, store.history[other.id][0]) for router, other in zip(routers, others, strict=False)
        ]
        routers[-1].handle(event)
        store.others = []
    for ticket in opened:
        given = [
            one for one in store.history[ticket.id] if isinstance(one.fact, TicketAssigned) and one.fact.new_assignee
        ]
        assert len(given) <= 1
    assert sum(store.tickets[one.id].assignee is not None for one in opened) == min(tickets, 6)
    assert all(count <= room.desk.agents[name].capacity for name, count in room.people.tallies.items())
    assert sum(room.people.tallies.values()) == min(tickets, 6)


def _absent(room: Room, agent_id: str) -> None:
    today = room.clock().date()
    agents = dict(room.desk.agents)
    agents[agent_id] = replace(agents[agent_id], absences=(Absence(today, today),))
    room.desk = replace(room.desk, agents=agents)


def test_nobody_gets_a_ticket_on_a_day_off_or_out_of_hours(room: Room) -> None:
    _absent(room, "jun")
    assert {room.deliver(room.open()).assignee for _ in range(3)} == {"mina", None}


def test_tickets_of_an_absent_colleague_move_by_themselves_where_their_group_lets_them(room: Room) -> None:
    mine = room.change(room.open(), group="support", assignee="mina")
    answered = room.change(room.open(), group="support", assignee="mina", status=Status.PENDING)
    _absent(room, "mina")
    assert room.router.move_from_absent() == 0
    _sharing(room, on_absence=OnAbsence.MOVE)
    assert room.router.move_from_absent() == 1
    assert room.store.tickets[mine.id].assignee == "jun"
    assert room.reasons(mine) == ["owner_absent", "least_busy"]
    assert room.store.tickets[answered.id].assignee == "mina"
    assert room.people.tallies == {"mina": 1, "jun": 1}
    assert room.router.move_from_absent() == 0


def test_a_supervisor_hands_over_and_what_nobody_can_take_waits(room: Room) -> None:
    tickets = [room.change(room.open(), group="support", assignee="jun") for _ in range(4)]
    assert room.router.hand_over("jun") == 4
    now = [room.store.tickets[one.id].assignee for one in tickets]
    assert now.count("mina") == 2
    assert now.count(None) == 2


def test_who_stands_in_for_somebody_absent_gets_their_tickets_first_and_then_the_others(room: Room) -> None:
    room.people.tallies = {"mina": 0, "jun": 3}
    tickets = [room.change(room.open(), group="support", assignee="mina") for _ in range(2)]
    today = room.clock().date()
    agents = {**room.desk.agents, "zoe": replace(room.desk.agents["mina"], id="zoe")}
    agents["mina"] = replace(agents["mina"], absences=(Absence(today, today, substitute="jun"),))
    room.desk = replace(room.desk, agents=agents)
    assert room.router.hand_over("mina") == 2
    assert {room.store.tickets[one.id].assignee for one in tickets} == {"jun", "zoe"}
    assert sorted(room.reasons(one)[-1] for one in tickets) == ["least_busy", "stands_in"]
