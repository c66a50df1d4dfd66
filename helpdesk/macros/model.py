"""What a macro is: perhaps an answer, and changes of a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.canned.model import Body, Template
from helpdesk.tickets.model import Level, Priority, Status, TicketType, Visibility

ME = "me"
"""Stands for whoever runs it."""
NONE = "none"
"""Stands for taking away, where None leaves as it is."""


@dataclass(frozen=True, slots=True)
class MacroReply:
    """What it writes: a canned response, or a text of its own.

    Attributes:
        canned_response_id: the response; None: `bodies` has the text.
        bodies: by language.
    """

    visibility: Visibility = Visibility.PUBLIC
    canned_response_id: str | None = None
    bodies: Mapping[str, Body] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagChange:
    """What it does to tags.

    Attributes:
        exactly: the tags become those of `add` and no others.
    """

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    exactly: bool = False


@dataclass(frozen=True, slots=True)
class MacroChanges:
    """What it changes; None leaves a property as it is, `none` empties it.

    Attributes:
        assignee: an agent's id, `me` or `none`.
        fields: new values by name.
        cleared: names of fields to empty.
        custom_status: id of an admin's status.
    """

    status: Status | None = None
    priority: Priority | None = None
    category: str | None = None
    group: str | None = None
    assignee: str | None = None
    tags: TagChange | None = None
    fields: Mapping[str, str | int | float | bool | list[str]] = field(default_factory=dict)
    cleared: tuple[str, ...] = ()
    custom_status: str | None = None
    type: TicketType | None = None
    impact: Level | None = None
    urgency: Level | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro(Template):
    """A reply and changes under a title."""

    description: str = ""
    reply: MacroReply | None = None
    changes: MacroChanges = field(default_factory=MacroChanges)
