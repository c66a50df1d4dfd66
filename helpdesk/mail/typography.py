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
_LINK_STYLE: Final = "color:#2f4fd0;text-decoration:underline"


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


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: paragraphs at blank lines, single breaks kept, addresses of pages made links."""
    blocks = re.split(r"\n[ \t]*\n+", text.strip("\n"))
    body = "".join(f'<p dir="auto" style="margin:0 0 16px">{_lines(block)}</p>' for block in blocks if block.strip())
    return Markup(body)  # noqa: S704 - every piece of the text is escaped in `_lines`


def _lines(block: str) -> str:
    return "<br>\n".join(_line(line) for line in block.split("\n"))


def _line(line: str) -> str:
    indent = len(line) - len(line.lstrip(" \t"))
    shown, at = "&nbsp;" * min(indent, 40), indent
    for found in _LINK.finditer(line, indent):
        address = html.escape(found[0])
        shown += html.escape(line[at : found.start()])
        shown += f'<a class="a" href="{address}" style="{_LINK_STYLE}">{address}</a>'
        at = found.end()
    return shown + html.escape(line[at:])
