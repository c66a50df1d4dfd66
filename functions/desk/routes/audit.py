"""The trail of what admins do: who changed which setting, when, from where, and what it was before."""

from datetime import timedelta
from typing import Final, Literal, cast

import msgspec

from functions.desk.schemas import audit as schemas
from functions.desk.schemas.tickets import AuthorOut
from helpdesk import bootstrap
from helpdesk.desk.naming import setting_name
from helpdesk.kernel.audit import AuditEntry, Values
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import NotFound
from helpdesk.knowledge.rules import title_of
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, instant_of
from helpdesk.tickets.model import ActorKind

_A_YEAR: Final = timedelta(days=366)


def list_audit(call: Call) -> Reply:
    """A page of the trail."""
    query: schemas.AuditQuery = call.query
    signer = bootstrap.signer()
    since = instant_of("from", query.since) or call.now - _A_YEAR
    until = instant_of("to", query.until) or call.now + timedelta(milliseconds=1)
    name = f"audit/{query.kind or ''}/{query.actor or ''}"
    page = bootstrap.trail().page(
        kind=query.kind,
        actor=query.actor,
        since=since,
        until=until,
        limit=query.limit,
        position=signer.read_cursor(name, query.cursor, call.now),
    )
    items = [_out(entry, address, call) for entry, address in page.items]
    return Reply(schemas.AuditOut(items, signer.sign_cursor(name, page.next_position)))


def _called(kind: str, target: str, call: Call) -> str | None:
    """What the target of an entry is called now, as far as whoever reads may know it."""
    agent = call.agent
    found: str | None
    try:
        match kind:
            case "organization" | "single_sign_on":
                found = bootstrap.organizations().get(target).name
            case "article":
                article = bootstrap.knowledge().all().get(target)
                found = title_of(article, agent.language, call.now) if article is not None else None
            case "canned_response":
                found = bootstrap.canned().library.peek(target, agent).title
            case "macro":
                found = bootstrap.macros().library.peek(target, agent).title
            case "checklist":
                found = bootstrap.checklists().library.peek(target, agent).title
            case "view":
                found = bootstrap.views().library.peek(target, agent).title
            case _:
                found = setting_name(bootstrap.desk(), kind, target, agent.language)
    except NotFound:
        return None
    return found


def _out(entry: AuditEntry, address: str | None, call: Call) -> schemas.AuditEntryOut:
    agent = bootstrap.agent(entry.actor) if entry.actor is not None else None
    named = agent.name if agent is not None else None
    return schemas.AuditEntryOut(
        id=f"{entry.month}/{entry.seq}",
        at=format_instant(entry.at),
        kind=entry.kind,
        target=entry.target,
        target_name=_called(entry.kind, entry.target, call),
        action=entry.action,
        actor=AuthorOut(ActorKind.AGENT, entry.actor, named) if entry.actor is not None else None,
        came_from=schemas.CameFromOut(cast("Literal['api', 'shell', 'schedule']", entry.via), address),
        before=_values(entry.before),
        after=_values(entry.after),
    )


def _values(document: Values | None) -> dict[str, msgspec.Raw] | None:
    if document is None:
        return None
    return {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in document.items()}


ENDPOINTS = (
    Endpoint(
        "GET /v1/audit",
        name="listAudit",
        summary="What admins did: who changed what, when, from where, and what it was before; newest first",
        description="Entries are never changed or removed, and each carries the hash of the one before it. Secrets are "
        "not in it, nor are values of more than 2,000 characters, of which it keeps the length and the hash.",
        handle=list_audit,
        needs=Permission.AUDIT,
        query=schemas.AuditQuery,
        response=schemas.AuditOut,
        tag="Configuration",
    ),
)
