"""What agents do with tickets: find, read, change, answer. Every name they use is checked against the configuration."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.errors import (
    Conflict,
    FieldError,
    Invalid,
    KeyReused,
    NewerMessage,
    NotFound,
    StaleVersion,
    Unavailable,
)
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean, clean_line, preview
from helpdesk.people.model import Agent
from helpdesk.tickets import conversation, writing
from helpdesk.tickets.attention import mentioned, refuse_if_far
from helpdesk.tickets.commands import (
    UNSET,
    AddMessage,
    ChangeTicket,
    EditMessage,
    ReleaseMessage,
    Unset,
    WithdrawMessage,
)
from helpdesk.tickets.facts import Event, MessageAdded, MessageWithdrawn, TicketAbsorbed, TicketOpened
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Attachment,
    Channel,
    Message,
    Status,
    StatusCategory,
    Ticket,
    Visibility,
)
from helpdesk.tickets.service import ATTEMPTS, AlreadyDone, Extras, Guard, TicketService, TicketStore
from helpdesk.tickets.views import TicketQuery, TicketRow
from helpdesk.tickets.visibility import scope_of
from helpdesk.tickets.workflow import StatusDefinition

ACTIVE: Final = frozenset(status for status in Status if status.category is not StatusCategory.DONE)
DONE: Final = frozenset(status for status in Status if status.category is StatusCategory.DONE)


class AgentDesk:
    """An agent's use cases.

    Args:
        tickets: decides and writes.
        store: reads.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(self, tickets: TicketService, store: TicketStore, desk: Callable[[], Desk], clock: Clock) -> None:
        self._tickets = tickets
        self._store = store
        self._desk = desk
        self._clock = clock

    def list(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of tickets."""
        return self._store.rows(query, limit=limit, position=position)

    def get(self, ticket_id: str) -> Ticket:
        """A ticket.

        Raises:
            NotFound: there is none of this id.
        """
        return self._tickets.get(ticket_id)

    def change(self, ticket_id: str, change: ChangeTicket, agent: Agent, *, version: int) -> Ticket:
        """Changes properties.

        Raises:
            NotFound: no such ticket.
            StaleVersion: it is not at `version` any more.
            Invalid: a group, agent or category that is not of this desk.
            Conflict: the ticket is closed.
        """
        ticket = self._tickets.get(ticket_id)
        change = self.fitted(change, ticket)
        actor = Actor(ActorKind.AGENT, agent.id)
        return self._tickets.run(ticket_id, change, actor=actor, expected_version=version).ticket

    def add_message(  # noqa: PLR0913 - one a choice of the author
        self,
        ticket_id: str,
        body: str,
        visibility: Visibility,
        agent: Agent,
        *,
        html: str | None = None,
        status: Status | None = None,
        custom_status: str | None = None,
        attach: Callable[[str], tuple[Attachment, ...]] | None = None,
        guard: Guard | None = None,
        hold_seconds: int = 0,
        seen: str | None = None,
        send_at: datetime | None = None,
        unless_replied: bool = False,
        mentions: tuple[str, ...] = (),
    ) -> Message:
        """Answers the requester, or notes something for colleagues.

        Args:
            ticket_id: of which ticket.
            body: plain text.
            visibility: who may read it.
            agent: who writes.
            html: the same formatted; then the plain text is made of it, and `body` does not count.
            status: set along with it.
            custom_status: id of an admin's status to set instead.
            attach: makes the files of a ticket's message.
            guard: lets it happen once.
            hold_seconds: how long a public answer may be taken back before it is sent; no longer than the desk allows.
            seen: the newest message its author had read; None: they answer whatever came since.
            send_at: when a public answer goes out; None: at once, or after `hold_seconds`.
            unless_replied: take it back by itself if the requester writes before it goes out.
            mentions: ids of colleagues whom a note calls, beside those whom its text calls by `@`.

        Raises:
            NewerMessage: somebody else's public message came after `seen`, and this is a public answer.
            NotFound, Conflict, Invalid, Unavailable: see `TicketService.run`.
            KeyReused: the guard's key came with another body before.
        """
        formatted, said = writing.read(html) if html is not None else (None, body)
        text = _text_of(said)
        if guard is not None and attach is not None and (before := self._written_before(guard)) is not None:
            return before
        if not is_id(ticket_id):
            raise NotFound("There is no such ticket.")
        now = self._clock()
        goes_out = self._send_at(visibility, hold_seconds, send_at, now)
        if unless_replied and goes_out is None:
            fault = FieldError("/unless_requester_replies", "is only for an answer that is sent later")
            raise Invalid("Some fields are not valid.", [fault])
        message = Message(
            id=new_id(now),
            ticket_id=ticket_id,
            at=now,
            author=Actor(ActorKind.AGENT, agent.id),
            author_name=agent.name,
            visibility=visibility,
            channel=Channel.WEB,
            text=text,
            send_at=goes_out,
        )
        if attach is not None:
            self._tickets.get(ticket_id)  # no file is moved for a ticket that is not there
            message = replace(message, attachments=attach(ticket_id))
        if formatted is not None:
            message = writing.with_pictures_of(message, formatted)
        command = AddMessage(
            message.id,
            message.author,
            visibility,
            message.channel,
            preview(text),
            status=status,
            send_at=message.send_at,
            custom_status=custom_status,
            mentions=self._mentions(ticket_id, text, visibility, mentions, agent),
            unless_replied=unless_replied,
        )
        try:
            self._tickets.add_message(
                message,
                command,
                guards=(guard,) if guard is not None else (),
                allowed=self._nothing_newer(visibility, agent, seen),
            )
        except (AlreadyDone, NewerMessage):  # a repetition gets the first answer, whatever came since
            before = self._written_before(guard) if guard is not None else None
            if before is None:
                raise
            return before
        return message

    def _nothing_newer(self, visibility: Visibility, agent: Agent, seen: str | None) -> Callable[[Ticket], None] | None:
        if seen is None or visibility is not Visibility.PUBLIC:
            return None
        return lambda ticket: refuse_if_newer(self._store, ticket.id, seen, by=agent.id)

    def withdraw(self, ticket_id: str, message_id: str, agent: Agent) -> Message:
        """Takes a held answer back: it is not sent, and what it would have changed stays as it is. Again: the same.

        Raises:
            NotFound: no such ticket or message.
            Forbidden: somebody else wrote it.
            Conflict: it was sent, or taken back before.
            Unavailable: contention that did not end.
        """
        message = self._message(ticket_id, message_id)
        if message.withdrawn_at is not None:
            return message
        withdrawn = replace(message, withdrawn_at=self._clock())
        actor = Actor(ActorKind.AGENT, agent.id)
        self._tickets.run(ticket_id, WithdrawMessage(message_id), actor=actor, extras=Extras(message=withdrawn))
        return withdrawn

    def send_now(self, ticket_id: str, message_id: str, agent: Agent) -> Message:
        """Sends a held answer at once; one that was sent already is left as it is.

        Raises:
            NotFound: no such ticket or message.
            Forbidden: somebody else wrote it.
            Conflict: it was taken back.
            Unavailable: contention that did not end.
        """
        message = self._message(ticket_id, message_id)
        if message.withdrawn_at is not None:
            raise Conflict("The message was taken back.")
        self._tickets.run(ticket_id, ReleaseMessage(message_id), actor=Actor(ActorKind.AGENT, agent.id))
        return message

    def _message(self, ticket_id: str, message_id: str) -> Message:
        found = self._store.message(_checked(ticket_id), message_id) if is_id(message_id) else None
        if found is None:
            raise NotFound("There is no such message.")
        return found

    def edit(
        self, ticket_id: str, message_id: str, agent: Agent, *, body: str | None, send_at: datetime | None
    ) -> tuple[Ticket, Message]:
        """Changes an answer that waits to be sent: its words, or when it goes out.

        Args:
            ticket_id: of which ticket.
            message_id: which answer.
            agent: its author.
            body: its new words; None: they stay.
            send_at: when it goes out now; None: as planned.

        Raises:
            NotFound: no such ticket or message.
            Forbidden: somebody else wrote it.
            Invalid: it would be empty, or go out in the past or in more than a year.
            Conflict: it was sent or taken back.
            Unavailable: contention that did not end.
        """
        text = _text_of(body) if body is not None else None
        refuse_if_far(send_at, self._clock(), "/send_at")
        actor = Actor(ActorKind.AGENT, agent.id)
        for _ in range(ATTEMPTS):
            ticket = self._tickets.get(ticket_id)
            message = self._message(ticket_id, message_id)
            after = replace(message, send_at=send_at or message.send_at)
            if text is not None:
                after = replace(after, text=text, html=None, full_text_key=None)
            new_words = text if text is not None and text != message.text else None
            command = EditMessage(message_id, send_at, preview(new_words) if new_words is not None else None)
            try:
                outcome = self._tickets.run(
                    ticket_id, command, actor=actor, expected_version=ticket.version, extras=Extras(message=after)
                )
            except StaleVersion:
                continue  # the message is read anew, so that nothing written meanwhile is lost
            return outcome.ticket, after
        raise Unavailable("Many are changing this ticket at once; try again in a moment.")

    def _mentions(
        self, ticket_id: str, text: str, visibility: Visibility, named: tuple[str, ...], agent: Agent
    ) -> tuple[str, ...]:
        """Whom a note calls. Who is called follows from then on, so nobody is who may not see the ticket."""
        agents = self._desk().agents
        if named and visibility is Visibility.PUBLIC:
            fault = FieldError("/mentions", "colleagues are called in internal notes only")
            raise Invalid("Some fields are not valid.", [fault])
        faults = [
            FieldError(f"/mentions/{place}", "is not an agent of this desk")
            for place, one in enumerate(named)
            if one not in agents
        ]
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        found = mentioned(text, agents) if visibility is Visibility.INTERNAL else ()
        called = tuple(one for one in dict.fromkeys((*named, *found)) if one != agent.id)
        blind = self._blind(ticket_id, called)
        faults = [
            FieldError(f"/mentions/{place}", "may not see this ticket; who adds them as a follower lets them in")
            for place, one in enumerate(named)
            if one in blind
        ]
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        return tuple(one for one in called if one not in blind)

    def _blind(self, ticket_id: str, agent_ids: Iterable[str]) -> frozenset[str]:
        """Those of some agents who may not see a ticket, which is read only if one of them may not see all."""
        desk = self._desk()
        scopes = {one: scope_of(desk.agents[one], desk.roles, desk.groups) for one in agent_ids}
        if all(scope.everything for scope in scopes.values()):
            return frozenset()
        ticket = self._tickets.get(ticket_id)
        return frozenset(one for one, scope in scopes.items() if not scope.allows(ticket))

    def _send_at(
        self, visibility: Visibility, hold_seconds: int, send_at: datetime | None, now: datetime
    ) -> datetime | None:
        if send_at is not None:
            if visibility is not Visibility.PUBLIC:
                fault = FieldError("/send_at", "only a public answer is sent")
                raise Invalid("Some fields are not valid.", [fault])
            refuse_if_far(send_at, now, "/send_at")
            return send_at
        held = min(hold_seconds, self._desk().general.hold_seconds)
        return now + seconds(held) if held > 0 and visibility is Visibility.PUBLIC else None

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> tuple[Ticket, Page[Message]]:
        """A ticket and a page of its messages, newest first.

        Raises:
            NotFound: no such ticket.
        """
        if position is None:
            found = conversation.newest(self._store, _checked(ticket_id), limit=limit)
            if found is None:
                raise NotFound("There is no such ticket.")
            return found
        ticket = self._tickets.get(ticket_id)
        if ticket.id in position:
            return ticket, conversation.older(self._store, ticket, limit=limit, position=position)
        return ticket, self._store.messages(ticket_id, limit=limit, position=position)

    def history(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first.

        Raises:
            NotFound: no such ticket.
        """
        page = self._store.events(_checked(ticket_id), limit=limit, position=position)
        if not page.items and position is None:
            raise NotFound("There is no such ticket.")
        return page

    def whole_history(self, ticket_id: str) -> Sequence[Event]:
        """All events of a ticket, in order.

        Raises:
            NotFound: no such ticket.
        """
        found: list[Event] = []
        position: dict[str, str] | None = None
        while True:
            page = self.history(ticket_id, limit=200, position=position)
            found += page.items
            position = page.next_position
            if position is None:
                return found[::-1]

    def all_messages(self, ticket_id: str) -> Sequence[Message]:
        """All messages of a ticket and of what goes on in it, newest first; none if there is no such ticket."""
        first = conversation.newest(self._store, _checked(ticket_id), limit=100)
        if first is None:
            return ()
        found = list(first[1].items)
        position = first[1].next_position
        while position is not None:
            _, page = self.messages(ticket_id, limit=100, position=position)
            found += page.items
            position = page.next_position
        return found

    def fitted(self, change: ChangeTicket, ticket: Ticket) -> ChangeTicket:
        """The change with its names checked, and with what follows from it: a new group takes it from a stranger.

        Raises:
            Invalid: a group, agent or category that is not of this desk.
        """
        desk = self._desk()
        self.check_names(change, ticket)
        if not isinstance(change.tags, Unset):
            change = replace(change, tags=tuple(clean_line(tag) for tag in change.tags))
        if isinstance(change.assignee, Unset) and isinstance(change.group, str) and ticket.assignee is not None:
            assignee = desk.agents.get(ticket.assignee)
            if assignee is None or change.group not in assignee.groups:
                return replace(change, assignee=None)
        if isinstance(change.assignee, str) and change.group is UNSET and ticket.group is None:
            groups = desk.agents[change.assignee].groups
            return replace(change, group=groups[0] if groups else UNSET)
        return change

    def check_names(self, change: ChangeTicket, ticket: Ticket | None = None) -> None:
        """Checks that a change names what there is.

        Args:
            change: the change.
            ticket: of which ticket; None: of any.

        Raises:
            Invalid: a group, agent, category or product that is not of this desk.
        """
        errors = _unknown_names(change, ticket.product if ticket is not None else None, self._desk())
        if errors:
            raise Invalid("Some fields are not valid.", errors)

    def _written_before(self, guard: Guard) -> Message | None:
        done = self._store.done_before(guard.key)
        if done is None:
            return None
        if done.note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        message = self._store.message(done.ticket_id, done.message_id or "")
        if message is None:
            raise Unavailable("The message is still being written.")
        return message


def _unknown_names(change: ChangeTicket, product: str | None, desk: Desk) -> list[FieldError]:
    """Names that are not of this desk. A product that is no longer chosen stays where it is."""
    products = {one.id for one in desk.products.values() if one.active} | {product}
    takers = {one.id for one in desk.agents.values() if desk.takes_tickets(one)}
    checks = (
        ("group", change.group, desk.groups, "a group of this desk"),
        ("assignee", change.assignee, takers, "an agent of this desk who takes tickets"),
        ("category", change.category, desk.categories, "a category of this desk"),
        ("product", change.product, products, "a product of this desk"),
    )
    return [
        FieldError(f"/{name}", f"is not {words}")
        for name, value, known, words in checks
        if isinstance(value, str) and value not in known
    ]


def _text_of(body: str) -> str:
    text = clean(body).strip()
    if not text:
        raise Invalid("The message is empty.", [FieldError("/body", "is empty")])
    return text


def refuse_if_newer(store: TicketStore, ticket_id: str, seen: str, *, by: str) -> None:
    """Refuses an answer that was written before somebody else's newer public message.

    History is asked, not the messages' ids: an id tells when a mail came in, history in which order things were known.

    Args:
        store: reads history: one query, unless much happened since.
        ticket_id: of which ticket.
        seen: the newest message the author had read.
        by: the author's id.

    Raises:
        NewerMessage: there is one; the newest is named.
        Invalid: `seen` is no message of this ticket.
    """
    withdrawn: set[str] = set()
    position: dict[str, str] | None = None
    while True:
        page = store.events(ticket_id, limit=50, position=position)
        for event in page.items:
            match event.fact:
                case MessageWithdrawn(message_id=taken_back):
                    withdrawn.add(taken_back)
                case MessageAdded(message_id=found) | TicketOpened(message_id=found) if found == seen:
                    return
                case TicketAbsorbed(origin=origin) if store.message(origin.ticket_id, seen) is not None:
                    return  # it was read in the ticket that came in, and nothing was written here since
                case MessageAdded(message_id=found, author=author, visibility=Visibility.PUBLIC) if (
                    author.id != by and found not in withdrawn
                ):
                    raise NewerMessage(
                        "Somebody else wrote since you read this ticket; read it, or confirm.", message_id=found
                    )
                case _:
                    pass
        position = page.next_position
        if position is None:
            raise Invalid(
                "Some fields are not valid.", [FieldError("/seen_message_id", "is not a message of this ticket")]
            )


def parse_search(text: str) -> tuple[int | None, tuple[str, ...]]:
    """What an agent typed: a ticket's number (`#1042`, `1042`), or words that must all occur.

    >>> parse_search("#1042")
    (1042, ())
    >>> parse_search("Invoice wrong")
    (None, ('invoice', 'wrong'))
    """
    words = clean(text).split()
    if len(words) == 1:
        digits = words[0].removeprefix("#")
        if digits.isascii() and digits.isdigit() and len(digits) < 12:
            return int(digits), ()
    return None, tuple(word.casefold() for word in words)


def parse_statuses(
    text: str, definitions: Mapping[str, StatusDefinition]
) -> tuple[frozenset[Status], tuple[tuple[str, Status], ...]]:
    """Statuses by name, several with commas; `active` and `done` stand for whole categories.

    Args:
        text: what was asked for.
        definitions: statuses that admins made may be named too.

    Returns:
        The desk's own, and the admins' with what they stand over.

    Raises:
        Invalid: a name that is no status.
    """
    found: set[Status] = set()
    further: list[tuple[str, Status]] = []
    for name in text.split(",") if text else ():
        definition = definitions.get(name)
        if name == "active":
            found |= ACTIVE
        elif name == "done":
            found |= DONE
        elif name in set(Status):
            found.add(Status(name))
        elif definition is not None:
            further.append((definition.id, definition.base))
        else:
            known = ", ".join((*Status, *(one.id for one in definitions.values() if one.further), "active", "done"))
            raise Invalid("Some query parameters are not valid.", [FieldError("/status", f"must be one of {known}")])
    return frozenset(found), tuple(further)


def parse_field(text: str) -> tuple[str, str]:
    """A field and what it shall hold, as `order:HB-20881`.

    Raises:
        Invalid: no name, or nothing behind it.
    """
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip():
        message = "must be a field's name, a colon and a value"
        raise Invalid("Some query parameters are not valid.", [FieldError("/field", message)])
    return name.strip(), clean_line(value)


def _checked(ticket_id: str) -> str:
    if not is_id(ticket_id):
        raise NotFound("There is no such ticket.")
    return ticket_id
