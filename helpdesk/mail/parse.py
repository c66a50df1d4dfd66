"""Reads a raw mail into `InboundMail`, whatever is wrong with it: the only door through which bytes become words."""

import re
from dataclasses import dataclass, field

from helpdesk.mail import html as markup
from helpdesk.mail import machines
from helpdesk.mail.charset import clean, decode
from helpdesk.mail.headers import (
    Header,
    charset_parameter,
    decode_value,
    lenient_base64,
    message_ids,
    parse_addresses,
    parse_date,
    read_header,
    safe_filename,
)
from helpdesk.mail.mime import Part, parse_tree, uu_files
from helpdesk.mail.model import Attachment, CalendarInvite, InboundMail, Language, Mailbox, Protection
from helpdesk.mail.reply import forwarded_author, new_text

MAX_RAW = 60_000_000
"""Bytes; SES takes 40 MB. What stands beyond is not read."""
MAX_TEXT = 2_000_000
"""Characters of readable text."""
MAX_PROBLEMS = 20
_LARGE_IMAGE = 20_000
_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "x-delivered-to",
    "x-rcpt-to",
    "x-real-to",
)


@dataclass(slots=True)
class _Body:
    """What was gathered of a mail on the way through its parts."""

    blocks: list[tuple[str | None, str | None]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    calendar: CalendarInvite | None = None
    protection: Protection = "none"
    problems: list[str] = field(default_factory=list)
    unwrapped: int = 0


def parse_mail(raw: bytes) -> InboundMail:
    """What one raw mail says.

    Never raises: a mail that cannot be read at all yields its bytes as text, with the reason in `problems`. Work and memory
    are bounded by the size of the mail; nesting, parts, headers and texts by constants of this package.
    """
    try:
        return _parse(bytes(raw[:MAX_RAW]), len(raw))
    except Exception as broken:  # noqa: BLE001 -- the promise: a mail that breaks the reader becomes a ticket, not an error
        return _unreadable(bytes(raw[:200_000]), len(raw), type(broken).__name__)


def _parse(raw: bytes, size: int) -> InboundMail:
    root, problems = parse_tree(raw)
    body = _Body(problems=problems)
    _collect(root, body)
    if size > MAX_RAW:
        body.problems.append("the mail is too large; its end was not read")
    return _assemble(root, body, size)


def _unreadable(raw: bytes, size: int, why: str) -> InboundMail:
    text = clean(raw.decode("utf-8", "replace"))[:MAX_TEXT]
    empty = Header(())
    body = _Body(blocks=[(text, None)], problems=[f"the mail could not be read ({why})"])
    return _build(empty, body, (text, None), machines.Machine(), size)


def _assemble(root: Part, body: _Body, size: int) -> InboundMail:
    header = root.header
    from_ = _author(header)
    texts = _texts(body)
    machine = machines.classify(root, from_, header.text("subject"), _return_path(header), texts[0])
    return _build(header, body, texts, machine, size)


def _build(
    header: Header, body: _Body, texts: tuple[str, str | None], machine: machines.Machine, size: int
) -> InboundMail:
    text, html = texts
    safe, remote = _sanitized(html, body.problems)
    subject = re.sub(r"\s+", " ", header.text("subject")).strip()[:2_000]
    in_reply_to = message_ids(header.text("in-reply-to"))
    references = message_ids(header.text("references"))
    to, cc = parse_addresses(header.every_structured("to")), parse_addresses(header.every_structured("cc"))
    delivered = _delivered(header)
    files = _placed(_without_empty(body, text), html)
    reply_text, reply_html = _reply(text, html, safe, has_plain=any(plain is not None for plain, _ in body.blocks))
    return InboundMail(
        message_id=next(iter(message_ids(header.text("message-id"))), None),
        in_reply_to=next(iter(in_reply_to), None),
        references=tuple(dict.fromkeys((*references, *in_reply_to))),
        from_=_author(header),
        sender=next(iter(parse_addresses(header.every_structured("sender"))), None),
        reply_to=parse_addresses(header.every_structured("reply-to")),
        to=to,
        cc=cc,
        delivered_to=delivered,
        return_path=_return_path(header),
        subject=subject,
        date=parse_date(header.text("date")) if header.raw("date") else None,
        text=text,
        html=html,
        html_sanitized=safe,
        remote_images=remote,
        reply_text=reply_text,
        reply_html=reply_html,
        attachments=files,
        language=language_of(reply_text or subject),
        auto_submitted=machine.auto,
        auto_reason=machine.reason,
        vacation=machine.vacation,
        bounce=machine.bounce,
        feedback_report=machine.feedback,
        mailing_list=machine.mailing_list,
        list_id=machine.list_id,
        calendar=body.calendar,
        protection=body.protection,
        loop_marks=machine.loop_marks,
        ticket_numbers=_ticket_numbers(subject),
        address_tags=_address_tags((*(box.address for box in (*to, *cc)), *delivered)),
        forwarded_from=forwarded_author(subject, text),
        headers=tuple((name, header_text) for name, header_text in _all_headers(header)),
        size=size,
        problems=tuple(dict.fromkeys(body.problems))[:MAX_PROBLEMS],
    )


# Headers -------------------------------------------------------------------------------------------------------------


def _all_headers(header: Header) -> list[tuple[str, str]]:
    return [(name, decode_value(value, header.hints)[:10_000]) for name, value in header.fields[:300]]


def _author(header: Header) -> Mailbox | None:
    """The first author with a full address; some mails carry a broken From before the true one."""
    boxes = parse_addresses(header.every_structured("from"))
    return next((box for box in boxes if "@" in box.address), boxes[0] if boxes else None)


def _return_path(header: Header) -> str | None:
    raw = header.raw("return-path")
    if raw is None:
        return None
    boxes = parse_addresses([header.structured("return-path")])
    if boxes:
        return boxes[0].address or boxes[0].name
    return "" if b"<" in raw or not raw.strip() else None


def _delivered(header: Header) -> tuple[str, ...]:
    found = [
        box.address.lower()
        for name in _DELIVERED
        for box in parse_addresses(header.every_structured(name))
        if box.address
    ]
    return tuple(dict.fromkeys(found))


def _ticket_numbers(subject: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"#(\d{1,12})\b", subject)))


def _address_tags(addresses: tuple[str, ...]) -> tuple[str, ...]:
    tags = [local.partition("+")[2] for local in (address.partition("@")[0] for address in addresses)]
    return tuple(dict.fromkeys(tag for tag in tags if tag))


# Parts ---------------------------------------------------------------------------------------------------------------


def _collect(part: Part, body: _Body) -> None:
    """Sorts a part and its children into text and files. Depth is bounded by the tree's own limit."""
    match part.kind:
        case "multipart/alternative":
            _collect_alternatives(part, body)
        case "multipart/signed":
            body.protection = "signed" if body.protection == "none" else body.protection
            _collect_all(part, body)
        case "multipart/encrypted":
            body.protection = "encrypted"
            _collect_all(part, body)
        case kind if kind.startswith("multipart/"):
            _collect_all(part, body)
        case _:
            _collect_leaf(part, body)


def _collect_all(part: Part, body: _Body) -> None:
    for child in part.children:
        _collect(child, body)


def _collect_alternatives(part: Part, body: _Body) -> None:
    """Of alternatives the plain text and the richest HTML are one block; files of all of them are kept."""
    plains: list[str] = []
    htmls: list[str] = []
    for child in part.children:
        inner = _Body(protection=body.protection, unwrapped=body.unwrapped)
        _collect(child, inner)
        plain = "\n\n".join(text for text, _ in inner.blocks if text is not None)
        rich = "".join(html if html is not None else markup.from_text(text or "") for text, html in inner.blocks)
        if any(html is not None for _, html in inner.blocks):
            htmls.append(rich)
            plains += [plain] if plain.strip() else []
        elif inner.blocks:
            plains.append(plain)
        body.files += inner.files
        body.calendar = body.calendar or inner.calendar
        body.protection = inner.protection
        body.problems += inner.problems
    chosen_plain = next((text for text in plains if text.strip()), plains[0] if plains else None)
    chosen_html = next((text for text in reversed(htmls) if text.strip()), htmls[-1] if htmls else None)
    if chosen_plain is not None or chosen_html is not None:
        body.blocks.append((chosen_plain, chosen_html))


def _collect_leaf(part: Part, body: _Body) -> None:
    if part.kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"} and _collect_signed(part, body):
        return
    if (
        part.kind in {"application/ms-tnef", "application/vnd.ms-tnef"}
        or (part.filename or "").lower() == "winmail.dat"
    ):
        _collect_tnef(part, body)
        return
    if _is_text(part):
        _collect_text(part, body)
        return
    if part.kind == "text/calendar":
        _collect_calendar(part, body)
    if part.kind == "application/pgp-encrypted":
        body.protection = "encrypted"
    _keep(part, body)


def _is_text(part: Part) -> bool:
    if part.kind not in {
        "text/plain",
        "text/html",
        "text/enriched",
        "text/richtext",
        "text/x-amp-html",
        "text/markdown",
        "text/x-markdown",
    }:
        return False
    if part.disposition.value == "attachment":
        return False
    return not part.filename or (part.depth == 0 and not part.disposition.value)


def _collect_text(part: Part, body: _Body) -> None:
    data = part.content()
    if part.kind == "text/plain" and b"begin " in data:
        data = _without_uu_files(data, body)
    declared = charset_parameter(part.type) or (_meta_charset(data) if part.kind == "text/html" else None)
    text, problem = decode(data[: MAX_TEXT * 4], declared or part.type.get("charset"), part.header.hints)
    if problem:
        body.problems.append(problem)
    text = clean(text)
    match part.kind:
        case "text/html":
            body.blocks.append((None, _lifted_images(text, body)))
        case "text/x-amp-html":
            return
        case "text/enriched" | "text/richtext":
            body.blocks.append((_unenriched(text), None))
        case _:
            if (part.type.get("format") or "").lower() == "flowed":
                text = _unflowed(text, delete_space=(part.type.get("delsp") or "").lower() == "yes")
            body.blocks.append((text, None))


def _lifted_images(html: str, body: _Body) -> str:
    """Makes files of large images that are written into the HTML itself, shown by `cid:` like all others."""
    if "base64," not in html or len(html) < _LARGE_IMAGE:
        return html

    def lifted(found: re.Match[str]) -> str:
        content = lenient_base64(found[2].encode("ascii", "ignore"))
        name = f"image-{len(body.files) + 1}.{found[1].lower().replace('jpeg', 'jpg')}"
        body.files.append(
            Attachment(name, f"image/{found[1].lower()}", len(content), False, f"{name}@in-html", content)
        )
        return f"cid:{name}@in-html"

    return re.sub(rf"data:image/(png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]{{{_LARGE_IMAGE},}})", lifted, html)


def _without_uu_files(data: bytes, body: _Body) -> bytes:
    kept: list[bytes] = []
    at = 0
    for name, content, start, end in uu_files(data):
        kept.append(data[at:start])
        at = end
        filename = safe_filename(decode(name.encode("utf-8", "replace"))[0])
        body.files.append(Attachment(filename, "application/octet-stream", len(content), False, None, content))
    return b"".join([*kept, data[at:]])


def _meta_charset(data: bytes) -> str | None:
    found = re.search(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{2,40})", data[:8_000], re.IGNORECASE)
    return found[1].decode("ascii") if found else None


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Joins the soft line breaks of format=flowed (RFC 3676); quoted lines stay as they are."""
    out: list[str] = []
    soft = False
    for line in text.split("\n"):
        current = line.removeprefix(" ")
        if soft and not current.startswith(">"):
            out[-1] = (out[-1][:-1] if delete_space else out[-1]) + current
        else:
            out.append(current)
        soft = current.endswith(" ") and current != "-- " and not current.startswith(">")
    return "\n".join(out)


def _unenriched(text: str) -> str:
    text = re.sub(r"<param>.*?</param>", "", text, flags=re.IGNORECASE | re.DOTALL)
    text = re.sub(r"</?[A-Za-z][\w-]*>", "", text).replace("<<", "<")
    return re.sub(r"\n(\n*)", lambda found: found[1] or " ", text)


def _keep(part: Part, body: _Body) -> None:
    content = part.content()
    filename = part.filename
    if filename is None:
        filename = _name_of_mail(content) if part.kind == "message/rfc822" else _name_in_id(part.content_id)
    if not content.strip() and filename is None and part.disposition.value != "attachment":
        return
    body.files.append(Attachment(filename, part.kind, len(content), False, part.content_id, content))


def _name_in_id(content_id: str | None) -> str | None:
    """The file name that many mail programs use as the first half of a Content-ID ("image001.png@01DB.2A")."""
    local = (content_id or "").partition("@")[0]
    return safe_filename(local) if re.fullmatch(r"[^\s@]+\.[A-Za-z0-9]{1,5}", local) else None


def _name_of_mail(content: bytes) -> str | None:
    header, _ = read_header(content, 0, min(len(content), 100_000))
    subject = safe_filename(re.sub(r"[<>:\"|?*]", "_", header.text("subject"))[:100])
    return f"{subject}.eml" if subject else None


def _collect_calendar(part: Part, body: _Body) -> None:
    from helpdesk.mail.calendar import read_invite  # noqa: PLC0415 -- few mails have one

    text, _ = decode(part.content()[:500_000], charset_parameter(part.type) or "utf-8")
    body.calendar = body.calendar or read_invite(clean(text), part.type.get("method"))


def _collect_signed(part: Part, body: _Body) -> bool:
    """Puts the real content of an opaque-signed mail in place of its wrapping; False when there is none to read."""
    from helpdesk.mail.smime import signed_content  # noqa: PLC0415 -- asn1crypto is loaded for S/MIME alone

    if body.unwrapped >= 3:
        return False
    content = signed_content(part.content())
    if content is None:
        body.protection = "encrypted" if (part.type.get("smime-type") or "").lower() != "signed-data" else "signed"
        return False
    body.unwrapped += 1
    body.protection = "signed"
    inner, problems = parse_tree(content)
    body.problems += problems
    _collect(inner, body)
    return True


def _collect_tnef(part: Part, body: _Body) -> None:
    from helpdesk.mail.tnef import read_tnef  # noqa: PLC0415 -- Outlook's private format is rare

    content = part.content()
    unpacked = read_tnef(content)
    if unpacked is None:
        _keep(part, body)
        return
    for name, data, kind in unpacked.files:
        body.files.append(Attachment(safe_filename(name), kind, len(data), False, None, data))
    if not unpacked.files and not unpacked.body and not unpacked.html:
        _keep(part, body)
    if not any((plain or "").strip() or html for plain, html in body.blocks) and (unpacked.body or unpacked.html):
        body.blocks.append((unpacked.body or None, unpacked.html or None))


def _without_empty(body: _Body, text: str) -> list[Attachment]:
    """Leaves out files that are named but empty, unless the mail has nothing else."""
    empty = [item for item in body.files if item.filename and not item.content.strip()]
    if not empty or (not text.strip() and len(empty) == len(body.files)):
        return body.files
    body.problems += [f"the attached file {item.filename} is empty and left out" for item in empty]
    return [item for item in body.files if item not in empty]


def _placed(files: list[Attachment], html: str | None) -> tuple[Attachment, ...]:
    """Marks those files inline that the HTML shows."""
    shown = markup.referenced_ids(html) if html and "cid:" in html.lower() else frozenset()
    return tuple(
        Attachment(item.filename, item.content_type, item.size, True, item.content_id, item.content)
        if item.content_id and item.content_id.lower() in shown
        else item
        for item in files
    )


# Texts ---------------------------------------------------------------------------------------------------------------


def _texts(body: _Body) -> tuple[str, str | None]:
    """The readable text and the HTML of all blocks in order."""
    has_html = any(html is not None for _, html in body.blocks)
    texts = [
        plain if plain is not None and (plain.strip() or html is None) else markup.to_text(html or "")
        for plain, html in body.blocks
    ]
    text = "\n\n".join(part.strip("\n") for part in texts if part.strip())[:MAX_TEXT]
    if not has_html:
        return text, None
    html = "\n".join(
        html if html is not None else markup.from_text(plain or "") for plain, html in body.blocks if (html or plain)
    )
    html, problem = markup.bounded(html)
    body.problems += [problem] if problem else []
    return text, html


def _sanitized(html: str | None, problems: list[str]) -> tuple[str | None, bool]:
    if html is None:
        return None, False
    try:
        return markup.sanitize(html)
    except Exception:  # noqa: BLE001 -- HTML that cannot be made safe is shown as text
        problems.append("the HTML could not be made safe and is left out")
        return None, False


def _reply(text: str, html: str | None, safe: str | None, *, has_plain: bool) -> tuple[str, str | None]:
    """What is new, in text and HTML."""
    if html is None:
        return new_text(text), None
    trimmed = markup.without_history(html)
    reply_html = markup.sanitize(trimmed)[0] if trimmed is not None else safe
    if has_plain:
        return new_text(text), reply_html
    return new_text(markup.to_text(trimmed) if trimmed is not None else text), reply_html


_LETTERS: tuple[tuple[Language, str], ...] = (("ko", r"[가-힣ㄱ-ㅎ]"), ("ja", r"[ぁ-ゖァ-ヺ]"), ("zh", r"[一-鿿]"))
_ENGLISH = re.compile(
    r"\b(?:the|and|is|are|you|your|my|we|to|of|for|please|hello|hi|thanks?|not|have|with|this|that|it|can)\b",
    re.IGNORECASE,
)


def language_of(text: str) -> Language | None:
    """The language by script, English by its small words; None when neither tells."""
    sample = text[:4_000]
    letters = len(re.findall(r"[^\W\d_]", sample)) or 1
    for language, pattern in _LETTERS:
        share = len(re.findall(pattern, sample)) / letters
        if share > (0.08 if language == "ja" else 0.15):
            return language
    words = re.findall(r"[A-Za-z']+", sample)
    return (
        "en"
        if words and len(_ENGLISH.findall(sample)) / len(words) > 0.12 and sample.isascii() | (len(words) > 10)
        else None
    )


__all__ = ["Mailbox", "language_of", "parse_mail"]
