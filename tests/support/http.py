"""API Gateway's events (payload 2.0), as it would send them."""

import json
from typing import Any


def an_event(
    route: str,
    *,
    body: object = None,
    raw: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    claims: dict[str, str] | None = None,
    path: str | None = None,
    source_ip: str = "203.0.113.7",
) -> dict[str, Any]:
    """One call of a route; `claims` are what the gateway's authorizer found in a bearer token."""
    method, _, pattern = route.partition(" ")
    found = path or pattern
    for name, value in (params or {}).items():
        found = found.replace(f"{{{name}}}", value)
    request: dict[str, Any] = {"http": {"method": method, "path": found, "sourceIp": source_ip}}
    if claims is not None:
        request["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": found,
        "headers": headers or {},
        "requestContext": request,
        "isBase64Encoded": False,
    }
    if query is not None:
        event["queryStringParameters"] = query
    if params is not None:
        event["pathParameters"] = params
    text = raw if raw is not None else (json.dumps(body) if body is not None else None)
    if text is not None:
        event["body"] = text
    return event


def agent_claims(agent_id: str, **changes: str) -> dict[str, str]:
    """The claims of an access token."""
    return {"token_use": "access", "username": agent_id, "sub": "00000000-0000-4000-8000-000000000000"} | changes
