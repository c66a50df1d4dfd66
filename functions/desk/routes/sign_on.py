"""Single sign-on: how an organization's people come to the portal by its own provider."""

from functions.desk.schemas import sign_on as schemas
from helpdesk import bootstrap
from helpdesk.kernel.errors import NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, refuse_if_stale, seen_header
from helpdesk.platform.settings import settings
from helpdesk.portal.brands import sign_on_pages
from helpdesk.sso.model import Connection
from helpdesk.sso.service import Wish

TAG = "Organizations"
_PATH = "/v1/organizations/{id}/single-sign-on"
_IF_MATCH = {
    "If-Match": 'The version that was seen, as `"3"`; `"0"`: it must be new. Left out: whatever it is now is replaced.'
}


def read(call: Call) -> Reply:
    """How people are signed in; where nothing has been set up, what the provider has to know."""
    organization_id = call.params["id"]
    return _reply(bootstrap.connections().get(organization_id) or Connection(organization_id, "", ""))


def save(call: Call) -> Reply:
    """Sets it up, or changes it."""
    before = _seen(call)
    return _reply(bootstrap.connections().save(before, call.params["id"], _wish(call.body)))


def remove(call: Call) -> Reply:
    """Takes it away."""
    before = _seen(call)
    if before is None:
        raise NotFound("The organization has no sign-in of its own.")
    bootstrap.connections().remove(before)
    return Reply()


def check(call: Call) -> Reply:
    """Tries a provider."""
    fault = bootstrap.connections().check(call.params["id"], _wish(call.body), _pages()[0])
    return Reply(schemas.SignOnCheckOut(fault, "ready" if fault is None else "faulty"))


def _seen(call: Call) -> Connection | None:
    found = bootstrap.connections().get(call.params["id"])
    refuse_if_stale(seen_header(call), found.version if found is not None else 0)
    return found


def _wish(body: schemas.SignOnIn) -> Wish:
    return Wish(
        issuer=body.issuer,
        client_id=body.client_id,
        client_secret=body.client_secret,
        domains=tuple(body.domains),
        active=body.active,
        required=body.required,
        trusts_addresses=body.trusts_addresses,
    )


def _pages() -> tuple[str, ...]:
    return sign_on_pages(bootstrap.desk().brands, settings().base_url)


def _reply(connection: Connection) -> Reply:
    out = schemas.SignOnOut(
        issuer=connection.issuer,
        client_id=connection.client_id,
        domains=list(connection.domains),
        active=connection.active,
        required=connection.required,
        trusts_addresses=connection.trusts_addresses,
        has_secret=connection.secrets > 0,
        version=connection.version,
        redirect_addresses=list(_pages()),
    )
    return Reply(out, headers={"etag": f'"{connection.version}"'})


ENDPOINTS = (
    Endpoint(
        f"GET {_PATH}",
        name="getSingleSignOn",
        summary="How an organization's people sign in at the portal by its own provider",
        description="With version 0 nothing has been set up: they get codes by mail.",
        handle=read,
        needs=Permission.CONFIGURE,
        response=schemas.SignOnOut,
        tag=TAG,
    ),
    Endpoint(
        f"PUT {_PATH}",
        name="saveSingleSignOn",
        summary="Let an organization's people sign in by its own provider",
        description="OpenID Connect: authorization code with PKCE; tokens signed with RS256 or ES256.",
        handle=save,
        needs=Permission.CONFIGURE,
        body=schemas.SignOnIn,
        response=schemas.SignOnOut,
        headers=_IF_MATCH,
        errors={409: "It is not at the version that If-Match names (any more)."},
        tag=TAG,
    ),
    Endpoint(
        f"DELETE {_PATH}",
        name="deleteSingleSignOn",
        summary="Let an organization's people sign in by codes alone",
        handle=remove,
        needs=Permission.CONFIGURE,
        status=204,
        headers=_IF_MATCH,
        errors={409: "It is not at the version that If-Match names (any more)."},
        tag=TAG,
    ),
    Endpoint(
        f"POST {_PATH}/check",
        name="checkSingleSignOn",
        summary="Try a provider without signing anybody in",
        description="Reads its description and keys, and takes a code to it that nobody was given.",
        handle=check,
        needs=Permission.CONFIGURE,
        body=schemas.SignOnIn,
        response=schemas.SignOnCheckOut,
        tag=TAG,
    ),
)
