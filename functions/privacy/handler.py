"""Starts when a person's erasure has a step to take, or an export of their data was ordered."""

from collections.abc import Mapping

from helpdesk import bootstrap
from helpdesk.contracts.events import DeskEventType
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_details


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Takes the steps of a batch, which holds one."""
    del context
    bootstrap.begin()
    return consume_details(event, _step)


def _step(detail: Mapping[str, object]) -> None:
    if detail["type"] == DeskEventType.EXPORT_ORDERED:
        bootstrap.erasures().export(str(detail["person_id"]), int(str(detail["step"])))
    else:
        bootstrap.erasures().step(str(detail["person_id"]))
