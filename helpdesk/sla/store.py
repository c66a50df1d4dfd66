"""The queue that holds a ticket back until the second in which it is due: SQS with a delay for each message."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import batched
from math import ceil
from typing import TYPE_CHECKING, Final

from helpdesk.platform.observability import logger
from helpdesk.sla.ticks import DueTicket, tick_body

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_A_CALL: Final = 10


class TickQueue:
    """Puts tickets into the queue from which `functions/sla_sweeper/ticker.py` takes them.

    Args:
        client: gives SQS; asked only when there is something to send.
        name: the queue's name; empty: there is none, and everything waits for the sweep.
    """

    def __init__(self, client: Callable[[], "SQSClient"], name: str) -> None:
        self._client = client
        self._name = name
        self._url: str | None = None

    def send(self, dues: Sequence[DueTicket], now: datetime) -> int:
        """Sends some tickets, each to come out in the second it is due or, if that has passed, at once.

        Returns:
            How many the queue took. What it did not take is still due when the next sweep comes.
        """
        if not dues or not self._name:
            return 0
        if self._url is None:
            self._url = self._client().get_queue_url(QueueName=self._name)["QueueUrl"]
        taken = 0
        for some in batched(dues, _A_CALL, strict=False):
            entries = [_entry(number, due, now) for number, due in enumerate(some)]
            answer = self._client().send_message_batch(QueueUrl=self._url, Entries=entries)
            taken += len(answer.get("Successful", ()))
        if taken < len(dues):
            logger().warning("ticks_not_taken", count=len(dues) - taken)
        return taken


def _entry(number: int, due: DueTicket, now: datetime) -> "SendMessageBatchRequestEntryTypeDef":
    # Rounded up: a message that comes early would find nothing to do.
    delay = max(0, ceil((due.at - now).total_seconds()))
    return {"Id": str(number), "MessageBody": tick_body(due), "DelaySeconds": delay}
