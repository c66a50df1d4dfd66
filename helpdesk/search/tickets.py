"""What of tickets can be searched, and how the index follows them: event by event, or all over again."""

from collections.abc import Iterable, Iterator
from typing import Final

from helpdesk.kernel.pagination import Page
from helpdesk.search.segment import Text
from helpdesk.search.tokens import count_terms
from helpdesk.search.upkeep import Upkeep
from helpdesk.tickets.facts import (
    Event,
    MessageAdded,
    MessageEdited,
    MessageWithdrawn,
    TicketOpened,
    TicketSplit,
    TicketSplitUndone,
)
from helpdesk.tickets.model import Message, Ticket
from helpdesk.tickets.service import TicketStore
from helpdesk.tickets.views import TicketQuery

ITSELF: Final = ""
"""The part of a ticket that is no message: subject, people, tags, fields."""
_MOVES_MESSAGES: Final = (TicketOpened, TicketSplit, TicketSplitUndone)
"""What several messages come or go with."""


class TicketIndexer:
    """Keeps the index of tickets.

    Args:
        store: the truth.
        upkeep: the index.
    """

    def __init__(self, store: TicketStore, upkeep: Upkeep) -> None:
        self._store = store
        self._upkeep = upkeep

    def handle(self, event: Event) -> None:
        """Lets what an event is about be found as it now is.

        What is kept is read from the table, not from the event, and carries the event's place in the ticket's history:
        so events may come twice and in any order.
        """
        match event.fact:
            case MessageAdded() | MessageWithdrawn() as fact:
                texts = self._of_message(event, fact.message_id, fact.side_id)
            case MessageEdited(message_id=message_id):
                texts = self._of_message(event, message_id, None)
            case fact if isinstance(fact, _MOVES_MESSAGES):
                texts = self._now(event.ticket_id)
            case _:
                texts = self._of_ticket(event)
        if texts:
            self._upkeep.append(texts)

    def forget(self, ticket_id: str, message_id: str | None = None) -> None:
        """Takes a ticket, or one message of it, out for good: for tickets and messages that are deleted."""
        self._upkeep.forget(ticket_id, None if message_id is None else (message_id,))

    def renew(self, ticket_id: str) -> None:
        """Keeps of a ticket what the table now has: for tickets out of which a person was erased."""
        self._upkeep.renew(ticket_id, lambda: self._now(ticket_id))

    def _now(self, ticket_id: str) -> list[Text]:
        """All of a ticket: one query, if it has no more than a hundred messages."""
        found = self._store.with_messages(ticket_id, limit=100)
        return self._all_of(*found) if found is not None else []

    def rebuild(self) -> int:
        """Writes the index anew from the table, ticket by ticket along the index of changes; gives how many texts."""
        return self._upkeep.rebuild(self._everything())

    def _everything(self) -> Iterator[Text]:
        position: dict[str, str] | None = None
        while True:
            page = self._store.rows(TicketQuery(), limit=100, position=position)
            for row in page.items:
                yield from self._now(row.id)
            position = page.next_position
            if position is None:
                return

    def _all_of(self, ticket: Ticket, page: Page[Message]) -> list[Text]:
        texts = texts_of(ticket, ())
        while True:
            texts += _texts(page.items, ticket)
            if page.next_position is None:
                break
            page = self._store.messages(ticket.id, limit=100, position=page.next_position)
        for one in ticket.side:
            texts += self._of_side(ticket, one.id)
        return texts

    def _of_side(self, ticket: Ticket, side_id: str) -> Iterator[Text]:
        position: dict[str, str] | None = None
        while True:
            page = self._store.side_messages(ticket.id, side_id, limit=100, position=position)
            yield from _texts(page.items, ticket)
            position = page.next_position
            if position is None:
                return

    def _of_ticket(self, event: Event) -> list[Text]:
        ticket = self._store.get(event.ticket_id)
        if ticket is None:
            return []
        return [Text(ticket.id, ITSELF, ticket.version, count_terms(words_of_ticket(ticket)))]

    def _of_message(self, event: Event, message_id: str, side_id: str | None) -> list[Text]:
        message = self._store.message(event.ticket_id, message_id, side_id)
        return [_text(message, event.seq)] if message is not None and message.remark is None else []


def words_of_ticket(ticket: Ticket) -> str:
    """What a ticket is found by, its messages left out: number, subject, people, tags, what is in its fields.

    And what was written beside it: tasks, subjects of side conversations with whom they are, questions for approval.
    """
    copies = ticket.copies
    values = [
        " ".join(value) if isinstance(value, list) else str(value)
        for value in copies.fields.values()
        if value is not None and not isinstance(value, bool)
    ]
    people = [part for person in copies.participants for part in (person.name, person.address)]
    asks = (copies.requester_name, copies.requester_address)
    beside = [*copies.tasks.values()]
    for side in copies.side.values():
        beside += [side.subject, *(part or "" for person in side.people for part in (person.name, person.address))]
    for words in copies.approvals.values():
        beside += [words.question, words.shown, *words.comments.values()]
    parts = (f"#{ticket.number}", copies.subject, *asks, *people, *ticket.tags, *values, *beside)
    return "\n".join(part for part in parts if part)


def words_of_message(message: Message) -> str:
    """What a message is found by: what was newly written, and the names of its files. Of one taken back or moved, nothing."""
    if message.withdrawn_at is not None or message.moved_to is not None:
        return ""
    return "\n".join((message.text, *(one.filename for one in message.attachments if not one.inline)))


def texts_of(ticket: Ticket, messages: Iterable[Message]) -> list[Text]:
    """A ticket, and messages of it, as they are kept."""
    itself = Text(ticket.id, ITSELF, ticket.version, count_terms(words_of_ticket(ticket)))
    return [itself, *_texts(messages, ticket)]


def _texts(messages: Iterable[Message], ticket: Ticket) -> list[Text]:
    return [_text(message, ticket.version) for message in messages if message.remark is None]


def _text(message: Message, version: int) -> Text:
    return Text(message.ticket_id, message.place, version, count_terms(words_of_message(message)))
