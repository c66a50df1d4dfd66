"""What an agent is writing and has not sent."""

from functions.desk.schemas import together as schemas
from helpdesk import bootstrap
from helpdesk.drafts.model import Draft, DraftKind, Writing
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, version_header

TAG = "Drafts"


def get_drafts(call: Call) -> Reply:
    """The caller's drafts on a ticket."""
    found = bootstrap.drafts().of_ticket(call.params["id"], call.agent)
    reply, note = (found.get(kind.value) for kind in (DraftKind.REPLY, DraftKind.NOTE))
    return Reply(
        schemas.TicketDraftsOut(
            _out(reply) if reply is not None else None,
            _out(note) if note is not None else None,
            [_out(one) for one in found.values() if one.kind is DraftKind.SIDE],
        )
    )


def put_draft(call: Call) -> Reply:
    """Keeps what is written so far."""
    body: schemas.DraftIn = call.body
    if body.kind is not DraftKind.NOTE:
        call.require(Permission.REPLY)
    writing = Writing(body.kind, body.body, body.based_on, body.side_id, body.to, body.subject)
    draft = bootstrap.drafts().put(call.params["id"], writing, call.agent, version=version_header(call))
    return Reply(_out(draft), headers={"etag": f'"{draft.version}"'})


def delete_draft(call: Call) -> Reply:
    """Forgets a draft."""
    query: schemas.DraftQuery = call.query
    bootstrap.drafts().delete(call.params["id"], query.kind, call.agent, side_id=query.side_id)
    return Reply()


def list_drafts(call: Call) -> Reply:
    """The caller's drafts on all tickets."""
    query: schemas.DraftsQuery = call.query
    return Reply(schemas.DraftsOut([_out(one) for one in bootstrap.drafts().of_agent(call.agent, limit=query.limit)]))


def _out(draft: Draft) -> schemas.DraftOut:
    return schemas.DraftOut(
        ticket_id=draft.ticket_id,
        kind=draft.kind,
        version=draft.version,
        body=draft.body,
        based_on=draft.based_on,
        side_id=draft.side_id,
        to=draft.to,
        subject=draft.subject,
        updated_at=format_instant(draft.updated_at),
        keep_until=format_instant(draft.keep_until),
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets/{id}/draft",
        name="getDraft",
        summary="What you are writing on a ticket",
        handle=get_drafts,
        needs=Permission.READ,
        response=schemas.TicketDraftsOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/tickets/{id}/draft",
        name="putDraft",
        summary="Keep what you are writing on a ticket, for 30 days from the last change",
        handle=put_draft,
        needs=Permission.NOTE,
        body=schemas.DraftIn,
        response=schemas.DraftOut,
        errors={409: "It was changed elsewhere; read it before writing over it."},
        headers={"If-Match": 'The draft\'s version that was seen, as `"7"`; `"0"`: there is none yet.'},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/draft",
        name="deleteDraft",
        summary="Forget what you were writing on a ticket",
        handle=delete_draft,
        needs=Permission.READ,
        query=schemas.DraftQuery,
        status=204,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/drafts",
        name="listDrafts",
        summary="What you are writing anywhere",
        handle=list_drafts,
        needs=Permission.READ,
        query=schemas.DraftsQuery,
        response=schemas.DraftsOut,
        tag=TAG,
    ),
)
