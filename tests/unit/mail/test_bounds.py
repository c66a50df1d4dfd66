"""No mail, however hostile or broken, raises, hangs or fills the memory of the reader."""

import base64
import time
import tracemalloc
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.mail.explain import explain
from helpdesk.mail.model import InboundMail
from helpdesk.mail.parse import MAX_PROBLEMS, MAX_TEXT, parse_mail

HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
SECONDS = 6.0
"""Of processor time, generous: what is guarded against takes minutes."""

PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r\n\r\n", b"--cut\r\n", b"--cut--\r\n", b"Content-Type: multipart/mixed; boundary=cut\r\n", b"Content-Type: text/html\r\n",
        b"Content-Type: message/rfc822\r\n", b'Content-Type: multipart/alternative; boundary="cut\r\n', b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n", b"Subject: =?utf-8?B?", b"=?iso-2022-jp?Q?=1B$B?=", b'From: "', b"To: <a@b>, (", b" \t",
        b"Content-Type: application/ms-tnef\r\n", b"\x78\x9f\x3e\x22", b"Content-Type: application/pkcs7-mime\r\n", b"begin 644 a\r\n", b"0\x80",
        b"Content-Disposition: attachment; filename*0*=utf-8''%EA", b"> ", b"On Mon, 3 Feb 2025 a@b wrote:\r\n", b"<div><blockquote>", b"\x1b$B", b"\xff\xfe",
        b"Content-Type: message/delivery-status\r\n", b"Status: 5.1.1\r\n", b"Date: 99 Foo 99999\r\n", b"References: <<<a@b", b"cid:a", b"<img src=",
    ]
)  # fmt: skip


def check(raw: bytes) -> InboundMail:
    mail = parse_mail(raw)
    assert len(mail.text) <= MAX_TEXT
    assert len(mail.problems) <= MAX_PROBLEMS
    assert not [problem for problem in mail.problems if problem.startswith("the mail could not be read")]
    assert "\x00" not in mail.text + mail.subject + mail.reply_text
    assert sum(item.size for item in mail.attachments) <= 4 * len(raw) + 1_000
    "".join(str(getattr(mail, field.name)) for field in fields(mail) if field.name != "attachments").encode()
    explain(mail)
    return mail


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    check(raw)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40))
def test_any_mixture_of_the_pieces_of_mails_is_read(pieces: list[bytes]) -> None:
    check(HEAD + b"".join(pieces))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "utf-7", "utf-8-sig"]))
def test_any_text_is_read_as_it_was_written_or_at_least_read(text: str, charset: str) -> None:
    body = base64.encodebytes(text.encode(charset, "replace"))
    check(
        HEAD
        + f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + body
    )


def nest(levels: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(levels))


HOSTILE = {
    "a nest of 10,000 parts": lambda: HEAD + nest(10_000) + b"Content-Type: text/plain\r\n\r\nhi",
    "a nest of 10,000 mails": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000,
    "millions of boundaries": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 2_000_000
    ),
    "millions of almost boundaries": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--ab\n" * 2_000_000
    ),
    "a header without end": lambda: b"X: y\r\n" * 1_000_000,
    "lines without colon": lambda: b"From: a@b\r\n" + b"xxxx\r\n" * 1_000_000,
    "an address list without end": lambda: b"To: " + b"a@b.example, " * 500_000 + b"\r\n\r\nhi",
    "words never closed": lambda: b"Subject: " + b"=?x?q?" * 10_000 + b"\r\nFrom: " + b"a" * 60_000 + b"@\r\n\r\nhi",
    "quotes never closed": lambda: (
        b'To: "' + b'("<' * 20_000 + b"\r\nContent-Type: text/plain; " + b"a" * 60_000 + b"\r\n\r\nhi"
    ),
    "one endless line": lambda: HEAD + b"\r\n" + b"x" * 10_000_000,
    "one endless rule": lambda: HEAD + b"\r\n" + b"-" * 10_000_000,
    "rules": lambda: HEAD + b"\r\n" + (b"-" * 190 + b"x\r\n") * 50_000,
    "quoted lines": lambda: HEAD + b"\r\n" + b"> > > quoted words here\r\n" * 300_000,
    "introductions": lambda: HEAD + b"\r\n" + b"On Mon 3 Feb 2025 12:00 a@b.example:\r\n" * 200_000,
    "pasted headers": lambda: HEAD + b"\r\n" + b"From: a@b.example\r\n" * 300_000,
    "unclosed elements": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><font color=red>x" * 300_000,
    "formatting repeated in every block": lambda: (
        HEAD
        + b"Content-Type: text/html\r\n\r\n<div>"
        + b"".join(b"<font color=%d>" % at for at in range(390))
        + b"</div>"
        + b"<div>x</div>" * 50_000
    ),
    "uuencoded beginnings": lambda: HEAD + b"\r\n" + b"begin 644 x\r\n#0V%T\r\n" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_costs_seconds_at_most(name: str) -> None:
    raw = HOSTILE[name]()
    began = time.process_time()
    check(raw)
    assert time.process_time() - began < SECONDS


def test_a_mail_of_40_megabytes_is_read_quickly_and_within_its_memory() -> None:
    content = bytes(29_000_000)
    kind = b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nhi\r\n--q\r\nContent-Type: application/pdf; name=x.pdf\r\n"
    raw = HEAD + kind + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content) + b"\r\n--q--\r\n"
    assert len(raw) > 39_000_000
    tracemalloc.start()
    began = time.process_time()
    mail = parse_mail(raw)
    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (mail.text, mail.attachments[0].size) == ("hi", len(content))
    assert spent < SECONDS
    assert peak + len(raw) < 200_000_000
