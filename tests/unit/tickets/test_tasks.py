"""Tasks: their order, their due instants, who has them, and what they keep a ticket from."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, Invalid, NotFound, NotReady
from helpdesk.tickets.commands import AddTasks, ChangeTask, ChangeTicket, Command, OrderTasks, RemoveTask
from helpdesk.tickets.core import Decision
from helpdesk.tickets.model import Status
from helpdesk.tickets.parts.tasks import tasks_due_at
from helpdesk.tickets.rules import decide, next_due
from helpdesk.tickets.todo import (
    MAX_TASKS,
    ChecklistAdded,
    DueTask,
    TaskAdded,
    TaskChanged,
    TaskDone,
    TaskPlan,
    TaskRemoved,
    TaskReopened,
    TasksDue,
    TasksOrdered,
)
from helpdesk.tickets.views import task_rows
from tests.support.desks import RULES
from tests.support.lives import MINA, MONDAY_TEN_IN_SEOUL, Life, message, wishes

STRICT = replace(RULES, tasks_before_solving=True)


@pytest.fixture
def life() -> Life:
    return Life(RULES).open()


def wish(life: Life, command: Command) -> Decision:
    decision = decide(life.stands, command, life.rules, actor=MINA, now=life.now)
    life.ticket = decision.ticket
    life.events += decision.events
    return decision


def add(life: Life, *names: str, due_at: datetime | None = None, assignee: str | None = None) -> None:
    for name in names:
        wish(life, AddTasks((TaskPlan(name, assignee, due_at),), (f"Do {name}",)))


def order(life: Life) -> list[str]:
    return [task.id for task in life.stands.tasks]


def test_a_task_has_its_facts_in_history_and_its_title_only_on_the_snapshot(life: Life) -> None:
    add(life, "call", assignee="mina")
    wish(life, ChangeTask("call", title="Call Mr Kim", assignee="jun"))
    wish(life, ChangeTask("call", done=True))
    wish(life, ChangeTask("call", done=False))
    assert life.facts(TaskAdded) == [TaskAdded("call", "mina")]
    assert life.facts(TaskChanged) == [TaskChanged("call", "mina", "jun", renamed=True)]
    assert life.facts(TaskDone) == [TaskDone("call", "mina")]
    assert life.facts(TaskReopened) == [TaskReopened("call")]
    assert life.stands.copies.tasks == {"call": "Call Mr Kim"}
    assert "Kim" not in str([event.fact for event in life.events])
    wish(life, RemoveTask("call"))
    assert (life.stands.tasks, life.stands.copies.tasks) == ((), {})
    assert life.facts(TaskRemoved) == [TaskRemoved("call")]


def test_what_is_already_so_is_no_event(life: Life) -> None:
    add(life, "a", "b")
    for command in (
        ChangeTask("a"),
        ChangeTask("a", title="Do a", assignee=None, due_at=None, done=False),
        OrderTasks(("a", "b")),
        AddTasks((TaskPlan("a"),), ("Again",)),
    ):
        assert wish(life, command).events == ()


def test_a_checklist_is_one_event_in_its_order(life: Life) -> None:
    add(life, "first")
    plans = tuple(TaskPlan(name) for name in ("x", "y", "z"))
    decision = wish(life, AddTasks(plans, ("X", "Y", "Z"), "returns"))
    assert [event.fact for event in decision.events] == [ChecklistAdded("returns", plans)]
    assert order(life) == ["first", "x", "y", "z"]
    assert {task.checklist_id for task in life.stands.tasks} == {None, "returns"}


def test_there_is_room_for_fifty_tasks_and_a_checklist_that_finds_none_adds_nothing(life: Life) -> None:
    plans = tuple(TaskPlan(f"t{n}") for n in range(MAX_TASKS - 1))
    wish(life, AddTasks(plans, tuple(plan.id for plan in plans), "long"))
    with pytest.raises(Conflict):
        wish(life, AddTasks((TaskPlan("x"), TaskPlan("y")), ("X", "Y"), "short"))
    add(life, "last")
    assert len(life.stands.tasks) == MAX_TASKS


@pytest.mark.parametrize("title", ["", "x" * 201])
def test_a_title_is_neither_empty_nor_endless(life: Life, title: str) -> None:
    with pytest.raises(Invalid):
        wish(life, AddTasks((TaskPlan("a"),), (title,)))
    add(life, "a")
    with pytest.raises(Invalid):
        wish(life, ChangeTask("a", title=title))


@given(st.permutations(["a", "b", "c", "d"]))
def test_an_order_is_a_permutation_of_what_is_there(wanted: list[str]) -> None:
    life = Life(RULES).open()
    add(life, "a", "b", "c", "d")
    wish(life, OrderTasks(tuple(wanted)))
    assert order(life) == wanted


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6))
def test_what_is_no_permutation_is_refused_and_changes_nothing(wanted: list[str]) -> None:
    assume(sorted(wanted) != ["a", "b", "c"])
    life = Life(RULES).open()
    add(life, "a", "b", "c")
    with pytest.raises(Conflict):
        wish(life, OrderTasks(tuple(wanted)))
    assert order(life) == ["a", "b", "c"]


@given(st.lists(wishes, max_size=40))
def test_whatever_happens_every_task_stands_in_the_order_once(story: list) -> None:
    life = Life(RULES).open()
    for one in story:
        before = order(life)
        decision = life.grant(one)
        assert len(set(order(life))) == len(order(life))
        facts = [event.fact for event in decision.events] if decision is not None else []
        if any(isinstance(fact, TasksOrdered) for fact in facts):
            assert sorted(before) == sorted(order(life))
        elif not any(isinstance(fact, TaskAdded | ChecklistAdded | TaskRemoved) for fact in facts):
            assert before == order(life)


def test_a_task_that_is_not_there_is_not_found(life: Life) -> None:
    for command in (ChangeTask("x", done=True), RemoveTask("x")):
        with pytest.raises(NotFound):
            wish(life, command)


# --- time ---


def test_a_due_instant_is_told_once_and_a_new_one_again(life: Life) -> None:
    at = life.now + timedelta(days=1)
    add(life, "a", due_at=at)
    assert tasks_due_at(life.stands) == at
    assert next_due(life.stands) is not None
    life.tick(days=3)
    life.tick(days=1)
    assert life.facts(TasksDue) == [TasksDue((DueTask("a", at),))]
    later = life.now + timedelta(days=1)
    wish(life, ChangeTask("a", due_at=later))
    assert tasks_due_at(life.stands) == later
    wish(life, ChangeTask("a", assignee="jun"))
    life.tick(days=2)
    assert life.facts(TasksDue)[1:] == [TasksDue((DueTask("a", later),))]


def test_what_is_done_or_on_a_closed_ticket_does_not_fall_due(life: Life) -> None:
    at = life.now + timedelta(days=1)
    add(life, "done", "left", due_at=at)
    wish(life, ChangeTask("done", done=True))
    life.change(status=Status.CLOSED)
    life.tick(days=2)
    assert life.facts(TasksDue) == []
    assert tasks_due_at(life.stands) is None
    with pytest.raises(Conflict):
        wish(life, ChangeTask("left", done=True))


def test_tasks_fall_due_in_the_order_of_their_instants_even_if_the_sweep_comes_late(life: Life) -> None:
    for name, days in (("late", 3), ("soon", 1), ("between", 2)):
        add(life, name, due_at=MONDAY_TEN_IN_SEOUL + timedelta(days=days))
    life.tick(days=9)
    assert [one.task_id for fact in life.facts(TasksDue) for one in fact.tasks] == ["soon", "between", "late"]


# --- solving ---


def test_a_desk_that_wants_it_solves_nothing_before_its_tasks_are_done_and_says_which() -> None:
    life = Life(STRICT).open()
    add(life, "a", "b")
    wish(life, ChangeTask("a", done=True))
    with pytest.raises(NotReady) as refused:
        wish(life, ChangeTicket(status=Status.SOLVED))
    assert [fault.pointer for fault in refused.value.errors] == ["/tasks/1"]
    assert "“Do b”" in refused.value.errors[0].message
    with pytest.raises(NotReady):
        wish(life, message("m1", MINA, status=Status.SOLVED))
    assert life.stands.status is Status.NEW
    wish(life, ChangeTask("b", done=True))
    wish(life, message("m1", MINA, status=Status.SOLVED))
    assert life.stands.status is Status.SOLVED


def test_a_solved_ticket_with_a_new_task_can_still_be_closed() -> None:
    life = Life(STRICT).open()
    life.change(status=Status.SOLVED)
    add(life, "after")
    life.change(status=Status.CLOSED)
    assert life.stands.status is Status.CLOSED


def test_a_held_answer_goes_out_though_a_task_came_meanwhile_and_leaves_the_ticket_open() -> None:
    life = Life(STRICT).open()
    held = message("m1", MINA, status=Status.SOLVED)
    wish(life, replace(held, send_at=life.now + timedelta(seconds=10)))
    add(life, "meanwhile")
    life.tick(minutes=1)
    assert life.stands.held == ()
    assert life.stands.status is Status.OPEN


def test_other_desks_solve_with_open_tasks(life: Life) -> None:
    add(life, "a")
    life.change(status=Status.SOLVED)
    assert life.stands.status is Status.SOLVED


# --- lists ---


def test_only_tasks_of_somebody_stand_in_a_list_and_open_ones_leave_it_when_the_ticket_is_closed(life: Life) -> None:
    add(life, "nobody")
    add(life, "open", "done", assignee="jun")
    wish(life, ChangeTask("done", done=True))
    assert set(task_rows(life.stands)) == {"open", "done"}
    assert task_rows(life.stands)["open"].title == "Do open"
    life.change(status=Status.CLOSED)
    assert set(task_rows(life.stands)) == {"done"}
