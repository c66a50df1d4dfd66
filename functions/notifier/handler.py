"""Starts on the events that somebody may have to be told of: opened, answered, assigned, breached; answers in the community."""

from collections.abc import Mapping

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Tells whom each event of a batch concerns."""
    del context
    bootstrap.begin()
    return consume(event, bootstrap.telling().handle, _tell_community)


def _tell_community(detail: Mapping[str, object]) -> None:
    bootstrap.community_mails().handle(detail)
