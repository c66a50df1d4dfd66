"""Tokens of identity providers: who signed them, for whom, for which sign-in, and until when.

The signature is checked by joserfc over `cryptography`; which algorithms are taken is said here and never by the token.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from helpdesk.sso.model import ALGORITHMS, LEEWAY_SECONDS, NotProven


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say.

    Attributes:
        issuer: who made it.
        client_id: for whom.
        nonce: for which sign-in.
    """

    issuer: str
    client_id: str
    nonce: str


def claims_of(
    token: str, keys: Sequence[Mapping[str, object]], expected: Expected, now: datetime
) -> Mapping[str, object]:
    """The claims of a token that has been checked as OpenID Connect Core 1.0 says, section 3.1.3.7.

    Args:
        token: as the provider gave it.
        keys: the provider's, as JWK.
        expected: what it has to say.
        now: the instant.

    Raises:
        NotProven: it is not signed by one of the keys, or says anything else.
    """
    try:
        known = KeySet.import_key_set(cast("KeySetSerialization", {"keys": [dict(one) for one in keys]}))
        read = jwt.decode(token, known, algorithms=list(ALGORITHMS))
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": expected.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": expected.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        ).validate(read.claims)
        json.dumps(read.claims, ensure_ascii=False).encode()  # half a character is no text: nothing here could keep it
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotProven("What your organization's sign-in answered could not be confirmed.") from error
    claims = cast("Mapping[str, object]", read.claims)
    if not (_is_for(claims, expected.client_id) and _is_of(claims, expected.nonce)):
        raise NotProven("What your organization's sign-in answered could not be confirmed.")
    return claims


def _is_for(claims: Mapping[str, object], client_id: str) -> bool:
    """Whether a token is for the desk: where it is for others, too, it has to say that the desk asked for it."""
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    return claims.get("azp", None if several else client_id) == client_id


def _is_of(claims: Mapping[str, object], nonce: str) -> bool:
    said = claims["nonce"]
    return isinstance(said, str) and hmac.compare_digest(said.encode(), nonce.encode())
