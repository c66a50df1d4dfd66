"""Raw mail: what was held back is looked at, let in, blocked or deleted; all of it is accounted for."""

from datetime import timedelta
from typing import Final, TypedDict

from functions.desk.schemas import mails as schemas
from functions.desk.schemas.tickets import PageQuery, instant
from helpdesk import bootstrap
from helpdesk.desk.model import BlockedSender
from helpdesk.kernel.clock import format_instant
from helpdesk.mail.ledger import LedgerEntry
from helpdesk.mail.model import InboundMail
from helpdesk.people.roles import Permission
from helpdesk.platform.caller import called_by
from helpdesk.platform.http import Call, Endpoint, Reply, instant_of

_SHOWN_HEADERS: Final = [
    "From",
    "Sender",
    "Reply-To",
    "Return-Path",
    "To",
    "Cc",
    "Date",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "Authentication-Results",
    "Received-SPF",
    "X-Mailer",
    "User-Agent",
    "X-SES-Spam-Verdict",
    "X-SES-Virus-Verdict",
]
_LONGEST_TEXT: Final = 100_000
_LONGEST_HTML: Final = 500_000
_MOST_FILES: Final = 100
_A_WEEK: Final = timedelta(days=7)
_IN_FLIGHT: Final = timedelta(minutes=5)
"""Mail younger than this may still be dealt with: the function may take a minute, and is tried again."""


# --- what waits for a decision ---


def list_suspended(call: Call) -> Reply:
    """A page of suspended mails."""
    query: PageQuery = call.query
    signer = bootstrap.signer()
    position = signer.read_cursor("suspended-mails", query.cursor, call.now)
    page = bootstrap.mail_registry().suspended(limit=query.limit, position=position)
    items = [schemas.SuspendedMailOut(**_suspended(entry)) for entry in page.items]
    return Reply(schemas.SuspendedMailsOut(items, signer.sign_cursor("suspended-mails", page.next_position)))


def preview(call: Call) -> Reply:
    """A suspended mail with what is in it."""
    entry, mail = bootstrap.mail_registry().preview(call.params["id"])
    verdicts = entry.arrival.verdicts
    shown = schemas.VerdictsOut(verdicts.spam, verdicts.virus, verdicts.spf, verdicts.dkim, verdicts.dmarc)
    if mail is None:
        return Reply(
            schemas.SuspendedMailPreviewOut(
                **_suspended(entry),
                verdicts=shown,
                headers=[],
                body_text=None,
                body_html=None,
                remote_images=False,
                attachments=[],
                automatic=None,
                problems=[],
                shortened=True,
            )
        )
    html = mail.html_sanitized
    fits = html is not None and len(html) <= _LONGEST_HTML
    return Reply(
        schemas.SuspendedMailPreviewOut(
            **_suspended(entry),
            verdicts=shown,
            headers=_headers(mail),
            body_text=mail.text[:_LONGEST_TEXT],
            body_html=html if fits else None,
            remote_images=mail.remote_images,
            attachments=[
                schemas.MailFileOut(file.filename, file.content_type, file.size, file.inline)
                for file in mail.attachments[:_MOST_FILES]
            ],
            automatic=mail.auto_reason,
            problems=list(mail.problems),
            shortened=len(mail.text) > _LONGEST_TEXT
            or (html is not None and not fits)
            or len(mail.attachments) > _MOST_FILES,
        )
    )


def release(call: Call) -> Reply:
    """Lets a mail in."""
    with called_by(None):  # where a mail belongs does not depend on what its releaser may see
        return _came_of(bootstrap.inbound_mail().release(call.params["id"], call.agent.id))


def block_sender(call: Call) -> Reply:
    """Blocks who sent a mail."""
    body: schemas.BlockIn = call.body
    whole_domain = body.scope == "domain"
    if whole_domain:
        call.require(Permission.SUPERVISE)
    sender = bootstrap.mail_registry().block_sender_of(call.params["id"], call.agent.id, whole_domain=whole_domain)
    return Reply(_blocked(sender))


def delete(call: Call) -> Reply:
    """Deletes a suspended mail for good."""
    bootstrap.mail_registry().delete(call.params["id"], call.agent.id)
    return Reply()


# --- blocked senders ---


def list_blocked(call: Call) -> Reply:
    """All blocked senders."""
    del call
    return Reply(schemas.BlockedSendersOut([_blocked(sender) for sender in bootstrap.mail_registry().blocked()]))


def block(call: Call) -> Reply:
    """Blocks an address or a domain."""
    body: schemas.BlockedIn = call.body
    return Reply(_blocked(bootstrap.mail_registry().block(body.pattern, call.agent.id)))


def unblock(call: Call) -> Reply:
    """Lets a sender's mail in again."""
    bootstrap.mail_registry().unblock(call.params["id"])
    return Reply()


# --- the ledger ---


def list_mails(call: Call) -> Reply:
    """A page of the ledger."""
    query: schemas.MailsQuery = call.query
    signer = bootstrap.signer()
    month = query.month or format_instant(call.now)[:7]
    name = f"mails/{query.outcome or ''}/{month}"
    position = signer.read_cursor(name, query.cursor, call.now)
    page = bootstrap.mail_registry().entries(query.outcome, month, limit=query.limit, position=position)
    items = [_mail(entry) for entry in page.items]
    return Reply(schemas.MailsOut(items, signer.sign_cursor(name, page.next_position)))


def list_missing(call: Call) -> Reply:
    """Raw mails that are not accounted for."""
    query: schemas.MissingQuery = call.query
    since = instant_of("since", query.since) or call.now - _A_WEEK
    until = instant_of("until", query.until) or call.now - _IN_FLIGHT
    signer = bootstrap.signer()
    position = signer.read_cursor("missing-mails", query.cursor, call.now)
    found = bootstrap.mail_registry().missing(since, until, position)
    items = [
        schemas.MissingMailOut(mail.id, format_instant(mail.at), mail.size, state="no_entry") for mail in found.mails
    ]
    items += [
        schemas.MissingMailOut(entry.arrival.id, format_instant(entry.arrival.at), entry.size, state="unfinished")
        for entry in found.unfinished
    ]
    cursor = signer.sign_cursor("missing-mails", found.next_position)
    return Reply(schemas.MissingMailsOut(items, found.looked_at, cursor))


def reprocess(call: Call) -> Reply:
    """Processes a mail once more."""
    with called_by(None):  # as above
        return _came_of(bootstrap.inbound_mail().again(call.params["id"]))


# --- parts ---


class _Suspended(TypedDict):
    """What lists and previews of suspended mail share."""

    id: str
    received_at: str
    sender: str | None
    sender_name: str | None
    recipients: list[str]
    subject: str | None
    size: int
    reasons: list[str]


def _suspended(entry: LedgerEntry) -> _Suspended:
    return {
        "id": entry.arrival.id,
        "received_at": format_instant(entry.arrival.at),
        "sender": entry.sender,
        "sender_name": entry.sender_name,
        "recipients": list(entry.arrival.recipients),
        "subject": entry.subject,
        "size": entry.size,
        "reasons": list(entry.because),
    }


def _headers(mail: InboundMail) -> list[schemas.HeaderOut]:
    shown = {name.lower() for name in _SHOWN_HEADERS}
    found = [(name, value[:1000]) for name, value in mail.headers if name.lower() in shown]
    return [schemas.HeaderOut(name, value) for name, value in found[:50]]


def _came_of(entry: LedgerEntry) -> Reply:
    return Reply(schemas.ReleasedOut(entry.arrival.id, entry.outcome, entry.ticket_id, entry.message_id))


def _blocked(sender: BlockedSender) -> schemas.BlockedSenderOut:
    return schemas.BlockedSenderOut(sender.id, sender.pattern, sender.blocked_by, format_instant(sender.at))


def _mail(entry: LedgerEntry) -> schemas.MailOut:
    return schemas.MailOut(
        id=entry.arrival.id,
        received_at=format_instant(entry.arrival.at),
        settled_at=instant(entry.settled_at),
        outcome=entry.outcome,
        reasons=list(entry.because),
        sender=entry.sender,
        recipients=list(entry.arrival.recipients),
        subject=entry.subject,
        size=entry.size,
        ticket_id=entry.ticket_id,
        message_id=entry.message_id,
        released_by=entry.released_by,
        deleted_by=entry.deleted_by,
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/suspended-mails",
        name="listSuspendedMails",
        summary="Mail that was held back, newest first",
        handle=list_suspended,
        needs=Permission.HANDLE_MAIL,
        query=PageQuery,
        response=schemas.SuspendedMailsOut,
        tag="Mail",
    ),
    Endpoint(
        "GET /v1/suspended-mails/{id}",
        name="getSuspendedMail",
        summary="What is in a mail that was held back, made safe to look at",
        handle=preview,
        needs=Permission.HANDLE_MAIL,
        response=schemas.SuspendedMailPreviewOut,
        tag="Mail",
    ),
    Endpoint(
        "POST /v1/suspended-mails/{id}/release",
        name="releaseSuspendedMail",
        summary="Let a mail in that was held back",
        handle=release,
        needs=Permission.HANDLE_MAIL,
        response=schemas.ReleasedOut,
        errors={409: "It is not suspended, or cannot be read."},
        tag="Mail",
    ),
    Endpoint(
        "POST /v1/suspended-mails/{id}/block",
        name="blockSender",
        summary="Block who sent a mail that was held back; a whole domain: supervisors only",
        handle=block_sender,
        needs=Permission.HANDLE_MAIL,
        body=schemas.BlockIn,
        response=schemas.BlockedSenderOut,
        errors={409: "It names no sender, or too many are blocked already."},
        tag="Mail",
    ),
    Endpoint(
        "DELETE /v1/suspended-mails/{id}",
        name="deleteSuspendedMail",
        summary="Delete a mail for good that was held back",
        handle=delete,
        needs=Permission.HANDLE_MAIL,
        status=204,
        errors={409: "Somebody dealt with it in the meantime."},
        tag="Mail",
    ),
    Endpoint(
        "GET /v1/blocked-senders",
        name="listBlockedSenders",
        summary="Senders whose mail is held back",
        handle=list_blocked,
        needs=Permission.SUPERVISE,
        response=schemas.BlockedSendersOut,
        tag="Mail",
    ),
    Endpoint(
        "POST /v1/blocked-senders",
        name="addBlockedSender",
        summary="Block an address or a domain",
        handle=block,
        needs=Permission.SUPERVISE,
        body=schemas.BlockedIn,
        response=schemas.BlockedSenderOut,
        status=201,
        errors={409: "Too many are blocked already."},
        tag="Mail",
    ),
    Endpoint(
        "DELETE /v1/blocked-senders/{id}",
        name="removeBlockedSender",
        summary="Let a sender's mail in again",
        handle=unblock,
        needs=Permission.SUPERVISE,
        status=204,
        tag="Mail",
    ),
    Endpoint(
        "GET /v1/mails",
        name="listMails",
        summary="The ledger: every raw mail that was taken, and what became of it; newest first",
        handle=list_mails,
        needs=Permission.SUPERVISE,
        query=schemas.MailsQuery,
        response=schemas.MailsOut,
        tag="Mail",
    ),
    Endpoint(
        "GET /v1/mails/missing",
        name="listMissingMails",
        summary="Raw mails that the ledger does not account for",
        handle=list_missing,
        needs=Permission.SUPERVISE,
        query=schemas.MissingQuery,
        response=schemas.MissingMailsOut,
        tag="Mail",
    ),
    Endpoint(
        "POST /v1/mails/{id}/reprocess",
        name="reprocessMail",
        summary="Process a mail once more, after a fix; nothing is doubled",
        handle=reprocess,
        needs=Permission.SUPERVISE,
        response=schemas.ReleasedOut,
        errors={409: "It was deleted."},
        tag="Mail",
    ),
)
