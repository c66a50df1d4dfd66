"""Markdown as what one reads of it, without a parser: for the search, for summaries."""

import re
from typing import Final

from helpdesk.kernel.text import clean_line, preview

IMAGES: Final = "/help/images/"
"""Pictures of articles come from the desk itself, and nothing else is loaded: nobody learns who reads."""
_SUMMARY_LENGTH: Final = 180
_MARKS: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`#>|~]+|^\s*[-+]\s|^\s*\d+\.\s|:?-{3,}:?", re.MULTILINE)


def to_plain(body: str) -> str:
    r"""A Markdown body as what one reads of it: for the search, for summaries, for machines.

    >>> to_plain("## Begin\n\n1. Press **Start** ([how](https://example.com))")
    'Begin\n\nPress Start (how)'
    """
    return re.sub(r"[ \t]+", " ", _MARKS.sub(lambda found: found[1] or "", body)).strip().replace("\n ", "\n")


def summary_of(body: str) -> str:
    """What a text begins with, where its author has written no summary."""
    return preview(clean_line(to_plain(body[:4000])), _SUMMARY_LENGTH)
