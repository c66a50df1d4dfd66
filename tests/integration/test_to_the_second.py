"""Clocks act in the second they are due, though the sweep comes once a minute; and once, whoever comes by."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.sla.model import Escalation, Metric, Target, Timing
from helpdesk.tickets.facts import MessageReleased, SlaBreached, SlaEscalated, SlaWarned
from tests.support.desk import AGENT, FIRST_RESPONSE_SECONDS, POLICY, SUPERVISOR, desk_for_tests
from tests.support.wire import AwsCall, Proceed, observing
from tests.support.world import World, a_world

ANN = "ann@example.com"
_TELL = ("supervisors",)
ESCALATING = replace(
    POLICY,
    targets={name: (Target(Metric.FIRST_RESPONSE, FIRST_RESPONSE_SECONDS),) for name in POLICY.targets},
    escalations=(
        Escalation("soon", Timing.BEFORE, 3600, notify=_TELL),
        Escalation("late", Timing.AFTER, 3600, notify=_TELL),
    ),
)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


def breach_of(world: World) -> tuple[str, datetime]:
    """A ticket, and when its first response is due."""
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.settle()
    world.pass_time(seconds=FIRST_RESPONSE_SECONDS * 3 / 4)  # the warning
    created = world.ticket(ticket_id).created_at
    return ticket_id, created + timedelta(seconds=FIRST_RESPONSE_SECONDS)


def test_a_breach_is_recorded_in_its_second_between_two_sweeps(world: World) -> None:
    ticket_id, due = breach_of(world)
    world.clock.now = due - timedelta(seconds=35)
    assert world.sweep()["sent"] == 1
    world.settle()
    assert not world.facts(ticket_id, SlaBreached)
    world.clock.now = due + timedelta(milliseconds=999)
    world.settle()
    (breached,) = world.facts(ticket_id, SlaBreached)
    assert breached.fact.breached_at == due
    assert breached.at - due < timedelta(seconds=1)


def test_a_sweep_that_comes_late_sends_what_is_due_right_after_what_it_found_late(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.settle()
    due = world.ticket(ticket_id).created_at + timedelta(seconds=FIRST_RESPONSE_SECONDS)
    world.clock.now = due - timedelta(seconds=35)
    assert world.sweep() == {"tickets": 1, "events": 1, "sent": 1}, "the warning, an hour late"
    world.clock.now = due
    world.settle()
    assert len(world.facts(ticket_id, SlaBreached)) == 1


def test_a_tick_that_comes_twice_or_beside_a_sweep_doubles_nothing(world: World) -> None:
    ticket_id, due = breach_of(world)
    world.clock.now = due - timedelta(seconds=65)
    world.sweep()
    world.clock.now = due - timedelta(seconds=5)
    world.sweep()
    assert len(world.queues["sla-ticker"].messages) == 2
    world.clock.now = due + timedelta(seconds=1)
    world.sweep()
    world.settle()
    assert len(world.facts(ticket_id, SlaBreached)) == 1
    assert not world.queues["sla-ticker"].messages


def test_a_tick_before_its_instant_waits_for_the_rest_of_it(world: World) -> None:
    ticket_id, due = breach_of(world)
    world.clock.now = due - timedelta(seconds=30)
    world.sweep()
    (message,) = world.queues["sla-ticker"].messages
    message.not_before = due - timedelta(seconds=10)
    world.clock.now = due - timedelta(seconds=9)
    world.settle()
    assert not world.facts(ticket_id, SlaBreached)
    world.clock.now = due
    world.settle()
    assert len(world.facts(ticket_id, SlaBreached)) == 1


def test_what_was_answered_meanwhile_is_left_alone(world: World) -> None:
    ticket_id, due = breach_of(world)
    world.clock.now = due - timedelta(seconds=30)
    world.sweep()
    world.answer(ticket_id, AGENT.id, "Here you are.").ok()
    world.clock.now = due + timedelta(seconds=1)
    world.settle()
    assert not world.facts(ticket_id, SlaBreached)
    assert len(world.facts(ticket_id, SlaWarned)) == 1


def test_an_answer_held_for_ten_seconds_leaves_after_ten_seconds_without_any_sweep(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.settle()
    world.answer(ticket_id, AGENT.id, "Here you are.", hold_seconds=10).ok()
    world.settle()
    assert not world.facts(ticket_id, MessageReleased)
    world.advance(seconds=11)
    world.settle()
    (released,) = world.facts(ticket_id, MessageReleased)
    assert released.at - released.fact.released_at < timedelta(seconds=2)


def test_a_ticket_that_is_gone_and_a_message_that_says_nothing_harm_no_other(world: World) -> None:
    ticket_id, due = breach_of(world)
    world.clock.now = due - timedelta(seconds=10)
    world.sweep()
    (message,) = world.queues["sla-ticker"].messages
    gone = type(message)("gone", message.body.replace(ticket_id, "01JD0000000000000000000000"))
    world.queues["sla-ticker"].messages.extendleft([type(message)("broken", "nothing"), gone])
    world.clock.now = due + timedelta(seconds=1)
    world.settle()
    assert len(world.facts(ticket_id, SlaBreached)) == 1
    assert [one.id for one in world.dead] == ["broken"]


def test_a_sweep_six_hours_late_and_another_in_the_middle_of_it_do_everything_once() -> None:
    with a_world(replace(desk_for_tests(), policies=(ESCALATING,))) as world:
        tickets = [world.open(f"p{number}@example.com")["ticket"]["id"] for number in range(3)]
        world.settle()
        world.advance(hours=6)
        begun: list[str] = []

        def meanwhile(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
            if call.name == "dynamodb.TransactWriteItems" and not begun:
                begun.append(call.name)
                world.sweep()
            return proceed()

        with observing(meanwhile):
            world.sweep()
        world.settle()
        world.sweep()
        for ticket_id in tickets:
            created = world.ticket(ticket_id).created_at
            (breached,) = world.facts(ticket_id, SlaBreached)
            assert breached.fact.breached_at == created + timedelta(seconds=FIRST_RESPONSE_SECONDS)
            done = [
                (event.fact.level, event.fact.escalated_at - created) for event in world.facts(ticket_id, SlaEscalated)
            ]
            assert done == [("soon", timedelta(hours=3)), ("late", timedelta(hours=5))]
        told = [mail for mail in world.sent_to(SUPERVISOR.address) if "escalat" in mail.text.lower()]
        assert len(told) == 2 * len(tickets)


@pytest.mark.parametrize("step", [timedelta(hours=-3), timedelta(hours=3)])
def test_a_clock_that_is_put_back_or_forward_loses_no_action_and_doubles_none(step: timedelta) -> None:
    with a_world(replace(desk_for_tests(), policies=(ESCALATING,))) as world:
        ticket_id = world.open(ANN)["ticket"]["id"]
        world.settle()
        created = world.ticket(ticket_id).created_at
        for hours in (3.5, 4.5, 5.5, 6):
            true = created + timedelta(hours=hours)
            for now in (true, true + step, true):  # somebody sets the machine's clock, and sets it right again
                world.clock.now = max(now, created)
                world.sweep()
                world.settle()
        (breached,) = world.facts(ticket_id, SlaBreached)
        done = [(event.fact.level, event.fact.escalated_at - created) for event in world.facts(ticket_id, SlaEscalated)]
        assert breached.fact.breached_at == created + timedelta(seconds=FIRST_RESPONSE_SECONDS)
        assert done == [("soon", timedelta(hours=3)), ("late", timedelta(hours=5))]
        told = [mail for mail in world.sent_to(SUPERVISOR.address) if "escalat" in mail.text.lower()]
        assert len(told) == 2
        history = world.api("GET", f"/v1/tickets/{ticket_id}/history?limit=100", agent=AGENT.id).ok()["items"]
        assert [one["at"] for one in history] == sorted((one["at"] for one in history), reverse=True)
