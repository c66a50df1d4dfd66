"""What a colleague writes with formatting: kept to what an editor makes, so that it reads the same in mails and pages. Pure."""

import re
from dataclasses import replace
from typing import Final

from helpdesk.tickets.model import Message

_TAGS: Final = {
    "a", "b", "blockquote", "br", "code", "em", "h2", "h3", "hr", "i", "img", "li", "ol", "p", "pre", "s", "strong", "u", "ul",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_WITHOUT_WORDS: Final = {"script", "style", "title", "head", "template", "iframe", "object", "svg"}
_PICTURE: Final = re.compile(r"cid:upload-([0-9])")
_IMAGE: Final = re.compile(r"<img\b[^>]*>")
_PLACE: Final = re.compile(r"""<img\b[^>]*?src="cid:upload-([0-9])"[^>]*>""")


def read(html: str) -> tuple[str, str]:
    """Formatted words as they are kept, and as plain text.

    Args:
        html: as somebody's editor, or anybody else, sent it.

    Returns:
        HTML of a few elements without style and script, whose pictures are `cid:upload-N` and nothing else; and its text,
        empty where it says nothing and shows nothing.
    """
    import nh3  # noqa: PLC0415 - only what is formatted needs it: a cold start does not

    from helpdesk.mail.html import bounded, to_text  # noqa: PLC0415 - as above

    def own(tag: str, attribute: str, value: str) -> str | None:
        if tag != "img":
            return value
        return value.replace(">", "") if attribute != "src" or _PICTURE.fullmatch(value) else None

    kept = nh3.clean(
        bounded(html)[0],
        tags=_TAGS,
        clean_content_tags=_WITHOUT_WORDS,
        attributes=_ATTRIBUTES,
        attribute_filter=own,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    kept = _IMAGE.sub(lambda found: found[0] if _PLACE.fullmatch(found[0]) else "", kept)
    return kept, to_text(kept) or ("\N{FRAME WITH PICTURE}" if _PLACE.search(kept) else "")


def with_pictures_of(message: Message, html: str) -> Message:
    """A message that says `html`: the pictures in it are files of its own, each at its place; those of other files go."""
    files = list(message.attachments)

    def placed(match: re.Match[str]) -> str:
        at = int(match[1])
        if at >= len(files) or not files[at].content_type.startswith("image/"):
            return ""
        files[at] = replace(files[at], inline=True, content_id=files[at].id)
        return match[0].replace(f"cid:upload-{at}", f"cid:{files[at].id}")

    shown = _PLACE.sub(placed, html)
    return replace(message, html=shown, attachments=tuple(files))
