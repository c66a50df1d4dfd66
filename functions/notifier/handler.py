"""Starts on the events that somebody may have to be told of: opened, answered, assigned, breached, and so on."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Tells whom each event of a batch concerns."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.telling().handle)
