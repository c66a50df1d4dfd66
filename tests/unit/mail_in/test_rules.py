"""What is let in, as whose words, and to which ticket and mailbox."""

from dataclasses import replace

import pytest

from helpdesk.desk.model import BlockedSender, Desk
from helpdesk.mail.model import OWN_LOOP_HEADER, Bounce, FeedbackReport, InboundMail
from helpdesk.mail.rules import (
    Outcome,
    Verdicts,
    Voice,
    is_machine,
    judge,
    mailbox_of,
    thread_proof,
    untagged,
    voice,
    without_thread,
)
from helpdesk.tickets.model import Ticket
from tests.support.desks import DESK, RULES, a_desk
from tests.support.lives import MONDAY_TEN_IN_SEOUL, Life
from tests.support.mails import MINSU, a_mail

FINE = Verdicts(*["PASS"] * 5)
BOUNCE = Bounce(("gone@example.com",), "5.1.1", "no such user", hard=True)


@pytest.fixture
def ticket() -> Ticket:
    return Life(RULES).open(requester_address=MINSU).stands


def test_an_ordinary_mail_is_let_in() -> None:
    assert judge(a_mail(), FINE, DESK, released=False).outcome is None
    assert judge(a_mail(), Verdicts(), DESK, released=False).outcome is None


@pytest.mark.parametrize(
    ("mail", "verdicts", "because"),
    [
        (a_mail(), replace(FINE, virus="FAIL"), ("virus",)),
        (a_mail(), replace(FINE, spam="FAIL", virus="FAIL"), ("virus", "spam")),
        (a_mail(), replace(FINE, dmarc="FAIL"), ("sender_not_authenticated",)),
        (a_mail(), replace(FINE, spf="FAIL", dkim="FAIL"), ("sender_not_authenticated",)),
        (a_mail(None), FINE, ("no_sender",)),
        (a_mail(""), FINE, ("no_sender",)),
        (a_mail(text=" \n", subject=""), FINE, ("empty",)),
    ],
)
def test_a_mail_that_something_speaks_against_is_held_back_and_can_be_released(
    mail: InboundMail, verdicts: Verdicts, because: tuple[str, ...]
) -> None:
    judgement = judge(mail, verdicts, DESK, released=False)
    assert (judgement.outcome, judgement.because) == (Outcome.SUSPENDED, because)
    assert judge(mail, verdicts, DESK, released=True).outcome is None


@pytest.mark.parametrize(
    "verdicts", [replace(FINE, spf="FAIL"), replace(FINE, dkim="FAIL"), replace(FINE, spam="GRAY")]
)
def test_one_failed_proof_alone_does_not_hold_a_mail_back(verdicts: Verdicts) -> None:
    assert judge(a_mail(), verdicts, DESK, released=False).outcome is None


def test_our_own_mail_is_refused_even_when_released() -> None:
    mail = a_mail(headers=((OWN_LOOP_HEADER.upper(), " Desk.test "),))
    for released in (False, True):
        assert judge(mail, FINE, DESK, released=released).outcome is Outcome.REJECTED


def test_another_desks_mail_is_a_correspondents() -> None:
    mail = a_mail(headers=((OWN_LOOP_HEADER, "other-desk.test"),))
    assert judge(mail, FINE, DESK, released=False).outcome is None


def test_a_blocked_senders_mail_is_held_back_and_so_is_that_of_a_blocked_domain() -> None:
    def blocking(pattern: str) -> Desk:
        return a_desk(blocked={"b": BlockedSender("b", pattern, "mina", MONDAY_TEN_IN_SEOUL)})

    for pattern in (MINSU, "example.com", "com"):
        judgement = judge(a_mail("Minsu@Example.com"), FINE, blocking(pattern), released=False)
        assert (judgement.outcome, judgement.because) == (Outcome.SUSPENDED, ("blocked_sender",))
    for pattern in ("other@example.com", "ample.com", "sub.example.com"):
        assert judge(a_mail(), FINE, blocking(pattern), released=False).outcome is None


@pytest.mark.parametrize(
    ("mail", "because"),
    [
        (a_mail(feedback_report=FeedbackReport("abuse", (), None)), "abuse_report"),
        (a_mail(bounce=BOUNCE), "bounce_of_unknown_mail"),
        (a_mail(), None),
    ],
)
def test_a_report_that_belongs_to_no_ticket_opens_none(mail: InboundMail, because: str | None) -> None:
    assert without_thread(mail) == because


def test_a_bounce_needs_neither_sender_nor_words() -> None:
    assert judge(a_mail(None, text="", subject="", bounce=BOUNCE), FINE, DESK, released=False).outcome is None


def test_a_subject_alone_is_something_to_say() -> None:
    assert judge(a_mail(text=""), FINE, DESK, released=False).outcome is None


@pytest.mark.parametrize(
    "signs", [{"auto_submitted": True}, {"bounce": BOUNCE}, {"mailing_list": True}, {"vacation": True}]
)
def test_whatever_no_human_wrote_to_us_is_a_machines(signs: dict[str, object], ticket: Ticket) -> None:
    assert is_machine(a_mail(**signs))
    assert voice(a_mail(**signs), ticket, DESK.agents["mina"], FINE) is Voice.MACHINE


def test_the_requester_is_known_by_their_address_whatever_its_case(ticket: Ticket) -> None:
    assert voice(a_mail("Minsu@Example.COM"), ticket, None, FINE) is Voice.REQUESTER


def test_a_colleagues_word_counts_only_if_nothing_speaks_against_it(ticket: Ticket) -> None:
    mail, mina = a_mail("mina@desk.test"), DESK.agents["mina"]
    assert voice(mail, ticket, mina, FINE) is Voice.AGENT
    assert voice(mail, ticket, mina, replace(FINE, dmarc="FAIL")) is Voice.STRANGER
    assert voice(mail, ticket, None, FINE) is Voice.STRANGER


def test_nobody_is_not_the_requester_of_a_ticket_without_an_address(ticket: Ticket) -> None:
    nameless = replace(ticket, copies=replace(ticket.copies, requester_address=None))
    assert voice(a_mail(None), nameless, None, FINE) is Voice.STRANGER


@pytest.mark.parametrize(
    ("recipients", "mailbox"),
    [
        (("billing@desk.test",), "billing"),
        (("Billing+01jd-proof@Desk.Test", "support@desk.test"), "billing"),
        (("boss@desk.test", "billing@desk.test"), "billing"),
        (("support@desk.test", "billing@desk.test"), "support"),
        (("boss@desk.test",), "billing"),
        ((), "billing"),
    ],
)
def test_a_mail_belongs_to_the_first_recipient_that_is_a_mailbox_or_to_the_first_mailbox(
    recipients: tuple[str, ...], mailbox: str
) -> None:
    found = mailbox_of(DESK, recipients)
    assert found is not None
    assert found.id == mailbox


def test_a_desk_without_mailboxes_has_none_for_a_mail() -> None:
    assert mailbox_of(a_desk(mailboxes={}), ("support@desk.test",)) is None


def test_a_tag_is_no_part_of_an_address() -> None:
    assert untagged("Support+a+b@Desk.test") == "support@desk.test"
    assert untagged("nonsense") == "nonsense"


def prove(tag: str) -> tuple[str, int] | None:
    return {"good-1": ("T1", 0), "good-2": ("T2", 0), "side-1": ("T1", 1), "side-2": ("T1", 2)}.get(tag)


@pytest.mark.parametrize(
    ("ids", "tags", "thread"),
    [
        (("01X.good-1@desk.test",), (), ("T1", 0)),
        (("good-1@desk.test",), (), ("T1", 0)),
        (("01X.good-1@desk.test", "01Y.good-2@desk.test"), (), ("T2", 0)),
        (("stranger@example.com", "01X.good-1@desk.test"), ("good-2",), ("T1", 0)),
        (("stranger@example.com",), ("bad", "good-2"), ("T2", 0)),
        (("side-1@desk.test", "01X.good-1@desk.test"), ("good-2",), ("T1", 1)),
        (("01X.good-1@desk.test",), ("side-2",), ("T1", 2)),
        (("01X.side-1@desk.test", "01X.side-2@desk.test"), (), ("T1", 2)),
        (("nonsense", "", "@"), ("",), None),
        ((), (), None),
    ],
)
def test_the_newest_reference_that_proves_itself_counts_then_the_reply_address_and_a_side_conversation_before_a_ticket(
    ids: tuple[str, ...], tags: tuple[str, ...], thread: tuple[str, int] | None
) -> None:
    assert thread_proof(ids, tags, prove) == thread
