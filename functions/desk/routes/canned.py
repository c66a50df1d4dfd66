"""Canned responses: finding, reading, writing and using them; signatures."""

from functions.desk.schemas import canned as schemas
from functions.desk.shelf import Names, Shelf, told
from helpdesk import bootstrap
from helpdesk.canned.model import Body, CannedResponse
from helpdesk.canned.placeholders import PLACEHOLDERS
from helpdesk.canned.service import Preview, Wish
from helpdesk.kernel.text import clean
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply

TAG = "Canned responses"


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


def _out(item: CannedResponse, call: Call) -> schemas.CannedOut:
    bodies = {language: schemas.BodyOut(body.text, body.html) for language, body in item.bodies.items()}
    return schemas.CannedOut(bodies=bodies, **told(item, bootstrap.canned().library, call))


SHELF = Shelf(
    Names(
        "/v1/canned-responses",
        many="CannedResponses",
        one="CannedResponse",
        noun="canned response",
        nouns="canned responses",
        tag=TAG,
    ),
    bootstrap.canned,
    _wish,
    _out,
    body=schemas.CannedIn,
    one=schemas.CannedOut,
    page=schemas.CannedListOut,
    pages=schemas.CannedListOut,
)

ENDPOINTS = (
    *SHELF.endpoints(),
    Endpoint(
        "POST /v1/canned-responses/{id}/preview",
        name="previewCannedResponse",
        summary="A canned response as it would be put into an answer to a ticket",
        handle=preview_canned,
        needs=Permission.READ,
        body=schemas.CannedPreviewIn,
        response=schemas.PreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/placeholders",
        name="listPlaceholders",
        summary="What can stand in texts for what differs",
        handle=list_placeholders,
        needs=Permission.READ,
        response=schemas.PlaceholdersOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/me/signature",
        name="getSignature",
        summary="What you end answers with",
        handle=get_signature,
        needs=Permission.READ,
        response=schemas.SignatureOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/me/signature",
        name="putSignature",
        summary="Change what you end answers with",
        handle=put_signature,
        needs=Permission.REPLY,
        body=schemas.SignatureIn,
        response=schemas.SignatureOut,
        tag=TAG,
    ),
)
