"""Requests, replies and uploads of customers, by HTTP."""

from dataclasses import replace
from functools import cache
from typing import Any

import msgspec

from helpdesk import bootstrap
from helpdesk.channels import schemas
from helpdesk.channels.model import Idempotency, NewRequest
from helpdesk.channels.service import as_opened, body_hash
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.platform.access import uploads_of
from helpdesk.platform.http import Answer, Api, Call, Endpoint, Event, Reply, idempotency_header
from helpdesk.platform.signing import Purpose, after
from helpdesk.tickets.model import Channel, Priority
from helpdesk.tickets.rules import expected_reply_by

_UPLOAD_VALID_SECONDS = 24 * 3600


def open_request(call: Call) -> Reply:
    """Opens a request."""
    body: schemas.RequestIn = call.body
    request = NewRequest(
        address=body.requester.email,
        name=body.requester.name,
        language=body.requester.locale,
        subject=body.subject,
        body=body.body,
        channel=Channel.WEB if call.headers.get("x-helpdesk-channel") == "web" else Channel.API,
        category=body.category,
        priority=body.priority or Priority.NORMAL,
        fields=body.fields,
        uploads=uploads_of(call, body.attachments, bootstrap.signer()),
        mailbox_id=_mailbox(call, body.brand),
    )
    opened = bootstrap.requests().open(request, ip=call.ip, idempotency=_idempotency(call, "requests"))
    due = expected_reply_by(opened.ticket)
    expected = format_instant(due) if due is not None else None
    out = schemas.OpenedOut(
        schemas.request_out(as_opened(opened.ticket), bootstrap.desk().statuses, expected), opened.access_token
    )
    return Reply(out, headers={"location": f"/v1/requests/{opened.ticket.id}"})


def _mailbox(call: Call, brand_id: str | None) -> str | None:
    """The mailbox that a request's mails are sent from: that of the brand it is opened under."""
    brand = bootstrap.brand_at(call, brand_id)
    if brand_id is not None and (brand is None or brand.id != brand_id):
        raise Invalid("Some fields are not valid.", [FieldError("/brand", "is no brand of this desk")])
    return brand.mailbox if brand is not None else None


def reply(call: Call) -> Reply:
    """Adds a requester's message."""
    body: schemas.ReplyIn = call.body
    asking = bootstrap.asking(call, writes=True)
    ticket_id = asking.ticket_id
    ticket, message = bootstrap.requests().reply(
        ticket_id,
        asking.owner_id,
        body.body,
        uploads=uploads_of(call, body.attachments, bootstrap.signer()),
        ip=call.ip,
        idempotency=_idempotency(call, f"replies/{ticket_id}"),
        speaker=asking.speaker,
    )
    # Made for who asked, whoever asks by now: a repetition of the call must not hand out another's token.
    token = (
        bootstrap.grant(replace(ticket, requester_id=asking.owner_id))
        if ticket.id != ticket_id and not asking.speaker
        else None
    )
    out = schemas.RepliedOut(
        schemas.request_out(ticket, bootstrap.desk().statuses),
        schemas.request_message_out(message, None, asking.person_id),
        token,
    )
    return Reply(out)


def prepare_upload(call: Call) -> Reply:
    """Prepares an upload. Its id is a signed token, so nothing is stored for files that never come."""
    body: schemas.UploadIn = call.body
    upload, target = bootstrap.requests().upload(body.filename, body.content_type, body.size, ip=call.ip)
    claims = msgspec.to_builtins(upload)
    token = bootstrap.signer().sign(Purpose.UPLOAD, claims, after(call.now, _UPLOAD_VALID_SECONDS))
    return Reply(schemas.UploadOut(token, target.url, dict(target.fields)))


def _idempotency(call: Call, scope: str) -> Idempotency | None:
    key = idempotency_header(call)
    return Idempotency(scope, key, body_hash(call.raw)) if key is not None else None


ENDPOINTS = (
    Endpoint(
        "POST /v1/requests",
        name="openRequest",
        summary="Open a request",
        description="Anybody may. The answer's token lets the requester read the request and write to it.",
        handle=open_request,
        body=schemas.RequestIn,
        response=schemas.OpenedOut,
        status=201,
        errors={422: "The Idempotency-Key came with another body before.", 429: "Too many requests."},
        headers={
            "Idempotency-Key": "Makes a repetition of the call give the first one's answer, for a day at least.",
            "X-Helpdesk-Channel": "`web` where a person filled in a form; the request's channel is `api` without it.",
        },
    ),
    Endpoint(
        "POST /v1/requests/{id}/messages",
        name="replyToRequest",
        summary="Write to a request",
        description="To a solved one: it is open again. To a closed one: another is opened that follows it.",
        handle=reply,
        body=schemas.ReplyIn,
        response=schemas.RepliedOut,
        status=201,
        token=True,
        errors={
            403: "The link is of a mail that others got, too: it only shows the request.",
            422: "The Idempotency-Key came with another body before.",
            429: "Too many calls.",
        },
        headers={"Idempotency-Key": "Makes a repetition of the call give the first one's answer, for a day at least."},
    ),
    Endpoint(
        "POST /v1/uploads",
        name="prepareUpload",
        summary="Prepare an upload",
        handle=prepare_upload,
        body=schemas.UploadIn,
        response=schemas.UploadOut,
        status=201,
        errors={429: "Too many calls."},
        tag="Files",
    ),
)


@cache
def _api() -> Api:
    return Api(ENDPOINTS, begin=bootstrap.begin, now=bootstrap.now, agents=bootstrap.agent)


def handler(event: Event, context: Any) -> Answer:  # noqa: ANN401 - Lambda's context is not used
    """Answers API Gateway."""
    del context
    return _api().answer(event)
