"""What a provider must say, where people are sent, and whom an answer proves. Pure."""

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from helpdesk.kernel.errors import FieldError
from helpdesk.kernel.text import clean_line, is_address, normal_address
from helpdesk.people.domains import domain_of, is_public
from helpdesk.sso.model import ALGORITHMS, GOOGLE, Connection, Fault, Flow, ForeignAddress, Proven, Provider

WELL_KNOWN: Final = "/.well-known/openid-configuration"
SCOPE: Final = "openid email profile"
LONGEST_ADDRESS: Final = 500
LONGEST_CLIENT: Final = 300
MOST_DOMAINS: Final = 50
_SHOWN: Final = frozenset(map(chr, range(33, 127)))
"""What addresses and names of clients are written with."""


class BadProvider(Exception):
    """A provider that cannot be used.

    Attributes:
        fault: why.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def tidied_issuer(text: str) -> str:
    """An issuer as somebody may have copied it: the address of its description names it, too."""
    return text.strip().removesuffix(WELL_KNOWN)


def is_safe(address: str, *, local: bool) -> bool:
    """Whether an address is a whole one by https (or, on one machine, http) that names nobody and hides nothing."""
    if len(address) > LONGEST_ADDRESS or not _SHOWN.issuperset(address) or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - what is no port is refused by asking for it
    except ValueError:
        return False
    schemes = {"https", "http"} if local else {"https"}
    named = parts.username is not None or parts.password is not None
    return parts.scheme in schemes and bool(parts.hostname) and not named and not parts.fragment


def connection_faults(wanted: Connection, domains: Collection[str], *, local: bool) -> list[FieldError]:
    """What is wrong with a connection.

    Args:
        wanted: as it shall be.
        domains: the organization's own.
        local: the desk runs on one machine.
    """
    faults = []
    if not is_safe(wanted.issuer, local=local) or urlsplit(wanted.issuer).query:
        faults.append(FieldError("/issuer", "must be a whole https address, as the provider names itself"))
    if not 0 < len(wanted.client_id) <= LONGEST_CLIENT or not _SHOWN.issuperset(wanted.client_id):
        faults.append(FieldError("/client_id", f"needs 1 to {LONGEST_CLIENT} characters without spaces"))
    if wanted.secrets == 0:
        faults.append(FieldError("/client_secret", "is missing"))
    for place, domain in enumerate(wanted.domains):
        if domain not in domains:
            faults.append(FieldError(f"/domains/{place}", "is no domain of the organization"))
        elif is_public(domain):
            faults.append(FieldError(f"/domains/{place}", "is a domain where anybody can have an address"))
    if not wanted.domains or len(wanted.domains) > MOST_DOMAINS:
        faults.append(FieldError("/domains", f"needs 1 to {MOST_DOMAINS} of the organization's domains"))
    return faults


def discovery_address(issuer: str) -> str:
    """Where a provider describes itself (OpenID Connect Discovery 1.0, section 4)."""
    return issuer.rstrip("/") + WELL_KNOWN


def provider_of(body: bytes, issuer: str, *, local: bool) -> Provider:
    """What a provider says of itself, if people can be sent to it.

    Args:
        body: of its description.
        issuer: as admins wrote it: what it calls itself must be that, to the letter.
        local: the desk runs on one machine.

    Raises:
        BadProvider: why not.
    """
    said = _object(body)
    if said is None or not isinstance(said.get("issuer"), str):
        raise BadProvider(Fault.NOT_A_PROVIDER)
    if said["issuer"] != issuer:
        raise BadProvider(Fault.OTHER_ISSUER)
    places = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(one, str) for one in places):
        raise BadProvider(Fault.NOT_A_PROVIDER)
    authorization, token, keys = cast("list[str]", places)
    if not all(is_safe(one, local=local) for one in (authorization, token, keys)):
        raise BadProvider(Fault.NOT_ENCRYPTED)
    if "code" not in _texts(said, "response_types_supported", ["code"]):
        raise BadProvider(Fault.NO_CODE_FLOW)
    if "S256" not in _texts(said, "code_challenge_methods_supported", ["S256"]):
        raise BadProvider(Fault.NO_PKCE)
    if not set(ALGORITHMS).intersection(_texts(said, "id_token_signing_alg_values_supported", ["RS256"])):
        raise BadProvider(Fault.NO_ALGORITHM)
    ways = _texts(said, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=issuer,
        authorization_endpoint=authorization,
        token_endpoint=token,
        jwks_uri=keys,
        posts_secret="client_secret_basic" not in ways and "client_secret_post" in ways,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def usable_keys(body: bytes) -> list[dict[str, object]]:
    """The keys of a provider that tokens may be signed with, as JWK; others are left out."""
    said = _object(body)
    found = said.get("keys") if said is not None else None
    keys = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [one for one in keys if _may_sign(one)]


def _may_sign(key: Mapping[str, object]) -> bool:
    fits = key.get("kty") == "RSA" or (key.get("kty") == "EC" and key.get("crv") == "P-256")
    return fits and key.get("use", "sig") == "sig" and key.get("alg", ALGORITHMS[0]) in ALGORITHMS


def challenge_of(verifier: str) -> str:
    """What PKCE shows of a secret at the beginning (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def authorization_address(flow: Flow, state: str, address: str, language: str) -> str:
    """Where somebody's browser is sent.

    Args:
        flow: what begins.
        state: names it among all.
        address: that they say is theirs: the provider may fill it in.
        language: of the pages that they come from.
    """
    asked = {
        "response_type": "code",
        "client_id": flow.client_id,
        "redirect_uri": flow.redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": flow.nonce,
        "code_challenge": challenge_of(flow.verifier),
        "code_challenge_method": "S256",
        "login_hint": address,
        "ui_locales": language,
    }
    parts = urlsplit(flow.provider.authorization_endpoint)
    own = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in asked]
    return urlunsplit(parts._replace(query=urlencode([*own, *asked.items()], quote_via=quote)))


def token_request(flow: Flow, code: str, secret: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of the call that gives the token for a code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": flow.redirect_uri,
        "code_verifier": flow.verifier,
    }
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    if flow.provider.posts_secret:
        form |= {"client_id": flow.client_id, "client_secret": secret}
    else:  # RFC 6749, section 2.3.1: both are encoded as a form's values before they are joined
        joined = f"{quote(flow.client_id, safe='')}:{quote(secret, safe='')}"
        headers["authorization"] = f"Basic {base64.b64encode(joined.encode()).decode()}"
    return headers, urlencode(form).encode()


def id_token_of(body: bytes) -> str | None:
    """The token that says who somebody is; None: there is none."""
    found = (_object(body) or {}).get("id_token")
    return found if isinstance(found, str) else None


def refuses_client(body: bytes) -> bool:
    """Whether a token endpoint says that it does not know the client or its secret."""
    return (_object(body) or {}).get("error") in {"invalid_client", "unauthorized_client"}


def proven_by(claims: Mapping[str, object], connection: Connection, domains: Collection[str]) -> Proven:
    """Whom the claims of a token prove that has been checked itself.

    Args:
        claims: of the token.
        connection: whose provider made it.
        domains: the organization's own, as they stand: of the connection's only these count.

    Raises:
        ForeignAddress: it says none, one that is not the organization's, or one that it has not verified.
    """
    said = claims.get("email")
    address = normal_address(said) if isinstance(said, str) else ""
    if not is_address(address):
        raise ForeignAddress("Your organization's sign-in does not tell your e-mail address.")
    allowed = set(connection.domains).intersection(domains)
    domain = domain_of(address)
    if domain not in allowed or is_public(domain):
        raise ForeignAddress("Your address is not one of the organization's.")
    if connection.issuer == GOOGLE and str(claims.get("hd")) not in allowed:
        raise ForeignAddress("Your account is not one of the organization's.")
    if not _verified(claims, trusted=connection.trusts_addresses):
        raise ForeignAddress("Your organization's sign-in does not say that your address has been verified.")
    name = claims.get("name")
    return Proven(address, (clean_line(name)[:200] or None) if isinstance(name, str) else None)


def _verified(claims: Mapping[str, object], *, trusted: bool) -> bool:
    """Whether a provider has made sure of an address: `xms_edov` is how Entra ID says it of the domain's owner."""
    said = [claims[name] for name in ("email_verified", "xms_edov") if name in claims]
    if not said:
        return trusted
    return all(one is True or str(one).lower() in {"true", "1"} for one in said)


def hashed(text: str) -> str:
    """What is kept of something that is worth something."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(kept: str, given: str) -> bool:
    """Whether something is what was kept; takes as long whichever it is."""
    return hmac.compare_digest(kept, hashed(given))


def _object(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _texts(said: Mapping[str, object], name: str, otherwise: Sequence[str]) -> list[str]:
    found = said.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else list(otherwise)
