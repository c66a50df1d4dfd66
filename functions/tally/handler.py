"""Counts for people and organizations what becomes of their tickets."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume


def handler(event: SqsEvent, context: Any) -> BatchAnswer:  # noqa: ANN401 - Lambda's context is not used
    """Handles a batch of queue messages."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.counting().handle)
