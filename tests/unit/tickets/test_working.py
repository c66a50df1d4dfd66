"""What agents do with tickets, over stores in memory."""

from dataclasses import replace

import pytest

from helpdesk.contracts.table import idempotency_key
from helpdesk.kernel.errors import Conflict, Invalid, KeyReused, NotFound, StaleVersion
from helpdesk.kernel.ids import new_id
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import Attachment, Message, Priority, Status, Ticket, Visibility
from helpdesk.tickets.service import Extras, Guard, TicketService
from helpdesk.tickets.views import TicketQuery
from helpdesk.tickets.working import AgentDesk
from tests.conftest import StandingClock
from tests.fakes.tickets import FakeTickets
from tests.support.desks import DESK, RULES, a_desk
from tests.support.lives import REQUESTER, opening
from tests.support.messages import A_FILE, a_message

MINA = DESK.agents["mina"]


class Office:
    """An agent's desk and what it stands on."""

    def __init__(self, clock: StandingClock) -> None:
        self.store = FakeTickets()
        self.clock = clock
        self.desk = a_desk()
        self.tickets = TicketService(self.store, clock, lambda: RULES, lambda attempt: None)
        self.service = AgentDesk(self.tickets, self.store, lambda: self.desk, clock)

    def open(self) -> Ticket:
        ticket_id = new_id(self.clock())
        extras = Extras(message=a_message(ticket_id, self.clock()))
        return self.tickets.open(opening(ticket_id), extras, actor=REQUESTER).ticket

    def change(self, ticket: Ticket, **what: object) -> Ticket:
        return self.service.change(ticket.id, ChangeTicket(**what), MINA, version=ticket.version)

    def answer(self, ticket: Ticket, body: str = "We look into it.", **more: object) -> Message:
        self.clock.advance(minutes=1)
        return self.service.add_message(ticket.id, body, more.pop("visibility", Visibility.PUBLIC), MINA, **more)

    def said(self, ticket: Ticket) -> list[Message]:
        return list(self.store.conversations[ticket.id].values())


@pytest.fixture
def office(clock: StandingClock) -> Office:
    return Office(clock)


# --- changing --------------------------------------------------------------------------------------------------------


def test_a_change_is_the_agents_own_in_history(office: Office) -> None:
    ticket = office.change(office.open(), priority=Priority.HIGH, status=Status.OPEN)
    assert (ticket.priority, ticket.status) == (Priority.HIGH, Status.OPEN)
    assert office.store.history[ticket.id][-1].actor.id == "mina"


def test_every_name_that_is_not_of_this_desk_is_told_and_nothing_changes(office: Office) -> None:
    ticket = office.open()
    with pytest.raises(Invalid) as refusal:
        office.change(ticket, group="gone", assignee="nobody", category="gone", priority=Priority.LOW)
    assert {error.pointer for error in refusal.value.errors} == {"/group", "/assignee", "/category"}
    assert office.store.get(ticket.id) == ticket


def test_a_change_of_what_was_seen_in_an_older_version_is_refused(office: Office) -> None:
    ticket = office.open()
    office.change(ticket, priority=Priority.HIGH)
    with pytest.raises(StaleVersion):
        office.change(ticket, priority=Priority.LOW)


def test_a_ticket_moved_to_a_group_is_taken_from_who_is_not_in_it(office: Office) -> None:
    ticket = office.change(office.open(), group="support", assignee="jun")
    assert office.change(ticket, group="billing").assignee is None
    ticket = office.change(office.open(), group="support", assignee="mina")
    assert office.change(ticket, group="billing").assignee == "mina"


def test_a_ticket_of_somebody_who_left_is_taken_from_them_when_it_moves(office: Office) -> None:
    ticket = office.change(office.open(), group="support", assignee="jun")
    office.desk = a_desk(agents={"mina": MINA})
    assert office.change(ticket, group="support").assignee is None


def test_group_and_assignee_named_together_are_taken_as_they_are(office: Office) -> None:
    ticket = office.change(office.open(), group="billing", assignee="jun")
    assert (ticket.group, ticket.assignee) == ("billing", "jun")


def test_a_ticket_without_a_group_gets_the_first_one_of_who_takes_it(office: Office) -> None:
    assert office.change(office.open(), assignee="mina").group == "support"
    ticket = office.change(office.open(), assignee="sana")  # who is in no group
    assert (ticket.group, ticket.assignee) == (None, "sana")
    ticket = office.change(office.open(), group="billing")
    assert office.change(ticket, assignee="jun").group == "billing"


def test_what_is_taken_away_is_gone(office: Office) -> None:
    ticket = office.change(office.open(), group="support", assignee="mina", category="billing")
    ticket = office.change(ticket, group=None, assignee=None, category=None)
    assert (ticket.group, ticket.assignee, ticket.category) == (None, None, None)


def test_tags_are_one_spelling_however_they_were_typed(office: Office) -> None:
    ticket = office.change(office.open(), tags=(" v\u202eip ", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"))
    assert ticket.tags == ("vip", "한글")
    with pytest.raises(Invalid):
        office.change(ticket, tags=(" ",))


# --- writing ---------------------------------------------------------------------------------------------------------


def test_an_answer_is_written_cleaned_under_the_agents_name(office: Office) -> None:
    ticket = office.open()
    message = office.answer(ticket, "  Dear\r\ncustomer\x00 ", status=Status.PENDING)
    assert (message.text, message.author_name, message.visibility) == ("Dear\ncustomer", "Mina", Visibility.PUBLIC)
    assert office.store.message(ticket.id, message.id) == message
    assert office.store.get(ticket.id).status is Status.PENDING
    assert office.store.get(ticket.id).copies.last_message.preview == "Dear customer"


@pytest.mark.parametrize("body", ["", " \n", "\x00"])
def test_nothing_is_no_message(office: Office, body: str) -> None:
    with pytest.raises(Invalid) as refusal:
        office.answer(office.open(), body)
    assert refusal.value.errors[0].pointer == "/body"


def test_a_closed_ticket_takes_notes_but_no_answer(office: Office) -> None:
    ticket = office.change(office.open(), status=Status.CLOSED)
    with pytest.raises(Conflict):
        office.answer(ticket)
    office.answer(ticket, visibility=Visibility.INTERNAL)
    assert [message.visibility for message in office.said(ticket)] == [Visibility.PUBLIC, Visibility.INTERNAL]


def guard(note: str = "hash") -> Guard:
    return Guard("idempotency", idempotency_key("agents/mina", "key"), note)


def test_the_same_key_with_the_same_body_is_one_message_and_its_files_are_moved_once(office: Office) -> None:
    moved: list[str] = []

    def attach(ticket_id: str) -> tuple[Attachment, ...]:
        moved.append(ticket_id)
        return (A_FILE,)

    ticket = office.open()
    first = office.answer(ticket, guard=guard(), attach=attach)
    assert first.attachments == (A_FILE,)
    assert office.answer(ticket, guard=guard(), attach=attach) == first
    assert office.answer(ticket, guard=guard()) == first
    assert moved == [ticket.id]
    assert len(office.said(ticket)) == 2
    with pytest.raises(KeyReused):
        office.answer(ticket, "Other words", guard=guard("another"))


@pytest.mark.parametrize("ticket_id", ["nonsense", "01JD0000000000000000000000"])
def test_a_ticket_that_is_not_there_can_be_neither_read_nor_written_and_no_file_moves(
    office: Office, ticket_id: str
) -> None:
    def attach(ticket_id: str) -> tuple[Attachment, ...]:
        raise AssertionError("a file moved")

    nowhere = replace(office.open(), id=ticket_id)
    for attempt in (
        lambda: office.answer(nowhere),
        lambda: office.answer(nowhere, attach=attach),
        lambda: office.change(nowhere, priority=Priority.LOW),
        lambda: office.service.get(ticket_id),
        lambda: office.service.messages(ticket_id, limit=5, position=None),
        lambda: office.service.history(ticket_id, limit=5, position=None),
    ):
        with pytest.raises(NotFound):
            attempt()


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_conversation_comes_with_its_ticket_page_by_page(office: Office) -> None:
    ticket = office.open()
    last = office.answer(ticket)
    found, page = office.service.messages(ticket.id, limit=1, position=None)
    assert found == office.store.get(ticket.id)
    assert page.items == (last,)
    assert page.next_position is not None
    _, rest = office.service.messages(ticket.id, limit=5, position=page.next_position)
    assert [message.author for message in rest.items] == [REQUESTER]
    assert list(office.service.all_messages(ticket.id)) == [*page.items, *rest.items]


def test_history_is_told_newest_first(office: Office) -> None:
    ticket = office.change(office.open(), priority=Priority.HIGH)
    page = office.service.history(ticket.id, limit=99, position=None)
    assert [event.seq for event in page.items] == list(range(ticket.version, 0, -1))


def test_lists_hold_what_matches(office: Office) -> None:
    mine = office.change(office.open(), assignee="mina")
    office.open()
    rows = office.service.list(TicketQuery(assignee="mina"), limit=5, position=None).items
    assert [row.id for row in rows] == [mine.id]
