"""Tickets put aside or wanted by a date, followers and mentions, another requester, scheduled answers, logged time."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, Forbidden, Invalid
from helpdesk.sla.model import Metric
from helpdesk.tickets.commands import (
    AddMessage,
    AddParticipant,
    ChangeFollowers,
    ChangeRequester,
    ChangeTicket,
    Command,
    EditMessage,
    LogTime,
    OpenTicket,
    RemoveParticipant,
    SnoozeTicket,
    Tick,
    WakeTicket,
)
from helpdesk.tickets.facts import (
    FollowersChanged,
    MessageAdded,
    MessageEdited,
    MessageReleased,
    MessageWithdrawn,
    TicketDue,
    TicketDueChanged,
    TicketOpened,
    TicketOrganizationChanged,
    TicketRestored,
    TicketSnoozed,
    TicketWoke,
    TimeLogged,
)
from helpdesk.tickets.model import SWEEPER, Actor, ActorKind, Channel, Participant, Reason, Snooze, Status, Visibility
from helpdesk.tickets.parts.followers import MAX_FOLLOWERS
from helpdesk.tickets.parts.messages import MAX_HELD
from helpdesk.tickets.parts.participants import MAX_PARTICIPANTS
from helpdesk.tickets.rules import decide, next_due
from tests.support.desks import RULES
from tests.support.lives import MINA, REQUESTER, Life, Wish, message, opening, openings, wishes

JUN = Actor(ActorKind.AGENT, "jun")
HOUR = timedelta(hours=1)
KIM = Participant("kim", "kim@example.com", "Kim")

lives = st.tuples(openings, st.lists(wishes, min_size=3, max_size=30))


@pytest.fixture
def life() -> Life:
    return Life(RULES).open()


def refused(life: Life, command: Command, kind: type[Exception], actor: Actor = MINA) -> None:
    with pytest.raises(kind):
        decide(life.ticket, command, life.rules, actor=actor, now=life.now)


def lived(story: tuple[OpenTicket, list[Wish]]) -> Life:
    life = Life(RULES)
    life.do(story[0], REQUESTER)
    for wish in story[1]:
        life.grant(wish)
    return life


def schedule(life: Life, message_id: str = "m1", **changes: object) -> datetime:
    """Mina writes an answer for the day after; gives when it goes out."""
    send_at = life.now + timedelta(days=1)
    command = AddMessage(message_id, MINA, Visibility.PUBLIC, Channel.WEB, "See below", send_at=send_at)
    assert life.do(replace(command, **changes), MINA) is not None
    return send_at


# --- put aside -------------------------------------------------------------------------------------------------------


def test_a_ticket_put_aside_comes_back_at_its_time_and_says_who_wanted_it(life: Life) -> None:
    until = life.now + HOUR
    life.do(SnoozeTicket(until), MINA)
    assert life.stands.snooze == Snooze("mina", until)
    assert next_due(life.stands) == until
    life.tick(hours=3)
    assert life.facts(TicketWoke) == [TicketWoke("mina", until, Reason("time"))]
    life.tick(hours=3)
    assert len(life.facts(TicketWoke)) == 1


def test_the_requesters_answer_brings_it_back_and_its_time_does_nothing_any_more(life: Life) -> None:
    life.do(SnoozeTicket(life.now + HOUR), MINA)
    life.now += timedelta(minutes=5)
    life.says(REQUESTER)
    assert life.facts(TicketWoke) == [TicketWoke("mina", life.now, Reason("requester_replied"))]
    life.tick(days=1)
    assert len(life.facts(TicketWoke)) == 1


@pytest.mark.parametrize("who", [MINA, JUN, Actor(ActorKind.SYSTEM, "mail")])
def test_only_the_requester_brings_a_ticket_back_that_waits_for_them(life: Life, who: Actor) -> None:
    life.do(SnoozeTicket(), MINA)
    life.says(who, automatic=who.kind is ActorKind.SYSTEM)
    life.tick(days=20)
    assert life.stands.snooze == Snooze("mina")
    life.says(REQUESTER)
    assert life.stands.snooze is None


def test_solving_ends_putting_aside_and_what_is_done_is_not_put_aside(life: Life) -> None:
    life.do(SnoozeTicket(life.now + HOUR), MINA)
    life.change(status=Status.SOLVED)
    assert [fact.because.code for fact in life.facts(TicketWoke)] == ["solved"]
    refused(life, SnoozeTicket(life.now + HOUR), Conflict)


def test_it_is_put_aside_until_an_instant_to_come_and_again_only_if_that_is_another(life: Life) -> None:
    refused(life, SnoozeTicket(life.now), Invalid)
    until = life.now + HOUR
    for _ in range(2):
        life.do(SnoozeTicket(until), MINA)
    life.do(SnoozeTicket(until + HOUR), MINA)
    assert [fact.until for fact in life.facts(TicketSnoozed)] == [until, until + HOUR]
    life.do(WakeTicket(), JUN)
    life.do(WakeTicket(), JUN)
    assert [fact.because.code for fact in life.facts(TicketWoke)] == ["by_hand"]


@given(lives)
def test_through_any_life_a_ticket_comes_back_once_for_each_time_it_was_put_aside(
    story: tuple[OpenTicket, list[Wish]],
) -> None:
    life = lived(story)
    aside: Snooze | None = None
    for event in life.events:
        match event.fact:
            case TicketSnoozed(by=by, until=until):
                aside = Snooze(by, until)
            case TicketWoke(by=by, woke_at=at, because=because):
                assert aside is not None
                assert aside.by == by
                assert (at == aside.until) or because.code != "time"
                aside = None
            case TicketRestored(standing=standing):
                aside = standing.snooze
            case _:
                pass
    assert life.stands.snooze == aside


@given(lives)
def test_through_any_life_timers_fire_once_at_their_instants_however_late_the_sweep(
    story: tuple[OpenTicket, list[Wish]],
) -> None:
    life = lived(story)
    life.do(Tick(), SWEEPER)
    assert next_due(life.stands) is None or next_due(life.stands) > life.now
    due: datetime | None = None
    for event in life.events:
        match event.fact:
            case TicketDueChanged(new=new):
                due = new
            case TicketDue(due_at=at):
                assert at == due
                assert at <= event.at
                due = None
            case _:
                pass


# --- due -------------------------------------------------------------------------------------------------------------


def test_a_due_date_is_told_once_and_another_one_again(life: Life) -> None:
    first = life.now + HOUR
    life.change(due_at=first)
    life.tick(hours=2)
    life.tick(hours=2)
    assert life.facts(TicketDue) == [TicketDue(first)]
    second = life.now + HOUR
    life.change(due_at=second)
    life.tick(hours=2)
    assert life.facts(TicketDue) == [TicketDue(first), TicketDue(second)]


def test_nothing_is_told_of_a_due_date_that_was_met_until_the_ticket_is_open_again(life: Life) -> None:
    due_at = life.now + HOUR
    life.change(due_at=due_at)
    life.change(status=Status.SOLVED)
    life.tick(hours=2)
    assert life.facts(TicketDue) == []
    life.says(REQUESTER)
    life.tick(minutes=1)
    assert life.facts(TicketDue) == [TicketDue(due_at)]


# --- followers and mentions ------------------------------------------------------------------------------------------


def test_a_note_lets_those_follow_whom_it_calls_and_a_public_answer_calls_nobody(life: Life) -> None:
    life.says(MINA, Visibility.INTERNAL, mentions=("jun", "sora", "jun"))
    life.says(MINA, mentions=("ada",))
    assert [fact.mentions for fact in life.facts(MessageAdded)] == [("jun", "sora", "jun"), ()]
    assert life.facts(FollowersChanged) == [FollowersChanged(("jun", "sora"), (), (Reason("mentioned"),))]
    life.says(MINA, Visibility.INTERNAL, mentions=("jun",))
    assert life.stands.followers == ("jun", "sora")


def test_followers_come_and_go_once(life: Life) -> None:
    for _ in range(2):
        life.do(ChangeFollowers(add=("jun",)), JUN)
    for _ in range(2):
        life.do(ChangeFollowers(remove=("jun",)), JUN)
    assert life.facts(FollowersChanged) == [FollowersChanged(("jun",)), FollowersChanged((), ("jun",))]


def test_there_is_room_for_so_many_followers(life: Life) -> None:
    many = tuple(f"a{number}" for number in range(MAX_FOLLOWERS))
    life.do(ChangeFollowers(add=many), MINA)
    refused(life, ChangeFollowers(add=("one more",)), Conflict)
    life.says(MINA, Visibility.INTERNAL, mentions=("one more",))
    assert life.stands.followers == many


# --- another requester -----------------------------------------------------------------------------------------------


def test_another_requester_brings_their_organization_and_the_former_one_stays_if_wanted(life: Life) -> None:
    life.do(AddParticipant(KIM), MINA)
    life.do(ChangeRequester(KIM, "acme", keep_former=True), MINA)
    ticket = life.stands
    assert (ticket.requester_id, ticket.organization_id, ticket.participants) == ("kim", "acme", (REQUESTER.id,))
    assert ticket.copies.requester_address == "kim@example.com"
    assert ticket.copies.participants == (Participant(REQUESTER.id, "minsu@example.com", "김민수"),)
    assert life.facts(TicketOrganizationChanged) == [TicketOrganizationChanged(None, "acme")]
    assert life.do(ChangeRequester(KIM), MINA).events == ()


def test_who_was_removed_can_become_the_requester(life: Life) -> None:
    life.do(AddParticipant(KIM), MINA)
    life.do(RemoveParticipant("kim"), MINA)
    life.do(ChangeRequester(KIM), MINA)
    assert (life.stands.requester_id, life.stands.removed, life.stands.participants) == ("kim", (), ())


def test_the_former_requester_needs_room_to_stay(life: Life) -> None:
    for number in range(MAX_PARTICIPANTS):
        life.do(AddParticipant(Participant(f"p{number}", f"p{number}@example.com")), MINA)
    refused(life, ChangeRequester(KIM, keep_former=True), Conflict)
    assert life.do(ChangeRequester(KIM), MINA) is not None


def test_a_closed_ticket_keeps_its_requester(life: Life) -> None:
    life.change(status=Status.CLOSED)
    refused(life, ChangeRequester(KIM), Conflict)


# --- opened by an agent ----------------------------------------------------------------------------------------------


def test_an_agent_who_writes_down_a_call_is_in_history_and_the_requester_waits_for_an_answer() -> None:
    life = Life(RULES)
    asked = opening(channel=Channel.PHONE, author=REQUESTER, change=ChangeTicket(assignee="mina", tags=("vip",)))
    assert life.do(asked, MINA) is not None
    first = life.events[0]
    assert (first.actor, first.fact.author) == (MINA, REQUESTER)
    assert life.stands.copies.last_message.author_kind is ActorKind.REQUESTER
    assert (life.stands.status, life.stands.assignee, life.stands.tags) == (Status.NEW, "mina", ("vip",))
    assert life.stands.sla.clock(Metric.FIRST_RESPONSE).met_at is None


def test_a_ticket_that_begins_with_our_own_message_waits_for_no_first_answer() -> None:
    life = Life(RULES)
    assert life.do(opening(author=MINA, silent=True), MINA) is not None
    assert life.stands.sla.clock(Metric.FIRST_RESPONSE).met_at == life.now
    assert life.stands.status is Status.OPEN
    (opened,) = life.facts(TicketOpened)
    assert (opened.author, opened.silent, opened.visibility) == (MINA, True, None)


def test_a_ticket_that_begins_with_a_note_is_new() -> None:
    life = Life(RULES)
    assert life.do(opening(author=MINA, visibility=Visibility.INTERNAL), MINA) is not None
    assert life.stands.status is Status.NEW
    assert life.stands.copies.last_message.visibility is Visibility.INTERNAL


# --- scheduled answers -----------------------------------------------------------------------------------------------


def test_a_scheduled_answer_takes_itself_back_when_the_requester_writes_before(life: Life) -> None:
    schedule(life, unless_replied=True)
    schedule(life, "m2")
    life.now += HOUR
    life.says(REQUESTER)
    (taken,) = [event for event in life.events if isinstance(event.fact, MessageWithdrawn)]
    assert (taken.fact, taken.actor) == (MessageWithdrawn("m1", (Reason("requester_replied"),)), SWEEPER)
    life.tick(days=2)
    assert [fact.message_id for fact in life.facts(MessageReleased)] == ["m2"]


def test_a_machine_that_answers_takes_nothing_back(life: Life) -> None:
    schedule(life, unless_replied=True)
    life.do(message("auto", REQUESTER, automatic=True), REQUESTER)
    assert [one.message_id for one in life.stands.held] == ["m1"]


def test_a_held_answer_can_be_put_off_and_reworded_by_its_author_alone(life: Life) -> None:
    send_at = schedule(life)
    refused(life, EditMessage("m1", preview="Else"), Forbidden, JUN)
    refused(life, EditMessage("m1", send_at=life.now), Invalid)
    life.do(EditMessage("m1", send_at=send_at + HOUR), MINA)
    life.do(EditMessage("m1", preview="Else"), MINA)
    assert life.do(EditMessage("m1", send_at=send_at + HOUR), MINA).events == ()
    told = [(fact.send_at, fact.rewritten) for fact in life.facts(MessageEdited)]
    assert told == [(send_at + HOUR, False), (send_at + HOUR, True)]
    life.now = send_at
    life.tick()
    assert life.facts(MessageReleased) == []
    life.tick(hours=1)
    assert life.stands.copies.last_message.preview == "Else"
    refused(life, EditMessage("m1", preview="Too late"), Conflict)


def test_so_many_answers_can_wait_on_one_ticket(life: Life) -> None:
    for number in range(MAX_HELD):
        schedule(life, f"m{number}")
    one_more = AddMessage("more", MINA, Visibility.PUBLIC, Channel.WEB, "More", send_at=life.now + HOUR)
    refused(life, one_more, Conflict)


# --- time ------------------------------------------------------------------------------------------------------------


@given(lives)
def test_totals_are_the_sum_of_the_entries(story: tuple[OpenTicket, list[Wish]]) -> None:
    life = lived(story)
    entries = life.entries().values()
    assert life.stands.time_seconds == sum(spent for spent, _ in entries)
    assert life.stands.billable_seconds == sum(spent for spent, billable in entries if billable)
    assert Counter(type(event.fact) for event in life.events)[TimeLogged] >= len(entries)


def test_an_entry_counts_something(life: Life) -> None:
    refused(life, LogTime("t", "mina", 0, billable=True), Invalid)
