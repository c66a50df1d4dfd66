"""What the desk says by itself when something happened to a ticket: to its requester, its assignee, its supervisors."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.desk.model import Desk, Letterhead
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.mail import threads
from helpdesk.mail.delivery import Delivery, DeliveryState, Outbox, RateLimiter, Slot
from helpdesk.mail.enclosing import Files, enclose, excerpt
from helpdesk.mail.letters import (
    Acknowledged,
    Answered,
    Assigned,
    Breached,
    Details,
    Enclosure,
    Escalated,
    Kind,
    Party,
    Quoted,
    RequesterReplied,
)
from helpdesk.mail.side_out import SideLetters
from helpdesk.mail.stationery import Stationery, is_own, sending_mailbox
from helpdesk.people.model import Agent, Person, Role
from helpdesk.sla.model import Metric
from helpdesk.tickets.facts import (
    Event,
    MessageAdded,
    MessageReleased,
    SlaBreached,
    SlaEscalated,
    TicketAssigned,
    TicketOpened,
)
from helpdesk.tickets.model import Actor, ActorKind, Channel, Message, Reason, Relation, Ticket, Visibility

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


@dataclass(frozen=True, slots=True)
class Ports:
    """What the service stands on.

    Attributes:
        desk: the settings as they stand.
        region: AWS region, part of the Message-IDs that SES gives.
    """

    tickets: TicketReader
    people: People
    desk: Callable[[], Desk]
    files: Files
    limiter: RateLimiter
    links: NoticeLinks
    clock: Clock
    region: str


@dataclass(frozen=True, slots=True)
class _Along:
    """What goes along with a letter: the ids of its thread, oldest first, who gets it too, files; whether it begins one."""

    thread: tuple[str, ...]
    copies: tuple[Party, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    begins: bool = False


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
            case TicketAssigned(new_assignee=str(agent_id)) as fact if agent_id != fact.old_assignee:
                self._tell_assignee(event, fact, agent_id)
            case SlaBreached() as fact:
                self._tell_supervisors(event, fact)
            case SlaEscalated() as fact if fact.notify:
                self._tell_escalated(event, fact)
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
        slot = Slot(event.id, Kind.ACKNOWLEDGEMENT, person.id, ticket.id)
        self._write_to_requester(
            ticket,
            person,
            slot,
            Acknowledged(self._ports.links.request(ticket)),
            _Along(_thread_of([opening] if opening is not None else [])),
            may=lambda: self._may_acknowledge(ticket, person, opening),
        )

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
        if fact.author.kind is ActorKind.AGENT:
            self._send_reply(event.ticket_id, fact.message_id)
            return
        ticket = self._ports.tickets.get(event.ticket_id)
        if fact.author.kind is ActorKind.REQUESTER and ticket is not None and ticket.assignee is not None:
            self._tell_of_reply(event, ticket, fact, ticket.assignee)

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
        slot = Slot(message.id, Kind.REPLY, person.id, ticket.id)
        if is_own(self._ports.desk(), person.address):
            self._outbox.refuse(slot, "own_mailbox")
            return
        enclosed, left_out = enclose(message, person.id, self._ports.files, self._ports.links)
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
            _Along(_thread_of(before), copies, enclosed, begins=opening),
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
        zone = _zone_of(desk, ticket)
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
        )
        self._remember(ticket, self._outbox.deliver(slot, letter, again=again, may=may))

    def _remember(self, ticket: Ticket, delivery: Delivery | None) -> None:
        """Lets answers to a mail find the ticket by the id that SES gave it; again when that was missed before."""
        if delivery is not None and delivery.state is DeliveryState.SENT and delivery.mail_id:
            self._ports.tickets.remember_thread(threads.ses_message_id(delivery.mail_id, self._ports.region), ticket.id)

    def _author_name(self, message: Message) -> str | None:
        agent = self._ports.desk().agents.get(message.author.id)
        return agent.name if agent is not None else message.author_name

    # --- to colleagues ---

    def _tell_of_reply(self, event: Event, ticket: Ticket, fact: MessageAdded, assignee: str) -> None:
        message = self._ports.tickets.message(ticket.id, fact.message_id)
        if message is None:
            return
        details = RequesterReplied(
            self._ports.links.ticket(ticket.id), self._requester_of(ticket), excerpt(message.text)
        )
        self._tell(event, ticket, assignee, Kind.REQUESTER_REPLIED, details)

    def _tell_assignee(self, event: Event, fact: TicketAssigned, agent_id: str) -> None:
        """Tells whose a ticket is now; of many that they are given by one action, of the first one alone."""
        if event.actor == Actor(ActorKind.AGENT, agent_id):
            return
        ticket = self._ports.tickets.get(event.ticket_id)
        if ticket is None:
            return
        action = bulk_action_of(fact.because)
        desk = self._ports.desk()
        group = desk.groups.get(ticket.group) if ticket.group is not None else None
        details = Assigned(
            self._ports.links.ticket(ticket.id),
            self._requester_of(ticket),
            excerpt(ticket.copies.last_message.preview if ticket.copies.last_message is not None else ""),
            ticket.priority,
            group.name if group is not None else None,
            several=action is not None,
        )
        self._tell(event, ticket, agent_id, Kind.ASSIGNED, details, cause=action)

    def _tell_supervisors(self, event: Event, fact: SlaBreached) -> None:
        ticket = self._ports.tickets.get(event.ticket_id)
        if ticket is None:
            return
        told = [agent.id for agent in supervisors_of(self._ports.desk(), ticket)]
        self._tell_all(
            event, ticket, told, Kind.BREACHED, self._missed(Breached, ticket, fact.metric, fact.breached_at)
        )

    def _tell_escalated(self, event: Event, fact: SlaEscalated) -> None:
        ticket = self._ports.tickets.get(event.ticket_id)
        if ticket is None:
            return
        clock = ticket.sla.clock(fact.metric) if ticket.sla is not None else None
        due_at = (clock.due_at if clock is not None else None) or fact.escalated_at
        told = escalated_to(self._ports.desk(), ticket, fact.notify)
        self._tell_all(event, ticket, told, Kind.ESCALATED, self._missed(Escalated, ticket, fact.metric, due_at))

    def _missed(self, kind: type[Breached], ticket: Ticket, metric: Metric, at: datetime) -> Breached:
        desk = self._ports.desk()
        group = desk.groups.get(ticket.group) if ticket.group is not None else None
        assignee = desk.agents.get(ticket.assignee) if ticket.assignee is not None else None
        return kind(
            link=self._ports.links.ticket(ticket.id),
            requester=self._requester_of(ticket),
            metric=metric,
            at=at,
            zone=_zone_of(desk, ticket),
            priority=ticket.priority,
            group=group.name if group is not None else None,
            assignee=assignee.name if assignee is not None else None,
        )

    def _tell_all(self, event: Event, ticket: Ticket, agents: Iterable[str], kind: Kind, details: Details) -> None:
        failed: Exception | None = None
        for agent_id in agents:
            try:
                self._tell(event, ticket, agent_id, kind, details)
            except Exception as error:  # noqa: BLE001 - the others are told first; then it is raised
                failed = failed or error
        if failed is not None:
            raise failed

    def _tell(
        self, event: Event, ticket: Ticket, agent_id: str, kind: Kind, details: Details, *, cause: str | None = None
    ) -> None:
        """Writes to a colleague, once for an event, or for a cause that several events have."""
        agent = self._ports.desk().agents.get(agent_id)
        if agent is None or is_own(self._ports.desk(), agent.address):
            return
        slot = Slot(cause or event.id, kind, agent.id, ticket.id)
        letter = self._stationery.letter(ticket, slot, Party(agent.name, agent.address), agent.language, details)
        if letter is not None:
            self._outbox.deliver(slot, letter)

    def _requester_of(self, ticket: Ticket) -> str:
        return ticket.copies.requester_name or ticket.copies.requester_address or "?"


def bulk_action_of(because: Iterable[Reason]) -> str | None:
    """The bulk action that something was done by; None if it was done by itself."""
    return next((str(one.params["job"]) for one in because if one.code == "bulk"), None)


def supervisors_of(desk: Desk, ticket: Ticket) -> tuple[Agent, ...]:
    """Who is told of a ticket's breach: the supervisors in its group, or else all there are."""
    near = desk.members(ticket.group) if ticket.group is not None else ()
    return tuple(agent for agent in near if agent.role is Role.SUPERVISOR) or desk.with_role(Role.SUPERVISOR)


def escalated_to(desk: Desk, ticket: Ticket, notify: Iterable[str]) -> tuple[str, ...]:
    """Ids of the agents whom an escalation names: by role, by their part in the ticket, or by id. Each once."""
    roles: dict[str, Iterable[str | None]] = {
        "assignee": (ticket.assignee,),
        "group": (agent.id for agent in (desk.members(ticket.group) if ticket.group is not None else ())),
        "supervisors": (agent.id for agent in supervisors_of(desk, ticket)),
        "admins": (agent.id for agent in desk.with_role(Role.ADMIN)),
    }
    found = (agent_id for name in notify for agent_id in roles.get(name, (name,)))
    return tuple(dict.fromkeys(agent_id for agent_id in found if agent_id is not None))


def _zone_of(desk: Desk, ticket: Ticket) -> str:
    if ticket.sla is None:
        return "UTC"
    calendar = desk.calendars.get((ticket.sla.calendar_id, ticket.sla.calendar_revision))
    return calendar.zone if calendar is not None else "UTC"


def _thread_of(messages: Iterable[Message]) -> tuple[str, ...]:
    """Message-IDs of the mails among some messages that the requester wrote, oldest first."""
    written = sorted((one for one in messages if one.author.kind is ActorKind.REQUESTER), key=lambda one: one.id)
    known = (threads.clean_id(one.mail_message_id) for one in written)
    return tuple(dict.fromkeys(known_id for known_id in known if known_id is not None))
