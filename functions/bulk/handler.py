"""Starts when a bulk action has a step to take: it was started, or an earlier step ran out of time."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_details
from helpdesk.platform.observability import log_fault


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Takes the steps of a batch, which holds one."""
    del context
    bootstrap.begin()
    return consume_details(event, bootstrap.bulk_worker(_failed).handle)


def _failed(about: str, error: Exception) -> None:
    log_fault("bulk_failed", error, about=about)
