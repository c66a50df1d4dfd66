"""A whole desk in one process behind an address, for browsers: the real handlers over moto, the built pages, a demo desk.

It has no emulator to start and no containers to warm, and its clock stands at a Monday morning: what is seen of it is the
same each time, within a minute. What a deployed desk must do is held over the running one.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from helpdesk.contracts import topology
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import format_instant
from local import demo
from local.demo_community import furnish_community
from local.demo_desk import AGENTS, demo_desk
from local.demo_work import furnish_work
from tests.e2e.desk import ROOT
from tests.support.world import BASE_URL, MONDAY_MORNING, REGION, SentMail, World, a_world, api_event, find_route

DIST: Final = ROOT / "web" / "dist"
POLICY: Final = "; ".join(
    " ".join([name, *sources])
    for name, sources in json.loads((ROOT / "web" / "headers.json").read_text(encoding="utf-8"))["policy"].items()
)
AWS: Final = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "desk",
}
USUAL_CAPACITY: Final = 12
OIDC: Final = {
    "authorization_endpoint": "/_local/oidc/authorize",
    "token_endpoint": "/_local/oidc/token",
    "client_id": "desk",
    "scope": "openid",
}


class OneProcess:
    """The desk, and what API Gateway and the mailbox of a desk on one machine are to it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()

    def now(self) -> str:
        """The desk's present, in RFC 3339."""
        return format_instant(self._world.clock.now)

    def mails(self) -> list[SentMail]:
        """All mails that left, newest first, once nothing is in flight."""
        with self._lock:
            self._world.settle()
            return self._world.sent[::-1]

    def answer(self, asked: "_Asked") -> tuple[int, dict[str, str], bytes, tuple[str, ...]]:
        """What API Gateway gives for a request of the API or of the help centre."""
        path = asked.url.path
        with self._lock:
            function, route, params = find_route(asked.command, path)
            event = api_event(asked.command, path, asked.url.query, route, params)
            event["headers"] = {name.lower(): value for name, value in asked.headers.items()}
            event["cookies"] = [one.strip() for one in asked.headers.get("cookie", "").split(";") if one]
            token = asked.headers.get("authorization", "").removeprefix("Bearer ")
            if token.startswith("agent:"):
                claims = {
                    "username": token.removeprefix("agent:"),
                    "token_use": "access",
                    "sub": "0f1e",
                    "scope": "openid",
                }
                event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
            elif route.auth is topology.Auth.AGENT:
                return 401, {}, b"", ()
            if asked.body:
                event["body"] = asked.body.decode()
            answer = self._world.invoke(function, event)
            self._world.advance(milliseconds=1)
            if asked.command != "GET":
                self._world.settle()
        return (
            answer["statusCode"],
            answer["headers"],
            answer.get("body", "").encode(),
            tuple(answer.get("cookies", ())),
        )


def _user(address: str) -> str:
    return next(agent.id for agent in AGENTS if agent.address == address)


class _Asked(BaseHTTPRequestHandler):
    desk: OneProcess

    def _handle(self) -> None:
        self.url = urlsplit(self.path)
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = self.url.path
        if path.startswith("/_local/") and "oidc" not in path:
            self._for_tools(path)
        elif path == "/config.json":
            self._json({"oidc": OIDC, "api": "/v1", "brand": {"name": demo_desk().general.name}})
        elif path.endswith("/authorize"):
            self._people()
        elif path.endswith("/token"):
            given = json.loads(self.body) if self.body.startswith(b"{") else dict(parse_qsl(self.body.decode()))
            who = given.get("code") or given["refresh_token"]
            self._json(
                {"access_token": f"agent:{who}", "refresh_token": who, "expires_in": 3600, "token_type": "Bearer"}
            )
        elif path == "/help" or path.startswith(("/v1/", "/help/")):
            self._send(*self.desk.answer(self))
        else:
            self._page(path)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815 - the library's names

    def _for_tools(self, path: str) -> None:
        """What a desk on one machine has for tools, as far as pictures need it."""
        if path == "/_local/token":
            address = json.loads(self.body)["email"]
            self._json({"token": "agent:" + next(one.id for one in AGENTS if one.address == address)})
        elif path == "/_local/clock":
            self._json({"now": self.desk.now()})
        elif path == "/_local/mailbox":
            self._json({"items": [{"id": one.id, "to": [one.to], "subject": one.subject} for one in self.desk.mails()]})
        elif path.endswith(".eml"):
            wanted = path.removeprefix("/_local/mailbox/").removesuffix(".eml")
            raw = next(one.mail.as_bytes() for one in self.desk.mails() if one.id == wanted)
            here = f"http://{self.headers['host']}"
            self._send(200, {"content-type": "message/rfc822"}, raw.replace(BASE_URL.encode(), here.encode()))
        else:
            self._json({})

    def _people(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(self.url.query).items()}
        links = "".join(
            f'<li><a href="{asked["redirect_uri"]}?{urlencode({"code": one.id, "state": asked["state"]})}">{one.name}</a>'
            for one in AGENTS
        )
        self._send(200, {"content-type": "text/html; charset=utf-8"}, f"<ul>{links}</ul>".encode())

    def _page(self, path: str) -> None:
        file = (DIST / path.lstrip("/")).resolve()
        if not file.is_relative_to(DIST) or not file.is_file():
            file = DIST / "portal" / "index.html" if path.startswith("/portal") else DIST / "index.html"
        kind = guess_type(file.name)[0] or "application/octet-stream"
        self._send(200, {"content-type": kind, "content-security-policy": POLICY}, file.read_bytes())

    def _json(self, body: object) -> None:
        self._send(200, {"content-type": "application/json"}, json.dumps(body).encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes, cookies: tuple[str, ...] = ()) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        for cookie in cookies:
            self.send_header("set-cookie", cookie)  # a browser trusts its own machine
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Says nothing."""


def _of_some_size(desk: Desk) -> Desk:
    """The demo desk where nobody takes as much as tools want somebody to take."""
    agents = {one.id: replace(one, capacity=min(one.capacity, USUAL_CAPACITY)) for one in desk.agents.values()}
    return replace(desk, agents=agents)


def _plant(world: World, lines: Iterator[str]) -> None:
    for line in lines:
        world.plant(json.loads(line))


@contextmanager
def one_process(port: int = 0, now: datetime = MONDAY_MORNING) -> Iterator[str]:
    """Serves a demo desk; gives its address.

    Args:
        port: of it; 0: any.
        now: the desk's present.
    """
    os.environ.update(AWS)
    with a_world(_of_some_size(demo_desk()), now) as world:
        demo._past(lambda lines: _plant(world, lines))  # what `make run` does on its first start
        world.forget_what_was_written()
        demo._requests()
        demo._articles()
        furnish_community(AGENTS)
        furnish_work()
        demo._views()
        world.settle()
        handler = type("Asked", (_Asked,), {"desk": OneProcess(world)})
        with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()


if __name__ == "__main__":
    with one_process(int(sys.argv[1])) as address:
        sys.stderr.write(f"{address}\n")
        signal.pause()
