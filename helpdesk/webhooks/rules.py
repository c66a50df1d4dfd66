"""What a webhook sends, how it is signed, and when it is tried again. Pure.

Signed as the Standard Webhooks specification has it (https://www.standardwebhooks.com), for which there are libraries in
every language: HMAC-SHA256 over `id.timestamp.body`, so that a call can neither be forged, nor changed, nor replayed later.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk.kernel.clock import format_instant
from helpdesk.tickets.facts import WebhooksOrdered
from helpdesk.tickets.model import Reason, Ticket
from helpdesk.webhooks.model import (
    PAYLOAD_VERSION,
    Attempt,
    Cause,
    CauseKind,
    Delivery,
    DeliveryState,
    Health,
    Named,
    Webhook,
)

RETRIES: Final = tuple(map(lambda seconds: timedelta(seconds=seconds), (30, 120, 600, 1800, 7200, 21_600, 43_200)))  # noqa: C417 - reads as a list of lengths
"""How long after each failed call the next is made: eight calls within a day."""
KEPT_ATTEMPTS: Final = 10
FAILING_FOR: Final = timedelta(days=5)
"""How long no call gets through before the desk switches a destination off."""
LEAST_FAILURES: Final = 5
"""As many calls at least: one failure a week ago and one today say little."""
BOTH_SIGN: Final = timedelta(days=1)
"""How long a former secret signs along once there is a new one."""
GONE: Final = 410
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([a-z0-9_.]+)\s*\}\}")

type Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None


def secret_of(webhook: Webhook, key: str, *, generation: int | None = None) -> str:
    """The secret that a destination shares with the desk, as receivers' libraries take it.

    It follows from the desk's own secret, so that it lies in no table, export or answer; another generation is another.
    """
    about = f"webhook\n{webhook.id}\n{generation or webhook.generation}"
    return "whsec_" + base64.b64encode(hmac.digest(key.encode(), about.encode(), hashlib.sha256)).decode()


def secrets_of(webhook: Webhook, keys: Sequence[str], now: datetime) -> tuple[str, ...]:
    """All secrets that sign now, the newest first.

    Args:
        webhook: the destination.
        keys: the desk's own secrets, oldest first.
        now: the present.
    """
    generations = [webhook.generation]
    if webhook.rotated_at is not None and now < webhook.rotated_at + BOTH_SIGN:
        generations.append(webhook.generation - 1)
    return tuple(secret_of(webhook, key, generation=one) for one in generations for key in reversed(keys))


def signed_headers(delivery_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Headers by which a receiver knows a call for the desk's, and tells a repetition."""
    seconds = str(int(now.timestamp()))
    content = f"{delivery_id}.{seconds}.".encode() + body
    made = [
        base64.b64encode(hmac.digest(base64.b64decode(one.removeprefix("whsec_")), content, hashlib.sha256)).decode()
        for one in secrets
    ]
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }


def cause_of(fact: WebhooksOrdered, event_id: str, ticket: Ticket | None) -> Cause:
    """What ordered calls, by the reason that history has for them."""
    for reason in fact.because:
        if reason.code == "rule":
            return Cause(CauseKind.RULE, of=_param(reason, "rule"), event_id=event_id)
        if reason.code == "sla_escalated":
            policy = ticket.sla.policy_id if ticket is not None and ticket.sla is not None else ""
            level, metric = _param(reason, "level"), _param(reason, "metric")
            return Cause(CauseKind.ESCALATION, of=policy, level=level, metric=metric, event_id=event_id)
    return Cause(CauseKind.RULE, event_id=event_id)


def _param(reason: Reason, name: str) -> str:
    return str(reason.params.get(name, ""))


def payload_of(delivery: Delivery, ticket: Ticket | None, named: Named, base_url: str) -> dict[str, Json]:
    """The standard payload, as docs/admins.md describes it.

    Args:
        delivery: what is sent.
        ticket: as it now stands; None: a test, which tells of a ticket that is none.
        named: what ids mean.
        base_url: where the pages are.
    """
    cause = delivery.cause
    names = {CauseKind.RULE: named.rules, CauseKind.ESCALATION: named.policies, CauseKind.TEST: {}}[cause.kind]
    return {
        "version": PAYLOAD_VERSION,
        "id": delivery.id,
        "at": format_instant(delivery.ordered_at),
        "cause": {
            "kind": cause.kind.value,
            "id": cause.of or None,
            "name": names.get(cause.of),
            "level": cause.level or None,
            "clock": cause.metric or None,
            "event_id": cause.event_id or None,
        },
        "ticket": _ticket(ticket, named, base_url) if ticket is not None else _sample(delivery, base_url),
    }


def _ticket(ticket: Ticket, named: Named, base_url: str) -> dict[str, Json]:
    copies = ticket.copies
    clocks = {} if ticket.sla is None else {one.metric.value: one for one in ticket.sla.clocks if one.due_at}
    return {
        "id": ticket.id,
        "number": ticket.number,
        "version": ticket.version,
        "url": f"{base_url}/tickets/{ticket.id}",
        "subject": copies.subject,
        "status": ticket.status.value,
        "custom_status": ticket.custom_status,
        "type": ticket.type.value,
        "priority": ticket.priority.value,
        "category": ticket.category,
        "product": ticket.product,
        "channel": ticket.channel.value,
        "language": ticket.language,
        "tags": list(ticket.tags),
        "fields": {name: value for name, value in copies.fields.items()},  # noqa: C416 - says which type it has
        "group": _called(ticket.group, named.groups),
        "assignee": _called(ticket.assignee, named.agents),
        "requester": {
            "id": ticket.requester_id,
            "name": copies.requester_name,
            "address": copies.requester_address,
        },
        "organization_id": ticket.organization_id,
        "created_at": format_instant(ticket.created_at),
        "updated_at": format_instant(ticket.updated_at),
        "clocks": {
            metric: {
                "due_at": format_instant(clock.due_at) if clock.due_at is not None else None,
                "met_at": format_instant(clock.met_at) if clock.met_at is not None else None,
                "breached_at": format_instant(clock.breached_at) if clock.breached_at is not None else None,
            }
            for metric, clock in clocks.items()
        },
    }


def _called(one: str | None, names: Mapping[str, str]) -> dict[str, Json] | None:
    return {"id": one, "name": names.get(one)} if one is not None else None


def _sample(delivery: Delivery, base_url: str) -> dict[str, Json]:
    """A ticket that is none, with every name that a real one has."""
    at = format_instant(delivery.ordered_at)
    return {
        "id": "00000000000000000000000000",
        "number": 0,
        "version": 1,
        "url": f"{base_url}/tickets/00000000000000000000000000",
        "subject": "A test of the webhook",
        "status": "open",
        "custom_status": None,
        "type": "request",
        "priority": "normal",
        "category": None,
        "product": None,
        "channel": "web",
        "language": "en",
        "tags": ["test"],
        "fields": {},
        "group": None,
        "assignee": None,
        "requester": {"id": "00000000000000000000000000", "name": "Test", "address": "test@example.com"},
        "organization_id": None,
        "created_at": at,
        "updated_at": at,
        "clocks": {},
    }


SAMPLE: Final = Delivery(
    "00000000000000000000000000", "", Cause(CauseKind.TEST), datetime.fromisoformat("2026-01-01T00:00:00Z")
)
"""What templates are checked with."""


def body_of(webhook: Webhook, payload: Mapping[str, Json]) -> bytes:
    """What is sent: the payload, or the admin's template filled from it."""
    made: Json = filled(json.loads(webhook.template), payload) if webhook.template else payload
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def filled(template: Json, payload: Mapping[str, Json]) -> Json:
    """A template with its placeholders filled: `{{ticket.number}}` alone becomes the value itself, else its text.

    It is JSON before and after, whatever a subject holds: only strings inside are filled.
    """
    if isinstance(template, str):
        whole = _PLACEHOLDER.fullmatch(template.strip())
        if whole is not None:
            return value_at(payload, whole[1])
        return _PLACEHOLDER.sub(lambda found: _text(value_at(payload, found[1])), template)
    if isinstance(template, Mapping):
        return {name: filled(value, payload) for name, value in template.items()}
    if isinstance(template, Sequence):
        return [filled(one, payload) for one in template]
    return template


def value_at(payload: Mapping[str, Json], path: str) -> Json:
    """What stands at a path of names; None where nothing does."""
    found: Json = payload
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def unknown_placeholders(template: Json) -> list[str]:
    """Placeholders that no payload fills: `ticket.fields` and `ticket.clocks` have names of the desk's own below them."""
    if isinstance(template, str):
        payload = payload_of(SAMPLE, None, Named(), "")
        return [path for path in _PLACEHOLDER.findall(template) if not _known(payload, path)]
    if isinstance(template, Mapping):
        return [one for value in template.values() for one in unknown_placeholders(value)]
    if isinstance(template, Sequence):
        return [one for value in template for one in unknown_placeholders(value)]
    return []


_OPEN: Final = re.compile(
    r"ticket\.(fields\.\w+|clocks\.[a-z_]+\.(due_at|met_at|breached_at)|(group|assignee)\.(id|name))"
)


def _known(payload: Mapping[str, Json], path: str) -> bool:
    above, _, name = path.rpartition(".")
    holder = value_at(payload, above) if above else payload
    return _OPEN.fullmatch(path) is not None or (isinstance(holder, Mapping) and name in holder)


# --- how a delivery goes on ------------------------------------------------------------------------------------------


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """A delivery that is about to be tried: if nobody comes back from that, it is tried again as after a failure."""
    tries = delivery.tries + 1
    wait = RETRIES[min(tries, len(RETRIES)) - 1]
    return replace(delivery, tries=tries, next_at=now + wait, version=delivery.version + 1)


def settled(delivery: Delivery, attempt: Attempt) -> Delivery:
    """A delivery after a call."""
    attempts = (*delivery.attempts, attempt)[-KEPT_ATTEMPTS:]
    after = replace(delivery, attempts=attempts, version=delivery.version + 1)
    if not attempt.problem:
        return replace(after, state=DeliveryState.DELIVERED, next_at=None)
    if attempt.status == GONE or delivery.tries > len(RETRIES) or delivery.cause.kind is CauseKind.TEST:
        return replace(after, state=DeliveryState.FAILED, next_at=None)
    return after


def dropped(delivery: Delivery, problem: str) -> Delivery:
    """A delivery that nobody is called for."""
    return replace(delivery, state=DeliveryState.DROPPED, problem=problem, next_at=None, version=delivery.version + 1)


def again(delivery: Delivery, now: datetime) -> Delivery:
    """A delivery ordered anew, with its id: a receiver that had it already can tell."""
    return replace(
        delivery,
        state=DeliveryState.WAITING,
        next_at=now,
        tries=0,
        problem="",
        version=delivery.version + 1,
    )


def after_call(health: Health, attempt: Attempt) -> Health:
    """How calls of a destination go, with one more."""
    if not attempt.problem:
        return Health(last_ok_at=attempt.at, last_failed_at=health.last_failed_at)
    since = health.failing_since or attempt.at
    return replace(health, last_failed_at=attempt.at, failing_since=since, failures=health.failures + 1)


def is_hopeless(health: Health, now: datetime) -> bool:
    """Whether a destination has failed for so long that it is switched off."""
    since = health.failing_since
    return since is not None and now - since >= FAILING_FOR and health.failures >= LEAST_FAILURES
