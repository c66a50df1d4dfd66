"""What agents do with several tickets at once: tie them, merge them, split one in two, and take each of it back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean_line, preview
from helpdesk.people.model import Agent
from helpdesk.tickets.commands import (
    AbsorbTicket,
    ChangeTicket,
    Command,
    LinkTicket,
    MergeTicket,
    OpenTicket,
    ReturnTicket,
    SplitTicket,
    UndoSplit,
    UnlinkTicket,
    UnmergeTicket,
)
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    LastMessage,
    Link,
    Message,
    Origin,
    Participant,
    Relation,
    Split,
    StatusCategory,
    Ticket,
)
from helpdesk.tickets.parts.links import MIRRORED, refuse_link
from helpdesk.tickets.parts.together import MAX_SPLIT_MESSAGES
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import NOTHING, Change, Extras, Record, TicketService, TicketStore
from helpdesk.tickets.views import TicketQuery, TicketRow, summarize

LOOKED_AT: Final = 100
"""Newest messages among which those to be split off are sought first, in one query."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A ticket tied to another, as lists show it."""

    relation: Relation
    row: TicketRow


class Together:
    """An agent's use cases over several tickets.

    Args:
        tickets: decides and writes.
        store: reads.
        clock: the desk's time.
    """

    def __init__(self, tickets: TicketService, store: TicketStore, clock: Clock) -> None:
        self._tickets = tickets
        self._store = store
        self._clock = clock

    def find(self, name: str) -> str:
        """The id of a ticket by its id or its number (`1042`, `#1042`).

        Raises:
            Invalid: there is none of this name.
        """
        digits = name.strip().removeprefix("#")
        if digits.isascii() and digits.isdigit() and len(digits) < 12:
            rows = self._store.rows(TicketQuery(number=int(digits)), limit=1, position=None).items
            if rows:
                return rows[0].id
        elif is_id(name):
            return name
        raise Invalid("Some fields are not valid.", [FieldError("/ticket", "is not a ticket of this desk")])

    # --- links ---

    def link(self, ticket_id: str, other_id: str, relation: Relation, agent: Agent) -> Ticket:
        """Ties a ticket to another; again: the same.

        Raises:
            NotFound: one of them is not there.
            Invalid: they are the same, or the tie is none that agents make.
            Conflict: see `parts.links.refuse_link`.
        """
        if relation is Relation.PART_OF:
            return self._join_incident(ticket_id, other_id, agent)
        if relation not in MIRRORED:
            raise Invalid("Some fields are not valid.", [FieldError("/relation", "is made by the desk itself")])
        mirrored = MIRRORED[relation]

        def commands(one: Ticket, other: Ticket) -> tuple[Command, Command]:
            return LinkTicket(_link(relation, other)), LinkTicket(_link(mirrored, one))

        return self._both(ticket_id, other_id, agent, commands)[0]

    def unlink(self, ticket_id: str, other_id: str, relation: Relation, agent: Agent) -> Ticket:
        """Cuts a tie; again: nothing.

        Raises:
            NotFound: one of them is not there.
            Invalid: the tie is none that agents make.
        """
        actor = Actor(ActorKind.AGENT, agent.id)
        if relation is Relation.PART_OF:
            other = self._tickets.get(other_id)
            record = Record(keys.part_key(other_id, ticket_id), None)
            command = UnlinkTicket(_link(relation, other))
            return self._tickets.run(ticket_id, command, actor=actor, extras=Extras(records=(record,))).ticket
        if relation not in MIRRORED:
            raise Invalid("Some fields are not valid.", [FieldError("/relation", "is made by the desk itself")])
        mirrored = MIRRORED[relation]

        def commands(one: Ticket, other: Ticket) -> tuple[Command, Command]:
            return UnlinkTicket(_link(relation, other)), UnlinkTicket(_link(mirrored, one))

        return self._both(ticket_id, other_id, agent, commands)[0]

    def _join_incident(self, ticket_id: str, incident_id: str, agent: Agent) -> Ticket:
        """Makes a ticket part of an incident. The incident's own ticket is left alone: a thousand may come at once."""
        incident = self._tickets.get(incident_id)
        if any(link.relation is Relation.PART_OF for link in incident.links):
            raise Conflict("That ticket is itself a part of an incident.")
        link = _link(Relation.PART_OF, incident)
        record = Record(keys.part_key(incident_id, ticket_id), {"number": incident.number})
        actor = Actor(ActorKind.AGENT, agent.id)

        def may(ticket: Ticket) -> None:
            if link not in ticket.links:
                refuse_link(ticket, link)

        return self._tickets.run(
            ticket_id, LinkTicket(link), actor=actor, extras=Extras(records=(record,)), allowed=may
        ).ticket

    def tied(self, ticket_id: str) -> tuple[Tied, ...]:
        """The tickets that one is tied to, as they stand now: two calls.

        Raises:
            NotFound: no such ticket.
        """
        links = links_of(self._tickets.get(ticket_id))
        found = self._store.get_all([link.ticket_id for link in links])
        return tuple(Tied(link.relation, summarize(found[link.ticket_id])) for link in links if link.ticket_id in found)

    def parts(
        self, incident_id: str, *, limit: int, position: dict[str, str] | None
    ) -> tuple[Page[str], tuple[TicketRow, ...]]:
        """A page of the tickets that are part of an incident, in order of age: their ids, and how they stand now.

        Raises:
            NotFound: no such ticket.
        """
        if position is None:
            self._tickets.get(incident_id)
        page = self._store.records(keys.ticket_partition(incident_id), keys.PART_PREFIX, limit=limit, position=position)
        ids = tuple(key.sk.removeprefix(keys.PART_PREFIX) for key, _ in page.items)
        found = self._store.get_all(ids)
        return Page(ids, page.next_position), tuple(summarize(found[one]) for one in ids if one in found)

    # --- merging ---

    def merge(self, ticket_id: str, into_id: str, agent: Agent) -> Ticket:
        """Lets a ticket go on in another: its messages are read there, and whoever answers it writes there.

        Returns:
            The ticket that went on in the other.

        Raises:
            NotFound: one of them is not there.
            Invalid: they are the same.
            Conflict: one of them is closed or merged, an answer is held, or too many went on in the other.
        """

        def commands(one: Ticket, into: Ticket) -> tuple[Command, Command]:
            if into.merged is not None:
                raise Conflict(f"#{into.number} goes on in #{into.merged.number}: merge into that one.")
            people = [
                Participant(one.requester_id, one.copies.requester_address or "", one.copies.requester_name),
                *one.copies.participants,
            ]
            absorb = AbsorbTicket(
                Origin(one.id, one.number, one.requester_id),
                along=one.sources,
                people=tuple(person for person in people if person.address),
                waiting=one.status.category is StatusCategory.OPEN,
                last=one.copies.last_message,
            )
            return MergeTicket(into.id, into.number), absorb

        return self._both(ticket_id, into_id, agent, commands)[0]

    def unmerge(self, ticket_id: str, agent: Agent) -> Ticket:
        """Lets a merged ticket go on by itself again, as it stood. What was written in the other meanwhile stays there.

        Raises:
            NotFound: no such ticket.
            Conflict: it is not merged, was merged on since, or came back by undoing a split.
        """
        ticket = self._tickets.get(ticket_id)
        if ticket.merged is None:
            raise Conflict("It is not merged into another ticket.")

        def commands(one: Ticket, into: Ticket) -> tuple[Command, Command]:
            del one
            if all(absorbed.origin.ticket_id != ticket_id for absorbed in into.absorbed):
                raise Conflict("Its messages are the other ticket's own: split them off again.")
            if into.merged is not None:
                raise Conflict(f"#{into.number} went on in #{into.merged.number} since: un-merge that first.")
            return UnmergeTicket(), ReturnTicket(ticket_id)

        return self._both(ticket_id, ticket.merged.ticket_id, agent, commands)[0]

    # --- splitting ---

    def split(self, ticket_id: str, message_ids: Sequence[str], subject: str | None, agent: Agent) -> Ticket:
        """Lets messages go on in a ticket of their own, with the same requester unless somebody else wrote the first.

        Returns:
            The new ticket.

        Raises:
            NotFound: no such ticket.
            Invalid: no messages, too many, or such as cannot be moved.
            Conflict: the ticket was merged, or they went on elsewhere already.
        """
        wanted = tuple(dict.fromkeys(message_ids))
        if not 0 < len(wanted) <= MAX_SPLIT_MESSAGES:
            at_most = f"name 1 to {MAX_SPLIT_MESSAGES} messages"
            raise Invalid("Some fields are not valid.", [FieldError("/messages", at_most)])
        messages, number, now = self._movable(ticket_id, wanted), self._store.next_number(), self._clock()
        new_ticket_id, actor = new_id(now), Actor(ActorKind.AGENT, agent.id)

        def changes(found: tuple[Ticket, ...], rules: DeskRules, at: datetime) -> tuple[Change, ...]:
            (ticket,) = found
            last = self._last((ticket.id, *(one.ticket_id for one in ticket.sources)), without=wanted)
            if last is None:
                raise Invalid("Some fields are not valid.", [FieldError("/messages", "leave one behind at least")])
            opening = _opening(ticket, messages, new_ticket_id, number, subject)
            opened = decide(None, opening, rules, actor=actor, now=at)
            if ticket.group is not None:
                given = decide(opened.ticket, ChangeTicket(group=ticket.group), rules, actor=actor, now=at)
                opened = Decision(given.ticket, opened.events + given.events)
            command = SplitTicket(Split(new_ticket_id, number, wanted), last)
            return (
                Change(None, opened, Extras(messages=_moved(messages, new_ticket_id), threads=_threads(messages))),
                Change(
                    ticket,
                    decide(ticket, command, rules, actor=actor, now=at),
                    Extras(messages=tuple(replace(one, moved_to=new_ticket_id) for one in messages)),
                ),
            )

        return self._tickets.carry_out_together((ticket_id,), changes)[0]

    def undo_split(self, ticket_id: str, agent: Agent) -> Ticket:
        """Has the messages back that went on in a ticket of their own, which goes on here from now on.

        Args:
            ticket_id: the ticket that was split off.
            agent: who does it.

        Returns:
            The ticket it had been split off from.

        Raises:
            NotFound: no such ticket.
            Conflict: it was not split off, or was written to since: then it can be merged.
        """
        made = self._tickets.get(ticket_id)
        from_id = next((link.ticket_id for link in made.links if link.relation is Relation.SPLIT_FROM), None)
        if from_id is None:
            raise Conflict("It was not split off from another ticket.")
        actor = Actor(ActorKind.AGENT, agent.id)

        def changes(found: tuple[Ticket, ...], rules: DeskRules, at: datetime) -> tuple[Change, ...]:
            made, ticket = found
            split = next((one for one in ticket.splits if one.ticket_id == made.id), None)
            if split is None:
                raise Conflict("It was not split off from another ticket, or is back already.")
            messages = self._store.messages_before(made.id, None, limit=MAX_SPLIT_MESSAGES + 1)
            if any(one.id not in split.message_ids for one in messages):
                raise Conflict("Somebody wrote in it since it was split off: merge it instead.")
            back = tuple(replace(one, ticket_id=ticket.id) for one in messages)
            undo = decide(ticket, UndoSplit(made.id), rules, actor=actor, now=at)
            merge = decide(made, MergeTicket(ticket.id, ticket.number), rules, actor=actor, now=at)
            return (
                Change(ticket, undo, Extras(messages=back, threads=_threads(messages))),
                Change(made, merge),
            )

        return self._tickets.carry_out_together((ticket_id, from_id), changes)[0]

    # --- parts ---

    def _both(
        self,
        ticket_id: str,
        other_id: str,
        agent: Agent,
        commands: Callable[[Ticket, Ticket], tuple[Command, Command]],
    ) -> tuple[Ticket, ...]:
        """Carries out a command on each of two tickets, both or neither."""
        if ticket_id == other_id:
            raise Invalid("Some fields are not valid.", [FieldError("/ticket", "is the ticket itself")])
        actor = Actor(ActorKind.AGENT, agent.id)

        def changes(found: tuple[Ticket, ...], rules: DeskRules, now: datetime) -> tuple[Change, ...]:
            one, other = found
            wishes = zip(found, commands(one, other), strict=True)
            return tuple(
                Change(ticket, decide(ticket, command, rules, actor=actor, now=now), NOTHING)
                for ticket, command in wishes
            )

        return self._tickets.carry_out_together((ticket_id, other_id), changes)

    def _movable(self, ticket_id: str, message_ids: tuple[str, ...]) -> tuple[Message, ...]:
        """Messages that can go on elsewhere, oldest first."""
        found = self._store.with_messages(ticket_id, limit=LOOKED_AT) if is_id(ticket_id) else None
        if found is None:
            raise NotFound("There is no such ticket.")
        ticket, page = found
        near = {message.id: message for message in page.items}
        errors: list[FieldError] = []
        messages: list[Message] = []
        for place, message_id in enumerate(message_ids):
            message = near.get(message_id) or self._store.message(ticket_id, message_id)
            if message is None:
                errors.append(FieldError(f"/messages/{place}", "is not a message of this ticket"))
            elif message.withdrawn_at is not None or message.moved_to is not None or ticket.holds(message_id):
                errors.append(FieldError(f"/messages/{place}", "was taken back, moved, or is still held"))
            else:
                messages.append(message)
        if errors:
            raise Invalid("Some fields are not valid.", errors)
        return tuple(sorted(messages, key=lambda one: one.id))

    def _last(self, ticket_ids: Iterable[str], *, without: Sequence[str]) -> LastMessage | None:
        """The newest message of a conversation that is left without some, as lists show it."""
        newest: list[Message] = []
        for ticket_id in ticket_ids:
            found = self._store.messages_before(ticket_id, None, limit=LOOKED_AT)
            shown = (one for one in found if _stays(one) and one.id not in without)
            newest += [message for _, message in zip(range(1), shown, strict=False)]
        if not newest:
            return None
        last = max(newest, key=lambda one: one.id)
        return LastMessage(last.at, last.author.kind, last.visibility, preview(last.text))


def _stays(message: Message) -> bool:
    return message.withdrawn_at is None and message.moved_to is None


def links_of(ticket: Ticket) -> tuple[Link, ...]:
    """All ties of a ticket: to what it is linked with, and to what was split off from it."""
    return ticket.links + tuple(Link(Relation.SPLIT_INTO, one.ticket_id, one.number) for one in ticket.splits)


def _link(relation: Relation, other: Ticket) -> Link:
    return Link(relation, other.id, other.number)


def _moved(messages: Iterable[Message], ticket_id: str) -> tuple[Message, ...]:
    return tuple(replace(one, ticket_id=ticket_id) for one in messages)


def _threads(messages: Iterable[Message]) -> tuple[str, ...]:
    """Message-IDs whose answers belong where the messages are."""
    return tuple(one.mail_message_id for one in messages if one.mail_message_id is not None)


def _opening(
    ticket: Ticket, messages: Sequence[Message], ticket_id: str, number: int, subject: str | None
) -> OpenTicket:
    """Opens a ticket with messages of another one: its requester is who wrote the first of them, if they take part."""
    first = messages[0]
    wrote = next((one for one in ticket.copies.participants if one.id == first.author.id), None)
    newest = messages[-1]
    return OpenTicket(
        ticket_id=ticket_id,
        number=number,
        requester_id=wrote.id if wrote is not None else ticket.requester_id,
        subject=clean_line(subject or "")[:300] or ticket.copies.subject,
        message_id=first.id,
        preview=preview(newest.text),
        channel=first.channel,
        language=ticket.language,
        requester_name=wrote.name if wrote is not None else ticket.copies.requester_name,
        requester_address=wrote.address if wrote is not None else ticket.copies.requester_address,
        type=ticket.type,
        priority=ticket.priority,
        category=ticket.category,
        organization_id=ticket.organization_id,
        mailbox_id=ticket.mailbox_id,
        automatic=ticket.automatic,
        links=(Link(Relation.SPLIT_FROM, ticket.id, ticket.number),),
    )
