"""Mails as people's programs write them."""

from email.message import EmailMessage
from email.utils import formataddr

from tests.support.desk import SUPPORT_ADDRESS
from tests.support.world import SentMail

_count = iter(range(1, 10**9))


def a_mail(
    sender: str,
    subject: str,
    body: str,
    *,
    name: str = "",
    to: str = SUPPORT_ADDRESS,
    message_id: str | None = None,
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    """A mail of somebody who writes for the first time."""
    mail = EmailMessage()
    mail["From"] = formataddr((name, sender))
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0900"
    mail["Message-ID"] = message_id or f"<m{next(_count)}@{sender.rpartition('@')[2]}>"
    for header, value in (headers or {}).items():
        mail[header] = value
    mail.set_content(body)
    return mail


def an_answer(
    to: SentMail, sender: str, body: str, *, by_address: bool = True, by_headers: bool = True
) -> EmailMessage:
    """An answer to a mail of the desk.

    Args:
        to: the mail that is answered.
        sender: who answers.
        body: what is new.
        by_address: it goes where Reply-To says; else to the mailbox.
        by_headers: it carries In-Reply-To and References, as all but broken programs write them.
    """
    mail = a_mail(sender, f"Re: {to.subject}", body, to=to.reply_to if by_address else SUPPORT_ADDRESS)
    if by_headers:
        mail["In-Reply-To"] = to.message_id
        mail["References"] = " ".join([str(to.mail["References"] or ""), to.message_id]).strip()
    quoted = "\n".join(f"> {line}" for line in to.text.splitlines())
    mail.set_content(f"{body}\n\nOn Mon, 23 Nov 2026 at 10:00, Test Support <{SUPPORT_ADDRESS}> wrote:\n{quoted}\n")
    return mail
