from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.desk.model import Letterhead
from helpdesk.kernel.errors import Unavailable
from helpdesk.mail.delivery import DeliveryState, Rejected, Slot
from helpdesk.mail.enclosing import MAX_ENCLOSED_BYTES
from helpdesk.mail.headerlines import addresses_line
from helpdesk.mail.letters import Kind
from helpdesk.people.model import Person
from helpdesk.tickets.facts import Event, MessageReleased
from helpdesk.tickets.model import Attachment, Message, Participant, Reason, Visibility
from tests.conftest import StandingClock
from tests.fakes.mail_out import AGENT, COLLEAGUE, FAR, MAILBOX, NEAR, NOW, MailDesk, PowerCut, desk_of
from tests.support.stories import Story

REQUESTER_ADDRESS = "minji@example.com"


def file_of(key: str, size: int, **more: object) -> Attachment:
    return Attachment(key, f"{key}.png", "image/png", size, key, **more)


# --- acknowledgements -------------------------------------------------------------------------------------------------


def test_a_new_ticket_is_acknowledged_with_its_number_and_a_link_into_the_thread_of_the_mail(desk: MailDesk) -> None:
    story = Story(desk)
    desk.notices.handle(story.opened)
    (mail,) = desk.to(REQUESTER_ADDRESS)
    assert mail["Subject"] == "[#1042] Cannot sign in"
    assert mail["In-Reply-To"] == "<first@mail.example.com>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert f"https://desk.test/portal/requests/{story.id}#t=" in mail.get_body(("plain",)).get_content()
    assert desk.signer.thread_of_tag(mail["Reply-To"].addresses[0].username.partition("+")[2]) == (story.id, 0)
    assert desk.tickets.threads == {"ses-1@email.amazonses.com": story.id}


def test_it_is_acknowledged_in_the_requesters_language(desk: MailDesk) -> None:
    desk.notices.handle(Story(desk, language="ko").opened)
    assert desk.to(REQUESTER_ADDRESS)[0]["Content-Language"] == "ko"


def test_machines_are_not_answered(desk: MailDesk) -> None:
    desk.notices.handle(Story(desk, automatic=True).opened)
    assert desk.sender.sent == []


def test_people_whose_mail_comes_back_are_not_acknowledged(desk: MailDesk) -> None:
    story = Story(desk)
    desk.people.people[story.person.id] = replace(story.person, undeliverable=True)
    desk.notices.handle(story.opened)
    assert desk.sender.sent == []


@pytest.mark.parametrize("address", ["support@desk.test", "Support+anything@desk.test"])
def test_the_desk_does_not_write_to_itself(desk: MailDesk, address: str) -> None:
    story = Story(desk, address=address)
    desk.notices.handle(story.opened)
    desk.notices.handle(story.answered())
    assert desk.sender.sent == []


def test_a_ticket_or_a_person_who_is_gone_is_nothing_to_write_about(desk: MailDesk) -> None:
    story = Story(desk)
    answer = story.answered()
    desk.people.people.clear()
    desk.notices.handle(story.opened)
    desk.notices.handle(answer)
    desk.tickets.tickets.clear()
    for event in (story.opened, answer):
        desk.notices.handle(event)
    assert desk.sender.sent == []


def test_one_address_gets_so_many_acknowledgements_an_hour_and_no_more(desk: MailDesk) -> None:
    limit = desk.desk.general.limits.notices_per_address_per_hour
    stories = [
        Story(desk, ticket_id=f"01KAQM10M000000000000001{n:02}", number=2000 + n, text=f"Order {n} is missing.")
        for n in range(limit + 5)
    ]
    for story in stories:
        desk.notices.handle(story.opened)
    assert len(desk.to(REQUESTER_ADDRESS)) == limit
    desk.clock.advance(hours=1)
    for story in stories:
        desk.notices.handle(story.opened)
    assert len(desk.to(REQUESTER_ADDRESS)) == limit  # what was held back stays so
    desk.notices.handle(Story(desk, ticket_id="01KAQM10M00000000000000199", number=3000).opened)
    assert len(desk.to(REQUESTER_ADDRESS)) == limit + 1


def test_mails_of_one_address_that_say_the_same_are_acknowledged_once_a_day(desk: MailDesk) -> None:
    stories = [Story(desk, ticket_id=f"01KAQM10M000000000000001{n:02}", number=2000 + n) for n in range(5)]
    for story in stories:
        desk.notices.handle(story.opened)
    assert len(desk.to(REQUESTER_ADDRESS)) == 1
    desk.clock.advance(days=1)
    desk.notices.handle(Story(desk, ticket_id="01KAQM10M00000000000000199", number=3000).opened)
    assert len(desk.to(REQUESTER_ADDRESS)) == 2


# --- agents' answers --------------------------------------------------------------------------------------------------


def test_an_agents_answer_goes_to_the_requester_under_the_agents_name_and_the_mailboxs_address(desk: MailDesk) -> None:
    story = Story(desk)
    story.says("Still not.", mail_id="second@mail.example.com")
    desk.notices.handle(story.answered("Please try again."))
    (mail,) = desk.to(REQUESTER_ADDRESS)
    text = mail.get_body(("plain",)).get_content()
    assert "Please try again." in text
    assert AGENT.name in text
    assert AGENT.address not in mail.as_string()
    assert mail["From"].addresses[0].addr_spec == "support@desk.test"
    assert mail["Subject"] == "Re: [#1042] Cannot sign in"
    assert mail["In-Reply-To"] == "<second@mail.example.com>"
    assert mail["References"].split()[1:] == ["<first@mail.example.com>", "<second@mail.example.com>"]
    assert mail["Auto-Submitted"] is None


def test_an_answer_refers_to_nothing_that_was_written_after_it(desk: MailDesk) -> None:
    story = Story(desk)
    answer = story.answered()
    story.says("Oh, it works.", mail_id="later@mail.example.com")
    desk.notices.handle(answer)
    assert desk.to(REQUESTER_ADDRESS)[0]["In-Reply-To"] == "<first@mail.example.com>"


def test_internal_notes_and_machines_words_are_sent_to_nobody(desk: MailDesk) -> None:
    story = Story(desk)
    story.assigned(AGENT.id)
    for event in (
        story.answered("Customer is angry", visibility=Visibility.INTERNAL),
        story.answered("I am on holiday", automatic=True),
        story.says("I am on holiday", automatic=True),
    ):
        desk.notices.handle(event)
    assert desk.sender.sent == []


def test_files_go_along_up_to_a_size_and_the_others_are_named(desk: MailDesk) -> None:
    desk.files.files = {"small": b"x" * 10, "pic": b"y" * 10, "large": b"z"}
    files = (
        file_of("small", 10),
        file_of("large", MAX_ENCLOSED_BYTES),
        file_of("gone", 10),
        file_of("pic", 10, inline=True, content_id="pic@x"),
    )
    story = Story(desk)
    desk.notices.handle(story.answered(html='<p><img src="cid:pic@x"></p>', attachments=files))
    (mail,) = desk.to(REQUESTER_ADDRESS)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["small.png"]
    text = mail.get_body(("plain",)).get_content()
    assert "large.png" in text
    assert "gone.png" in text
    assert "pic.png" not in text


def test_an_answer_that_was_rejected_for_good_is_recorded_and_not_tried_again(desk: MailDesk) -> None:
    story = Story(desk)
    answer = story.answered()
    desk.sender.refusal = Rejected("MessageRejected: no")
    desk.notices.handle(answer)
    desk.sender.refusal = None
    desk.notices.handle(answer)
    assert desk.sender.sent == []
    delivery = desk.log.find(Slot(answer.fact.message_id, Kind.REPLY, story.person.id, story.id))
    assert delivery is not None
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "MessageRejected: no")


def test_an_address_that_takes_no_mail_is_recorded_as_failed_and_blocks_no_queue(desk: MailDesk) -> None:
    story = Story(desk, address="unknown-sender@invalid")
    answer = story.answered()
    desk.notices.handle(story.opened)
    desk.notices.handle(answer)
    delivery = desk.log.find(Slot(answer.fact.message_id, Kind.REPLY, story.person.id, story.id))
    assert delivery is not None
    assert delivery.state is DeliveryState.FAILED


@pytest.mark.parametrize("happens", ["opened", "answered"])
def test_what_the_service_does_not_take_now_is_sent_when_it_does(desk: MailDesk, happens: str) -> None:
    story = Story(desk)
    event = story.opened if happens == "opened" else story.answered()
    desk.sender.refusal = Unavailable("throttled")
    with pytest.raises(Unavailable):
        desk.notices.handle(event)
    desk.sender.refusal = None
    desk.notices.handle(event)
    assert len(desk.to(REQUESTER_ADDRESS)) == 1


def test_a_mail_that_is_being_sent_is_not_sent_beside_it(desk: MailDesk) -> None:
    story = Story(desk)
    desk.log.claim(
        Slot(story.opened.id, Kind.ACKNOWLEDGEMENT, story.person.id, story.id),
        now=NOW,
        lease=NOW - NOW.replace(year=2000),
        again=False,
    )
    with pytest.raises(Unavailable):
        desk.notices.handle(story.opened)
    assert desk.sender.sent == []


def test_a_desk_without_a_mailbox_says_why_nothing_was_sent(desk: MailDesk) -> None:
    story = Story(desk)
    desk.desk = replace(desk_of(), mailboxes={})
    answer = story.answered()
    desk.notices.handle(answer)
    delivery = desk.log.find(Slot(answer.fact.message_id, Kind.REPLY, story.person.id, story.id))
    assert delivery is not None
    assert delivery.reason == "no_mailbox"


# --- colleagues -------------------------------------------------------------------------------------------------------


def test_the_assignee_is_told_when_the_requester_writes(desk: MailDesk) -> None:
    story = Story(desk)
    story.assigned(COLLEAGUE.id)
    desk.notices.handle(story.says("Still broken."))
    (mail,) = desk.to(COLLEAGUE.address)
    assert mail["Content-Language"] == "ko"
    text = mail.get_body(("plain",)).get_content()
    assert "Still broken." in text
    assert f"https://desk.test/tickets/{story.id}" in text
    assert len(desk.sender.sent) == 1


def test_nobody_is_told_of_a_reply_to_a_ticket_that_nobody_has(desk: MailDesk) -> None:
    story = Story(desk)
    desk.notices.handle(story.says("Hello?"))
    assert desk.sender.sent == []


def test_an_agent_is_told_of_a_ticket_that_somebody_else_gave_them(desk: MailDesk) -> None:
    story = Story(desk)
    desk.notices.handle(story.assigned(AGENT.id, by=FAR.id))
    assert len(desk.to(AGENT.address)) == 1


def test_an_agent_who_is_given_many_tickets_by_one_action_is_told_once(desk: MailDesk) -> None:
    event = Story(desk).assigned(AGENT.id, by=FAR.id)
    for number, action in enumerate(("one", "one", "another", "one")):
        because = (Reason("bulk", {"job": action}),)
        desk.notices.handle(replace(event, id=f"event-{number}", fact=replace(event.fact, because=because)))
    desk.notices.handle(event)
    told = ["by one action" in mail.get_body(("plain",)).get_content() for mail in desk.to(AGENT.address)]
    assert told == [True, True, False]


def test_an_agent_who_takes_a_ticket_is_not_told_so_and_neither_is_one_who_loses_it(desk: MailDesk) -> None:
    story = Story(desk)
    desk.notices.handle(story.assigned(AGENT.id, by=AGENT.id))
    desk.notices.handle(story.assigned(None))
    desk.notices.handle(story.assigned("nobody-we-know"))
    assert desk.sender.sent == []


def test_a_breach_is_told_to_the_supervisors_of_the_group_or_else_to_all(desk: MailDesk) -> None:
    story = Story(desk)
    desk.notices.handle(story.breached())
    assert sorted(sent.recipient for sent in desk.sender.sent) == [FAR.address, NEAR.address]
    desk.sender.sent.clear()
    story.assigned(AGENT.id)
    desk.notices.handle(story.breached())
    assert [sent.recipient for sent in desk.sender.sent] == [NEAR.address]


def test_an_escalation_is_told_to_whom_it_names_and_to_each_once(desk: MailDesk) -> None:
    story = Story(desk)
    desk.notices.handle(story.escalated("assignee", FAR.id, "supervisors", "nobody-we-know"))
    assert sorted(sent.recipient for sent in desk.sender.sent) == [FAR.address, NEAR.address]
    desk.sender.sent.clear()
    story.assigned(AGENT.id)
    desk.notices.handle(story.escalated("assignee"))
    assert [sent.recipient for sent in desk.sender.sent] == [AGENT.address]


def test_one_supervisor_who_cannot_be_told_does_not_hold_up_the_others(desk: MailDesk) -> None:
    story = Story(desk)
    taken = Slot(story.breached().id, Kind.BREACHED, FAR.id, story.id)
    desk.log.claim(taken, now=desk.clock(), lease=NOW - NOW.replace(year=2000), again=False)
    with pytest.raises(Unavailable):
        desk.notices.handle(story.breached())
    assert [sent.recipient for sent in desk.sender.sent] == [NEAR.address]


# --- any order, any repetition, any crash -----------------------------------------------------------------------------


def a_life(desk: MailDesk) -> list[Event]:
    story = Story(desk)
    return [
        story.opened,
        story.assigned(AGENT.id),
        story.says("Hello?", mail_id="second@mail.example.com"),
        story.answered(),
        story.answered("a note", visibility=Visibility.INTERNAL),
        story.breached(),
    ]


EXPECTED = sorted([REQUESTER_ADDRESS, REQUESTER_ADDRESS, AGENT.address, AGENT.address, NEAR.address])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 5), max_size=12), st.permutations(range(6)))
def test_events_in_any_order_and_any_number_of_times_send_each_mail_once(repeated: list[int], order: list[int]) -> None:
    desk = MailDesk(StandingClock(NOW))
    events = a_life(desk)
    for place in [*repeated, *order, *repeated]:
        desk.notices.handle(events[place])
    assert sorted(sent.recipient for sent in desk.sender.sent) == EXPECTED


def _handle_with_power_cut(desk: MailDesk, event: Event, off_at: int) -> bool:
    """Whether the power went off; then the event is handled again once the claim's lease is over, twice for good measure."""
    desk.power.off_at = desk.power.calls + off_at
    try:
        desk.notices.handle(event)
    except PowerCut:
        cut = True
    else:
        cut = False
    desk.power.off_at = None
    desk.clock.advance(minutes=5)
    desk.notices.handle(event)
    desk.clock.advance(minutes=5)
    desk.notices.handle(event)
    return cut


@pytest.mark.parametrize("kind", ["opened", "says", "assigned", "breached"])
def test_a_crash_at_any_call_never_doubles_what_the_desk_says_by_itself(kind: Kind) -> None:
    off_at, cut, lost = 0, True, 0
    while cut:
        off_at += 1
        desk = MailDesk(StandingClock(NOW))
        story = Story(desk)
        if kind == "says":
            story.assigned(AGENT.id)
        event = {
            "opened": lambda s: s.opened,
            "says": lambda s: s.says("Hello?"),
            "assigned": lambda s: s.assigned(AGENT.id),
            "breached": lambda s: s.breached(),
        }[kind](story)
        cut = _handle_with_power_cut(desk, event, off_at)
        recipients = [sent.recipient for sent in desk.sender.sent]
        assert len(recipients) == len(set(recipients))
        lost += not recipients
    assert off_at > 8
    assert lost <= 8  # only between the claim and what the mail service said


def test_a_crash_at_any_call_never_loses_an_agents_answer_nor_its_thread() -> None:
    off_at, cut, doubled = 0, True, 0
    while cut:
        off_at += 1
        desk = MailDesk(StandingClock(NOW))
        story = Story(desk)
        cut = _handle_with_power_cut(desk, story.answered(), off_at)
        ids = {mail["Message-ID"] for mail in desk.to(REQUESTER_ADDRESS)}
        assert len(ids) == 1  # a doubled mail is the same mail: many mail programs show it once
        assert set(desk.tickets.threads.values()) == {story.id}
        doubled += len(desk.sender.sent) - 1
    assert off_at > 10
    assert doubled <= 2  # only between sending and writing down that it was sent


def test_messages_made_by_the_fakes_are_messages_of_the_product(desk: MailDesk) -> None:
    Story(desk)
    assert all(isinstance(message, Message) for message in desk.tickets.written.values())


# --- held answers, copies, earlier messages ---------------------------------------------------------------------------


def held(story: Story) -> tuple[Event, Event]:
    """An answer that is held, and its release."""
    added = story.answered()
    fact = replace(added.fact, send_at=NOW + timedelta(seconds=10))
    return replace(added, fact=fact), replace(added, fact=MessageReleased(fact.message_id, NOW))


def test_a_held_answer_is_sent_when_it_is_released_and_once(desk: MailDesk) -> None:
    story = Story(desk)
    added, released = held(story)
    desk.notices.handle(added)
    assert desk.sender.sent == []
    for event in (released, added, released):
        desk.notices.handle(event)
    assert len(desk.to(REQUESTER_ADDRESS)) == 1


def taking_part(desk: MailDesk, story: Story, *people: Person) -> None:
    ticket = story.ticket
    desk.people.people |= {person.id: person for person in people}
    copies = replace(ticket.copies, participants=tuple(Participant(one.id, one.address, one.name) for one in people))
    desk.tickets.tickets[story.id] = replace(ticket, participants=tuple(one.id for one in people), copies=copies)


def test_who_takes_part_gets_the_same_mail_in_copy_as_far_as_mail_can_reach_them(desk: MailDesk) -> None:
    story = Story(desk)
    answer = story.answered()
    someone = replace(story.person, id="p1", address="boss@example.com", name="Boss, The")
    taking_part(
        desk,
        story,
        someone,
        replace(someone, id="p2", address="gone@example.com", undeliverable=True),
        replace(someone, id="p3", address="angry@example.com", complained=True),
        replace(someone, id="p4", address="support@desk.test"),
        replace(someone, id="p5", address="nobody@invalid"),
        replace(someone, id="p6", address=REQUESTER_ADDRESS.upper()),
        replace(someone, id="p7", address="二@example.com"),
    )
    desk.notices.handle(answer)
    (sent,) = desk.sender.sent
    assert (sent.envelope.to, sent.envelope.cc) == (REQUESTER_ADDRESS, ("boss@example.com",))
    assert [(one.display_name, one.addr_spec) for one in sent.mail["Cc"].addresses] == [
        ("Boss, The", "boss@example.com")
    ]
    assert sent.mail["Bcc"] is None
    assert len(sent.mail.get_all("Message-ID")) == 1


def test_acknowledgements_go_to_the_requester_alone(desk: MailDesk) -> None:
    story = Story(desk)
    taking_part(desk, story, replace(story.person, id="p1", address="boss@example.com"))
    desk.notices.handle(story.opened)
    (sent,) = desk.sender.sent
    assert (sent.envelope.cc, sent.mail["Cc"]) == ((), None)


def test_earlier_messages_are_repeated_if_the_mailbox_says_so_and_only_such_as_the_requester_knows(
    desk: MailDesk,
) -> None:
    desk.desk = replace(
        desk_of(), mailboxes={MAILBOX.id: replace(MAILBOX, letterhead=Letterhead(quoted_messages=2, show_agent=False))}
    )
    story = Story(desk)
    story.answered("Which one?")
    story.answered("Customer is angry", visibility=Visibility.INTERNAL)
    taken_back = story.answered("Taken back")
    written = desk.tickets.written[taken_back.fact.message_id]
    desk.tickets.written[written.id] = replace(written, withdrawn_at=NOW)
    desk.notices.handle(story.answered("Please try again."))
    text = desk.to(REQUESTER_ADDRESS)[0].get_body(("plain",)).get_content()
    assert "Acme wrote:\n> Which one?\n\nOn " in text.replace("\r\n", "\n")
    assert "Min-ji Kim wrote:\n> I cannot sign in." in text.replace("\r\n", "\n")
    assert "angry" not in text
    assert "Taken back" not in text
    assert AGENT.name not in text


@given(st.lists(st.tuples(st.text(max_size=60), st.just("a@example.com")), min_size=1, max_size=12))
def test_names_of_several_people_arrive_as_they_are_written(people: list[tuple[str, str]]) -> None:
    line = addresses_line("Cc", people)
    assert line.isascii()
    assert max(map(len, line.split("\r\n"))) <= 998
    (header,) = message_from_bytes(f"{line}\r\n".encode(), policy=default).items()
    assert header[0] == "Cc"
    assert [one.addr_spec for one in header[1].addresses] == ["a@example.com"] * len(people)
