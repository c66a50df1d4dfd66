"""The router: a ticket that came in, or changed its subject, gets a group and an agent who can take it.

Where nobody can, it waits in its group's queue, which drains as people free up: most urgent first.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Final, Protocol

from helpdesk.contracts.table import Key, idempotency_key
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.people.hours import absence_at, substitute_for
from helpdesk.people.model import Absence, Agent
from helpdesk.people.service import PeopleStore
from helpdesk.routing.assignment import Candidate, choose, needs_of, skills_of
from helpdesk.routing.model import AssignmentMethod, GroupAssignment, OnAbsence
from helpdesk.routing.rules import as_suggested, choose_group, workers
from helpdesk.routing.triage import TriageService
from helpdesk.tickets.commands import AskHandOver, RouteTicket
from helpdesk.tickets.facts import Event, Fact, TicketAssigned, TicketOpened, TicketStatusChanged
from helpdesk.tickets.model import ROUTER, Reason, Status, StatusCategory, Ticket
from helpdesk.tickets.service import AgentFull, AlreadyDone, Done, Extras, Guard, TicketService
from helpdesk.tickets.triaging import Triage
from helpdesk.tickets.views import TicketQuery, TicketRow

_CANDIDATES: Final = 5
_WAITING: Final = TicketQuery(
    assignee="none", statuses=frozenset(one for one in Status if one.category is StatusCategory.OPEN), snoozed=False
)
_LOOKED_THROUGH: Final = 100
"""Waiting tickets that one look at the queue takes in."""
_LOOKS: Final = 10
"""How often the queue is looked at in one go: what waits behind many that nobody is fit for is found, too."""
_READ_AT_ONCE: Final = 10
"""Waiting tickets that are read by one call: mostly the first few tell that there is nobody for the others, too."""
_DRAINED: Final = 20
"""Tickets given out in one go."""
_EXHAUSTED: Final = frozenset({"nobody_available", "everybody_full", "assigned_by_hand"})
"""Reasons that hold for all tickets of a group alike; others hold for those that ask for the same skills."""
_BEFORE: Final = 5
"""Earlier tickets of a requester that are looked at for who knows them."""


class Turns(Protocol):
    """Counts the turns of groups."""

    def next(self, group: str) -> int:
        """Counts a group's turns up."""
        ...


class Lists(Protocol):
    """Lists of tickets."""

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list."""
        ...

    def get_all(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Tickets as they stand, by id."""
        ...

    def done_before(self, key: Key) -> Done | None:
        """What a guard remembers."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the router stands on.

    Attributes:
        tickets: reads and writes tickets.
        lists: lists of them.
        people: agents' loads.
        desk: the configuration.
        turns: whose turn it is.
        triage: says what tickets are about; None: nobody does.
        clock: the desk's time.
        organization_group: the group that answers an organization's people.
    """

    tickets: TicketService
    lists: Lists
    people: PeopleStore
    desk: Callable[[], Desk]
    turns: Turns
    clock: Clock
    triage: TriageService | None = None
    organization_group: Callable[[str], str | None] = lambda _: None


def _sets_free(fact: Fact) -> bool:
    """Whether somebody can take one more because of it."""
    if isinstance(fact, TicketStatusChanged):
        return fact.new.category is StatusCategory.DONE and fact.old.category is not StatusCategory.DONE
    if isinstance(fact, TicketAssigned):
        return fact.old_assignee is not None and fact.new_assignee != fact.old_assignee
    return False


class RoutingService:
    """Routes tickets. Doing it again does nothing: a ticket that has an assignee, or is done, is left alone.

    Args:
        ports: what it stands on.
    """

    def __init__(self, ports: Ports) -> None:
        self._on = ports

    def handle(self, event: Event) -> None:
        """Routes the ticket of an event, or those that waited for what it set free.

        Raises:
            Unavailable: contention that did not end; the queue tries again.
        """
        fact = event.fact
        if event.actor == ROUTER:
            return  # what it did itself it has seen through
        if _sets_free(fact):
            self.drain(besides=event.ticket_id)
        if isinstance(fact, TicketStatusChanged):
            return
        if isinstance(fact, TicketAssigned) and (fact.new_assignee is not None or fact.new_group == fact.old_group):
            return  # somebody has it, or was relieved of it by hand: only a new group is looked through
        try:
            ticket = self._on.tickets.get(event.ticket_id)
        except NotFound:
            return
        if ticket.done:
            return
        triage = None
        if self._on.triage is not None and isinstance(fact, TicketOpened):
            triage = self._on.triage.suggest(ticket, fact.message_id)
        if ticket.assignee is None or triage is not None:
            self.route(ticket, triage)

    def drain(self, besides: str | None = None) -> int:
        """Gives waiting tickets to whoever can take them now, most urgent first; says how many.

        One query where nothing waits, none where nobody works.

        Args:
            besides: a ticket that somebody was relieved of a moment ago: it is not pushed back at once.
        """
        groups = self._sharing()
        hopeless: set[tuple[str, ...]] = set()
        given = 0
        for ticket in self._waiting(groups):
            group, asks = ticket.group or "", self._asks(ticket)
            if group not in groups or asks in hopeless or ticket.id == besides:
                continue
            why = self.route(ticket)
            if why is None:
                given += 1
            elif why.code in _EXHAUSTED:
                groups.discard(group)
            else:
                hopeless.add(asks)
            if given == _DRAINED:
                break
        return given

    def _asks(self, ticket: Ticket) -> tuple[str, ...]:
        """What two tickets have in common that wait for the same people."""
        group = ticket.group or ""
        setting = self._on.desk().assignments.get(group)
        by_requester = (ticket.requester_id,) if setting is not None and setting.keep_with_known else ()
        return (group, *by_requester, *needs_of(ticket))

    def _sharing(self) -> set[str]:
        """The groups that give tickets out by themselves, and in which somebody works now."""
        desk, now = self._on.desk(), self._on.clock()
        by_hand = {one.id for one in desk.assignments.values() if one.method is AssignmentMethod.MANUAL}
        return {one for one in desk.groups if one not in by_hand and any(workers(desk, desk.takers(one), now))}

    def _waiting(self, groups: Collection[str]) -> Iterator[Ticket]:
        """What waits for any of some groups, most urgent first; `groups` may become fewer meanwhile."""
        position: dict[str, str] | None = None
        for _ in range(_LOOKS):
            if not groups:
                return
            page = self._on.lists.rows(_WAITING, limit=_LOOKED_THROUGH, position=position)
            for rows in batched(page.items, _READ_AT_ONCE, strict=False):
                found = self._on.lists.get_all([row.id for row in rows if row.group in groups])
                yield from (found[row.id] for row in rows if row.id in found)
            position = page.next_position
            if position is None:
                return

    def move_from_absent(self) -> int:
        """Takes waiting tickets from people who are absent, where their group lets that happen by itself; says how many."""
        desk, now = self._on.desk(), self._on.clock()
        moving = {one.id for one in desk.assignments.values() if one.on_absence is OnAbsence.MOVE}
        absent = [one for one in desk.agents.values() if moving and absence_at(one, now) is not None]
        return sum(self.hand_over(agent.id, moving) for agent in absent)

    def ask_for_absent(self) -> int:
        """Asks supervisors about tickets that wait for people who are absent, where their group wants that; says about how many people they were."""
        desk, now = self._on.desk(), self._on.clock()
        moving = {one.id for one in desk.assignments.values() if one.on_absence is OnAbsence.MOVE}
        asked = 0
        for agent in desk.agents.values():
            absence = absence_at(agent, now)
            if absence is None:
                continue
            query = replace(_WAITING, assignee=agent.id)
            rows = self._on.lists.rows(query, limit=_LOOKED_THROUGH, position=None).items
            row = next((one for one in rows if one.group is not None and one.group not in moving), None)
            if row is not None:
                asked += self._ask(agent, absence, row.id)
        return asked

    def _ask(self, agent: Agent, absence: Absence, ticket_id: str) -> bool:
        """Lets supervisors be asked by an event of the most urgent ticket, once an absence; whether they were not before."""
        guard = Guard("hand_over", idempotency_key("hand_over", f"{agent.id} {absence.first_day}"))
        if self._on.lists.done_before(guard.key) is not None:
            return False
        try:
            self._on.tickets.run(ticket_id, AskHandOver(agent.id), actor=ROUTER, extras=Extras(guards=(guard,)))
        except AlreadyDone:
            return False  # another router asked meanwhile
        return True

    def hand_over(self, agent_id: str, groups: Collection[str] | None = None) -> int:
        """Takes the tickets that wait for an agent from them, most urgent first, and gives them to others.

        Who stands in for them comes first, if they are of the group and can take it. What nobody can take waits in its group.

        Args:
            agent_id: who is not there.
            groups: only tickets of these; None: of any.

        Returns:
            How many were taken, `_LOOKED_THROUGH` at most.
        """
        query = replace(_WAITING, assignee=agent_id)
        rows = self._on.lists.rows(query, limit=_LOOKED_THROUGH, position=None).items
        chosen = [row for row in rows if row.group is not None and (groups is None or row.group in groups)]
        for row in chosen:
            self.route(self._on.tickets.get(row.id), away=agent_id)
        return len(chosen)

    def route(self, ticket: Ticket, triage: Triage | None = None, *, away: str | None = None) -> Reason | None:
        """Gives a ticket its group and, if somebody can take it, its agent.

        Args:
            ticket: as it stands.
            triage: what its words say of it.
            away: an assignee who is not there: it is taken from them.

        Returns:
            Why nobody has it; None: somebody does.

        Raises:
            Unavailable: contention that did not end.
        """
        desk = self._on.desk()
        if ticket.assignee is not None and ticket.assignee != away:
            self._on.tickets.run(ticket.id, RouteTicket(None, None, (), triage), actor=ROUTER)
            return None
        group: str | None = ticket.group
        reasons: tuple[Reason, ...] = ()
        if group is None:
            group, why_group = choose_group(ticket, desk, triage, self._group_of(ticket.organization_id))
            reasons = (why_group,)
        if away is not None:
            reasons = (Reason("owner_absent", {"agent": away}),)
        choice = self._choice(as_suggested(ticket, triage), group, desk, away)
        full: frozenset[str] = frozenset()
        why = Reason("everybody_full")
        for _ in range(_CANDIDATES):
            agent, why = choice(full)
            command = RouteTicket(group, agent.id if agent is not None else None, (*reasons, why), triage, away)
            limit = agent.capacity if agent is not None else None
            try:
                self._on.tickets.run(ticket.id, command, actor=ROUTER, extras=Extras(assignee_limit=limit))
            except AgentFull:
                full |= {command.assignee or ""}
            else:
                return why if agent is None else None
        self._on.tickets.run(ticket.id, RouteTicket(group, None, reasons, triage, away), actor=ROUTER)
        return why

    def _group_of(self, organization_id: str | None) -> str | None:
        return self._on.organization_group(organization_id) if organization_id is not None else None

    def _choice(
        self, ticket: Ticket, group: str | None, desk: Desk, away: str | None
    ) -> Callable[[frozenset[str]], tuple[Agent | None, Reason]]:
        """How one of a group is chosen for a ticket, given who turned out to be full."""
        members = [one for one in desk.takers(group) if one.id != away] if group is not None else []
        at_work = {one.id for one in workers(desk, members, self._on.clock())}
        setting = desk.assignments.get(group) if group is not None else None
        if setting is not None and setting.method is AssignmentMethod.MANUAL:
            return lambda _: (None, Reason("assigned_by_hand"))
        loads = self._on.people.loads(agent.id for agent in members)
        setting = setting or GroupAssignment(group or "")
        agents = {agent.id: agent for agent in members}
        candidates = [
            Candidate(one.id, one.capacity, loads.get(one.id, 0), one.id in at_work, skills_of(one, setting))
            for one in members
        ]
        by_turns = setting.method is AssignmentMethod.ROUND_ROBIN and bool(members)
        turn = self._on.turns.next(setting.id) if by_turns else 0
        knows = self._who_knows(ticket) if setting.keep_with_known else None
        owner = desk.agents.get(away or "")
        stands_in = substitute_for(owner, self._on.clock(), desk.agents) if owner is not None else None

        def chosen(full: frozenset[str]) -> tuple[Agent | None, Reason]:
            agent_id, why = choose(
                setting,
                candidates,
                str(ticket.number),
                needs=needs_of(ticket),
                knows=knows,
                stands_in=stands_in.id if stands_in is not None else None,
                turn=turn,
                full=full,
            )
            return agents.get(agent_id or ""), why

        return chosen

    def _who_knows(self, ticket: Ticket) -> str | None:
        """Who had the requester's last ticket before this one that anybody had."""
        query = TicketQuery(requester_id=ticket.requester_id)
        rows = self._on.lists.rows(query, limit=_BEFORE, position=None).items
        return next((row.assignee for row in rows if row.id != ticket.id and row.assignee is not None), None)
