"""What the desk knows of one inbound mail once it is read, so that nobody else ever touches MIME.

Everything here is plain frozen data: made by `helpdesk.mail.parse.parse_mail`, read by intake, rules and `mail explain`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type Language = Literal["ko", "ja", "zh", "en"]
type Protection = Literal["none", "signed", "encrypted"]

OWN_LOOP_HEADER = "X-Helpdesk-Loop"
"""The header every mail of a desk carries; its value names the desk. A mail that comes back with it is our own."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One person or address of an address header.

    Attributes:
        name: display name, decoded, without quotes; None when the header has none. Untrusted text: escape it.
        address: `local@domain` as written; the bare word when the header holds nothing else (local daemons write so); ""
            when there is only a name.
    """

    name: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of the mail, decoded.

    Attributes:
        filename: decoded and without folders or control characters; None when the sender gave none.
        content_type: lower case `type/subtype` as declared.
        size: bytes of `content`.
        inline: True when the shown HTML refers to it by `cid:`; then it belongs into the text, not into the list of files.
        content_id: without angle brackets; None when the sender gave none.
        content: the decoded bytes.
    """

    filename: str | None
    content_type: str
    size: int
    inline: bool
    content_id: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours (or pretending to be) that could not be delivered.

    Attributes:
        recipients: addresses that failed, as the report names them; may be empty.
        status: enhanced status code (RFC 3463) such as "5.1.1"; None when the report has none.
        diagnostic: what the other server said, in one line, bounded; None when nothing was found.
        hard: True when trying again is useless (5.x.x, unknown user or host), False for delays and full mailboxes.
        original_message_id: Message-ID of the mail that failed, without angle brackets.
        original_references: In-Reply-To and References of the mail that failed.
    """

    recipients: tuple[str, ...]
    status: str | None
    diagnostic: str | None
    hard: bool
    original_message_id: str | None = None
    original_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """An abuse or authentication report (RFC 5965) of a mail that somebody called spam."""

    feedback_type: str
    original_recipients: tuple[str, ...]
    original_message_id: str | None
    original_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarInvite:
    """A calendar part (RFC 5545), in the words of its first event.

    Attributes:
        method: upper case: REQUEST, REPLY, CANCEL, PUBLISH ...
        summary: title of the event.
        starts: as written in the invite, with its time zone when named ("2026-03-01 09:00 Asia/Seoul").
        ends: the same.
        location: where.
        organizer: address of the organizer.
    """

    method: str
    summary: str
    starts: str
    ends: str
    location: str
    organizer: str


@dataclass(frozen=True, slots=True)
class InboundMail:
    r"""One mail, read and bounded. Message ids are without angle brackets; texts use "\n" and are NFC-normalised.

    Attributes:
        message_id: None when absent or unreadable.
        in_reply_to: first id of In-Reply-To.
        references: ids of References in order, oldest first, with those of In-Reply-To appended when missing.
        from_: author; None without a readable From header.
        sender: Sender header (who submitted it for the author).
        reply_to: where answers are wished for.
        to: To header.
        cc: Cc header.
        delivered_to: lower case addresses of Delivered-To, X-Original-To, Envelope-To, X-Forwarded-To and the like.
        return_path: envelope sender: "" for the null sender of machines, None when unknown.
        subject: decoded, one line.
        date: of the Date header, aware UTC; None when absent or impossible.
        text: the full readable text (from plain parts, else from HTML).
        html: raw HTML of the body, parts joined; None for a mail without HTML. Never show it.
        html_sanitized: what may be shown: nothing active, links opened safely, remote images held back.
        remote_images: True when images were held back (their address is in `data-remote-src`).
        reply_text: what is new: `text` without quoted history and signature; answers between quoted lines are kept.
        reply_html: `html_sanitized` without quoted history and signature; None without HTML or when it cannot be told.
        attachments: files, inline images included.
        language: by script and frequent words; None when neither tells.
        auto_submitted: True for whatever no human wrote to us: never answer it.
        auto_reason: why, in words a colleague understands; None when not `auto_submitted`.
        vacation: True for automatic answers (out of office and the like), False for other machine mail.
        bounce: a delivery that failed; None for all other mail.
        feedback_report: None for all other mail.
        mailing_list: True for mail of a list or a newsletter.
        list_id: of the List-Id header, without brackets.
        calendar: first calendar invite of the mail.
        protection: "encrypted" when we cannot read the body (PGP, S/MIME); "signed" when it carries a signature.
        loop_marks: values of loop headers (ours and X-Loop and their kind), as written.
        ticket_numbers: numbers after "#" in the subject, in order; a hint, never a proof.
        address_tags: what stands after "+" in our recipients' local parts, in order: where a signed token travels.
        forwarded_from: author of a mail that was forwarded by hand inside this one, as its quoted header says.
        headers: all headers of the top level, decoded, in order, bounded.
        size: of the raw mail in bytes.
        problems: what was broken and how it was read nevertheless.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    from_: Mailbox | None
    sender: Mailbox | None
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    delivered_to: tuple[str, ...]
    return_path: str | None
    subject: str
    date: datetime | None
    text: str
    html: str | None
    html_sanitized: str | None
    remote_images: bool
    reply_text: str
    reply_html: str | None
    attachments: tuple[Attachment, ...]
    language: Language | None
    auto_submitted: bool
    auto_reason: str | None
    vacation: bool
    bounce: Bounce | None
    feedback_report: FeedbackReport | None
    mailing_list: bool
    list_id: str | None
    calendar: CalendarInvite | None
    protection: Protection
    loop_marks: tuple[str, ...]
    ticket_numbers: tuple[int, ...]
    address_tags: tuple[str, ...]
    forwarded_from: Mailbox | None
    headers: tuple[tuple[str, str], ...]
    size: int
    problems: tuple[str, ...]

    def header(self, name: str) -> str | None:
        """The first value of a top-level header, names compared without case; None when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
