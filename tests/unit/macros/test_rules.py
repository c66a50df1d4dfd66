"""What running a macro means: one doing, told as one, that never rewrites what others did before."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.macros.model import ME, NONE, MacroChanges, TagChange
from helpdesk.macros.rules import change_of, checked_changes, decide_together, differences
from helpdesk.tickets.chain import verify
from helpdesk.tickets.commands import UNSET, ChangeTicket, Command, OpenTicket
from helpdesk.tickets.facts import TicketAssigned, TicketStatusChanged
from helpdesk.tickets.model import Priority, Reason, Status, Visibility
from helpdesk.tickets.rules import decide, fold
from tests.support.desks import DESK, RULES
from tests.support.lives import MINA, REQUESTER, Life, Wish, commands, message, openings, wishes

MACRO = Reason("macro", {"macro": "m"})


def test_what_a_macro_does_not_name_stays() -> None:
    ticket = Life(RULES).open().stands
    assert change_of(MacroChanges(), ticket, DESK.agents["mina"], status=True) == ChangeTicket()


def test_me_is_who_runs_it_and_none_takes_away() -> None:
    ticket = Life(RULES).open().stands
    changes = MacroChanges(assignee=ME, group=NONE, category=NONE, fields={"order": "1"}, cleared=("shop",))
    found = change_of(changes, ticket, DESK.agents["jun"], status=True)
    assert (found.assignee, found.group, found.category) == ("jun", None, None)
    assert found.fields == {"order": "1", "shop": None}
    assert found.priority is UNSET


@pytest.mark.parametrize(
    ("change", "tags"),
    [
        (TagChange(add=("c",), remove=("a",)), ("b", "c")),
        (TagChange(add=("a",)), ("a", "b")),
        (TagChange(add=("z",), exactly=True), ("z",)),
        (TagChange(exactly=True), ()),
    ],
)
def test_tags_come_go_or_are_set(change: TagChange, tags: tuple[str, ...]) -> None:
    life = Life(RULES).open()
    life.change(tags=("a", "b"))
    found = change_of(MacroChanges(tags=change), life.stands, DESK.agents["mina"], status=True)
    assert found.tags == tags


def test_an_answer_takes_the_status_along_so_that_it_is_not_set_before_it_is_sent() -> None:
    ticket = Life(RULES).open().stands
    changes = MacroChanges(status=Status.SOLVED, priority=Priority.HIGH)
    found = change_of(changes, ticket, DESK.agents["mina"], status=False)
    assert (found.status, found.priority) == (UNSET, Priority.HIGH)


@pytest.mark.parametrize(
    "tags", [TagChange(add=(" ",)), TagChange(remove=("",)), TagChange(add=("a",), remove=(" a ",))]
)
def test_tags_that_make_no_sense_are_refused(tags: TagChange) -> None:
    with pytest.raises(Invalid):
        checked_changes(MacroChanges(tags=tags), "/changes")


def test_history_gives_the_macro_as_the_reason() -> None:
    life = Life(RULES).open()
    wanted: list[Command] = [
        ChangeTicket(group="billing", assignee="mina"),
        message("m1", MINA, status=Status.SOLVED),
    ]
    decision = decide_together(life.stands, wanted, MACRO, RULES, actor=MINA, now=life.now)
    facts = [event.fact for event in decision.events]
    assert [fact.because for fact in facts if isinstance(fact, TicketAssigned)] == [(MACRO,)]
    assert [fact.because for fact in facts if isinstance(fact, TicketStatusChanged)][-1] == MACRO
    assert differences(life.stands, decision.ticket) == [
        ("status", Status.NEW, Status.SOLVED),
        ("group", None, "billing"),
        ("assignee", None, "mina"),
    ]


def test_an_answer_that_fell_due_before_keeps_its_own_reason() -> None:
    life = Life(RULES).open()
    held = message("held", MINA, status=Status.PENDING)
    life.grant(Wish(timedelta(0), MINA, held, timedelta(seconds=10)))
    now = life.now + timedelta(minutes=1)
    decision = decide_together(life.stands, [ChangeTicket(status=Status.SOLVED)], MACRO, RULES, actor=MINA, now=now)
    moves = [event.fact for event in decision.events if isinstance(event.fact, TicketStatusChanged)]
    assert [(fact.new, fact.because.code) for fact in moves] == [
        (Status.PENDING, "with_message"),
        (Status.SOLVED, "macro"),
    ]


@given(openings, st.lists(wishes, max_size=10), st.lists(commands, min_size=1, max_size=3))
def test_doing_several_things_at_once_is_doing_them_one_after_another(
    opening: OpenTicket, story: list[Wish], together: list[Command]
) -> None:
    life = Life(RULES)
    life.do(opening, REQUESTER)
    for wish in story:
        life.grant(wish)
    apart = life.stands
    try:
        for command in together:
            apart = decide(apart, command, RULES, actor=MINA, now=life.now).ticket
        decision = decide_together(life.stands, together, MACRO, RULES, actor=MINA, now=life.now)
    except (Conflict, Forbidden, Invalid, NotFound):
        assume(False)
        return
    events = [*life.events, *decision.events]
    assert verify(events, decision.ticket.chain) is None
    assert fold(events).version == decision.ticket.version == apart.version
    assert differences(apart, decision.ticket) == []
    assert decision.ticket.copies == apart.copies
    assert decision.ticket.sla == apart.sla
    assert decision.ticket.held == apart.held


def test_what_cannot_be_done_as_a_whole_is_not_done_in_part() -> None:
    life = Life(RULES).open()
    life.change(status=Status.CLOSED)
    wanted: list[Command] = [message("m1", MINA, Visibility.INTERNAL), ChangeTicket(priority=Priority.HIGH)]
    with pytest.raises(Conflict):
        decide_together(life.stands, wanted, MACRO, RULES, actor=MINA, now=life.now)
