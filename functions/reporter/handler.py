"""Starts when a clock of a ticket changed or ran out, and counts what that decided."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Counts the promises of each ticket in a batch."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.promise_reports().handle)
