"""Customers: what they ask, how they sign in, who is calling."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.channels.service import RequestService
from helpdesk.kernel.errors import Gone, Invalid, Unauthenticated
from helpdesk.people.model import Person
from helpdesk.platform.access import COOKIES, READ_ONLY_CLAIM, Asking, requester_of, session_of
from helpdesk.platform.limits import DynamoRateLimiter
from helpdesk.platform.settings import settings
from helpdesk.platform.signing import Purpose
from helpdesk.portal.brands import Brand
from helpdesk.tickets.model import Participant
from helpdesk.wiring import ground, knowledge, mail, tickets

if TYPE_CHECKING:
    from helpdesk.approvals.service import ApprovalService
    from helpdesk.knowledge.model import Reader
    from helpdesk.mail.letters import Letter
    from helpdesk.platform.http import Call
    from helpdesk.portal.service import PortalAccess
    from helpdesk.sso.model import Flow, Proven
    from helpdesk.sso.service import Connections, SingleSignOn
    from helpdesk.sso.service import Ports as SignOnPorts


@cache
def requests() -> RequestService:
    """What customers can do."""
    return RequestService(
        tickets=tickets.tickets(),
        store=tickets.ticket_store(),
        people=ground.people_store(),
        files=tickets.files(),
        limiter=DynamoRateLimiter(),
        grant=mail.grant,
        desk=ground.desk,
        clock=ground.clock(),
    )


@cache
def portal_access() -> "PortalAccess":
    """Customers who sign in."""
    from helpdesk.mail.compose import compose  # noqa: PLC0415 - only who sends mail needs its templates
    from helpdesk.mail.delivery import Envelope, Rejected  # noqa: PLC0415
    from helpdesk.mail.outbox_store import SesMailSender, count_sent, ses_client  # noqa: PLC0415
    from helpdesk.portal import service as module  # noqa: PLC0415
    from helpdesk.portal.store import DynamoAccessStore, SignedSeals  # noqa: PLC0415

    sender = SesMailSender(cache(ses_client), settings().configuration_set)

    def send(letter: "Letter") -> None:
        try:
            sender.send(compose(letter), Envelope(letter.recipient.address))
        except (Invalid, Rejected):
            return  # whether an address takes mail is nobody's business but its owner's
        count_sent(letter.kind)

    ports = module.Ports(
        store=DynamoAccessStore(),
        limiter=ground.limiter(),
        code_seals=SignedSeals(ground.signer(), Purpose.SIGN_IN),
        session_seals=SignedSeals(ground.signer(), Purpose.SESSION),
        people=ground.people_store(),
        tickets=tickets.ticket_store(),
        organization=ground.organization_store().organization,
        elsewhere=_signed_in_elsewhere,
        stationery=mail.stationery(),
        send=send,
        page=settings().base_url,
        desk=ground.desk,
        clock=ground.clock(),
    )
    return module.PortalAccess(ports)


def _signed_in_elsewhere(address: str) -> str | None:
    offer = single_sign_on().offered(address)
    return offer.name if offer is not None and offer.required else None


@cache
def single_sign_on() -> "SingleSignOn":
    """Customers who sign in at their organization's provider."""
    from helpdesk.sso.service import SingleSignOn  # noqa: PLC0415 - few calls need it

    return SingleSignOn(_sign_on_ports())


@cache
def connections() -> "Connections":
    """What admins set up for that."""
    from helpdesk.sso.service import Connections  # noqa: PLC0415 - as above

    return Connections(_sign_on_ports())


def _sign_on_ports() -> "SignOnPorts":
    from helpdesk.sso.model import MOST_OF_A_PROVIDER  # noqa: PLC0415 - as above
    from helpdesk.sso.service import Fetched, Ports  # noqa: PLC0415
    from helpdesk.sso.store import DynamoConnections  # noqa: PLC0415

    def fetch(url: str, headers: Mapping[str, str], body: bytes | None) -> Fetched:
        from helpdesk.platform.outbound import Wanted  # noqa: PLC0415

        wanted = Wanted("GET" if body is None else "POST", body, most_bytes=MOST_OF_A_PROVIDER, whole=True)
        answered = ground.outbound()(url, {"user-agent": "helpdesk-sign-in", **headers}, wanted)
        return Fetched(answered.status, answered.problem, answered.body)

    def read_token(token: str, keys: list[dict[str, object]], flow: "Flow", now: datetime) -> Mapping[str, object]:
        from helpdesk.sso.tokens import Expected, claims_of  # noqa: PLC0415 - signatures: 15 MB of libraries

        return claims_of(token, keys, Expected(flow.provider.issuer, flow.client_id, flow.nonce), now)

    return Ports(
        store=DynamoConnections(),
        limiter=ground.limiter(),
        organization_for=ground.people_store().organization_for,
        organization=ground.organization_store().organization,
        admit=_admit,
        let_in=lambda address, length: portal_access().let_in(address, length, at_organization=True),
        fetch=fetch,
        read_token=read_token,
        clock=ground.clock(),
        local=settings().outbound == "local",
    )


def _admit(proven: "Proven", organization_id: str, now: datetime) -> None:
    """Makes somebody known as one of their organization; who is known and belongs to none joins it."""
    from helpdesk.people.service import admitted  # noqa: PLC0415

    admitted(ground.people_store(), proven.address, proven.name, organization_id, ground.desk().general.language, now)


def asking(call: "Call", *, writes: bool = False) -> Asking:
    """Who deals with the request that a call's path names: by its token, or as somebody who signed in.

    Raises:
        Unauthenticated, Gone, Forbidden, NotFound: as `platform.access` has it.
    """
    held = None if "authorization" in call.headers else session_of(call)
    if held is None:
        return requester_of(call, ground.signer(), writes=writes)
    visitor = portal_access().who(held)
    ticket, person_id = portal_access().identity(visitor, call.params["id"])
    own = person_id == ticket.requester_id
    name = visitor.person.name if visitor.person is not None else None
    speaker = None if own else Participant(person_id, visitor.address, name)
    return Asking(ticket.id, ticket.requester_id, person_id, speaker)


@cache
def approvals() -> "ApprovalService":
    """Whose yes is waited for."""
    from helpdesk.approvals.service import ApprovalService  # noqa: PLC0415

    return ApprovalService(
        tickets.tickets(), tickets.ticket_store(), ground.people_store(), ground.desk, mail.links, ground.clock()
    )


def reader_of(call: "Call", brand: Brand | None) -> "Reader":
    """Who reads the help centre of a brand: whoever signed in or a requester's token proves, or anybody.

    A session only reads here, so it is asked for whatever page the call comes from; one that is over proves nothing.

    Raises:
        Unauthenticated, Gone: a token is none of ours, or is over.
    """
    from helpdesk.knowledge.model import Reader  # noqa: PLC0415

    anybody = knowledge.reader_at(brand)

    def known(person: Person) -> Reader:
        return replace(anybody, person_id=person.id, organization_id=person.organization_id)

    if "authorization" in call.headers:
        claims = ground.signer().read(Purpose.REQUEST, call.bearer, call.now)
        person = ground.people_store().by_id(str(claims.get("p"))) if READ_ONLY_CLAIM not in claims else None
        return known(person) if person is not None else anybody
    held = next((call.cookies[name] for name in COOKIES if name in call.cookies), None)
    if held is None:
        return anybody
    try:
        visitor = portal_access().who(held)
    except (Unauthenticated, Gone):
        return anybody
    if visitor.person is None:
        return replace(anybody, person_id=visitor.address)
    return known(visitor.person)
