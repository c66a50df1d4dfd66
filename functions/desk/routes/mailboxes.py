"""Mailboxes and how their mails look."""

import msgspec

from functions.desk.schemas import mailboxes as schemas
from helpdesk import bootstrap
from helpdesk.desk.model import Letterhead, Mailbox
from helpdesk.mail.letterhead import set_letterhead
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header


def list_mailboxes(call: Call) -> Reply:
    """All mailboxes."""
    del call
    found = sorted(bootstrap.desk().mailboxes.values(), key=lambda mailbox: mailbox.id)
    return Reply(schemas.MailboxesOut([_out(mailbox) for mailbox in found]))


def save_letterhead(call: Call) -> Reply:
    """How a mailbox's mails look from now on."""
    wanted = msgspec.convert(msgspec.to_builtins(call.body), Letterhead)
    return Reply(_out(set_letterhead(bootstrap.desk_store(), call.params["id"], wanted, seen=seen_header(call))))


def _out(mailbox: Mailbox) -> schemas.MailboxOut:
    letterhead = msgspec.convert(msgspec.to_builtins(mailbox.letterhead), schemas.LetterheadIO)
    return schemas.MailboxOut(mailbox.id, mailbox.address, mailbox.name, mailbox.group, mailbox.language, letterhead)


ENDPOINTS = (
    Endpoint(
        "GET /v1/mailboxes",
        name="listMailboxes",
        summary="Mailboxes and how their mails look",
        handle=list_mailboxes,
        needs=Permission.CONFIGURE,
        response=schemas.MailboxesOut,
        tag="Mail templates",
    ),
    Endpoint(
        "PUT /v1/mailboxes/{id}/letterhead",
        name="saveLetterhead",
        summary="How a mailbox's mails look, are signed and name who sends them",
        handle=save_letterhead,
        needs=Permission.CONFIGURE,
        body=schemas.LetterheadIO,
        response=schemas.MailboxOut,
        tag="Mail templates",
    ),
)
