"""Makes a mail of a letter: RFC 5322 bytes with text and HTML from one template, and headers that nobody's name can bend."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from markupsafe import Markup

from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.text import clean, clean_line
from helpdesk.mail import threads, typography
from helpdesk.mail.hands import HtmlHand, TextHand, environment
from helpdesk.mail.headerlines import address_line, addresses_line, ids_line, text_line
from helpdesk.mail.letters import (
    Acknowledged,
    Answered,
    ApprovalAsked,
    ApprovalTold,
    Assigned,
    Breached,
    CommunityAnswered,
    Enclosure,
    Kind,
    Letter,
    Notified,
    PulseAsked,
    RequesterReplied,
    SideAnswered,
    SignInCode,
    SurveyAsked,
    Template,
    Waiting,
)
from helpdesk.mail.markup import Block, Values, read_inline, read_sheet
from helpdesk.mail.model import OWN_LOOP_HEADER
from helpdesk.mail.wording import (
    IN_SIGNATURE,
    LONGEST_RESULT,
    METRICS,
    PRIORITIES,
    TOPICS,
    USUAL_SIGNATURE,
    Unusable,
    approval_values,
    fill,
    shipped,
)

LONGEST_SUBJECT: Final = 250
LONGEST_NAME: Final = 80
LONGEST_PREVIEW: Final = 200
MAX_REFERENCES: Final = 12

_POLICY: Final = SMTP.clone(cte_type="7bit")
_AUTO_SUBMITTED: Final = {Kind.ACKNOWLEDGEMENT: "auto-replied", Kind.REPLY: "auto-replied"}
_REPLY_MARKS: Final = re.compile(
    r"^(?:(?:re|aw|fwd?|fw|答复|回复|답장|회신|返信)\s*(?:\[\d+\])?\s*[::]\s*)+", re.IGNORECASE
)
_LOOKS_LIKE_LINK: Final = re.compile(r"://|www\.|@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words.

    Attributes:
        trouble: why an admin's template or signature was not used; None: nothing was wrong.
    """

    subject: str
    text: str
    html: str
    trouble: str | None = None


def compose(letter: Letter, written: Written | None = None) -> bytes:
    """A letter as the mail that is sent.

    Args:
        letter: what to send.
        written: its words, where they were written before.

    Raises:
        Invalid: sender or recipient takes no mail (`threads.takes_mail`).
    """
    if not all(
        threads.takes_mail(party.address) for party in (letter.sender, letter.recipient, *letter.beside, *letter.copies)
    ):
        raise Invalid("Mail cannot be sent to or from this address.")
    written = written or write(letter)
    return "".join(_header_lines(letter, written.subject)).encode("ascii") + _body(letter, written.text, written.html)


def render(letter: Letter) -> tuple[str, str]:
    """A letter's text and HTML."""
    written = write(letter)
    return written.text, written.html


def write(letter: Letter) -> Written:
    """A letter in words. Never raises: an admin's template that cannot be filled yields to the one that is shipped."""
    troubles: list[str] = []
    hand = HtmlHand(letter.look.colours)
    values = _values(letter, hand, troubles)
    for template in (letter.template, shipped(letter.kind, letter.language)):
        if template is None:
            continue
        try:
            written = _written(letter, template, values, hand)
        except Unusable as error:
            troubles.append(f"template: {error}")
            continue
        return replace(written, trouble="; ".join(troubles) or None)
    raise AssertionError("the templates that come with the desk can be filled")


def _written(letter: Letter, template: Template, values: Mapping[str, str], hand: HtmlHand) -> Written:
    marked = Values(LONGEST_RESULT)
    subject, preview = (
        clean_line(marked.filled(fill(source, values, marked))) for source in (template.subject, template.preview)
    )
    sheet = read_sheet(fill(template.body, values, marked), marked)
    text_hand = TextHand()
    quoted = hand.quoted(letter.details.before if isinstance(letter.details, Answered) else (), letter.language)
    text = "".join((*map(text_hand.write, sheet.body), *map(text_hand.foot, sheet.foot), quoted))
    html = (
        environment()
        .get_template("layout.html.j2")
        .render(
            letter=letter,
            subject=_short(letter),
            number=values["number"],
            preview=preview[:LONGEST_PREVIEW],
            body=Markup("").join(Markup(hand.write(piece)) for piece in sheet.body),  # noqa: S704 - hands escape
            foot=Markup("").join(Markup(hand.foot(piece)) for piece in sheet.foot),  # noqa: S704 - the same
            quoted=Markup(quoted.html),  # noqa: S704 - the same
            colours=letter.look.colours,
            logo_url=letter.look.logo_url,
        )
    )
    return Written(
        subject_line(replace(letter, subject=subject or letter.subject)),
        re.sub(r"\n{3,}", "\n\n", clean(text)).strip() + "\n",
        clean(html),
    )


def _values(letter: Letter, hand: HtmlHand, troubles: list[str]) -> dict[str, str]:
    """What stands behind each placeholder of a letter's kind."""
    language, details = letter.language, letter.details
    values = {
        "name": greeting_name(letter.recipient.name),
        "number": letter.shown_number,
        "subject": _short(letter),
        "desk": letter.desk,
        "mailbox": letter.look.mailbox or letter.sender.name or letter.desk,
        "link": details.link,
    }
    match details:
        case Answered():
            values["message"] = hand.said(details.text, details.html)
            values["files"] = hand.files(details.left_out)
            values["agent"] = details.author or ""
            values["signature"] = _signature(letter.look.signature, values, hand, troubles)
        case Assigned() | RequesterReplied() | Breached() | Notified():
            values |= _to_colleague(details, language)
        case SurveyAsked():
            values["expires"] = typography.day(details.expires_at, details.zone, language)
        case SideAnswered():
            values["who"] = details.who
            values["text"] = details.text.strip()
        case ApprovalAsked() | ApprovalTold():
            values |= approval_values(details, language)
        case CommunityAnswered():
            values |= {"who": details.who, "text": details.text.strip(), "leave": details.leave}
        case PulseAsked():
            values["until"] = typography.day(datetime.combine(details.until, time(12), UTC), "UTC", language)
        case SignInCode():
            values |= {"code": details.code, "minutes": str(details.minutes)}
        case Acknowledged():
            named = [Waiting(title, link=address) for title, address in details.articles]
            values |= {"articles": hand.files(named), "solved": details.solved}
    return values


def _to_colleague(details: Assigned | RequesterReplied | Breached | Notified, language: str) -> dict[str, str]:
    """What stands behind the placeholders of what colleagues are told."""
    values = {"requester": details.requester}
    if isinstance(details, Assigned | RequesterReplied | Notified):
        values["text"] = details.text.strip()
    if isinstance(details, Assigned | Breached):
        values["priority"] = PRIORITIES[language][details.priority]
        values["group"] = details.group or ""
    match details:
        case Assigned():
            values["several"] = "1" if details.several else ""
        case Notified():
            values |= {"what": TOPICS[language][details.topic], "who": details.who}
        case Breached():
            values["metric"] = METRICS[language][details.metric]
            values["due"] = typography.moment(details.at, details.zone, language)
            values["assignee"] = details.assignee or ""
        case RequesterReplied():
            pass
    return values


def _signature(source: str | None, values: Mapping[str, str], hand: HtmlHand, troubles: list[str]) -> Block:
    given = {name: values[name] for name in IN_SIGNATURE}
    marked = Values(LONGEST_RESULT)
    try:
        filled = fill(source or USUAL_SIGNATURE, given, marked)
    except Unusable as error:
        troubles.append(f"signature: {error}")
        filled = fill(USUAL_SIGNATURE, given, marked)
    return hand.signature(read_inline(part.strip(), marked) for part in re.split(r"\n[ \t]*\n+", filled.strip("\n")))


def _short(letter: Letter) -> str:
    return clean_line(letter.subject)[:LONGEST_SUBJECT]


def subject_line(letter: Letter) -> str:
    """`[#1042] Subject`, with `Re:` before it when an agent answers; marks of earlier rounds are dropped.

    Of a side conversation it is `[#1042-1] Subject`: a number that leads into no conversation with the requester.

    >>> re.sub(_REPLY_MARKS, "", "Re: AW: hello")
    'hello'
    """
    if not letter.number:
        return clean_line(letter.subject)[:LONGEST_SUBJECT]
    number = f"[{letter.shown_number}]"
    bare = clean_line(letter.subject).replace(number, " ").strip()
    bare = clean_line(_REPLY_MARKS.sub("", bare))[:LONGEST_SUBJECT]
    line = f"{number} {bare}".rstrip()
    return f"Re: {line}" if letter.kind in {Kind.REPLY, Kind.SIDE} and not letter.begins else line


def greeting_name(name: str | None) -> str:
    """How somebody is greeted; empty when what they call themselves is no name (strangers' links are not passed on)."""
    shown = clean_line(name or "")
    return "" if _LOOKS_LIKE_LINK.search(shown) else shown[:LONGEST_NAME]


# --- headers ---------------------------------------------------------------------------------------------------------


def _header_lines(letter: Letter, subject: str) -> Iterator[str]:
    domain = threads.domain_of(letter.sender.address)
    known = [threads.clean_id(known) for known in (*letter.references, letter.in_reply_to)]
    roots = [threads.root_id(letter.tag, domain)] if letter.tag else []
    seen = list(dict.fromkeys(known_id for known_id in known if known_id))[-MAX_REFERENCES:]
    yield address_line("From", letter.sender.name, letter.sender.address)
    yield addresses_line("To", [(party.name, party.address) for party in (letter.recipient, *letter.beside)])
    if letter.copies:
        yield addresses_line("Cc", [(party.name, party.address) for party in letter.copies])
    if letter.tag:
        yield address_line("Reply-To", letter.sender.name, threads.reply_address(letter.sender.address, letter.tag))
    yield text_line("Subject", subject)
    yield f"Date: {format_datetime(letter.at)}\r\n"
    yield ids_line("Message-ID", [threads.own_id(letter.id, letter.tag or "portal", domain)])
    answered = threads.clean_id(letter.in_reply_to)
    if answered is not None:
        yield ids_line("In-Reply-To", [answered])
    if roots or seen:
        yield ids_line("References", [*roots, *seen])
    yield f"Content-Language: {letter.language}\r\n"
    yield f"{OWN_LOOP_HEADER}: {domain}\r\n"
    if isinstance(letter.details, CommunityAnswered):  # RFC 8058: mail programs offer to end them with one click
        yield f"List-Unsubscribe: <{letter.details.leave}>\r\n"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    if letter.automatic:
        yield f"Auto-Submitted: {_AUTO_SUBMITTED.get(letter.kind, 'auto-generated')}\r\n"
        yield "X-Auto-Response-Suppress: All\r\n"
        yield "Precedence: bulk\r\n"


# --- body ------------------------------------------------------------------------------------------------------------


def _body(letter: Letter, text: str, html: str) -> bytes:
    inline, files = _sorted_out(letter.enclosures, html)
    message = EmailMessage(policy=_POLICY)
    message.set_content(text, charset="utf-8", cte=_encoding(text))
    message.add_alternative(html, subtype="html", charset="utf-8", cte=_encoding(html))
    shown = message.get_body(("html",))
    if shown is not None:
        for one in inline:
            main, sub = _media_type(one)
            shown.add_related(
                one.content, main, sub, cid=f"<{one.content_id}>", filename=_filename(one), disposition="inline"
            )
    for one in files:
        main, sub = _media_type(one)
        message.add_attachment(one.content, main, sub, filename=_filename(one))
    for place, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{letter.id}_{place}")  # fixed, so that the same letter is the same mail
    return message.as_bytes()


def _sorted_out(enclosures: Iterable[Enclosure], html: str) -> tuple[list[Enclosure], list[Enclosure]]:
    """Those that the HTML shows, and those that are files."""
    inline: list[Enclosure] = []
    files: list[Enclosure] = []
    for one in enclosures:
        content_id = threads.clean_id(one.content_id)
        (inline if content_id and f"cid:{content_id}" in html else files).append(one)
    return inline, files


def _encoding(text: str) -> str:
    """Latin text stays readable in the raw mail; what would be mostly escapes goes as base 64."""
    escaped = sum(1 for letter in text if not letter.isascii())
    return "base64" if escaped * 6 > len(text) else "quoted-printable"


def _media_type(enclosure: Enclosure) -> tuple[str, str]:
    main, _, sub = enclosure.content_type.partition(";")[0].strip().lower().partition("/")
    token = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,120}")
    if main in {"multipart", "message"} or not (token.fullmatch(main) and token.fullmatch(sub)):
        return "application", "octet-stream"
    return main, sub


def _filename(enclosure: Enclosure) -> str:
    name = clean_line(enclosure.filename).replace("/", "_").replace("\\", "_").replace('"', "'")
    return name[-150:] or "file"
