from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.text import LANGUAGES
from helpdesk.mail.compose import compose, render
from helpdesk.mail.letters import (
    Acknowledged,
    Answered,
    ApprovalAsked,
    ApprovalTold,
    Assigned,
    Breached,
    CommunityAnswered,
    Details,
    Enclosure,
    Escalated,
    Kind,
    Letter,
    Notified,
    Party,
    PulseAsked,
    RequesterReplied,
    Said,
    SideAnswered,
    SignInCode,
    SurveyAsked,
    Waiting,
)
from helpdesk.mail.parse import parse_mail
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Priority
from helpdesk.tickets.todo import ApprovalState, Verdict

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TAG = "01kaqm10m00000000000000001-abcdefgh234567xy"
LINK = "https://desk.test/portal/requests/1?a=1&b=2#t=abc"
HOSTILE = "<script>alert(1)</script>\"'&"
DETAILS: dict[Kind, Details] = {
    Kind.ACKNOWLEDGEMENT: Acknowledged(LINK),
    Kind.REPLY: Answered(
        "Please try again.", LINK, author="Alex Weber", left_out=(Waiting("film.mov", 30_000_000, LINK),)
    ),
    Kind.ASSIGNED: Assigned(LINK, "Min-ji", "I cannot sign in.", Priority.HIGH, "Billing"),
    Kind.REQUESTER_REPLIED: RequesterReplied(LINK, "Min-ji", "It works."),
    Kind.BREACHED: Breached(LINK, "Min-ji", Metric.RESOLUTION, NOW, "Asia/Seoul", Priority.LOW),
    Kind.ESCALATED: Escalated(LINK, "Min-ji", Metric.HANDOFF, NOW, "Asia/Seoul", Priority.HIGH, "Billing"),
    Kind.NOTIFICATION: Notified(LINK, "Min-ji", "mentioned", "Alex Weber", "Can you look?"),
    Kind.SURVEY: SurveyAsked(LINK, NOW),
    Kind.SIDE: Answered("Can you deliver?", "", author="Alex Weber", left_out=(Waiting("film.mov", 30_000_000, LINK),)),
    Kind.SIDE_ANSWERED: SideAnswered(LINK, "Acme Parts", "On Monday."),
    Kind.APPROVAL: ApprovalAsked(LINK, "May we refund?", "It came broken.", "Alex Weber", NOW, expires_at=NOW),
    Kind.APPROVAL_SETTLED: ApprovalTold(
        LINK, "May we refund?", ApprovalState.DECLINED, (Said("Min-ji", Verdict.DECLINED, "Too much."),)
    ),
    Kind.SIGN_IN: SignInCode(LINK, "204816", 15),
    Kind.PULSE: PulseAsked(LINK, NOW.date()),
    Kind.COMMUNITY: CommunityAnswered(LINK, "How do I pay?", "Min-ji", "By card.", LINK),
}


def letter_of(kind: Kind = Kind.REPLY, language: str = "en", **changes: object) -> Letter:
    letter = Letter(
        kind=kind,
        id="01KAQM10M0000000000000000A",
        at=NOW,
        language=language,
        desk="Acme",
        sender=Party("Acme Support", "support@desk.test"),
        recipient=Party("Min-ji Kim", "minji@example.com"),
        tag=TAG,
        number=1042,
        subject="Cannot sign in",
        details=DETAILS[kind],
    )
    return replace(letter, **changes)


def read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return found.get_content()


def test_there_is_an_example_of_each_kind_of_letter() -> None:
    assert set(DETAILS) == set(Kind)
    assert {type(details) for details in DETAILS.values()} == set(get_args(Details.__value__))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_each_mail_says_the_same_in_text_and_html_in_each_language(kind: Kind, language: str) -> None:
    raw = compose(letter_of(kind, language))
    mail = read(raw)
    text, html = part(mail, "plain"), part(mail, "html")
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Content-Language"] == language
    assert f'lang="{language}"' in html
    assert LINK in text
    assert LINK.replace("&", "&amp;") in html
    assert "#1042" in mail["Subject"]
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("kind", Kind)
def test_a_mail_is_written_in_the_language_it_is_for(kind: Kind) -> None:
    texts = {language: render(letter_of(kind, language))[0] for language in LANGUAGES}
    assert any("\uac00" <= letter <= "\ud7a3" for letter in texts["ko"])
    assert any("\u3040" <= letter <= "\u30ff" for letter in texts["ja"])
    assert not any(letter > "\u3000" for letter in texts["en"])


@pytest.mark.parametrize("kind", Kind)
def test_nobodys_words_become_markup(kind: Kind) -> None:
    letter = letter_of(kind, subject=HOSTILE, recipient=Party(HOSTILE, "a@example.com"), desk=HOSTILE)
    details: Details = letter.details
    match details:
        case Answered():
            details = replace(details, text=HOSTILE, author=HOSTILE, left_out=(Waiting(HOSTILE, 1, LINK),))
        case Assigned() | RequesterReplied():
            details = replace(details, text=HOSTILE, requester=HOSTILE)
        case SideAnswered():
            details = replace(details, text=HOSTILE, who=HOSTILE)
        case ApprovalAsked():
            details = replace(details, question=HOSTILE, text=HOSTILE, asker=HOSTILE, again=True)
        case ApprovalTold():
            said = Said(HOSTILE, Verdict.APPROVED, HOSTILE)
            details = replace(details, question=HOSTILE, state=ApprovalState.APPROVED, said=(said,))
        case Breached():
            details = replace(details, requester=HOSTILE, group=HOSTILE, assignee=HOSTILE)
        case _:
            pass
    html = render(replace(letter, details=details))[1]
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_an_agents_html_is_sent_as_it_was_stored_and_text_keeps_its_lines_and_links() -> None:
    formatted = letter_of(details=Answered("bold", LINK, html="<p><b>bold</b></p>"))
    assert "<p><b>bold</b></p>" in render(formatted)[1]
    plain = letter_of(details=Answered("one\n  two <b>\n\nsee https://a.test/x?y=1&z=2.", LINK))
    html = render(plain)[1]
    assert "one<br>\n&nbsp;&nbsp;two &lt;b&gt;</p>" in html
    assert 'href="https://a.test/x?y=1&amp;z=2"' in html
    assert "z=2</a>." in html


def test_the_subject_carries_the_number_once_and_re_only_on_an_agents_answer() -> None:
    def subject(kind: Kind, text: str) -> str:
        return read(compose(letter_of(kind, subject=text)))["Subject"]

    assert subject(Kind.ACKNOWLEDGEMENT, "Cannot sign in") == "[#1042] Cannot sign in"
    assert subject(Kind.REPLY, "Cannot sign in") == "Re: [#1042] Cannot sign in"
    assert subject(Kind.REPLY, "Re: [#1042] RE: Fwd: Cannot sign in") == "Re: [#1042] Cannot sign in"
    assert subject(Kind.REPLY, "회신: 로그인") == "Re: [#1042] 로그인"
    assert subject(Kind.SURVEY, "") == "[#1042]"
    asked = letter_of(Kind.SIDE, subject="Re: Delivery", side=2)
    assert read(compose(asked))["Subject"] == "Re: [#1042-2] Delivery"
    assert read(compose(replace(asked, begins=True)))["Subject"] == "[#1042-2] Delivery"
    assert subject(Kind.REPLY, "Regarding: a thing") == "Re: [#1042] Regarding: a thing"


def test_a_mail_leads_back_to_its_ticket() -> None:
    mail = read(compose(letter_of(in_reply_to="<second@example.com>", references=("first@example.com",))))
    assert mail["From"] == "Acme Support <support@desk.test>"
    assert mail["Reply-To"].addresses[0].addr_spec == f"support+{TAG}@desk.test"
    assert mail["Message-ID"] == f"<01KAQM10M0000000000000000A.{TAG}@desk.test>"
    assert mail["In-Reply-To"] == "<second@example.com>"
    assert mail["References"].split() == [f"<{TAG}@desk.test>", "<first@example.com>", "<second@example.com>"]
    assert mail["Date"].datetime == NOW


@pytest.mark.parametrize("kind", Kind)
def test_what_no_human_wrote_says_so_and_an_agents_answer_does_not(kind: Kind) -> None:
    mail = read(compose(letter_of(kind)))
    expected = {Kind.ACKNOWLEDGEMENT: "auto-replied", Kind.REPLY: None, Kind.SIDE: None}.get(kind, "auto-generated")
    assert mail["Auto-Submitted"] == expected
    assert (mail["Precedence"], mail["X-Auto-Response-Suppress"]) == (("bulk", "All") if expected else (None, None))
    assert mail["X-Helpdesk-Loop"] == "desk.test"


@pytest.mark.parametrize("kind", Kind)
def test_the_desks_own_reader_knows_its_automatic_mails(kind: Kind) -> None:
    mail = parse_mail(compose(letter_of(kind)))
    assert mail.auto_submitted is (kind not in {Kind.REPLY, Kind.SIDE})
    assert mail.loop_marks == ("desk.test",)
    assert mail.problems == ()


def test_an_agents_address_is_nowhere_in_a_mail_to_a_requester() -> None:
    for kind in (Kind.ACKNOWLEDGEMENT, Kind.REPLY, Kind.SURVEY):
        addresses = {word.strip("<>\"'();,") for word in compose(letter_of(kind)).decode().split() if "@" in word}
        assert not {address for address in addresses if address.startswith(("alex", "agent"))}


def test_a_stranger_cannot_send_links_in_the_name_of_the_desk() -> None:
    for name in ("Win at https://evil.test", "www.evil.test", "me@evil.test"):
        text, html = render(letter_of(Kind.ACKNOWLEDGEMENT, recipient=Party(name, "victim@example.com")))
        assert "evil" not in text + html


def test_files_go_along_and_pictures_are_shown_where_the_html_has_them() -> None:
    letter = letter_of(
        details=Answered("see", LINK, html='<p>see <img src="cid:pic@x"></p>'),
        enclosures=(
            Enclosure("그림.png", "image/png", b"\x89PNG", "pic@x"),
            Enclosure("報告 書.pdf", "application/pdf", b"%PDF"),
            Enclosure("../../etc/passwd", "text/html; charset=x", b"<b>", "not-shown@x"),
            Enclosure('a"b\r\nX-Evil: 1.txt', "message/rfc822", b"From: a\n\nb"),
        ),
    )
    raw = compose(letter)
    mail = read(raw)
    assert mail.get_content_type() == "multipart/mixed"
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names[0] == "報告 書.pdf"
    assert names[1] == ".._.._etc_passwd"
    assert "\n" not in names[2]
    found = parse_mail(raw)
    assert [(one.filename, one.inline, one.content) for one in found.attachments if one.inline] == [
        ("그림.png", True, b"\x89PNG")
    ]
    assert mail["X-Evil"] is None
    assert raw.isascii()


def test_the_same_letter_is_the_same_mail() -> None:
    assert compose(letter_of(Kind.SURVEY)) == compose(letter_of(Kind.SURVEY))


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@example.com", "김@example.com", "x@unknown.invalid", "a@b\r\nBcc: c@d"]
)
def test_what_takes_no_mail_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        compose(letter_of(recipient=Party(None, address)))


ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=120) | st.sampled_from(
    [
        "a\r\nBcc: evil@example.com",
        "a\n\nbody",
        "\u202eevil\u202c",
        "=?utf-8?Q?=0D=0ABcc:_evil?=",
        'quo"te\\',
        "김민지 (고객)",
        "x" * 300,
        "한" * 300,
        "a\u2028Bcc: x",
        ",;:<>@()[]",
    ]
)
HEADERS = {
    "from", "to", "reply-to", "subject", "date", "message-id", "references", "content-language", "x-helpdesk-loop",
    "mime-version", "content-type",
}  # fmt: skip


@pytest.mark.parametrize(
    "name", ["김민지 (고객)", "x" * 150, "한" * 150, 'quo"te\\', "Weber, Alex", "=?utf-8?Q?a?=", "O'Brien"]
)
def test_a_name_arrives_as_it_is_written(name: str) -> None:
    mail = parse_mail(compose(letter_of(recipient=Party(name, "minji@example.com"))))
    assert [(one.name, one.address) for one in mail.to] == [(name, "minji@example.com")]


@settings(deadline=None, max_examples=60)
@given(subject=ANY_TEXT, name=ANY_TEXT, sender=ANY_TEXT, text=ANY_TEXT, reference=ANY_TEXT)
def test_no_text_whatever_changes_what_headers_there_are(
    subject: str, name: str, sender: str, text: str, reference: str
) -> None:
    letter = letter_of(
        subject=subject,
        sender=Party(sender, "support@desk.test"),
        recipient=Party(name, "minji@example.com"),
        details=Answered(text, LINK),
        references=(reference,),
    )
    raw = compose(letter)
    mail = read(raw)
    assert {header.lower() for header in mail.keys()} == HEADERS  # noqa: SIM118 - a message is no dict
    assert [address.addr_spec for address in mail["To"].addresses] == ["minji@example.com"]
    assert max(len(line) for line in raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")) <= 998
    back = parse_mail(raw)
    assert back.subject.startswith("Re: [#1042]")
    assert back.to[0].address == "minji@example.com"
    assert not {"\u202e", "\r", "\n"} & set(back.subject + (back.from_.name or "" if back.from_ else ""))
