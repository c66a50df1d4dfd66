"""Every minute: whatever time alone does to tickets. Costs what is due: one query a shard when nothing is."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.contracts.metrics import Metric
from helpdesk.contracts.table import DUE_SHARDS
from helpdesk.platform.observability import log_fault, logger, metrics
from helpdesk.sla.service import Hands, sweep


class SweepIncomplete(RuntimeError):
    """Some tickets could not be dealt with. They stay due; raising makes the fault seen by the alarm."""


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ANN401 - Lambda's context is not used
    """Sweeps once.

    Raises:
        SweepIncomplete: some tickets could not be dealt with.
    """
    del event, context
    bootstrap.begin()
    queue = bootstrap.tick_queue()
    hands = Hands(bootstrap.tick, lambda dues: queue.send(dues, bootstrap.now()), _failed)
    swept = sweep(bootstrap.ticket_store(), hands, bootstrap.now(), shards=DUE_SHARDS)
    logger().info("swept", tickets=swept.tickets, events=swept.events, sent=swept.sent, failed=len(swept.failed))
    if swept.events:
        metrics().add_metric(name=Metric.CLOCKS_FIRED, unit="Count", value=swept.events)
        metrics().add_metric(name=Metric.SWEEP_LAG_SECONDS, unit="Seconds", value=swept.late.total_seconds())
        metrics().flush_metrics()
    if swept.failed:
        raise SweepIncomplete(f"{len(swept.failed)} of {swept.tickets} tickets")
    return {"tickets": swept.tickets, "events": swept.events, "sent": swept.sent}


def _failed(ticket_id: str, error: Exception) -> None:
    log_fault("tick_failed", error, ticket_id=ticket_id)
