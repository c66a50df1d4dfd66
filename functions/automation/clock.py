"""Every quarter of an hour: reads calendars elsewhere, opens tickets for unanswered questions, asks colleagues, lets automations act."""

from helpdesk import bootstrap
from helpdesk.platform.observability import log_fault, logger
from helpdesk.surveys.plans import Asks


class LookIncomplete(RuntimeError):
    """Some tickets could not be dealt with. The next look tries them again; raising makes the fault seen by the alarm."""


def handler(event: object, context: object) -> dict[str, int]:
    """Looks through feeds, then through questions that wait, then through open tickets, once.

    Raises:
        LookIncomplete: some tickets could not be dealt with.
    """
    del event, context
    bootstrap.begin()
    _read_feeds()
    _open_unanswered()
    _ask_colleagues()
    looked = bootstrap.automation(_failed).look()
    if looked.matched:
        logger().info("rules_looked", tickets=looked.rows, matched=looked.matched, acted=looked.acted)
    if looked.failed:
        raise LookIncomplete(f"{looked.failed} of {looked.rows} tickets")
    return {"tickets": looked.rows, "acted": looked.acted}


def _read_feeds() -> None:
    """Reads the feeds whose time has come. What goes wrong with them keeps no automation from acting."""
    if not any(calendar.feed_url for calendar in bootstrap.desk().calendars.values()):
        return
    try:
        looked = bootstrap.feeds().look()
    except Exception as error:  # noqa: BLE001 - told, and tried again by the next look
        log_fault("feeds_failed", error)
        return
    if looked.read:
        logger().info("feeds_read", feeds=looked.read, changed=looked.changed, failed=looked.failed)


def _open_unanswered() -> None:
    """Opens tickets for questions that nobody answered. What goes wrong with one is tried again by the next look."""
    looked = bootstrap.unanswered(_question_failed).look()
    if looked.opened:
        logger().info("questions_became_tickets", count=looked.opened, failed=looked.failed)


def _ask_colleagues() -> None:
    """Tells colleagues of surveys that ask them. What goes wrong is tried again by the next look."""
    if not any(plan.active and plan.asks is Asks.TEAM for plan in bootstrap.desk().surveys.values()):
        return
    try:
        told = bootstrap.pulse_mails(_mail_failed).look()
    except Exception as error:  # noqa: BLE001 - told, and tried again by the next look
        log_fault("pulses_failed", error)
        return
    if told:
        logger().info("colleagues_asked", count=told)


def _mail_failed(about: str, error: Exception) -> None:
    log_fault("pulse_mail_failed", error, about=about)


def _question_failed(about: str, error: Exception) -> None:
    log_fault("question_failed", error, about=about)


def _failed(about: str, error: Exception) -> None:
    log_fault("rule_failed", error, about=about)
