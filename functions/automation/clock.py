"""Every quarter of an hour: lets automations act on the tickets that their time has come for."""

from helpdesk import bootstrap
from helpdesk.platform.observability import log_fault, logger


class LookIncomplete(RuntimeError):
    """Some tickets could not be dealt with. The next look tries them again; raising makes the fault seen by the alarm."""


def handler(event: object, context: object) -> dict[str, int]:
    """Looks through open tickets once.

    Raises:
        LookIncomplete: some tickets could not be dealt with.
    """
    del event, context
    bootstrap.begin()
    looked = bootstrap.automation(_failed).look()
    if looked.matched:
        logger().info("rules_looked", tickets=looked.rows, matched=looked.matched, acted=looked.acted)
    if looked.failed:
        raise LookIncomplete(f"{looked.failed} of {looked.rows} tickets")
    return {"tickets": looked.rows, "acted": looked.acted}


def _failed(about: str, error: Exception) -> None:
    log_fault("rule_failed", error, about=about)
