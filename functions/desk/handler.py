"""The API of agents, supervisors and admins, behind the identity provider's tokens."""

from functools import cache
from typing import Any

from functions.desk.routes import (
    agents,
    approvals,
    articles,
    audit,
    bulk,
    calendars,
    canned,
    checklists,
    community,
    configuration,
    drafts,
    general,
    incidents,
    logos,
    macros,
    mailboxes,
    mails,
    notifications,
    organizations,
    people,
    presence,
    privacy,
    promises,
    pulses,
    rules,
    search,
    settings,
    sides,
    sign_on,
    sla,
    surveys,
    tasks,
    templates,
    tickets,
    ties,
    triage,
    views,
    webhooks,
    work,
)
from helpdesk import bootstrap
from helpdesk.platform.http import Answer, Api, Event

ENDPOINTS = (
    *agents.ENDPOINTS,
    *people.ENDPOINTS,
    *privacy.ENDPOINTS,
    *organizations.ENDPOINTS,
    *sign_on.ENDPOINTS,
    *tickets.ENDPOINTS,
    *search.ENDPOINTS,
    *triage.ENDPOINTS,
    *general.ENDPOINTS,
    *incidents.ENDPOINTS,
    *views.ENDPOINTS,
    *ties.ENDPOINTS,
    *tasks.ENDPOINTS,
    *approvals.ENDPOINTS,
    *checklists.ENDPOINTS,
    *work.ENDPOINTS,
    *notifications.ENDPOINTS,
    *sides.ENDPOINTS,
    *mails.ENDPOINTS,
    *mailboxes.ENDPOINTS,
    *templates.ENDPOINTS,
    *canned.ENDPOINTS,
    *articles.ENDPOINTS,
    *community.ENDPOINTS,
    *macros.ENDPOINTS,
    *bulk.ENDPOINTS,
    *drafts.ENDPOINTS,
    *presence.ENDPOINTS,
    *configuration.ENDPOINTS,
    *rules.ENDPOINTS,
    *webhooks.ENDPOINTS,
    *settings.ENDPOINTS,
    *audit.ENDPOINTS,
    *sla.ENDPOINTS,
    *surveys.ENDPOINTS,
    *pulses.ENDPOINTS,
    *logos.ENDPOINTS,
    *promises.ENDPOINTS,
    *calendars.ENDPOINTS,
)


@cache
def _api() -> Api:
    return Api(
        ENDPOINTS,
        begin=bootstrap.begin,
        now=bootstrap.now,
        agents=bootstrap.signed_in,
        permissions=bootstrap.permissions,
        notice=bootstrap.sign_ins().notice,
    )


def handler(event: Event, context: Any) -> Answer:  # noqa: ANN401 - Lambda's context is not used
    """Answers API Gateway. A caller who knows of something newer than a copy here may be says so, as HTTP has it."""
    del context
    if (event.get("headers") or {}).get("cache-control") == "no-cache":
        bootstrap.look_again()
    return _api().answer(event)
