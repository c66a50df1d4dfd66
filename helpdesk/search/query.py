"""The language agents search in: `printer status:open from:kim@ tag:vip "exact phrase" -word`.

    query   = part*
    part    = "-"? (filter | phrase | word)
    filter  = name ":" (phrase | value)      name is one of `FilterName`
    phrase  = '"' … '"'                      also “…”, 「…」, 『…』

What looks like a filter and has another name is a word: `error:5`, `https://…`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean
from helpdesk.search.lookalikes import slips

LONGEST_QUERY: Final = 500

_QUOTES: Final = {'"': '"', "“": "”", "「": "」", "『": "』", "\uff02": "\uff02"}
_NAME: Final = re.compile(r"([A-Za-z_]{2,20})[:\uff1a]")
_VALUE: Final = re.compile(r"[^\s]+")
_MARK: Final = re.compile(r"\w")
_DIGITS: Final = re.compile(r"#?(\d{1,11})")


class FilterName(StrEnum):
    """What tickets can be held to."""

    STATUS = "status"
    GROUP = "group"
    ASSIGNEE = "assignee"
    FROM = "from"
    TAG = "tag"
    CATEGORY = "category"
    PRIORITY = "priority"
    CHANNEL = "channel"
    TYPE = "type"
    REQUESTER = "requester"
    ORGANIZATION = "organization"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    Attributes:
        value: as it was typed.
        excluded: tickets of which it holds are left out.
        at: the place of its value, counted in letters from 1.
    """

    name: FilterName
    value: str
    excluded: bool
    at: int


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody is looking for.

    Attributes:
        words: pieces of text by which tickets are ranked, phrases included; words in a row are one piece.
        phrases: each must be found as it stands.
        excluded: words and phrases that must not be found.
        filters: in order.
        number: of a ticket, if nothing but one was typed.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    number: int | None = None

    @property
    def asks_for_text(self) -> bool:
        """Whether there is something to rank by."""
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a query: a filter's name, if it has one, the text and where that begins."""

    text: str
    at: int
    quoted: bool
    excluded: bool
    name: str | None = None


class _Faults(list[FieldError]):
    """What is wrong with a query, each fault with its place."""

    def at(self, place: int, message: str) -> None:
        """Notes a fault at a letter, counted from 1."""
        self.append(fault(place, message))


def fault(place: int, message: str) -> FieldError:
    """A fault of a query at a letter, counted from 1."""
    return FieldError("/q", f"at letter {place}: {message}")


def parse(text: str) -> Query:
    """Reads a query.

    Args:
        text: as it was typed, at most `LONGEST_QUERY` letters.

    Raises:
        Invalid: it cannot be read; each fault is named with its place.

    >>> parse('printer -hp status:open').excluded
    ('hp',)
    """
    text = clean(text)
    faults = _Faults()
    if len(text) > LONGEST_QUERY:
        faults.at(LONGEST_QUERY + 1, f"a search has at most {LONGEST_QUERY} letters")
        text = text[:LONGEST_QUERY]
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    filters: list[Filter] = []
    in_a_row = False
    for part in _parts(text, faults):
        name = _filter_name(part, faults)
        follows, in_a_row = in_a_row, not (part.quoted or part.excluded or name is not None)
        if part.name is not None and name is not None:
            filters.append(Filter(name, part.text, part.excluded, part.at))
            continue
        said = part.text if part.name is None else f"{part.name}:{part.text}"
        if _MARK.search(said) is None:
            in_a_row = False
            if part.quoted or part.excluded:
                faults.at(part.at, "nothing to look for: there is no letter or digit")
        elif part.excluded:
            excluded.append(said)
        elif follows and in_a_row:
            words[-1] += f" {said}"
        else:
            words.append(said)
            if part.quoted:
                phrases.append(said)
    if faults:
        raise Invalid("The search cannot be read.", faults)
    number = _DIGITS.fullmatch(words[0]) if len(words) == 1 and not phrases else None
    return Query(
        tuple(words), tuple(phrases), tuple(excluded), tuple(filters), int(number[1]) if number is not None else None
    )


def _filter_name(part: _Part, faults: _Faults) -> FilterName | None:
    """The filter a part is; a name that nearly is one is a fault, not a word: it would find nothing and not say why."""
    if part.name is None:
        return None
    name = part.name.lower()
    if name in set(FilterName):
        if not part.text.strip():
            faults.at(part.at, f"`{name}:` wants a value behind it")
        return FilterName(name)
    near = next((known for known in FilterName if len(known) > 3 and slips(name, known, 1) == 1), None)
    if near is not None:
        faults.at(part.at - len(part.name) - 1, f"there is no filter `{name}:`; did you mean `{near}:`?")
    return None


def _parts(text: str, faults: _Faults) -> Iterator[_Part]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        excluded = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace()
        start = at + 1 if excluded else at
        name = _NAME.match(text, start)
        begin = name.end() if name is not None else start
        if begin < len(text) and text[begin] in _QUOTES and (name is None or name[1].lower() in set(FilterName)):
            end = text.find(_QUOTES[text[begin]], begin + 1)
            if end < 0:
                faults.at(begin + 1, f"the quotation that begins here has no end `{_QUOTES[text[begin]]}`")
                return
            yield _Part(text[begin + 1 : end], begin + 2, True, excluded, name[1] if name else None)
            at = end + 1
            continue
        value = _VALUE.match(text, begin)
        at = value.end() if value is not None else begin
        said = value[0] if value is not None else ""
        if name is None and '"' in said:  # a quotation may begin right behind a word
            said = said[: said.index('"')]
            at = begin + len(said)
        yield _Part(said, begin + 1, False, excluded, name[1] if name else None)
