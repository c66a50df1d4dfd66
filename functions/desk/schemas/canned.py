"""Canned responses as agents see them."""

from typing import Annotated

from msgspec import Meta, Struct, field

from helpdesk.canned.model import Scope

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]
Id = Annotated[str, Meta(max_length=64)]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Folder = Annotated[str, Meta(max_length=200, description="Names with `/` between them.", examples=["Billing/Refunds"])]
Language = Annotated[str, Meta(min_length=2, max_length=35)]
Group = Annotated[Id | None, Meta(description="Of the scope `group`.")]


class BodyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A text with placeholders such as `{{requester.first_name|there}}`."""

    text: Annotated[str, Meta(max_length=50_000, description="Empty: made of the HTML.")] = ""
    html: Annotated[str, Meta(max_length=150_000)] | None = None


class BodyOut(Struct, frozen=True):
    """A text; its HTML is sanitised."""

    text: str
    html: str | None


Bodies = Annotated[dict[Language, BodyIn], Meta(max_length=20, description="By language, such as `en` or `ko`.")]


class CannedIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a canned response shall be."""

    title: Title
    bodies: Annotated[
        dict[Language, BodyIn], Meta(min_length=1, max_length=20, description="By language, such as `en` or `ko`.")
    ]
    scope: Scope = Scope.PERSONAL
    group: Group = None
    folder: Folder = ""


class CannedOut(Struct, frozen=True):
    """A canned response."""

    id: str
    version: int
    title: str
    folder: str
    scope: Scope
    group: str | None
    bodies: dict[str, BodyOut]
    uses: Annotated[int, Meta(description="How often it was put into an answer; at most minutes old.")]
    editable: Annotated[bool, Meta(description="Whether you may change and remove it.")]
    created_by: str
    created_at: Instant
    updated_by: str
    updated_at: Instant


class TemplatesQuery(Struct, frozen=True):
    """Which ones."""

    scope: Scope | None = None
    group: Id | None = None
    folder: Annotated[str, Meta(max_length=200, description="This folder and those inside it.")] | None = None
    q: Annotated[str, Meta(max_length=200, description="Words or their beginnings.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class CannedListOut(Struct, frozen=True):
    """A page of canned responses, and all folders there are."""

    items: list[CannedOut]
    next_cursor: str | None
    folders: list[str]


class CannedPreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """For which ticket."""

    ticket_id: Id
    language: Annotated[Language | None, Meta(description="Left out: the requester's.")] = None
    insert: Annotated[bool, Meta(description="It is put into an answer now: counted as a use.")] = False


class PreviewOut(Struct, frozen=True):
    """A text as it would be put into an answer."""

    language: str
    text: str
    html: str | None
    empty: Annotated[list[str], Meta(description="Placeholders with neither a value nor a fallback.")]
    fallbacks: Annotated[list[str], Meta(description="Placeholders whose fallback stands there.")]


class PlaceholderOut(Struct, frozen=True):
    """A placeholder."""

    name: str
    meaning: str


class PlaceholdersOut(Struct, frozen=True):
    """What can stand between `{{` and `}}`; beside these, `ticket.fields.` and a field's name."""

    items: list[PlaceholderOut] = field(default_factory=list)
    next_cursor: str | None = None


class SignatureIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you end answers with."""

    text: Annotated[str, Meta(max_length=2000)]


class SignatureOut(Struct, frozen=True):
    """What you end answers with; empty: nothing."""

    text: str
