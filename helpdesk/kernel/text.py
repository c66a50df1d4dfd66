"""Text as people write it: NFC everywhere, lines without control characters, previews that do not cut a letter."""

import re
import unicodedata
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACES: Final = re.compile(r"\s+")
_BIDI_CONTROLS: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_ADDRESS: Final = re.compile(r"[^\s@<>\"(),;:\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")
_KANA: Final = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")

_JOINER: Final = "\u200d"

LANGUAGES: Final = ("en", "ko", "ja")
"""The languages that pages and mails exist in."""


def clean(text: str) -> str:
    r"""NFC, line ends as `\n`, no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def clean_line(text: str) -> str:
    """One line: as `clean`, white space folded, nothing that would turn the direction of what stands around it."""
    return _SPACES.sub(" ", clean(_BIDI_CONTROLS.sub("", text))).strip()


def preview(text: str, length: int = 120) -> str:
    """The beginning of a text on one line, at most `length` characters, cut with an ellipsis."""
    line = clean_line(text[:10_000])
    if len(line) <= length:
        return line
    end = length - 1
    while end and (_belongs_to_what_precedes(line[end]) or line[end - 1] == _JOINER):
        end -= 1
    return line[:end].rstrip() + "…"


def _belongs_to_what_precedes(character: str) -> bool:
    """Whether a character is part of the letter before it: an accent, a vowel sign, a variation, a joined emoji."""
    return (
        character == _JOINER
        or unicodedata.category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def is_address(text: str) -> bool:
    """Whether a text could be an e-mail address. Existence is for mail to find out."""
    if len(text) > 254 or ".." in text:
        return False
    local, _, domain = text.rpartition("@")
    return (
        _ADDRESS.fullmatch(text) is not None and not local.startswith(".") and not local.endswith(".") and bool(domain)
    )


def normal_address(text: str) -> str:
    """The form in which addresses are compared: NFC, lower case."""
    return unicodedata.normalize("NFC", text.strip()).lower()


def language_of(text: str, default: str = "en") -> str:
    """The language a text is written in, as far as its script tells: ko, ja, or the default."""
    hangul, kana = len(_HANGUL.findall(text)), len(_KANA.findall(text))
    if not hangul and not kana:
        return default
    return "ko" if hangul >= kana else "ja"


def supported_language(tag: str | None, default: str = "en") -> str:
    """The language of ours that serves a BCP 47 tag such as `ko-KR`."""
    primary = (tag or "").replace("_", "-").split("-", 1)[0].lower()
    return primary if primary in LANGUAGES else default
