"""Rules that act, and what passes between the desk and other systems."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.kernel.ids import derived_id
from helpdesk.people.model import Agent, Role
from helpdesk.platform.settings import settings
from helpdesk.tickets.model import AUTOMATION
from helpdesk.wiring import ground, mail, tickets, writing

if TYPE_CHECKING:
    from helpdesk.automation.fields import Known
    from helpdesk.automation.hands import Hands
    from helpdesk.automation.service import AutomationService
    from helpdesk.automation.store import DynamoTraceStore
    from helpdesk.canned.model import Body
    from helpdesk.macros.model import Macro
    from helpdesk.sla.feeds import Feeds, Fetched
    from helpdesk.webhooks.model import Delivery, Webhook
    from helpdesk.webhooks.service import Answer, WebhookService
    from helpdesk.webhooks.store import DynamoDeliveries


class _SharedWritings:
    """What agents write with, as rules use it."""

    def macro(self, macro_id: str, agent: Agent) -> "Macro":
        """A macro that is shared with all."""
        return writing.macros().library.peek(macro_id, agent)

    def bodies(self, canned_response_id: str, agent: Agent) -> "Mapping[str, Body]":
        """The texts of a canned response that is shared with all."""
        return writing.canned().library.peek(canned_response_id, agent).bodies


@cache
def rule_traces() -> "DynamoTraceStore":
    """What rules did."""
    from helpdesk.automation.store import DynamoTraceStore  # noqa: PLC0415 - as above

    ground.table_bound()
    return DynamoTraceStore()


def rule_hands() -> "Hands":
    """Says what rules wish of tickets."""
    from helpdesk.automation.hands import Hands  # noqa: PLC0415

    return Hands(ground.desk, writing.pen(), tickets.agent_desk().fitted, _SharedWritings())


def known_to_rules() -> "Known":
    """Looks up who asks, for rules."""
    from helpdesk.automation.fields import Known  # noqa: PLC0415

    return Known(ground.people_store().by_id, ground.kept_organizations().get)


def automation(fault: Callable[[str, Exception], None]) -> "AutomationService":
    """Rules at work.

    Args:
        fault: is told what went wrong with a rule or a ticket, by id.
    """
    from helpdesk.automation import service  # noqa: PLC0415

    ports = service.Ports(
        tickets.ticket_store(),
        tickets.tickets(),
        rule_traces(),
        rule_hands(),
        ground.desk,
        ground.rules,
        ground.clock(),
        fault,
        known_to_rules(),
    )
    return service.AutomationService(ports)


def deliveries() -> "DynamoDeliveries":
    """Calls of systems outside."""
    from helpdesk.webhooks.store import DynamoDeliveries  # noqa: PLC0415

    ground.table_bound()
    return DynamoDeliveries(ground.clock())


def webhooks() -> "WebhookService":
    """Webhooks at work."""
    from helpdesk.webhooks import service  # noqa: PLC0415 - few functions need it
    from helpdesk.webhooks.store import DeliveryQueue  # noqa: PLC0415

    ports = service.Ports(
        deliveries=deliveries(),
        desk=ground.desk,
        ticket=tickets.ticket_store().get,
        keys=ground.signing_keys(),
        call=_call_outside,
        send=DeliveryQueue(ground.sqs, settings().webhook_queue).send,
        stop=_stop_webhook,
        base_url=settings().base_url,
        clock=ground.clock(),
    )
    return service.WebhookService(ports)


def feeds() -> "Feeds":
    """Calendars elsewhere that business calendars follow."""
    from helpdesk.sla.feed_store import DynamoFeedStates  # noqa: PLC0415 - few functions need it
    from helpdesk.sla.feeds import Feeds, Ports  # noqa: PLC0415

    ports = Ports(ground.desk_store(), DynamoFeedStates(), _fetch_feed, ground.kept_desk().forget, ground.clock())
    return Feeds(ports)


def _fetch_feed(url: str, headers: Mapping[str, str]) -> "Fetched":
    from helpdesk.platform.outbound import Wanted  # noqa: PLC0415
    from helpdesk.sla.feeds import Fetched  # noqa: PLC0415
    from helpdesk.sla.model import MOST_FILE_BYTES  # noqa: PLC0415

    said = {"accept": "text/calendar, */*;q=0.1", "user-agent": "helpdesk-calendar", **headers}
    answered = ground.outbound()(url, said, Wanted(most_bytes=MOST_FILE_BYTES, whole=True, redirects=True))
    told = answered.headers
    return Fetched(
        answered.status, answered.problem, answered.body, told.get("etag", ""), told.get("last-modified", "")
    )


def _call_outside(url: str, body: bytes, headers: Mapping[str, str]) -> "Answer":
    from helpdesk.platform.outbound import Wanted  # noqa: PLC0415
    from helpdesk.webhooks.service import Answer  # noqa: PLC0415

    answered = ground.outbound()(url, headers, Wanted("POST", body))
    text = answered.body.decode(errors="replace").replace("\x00", "")
    return Answer(answered.status, answered.problem, text, answered.milliseconds)


def _stop_webhook(webhook: "Webhook", delivery: "Delivery", at: datetime) -> None:
    """Switches a destination off, and tells admins once."""
    from helpdesk.notifications.model import Notification, NotificationKind  # noqa: PLC0415

    ground.desk_store().save_setting("webhook", webhook.id, replace(webhook, active=False, stopped_at=at))
    ground.kept_desk().forget()
    for admin in ground.desk().with_role(Role.ADMIN):
        mail.notification_store().add(
            Notification(
                id=derived_id(at, "webhook_stopped", webhook.id),
                agent_id=admin.id,
                kind=NotificationKind.WEBHOOK_STOPPED,
                at=at,
                ticket_id=delivery.ticket_id,
                number=delivery.number,
                subject=webhook.name,
                actor=AUTOMATION,
            )
        )
