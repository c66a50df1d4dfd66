"""What goes along with what somebody wrote: its files, as far as they fit, and links to the others."""

from typing import Final, Protocol

from helpdesk.kernel.text import clean
from helpdesk.mail.letters import Enclosure, Waiting
from helpdesk.tickets.model import Message

MAX_ENCLOSED_BYTES: Final = 10 * 1024 * 1024
"""Files up to this size together go with a mail, the others wait behind its link: many servers take 20 MB, encoded."""
LONGEST_EXCERPT: Final = 1500


class Files(Protocol):
    """The bytes of attachments."""

    def read(self, object_key: str) -> bytes | None:
        """A file; None when it is not there."""
        ...


class FileLinks(Protocol):
    """Where files that are too large lie."""

    def file(self, message: Message, attachment_id: str, person_id: str) -> str:
        """A recipient's way to one file."""
        ...


def enclose(
    message: Message, person_id: str, files: Files, links: FileLinks
) -> tuple[tuple[Enclosure, ...], tuple[Waiting, ...]]:
    """Files that go along to somebody, and those that do not: too large together, or not to be found."""
    enclosed: list[Enclosure] = []
    left_out: list[Waiting] = []
    room = MAX_ENCLOSED_BYTES
    for attachment in message.attachments:
        large = attachment.size > room
        content = None if large else files.read(attachment.object_key)
        if content is None or len(content) > room:
            link = links.file(message, attachment.id, person_id)
            there = large or content is not None
            left_out.append(Waiting(attachment.filename, attachment.size, link if there else None))
            continue
        room -= len(content)
        shown_as = attachment.content_id if attachment.inline else None
        enclosed.append(Enclosure(attachment.filename, attachment.content_type, content, shown_as))
    return tuple(enclosed), tuple(left_out)


def excerpt(text: str) -> str:
    """The beginning of what somebody wrote; the rest is a click away."""
    shown = clean(text).strip()
    return shown if len(shown) <= LONGEST_EXCERPT else shown[:LONGEST_EXCERPT].rstrip() + " …"
