"""Inbound mails made by hand, as the parser would have read them."""

from helpdesk.mail.model import InboundMail, Mailbox

MINSU = "minsu@example.com"


def a_mail(sender: str | None = MINSU, **changes: object) -> InboundMail:
    """A plain new mail to the desk's first mailbox, with some of it changed."""
    parts: dict[str, object] = {
        "message_id": "first@example.com",
        "in_reply_to": None,
        "references": (),
        "from_": Mailbox("Kim Minsu", sender) if sender is not None else None,
        "sender": None,
        "reply_to": (),
        "to": (Mailbox(None, "support@desk.test"),),
        "cc": (),
        "delivered_to": (),
        "return_path": sender,
        "subject": "Invoice 4711",
        "date": None,
        "text": "It says 90,000 won instead of 70,000.",
        "html": None,
        "html_sanitized": None,
        "remote_images": False,
        "reply_text": "It says 90,000 won instead of 70,000.",
        "reply_html": None,
        "attachments": (),
        "language": "en",
        "auto_submitted": False,
        "auto_reason": None,
        "vacation": False,
        "bounce": None,
        "feedback_report": None,
        "mailing_list": False,
        "list_id": None,
        "calendar": None,
        "protection": "none",
        "loop_marks": (),
        "ticket_numbers": (),
        "address_tags": (),
        "forwarded_from": None,
        "headers": (),
        "size": 1000,
        "problems": (),
    }
    return InboundMail(**(parts | changes))
