"""Agents and groups as settings: what can be wrong with one, and what would miss it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.desk.settings import Kind
from helpdesk.kernel.errors import FieldError
from helpdesk.kernel.text import LANGUAGES, clean_line, is_address, normal_address
from helpdesk.people.hours import hours_faults
from helpdesk.people.model import Agent, Group
from helpdesk.people.roles import Permission, permissions_of
from helpdesk.sla.promises import newest_calendars

LONGEST_NAME: Final = 200
MOST_TICKETS: Final = 1000


def _tidied_agent(agent: Agent) -> Agent:
    return replace(
        agent,
        name=clean_line(agent.name),
        address=normal_address(agent.address),
        groups=tuple(dict.fromkeys(agent.groups)),
        languages=tuple(dict.fromkeys(one.lower() for one in agent.languages)),
        time_zone=agent.time_zone or None,
        calendar_id=agent.calendar_id or None,
        custom_role=agent.custom_role or None,
        skills={name: level for one, level in agent.skills.items() if (name := clean_line(one).lower())},
        absences=tuple(
            replace(one, reason=clean_line(one.reason or "") or None)
            for one in sorted(agent.absences, key=lambda absence: absence.first_day)
        ),
    )


def _agent_faults(agent: Agent, before: Agent | None, desk: Desk) -> list[FieldError]:
    faults = (
        [] if 0 < len(agent.name) <= LONGEST_NAME else [FieldError("/name", f"needs 1 to {LONGEST_NAME} characters")]
    )
    holder = desk.agent_by_address(agent.address)
    if not is_address(agent.address):
        faults.append(FieldError("/email", "is not an e-mail address"))
    elif desk.has_mailbox(agent.address) or (holder is not None and holder.id != agent.id):
        faults.append(FieldError("/email", "is a colleague's or the desk's own"))
    if agent.language not in LANGUAGES:
        faults.append(FieldError("/locale", f"must be one of {', '.join(LANGUAGES)}"))
    if not 0 < agent.capacity <= MOST_TICKETS:
        faults.append(FieldError("/capacity", f"must be 1 to {MOST_TICKETS}"))
    faults += [
        FieldError(f"/groups/{place}", "is not a group of this desk")
        for place, group in enumerate(agent.groups)
        if group not in desk.groups
    ]
    if agent.custom_role is not None and agent.custom_role not in desk.roles:
        faults.append(FieldError("/custom_role", "is not a role of this desk"))
    if agent.calendar_id is not None and agent.calendar_id not in newest_calendars(desk):
        faults.append(FieldError("/calendar", "is not a calendar of this desk"))
    faults += [
        FieldError(f"/absences/{place}/substitute", "is not an agent of this desk")
        for place, one in enumerate(agent.absences)
        if one.substitute is not None and one.substitute not in {*desk.agents, agent.id}
    ]
    if before is not None and not _managed({**desk.agents, agent.id: agent}.values(), desk):
        faults.append(FieldError("/role", "nobody could manage agents any more"))
    return faults + hours_faults(agent)


def _agent_users(agent_id: str, desk: Desk) -> list[str]:
    left = [one for one in desk.agents.values() if one.id != agent_id]
    users = [] if _managed(left, desk) else ["the desk, as nobody else may manage agents"]
    users += [
        f"SLA policy {policy.id}"
        for policy in desk.policies
        if any(agent_id in {level.assignee, *level.notify} for level in policy.escalations)
    ]
    return users + [
        f"agent {one.id}'s absence" for one in left if any(away.substitute == agent_id for away in one.absences)
    ]


def _managed(agents: Iterable[Agent], desk: Desk) -> bool:
    """Whether somebody may still change agents, and so give back whatever was taken."""
    return any(Permission.MANAGE_AGENTS in permissions_of(agent, desk.roles) for agent in agents)


def _group_faults(group: Group, before: Group | None, desk: Desk) -> list[FieldError]:
    del before
    faults = (
        [] if 0 < len(group.name) <= LONGEST_NAME else [FieldError("/name", f"needs 1 to {LONGEST_NAME} characters")]
    )
    if any(one.name.casefold() == group.name.casefold() for one in desk.groups.values() if one.id != group.id):
        faults.append(FieldError("/name", "is another group's"))
    return faults


def _group_users(group: str, desk: Desk) -> list[str]:
    users = [f"category {one.id}" for one in desk.categories.values() if one.group == group]
    users += [f"product {one.id}" for one in desk.products.values() if one.group == group]
    users += [f"mailbox {one.id}" for one in desk.mailboxes.values() if one.group == group]
    users += [f"agent {one.id}" for one in desk.agents.values() if group in one.groups]
    users += ["the desk's default"] if desk.general.default_group == group else []
    for policy in desk.policies:
        levels = {level.group for level in policy.escalations}
        targets = {target.group for some in policy.targets.values() for target in some}
        if group in levels | targets | {*policy.conditions.groups, *policy.group_calendars}:
            users.append(f"SLA policy {policy.id}")
    return users


AGENT_KIND: Final = Kind("agent", "agent", lambda desk: desk.agents, _tidied_agent, _agent_faults, _agent_users)
GROUP_KIND: Final = Kind(
    "group",
    "group",
    lambda desk: desk.groups,
    lambda one: replace(one, name=clean_line(one.name)),
    _group_faults,
    _group_users,
)
