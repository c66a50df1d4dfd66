"""Which function is started by what: infra/ reads it, and a test holds the synthesized template to it.

A function is a folder in functions/; its entry point is a module there with a callable `handler`. What a function may
do is said here as well, in the desk's words (`Access`); infra/ turns that into the least role that allows it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from helpdesk.contracts.events import (
    AUTOMATION_EVENTS,
    BULK_EVENTS,
    COMMUNITY_EVENTS,
    INDEXER_EVENTS,
    NOTIFIER_EVENTS,
    PRIVACY_EVENTS,
    ROUTER_EVENTS,
    SURVEY_EVENTS,
    TALLY_EVENTS,
    WEBHOOK_EVENTS,
    DeskEventType,
    EventType,
)


class Auth(StrEnum):
    """Who may call a route: anybody (the function looks at signed tokens itself) or a signed-in agent."""

    NONE = "none"
    AGENT = "agent"


class Access(StrEnum):
    """What a function may do."""

    TABLE_READ = "table:read"  # GetItem, BatchGetItem, Query, ConditionCheckItem; never Scan
    TABLE_WRITE = "table:write"  # PutItem, UpdateItem, DeleteItem (and so inside transactions)
    STREAM_READ = "stream:read"
    BUS_PUBLISH = "bus:publish"
    MAIL_BUCKET_READ = "mail-bucket:read"  # GetObject on raw mail, and ListBucket
    MAIL_BUCKET_DELETE = "mail-bucket:delete"  # DeleteObject on raw mail: what colleagues throw away
    FILES_READ = "files:read"  # GetObject on attachments and bodies, presigning included
    FILES_WRITE = "files:write"  # PutObject, presigned upload included; GetObject on uploads/ to claim them
    FILES_DELETE = "files:delete"  # DeleteObject on attachments and bodies: of whom was erased
    SEARCH_READ = "search:read"  # GetObject on segments of the search
    SEARCH_WRITE = "search:write"  # GetObject, PutObject, DeleteObject on segments of the search
    TRIAGE_READ = "triage:read"  # GetObject on models of the learned triage
    TRIAGE_WRITE = "triage:write"  # PutObject, DeleteObject on them
    ASK_MODEL = "model:ask"  # InvokeModel on the one model that the deployment names; nothing where it names none
    SEND_MAIL = "ses:send"
    SEND_TICKS = "ticks:send"  # SendMessage to the queue of tickets that are about to be due, and finding its address
    SEND_TO_ITSELF = "own-queue:send"  # SendMessage to the queue that starts it, and finding its address
    SIGNING_SECRET = "secret:read"  # noqa: S105 - names a permission


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTP route in API Gateway's spelling."""

    method: str
    path: str
    auth: Auth = Auth.NONE


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda.

    Attributes:
        name: unique; its CDK id, and the last part of its name.
        folder: folder below functions/.
        entry: dotted path of the handler.
        routes: HTTP routes that start it; `gateway_routes` says how the gateway has them.
        events: bus events that start it, by way of a queue of its own with a dead-letter queue.
        schedule_minutes: started every so many minutes.
        inbound_mail: started by the SES receipt rule, after the raw mail was stored.
        mail_events: started by what SES says of mails it sent, by way of a queue with a dead-letter queue.
        ticks: started by tickets that are about to be due, which other functions put into a queue with a dead-letter queue.
        table_stream: started by the table's stream, event items only.
        access: what it may do.
        memory_mb: memory size; CPU comes with it.
        timeout_seconds: how long a call may take.
        batch_size: messages of its queue that one call is given at most.
        trains: it computes with numpy, which comes in a layer of its own.
        takes_the_rest: all calls of agents are its own that no other function has a route for.
        verifies: it checks signatures of identity providers, with libraries that come in a layer of their own.
    """

    name: str
    folder: str
    entry: str
    routes: tuple[Route, ...] = ()
    events: tuple[EventType | DeskEventType, ...] = ()
    schedule_minutes: int | None = None
    inbound_mail: bool = False
    mail_events: bool = False
    ticks: bool = False
    table_stream: bool = False
    access: frozenset[Access] = field(default_factory=frozenset)
    memory_mb: int = 512
    timeout_seconds: int = 10
    batch_size: int = 10
    takes_the_rest: bool = False
    trains: bool = False
    verifies: bool = False


ALL_OF_THE_API: Final = "/v1/{proxy+}"
"""Every address of the API that has no route of its own."""


def gateway_routes(function: Function) -> tuple[Route, ...]:
    """A function's routes as the gateway holds them.

    Those of the one that takes the rest are one for each method, and it tells them apart: a gateway holds 300 routes, a stack
    500 resources, and every route would be one.
    """
    if not function.takes_the_rest:
        return function.routes
    own = [route for route in function.routes if route.auth is not Auth.AGENT]
    methods = dict.fromkeys(route.method for route in function.routes if route.auth is Auth.AGENT)
    return (*own, *(Route(method, ALL_OF_THE_API, Auth.AGENT) for method in methods))


INTAKE_HTTP: Final = Function(
    name="intake-http",
    folder="intake",
    entry="functions.intake.http.handler",
    routes=(
        Route("POST", "/v1/requests"),
        Route("POST", "/v1/requests/{id}/messages"),
        Route("POST", "/v1/uploads"),
    ),
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.FILES_READ,
            Access.FILES_WRITE,
            Access.SIGNING_SECRET,
        }
    ),
    memory_mb=1024,
)

INTAKE_MAIL: Final = Function(
    name="intake-mail",
    folder="intake",
    entry="functions.intake.mail.handler",
    inbound_mail=True,
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.MAIL_BUCKET_READ,
            Access.FILES_WRITE,
            Access.SIGNING_SECRET,
        }
    ),
    memory_mb=1024,
    timeout_seconds=60,
)

PORTAL: Final = Function(
    name="portal",
    folder="portal",
    entry="functions.portal.handler.handler",
    routes=(
        Route("GET", "/v1/openapi.json"),
        Route("GET", "/v1/categories"),
        Route("GET", "/v1/request-forms"),
        Route("GET", "/v1/requests/{id}"),
        Route("GET", "/v1/requests/{id}/attachments/{attachment_id}"),
        Route("GET", "/v1/files/{token}"),
        Route("GET", "/v1/surveys/{token}"),
        Route("POST", "/v1/surveys/{token}"),
        Route("GET", "/v1/approvals/{token}"),
        Route("POST", "/v1/approvals/{token}"),
        Route("POST", "/v1/portal/sign-in"),
        Route("POST", "/v1/portal/session"),
        Route("POST", "/v1/portal/single-sign-on"),
        Route("POST", "/v1/portal/single-sign-on/session"),
        Route("GET", "/v1/portal/session"),
        Route("DELETE", "/v1/portal/session"),
        Route("GET", "/v1/portal/requests"),
        Route("GET", "/v1/portal/site"),
        Route("POST", "/v1/requests/{id}/settle"),
        Route("POST", "/v1/requests/{id}/people"),
        Route("DELETE", "/v1/requests/{id}/people/{person_id}"),
        Route("GET", "/v1/help/suggestions"),
        Route("GET", "/v1/community"),
        Route("PUT", "/v1/community/me"),
        Route("GET", "/v1/community/questions"),
        Route("POST", "/v1/community/questions"),
        Route("GET", "/v1/community/questions/{id}"),
        Route("POST", "/v1/community/questions/{id}/answers"),
        Route("PUT", "/v1/community/questions/{id}/accepted"),
        Route("PUT", "/v1/community/questions/{id}/following"),
        Route("PATCH", "/v1/community/questions/{id}/posts/{post_id}"),
        Route("DELETE", "/v1/community/questions/{id}/posts/{post_id}"),
        Route("GET", "/v1/community/questions/{id}/posts/{post_id}/revisions"),
        Route("PUT", "/v1/community/questions/{id}/posts/{post_id}/vote"),
        Route("POST", "/v1/community/questions/{id}/posts/{post_id}/reports"),
        Route("POST", "/v1/brands/{id}/help-preview", Auth.AGENT),  # its pages are made here, and nowhere else
        Route("ANY", "$default"),  # what no other route takes: pages of the help centre, or 404 and 405 as problem+json
    ),
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.FILES_READ,
            Access.SEARCH_READ,
            Access.SIGNING_SECRET,
            Access.SEND_MAIL,  # codes, to who wants to sign in
        }
    ),
    memory_mb=1024,
    timeout_seconds=29,  # an organization's provider may be slow to answer
    verifies=True,
)

DESK: Final = Function(
    name="desk",
    folder="desk",
    entry="functions.desk.handler.handler",
    routes=(
        Route("GET", "/v1/me", Auth.AGENT),
        Route("GET", "/v1/agents", Auth.AGENT),
        Route("PATCH", "/v1/me", Auth.AGENT),
        Route("POST", "/v1/me/sign-out", Auth.AGENT),
        Route("PUT", "/v1/agents/{id}", Auth.AGENT),
        Route("PATCH", "/v1/agents/{id}", Auth.AGENT),
        Route("DELETE", "/v1/agents/{id}", Auth.AGENT),
        Route("POST", "/v1/agents/{id}/hand-over", Auth.AGENT),
        Route("GET", "/v1/groups", Auth.AGENT),
        Route("PUT", "/v1/groups/{id}", Auth.AGENT),
        Route("DELETE", "/v1/groups/{id}", Auth.AGENT),
        Route("GET", "/v1/search", Auth.AGENT),
        Route("GET", "/v1/views", Auth.AGENT),
        Route("POST", "/v1/views", Auth.AGENT),
        Route("GET", "/v1/views/counts", Auth.AGENT),
        Route("POST", "/v1/views/preview", Auth.AGENT),
        Route("GET", "/v1/views/{id}", Auth.AGENT),
        Route("PUT", "/v1/views/{id}", Auth.AGENT),
        Route("DELETE", "/v1/views/{id}", Auth.AGENT),
        Route("GET", "/v1/views/{id}/tickets", Auth.AGENT),
        Route("GET", "/v1/changes", Auth.AGENT),
        Route("GET", "/v1/tickets", Auth.AGENT),
        Route("POST", "/v1/tickets", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/opened", Auth.AGENT),
        Route("PATCH", "/v1/tickets/{id}", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/similar", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/answers", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/answers", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/solutions", Auth.AGENT),
        Route("GET", "/v1/articles/{id}/tickets", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/alike", Auth.AGENT),
        Route("GET", "/v1/suspected-incidents", Auth.AGENT),
        Route("POST", "/v1/suspected-incidents/{id}/ticket", Auth.AGENT),
        Route("POST", "/v1/suspected-incidents/{id}/dismiss", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/triage", Auth.AGENT),
        Route("GET", "/v1/triage-settings", Auth.AGENT),
        Route("GET", "/v1/assignments", Auth.AGENT),
        Route("PUT", "/v1/assignments/{id}", Auth.AGENT),
        Route("DELETE", "/v1/assignments/{id}", Auth.AGENT),
        Route("PUT", "/v1/triage-settings/{id}", Auth.AGENT),
        Route("GET", "/v1/reports/triage", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/messages", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/messages", Auth.AGENT),
        Route("PATCH", "/v1/tickets/{id}/messages/{message_id}", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/messages/{message_id}/undo", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/messages/{message_id}/send", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/history", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/rules", Auth.AGENT),
        Route("GET", "/v1/rules", Auth.AGENT),
        Route("PUT", "/v1/rules/{id}", Auth.AGENT),
        Route("DELETE", "/v1/rules/{id}", Auth.AGENT),
        Route("POST", "/v1/rules/preview", Auth.AGENT),
        Route("GET", "/v1/webhooks", Auth.AGENT),
        Route("PUT", "/v1/webhooks/{id}", Auth.AGENT),
        Route("DELETE", "/v1/webhooks/{id}", Auth.AGENT),
        Route("POST", "/v1/webhooks/{id}/secret", Auth.AGENT),
        Route("POST", "/v1/webhooks/{id}/test", Auth.AGENT),
        Route("GET", "/v1/webhooks/{id}/deliveries", Auth.AGENT),
        Route("GET", "/v1/webhooks/{id}/deliveries/{delivery_id}", Auth.AGENT),
        Route("POST", "/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/sla", Auth.AGENT),
        Route("GET", "/v1/sla-policies", Auth.AGENT),
        Route("PUT", "/v1/sla-policies/{id}", Auth.AGENT),
        Route("DELETE", "/v1/sla-policies/{id}", Auth.AGENT),
        Route("GET", "/v1/calendars", Auth.AGENT),
        Route("PUT", "/v1/calendars/{id}", Auth.AGENT),
        Route("DELETE", "/v1/calendars/{id}", Auth.AGENT),
        Route("POST", "/v1/calendars/{id}/import", Auth.AGENT),
        Route("POST", "/v1/calendars/{id}/refresh", Auth.AGENT),
        Route("POST", "/v1/sla/preview", Auth.AGENT),
        Route("GET", "/v1/reports/sla", Auth.AGENT),
        Route("GET", "/v1/reports/surveys", Auth.AGENT),
        Route("GET", "/v1/reports/surveys/answers", Auth.AGENT),
        Route("GET", "/v1/reports/pulses", Auth.AGENT),
        Route("GET", "/v1/me/pulses", Auth.AGENT),
        Route("POST", "/v1/me/pulses/{id}", Auth.AGENT),
        Route("GET", "/v1/brands", Auth.AGENT),
        Route("PUT", "/v1/brands/{id}", Auth.AGENT),
        Route("DELETE", "/v1/brands/{id}", Auth.AGENT),
        Route("POST", "/v1/logos", Auth.AGENT),
        Route("GET", "/v1/survey-plans", Auth.AGENT),
        Route("PUT", "/v1/survey-plans/{id}", Auth.AGENT),
        Route("DELETE", "/v1/survey-plans/{id}", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/attachments/{attachment_id}", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/participants", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/participants/{person_id}", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/links", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/links", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/links/{relation}/{other_id}", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/parts", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/merge", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/unmerge", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/split", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/undo-split", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/tasks", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/tasks", Auth.AGENT),
        Route("PATCH", "/v1/tickets/{id}/tasks/{task_id}", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/tasks/{task_id}", Auth.AGENT),
        Route("PUT", "/v1/tickets/{id}/tasks/order", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/checklists", Auth.AGENT),
        Route("GET", "/v1/tasks", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/approvals", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/approvals/{approval_id}", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/approvals/{approval_id}/answer", Auth.AGENT),
        Route("GET", "/v1/checklists", Auth.AGENT),
        Route("POST", "/v1/checklists", Auth.AGENT),
        Route("GET", "/v1/checklists/{id}", Auth.AGENT),
        Route("PUT", "/v1/checklists/{id}", Auth.AGENT),
        Route("DELETE", "/v1/checklists/{id}", Auth.AGENT),
        Route("PUT", "/v1/tickets/{id}/requester", Auth.AGENT),
        Route("PUT", "/v1/tickets/{id}/followers/{agent_id}", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/followers/{agent_id}", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/snooze", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/snooze", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/time", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/time", Auth.AGENT),
        Route("PATCH", "/v1/tickets/{id}/time/{entry_id}", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/time/{entry_id}", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/side-conversations", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/side-conversations", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/side-conversations/{side_id}/messages", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/side-conversations/{side_id}/messages", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/side-conversations/{side_id}/messages/{message_id}/undo", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/side-conversations/{side_id}/messages/{message_id}/send", Auth.AGENT),
        Route(
            "GET",
            "/v1/tickets/{id}/side-conversations/{side_id}/messages/{message_id}/attachments/{attachment_id}",
            Auth.AGENT,
        ),
        Route("POST", "/v1/tickets/{id}/side-conversations/{side_id}/close", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/side-conversations/{side_id}/reopen", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/side-conversations/{side_id}/participants", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/side-conversations/{side_id}/participants/{person_id}", Auth.AGENT),
        Route("GET", "/v1/people", Auth.AGENT),
        Route("POST", "/v1/people", Auth.AGENT),
        Route("GET", "/v1/people/{id}", Auth.AGENT),
        Route("PATCH", "/v1/people/{id}", Auth.AGENT),
        Route("GET", "/v1/people/{id}/merges", Auth.AGENT),
        Route("POST", "/v1/people/{id}/merge", Auth.AGENT),
        Route("POST", "/v1/people/{id}/unmerge", Auth.AGENT),
        Route("GET", "/v1/people/{id}/overview", Auth.AGENT),
        Route("GET", "/v1/people/{id}/export", Auth.AGENT),
        Route("POST", "/v1/people/{id}/export", Auth.AGENT),
        Route("GET", "/v1/people/{id}/erasure", Auth.AGENT),
        Route("POST", "/v1/people/{id}/erasure", Auth.AGENT),
        Route("GET", "/v1/kept-addresses", Auth.AGENT),
        Route("PUT", "/v1/kept-addresses", Auth.AGENT),
        Route("GET", "/v1/retention-rules", Auth.AGENT),
        Route("POST", "/v1/retention-rules/preview", Auth.AGENT),
        Route("PUT", "/v1/retention-rules/{id}", Auth.AGENT),
        Route("DELETE", "/v1/retention-rules/{id}", Auth.AGENT),
        Route("PUT", "/v1/tickets/{id}/legal-hold", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/legal-hold", Auth.AGENT),
        Route("GET", "/v1/organizations/{id}/overview", Auth.AGENT),
        Route("GET", "/v1/organizations", Auth.AGENT),
        Route("POST", "/v1/organizations", Auth.AGENT),
        Route("GET", "/v1/organizations/{id}", Auth.AGENT),
        Route("PATCH", "/v1/organizations/{id}", Auth.AGENT),
        Route("DELETE", "/v1/organizations/{id}", Auth.AGENT),
        Route("GET", "/v1/organizations/{id}/single-sign-on", Auth.AGENT),
        Route("PUT", "/v1/organizations/{id}/single-sign-on", Auth.AGENT),
        Route("DELETE", "/v1/organizations/{id}/single-sign-on", Auth.AGENT),
        Route("POST", "/v1/organizations/{id}/single-sign-on/check", Auth.AGENT),
        Route("GET", "/v1/plans", Auth.AGENT),
        Route("PUT", "/v1/plans/{id}", Auth.AGENT),
        Route("DELETE", "/v1/plans/{id}", Auth.AGENT),
        Route("PUT", "/v1/tickets/{id}/presence", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/draft", Auth.AGENT),
        Route("PUT", "/v1/tickets/{id}/draft", Auth.AGENT),
        Route("DELETE", "/v1/tickets/{id}/draft", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/macros", Auth.AGENT),
        Route("GET", "/v1/drafts", Auth.AGENT),
        Route("GET", "/v1/notifications", Auth.AGENT),
        Route("POST", "/v1/notifications/read", Auth.AGENT),
        Route("GET", "/v1/me/notification-preferences", Auth.AGENT),
        Route("PUT", "/v1/me/notification-preferences", Auth.AGENT),
        Route("GET", "/v1/me/signature", Auth.AGENT),
        Route("PUT", "/v1/me/signature", Auth.AGENT),
        Route("GET", "/v1/quick", Auth.AGENT),
        Route("GET", "/v1/placeholders", Auth.AGENT),
        Route("GET", "/v1/canned-responses", Auth.AGENT),
        Route("POST", "/v1/canned-responses", Auth.AGENT),
        Route("GET", "/v1/canned-responses/{id}", Auth.AGENT),
        Route("PUT", "/v1/canned-responses/{id}", Auth.AGENT),
        Route("DELETE", "/v1/canned-responses/{id}", Auth.AGENT),
        Route("POST", "/v1/canned-responses/{id}/preview", Auth.AGENT),
        Route("GET", "/v1/macros", Auth.AGENT),
        Route("POST", "/v1/macros", Auth.AGENT),
        Route("GET", "/v1/macros/{id}", Auth.AGENT),
        Route("PUT", "/v1/macros/{id}", Auth.AGENT),
        Route("DELETE", "/v1/macros/{id}", Auth.AGENT),
        Route("POST", "/v1/macros/{id}/preview", Auth.AGENT),
        Route("GET", "/v1/articles", Auth.AGENT),
        Route("POST", "/v1/articles", Auth.AGENT),
        Route("GET", "/v1/articles/gaps", Auth.AGENT),
        Route("POST", "/v1/articles/preview", Auth.AGENT),
        Route("GET", "/v1/articles/{id}", Auth.AGENT),
        Route("PATCH", "/v1/articles/{id}", Auth.AGENT),
        Route("GET", "/v1/articles/{id}/texts/{language}", Auth.AGENT),
        Route("PUT", "/v1/articles/{id}/texts/{language}", Auth.AGENT),
        Route("POST", "/v1/articles/{id}/texts/{language}/step", Auth.AGENT),
        Route("GET", "/v1/articles/{id}/texts/{language}/revisions", Auth.AGENT),
        Route("GET", "/v1/articles/{id}/texts/{language}/difference", Auth.AGENT),
        Route("POST", "/v1/articles/{id}/texts/{language}/restore", Auth.AGENT),
        Route("POST", "/v1/articles/{id}/images", Auth.AGENT),
        Route("GET", "/v1/articles/{id}/feedback", Auth.AGENT),
        Route("DELETE", "/v1/articles/{id}/feedback/{feedback_id}", Auth.AGENT),
        Route("GET", "/v1/community-queue", Auth.AGENT),
        Route("GET", "/v1/community-questions", Auth.AGENT),
        Route("GET", "/v1/community-questions/{id}", Auth.AGENT),
        Route("POST", "/v1/community-questions/{id}/answers", Auth.AGENT),
        Route("PUT", "/v1/community-questions/{id}/accepted", Auth.AGENT),
        Route("POST", "/v1/community-questions/{id}/act", Auth.AGENT),
        Route("POST", "/v1/community-questions/{id}/posts/{post_id}/act", Auth.AGENT),
        Route("PATCH", "/v1/community-questions/{id}/posts/{post_id}", Auth.AGENT),
        Route("GET", "/v1/community-questions/{id}/posts/{post_id}/revisions", Auth.AGENT),
        Route("PUT", "/v1/community-members/{person_id}/blocked", Auth.AGENT),
        Route("GET", "/v1/tickets/{id}/question", Auth.AGENT),
        Route("POST", "/v1/tickets/{id}/question/answers", Auth.AGENT),
        Route("GET", "/v1/settings/community", Auth.AGENT),
        Route("PUT", "/v1/settings/community", Auth.AGENT),
        Route("GET", "/v1/sections", Auth.AGENT),
        Route("PUT", "/v1/sections/{id}", Auth.AGENT),
        Route("DELETE", "/v1/sections/{id}", Auth.AGENT),
        Route("POST", "/v1/bulk", Auth.AGENT),
        Route("GET", "/v1/bulk", Auth.AGENT),
        Route("GET", "/v1/bulk/{id}", Auth.AGENT),
        Route("POST", "/v1/bulk/{id}/cancel", Auth.AGENT),
        Route("POST", "/v1/bulk/{id}/undo", Auth.AGENT),
        Route("GET", "/v1/fields", Auth.AGENT),
        Route("PUT", "/v1/fields/{id}", Auth.AGENT),
        Route("DELETE", "/v1/fields/{id}", Auth.AGENT),
        Route("GET", "/v1/forms", Auth.AGENT),
        Route("PUT", "/v1/forms/{id}", Auth.AGENT),
        Route("DELETE", "/v1/forms/{id}", Auth.AGENT),
        Route("GET", "/v1/statuses", Auth.AGENT),
        Route("PUT", "/v1/statuses/{id}", Auth.AGENT),
        Route("DELETE", "/v1/statuses/{id}", Auth.AGENT),
        Route("GET", "/v1/products", Auth.AGENT),
        Route("PUT", "/v1/products/{id}", Auth.AGENT),
        Route("DELETE", "/v1/products/{id}", Auth.AGENT),
        Route("GET", "/v1/settings/categories", Auth.AGENT),
        Route("PUT", "/v1/categories/{id}", Auth.AGENT),
        Route("DELETE", "/v1/categories/{id}", Auth.AGENT),
        Route("GET", "/v1/roles", Auth.AGENT),
        Route("GET", "/v1/audit", Auth.AGENT),
        Route("PUT", "/v1/roles/{id}", Auth.AGENT),
        Route("DELETE", "/v1/roles/{id}", Auth.AGENT),
        Route("GET", "/v1/settings/general", Auth.AGENT),
        Route("PUT", "/v1/settings/general", Auth.AGENT),
        Route("GET", "/v1/settings/priority-matrix", Auth.AGENT),
        Route("PUT", "/v1/settings/priority-matrix", Auth.AGENT),
        Route("GET", "/v1/settings/unknown-fields", Auth.AGENT),
        Route("PUT", "/v1/settings/unknown-fields", Auth.AGENT),
        Route("GET", "/v1/settings/export", Auth.AGENT),
        Route("POST", "/v1/settings/import", Auth.AGENT),
        Route("GET", "/v1/settings/versions", Auth.AGENT),
        Route("POST", "/v1/settings/restore", Auth.AGENT),
        Route("GET", "/v1/mailboxes", Auth.AGENT),
        Route("PUT", "/v1/mailboxes/{id}", Auth.AGENT),
        Route("DELETE", "/v1/mailboxes/{id}", Auth.AGENT),
        Route("PUT", "/v1/mailboxes/{id}/letterhead", Auth.AGENT),
        Route("GET", "/v1/mail-templates", Auth.AGENT),
        Route("GET", "/v1/mail-templates/{kind}/{language}", Auth.AGENT),
        Route("PUT", "/v1/mail-templates/{kind}/{language}", Auth.AGENT),
        Route("DELETE", "/v1/mail-templates/{kind}/{language}", Auth.AGENT),
        Route("POST", "/v1/mail-templates/{kind}/{language}/preview", Auth.AGENT),
        Route("POST", "/v1/mail-templates/{kind}/{language}/test", Auth.AGENT),
        Route("GET", "/v1/suspended-mails", Auth.AGENT),
        Route("GET", "/v1/suspended-mails/{id}", Auth.AGENT),
        Route("POST", "/v1/suspended-mails/{id}/release", Auth.AGENT),
        Route("POST", "/v1/suspended-mails/{id}/block", Auth.AGENT),
        Route("DELETE", "/v1/suspended-mails/{id}", Auth.AGENT),
        Route("GET", "/v1/blocked-senders", Auth.AGENT),
        Route("POST", "/v1/blocked-senders", Auth.AGENT),
        Route("DELETE", "/v1/blocked-senders/{id}", Auth.AGENT),
        Route("GET", "/v1/mails", Auth.AGENT),
        Route("GET", "/v1/mails/missing", Auth.AGENT),
        Route("POST", "/v1/mails/{id}/reprocess", Auth.AGENT),
    ),
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.MAIL_BUCKET_READ,
            Access.MAIL_BUCKET_DELETE,
            Access.FILES_READ,
            Access.FILES_WRITE,
            Access.SEARCH_READ,
            Access.TRIAGE_READ,
            Access.SEND_MAIL,  # test mails, to the admin who asks
            Access.SIGNING_SECRET,
        }
    ),
    takes_the_rest=True,
    memory_mb=1024,
    timeout_seconds=29,
)

OUTBOX: Final = Function(
    name="outbox",
    folder="outbox",
    entry="functions.outbox.handler.handler",
    table_stream=True,
    access=frozenset({Access.STREAM_READ, Access.BUS_PUBLISH, Access.SEND_TICKS}),
    timeout_seconds=30,
)

ROUTER: Final = Function(
    name="router",
    folder="router",
    entry="functions.router.handler.handler",
    events=ROUTER_EVENTS,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.FILES_READ, Access.TRIAGE_READ, Access.ASK_MODEL}),
    memory_mb=1024,  # CPU comes with it: a cold container reads its models
    timeout_seconds=30,
)

NOTIFIER: Final = Function(
    name="notifier",
    folder="notifier",
    entry="functions.notifier.handler.handler",
    events=(*NOTIFIER_EVENTS, *COMMUNITY_EVENTS),
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.FILES_READ,
            Access.SEARCH_READ,  # articles that may answer what has come in
            Access.SEND_MAIL,
            Access.SIGNING_SECRET,
        }
    ),
    timeout_seconds=30,
)

MAIL_EVENTS: Final = Function(
    name="mail-events",
    folder="mail_events",
    entry="functions.mail_events.handler.handler",
    mail_events=True,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE}),
    timeout_seconds=30,
)

SURVEY: Final = Function(
    name="survey",
    folder="survey",
    entry="functions.survey.handler.handler",
    events=SURVEY_EVENTS,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.SEND_MAIL, Access.SIGNING_SECRET}),
    timeout_seconds=30,
)

INDEXER: Final = Function(
    name="indexer",
    folder="indexer",
    entry="functions.indexer.events.handler",
    events=INDEXER_EVENTS,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.FILES_READ}),
    timeout_seconds=30,
)

INDEX_KEEPER: Final = Function(
    name="index-keeper",
    folder="indexer",
    entry="functions.indexer.upkeep.handler",
    schedule_minutes=5,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.SEARCH_WRITE}),
    memory_mb=1769,  # one whole processor: merging is arithmetic
    timeout_seconds=290,
)

TRAINER: Final = Function(
    name="trainer",
    folder="trainer",
    entry="functions.trainer.handler.handler",
    schedule_minutes=1440,
    access=frozenset(
        {Access.TABLE_READ, Access.TABLE_WRITE, Access.FILES_READ, Access.TRIAGE_READ, Access.TRIAGE_WRITE}
    ),
    memory_mb=3008,
    timeout_seconds=900,
    trains=True,
)

TALLY: Final = Function(
    name="tally",
    folder="tally",
    entry="functions.tally.handler.handler",
    events=TALLY_EVENTS,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE}),
    timeout_seconds=30,
)

SLA_SWEEPER: Final = Function(
    name="sla-sweeper",
    folder="sla_sweeper",
    entry="functions.sla_sweeper.handler.handler",
    schedule_minutes=1,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.SEND_TICKS}),
    timeout_seconds=55,
)

BULK: Final = Function(
    name="bulk",
    folder="bulk",
    entry="functions.bulk.handler.handler",
    events=(*BULK_EVENTS, *PRIVACY_EVENTS),  # one function for long work: a stack holds 500 resources
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.FILES_READ,
            Access.FILES_WRITE,
            Access.FILES_DELETE,
            Access.MAIL_BUCKET_READ,
            Access.MAIL_BUCKET_DELETE,
            Access.SEARCH_WRITE,
        }
    ),
    memory_mb=1024,
    timeout_seconds=60,
    batch_size=1,  # a step takes as long as it is given
)

RETENTION: Final = Function(
    name="retention",
    folder="bulk",
    entry="functions.bulk.retention.handler",
    schedule_minutes=60,
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.FILES_READ,
            Access.FILES_WRITE,
            Access.FILES_DELETE,
            Access.MAIL_BUCKET_DELETE,
            Access.SEARCH_WRITE,
        }
    ),
    memory_mb=1024,
    timeout_seconds=290,
)

AUTOMATION: Final = Function(
    name="automation",
    folder="automation",
    entry="functions.automation.events.handler",
    events=AUTOMATION_EVENTS,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.FILES_READ, Access.FILES_WRITE}),
    timeout_seconds=30,
)

AUTOMATION_CLOCK: Final = Function(
    name="automation-clock",
    folder="automation",
    entry="functions.automation.clock.handler",
    schedule_minutes=15,
    access=frozenset(
        {
            Access.TABLE_READ,
            Access.TABLE_WRITE,
            Access.FILES_READ,
            Access.FILES_WRITE,
            Access.SEND_MAIL,  # surveys to colleagues
            Access.SIGNING_SECRET,
        }
    ),
    timeout_seconds=290,
)

WEBHOOKS: Final = Function(
    name="webhooks",
    folder="webhooks",
    entry="functions.webhooks.handler.handler",
    events=WEBHOOK_EVENTS,
    access=frozenset(
        {Access.TABLE_READ, Access.TABLE_WRITE, Access.FILES_READ, Access.SIGNING_SECRET, Access.SEND_TO_ITSELF}
    ),
    timeout_seconds=30,
    batch_size=1,  # an address that is slow to answer holds up no other call
)

SLA_TICKER: Final = Function(
    name="sla-ticker",
    folder="sla_sweeper",
    entry="functions.sla_sweeper.ticker.handler",
    ticks=True,
    access=frozenset({Access.TABLE_READ, Access.TABLE_WRITE, Access.SEND_TICKS}),
    memory_mb=1024,
    timeout_seconds=30,
)

FUNCTIONS: Final = (
    INTAKE_HTTP,
    INTAKE_MAIL,
    PORTAL,
    DESK,
    OUTBOX,
    ROUTER,
    NOTIFIER,
    MAIL_EVENTS,
    SURVEY,
    BULK,
    RETENTION,
    AUTOMATION,
    AUTOMATION_CLOCK,
    WEBHOOKS,
    INDEXER,
    INDEX_KEEPER,
    TRAINER,
    TALLY,
    SLA_SWEEPER,
    SLA_TICKER,
)

INBOUND_PREFIX: Final = "inbound/"
"""Where the receipt rule stores raw mail in the mail bucket; the object's name is SES's message id."""
UPLOADS_PREFIX: Final = "uploads/"
"""Files a browser uploads before its message exists; they expire after a day unless a message claims them."""
ATTACHMENTS_PREFIX: Final = "attachments/"
ARTICLES_PREFIX: Final = f"{ATTACHMENTS_PREFIX}articles/"
"""Pictures of articles: what is read and written with the rights of attachments."""
BODIES_PREFIX: Final = "bodies/"
SEARCH_PREFIX: Final = "search/"
"""Segments of the search in the files bucket, a folder for each index."""
TRIAGE_PREFIX: Final = "triage/"
"""Models of the learned triage in the files bucket, a folder for each training."""
BOARD_PREFIX: Final = f"{SEARCH_PREFIX}board/"
"""Checkpoints of the board that views are read from: what is read and written with the search's rights."""

VIEWER_HEADER: Final = "x-desk-viewer"
"""Header in which CloudFront tells the API the address of who calls; it replaces whatever the caller wrote there."""

HOST_HEADER: Final = "x-desk-host"
"""The same for the host that the caller's page came from: a brand may have its own."""

MAX_UPLOAD_BYTES: Final = 25 * 1024 * 1024
"""The largest file a form takes."""
