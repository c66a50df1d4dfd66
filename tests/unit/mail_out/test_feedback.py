"""What the mail service says of mails, in its own words, in any order, any number of times."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.kernel.clock import format_instant
from helpdesk.mail.delivery import Slot, Verdict, fate_of
from helpdesk.mail.feedback import FeedbackService, Unreadable, code_of, read_reports
from helpdesk.mail.letters import Kind
from helpdesk.tickets.facts import DeliveryFailed
from helpdesk.tickets.model import Participant
from tests.conftest import StandingClock
from tests.fakes.mail_out import AGENT, NOW, REQUESTER, FakeTicketService, MailDesk
from tests.fakes.people import FakePeople
from tests.support.stories import Story

ADDRESS = "minji@example.com"
COPIED = "boss@example.com"
BOSS = "01KAQM10M0000000000000B0SS"
SLOT = Slot("01KAQM10M0000000000000000M", Kind.REPLY, REQUESTER, "01KAQM10M00000000000000001")


def event(kind: str, about: dict[str, Any], slot: Slot = SLOT) -> dict[str, Any]:
    """As SES publishes it."""
    name = {"DeliveryDelay": "deliveryDelay"}.get(kind, kind.lower())
    tags = {"ses:configuration-set": ["desk"], **{tag: [value] for tag, value in slot.tags.items()}}
    mail = {"timestamp": format_instant(NOW), "messageId": "ses-1", "destination": [ADDRESS], "tags": tags}
    return {"eventType": kind, "mail": mail, name: {"timestamp": format_instant(NOW), **about}}


def bounce(kind: str = "Permanent", address: str = ADDRESS, **more: str) -> dict[str, Any]:
    recipient = {"emailAddress": address, "diagnosticCode": f"smtp; 550 no {address} here", **more}
    return event("Bounce", {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": [recipient]})


DELIVERY = event("Delivery", {"recipients": [ADDRESS], "smtpResponse": "250 ok"})
DELAY = event("DeliveryDelay", {"delayType": "MailboxFull", "delayedRecipients": [{"emailAddress": ADDRESS}]})
COMPLAINT = event(
    "Complaint", {"complaintFeedbackType": "abuse", "complainedRecipients": [{"emailAddress": ADDRESS.upper()}]}
)
NOT_SPAM = event(
    "Complaint", {"complaintFeedbackType": "not-spam", "complainedRecipients": [{"emailAddress": ADDRESS}]}
)
REJECT = event("Reject", {"reason": "Bad content"})
EVENTS = (DELIVERY, DELAY, COMPLAINT, NOT_SPAM, REJECT, bounce(), bounce("Transient"), bounce(status="5.1.1"))


class Desk:
    """A ticket whose answer was sent, and who hears of it."""

    def __init__(self) -> None:
        self.desk = MailDesk(StandingClock(NOW))
        self.story = Story(self.desk, address=ADDRESS)
        self.tickets = FakeTicketService(self.desk.tickets, self.desk.clock)
        self.people = FakePeople(*self.desk.people.people.values())
        self.service = FeedbackService(self.desk.log, self.tickets, self.people, self.desk.clock)

    def hear(self, *events: dict[str, Any]) -> "Desk":
        for one in events:
            for report in read_reports(json.loads(json.dumps(one))):
                self.service.take(report)
        return self

    @property
    def fate(self) -> tuple[str, str | None]:
        return fate_of(self.desk.log.find_all([SLOT]).get(SLOT))

    @property
    def failures(self) -> list[DeliveryFailed]:
        return [one.fact for one in self.desk.tickets.events if isinstance(one.fact, DeliveryFailed)]

    @property
    def end(self) -> object:
        told = sorted((fact.outcome, fact.person_id, fact.message_id or "") for fact in self.failures)
        return self.fate, told, self.people.by_id(REQUESTER)


@pytest.mark.parametrize(
    ("events", "fate"),
    [
        ([DELIVERY], ("delivered", None)),
        ([DELAY], ("delayed", None)),
        ([DELAY, DELIVERY], ("delivered", None)),
        ([bounce()], ("bounced", "permanent_general")),
        ([bounce(status="5.1.1"), DELIVERY], ("bounced", "5.1.1")),
        ([bounce("Transient")], ("bounced", "transient_general")),
        ([bounce("Transient"), DELIVERY], ("delivered", None)),
        ([DELIVERY, COMPLAINT, DELIVERY], ("complained", "abuse")),
        ([NOT_SPAM], ("queued", None)),
        ([REJECT], ("failed", "bad_content")),
    ],
)
def test_what_is_said_of_a_mail_is_what_it_is_shown_as(events: list[dict[str, Any]], fate: tuple[str, str]) -> None:
    assert Desk().hear(*events).fate == fate


@settings(max_examples=40)
@given(st.lists(st.sampled_from(EVENTS), max_size=6), st.randoms())
def test_in_any_order_and_any_number_of_times_it_ends_the_same(
    events: list[dict[str, Any]], order: random.Random
) -> None:
    again = [*events, *(order.choices(events, k=3) if events else ())]
    order.shuffle(again)
    assert Desk().hear(*again).end == Desk().hear(*events).end


def test_a_failure_is_told_once_on_the_ticket_without_anybodys_address_or_words() -> None:
    desk = Desk().hear(bounce(), bounce(), DELIVERY)
    (failure,) = desk.failures
    assert failure == DeliveryFailed("reply", "bounced", "permanent_general", REQUESTER, SLOT.cause)
    assert "@" not in str(desk.desk.tickets.events)


@pytest.mark.parametrize(
    ("heard", "undeliverable", "complained"),
    [
        (bounce(), True, False),
        (COMPLAINT, False, True),
        (bounce("Transient"), False, False),
        (bounce("Undetermined"), False, False),
        (NOT_SPAM, False, False),
        (DELAY, False, False),
    ],
)
def test_only_what_is_for_good_marks_an_address(heard: dict[str, Any], undeliverable: bool, complained: bool) -> None:  # noqa: FBT001
    person = Desk().hear(heard).people.by_id(REQUESTER)
    assert person is not None
    assert (person.undeliverable, person.complained) == (undeliverable, complained)


def test_a_bounce_of_a_copy_is_of_who_gets_the_copy() -> None:
    desk = Desk()
    ticket = desk.story.ticket
    copies = replace(ticket.copies, participants=(Participant(BOSS, COPIED),))
    desk.desk.tickets.tickets[ticket.id] = replace(ticket, participants=(BOSS,), copies=copies)
    desk.people.add(replace(desk.story.person, id=BOSS, address=COPIED))
    desk.hear(DELIVERY, bounce(address=COPIED))
    assert desk.fate == ("delivered", None)
    assert [failure.person_id for failure in desk.failures] == [BOSS]
    boss, requester = desk.people.by_id(BOSS), desk.people.by_id(REQUESTER)
    assert boss is not None
    assert requester is not None
    assert (boss.undeliverable, requester.undeliverable) == (True, False)


def test_what_colleagues_get_is_noted_beside_the_mail_and_nowhere_else() -> None:
    slot = Slot("01KAQM10M0000000000000000E", Kind.ASSIGNED, AGENT.id, SLOT.ticket_id)
    heard = bounce()
    heard["mail"]["tags"] |= {name: [value] for name, value in slot.tags.items()}
    desk = Desk().hear(heard)
    assert desk.failures == []
    assert desk.desk.log.find_all([slot])[slot].feedback.verdict is Verdict.BOUNCED


def test_mails_that_are_none_of_ours_and_tickets_that_are_gone_are_passed_over() -> None:
    desk = Desk()
    stranger = bounce()
    stranger["mail"]["tags"] = {"campaign": ["spring"]}
    assert read_reports(stranger) == ()
    assert read_reports(event("Open", {})) == ()
    gone = bounce()
    gone["mail"]["tags"]["ticket"] = ["01KAQM10M0000000000000G0NE"]
    desk.hear(gone)
    assert desk.end == Desk().end


@pytest.mark.parametrize("broken", [{"mail": []}, {"mail": {"tags": []}}, {**DELIVERY, "delivery": {"timestamp": "x"}}])
def test_what_cannot_be_read_says_so(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_reports(broken)


@given(st.lists(st.text(max_size=80) | st.none() | st.just("a@example.com"), max_size=3))
def test_no_words_of_a_foreign_server_become_more_than_a_code(words: list[str | None]) -> None:
    code = code_of(*words)
    assert code is None or (
        code.isascii() and 0 < len(code) <= 60 and not set(code) - set("abcdefghijklmnopqrstuvwxyz0123456789._")
    )
