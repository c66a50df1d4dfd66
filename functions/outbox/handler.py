"""Takes events off the table's stream and puts them on the bus, in order, none left out."""

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from helpdesk.contracts.events import source_of
from helpdesk.kernel.clock import parse_instant
from helpdesk.platform.observability import log_fault, logger
from helpdesk.platform.settings import settings
from helpdesk.sla.store import TickQueue
from helpdesk.sla.ticks import soon_due

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sqs import SQSClient

_ENTRIES_A_CALL = 10


class NotPublished(RuntimeError):
    """The bus did not take all of a batch; the stream gives the whole of it again. Consumers know what they have seen."""


@cache
def _events() -> "EventBridgeClient":
    import boto3  # noqa: PLC0415 - made once, when first needed

    return boto3.client("events")


@cache
def _ticks() -> TickQueue:
    return TickQueue(_sqs, settings().tick_queue)


@cache
def _sqs() -> "SQSClient":
    import boto3  # noqa: PLC0415 - made once, when first needed

    return boto3.client("sqs")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context is not used
    """Publishes a batch of stream records (event items only: the source mapping filters).

    Raises:
        NotPublished: the bus refused some; the batch is tried again.
    """
    del context
    documents = [str(record["dynamodb"]["NewImage"]["event"]["S"]) for record in event["Records"]]
    entries = [_entry(document) for document in documents]
    for start in range(0, len(entries), _ENTRIES_A_CALL):
        answer = _events().put_events(Entries=entries[start : start + _ENTRIES_A_CALL])
        if answer["FailedEntryCount"]:
            codes = sorted({entry.get("ErrorCode", "") for entry in answer["Entries"]} - {""})
            raise NotPublished(f"{answer['FailedEntryCount']} events: {', '.join(codes)}")
    _tell_what_is_soon_due(documents)
    logger().info("events_published", count=len(entries))
    return {"batchItemFailures": []}


def _tell_what_is_soon_due(documents: list[str]) -> None:
    """What an event plans for the next minute no sweep may see in time. If it cannot be told, the sweep sees it late.

    Delays are counted from when the event was recorded, a moment ago: the desk's clock may be another than the machine's.
    """
    try:
        for document in documents:
            read = msgspec.json.decode(document)
            due = soon_due(read)
            if due is not None:
                _ticks().send([due], parse_instant(read["at"]))
    except Exception as error:  # noqa: BLE001 - the events are published; they must not be published again because of this
        log_fault("ticks_not_sent", error)


def _entry(document: str) -> "PutEventsRequestEntryTypeDef":
    kind = msgspec.json.decode(document)["type"]
    return {"EventBusName": settings().bus, "Source": source_of(kind), "DetailType": kind, "Detail": document}
