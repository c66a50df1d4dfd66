"""What rules can ask beyond what lists have of a ticket: of the event, of its message, of the hour, of who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.automation.model import Happening, Occurrence
from helpdesk.conditions.fields import Cell, Field, Kind, folded, labels_of
from helpdesk.people.model import Organization, Person
from helpdesk.sla.calendars import to_ms
from helpdesk.sla.model import Metric
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import ActorKind, Channel, Ticket

CHANGED: Final = (
    "priority",
    "type",
    "impact",
    "category",
    "product",
    "group",
    "assignee",
    "status",
    "tags",
    "fields",
    "organization",
    "requester",
    "due_at",
)
"""Names of properties that an event can have changed; `impact` stands for both parts of the judgement."""
_MESSAGES: Final = ("message_text", "message_by", "message_channel", "message_automatic")
_TRIGGERS: Final[Mapping[str, Field]] = {
    "happened": Field(Kind.CHOICE, tuple(one.value for one in Happening if one is not Happening.TIME)),
    "by": Field(Kind.CHOICE, tuple(one.value for one in ActorKind)),
    "changed": Field(Kind.CHOICE, CHANGED, optional=True),
    "message_text": Field(Kind.TEXT),
    "message_by": Field(Kind.CHOICE, tuple(one.value for one in ActorKind), optional=True),
    "message_channel": Field(Kind.CHOICE, tuple(one.value for one in Channel), optional=True),
    "message_automatic": Field(Kind.FLAG),
    "clock": Field(Kind.CHOICE, tuple(one.value for one in Metric), optional=True),
    "rating": Field(Kind.CHOICE, ("1", "2", "3", "4", "5"), optional=True),
}
_WHO: Final[Mapping[str, Field]] = {
    "requester_language": Field(Kind.ID),
    "requester_tags": Field(Kind.LABELS, optional=True),
    "requester_fields/": Field(Kind.VALUE, optional=True),
    "organization_name": Field(Kind.TEXT),
    "organization_plan": Field(Kind.ID, optional=True),
    "organization_group": Field(Kind.ID, optional=True),
    "organization_domains": Field(Kind.LABELS, optional=True),
    "organization_tags": Field(Kind.LABELS, optional=True),
    "organization_fields/": Field(Kind.VALUE, optional=True),
}
_ALWAYS: Final[Mapping[str, Field]] = {
    "business_hours": Field(Kind.FLAG),
    "language": Field(Kind.ID, optional=True),
    "mailbox": Field(Kind.ID, optional=True),
    "automatic": Field(Kind.FLAG),
    **_WHO,
}
AUTOMATION_FIELDS: Final[Mapping[str, Field]] = _ALWAYS
TRIGGER_FIELDS: Final[Mapping[str, Field]] = {**_TRIGGERS, **_ALWAYS}


def _nobody(_: str) -> None:
    """Nothing is known of them."""


@dataclass(frozen=True, slots=True)
class Known:
    """Looks up who asks, by id; None: there is nobody, or nothing (any more)."""

    person: Callable[[str], Person | None] = _nobody
    organization: Callable[[str], Organization | None] = _nobody


NOBODY_KNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Present:
    """What the hour is to a desk, and who asks it."""

    now: datetime
    rules: DeskRules
    known: Known = NOBODY_KNOWN

    def open_for(self, ticket: Ticket) -> bool:
        """Whether it is business time: by the calendar that the ticket's clocks count in, else by any of the desk's."""
        rules, at = self.rules, to_ms(self.now)
        if ticket.sla is not None:
            calendars = [rules.calendar_of(ticket.sla)]
        else:
            newest = (rules.newest_calendar(one) for one in sorted({name for name, _ in rules.calendars}))
            calendars = [one for one in newest if not one.calendar.removed]
        return not calendars or any(one.open_ms_between(at, at + 1) > 0 for one in calendars)


def asks_for_text(names: frozenset[str]) -> bool:
    """Whether conditions over these fields look at the event's message."""
    return not names.isdisjoint(_MESSAGES)


def cells_of(occurrence: Occurrence, ticket: Ticket, present: Present, *, names: frozenset[str]) -> dict[str, Cell]:
    """What rules can ask beyond a ticket's row.

    Args:
        occurrence: what happened.
        ticket: as it stands.
        present: the hour.
        names: what is asked; the hour is reckoned, and who asks is read, only where that is among them.
    """
    written = occurrence.written
    open_now = "business_hours" in names and present.open_for(ticket)
    return {
        **_cells_of_who(ticket, present.known, {name.partition("/")[0] for name in names}),
        "happened": tuple(sorted(occurrence.happened)),
        "by": occurrence.by.value,
        "changed": occurrence.changed,
        "message_text": folded(written.text if written is not None else None),
        "message_by": written.by.value if written is not None else "",
        "message_channel": written.channel.value if written is not None else "",
        "message_automatic": str(occurrence.by_machine).lower(),
        "clock": occurrence.metric,
        "rating": str(occurrence.rating) if occurrence.rating is not None else "",
        "business_hours": str(open_now).lower(),
        "language": ticket.language or "",
        "mailbox": ticket.mailbox_id or "",
        "automatic": str(ticket.automatic).lower(),
    }


def _cells_of_who(ticket: Ticket, known: Known, asked: set[str]) -> dict[str, Cell]:
    """What rules can ask of the requester and of the ticket's organization."""
    cells: dict[str, Cell] = {}
    if any(name.startswith("requester_") and name != "requester_text" for name in asked):
        person = known.person(ticket.requester_id)
        cells["requester_language"] = person.language if person is not None else ""
        cells["requester_tags"] = _tags(person)
        cells["requester_fields"] = labels_of(person.fields) if person is not None else ()
    if any(name.startswith("organization_") for name in asked):
        organization = known.organization(ticket.organization_id) if ticket.organization_id is not None else None
        cells["organization_name"] = folded(organization.name if organization is not None else None)
        cells["organization_plan"] = (organization.plan if organization is not None else None) or ""
        cells["organization_group"] = (organization.group if organization is not None else None) or ""
        cells["organization_domains"] = organization.domains if organization is not None else ()
        cells["organization_tags"] = _tags(organization)
        cells["organization_fields"] = labels_of(organization.fields) if organization is not None else ()
    return cells


def _tags(who: Person | Organization | None) -> tuple[str, ...]:
    return tuple(tag.casefold() for tag in who.tags) if who is not None else ()
