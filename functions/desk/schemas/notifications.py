"""What an agent is told, and how they like to be told, as JSON."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.tickets import AuthorOut, Id, Instant
from helpdesk.notifications.model import NotificationKind


class NotificationOut(Struct, frozen=True):
    """One thing told. Pages put it into words by its kind."""

    id: str
    kind: NotificationKind
    at: Instant
    ticket_id: str
    number: int
    subject: str
    actor: AuthorOut
    message_id: Annotated[str | None, Meta(description="The message that it is about.")]
    read_at: Instant | None


class NotificationsOut(Struct, frozen=True):
    """A page of notifications, newest first."""

    items: list[NotificationOut]
    next_cursor: str | None
    unread: Annotated[int, Meta(description="Of the newest hundred.")]


class ReadIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which were read: these, or all of them."""

    ids: Annotated[list[Id], Meta(max_length=100)] = msgspec.field(default_factory=list)
    all: bool = False


class UnreadOut(Struct, frozen=True):
    """What is left."""

    unread: Annotated[int, Meta(description="Of the newest hundred.")]


class PreferenceIO(Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind shall be told."""

    kind: NotificationKind
    page: Annotated[bool, Meta(description="In the page's list.")]
    mail: Annotated[bool, Meta(description="By mail.")]


class PreferencesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How kinds shall be told; what is not named stays."""

    items: Annotated[list[PreferenceIO], Meta(max_length=100)]


class PreferencesOut(Struct, frozen=True):
    """How each kind is told."""

    items: list[PreferenceIO]
    next_cursor: str | None = None
