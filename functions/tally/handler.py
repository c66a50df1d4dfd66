"""Counts what becomes of tickets: for people and organizations, for reports of promises, and for the articles that solved them."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.contracts.events import REPORTER_EVENTS, EventType
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume
from helpdesk.tickets.facts import Event


def handler(event: SqsEvent, context: Any) -> BatchAnswer:  # noqa: ANN401 - Lambda's context is not used
    """Handles a batch of queue messages."""
    del context
    bootstrap.begin()
    return consume(event, _count)


def _count(event: Event) -> None:
    bootstrap.counting().handle(event)
    if event.type is EventType.TICKET_STATUS_CHANGED:
        bootstrap.outcomes().handle(event)
    if event.type in REPORTER_EVENTS:
        bootstrap.promise_reports().handle(event)
