"""Reports that mail servers send about mails of ours: that one came back, or was called spam."""

from tests.support.desk import SUPPORT_ADDRESS
from tests.support.world import SentMail


def a_bounce(about: SentMail, *recipients: str, status: str = "5.1.1", said: str = "no such user") -> bytes:
    """A delivery status notification (RFC 3464) about a mail of ours."""
    action = "failed" if status.startswith("5") else "delayed"
    failed = [
        f"Final-Recipient: rfc822; {one}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {said}\r\n"
        for one in recipients
    ]
    machine = "Reporting-MTA: dns; mx.example.com\r\n\r\n" + "\r\n".join(failed)
    return _report(about, "delivery-status", "message/delivery-status", machine, "Undelivered Mail Returned to Sender")


def a_complaint(about: SentMail, *recipients: str) -> bytes:
    """A feedback report (RFC 5965) about a mail of ours."""
    named = "".join(f"Original-Rcpt-To: {one}\r\n" for one in recipients)
    machine = f"Feedback-Type: abuse\r\nUser-Agent: Example/1.0\r\nVersion: 1\r\n{named}"
    return _report(about, "feedback-report", "message/feedback-report", machine, "complaint about message")


def _report(about: SentMail, kind: str, media_type: str, machine: str, subject: str) -> bytes:
    references = " ".join(str(about.mail["References"] or "").split())
    lines = [
        "From: MAILER-DAEMON@example.com",
        f"To: {SUPPORT_ADDRESS}",
        f"Subject: {subject}",
        f"Message-ID: <report-{hash((machine, about.id)) & 0xFFFFFFFF}@example.com>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "This is what happened to your mail.",
        "--b",
        f"Content-Type: {media_type}",
        "",
        machine,
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {about.message_id}",
        *([f"References: {references}"] if references else []),
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()
