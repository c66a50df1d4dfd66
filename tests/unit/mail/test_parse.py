"""A mail is read rightly whatever its charset, its breaks and its wrappings."""

# ruff: noqa: RUF001 -- words of other scripts are the subject

import base64
import struct
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from asn1crypto import cms

from helpdesk.mail.parse import parse_mail

HEAD = b"From: Mina Park <mina@shop.example>\r\nTo: help@desk.example\r\nSubject: Lamp\r\nMIME-Version: 1.0\r\n"
KOREAN, JAPANESE = "주문한 램프가 도착하지 않았습니다.", "お世話になっております。ランプが届きません。"
CHINESE, RUSSIAN = "您好，我的订单还没有到货。", "Здравствуйте, заказ не пришёл"


def multipart(*parts: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts)
    return HEAD + f'Content-Type: multipart/{kind}; boundary="cut"\r\n\r\n'.encode() + body + b"--cut--\r\n"


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        (KOREAN, "euc-kr", "euc-kr"),
        (KOREAN, "cp949", "ks_c_5601-1987"),
        (KOREAN, "cp949", None),
        (KOREAN, "cp949", "us-ascii"),
        (KOREAN, "utf-8", "iso-8859-1"),
        ("뷁뛟 쀍", "cp949", "euc-kr"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "iso2022_jp", None),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "cp932", None),
        (JAPANESE, "euc_jp", None),
        ("①髙橋", "cp932", "Windows-31J"),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gb18030", None),
        ("您好，訂單還沒有到貨", "cp950", "big5"),
        (RUSSIAN, "koi8_r", "koi8-r"),
        (RUSSIAN, "koi8_r", None),
        (RUSSIAN, "cp1251", "unknown-8bit"),
        ("Grüße – „schön“", "cp1252", "iso-8859-1"),
        ("Zażółć gęślą", "iso8859_2", "iso-8859-2"),
        ("Grüße", "utf-7", "unicode-1-1-utf-7"),
    ],
)
def test_text_is_read_with_its_charset_declared_wrong_or_absent(text: str, charset: str, declared: str | None) -> None:
    kind = f"Content-Type: text/plain; charset={declared}\r\n" if declared else ""
    mail = parse_mail(HEAD + kind.encode() + b"\r\n" + text.encode(charset))
    assert mail.text == text


def test_windows_characters_in_iso_2022_jp_are_read() -> None:
    circled_one = b"\x1b$B-!\x1b(B"
    mail = parse_mail(HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + circled_one)
    assert mail.text == "①"


def test_a_few_broken_bytes_do_not_spoil_utf_8() -> None:
    mail = parse_mail(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + KOREAN.encode() + b"\xec\x95")
    assert mail.text.startswith(KOREAN)


def encoded_word(text: str, charset: str, *, at: int) -> str:
    """An encoded subject that is split in the middle of a character's bytes."""
    data = text.encode(charset)
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(half).decode()}?=" for half in (data[:at], data[at:]))


@pytest.mark.parametrize(
    ("text", "charset"), [(KOREAN, "euc-kr"), (KOREAN, "utf-8"), (JAPANESE, "shift_jis"), (CHINESE, "gbk")]
)
def test_a_subject_split_within_a_character_is_whole(text: str, charset: str) -> None:
    raw = f"From: a@b.example\r\nSubject: {encoded_word(text, charset, at=7)}\r\n\r\nx".encode()
    assert parse_mail(raw).subject == text


@pytest.mark.parametrize("charset", ["cp949", "utf-8"])
def test_a_header_of_raw_bytes_is_read(charset: str) -> None:
    raw = "From: 박미나 <mina@shop.example>\r\nSubject: 램프 문의드립니다\r\n\r\nx".encode(charset)
    mail = parse_mail(raw)
    assert (mail.subject, mail.from_ and mail.from_.name) == ("램프 문의드립니다", "박미나")


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ('"Park, Mina" <mina@shop.example>', "Park, Mina", "mina@shop.example"),
        ("Park, Mina <mina@shop.example>", "Park, Mina", "mina@shop.example"),
        ("mina@shop.example (Mina Park)", "Mina Park", "mina@shop.example"),
        ("<mina@shop.example>", None, "mina@shop.example"),
        ("mina@shop.example", None, "mina@shop.example"),
        ("=?utf-8?B?67CV66+464KY?= <mina@shop.example>", "박미나", "mina@shop.example"),
        ('"=?utf-8?Q?M=C3=BCller=2C_Anna?=" <a@b.example>', "Müller, Anna", "a@b.example"),
    ],
)
def test_an_author_is_read_however_the_address_is_written(written: str, name: str | None, address: str) -> None:
    author = parse_mail(f"From: {written}\r\n\r\nx".encode()).from_
    assert author is not None
    assert (author.name, author.address) == (name, address)


def test_all_recipients_are_read_in_order() -> None:
    mail = parse_mail(
        b'To: A <a@x.example>, "B; b" <b@x.example>; team: c@x.example, d@x.example;\r\nCc: e@x.example\r\n\r\nx'
    )
    assert [box.address for box in (*mail.to, *mail.cc)] == [f"{letter}@x.example" for letter in "abcde"]


def test_threads_and_tags_are_read() -> None:
    mail = parse_mail(
        b"From: a@b.example\r\nTo: help+tok_1.sig@desk.example\r\nDelivered-To: help@desk.example\r\nSubject: Re: [#1042] Lamp\r\n"
        b"Message-ID: <m1@b.example>\r\nIn-Reply-To: <m0@desk.example>\r\nReferences: <x@desk.example>\r\n\t<y@desk.example>\r\n"
        b"Date: Mon, 3 Feb 2025 16:15:09 +0900\r\nReturn-Path: <>\r\n\r\nx"
    )
    assert (mail.message_id, mail.in_reply_to) == ("m1@b.example", "m0@desk.example")
    assert mail.references == ("x@desk.example", "y@desk.example", "m0@desk.example")
    assert (mail.ticket_numbers, mail.address_tags, mail.return_path) == ((1042,), ("tok_1.sig",), "")
    assert mail.date == datetime(2025, 2, 3, 7, 15, 9, tzinfo=UTC)


def test_names_of_files_are_read_in_every_encoding_senders_use() -> None:
    whole = "견적서 최종.pdf"
    percent = "".join(f"%{byte:02X}" for byte in whole.encode())
    word = base64.b64encode(whole.encode("cp949")).decode()
    names = [
        f"attachment; filename*=utf-8''{percent}",
        f"attachment; filename*0*=utf-8''{percent[:21]};\r\n filename*1*={percent[21:]}",
        f'attachment; filename="=?euc-kr?B?{word}?="',
    ]
    parts = [f"Content-Type: application/pdf\r\nContent-Disposition: {name}\r\n\r\nPDF".encode() for name in names]
    parts.append(b'Content-Type: application/pdf; name="' + whole.encode("cp949") + b'"\r\n\r\nPDF')
    assert [item.filename for item in parse_mail(multipart(*parts)).attachments] == [whole] * 4


def test_a_file_name_cannot_leave_its_folder() -> None:
    part = b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="../../etc/pass\x00wd"\r\n\r\nx'
    (item,) = parse_mail(multipart(part)).attachments
    assert item.filename == "passwd"


def test_an_image_is_inline_only_when_the_html_shows_it() -> None:
    html = b'Content-Type: text/html\r\n\r\n<p>see <img src="cid:one@x"></p>'
    images = [
        f"Content-Type: image/png\r\nContent-ID: <{name}@x>\r\nContent-Disposition: inline\r\n\r\nPNG".encode()
        for name in ("one", "two")
    ]
    mail = parse_mail(multipart(html, *images, kind="related"))
    assert [item.inline for item in mail.attachments] == [True, False]
    assert mail.html_sanitized is not None
    assert 'src="cid:one@x"' in mail.html_sanitized


def test_the_text_of_an_alternative_is_the_plain_one_and_its_html_is_kept() -> None:
    mail = parse_mail(
        multipart(
            b"Content-Type: text/plain\r\n\r\nplain words",
            b"Content-Type: text/html\r\n\r\n<p>rich words</p>",
            kind="alternative",
        )
    )
    assert (mail.text, mail.html, mail.attachments) == ("plain words", "<p>rich words</p>", ())


def test_all_texts_of_a_mixed_mail_are_shown() -> None:
    parts = [f"Content-Type: text/plain\r\n\r\n{word}".encode() for word in ("one", "two", "three")]
    assert parse_mail(multipart(*parts)).text.split() == ["one", "two", "three"]


def test_html_alone_becomes_readable_text() -> None:
    html = "<html><head><style>p{}</style></head><body><p>Hello</p><ul><li>one</li><li>two</li></ul><a href='https://x.example/a'>here</a></body>"
    mail = parse_mail(HEAD + b"Content-Type: text/html\r\n\r\n" + html.encode())
    assert mail.text == "Hello\n\n- one\n- two\n\nhere <https://x.example/a>"


@pytest.mark.parametrize("boundary", [b"wrong", b""])
def test_a_wrong_or_missing_boundary_is_found_in_the_body(boundary: bytes) -> None:
    raw = multipart(b"Content-Type: text/plain\r\n\r\nhello", b"Content-Type: application/pdf; name=a.pdf\r\n\r\nPDF")
    mail = parse_mail(raw.replace(b'boundary="cut"', b'boundary="' + boundary + b'"'))
    assert mail.text == "hello"
    assert [item.filename for item in mail.attachments] == ["a.pdf"]
    assert mail.problems


def test_a_mail_cut_off_in_the_middle_is_read_as_far_as_it_goes() -> None:
    raw = multipart(b"Content-Type: text/plain\r\n\r\nhello", b"Content-Type: image/png; name=a.png\r\n\r\nPNGPNG")
    mail = parse_mail(raw[: raw.index(b"PNGPNG") + 3])
    assert (mail.text, mail.attachments[0].content) == ("hello", b"PNG")


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    mail = parse_mail(HEAD + b"\r\nSee the file:\r\nbegin 644 note.txt\r\n#0V%T\r\n`\r\nend\r\nBye\r\n")
    assert [(item.filename, item.content) for item in mail.attachments] == [("note.txt", b"Cat")]
    assert "0V%T" not in mail.text
    assert "Bye" in mail.text


def test_base64_with_missing_padding_and_foreign_characters_is_read() -> None:
    data = base64.b64encode("주문 확인".encode()).rstrip(b"=")
    mail = parse_mail(
        HEAD
        + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + data[:6]
        + b"\r\n!"
        + data[6:]
    )
    assert mail.text == "주문 확인"


def test_a_forwarded_mail_is_one_file_named_after_its_subject() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nFrom: k@x.example\r\nSubject: Broken lamp\r\n\r\nhelp"
    (item,) = parse_mail(multipart(b"Content-Type: text/plain\r\n\r\nsee below", inner)).attachments
    assert (item.filename, item.content_type) == ("Broken lamp.eml", "message/rfc822")


def test_format_flowed_is_joined_again() -> None:
    mail = parse_mail(HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\nthis is \r\none line\r\n\r\nand another")
    assert mail.text == "this is one line\n\nand another"


def test_opaque_signed_mail_shows_its_real_body() -> None:
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + KOREAN.encode()
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data", "content": inner},
            "signer_infos": [],
        }
    )
    blob = base64.encodebytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())
    kind = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    mail = parse_mail(HEAD + kind + blob)
    assert (mail.text, mail.protection, mail.attachments) == (KOREAN, "signed", ())


def test_encrypted_mail_is_kept_and_said_to_be_encrypted() -> None:
    parts = (
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        b"Content-Type: application/octet-stream; name=x.asc\r\n\r\n-----BEGIN PGP",
    )
    mail = parse_mail(multipart(*parts, kind="encrypted"))
    assert mail.protection == "encrypted"
    assert "x.asc" in [item.filename for item in mail.attachments]


def tnef_attribute(level: int, attribute: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, attribute, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def test_winmail_dat_is_unpacked() -> None:
    blob = struct.pack("<IH", 0x223E9F78, 1) + b"".join(
        [
            tnef_attribute(1, 0x00069007, struct.pack("<II", 949, 0)),
            tnef_attribute(1, 0x0002800C, "안녕하세요".encode("cp949") + b"\x00"),
            tnef_attribute(2, 0x00069002, b"\x00" * 14),
            tnef_attribute(2, 0x00018010, "견적서.pdf".encode("cp949") + b"\x00"),
            tnef_attribute(2, 0x0006800F, b"PDF"),
        ]
    )
    part = (
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(blob)
    )
    mail = parse_mail(multipart(part))
    assert mail.text == "안녕하세요"
    assert [(item.filename, item.content) for item in mail.attachments] == [("견적서.pdf", b"PDF")]


def test_a_calendar_invite_is_put_into_words() -> None:
    ics = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:주간 회의\\, 1차\r\nDTSTART;TZID=Asia/Seoul:20260301T090000\r\n"
        'DTEND;TZID=Asia/Seoul:20260301T100000\r\nLOCATION:3층\r\nORGANIZER;CN="Kim: Yuna":mailto:kim@shop.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    parts = (
        b"Content-Type: text/plain\r\n\r\ninvite",
        b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n" + ics.encode(),
    )
    invite = parse_mail(multipart(*parts, kind="alternative")).calendar
    assert invite is not None
    assert (invite.method, invite.summary, invite.starts) == (
        "REQUEST",
        "주간 회의, 1차",
        "2026-03-01 09:00 Asia/Seoul",
    )
    assert (invite.location, invite.organizer) == ("3층", "kim@shop.example")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (KOREAN, "ko"),
        (JAPANESE, "ja"),
        (CHINESE, "zh"),
        ("Hello, my lamp is broken and I want a new one.", "en"),
        ("12345", None),
    ],
)
def test_the_language_is_told_by_script_and_small_words(text: str, language: str | None) -> None:
    assert parse_mail(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()).language == language


def test_an_ordinary_mail_of_the_standard_library_comes_through_unchanged() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Mina Park <mina@shop.example>", "help@desk.example", KOREAN
    message.set_content(JAPANESE)
    message.add_alternative(f"<p>{JAPANESE}</p>", subtype="html")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="zip", filename="ログ.zip")
    mail = parse_mail(bytes(message))
    assert (mail.subject, mail.text, mail.problems) == (KOREAN, JAPANESE, ())
    assert [(item.filename, item.size) for item in mail.attachments] == [("ログ.zip", 2)]
