"""Checklists: finding, reading and writing them. Putting one on a ticket is in `tasks`."""

from functions.desk.routes.canned import IF_MATCH, KEY, filter_of
from functions.desk.schemas import canned as canned_schemas
from functions.desk.schemas import checklists as schemas
from helpdesk import bootstrap
from helpdesk.canned.rules import may_edit
from helpdesk.channels.service import body_hash
from helpdesk.checklists.model import Checklist, ChecklistItem
from helpdesk.checklists.service import ChecklistWish
from helpdesk.kernel.clock import format_instant
from helpdesk.people.model import Role
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, version_header

TAG = "Checklists"
STALE = {409: "It has a newer version than If-Match names."}


def list_checklists(call: Call) -> Reply:
    """A page of checklists."""
    query: canned_schemas.TemplatesQuery = call.query
    signer = bootstrap.signer()
    position = signer.read_cursor("checklists", query.cursor, call.now)
    page = bootstrap.checklists().page(filter_of(query), call.agent, limit=query.limit, position=position)
    items = [_out(item, call) for item in page.items]
    cursor = signer.sign_cursor("checklists", page.next_position)
    return Reply(schemas.ChecklistsOut(items, cursor, bootstrap.checklists().folders(call.agent)))


def get_checklist(call: Call) -> Reply:
    """A checklist."""
    return _reply(bootstrap.checklists().library.get(call.params["id"], call.agent), call)


def create_checklist(call: Call) -> Reply:
    """Adds a checklist."""
    key = idempotency_header(call)
    made_from = body_hash(call.raw) if key is not None else ""
    return _reply(bootstrap.checklists().create(_wish(call.body), call.agent, key=key, made_from=made_from), call)


def replace_checklist(call: Call) -> Reply:
    """Changes a checklist."""
    version = version_header(call)
    return _reply(bootstrap.checklists().change(call.params["id"], _wish(call.body), call.agent, version=version), call)


def delete_checklist(call: Call) -> Reply:
    """Removes a checklist."""
    bootstrap.checklists().library.delete(call.params["id"], call.agent, version=version_header(call))
    return Reply()


def _wish(body: schemas.ChecklistIn) -> ChecklistWish:
    items = [ChecklistItem(item.titles, item.assignee, item.due_after_seconds) for item in body.items]
    return ChecklistWish(body.title, body.titles, items, body.scope, body.group, body.folder)


def _reply(item: Checklist, call: Call) -> Reply:
    return Reply(_out(item, call), headers={"etag": f'"{item.version}"'})


def _out(item: Checklist, call: Call) -> schemas.ChecklistOut:
    return schemas.ChecklistOut(
        id=item.id,
        version=item.version,
        title=item.title,
        titles=dict(item.titles),
        folder=item.folder,
        scope=item.sharing.scope,
        group=item.sharing.owner if item.sharing.scope == "group" else None,
        items=[schemas.ItemOut(dict(one.titles), one.assignee, one.due_after_seconds) for one in item.items],
        uses=bootstrap.checklists().library.uses(item.id),
        editable=may_edit(item.sharing, call.agent),
        created_by=item.created_by,
        created_at=format_instant(item.created_at),
        updated_by=item.updated_by,
        updated_at=format_instant(item.updated_at),
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/checklists",
        name="listChecklists",
        summary="Checklists that you may use, by folder and title or best fit first",
        handle=list_checklists,
        role=Role.AGENT,
        query=canned_schemas.TemplatesQuery,
        response=schemas.ChecklistsOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/checklists",
        name="createChecklist",
        summary="Add a checklist",
        handle=create_checklist,
        role=Role.AGENT,
        body=schemas.ChecklistIn,
        response=schemas.ChecklistOut,
        status=201,
        errors={409: "There are too many.", 422: "The Idempotency-Key came with another body before."},
        headers=KEY,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/checklists/{id}",
        name="getChecklist",
        summary="A checklist",
        handle=get_checklist,
        role=Role.AGENT,
        response=schemas.ChecklistOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/checklists/{id}",
        name="replaceChecklist",
        summary="Change a checklist; tickets it was put on keep their tasks",
        handle=replace_checklist,
        role=Role.AGENT,
        body=schemas.ChecklistIn,
        response=schemas.ChecklistOut,
        errors=STALE,
        headers=IF_MATCH,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/checklists/{id}",
        name="deleteChecklist",
        summary="Remove a checklist; tickets it was put on keep their tasks",
        handle=delete_checklist,
        role=Role.AGENT,
        status=204,
        errors=STALE,
        headers=IF_MATCH,
        tag=TAG,
    ),
)
