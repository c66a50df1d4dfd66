"""Raw mail as colleagues see it: what was held back, whose mail is, and the ledger of all of it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from helpdesk.mail.rules import Outcome

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"], description="RFC 3339 with milliseconds, in UTC.")]
Verdict = Annotated[str, Meta(examples=["PASS"], description="PASS, FAIL, GRAY, PROCESSING_FAILED or DISABLED.")]


class SuspendedMailOut(Struct, frozen=True):
    """A mail that was held back, and why."""

    id: str
    received_at: Instant
    sender: str | None
    sender_name: str | None
    recipients: list[str]
    subject: str | None
    size: Annotated[int, Meta(description="Bytes.")]
    reasons: list[str]


class SuspendedMailsOut(Struct, frozen=True):
    """A page of suspended mails, newest first."""

    items: list[SuspendedMailOut]
    next_cursor: str | None


class HeaderOut(Struct, frozen=True):
    """A header of the mail, decoded."""

    name: str
    value: str


class VerdictsOut(Struct, frozen=True):
    """What SES found out about the mail and its sender."""

    spam: Verdict
    virus: Verdict
    spf: Verdict
    dkim: Verdict
    dmarc: Verdict


class MailFileOut(Struct, frozen=True):
    """A file of the mail. Files of suspended mail are named and not handed out."""

    filename: str | None
    content_type: str
    size: Annotated[int, Meta(description="Bytes.")]
    inline: bool


class SuspendedMailPreviewOut(SuspendedMailOut, frozen=True):
    """A suspended mail with what is in it.

    Texts are null for a mail that is too large to be read.
    """

    verdicts: VerdictsOut
    headers: list[HeaderOut]
    body_text: str | None
    body_html: Annotated[str, Meta(description="Nothing active; remote images are held back.")] | None
    remote_images: bool
    attachments: list[MailFileOut]
    automatic: Annotated[str, Meta(description="Why it seems to be written by a machine.")] | None
    problems: Annotated[list[str], Meta(description="What was broken, and how it was read nevertheless.")]
    shortened: Annotated[bool, Meta(description="Whether texts or lists are longer than shown.")]


class ReleasedOut(Struct, frozen=True):
    """What became of a mail that was let in or processed again."""

    id: str
    outcome: Outcome
    ticket_id: str | None
    message_id: str | None


class BlockIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to block: who sent the mail, or everybody of their domain and its subdomains."""

    scope: Literal["address", "domain"] = "address"


class BlockedIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to block."""

    pattern: Annotated[str, Meta(min_length=3, max_length=254, examples=["spam.example", "eve@example.org"])]


class BlockedSenderOut(Struct, frozen=True):
    """A blocked sender: an address, or a domain, which stands for its subdomains too."""

    id: str
    pattern: str
    blocked_by: Annotated[str, Meta(description="Id of an agent.")]
    at: Instant


class BlockedSendersOut(Struct, frozen=True):
    """All blocked senders, newest first."""

    items: list[BlockedSenderOut]
    next_cursor: str | None = None


class MailsQuery(Struct, frozen=True):
    """Which mails."""

    outcome: Outcome | None = None
    month: (
        Annotated[
            str,
            Meta(
                pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
                description="In which they came, as `2026-11`; this month if left out. `received` and `suspended` mails"
                " are listed whatever their age.",
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class MailOut(Struct, frozen=True):
    """What became of a raw mail."""

    id: str
    received_at: Instant
    settled_at: Instant | None
    outcome: Outcome
    reasons: list[str]
    sender: str | None
    recipients: list[str]
    subject: str | None
    size: Annotated[int, Meta(description="Bytes.")]
    ticket_id: str | None
    message_id: str | None
    released_by: str | None
    deleted_by: str | None


class MailsOut(Struct, frozen=True):
    """A page of the ledger, newest first."""

    items: list[MailOut]
    next_cursor: str | None


class MissingQuery(Struct, frozen=True):
    """Of which time."""

    since: Annotated[str, Meta(max_length=40, description="RFC 3339; a week ago if left out.")] | None = None
    until: Annotated[str, Meta(max_length=40, description="RFC 3339; five minutes ago if left out.")] | None = None
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class MissingMailOut(Struct, frozen=True):
    """A raw mail that is not accounted for."""

    id: str
    received_at: Instant
    size: Annotated[int, Meta(description="Bytes.")]
    state: Annotated[
        Literal["no_entry", "unfinished"],
        Meta(description="`unfinished`: it has an entry, but nothing came of it yet."),
    ]


class MissingMailsOut(Struct, frozen=True):
    """A part of the bucket, compared with the ledger; go on until `next_cursor` is null."""

    items: list[MissingMailOut]
    looked_at: int
    next_cursor: str | None
