"""HTTP as the functions see it: endpoints declared with their types, decoded, authorised and answered in one way.

Customers' routes API Gateway has found before a function starts (`routeKey`); all of agents' calls come by one route, and
their endpoint is found by its address.
Bodies and queries are msgspec structs: they validate, and the OpenAPI document is made of the same declarations.
"""

import base64
import binascii
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

import msgspec

from helpdesk.contracts.topology import VIEWER_HEADER
from helpdesk.kernel.clock import parse_instant
from helpdesk.kernel.errors import (
    FieldError,
    Forbidden,
    HelpdeskError,
    Invalid,
    StaleVersion,
    TooLarge,
    Unauthenticated,
)
from helpdesk.kernel.whereabouts import coming_from
from helpdesk.people.model import Agent
from helpdesk.people.roles import BUILT_IN, Permission
from helpdesk.platform.addresses import Addresses, no_such_address
from helpdesk.platform.caller import Caller, called_by
from helpdesk.platform.observability import log_fault, logger
from helpdesk.platform.problems import problem_of, status_of
from helpdesk.platform.sign_ins import SignIn, session_of

MAX_BODY_BYTES: Final = 512 * 1024
"""The largest JSON body taken; files travel by themselves."""
_LONGEST_USER: Final = 128

type Event = Mapping[str, Any]
type Answer = dict[str, Any]
type Query = msgspec.Struct


class NoQuery(msgspec.Struct, frozen=True):
    """An endpoint that takes no query parameters."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, decoded.

    Attributes:
        path: as the caller sees it.
        params: values of the path's parameters.
        query: an instance of the endpoint's `query` struct.
        body: an instance of the endpoint's `body` struct; None for endpoints without one.
        raw: the body's bytes.
        headers: names in lower case.
        cookies: by name.
        ip: the caller's address.
        agent: who is signed in; only endpoints for agents have one.
        permissions: what they may do.
        now: the desk's time.
        all_query: the query as it came, for what has no struct of it.
    """

    method: str
    path: str
    params: Mapping[str, str]
    query: Any
    body: Any
    raw: bytes
    headers: Mapping[str, str]
    ip: str
    now: datetime
    signed_in: Agent | None = None
    permissions: frozenset[Permission] = frozenset()
    cookies: Mapping[str, str] = field(default_factory=dict)
    all_query: Mapping[str, str] = field(default_factory=dict)

    @property
    def agent(self) -> Agent:
        """The signed-in colleague.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        if self.signed_in is None:
            raise Unauthenticated("Sign in first.")
        return self.signed_in

    def require(self, *needed: Permission) -> None:
        """Refuses a call that wants more than its route does.

        Raises:
            Forbidden: a permission is missing; the refusal names it.
        """
        for permission in needed:
            if permission not in self.permissions:
                raise Forbidden(f"This needs the permission {permission}.", permission=permission)

    @property
    def bearer(self) -> str:
        """The bearer token.

        Raises:
            Unauthenticated: there is none.
        """
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("An access token is missing.")
        return token.strip()


@dataclass(frozen=True, slots=True)
class Reply:
    """An endpoint's answer.

    Attributes:
        value: encoded as JSON; text and bytes go as they are; None: no body.
        status: None: the endpoint's usual one.
        cookies: lines of `Set-Cookie`.
    """

    value: object = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route with its types.

    Attributes:
        route: method and path as API Gateway spells them, as in contracts/topology.py.
        name: OpenAPI's operationId.
        summary: one line for the reference.
        handle: answers a call.
        needs: the permission that one needs; None: anybody may call (the handler looks at signed tokens itself).
        body: struct of the JSON body.
        query: struct of the query.
        response: struct of the answer; None: none.
        status: usual status.
        errors: further statuses it answers, with what they mean; those that all share are added.
        headers: headers it takes beside the usual, with what they mean.
        tag: section of the reference.
        token: the caller proves itself by a requester's access token, or by a session of the portal.
        most_bytes: the largest body it takes.
    """

    route: str
    name: str
    summary: str
    handle: Callable[[Call], Reply]
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] = NoQuery
    response: type[msgspec.Struct] | None = None
    status: int = 200
    errors: Mapping[int, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    tag: str = "Requests"
    token: bool = False
    description: str = ""
    needs: Permission | None = None
    most_bytes: int = MAX_BODY_BYTES


class Api:
    """Some endpoints behind one Lambda.

    Args:
        endpoints: all of them.
        begin: what every call does first.
        now: the desk's time.
        agents: finds a colleague by their user name at the identity provider.
        permissions: what a colleague may do; None: what their built-in role may.
        notice: is told of everybody who comes with an access token, known as a colleague or not.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint],
        *,
        begin: Callable[[], None],
        now: Callable[[], datetime],
        agents: Callable[[str], Agent | None],
        permissions: Callable[[Agent], frozenset[Permission]] | None = None,
        notice: Callable[[SignIn], None] | None = None,
    ) -> None:
        self._notice = notice
        self._begin = begin
        # The gateway's key of the route that takes all else is `$default`, without the method that contracts give it.
        self._endpoints = {endpoint.route.removeprefix("ANY "): endpoint for endpoint in endpoints}
        self._addresses = Addresses(self._endpoints.items())
        self._now = now
        self._agents = agents
        self._permissions = permissions or (lambda agent: BUILT_IN[agent.role])

    def answer(self, event: Event) -> Answer:
        """Answers an API Gateway event (payload 2.0). Never raises: what goes wrong is answered and logged."""
        started = time.process_time()
        route = str(event.get("routeKey", ""))
        path = str(event.get("rawPath", ""))
        try:
            self._begin()
            endpoint, params = self._endpoint(route, event)
            route = endpoint.route
            call = self._call(endpoint, params, event)
            with self._calling(call), coming_from(call.ip):
                reply = endpoint.handle(call)
            answer = _answer(reply.status or endpoint.status, reply.value, reply.headers)
            if reply.cookies:
                answer["cookies"] = list(reply.cookies)
        except HelpdeskError as error:
            answer = _refusal(error, path)
        except Exception as error:  # noqa: BLE001 - the last resort: a caller gets a problem, we get the trace
            log_fault("call_failed", error, route=route)
            answer = _answer(500, problem_of(HelpdeskError("The desk could not do this; it was noted."), path), {})
        logger().info(
            "call",
            route=route,
            status=answer["statusCode"],
            cpu_ms=round((time.process_time() - started) * 1000, 1),
        )
        return answer

    def _endpoint(self, route: str, event: Event) -> tuple[Endpoint, Mapping[str, str]]:
        if route in self._endpoints:
            return self._endpoints[route], event.get("pathParameters") or {}
        method, path = event["requestContext"]["http"]["method"], str(event.get("rawPath", ""))
        found = self._addresses.find(method, path)
        if found is None:
            raise no_such_address(method, path)
        return found

    def _call(self, endpoint: Endpoint, params: Mapping[str, str], event: Event) -> Call:
        request, now = event["requestContext"], self._now()
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        ip = _ip(request, headers)
        signed_in = self._signed_in(endpoint, request, ip, now)
        permissions = self._allowed(endpoint, signed_in)
        raw = _raw_body(event, endpoint.most_bytes)
        return Call(
            method=request["http"]["method"],
            path=str(event.get("rawPath", "")),
            params=params,
            query=_query(endpoint.query, event.get("queryStringParameters") or {}),
            body=decode_body(endpoint.body, raw) if endpoint.body is not None else None,
            raw=raw,
            headers=headers,
            ip=ip,
            now=now,
            signed_in=signed_in,
            permissions=permissions,
            cookies=_cookies(event.get("cookies") or (), headers),
            all_query=event.get("queryStringParameters") or {},
        )

    def _calling(self, call: Call) -> contextlib.AbstractContextManager[None]:
        """What is seen and done until the call is answered is theirs who called."""
        return called_by(Caller(call.signed_in, call.ip, call.now) if call.signed_in is not None else None)

    def _allowed(self, endpoint: Endpoint, signed_in: Agent | None) -> frozenset[Permission]:
        """What the caller may do.

        Raises:
            Forbidden: less than the endpoint needs.
        """
        if signed_in is None:
            return frozenset()
        granted, needed = self._permissions(signed_in), endpoint.needs
        if needed is not None and needed not in granted:
            raise Forbidden(f"This needs the permission {needed}.", permission=needed)
        return granted

    def _signed_in(self, endpoint: Endpoint, request: Mapping[str, Any], ip: str, now: datetime) -> Agent | None:
        if endpoint.needs is None:
            return None
        claims = request.get("authorizer", {}).get("jwt", {}).get("claims", {})
        # The gateway's authorizer lets ID tokens through as well; only an access token is meant for an API.
        if claims.get("token_use") != "access":
            raise Unauthenticated("An access token is needed.")
        user = str(claims.get("username", ""))
        agent = self._agents(user)
        if self._notice is not None:
            self._notice(SignIn(user[:_LONGEST_USER], session_of(claims), ip, now, agent))
        if agent is None:
            raise Forbidden("You are signed in, but not an agent of this desk.")
        return agent


def idempotency_header(call: Call) -> str | None:
    """The caller's Idempotency-Key.

    Raises:
        Invalid: it is empty or over 255 characters.
    """
    key = call.headers.get("idempotency-key")
    if key is not None and not 0 < len(key.strip()) <= 255:
        raise Invalid("The Idempotency-Key must have 1 to 255 characters.")
    return key.strip() if key is not None else None


def instant_of(name: str, given: str | None) -> datetime | None:
    """The instant that a query parameter tells; None where it is not given.

    Raises:
        Invalid: it is none.
    """
    if given is None:
        return None
    try:
        return parse_instant(given)
    except ValueError as error:
        fault = FieldError(f"/{name}", "is no instant such as 2026-11-21T09:30:00Z")
        raise Invalid("Some query parameters are not valid.", [fault]) from error


def version_header(call: Call) -> int:
    """The version in If-Match.

    Raises:
        Invalid: it is missing or no version.
    """
    tag = call.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise Invalid('Say which version you saw: `If-Match: "7"`.')
    return int(tag)


def seen_header(call: Call) -> int | None:
    """The version in If-Match, where the caller says one; None: it does not care who was there before.

    Raises:
        Invalid: it is no version.
    """
    return version_header(call) if "if-match" in call.headers else None


def refuse_if_stale(seen: int | None, current: int) -> None:
    """Refuses a change of what is not as the caller saw it; None: the caller does not care.

    Raises:
        StaleVersion: with the version it is at.
    """
    if seen is not None and seen != current:
        raise StaleVersion(f"You saw version {seen}; it is at {current} now.", current=current)


def _ip(request: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The caller's address: the viewer's, where CloudFront tells it; else the gateway's peer.

    A peer on this machine is a gateway of ours, so who stands before it counts.

    A caller that goes round CloudFront can lie about the first: limits by IP are a courtesy, limits by address and the
    gateway's throttling are what holds.
    """
    if headers.get(VIEWER_HEADER):
        return headers[VIEWER_HEADER]
    peer = str(request["http"].get("sourceIp", "unknown"))
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    return hops[-1] if hops and peer in {"127.0.0.1", "::1"} else peer


def _cookies(lines: Iterable[str], headers: Mapping[str, str]) -> dict[str, str]:
    """A call's cookies: payload 2.0 has them beside the headers."""
    pairs = (pair.partition("=") for line in (*lines, headers.get("cookie", "")) for pair in line.split(";"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs if name.strip()}


def _raw_body(event: Event, most: int) -> bytes:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            raw = base64.b64decode(body)
        except binascii.Error as error:
            raise Invalid("The body cannot be read.") from error
    else:
        raw = str(body).encode("utf-8", "surrogatepass")
    if len(raw) > most:
        raise TooLarge(f"A body is at most {most} bytes here; send files by /v1/uploads.")
    return raw


def decode_body[S: msgspec.Struct](kind: type[S], raw: bytes) -> S:
    """A JSON body as its struct, with every fault named.

    Raises:
        Invalid: not JSON, not an object, or fields that are missing or wrong; `errors` names each by a JSON pointer.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The body is not JSON: {error}.") from error
    except RecursionError as error:
        raise Invalid("The body is nested too deeply.") from error
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # behind the field that was wrong
        raise Invalid("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise Invalid("The body is not a JSON object.", [FieldError("", "must be an object")])
    raise Invalid("Some fields are not valid.", field_errors(kind, found))


def field_errors(kind: type[msgspec.Struct], found: Mapping[str, object], *, strict: bool = True) -> list[FieldError]:
    """What is wrong with each field of an object: msgspec stops at the first fault, a caller wants all of them."""
    return _faults(kind, found, "", strict=strict) or [FieldError("", "is not valid")]


def _faults(kind: type[msgspec.Struct], found: Mapping[str, object], under: str, *, strict: bool) -> list[FieldError]:
    errors: list[FieldError] = []
    for info in msgspec.structs.fields(kind):
        pointer = f"{under}/{info.encode_name}"
        value = found.get(info.encode_name)
        if info.encode_name not in found:
            if info.required:
                errors.append(FieldError(pointer, "is missing"))
        elif isinstance(info.type, type) and issubclass(info.type, msgspec.Struct) and isinstance(value, dict):
            errors += _faults(info.type, value, pointer, strict=strict)
        else:
            errors += _fault(info.type, value, pointer, strict=strict)
    if kind.__struct_config__.forbid_unknown_fields:
        known = {info.encode_name for info in msgspec.structs.fields(kind)}
        errors += [
            FieldError(f"{under}/{name.replace('~', '~0').replace('/', '~1')}", "is not known here")
            for name in found
            if name not in known
        ]
    return errors


def _fault(kind: object, value: object, pointer: str, *, strict: bool) -> list[FieldError]:
    try:
        msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `$")
        return [FieldError(pointer + _pointer(at.rstrip("`")), message)]
    return []


def _pointer(path: str) -> str:
    """Msgspec's `.tags[0]` as a JSON pointer."""
    return path.replace("[", "/").replace("]", "").replace(".", "/")


def _query(kind: type[msgspec.Struct], found: Mapping[str, str]) -> msgspec.Struct:
    given = {name: value for name, value in found.items() if value != ""}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid("Some query parameters are not valid.", field_errors(kind, given, strict=False)) from error


def _answer(status: int, value: object, headers: Mapping[str, str]) -> Answer:
    kind = "application/problem+json" if status >= 400 else "application/json"
    answer: Answer = {
        "statusCode": status,
        "headers": {"content-type": kind, "cache-control": "no-store", **headers},
    }
    if isinstance(value, bytes):
        answer |= {"body": base64.b64encode(value).decode(), "isBase64Encoded": True}
    elif value is not None:
        answer["body"] = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return answer


def _refusal(error: HelpdeskError, path: str) -> Answer:
    headers: dict[str, str] = {}
    retry = cast("int | None", getattr(error, "retry_after_seconds", None))
    if retry is not None:
        headers["retry-after"] = str(retry)
    if status_of(error) == 401:
        headers["www-authenticate"] = "Bearer"
    return _answer(status_of(error), problem_of(error, path), headers)
