"""Every hour: takes out of tickets what rules of retention say need not be kept any longer."""

from helpdesk import bootstrap
from helpdesk.platform.observability import log_fault, logger


class RetentionIncomplete(RuntimeError):
    """Some tickets could not be dealt with. The next run tries them again; raising makes the fault seen by the alarm."""


def handler(event: object, context: object) -> dict[str, int | bool]:
    """Carries the rules out for a while.

    Raises:
        RetentionIncomplete: some tickets could not be dealt with.
    """
    del event, context
    bootstrap.begin()
    ran = bootstrap.retention(_failed).run()
    if ran.tickets:
        logger().info("retention_carried_out", tickets=ran.tickets, complete=ran.complete)
    if ran.failed:
        raise RetentionIncomplete(f"{ran.failed} tickets")
    return {"tickets": ran.tickets, "complete": ran.complete}


def _failed(about: str, error: Exception) -> None:
    log_fault("retention_failed", error, about=about)
