"""Mail of machines is told from mail of people, so that no machine is ever answered and no person ignored."""

import pytest

from helpdesk.mail.model import OWN_LOOP_HEADER, InboundMail
from helpdesk.mail.parse import parse_mail


def mail(*headers: str, body: str = "Hello, my lamp is broken.") -> InboundMail:
    names = {line.partition(":")[0].lower() for line in headers}
    base = [
        line
        for line in ("From: Mina <mina@shop.example>", "To: help@desk.example", "Subject: Lamp")
        if line.split(":")[0].lower() not in names
    ]
    return parse_mail("\r\n".join([*base, *headers, "", body]).encode())


def report(
    kind: str, status: str, text: str = "It could not be delivered.", report_type: str = "delivery-status"
) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.shop.example (Mail Delivery System)\r\nTo: help@desk.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Return-Path: <>\r\nContent-Type: multipart/report; report-type={report_type}; boundary=cut\r\n\r\n"
        f"--cut\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--cut\r\nContent-Type: {kind}\r\n\r\n{status}\r\n"
        "--cut\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <sent-1@desk.example>\r\nReferences: <root@desk.example>\r\n"
        "From: help@desk.example\r\nTo: mina@shop.example\r\nSubject: Re: Lamp\r\n\r\nold words\r\n--cut--\r\n"
    ).encode()


STATUS = (
    "Reporting-MTA: dns; mx.shop.example\r\n\r\nFinal-Recipient: rfc822; mina@shop.example\r\nAction: {action}\r\nStatus: {status}\r\n"
    "Diagnostic-Code: smtp; {said}"
)


def test_a_delivery_report_names_recipient_cause_and_the_mail_that_failed() -> None:
    status = STATUS.format(action="failed", status="5.1.1", said="550 5.1.1 <mina@shop.example>: user unknown")
    bounce = parse_mail(report("message/delivery-status", status)).bounce
    assert bounce is not None
    assert (bounce.recipients, bounce.status, bounce.hard) == (("mina@shop.example",), "5.1.1", True)
    assert bounce.diagnostic == "550 5.1.1 <mina@shop.example>: user unknown"
    assert (bounce.original_message_id, bounce.original_references) == ("sent-1@desk.example", ("root@desk.example",))


@pytest.mark.parametrize(
    ("action", "status", "said", "hard"),
    [
        ("failed", "5.1.1", "550 no such user", True),
        ("failed", "5.1.10", "550 recipient not found", True),
        ("failed", "5.2.2", "552 mailbox full", False),
        ("delayed", "4.4.1", "connection timed out", False),
        ("failed", "4.4.7", "message expired", False),
        ("failed", "5.7.1", "550 message refused as spam", False),
        ("failed", "5.0.0", "550 user unknown", True),
    ],
)
def test_only_an_address_that_will_never_work_bounces_hard(action: str, status: str, said: str, hard: bool) -> None:  # noqa: FBT001
    bounce = parse_mail(
        report("message/delivery-status", STATUS.format(action=action, status=status, said=said))
    ).bounce
    assert bounce is not None
    assert bounce.hard is hard


def test_a_receipt_of_delivery_is_no_bounce_but_still_a_machine() -> None:
    raw = report("message/delivery-status", STATUS.format(action="delivered", status="2.0.0", said="250 ok"))
    found = parse_mail(raw.replace(b"Undelivered Mail Returned to Sender", b"Successful delivery"))
    assert found.bounce is None
    assert found.auto_submitted


@pytest.mark.parametrize(
    ("headers", "body", "recipient"),
    [
        (
            ("From: mailer-daemon@mx.example", "Subject: failure notice"),
            "<mina@shop.example>:\r\n550 5.1.1 user unknown",
            "mina@shop.example",
        ),
        (("X-Failed-Recipients: mina@shop.example", "Subject: Mail delivery failed"), "it failed", "mina@shop.example"),
        (
            ("From: postmaster@mx.example", "Subject: Undeliverable: Lamp"),
            "mina@shop.example could not be reached",
            "mina@shop.example",
        ),
        (
            ("Return-Path: <>", "From: postmaster@mx.example", "Subject: 메일 전송 실패 안내"),
            "받는 사람: mina@shop.example",
            "mina@shop.example",
        ),
        (
            ("From: MAILER-DAEMON", "Subject: 配信エラーのお知らせ"),
            "mina@shop.example 宛のメールは配信できません",
            "mina@shop.example",
        ),
    ],
)
def test_daemons_that_know_no_reports_are_recognised(headers: tuple[str, ...], body: str, recipient: str) -> None:
    bounce = mail(*headers, body=body).bounce
    assert bounce is not None
    assert recipient in bounce.recipients


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (ticket)",
        "X-Autoreply: yes",
        "X-Autorespond: Lamp",
        "X-Auto-Response-Suppress: All",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "Subject: Automatic reply: Lamp",
        "Subject: Out of Office: Lamp",
        "Subject: Abwesenheitsnotiz: Lampe",
        "Subject: Réponse automatique : Lampe",
        "Subject: 자동 회신: 램프",
        "Subject: 부재중: 램프",
        "Subject: 自動返信: ランプ",
        "Subject: 自动回复: 灯",
        "From: no-reply@shop.example",
    ],
)
def test_automatic_mail_is_recognised_and_is_no_bounce(header: str) -> None:
    found = mail(header)
    assert found.auto_submitted
    assert found.auto_reason
    assert found.bounce is None


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Subject: Re: Undelivered lamp",
        "Subject: My parcel was not delivered",
        "Subject: I am away from next week, please hurry",
        "Subject: 배송 문의",
        "X-Mailer: Automatic Mailer 1.0",
        "List-Unsubscribe: <mailto:x@shop.example>",
        "Return-Path: <mina@shop.example>",
    ],
)
def test_people_are_not_taken_for_machines(header: str) -> None:
    found = mail(header)
    assert (found.auto_submitted, found.bounce) == (False, None)


def test_an_out_of_office_answer_with_the_null_return_path_is_no_bounce() -> None:
    found = mail("Return-Path: <>", "Auto-Submitted: auto-replied", "Subject: Out of Office: Lamp")
    assert (found.vacation, found.bounce) == (True, None)


def test_an_abuse_report_is_recognised_and_is_no_bounce() -> None:
    fields = "Feedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\nOriginal-Rcpt-To: mina@shop.example"
    found = parse_mail(report("message/feedback-report", fields, report_type="feedback-report"))
    assert found.bounce is None
    assert found.auto_submitted
    assert found.feedback_report is not None
    assert found.feedback_report.original_recipients == ("mina@shop.example",)
    assert found.feedback_report.original_message_id == "sent-1@desk.example"


def test_a_mailing_list_is_named() -> None:
    found = mail("List-Id: Lamps <lamps.shop.example>", "Precedence: list")
    assert (found.mailing_list, found.list_id) == (True, "lamps.shop.example")


def test_our_own_mail_is_known_when_it_comes_back() -> None:
    assert mail(f"{OWN_LOOP_HEADER}: desk-1").loop_marks == ("desk-1",)
