"""A consumer's batch: each message done or given back by itself, whatever lies beside it."""

import json

import pytest

from helpdesk.kernel.errors import Unavailable
from helpdesk.platform.consumer import consume, event_of
from helpdesk.tickets.chain import event_document
from helpdesk.tickets.facts import Event
from tests.support.desks import RULES
from tests.support.lives import Life

EVENTS = Life(RULES).open().events


def a_record(message_id: str, body: str) -> dict[str, str]:
    return {"messageId": message_id, "body": body}


def an_envelope(event: Event) -> str:
    """What EventBridge puts around an event."""
    return json.dumps({"source": "helpdesk.tickets", "detail-type": event.type.value, "detail": event_document(event)})


def test_every_message_of_a_batch_is_handled_in_its_order() -> None:
    seen: list[Event] = []
    batch = {"Records": [a_record(str(event.seq), an_envelope(event)) for event in EVENTS]}
    assert consume(batch, seen.append) == {"batchItemFailures": []}
    assert seen == EVENTS


@pytest.mark.parametrize(
    "bad",
    ["", "{", "[]", "{}", '{"detail": {}}', '{"detail": 5}', '{"detail": {"type": "NoSuchThing"}}', "null"],
)
def test_a_message_that_holds_no_event_is_given_back_and_the_others_are_done(bad: str) -> None:
    seen: list[Event] = []
    first, last = EVENTS[0], EVENTS[-1]
    batch = {"Records": [a_record("1", an_envelope(first)), a_record("2", bad), a_record("3", an_envelope(last))]}
    assert consume(batch, seen.append) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert seen == [first, last]


def test_a_message_whose_handling_fails_is_given_back_alone_and_without_its_words_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def handle(event: Event) -> None:
        if event.seq == 1:
            raise Unavailable("minsu@example.com cannot be reached")

    batch = {"Records": [a_record(str(event.seq), an_envelope(event)) for event in EVENTS]}
    assert consume(batch, handle) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert "event_failed" in caplog.text
    assert "minsu@example.com" not in caplog.text


def test_an_event_comes_out_of_its_envelope_as_it_went_in() -> None:
    for event in EVENTS:
        assert event_of(an_envelope(event)) == event
