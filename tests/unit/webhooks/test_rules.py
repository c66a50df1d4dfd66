"""What webhooks send and when: signatures as the specification has them, templates that stay JSON, patience that ends."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.webhooks.model import Attempt, Cause, CauseKind, Delivery, DeliveryState, Health, Webhook
from helpdesk.webhooks.rules import (
    after_call,
    body_of,
    claimed,
    filled,
    is_hopeless,
    secrets_of,
    settled,
    signed_headers,
    unknown_placeholders,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOOK = Webhook("pager", "Pager", "https://pager.example.com/in")
DELIVERY = Delivery("01JD0000000000000000000000", "pager", Cause(CauseKind.RULE), NOW, next_at=NOW)


def test_a_signature_is_the_one_that_the_specifications_own_example_has() -> None:
    """The example of standard-webhooks/spec, as its libraries test it."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        datetime.fromtimestamp(1_614_265_330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(subject=st.text(), value=st.none() | st.integers() | st.lists(st.text()))
def test_a_template_is_json_whatever_a_ticket_holds(subject: str, value: object) -> None:
    template = {"a": ["{{ticket.subject}}!", {"b": "{{ ticket.tags }}"}], "c": 1}
    payload = {"ticket": {"subject": subject, "tags": value}}
    made = json.loads(json.dumps(filled(template, payload)))  # type: ignore[arg-type]
    assert made == {"a": [f"{subject}!", {"b": value}], "c": 1}


def test_only_names_of_the_payload_and_of_the_desks_own_fields_can_be_asked_for() -> None:
    known = ["ticket.number", "cause.name", "ticket.fields.order_no", "ticket.clocks.resolution.due_at", "id"]
    assert unknown_placeholders([f"{{{{{one}}}}}" for one in known]) == []
    unknown = ["ticket.secret", "ticket.group.members", "ticket", "nothing"]
    assert unknown_placeholders({"a": " ".join(f"{{{{{one}}}}}" for one in unknown)}) == [
        "ticket.secret",
        "ticket.group.members",
        "nothing",
    ]
    assert json.loads(
        body_of(Webhook("a", "A", "", template='{"n": "{{ticket.number}}"}'), {"ticket": {"number": 7}})
    ) == {"n": 7}


def test_a_delivery_is_tried_eight_times_within_a_day_and_then_given_up() -> None:
    delivery, now, waits = DELIVERY, NOW, []
    while delivery.state is DeliveryState.WAITING:
        delivery = settled(claimed(delivery, now), Attempt(now, 500, "status"))
        if delivery.next_at is not None:
            waits.append(delivery.next_at - now)
            now = delivery.next_at
    assert (delivery.state, delivery.tries, len(delivery.attempts)) == (DeliveryState.FAILED, 8, 8)
    assert waits == sorted(waits)
    assert now - NOW < timedelta(days=1)
    gone = settled(claimed(DELIVERY, NOW), Attempt(NOW, 410, "status"))
    assert gone.state is DeliveryState.FAILED


def test_a_former_secret_signs_for_a_day_and_the_desks_former_key_as_long_as_it_has_it() -> None:
    rotated = Webhook("pager", "Pager", "", generation=2, rotated_at=NOW)
    assert len(secrets_of(rotated, ["old", "new"], NOW + timedelta(hours=23))) == 4
    later = secrets_of(rotated, ["old", "new"], NOW + timedelta(hours=24))
    assert len(later) == 2
    assert set(later).isdisjoint(secrets_of(HOOK, ["old", "new"], NOW))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 200)), max_size=30))
def test_an_address_is_given_up_only_where_nothing_got_through_for_five_days(calls: list[tuple[bool, int]]) -> None:
    health, now, since, count = Health(), NOW, None, 0
    for ok, hours in calls:
        now += timedelta(hours=hours)
        health = after_call(health, Attempt(now, 200 if ok else 500, "" if ok else "status"))
        since, count = (None, 0) if ok else (since or now, count + 1)
        assert is_hopeless(health, now) == (since is not None and count >= 5 and now - since >= timedelta(days=5))
