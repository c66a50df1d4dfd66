"""How mails set text: fonts a language is read in, days and hours as it writes them, plain text as HTML."""

import html
import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

_LATIN: Final = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial"
_KOREAN: Final = "Pretendard,'Apple SD Gothic Neo','Noto Sans KR','Noto Sans CJK KR','Malgun Gothic'"
_JAPANESE: Final = "'Hiragino Sans','Noto Sans JP','Noto Sans CJK JP','Yu Gothic',Meiryo"
_FONTS: Final = {
    "ja": f"{_LATIN},{_JAPANESE},{_KOREAN},sans-serif",  # Han letters are drawn differently: the reader's own come first
    "ko": f"{_LATIN},{_KOREAN},{_JAPANESE},sans-serif",
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LINK: Final = re.compile(r"https?://[^\s<>\"'、。」』)】\u3000]+[^\s<>\"'、。」』)】\u3000.,;:!?)\]}]")


def font(language: str) -> str:
    """The font stack for a language, for use in a style attribute."""
    return _FONTS.get(language, f"{_LATIN},{_KOREAN},{_JAPANESE},sans-serif")


def day(at: datetime, zone: str, language: str) -> str:
    """A day as a language writes it.

    >>> from datetime import UTC
    >>> [day(datetime(2026, 11, 23, 23, 0, tzinfo=UTC), "Asia/Seoul", language) for language in ("en", "ko", "ja")]
    ['24 Nov 2026', '2026년 11월 24일', '2026年11月24日']
    """
    local = at.astimezone(ZoneInfo(zone))
    if language == "ko":
        return f"{local.year}년 {local.month}월 {local.day}일"
    if language == "ja":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def moment(at: datetime, zone: str, language: str) -> str:
    """A day and an hour, with the zone they are told in."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(at, zone, language)} {local:%H:%M} ({zone.replace('_', ' ')})"


def introduction(language: str, author: str, at: datetime, zone: str) -> str:
    """The line before a quoted message, as mail programs write it, so that they (and the desk) know it for one."""
    if language == "ko":
        return f"{moment(at, zone, language)}, {author}님이 작성:"
    if language == "ja":
        return f"{moment(at, zone, language)} {author}さんが書きました:"
    return f"On {moment(at, zone, language)}, {author} wrote:"


def size(count: int) -> str:
    """A number of bytes as people read it; empty for none.

    >>> size(26_214_400)
    '25.0 MB'
    """
    if not count:
        return ""
    return f"{count / 1024**2:.1f} MB" if count >= 1024**2 else f"{max(1, count // 1024)} KB"


def paragraphs(text: str, link_colour: str | None = None) -> Markup:
    """Plain text as HTML: paragraphs at blank lines, single breaks kept, addresses of pages made links of a colour."""
    blocks = re.split(r"\n[ \t]*\n+", text.strip("\n"))
    body = "".join(
        f'<p dir="auto" style="margin:0 0 16px">{_lines(block, link_colour)}</p>' for block in blocks if block.strip()
    )
    if link_colour is None:  # what is quoted ends where its frame does
        before, last, after = body.rpartition("margin:0 0 16px")
        body = before + ("margin:0" if last else "") + after
    return Markup(body)  # noqa: S704 - every piece of the text is escaped in `_lines`


def _lines(block: str, link_colour: str | None) -> str:
    return "<br>\n".join(_line(line, link_colour) for line in block.split("\n"))


def _line(line: str, link_colour: str | None) -> str:
    indent = len(line) - len(line.lstrip(" \t"))
    shown, at = "&nbsp;" * min(indent, 40), indent
    for found in _LINK.finditer(line, indent) if link_colour is not None else ():
        address = html.escape(found[0])
        shown += html.escape(line[at : found.start()])
        shown += f'<a class="a" href="{address}" style="color:{link_colour};text-decoration:underline">{address}</a>'
        at = found.end()
    return shown + html.escape(line[at:])
