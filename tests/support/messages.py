"""Messages, people and guards, made in one line each."""

from datetime import datetime

from helpdesk.contracts.table import idempotency_key
from helpdesk.kernel.ids import new_id
from helpdesk.people.model import Person
from helpdesk.tickets.model import Attachment, Channel, Message, Visibility
from helpdesk.tickets.service import Guard
from tests.support.lives import MONDAY_TEN_IN_SEOUL, REQUESTER


def a_message(ticket_id: str, at: datetime = MONDAY_TEN_IN_SEOUL, **changes: object) -> Message:
    """A requester's public message."""
    parts: dict[str, object] = {
        "id": new_id(at),
        "ticket_id": ticket_id,
        "at": at,
        "author": REQUESTER,
        "author_name": "김민수",
        "visibility": Visibility.PUBLIC,
        "channel": Channel.WEB,
        "text": "It says 90,000 won",
    }
    return Message(**(parts | changes))


def a_person(address: str = "minsu@example.com", **changes: object) -> Person:
    """Somebody who writes."""
    parts: dict[str, object] = {
        "id": REQUESTER.id,
        "address": address,
        "name": "김민수",
        "language": "ko",
        "created_at": MONDAY_TEN_IN_SEOUL,
    }
    return Person(**(parts | changes))


def a_guard(name: str = "idempotency", key: str = "key", note: str = "hash") -> Guard:
    """Something that may happen once."""
    return Guard(name, idempotency_key("scope", key), note)


A_FILE = Attachment("file", "영수증.pdf", "application/pdf", 7, "attachments/t/file", inline=True, content_id="cid@x")
