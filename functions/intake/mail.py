"""Mail that SES took: the raw message lies in the bucket, this deals with it."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.contracts.metrics import Metric
from helpdesk.kernel.clock import parse_instant
from helpdesk.mail.ledger import Arrival
from helpdesk.mail.rules import Outcome, Verdicts
from helpdesk.platform.observability import log_fault, logger, metrics


class MailNotDealtWith(RuntimeError):
    """A mail could not be dealt with now. What the fault was is in the log, without its words."""


def handler(event: dict[str, Any], context: Any) -> dict[str, str]:  # noqa: ANN401 - Lambda's context is not used
    """Deals with the mails of an SES event (one, as SES sends them).

    Raises:
        MailNotDealtWith: something could not be done now. SES started this asynchronously: Lambda tries twice more, and
            then the event is in the function's dead-letter queue; the raw mail is in its bucket all the time.
    """
    del context
    bootstrap.begin()
    for record in event["Records"]:
        arrival = _arrival(record["ses"])
        try:
            entry = bootstrap.inbound_mail().receive(arrival)
        except Exception as error:  # noqa: BLE001 - raised anew, in words that Lambda may log
            log_fault("mail_failed", error, mail_id=arrival.id)
            raise MailNotDealtWith(f"mail {arrival.id}: {type(error).__name__}") from None
        logger().info(
            "mail_received",
            mail_id=arrival.id,
            outcome=entry.outcome.value,
            because=list(entry.because),
            ticket_id=entry.ticket_id,
            size=entry.size,
        )
        metrics().add_metric(name=Metric.MAILS_RECEIVED, unit="Count", value=1)
        if entry.outcome is Outcome.SUSPENDED:
            metrics().add_metric(name=Metric.MAILS_SUSPENDED, unit="Count", value=1)
    metrics().flush_metrics()
    return {"disposition": "CONTINUE"}


def _arrival(ses: dict[str, Any]) -> Arrival:
    receipt, mail = ses["receipt"], ses["mail"]

    def verdict(name: str) -> str:
        return str(receipt.get(name, {}).get("status", "DISABLED"))

    return Arrival(
        id=mail["messageId"],
        at=parse_instant(mail["timestamp"]),
        recipients=tuple(receipt["recipients"]),
        verdicts=Verdicts(
            spam=verdict("spamVerdict"),
            virus=verdict("virusVerdict"),
            spf=verdict("spfVerdict"),
            dkim=verdict("dkimVerdict"),
            dmarc=verdict("dmarcVerdict"),
        ),
    )
