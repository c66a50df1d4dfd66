"""Markdown as HTML that can do nothing: what authors write, on pages that anybody may open.

The renderer takes no HTML, and what it makes goes through the sanitiser all the same: two locks, either of which holds.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from helpdesk.knowledge.plain import IMAGES
from helpdesk.knowledge.rules import slug

_HEADING: Final = "heading_open"
_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "hr",
        "i",
        "img",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading", "decoding"},
    "ol": {"start"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
    "h2": {"id"},
    "h3": {"id"},
}
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_LANGUAGE_OF_CODE: Final = re.compile(r"language-[A-Za-z0-9+#-]{1,30}")
_ALIGNED: Final = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}
_IMAGE: Final = re.compile(rf"{re.escape(IMAGES)}[0-7][0-9A-HJKMNP-TV-Z]{{25}}/[0-7][0-9A-HJKMNP-TV-Z]{{25}}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the second level, and where it stands.

    Attributes:
        anchor: its id on the page.
    """

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a guide."""

    heading: Heading
    html: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body as pages show it.

    Attributes:
        html: all of it.
        headings: of the second level, in order.
        intro: what stands before the first of them.
        steps: what stands below each of them.
    """

    html: str
    headings: tuple[Heading, ...]
    intro: str
    steps: tuple[Step, ...]


@cache
def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])
    made.options["maxNesting"] = 20
    return made


def render(body: str) -> Rendered:
    """A Markdown body as pages show it."""
    tokens = _renderer().parse(body)
    headings = _prepare(tokens)
    parts = _parts(tokens)
    pieces = [_safe(_renderer().renderer.render(part, _renderer().options, {})) for part in parts]
    steps = tuple(Step(heading, html) for heading, html in zip(headings, pieces[1:], strict=True))
    return Rendered(
        _safe(_renderer().renderer.render(tokens, _renderer().options, {})), tuple(headings), pieces[0], steps
    )


def images_in(body: str) -> frozenset[str]:
    """Addresses of the desk's own pictures that a body shows."""
    return frozenset(_IMAGE.findall(body))


def _prepare(tokens: Sequence[Token]) -> list[Heading]:
    """Gives headings their places: the page's title is the first level, so an author's first is the second."""
    headings: list[Heading] = []
    known: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type in {_HEADING, "heading_close"} and token.tag in {"h1", "h6"}:
            token.tag = {"h1": "h2", "h6": "h5"}[token.tag]
        if token.type == _HEADING and token.tag in {"h2", "h3"}:
            title = "".join(child.content for child in tokens[place + 1].children or [])
            anchor = _unused(slug(title) or "part", known)
            token.attrSet("id", anchor)
            if token.tag == "h2" and token.level == 0:
                headings.append(Heading(anchor, title))
        if token.type in {"th_open", "td_open"} and (style := str(token.attrGet("style") or "")) in _ALIGNED:
            token.attrSet("class", _ALIGNED[style])
    return headings


def _unused(anchor: str, known: set[str]) -> str:
    wanted, count = anchor, 1
    while wanted in known:
        count += 1
        wanted = f"{anchor}-{count}"
    known.add(wanted)
    return wanted


def _parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands before the first heading, and below each, without the headings themselves."""
    parts: list[list[Token]] = [[]]
    inside = False
    for token in tokens:
        top = token.level == 0 and token.tag == "h2"
        if top and token.type == _HEADING:
            parts.append([])
            inside = True
        elif top and token.type == "heading_close":
            inside = False
        elif not inside:
            parts[-1].append(token)
    return parts


def _safe(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filtered,
        strip_comments=True,
        link_rel="noopener nofollow",
        url_schemes=set(_SCHEMES),
    )


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    test = _TESTS.get((tag, attribute))
    return value if test is None or test(value) else None


def _is_link(value: str) -> bool:
    """Whether a link leads somewhere that a reader may be led to: the web, a mail, a telephone, a page of the desk."""
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme.lower() in _SCHEMES
    return not parts.netloc and not value.startswith(("//", "\\", "/\\"))


_TESTS: Final[dict[tuple[str, str], Callable[[str], object]]] = {
    ("a", "href"): _is_link,
    ("img", "src"): _IMAGE.fullmatch,
    ("code", "class"): _LANGUAGE_OF_CODE.fullmatch,
    ("th", "class"): {"left", "center", "right"}.__contains__,
    ("td", "class"): {"left", "center", "right"}.__contains__,
}
