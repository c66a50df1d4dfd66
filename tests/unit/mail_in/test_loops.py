"""Machines that would write to one another for ever: a hundred rounds of each end in at most one answer."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from helpdesk.desk.model import Limits
from helpdesk.mail.rules import Outcome
from helpdesk.tickets.model import Status, Visibility
from tests.conftest import StandingClock
from tests.support.houses import Gateway, House, Posted, Responder, carry, posted_of, written

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ANN = "ann@example.com"
MARKS = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "X-Helpdesk-Loop")


@pytest.fixture
def here() -> House:
    return House("here.test", StandingClock(NOW))


@pytest.fixture
def there() -> House:
    return House("there.test", StandingClock(NOW))


def from_there(there: House, subject: str = "Our order 4711", number: int = 1, body: str = "") -> Posted:
    """A mail that the other desk's mailbox seems to have written."""
    mail = written(there.address, "support@here.test", subject, body or "When does it come?", f"<m{number}@there.test>")
    return posted_of(mail)


def test_two_desks_end_after_one_acknowledgement(here: House, there: House) -> None:
    houses = {here.address: here, there.address: there}
    assert carry([from_there(there)], houses) < 100
    assert (len(here.sent), len(there.sent)) == (1, 0)
    assert there.entries[-1].outcome is Outcome.TICKET, "what another desk writes is read, not refused as our own"


def test_two_desks_whose_marks_are_lost_on_the_way_end_all_the_same(here: House, there: House) -> None:
    houses = {here.address: Gateway(here, MARKS), there.address: Gateway(there, MARKS)}
    assert carry([from_there(there)], houses) < 100
    assert len(here.sent) <= 1
    assert len(there.sent) <= 1


def test_two_desks_that_keep_getting_mail_in_each_others_name_answer_each_once(here: House, there: House) -> None:
    houses = {here.address: here, there.address: there}
    for number in range(100):
        carry([from_there(there, "Our order", number)], houses)
    assert len(here.sent) <= 1
    assert there.sent == []


def test_an_agents_answer_to_another_desk_is_acknowledged_once_and_that_is_all(here: House, there: House) -> None:
    houses = {here.address: here, there.address: there}
    carry([posted_of(written(here.address, there.address, "Offer", "Do you want it?", "<o@here.test>"))], houses)
    (ticket_id,) = there.store.tickets
    here.sent.clear()
    there.sent.clear()
    assert carry(there.answer(ticket_id, "Yes, please."), houses) < 100
    assert len(there.sent) == 1, "the answer itself"
    assert len(here.sent) <= 1


@pytest.mark.parametrize("threaded", [True, False])
@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        ({"Auto-Submitted": "auto-replied"}, "Re: {}"),
        ({"Precedence": "auto_reply"}, "Re: {}"),
        ({"X-Autoreply": "yes"}, "Away"),
        ({"Return-Path": "<>"}, "Away"),
        ({}, "Automatic reply: {}"),
        ({}, "자동 회신: {}"),
        ({}, "不在のお知らせ"),
        ({}, "Re: {}"),
        ({}, "I read mails on Mondays only"),
    ],
)
def test_a_vacation_responder_gets_one_answer(
    here: House,
    headers: dict[str, str],
    subject: str,
    threaded: bool,  # noqa: FBT001
) -> None:
    ann = Responder(ANN, headers, subject, threaded=threaded)
    first = posted_of(written(ANN, here.address, "It stops", "It stops with an error.", "<a1@example.com>"))
    rounds = carry([first], {here.address: here, ANN: ann})
    assert rounds < 100
    # Who hides to be a machine and names nothing it answers may look like a person with one more question, once.
    hidden = not threaded and not headers and subject == "I read mails on Mondays only"
    assert len(ann.got) <= 1 + hidden


def test_a_vacation_responder_gets_no_answer_to_what_an_agent_wrote(here: House) -> None:
    ann = Responder(ANN, {"Auto-Submitted": "auto-replied"})
    first = posted_of(written(ANN, here.address, "It stops", "It stops with an error.", "<a1@example.com>"))
    houses = {here.address: here, ANN: ann}
    carry([first], houses)
    (ticket_id,) = here.store.tickets
    for number in range(100):
        carry(here.answer(ticket_id, f"Try number {number}."), houses)
    assert len(ann.got) == 1 + 100, "the acknowledgement, and what the agent wrote"
    assert list(here.store.tickets) == [ticket_id]
    assert here.store.tickets[ticket_id].status is Status.OPEN


class NoMailbox:
    """A mail server that returns every mail as undeliverable."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.got: list[EmailMessage] = []

    def get(self, posted: Posted) -> list[Posted]:
        mail = message_from_bytes(posted.raw, policy=default)
        assert isinstance(mail, EmailMessage)
        self.got.append(mail)
        head, _, _ = posted.raw.partition(b"\r\n\r\n")
        report = (
            b"From: MAILER-DAEMON@example.com\r\nTo: support@here.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            b"Message-ID: <bounce-%d@example.com>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            b"--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver your mail.\r\n"
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
            b"Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            b"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
            b"--b\r\nContent-Type: message/rfc822-headers\r\n\r\n%s\r\n--b--\r\n"
        ) % (len(self.got), self.address.encode(), head)
        return [Posted(report.replace(b"message/rfc822-headers", b"text/rfc822-headers"), "support@here.test")]


def test_a_requester_whose_mail_bounces_gets_one_answer_in_a_hundred_rounds(here: House) -> None:
    nobody = NoMailbox(ANN)
    houses = {here.address: here, ANN: nobody}
    for number in range(100):
        question = written(ANN, here.address, f"Question {number}", f"Question {number}?", f"<q{number}@example.com>")
        assert carry([posted_of(question)], houses) < 100
    assert len(nobody.got) == 1
    first = min(here.store.tickets)
    notes = [one for one in here.store.conversations[first].values() if one.visibility is Visibility.INTERNAL]
    assert [note.text.splitlines()[0] for note in notes] == [
        f"A mail to {ANN} came back: there is no such address (5.1.1)."
    ]
    person = here.people.by_address(ANN)
    assert person is not None
    assert person.undeliverable


def test_a_bounce_stops_no_clock_and_reopens_nothing(here: House) -> None:
    nobody = NoMailbox(ANN)
    houses = {here.address: here, ANN: nobody}
    carry([posted_of(written(ANN, here.address, "Hello", "It stops.", "<q@example.com>"))], houses)
    (ticket_id,) = here.store.tickets
    before = [event.type for event in here.store.history[ticket_id]]
    assert before[1:] == ["MessageAdded"]
    carry(here.answer(ticket_id, "Please restart it."), houses)
    ticket = here.store.tickets[ticket_id]
    assert ticket.status is Status.OPEN
    assert [event.type for event in here.store.history[ticket_id]][2:] == [
        "MessageAdded",
        "TicketStatusChanged",
        "MessageAdded",
    ]


def test_a_mailing_list_that_sends_everything_to_everybody_gets_no_answer(here: House) -> None:
    members = "team@lists.example.org"

    class MailingList:
        """Sends what it gets to the desk, which somebody subscribed."""

        got = 0

        def get(self, posted: Posted) -> list[Posted]:
            self.got += 1
            marked = b"List-Id: <team.lists.example.org>\r\nPrecedence: list\r\n" + posted.raw
            return [Posted(marked, here.address)]

    team = MailingList()
    for number in range(100):
        post = written(ANN, members, f"News {number}", f"What is new: {number}", f"<n{number}@example.com>")
        assert carry([posted_of(post)], {here.address: here, members: team}) < 100
    assert team.got == 100
    assert here.sent == []


def test_the_desks_own_mail_that_a_list_sends_back_is_refused(here: House) -> None:
    (acknowledgement,) = here.get(posted_of(written(ANN, here.address, "Hi", "It stops.", "<q@example.com>")))
    for _ in range(100):
        assert here.get(Posted(b"List-Id: <team.example.org>\r\n" + acknowledgement.raw, here.address)) == []
    assert {entry.outcome for entry in here.entries[1:]} == {Outcome.REJECTED}
    assert len(here.store.tickets) == 1


def test_whoever_writes_without_end_is_answered_so_often_an_hour_and_no_more(here: House) -> None:
    here.desk = replace(here.desk, general=replace(here.desk.general, limits=Limits(notices_per_address_per_hour=5)))
    for number in range(100):
        here.get(posted_of(written(ANN, here.address, f"No. {number}", f"{number} is new", f"<q{number}@example.com>")))
    assert len(here.sent) == 5
