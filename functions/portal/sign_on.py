"""Customers who sign in where they sign in anyway: to their organization's provider, and back."""

from functions.portal import visitor_schemas as schemas
from helpdesk import bootstrap
from helpdesk.platform.access import (
    refuse_other_pages,
    session_cookie,
    sign_on_cookie,
    sign_on_of,
)
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.platform.settings import settings
from helpdesk.portal.brands import sign_on_page
from helpdesk.sso.model import FLOW_SECONDS, SESSION_SECONDS
from helpdesk.sso.service import Answered


def begin(call: Call) -> Reply:
    """Says where to go, and what to hold meanwhile."""
    refuse_other_pages(call)
    body: schemas.SignOnStartIn = call.body
    begun = bootstrap.single_sign_on().begin(body.email, body.locale, call.ip, _page(call))
    return Reply(schemas.SignOnStartOut(begun.url), cookies=(_binding(begun.binding, FLOW_SECONDS),))


def finish(call: Call) -> Reply:
    """Lets in who comes back."""
    refuse_other_pages(call)
    body: schemas.SignOnFinishIn = call.body
    answered = Answered(body.code, body.state, body.iss, sign_on_of(call), _page(call))
    held, address = bootstrap.single_sign_on().finish(answered)
    cookies = (session_cookie(held, SESSION_SECONDS, secure=_secure()), _binding("", 0))
    return Reply(schemas.SignedOnOut(address), cookies=cookies)


def _page(call: Call) -> str:
    return sign_on_page(bootstrap.desk().brands, settings().base_url, bootstrap.host_of(call))


def _binding(held: str, seconds: int) -> str:
    return sign_on_cookie(held, seconds, secure=_secure())


def _secure() -> bool:
    return settings().base_url.startswith("https:")


ENDPOINTS = (
    Endpoint(
        "POST /v1/portal/single-sign-on",
        name="beginSingleSignOn",
        summary="Begin to sign in at one's organization",
        description="Send the browser to `url`. The answer sets a cookie that it has to come back with.",
        handle=begin,
        body=schemas.SignOnStartIn,
        response=schemas.SignOnStartOut,
        errors={
            403: "The call came from no page of the portal.",
            404: "No organization signs its people in with such an address.",
            429: "Too many sign-ins from this network.",
            503: "The organization's provider does not answer.",
        },
        tag="Portal",
    ),
    Endpoint(
        "POST /v1/portal/single-sign-on/session",
        name="finishSingleSignOn",
        summary="Sign in with what one's organization answered",
        description="Once, within ten minutes, from the browser that began.",
        handle=finish,
        body=schemas.SignOnFinishIn,
        response=schemas.SignedOnOut,
        errors={
            401: "What the provider answered proves nothing.",
            403: "It vouches for an address that it may not vouch for; or the call came from no page of the portal.",
            410: "The sign-in is over, or began in another browser.",
            503: "The organization's provider does not answer.",
        },
        tag="Portal",
    ),
)
