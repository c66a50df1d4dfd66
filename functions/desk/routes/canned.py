"""Canned responses: finding, reading, writing and using them; signatures."""

from functions.desk.schemas import canned as schemas
from helpdesk import bootstrap
from helpdesk.canned.model import Body, CannedResponse
from helpdesk.canned.placeholders import PLACEHOLDERS
from helpdesk.canned.rules import may_edit
from helpdesk.canned.service import Filter, Preview, Wish
from helpdesk.channels.service import body_hash
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.text import clean
from helpdesk.people.model import Role
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, version_header

TAG = "Canned responses"
IF_MATCH = {"If-Match": 'The version that was seen, as `"7"`; it is in `ETag` and `version`.'}
KEY = {"Idempotency-Key": "Makes a repetition of the call give what the first one made."}


def list_canned(call: Call) -> Reply:
    """A page of canned responses."""
    query: schemas.TemplatesQuery = call.query
    signer = bootstrap.signer()
    position = signer.read_cursor("canned", query.cursor, call.now)
    wanted = filter_of(query)
    page = bootstrap.canned().page(wanted, call.agent, limit=query.limit, position=position)
    items = [_out(item, call) for item in page.items]
    folders = bootstrap.canned().folders(call.agent)
    return Reply(schemas.CannedListOut(items, signer.sign_cursor("canned", page.next_position), folders))


def get_canned(call: Call) -> Reply:
    """A canned response."""
    return _reply(bootstrap.canned().library.get(call.params["id"], call.agent), call)


def create_canned(call: Call) -> Reply:
    """Adds a canned response."""
    key = idempotency_header(call)
    made_from = body_hash(call.raw) if key is not None else ""
    return _reply(bootstrap.canned().create(_wish(call.body), call.agent, key=key, made_from=made_from), call)


def replace_canned(call: Call) -> Reply:
    """Changes a canned response."""
    version = version_header(call)
    return _reply(bootstrap.canned().change(call.params["id"], _wish(call.body), call.agent, version=version), call)


def delete_canned(call: Call) -> Reply:
    """Removes a canned response."""
    bootstrap.canned().library.delete(call.params["id"], call.agent, version=version_header(call))
    return Reply()


def preview_canned(call: Call) -> Reply:
    """Fills a canned response for a ticket."""
    body: schemas.CannedPreviewIn = call.body
    ticket = bootstrap.agent_desk().get(body.ticket_id)
    found = bootstrap.canned().preview(call.params["id"], ticket, call.agent, language=body.language, used=body.insert)
    return Reply(preview_out(found))


def list_placeholders(call: Call) -> Reply:
    """All placeholders."""
    del call
    return Reply(schemas.PlaceholdersOut([schemas.PlaceholderOut(*one) for one in PLACEHOLDERS.items()]))


def get_signature(call: Call) -> Reply:
    """What the caller ends answers with."""
    return Reply(schemas.SignatureOut(bootstrap.signatures().get(call.agent.id)))


def put_signature(call: Call) -> Reply:
    """Changes what the caller ends answers with."""
    body: schemas.SignatureIn = call.body
    text = clean(body.text).strip()
    bootstrap.signatures().put(call.agent.id, text)
    return Reply(schemas.SignatureOut(text))


def filter_of(query: schemas.TemplatesQuery) -> Filter:
    """Which templates a query wants."""
    return Filter(query.scope, query.group, query.folder, query.q or "")


def bodies_of(bodies: dict[schemas.Language, schemas.BodyIn]) -> dict[str, Body]:
    """Bodies as they were sent."""
    return {language: Body(body.text, body.html) for language, body in bodies.items()}


def preview_out(found: Preview) -> schemas.PreviewOut:
    """A filled text."""
    return schemas.PreviewOut(
        found.language, found.body.text, found.body.html, list(found.empty), list(found.fallbacks)
    )


def _wish(body: schemas.CannedIn) -> Wish:
    return Wish(body.title, body.folder, body.scope, body.group, bodies_of(body.bodies))


def _reply(item: CannedResponse, call: Call) -> Reply:
    return Reply(_out(item, call), headers={"etag": f'"{item.version}"'})


def _out(item: CannedResponse, call: Call) -> schemas.CannedOut:
    return schemas.CannedOut(
        id=item.id,
        version=item.version,
        title=item.title,
        folder=item.folder,
        scope=item.sharing.scope,
        group=item.sharing.owner if item.sharing.scope == "group" else None,
        bodies={language: schemas.BodyOut(body.text, body.html) for language, body in item.bodies.items()},
        uses=bootstrap.canned().library.uses(item.id),
        editable=may_edit(item.sharing, call.agent),
        created_by=item.created_by,
        created_at=format_instant(item.created_at),
        updated_by=item.updated_by,
        updated_at=format_instant(item.updated_at),
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/canned-responses",
        name="listCannedResponses",
        summary="Canned responses that you may use, by folder and title or best fit first",
        handle=list_canned,
        role=Role.AGENT,
        query=schemas.TemplatesQuery,
        response=schemas.CannedListOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/canned-responses",
        name="createCannedResponse",
        summary="Add a canned response",
        handle=create_canned,
        role=Role.AGENT,
        body=schemas.CannedIn,
        response=schemas.CannedOut,
        status=201,
        errors={409: "There are too many.", 422: "The Idempotency-Key came with another body before."},
        headers=KEY,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/canned-responses/{id}",
        name="getCannedResponse",
        summary="A canned response",
        handle=get_canned,
        role=Role.AGENT,
        response=schemas.CannedOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/canned-responses/{id}",
        name="replaceCannedResponse",
        summary="Change a canned response",
        handle=replace_canned,
        role=Role.AGENT,
        body=schemas.CannedIn,
        response=schemas.CannedOut,
        errors={409: "It has a newer version than If-Match names."},
        headers=IF_MATCH,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/canned-responses/{id}",
        name="deleteCannedResponse",
        summary="Remove a canned response",
        handle=delete_canned,
        role=Role.AGENT,
        status=204,
        errors={409: "It has a newer version than If-Match names."},
        headers=IF_MATCH,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/canned-responses/{id}/preview",
        name="previewCannedResponse",
        summary="A canned response as it would be put into an answer to a ticket",
        handle=preview_canned,
        role=Role.AGENT,
        body=schemas.CannedPreviewIn,
        response=schemas.PreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/placeholders",
        name="listPlaceholders",
        summary="What can stand in texts for what differs",
        handle=list_placeholders,
        role=Role.AGENT,
        response=schemas.PlaceholdersOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/me/signature",
        name="getSignature",
        summary="What you end answers with",
        handle=get_signature,
        role=Role.AGENT,
        response=schemas.SignatureOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/me/signature",
        name="putSignature",
        summary="Change what you end answers with",
        handle=put_signature,
        role=Role.AGENT,
        body=schemas.SignatureIn,
        response=schemas.SignatureOut,
        tag=TAG,
    ),
)
