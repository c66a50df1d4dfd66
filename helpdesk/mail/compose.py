"""Makes a mail of a letter: RFC 5322 bytes with text and HTML from one template, and headers that nobody's name can bend."""

import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.text import clean, clean_line
from helpdesk.mail import threads
from helpdesk.mail.headerlines import address_line, addresses_line, ids_line, text_line
from helpdesk.mail.letters import Answered, Enclosure, Kind, Letter
from helpdesk.mail.model import OWN_LOOP_HEADER

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

TEMPLATES: Final = Path(__file__).parent / "templates"
LONGEST_SUBJECT: Final = 250
LONGEST_NAME: Final = 80
MAX_REFERENCES: Final = 12

_POLICY: Final = SMTP.clone(cte_type="7bit")
_AUTO_SUBMITTED: Final = {Kind.ACKNOWLEDGEMENT: "auto-replied"}
_REPLY_MARKS: Final = re.compile(
    r"^(?:(?:re|aw|fwd?|fw|答复|回复|답장|회신|返信)\s*(?:\[\d+\])?\s*[::]\s*)+", re.IGNORECASE
)
_LOOKS_LIKE_LINK: Final = re.compile(r"://|www\.|@", re.IGNORECASE)


def compose(letter: Letter) -> bytes:
    """A letter as the mail that is sent.

    Raises:
        Invalid: sender or recipient takes no mail (`threads.takes_mail`).
    """
    if not all(threads.takes_mail(party.address) for party in (letter.sender, letter.recipient, *letter.copies)):
        raise Invalid("Mail cannot be sent to or from this address.")
    text, html = render(letter)
    return "".join(_header_lines(letter)).encode("ascii") + _body(letter, text, html)


def render(letter: Letter) -> tuple[str, str]:
    """A letter's text and HTML."""
    template = f"{letter.language}/{letter.kind}.j2"
    shown = {
        "letter": letter,
        "d": letter.details,
        "name": greeting_name(letter.recipient.name),
        "number": f"#{letter.number}",
        "subject": clean_line(letter.subject)[:LONGEST_SUBJECT],
        "words": f"{letter.language}/words.j2",
    }
    text = _environment("txt").get_template(template).render(shown)
    html = _environment("html").get_template(template).render(shown)
    return re.sub(r"\n{3,}", "\n\n", clean(text)).strip() + "\n", clean(html)


def subject_line(letter: Letter) -> str:
    """`[#1042] Subject`, with `Re:` before it when an agent answers; marks of earlier rounds are dropped.

    >>> re.sub(_REPLY_MARKS, "", "Re: AW: hello")
    'hello'
    """
    number = f"[#{letter.number}]"
    bare = clean_line(letter.subject).replace(number, " ").strip()
    bare = clean_line(_REPLY_MARKS.sub("", bare))[:LONGEST_SUBJECT]
    line = f"{number} {bare}".rstrip()
    return f"Re: {line}" if letter.kind is Kind.REPLY else line


def greeting_name(name: str | None) -> str:
    """How somebody is greeted; empty when what they call themselves is no name (strangers' links are not passed on)."""
    shown = clean_line(name or "")
    return "" if _LOOKS_LIKE_LINK.search(shown) else shown[:LONGEST_NAME]


# --- headers ---------------------------------------------------------------------------------------------------------


def _header_lines(letter: Letter) -> Iterator[str]:
    domain = threads.domain_of(letter.sender.address)
    known = [threads.clean_id(known) for known in (*letter.references, letter.in_reply_to)]
    root = threads.root_id(letter.tag, domain)
    seen = list(dict.fromkeys(known_id for known_id in known if known_id))[-MAX_REFERENCES:]
    yield address_line("From", letter.sender.name, letter.sender.address)
    yield address_line("To", letter.recipient.name, letter.recipient.address)
    if letter.copies:
        yield addresses_line("Cc", [(party.name, party.address) for party in letter.copies])
    yield address_line("Reply-To", letter.sender.name, threads.reply_address(letter.sender.address, letter.tag))
    yield text_line("Subject", subject_line(letter))
    yield f"Date: {format_datetime(letter.at)}\r\n"
    yield ids_line("Message-ID", [threads.own_id(letter.id, letter.tag, domain)])
    answered = threads.clean_id(letter.in_reply_to)
    if answered is not None:
        yield ids_line("In-Reply-To", [answered])
    yield ids_line("References", [root, *seen])
    yield f"Content-Language: {letter.language}\r\n"
    yield f"{OWN_LOOP_HEADER}: {domain}\r\n"
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


# --- templates -------------------------------------------------------------------------------------------------------


@cache
def _environment(flavour: str) -> "SandboxedEnvironment":
    """Templates in one flavour, `html` or `txt`. Imported when the first mail is made: it costs more than the rest."""
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    from helpdesk.mail import typography  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=flavour == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    environment.globals.update(
        layout=f"layout.{flavour}.j2", parts=f"parts.{flavour}.j2", font=typography.font, answered_html=_answered_html
    )
    environment.filters.update(day=typography.day, moment=typography.moment, paragraphs=typography.paragraphs)
    return environment


def _answered_html(details: Answered) -> str:
    """An agent's words as HTML: their own, sanitised when they came, or made of the text."""
    from markupsafe import Markup  # noqa: PLC0415

    from helpdesk.mail import typography  # noqa: PLC0415

    if details.html:
        return Markup(details.html)  # noqa: S704 - `Message.html` is stored sanitised
    return typography.paragraphs(details.text)
