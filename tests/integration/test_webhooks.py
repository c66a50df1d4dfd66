"""Webhooks through the front door: what rules and escalations order is called, signed, once and again until it got through."""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.automation.model import Actions, Happening, Rule
from helpdesk.desk.model import Desk
from helpdesk.sla.model import Escalation, Metric, Timing
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import WebhooksOrdered
from helpdesk.webhooks import store as webhook_store
from helpdesk.webhooks.model import Webhook
from helpdesk.wiring import automation
from tests.support.desk import ADMIN, AGENT, FIRST_RESPONSE_SECONDS, POLICY, SUPERVISOR, desk_for_tests
from tests.support.receiver import Call, Receiver, a_receiver
from tests.support.world import Mischief, World, a_world

CALLS = Rule("calls", "Tell the pager", on=(Happening.OPENED,), actions=Actions(webhooks=("pager",)), enabled=True)
LATE = Escalation("late", Timing.AFTER, 0, (Metric.FIRST_RESPONSE,), webhooks=("pager",))


@contextmanager
def a_desk(receiver: Receiver, *rules: Rule, **change: Any) -> Iterator[World]:
    """A desk with one webhook and rules that call it."""
    hook = Webhook("pager", "The pager", f"{receiver.url}/in?key=1")
    desk: Desk = replace(desk_for_tests(), webhooks={hook.id: hook}, rules={one.id: one for one in rules}, **change)
    with a_world(desk) as world:
        yield world


def opened(world: World, **fields: Any) -> str:
    ticket_id: str = world.open(**fields)["ticket"]["id"]
    world.settle()
    return ticket_id


def deliveries(world: World) -> list[dict[str, Any]]:
    """Newest first, as an admin sees them."""
    found = world.api("GET", "/v1/webhooks/pager/deliveries", agent=ADMIN.id).ok()
    items: list[dict[str, Any]] = found["items"]
    return items


def is_genuine(call: Call, secret: str) -> bool:
    """As the ten lines in docs/admins.md have it."""
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    mine = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256)
    given = [one.removeprefix("v1,") for one in call.headers["webhook-signature"].split(" ")]
    return any(hmac.compare_digest(base64.b64encode(mine).decode(), one) for one in given)


def secret(world: World, *, rotate: bool = False) -> str:
    return str(world.api("POST", "/v1/webhooks/pager/secret", {"rotate": rotate}, agent=ADMIN.id).ok()["secret"])


def test_a_rule_calls_with_a_signed_payload_and_history_and_ledger_tell_of_it() -> None:
    with a_receiver() as receiver, a_desk(receiver, CALLS) as world:
        ticket = opened(world, subject='He said "no"', name="Min-su")
        (call,) = receiver.calls
        assert call.path == "/in?key=1"
        assert is_genuine(call, secret(world))
        assert not is_genuine(replace(call, body=call.body + b" "), secret(world))
        payload = json.loads(call.body)
        assert (payload["version"], payload["id"]) == (1, call.headers["webhook-id"])
        assert payload["cause"]["name"] == "Tell the pager"
        assert payload["ticket"]["subject"] == 'He said "no"'
        assert payload["ticket"]["requester"]["address"] == "minsu@example.com"
        assert payload["ticket"]["clocks"]["first_response"]["due_at"]
        (event,) = world.facts(ticket, WebhooksOrdered)
        assert event.fact.webhooks == ("pager",)  # type: ignore[attr-defined]
        assert verify(world.events(ticket), world.ticket(ticket).chain) is None
        (one,) = deliveries(world)
        assert (one["state"], one["ticket_id"], one["attempts"][0]["status"]) == ("delivered", ticket, 200)
        assert one["attempts"][0]["answer"] == "thanks"
        world.replay(world.published)  # events come again: nobody is called again
        world.settle()
        assert len(receiver.calls) == 1
        former = secret(world)
        assert former not in world.log.getvalue()
        assert secret(world, rotate=True) != former
        opened(world, email="b@example.com")
        assert is_genuine(receiver.calls[-1], former)  # for a day both sign
        assert is_genuine(receiver.calls[-1], secret(world))
        world.advance(days=2)
        opened(world, email="c@example.com")
        assert not is_genuine(receiver.calls[-1], former)


def test_an_escalation_calls_in_its_second_and_a_preview_calls_nobody() -> None:
    policy = replace(POLICY, escalations=(LATE,))
    with a_receiver() as receiver, a_desk(receiver, policies=(policy,)) as world:
        ticket = opened(world)
        world.pass_time(seconds=FIRST_RESPONSE_SECONDS - 1)
        assert receiver.calls == []
        world.pass_time(seconds=1)
        (call,) = receiver.calls
        cause = json.loads(call.body)["cause"]
        assert (cause["kind"], cause["id"], cause["level"], cause["clock"]) == (
            "escalation",
            policy.id,
            "late",
            "first_response",
        )
        _ledger_names_what_its_reader_may_know_of(world, ticket)
        draft = {"name": "Draft", "on": ["opened"], "actions": {"webhooks": ["pager"]}}
        found = world.api("POST", "/v1/rules/preview", {"rule": draft}, agent=ADMIN.id).ok()
        assert [(one["ticket_id"], one["webhooks"]) for one in found["items"]] == [(ticket, ["pager"])]
        world.settle()
        assert len(receiver.calls) == 1
        unknown = {**draft, "actions": {"webhooks": ["nobody"]}}
        refused = world.api("PUT", "/v1/rules/draft", unknown, agent=ADMIN.id).refused(400)
        assert refused.pointers == {"/actions/webhooks/0"}
        gone = world.api("DELETE", "/v1/webhooks/pager", agent=ADMIN.id).refused(409, "conflict")
        assert policy.id in gone["detail"]


def _ledger_names_what_its_reader_may_know_of(world: World, ticket: str) -> None:
    for reader, called, known in ((SUPERVISOR, "The pager", ["pager"]), (AGENT, "a webhook", [None])):
        told = world.api("GET", f"/v1/tickets/{ticket}/sla", agent=reader.id).ok()
        (level,) = told["policy"]["escalations"]
        assert level["webhooks"] == known
        said = [told["policy"]["words"][-1], *(one["words"] for one in told["clocks"][0]["escalations"])]
        assert all(f"call {called}." in one for one in said), said
    assert "pager" not in str(told.body)


def test_what_fails_is_tried_again_later_each_time_with_the_same_id_until_it_gets_through() -> None:
    with a_receiver() as receiver, a_desk(receiver, CALLS) as world:
        receiver.statuses = [500, 302, 200]
        receiver.headers = {"location": f"{receiver.url}/elsewhere"}
        opened(world)
        (one,) = deliveries(world)
        assert (one["state"], one["attempts"][0]["problem"]) == ("waiting", "status")
        world.advance(seconds=29)
        world.settle()
        assert len(receiver.calls) == 1
        world.advance(seconds=2)
        world.settle()
        assert len(receiver.calls) == 2
        world.advance(seconds=125)
        world.settle()
        assert {call.path for call in receiver.calls} == {"/in?key=1"}  # a redirect leads nowhere
        assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
        assert [one["problem"] for one in deliveries(world)[0]["attempts"]] == ["status", "redirect", None]
        world.advance(days=1)
        world.settle()
        assert len(receiver.calls) == 3
        assert world.dead == []


def test_an_address_that_fails_for_days_is_switched_off_and_admins_are_told() -> None:
    with a_receiver() as receiver, a_desk(receiver, CALLS) as world:
        receiver.statuses = [503]
        for day in range(6):
            opened(world, email=f"p{day}@example.com")
            for _ in range(12):
                world.advance(hours=2)
                world.settle()
        found = world.api("GET", "/v1/webhooks", agent=ADMIN.id).ok()["items"][0]
        assert (found["active"], found["health"]["failures"] > 10, bool(found["stopped_at"])) == (False, True, True)
        told = world.api("GET", "/v1/notifications", agent=ADMIN.id).ok()["items"]
        assert [(one["kind"], one["subject"]) for one in told] == [("webhook_stopped", "The pager")]
        calls = len(receiver.calls)
        opened(world, email="late@example.com")
        assert len(receiver.calls) == calls
        states = {one["state"] for one in deliveries(world)}
        assert states <= {"failed", "dropped"}
        receiver.statuses = [200]
        body = {"name": found["name"], "url": found["url"], "active": True}
        again = world.api("PUT", "/v1/webhooks/pager", body, agent=ADMIN.id).ok()
        assert (again["stopped_at"], again["health"]["failures"]) == (None, 0)
        one = next(one for one in deliveries(world) if one["state"] == "failed")
        path = f"/v1/webhooks/pager/deliveries/{one['id']}"
        assert world.api("POST", f"{path}/redeliver", agent=ADMIN.id).ok()["state"] == "waiting"
        world.api("POST", f"{path}/redeliver", agent=ADMIN.id).refused(409)
        world.settle()
        assert world.api("GET", path, agent=ADMIN.id).ok()["state"] == "delivered"
        assert receiver.calls[-1].headers["webhook-id"] == one["id"]


def test_admins_write_one_with_template_and_headers_that_nobody_reads_and_try_it_out() -> None:
    with a_receiver() as receiver, a_desk(receiver) as world:
        template = json.dumps({"text": "#{{ticket.number}}: {{ ticket.subject }}", "tags": "{{ticket.tags}}"})
        body = {
            "name": "Chat",
            "url": f"{receiver.url}/chat",
            "active": False,
            "template": template,
            "headers": {"Authorization": "Bearer swordfish-42"},
        }
        made = world.api("PUT", "/v1/webhooks/chat", body, agent=ADMIN.id).ok()
        assert made["headers"] == ["authorization"]
        kept = {**body, "name": "Chatter", "headers": {"authorization": None}}
        world.api("PUT", "/v1/webhooks/chat", kept, agent=ADMIN.id).ok()
        tested = world.api("POST", "/v1/webhooks/chat/test", agent=ADMIN.id).ok()
        world.settle()
        (call,) = receiver.calls
        assert call.headers["authorization"] == "Bearer swordfish-42"
        assert json.loads(call.body) == {"text": "#0: A test of the webhook", "tags": ["test"]}
        found = world.api("GET", f"/v1/webhooks/chat/deliveries/{tested['id']}", agent=ADMIN.id).ok()
        assert (found["state"], json.loads(found["body"])["tags"]) == ("delivered", ["test"])
        listed = world.api("GET", "/v1/webhooks", agent=SUPERVISOR.id).ok()
        assert "/chat" not in listed.raw  # an address may be a secret, too
        world.api("GET", "/v1/webhooks", agent=AGENT.id).refused(403)
        exported = world.api("GET", "/v1/settings/export", agent=ADMIN.id).ok()
        trail = world.api("GET", "/v1/audit", agent=ADMIN.id).ok()
        for told in (listed.raw, exported.raw, trail.raw, found.raw, world.log.getvalue()):
            assert "swordfish" not in told
        assert "Chatter" in exported.raw
        for wrong, pointer in (
            ({"url": "ftp://example.com"}, "/url"),
            ({"url": "https://me:pw@example.com"}, "/url"),
            ({"template": "{"}, "/template"),
            ({"template": '{"a": "{{ticket.secret}}"}'}, "/template"),
            ({"headers": {"webhook-id": "x"}}, "/headers/webhook-id"),
            ({"headers": {"x-new": None}}, "/headers/x-new"),
        ):
            refused = world.api("PUT", "/v1/webhooks/chat", {**body, **wrong}, agent=ADMIN.id).refused(400)
            assert refused.pointers == {pointer}
        world.api("DELETE", "/v1/webhooks/chat", agent=ADMIN.id).ok()
        assert world.item("WEBHOOK#chat", "HEADERS") is None


def test_a_crash_loses_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    call, send = automation._call_outside, webhook_store.DeliveryQueue.send

    def crash(place: str) -> None:
        if place in left:
            left.remove(place)
            raise RuntimeError(place)

    def calling(url: str, body: bytes, headers: Any) -> Any:
        crash("before the call")
        answer = call(url, body, headers)
        crash("after the call")
        return answer

    def sending(queue: Any, *args: Any) -> None:
        crash("when the queue is told")
        send(queue, *args)

    monkeypatch.setattr(automation, "_call_outside", calling)
    monkeypatch.setattr(webhook_store.DeliveryQueue, "send", sending)
    with a_receiver() as receiver, a_desk(receiver, CALLS) as world:
        for place, calls in (("before the call", 1), ("after the call", 2), ("when the queue is told", 1)):
            left.append(place)
            receiver.calls.clear()
            opened(world, email=f"{len(place)}@example.com")
            for _ in range(3):
                world.advance(minutes=10)
                world.settle()
            assert left == []
            assert len({one.headers["webhook-id"] for one in receiver.calls}) == 1
            assert len(receiver.calls) == calls
        assert {one["state"] for one in deliveries(world)} == {"delivered"}
        assert world.dead == []


def test_events_in_any_order_and_twice_call_each_ticket_once() -> None:
    with a_receiver() as receiver, a_desk(receiver, CALLS) as world:
        for number in range(6):
            world.open(f"p{number}@example.com")
        world.settle(Mischief(random.Random(7), repeats=0.4))
        for _ in range(3):
            world.advance(minutes=15)
            world.settle()
        assert len(receiver.calls) == len({one.headers["webhook-id"] for one in receiver.calls}) == 6
