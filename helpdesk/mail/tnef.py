"""Unpacks winmail.dat, in which Outlook hides text and files from everybody who does not use Outlook.

Layout after Microsoft's [MS-OXTNEF] and, for compressed RTF, [MS-OXRTFCP].
"""

import re
import struct
from dataclasses import dataclass

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
    codepage = "cp1252"
    body = html = ""
    files: list[dict[str, bytes]] = []
    at = 6
    for _ in range(_MAX_ITEMS):
        if at + 9 > len(data):
            break
        _, attribute, length = struct.unpack_from("<BII", data, at)
        value = data[at + 9 : at + 9 + length]
        at += 9 + length + 2
        match attribute & 0xFFFF:
            case 0x9007 if len(value) >= 4:
                codepage = f"cp{struct.unpack_from('<I', value)[0]}"
            case 0x800C:
                body = _text(value, codepage)
            case 0x9003:
                body, html = _message_texts(_properties(value), codepage, body, html)
            case 0x9002:
                files.append({})
            case 0x8010 if files:
                files[-1].setdefault("name", value)
            case 0x800F if files:
                files[-1]["data"] = value
            case 0x9005 if files:
                files[-1] |= _file_properties(_properties(value))
            case _:
                continue
    return Unpacked(body, html, tuple(_file(item, codepage) for item in files if item.get("data")))


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
    if magic != 0x75465A4C:
        return b""
    window = bytearray(_RTF_DICTIONARY.ljust(4096, b"\x00"))
    write = len(_RTF_DICTIONARY)
    out = bytearray()
    at = 16
    limit = min(raw_size, 5_000_000)
    while at < len(data) and len(out) < limit:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data) or len(out) >= limit:
                break
            if not control >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                if at + 1 >= len(data):
                    return bytes(out)
                offset, length = (data[at] << 4) | (data[at + 1] >> 4), (data[at + 1] & 15) + 2
                at += 2
                if offset == write % 4096:
                    return bytes(out)
                piece = b""
                for step in range(length):
                    byte = window[(offset + step) % 4096 : (offset + step) % 4096 + 1]
                    window[write % 4096] = byte[0]
                    write += 1
                    piece += byte
                out += piece
                continue
            window[write % 4096] = piece[0]
            write += 1
            out += piece
    return bytes(out)


def rtf_text(data: bytes) -> str:
    """The words of an RTF document, without its tables of fonts, colours and styles."""
    text = data[:2_000_000].decode("latin-1")
    codepage = found[1] if (found := re.search(r"\\ansicpg(\d+)", text)) else "1252"
    out: list[str] = []
    hidden: list[bool] = [False]
    for token in re.finditer(
        r"\\'([0-9a-fA-F]{2})|\\u(-?\d+)\s?\??|\\([a-z]+)(-?\d+)? ?|\\(.)|([{}])|([^\\{}\r\n]+)", text
    ):
        byte, code, word, _, symbol, brace, plain = token.groups()
        if brace == "{":
            hidden.append(hidden[-1])
        elif brace == "}":
            hidden = hidden[:-1] or [False]
        elif word in {"fonttbl", "colortbl", "stylesheet", "info", "pict", "generator"} or symbol == "*":
            hidden[-1] = True
        elif hidden[-1]:
            continue
        elif byte:
            out.append(f"\x00{byte}")
        elif code:
            out.append(chr(int(code) % 65_536))
        elif word in {"par", "line"}:
            out.append("\n")
        elif word == "tab":
            out.append("\t")
        elif plain or symbol in {"\\", "{", "}"}:
            out.append(plain or symbol or "")
    joined = re.sub(
        r"(?:\x00[0-9a-fA-F]{2})+",
        lambda run: decode(bytes.fromhex(run[0].replace("\x00", "")), f"cp{codepage}")[0],
        "".join(out),
    )
    return clean(joined).strip()
