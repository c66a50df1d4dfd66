"""Choosing a group by category and mailbox, and in it the least busy agent who may take another ticket."""

from collections.abc import Iterable, Iterator, Mapping
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


def workers(desk: Desk, members: Iterable[Agent], at: datetime) -> frozenset[str]:
    """The ids of those who work at an instant and take tickets."""
    newest: dict[str, BusinessCalendar] = {}
    for (calendar_id, _), calendar in sorted(desk.calendars.items(), key=lambda pair: pair[0]):
        newest[calendar_id] = calendar
    return frozenset(one.id for one in members if one.available and working(one, at, newest))


def choose_agent(
    members: Iterable[Agent], loads: Mapping[str, int], full: frozenset[str]
) -> tuple[Agent | None, Reason]:
    """The available agent with the least to do for what they can carry, and why.

    Args:
        members: of the group.
        loads: open tickets by agent.
        full: agents who turned out to be full a moment ago.

    Returns:
        The agent, or None and the reason why there is none. Equal loads go to the smaller id, so that the choice can
        be made again and come out the same.
    """
    present = [agent for agent in members if agent.available]
    if not present:
        return None, Reason("nobody_available")
    able = [a for a in present if a.id not in full and loads.get(a.id, 0) < a.capacity]
    if not able:
        return None, Reason("everybody_full", {"agents": len(present)})
    chosen = min(able, key=lambda agent: (loads.get(agent.id, 0) / agent.capacity, loads.get(agent.id, 0), agent.id))
    return chosen, Reason("least_busy", {"open": loads.get(chosen.id, 0), "among": len(able)})
