"""Choosing a ticket's group: by its words, category, product, organization or mailbox; and who of a group works now."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from helpdesk.desk.model import Desk
from helpdesk.people.hours import working
from helpdesk.people.model import Agent
from helpdesk.sla.model import BusinessCalendar
from helpdesk.tickets.model import Reason, Ticket
from helpdesk.tickets.triaging import Triage, TriageField


def as_suggested(ticket: Ticket, triage: Triage | None) -> Ticket:
    """The ticket with the category that the desk is about to give it, if nobody gave it one."""
    said = triage.of(TriageField.CATEGORY) if triage is not None else None
    if said is None or not said.acted or ticket.category is not None:
        return ticket
    return replace(ticket, category=said.value)


def choose_group(
    ticket: Ticket, desk: Desk, triage: Triage | None = None, organization_group: str | None = None
) -> tuple[str | None, Reason]:
    """The group that answers a ticket, and why: by its words, category, product, organization or mailbox, else the default.

    Groups that do not exist (any more) are passed over. What its words say counts where an admin lets the desk act on it,
    and behind a category that somebody chose.

    Args:
        ticket: as it stands.
        desk: the configuration.
        triage: what its words say.
        organization_group: that answers its organization.
    """
    said = triage.of(TriageField.GROUP) if triage is not None else None
    if said is not None and said.acted and said.value in desk.groups and ticket.category is None:
        return said.value, Reason("group_by_triage", {"confidence": said.confidence // 10})
    ticket = as_suggested(ticket, triage)
    ways = _ways_to_a_group(ticket, desk, organization_group)
    return next(((group, why) for group, why in ways if group in desk.groups), (None, Reason("no_group")))


def _ways_to_a_group(ticket: Ticket, desk: Desk, organization_group: str | None) -> Iterator[tuple[str | None, Reason]]:
    """What names a group for a ticket, the most telling first."""
    if (category := desk.categories.get(ticket.category or "")) is not None:
        yield category.group, Reason("group_by_category", {"category": category.id})
    if (product := desk.products.get(ticket.product or "")) is not None:
        yield product.group, Reason("group_by_product", {"product": product.id})
    yield organization_group, Reason("group_by_organization", {"organization": ticket.organization_id or ""})
    if (mailbox := desk.mailboxes.get(ticket.mailbox_id or "")) is not None:
        yield mailbox.group, Reason("group_by_mailbox", {"mailbox": mailbox.id})
    yield desk.general.default_group, Reason("group_by_default")


def workers(desk: Desk, members: Iterable[Agent], at: datetime) -> Iterator[Agent]:
    """Those who work at an instant and take tickets, one after another: who needs one does not ask after all."""
    newest: dict[str, BusinessCalendar] = {}
    for (calendar_id, _), calendar in sorted(desk.calendars.items(), key=lambda pair: pair[0]):
        newest[calendar_id] = calendar
    return (one for one in members if one.available and working(one, at, newest))
