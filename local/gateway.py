"""The one address of the desk: pages, API and what exists on this machine only, as CloudFront would serve the first two."""

import asyncio
import contextlib
import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiohttp
import msgspec
from aiohttp import web
from yarl import URL

from helpdesk.contracts.topology import HOST_HEADER, VIEWER_HEADER
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import Invalid
from helpdesk.platform.problems import problem_of
from helpdesk.sso.rules import WELL_KNOWN
from infra.outputs import API_ID
from infra.security_headers import PERMISSIONS_POLICY, content_security_policy
from local import product, provider
from local.cloud import Cloud, restoring
from local.mailbox import Mailbox
from local.options import ROOT
from local.people import SCOPE, People, SignInRefused
from local.quiet import QUIET_WITHIN_SECONDS, Hands, Quiet, Restless, advance

if TYPE_CHECKING:
    from helpdesk.people.model import Agent

DIST: Final = ROOT / "web" / "dist"
OWN_PAGES: Final = Path(__file__).parent / "pages"
LONGEST_ADDRESS: Final = 8000
"""Of a call: what API Gateway takes in the line of a request, headers aside."""
MAX_REQUEST_BYTES: Final = 10 * 1024 * 1024
"""What API Gateway takes."""
MOST_AT_ONCE: Final = 100_000
"""Tickets of a crowd."""
FURTHEST_SECONDS: Final = 20 * 366 * 86_400
OURS: Final = frozenset({VIEWER_HEADER, HOST_HEADER, "content-length"})
"""Headers that are written here, whatever a caller wrote there."""
HOP_BY_HOP: Final = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
    ]
)
FILE_OF_THE_BUILD: Final = re.compile(r"/[^/]+\.[a-z]+|/assets/.+")
MAIL_POLICY: Final = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Desk:
    """What the gateway serves.

    Attributes:
        url: its own address.
        callback: where sign-in may lead back to.
    """

    url: str
    cloud: Cloud
    people: People
    mailbox: Mailbox
    quiet: Quiet
    clock: product.DeskClock
    session: aiohttp.ClientSession
    callback: str


class Gateway:
    """Answers every request of browsers and tools."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._moving = asyncio.Lock()
        self._provider = provider.DemoProvider(desk.url, desk.clock.now)
        self._api_host = f"{desk.cloud.outputs[API_ID]}.execute-api.localhost"
        self._headers = {
            "Content-Security-Policy": content_security_policy(sign_in=[], files=[desk.cloud.url]),
            "Permissions-Policy": PERMISSIONS_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
        }

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(middlewares=[self._with_headers], client_max_size=MAX_REQUEST_BYTES)
        local: dict[str, Handler] = {
            "GET /_local/mailbox": self._mails,
            "GET /_local/mailbox/{id}.eml": self._mail_raw,
            "GET /_local/mailbox/{id}.json": self._mail_parts,
            "GET /_local/mailbox/{id}.html": self._mail_html,
            "GET /_local/clock": self._clock,
            "POST /_local/clock": self._move_clock,
            "GET /_local/idle": self._idle,
            "POST /_local/crowd": self._crowd,
            "GET /_local/dead-letters": self._dead_letters,
            "POST /_local/token": self._token,
            "GET /_local/agents": self._agents,
            "GET /_local/oidc/authorize": self._sign_in_page,
            "POST /_local/oidc/sign-in": self._sign_in,
            "POST /_local/oidc/token": self._exchange,
            "GET /_local/oidc/logout": self._sign_out,
            f"GET {provider.ROOM}{WELL_KNOWN}": self._provider.describe,
            f"GET {provider.ROOM}/keys": self._provider.keys,
            f"GET {provider.ROOM}/authorize": self._provider.ask,
            f"POST {provider.ROOM}/sign-in": self._provider.sign_in,
            f"POST {provider.ROOM}/token": self._provider.give,
            "GET /_local/{rest:.*}": self._own_page,
        }
        for route, handler in local.items():
            method, path = route.split()
            app.router.add_route(method, path, handler)
        app.router.add_get("/_local", self._to_mailbox)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_route("*", "/v1/{rest:(?s:.*)}", self._api)
        for path in ("/help", "/help/{rest:(?s:.*)}", "/robots.txt"):  # pages that a function makes
            app.router.add_route("*", path, self._api)
        app.router.add_get("/config.json", self._config)
        app.router.add_get("/docs", self._reference)
        app.router.add_get("/{path:.*}", self._page)
        return app

    @web.middleware
    async def _with_headers(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as problem:
            response = problem
        if not response.prepared:
            self._add_headers(response)
        return response

    def _add_headers(self, response: web.StreamResponse) -> None:
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)

    # --- the API -----------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        """Passes a request on to API Gateway and the answer back, unchanged but for what belongs to one connection."""
        if len(request.raw_path) > LONGEST_ADDRESS:
            refused = problem_of(Invalid(f"An address has at most {LONGEST_ADDRESS} bytes."), request.path[:100])
            return web.Response(
                body=msgspec.json.encode(refused), status=refused.status, content_type="application/problem+json"
            )
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"message": "Request Too Long"}, status=413)
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP]
        headers = [(name, value) for name, value in headers if name.lower() not in OURS]
        headers += [("Host", self._api_host), (VIEWER_HEADER, request.remote or "127.0.0.1")]
        headers += [(HOST_HEADER, request.host)]
        url = f"{self._desk.cloud.url}{request.raw_path}"  # as the caller wrote it: not decoded and encoded again
        async with self._desk.session.request(
            request.method, URL(url, encoded=True), headers=headers, data=body or None, allow_redirects=False
        ) as answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    response.headers.add(name, value)
            self._add_headers(response)
            with contextlib.suppress(ConnectionResetError):  # who asked has gone: nobody is left to tell
                await response.prepare(request)
                async for chunk in answer.content.iter_chunked(1 << 16):
                    await response.write(chunk)
                await response.write_eof()
            return response

    # --- the pages ---------------------------------------------------------------------------------------------------

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _config(self, _request: web.Request) -> web.Response:
        oidc = {
            "authorization_endpoint": f"{self._desk.url}/_local/oidc/authorize",
            "token_endpoint": f"{self._desk.url}/_local/oidc/token",
            "end_session_endpoint": f"{self._desk.url}/_local/oidc/logout",
            "client_id": self._desk.people.client_id,
            "scope": SCOPE,
        }
        brand = {"name": "Help desk"}
        return _uncached(web.json_response({"oidc": oidc, "api": "/v1", "brand": brand}))

    async def _page(self, request: web.Request) -> web.StreamResponse:
        """Which file answers a path: the same rule as at CloudFront's edge."""
        path = request.path
        if path == "/portal" or path.startswith("/portal/"):
            path = "/portal/index.html"
        elif not FILE_OF_THE_BUILD.fullmatch(path):
            path = "/index.html"
        file = (DIST / path.lstrip("/")).resolve()
        if not file.is_relative_to(DIST) or not file.is_file():
            return web.json_response({"title": "Not Found", "status": 404}, status=404)
        if not path.startswith("/assets/"):
            return _uncached(web.FileResponse(file))
        response = web.FileResponse(file)
        if file.suffix in {".js", ".css"}:
            response.enable_compression()  # as the edge does
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    async def _own_page(self, request: web.Request) -> web.StreamResponse:
        """A file of `local/pages`; the mailbox is the first of them."""
        file = (OWN_PAGES / (request.match_info["rest"] or "mailbox.html")).resolve()
        if not file.is_relative_to(OWN_PAGES) or not file.is_file():
            return web.json_response({"title": "Not Found", "status": 404}, status=404)
        return _uncached(web.FileResponse(file))

    async def _to_mailbox(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound("/_local/")

    async def _reference(self, _request: web.Request) -> web.StreamResponse:
        return _uncached(web.FileResponse(OWN_PAGES / "docs.html"))

    # --- mail out ----------------------------------------------------------------------------------------------------

    async def _mails(self, _request: web.Request) -> web.Response:
        mails = await asyncio.to_thread(self._desk.mailbox.newest_first)
        return _uncached(web.json_response({"items": [mail.listed() for mail in mails]}))

    async def _mail_raw(self, request: web.Request) -> web.Response:
        raw = self._desk.mailbox.raw(request.match_info["id"])
        if raw is None:
            raise web.HTTPNotFound
        return web.Response(body=raw, content_type="message/rfc822")

    async def _mail_parts(self, request: web.Request) -> web.Response:
        parts = self._desk.mailbox.parts(request.match_info["id"])
        if parts is None:
            raise web.HTTPNotFound
        return web.json_response(parts)

    async def _mail_html(self, request: web.Request) -> web.Response:
        """A mail's HTML for a frame: no script, no form, nothing of the desk's origin; links may open a tab."""
        html = self._desk.mailbox.html(request.match_info["id"])
        if html is None:
            raise web.HTTPNotFound
        headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        # Links open beside the frame: the desk's own pages refuse to be shown in one.
        linked = html.replace("<head>", '<head><base target="_blank">', 1)
        return web.Response(text=linked, content_type="text/html", headers=headers)

    # --- for tools ---------------------------------------------------------------------------------------------------

    async def _clock(self, _request: web.Request) -> web.Response:
        return _uncached(web.json_response({"now": format_instant(self._desk.clock.now())}))

    async def _move_clock(self, request: web.Request) -> web.Response:
        body = await _object(request)
        seconds = body.get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= FURTHEST_SECONDS:
            return _bad(f"advance_seconds must be a number from 0 to {FURTHEST_SECONDS}")
        desk = self._desk
        hands = Hands(
            now=desk.clock.now,
            move=desk.clock.move,
            next_due=product.next_due,
            sweep=lambda: product.sweep(desk.cloud),
            settle=lambda: desk.quiet.wait(120),
            catch_up=lambda since: product.catch_up(desk.cloud, since, desk.clock.now()),
        )
        async with self._moving:
            try:
                now = await advance(hands, seconds)
            except Restless as restless:
                return _problem(HTTPStatus.GATEWAY_TIMEOUT, f"Still in flight: {restless}")
        return web.json_response({"now": format_instant(now)})

    async def _idle(self, request: web.Request) -> web.Response:
        try:
            seconds = float(request.query.get("timeout_seconds", "30"))
        except ValueError:
            seconds = math.nan
        if not 0 <= seconds <= 3600:
            return _bad("timeout_seconds must be a number from 0 to 3600")
        try:
            await self._desk.quiet.wait(seconds)
        except Restless as restless:
            return _problem(HTTPStatus.GATEWAY_TIMEOUT, f"Still in flight: {restless}")
        return web.json_response({"status": "idle"})

    async def _crowd(self, request: web.Request) -> web.Response:
        """Adds open tickets, thousands if need be, that nobody is told of."""
        tickets = (await _object(request)).get("tickets")
        if not isinstance(tickets, int) or not 1 <= tickets <= MOST_AT_ONCE:
            return _bad(f"tickets is a number from 1 to {MOST_AT_ONCE}")
        from local.demo import gather  # noqa: PLC0415 - few ask for it

        async with self._moving:
            await self._desk.quiet.wait(QUIET_WITHIN_SECONDS)
            written = await restoring(self._desk.session, self._desk.cloud.url, lambda: gather(tickets))
        return web.json_response({"tickets": written})

    async def _dead_letters(self, _request: web.Request) -> web.Response:
        return web.json_response({"items": await self._desk.quiet.dead_letters()})

    # --- signing in --------------------------------------------------------------------------------------------------

    async def _known_agents(self) -> list["Agent"]:
        agents = await asyncio.to_thread(product.agents)
        strangers = [agent for agent in agents if not self._desk.people.known(agent.id)]
        if strangers:
            await asyncio.to_thread(self._desk.people.admit, strangers)
        return agents

    async def _agents(self, _request: web.Request) -> web.Response:
        agents = await self._known_agents()
        people = [
            {"id": agent.id, "name": agent.name, "email": agent.address, "role": agent.role.value} for agent in agents
        ]
        return _uncached(web.json_response({"items": people}))

    async def _token(self, request: web.Request) -> web.Response:
        wanted = str((await _object(request)).get("email", "")).strip().lower()
        agent = next((agent for agent in await self._known_agents() if agent.address.lower() == wanted), None)
        if agent is None:
            return _problem(HTTPStatus.NOT_FOUND, f"No agent of this desk has the address {wanted!r}")
        try:
            token = await self._desk.people.token(self._desk.session, agent.id, self._desk.callback)
        except SignInRefused as refused:
            return _problem(HTTPStatus.BAD_GATEWAY, str(refused))
        return web.json_response({"token": token})

    async def _sign_in_page(self, request: web.Request) -> web.StreamResponse:
        """The list of agents; what the pages asked for stays in the address and is sent with the choice."""
        if request.query.get("client_id") != self._desk.people.client_id:
            return _bad("client_id is not this desk's")
        return _uncached(web.FileResponse(OWN_PAGES / "sign-in.html"))

    async def _sign_in(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        agent = form.pop("agent", "")
        try:
            location = await self._desk.people.authorize(self._desk.session, agent, form)
        except SignInRefused as refused:
            return _problem(HTTPStatus.BAD_REQUEST, str(refused))
        return web.Response(status=303, headers={"Location": location})

    async def _exchange(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        status, answer = await self._desk.people.exchange(self._desk.session, form)
        return _uncached(web.json_response(answer, status=status))

    async def _sign_out(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{self._desk.url}/")


def _uncached[R: web.StreamResponse](response: R) -> R:
    response.headers["Cache-Control"] = "no-cache"
    return response


async def _object(request: web.Request) -> dict[str, object]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _problem(status: HTTPStatus, detail: str) -> web.Response:
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return web.json_response(problem, status=status.value, content_type="application/problem+json")


def _bad(detail: str) -> web.Response:
    return _problem(HTTPStatus.BAD_REQUEST, detail)
