"""Whoever writes what to whom, in whatever order: no word of a side conversation reaches the requester, and none of theirs it."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helpdesk.channels.service import RequestService
from helpdesk.people.model import Agent
from helpdesk.tickets.asides import Asking, SideConversations, Writing
from helpdesk.tickets.chain import verify
from helpdesk.tickets.model import Copies, Ticket, Visibility
from helpdesk.tickets.rules import fold
from tests.conftest import StandingClock
from tests.fakes.mail_out import NOW, Sent
from tests.support.houses import House, Posted, written

ANN, BOB = "ann@example.com", "bob@example.com"
"""The requester and a participant."""
SUPPLIER, BOSS = "parts@supplier.example", "boss@example.com"
STRANGER = "eve@elsewhere.example"
EVERYBODY = (ANN, BOB, SUPPLIER, BOSS, "kim@supplier.example", STRANGER)
PUBLIC_WORD, SIDE_WORD = re.compile(r"openly\d+"), re.compile(r"aside\d+")


@dataclass
class Room:
    """A desk, and what was written by whom."""

    house: House = field(default_factory=lambda: House("here.test", StandingClock(NOW)))
    count: int = 0

    def __post_init__(self) -> None:
        house = self.house
        house.get(self.post(ANN, house.address, "openly0", {"Cc": BOB}))
        (self.ticket_id,) = house.store.tickets
        self.sides = SideConversations(house.tickets, house.store, house.people, house._desk, house.clock)

    @property
    def ticket(self) -> Ticket:
        return self.house.store.tickets[self.ticket_id]

    @property
    def agent(self) -> Agent:
        return self.house.agent

    def word(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def post(self, sender: str, to: str, words: str, headers: dict[str, str] | None = None) -> Posted:
        mail = written(sender, to, "It stops", words, f"<{words}.{sender}>", headers)
        return Posted(mail.as_bytes(), to)

    def ask(self, people: list[str], cc: list[str], *, hold: int) -> None:
        word = self.word("aside")
        to, copies = (tuple((one, None) for one in some if one != ANN) for some in (people, cc))
        if to:
            asking = Asking(to, copies, f"{word} subject", Writing(word, hold_seconds=hold))
            self.sides.start(self.ticket_id, asking, self.agent)
            self.house.write()

    def write_aside(self, which: int) -> None:
        if self.ticket.side:
            side = self.ticket.side[which % len(self.ticket.side)]
            self.sides.write(self.ticket_id, side.id, Writing(self.word("aside")), self.agent)
            self.house.write()

    def say(self) -> None:
        self.house.answer(self.ticket_id, self.word("openly"))

    def answer(self, which: int, who: int, ways: tuple[bool, bool, bool], cc: list[str], machine: bool) -> None:  # noqa: FBT001
        """Somebody answers a mail of ours: by its address, by its headers, by its subject alone, quoting all of it.

        Only whom it went to can have it, or who got it from one of these.
        """
        sent = self.house.sender.sent
        if not sent:
            return
        one = sent[which % len(sent)]
        people = [address for address in recipients(one) if not address.endswith("here.test")] or [STRANGER]
        sender = (*people, *people, *people, STRANGER, ANN)[who % (3 * len(people) + 2)]
        by_address, by_headers, keeps_subject = ways
        said = SIDE_WORD.search(one.mail.as_string()) or is_aside(one)
        word = self.word("aside" if said else "openly")
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = sender, str(one.mail["Reply-To"]) if by_address else self.house.address
        mail["Subject"] = str(one.mail["Subject"]) if keeps_subject else "Re:"
        mail["Message-ID"] = f"<{word}@mail.example>"
        if by_headers:
            mail["In-Reply-To"] = str(one.mail["Message-ID"])
            mail["References"] = f"{one.mail['References']} {one.mail['Message-ID']}"
        if cc:
            mail["Cc"] = ", ".join(cc)
        if machine:
            mail["Auto-Submitted"] = "auto-replied"
        mail.set_content(word)
        reply_to = one.mail["Reply-To"].addresses[0].addr_spec
        self.house.get(Posted(mail.as_bytes(), reply_to if by_address else self.house.address))


def recipients(sent: Sent) -> tuple[str, ...]:
    return (sent.envelope.to, *sent.envelope.also, *sent.envelope.cc)


def is_aside(sent: Sent) -> bool:
    return re.search(r"\[#\d+-\d+\]", str(sent.mail["Subject"])) is not None


def text_of(sent: Sent) -> str:
    part = sent.mail.get_body(("plain",))
    html = sent.mail.get_body(("html",))
    assert part is not None
    assert html is not None
    return f"{sent.mail['Subject']}\n{part.get_content()}\n{html.get_content()}\n{sent.mail.as_string()}"


people = st.lists(st.sampled_from(EVERYBODY), max_size=2, unique=True)
acts = st.one_of(
    st.tuples(st.just("ask"), st.lists(st.sampled_from([SUPPLIER, BOSS, BOB]), min_size=1, max_size=2, unique=True), people, st.sampled_from([0, 0, 5])),
    st.tuples(st.just("write_aside"), st.integers(0, 3)),
    st.tuples(st.just("say")),
    st.tuples(st.just("answer"), st.integers(0, 30), st.integers(0, 20), st.tuples(st.booleans(), st.booleans(), st.booleans()), people, st.sampled_from([False, False, False, True])),
)  # fmt: skip


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(acts, min_size=3, max_size=12))
def test_no_word_of_a_side_conversation_leaves_it(story: list[tuple[object, ...]]) -> None:
    room = Room()
    for name, *values in story:
        asked = len(room.house.sender.sent)
        if name == "ask":
            to, cc, hold = values
            room.ask(to, [one for one in cc if one != ANN], hold=hold)  # type: ignore[arg-type,union-attr]
        else:
            getattr(room, str(name))(*values)
        check_mails(room, asked)
    check_portal(room)
    check_history(room)


def check_mails(room: Room, since: int) -> None:
    """A mail with words of a side conversation goes to its people and to agents; one of the ticket's has none of them."""
    by_number = {f"-{side.number}]": side for side in room.ticket.side}
    for sent in room.house.sender.sent[since:]:
        text, to = text_of(sent), recipients(sent)
        if to == (room.agent.address,) or sent.envelope.tags["ticket"] != room.ticket_id:
            continue  # a stranger's own ticket holds the stranger's own words
        if is_aside(sent):
            copy = next(
                room.ticket.copies.side[side.id]
                for mark, side in by_number.items()
                if mark in str(sent.mail["Subject"])
            )
            assert set(to) <= {one.address for one in copy.people}
            assert ANN not in to
            assert not PUBLIC_WORD.search(text)
            assert "/portal/" not in text
        else:
            assert not SIDE_WORD.search(text), text
            assert SUPPLIER not in text or SUPPLIER in to


def check_portal(room: Room) -> None:
    requests = RequestService(
        tickets=room.house.tickets,
        store=room.house.store,
        people=room.house.people,
        files=room.house.files,
        limiter=room.house.limiter,
        grant=lambda _: "token",
        desk=room.house._desk,
        clock=room.house.clock,
    )
    view = requests.read(room.ticket_id, room.ticket.requester_id)
    for message in view.messages:
        assert message.visibility is Visibility.PUBLIC
        assert not SIDE_WORD.search(message.text)
    last = room.ticket.copies.last_message
    assert last is not None
    assert not SIDE_WORD.search(last.preview)


def check_history(room: Room) -> None:
    ticket, events = room.ticket, room.house.store.history[room.ticket_id]
    assert verify(events, ticket.chain) is None
    folded = fold(events)
    assert folded.side == ticket.side
    assert folded.copies == Copies()


def test_the_story_above_can_say_what_it_is_about() -> None:
    """The words are in the mails they belong to, so that not finding them elsewhere says something."""
    room = Room()
    room.ask([SUPPLIER, BOB], [], hold=0)
    (asked,) = [one for one in room.house.sender.sent if is_aside(one)]
    assert "aside1" in text_of(asked)
    assert recipients(asked) == (SUPPLIER, BOB)
    place = room.house.sender.sent.index(asked)
    room.answer(place, 0, (True, True, True), [], False)
    room.say()
    assert "openly3" in text_of(room.house.sender.sent[-1])
    (side,) = room.ticket.side
    said = room.house.store.side_messages(room.ticket_id, side.id, limit=9, position=None).items
    assert [one.text for one in said] == ["aside2", "aside1"]
