"""Starts when long work has a step to take: a bulk action, a person's erasure, an export of their data."""

from collections.abc import Mapping

from helpdesk import bootstrap
from helpdesk.contracts.events import PRIVACY_EVENTS, DeskEventType
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_details
from helpdesk.platform.observability import log_fault


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Takes the steps of a batch, which holds one."""
    del context
    bootstrap.begin()
    return consume_details(event, _step)


def _step(detail: Mapping[str, object]) -> None:
    kind = str(detail.get("type"))
    if kind == DeskEventType.EXPORT_ORDERED:
        bootstrap.erasures().export(str(detail["person_id"]), int(str(detail["step"])))
    elif kind in PRIVACY_EVENTS:
        bootstrap.erasures().step(str(detail["person_id"]))
    else:
        bootstrap.bulk_worker(_failed).handle(detail)


def _failed(about: str, error: Exception) -> None:
    log_fault("bulk_failed", error, about=about)
