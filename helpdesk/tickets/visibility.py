"""Who may see a ticket: asked by everything that shows, finds, counts or suggests tickets to agents."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.people.model import Agent, Group
from helpdesk.people.roles import Permission, RoleDefinition, Sees, permissions_of, sees_of
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.views import TicketRow

type Hidden = Callable[[Iterable[str]], frozenset[str]]
"""Those of some tickets, by id, that whoever is calling may not know of."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The tickets that a colleague may know of.

    Attributes:
        everything: all of the desk.
        groups: else those of these groups,
        agent_id: and those assigned to them,
        unassigned_groupless: and those that belong to no group.
    """

    everything: bool
    groups: frozenset[str] = frozenset()
    agent_id: str = ""
    unassigned_groupless: bool = False

    def allows(self, ticket: TicketRow | Ticket) -> bool:
        """Whether they may know of a ticket.

        A whole ticket says more than a row: who follows it, has a task on it or is asked for approval there may open it,
        though lists and the search, which go by rows, do not offer it.

        Args:
            ticket: as it stands now, never as a list or an index remembers it.
        """
        if self.everything or ticket.assignee == self.agent_id:
            return True
        if ticket.group in self.groups if ticket.group is not None else self.unassigned_groupless:
            return True
        return isinstance(ticket, Ticket) and self._concerns(ticket)

    def _concerns(self, ticket: Ticket) -> bool:
        return (
            self.agent_id in ticket.followers
            or any(task.assignee == self.agent_id and task.open for task in ticket.tasks)
            or any(one.id == self.agent_id for approval in ticket.approvals for one in approval.approvers)
        )


EVERYTHING: Final = Scope(everything=True)
"""What the desk itself sees: consumers of events, and requesters, whose tokens are for one ticket each."""


def scope_of(agent: Agent, roles: Mapping[str, RoleDefinition], groups: Mapping[str, Group]) -> Scope:
    """The tickets that a colleague may know of.

    Args:
        agent: the colleague.
        roles: roles that admins made, by id.
        groups: all groups, by id: which of them are private.
    """
    own = frozenset(agent.groups)
    match sees_of(agent, roles):
        case Sees.ASSIGNED:
            return Scope(everything=False, agent_id=agent.id)
        case Sees.GROUPS:
            return Scope(everything=False, groups=own, agent_id=agent.id)
    closed = frozenset(group.id for group in groups.values() if group.private) - own
    if not closed or Permission.SEE_PRIVATE in permissions_of(agent, roles):
        return Scope(everything=True, agent_id=agent.id)
    open_to_them = frozenset(groups) - closed
    return Scope(everything=False, groups=open_to_them, agent_id=agent.id, unassigned_groupless=True)
