"""Starts when a survey has come due, which is some time after its ticket was solved."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Asks the requester of each ticket in a batch how it went."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.surveys().handle)
