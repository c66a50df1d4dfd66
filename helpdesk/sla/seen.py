"""What policies look at on a ticket, as its events move it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from helpdesk.sla.model import PolicyFacts
from helpdesk.tickets.facts import (
    Event,
    SlaPolicyChosen,
    TicketAssigned,
    TicketCategoryChanged,
    TicketFieldsChanged,
    TicketOpened,
    TicketOrganizationChanged,
    TicketPriorityChanged,
    TicketRestored,
    TicketTagsChanged,
    TicketTypeChanged,
)
from helpdesk.tickets.model import Priority, Status

MOVES: Final[frozenset[type]] = frozenset(
    {
        TicketOpened,
        TicketPriorityChanged,
        TicketCategoryChanged,
        TicketOrganizationChanged,
        TicketAssigned,
        TicketTagsChanged,
        TicketTypeChanged,
        TicketFieldsChanged,
        SlaPolicyChosen,
    }
)
"""The facts that `Seen.follow` moves with."""


@dataclass(slots=True)
class Seen:
    """What policies look at.

    Attributes:
        chosen: the policy that a rule said, by its id.
        filled: the fields that held something then.
        fields: values of fields, as text; those of fields that were not filled then are not shown.
    """

    ticket_id: str = ""
    number: int = 0
    channel: str = ""
    type: str = ""
    priority: Priority = Priority.NORMAL
    category: str | None = None
    group: str | None = None
    organization_id: str | None = None
    tags: frozenset[str] = frozenset()
    status: str = Status.NEW.value
    chosen: str | None = None
    filled: frozenset[str] = frozenset()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def follow(self, event: Event) -> bool:
        """Moves with an event; gives whether a policy may look at what moved."""
        match event.fact:
            case TicketOpened() as fact:
                self.ticket_id, self.number = event.ticket_id, fact.number
                self.channel, self.type, self.priority = fact.channel.value, fact.type.value, fact.priority
                self.category, self.organization_id = fact.category, fact.organization_id
            case TicketPriorityChanged(new=new):
                self.priority = new
            case TicketCategoryChanged(new=category):
                self.category = category
            case TicketOrganizationChanged(new=organization):
                self.organization_id = organization
            case TicketAssigned(old_group=old, new_group=new_group):
                self.group = new_group
                return old != new_group
            case TicketTagsChanged(added=added, removed=removed):
                self.tags = (self.tags - set(removed)) | set(added)
            case _:
                return self._follow_rarer(event)
        return True

    def _follow_rarer(self, event: Event) -> bool:
        match event.fact:
            case TicketTypeChanged(new=type_):
                self.type = type_.value
            case TicketFieldsChanged(filled=filled):
                self.filled = frozenset(filled)
            case SlaPolicyChosen(policy=policy):
                self.chosen = policy
            case _:
                return False
        return True

    def give_back(self, fact: TicketRestored) -> None:
        """Stands as was given back."""
        standing = fact.standing
        self.type, self.priority, self.status = standing.type.value, standing.priority, standing.status.value
        self.category, self.group, self.organization_id = standing.category, standing.group, standing.organization_id
        self.tags, self.filled = frozenset(standing.tags), frozenset(standing.field_names)

    def policy_facts(self, plans: Mapping[str, str]) -> PolicyFacts:
        """What a policy's conditions are held against.

        Args:
            plans: support plans of organizations, by id.
        """
        return PolicyFacts(
            priority=self.priority.value,
            channel=self.channel,
            category=self.category,
            group_id=self.group,
            organization_id=self.organization_id,
            type=self.type,
            plan=plans.get(self.organization_id or ""),
            tags=tuple(sorted(self.tags)),
            fields={name: values for name, values in self.fields.items() if name in self.filled},
        )
