"""Mailboxes and their letterheads as admins see them."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct


class LetterheadIO(Struct, frozen=True, forbid_unknown_fields=True):
    """How the mails of a mailbox look and are signed."""

    brand: (
        Annotated[str, Meta(max_length=80, description="What mails call the desk; null: the desk's name.")] | None
    ) = None
    colour: (
        Annotated[
            str,
            Meta(
                pattern="^#[0-9a-fA-F]{6}$",
                examples=["#2f4fd0"],
                description="Of buttons and links; a shade of it where it could not be read.",
            ),
        ]
        | None
    ) = None
    logo_url: (
        Annotated[str, Meta(max_length=1000, description="Address of a picture, beginning with https://.")] | None
    ) = None
    signatures: Annotated[
        dict[str, Annotated[str, Meta(max_length=4000)]],
        Meta(
            max_length=3, description="By language, written as templates are; {{ agent }}, {{ desk }}, {{ mailbox }}."
        ),
    ] = msgspec.field(default_factory=dict)
    show_agent: Annotated[bool, Meta(description="Whether requesters are told who answers.")] = True
    agent_in_sender: Annotated[
        bool, Meta(description="Whether the sender's name of an answer begins with the agent's.")
    ] = False
    quoted_messages: Annotated[
        int, Meta(ge=0, le=5, description="How many earlier messages are repeated below an answer.")
    ] = 0


class MailboxIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An address that customers write to."""

    address: Annotated[
        str,
        Meta(
            max_length=254,
            examples=["support@support.example.com"],
            description="Of a domain whose mail reaches this desk, and that it may send from.",
        ),
    ]
    name: Annotated[str, Meta(max_length=80, description="Stands before the address in mails from it.")]
    group: Annotated[str | None, Meta(description="Answers what comes here and whose category has no group.")] = None
    language: Annotated[str, Meta(description="In which people are answered whose own is not known.")] = "en"
    letterhead: Annotated[LetterheadIO | None, Meta(description="null: as it was.")] = None


class MailboxOut(Struct, frozen=True):
    """A mailbox."""

    id: str
    address: str
    name: str
    group: str | None
    language: str
    letterhead: LetterheadIO
    version: Annotated[int, Meta(description="For `If-Match`.")]


class MailboxesOut(Struct, frozen=True):
    """All mailboxes."""

    items: list[MailboxOut]
    next_cursor: str | None = None
