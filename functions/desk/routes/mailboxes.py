"""Mailboxes: addresses that customers write to, and how mails from there look."""

import msgspec

from functions.desk.routes.configuration import IF_MATCH
from functions.desk.schemas import mailboxes as schemas
from helpdesk import bootstrap
from helpdesk.desk.model import Letterhead, Mailbox
from helpdesk.mail.letterhead import MAILBOX_KIND, set_letterhead
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header


def list_mailboxes(call: Call) -> Reply:
    """All mailboxes."""
    del call
    found = sorted(bootstrap.desk().mailboxes.values(), key=lambda mailbox: mailbox.id)
    return Reply(schemas.MailboxesOut([_out(mailbox) for mailbox in found]))


def save_mailbox(call: Call) -> Reply:
    """Adds a mailbox, or changes one; without a letterhead its mails look as they did."""
    body: schemas.MailboxIn = call.body
    mailbox_id = call.params["id"]
    before = bootstrap.desk_store().load().mailboxes.get(mailbox_id)
    if body.letterhead is not None:
        letterhead = msgspec.convert(msgspec.to_builtins(body.letterhead), Letterhead)
    else:
        letterhead = before.letterhead if before is not None else Letterhead()
    wanted = Mailbox(mailbox_id, body.address, body.name, body.group, body.language, letterhead)
    made = bootstrap.configuration().put(MAILBOX_KIND, mailbox_id, wanted, seen=seen_header(call))
    out = _out(made)
    return Reply(out, headers={"etag": f'"{out.version}"'})


def delete_mailbox(call: Call) -> Reply:
    """Takes a mailbox away: what is sent to its address from then on goes to the first that is left."""
    bootstrap.configuration().remove(MAILBOX_KIND, call.params["id"], seen=seen_header(call))
    return Reply()


def save_letterhead(call: Call) -> Reply:
    """How a mailbox's mails look from now on."""
    wanted = msgspec.convert(msgspec.to_builtins(call.body), Letterhead)
    return Reply(_out(set_letterhead(bootstrap.desk_store(), call.params["id"], wanted, seen=seen_header(call))))


def _out(mailbox: Mailbox) -> schemas.MailboxOut:
    letterhead = msgspec.convert(msgspec.to_builtins(mailbox.letterhead), schemas.LetterheadIO)
    version = bootstrap.desk().versions.get((MAILBOX_KIND.name, mailbox.id), 0)
    return schemas.MailboxOut(
        mailbox.id, mailbox.address, mailbox.name, mailbox.group, mailbox.language, letterhead, version
    )


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
        "PUT /v1/mailboxes/{id}",
        name="saveMailbox",
        summary="Add or change a mailbox",
        handle=save_mailbox,
        needs=Permission.CONFIGURE,
        body=schemas.MailboxIn,
        response=schemas.MailboxOut,
        headers=IF_MATCH,
        errors={409: "There are too many already, or it is not at the version in `If-Match`."},
        tag="Mail templates",
    ),
    Endpoint(
        "DELETE /v1/mailboxes/{id}",
        name="deleteMailbox",
        summary="Take a mailbox away",
        description="Its tickets are answered from the first that is left, which also takes what is sent to it.",
        handle=delete_mailbox,
        needs=Permission.CONFIGURE,
        status=204,
        headers=IF_MATCH,
        errors={409: "Something else uses it (`detail` says what), or it is not at the version in `If-Match`."},
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
