"""What SES does with a mail it receives, as told by the deployed receipt rules: pure."""

import email.parser
import email.policy
import email.utils
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

HEADERS_BYTES: Final = 10 * 1024
"""SES cuts the headers of its event here."""
VERDICTS: Final = ("spamVerdict", "virusVerdict", "spfVerdict", "dkimVerdict", "dmarcVerdict")


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    """A receipt rule that stores a mail and then starts a function.

    Attributes:
        recipients: addresses, domains, and subdomains (`.example.com`); empty for all.
        bucket: where the raw mail goes.
        prefix: before the mail's id in the object's key.
        function: ARN of the function.
    """

    name: str
    recipients: tuple[str, ...]
    bucket: str
    prefix: str
    function: str

    def takes(self, address: str) -> bool:
        """Whether mail to an address is for this rule; `name+anything@` is as good as `name@`."""
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return not self.recipients or any(
            recipient in (address.lower(), plain, domain) or (recipient.startswith(".") and domain.endswith(recipient))
            for recipient in self.recipients
        )


def read_rule(name: str, properties: dict[str, Any]) -> ReceiptRule | None:
    """Reads an AWS::SES::ReceiptRule's properties; None if it is off or does something else."""
    rule = properties.get("Rule", {})
    actions: dict[str, dict[str, Any]] = {}
    for action in rule.get("Actions", []):
        actions.update(action)
    stored, started = actions.get("S3Action"), actions.get("LambdaAction")
    if stored is None or started is None or rule.get("Enabled") in (False, "false"):
        return None
    recipients = tuple(recipient.lower() for recipient in rule.get("Recipients", []))
    return ReceiptRule(
        name, recipients, stored["BucketName"], stored.get("ObjectKeyPrefix", ""), started["FunctionArn"]
    )


def read_rules(folder: Path) -> tuple[ReceiptRule, ...]:
    """The deployed rules (`local.engine` writes them down)."""
    found = ((path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json")))
    return tuple(rule for name, properties in found if (rule := read_rule(name, properties)) is not None)


def stored_form(raw: bytes, *, message_id: str, sender: str, recipient: str, peer: str, at: datetime) -> bytes:
    """The mail as SES puts it into the bucket: with the trace headers that a receiving server adds in front."""
    when = email.utils.format_datetime(at)
    trace = (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from {peer} by inbound-smtp.us-east-1.amazonaws.com\r\n"
        f" with SMTP id {message_id} for {recipient};\r\n {when}\r\n"
    )
    return trace.encode("utf-8", "surrogateescape") + raw


def ses_event(
    raw: bytes, *, message_id: str, sender: str, recipients: Sequence[str], rule: ReceiptRule, at: datetime
) -> dict[str, Any]:
    """The event that a receipt rule's Lambda action sends."""
    instant = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers, truncated = _headers(raw)
    return {
        "Records": [
            {
                "eventSource": "aws:ses",
                "eventVersion": "1.0",
                "ses": {
                    "mail": {
                        "timestamp": instant,
                        "source": sender,
                        "messageId": message_id,
                        "destination": list(recipients),
                        "headersTruncated": truncated,
                        "headers": headers,
                        "commonHeaders": _common(headers, sender),
                    },
                    "receipt": {
                        "timestamp": instant,
                        "processingTimeMillis": 1,
                        "recipients": list(recipients),
                        **{verdict: {"status": "PASS"} for verdict in VERDICTS},
                        "action": {"type": "Lambda", "functionArn": rule.function, "invocationType": "Event"},
                    },
                },
            }
        ]
    }


def _headers(raw: bytes) -> tuple[list[dict[str, str]], bool]:
    head = raw[: HEADERS_BYTES * 4]
    try:
        message = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(head)
        items = [(name, str(value)) for name, value in message.items()]
    except Exception:  # noqa: BLE001 - whatever the parser makes of a hostile mail, it is not lost for it
        items = []
    kept: list[dict[str, str]] = []
    size = 0
    for name, value in items:
        size += len(name) + len(value)
        if size > HEADERS_BYTES:
            return kept, True
        kept.append({"name": _text(name), "value": _text(value)})
    return kept, False


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")


def _common(headers: list[dict[str, str]], sender: str) -> dict[str, Any]:
    def first(name: str) -> str | None:
        return next((header["value"] for header in headers if header["name"].lower() == name), None)

    common: dict[str, Any] = {"returnPath": sender, "date": first("date"), "subject": first("subject")}
    common |= {"messageId": first("message-id")}
    for name in ("from", "to", "cc"):
        value = first(name)
        common[name] = [value] if value is not None else None
    return {name: value for name, value in common.items() if value is not None}
