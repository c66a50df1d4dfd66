"""Starts on what SES says of mails it took: delivered, delayed, bounced, complained of, refused."""

from collections.abc import Mapping

from helpdesk import bootstrap
from helpdesk.mail.feedback import read_reports
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_details
from helpdesk.platform.observability import logger


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Takes in each event of a batch."""
    del context
    bootstrap.begin()
    return consume_details(event, _take)


def _take(detail: Mapping[str, object]) -> None:
    reports = read_reports(detail)
    for report in reports:
        bootstrap.feedback().take(report)
        logger().info(
            "mail_feedback",
            ticket_id=report.slot.ticket_id,
            kind=report.slot.kind.value,
            verdict=report.feedback.verdict.value,
        )
    if not reports:
        logger().info("mail_feedback_ignored")
