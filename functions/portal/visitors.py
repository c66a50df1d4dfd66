"""Customers who sign in: by a code that is mailed to them; then their requests, and perhaps their organization's."""

from functions.portal import visitor_schemas as schemas
from helpdesk import bootstrap
from helpdesk.channels.schemas import PersonIn, RequestOut, SettleIn, request_out
from helpdesk.kernel.errors import Forbidden, TooMany
from helpdesk.platform.access import session_cookie, session_of
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.platform.settings import settings
from helpdesk.portal.model import SESSION_SECONDS, Visitor
from helpdesk.tickets.model import Actor, ActorKind, Status, StatusCategory
from helpdesk.tickets.views import TicketQuery

_OPEN = frozenset(one for one in Status if one.category is not StatusCategory.DONE)
_DONE = frozenset(one for one in Status if one.category is StatusCategory.DONE)
_STATES = {"open": _OPEN, "done": _DONE, "all": frozenset[Status]()}


def sign_in(call: Call) -> Reply:
    """Mails a code, unless the address's organization has a sign-in of its own. Whose the address is changes nothing."""
    body: schemas.SignInIn = call.body
    offer = bootstrap.single_sign_on().asked(body.email, call.ip) if not body.by_code else None
    if offer is not None:
        return Reply(schemas.SignInOut(None, schemas.OrganizationSignInOut(offer.name, offer.required)))
    token = bootstrap.portal_access().ask(body.email, body.locale, call.ip, bootstrap.brand_at(call, body.brand))
    return Reply(schemas.SignInOut(token))


def enter(call: Call) -> Reply:
    """Lets in who has the code."""
    body: schemas.SessionIn = call.body
    held, visitor = bootstrap.portal_access().enter(body.token, body.code)
    return Reply(_visitor_out(visitor), cookies=(_cookie(held, SESSION_SECONDS),))


def session(call: Call) -> Reply:
    """Who is signed in."""
    return Reply(_visitor_out(_visitor(call)))


def leave(call: Call) -> Reply:
    """Ends the session."""
    bootstrap.portal_access().leave(session_of(call))
    return Reply(cookies=(_cookie("", 0),))


def requests(call: Call) -> Reply:
    """A page of the visitor's requests and those they take part in, or of their organization's."""
    query: schemas.RequestsQuery = call.query
    visitor, access = _visitor(call), bootstrap.portal_access()
    name = f"portal/{query.whose}/{query.state}/{visitor.person.id if visitor.person is not None else '-'}"
    page = access.requests(
        visitor,
        TicketQuery(statuses=_STATES[query.state]),
        everybodys=query.whose == "organization",
        limit=query.limit,
        position=bootstrap.signer().read_cursor(name, query.cursor, call.now),
    )
    statuses = bootstrap.desk().statuses
    part = access.taken_part_in(visitor, page.items)
    items = [schemas.RequestRowOut.of(row, statuses, visitor.ids, query, part=row.id in part) for row in page.items]
    return Reply(schemas.RequestsOut(items, bootstrap.signer().sign_cursor(name, page.next_position)))


def settle(call: Call) -> Reply:
    """Says that a request is solved, or that it is not after all."""
    body: SettleIn = call.body
    asking = bootstrap.asking(call, writes=True)
    if asking.person_id != asking.owner_id and asking.person_id not in _taking_part(asking.ticket_id):
        raise Forbidden("Who asked decides that. Write to the request instead.")
    return _request_reply(call, bootstrap.requests().settle(asking.ticket_id, asking.person_id, solved=body.solved).id)


def add_person(call: Call) -> Reply:
    """Lets somebody take part: they read along, get every answer by mail, and can write."""
    body: PersonIn = call.body
    asking = bootstrap.asking(call, writes=True)
    hourly = bootstrap.desk().general.limits.requests_per_address_per_hour
    if bootstrap.limiter().count("portal_people", asking.person_id, 3600, call.now) > hourly:
        raise TooMany("Too many people in an hour; try again later.", retry_after_seconds=600)
    actor = Actor(ActorKind.REQUESTER, asking.person_id)
    ticket = bootstrap.participation().add(asking.ticket_id, body.email, body.name, actor)
    return _request_reply(call, ticket.id)


def remove_person(call: Call) -> Reply:
    """Lets somebody take part no more. Who asked can do that to anybody, others to themselves.

    Whose request was merged into another's takes part in that one, which they cannot open: they leave it by their own.
    """
    asking = bootstrap.asking(call, writes=True)
    person_id = call.params["person_id"]
    if asking.person_id not in {person_id, asking.owner_id}:
        raise Forbidden("Who asked decides who takes part.")
    onward = bootstrap.requests().goes_on_in(asking.ticket_id, person_id) if person_id == asking.person_id else None
    left = onward.id if onward is not None else asking.ticket_id
    bootstrap.participation().remove(left, person_id, Actor(ActorKind.REQUESTER, asking.person_id))
    return _request_reply(call, asking.ticket_id)


def _taking_part(ticket_id: str) -> tuple[str, ...]:
    return bootstrap.tickets().get(ticket_id).participants


def _request_reply(call: Call, ticket_id: str) -> Reply:
    del call
    return Reply(request_out(bootstrap.tickets().get(ticket_id), bootstrap.desk().statuses))


def _visitor(call: Call) -> Visitor:
    return bootstrap.portal_access().who(session_of(call))


def _visitor_out(visitor: Visitor) -> schemas.VisitorOut:
    organization = bootstrap.portal_access().organization_of(visitor)
    name = visitor.person.name if visitor.person is not None else None
    return schemas.VisitorOut(visitor.address, name, organization.name if organization is not None else None)


def _cookie(held: str, seconds: int) -> str:
    return session_cookie(held, seconds, secure=settings().base_url.startswith("https:"))


_TOKEN = {401: "The token is not one of this desk, or the code is wrong.", 410: "It has expired, or was used."}
_WRITES = {
    403: "The link only shows the request, or it is for who asked to decide.",
    409: "The request is closed.",
}

ENDPOINTS = (
    Endpoint(
        "POST /v1/portal/sign-in",
        name="askForCode",
        summary="Have a code mailed to sign in with",
        description=(
            "The answer is the same whether anybody is known under the address or not. Where the address's organization "
            "has a sign-in of its own, no code is mailed unless `by_code` asks for one, and none where it is required."
        ),
        handle=sign_in,
        body=schemas.SignInIn,
        response=schemas.SignInOut,
        status=202,
        errors={
            403: "The organization wants its people to come by its own sign-in.",
            429: "Too many codes for this address, or from this network.",
        },
        tag="Portal",
    ),
    Endpoint(
        "POST /v1/portal/session",
        name="signIn",
        summary="Sign in with a code",
        description="The answer sets a cookie that no script can read. A code can be used once, and guessed at five times.",
        handle=enter,
        body=schemas.SessionIn,
        response=schemas.VisitorOut,
        errors=_TOKEN,
        tag="Portal",
    ),
    Endpoint(
        "GET /v1/portal/session",
        name="getSession",
        summary="Who is signed in",
        handle=session,
        response=schemas.VisitorOut,
        errors={401: "Nobody is."},
        tag="Portal",
    ),
    Endpoint(
        "DELETE /v1/portal/session",
        name="signOut",
        summary="Sign out",
        handle=leave,
        status=204,
        errors={403: "The call came from no page of the portal."},
        tag="Portal",
    ),
    Endpoint(
        "GET /v1/portal/requests",
        name="listOwnRequests",
        summary="Requests of who is signed in, or of their organization",
        description="One's own are those that one asked, and those that one takes part in now; newest first.",
        handle=requests,
        query=schemas.RequestsQuery,
        response=schemas.RequestsOut,
        errors={401: "Nobody is signed in.", 404: "There is no organization that shares its requests."},
        tag="Portal",
    ),
    Endpoint(
        "POST /v1/requests/{id}/settle",
        name="settleRequest",
        summary="Say that a request is solved, or that it is not after all",
        handle=settle,
        body=SettleIn,
        response=RequestOut,
        token=True,
        errors=_WRITES,
    ),
    Endpoint(
        "POST /v1/requests/{id}/people",
        name="addPersonToRequest",
        summary="Let somebody take part in a request",
        handle=add_person,
        body=PersonIn,
        response=RequestOut,
        token=True,
        errors=_WRITES,
    ),
    Endpoint(
        "DELETE /v1/requests/{id}/people/{person_id}",
        name="removePersonFromRequest",
        summary="Let somebody take part in a request no more",
        handle=remove_person,
        response=RequestOut,
        token=True,
        errors=_WRITES,
    ),
)
