"""Starts when something happened to a ticket that rules can react to."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume
from helpdesk.platform.observability import log_fault


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Lets triggers act on the events of a batch."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.automation(_failed).handle)


def _failed(about: str, error: Exception) -> None:
    log_fault("rule_failed", error, about=about)
