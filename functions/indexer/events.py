"""Lets what happened to tickets be found, and notices when many say the same."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume
from helpdesk.tickets.facts import Event


def handler(event: SqsEvent, context: Any) -> BatchAnswer:  # noqa: ANN401 - Lambda's context is not used
    """Handles a batch of queue messages."""
    del context
    bootstrap.begin()
    return consume(event, _handle)


def _handle(event: Event) -> None:
    bootstrap.ticket_indexer().handle(event)
    bootstrap.clusters().handle(event)
