"""Takes events off the table's stream and puts them on the bus, in order, none left out."""

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from helpdesk.contracts.events import source_of
from helpdesk.platform.observability import logger
from helpdesk.platform.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_ENTRIES_A_CALL = 10


class NotPublished(RuntimeError):
    """The bus did not take all of a batch; the stream gives the whole of it again. Consumers know what they have seen."""


@cache
def _events() -> "EventBridgeClient":
    import boto3  # noqa: PLC0415 - made once, when first needed

    return boto3.client("events")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context is not used
    """Publishes a batch of stream records (event items only: the source mapping filters).

    Raises:
        NotPublished: the bus refused some; the batch is tried again.
    """
    del context
    entries = [_entry(record["dynamodb"]["NewImage"]["event"]["S"]) for record in event["Records"]]
    for start in range(0, len(entries), _ENTRIES_A_CALL):
        answer = _events().put_events(Entries=entries[start : start + _ENTRIES_A_CALL])
        if answer["FailedEntryCount"]:
            codes = sorted({entry.get("ErrorCode", "") for entry in answer["Entries"]} - {""})
            raise NotPublished(f"{answer['FailedEntryCount']} events: {', '.join(codes)}")
    logger().info("events_published", count=len(entries))
    return {"batchItemFailures": []}


def _entry(document: str) -> "PutEventsRequestEntryTypeDef":
    kind = msgspec.json.decode(document)["type"]
    return {"EventBusName": settings().bus, "Source": source_of(kind), "DetailType": kind, "Detail": document}
