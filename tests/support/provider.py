"""An organization's identity provider: an HTTP server on this machine with real keys, honest until a test says otherwise."""

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from helpdesk.sso.rules import challenge_of

CLIENT, SECRET = "the-desk", "s3cret/with+signs"


@cache
def rsa_key(kid: str = "rsa") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@cache
def ec_key(kid: str = "ec") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class Provider:
    """What it answers.

    Attributes:
        said: replaces or adds what it says of itself; None leaves it out.
        claims: replaces or adds claims of the next tokens; None leaves them out.
        key, algorithm: that tokens are signed with.
        published: the keys that it shows.
        forge: makes what is given as the token of what would be.
        asked: the authorization request that was last followed.
        posts: forms that came to its token endpoint, with the client and secret that came with them.
    """

    url: str
    now: Callable[[], datetime]
    email: str = "alice@acme.test"
    said: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey | ECKey = field(default_factory=rsa_key)
    algorithm: str = "RS256"
    published: tuple[RSAKey | ECKey, ...] = field(default_factory=lambda: (rsa_key(), ec_key()))
    forge: Callable[[str], str] = lambda token: token
    status: int = 200
    asked: dict[str, str] = field(default_factory=dict)
    posts: list[dict[str, str]] = field(default_factory=list)

    def follow(self, url: str) -> dict[str, str]:
        """Signs somebody in whose browser was sent here; what their browser brings back."""
        address = urlsplit(url)
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{self.url}/authorize"
        self.asked = dict(parse_qsl(address.query))
        return {"code": f"code-for-{self.asked['nonce'][:6]}", "state": self.asked["state"]}

    def answer(self, path: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return self.status, _without_none(self._described() | self.said)
        if path == "/keys":
            return 200, KeySet(list(self.published)).as_dict(private=False)
        if path == "/token":
            return self._token(headers, {name: values[0] for name, values in parse_qs(body).items()})
        return 404, {}

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        }

    def _token(self, headers: dict[str, str], form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            client, _, secret = base64.b64decode(given).decode().partition(":")
            form |= {"client_id": unquote(client), "client_secret": unquote(secret), "by": "basic"}
        self.posts.append(form)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        nonce = self.asked.get("nonce", "")
        proven = challenge_of(form["code_verifier"]) == self.asked.get("code_challenge")
        back = form["redirect_uri"] == self.asked.get("redirect_uri")
        if form["code"] != f"code-for-{nonce[:6]}" or not proven or not back:
            return 400, {"error": "invalid_grant"}
        at = int(self.now().timestamp())
        claims = {
            "iss": self.url,
            "sub": "a-person",
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": nonce,
            "email": self.email,
            "email_verified": True,
            "name": "Alice of Acme",
        }
        header = {"alg": self.algorithm, "kid": self.key.kid}
        token = jwt.encode(header, _without_none(claims | self.claims), self.key, algorithms=[self.algorithm])
        return 200, {"id_token": self.forge(token), "access_token": "opaque", "token_type": "Bearer"}


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@contextlib.contextmanager
def a_provider(now: Callable[[], datetime]) -> Iterator[Provider]:
    """One that runs until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = provider.answer(urlsplit(self.path).path, headers, body)
            sent = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}", now)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
