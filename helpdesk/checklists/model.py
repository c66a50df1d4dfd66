"""What a checklist is: a title and items, each in one or several languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.canned.model import Template

ME = "me"
"""Stands for whoever puts it on a ticket."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to do.

    Attributes:
        titles: by language (BCP 47), at least one.
        assignee: an agent's id, or `me`.
        due_after_seconds: from when it is put on a ticket until it is due.
    """

    titles: Mapping[str, str]
    assignee: str | None = None
    due_after_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(Template):
    """Items in order under a title.

    Attributes:
        titles: the title in further languages.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    items: tuple[ChecklistItem, ...] = ()
