"""The mails the desk has sent: kept by the emulator's process as files, listed and shown here."""

import email.message
import email.parser
import email.policy
import email.utils
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

IDENTITY: Final = re.compile(r"\d{20}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail as it was handed to SES."""

    id: str
    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str

    def listed(self) -> dict[str, Any]:
        """As the list of `/_local/mailbox` has it."""
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"id": self.id, "at": at, "from": self.sender, "to": list(self.to), "subject": self.subject}


class Mailbox:
    """The folder of sent mails.

    Args:
        folder: holds `{id}.eml` and `{id}.json` for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, SentMail] = {}

    def newest_first(self) -> list[SentMail]:
        """All mails."""
        for path in self._folder.glob("*.json"):
            if path.stem not in self._read:
                self._read[path.stem] = self._summary(path)
        return [self._read[identity] for identity in sorted(self._read, reverse=True)]

    def raw(self, identity: str) -> bytes | None:
        """A mail's bytes, None if there is no such mail."""
        path = self._folder / f"{identity}.eml"
        return path.read_bytes() if IDENTITY.fullmatch(identity) and path.exists() else None

    def parts(self, identity: str) -> dict[str, Any] | None:
        """A mail for the page that shows it: headers, text, whether there is HTML, attachments' names."""
        raw = self.raw(identity)
        if raw is None:
            return None
        message = _parsed(raw)
        html = _body(message, "html")
        return {
            "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
            "text": _body(message, "plain"),
            "html": html is not None,
            "attachments": [part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
        }

    def html(self, identity: str) -> str | None:
        """A mail's HTML, None if it has none."""
        raw = self.raw(identity)
        return _body(_parsed(raw), "html") if raw is not None else None

    def _summary(self, path: Path) -> SentMail:
        envelope = json.loads(path.read_text(encoding="utf-8"))
        message = _parsed(path.with_suffix(".eml").read_bytes())
        return SentMail(
            id=path.stem,
            at=_date(str(message["Date"] or "")) or datetime.fromtimestamp(int(path.stem[:20]) / 1e9, UTC),
            sender=str(message["From"] or envelope["from"]),
            to=tuple(envelope["to"]),
            subject=str(message["Subject"] or ""),
        )


def _parsed(raw: bytes) -> email.message.EmailMessage:
    return email.parser.BytesParser(policy=email.policy.default).parsebytes(raw)


def _date(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _body(message: email.message.EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    content = part.get_content()
    return content if isinstance(content, str) else None
