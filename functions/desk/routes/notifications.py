"""What the caller is told, and how they like to be told."""

from functions.desk.schemas import notifications as schemas
from functions.desk.schemas.tickets import AuthorOut, PageQuery, instant
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.notifications.model import Notification, NotificationKind
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply

_TAG = "Notifications"


def list_notifications(call: Call) -> Reply:
    """A page of what the caller was told."""
    query: PageQuery = call.query
    name, signer = f"notifications/{call.agent.id}", bootstrap.signer()
    position = signer.read_cursor(name, query.cursor, call.now)
    page, unread = bootstrap.notifications().page(call.agent, limit=query.limit, position=position)
    items = [_out(one) for one in page.items]
    return Reply(schemas.NotificationsOut(items, signer.sign_cursor(name, page.next_position), unread))


def mark_read(call: Call) -> Reply:
    """Marks some as read, or all."""
    body: schemas.ReadIn = call.body
    service = bootstrap.notifications()
    if body.all:
        service.mark_all(call.agent)
    elif body.ids:
        service.mark(call.agent, body.ids)
    return Reply(schemas.UnreadOut(service.unread(call.agent)))


def get_preferences(call: Call) -> Reply:
    """How the caller is told."""
    likes = bootstrap.notifications().preferences(call.agent)
    items = [
        schemas.PreferenceIO(kind, likes.on_page(kind), likes.by_mail(kind, call.agent)) for kind in NotificationKind
    ]
    return Reply(schemas.PreferencesOut(items))


def put_preferences(call: Call) -> Reply:
    """Says how the caller shall be told."""
    body: schemas.PreferencesIn = call.body
    page = {one.kind: one.page for one in body.items}
    mail = {one.kind: one.mail for one in body.items}
    bootstrap.notifications().prefer(call.agent, page, mail)
    return get_preferences(call)


def _out(one: Notification) -> schemas.NotificationOut:
    agent = bootstrap.agent(one.actor.id)
    return schemas.NotificationOut(
        id=one.id,
        kind=one.kind,
        at=format_instant(one.at),
        ticket_id=one.ticket_id,
        number=one.number,
        subject=one.subject,
        actor=AuthorOut(one.actor.kind, one.actor.id, agent.name if agent is not None else None),
        message_id=one.message_id,
        read_at=instant(one.read_at),
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/notifications",
        name="listNotifications",
        summary="What you were told in the last 60 days, newest first",
        handle=list_notifications,
        needs=Permission.READ,
        query=PageQuery,
        response=schemas.NotificationsOut,
        tag=_TAG,
    ),
    Endpoint(
        "POST /v1/notifications/read",
        name="readNotifications",
        summary="Mark what you were told as read",
        handle=mark_read,
        needs=Permission.READ,
        body=schemas.ReadIn,
        response=schemas.UnreadOut,
        tag=_TAG,
    ),
    Endpoint(
        "GET /v1/me/notification-preferences",
        name="getNotificationPreferences",
        summary="How you are told of what",
        handle=get_preferences,
        needs=Permission.READ,
        response=schemas.PreferencesOut,
        tag=_TAG,
    ),
    Endpoint(
        "PUT /v1/me/notification-preferences",
        name="putNotificationPreferences",
        summary="Say how you shall be told of what: in the page's list, by mail, both or neither",
        handle=put_preferences,
        needs=Permission.READ,
        body=schemas.PreferencesIn,
        response=schemas.PreferencesOut,
        tag=_TAG,
    ),
)
