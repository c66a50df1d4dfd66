"""Macros: finding, reading, writing, previewing and running them; the quick search over them and canned responses."""

from collections.abc import Iterable
from typing import cast

import msgspec

from functions.desk.routes.canned import bodies_of, preview_out
from functions.desk.schemas import canned as canned_schemas
from functions.desk.schemas import macros as schemas
from functions.desk.schemas.tickets import FieldValue
from functions.desk.shapes import written_message
from functions.desk.shelf import IF_MATCH, Names, Shelf, told
from helpdesk import bootstrap
from helpdesk.canned.model import CannedResponse
from helpdesk.channels.service import KEY_KEPT_SECONDS, body_hash
from helpdesk.contracts.table import idempotency_key
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean, preview
from helpdesk.macros.model import Macro, MacroChanges, MacroReply, TagChange
from helpdesk.macros.service import MacroWish, Run
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, version_header
from helpdesk.platform.signing import after
from helpdesk.tickets.model import Ticket, Visibility
from helpdesk.tickets.service import Guard

TAG = "Macros"


def preview_macro(call: Call) -> Reply:
    """Says what a macro would do to a ticket."""
    body: schemas.MacroPreviewIn = call.body
    ticket = bootstrap.agent_desk().get(body.ticket_id)
    plan = bootstrap.macros().preview(call.params["id"], ticket, call.agent)
    problem = plan.problem
    return Reply(
        schemas.MacroPreviewOut(
            version=plan.version,
            changes=differences_out(plan.differences),
            reply=preview_out(plan.reply) if plan.reply is not None else None,
            visibility=plan.visibility,
            problem=schemas.MacroProblemOut(problem.code, str(problem)) if problem is not None else None,
        )
    )


def run_macro(call: Call) -> Reply:
    """Runs a macro on a ticket."""
    body: schemas.MacroRunIn = call.body
    call.require(Permission.REPLY)  # a macro may answer
    ticket_id = call.params["id"]
    text = clean(body.body).strip() if body.body is not None else None
    if text == "":
        raise Invalid("The message is empty.", [FieldError("/body", "is empty")])
    key = idempotency_header(call)
    guard = None
    if key is not None:
        scope = f"agents/{call.agent.id}/{ticket_id}/macros"
        expires = after(call.now, KEY_KEPT_SECONDS)
        guard = Guard("idempotency", idempotency_key(scope, key), note=body_hash(call.raw), expires_at=expires)
    wish = Run(
        version_header(call),
        text=text,
        hold_seconds=body.hold_seconds,
        seen=None if body.confirm else body.seen_message_id,
        guard=guard,
    )
    ran = bootstrap.macros().run(body.macro_id, ticket_id, call.agent, wish)
    out = schemas.MacroRanOut(
        ticket_id=ran.ticket.id,
        version=ran.ticket.version,
        changes=differences_out(ran.differences),
        message=written_message(ran.message, call) if ran.message is not None else None,
    )
    return Reply(out, headers={"etag": f'"{ran.ticket.version}"'})


def quick(call: Call) -> Reply:
    """What fits some words, for the menu that opens while writing."""
    query: schemas.QuickQuery = call.query
    ticket = bootstrap.agent_desk().get(query.ticket) if query.ticket is not None else None
    hits = bootstrap.quick_search().find(query.q, call.agent, ticket, limit=query.limit)
    items = [
        schemas.QuickItemOut(
            kind="canned_response" if isinstance(hit.item, CannedResponse) else "macro",
            id=hit.item.id,
            title=hit.item.title,
            folder=hit.item.folder,
            scope=hit.item.sharing.scope,
            preview=_glance(hit.item, ticket, call),
            uses=hit.uses,
        )
        for hit in hits
    ]
    return Reply(schemas.QuickOut(items))


def _glance(item: CannedResponse | Macro, ticket: Ticket | None, call: Call) -> str:
    text = bootstrap.macros().glance(item, ticket, call.agent)
    return preview(text, 200)


def _wish(body: schemas.MacroIn) -> MacroWish:
    reply = None
    if body.reply is not None:
        bodies = bodies_of(body.reply.bodies)
        reply = MacroReply(Visibility(body.reply.visibility), body.reply.canned_response_id, bodies)
    return MacroWish(body.title, body.folder, body.scope, body.group, body.description, reply, changes_of(body.changes))


def changes_of(changes: schemas.Changes) -> MacroChanges:
    """Changes as they are kept."""
    fields = changes.fields if changes.fields is not msgspec.UNSET else {}
    return MacroChanges(
        status=_given(changes.status),
        custom_status=_given(changes.custom_status),
        type=_given(changes.type),
        impact=_given(changes.impact),
        urgency=_given(changes.urgency),
        product=_given(changes.product),
        priority=_given(changes.priority),
        category=_given(changes.category),
        group=_given(changes.group),
        assignee=_given(changes.assignee),
        tags=_tags_of(changes.tags) if changes.tags is not msgspec.UNSET else None,
        fields={name: value for name, value in fields.items() if value is not None},
        cleared=tuple(sorted(name for name, value in fields.items() if value is None)),
    )


def _tags_of(tags: schemas.TagsChange) -> TagChange:
    if tags.set is msgspec.UNSET:
        return TagChange(tuple(tags.add), tuple(tags.remove))
    if tags.add or tags.remove:
        raise Invalid("Some fields are not valid.", [FieldError("/changes/tags", "sets tags beside adding some")])
    return TagChange(tuple(tags.set), exactly=True)


def _given[T](value: T | msgspec.UnsetType) -> T | None:
    return None if isinstance(value, msgspec.UnsetType) else value


def _unset[T](value: T | None) -> T | msgspec.UnsetType:
    return msgspec.UNSET if value is None else value


def _out(item: Macro, call: Call) -> schemas.MacroOut:
    reply = item.reply
    return schemas.MacroOut(
        description=item.description,
        reply=schemas.ReplyOut(
            reply.visibility,
            reply.canned_response_id,
            {name: canned_schemas.BodyOut(body.text, body.html) for name, body in reply.bodies.items()},
        )
        if reply is not None
        else None,
        changes=changes_out(item.changes),
        **told(item, bootstrap.macros().library, call),
    )


def changes_out(changes: MacroChanges) -> schemas.Changes:
    """Changes as they are told."""
    fields = cast("dict[str, FieldValue]", {**changes.fields, **dict.fromkeys(changes.cleared)})
    tags = changes.tags
    tags_out: schemas.TagsChange | msgspec.UnsetType = msgspec.UNSET
    if tags is not None and tags.exactly:
        tags_out = schemas.TagsChange(set=list(tags.add))
    elif tags is not None:
        tags_out = schemas.TagsChange(list(tags.add), list(tags.remove))
    return schemas.Changes(
        status=_unset(changes.status),
        custom_status=_unset(changes.custom_status),
        type=_unset(changes.type),
        impact=_unset(changes.impact),
        urgency=_unset(changes.urgency),
        product=_unset(changes.product),
        priority=_unset(changes.priority),
        category=_unset(changes.category),
        group=_unset(changes.group),
        assignee=_unset(changes.assignee),
        tags=tags_out,
        fields=fields or msgspec.UNSET,
    )


def differences_out(found: Iterable[tuple[str, object, object]]) -> list[schemas.DifferenceOut]:
    """What is other, as it is told."""
    return [schemas.DifferenceOut(name, cast("FieldValue", old), cast("FieldValue", new)) for name, old, new in found]


SHELF = Shelf(
    Names("/v1/macros", many="Macros", one="Macro", noun="macro", nouns="macros", tag=TAG, use="run"),
    bootstrap.macros,
    _wish,
    _out,
    body=schemas.MacroIn,
    one=schemas.MacroOut,
    page=schemas.MacrosOut,
    pages=schemas.MacrosOut,
)

ENDPOINTS = (
    *SHELF.endpoints(),
    Endpoint(
        "POST /v1/macros/{id}/preview",
        name="previewMacro",
        summary="What running a macro on a ticket would change and write",
        handle=preview_macro,
        needs=Permission.READ,
        body=schemas.MacroPreviewIn,
        response=schemas.MacroPreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/macros",
        name="runMacro",
        summary="Run a macro on a ticket: its changes and its answer are written together or not at all",
        handle=run_macro,
        needs=Permission.CHANGE,
        body=schemas.MacroRunIn,
        response=schemas.MacroRanOut,
        errors={
            409: "The ticket has a newer version than If-Match names (`stale_version`), somebody wrote after "
            "`seen_message_id` (`newer_message`), or the ticket is closed.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=IF_MATCH | {"Idempotency-Key": "Makes a repetition do nothing and give the first one's message."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/quick",
        name="quickSearch",
        summary="Canned responses and macros by a few letters, best first",
        handle=quick,
        needs=Permission.READ,
        query=schemas.QuickQuery,
        response=schemas.QuickOut,
        errors={404: "There is no such ticket."},
        tag=TAG,
    ),
)
