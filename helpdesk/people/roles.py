"""What colleagues may do and which tickets they see: permissions, the roles every desk has, and roles that admins make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from helpdesk.people.model import Agent, Role


class Permission(StrEnum):
    """What one may do. Every route declares one; `READ` is everybody's."""

    READ = "read"
    """See the tickets in one's sight, and all that is one's own: notifications, drafts, tasks, preferences."""
    NOTE = "write_notes"
    """Write internal notes."""
    REPLY = "reply"
    """Write to people outside: answers, side conversations, requests for approval."""
    CHANGE = "change_tickets"
    """Change tickets: status, assignee, tags, fields, tasks, links, who takes part; be given tickets."""
    OPEN = "open_tickets"
    """Open tickets for others."""
    BULK = "bulk_actions"
    """Do the same to many tickets."""
    LOG_TIME = "log_time"
    """Write down one's time."""
    TEMPLATES = "write_templates"
    """Write canned responses, macros and checklists of one's own and of one's groups."""
    WRITE_ARTICLES = "write_articles"
    """Write articles and solutions, and ask for their review."""
    PUBLISH_ARTICLES = "publish_articles"
    """Let articles out, give them back, take them in; their sections."""
    MODERATE = "moderate_community"
    """Look after the community: let posts out, hide them, edit and lock, block who does not behave."""
    HANDLE_MAIL = "handle_mail"
    """Look at mail that was held back, and let it in or delete it."""
    CHANGE_PEOPLE = "change_people"
    """Change what is known of requesters and their organizations."""
    SUPERVISE = "supervise"
    """Others' time, approvals, bulk actions and templates; the ledger of mail, blocked senders, promises of time."""
    SEE_PRIVATE = "see_private_groups"
    """See the tickets of private groups that one is no member of."""
    CONFIGURE = "change_settings"
    """Change settings of every kind."""
    MANAGE_AGENTS = "manage_agents"
    """Change agents, groups and roles; with it, one can give oneself everything."""
    AUDIT = "read_audit"
    """Read who changed which setting."""
    PRIVACY = "export_and_erase"
    """Export and erase all that is kept of a person."""


class Sees(StrEnum):
    """Which tickets a role sees."""

    EVERYTHING = "everything"
    GROUPS = "own_groups"
    ASSIGNED = "assigned"


_LIGHT: Final = frozenset({Permission.READ, Permission.NOTE})
_AGENT: Final = _LIGHT | {
    Permission.REPLY,
    Permission.CHANGE,
    Permission.OPEN,
    Permission.BULK,
    Permission.LOG_TIME,
    Permission.TEMPLATES,
    Permission.WRITE_ARTICLES,
    Permission.HANDLE_MAIL,
    Permission.CHANGE_PEOPLE,
}
_SUPERVISOR: Final = _AGENT | {Permission.SUPERVISE, Permission.PUBLISH_ARTICLES, Permission.MODERATE}
BUILT_IN: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.LIGHT: _LIGHT,
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: frozenset(Permission),
}
"""What the roles that every desk has may do. They see everything but private groups; admins see those too."""


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role that admins made.

    Attributes:
        names: by language; `en` is the one used where another is missing.
        permissions: what it may beyond `READ`, which every role has.
        sees: which tickets.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    permissions: tuple[Permission, ...] = ()
    sees: Sees = Sees.EVERYTHING


def permissions_of(agent: Agent, roles: Mapping[str, RoleDefinition]) -> frozenset[Permission]:
    """What a colleague may do. Whose own role is not there (any more) only reads.

    Args:
        agent: the colleague.
        roles: roles that admins made, by id.
    """
    if agent.custom_role is None:
        return BUILT_IN[agent.role]
    definition = roles.get(agent.custom_role)
    return frozenset({Permission.READ, *(definition.permissions if definition is not None else ())})


def sees_of(agent: Agent, roles: Mapping[str, RoleDefinition]) -> Sees:
    """Which tickets a colleague sees by role. Whose own role is not there (any more) sees what is assigned to them."""
    if agent.custom_role is None:
        return Sees.EVERYTHING
    definition = roles.get(agent.custom_role)
    return definition.sees if definition is not None else Sees.ASSIGNED


def standing_of(agent: Agent, roles: Mapping[str, RoleDefinition]) -> Role:
    """The highest built-in role that may nothing which a colleague may not: what rules that know only those go by."""
    granted = permissions_of(agent, roles)
    return max((role for role in Role if BUILT_IN[role] <= granted), key=list(Role).index, default=Role.LIGHT)
