"""Answers that can be taken back: at every instant around the window, each is sent once or never, and history says which."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.rules import rules_of
from helpdesk.kernel.errors import Conflict, Forbidden, Invalid
from helpdesk.sla.model import Metric
from helpdesk.tickets.commands import AddMessage, ChangeTicket, Command, ReleaseMessage, Tick, WithdrawMessage
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import MessageAdded, MessageReleased, MessageWithdrawn, SlaBreached, TicketStatusChanged
from helpdesk.tickets.model import SWEEPER, Actor, ActorKind, Channel, Copies, Status, Visibility
from helpdesk.tickets.rules import decide, fold, next_due
from tests.support.desk import FIRST_RESPONSE_SECONDS, desk_for_tests
from tests.support.lives import MINA, REQUESTER, Life, message

HOLD = timedelta(seconds=10)
OTHER = Actor(ActorKind.AGENT, "jun")
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def life() -> Life:
    return Life(rules_of(desk_for_tests())).open()


def holding(life: Life, message_id: str = "m1", *, status: Status | None = None, **changes: object) -> AddMessage:
    command = AddMessage(
        message_id, MINA, Visibility.PUBLIC, Channel.WEB, "See below", status=status, send_at=life.now + HOLD
    )
    return replace(command, **changes)


def hold(life: Life, message_id: str = "m1", *, status: Status | None = None) -> datetime:
    """Mina answers; gives when that goes out."""
    command = holding(life, message_id, status=status)
    assert life.do(command, MINA) is not None
    assert command.send_at is not None
    return command.send_at


def first_response(life: Life) -> datetime | None:
    clock = life.stands.sla.clock(Metric.FIRST_RESPONSE)
    return clock.met_at


def refused(life: Life, command: Command, actor: Actor, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        decide(life.ticket, command, life.rules, actor=actor, now=life.now)


def test_a_held_answer_moves_nothing_until_it_is_released(life: Life) -> None:
    send_at = hold(life, status=Status.PENDING)
    ticket = life.stands
    assert ticket.status is Status.NEW
    assert first_response(life) is None
    assert ticket.copies.last_message.preview == "It says 90,000 won"
    assert next_due(ticket) == send_at
    life.now = send_at
    life.tick()
    ticket = life.stands
    assert ticket.status is Status.PENDING
    assert first_response(life) == send_at
    assert ticket.copies.last_message.preview == "See below"
    assert ticket.copies.held == {}
    assert life.facts(MessageReleased) == [MessageReleased("m1", send_at)]


def test_what_a_release_does_is_its_authors_doing_whoever_finds_it_due(life: Life) -> None:
    life.now = hold(life, status=Status.SOLVED) + MOMENT
    life.says(REQUESTER)
    moved = [event for event in life.events if isinstance(event.fact, TicketStatusChanged)]
    assert [(event.actor, event.fact.new) for event in moved] == [(MINA, Status.SOLVED), (REQUESTER, Status.OPEN)]
    (released,) = [event for event in life.events if isinstance(event.fact, MessageReleased)]
    assert released.actor == SWEEPER


def test_an_answer_taken_back_leaves_the_ticket_as_if_it_had_not_been_written(life: Life) -> None:
    before = life.stands
    hold(life, status=Status.SOLVED)
    assert life.do(WithdrawMessage("m1"), MINA) is not None
    after = life.stands
    unlike = {"version", "chain", "updated_at"}
    assert {name for name in type(after).__slots__ if getattr(before, name) != getattr(after, name)} <= unlike
    life.tick(days=1)
    assert life.facts(MessageReleased) == []
    assert life.facts(MessageWithdrawn) == [MessageWithdrawn("m1")]


@given(st.integers(-11_000, 11_000).map(lambda count: timedelta(milliseconds=count)), st.integers(0, 120))
def test_undo_at_any_instant_gives_one_mail_or_none_and_history_says_which(off: timedelta, lag: int) -> None:
    life = Life(rules_of(desk_for_tests())).open()
    send_at = hold(life)
    life.now = max(life.now, send_at + off)
    undone = life.do(WithdrawMessage("m1"), MINA) is not None
    life.tick(seconds=lag)
    life.tick(minutes=3)
    assert undone == (life.now - timedelta(minutes=3, seconds=lag) < send_at)
    assert (len(life.facts(MessageWithdrawn)), len(life.facts(MessageReleased))) == ((1, 0) if undone else (0, 1))
    assert life.stands.held == ()
    assert replace(fold(life.events), copies=Copies()) == replace(life.stands, copies=Copies())


@given(
    st.lists(
        st.tuples(
            st.integers(0, 15_000),
            st.sampled_from(["hold", "undo", "now", "tick", "requester", "solve", "close", "answer", "note"]),
            st.integers(0, 5),
        ),
        max_size=25,
    )
)
def test_through_any_life_each_held_answer_ends_once_and_history_makes_the_ticket(
    steps: list[tuple[int, str, int]],
) -> None:
    life = Life(rules_of(desk_for_tests())).open()
    written: list[str] = []
    for gap, what, which in steps:
        life.now += timedelta(milliseconds=gap)
        one = written[which % len(written)] if written else "none"
        if what == "hold":
            status = [None, None, Status.SOLVED, Status.PENDING, Status.NEW, Status.CLOSED][which]
            if life.do(holding(life, f"h{len(written)}", status=status), MINA) is not None:
                written.append(f"h{len(written)}")
        else:
            commands = {
                "undo": WithdrawMessage(one),
                "now": ReleaseMessage(one),
                "tick": Tick(),
                "requester": message(f"m{len(life.events)}", REQUESTER),
                "solve": ChangeTicket(status=Status.SOLVED),
                "close": ChangeTicket(status=Status.CLOSED),
                "answer": message(f"m{len(life.events)}", MINA),
                "note": message(f"m{len(life.events)}", OTHER, Visibility.INTERNAL),
            }
            life.do(commands[what], REQUESTER if what == "requester" else MINA)
    life.tick(seconds=30)
    ended = [fact.message_id for kind in (MessageReleased, MessageWithdrawn) for fact in life.facts(kind)]
    assert sorted(ended) == sorted(written)
    assert life.stands.held == ()
    assert life.stands.copies.held == {}
    assert replace(fold(life.events), copies=Copies()) == replace(life.stands, copies=Copies())


def test_nobody_but_its_author_takes_an_answer_back_or_sends_it_early(life: Life) -> None:
    hold(life)
    for command in (WithdrawMessage("m1"), ReleaseMessage("m1")):
        refused(life, command, OTHER, Forbidden)
    assert life.do(ReleaseMessage("m1"), MINA) is not None
    assert life.facts(MessageReleased) == [MessageReleased("m1", life.now)]
    assert life.do(ReleaseMessage("m1"), MINA).events == ()
    refused(life, WithdrawMessage("m1"), MINA, Conflict)


def test_only_an_agents_public_answer_is_held(life: Life) -> None:
    for who, command in (
        (MINA, holding(life, "a", visibility=Visibility.INTERNAL)),
        (REQUESTER, holding(life, "b", author=REQUESTER)),
        (MINA, holding(life, "c", automatic=True)),
        (MINA, holding(life, "d", send_at=life.now)),
    ):
        assert life.do(command, who) is not None
    assert life.stands.held == ()
    assert [fact.send_at for fact in life.facts(MessageAdded)] == [None] * 4


def test_a_requester_who_writes_meanwhile_is_not_answered_by_it_nor_solved_away(life: Life) -> None:
    send_at = hold(life, status=Status.SOLVED)
    life.now += timedelta(seconds=5)
    life.says(REQUESTER)
    life.now = send_at
    life.tick()
    assert life.stands.status is Status.OPEN
    assert first_response(life) == send_at
    waiting = life.stands.sla.clock(Metric.NEXT_RESPONSE)
    assert (waiting.started_at, waiting.met_at) == (send_at, None)


def test_an_answer_held_across_its_target_is_late_and_one_released_before_it_is_not(life: Life) -> None:
    target = life.now + timedelta(seconds=FIRST_RESPONSE_SECONDS)
    late = Life(life.rules).open()
    for one, off, breaches in ((life, -HOLD - MOMENT, 0), (late, -HOLD, 1)):
        one.now = target + off
        hold(one)
        one.tick(minutes=1)
        assert [f.metric for f in one.facts(SlaBreached)] == [Metric.FIRST_RESPONSE] * breaches
        assert first_response(one) == target + off + HOLD


def test_an_answer_on_a_ticket_that_was_closed_meanwhile_still_goes_out(life: Life) -> None:
    life.change(status=Status.OPEN)
    life.now = hold(life, status=Status.PENDING) - MOMENT
    life.do(ChangeTicket(status=Status.CLOSED), MINA)
    life.tick(seconds=1)
    assert life.stands.status is Status.CLOSED
    assert len(life.facts(MessageReleased)) == 1


def test_a_ticket_cannot_be_made_new_again_by_a_held_answer(life: Life) -> None:
    life.change(status=Status.OPEN)
    refused(life, holding(life, status=Status.NEW), MINA, Invalid)


def test_without_an_sla_answers_are_held_all_the_same() -> None:
    life = Life(DeskRules()).open()
    send_at = hold(life)
    assert next_due(life.stands) == send_at
    life.now = send_at
    life.do(Tick(), SWEEPER)
    assert life.stands.status is Status.OPEN
