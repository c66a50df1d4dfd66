"""Webhooks and their deliveries as admins see them."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.canned import Instant
from helpdesk.webhooks.model import CauseKind, DeliveryState

HeaderName = Annotated[str, Meta(min_length=1, max_length=100)]
HeaderValue = Annotated[str, Meta(max_length=4000, pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$")]


class WebhookIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a webhook shall be."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    url: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2000,
            description="A whole https address that anybody could reach; private networks are refused when it is called.",
        ),
    ]
    active: bool = True
    description: Annotated[str, Meta(max_length=1000)] = ""
    template: Annotated[
        str,
        Meta(
            max_length=20_000,
            description="JSON to send in place of the standard payload; strings in it may hold `{{ticket.number}}` and "
            "every other path of the standard payload. Empty: the standard payload.",
        ),
    ] = ""
    headers: Annotated[
        dict[HeaderName, HeaderValue | None],
        Meta(max_length=20, description="Sent along. Values are never answered; null keeps the one there is."),
    ] = msgspec.field(default_factory=dict)


class HealthOut(Struct, frozen=True):
    """How calls went lately."""

    last_ok_at: Instant | None
    last_failed_at: Instant | None
    failing_since: Annotated[Instant | None, Meta(description="The first call that failed since one got through.")]
    failures: Annotated[int, Meta(description="Calls that failed since then.")]


class WebhookOut(Struct, frozen=True):
    """A webhook."""

    id: str
    version: int
    name: str
    url: Annotated[str, Meta(description="For those who may not change settings: its beginning alone.")]
    active: bool
    description: str
    template: str
    headers: Annotated[list[str], Meta(description="Names of the headers sent along.")]
    rotated_at: Annotated[Instant | None, Meta(description="When it last got another secret.")]
    stopped_at: Annotated[Instant | None, Meta(description="When the desk switched it off: it failed for days.")]
    health: HealthOut


class WebhooksOut(Struct, frozen=True):
    """All webhooks, by name."""

    items: list[WebhookOut]
    next_cursor: str | None = None


class SecretIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether there shall be another."""

    rotate: Annotated[bool, Meta(description="Make another; the one before signs along for a day.")] = False


class SecretOut(Struct, frozen=True):
    """What the receiver checks signatures with."""

    secret: Annotated[str, Meta(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])]


class DeliveriesQuery(Struct, frozen=True):
    """Which deliveries."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    cursor: str | None = None


class DeliveryCauseOut(Struct, frozen=True):
    """What ordered a delivery."""

    kind: CauseKind
    id: Annotated[str | None, Meta(description="Of the rule, or the SLA policy.")]
    name: str | None
    level: Annotated[str | None, Meta(description="Id of the escalation.")]
    clock: str | None


class AttemptOut(Struct, frozen=True):
    """One call."""

    at: Instant
    status: Annotated[int | None, Meta(description="That was answered.")]
    problem: Annotated[
        str | None,
        Meta(
            description="`address`, `scheme`, `redirect`, `timeout`, `tls`, `connection`, `status`; null: it got through."
        ),
    ]
    milliseconds: int
    answer: Annotated[str, Meta(description="The first of what was answered.")]


class DeliveryOut(Struct, frozen=True):
    """One delivery. They are kept for 14 days."""

    id: Annotated[str, Meta(description="The receiver sees it as `webhook-id`, the same in each attempt.")]
    state: DeliveryState
    cause: DeliveryCauseOut
    ticket_id: str | None
    number: int | None
    ordered_at: Instant
    next_at: Annotated[Instant | None, Meta(description="When it is tried (again).")]
    tries: int
    problem: Annotated[str | None, Meta(description="Why nobody is called: `inactive`, `gone`, `no_ticket`.")]
    attempts: Annotated[list[AttemptOut], Meta(description="The last ten, oldest first.")]


class DeliveryInFullOut(DeliveryOut, frozen=True):
    """A delivery with what would be sent."""

    body: Annotated[
        str, Meta(description="As it would be sent now: what was sent is not kept. Empty: nothing is left.")
    ]


class DeliveriesOut(Struct, frozen=True):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]
    next_cursor: str | None = None
