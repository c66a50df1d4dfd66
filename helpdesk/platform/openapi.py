"""The API's description (OpenAPI 3.1), made of the endpoints' own declarations."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from helpdesk.platform.http import Endpoint
from helpdesk.platform.problems import Problem

_REF: Final = "#/components/schemas/{name}"
_AGENT: Final[dict[str, list[str]]] = {"agent": []}
_REQUESTER: Final[dict[str, list[str]]] = {"requester": []}
_MEANINGS: Final = {
    400: "Something that was sent is not valid; `errors` names each field.",
    401: "Nobody is signed in, or the token is not (or no longer) good.",
    403: "Signed in, but not allowed.",
    404: "There is no such thing, or none that the caller may know of.",
    405: "This cannot be done at this address.",
    410: "The link has expired.",
    413: "More bytes than are taken.",
    429: "Too many calls.",
    500: "A fault of the desk; it was noted.",
    503: "Contention, or a service that did not answer; try again.",
}


def document(endpoints: Iterable[Endpoint], *, version: str) -> dict[str, Any]:
    """The whole description.

    Args:
        endpoints: of all functions.
        version: of the API.
    """
    declared = [endpoint for endpoint in endpoints if not endpoint.route.endswith("$default")]
    structs: list[type[msgspec.Struct]] = [Problem]
    for endpoint in declared:
        structs += [struct for struct in (endpoint.body, endpoint.response) if struct is not None]
    unique = list(dict.fromkeys(structs))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    by_struct = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in declared:
        method, path = endpoint.route.split(" ", 1)
        operation = _operation(endpoint, path, by_struct)
        links = _links(endpoint, path, declared)
        if links:
            operation["responses"][str(endpoint.status)]["links"] = links
        paths.setdefault(path, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Help desk",
            "version": version,
            "description": "Requests of customers, and the work of agents on them. Errors are RFC 9457 problems; lists "
            "are paged by an opaque cursor; instants are RFC 3339 in UTC.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": {name: components[name] for name in sorted(components)},
            "securitySchemes": {
                "agent": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token of the desk's identity provider.",
                },
                "requester": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The access token of one request, as its opening gave it.",
                },
            },
        },
    }


def _operation(
    endpoint: Endpoint, path: str, by_struct: Mapping[type[msgspec.Struct], dict[str, Any]]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": _parameters(endpoint, path),
        "responses": _responses(endpoint, by_struct),
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.needs is not None:
        operation["security"] = [_AGENT]
        operation["x-permission"] = endpoint.needs.value
    elif endpoint.token:
        operation["security"] = [_REQUESTER]
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_struct[endpoint.body]}},
        }
    return {name: value for name, value in operation.items() if value != []}


def _links(endpoint: Endpoint, path: str, among: Iterable[Endpoint]) -> dict[str, Any]:
    """What can be called next with the id that an answer gives: what lies below the same address.

    `POST /v1/macros` leads to `PUT /v1/macros/{id}`, `POST /v1/tickets/{id}/tasks` to `PATCH /v1/tickets/{id}/tasks/{task_id}`.
    """
    among = list(among)
    place = _place_of_id(endpoint.response)
    parent = f"GET {path.rpartition('/')[0]}"
    if place is None or any(one.route == parent and one.response is endpoint.response for one in among):
        return {}  # it answers with what it is a part of
    known = {name: f"$request.path.{name}" for name in _names(path)}
    seen = {"If-Match": "$response.header.ETag"} if _has_version(endpoint) else {}
    found: dict[str, Any] = {}
    for other in among:
        _, below = other.route.split(" ", 1)
        named = re.match(re.escape(path) + r"/\{([^}]+)\}", below)
        if named is not None and set(_names(below)) == {*known, named.group(1)}:
            headers = {name: value for name, value in seen.items() if name in other.headers}
            parameters = known | {named.group(1): place} | headers
            found[other.name] = {"operationId": other.name, "parameters": parameters}
    return found


def _has_version(endpoint: Endpoint) -> bool:
    fields = endpoint.response.__struct_fields__ if endpoint.response is not None else ()
    return "id" in fields and "version" in fields


def _place_of_id(response: type[msgspec.Struct] | None) -> str | None:
    """Where an answer names the thing it is about, or the first of a list."""
    if response is None:
        return None
    fields = {info.encode_name: info.type for info in msgspec.structs.fields(response)}
    if "id" in fields:
        return "$response.body#/id"
    items = getattr(fields.get("items"), "__args__", ())
    listed = items[0] if items and isinstance(items[0], type) and issubclass(items[0], msgspec.Struct) else None
    return "$response.body#/items/0/id" if listed is not None and "id" in listed.__struct_fields__ else None


def _names(path: str) -> list[str]:
    return re.findall(r"\{([^}]+)\}", path)


def _parameters(endpoint: Endpoint, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _names(path)
    ]
    for info in msgspec.structs.fields(endpoint.query):
        schema = msgspec.json.schema(info.type)
        if info.default not in (msgspec.NODEFAULT, None):
            schema["default"] = msgspec.to_builtins(info.default)
        found.append(
            {"name": info.encode_name, "in": "query", "required": info.required, "schema": _without_null(schema)}
        )
    for name, meaning in endpoint.headers.items():
        required = name == "If-Match"
        found.append(
            {"name": name, "in": "header", "required": required, "description": meaning, "schema": {"type": "string"}}
        )
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is left out, never null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "$ref", "$defs"}}
    if len(choices) == 1:
        schema = choices[0] | rest | ({"$defs": schema["$defs"]} if "$defs" in schema else {})
    return _inlined(schema)


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of its own, without definitions beside it."""
    definitions = schema.pop("$defs", {})
    reference = schema.pop("$ref", None)
    if reference is not None:
        named: dict[str, Any] = definitions[reference.rpartition("/")[2]]
        return named | schema
    return schema


def _responses(
    endpoint: Endpoint, by_struct: Mapping[type[msgspec.Struct], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    good: dict[str, Any] = {"description": endpoint.summary + "."}
    if endpoint.response is not None:
        good["content"] = {"application/json": {"schema": by_struct[endpoint.response]}}
    statuses = {400, 500, 503, *endpoint.errors}
    if "{" in endpoint.route:
        statuses.add(404)
    if endpoint.needs is not None:
        statuses |= {401, 403}
    if endpoint.token:
        statuses |= {401, 410}
    if endpoint.body is not None:
        statuses.add(413)
    responses = {str(endpoint.status): good}
    for status in sorted(statuses):
        responses[str(status)] = {
            "description": endpoint.errors.get(status) or _MEANINGS[status],
            "content": {"application/problem+json": {"schema": by_struct[Problem]}},
        }
    return responses
