"""Views: writing them, their tickets, exact counts of all of them, and the feed of changes."""

import hashlib
import re
from typing import Final

import msgspec

from functions.desk.schemas import views as schemas
from functions.desk.shapes import row_out
from functions.desk.shelf import Names, Shelf, told
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.views.model import Order, View
from helpdesk.views.rules import refuse_unless_sortable
from helpdesk.views.service import Listing, Tickets, ViewWish

TAG: Final = "Views"
_SEEN: Final = re.compile(r"([0-9A-Z]{26}):([0-9]{1,9})")
_MOST_SEEN: Final = 20


def _wish(body: schemas.ViewIn) -> ViewWish:
    return ViewWish(
        title=body.title,
        names=body.names,
        conditions=msgspec.json.decode(body.conditions),
        sort=_orders(body.sort),
        group_by=body.group_by,
        columns=tuple(body.columns),
        order=body.position,
        scope=body.scope,
        group=body.group,
        folder=body.folder,
    )


def _orders(sort: list[schemas.OrderIn]) -> tuple[Order, ...]:
    return tuple(Order(one.field, one.descending) for one in sort)


def _out(view: View, call: Call) -> schemas.ViewOut:
    shared = told(view, bootstrap.views().library, call)
    if view.built_in:
        shared["editable"] = False
    return schemas.ViewOut(
        name=view.name(call.agent.language),
        names=dict(view.names),
        built_in=view.built_in,
        conditions=msgspec.Raw(view.conditions.encode()),
        sort=[schemas.OrderOut(one.field, one.descending) for one in view.sort],
        group_by=view.group_by,
        columns=list(view.columns),
        position=view.order,
        **shared,
    )


SHELF = Shelf(
    Names("/v1/views", many="Views", one="View", noun="view", nouns="views", tag=TAG),
    bootstrap.views,
    _wish,
    _out,
    body=schemas.ViewIn,
    one=schemas.ViewOut,
    page=schemas.ViewsOut,
    pages=schemas.ViewsOut,
)


def list_tickets(call: Call) -> Reply:
    """A page of a view's tickets."""
    query: schemas.ViewTicketsQuery = call.query
    listing = bootstrap.views().listing(call.params["id"], call.agent)
    return _tickets(call, listing, query.limit, query.cursor, query.seen)


def preview(call: Call) -> Reply:
    """A page of the tickets that conditions mean."""
    body: schemas.PreviewIn = call.body
    tree = bootstrap.views().read(msgspec.json.decode(body.conditions))
    sort = _orders(body.sort)
    refuse_unless_sortable(sort, body.group_by, ())
    asked = msgspec.json.encode((bytes(body.conditions), sort, body.group_by))
    name = f"preview/{hashlib.sha256(asked).hexdigest()[:16]}"
    listing = Listing(name, tree, sort, body.group_by, firsts=body.firsts)
    return _tickets(call, listing, body.limit, body.cursor, None)


def _tickets(call: Call, listing: Listing, limit: int, cursor: str | None, seen: str | None) -> Reply:
    signer, scope = bootstrap.signer(), f"views/{call.agent.id}/{listing.name}"
    position = signer.read_cursor(scope, cursor, call.now)
    page = bootstrap.views().tickets(listing, call.agent, limit=limit, position=position, seen=_seen(seen))
    return Reply(
        schemas.ViewTicketsOut(
            items=[row_out(row, call) for row in page.rows],
            next_cursor=signer.sign_cursor(scope, page.next_position),
            count=page.count,
            headings=_headings(page, call),
        )
    )


def _headings(page: Tickets, call: Call) -> list[schemas.HeadingOut]:
    return [
        schemas.HeadingOut(one.value or None, one.count, row_out(one.first, call) if one.first is not None else None)
        for one in page.headings
    ]


def _seen(text: str | None) -> dict[str, int]:
    """Versions of tickets that a caller knows.

    Raises:
        Invalid: it is not written like that.
    """
    parts = text.split(",") if text else []
    found = [_SEEN.fullmatch(part) for part in parts]
    if len(parts) > _MOST_SEEN or None in found:
        raise Invalid(
            "Some query parameters are not valid.", [FieldError("/seen", f"must be up to {_MOST_SEEN} of id:version")]
        )
    return {one[1]: int(one[2]) for one in found if one is not None}


def counts(call: Call) -> Reply:
    """How many tickets all views hold."""
    query: schemas.CountsQuery = call.query
    counted = bootstrap.views().counts(call.agent, seen=_seen(query.seen))
    items = [schemas.CountOut(view.id, count) for view, count in counted]
    return Reply(schemas.CountsOut(items, format_instant(call.now)))


def changes(call: Call) -> Reply:
    """What changed since a cursor."""
    query: schemas.ChangesQuery = call.query
    signer, scope = bootstrap.signer(), f"changes/{call.agent.id}"
    position = signer.read_cursor(scope, query.cursor, call.now)
    shown = query.shown.split(",")[: schemas.MAX_SHOWN] if query.shown else ()
    found = bootstrap.changes().since(position, call.agent, shown=shown, limit=query.limit)
    return Reply(
        schemas.ChangesOut(
            items=[row_out(row, call) for row in found.rows],
            left=list(found.left),
            kinds=list(found.kinds),
            next_cursor=signer.sign_cursor(scope, found.position) or "",
            more=found.more,
        )
    )


_BUSY = {503: "So much has changed that one call could not catch up; the next goes on from there."}

ENDPOINTS = (
    *SHELF.endpoints(),
    Endpoint(
        "GET /v1/views/{id}/tickets",
        name="listViewTickets",
        summary="A view's tickets, and how many there are",
        description="Exactly those that the conditions mean and that you may see. Further pages are of the first page's "
        "instant where conditions speak of time.",
        handle=list_tickets,
        needs=Permission.READ,
        query=schemas.ViewTicketsQuery,
        response=schemas.ViewTicketsOut,
        errors=_BUSY,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/views/counts",
        name="countViews",
        summary="How many tickets each of your views holds",
        handle=counts,
        needs=Permission.READ,
        query=schemas.CountsQuery,
        response=schemas.CountsOut,
        errors=_BUSY,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/views/preview",
        name="previewView",
        summary="The tickets that conditions mean, before they are kept as a view",
        handle=preview,
        needs=Permission.READ,
        body=schemas.PreviewIn,
        response=schemas.ViewTicketsOut,
        errors=_BUSY,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/changes",
        name="listChanges",
        summary="What changed since a cursor: which tickets, and what else pages keep copies of",
        description="The first call, without a cursor, tells nothing but where now is. One query when nothing changed: ask "
        "every few seconds, and read lists anew only where a ticket that is told belongs to them. Settings, people and views "
        "are told of by kind (`kinds`), some seconds late.",
        handle=changes,
        needs=Permission.READ,
        query=schemas.ChangesQuery,
        response=schemas.ChangesOut,
        tag=TAG,
    ),
)
