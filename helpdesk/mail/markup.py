"""The little language that mails are written in: one source, from which a mail's text and its HTML are both made.

Blocks stand apart by blank lines:

    # A heading                            #! A heading of alarm
    A paragraph with **weight** and a [link](https://example.com).
    - Label: value                         rows; those without a value are left out
    - an item of a list
    > what somebody wrote
    [Label](https://example.com)           alone: a button
    [1-5 Label](link) not at all | very    a scale to rate on
    ---                                    what follows is the foot of the mail

Values come in as marks (`Values.mark`), are put in place when the structure stands, and so can never become structure:
a requester whose name is `[click](https://evil.test)` is called just that.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote

from helpdesk.kernel.text import clean_line

OPEN, CLOSE = "\ue000", "\ue001"
"""Letters of the private use area around the number of a value; a template has none of its own."""
_MARK: Final = re.compile(f"{OPEN}(\\d+){CLOSE}")
_INLINE: Final = re.compile(r"\*\*(?P<strong>[^*\n]+)\*\*|\[(?P<label>[^\[\]\n]+)\]\((?P<target>[^()\s]+)\)")
_ALONE: Final = re.compile(r"\[(?P<label>[^\[\]\n]+)\]\((?P<target>[^()\s]+)\)")
_SCALE: Final = re.compile(
    r"\[1-5 (?P<label>[^\[\]\n]+)\]\((?P<target>[^()\s]+)\)\s*(?P<low>[^|\n]+)\|(?P<high>[^|\n]+)"
)
_ROW: Final = re.compile(r"(?P<label>[^::\n]{1,80})[::](?P<value>.*)")
_SAFE_TARGET: Final = re.compile(r"(?:https://[^\s/]+|mailto:[^\s]+|tel:[+\d-]+)")
_OWN_TARGET: Final = re.compile(r"https?://[^\s<>\"]+")
_FOOT: Final = re.compile(r"(?m)^---[ \t]*$")


class Block(str):
    """A value that is a whole block: its text, and its HTML, which is safe."""

    __slots__ = ("html",)
    html: str

    def __new__(cls, text: str, html: str) -> Self:
        """A block."""
        made = super().__new__(cls, text)
        made.html = html
        return made


class TooLong(ValueError):
    """The values of one mail are longer together than any mail should be."""


class Values:
    """The values of one mail, each behind a mark.

    Args:
        limit: characters of all values together.
    """

    def __init__(self, limit: int) -> None:
        self._values: list[str] = []
        self._room = limit

    def mark(self, value: object) -> str:
        """Takes a value and gives the mark that stands for it.

        Raises:
            TooLong: all together would be.
        """
        shown = value if isinstance(value, str) else str(value)
        self._room -= len(shown)
        if self._room < 0:
            raise TooLong("the mail would be too long")
        self._values.append(shown)
        return f"{OPEN}{len(self._values) - 1}{CLOSE}"

    def at(self, number: str) -> str:
        """The value of a mark's number."""
        return self._values[int(number)]

    def filled(self, marked: str) -> str:
        """A text with values in place of their marks."""
        return _MARK.sub(lambda found: str(self.at(found[1])), marked)

    def alone(self, marked: str) -> str | None:
        """The value, where a text is one mark and nothing else."""
        found = _MARK.fullmatch(marked.strip())
        return self.at(found[1]) if found is not None else None


# --- inline ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words; a line's end is a line's end."""

    text: str
    strong: bool = False
    target: str | None = None


type Inline = tuple[Words, ...]


def plain(inline: Inline) -> str:
    """Words as text: a link's address stands behind its label."""
    return "".join(
        one.text if one.target is None or one.target == one.text else f"{one.text}: {one.target}" for one in inline
    )


# --- blocks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lead:
    """A heading."""

    words: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    inline: Inline


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels and values."""

    rows: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """What to do next."""

    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Five steps to choose from."""

    target: str
    label: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A value that is a block."""

    block: Block


type Piece = Lead | Paragraph | Rows | Items | Quote | Button | Scale | Whole


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mail's body and its foot."""

    body: tuple[Piece, ...]
    foot: tuple[Piece, ...] = ()


def read_sheet(marked: str, values: Values) -> Sheet:
    """The structure of a source whose values are marks."""
    body, *foot = _FOOT.split(marked, maxsplit=1)
    return Sheet(tuple(_pieces(body, values)), tuple(_pieces(foot[0], values)) if foot else ())


def _pieces(marked: str, values: Values) -> Iterator[Piece]:
    for block in re.split(r"\n[ \t]*\n+", marked.strip("\n")):
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        yield from _piece(lines, values) if lines else ()


def _piece(lines: list[str], values: Values) -> Iterator[Piece]:
    first = lines[0]
    if first.startswith(("# ", "#! ")):
        words = clean_line(values.filled(first.partition(" ")[2]))
        if words:
            yield Lead(words, alarm=first.startswith("#!"))
        if lines[1:]:
            yield from _piece(lines[1:], values)
        return
    whole = values.alone("\n".join(lines))
    if isinstance(whole, Block):
        if whole:
            yield Whole(whole)
        return
    if all(line.startswith("- ") for line in lines):
        yield from _listed([line[2:] for line in lines], values)
    elif all(line.startswith(">") for line in lines):
        text = "\n".join(values.filled(line[1:].removeprefix(" ")) for line in lines).strip()
        if text:
            yield Quote(text)
    else:
        yield from _said("\n".join(lines), values)


def _said(marked: str, values: Values) -> Iterator[Piece]:
    """A button, a scale, or a paragraph."""
    stripped = marked.strip()
    scale, alone = _SCALE.fullmatch(stripped), _ALONE.fullmatch(stripped)
    if scale is not None and (target := target_of(scale["target"], values)) is not None:
        yield Scale(target, *(clean_line(values.filled(scale[name])) for name in ("label", "low", "high")))
    elif alone is not None and (target := target_of(alone["target"], values)) is not None:
        yield Button(target, clean_line(values.filled(alone["label"])))
    else:
        inline = read_inline(stripped, values)
        if plain(inline).strip():
            yield Paragraph(inline)


def _listed(lines: list[str], values: Values) -> Iterator[Piece]:
    found = [_ROW.fullmatch(line) for line in lines]
    rows = [match for match in found if match is not None]
    if len(rows) < len(lines):
        items = (read_inline(line, values) for line in lines)
        yield Items(tuple(item for item in items if plain(item).strip()))
        return
    shown = [
        (clean_line(values.filled(row["label"])), _one_line(read_inline(row["value"].strip(), values))) for row in rows
    ]
    kept = tuple((label, value) for label, value in shown if plain(value).strip())
    if kept:
        yield Rows(kept)


def _one_line(inline: Inline) -> Inline:
    return tuple(Words(re.sub(r"\s+", " ", one.text), one.strong, one.target) for one in inline)


def read_inline(marked: str, values: Values) -> Inline:
    """Words with weight and links."""
    found: list[Words] = []
    at = 0
    for match in _INLINE.finditer(marked):
        found.append(Words(values.filled(marked[at : match.start()])))
        if match["strong"] is not None:
            found.append(Words(values.filled(match["strong"]), strong=True))
        else:
            label = clean_line(values.filled(match["label"]))
            found.append(Words(label, target=target_of(match["target"], values)))
        at = match.end()
    found.append(Words(values.filled(marked[at:])))
    return tuple(one for one in found if one.text)


def target_of(marked: str, values: Values) -> str | None:
    """Where a link leads: to an address the desk made, or to one the template names; None where it may lead nowhere.

    A value inside a template's own address is put there in a form that stays within it.
    """
    alone = values.alone(marked)
    if alone is not None:
        return str(alone) if _OWN_TARGET.fullmatch(alone) else None
    if _SAFE_TARGET.match(_MARK.split(marked, maxsplit=1)[0]) is None:
        return None
    return _MARK.sub(lambda found: quote(str(values.at(found[1])), safe=""), marked)


def foreign_targets(source: str) -> Iterable[tuple[int, str]]:
    """Lines (from 1) and targets of a template's links that begin neither with a placeholder nor with a safe address."""
    for number, line in enumerate(source.split("\n"), 1):
        for match in re.finditer(r"\[[^\[\]\n]*\]\(([^)\n]*)", line):
            target = match[1].strip()
            if not re.fullmatch(r"\{\{\s*\w+\s*\}\}", target) and _SAFE_TARGET.match(target.partition("{")[0]) is None:
                yield number, target
