"""Counts what becomes of tickets: for people and organizations, and for reports of promises."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.contracts.events import REPORTER_EVENTS
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume
from helpdesk.tickets.facts import Event


def handler(event: SqsEvent, context: Any) -> BatchAnswer:  # noqa: ANN401 - Lambda's context is not used
    """Handles a batch of queue messages."""
    del context
    bootstrap.begin()
    return consume(event, _count)


def _count(event: Event) -> None:
    bootstrap.counting().handle(event)
    if event.type in REPORTER_EVENTS:
        bootstrap.promise_reports().handle(event)
