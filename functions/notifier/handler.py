"""Starts on the events a mail may be called for: opened, answered, assigned, breached."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Sends what each event of a batch calls for."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.notices().handle)
