"""Looks for mails that make the reader raise, hang or lie about itself: `make fuzz`, for as long as SECONDS says.

libFuzzer, by way of atheris, keeps every mail that reaches code nobody reached before and goes on from there; what it
learnt stays in build/fuzz for the next time. A mail that breaks something is written to build/fuzz/found-*.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["helpdesk.mail"]):
    from helpdesk.mail.explain import explain
    from helpdesk.mail.parse import parse_mail

from tests.unit.mail.test_bounds import HEAD, PIECES, check

HOME = Path("build/fuzz")
SECONDS_A_MAIL = 2.0
LONGEST = 20_000
MEGABYTES = 1500
"""Of the whole process, instrumentation and what was learnt included."""
_WORDS = (
    b"Content-Type: ", b"multipart/mixed; boundary=cut", b"multipart/report; report-type=delivery-status", b"text/html", b"text/calendar",
    b"message/feedback-report", b"application/pkcs7-mime; smime-type=signed-data", b"application/ms-tnef", b"charset=iso-2022-jp", b"charset=cp949",
    b"=?utf-8?B?", b"=?euc-kr?Q?", b"?=", b"quoted-printable", b"base64", b"\x1b$B", b"<blockquote>", b"<style>", b"<table><tr><td>", b"&#x0;", b"cid:",
    b"On Mon, 3 Feb 2025 a@b wrote:", b"-----Original Message-----", b"From: ", b"Auto-Submitted: auto-replied", b"Final-Recipient: rfc822; ",
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"begin 644 a\r\n", b"filename*0*=utf-8''%EA", b"Reply-To: ", b"References: ", b"List-Id: ", b"\r\n\r\n",
)  # fmt: skip


def one_mail(raw: bytes) -> None:
    """Reads a mail, holds what was read to its promises, and its time to what a mail may take."""
    began = time.process_time()
    mail = check(raw)
    spent = time.process_time() - began
    if spent > SECONDS_A_MAIL:
        raise AssertionError(f"{len(raw)} bytes took {spent:.1f} s")
    assert "<script" not in (mail.html_sanitized or "").lower()
    assert explain(parse_mail(raw)) == explain(mail), "the same mail reads the same"


def main(arguments: Sequence[str]) -> None:
    """Runs until the time is over; ends with 0 if nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--again", type=Path, help="only this file, as it was found")
    options = parser.parse_args(arguments)
    if options.again:
        one_mail(options.again.read_bytes())
        return
    corpus = HOME / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = HOME / "words.dict"
    words.write_text("".join(f'"{"".join(f"\\x{byte:02x}" for byte in word)}"\n' for word in _WORDS))
    limits = [f"-max_len={LONGEST}", f"-max_total_time={options.seconds}", f"-rss_limit_mb={MEGABYTES}"]
    places = [f"-dict={words}", f"-artifact_prefix={HOME}/found-", str(corpus)]
    atheris.Setup([sys.argv[0], "-timeout=20", "-print_final_stats=1", *limits, *places], one_mail)
    atheris.Fuzz()


def seeds() -> list[bytes]:
    """Mails to begin with: one of each kind that the reader knows, and the pieces that hostile mails are made of."""
    kinds = [
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n\r\nOn Mon, 3 Feb 2025 a@b.example wrote:\r\n> Hi\r\n",
        b"Content-Type: text/html; charset=euc-kr\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=B0=A1</p>",
        (
            b"Content-Type: multipart/alternative; boundary=cut\r\n\r\n--cut\r\n\r\nHi\r\n--cut\r\nContent-Type: text/html\r\n"
            b"\r\n<b>Hi</b><blockquote>old</blockquote>\r\n--cut--\r\n"
        ),
        (
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=cut\r\n\r\n--cut\r\n\r\nFailed\r\n--cut\r\n"
            b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; c@d.example\r\nAction: failed\r\n"
            b"Status: 5.1.1\r\n--cut--\r\n"
        ),
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n",
        b"Content-Type: message/rfc822\r\n\r\nFrom: e@f.example\r\nSubject: =?iso-2022-jp?B?GyRCJCIbKEI=?=\r\n\r\ninside",
        b"\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n",
    ]
    return [HEAD + kind for kind in kinds] + [HEAD + piece for piece in PIECES.elements]


if __name__ == "__main__":
    main(sys.argv[1:])
