"""The mails that the desk on one machine has sent, as people and tests read them."""

import json
from pathlib import Path

import pytest

from local.mailbox import Mailbox

RAW = (
    b"From: Support <support@desk.test>\r\nTo: kim@example.test\r\nSubject: =?utf-8?B?7JWI64WV?=\r\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>formatted</p>\r\n--b--\r\n"
)
FIRST, SECOND = "01795287255073381749-46bd2012", "01795287255073381750-00000000"


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    for identity in (FIRST, SECOND):
        (tmp_path / f"{identity}.eml").write_bytes(RAW)
        envelope = {"id": identity, "from": "support@desk.test", "to": ["kim@example.test"]}
        (tmp_path / f"{identity}.json").write_text(json.dumps(envelope))
    return Mailbox(tmp_path)


def test_the_newest_mail_is_the_first(mailbox: Mailbox) -> None:
    assert [mail.id for mail in mailbox.newest_first()] == [SECOND, FIRST]


def test_a_mail_is_listed_with_its_decoded_subject_and_the_instant_it_bears(mailbox: Mailbox) -> None:
    assert mailbox.newest_first()[1].listed() == {
        "id": FIRST,
        "at": "2026-11-23T01:00:00.000Z",
        "from": "Support <support@desk.test>",
        "to": ["kim@example.test"],
        "subject": "안녕",
    }


def test_a_mail_that_comes_later_is_seen_without_a_new_start(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.newest_first()
    third = "01795287255073381751-00000000"
    (tmp_path / f"{third}.eml").write_bytes(b"Subject: no date\r\n\r\n")
    (tmp_path / f"{third}.json").write_text('{"id": "x", "from": "support@desk.test", "to": []}')
    assert mailbox.newest_first()[0].id == third


def test_the_raw_mail_is_the_very_bytes(mailbox: Mailbox) -> None:
    assert mailbox.raw(FIRST) == RAW


@pytest.mark.parametrize("identity", ["nothing", "../people", "01795287255073381749-ffffffff", ""])
def test_an_unknown_mail_is_none_wherever_its_name_points(mailbox: Mailbox, identity: str) -> None:
    assert mailbox.raw(identity) is None
    assert mailbox.parts(identity) is None
    assert mailbox.html(identity) is None


def test_text_and_html_are_told_apart(mailbox: Mailbox) -> None:
    parts = mailbox.parts(FIRST)
    assert parts is not None
    assert (parts["text"], parts["html"]) == ("plain", True)
    assert mailbox.html(FIRST) == "<p>formatted</p>"
