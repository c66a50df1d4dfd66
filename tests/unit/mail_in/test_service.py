"""What becomes of mail: a ticket, a message or a listed suspension, whatever comes and whenever the process dies."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from helpdesk.kernel.errors import Conflict, NotFound, StaleVersion, Unavailable
from helpdesk.mail.ledger import Arrival, LedgerEntry
from helpdesk.mail.model import OWN_LOOP_HEADER, Attachment, Bounce, InboundMail, Mailbox
from helpdesk.mail.rules import Outcome, Verdicts
from helpdesk.mail.service import MAX_MAIL_BYTES, UNKNOWN_SENDER, InboundMailService
from helpdesk.platform.signing import Signer
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import ActorKind, Channel, Link, Message, Relation, Status, Ticket, Visibility
from helpdesk.tickets.rules import fold
from helpdesk.tickets.service import AddressTaken, TicketService
from tests.conftest import StandingClock
from tests.fakes.crashes import Crash, Fate
from tests.fakes.files import FakeFiles
from tests.fakes.mail import FakeLedger, FakeRawMails
from tests.fakes.people import FakePeople
from tests.fakes.tickets import FakeTickets
from tests.support.desks import DESK, RULES
from tests.support.lives import MINA
from tests.support.mails import MINSU, a_mail

SIGNER = Signer(lambda: ["secret"])
FINE = Verdicts(*["PASS"] * 5)
FILE = Attachment("영수증.pdf", "application/pdf", 7, False, None, b"content")
BOUNCE = Bounce((MINSU,), "5.1.1", "550 no such user", hard=True)


class MailRoom:
    """Inbound mail over stores in memory, in a process that can die and be started again."""

    def __init__(self, clock: StandingClock) -> None:
        self.clock = clock
        self.people = FakePeople()
        self.store = FakeTickets(self.people)
        self.files = FakeFiles()
        self.ledger = FakeLedger()
        self.raw_mails = FakeRawMails()
        self.mails: dict[bytes, InboundMail] = {}
        self.service = self.start()

    def start(self, fate: Fate | None = None) -> InboundMailService:
        """A new process over the same stores."""
        of: Callable[..., object] = fate.of if fate is not None else lambda port: port
        store = of(self.store)
        self.tickets = TicketService(store, self.clock, lambda: RULES, lambda attempt: None)
        return InboundMailService(
            parse=lambda raw: self.mails[raw],
            raw_mails=of(self.raw_mails),
            ledger=of(self.ledger),
            threads=store,
            prove=SIGNER.thread_of_tag,
            tickets=self.tickets,
            store=store,
            people=of(self.people),
            files=of(self.files),
            desk=lambda: DESK,
            clock=self.clock,
        )

    def post(self, mail: InboundMail, mail_id: str = "", **changes: object) -> Arrival:
        """A mail lies in the bucket; what SES hands over."""
        mail_id = mail_id or f"ses-{len(self.raw_mails.raw) + 1}"
        raw = mail_id.encode()
        self.raw_mails.raw[mail_id] = raw
        self.mails[raw] = mail
        usual = {"recipients": ("support@desk.test",), "verdicts": FINE}
        return Arrival(mail_id, self.clock.advance(minutes=1), **(usual | changes))

    def receive(self, mail: InboundMail, **changes: object) -> LedgerEntry:
        return self.service.receive(self.post(mail, **changes))

    def opened(self, mail: InboundMail | None = None) -> Ticket:
        entry = self.receive(mail or a_mail())
        assert entry.outcome is Outcome.TICKET
        return self.ticket(entry)

    def ticket(self, entry: LedgerEntry) -> Ticket:
        assert entry.ticket_id is not None
        return self.store.tickets[entry.ticket_id]

    def message(self, entry: LedgerEntry) -> Message:
        assert entry.ticket_id is not None
        return self.store.conversations[entry.ticket_id][entry.message_id or ""]

    def change(self, ticket: Ticket, **what: object) -> Ticket:
        return self.tickets.run(ticket.id, ChangeTicket(**what), actor=MINA).ticket

    def said(self, ticket: Ticket) -> list[Message]:
        return list(self.store.conversations[ticket.id].values())


def a_reply(ticket: Ticket, sender: str | None = MINSU, **changes: object) -> InboundMail:
    """A mail that answers one of the desk's own."""
    usual: dict[str, object] = {
        "message_id": f"reply-{sender}@example.com",
        "subject": "Re: Invoice 4711",
        "references": (f"01NOTICE.{SIGNER.thread_tag(ticket.id)}@desk.test",),
        "text": "Thank you!\n\n> Old words",
        "reply_text": "Thank you!",
    }
    return a_mail(sender, **(usual | changes))


@pytest.fixture
def room(clock: StandingClock) -> MailRoom:
    return MailRoom(clock)


# --- new matters -----------------------------------------------------------------------------------------------------


def test_a_mail_opens_a_ticket_with_what_it_says(room: MailRoom) -> None:
    entry = room.receive(a_mail(attachments=(FILE,)))
    ticket, message = room.ticket(entry), room.message(entry)
    assert (entry.outcome, entry.because) == (Outcome.TICKET, ("new",))
    assert (ticket.number, ticket.channel, ticket.mailbox_id) == (1001, Channel.EMAIL, "support")
    assert ticket.copies.subject == "Invoice 4711"
    assert ticket.requester_id == room.people.by_address(MINSU).id
    assert (message.author.kind, message.visibility) == (ActorKind.REQUESTER, Visibility.PUBLIC)
    assert (message.raw_mail_id, message.mail_message_id) == (entry.arrival.id, "first@example.com")
    assert message.text == "It says 90,000 won instead of 70,000."
    assert message.attachments[0].filename == "영수증.pdf"
    assert room.files.stored[message.attachments[0].object_key] == b"content"
    assert room.ledger.get(entry.arrival.id) == entry


def test_a_mailboxs_language_is_used_where_neither_mail_nor_person_has_one(room: MailRoom) -> None:
    assert room.opened(a_mail(language="ja")).language == "ja"
    to_billing = room.receive(
        a_mail("new@example.com", message_id="b", language=None), recipients=("billing@desk.test",)
    )
    assert (room.ticket(to_billing).language, room.ticket(to_billing).mailbox_id) == ("ko", "billing")
    known = room.receive(a_mail(message_id="c", language=None), recipients=("billing@desk.test",))
    assert room.ticket(known).language == "ja"


def test_a_mail_without_subject_or_files_names_is_shown_by_what_it_has(room: MailRoom) -> None:
    ticket = room.opened(a_mail(subject="", attachments=(replace(FILE, filename=None),)))
    assert ticket.copies.subject == "It says 90,000 won instead of 70,000."
    assert room.said(ticket)[0].attachments[0].filename == "attachment-1"


def test_a_colleague_who_forwards_a_customers_mail_opens_it_for_the_customer(room: MailRoom) -> None:
    forwarded = a_mail("mina@desk.test", forwarded_from=Mailbox("Lee Jiwon", "jiwon@example.com"))
    assert room.opened(forwarded).copies.requester_address == "jiwon@example.com"
    forged = replace(forwarded, message_id="forged", from_=Mailbox("x", "x@example.com"))
    assert room.opened(forged).copies.requester_address == "x@example.com"


def test_a_machines_mail_is_a_ticket_that_nobody_is_thanked_for(room: MailRoom) -> None:
    assert room.opened(a_mail(auto_submitted=True, auto_reason="monitoring")).automatic
    assert not room.opened(a_mail(message_id="other")).automatic


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign",
    [
        lambda tag: {"references": (f"01NOTICE.{tag}@desk.test",)},
        lambda tag: {"references": (f"{tag}@desk.test", "unknown@example.com")},
        lambda tag: {"references": (), "address_tags": (tag,)},
        lambda tag: {"references": ("unknown@example.com",), "address_tags": ("other", tag.upper())},
        lambda tag: {"references": ("first@example.com",)},
    ],
    ids=["own id", "root", "reply address", "upper case", "stored id"],
)
def test_an_answer_finds_its_ticket_by_whatever_its_mail_program_kept(
    room: MailRoom, sign: Callable[[str], dict[str, object]]
) -> None:
    ticket = room.change(room.opened(), status=Status.SOLVED)
    entry = room.receive(a_reply(ticket, **sign(SIGNER.thread_tag(ticket.id))))
    assert (entry.outcome, entry.because, entry.ticket_id) == (Outcome.MESSAGE, ("thread",), ticket.id)
    assert room.ticket(entry).status is Status.OPEN
    assert (room.message(entry).text, room.message(entry).quoted) == ("Thank you!", "Thank you!\n\n> Old words")


def test_a_forged_tag_proves_nothing(room: MailRoom) -> None:
    ticket = room.opened()
    tag = f"{ticket.id.lower()}-{'a' * 16}"
    entry = room.receive(a_reply(ticket, references=(f"{tag}@desk.test",), address_tags=(tag, f"{tag}ü")))
    assert entry.outcome is Outcome.TICKET
    assert room.ticket(entry).id != ticket.id


def test_an_answer_to_an_answer_is_found_by_the_first_ones_message_id(room: MailRoom) -> None:
    ticket = room.opened()
    room.receive(a_reply(ticket))
    entry = room.receive(a_mail(message_id="third", references=(f"reply-{MINSU}@example.com",) * 2))
    assert entry.ticket_id == ticket.id


def test_a_stranger_who_has_the_thread_opens_a_ticket_of_their_own_that_names_it(room: MailRoom) -> None:
    ticket = room.opened()
    entry = room.receive(a_reply(ticket, "stranger@example.com"))
    assert (entry.outcome, entry.because) == (Outcome.TICKET, ("stranger_in_thread",))
    assert room.ticket(entry).links == (Link(Relation.MENTIONS, ticket.id, ticket.number),)
    assert room.ticket(entry).copies.requester_address == "stranger@example.com"
    assert len(room.said(ticket)) == 1


def test_a_colleague_answers_by_mail(room: MailRoom) -> None:
    ticket = room.opened()
    entry = room.receive(a_reply(ticket, "Mina@desk.test"))
    message = room.message(entry)
    assert (message.author, message.author_name) == (MINA, "Mina")
    assert message.visibility is Visibility.PUBLIC
    assert room.ticket(entry).status is Status.OPEN


def test_who_only_says_to_be_a_colleague_is_held_back(room: MailRoom) -> None:
    ticket = room.opened()
    entry = room.receive(a_reply(ticket, "mina@desk.test"), verdicts=replace(FINE, dmarc="FAIL"))
    assert (entry.outcome, entry.because) == (Outcome.SUSPENDED, ("sender_not_authenticated",))
    assert len(room.said(ticket)) == 1


@pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED, Status.CLOSED])
@pytest.mark.parametrize(
    "signs", [{"vacation": True, "auto_submitted": True}, {"bounce": BOUNCE}, {"mailing_list": True}]
)
def test_a_machines_answer_is_an_internal_note_that_moves_nothing(
    room: MailRoom, status: Status, signs: dict[str, object]
) -> None:
    ticket = room.change(room.opened(), status=status)
    entry = room.receive(a_reply(ticket, **signs))
    message, after = room.message(entry), room.ticket(entry)
    assert entry.outcome is Outcome.MESSAGE
    assert entry.ticket_id == ticket.id
    assert (message.visibility, message.author.kind, message.automatic) == (
        Visibility.INTERNAL,
        ActorKind.SYSTEM,
        True,
    )
    assert (after.status, after.sla, after.close_at) == (status, ticket.sla, ticket.close_at)


def test_a_bounce_finds_its_ticket_by_the_mail_that_came_back(room: MailRoom) -> None:
    ticket = room.opened()
    own = f"01NOTICE.{SIGNER.thread_tag(ticket.id)}@desk.test"
    bounced = a_mail(None, text="", subject="", message_id=None, bounce=replace(BOUNCE, original_message_id=own))
    assert room.receive(bounced).ticket_id == ticket.id


def test_a_reply_to_a_closed_ticket_opens_one_that_follows_it(room: MailRoom) -> None:
    closed = room.change(room.opened(), status=Status.CLOSED, category="billing")
    entry = room.receive(a_reply(closed))
    follower = room.ticket(entry)
    assert (entry.outcome, entry.because) == (Outcome.TICKET, ("follows_closed",))
    assert follower.links == (Link(Relation.FOLLOWS, closed.id, closed.number),)
    assert (follower.requester_id, follower.category) == (closed.requester_id, closed.category)
    assert room.message(entry).text == "Thank you!"
    assert len(room.said(closed)) == 1


def test_a_reply_to_a_ticket_that_closes_while_it_is_read_is_not_lost(room: MailRoom) -> None:
    ticket = room.opened()
    arrival = room.post(a_reply(ticket))
    run = room.tickets.run

    def too_late(*args: object, **kwargs: object) -> object:
        room.tickets.run = run
        room.change(ticket, status=Status.CLOSED)
        return run(*args, **kwargs)

    room.tickets.run = too_late
    assert room.service.receive(arrival).because == ("follows_closed",)


# --- held back, refused, let in --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "verdicts", "because"),
    [
        (a_mail(), replace(FINE, spam="FAIL"), "spam"),
        (a_mail(), replace(FINE, virus="FAIL"), "virus"),
        (a_mail(None), FINE, "no_sender"),
        (a_mail(text="", subject=""), FINE, "empty"),
        (a_mail(bounce=BOUNCE), FINE, "bounce_of_unknown_mail"),
    ],
)
def test_a_mail_that_is_held_back_waits_in_the_list_until_it_is_released(
    room: MailRoom, mail: InboundMail, verdicts: Verdicts, because: str
) -> None:
    entry = room.receive(mail, verdicts=verdicts)
    assert (entry.outcome, entry.because) == (Outcome.SUSPENDED, (because,))
    assert (entry.sender, entry.subject) == (mail.from_.address if mail.from_ else None, mail.subject)
    assert room.store.tickets == {}
    assert room.service.receive(entry.arrival) == entry
    released = room.service.release(entry.arrival.id, "mina")
    assert (released.outcome, released.released_by) == (Outcome.TICKET, "mina")
    assert room.service.receive(entry.arrival) == released
    with pytest.raises(Conflict):
        room.service.release(entry.arrival.id, "mina")
    assert len(room.store.tickets) == 1


@pytest.mark.parametrize("mail", [a_mail(None), a_mail("not an address")])
def test_a_released_mail_without_a_sender_is_nobodys_and_never_answered(room: MailRoom, mail: InboundMail) -> None:
    entry = room.receive(mail, verdicts=replace(FINE, spam="FAIL"))
    ticket = room.ticket(room.service.release(entry.arrival.id, "mina"))
    assert ticket.copies.requester_address == UNKNOWN_SENDER
    assert ticket.automatic


def test_a_released_answer_joins_its_ticket(room: MailRoom) -> None:
    ticket = room.opened()
    entry = room.receive(a_reply(ticket), verdicts=replace(FINE, spam="FAIL"))
    assert room.service.release(entry.arrival.id, "mina").ticket_id == ticket.id


def test_our_own_mail_that_comes_back_is_refused_for_good(room: MailRoom) -> None:
    entry = room.receive(a_mail(headers=((OWN_LOOP_HEADER, "desk.test"),)))
    assert (entry.outcome, entry.because) == (Outcome.REJECTED, ("own_mail",))
    with pytest.raises(Conflict):
        room.service.release(entry.arrival.id, "mina")
    assert room.store.tickets == {}


def test_a_mail_over_the_limit_is_held_back_unread(room: MailRoom) -> None:
    arrival = room.post(a_mail())
    room.raw_mails.sizes[arrival.id] = MAX_MAIL_BYTES + 1
    entry = room.service.receive(arrival)
    assert (entry.outcome, entry.because, entry.size) == (Outcome.SUSPENDED, ("too_large",), MAX_MAIL_BYTES + 1)
    assert room.raw_mails.reads == 0
    with pytest.raises(Conflict):
        room.service.release(arrival.id, "mina")
    room.raw_mails.sizes[arrival.id] = MAX_MAIL_BYTES
    other = room.post(a_mail(), "ses-2")
    room.raw_mails.sizes[other.id] = MAX_MAIL_BYTES
    assert room.service.receive(other).outcome is Outcome.TICKET


def test_a_mail_that_is_not_in_the_bucket_is_not_found(room: MailRoom) -> None:
    with pytest.raises(NotFound):
        room.service.receive(Arrival("gone", room.clock(), (), FINE))
    with pytest.raises(NotFound):
        room.service.release("gone", "mina")


# --- twice, at once, and dying in the middle -------------------------------------------------------------------------


def test_the_same_mail_delivered_twice_is_one_ticket(room: MailRoom) -> None:
    first = room.receive(a_mail())
    again = room.receive(a_mail())
    assert (again.outcome, again.ticket_id) == (Outcome.DUPLICATE, first.ticket_id)
    assert room.service.receive(first.arrival) == first
    assert len(room.store.tickets) == 1
    assert len(room.said(room.ticket(first))) == 1


@pytest.mark.parametrize("signs", [{}, {"bounce": BOUNCE}, {"vacation": True, "auto_submitted": True}])
def test_the_same_answer_delivered_twice_is_one_message(room: MailRoom, signs: dict[str, object]) -> None:
    ticket = room.opened()
    first = room.receive(a_reply(ticket, **signs))
    again = room.receive(a_reply(ticket, **signs))
    assert (again.outcome, again.ticket_id, again.message_id) == (Outcome.DUPLICATE, ticket.id, first.message_id)
    assert len(room.said(ticket)) == 2


def test_the_same_answer_to_a_closed_ticket_delivered_twice_is_one_follower(room: MailRoom) -> None:
    closed = room.change(room.opened(), status=Status.CLOSED)
    first = room.receive(a_reply(closed))
    assert room.receive(a_reply(closed)).ticket_id == first.ticket_id
    assert len(room.store.tickets) == 2


def test_a_mail_without_a_message_id_is_known_again_as_well(room: MailRoom) -> None:
    first = room.receive(a_mail(message_id=None))
    assert room.receive(a_mail(message_id=None)).outcome is Outcome.DUPLICATE
    assert room.receive(a_mail(message_id=None, text="Other words")).outcome is Outcome.TICKET
    assert len(room.said(room.ticket(first))) == 1


def test_contention_is_tried_again_and_then_left_to_the_next_try(room: MailRoom) -> None:
    arrival = room.post(a_mail())
    room.store.refusals = [AddressTaken("taken"), Unavailable("busy"), StaleVersion("first")]
    assert room.service.receive(arrival).outcome is Outcome.TICKET
    other = room.post(a_mail(message_id="other"))
    room.store.refusals = [AddressTaken("taken")] * 9
    with pytest.raises(Unavailable):
        room.service.receive(other)
    assert room.ledger.get(other.id).outcome is Outcome.RECEIVED
    room.store.refusals = []
    assert room.service.receive(other).outcome is Outcome.TICKET


def stories(room: MailRoom) -> dict[str, Arrival]:
    """Mails of all kinds, each on a desk that knows a ticket, a closed one and a colleague."""
    ticket = room.opened()
    closed = room.change(room.opened(a_mail(message_id="second", text="Another matter")), status=Status.CLOSED)
    return {
        "new": room.post(a_mail("new@example.com", message_id="new", attachments=(FILE,))),
        "reply": room.post(a_reply(ticket, attachments=(FILE, FILE))),
        "follower": room.post(a_reply(closed, message_id="follower")),
        "stranger": room.post(a_reply(ticket, "stranger@example.com")),
        "colleague": room.post(a_reply(ticket, "mina@desk.test")),
        "machine": room.post(a_reply(ticket, vacation=True, auto_submitted=True)),
        "bounce": room.post(a_reply(ticket, bounce=BOUNCE)),
        "spam": room.post(a_mail(message_id="spam"), verdicts=replace(FINE, spam="FAIL")),
    }


def left_behind(room: MailRoom, arrival: Arrival) -> object:
    """What is there after a mail, apart from numbers and instants."""
    entry = room.ledger.get(arrival.id)
    assert entry is not None
    return (
        entry.outcome,
        entry.ticket_id is not None,
        sorted(len(found) for found in room.store.conversations.values()),
        sorted([event.type.value for event in events] for events in room.store.history.values()),
        sorted((ticket.copies.subject, ticket.status, len(ticket.links)) for ticket in room.store.tickets.values()),
        sorted(room.people.addresses),
        len(room.files.stored),
    )


STORIES = ("new", "reply", "follower", "stranger", "colleague", "machine", "bounce", "spam")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("story", STORIES)
def test_a_process_that_dies_at_any_call_of_any_port_loses_and_doubles_nothing(
    story: str, moment: str, clock: StandingClock
) -> None:
    undisturbed = MailRoom(StandingClock(clock.now))
    arrival = stories(undisturbed)[story]
    watch = Fate()
    undisturbed.start(watch).receive(arrival)
    wanted = left_behind(undisturbed, arrival)
    assert watch.calls >= 4
    for call in range(1, watch.calls + 1):
        room = MailRoom(StandingClock(clock.now))
        arrival = stories(room)[story]
        with pytest.raises(Crash):
            room.start(Fate(call, after=moment == "after")).receive(arrival)
        room.clock.advance(minutes=1)
        room.start().receive(arrival)
        assert left_behind(room, arrival) == wanted, f"died at call {call}"
        for ticket_id, events in room.store.history.items():
            assert fold(events).version == room.store.tickets[ticket_id].version


def test_a_mail_is_in_the_ledger_before_it_is_read(room: MailRoom) -> None:
    arrival = room.post(a_mail())

    def unreadable(raw: bytes) -> InboundMail:
        assert room.ledger.get(arrival.id).outcome is Outcome.RECEIVED
        raise RuntimeError("the parser never fails, and if it does")

    room.service._parse = unreadable
    with pytest.raises(RuntimeError):
        room.service.receive(arrival)
    assert room.ledger.get(arrival.id).outcome is Outcome.RECEIVED
    assert room.start().receive(arrival).outcome is Outcome.TICKET
