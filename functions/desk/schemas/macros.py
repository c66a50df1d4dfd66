"""Macros as agents see them."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from functions.desk.schemas.canned import Bodies, BodyOut, Folder, Group, Id, Instant, PreviewOut, Title
from functions.desk.schemas.tickets import FieldName, FieldValue, MessageOut, Readers, Tag
from helpdesk.canned.model import Scope
from helpdesk.tickets.model import Level, Priority, Status, TicketType, Visibility

Name = Annotated[str, Meta(min_length=1, max_length=64, description="An id, or `none` to take it away.")]
Tags = Annotated[list[Tag], Meta(max_length=50)]


class TagsChange(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tags to add and remove, or to set exactly."""

    add: Tags = msgspec.field(default_factory=list)
    remove: Tags = msgspec.field(default_factory=list)
    set: Annotated[Tags | UnsetType, Meta(description="These and no others; not beside the two.")] = UNSET


class Changes(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What it changes; what is left out stays as it is."""

    status: Status | UnsetType = UNSET
    custom_status: (
        Annotated[str, Meta(min_length=1, max_length=64, description="Id of a further status, instead of `status`.")]
        | UnsetType
    ) = UNSET
    type: TicketType | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    impact: Level | UnsetType = UNSET
    urgency: Level | UnsetType = UNSET
    product: Name | UnsetType = UNSET
    category: Name | UnsetType = UNSET
    group: Name | UnsetType = UNSET
    assignee: (
        Annotated[str, Meta(min_length=1, max_length=64, description="An agent's id, `me` or `none`.")] | UnsetType
    ) = UNSET
    tags: TagsChange | UnsetType = UNSET
    fields: (
        Annotated[dict[FieldName, FieldValue], Meta(max_length=100, description="null empties one.")] | UnsetType
    ) = UNSET


class ReplyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What it writes: a canned response, or a text of its own."""

    visibility: Readers = "public"
    canned_response_id: Id | None = None
    bodies: Bodies = msgspec.field(default_factory=dict)


class ReplyOut(Struct, frozen=True):
    """What it writes."""

    visibility: Visibility
    canned_response_id: str | None
    bodies: dict[str, BodyOut]


class MacroIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a macro shall be: a reply, changes, or both."""

    title: Title
    scope: Scope = Scope.PERSONAL
    group: Group = None
    folder: Folder = ""
    description: Annotated[str, Meta(max_length=1000)] = ""
    reply: ReplyIn | None = None
    changes: Changes = msgspec.field(default_factory=Changes)


class MacroOut(Struct, frozen=True):
    """A macro."""

    id: str
    version: int
    title: str
    folder: str
    scope: Scope
    group: str | None
    description: str
    reply: ReplyOut | None
    changes: Changes
    uses: Annotated[int, Meta(description="How often it was run; at most minutes old.")]
    editable: Annotated[bool, Meta(description="Whether you may change and remove it.")]
    created_by: str
    created_at: Instant
    updated_by: str
    updated_at: Instant


class MacrosOut(Struct, frozen=True):
    """A page of macros, and all folders there are."""

    items: list[MacroOut]
    next_cursor: str | None
    folders: list[str]


class MacroPreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """For which ticket."""

    ticket_id: Id


class DifferenceOut(Struct, frozen=True):
    """One property that is other afterwards."""

    name: Annotated[str, Meta(examples=["status", "tags", "fields/order"])]
    old: FieldValue
    new: FieldValue


class MacroProblemOut(Struct, frozen=True):
    """Why it cannot be run as things stand."""

    code: str
    detail: str


class MacroPreviewOut(Struct, frozen=True):
    """What running it would do."""

    version: Annotated[int, Meta(description="Of the ticket, as it was looked at: for If-Match.")]
    changes: list[DifferenceOut]
    reply: PreviewOut | None
    visibility: Visibility | None
    problem: MacroProblemOut | None


class MacroRunIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which macro, and what was made of its reply."""

    macro_id: Id
    body: Annotated[
        Annotated[str, Meta(min_length=1, max_length=100_000)] | None,
        Meta(description="The reply as the agent edited it; left out: as the macro has it."),
    ] = None
    hold_seconds: Annotated[
        int, Meta(ge=0, le=600, description="How long a public answer can be taken back; at most what `/v1/me` says.")
    ] = 0
    seen_message_id: Annotated[
        Id | None, Meta(description="As of a message: a public answer that somebody overtook is refused.")
    ] = None
    confirm: Annotated[bool, Meta(description="Send it whatever came after `seen_message_id`.")] = False


class MacroRanOut(Struct, frozen=True):
    """What came of it."""

    ticket_id: str
    version: Annotated[int, Meta(description="Of the ticket, afterwards.")]
    changes: Annotated[list[DifferenceOut], Meta(description="Empty in the answer to a repetition.")]
    message: MessageOut | None


class QuickQuery(Struct, frozen=True):
    """What to look for."""

    q: Annotated[str, Meta(max_length=200, description="Words or their beginnings; empty: what is used most.")] = ""
    ticket: Annotated[Id | None, Meta(description="Texts are filled for it; what is of its group comes earlier.")] = (
        None
    )
    limit: Annotated[int, Meta(ge=1, le=50)] = 10


class QuickItemOut(Struct, frozen=True):
    """Something to use."""

    kind: Literal["canned_response", "macro"]
    id: str
    title: str
    folder: str
    scope: Scope
    preview: Annotated[str, Meta(description="The beginning of its text, filled if a ticket was named.")]
    uses: int


class QuickOut(Struct, frozen=True):
    """What fits, best first."""

    items: list[QuickItemOut]
    next_cursor: str | None = None
