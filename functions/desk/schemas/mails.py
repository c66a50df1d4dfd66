"""Suspended mail as agents see it."""

from typing import Annotated

from msgspec import Meta, Struct

from helpdesk.mail.rules import Outcome

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]


class SuspendedMailOut(Struct, frozen=True):
    """A mail that was held back, and why."""

    id: str
    received_at: Instant
    sender: str | None
    recipients: list[str]
    subject: str | None
    size: Annotated[int, Meta(description="Bytes.")]
    reasons: list[str]


class SuspendedMailsOut(Struct, frozen=True):
    """A page of suspended mails, newest first."""

    items: list[SuspendedMailOut]
    next_cursor: str | None


class ReleasedOut(Struct, frozen=True):
    """What became of a mail that was let in."""

    id: str
    outcome: Outcome
    ticket_id: str | None
    message_id: str | None
