"""In the very second: what the queue held back until a ticket was due. Costs one read where nothing is left to do."""

from helpdesk import bootstrap
from helpdesk.contracts.metrics import Metric
from helpdesk.kernel.errors import NotFound
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_bodies
from helpdesk.platform.observability import logger, metrics
from helpdesk.sla.service import Ticked, soon_again
from helpdesk.sla.ticks import read_tick


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Lets time do its work on each ticket of a batch. One whose second has not come yet goes back for the rest of it."""
    del context
    bootstrap.begin()
    return consume_bodies(event, _tick)


def _tick(body: str) -> None:
    due = read_tick(body)
    now = bootstrap.now()
    if due.at > now:
        bootstrap.tick_queue().send([due], now)
        return
    try:
        ticked = bootstrap.tick(due.ticket_id)
    except NotFound:
        ticked = Ticked(0)
    bootstrap.tick_queue().send(soon_again(due.ticket_id, ticked, now), now)
    logger().info("ticked", ticket_id=due.ticket_id, events=ticked.events)
    if ticked.events:
        metrics().add_metric(name=Metric.CLOCKS_FIRED, unit="Count", value=ticked.events)
        metrics().flush_metrics()
