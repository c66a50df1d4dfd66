"""Checklists as agents see them."""

from typing import Annotated

from msgspec import Meta, Struct, field

from functions.desk.schemas.canned import Folder, Group, Id, Instant, Language, Title
from helpdesk.canned.model import Scope
from helpdesk.checklists.rules import LONGEST_DUE_SECONDS
from helpdesk.tickets.todo import MAX_TASKS, MAX_TITLE_LENGTH

TaskTitle = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE_LENGTH)]


class ItemIn(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do."""

    titles: Annotated[
        dict[Language, TaskTitle], Meta(min_length=1, max_length=20, description="By language, such as `en` or `ko`.")
    ]
    assignee: Annotated[Id, Meta(description="Id of an agent, or `me`: whoever puts it on a ticket.")] | None = None
    due_after_seconds: (
        Annotated[int, Meta(ge=0, le=LONGEST_DUE_SECONDS, description="From when it is put on a ticket.")] | None
    ) = None


class ChecklistIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a checklist shall be."""

    title: Title
    items: Annotated[list[ItemIn], Meta(min_length=1, max_length=MAX_TASKS)]
    titles: Annotated[dict[Language, TaskTitle], Meta(max_length=20, description="The title in further languages.")] = (
        field(default_factory=dict)
    )
    scope: Scope = Scope.SHARED
    group: Group = None
    folder: Folder = ""


class ItemOut(Struct, frozen=True):
    """One thing to do."""

    titles: dict[str, str]
    assignee: str | None
    due_after_seconds: int | None


class ChecklistOut(Struct, frozen=True):
    """A checklist."""

    id: str
    version: int
    title: str
    titles: dict[str, str]
    folder: str
    scope: Scope
    group: str | None
    items: list[ItemOut]
    uses: Annotated[int, Meta(description="How often it was put on a ticket; at most minutes old.")]
    editable: Annotated[bool, Meta(description="Whether you may change and remove it.")]
    created_by: str
    created_at: Instant
    updated_by: str
    updated_at: Instant


class ChecklistsOut(Struct, frozen=True):
    """A page of checklists, and all folders there are."""

    items: list[ChecklistOut]
    next_cursor: str | None
    folders: list[str]
