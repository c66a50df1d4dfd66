r"""Patterns of texts: a small part of regular expressions that means the same in Python and in a browser, and is never slow.

A pattern is one or several alternatives with `|` between them; each is a row of characters, `.`, escapes (`\d`, `\w`,
`\s`, `\-` ...) and classes (`[A-Z0-9]`), each perhaps with `?`, `*`, `+` or `{2,4}` behind it. There are no groups, so
nothing is repeated within something repeated, and at most three repetitions of open length stand in an alternative:
what a text costs is bounded by its length's cube, and texts with a pattern are short.
"""

import re
from typing import Final

LONGEST: Final = 200
"""Characters of a pattern, and of a text that is held against one."""
MOST_REPEATS: Final = 3

_ATOM: Final = r"(?:[^\\\[\](){}*+?|^$.\s]| |\\[dwsDWS.\\/()\[\]{}+*?|^$-]|\.|\[\^?(?:[^\\\[\]]|\\[dws\\\[\]^-])+\])"
_REPEATED: Final = re.compile(rf"{_ATOM}(?:[?*+]|\{{\d{{1,3}}(?:,\d{{0,3}})?\}})?")
_OPEN: Final = re.compile(rf"{_ATOM}(?:[*+]|\{{\d{{1,3}},\d{{0,3}}\}})")


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern; None: it can be used."""
    if not pattern or len(pattern) > LONGEST:
        return f"must have 1 to {LONGEST} characters"
    repeats, at = 0, 0
    while at < len(pattern):
        if pattern[at] == "|":
            repeats, at = 0, at + 1
            continue
        found = _REPEATED.match(pattern, at)
        if found is None:
            return f"cannot be understood from character {at + 1} on: groups are not known here"
        repeats += _OPEN.fullmatch(found.group()) is not None
        if repeats > MOST_REPEATS:
            return f"has more than {MOST_REPEATS} repetitions of open length"
        at = found.end()
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        return f"cannot be understood: {error.msg}"
    return None


def fits(pattern: str, text: str) -> bool:
    """Whether a text as a whole is like a pattern that can be used."""
    return len(text) <= LONGEST and re.fullmatch(pattern, text, re.ASCII) is not None
