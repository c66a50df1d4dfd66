"""Tickets that are merged or split come back as they were, whatever had become of them before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, HelpdeskError, Invalid
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.people.model import Agent, Role
from helpdesk.tickets import conversation
from helpdesk.tickets.chain import verify
from helpdesk.tickets.commands import AddMessage, ChangeTicket, Command, Tick, WithdrawMessage
from helpdesk.tickets.facts import TicketAbsorbed, TicketMerged, TicketReturned, TicketSplit, TicketUnmerged
from helpdesk.tickets.model import Actor, Channel, Copies, Message, Relation, Status, Ticket, Visibility
from helpdesk.tickets.rules import fold
from helpdesk.tickets.service import Extras, TicketService
from helpdesk.tickets.together import Together, links_of
from tests.fakes.tickets import FakeTickets
from tests.support.desks import RULES
from tests.support.lives import (
    MINA,
    MONDAY_TEN_IN_SEOUL,
    REQUESTER,
    SWEEPER,
    Wish,
    opening,
    wishes,
)

AGENT = Agent("mina", "Mina", "mina@desk.test", Role.AGENT)
FIRST, SECOND, THIRD = (derived_id(MONDAY_TEN_IN_SEOUL, name) for name in ("first", "second", "third"))
PASSED_ON = {"version", "chain", "updated_at"}


class Room:
    """A desk of some tickets, in memory."""

    def __init__(self) -> None:
        self.now = MONDAY_TEN_IN_SEOUL
        self.store = FakeTickets()
        self.tickets = TicketService(self.store, lambda: self.now, lambda: RULES, lambda attempt: None)
        self.together = Together(self.tickets, self.store, lambda: self.now)

    def open(self, ticket_id: str, requester: Actor = REQUESTER, **changes: object) -> Ticket:
        number = 1001 + len(self.store.tickets)
        command = opening(ticket_id, number=number, requester_id=requester.id, **changes)
        message = self.message(ticket_id, command.message_id, requester, command.preview)
        return self.tickets.open(command, Extras(message=message), actor=requester).ticket

    def message(self, ticket_id: str, message_id: str, author: Actor, text: str, **changes: object) -> Message:
        parts = {"visibility": Visibility.PUBLIC, "channel": Channel.WEB} | changes
        return Message(message_id, ticket_id, self.now, author, text=text, **parts)

    def says(self, ticket_id: str, author: Actor, text: str, **changes: object) -> Message:
        """Somebody writes, a minute later."""
        self.now += timedelta(minutes=1)
        message = self.message(ticket_id, new_id(self.now), author, text, **changes)
        command = AddMessage(message.id, author, message.visibility, message.channel, text)
        self.tickets.add_message(message, command)
        return message

    def do(self, ticket_id: str, command: Command, actor: Actor) -> None:
        """Carries out a wish, with the message that it may be about."""
        extras = Extras()
        if isinstance(command, AddMessage):
            if command.message_id in self.store.conversations[ticket_id]:
                return
            message = self.message(ticket_id, command.message_id, actor, command.preview, visibility=command.visibility)
            extras = Extras(message=message)
        if isinstance(command, WithdrawMessage):
            found = self.store.message(ticket_id, command.message_id)
            extras = Extras(message=replace(found, withdrawn_at=self.now)) if found is not None else extras
        self.tickets.run(ticket_id, command, actor=actor, extras=extras)

    def live(self, ticket_id: str, story: list[Wish]) -> None:
        """A ticket's life, refusals and all."""
        for wish in story:
            self.now += wish.after
            command = wish.command
            if isinstance(command, AddMessage | WithdrawMessage) and not is_id(command.message_id):
                message_id = derived_id(MONDAY_TEN_IN_SEOUL, ticket_id, command.message_id)
                command = replace(command, message_id=message_id)
            try:
                self.do(ticket_id, command, wish.actor)
            except HelpdeskError:
                continue

    def shown(self, ticket_id: str) -> list[str]:
        """A ticket's conversation, oldest first, read in pages of two."""
        found = conversation.newest(self.store, ticket_id, limit=2)
        assert found is not None
        ticket, page = found
        read = list(page.items)
        while page.next_position is not None:
            if ticket.sources:
                page = conversation.older(self.store, ticket, limit=2, position=page.next_position)
            else:
                page = self.store.messages(ticket_id, limit=2, position=page.next_position)
            read += page.items
        return [message.text for message in reversed(read) if message.moved_to is None]

    def facts(self, ticket_id: str) -> list[type]:
        return [type(event.fact) for event in self.store.history[ticket_id]]


def alike(before: Ticket, after: Ticket) -> None:
    """The same ticket, but for how far its history has come."""
    same = {name: getattr(before, name) for name in PASSED_ON}
    assert replace(after, **same) == before


@pytest.fixture
def room() -> Room:
    return Room()


ENDS = st.lists(wishes, max_size=8)


@given(ENDS, ENDS)
def test_unmerging_gives_back_both_tickets_as_they_were(one: list[Wish], other: list[Wish]) -> None:
    room = Room()
    room.open(FIRST)
    room.open(SECOND, Actor(REQUESTER.kind, "somebody-else"), requester_address="else@example.com")
    room.live(FIRST, one)
    room.live(SECOND, other)
    for ticket_id in (FIRST, SECOND):
        room.do(ticket_id, Tick(), SWEEPER)  # what time does by itself is done before we look
    before = {ticket_id: room.store.tickets[ticket_id] for ticket_id in (FIRST, SECOND)}
    conversations = {ticket_id: room.shown(ticket_id) for ticket_id in (FIRST, SECOND)}
    try:
        room.together.merge(FIRST, SECOND, AGENT)
    except Conflict:
        assert room.store.tickets == before
        assume(False)
    room.together.unmerge(FIRST, AGENT)
    for ticket_id, ticket in before.items():
        alike(ticket, room.store.tickets[ticket_id])
        assert room.shown(ticket_id) == conversations[ticket_id]
        history = room.store.history[ticket_id]
        assert fold(history) == replace(room.store.tickets[ticket_id], copies=Copies())
        assert verify(history, room.store.tickets[ticket_id].chain) is None
    assert {TicketMerged, TicketUnmerged} <= set(room.facts(FIRST))
    assert {TicketAbsorbed, TicketReturned} <= set(room.facts(SECOND))


@given(ENDS, st.data())
def test_undoing_a_split_gives_back_the_ticket_as_it_was(story: list[Wish], data: st.DataObject) -> None:
    room = Room()
    room.open(FIRST)
    room.says(FIRST, REQUESTER, "And another thing")
    room.live(FIRST, story)
    room.do(FIRST, Tick(), SWEEPER)
    before, conversation_before = room.store.tickets[FIRST], dict(room.store.conversations[FIRST])
    movable = [one.id for one in conversation_before.values() if one.withdrawn_at is None and not before.holds(one.id)]
    wanted = data.draw(st.lists(st.sampled_from(movable), min_size=1, max_size=5, unique=True))
    try:
        made = room.together.split(FIRST, wanted, None, AGENT)
    except (Conflict, Invalid):
        assert room.store.tickets == {FIRST: before}
        assume(False)
    assert {one.id for one in room.store.conversations[made.id].values()} == set(wanted)
    assert fold(room.store.history[made.id]) == replace(made, copies=Copies())
    room.together.undo_split(made.id, AGENT)
    alike(before, room.store.tickets[FIRST])
    assert room.store.conversations[FIRST] == conversation_before
    assert fold(room.store.history[FIRST]) == replace(room.store.tickets[FIRST], copies=Copies())
    assert TicketSplit in room.facts(FIRST)


def test_a_merged_ticket_is_read_in_the_other_in_order_of_time(room: Room) -> None:
    room.open(FIRST, subject="Printer")
    room.open(SECOND, subject="Printer again")
    for number in range(5):
        room.says((FIRST, SECOND)[number % 2], REQUESTER, f"message {number}")
    room.together.merge(FIRST, SECOND, AGENT)
    shown = room.shown(SECOND)
    assert shown[2:] == [f"message {number}" for number in range(5)]
    assert len(shown) == 7


def test_what_was_written_since_a_merge_stays_where_it_was_written(room: Room) -> None:
    room.open(FIRST)
    room.open(SECOND)
    room.together.merge(FIRST, SECOND, AGENT)
    room.says(SECOND, MINA, "For both")
    room.together.unmerge(FIRST, AGENT)
    assert "For both" in room.shown(SECOND)
    assert "For both" not in room.shown(FIRST)
    last = room.store.tickets[SECOND].copies.last_message
    assert last is not None
    assert last.preview == "For both"


def test_tickets_merged_one_after_another_are_all_read_in_the_last_and_come_back_one_by_one(room: Room) -> None:
    for ticket_id in (FIRST, SECOND, THIRD):
        room.open(ticket_id, preview=f"Hello from {ticket_id}")
    room.together.merge(FIRST, SECOND, AGENT)
    room.together.merge(SECOND, THIRD, AGENT)
    assert len(room.shown(THIRD)) == 3
    assert conversation.followed(room.store, room.store.tickets[FIRST]).id == THIRD
    with pytest.raises(Conflict):
        room.together.unmerge(FIRST, AGENT)  # the second is merged itself
    room.together.unmerge(SECOND, AGENT)
    room.together.unmerge(FIRST, AGENT)
    assert [len(room.shown(one)) for one in (FIRST, SECOND, THIRD)] == [1, 1, 1]


def test_a_ticket_that_waits_for_an_answer_reopens_the_one_it_is_merged_into(room: Room) -> None:
    room.open(FIRST)
    room.open(SECOND)
    room.says(SECOND, MINA, "Did it help?")
    room.live(SECOND, [Wish(timedelta(minutes=1), MINA, ChangeTicket(status=Status.SOLVED))])
    assert room.store.tickets[SECOND].status is Status.SOLVED
    room.together.merge(FIRST, SECOND, AGENT)
    assert room.store.tickets[SECOND].status is Status.OPEN
    room.together.unmerge(FIRST, AGENT)
    assert room.store.tickets[SECOND].status is Status.SOLVED


def test_two_merges_into_one_another_at_once_leave_one_of_them(room: Room) -> None:
    room.open(FIRST)
    room.open(SECOND)
    room.together.merge(FIRST, SECOND, AGENT)
    with pytest.raises(Conflict):
        room.together.merge(SECOND, FIRST, AGENT)
    with pytest.raises(Conflict):
        room.together.merge(FIRST, SECOND, AGENT)


def test_a_split_ticket_belongs_to_who_wrote_its_first_message_and_tells_where_it_came_from(room: Room) -> None:
    room.open(FIRST)
    message = room.says(FIRST, REQUESTER, "By the way, my invoice is wrong")
    made = room.together.split(FIRST, [message.id], "Invoice", AGENT)
    assert (made.requester_id, made.copies.subject) == (REQUESTER.id, "Invoice")
    assert [(link.relation, link.ticket_id) for link in made.links] == [(Relation.SPLIT_FROM, FIRST)]
    assert [link.relation for link in links_of(room.store.tickets[FIRST])] == [Relation.SPLIT_INTO]
    assert room.shown(FIRST) == ["It says 90,000 won"]
    assert room.shown(made.id) == ["By the way, my invoice is wrong"]


def test_what_was_written_to_a_split_ticket_is_not_lost_by_undoing_the_split(room: Room) -> None:
    room.open(FIRST)
    message = room.says(FIRST, REQUESTER, "By the way")
    made = room.together.split(FIRST, [message.id], None, AGENT)
    room.says(made.id, REQUESTER, "And more")
    with pytest.raises(Conflict, match="merge it instead"):
        room.together.undo_split(made.id, AGENT)


def test_the_last_message_cannot_be_split_off(room: Room) -> None:
    room.open(FIRST)
    (only,) = room.store.conversations[FIRST]
    with pytest.raises(Invalid):
        room.together.split(FIRST, [only], None, AGENT)


# --- ties ------------------------------------------------------------------------------------------------------------


def test_a_tie_is_told_by_both_tickets_and_cut_on_both(room: Room) -> None:
    room.open(FIRST)
    room.open(SECOND)
    room.together.link(FIRST, SECOND, Relation.CHILD_OF, AGENT)
    assert [(one.relation, one.row.id) for one in room.together.tied(FIRST)] == [(Relation.CHILD_OF, SECOND)]
    assert [(one.relation, one.row.id) for one in room.together.tied(SECOND)] == [(Relation.PARENT_OF, FIRST)]
    room.together.unlink(SECOND, FIRST, Relation.PARENT_OF, AGENT)
    assert room.together.tied(FIRST) == room.together.tied(SECOND) == ()


def test_families_have_two_generations(room: Room) -> None:
    for ticket_id in (FIRST, SECOND, THIRD):
        room.open(ticket_id)
    room.together.link(FIRST, SECOND, Relation.CHILD_OF, AGENT)
    for one, other, relation in [
        (SECOND, THIRD, Relation.CHILD_OF),
        (THIRD, FIRST, Relation.CHILD_OF),
        (FIRST, THIRD, Relation.CHILD_OF),
        (SECOND, FIRST, Relation.CHILD_OF),
    ]:
        with pytest.raises(Conflict):
            room.together.link(one, other, relation, AGENT)


def test_an_incident_has_as_many_parts_as_there_are_and_its_own_ticket_stays_as_it_is(room: Room) -> None:
    incident = room.open(FIRST)
    ids = [derived_id(MONDAY_TEN_IN_SEOUL, "part", f"{place:03d}") for place in range(25)]
    for ticket_id in ids:
        room.open(ticket_id)
        room.together.link(ticket_id, FIRST, Relation.PART_OF, AGENT)
    assert room.store.tickets[FIRST] == incident
    first, rows = room.together.parts(FIRST, limit=20, position=None)
    rest, more = room.together.parts(FIRST, limit=20, position=first.next_position)
    assert sorted(row.id for row in (*rows, *more)) == sorted(ids)
    assert (len(rows), len(more), rest.next_position) == (20, 5, None)
    room.together.unlink(ids[0], FIRST, Relation.PART_OF, AGENT)
    assert ids[0] not in room.together.parts(FIRST, limit=100, position=None)[0].items
    with pytest.raises(Conflict):
        room.together.link(ids[1], ids[2], Relation.PART_OF, AGENT)


@pytest.mark.parametrize("relation", [Relation.FOLLOWS, Relation.MENTIONS, Relation.SPLIT_FROM])
def test_ties_that_the_desk_makes_itself_cannot_be_made_by_hand(room: Room, relation: Relation) -> None:
    room.open(FIRST)
    room.open(SECOND)
    with pytest.raises(Invalid):
        room.together.link(FIRST, SECOND, relation, AGENT)
