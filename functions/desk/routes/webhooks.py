"""Webhooks: listing, writing and taking them away, their secrets, and what became of their deliveries."""

from dataclasses import replace
from urllib.parse import urlsplit

from functions.desk.schemas import webhooks as schemas
from functions.desk.schemas.tickets import instant
from helpdesk import bootstrap
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header
from helpdesk.webhooks.checks import WEBHOOK_KIND
from helpdesk.webhooks.model import CauseKind, Delivery, Health, Webhook
from helpdesk.webhooks.rules import secret_of
from helpdesk.webhooks.service import rotated

TAG = "Webhooks"
IF_MATCH = {
    "If-Match": 'The version that was seen, as `"3"`; `"0"`: it must be new. Left out: whatever it is now is replaced.'
}


def list_webhooks(call: Call) -> Reply:
    """All webhooks with how their calls went."""
    desk, healths = bootstrap.desk(), bootstrap.deliveries().healths()
    in_full = Permission.CONFIGURE in bootstrap.permissions(call.agent)
    found = sorted(desk.webhooks.values(), key=lambda one: (one.name.lower(), one.id))
    items = [_out(one, desk, healths.get(one.id, Health()), in_full=in_full) for one in found]
    return Reply(schemas.WebhooksOut(items))


def save_webhook(call: Call) -> Reply:
    """Adds or changes a webhook."""
    body: schemas.WebhookIn = call.body
    webhook_id = call.params["id"]
    before = bootstrap.desk_store().load().webhooks.get(webhook_id)
    _refuse_unencrypted(body.url)
    given = {name.strip().lower(): value for name, value in body.headers.items()}
    wanted = replace(
        before or Webhook(webhook_id, "", ""),
        name=body.name,
        url=body.url,
        active=body.active,
        description=body.description,
        template=body.template,
        headers=tuple(given),
        stopped_at=None if before is None or body.active else before.stopped_at,
    )
    kept = bootstrap.deliveries().headers(webhook_id) if before is not None else {}
    missing = [name for name, value in given.items() if value is None and name not in kept]
    if missing:
        faults = [FieldError(f"/headers/{name}", "has no value yet, so none can be kept") for name in missing]
        raise Invalid("The webhook is not valid.", faults)
    saved = bootstrap.configuration().put(WEBHOOK_KIND, webhook_id, wanted, seen=seen_header(call))
    values = {name: kept[name] if value is None else value for name, value in given.items()}
    if values != kept:
        bootstrap.deliveries().keep_headers(webhook_id, values)
    if before is not None and (before.url != saved.url or (saved.active and not before.active)):
        bootstrap.deliveries().keep_health(webhook_id, Health())  # what failed before says nothing of it any more
    out = _out(saved, bootstrap.desk(), bootstrap.deliveries().health(webhook_id), in_full=True)
    return Reply(out, headers={"etag": f'"{out.version}"'})


def delete_webhook(call: Call) -> Reply:
    """Takes a webhook away."""
    bootstrap.configuration().remove(WEBHOOK_KIND, call.params["id"], seen=seen_header(call))
    bootstrap.deliveries().keep_headers(call.params["id"], {})
    return Reply()


def give_secret(call: Call) -> Reply:
    """The secret of a webhook, or another."""
    body: schemas.SecretIn = call.body
    webhook = _webhook(call.params["id"])
    if body.rotate:
        webhook = bootstrap.configuration().put(WEBHOOK_KIND, webhook.id, rotated(webhook, call.now))
    return Reply(schemas.SecretOut(secret_of(webhook, bootstrap.signing_keys()()[-1])))


def send_test(call: Call) -> Reply:
    """Orders a call that tells of no ticket."""
    return Reply(_delivery(bootstrap.webhooks().test(_webhook(call.params["id"]).id), bootstrap.desk()))


def list_deliveries(call: Call) -> Reply:
    """A page of a webhook's deliveries."""
    query: schemas.DeliveriesQuery = call.query
    webhook = _webhook(call.params["id"])
    signer, scope = bootstrap.signer(), f"/v1/webhooks/{webhook.id}/deliveries"
    position = signer.read_cursor(scope, query.cursor, call.now)
    page = bootstrap.deliveries().page(webhook.id, limit=query.limit, position=position)
    items = [_delivery(one, bootstrap.desk()) for one in page.items]
    return Reply(schemas.DeliveriesOut(items, signer.sign_cursor(scope, page.next_position)))


def get_delivery(call: Call) -> Reply:
    """One delivery, with what would be sent now."""
    webhook, service = _webhook(call.params["id"]), bootstrap.webhooks()
    found = service.delivery(webhook.id, call.params["delivery_id"])
    ticket = bootstrap.ticket_store().get(found.ticket_id) if found.ticket_id else None
    there = ticket is not None or found.cause.kind is CauseKind.TEST
    out = _delivery(found, bootstrap.desk())
    told = {name: getattr(out, name) for name in out.__struct_fields__}
    return Reply(schemas.DeliveryInFullOut(**told, body=service.body(webhook, found, ticket).decode() if there else ""))


def redeliver(call: Call) -> Reply:
    """Orders a delivery anew."""
    webhook = _webhook(call.params["id"])
    return Reply(_delivery(bootstrap.webhooks().redeliver(webhook.id, call.params["delivery_id"]), bootstrap.desk()))


def _webhook(webhook_id: str) -> Webhook:
    found = bootstrap.desk_store().load().webhooks.get(webhook_id)
    if found is None:
        raise NotFound("There is no such webhook.")
    bootstrap.kept_desk().forget()  # what follows reads it as it now stands
    return found


def _refuse_unencrypted(url: str) -> None:
    if urlsplit(url.strip()).scheme.lower() == "http" and not bootstrap.outbound().local:
        raise Invalid("The webhook is not valid.", [FieldError("/url", "must be a whole https address in ASCII")])


def _out(webhook: Webhook, desk: Desk, health: Health, *, in_full: bool) -> schemas.WebhookOut:
    parts = urlsplit(webhook.url)
    return schemas.WebhookOut(
        id=webhook.id,
        version=desk.versions.get((WEBHOOK_KIND.name, webhook.id), 0),
        name=webhook.name,
        url=webhook.url if in_full else f"{parts.scheme}://{parts.hostname}/…",
        active=webhook.active,
        description=webhook.description,
        template=webhook.template if in_full else "",
        headers=list(webhook.headers),
        rotated_at=instant(webhook.rotated_at),
        stopped_at=instant(webhook.stopped_at),
        health=schemas.HealthOut(
            instant(health.last_ok_at), instant(health.last_failed_at), instant(health.failing_since), health.failures
        ),
    )


def _delivery(delivery: Delivery, desk: Desk) -> schemas.DeliveryOut:
    cause = delivery.cause
    return schemas.DeliveryOut(
        id=delivery.id,
        state=delivery.state,
        cause=schemas.DeliveryCauseOut(
            cause.kind, cause.of or None, _name_of(delivery, desk), cause.level or None, cause.metric or None
        ),
        ticket_id=delivery.ticket_id or None,
        number=delivery.number or None,
        ordered_at=format_instant(delivery.ordered_at),
        next_at=instant(delivery.next_at),
        tries=delivery.tries,
        problem=delivery.problem or None,
        attempts=[
            schemas.AttemptOut(format_instant(one.at), one.status, one.problem or None, one.milliseconds, one.answer)
            for one in delivery.attempts
        ],
    )


def _name_of(delivery: Delivery, desk: Desk) -> str | None:
    cause = delivery.cause
    if cause.kind is CauseKind.RULE:
        return desk.rules[cause.of].name if cause.of in desk.rules else None
    return next((one.name for one in desk.policies if one.id == cause.of), None)


ENDPOINTS = (
    Endpoint(
        "GET /v1/webhooks",
        name="listWebhooks",
        summary="Destinations that rules and escalations may call, and how their calls went lately",
        handle=list_webhooks,
        needs=Permission.SUPERVISE,
        response=schemas.WebhooksOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/webhooks/{id}",
        name="saveWebhook",
        summary="Add or change a webhook",
        handle=save_webhook,
        needs=Permission.CONFIGURE,
        body=schemas.WebhookIn,
        response=schemas.WebhookOut,
        headers=IF_MATCH,
        errors={409: "It has another version than If-Match names, or there are too many already."},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/webhooks/{id}",
        name="deleteWebhook",
        summary="Take a webhook away",
        handle=delete_webhook,
        needs=Permission.CONFIGURE,
        status=204,
        headers=IF_MATCH,
        errors={409: "A rule or an SLA policy calls it, or it has another version than If-Match names."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/webhooks/{id}/secret",
        name="giveWebhookSecret",
        summary="The secret that signs a webhook's calls, or another in its place",
        handle=give_secret,
        needs=Permission.CONFIGURE,
        body=schemas.SecretIn,
        response=schemas.SecretOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/webhooks/{id}/test",
        name="testWebhook",
        summary="Call a webhook once with a ticket that is none, whether it is active or not; it shows in its deliveries",
        handle=send_test,
        needs=Permission.CONFIGURE,
        response=schemas.DeliveryOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/webhooks/{id}/deliveries",
        name="listDeliveries",
        summary="What became of a webhook's calls, newest first; they are kept for 14 days",
        handle=list_deliveries,
        needs=Permission.CONFIGURE,
        query=schemas.DeliveriesQuery,
        response=schemas.DeliveriesOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/webhooks/{id}/deliveries/{delivery_id}",
        name="getDelivery",
        summary="A delivery with what would be sent now",
        handle=get_delivery,
        needs=Permission.CONFIGURE,
        response=schemas.DeliveryInFullOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/webhooks/{id}/deliveries/{delivery_id}/redeliver",
        name="redeliver",
        summary="Try a delivery anew, with its id and the ticket as it now stands",
        handle=redeliver,
        needs=Permission.CONFIGURE,
        response=schemas.DeliveryOut,
        errors={409: "It is still being tried."},
        tag=TAG,
    ),
)
