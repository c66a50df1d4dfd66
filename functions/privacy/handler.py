"""Starts when a person's erasure has a step to take: it was ordered, or an earlier step ran out of time."""

from collections.abc import Mapping

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_details


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Takes the steps of a batch, which holds one."""
    del context
    bootstrap.begin()
    return consume_details(event, _step)


def _step(detail: Mapping[str, object]) -> None:
    bootstrap.erasures().step(str(detail["person_id"]))
