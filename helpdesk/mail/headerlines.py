"""Header lines that mean what they should, whatever they are made of: ASCII, folded, encoded words cut between letters.

The standard library folds headers too, but breaks long ids into encoded words and has changed its mind between releases.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Final

from helpdesk.kernel.text import clean_line

LINE: Final = 76
_WORD_BYTES: Final = 45
"""Bytes in one encoded word: 60 letters of base 64 and 12 around them stay below the 75 of RFC 2047."""
_PLAIN: Final = re.compile(r"[\x20-\x7e]*")


def text_line(name: str, text: str) -> str:
    """An unstructured header such as Subject."""
    line = clean_line(text)
    plain = _PLAIN.fullmatch(line) and "=?" not in line and max(map(len, line.split(" "))) < LINE
    return _folded(name, line.split(" ") if plain else _encoded_words(line))


def address_line(name: str, display_name: str | None, address: str) -> str:
    """A header with one address, which the caller has checked to be one."""
    return addresses_line(name, [(display_name, address)])


def addresses_line(name: str, people: Iterable[tuple[str | None, str]]) -> str:
    """A header with addresses, which the caller has checked to be such, and the names of whom they belong to."""
    each = [_address(display_name, address) for display_name, address in people]
    pieces = [piece for *words, last in each[:-1] for piece in (*words, f"{last},")]
    return _folded(name, pieces + each[-1])


def _address(display_name: str | None, address: str) -> list[str]:
    """One address in pieces that lines may be broken between."""
    shown = clean_line(display_name or "")[:200]
    if not shown:
        return [f"<{address}>"]
    if _PLAIN.fullmatch(shown) and "=?" not in shown and len(shown) < LINE - 12:
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{quoted}"', f"<{address}>"]
    return [*_encoded_words(shown), f"<{address}>"]


def ids_line(name: str, message_ids: Iterable[str]) -> str:
    """A header of Message-IDs, given without brackets; ids are never broken."""
    return _folded(name, [f"<{message_id}>" for message_id in message_ids])


def _folded(name: str, pieces: Iterable[str]) -> str:
    lines = [f"{name}:"]
    for piece in pieces:
        first_of_all = lines == [f"{name}:"]
        if len(lines[-1]) + 1 + len(piece) > LINE and not first_of_all:
            lines.append("")
        lines[-1] += f" {piece}"
    return "\r\n".join(lines) + "\r\n"


def _encoded_words(text: str) -> Iterator[str]:
    taken = b""
    for letter in text:
        encoded = letter.encode()
        if len(taken) + len(encoded) > _WORD_BYTES:
            yield _encoded_word(taken)
            taken = b""
        taken += encoded
    yield _encoded_word(taken)


def _encoded_word(content: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(content).decode('ascii')}?="
