"""Drafts and presence as agents see them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from helpdesk.drafts.model import DraftKind
from helpdesk.presence.model import PresenceState

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]
Id = Annotated[str, Meta(max_length=64)]


class DraftIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is written so far."""

    body: Annotated[str, Meta(max_length=100_000)]
    kind: DraftKind = DraftKind.REPLY
    based_on: Annotated[Id | None, Meta(description="The newest public message that its author has seen.")] = None
    side_id: Annotated[
        Id | None, Meta(description="Of kind `side`: the side conversation; left out: one that is not begun yet.")
    ] = None
    to: Annotated[
        str, Meta(max_length=5000, description="Of one that is not begun yet: whom it shall ask, as typed.")
    ] = ""
    subject: Annotated[str, Meta(max_length=300, description="Of one that is not begun yet.")] = ""


class DraftQuery(Struct, frozen=True):
    """Which draft."""

    kind: Annotated[DraftKind | None, Meta(description="Left out: all.")] = None
    side_id: Annotated[
        Id | None, Meta(description="Of kind `side`: the side conversation; left out: one that is not begun yet.")
    ] = None


class DraftOut(Struct, frozen=True):
    """A draft of yours."""

    ticket_id: str
    kind: DraftKind
    version: Annotated[int, Meta(description="For If-Match when it is changed.")]
    body: str
    based_on: str | None
    side_id: Annotated[str | None, Meta(description="Of kind `side`: null is one that is not begun yet.")]
    to: Annotated[str, Meta(description="Of one that is not begun yet: whom it shall ask, as typed.")]
    subject: str
    updated_at: Instant
    keep_until: Instant


class TicketDraftsOut(Struct, frozen=True):
    """What you are writing on a ticket."""

    reply: DraftOut | None
    note: DraftOut | None
    sides: Annotated[list[DraftOut], Meta(description="In side conversations, and of one that is not begun yet.")]


class DraftsQuery(Struct, frozen=True):
    """How many."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class DraftsOut(Struct, frozen=True):
    """Your drafts, newest ticket first."""

    items: list[DraftOut]
    next_cursor: str | None = None


class PresenceIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you do at a ticket."""

    state: Literal["viewing", "writing", "gone"]


class PresentOut(Struct, frozen=True):
    """A colleague at the ticket."""

    agent_id: str
    name: str | None
    state: PresenceState
    seen_at: Instant


class PresenceOut(Struct, frozen=True):
    """Who else is there: those who write first."""

    items: list[PresentOut]
    heartbeat_seconds: Annotated[int, Meta(description="How often to tell again.")]
    next_cursor: str | None = None
