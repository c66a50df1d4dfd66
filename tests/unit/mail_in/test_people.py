"""Who else takes part in a matter by mail: named in Cc, writing by themselves, guessed at by number, or come back undelivered."""

from dataclasses import replace

import pytest

from helpdesk.desk.model import General
from helpdesk.mail.model import Bounce, FeedbackReport, InboundMail, Mailbox
from helpdesk.mail.rules import Outcome, Verdicts, Voice, may_join_by_number, names_as_we_do, people_named
from helpdesk.mail.service import InboundMailService
from helpdesk.tickets.model import Link, Relation, Status, Ticket, Visibility
from tests.conftest import StandingClock
from tests.support.desks import DESK, a_desk
from tests.support.mails import MINSU, a_mail
from tests.support.messages import a_person
from tests.unit.mail_in.test_service import FINE, MailRoom, a_reply

BOSS = Mailbox("Boss", "boss@example.com")


@pytest.fixture
def room(clock: StandingClock) -> MailRoom:
    return MailRoom(clock)


def addresses(ticket: Ticket) -> list[str]:
    return [one.address for one in ticket.copies.participants]


def named(**changes: object) -> list[str]:
    mail = a_mail(**changes)
    return [box.address for box in people_named(mail, DESK, ("support@desk.test", "list@example.com"))]


def test_whoever_a_mail_names_beside_us_takes_part(room: MailRoom) -> None:
    ticket = room.opened(a_mail(cc=(BOSS,), to=(Mailbox(None, "support@desk.test"), Mailbox("Kim", "kim@example.com"))))
    assert addresses(ticket) == ["kim@example.com", "boss@example.com"]
    assert ticket.participants == tuple(room.people.by_address(one).id for one in addresses(ticket))


@pytest.mark.parametrize(
    "box",
    [
        "minsu@example.com",
        "billing@desk.test",
        "Support+tag@desk.test",
        "mina@desk.test",
        "list@example.com",
        "no-reply@example.com",
        "nonsense",
    ],
)
def test_ourselves_colleagues_the_sender_and_what_takes_no_mail_do_not_take_part(box: str) -> None:
    assert named(cc=(Mailbox(None, box),)) == []


def test_a_machine_names_nobody_and_nobody_is_named_twice() -> None:
    assert named(cc=(BOSS,), auto_submitted=True) == []
    assert named(cc=(BOSS, Mailbox(None, "Boss@Example.com"))) == ["boss@example.com"]


def test_who_takes_part_answers_in_their_own_name(room: MailRoom) -> None:
    ticket = room.opened(a_mail(cc=(BOSS,)))
    entry = room.receive(a_reply(ticket, "boss@example.com"))
    assert (entry.outcome, entry.ticket_id) == (Outcome.MESSAGE, ticket.id)
    message = room.message(entry)
    assert (message.author.id, message.author_name, message.visibility) == (
        ticket.participants[0],
        "Boss",
        Visibility.PUBLIC,
    )


def test_a_participants_reply_to_a_closed_ticket_is_a_matter_of_their_own_that_follows_it(room: MailRoom) -> None:
    closed = room.change(room.opened(a_mail(cc=(BOSS,))), status=Status.CLOSED)
    entry = room.receive(a_reply(closed, "boss@example.com"))
    assert entry.because == ("follows_closed",)
    assert room.ticket(entry).links == (Link(Relation.FOLLOWS, closed.id, closed.number),)
    assert room.ticket(entry).copies.requester_address == "boss@example.com"


def test_the_requesters_follower_keeps_who_took_part(room: MailRoom) -> None:
    closed = room.change(room.opened(a_mail(cc=(BOSS,))), status=Status.CLOSED)
    assert addresses(room.ticket(room.receive(a_reply(closed)))) == ["boss@example.com"]


def test_a_colleague_of_the_requester_may_join_only_where_the_desk_lets_organizations(room: MailRoom) -> None:
    room.people.add(a_person(MINSU, organization_id="o1"))
    room.people.add(a_person("jiwon@example.com", id="01JD000000000000000000J1W0", organization_id="o1", name="Jiwon"))
    ticket = room.opened()
    assert room.receive(a_reply(ticket, "jiwon@example.com")).because == ("stranger_in_thread",)
    desk = a_desk(general=General(organization_may_join=True))
    room.service._desk = lambda: desk
    entry = room.receive(a_reply(ticket, "jiwon@example.com", message_id="again"))
    assert (entry.outcome, entry.ticket_id) == (Outcome.MESSAGE, ticket.id)
    assert addresses(room.ticket(entry)) == ["jiwon@example.com"]


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "number", "counts"),
    [
        ("Re: [#1001] Invoice", 1001, True),
        ("Re: #1001 Invoice", 1001, False),
        ("Re: [#10010] Invoice", 1001, False),
        ("[#1002] [#1001]", 1001, True),
    ],
)
def test_only_a_number_as_our_own_subjects_write_it_counts(subject: str, number: int, counts: bool) -> None:  # noqa: FBT001
    assert names_as_we_do(a_mail(subject=subject), number) is counts


@pytest.mark.parametrize(
    ("who", "verdicts", "may"),
    [
        (Voice.REQUESTER, FINE, True),
        (Voice.REQUESTER, Verdicts(), False),
        (Voice.PARTICIPANT, replace(FINE, dmarc="FAIL"), False),
        (Voice.AGENT, FINE, True),
        (Voice.AGENT, replace(FINE, dmarc="GRAY"), False),
        (Voice.STRANGER, FINE, False),
    ],
)
def test_a_number_can_be_guessed_so_the_sender_must_be_proven(who: Voice, verdicts: Verdicts, may: bool) -> None:  # noqa: FBT001
    assert may_join_by_number(who, verdicts) is may


def numbered(ticket: Ticket, sender: str = MINSU, **changes: object) -> InboundMail:
    return a_reply(
        ticket, sender, references=(), subject=f"Re: [#{ticket.number}] x", ticket_numbers=(ticket.number,), **changes
    )


def test_a_proven_requester_is_found_by_the_number_alone(room: MailRoom) -> None:
    ticket = room.opened()
    assert room.receive(numbered(ticket)).ticket_id == ticket.id


@pytest.mark.parametrize(("sender", "verdicts"), [("stranger@example.com", FINE), (MINSU, Verdicts())])
def test_whoever_else_names_a_number_opens_a_ticket_that_mentions_it(
    room: MailRoom, sender: str, verdicts: Verdicts
) -> None:
    ticket = room.opened()
    entry = room.receive(numbered(ticket, sender), verdicts=verdicts)
    assert (entry.outcome, entry.because) == (Outcome.TICKET, ("stranger_names_number",))
    assert room.ticket(entry).links == (Link(Relation.MENTIONS, ticket.id, ticket.number),)
    assert len(room.said(ticket)) == 1


# --- reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipient", "hard", "marked"), [(MINSU, True, True), (MINSU, False, False), ("other@example.com", True, False)]
)
def test_a_hard_bounce_marks_the_address_of_somebody_on_the_ticket_and_of_nobody_else(
    room: MailRoom,
    recipient: str,
    hard: bool,  # noqa: FBT001
    marked: bool,  # noqa: FBT001
) -> None:
    room.people.add(a_person("other@example.com", id="01JD0000000000000000000THR"))
    ticket = room.opened()
    entry = room.receive(a_reply(ticket, None, bounce=Bounce((recipient,), "5.1.1", "no such user", hard=hard)))
    assert entry.because == ("bounce",)
    assert room.people.by_address(MINSU).undeliverable is marked
    assert not room.people.by_address("other@example.com").undeliverable
    assert room.message(entry).remark is not None


def test_who_called_a_mail_of_ours_spam_is_written_to_no_more(room: MailRoom) -> None:
    ticket = room.opened()
    report = a_reply(ticket, "fbl@mailprovider.example", feedback_report=FeedbackReport("abuse", (MINSU,), None))
    entry = room.receive(report)
    assert (entry.outcome, entry.because) == (Outcome.MESSAGE, ("complaint",))
    assert room.people.by_address(MINSU).complained


# --- once more -------------------------------------------------------------------------------------------------------


def test_a_mail_processed_again_after_a_fix_is_read_anew_and_nothing_is_doubled(room: MailRoom) -> None:
    ticket = room.opened()
    entry = room.receive(a_reply(ticket))
    raw = room.raw_mails.raw[entry.arrival.id]
    room.mails[raw] = a_reply(ticket, reply_text="Thank you very much!")
    service: InboundMailService = room.service
    assert service.again(entry.arrival.id) == entry
    assert room.message(entry).text == "Thank you very much!"
    assert len(room.said(ticket)) == 2
    assert len(room.store.tickets) == 1
