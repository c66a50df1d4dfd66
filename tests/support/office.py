"""An office to try routers on: forty people with shifts, languages and days off, tickets by the thousand, and what must hold at all times.

Where the tickets lie, and how eight routers work at once, a `Floor` says: in memory with every interleaving drawn, or processes
over the emulator.
"""

import heapq
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.people.hours import working
from helpdesk.people.model import Absence, Agent, Role
from helpdesk.routing.model import AssignmentMethod, GroupAssignment
from helpdesk.sla.model import Window
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Priority, Ticket
from tests.support.desk import desk_for_tests

LANGUAGES: Final = ("ko", "ja", "en")
GROUP: Final = "support"
ROUTERS: Final = 8
SPREAD: Final = 0.35
"""How far from their peers' mean anybody may be (docs/triage.md)."""
A_DAY: Final = 714
"""Tickets that come in on a day: ten thousand in a fortnight."""
BEGIN: Final = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
DAYS: Final = 14
_BUSY: Final = (1, 4)
"""From when to when a tenth of a day's tickets come in beside the usual ones: more than people have room for at times."""
_TWICE: Final = 4
"""One event of so many is delivered to a second router, too."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A ticket that comes in."""

    language: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class Solved:
    """Somebody has solved a ticket of theirs."""

    ticket_id: str
    by: str


@dataclass(frozen=True, slots=True)
class CameIn:
    """A ticket's first event, to be routed."""

    event: Event


type Job = Solved | CameIn


class Floor(Protocol):
    """Where tickets lie and eight routers work."""

    def at(self, now: datetime) -> None:
        """Sets the desk's time."""
        ...

    def open(self, arrivals: Sequence[Arrival]) -> list[Event]:
        """Lets tickets come in; gives their first events. Nobody has routed them yet."""
        ...

    def work(self, jobs: Sequence[Sequence[Job]]) -> None:
        """Gives each router its jobs, all at once, and then lets each drain the queue; a few routers alone, if there are fewer jobs."""
        ...

    def stand(self, ticket_ids: Collection[str]) -> Mapping[str, Ticket]:
        """Tickets as they are."""
        ...

    def loads(self) -> Mapping[str, int]:
        """How many open tickets each person has, as it is counted with each assignment."""
        ...


def staffed(begin: datetime, chance: random.Random, *, room: int = 4) -> Desk:
    """A desk with forty people of one group: eight hours a day round the clock, two languages each, two days off in a fortnight.

    Args:
        begin: the first day.
        chance: draws the days off.
        room: how many tickets a third of them take; the others two or four more.
    """
    staff, skills = {}, {}
    for number in range(40):
        agent_id = f"agent{number:02d}"
        first, second = LANGUAGES[number % 3], LANGUAGES[(number + 1 + number % 2) % 3]
        shift = (number % 8) * 180
        away = [(begin + timedelta(days=one)).date() for one in sorted(chance.sample(range(DAYS), 2))]
        staff[agent_id] = Agent(
            agent_id,
            f"Agent {number}",
            f"{agent_id}@desk.test",
            Role.AGENT,
            (GROUP,),
            capacity=room + 2 * (number % 3),
            language=first,
            languages=(second,),
            hours=((Window(shift, (shift + 480) % 1440 or 1440),),) * 7,
            absences=tuple(Absence(day, day) for day in away),
        )
        skills[agent_id] = {f"language:{first}": 5, f"language:{second}": 1 + number % 4}
    strict = GroupAssignment(GROUP, AssignmentMethod.SKILLS, otherwise_anyone=False, skills=skills)
    return replace(desk_for_tests(), agents=staff, assignments={GROUP: strict}, policies=())


@dataclass
class Office:
    """What happens in the office, step by step, and what was seen of it.

    Attributes:
        a_day: how many tickets come in on a day.
        step: how often what came in and what was solved is seen to, all at once.
        live: tickets that nobody has solved yet: when they came in.
        given: how many tickets each person got.
        hours: how long each worked.
        waited: the longest that a ticket waited for somebody.
        held_up: how many tickets were not given out in the step in which they came in.
    """

    floor: Floor
    desk: Desk
    chance: random.Random
    a_day: int = A_DAY
    step: timedelta = timedelta(minutes=15)
    live: dict[str, datetime] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    hours: Counter[str] = field(default_factory=Counter)
    waited: timedelta = timedelta(0)
    held_up: int = 0
    _owner: dict[str, str] = field(default_factory=dict)
    _ends: list[tuple[datetime, str]] = field(default_factory=list)

    def live_through(self, tickets: int, begin: datetime) -> None:
        """Lets so many tickets come in from an instant on, and all be solved.

        Raises:
            AssertionError: somebody is over capacity, or something waits while somebody is free who is fit for it.
        """
        length = timedelta(days=tickets / self.a_day)
        arrivals = sorted(self._comes(begin, length) for _ in range(tickets))
        now, came = begin, 0
        while came < tickets or self.live:
            now += self.step
            until = next((place for place in range(came, tickets) if arrivals[place] > now), tickets)
            self._step(now, until - came)
            came = until
            assert now < begin + length + timedelta(days=2), f"{len(self.live)} tickets are never solved"
        assert self.given.total() == tickets

    def _comes(self, begin: datetime, length: timedelta) -> datetime:
        """When a ticket comes in: at any time, or, one in ten, in the three busy hours of some day."""
        at = begin + length * self.chance.random()
        busy = at.replace(hour=_BUSY[0], minute=0) + (_BUSY[1] - _BUSY[0]) * timedelta(hours=1) * self.chance.random()
        return busy if self.chance.randrange(10) == 0 and begin <= busy < begin + length else at

    def _step(self, now: datetime, coming: int) -> None:
        self.floor.at(now)
        arrivals = [
            Arrival(self.chance.choices(LANGUAGES, (5, 3, 2))[0], self.chance.choice(list(Priority)))
            for _ in range(coming)
        ]
        jobs: list[Job] = []
        while self._ends and self._ends[0][0] <= now:
            _, ticket_id = heapq.heappop(self._ends)
            jobs.append(Solved(ticket_id, self._owner.pop(ticket_id)))
            del self.live[ticket_id]
        opened = self.floor.open(arrivals)
        self.live |= {one.ticket_id: now for one in opened}
        jobs += map(CameIn, opened)
        jobs += [CameIn(one) for one in opened if self.chance.randrange(_TWICE) == 0]
        self.chance.shuffle(jobs)
        shares = [jobs[number::ROUTERS] for number in range(ROUTERS)]
        self.floor.work([one for one in shares if one] or [[]])
        self._look(now)
        for agent in self.desk.agents.values():
            self.hours[agent.id] += self.step.seconds * working(agent, now, {})

    def _look(self, now: datetime) -> None:
        stands = self.floor.stand(self.live)
        having = Counter(one.assignee for one in stands.values() if one.assignee is not None)
        assert having == Counter(self.floor.loads()), "what is counted is what there is"
        for agent_id, count in having.items():
            assert count <= self.desk.agents[agent_id].capacity, f"{agent_id} is over capacity"
        free = [one for one in self.desk.agents.values() if working(one, now, {}) and having[one.id] < one.capacity]
        for ticket_id, came in self.live.items():
            ticket = stands[ticket_id]
            if ticket.assignee is None:
                fit = [one.id for one in free if ticket.language in {one.language, *one.languages}]
                assert not fit, f"{ticket_id} waits while {fit} are free"
                self.waited = max(self.waited, now - came)
                self.held_up += came == now
            elif ticket_id not in self._owner:
                self._given(ticket, now)
            else:
                assert ticket.assignee == self._owner[ticket_id], "who has a ticket keeps it"

    def _given(self, ticket: Ticket, now: datetime) -> None:
        assert ticket.assignee is not None
        agent = self.desk.agents[ticket.assignee]
        assert working(agent, now, {})
        assert ticket.language in {agent.language, *agent.languages}
        self.given[agent.id] += 1
        self._owner[ticket.id] = agent.id
        heapq.heappush(self._ends, (now + timedelta(minutes=self.chance.randint(20, 160)), ticket.id))

    def spread(self) -> float:
        """How far anybody is from the mean of those with the same first language, per hour worked and unit of capacity, as a share of it."""
        furthest = 0.0
        for language in LANGUAGES:
            peers = [one for one in self.desk.agents.values() if one.language == language and self.hours[one.id]]
            rates = [self.given[one.id] / (self.hours[one.id] * one.capacity) for one in peers]
            mean = sum(rates) / len(rates)
            furthest = max(furthest, *(abs(rate - mean) / mean for rate in rates))
        return furthest
