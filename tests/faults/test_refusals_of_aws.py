"""AWS says no for a moment, takes half of a batch, or delivers what cannot be handled. What was accepted is not lost."""

import contextlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from helpdesk.contracts.topology import SLA_SWEEPER
from tests.faults.test_crashes import (
    AnsweringByApi,
    MailFromSomebodyNew,
    MailInAThread,
    OpeningByApi,
    Publishing,
    Rating,
    ReplyingByApi,
    Routing,
    Story,
    Sweeping,
    end_state,
    letters,
    undisturbed,
)
from tests.support.desk import AGENT
from tests.support.wire import AwsCall, Proceed, counting, observing
from tests.support.world import MAX_RECEIVES, QueueMessage, World, handler_of

BUSY = {"Error": {"Code": "ThrottlingException", "Message": "busy"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
HELD = {
    "Error": {"Code": "TransactionConflictException", "Message": "busy"},
    "ResponseMetadata": {"HTTPStatusCode": 400},
}


class Refusing:
    """Refuses the n-th call."""

    def __init__(self, place: int, why: dict[str, Any] = BUSY) -> None:
        self.left = place
        self.why = why

    def __call__(self, call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        self.left -= 1
        if self.left == -1:
            raise ClientError(self.why, call.operation)  # type: ignore[arg-type]
        return proceed()


@pytest.mark.parametrize(
    "kind",
    [
        OpeningByApi,
        ReplyingByApi,
        AnsweringByApi,
        MailFromSomebodyNew,
        MailInAThread,
        Publishing,
        Routing,
        Sweeping,
        Rating,
    ],
)
def test_a_call_refused_once_is_made_again_sooner_or_later(world: World, kind: type[Story]) -> None:
    story = kind(world)
    expected = undisturbed(story)
    go_back = world.checkpoint()
    with counting() as calls:
        story.act()
    for place, call in enumerate(calls):
        go_back()
        with contextlib.suppress(Exception), observing(Refusing(place)):
            story.act()  # refused to its caller, who tries again, or tried again within
        world.clock.now += story.wait
        story.act()
        world.settle()
        assert (end_state(world), letters(world)) == expected, call.name


def test_a_busy_table_is_told_to_the_caller_as_a_reason_to_try_again(world: World) -> None:
    for why in (BUSY, HELD):  # a single write meets a transaction
        with observing(Refusing(0, why)):
            world.api("GET", "/v1/tickets", agent=AGENT.id).refused(503, "unavailable")
    world.api("GET", "/v1/tickets", agent=AGENT.id).ok()


def test_what_the_bus_did_not_take_of_a_batch_comes_again(world: World) -> None:
    for number in range(12):
        world.open(f"p{number}@example.com")

    def half(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        answer = proceed()
        if call.name == "events.PutEvents":
            answer["FailedEntryCount"] = 1
            answer["Entries"][0] = {"ErrorCode": "InternalFailure"}
        return answer

    with observing(half), pytest.raises(RuntimeError, match="InternalFailure"):
        world.publish()
    world.settle()
    told = {envelope["detail"]["ticket_id"] for envelope in world.published}
    assert told == set(world.ticket_ids)
    assert {len(world.sent_to(f"p{number}@example.com")) for number in range(12)} == {1}


def test_one_event_that_cannot_be_handled_holds_up_no_other_and_ends_in_the_dead_letters(world: World) -> None:
    world.open("one@example.com")
    world.publish()
    world.queues["router"].messages.appendleft(QueueMessage("broken", '{"detail": {"type": "NoSuchEvent"}}'))
    world.settle()
    assert [(message.id, message.receives) for message in world.dead] == [("broken", MAX_RECEIVES)]
    assert world.ticket(world.ticket_ids[0]).assignee is not None


def test_a_mail_service_that_is_away_for_minutes_costs_no_mail(world: World) -> None:
    def away(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        if call.service == "sesv2":
            raise ClientError(BUSY, call.operation)  # type: ignore[arg-type]
        return proceed()

    world.open("one@example.com")
    world.publish()
    with observing(away):
        for _ in range(MAX_RECEIVES - 1):
            world.deliver("notifier")
    assert world.sent == []
    world.settle()
    assert len(world.sent_to("one@example.com")) == 1
    assert world.dead == []


def test_one_ticket_that_cannot_be_dealt_with_holds_up_no_other_sweep(world: World) -> None:
    for number in range(3):
        world.open(f"p{number}@example.com")
    world.settle()
    world.advance(days=2)
    bad = world.ticket_ids[1]

    def failing(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        if call.operation == "TransactWriteItems" and bad in str(call.params):
            raise ClientError({"Error": {"Code": "InternalServerError"}}, call.operation)
        return proceed()

    with observing(failing), pytest.raises(RuntimeError, match="1 of 3"):
        handler_of(SLA_SWEEPER)({}, None)
    assert [len(world.events(ticket_id)) > 4 for ticket_id in world.ticket_ids] == [True, False, True]
    world.advance(minutes=1)
    assert world.sweep()["tickets"] == 1
