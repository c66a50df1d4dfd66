"""What every consumer of the bus does: read events from its queue, handle each, and give back only those that failed."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from helpdesk.contracts.events import DESK_SOURCE, source_of
from helpdesk.kernel.codec import Document
from helpdesk.platform.observability import log_fault, logger
from helpdesk.tickets.chain import event_from_document
from helpdesk.tickets.facts import Event

type SqsEvent = Mapping[str, Any]
type BatchAnswer = dict[str, list[dict[str, str]]]


def consume(
    sqs_event: SqsEvent,
    handle: Callable[[Event], None],
    beside: Callable[[Mapping[str, object]], None] | None = None,
) -> BatchAnswer:
    """Handles a batch of queue messages, each the bus's envelope of one ticket event.

    A message whose handling raises stays in the queue and is tried again; after the queue's limit it is in the
    dead-letter queue. The others are done.

    Args:
        sqs_event: what Lambda hands over for an SQS event source.
        handle: deals with one event; must bear any order and any repetition.
        beside: the same with what an event of the desk holds (`detail`), where its queue has some of those, too.

    Returns:
        `{"batchItemFailures": [...]}`.
    """

    def work(body: str) -> None:
        if beside is not None and (told := _of_the_desk(body)) is not None:
            beside(told)
            return
        event = event_of(body)
        handle(event)
        logger().info("event_handled", event_id=event.id, event_type=event.type.value, ticket_id=event.ticket_id)

    return _each(sqs_event, work)


def consume_details(sqs_event: SqsEvent, handle: Callable[[Mapping[str, object]], None]) -> BatchAnswer:
    """Handles a batch of queue messages, each the envelope of an event that is not the desk's own; as `consume`.

    Args:
        sqs_event: what Lambda hands over for an SQS event source.
        handle: deals with what an envelope holds (`detail`); must bear any order and any repetition.
    """
    return _each(sqs_event, lambda body: handle(msgspec.json.decode(body)["detail"]))


def consume_bodies(sqs_event: SqsEvent, handle: Callable[[str], None]) -> BatchAnswer:
    """Handles a batch of queue messages that another function of the desk wrote; as `consume`.

    Args:
        sqs_event: what Lambda hands over for an SQS event source.
        handle: deals with one message's body; must bear any order and any repetition.
    """
    return _each(sqs_event, handle)


def _each(sqs_event: SqsEvent, work: Callable[[str], None]) -> BatchAnswer:
    failures: list[dict[str, str]] = []
    for record in sqs_event["Records"]:
        message_id = cast("str", record["messageId"])
        try:
            work(record["body"])
        except Exception as error:  # noqa: BLE001 - one message's fault must not hold up the others; SQS tries it again
            log_fault("event_failed", error, message_id=message_id)
            failures.append({"itemIdentifier": message_id})
    return {"batchItemFailures": failures}


def _of_the_desk(body: str) -> Mapping[str, object] | None:
    """What an envelope holds, if it is of no ticket's event."""
    detail: Mapping[str, object] = msgspec.json.decode(body)["detail"]
    return detail if source_of(str(detail["type"])) == DESK_SOURCE else None


def event_of(body: str) -> Event:
    """The ticket event in a queue message's body.

    Raises:
        ValueError: it holds none.
    """
    envelope: dict[str, Document] = msgspec.json.decode(body)
    return event_from_document(envelope["detail"])
