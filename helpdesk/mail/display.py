"""A message's HTML as a page can show it: pictures of the mail itself in place of `cid:` addresses."""

import html
import re
from typing import Final, Protocol

from helpdesk.tickets.model import Attachment, Message

_CID: Final = re.compile(r"""(?<=src=["'])cid:([^"']+)""", re.IGNORECASE)


class Linker(Protocol):
    """Gives an address at which a file can be fetched for some minutes."""

    def __call__(self, attachment: Attachment, *, inline: bool) -> str:
        """The address of a file."""
        ...


def with_pictures(message: Message, link: Linker) -> str | None:
    """A message's sanitised HTML with its own pictures in it; None for a message without HTML."""
    if message.html is None:
        return None
    by_cid = {file.content_id: file for file in message.attachments if file.content_id}

    def address(match: re.Match[str]) -> str:
        file = by_cid.get(html.unescape(match[1]))
        return html.escape(link(file, inline=True), quote=True) if file is not None else ""

    return _CID.sub(address, message.html)
