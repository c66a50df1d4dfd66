"""What comes in from customers, whatever the channel, before it is a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from helpdesk.tickets.commands import FieldValue
from helpdesk.tickets.model import Channel, Message, Priority, Ticket


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded and waits for its message.

    Attributes:
        id: names the object in the bucket and, later, the attachment.
        size: bytes, as announced; the upload takes no more than this.
    """

    id: str
    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where a browser sends a file: a form post with these fields, the file last."""

    url: str
    fields: Mapping[str, str]


class FileNamed(NamedTuple):
    """The file that a link in a mail names.

    Attributes:
        person_id: who asked when the link was made; None in a side conversation.
        side_id: the side conversation it was written in.
    """

    ticket_id: str
    message_id: str
    attachment_id: str
    person_id: str | None
    side_id: str | None


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as a customer sends it."""

    address: str
    subject: str
    body: str
    channel: Channel
    name: str | None = None
    language: str | None = None
    category: str | None = None
    priority: Priority = Priority.NORMAL
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()
    mailbox_id: str | None = None


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's key, the calls it counts among, and a hash of what was sent with it."""

    scope: str
    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a request leads to.

    Attributes:
        access_token: lets its holder read the ticket and write to it.
        again: the same was done before; this is what came of it then.
    """

    ticket: Ticket
    access_token: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a requester sees of a ticket.

    Attributes:
        messages: public ones, oldest first.
        expected_reply_by: when an answer is due by the SLA, while one is.
    """

    ticket: Ticket
    messages: tuple[Message, ...]
    expected_reply_by: datetime | None
