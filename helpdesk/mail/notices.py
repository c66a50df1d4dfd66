"""What leaves the desk by mail when something happened to a ticket. What colleagues are told: `helpdesk.notifications`."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.desk.model import Desk, Letterhead
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.knowledge.finding import FoundArticle
from helpdesk.mail import threads
from helpdesk.mail.approvals_out import ApprovalLetters
from helpdesk.mail.delivery import Delivery, DeliveryState, Outbox, RateLimiter, Slot
from helpdesk.mail.enclosing import Files, enclose, excerpt
from helpdesk.mail.letters import (
    Acknowledged,
    Answered,
    Details,
    Enclosure,
    Kind,
    Party,
    Quoted,
)
from helpdesk.mail.side_out import SideLetters
from helpdesk.mail.stationery import Stationery, is_own, sending_mailbox
from helpdesk.people.model import Person
from helpdesk.tickets.facts import (
    Event,
    MessageAdded,
    MessageReleased,
    TicketOpened,
)
from helpdesk.tickets.model import AUTOMATION, ActorKind, Channel, Message, Relation, Ticket, Visibility
from helpdesk.tickets.todo import ApprovalDue, ApprovalRequested, ApprovalSettled

MESSAGES_LOOKED_AT: Final = 10
"""How many of the newest messages are searched for Message-IDs that an answer refers to."""
_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR


class TicketReader(Protocol):
    """What is read of tickets, and the one thing that is remembered."""

    def get(self, ticket_id: str) -> Ticket | None:
        """A ticket."""
        ...

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        """One message of the ticket's own conversation, or of a side conversation."""
        ...

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Message]:
        """Messages, newest first."""
        ...

    def remember_thread(self, message_id: str, ticket_id: str, side_id: str | None = None) -> None:
        """Lets a Message-ID lead to a ticket, or to a side conversation."""
        ...

    def side_messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> Page[Message]:
        """A side conversation's messages, newest first."""
        ...


class People(Protocol):
    """Who asks."""

    def by_id(self, person_id: str) -> Person | None:
        """A person."""
        ...

    def by_ids(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Some people by id; those who are not there are left out."""
        ...


class NoticeLinks(Protocol):
    """Where mails lead to."""

    def ticket(self, ticket_id: str) -> str:
        """An agent's way to a ticket."""
        ...

    def request(self, ticket: Ticket, *, shared: bool = False) -> str:
        """A requester's way to their ticket; `shared`: others get the same link."""
        ...

    def file(self, message: Message, attachment_id: str, person_id: str) -> str:
        """A recipient's way to one file."""
        ...

    def article(self, number: int, title: str, language: str, ticket: Ticket) -> str:
        """The page of an article that everybody may read."""
        ...

    def solved(self, ticket: Ticket, article_ids: Sequence[str]) -> str:
        """The requester's way to say that an article has solved their ticket."""
        ...

    def approval(self, ticket: Ticket, approval_id: str, person_id: str) -> tuple[str, datetime]:
        """A person's way to an approval that they are asked for, and until when it works."""
        ...


def _no_answers(ticket: Ticket, text: str) -> Sequence[FoundArticle]:
    del ticket, text
    return ()


@dataclass(frozen=True, slots=True)
class Ports:
    """What the service stands on.

    Attributes:
        desk: the settings as they stand.
        region: AWS region, part of the Message-IDs that SES gives.
        answers: articles that may answer a request, by what it says.
    """

    tickets: TicketReader
    people: People
    desk: Callable[[], Desk]
    files: Files
    limiter: RateLimiter
    links: NoticeLinks
    clock: Clock
    region: str
    answers: Callable[[Ticket, str], Sequence[FoundArticle]] = _no_answers


@dataclass(frozen=True, slots=True)
class _Along:
    """What goes along with a letter: the ids of its thread, oldest first, who gets it too, files; whether it begins one.

    `by_rule` says that nobody wrote it.
    """

    thread: tuple[str, ...]
    copies: tuple[Party, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    begins: bool = False
    by_rule: bool = False


class NoticeService:
    """Sends what an event calls for. Bears events in any order and any number of times.

    Args:
        ports: what it reads.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: Ports, stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox
        self._sides = SideLetters(ports, stationery, outbox)
        self._approvals = ApprovalLetters(ports, stationery, outbox)

    def handle(self, event: Event) -> None:
        """Sends the mails that an event calls for, each at most once, an agent's answer at least once.

        Raises:
            Unavailable: something did not answer; handling the event again is safe.
        """
        match event.fact:
            case TicketOpened() as fact:
                self._begin(event, fact)
            case MessageAdded(visibility=Visibility.PUBLIC, automatic=False, send_at=None) as fact:
                self._pass_on(event, fact)
            case MessageAdded(visibility=Visibility.SIDE, side_id=str(side_id), automatic=False, send_at=None) as fact:
                self._sides.pass_on(event, fact, side_id)
            case MessageReleased(message_id=message_id, side_id=str(side_id)):
                self._sides.send(event.ticket_id, side_id, message_id)
            case MessageReleased(message_id=message_id):
                self._send_reply(event.ticket_id, message_id)
            case ApprovalRequested() | ApprovalDue() | ApprovalSettled():
                self._approvals.handle(event)
            case _:
                pass

    # --- to requesters ---

    def _begin(self, event: Event, fact: TicketOpened) -> None:
        """Tells the requester what came in, or sends them what a colleague begins with."""
        if fact.author is None or fact.author.kind is not ActorKind.AGENT:
            if not fact.automatic and not fact.silent:
                self._acknowledge(event, fact)
        elif fact.visibility is None:
            self._send_reply(event.ticket_id, fact.message_id, opening=True)

    def _acknowledge(self, event: Event, fact: TicketOpened) -> None:
        ticket, person = self._ports.tickets.get(event.ticket_id), self._ports.people.by_id(fact.requester_id)
        if ticket is None or person is None or is_own(self._ports.desk(), person.address):
            return
        if person.undeliverable or person.complained:
            return
        if any(link.relation is Relation.SPLIT_FROM for link in ticket.links):
            return  # what it begins with was acknowledged where it came in
        opening = self._ports.tickets.message(ticket.id, fact.message_id)
        slot = Slot(event.id, Kind.ACKNOWLEDGEMENT, fact.requester_id, ticket.id)
        self._write_to_requester(
            ticket,
            person,
            slot,
            self._acknowledged(ticket, opening),
            _Along(_thread_of([opening] if opening is not None else [])),
            may=lambda: self._may_acknowledge(ticket, person, opening),
        )

    def _acknowledged(self, ticket: Ticket, opening: Message | None) -> Acknowledged:
        """That it has arrived, with what may answer it already."""
        links = self._ports.links
        found = self._ports.answers(ticket, opening.text if opening is not None else "")
        if not found or not self._ports.desk().general.articles_in_acknowledgement:
            return Acknowledged(links.request(ticket))
        named = tuple(
            (one.text.title, links.article(one.article.number, one.text.title, one.language, ticket)) for one in found
        )
        return Acknowledged(links.request(ticket), named, links.solved(ticket, [one.article.id for one in found]))

    def _may_acknowledge(self, ticket: Ticket, person: Person, opening: Message | None) -> bool:
        """Holds back what would be too much for one address, whatever it is that keeps writing from there.

        That is more than some an hour, and more than one a day to mails that say the same: a machine that hides to be one.
        """
        limiter, now, who = self._ports.limiter, self._ports.clock(), normal_address(person.address)
        first_try = limiter.count("acknowledging", ticket.id, _DAY, now) == 1  # what was refused is not tried again
        if first_try and opening is not None and opening.channel is Channel.EMAIL:
            words = hashlib.sha256(" ".join(opening.text.split()).encode()).hexdigest()
            if limiter.count("same-words", f"{who}\n{words}", _DAY, now) > 1:
                return False
        limit = self._ports.desk().general.limits.notices_per_address_per_hour
        return limiter.count("acknowledgement", who, _HOUR, now) <= limit

    def _pass_on(self, event: Event, fact: MessageAdded) -> None:
        if fact.author.kind is ActorKind.AGENT or fact.author == AUTOMATION:
            self._send_reply(event.ticket_id, fact.message_id)

    def _send_reply(self, ticket_id: str, message_id: str, *, opening: bool = False) -> None:
        ticket = self._ports.tickets.get(ticket_id)
        if ticket is None:
            return
        person = self._ports.people.by_id(ticket.requester_id)
        newest = self._ports.tickets.messages(ticket.id, limit=MESSAGES_LOOKED_AT, position=None).items
        message = next((one for one in newest if one.id == message_id), None)
        message = message or self._ports.tickets.message(ticket.id, message_id)
        if person is None or message is None:
            return
        # Who was merged into another is answered there; to the ticket they are who asked it.
        slot = Slot(message.id, Kind.REPLY, ticket.requester_id, ticket.id)
        if is_own(self._ports.desk(), person.address):
            self._outbox.refuse(slot, "own_mailbox")
            return
        by_rule = message.author == AUTOMATION
        if by_rule and (person.undeliverable or person.complained):
            self._outbox.refuse(slot, "not_wanted")
            return
        enclosed, left_out = enclose(message, ticket.requester_id, self._ports.files, self._ports.links)
        before = [one for one in newest if one.id < message.id]
        mailbox = sending_mailbox(self._ports.desk(), ticket)
        letterhead = mailbox.letterhead if mailbox is not None else Letterhead()
        copies = self._copies(ticket, person)
        details = Answered(
            message.text,
            self._ports.links.request(ticket, shared=bool(copies)),
            message.html,
            self._author_name(message) if letterhead.show_agent else None,
            left_out,
            self._quoted(ticket, before, letterhead),
        )
        self._write_to_requester(
            ticket,
            person,
            slot,
            details,
            _Along(_thread_of(before), copies, enclosed, begins=opening, by_rule=by_rule),
            again=True,
        )

    def _copies(self, ticket: Ticket, requester: Person) -> tuple[Party, ...]:
        """Who takes part beside the requester, as far as mail can reach them."""
        desk = self._ports.desk()
        found = self._ports.people.by_ids(ticket.participants) if ticket.participants else {}
        people = [found[one] for one in ticket.participants if one in found]
        fit = {
            normal_address(person.address): Party(person.name, person.address)
            for person in people
            if threads.takes_mail(person.address)
            and not (person.undeliverable or person.complained or is_own(desk, person.address))
        }
        fit.pop(normal_address(requester.address), None)
        return tuple(fit.values())

    def _quoted(self, ticket: Ticket, before: Iterable[Message], letterhead: Letterhead) -> tuple[Quoted, ...]:
        """The last messages that the requester knows, newest first, as far as the mailbox repeats any."""
        desk = self._ports.desk()
        known = [one for one in before if one.public and not ticket.holds(one.id)]
        zone = zone_of(desk, ticket)
        return tuple(
            Quoted(
                (None if one.author.kind is ActorKind.AGENT and not letterhead.show_agent else self._author_name(one))
                or letterhead.brand
                or desk.general.name,
                one.at,
                excerpt(one.text),
                zone,
            )
            for one in known[: letterhead.quoted_messages]
        )

    def _write_to_requester(
        self,
        ticket: Ticket,
        person: Person,
        slot: Slot,
        details: Details,
        along: _Along,
        *,
        again: bool = False,
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        recipient = Party(person.name, person.address)
        letter = self._stationery.letter(ticket, slot, recipient, ticket.language, details)
        if letter is None:
            self._outbox.refuse(slot, "no_mailbox")
            return
        letter = replace(
            letter,
            in_reply_to=along.thread[-1] if along.thread else None,
            references=along.thread[:-1],
            copies=along.copies,
            enclosures=along.enclosures,
            begins=along.begins,
            by_rule=along.by_rule,
        )
        self._remember(ticket, self._outbox.deliver(slot, letter, again=again, may=may))

    def _remember(self, ticket: Ticket, delivery: Delivery | None) -> None:
        """Lets answers to a mail find the ticket by the id that SES gave it; again when that was missed before."""
        if delivery is not None and delivery.state is DeliveryState.SENT and delivery.mail_id:
            self._ports.tickets.remember_thread(threads.ses_message_id(delivery.mail_id, self._ports.region), ticket.id)

    def _author_name(self, message: Message) -> str | None:
        agent = self._ports.desk().agents.get(message.author.id)
        return agent.name if agent is not None else message.author_name


def zone_of(desk: Desk, ticket: Ticket) -> str:
    """IANA zone that instants of a ticket are told in: that of its business calendar."""
    if ticket.sla is None:
        return "UTC"
    calendar = desk.calendars.get((ticket.sla.calendar_id, ticket.sla.calendar_revision))
    return calendar.zone if calendar is not None else "UTC"


def _thread_of(messages: Iterable[Message]) -> tuple[str, ...]:
    """Message-IDs of the mails among some messages that the requester wrote, oldest first."""
    written = sorted((one for one in messages if one.author.kind is ActorKind.REQUESTER), key=lambda one: one.id)
    known = (threads.clean_id(one.mail_message_id) for one in written)
    return tuple(dict.fromkeys(known_id for known_id in known if known_id is not None))
