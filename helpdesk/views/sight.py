"""What a colleague may see, in the words of conditions: so that nothing else is ever selected, counted or sorted."""

from collections.abc import Collection
from typing import Protocol

from helpdesk.conditions.model import All, Among, Either, Plan
from helpdesk.tickets.views import TicketRow


class Sight(Protocol):
    """What a colleague may see; see `tickets.visibility.Scope`."""

    @property
    def everything(self) -> bool:
        """All of the desk."""
        ...

    @property
    def groups(self) -> Collection[str]:
        """Else the tickets of these groups."""
        ...

    @property
    def agent_id(self) -> str:
        """And those assigned to this agent."""
        ...

    @property
    def unassigned_groupless(self) -> bool:
        """And those of no group."""
        ...

    def allows(self, ticket: TicketRow, /) -> bool:
        """Whether one ticket is among them."""
        ...


def plan_of(sight: Sight) -> Plan:
    """Conditions that mean the same as `allows`."""
    if sight.everything:
        return All()
    groups = {*sight.groups} | ({""} if sight.unassigned_groupless else set())
    assigned = frozenset({sight.agent_id} - {""})
    return Either((Among("group", frozenset(groups)), Among("assignee", assigned)))
