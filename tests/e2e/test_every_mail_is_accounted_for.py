"""Every mail that the desk takes ends in the ledger as a ticket, a message, a duplicate or a listed suspension.

Sent are mails that break parsers, and those of a folder that HELPDESK_MAIL_CORPUS names (`<folder>/<case>/raw.eml`).
"""

import os
import random
import smtplib
import uuid
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.desk import RunningDesk

SUPERVISOR = "supervisor@desk.test"
SETTLED = {"ticket", "message", "suspended", "rejected", "duplicate"}


def odd_mails() -> list[bytes]:
    """Nothing at all, half a header, bytes at random, a deep nest, a wrong boundary, a large file."""
    chance = random.Random(4711)
    nest = b"".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode() for n in range(10_000))
    head = b"From: odd@example.com\r\nTo: support@desk.test\r\n"
    return [
        b"\r\n",
        b"Subject: only a subject\r\n\r\n",
        b"From: \r\nTo: support@desk.test\r\n\r\nno sender\r\n",
        b"From: =?utf-8?b?broken\r\nSubject: =?iso-2022-jp?B?GyRC?=\r\n\r\n\xff\xfehalf\r\n",
        head + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n\r\nlost\r\n",
        head + b"Subject: nest\r\n" + nest,
        head + b"Subject: large\r\nContent-Type: application/octet-stream\r\n\r\n" + b"A" * 76 * 10_000,
        bytes(chance.randrange(14, 256) for _ in range(20_000)),
    ]


def corpus() -> list[bytes]:
    folder = os.environ.get("HELPDESK_MAIL_CORPUS")
    return [path.read_bytes() for path in sorted(Path(folder).glob("*/raw.eml"))] if folder else []


def ledger(desk: RunningDesk) -> Counter[str]:
    """How many mails there are of each outcome."""
    found: Counter[str] = Counter()
    for outcome in (*SETTLED, "received"):
        cursor = ""
        while cursor is not None:
            path = f"/v1/mails?limit=100&outcome={outcome}&cursor={cursor}"
            page = desk.as_agent(SUPERVISOR, "GET", path).body
            found[outcome] += len(page["items"])
            cursor = page["next_cursor"]
    return found


@pytest.mark.slow
def test_no_mail_is_lost(bare_desk: RunningDesk) -> None:
    before = ledger(bare_desk)
    mails = odd_mails() + corpus()
    with smtplib.SMTP("127.0.0.1", bare_desk.smtp_port, timeout=120) as smtp:
        for raw in mails:
            mark = f"X-Mark: {uuid.uuid4().hex}\r\n".encode()
            smtp.sendmail("someone@example.com", ["support@desk.test"], mark + raw)
    bare_desk.settle()
    after = ledger(bare_desk)
    assert after["received"] == 0
    assert after.total() - before.total() == len(mails), after - before
    assert bare_desk.dead_letters() == []
    assert bare_desk.call("GET", "/healthz").body == {"status": "ok"}
