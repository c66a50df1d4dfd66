"""A question that nobody answered in time becomes a ticket: exactly one, however often and by however many it is tried."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from helpdesk.community.model import AuthorKind, Found, Question
from helpdesk.community.ports import CommunityStore, Writing
from helpdesk.community.writing import Writer
from helpdesk.contracts.table import ticket_question_key
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import preview
from helpdesk.knowledge.plain import to_plain
from helpdesk.people.model import Person
from helpdesk.tickets.commands import OpenTicket
from helpdesk.tickets.model import Actor, ActorKind, Channel, Message, TicketType, Visibility
from helpdesk.tickets.service import AlreadyDone, Extras, Outcome, Record

AT_MOST: Final = 50
"""Questions that one look deals with; what is left is still due at the next."""
_ONCE: Final = "question"


class Tickets(Protocol):
    """What opens tickets: `tickets.service.TicketService`."""

    def open(self, command: OpenTicket, extras: Extras, *, actor: Actor) -> Outcome:
        """Opens a ticket."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What it stands on.

    Attributes:
        number: a number that no ticket has.
        person: a person by id.
        address: of a question's page.
        fault: is told of each question that could not be dealt with.
    """

    store: CommunityStore
    writer: Writer
    tickets: Tickets
    number: Callable[[], int]
    person: Callable[[str], Person | None]
    address: Callable[[Question], str]
    desk: Callable[[], Desk]
    clock: Clock
    fault: Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look did."""

    opened: int = 0
    failed: int = 0


class Unanswered:
    """Looks after questions that nobody answers.

    Args:
        ports: what it stands on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def look(self) -> Looked:
        """Opens a ticket for each question that has waited long enough: one query where none has."""
        settings = self._ports.desk().general.community
        if not settings.enabled or not settings.ticket_after_hours:
            return Looked()
        opened = failed = 0
        for question_id in self._ports.store.due(self._ports.clock(), limit=AT_MOST):
            try:
                opened += self.deal_with(question_id)
            except Exception as error:  # noqa: BLE001 - told, and tried again by the next look
                self._ports.fault(question_id, error)
                failed += 1
        return Looked(opened, failed)

    def deal_with(self, question_id: str) -> bool:
        """Opens the ticket of one question, unless somebody answered it this moment; says whether it has one now.

        First the question says which ticket it becomes, on the condition that it still waits; then the ticket is opened,
        together with what refuses to open it twice; then the question is due no more. Who dies in between, or comes at
        the same time, is made good by the next.
        """
        claimed = self._ports.writer.change(question_id, None, self._claim).question
        if claimed.ticket_id is None or claimed.due_at is None:
            return False
        person = self._ports.person(claimed.post.author.id) if claimed.post.author.kind is AuthorKind.PERSON else None
        opens = person is not None and not person.erased and claimed.visible
        if opens and person is not None:
            self._open(claimed, person)
        self._ports.writer.change(question_id, None, _settled if opens else _dropped)
        return opens

    def _claim(self, found: Found) -> Writing | None:
        question = found.question
        if question.ticket_id is not None:
            return None
        if question.due_at is None or question.due_at > self._ports.clock():
            return None
        after = replace(question, version=question.version + 1)
        if not question.waiting:
            return Writing((question, replace(after, due_at=None)))
        return Writing((question, replace(after, ticket_id=derived_id(question.due_at, "community", question.id))))

    def _open(self, question: Question, person: Person) -> None:
        if question.ticket_id is None:
            return
        now = self._ports.clock()
        text = f"{to_plain(question.post.body)}\n\n{self._ports.address(question)}"
        author = Actor(ActorKind.REQUESTER, person.id)
        message = Message(
            id=derived_id(now, "community-message", question.id),
            ticket_id=question.ticket_id,
            at=now,
            author=author,
            author_name=person.name,
            visibility=Visibility.PUBLIC,
            channel=Channel.WEB,
            text=text,
        )
        command = OpenTicket(
            ticket_id=question.ticket_id,
            number=self._ports.number(),
            requester_id=person.id,
            subject=question.title,
            message_id=message.id,
            preview=preview(text),
            channel=Channel.WEB,
            language=question.language,
            requester_name=person.name,
            requester_address=person.address,
            type=TicketType.QUESTION,
            category=self._ports.desk().general.community.ticket_category,
            organization_id=person.organization_id,
        )
        record = Record(ticket_question_key(question.ticket_id), {"question_id": question.id}, once=_ONCE)
        try:
            self._ports.tickets.open(command, Extras(message=message, records=(record,)), actor=author)
        except AlreadyDone:
            return  # a look before died here, or another is at it


def _settled(found: Found) -> Writing | None:
    question = found.question
    if question.due_at is None:
        return None
    return Writing((question, replace(question, due_at=None, version=question.version + 1)))


def _dropped(found: Found) -> Writing | None:
    question = found.question
    return Writing((question, replace(question, due_at=None, ticket_id=None, version=question.version + 1)))
