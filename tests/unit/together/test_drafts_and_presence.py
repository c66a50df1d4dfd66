"""What is kept of what agents write, and who is believed to be there, as time goes by."""

from datetime import timedelta

import pytest

from helpdesk.drafts.model import DraftKind, Writing
from helpdesk.drafts.service import KEPT, DraftService
from helpdesk.kernel.errors import NotFound, StaleVersion
from helpdesk.presence.model import PresenceState
from helpdesk.presence.service import BELIEVED, HEARTBEAT_SECONDS, PresenceService
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import NOTHING
from tests.fakes.tickets import FakeTickets
from tests.fakes.together import FakeDrafts, FakePresence
from tests.support.desks import DESK, RULES
from tests.support.lives import MONDAY_TEN_IN_SEOUL, REQUESTER, opening

MINA, JUN, YUKI = DESK.agents["mina"], DESK.agents["jun"], DESK.agents["yuki"]
TICKET = "01JD0000000000000000000001"


class Room:
    """A clock and what stands by it."""

    def __init__(self) -> None:
        self.now = MONDAY_TEN_IN_SEOUL
        tickets = FakeTickets()
        tickets.commit(None, decide(None, opening(TICKET), RULES, actor=REQUESTER, now=self.now), NOTHING)
        self.drafts = DraftService(FakeDrafts(), tickets, lambda: self.now, lambda _: frozenset())
        self.presence = PresenceService(FakePresence(), lambda: self.now, lambda _: frozenset())

    def others(self, state: PresenceState | None = PresenceState.VIEWING) -> list[tuple[str, PresenceState]]:
        return [(one.agent_id, one.state) for one in self.presence.note(TICKET, MINA, state)]


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_reply_and_a_note_are_kept_apart_and_for_their_author_alone(room: Room) -> None:
    reply = room.drafts.put(TICKET, Writing(DraftKind.REPLY, "Dear ", "m1"), MINA, version=0)
    note = room.drafts.put(TICKET, Writing(DraftKind.NOTE, "Known"), MINA, version=0)
    assert room.drafts.of_ticket(TICKET, MINA) == {DraftKind.REPLY: reply, DraftKind.NOTE: note}
    assert (reply.body, reply.based_on, reply.version) == ("Dear ", "m1", 1)
    assert room.drafts.of_ticket(TICKET, JUN) == {}
    assert room.drafts.of_agent(MINA, limit=9) == [reply, note]


def test_a_second_window_does_not_write_over_the_first(room: Room) -> None:
    room.drafts.put(TICKET, Writing(DraftKind.REPLY, "One"), MINA, version=0)
    room.drafts.put(TICKET, Writing(DraftKind.REPLY, "One two"), MINA, version=1)
    for version in (0, 1):
        with pytest.raises(StaleVersion) as refusal:
            room.drafts.put(TICKET, Writing(DraftKind.REPLY, "Other"), MINA, version=version)
        assert refusal.value.current == 2
    assert room.drafts.of_ticket(TICKET, MINA)[DraftKind.REPLY].body == "One two"


def test_a_draft_that_was_sent_elsewhere_does_not_come_back(room: Room) -> None:
    room.drafts.put(TICKET, Writing(DraftKind.REPLY, "One"), MINA, version=0)
    room.drafts.delete(TICKET, DraftKind.REPLY, MINA)
    room.drafts.delete(TICKET, None, MINA)
    with pytest.raises(StaleVersion):
        room.drafts.put(TICKET, Writing(DraftKind.REPLY, "One two"), MINA, version=1)


def test_a_draft_is_forgotten_after_its_time_though_the_table_has_it_still(room: Room) -> None:
    room.drafts.put(TICKET, Writing(DraftKind.REPLY, "One"), MINA, version=0)
    room.now += KEPT - timedelta(seconds=1)
    assert room.drafts.put(TICKET, Writing(DraftKind.REPLY, "Two"), MINA, version=1).version == 2
    room.now += KEPT
    assert room.drafts.of_ticket(TICKET, MINA) == {}
    assert room.drafts.of_agent(MINA, limit=9) == []
    assert room.drafts.put(TICKET, Writing(DraftKind.REPLY, "New"), MINA, version=0).version == 1


@pytest.mark.parametrize("ticket_id", ["nonsense", "01JD0000000000000000000002"])
def test_nothing_is_kept_for_a_ticket_that_is_not_there(room: Room, ticket_id: str) -> None:
    with pytest.raises(NotFound):
        room.drafts.put(ticket_id, Writing(DraftKind.REPLY, "One"), MINA, version=0)


def test_who_else_is_there_is_told_and_who_writes_comes_first(room: Room) -> None:
    assert room.others() == []
    room.presence.note(TICKET, JUN, PresenceState.VIEWING)
    room.presence.note(TICKET, YUKI, PresenceState.WRITING)
    assert room.others() == [("yuki", PresenceState.WRITING), ("jun", PresenceState.VIEWING)]
    room.presence.note(TICKET, YUKI, PresenceState.VIEWING)
    room.presence.note(TICKET, JUN, None)
    assert room.others() == [("yuki", PresenceState.VIEWING)]
    room.presence.note(TICKET, JUN, None)


def test_who_gives_no_sign_of_life_is_gone_after_two_were_lost(room: Room) -> None:
    room.presence.note(TICKET, JUN, PresenceState.WRITING)
    room.now += timedelta(seconds=2 * HEARTBEAT_SECONDS)
    assert room.others() != []
    room.now += BELIEVED - timedelta(seconds=2 * HEARTBEAT_SECONDS)
    assert room.others() == []


def test_an_id_that_is_none_is_no_ticket(room: Room) -> None:
    with pytest.raises(NotFound):
        room.presence.note("../x", MINA, PresenceState.VIEWING)
