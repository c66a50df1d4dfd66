"""An identity provider that vouches for whoever one names: so that an organization's own sign-in can be tried on one machine.

It is what a company's Entra ID, Google Workspace or Okta is to a deployed desk, as far as the portal sees it: it describes itself, shows
its keys, sends people back with a code, and gives a signed token for it, once. Nothing of it is kept: another start has other keys.
"""

import base64
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from typing import Final
from urllib.parse import unquote, urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from helpdesk.sso.rules import challenge_of

ROOM: Final = "/_local/provider"
CLIENT_ID, CLIENT_SECRET = "the-desk", "a-secret-of-this-machine"  # they prove nothing: whoever is here may be anybody
TOKEN_SECONDS: Final = 300
MOST_CODES: Final = 100
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Your organization</title><link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/_local/base.css">
<link rel="stylesheet" href="/_local/sign-in.css"><link rel="stylesheet" href="/_local/provider.css"></head>
<body><main><h1>Your organization's sign-in</h1>
<p class="muted">It exists on this machine only, and vouches for whoever you say you are.</p>
<form method="post" action="{room}/sign-in">{hidden}
<p><label>E-mail address <input name="email" type="email" value="{email}" required></label></p>
<p><label>Name <input name="name" value="{name}"></label></p>
<p><button>Sign in</button> <button name="turned_back" value="1" formnovalidate>Turn back</button></p>
</form></main></body></html>"""


@dataclass(frozen=True, slots=True)
class _Granted:
    """What a code was given for."""

    redirect_uri: str
    challenge: str
    nonce: str
    email: str
    name: str


class DemoProvider:
    """Answers the provider's addresses.

    Args:
        url: the desk's address.
        now: the desk's time.
    """

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._url = url
        self._now = now
        self._granted: OrderedDict[str, _Granted] = OrderedDict()

    @cached_property
    def _key(self) -> ECKey:
        return ECKey.generate_key("P-256", {"kid": secrets.token_urlsafe(6), "use": "sig", "alg": "ES256"})

    @property
    def issuer(self) -> str:
        """As it names itself."""
        return f"{self._url}{ROOM}"

    async def describe(self, _request: web.Request) -> web.Response:
        """What it says of itself."""
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def keys(self, _request: web.Request) -> web.Response:
        """With what its tokens are checked."""
        return web.json_response(KeySet([self._key]).as_dict(private=False))

    async def ask(self, request: web.Request) -> web.Response:
        """Asks who one wants to be."""
        asked = request.query
        if asked.get("client_id") != CLIENT_ID or not self._is_ours(asked.get("redirect_uri", "")):
            return web.Response(status=400, text="This client or this redirect address is not known here.")
        kept = ("redirect_uri", "state", "nonce", "code_challenge")
        hidden = "".join(f'<input type="hidden" name="{one}" value="{escape(asked.get(one, ""))}">' for one in kept)
        email = asked.get("login_hint", "")
        name = email.partition("@")[0].replace(".", " ").title()
        page = _PAGE.format(room=ROOM, hidden=hidden, email=escape(email), name=escape(name))
        return web.Response(text=page, content_type="text/html")

    async def sign_in(self, request: web.Request) -> web.Response:
        """Sends whoever that is back with a code."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        back = form.get("redirect_uri", "")
        if not self._is_ours(back):
            return web.Response(status=400, text="This redirect address is not known here.")
        said = {"state": form.get("state", ""), "iss": self.issuer}
        if form.get("turned_back"):
            said |= {"error": "access_denied"}
        else:
            said |= {"code": secrets.token_urlsafe(24)}
            self._granted[said["code"]] = _Granted(
                back, form.get("code_challenge", ""), form.get("nonce", ""), form.get("email", ""), form.get("name", "")
            )
            while len(self._granted) > MOST_CODES:
                self._granted.popitem(last=False)
        return web.Response(status=303, headers={"Location": f"{back}?{urlencode(said)}"})

    async def give(self, request: web.Request) -> web.Response:
        """Gives the token for a code, once."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if not _knows(request.headers):
            return web.json_response({"error": "invalid_client"}, status=401)
        granted = self._granted.pop(form.get("code", ""), None)
        proof = challenge_of(form.get("code_verifier", ""))
        if granted is None or (granted.redirect_uri, granted.challenge) != (form.get("redirect_uri"), proof):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"token_type": "Bearer", "access_token": "none", "id_token": self._token(granted)})

    def _token(self, granted: _Granted) -> str:
        at = int(self._now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": granted.email,
            "aud": CLIENT_ID,
            "iat": at,
            "exp": at + TOKEN_SECONDS,
            "nonce": granted.nonce,
            "email": granted.email,
            "email_verified": True,
            "name": granted.name,
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key, algorithms=["ES256"])

    def _is_ours(self, address: str) -> bool:
        return address.startswith(f"{self._url}/portal/")


def _knows(headers: Mapping[str, str]) -> bool:
    scheme, _, given = headers.get("Authorization", "").partition(" ")
    try:
        client, _, secret = base64.b64decode(given).decode().partition(":")
    except ValueError:
        return False
    known = hmac.compare_digest(unquote(secret), CLIENT_SECRET)
    return scheme == "Basic" and unquote(client) == CLIENT_ID and known
