"""Reads the header of a mail or of one of its parts: folding, encoded words, addresses, parameters, dates, ids."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from helpdesk.mail.charset import clean, codec_of, decode
from helpdesk.mail.model import Mailbox

MAX_HEADER_BYTES = 256_000
"""Of one header block; what stands beyond is not read."""
MAX_HEADERS = 1_000
_MAX_STRANGE_LINES = 300
MAX_VALUE_BYTES = 64_000
MAX_ADDRESSES = 500
MAX_REFERENCES = 200

_FIELD = re.compile(rb"^([!-9;-~]{1,76})[ \t]*:[ \t]?(.*)$", re.DOTALL)
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_WELL_KNOWN = re.compile(
    rb"^(?:From|To|Cc|Subject|Date|MIME-Version|Content-[A-Za-z-]+|Message-ID|Return-Path|Received|Reply-To|In-Reply-To|References)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?(.{0,6000}?)\?=", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=)[ \t\r\n]+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_ANGLED = re.compile(r"<([^<>]*)>")
_BARE_ADDRESS = re.compile(r"(?<![^\s<>\"(),;:\[\]\\])[^\s<>\"(),;:\[\]\\@]++@[^\s<>\"(),;:\[\]\\]+")
_ID = re.compile(r"<\s*([^<>\s][^<>]{0,900}?)\s*>")
_BARE_ID = re.compile(r"(?<![^\s<>,;\"])[^\s<>,;\"@]{3,900}+@[^\s<>,;\"]{1,255}")
_UNSAFE_NAME = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of one header block in order, as raw unfolded bytes.

    Attributes:
        fields: (name as written, value); values are unfolded, not decoded.
        hints: charsets that decode 8-bit values, from the Content-Type of the block.
    """

    fields: tuple[tuple[str, bytes], ...]
    hints: tuple[str, ...] = ()

    def raw(self, name: str) -> bytes | None:
        """The first value of a field; None when absent."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)

    def text(self, name: str) -> str:
        """The first value of a field, decoded on one line; "" when absent."""
        value = self.raw(name)
        return "" if value is None else decode_value(value, self.hints)

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field, decoded, in order."""
        wanted = name.lower()
        return tuple(decode_value(value, self.hints) for key, value in self.fields if key.lower() == wanted)

    def structured(self, name: str) -> str:
        """The first value as text with its encoded words still in place: to be split before it is decoded."""
        value = self.raw(name)
        return "" if value is None else _as_text(value, self.hints)

    def every_structured(self, name: str) -> tuple[str, ...]:
        """All values of a field as `structured` gives them."""
        wanted = name.lower()
        return tuple(_as_text(value, self.hints) for key, value in self.fields if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class Parameters:
    """A value such as Content-Type or Content-Disposition: its first token in lower case and its parameters."""

    value: str
    items: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """A parameter by lower-case name; None when absent."""
        return next((value for key, value in self.items if key == name), None)


def read_header(raw: bytes, start: int, end: int) -> tuple[Header, int]:
    """The header block at `start` and where its body begins.

    Tolerates mbox lines, lines without a colon inside the block, and a body that follows without a blank line.
    """
    fields: list[tuple[str, bytearray]] = []
    at = start
    limit = min(end, start + MAX_HEADER_BYTES)
    strange = 0
    while at < limit:
        stop = raw.find(b"\n", at, end)
        stop = end if stop < 0 else stop + 1
        line = raw[at : min(stop, at + MAX_VALUE_BYTES)]
        bare = line.rstrip(b"\r\n")
        if not bare.strip(b" \t"):
            if fields or bare.strip() or at > start + 4:
                return _header(fields), stop
            at = stop  # blank lines before the first field
            continue
        kind = _take_line(fields, bare, is_first=at == start or not fields)
        strange += kind == "body"
        if kind == "body" and (strange > _MAX_STRANGE_LINES or not _goes_on(raw, stop, limit)):
            return _header(fields), at
        if kind == "body" and fields:
            fields[-1][1].extend(b" " + bare)
        at = stop
    return _header(fields), min(at, end)


def _take_line(fields: list[tuple[str, bytearray]], bare: bytes, *, is_first: bool) -> str:
    if bare[:1] in b" \t" and fields:
        value = fields[-1][1]
        if len(value) < MAX_VALUE_BYTES:
            value.extend(b"\n" + bare)
        return "field"
    if is_first and bare.startswith((b"From ", b">From ")):
        return "field"
    found = _FIELD.match(bare)
    if found is None:
        return "body"
    if len(fields) < MAX_HEADERS:
        fields.append((found[1].decode("ascii"), bytearray(found[2])))
    return "field"


def _goes_on(raw: bytes, at: int, end: int) -> bool:
    """Whether what follows a line without a colon is still header: a well-known field stands before the next blank line."""
    stop = min(end, at + 20_000)
    blank = _BLANK_LINE.search(raw, max(0, at - 2), stop)
    return _WELL_KNOWN.search(raw, at, blank.start() if blank else stop) is not None


def _header(fields: Sequence[tuple[str, bytearray]]) -> Header:
    rows = tuple((name, bytes(value)) for name, value in fields)
    plain = Header(rows)
    charset = parameters(plain.structured("content-type")).get("charset")
    return Header(rows, (charset,) if charset else ())


def _as_text(value: bytes, hints: Sequence[str]) -> str:
    unfolded = re.sub(rb"\r?\n(?=[ \t])", b"", value)
    declared = hints[0] if hints and b"+" in unfolded and codec_of(hints[0]) == "utf-7" else None
    text, _ = decode(unfolded, declared, hints)
    return clean(text).replace("\n", " ").strip()


def decode_value(value: bytes, hints: Sequence[str] = ()) -> str:
    """One line of readable text of an unstructured header value."""
    text = decode_words(_as_text(value, hints))
    return re.sub(r"[\n\t]+", " ", text).strip()


def decode_words(text: str) -> str:
    """Text with its encoded words (RFC 2047) decoded, however they are split, padded or glued to other text."""
    if "=?" not in text:
        return text
    text = _BETWEEN_WORDS.sub(r"\1", text)
    out: list[str] = []
    at = 0
    run: list[tuple[str, bytes]] = []
    for found in _WORD.finditer(text):
        if found.start() > at:
            out += [_decode_run(run), text[at : found.start()]]
            run = []
        charset, data = found[1].split("*", 1)[0], _word_bytes(found[2], found[3])
        if run and run[-1][0].lower() != charset.lower():
            out.append(_decode_run(run))
            run = []
        run.append((charset, data))
        at = found.end()
    out += [_decode_run(run), text[at:]]
    return clean("".join(out))


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "bB":
        return lenient_base64(payload.encode("ascii", "ignore"))
    return quopri.decodestring(payload.replace("_", " ").encode("utf-8", "replace"), header=False)


def _decode_run(run: Sequence[tuple[str, bytes]]) -> str:
    """Decodes neighbouring words together: senders split multi-byte characters between words."""
    if not run:
        return ""
    text, _ = decode(b"".join(data for _, data in run), run[0][0])
    return text


def lenient_base64(data: bytes) -> bytes:
    """Base64 with wrong padding, foreign characters, or several padded runs glued together."""
    padding = data.find(b"=")
    try:
        if padding < 0 or not data[padding:].strip(b"=\r\n \t-"):
            return base64.b64decode(data, validate=False)
    except (binascii.Error, ValueError):
        pass
    return _base64_runs(data)


def _base64_runs(data: bytes) -> bytes:
    out = bytearray()
    for run in re.split(rb"=+", re.sub(rb"[^A-Za-z0-9+/=]", b"", data.replace(b"-_", b""))):
        usable = run if len(run) % 4 != 1 else run[:-1]
        out += base64.b64decode(usable + b"=" * (-len(usable) % 4))
    return bytes(out)


def parameters(text: str) -> Parameters:
    """First token and parameters of a structured value, RFC 2231 continuations and charsets joined and decoded."""
    head, *rest = _split_parameters(text[:MAX_VALUE_BYTES])
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for item in rest[:200]:
        name, equals, value = item.partition("=")
        found = re.fullmatch(r"\s*([^\s*]{1,80})\s*(?:\*(\d{1,3}))?(\*)?\s*", name[:200])
        if not equals or found is None:
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = re.sub(r"\\([\"\\])", r"\1", value[1:-1])
        part = int(found[2]) if found[2] else -1
        pieces.setdefault(found[1].lower(), []).append(
            (part, bool(found[3]), value.strip("\"'") if part < 0 else value)
        )
    return Parameters(
        re.sub(r"\([^)]*\)", "", head).strip().strip("\"'").lower(),
        tuple((name, _join_parameter(parts)) for name, parts in pieces.items()),
    )


def _split_parameters(text: str) -> list[str]:
    """Pieces between semicolons that stand outside of quotes."""
    pieces = [""]
    quoted = False
    for piece in re.split(r'(\\.|"|;)', text):
        if piece == '"':
            quoted = not quoted
        if piece == ";" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += piece
    if quoted:  # a quote that never closes
        return text.replace('"', "").split(";")
    return pieces


def _join_parameter(parts: list[tuple[int, bool, str]]) -> str:
    simple = [part for part in parts if part[0] < 0]
    split = sorted((part for part in parts if part[0] >= 0), key=lambda part: part[0])
    chosen = split or [next((part for part in simple if part[1]), simple[0])]
    if not any(star for _, star, _ in chosen):
        return decode_words("".join(value for _, _, value in chosen))
    charset = ""
    data = bytearray()
    for at, (_, star, value) in enumerate(chosen):
        current = value
        if at == 0 and star and current.count("'") >= 2:
            charset, _, current = current.split("'", 2)
        data += unquote_to_bytes(current) if star else current.encode("utf-8", "replace")
    text, _ = decode(bytes(data), charset or None)
    return decode_words(clean(text))


def safe_filename(name: str | None) -> str | None:
    """A file's name without folders, control or direction-changing characters, at most 200 characters."""
    if not name:
        return None
    name = _UNSAFE_NAME.sub("", decode_words(name)).strip().strip('"')
    name = (
        re.split(r"[\\/]", name.rstrip("\\/"))[-1].strip()
        if re.match(r"^(?:[A-Za-z]:\\|/|\\\\|\.\.?[\\/])", name)
        else name
    )
    name = re.sub(r"[\\/]", "_", name)
    if len(name) > 200:
        stem, dot, suffix = name.rpartition(".")
        name = stem[: 199 - len(suffix)] + dot + suffix if dot and len(suffix) < 20 else name[:200]
    return (name.strip(". ") and name) or None


def parse_addresses(values: Iterable[str]) -> tuple[Mailbox, ...]:
    """All mailboxes of address headers given as structured text, groups flattened, in order."""
    found: list[Mailbox] = []
    for value in values:
        for piece in _joined_names(_split_addresses(value[:MAX_VALUE_BYTES])):
            mailbox = _mailbox(piece)
            if mailbox is not None and len(found) < MAX_ADDRESSES:
                found.append(mailbox)
    return tuple(found)


def _joined_names(pieces: Sequence[str]) -> list[str]:
    """Puts names back together that hold an unquoted comma: "Doe, Jane <jane@example.com>" is one person."""
    out: list[str] = []
    waiting: list[str] = []
    for piece in pieces:
        if "@" not in piece and "<" not in piece and "=?" not in piece:
            waiting.append(piece)
        elif waiting and re.search(r"<[^<>]*@[^<>]*>", piece) and not piece.startswith("<"):
            out.append(", ".join([*waiting, piece]))
            waiting = []
        else:
            out += [*waiting, piece]
            waiting = []
    return [*out, *waiting]


def _split_addresses(text: str) -> list[str]:
    """Splits at commas and semicolons outside of quotes, angles and comments; drops group names."""
    pieces: list[str] = []
    current: list[str] = []
    quoted = False
    depth = angle = 0
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and quoted and at + 1 < len(text):
            current.append(text[at : at + 2])
            at += 2
            continue
        if char == '"' and not depth:
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (char == "(") - (char == ")"))
            angle = max(0, min(1, angle + (char == "<") - (char == ">")))
            if char in ",;" and not depth and not angle:
                pieces.append("".join(current))
                current = []
                at += 1
                continue
            if char == ":" and not depth and not angle and "@" not in "".join(current):
                current = []  # the name of a group, or a stray "mailto:"
                at += 1
                continue
        current.append(char)
        at += 1
    pieces.append("".join(current))
    if quoted and len(pieces) == 1 and text.count('"') % 2:  # a quote that never closes must not swallow the list
        return _split_addresses(text.replace('"', ""))
    return [piece for piece in (piece.strip() for piece in pieces) if piece]


def _mailbox(piece: str) -> Mailbox | None:
    angled = _ANGLED.findall(piece)
    address = next((text for text in reversed(angled) if "@" in text), angled[-1] if angled else "")
    if angled:
        name = _ANGLED.sub(" ", piece)
        name = re.sub(r"[<>]", " ", name) if not name.count('"') else name
    elif bare := _BARE_ADDRESS.search(decode_words(piece) if "=?" in piece and "@" not in piece else piece):
        address = bare[0]
        name = piece.replace(address, " ", 1)
    elif lone := re.fullmatch(r"([\w.+-]{2,64})\s*(\([^()]*\))?", piece, re.ASCII):
        return Mailbox(_display_name(lone[2] or "") or None, lone[1])
    else:
        address, name = "", piece
    address = _plain_address(address)
    label = _display_name(name)
    if not address and angled and angled[-1].strip():
        label = label or _display_name(angled[-1])
    return Mailbox(label or None, address) if address or label else None


def _plain_address(text: str) -> str:
    text = decode_words(text) if "=?" in text else text
    text = re.sub(r"^\s*mailto:", "", text, flags=re.IGNORECASE).strip().strip("'\"").strip()
    found = _BARE_ADDRESS.search(text) if not re.fullmatch(r'"[^"]*"@\S+', text) else None
    if found:
        return found[0].strip("'`.") if found[0].strip("'`.").count("@") else ""
    return (
        text.replace(" ", "")
        if re.fullmatch(r'("[^"]*"|[^\s@]+)@\S+', text.replace(" @", "@").replace("@ ", "@"))
        else ""
    )


def _display_name(text: str) -> str:
    text = text.strip().rstrip(",;").strip()
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text, re.DOTALL)
    if quoted:
        text = quoted[1]
    elif comment := re.fullmatch(r"\(((?:[^()\\]|\\.|\([^()]*\))*)\)", text, re.DOTALL):
        text = comment[1]
    text = decode_words(re.sub(r"\\(.)", r"\1", text) if "\\" in text else text)
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text[:500]


def message_ids(text: str) -> tuple[str, ...]:
    """The ids of a Message-ID, In-Reply-To or References value, without brackets, doubles dropped."""
    found = [match.strip() for match in _ID.findall(text[:MAX_VALUE_BYTES])]
    if not found:
        found = _BARE_ID.findall(text[:MAX_VALUE_BYTES])
    return tuple(dict.fromkeys(re.sub(r"\s+", "", item) for item in found))[-MAX_REFERENCES:]


def parse_date(text: str) -> datetime | None:
    """A Date header as aware UTC; None when it names no possible instant."""
    text = re.sub(r"\([^)]*\)", " ", text[:200]).strip()
    for guess in (text, re.sub(r"^\D{2,12}[,.]?\s+(?=\d)", "", text)):
        try:
            when = parsedate_to_datetime(guess)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return _iso_date(text)


def _iso_date(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def charset_parameter(content_type: Parameters) -> str | None:
    """The declared charset of a part, also when it hides in a malformed Content-Type; None when nothing usable."""
    name = content_type.get("charset")
    return name if name and codec_of(name) else None
