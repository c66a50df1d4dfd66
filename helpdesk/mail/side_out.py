"""Side conversations by mail: what colleagues ask goes to third parties, and who asked hears of the answer.

Each conversation is a thread of its own, with a tag of its own. Its mails know nothing of the requester's: no link, no
word of what was said to them, no Message-ID of theirs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from helpdesk.desk.model import Letterhead
from helpdesk.mail import threads
from helpdesk.mail.delivery import DeliveryState, Outbox, Slot
from helpdesk.mail.enclosing import enclose, excerpt
from helpdesk.mail.letters import Answered, Kind, Party, Quoted, SideAnswered
from helpdesk.mail.stationery import Stationery, is_own, sending_mailbox
from helpdesk.people.model import Agent, Person
from helpdesk.tickets.facts import Event, MessageAdded
from helpdesk.tickets.model import ActorKind, Message, SideConversation, Ticket

if TYPE_CHECKING:
    from helpdesk.mail.notices import Ports

MESSAGES_LOOKED_AT: Final = 20
"""How many of a conversation's newest messages are searched for Message-IDs that a mail refers to."""


class SideLetters:
    """Writes the mails of side conversations.

    Args:
        ports: what it reads.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: "Ports", stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox

    def pass_on(self, event: Event, fact: MessageAdded, side_id: str) -> None:
        """Passes on what was written: to third parties what a colleague wrote, to colleagues what a third party did."""
        if fact.author.kind is ActorKind.AGENT:
            self.send(event.ticket_id, side_id, fact.message_id)
        elif fact.author.kind is ActorKind.THIRD_PARTY:
            self._tell(event, side_id, fact.message_id)

    def send(self, ticket_id: str, side_id: str, message_id: str) -> None:
        """Sends a colleague's message to everybody in its side conversation, in one mail."""
        ticket = self._ports.tickets.get(ticket_id)
        side = ticket.side_conversation(side_id) if ticket is not None else None
        if ticket is None or side is None:
            return
        newest = self._ports.tickets.side_messages(ticket_id, side_id, limit=MESSAGES_LOOKED_AT, position=None).items
        message = next((one for one in newest if one.id == message_id), None)
        message = message or self._ports.tickets.message(ticket_id, message_id, side_id)
        if message is None:
            return
        slot = Slot(message.id, Kind.SIDE, side.id, ticket.id)
        to, cc = self._recipients(side)
        if not to:
            self._outbox.refuse(slot, "no_recipient")
            return
        before = [one for one in newest if one.id < message.id]
        mailbox = sending_mailbox(self._ports.desk(), ticket)
        letterhead = mailbox.letterhead if mailbox is not None else Letterhead()
        enclosed, left_out = enclose(message, side.id, self._ports.files, self._ports.links)
        details = Answered(
            message.text,
            "",
            message.html,
            self._author_name(message) if letterhead.show_agent else None,
            left_out,
            tuple(self._quoted(ticket, before, letterhead)),
        )
        first = to[0]
        letter = self._stationery.letter(
            ticket, slot, Party(first.name, first.address), first.language, details, side=side
        )
        if letter is None:
            self._outbox.refuse(slot, "no_mailbox")
            return
        thread = _thread_of(before)
        letter = replace(
            letter,
            begins=not _said(ticket, before),
            in_reply_to=thread[-1] if thread else None,
            references=thread[:-1],
            beside=tuple(Party(one.name, one.address) for one in to[1:]),
            copies=tuple(Party(one.name, one.address) for one in cc),
            enclosures=enclosed,
        )
        delivery = self._outbox.deliver(slot, letter, again=True)
        if delivery is not None and delivery.state is DeliveryState.SENT and delivery.mail_id:
            sent_as = threads.ses_message_id(delivery.mail_id, self._ports.region)
            self._ports.tickets.remember_thread(sent_as, ticket.id, side.id)

    def _recipients(self, side: SideConversation) -> tuple[list[Person], list[Person]]:
        """To whom, and in copy to whom. Who cannot be reached is still tried if there is nobody else."""
        found, desk = self._ports.people.by_ids(side.people), self._ports.desk()

        def fit(ids: Iterable[str]) -> list[Person]:
            people = (found[one] for one in ids if one in found)
            return [one for one in people if threads.takes_mail(one.address) and not is_own(desk, one.address)]

        def reached(people: list[Person]) -> list[Person]:
            return [one for one in people if not (one.undeliverable or one.complained)]

        to, cc = fit(side.to), fit(side.cc)
        if reached(to):
            return reached(to), reached(cc)
        return (to, reached(cc)) if to else (cc, [])

    def _quoted(self, ticket: Ticket, before: Iterable[Message], letterhead: Letterhead) -> Iterator[Quoted]:
        """The last messages of this conversation, newest first, as far as the mailbox repeats any."""
        desk = self._ports.desk()
        for one in _said(ticket, before)[: letterhead.quoted_messages]:
            named = None if one.author.kind is ActorKind.AGENT and not letterhead.show_agent else self._author_name(one)
            yield Quoted(named or letterhead.brand or desk.general.name, one.at, excerpt(one.text))

    def _author_name(self, message: Message) -> str | None:
        agent = self._ports.desk().agents.get(message.author.id)
        return agent.name if agent is not None else message.author_name

    # --- to colleagues ---

    def _tell(self, event: Event, side_id: str, message_id: str) -> None:
        """Tells who asked and who has the ticket. Answering that mail answers the third party, and nobody else."""
        ticket = self._ports.tickets.get(event.ticket_id)
        side = ticket.side_conversation(side_id) if ticket is not None else None
        message = self._ports.tickets.message(event.ticket_id, message_id, side_id)
        if ticket is None or side is None or message is None:
            return
        details = SideAnswered(self._ports.links.ticket(ticket.id), self._who(ticket, message), excerpt(message.text))
        failed: Exception | None = None
        for agent in self._told(ticket, side):
            slot = Slot(event.id, Kind.SIDE_ANSWERED, agent.id, ticket.id)
            party = Party(agent.name, agent.address)
            letter = self._stationery.letter(ticket, slot, party, agent.language, details, side=side)
            try:
                if letter is not None:
                    self._outbox.deliver(slot, letter)
            except Exception as error:  # noqa: BLE001 - the others are told first; then it is raised
                failed = failed or error
        if failed is not None:
            raise failed

    def _told(self, ticket: Ticket, side: SideConversation) -> list[Agent]:
        desk, third_parties = self._ports.desk(), {one.address for one in ticket.copies.side[side.id].people}
        wanted = dict.fromkeys(one for one in (ticket.assignee, side.by) if one is not None)
        agents = [desk.agents[one] for one in wanted if one in desk.agents]
        return [one for one in agents if not is_own(desk, one.address) and one.address not in third_parties]

    def _who(self, ticket: Ticket, message: Message) -> str:
        people = ticket.copies.side[message.side_id or ""].people
        address = next((one.address for one in people if one.id == message.author.id), None)
        return message.author_name or address or "?"


def _said(ticket: Ticket, messages: Iterable[Message]) -> list[Message]:
    """What was said on both sides: nothing that is held or was taken back, and nothing of machines or ourselves."""
    spoken = (one for one in messages if one.author.kind is not ActorKind.SYSTEM and not one.automatic)
    return [one for one in spoken if one.withdrawn_at is None and not ticket.holds(one.id)]


def _thread_of(messages: Iterable[Message]) -> tuple[str, ...]:
    """Message-IDs of the mails among some messages that third parties wrote, oldest first."""
    written = sorted((one for one in messages if one.author.kind is ActorKind.THIRD_PARTY), key=lambda one: one.id)
    known = (threads.clean_id(one.mail_message_id) for one in written)
    return tuple(dict.fromkeys(known_id for known_id in known if known_id is not None))
