"""Eight routers over tickets in memory: threads, with an interleaving drawn at every call of the store."""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from helpdesk.desk.rules import rules_of
from helpdesk.kernel.ids import derived_id
from helpdesk.routing.service import Ports, RoutingService
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.core import Decision
from helpdesk.tickets.facts import Event, TicketAssigned
from helpdesk.tickets.model import Actor, ActorKind, Status, Ticket
from helpdesk.tickets.service import Extras, TicketService
from tests.fakes.people import FakePeople
from tests.fakes.tickets import FakeTickets
from tests.support.interleaving import Interleaving
from tests.support.lives import REQUESTER, opening
from tests.support.messages import a_message
from tests.support.office import BEGIN, ROUTERS, Arrival, Job, Solved, staffed


class Watched(FakeTickets):
    """Sees to it at every single write that nobody is over capacity."""

    limits: Mapping[str, int]

    def commit(self, before: Ticket | None, decision: Decision, extras: Extras) -> None:
        super().commit(before, decision, extras)
        agent = decision.ticket.assignee
        assert agent is None or self.people.tallies[agent] <= self.limits[agent], f"{agent} is over capacity"


class InMemory:
    """See `office.Floor`: eight threads that take turns as is drawn."""

    def __init__(self, chance: random.Random) -> None:
        self.desk = staffed(BEGIN, chance)
        self.rules = rules_of(self.desk)
        self.now = BEGIN
        self.among = Interleaving(chance)
        self.people = FakePeople()
        self.store = Watched(self.people)
        self.store.limits = {one.id: one.capacity for one in self.desk.agents.values()}
        shared = self.among.of(self.store)
        self.tickets = TicketService(shared, self.clock, lambda: self.rules, lambda _: self.among.let_another())
        people = self.among.of(self.people)
        ports = Ports(self.tickets, shared, people, lambda: self.desk, self, self.clock)
        self.routers = [RoutingService(ports) for _ in range(ROUTERS)]

    def clock(self) -> datetime:
        return self.now

    def next(self, group: str) -> int:
        """Nobody takes turns here."""
        raise AssertionError(group)

    def at(self, now: datetime) -> None:
        self.now = now

    def open(self, arrivals: Sequence[Arrival]) -> list[Event]:
        found = []
        for arrival in arrivals:
            number = self.store.next_number()
            ticket_id = derived_id(self.now, "ticket", str(number))
            command = opening(ticket_id, number=number, language=arrival.language, priority=arrival.priority)
            opened = self.tickets.open(command, Extras(message=a_message(ticket_id)), actor=REQUESTER)
            found.append(opened.events[0])
        return found

    def work(self, jobs: Sequence[Sequence[Job]]) -> None:
        self.among.run([partial(self._one, *pair) for pair in zip(self.routers, jobs, strict=False)])
        for solved in [one.id for one in self.store.tickets.values() if one.done]:
            self._check_history(solved)
            del self.store.tickets[solved]  # the fake's lists look through all that there are

    def _one(self, router: RoutingService, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if isinstance(job, Solved):
                actor = Actor(ActorKind.AGENT, job.by)
                done = self.tickets.run(job.ticket_id, ChangeTicket(status=Status.SOLVED), actor=actor)
                for event in done.events:
                    router.handle(event)
            else:
                router.handle(job.event)
        while router.drain():
            pass

    def _check_history(self, ticket_id: str) -> None:
        facts = [one.fact for one in self.store.history.pop(ticket_id)]
        given = [one for one in facts if isinstance(one, TicketAssigned) and one.new_assignee is not None]
        assert len(given) == 1, "each ticket was given to one person, once"

    def stand(self, ticket_ids: Collection[str]) -> Mapping[str, Ticket]:
        return self.store.get_all(list(ticket_ids))

    def loads(self) -> Mapping[str, int]:
        return self.people.tallies
