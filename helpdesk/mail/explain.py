"""Says of raw mails what the desk makes of them and why, without touching any desk."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from helpdesk.desk.model import Desk, Mailbox
from helpdesk.mail import rules
from helpdesk.mail.charset import clean, decode
from helpdesk.mail.html import sanitize
from helpdesk.mail.model import InboundMail
from helpdesk.mail.parse import parse_mail

_BECAUSE: Final = {
    "own_mail": "it carries the loop header with the domain it was sent to: our own mail came back",
    "no_sender": "it names no sender",
    "empty": "there is nothing in it to read",
    "abuse_report": "an abuse report about a mail that is not ours; nobody is answered",
}
"""Reasons of `rules.judge` in words; those that need SES or a desk cannot occur here."""

type Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


def explain_files(paths: Iterable[str | Path], *, html: bool = False) -> Iterator[dict[str, Json]]:
    """One object a file, in order.

    Args:
        paths: raw mails, or HTML fragments when `html`.
        html: sanitise fragments instead: `{"html": ...}`.

    Raises:
        OSError: a file cannot be read.
    """
    for path in paths:
        data = Path(path).read_bytes()
        yield {"html": sanitize(clean(decode(data)[0]))[0]} if html else explain(parse_mail(data))


def explain(mail: InboundMail) -> dict[str, Json]:
    """What is understood of a mail, as JSON, with what would happen to it and why."""
    decision, because = decide(mail)
    return {
        "from_address": mail.from_.address or None if mail.from_ else None,
        "from_name": mail.from_.name if mail.from_ else None,
        "to": [box.address for box in mail.to if "@" in box.address],
        "cc": [box.address for box in mail.cc if "@" in box.address],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "text": mail.text,
        "html": mail.html_sanitized,
        "remote_images": mail.remote_images,
        "reply_text": mail.reply_text,
        "attachments": [
            {"filename": item.filename, "content_type": item.content_type, "size": item.size, "inline": item.inline}
            for item in mail.attachments
        ],
        "language": mail.language,
        "auto_submitted": mail.auto_submitted,
        "auto_reason": mail.auto_reason,
        "bounce": mail.bounce is not None,
        "bounce_recipients": list(mail.bounce.recipients) if mail.bounce else [],
        "bounce_status": mail.bounce.status if mail.bounce else None,
        "bounce_diagnostic": mail.bounce.diagnostic if mail.bounce else None,
        "bounce_hard": mail.bounce.hard if mail.bounce else None,
        "feedback_report": mail.feedback_report is not None,
        "mailing_list": mail.mailing_list,
        "calendar": _calendar(mail),
        "protection": mail.protection,
        "forwarded_from": mail.forwarded_from.address if mail.forwarded_from else None,
        "problems": list(mail.problems),
        "decision": decision,
        "because": list(because),
    }


def _calendar(mail: InboundMail) -> Json:
    invite = mail.calendar
    if invite is None:
        return None
    return {
        "method": invite.method,
        "summary": invite.summary,
        "starts": invite.starts,
        "ends": invite.ends,
        "location": invite.location,
    }


def decide(mail: InboundMail) -> tuple[str, tuple[str, ...]]:
    """What would happen to a mail, judged by the mail alone (`rules.judge`, as intake does), and why.

    Returns:
        "new_ticket", "reply", "suspend" or "reject", and reasons in words. A desk that knows its tickets may decide
        otherwise: a reply whose ticket it never had opens a new one.
    """
    judgement = rules.judge(mail, rules.Verdicts(), _desk_it_was_sent_to(mail), released=False)
    if judgement.outcome is not None:
        said = tuple(_BECAUSE[code] for code in judgement.because)
        return "reject" if judgement.outcome is rules.Outcome.REJECTED else "suspend", (*said, *mail.problems)
    reasons = [f"{mail.auto_reason}: it is not answered"] if mail.auto_reason else []
    if rules.is_report(mail):
        return _decide_report(mail)
    if mail.address_tags:
        return "reply", ("it was sent to an address that carries a ticket's token", *reasons)
    if mail.references:
        return "reply", ("In-Reply-To or References name an earlier mail", *reasons)
    return "new_ticket", ("it answers nothing the desk has sent", *reasons)


def _decide_report(mail: InboundMail) -> tuple[str, tuple[str, ...]]:
    """A report belongs to the ticket whose mail it is about; of a mail that was never ours it is held back."""
    if mail.bounce is None and not rules.thread_ids(mail):
        return "suspend", (_BECAUSE[rules.without_thread(mail) or "abuse_report"],)
    if mail.bounce is None:
        return "reply", ("an abuse report is noted on the ticket of the mail it is about; nobody is answered",)
    cause = (mail.bounce.diagnostic,) if mail.bounce.diagnostic else ()
    return "reply", ("a bounce is noted on the ticket of the mail that failed; nobody is answered", *cause)


def _desk_it_was_sent_to(mail: InboundMail) -> Desk:
    """Without a desk at hand, whoever a mail was sent to is taken for one."""
    addresses = dict.fromkeys((*(box.address for box in (*mail.to, *mail.cc)), *mail.delivered_to))
    return Desk(mailboxes={address: Mailbox(address, address, address) for address in addresses})


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one JSON object a line, one a file."""
    parser = argparse.ArgumentParser(prog="helpdesk mail explain", description=main.__doc__)
    parser.add_argument("--html", action="store_true", help="the files are HTML fragments to sanitise")
    parser.add_argument("files", nargs="+", metavar="FILE")
    chosen = parser.parse_args(argv)
    for found in explain_files(chosen.files, html=chosen.html):
        sys.stdout.write(json.dumps(found, ensure_ascii=True) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
