"""Calls systems outside: each call that was ordered at least once, tried again with patience, and told of to admins.

An order is an event, so it is lost with nothing; a delivery is kept before it is called and marked before each call, so
that a crash in between costs a repetition with the same id and never a call. Receivers tell repetitions by that id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Final, Protocol, cast

from helpdesk.contracts.events import EventType
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import Conflict, NotFound, StaleVersion
from helpdesk.kernel.ids import derived_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.tickets.chain import event_from_document
from helpdesk.tickets.facts import Event, WebhooksOrdered
from helpdesk.tickets.model import Ticket
from helpdesk.webhooks.model import Attempt, Cause, CauseKind, Delivery, DeliveryState, Health, Named, Webhook
from helpdesk.webhooks.rules import (
    after_call,
    again,
    body_of,
    cause_of,
    claimed,
    dropped,
    is_hopeless,
    payload_of,
    secrets_of,
    settled,
    signed_headers,
)

LONGEST_DELAY: Final = 900
"""Seconds that the queue can hold a message back; what waits longer is put there again."""
AGENT: Final = "Helpdesk-Webhooks/1"


class Deliveries(Protocol):
    """Where deliveries are kept."""

    def create(self, delivery: Delivery) -> bool:
        """Keeps a new one; False if it was there."""
        ...

    def find(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """One of them, read consistently."""
        ...

    def save(self, delivery: Delivery) -> None:
        """Writes one over the version before it. Raises StaleVersion: it has moved on."""
        ...

    def order(self, delivery: Delivery, *, new: bool) -> None:
        """Writes one with the event that has it tried. Raises StaleVersion: it has moved on."""
        ...

    def page(self, webhook_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Delivery]:
        """A page of a destination's, newest first."""
        ...

    def healths(self) -> Mapping[str, Health]:
        """How calls went lately, by destination."""
        ...

    def health(self, webhook_id: str) -> Health:
        """The same of one destination."""
        ...

    def keep_health(self, webhook_id: str, health: Health) -> None:
        """Notes how calls went."""
        ...

    def headers(self, webhook_id: str) -> Mapping[str, str]:
        """Values of a destination's headers."""
        ...

    def keep_headers(self, webhook_id: str, headers: Mapping[str, str]) -> None:
        """Writes them; none at all: they are forgotten."""
        ...


class Calling(Protocol):
    """Calls addresses outside."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> "Answer":
        """Sends a body and gives what came of it; raises nothing for what goes wrong outside."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. See `Attempt`."""

    status: int | None
    problem: str
    text: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Ports:
    """What webhooks stand on.

    Attributes:
        deliveries: where they are kept.
        desk: the configuration.
        ticket: reads one.
        keys: the desk's own secrets, oldest first.
        call: calls addresses outside.
        send: has a delivery tried after some seconds: (webhook, delivery, seconds).
        stop: switches a destination off that fails on and on, and tells admins of it.
        base_url: where the pages are.
        clock: the desk's time.
    """

    deliveries: Deliveries
    desk: Callable[[], Desk]
    ticket: Callable[[str], Ticket | None]
    keys: Callable[[], list[str]]
    call: Calling
    send: Callable[[str, str, int], None]
    stop: Callable[[Webhook, Delivery, datetime], None]
    base_url: str
    clock: Clock


class WebhookService:
    """Webhooks at work.

    Args:
        ports: what they stand on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    # --- what the queue brings ---

    def handle(self, detail: Mapping[str, object]) -> None:
        """Deals with an event: of a ticket, whose deliveries are ordered; or of a delivery, which is tried.

        Raises:
            Unavailable: something of the desk's own did not answer; handling it again is safe.
        """
        if detail["type"] == EventType.WEBHOOKS_ORDERED:
            self._order(event_from_document(cast("Document", detail)))
        else:
            self.attempt(str(detail["webhook"]), str(detail["delivery"]))

    def _order(self, event: Event) -> None:
        if not isinstance(event.fact, WebhooksOrdered):
            return
        ticket = self._ports.ticket(event.ticket_id)
        cause = cause_of(event.fact, event.id, ticket)
        for webhook_id in event.fact.webhooks:
            delivery = Delivery(
                id=derived_id(event.at, "webhook", event.id, webhook_id),
                webhook=webhook_id,
                cause=cause,
                ordered_at=event.at,
                ticket_id=event.ticket_id,
                number=ticket.number if ticket is not None else 0,
                next_at=event.at,
            )
            self._ports.deliveries.create(delivery)
            self._ports.send(webhook_id, delivery.id, 0)  # each for itself: one that is slow holds up no other

    def attempt(self, webhook_id: str, delivery_id: str) -> None:
        """Tries a delivery, if it is time to; comes back to it if it failed."""
        ports, now = self._ports, self._ports.clock()
        found = ports.deliveries.find(webhook_id, delivery_id)
        if found is None or found.state is not DeliveryState.WAITING:
            return
        if found.next_at is not None and now < found.next_at:
            self._later(found, now)
            return
        try:
            self._try(found, now)
        except StaleVersion:  # a repetition of the message has it in hand
            return

    def _try(self, found: Delivery, now: datetime) -> None:
        ports = self._ports
        webhook = ports.desk().webhooks.get(found.webhook)
        ticket = ports.ticket(found.ticket_id) if found.ticket_id else None
        test = found.cause.kind is CauseKind.TEST
        if webhook is None or not (webhook.active or test):
            ports.deliveries.save(dropped(found, "gone" if webhook is None else "inactive"))
            return
        if ticket is None and not test:
            ports.deliveries.save(dropped(found, "no_ticket"))
            return
        delivery = claimed(found, now)
        ports.deliveries.save(delivery)
        attempt = self._call(webhook, delivery, ticket, now)
        after = settled(delivery, attempt)
        ports.deliveries.save(after)
        self._note(webhook, after, attempt)
        if after.state is DeliveryState.WAITING:
            self._later(after, now)

    def _call(self, webhook: Webhook, delivery: Delivery, ticket: Ticket | None, now: datetime) -> Attempt:
        body = self.body(webhook, delivery, ticket)
        signed = signed_headers(delivery.id, body, secrets_of(webhook, self._ports.keys(), now), now)
        own = {"content-type": "application/json; charset=utf-8", "user-agent": AGENT}
        kept = self._ports.deliveries.headers(webhook.id) if webhook.headers else {}
        wanted = {name: value for name, value in kept.items() if name in webhook.headers}
        answer = self._ports.call(webhook.url, body, {**wanted, **own, **signed})
        return Attempt(now, answer.status, answer.problem, answer.text, answer.milliseconds)

    def _note(self, webhook: Webhook, delivery: Delivery, attempt: Attempt) -> None:
        if delivery.cause.kind is CauseKind.TEST:
            return  # an admin tries something out; nobody waits for it
        before = self._ports.deliveries.health(webhook.id)
        health = after_call(before, attempt)
        self._ports.deliveries.keep_health(webhook.id, health)
        if webhook.active and is_hopeless(health, attempt.at):
            self._ports.stop(webhook, delivery, attempt.at)

    def _later(self, delivery: Delivery, now: datetime) -> None:
        wait = ceil((delivery.next_at - now).total_seconds()) if delivery.next_at is not None else 0
        self._ports.send(delivery.webhook, delivery.id, min(max(wait, 0), LONGEST_DELAY))

    # --- what admins do ---

    def body(self, webhook: Webhook, delivery: Delivery, ticket: Ticket | None) -> bytes:
        """What would be sent now."""
        return body_of(webhook, payload_of(delivery, ticket, _named(self._ports.desk()), self._ports.base_url))

    def test(self, webhook_id: str) -> Delivery:
        """Orders a call that tells of no ticket. It is tried once.

        Raises:
            NotFound: there is no such webhook.
        """
        self._webhook(webhook_id)
        now = self._ports.clock()
        delivery = Delivery(new_id(now), webhook_id, Cause(CauseKind.TEST), now, next_at=now)
        self._ports.deliveries.order(delivery, new=True)
        return delivery

    def redeliver(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Orders a delivery anew, with the id that it had.

        Raises:
            NotFound: there is none, or not any more.
            Conflict: it is being tried already.
            StaleVersion: it is being tried this moment.
        """
        found = self.delivery(webhook_id, delivery_id)
        if found.state is DeliveryState.WAITING:
            raise Conflict("The delivery is still being tried.")
        ordered = again(found, self._ports.clock())
        self._ports.deliveries.order(ordered, new=False)
        return ordered

    def delivery(self, webhook_id: str, delivery_id: str) -> Delivery:
        """One delivery. Raises NotFound: there is none, or not any more."""
        found = self._ports.deliveries.find(webhook_id, delivery_id)
        if found is None:
            raise NotFound("There is no such delivery, or not any more.")
        return found

    def _webhook(self, webhook_id: str) -> Webhook:
        webhook = self._ports.desk().webhooks.get(webhook_id)
        if webhook is None:
            raise NotFound("There is no such webhook.")
        return webhook


def rotated(webhook: Webhook, now: datetime) -> Webhook:
    """A webhook with another secret; the one before signs along for a day."""
    return replace(webhook, generation=webhook.generation + 1, rotated_at=now)


def _named(desk: Desk) -> Named:
    return Named(
        groups={one.id: one.name for one in desk.groups.values()},
        agents={one.id: one.name for one in desk.agents.values()},
        rules={one.id: one.name for one in desk.rules.values()},
        policies={one.id: one.name for one in desk.policies},
    )
