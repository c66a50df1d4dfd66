"""The router: a ticket that came in, or changed its subject, gets a group and an agent who can take it."""

from collections.abc import Callable
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import NotFound
from helpdesk.people.service import PeopleStore
from helpdesk.routing.rules import choose_agent, choose_group
from helpdesk.routing.triage import TriageService
from helpdesk.tickets.commands import RouteTicket
from helpdesk.tickets.facts import Event, TicketAssigned, TicketOpened
from helpdesk.tickets.model import ROUTER, Reason, Ticket
from helpdesk.tickets.service import AgentFull, Extras, TicketService
from helpdesk.tickets.triaging import Triage

_CANDIDATES: Final = 5


class RoutingService:
    """Routes tickets. Doing it again does nothing: a ticket that has an assignee, or is done, is left alone.

    Args:
        tickets: reads and writes tickets.
        people: agents' loads.
        desk: the configuration.
        triage: says what tickets are about; None: nobody does.
    """

    def __init__(
        self,
        tickets: TicketService,
        people: PeopleStore,
        desk: Callable[[], Desk],
        triage: TriageService | None = None,
    ) -> None:
        self._tickets = tickets
        self._people = people
        self._desk = desk
        self._triage = triage

    def handle(self, event: Event) -> None:
        """Routes the ticket of an event.

        Raises:
            Unavailable: contention that did not end; the queue tries again.
        """
        fact = event.fact
        if event.actor == ROUTER:
            return  # what it did itself it has seen through
        if isinstance(fact, TicketAssigned) and (fact.new_assignee is not None or fact.new_group == fact.old_group):
            return  # somebody has it, or was relieved of it by hand: only a new group is looked through
        try:
            ticket = self._tickets.get(event.ticket_id)
        except NotFound:
            return
        if ticket.done:
            return
        triage = (
            self._triage.suggest(ticket, fact.message_id) if self._triage and isinstance(fact, TicketOpened) else None
        )
        if ticket.assignee is None or triage is not None:
            self.route(ticket, triage)

    def route(self, ticket: Ticket, triage: Triage | None = None) -> None:
        """Gives a ticket its group and, if somebody can take it, its agent.

        Raises:
            Unavailable: contention that did not end.
        """
        desk = self._desk()
        if ticket.assignee is not None:
            self._tickets.run(ticket.id, RouteTicket(None, None, (), triage), actor=ROUTER)
            return
        group: str | None = ticket.group
        reasons: tuple[Reason, ...] = ()
        if group is None:
            group, why_group = choose_group(ticket, desk, triage)
            reasons = (why_group,)
        members = desk.takers(group) if group is not None else ()
        loads = self._people.loads(agent.id for agent in members)
        full: frozenset[str] = frozenset()
        for _ in range(_CANDIDATES):
            agent, why_agent = choose_agent(members, loads, full)
            command = RouteTicket(group, agent.id if agent is not None else None, (*reasons, why_agent), triage)
            limit = agent.capacity if agent is not None else None
            try:
                self._tickets.run(ticket.id, command, actor=ROUTER, extras=Extras(assignee_limit=limit))
            except AgentFull:
                full |= {command.assignee or ""}
            else:
                return
        self._tickets.run(ticket.id, RouteTicket(group, None, reasons, triage), actor=ROUTER)
