"""Who asks, and who takes part in a ticket beside them, as agents decide it, or customers at the portal.

What mails do is in `helpdesk.mail.service`.
"""

from collections.abc import Callable

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, Unavailable
from helpdesk.kernel.text import is_address, normal_address
from helpdesk.people.model import Agent
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.tickets.commands import AddParticipant, ChangeRequester, RemoveParticipant
from helpdesk.tickets.model import Actor, ActorKind, Participant, Ticket
from helpdesk.tickets.opening import Somebody, found_or_new
from helpdesk.tickets.service import AddressTaken, Extras, TicketService


class Participation:
    """Agents let people take part in tickets.

    Args:
        tickets: decides and writes.
        people: who asks and takes part.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(self, tickets: TicketService, people: PeopleStore, desk: Callable[[], Desk], clock: Clock) -> None:
        self._tickets = tickets
        self._people = people
        self._desk = desk
        self._clock = clock

    def add(self, ticket_id: str, address: str, name: str | None, actor: Actor) -> Ticket:
        """Lets somebody take part, by address; who is not known yet becomes known.

        Raises:
            NotFound: no such ticket.
            Invalid: no address, or one that is ours or a colleague's.
            Conflict: the ticket is closed, or has no room for more.
            Unavailable: contention that did not end.
        """
        ticket, wanted, desk = self._tickets.get(ticket_id), normal_address(address), self._desk()
        if not is_address(wanted):
            raise Invalid("Some fields are not valid.", [FieldError("/email", "is not an e-mail address")])
        if desk.agent_by_address(wanted) is not None or desk.has_mailbox(wanted):
            raise Invalid("Some fields are not valid.", [FieldError("/email", "is a colleague's or the desk's own")])
        for _ in range(3):
            known = self._people.by_address(wanted)
            person = known or newcomer(self._people, wanted, name, ticket.language, self._clock())
            command = AddParticipant(Participant(person.id, person.address, person.name))
            extras = Extras(people=() if known else (person,))
            try:
                return self._tickets.run(ticket_id, command, actor=actor, extras=extras).ticket
            except AddressTaken:
                continue  # they wrote in this moment: by now they are known
        raise Unavailable("The desk is very busy; try again in a moment.")

    def remove(self, ticket_id: str, person_id: str, actor: Actor) -> Ticket:
        """Lets somebody take part no more; nothing changes if they did not.

        Raises:
            NotFound: no such ticket.
            Conflict: the ticket is closed.
        """
        return self._tickets.run(ticket_id, RemoveParticipant(person_id), actor=actor).ticket

    def change_requester(self, ticket_id: str, wanted: Somebody, agent: Agent, *, keep_former: bool) -> Ticket:
        """Lets somebody else be who asks; links of the one before open nothing any more.

        Raises:
            NotFound: no such ticket.
            Invalid: nobody is meant, or somebody of ours.
            Conflict: the ticket is closed, or has no room for the one before.
            Unavailable: contention that did not end.
        """
        ticket, actor = self._tickets.get(ticket_id), Actor(ActorKind.AGENT, agent.id)
        for _ in range(3):
            person, new = found_or_new(self._people, self._desk(), wanted, ticket.language, self._clock(), "")
            named = Participant(person.id, person.address, person.name)
            command = ChangeRequester(named, person.organization_id, keep_former)
            try:
                return self._tickets.run(ticket_id, command, actor=actor, extras=Extras(people=new)).ticket
            except AddressTaken:
                continue  # they wrote in this moment: by now they are known
        raise Unavailable("The desk is very busy; try again in a moment.")
