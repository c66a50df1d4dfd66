"""Mail that was held back: looked at, and let in."""

from functions.desk.schemas import mails as schemas
from functions.desk.schemas.tickets import PageQuery
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.mail.rules import Outcome
from helpdesk.people.model import Role
from helpdesk.platform.http import Call, Endpoint, Reply


def list_suspended(call: Call) -> Reply:
    """A page of suspended mails."""
    query: PageQuery = call.query
    signer = bootstrap.signer()
    position = signer.read_cursor("suspended-mails", query.cursor, call.now)
    page = bootstrap.inbound_mail().entries(Outcome.SUSPENDED, limit=query.limit, position=position)
    items = [
        schemas.SuspendedMailOut(
            id=entry.arrival.id,
            received_at=format_instant(entry.arrival.at),
            sender=entry.sender,
            recipients=list(entry.arrival.recipients),
            subject=entry.subject,
            size=entry.size,
            reasons=list(entry.because),
        )
        for entry in page.items
    ]
    return Reply(schemas.SuspendedMailsOut(items, signer.sign_cursor("suspended-mails", page.next_position)))


def release(call: Call) -> Reply:
    """Lets a mail in."""
    entry = bootstrap.inbound_mail().release(call.params["id"], call.agent.id)
    return Reply(schemas.ReleasedOut(entry.arrival.id, entry.outcome, entry.ticket_id, entry.message_id))


ENDPOINTS = (
    Endpoint(
        "GET /v1/suspended-mails",
        name="listSuspendedMails",
        summary="Mail that was held back, newest first",
        handle=list_suspended,
        role=Role.AGENT,
        query=PageQuery,
        response=schemas.SuspendedMailsOut,
        tag="Mail",
    ),
    Endpoint(
        "POST /v1/suspended-mails/{id}/release",
        name="releaseSuspendedMail",
        summary="Let a mail in that was held back",
        handle=release,
        role=Role.AGENT,
        response=schemas.ReleasedOut,
        errors={409: "It is not suspended, or cannot be read."},
        tag="Mail",
    ),
)
