"""What can be wrong with a webhook as an admin writes it; and webhooks as a kind of settings. Pure."""

import json
import re
from dataclasses import replace
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.desk.settings import Kind
from helpdesk.kernel.errors import FieldError
from helpdesk.kernel.text import clean_line
from helpdesk.kernel.urls import url_fault
from helpdesk.webhooks.model import Webhook
from helpdesk.webhooks.rules import unknown_placeholders

LONGEST_TEMPLATE: Final = 20_000
MOST_HEADERS: Final = 20
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OWN: Final = frozenset(
    {"host", "content-length", "content-type", "transfer-encoding", "connection", "user-agent", "accept-encoding"}
)


def tidied(webhook: Webhook) -> Webhook:
    """A webhook as it is kept."""
    return replace(
        webhook,
        name=clean_line(webhook.name),
        description=clean_line(webhook.description),
        url=webhook.url.strip(),
        template=webhook.template.strip(),
        headers=tuple(dict.fromkeys(one.strip().lower() for one in webhook.headers)),
    )


def faults_of(webhook: Webhook, before: Webhook | None, desk: Desk) -> list[FieldError]:
    """All that is wrong with a webhook."""
    del before, desk
    faults: list[FieldError] = []
    if not 0 < len(webhook.name) <= 100:
        faults.append(FieldError("/name", "must have 1 to 100 characters"))
    if fault := url_fault(webhook.url):
        faults.append(FieldError("/url", fault))
    if len(webhook.headers) > MOST_HEADERS:
        faults.append(FieldError("/headers", f"must be {MOST_HEADERS} at most"))
    faults += [
        FieldError(f"/headers/{name}", "is no header that can be sent, or one that the desk sends itself")
        for name in webhook.headers
        if not _HEADER.fullmatch(name) or name in _OWN or name.startswith("webhook-")
    ]
    return faults + _template_faults(webhook.template)


def _template_faults(template: str) -> list[FieldError]:
    if not template:
        return []
    if len(template) > LONGEST_TEMPLATE:
        return [FieldError("/template", f"must have {LONGEST_TEMPLATE} characters at most")]
    try:
        read = json.loads(template)
        unknown = unknown_placeholders(read)
    except json.JSONDecodeError as error:
        return [FieldError("/template", f"is not JSON: line {error.lineno}, column {error.colno}: {error.msg}")]
    except RecursionError:
        return [FieldError("/template", "is nested too deeply")]
    if not isinstance(read, dict | list):
        return [FieldError("/template", "must be an object or a list")]
    return [FieldError("/template", f"{{{{{one}}}}} is no placeholder") for one in dict.fromkeys(unknown)]


def users_of(webhook_id: str, desk: Desk) -> list[str]:
    """What would miss a webhook."""
    rules = [f"rule {one.id}" for one in desk.rules.values() if webhook_id in one.actions.webhooks]
    return rules + [
        f"SLA policy {one.id}"
        for one in desk.policies
        if any(webhook_id in level.webhooks for level in one.escalations)
    ]


WEBHOOK_KIND: Final = Kind("webhook", "webhook", lambda desk: desk.webhooks, tidied, faults_of, users_of)
