"""Who keeps an eye on a ticket, and when it shall come back: agents' doings that change nothing about the matter itself."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.people.model import Agent
from helpdesk.tickets.commands import ChangeFollowers, SnoozeTicket, WakeTicket
from helpdesk.tickets.model import Actor, ActorKind, Ticket
from helpdesk.tickets.service import TicketService

LONGEST_WAIT: Final = timedelta(days=366)
"""How far ahead a ticket can be put aside or an answer be scheduled."""


class Attention:
    """Agents follow tickets and put them aside.

    Args:
        tickets: decides and writes.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(self, tickets: TicketService, desk: Callable[[], Desk], clock: Clock) -> None:
        self._tickets = tickets
        self._desk = desk
        self._clock = clock

    def follow(self, ticket_id: str, follower: str, agent: Agent) -> Ticket:
        """Lets an agent follow a ticket; nothing changes if they do.

        Raises:
            NotFound: no such ticket or agent.
            Conflict: it has no room for more.
            Unavailable: contention that did not end.
        """
        if follower not in self._desk().agents:
            raise NotFound("There is no such agent.")
        return self._tickets.run(ticket_id, ChangeFollowers(add=(follower,)), actor=_by(agent)).ticket

    def unfollow(self, ticket_id: str, follower: str, agent: Agent) -> Ticket:
        """Lets an agent follow a ticket no more; nothing changes if they did not. Raises what `follow` raises."""
        return self._tickets.run(ticket_id, ChangeFollowers(remove=(follower,)), actor=_by(agent)).ticket

    def snooze(self, ticket_id: str, until: datetime | None, agent: Agent) -> Ticket:
        """Puts a ticket aside until an instant or the requester's answer, whichever is first; None: until the answer.

        Raises:
            NotFound: no such ticket.
            Invalid: the instant is not to come, or more than a year away.
            Conflict: the ticket is done.
            Unavailable: contention that did not end.
        """
        refuse_if_far(until, self._clock(), "/until")
        return self._tickets.run(ticket_id, SnoozeTicket(until), actor=_by(agent)).ticket

    def wake(self, ticket_id: str, agent: Agent) -> Ticket:
        """Takes a ticket back at once; nothing changes if it is not put aside. Raises NotFound and Unavailable."""
        return self._tickets.run(ticket_id, WakeTicket(), actor=_by(agent)).ticket


def refuse_if_far(at: datetime | None, now: datetime, pointer: str) -> None:
    """Refuses an instant that is not to come, or too far away.

    Raises:
        Invalid: so it is.
    """
    if at is not None and not now < at <= now + LONGEST_WAIT:
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "must be in the future, at most a year away")])


def mentioned(text: str, agents: Mapping[str, Agent]) -> tuple[str, ...]:
    """Ids of the agents whom a note calls by `@` and their id, name, or name without spaces; in order of first calling.

    A longer name is found before a shorter one that it begins with. Whatever no letter of the Latin script follows ends a
    name: in Korean and Japanese a particle follows at once.
    """
    if "@" not in text:
        return ()
    names: dict[str, str] = {}
    for agent in agents.values():
        for name in (agent.id, agent.name, re.sub(r"\s+", "", agent.name)):
            names.setdefault(name.casefold(), agent.id)
    names.pop("", None)
    choices = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    called = re.compile(rf"(?<![\w.@])@({choices})(?![a-z0-9_]|[.\-@][a-z0-9])")
    return tuple(dict.fromkeys(names[found] for found in called.findall(text.casefold())))


def _by(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.id)
