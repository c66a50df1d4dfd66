"""Unpacks winmail.dat, in which Outlook hides text and files from everybody who does not use Outlook.

Layout after Microsoft's [MS-OXTNEF] and, for compressed RTF, [MS-OXRTFCP].
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.mail.charset import clean, decode

_SIGNATURE = 0x223E9F78
_BODY, _MAPI_PROPS, _CODEPAGE = 0x800C, 0x9003, 0x9007
_ATTACH_RENDER, _ATTACH_TITLE, _ATTACH_DATA, _ATTACH_PROPS = 0x9002, 0x8010, 0x800F, 0x9005
_PR_BODY, _PR_HTML, _PR_RTF = 0x1000, 0x1013, 0x1009
_PR_DATA, _PR_FILENAME, _PR_LONG_FILENAME, _PR_MIME = 0x3701, 0x3704, 0x3707, 0x370E
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_MAX_ITEMS = 2_000


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Contents of one winmail.dat: plain and HTML body ("" when absent) and files as (name, bytes, content type)."""

    body: str
    html: str
    files: tuple[tuple[str | None, bytes, str], ...]


def read_tnef(data: bytes) -> Unpacked | None:
    """Unpacks TNEF; None when the data is none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    found = _Found()
    for attribute, value in _attributes(data):
        found.take(attribute, value)
    return Unpacked(
        found.body, found.html, tuple(_file(item, found.codepage) for item in found.files if item.get("data"))
    )


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(_MAX_ITEMS):
        if at + 9 > len(data):
            return
        _, attribute, length = struct.unpack_from("<BII", data, at)
        yield attribute & 0xFFFF, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


@dataclass(slots=True)
class _Found:
    """What was read so far; a file's attributes follow the one that announces it."""

    codepage: str = "cp1252"
    body: str = ""
    html: str = ""
    files: list[dict[str, bytes]] = field(default_factory=list)

    def take(self, attribute: int, value: bytes) -> None:
        """Notes one attribute."""
        if attribute == _CODEPAGE and len(value) >= 4:
            self.codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            self.body = _text(value, self.codepage)
        elif attribute == _MAPI_PROPS:
            self.body, self.html = _message_texts(_properties(value), self.codepage, self.body, self.html)
        elif attribute == _ATTACH_RENDER:
            self.files.append({})
        elif self.files:
            self._take_of_file(attribute, value)

    def _take_of_file(self, attribute: int, value: bytes) -> None:
        if attribute == _ATTACH_TITLE:
            self.files[-1].setdefault("name", value)
        elif attribute == _ATTACH_DATA:
            self.files[-1]["data"] = value
        elif attribute == _ATTACH_PROPS:
            self.files[-1] |= _file_properties(_properties(value))


def _text(value: bytes, codepage: str) -> str:
    value = value.rstrip(b"\x00")
    return clean(decode(value, codepage)[0])


def _message_texts(found: dict[int, tuple[int, bytes]], codepage: str, body: str, html: str) -> tuple[str, str]:
    if _PR_BODY in found:
        body = _string(found[_PR_BODY], codepage)
    if _PR_HTML in found:
        html = _string(found[_PR_HTML], codepage)
    if not body and not html and _PR_RTF in found:
        body = rtf_text(decompress_rtf(found[_PR_RTF][1]))
    return body, html


def _string(typed: tuple[int, bytes], codepage: str) -> str:
    kind, value = typed
    return clean(value.decode("utf-16-le", "replace").rstrip("\x00")) if kind == 0x1F else _text(value, codepage)


def _file_properties(found: dict[int, tuple[int, bytes]]) -> dict[str, bytes]:
    item: dict[str, bytes] = {}
    for key, name in ((_PR_FILENAME, "name"), (_PR_LONG_FILENAME, "name"), (_PR_MIME, "kind")):
        if key in found:
            kind, value = found[key]
            item[name] = value.decode("utf-16-le", "replace").encode() if kind == 0x1F else value
    if _PR_DATA in found and found[_PR_DATA][1]:
        item["data"] = found[_PR_DATA][1]
    return item


def _file(item: dict[str, bytes], codepage: str) -> tuple[str | None, bytes, str]:
    name = _text(item.get("name", b""), "utf-8" if _is_utf8(item.get("name", b"")) else codepage)
    kind = item.get("kind", b"").rstrip(b"\x00").decode("ascii", "replace").lower()
    return name or None, item["data"], kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else "application/octet-stream"


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """MAPI properties by id: (type, bytes). What cannot be read ends the list."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        count = min(struct.unpack_from("<I", data)[0], _MAX_ITEMS)
        at = 4
        for _ in range(count):
            kind, key = struct.unpack_from("<HH", data, at)
            at += 4
            if key >= 0x8000:
                at = _skip_name(data, at)
            at = _read_values(data, at, kind, key, found)
    except struct.error:
        return found
    return found


def _skip_name(data: bytes, at: int) -> int:
    kind = struct.unpack_from("<I", data, at + 16)[0]
    if kind == 0:
        return at + 24
    length = struct.unpack_from("<I", data, at + 20)[0]
    return at + 24 + _padded(length)


def _padded(length: int) -> int:
    return length + (-length % 4)


def _read_values(data: bytes, at: int, kind: int, key: int, found: dict[int, tuple[int, bytes]]) -> int:
    many, plain = kind & 0x1000, kind & 0x0FFF
    variable = plain in {0x0D, 0x1E, 0x1F, 0x102}
    count = 1
    if many or variable:
        count = min(struct.unpack_from("<I", data, at)[0], _MAX_ITEMS)
        at += 4
    for _ in range(count):
        if variable:
            length = struct.unpack_from("<I", data, at)[0]
            value = data[at + 4 : at + 4 + length]
            at += 4 + _padded(length)
            value = value[16:] if plain == 0x0D else value
        else:
            length = _FIXED.get(plain, 4)
            value = data[at : at + length]
            at += length
        found.setdefault(key, (plain, value))
    return at


_RTF_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbol"
    b"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompress_rtf(data: bytes) -> bytes:
    """RTF of a PR_RTF_COMPRESSED value; b"" when it is broken."""
    if len(data) < 16:
        return b""
    _, raw_size, magic, _ = struct.unpack_from("<IIII", data)
    if magic == 0x414C454D:
        return data[16 : 16 + raw_size]
    return _inflate(data, min(raw_size, _MAX_RTF)) if magic == 0x75465A4C else b""


def _inflate(data: bytes, limit: int) -> bytes:
    """The LZ of [MS-OXRTFCP]: bits of a control byte say "literal" or "reference into the last 4096 bytes"."""
    out = bytearray(_RTF_DICTIONARY)
    begin = len(out)
    at = 16
    while at < len(data) and len(out) - begin < limit:
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 1 >= len(data):
                return bytes(out[begin:])
            offset, length = (data[at] << 4) | (data[at + 1] >> 4), (data[at + 1] & 15) + 2
            at += 2
            back = (len(out) - offset) % 4096
            if back == 0:  # a reference to the place of writing ends the stream
                return bytes(out[begin:])
            for _ in range(length):
                out.append(out[-back] if back <= len(out) else 0)
    return bytes(out[begin:])


_MAX_RTF = 5_000_000
_RTF_TOKEN = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d+)\s?\??|\\([a-z]+)(-?\d+)? ?|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
_RTF_HIDDEN = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "generator", "htmltag"}
_RTF_SPACE = {"par": "\n", "line": "\n", "tab": "\t"}


def rtf_text(data: bytes) -> str:
    """The words of an RTF document, without its tables of fonts, colours and styles."""
    text = data[:2_000_000].decode("latin-1")
    codepage = found[1] if (found := re.search(r"\\ansicpg(\d+)", text)) else "1252"
    out: list[str] = []
    hidden = [False]
    for token in _RTF_TOKEN.finditer(text):
        byte, code, word, _, symbol, brace, plain = token.groups()
        if brace:
            hidden = [*hidden, hidden[-1]][:200] if brace == "{" else hidden[:-1] or [False]
        elif word in _RTF_HIDDEN or symbol == "*":
            hidden[-1] = True
        elif not hidden[-1]:
            out.append(_rtf_piece(byte, code, word, symbol, plain))
    return clean(
        re.sub(
            r"(?:\x00[0-9a-fA-F]{2})+",
            lambda run: decode(bytes.fromhex(run[0].replace("\x00", "")), f"cp{codepage}")[0],
            "".join(out),
        )
    ).strip()


def _rtf_piece(byte: str | None, code: str | None, word: str | None, symbol: str | None, plain: str | None) -> str:
    """Text of one token; bytes stay marked by NUL, to be decoded together with their neighbours."""
    if byte:
        return f"\x00{byte}"
    if code:
        return chr(int(code) % 65_536)
    if word:
        return _RTF_SPACE.get(word, "")
    return plain or (symbol if symbol in {"\\", "{", "}"} else "") or ""
