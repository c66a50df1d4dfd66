"""What tickets' stores promise: all or nothing, in order, nothing twice, nothing lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from helpdesk.contracts.table import DUE_SHARDS, Key, due_shard
from helpdesk.kernel.clock import parse_instant
from helpdesk.kernel.errors import NotFound, StaleVersion
from helpdesk.kernel.ids import new_id
from helpdesk.sla.ticks import DueTicket
from helpdesk.tickets.commands import AddMessage, AddTasks, ChangeTask, ChangeTicket, Command, RemoveTask
from helpdesk.tickets.core import Decision
from helpdesk.tickets.model import Channel, Message, Participant, Priority, Status, Ticket, Visibility
from helpdesk.tickets.rules import decide, next_due
from helpdesk.tickets.service import NOTHING, AddressTaken, AgentFull, AlreadyDone, Change, Done, Extras, Record, Thread
from helpdesk.tickets.todo import TaskPlan
from helpdesk.tickets.views import summarize
from tests.contract.conftest import Stores
from tests.support.desks import RULES
from tests.support.lives import MINA, MONDAY_TEN_IN_SEOUL, REQUESTER, Life, asking, opening, openings, wishes
from tests.support.messages import A_FILE, a_guard, a_message, a_person

T1 = new_id(MONDAY_TEN_IN_SEOUL)
T2 = new_id(MONDAY_TEN_IN_SEOUL)


def opened(stores: Stores, ticket_id: str = T1, *, extras: Extras | None = None, **changes: object) -> Ticket:
    decision = decide(None, opening(ticket_id, **changes), RULES, actor=REQUESTER, now=MONDAY_TEN_IN_SEOUL)
    stores.tickets.commit(None, decision, extras or Extras(message=a_message(ticket_id)))
    return decision.ticket


def changed(ticket: Ticket, **what: object) -> Decision:
    now = ticket.updated_at + timedelta(minutes=1)
    return decide(ticket, ChangeTicket(**what), RULES, actor=MINA, now=now)


def change(stores: Stores, ticket: Ticket, **what: object) -> Ticket:
    decision = changed(ticket, **what)
    stores.tickets.commit(ticket, decision, NOTHING)
    return decision.ticket


def everything(stores: Stores, ticket_id: str) -> tuple[object, ...]:
    """All that can be read of a ticket and what its commands touch."""
    return (
        stores.tickets.get(ticket_id),
        stores.tickets.events(ticket_id, limit=100, position=None).items,
        stores.tickets.messages(ticket_id, limit=100, position=None).items,
        stores.people.loads(["mina", "jun"]),
        stores.people.by_address("new@example.com"),
        stores.tickets.done_before(a_guard(key="fresh").key),
        stores.tickets.thread_of(("fresh@example.com",)),
    )


def does(stores: Stores, ticket: Ticket, command: Command) -> Ticket:
    now = ticket.updated_at + timedelta(minutes=1)
    decision = decide(ticket, command, RULES, actor=MINA, now=now)
    stores.tickets.commit(ticket, decision, NOTHING)
    return decision.ticket


# --- what was written is read ----------------------------------------------------------------------------------------


def test_a_ticket_that_was_opened_is_there_with_its_event_and_its_message(stores: Stores) -> None:
    person, message = a_person(), a_message(T1, attachments=(A_FILE,))
    ticket = opened(stores, extras=Extras(message=message, people=(person,), threads=("a@example.com",)))
    assert stores.tickets.get(T1) == ticket
    assert [event.seq for event in stores.tickets.events(T1, limit=9, position=None).items] == [2, 1]
    assert stores.tickets.message(T1, message.id) == stores.tickets.first_message(T1) == message
    assert stores.tickets.with_messages(T1, limit=5)[0] == ticket
    assert stores.tickets.with_messages(T1, limit=5)[1].items == (message,)
    assert stores.people.by_address("MINSU@example.com") == stores.people.by_id(person.id) == person
    assert stores.tickets.thread_of(("unknown@example.com", "a@example.com")) == Thread(T1)


def test_a_ticket_that_is_not_there_is_none(stores: Stores) -> None:
    assert stores.tickets.get(T1) is None
    assert stores.tickets.with_messages(T1, limit=5) is None
    assert stores.tickets.message(T1, "m") is stores.tickets.first_message(T1) is None
    assert stores.tickets.messages(T1, limit=5, position=None).items == ()
    assert stores.tickets.events(T1, limit=5, position=None).items == ()
    assert stores.tickets.done_before(a_guard().key) is None
    assert stores.tickets.thread_of(()) is None
    assert stores.tickets.thread_of(("a@example.com", "b@example.com", "a@example.com")) is None


def test_a_person_and_a_message_without_a_name_come_back(stores: Stores) -> None:
    person, message = a_person(name=None), a_message(T1, author_name=None, text="")
    opened(stores, extras=Extras(message=message, people=(person,)), requester_name=None)
    assert stores.people.by_address(person.address) == person
    assert stores.tickets.message(T1, message.id) == message


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(opening=openings, wishes=wishes.flatmap(lambda one: wishes.map(lambda other: (one, other))))
def test_whatever_became_of_a_ticket_it_is_read_as_it_was_written(
    stores: Stores, opening: object, wishes: tuple[object, ...]
) -> None:
    life = Life(RULES)
    for command, actor, after in [
        (replace(opening, ticket_id=new_id(MONDAY_TEN_IN_SEOUL)), REQUESTER, timedelta(0))
    ] + [(wish.command, wish.actor, wish.after) for wish in wishes]:
        before = life.ticket
        decision = life.do(command, actor, after=after)
        if decision is not None and decision.events:
            stores.tickets.commit(before, decision, NOTHING)
    assert stores.tickets.get(life.stands.id) == life.stands
    read = stores.tickets.events(life.stands.id, limit=100, position=None).items
    assert list(reversed(read)) == life.events


def test_a_long_message_comes_back_whole_and_does_not_weigh_on_the_table(stores: Stores) -> None:
    message = a_message(T1, text="긴 글 " * 12_000, html="<p>" + "x" * 30_000, quoted="> old\n" * 5_000)
    opened(stores, extras=Extras(message=message))
    for read in (
        stores.tickets.message(T1, message.id),
        stores.tickets.messages(T1, limit=5, position=None).items[0],
        stores.tickets.with_messages(T1, limit=5)[1].items[0],
    ):
        assert (read.text, read.html, read.quoted) == (message.text, message.html, message.quoted)


def test_a_message_is_written_anew_in_its_place_and_nowhere_else(stores: Stores) -> None:
    message = a_message(T1)
    opened(stores, extras=Extras(message=message))
    for anew in (replace(message, text="read again"), replace(message, text="long " * 10_000)):
        stores.tickets.rewrite(anew)
        assert stores.tickets.message(T1, message.id).text == anew.text
    with pytest.raises(NotFound):
        stores.tickets.rewrite(replace(message, id="gone"))
    assert stores.tickets.message(T1, "gone") is None


# --- all or nothing --------------------------------------------------------------------------------------------------


def answer(stores: Stores, ticket: Ticket, *, assignee: str | None = None, **extras: object) -> None:
    """Writes everything that a command can write, at once."""
    message = a_message(ticket.id, ticket.updated_at + timedelta(minutes=2))
    command = ChangeTicket(assignee=assignee) if assignee else ChangeTicket(priority=Priority.HIGH)
    decision = decide(ticket, command, RULES, actor=MINA, now=message.at)
    usual = {
        "people": (a_person("new@example.com", id="fresh"),),
        "guards": (a_guard(key="fresh"),),
        "threads": ("fresh@example.com",),
    }
    stores.tickets.commit(ticket, decision, Extras(message=message, **(usual | extras)))


def test_a_command_on_an_old_version_writes_nothing_at_all(stores: Stores) -> None:
    old = opened(stores)
    change(stores, old, priority=Priority.URGENT)
    before = everything(stores, T1)
    with pytest.raises(StaleVersion):
        answer(stores, old)
    with pytest.raises(StaleVersion):
        answer(stores, replace(stores.tickets.get(T1), version=9))
    assert everything(stores, T1) == before


def test_a_ticket_is_opened_once(stores: Stores) -> None:
    opened(stores)
    before = everything(stores, T1)
    with pytest.raises(StaleVersion):
        opened(stores, extras=Extras(message=a_message(T1), threads=("fresh@example.com",)))
    assert everything(stores, T1) == before


def test_what_a_guard_remembers_is_not_done_again(stores: Stores) -> None:
    ticket = opened(stores, extras=Extras(message=a_message(T1, id="m1"), guards=(a_guard(note="hash"),)))
    done = stores.tickets.done_before(a_guard().key)
    assert (done.ticket_id, done.message_id, done.note) == (T1, "m1", "hash")
    before = everything(stores, T1)
    with pytest.raises(AlreadyDone) as refusal:
        answer(stores, ticket, guards=(a_guard("mail", "fresh"), a_guard("idempotency")))
    assert refusal.value.guard == "idempotency"
    assert everything(stores, T1) == before


def test_a_guard_without_a_message_or_a_note_is_remembered_as_well(stores: Stores) -> None:
    opened(stores, extras=Extras(guards=(a_guard(note=""),)))
    done = stores.tickets.done_before(a_guard().key)
    assert (done.ticket_id, done.message_id, done.note) == (T1, None, "")


def test_done_before_is_told_rather_than_that_the_ticket_has_changed(stores: Stores) -> None:
    old = opened(stores, extras=Extras(guards=(a_guard(),)))
    change(stores, old, priority=Priority.LOW)
    with pytest.raises(AlreadyDone):
        answer(stores, old, guards=(a_guard(),))


def test_an_address_belongs_to_one_person(stores: Stores) -> None:
    ticket = opened(stores, extras=Extras(people=(a_person(),)))
    before = everything(stores, T1)
    with pytest.raises(AddressTaken):
        answer(stores, ticket, people=(a_person("Minsu@Example.com", id="other"),))
    assert everything(stores, T1) == before
    assert stores.people.by_id("other") is None


def test_an_agent_gets_no_more_tickets_than_the_limit(stores: Stores) -> None:
    change(stores, opened(stores, T1), assignee="mina")
    second = opened(stores, T2)
    before = everything(stores, T2)
    with pytest.raises(AgentFull):
        answer(stores, second, assignee="mina", assignee_limit=1)
    assert everything(stores, T2) == before
    answer(stores, second, assignee="mina", assignee_limit=2)
    assert stores.people.loads(["mina", "jun"]) == {"mina": 2, "jun": 0}


def test_nobody_is_too_full_for_a_ticket_given_by_hand_or_already_theirs(stores: Stores) -> None:
    ticket = change(stores, opened(stores), assignee="mina")
    answer(stores, ticket, assignee_limit=0)
    change(stores, opened(stores, T2), assignee="mina")
    assert stores.people.loads(["mina"]) == {"mina": 2}


def test_loads_follow_tickets_from_hand_to_hand_and_out(stores: Stores) -> None:
    ticket = change(stores, opened(stores), assignee="mina")
    ticket = change(stores, ticket, assignee="jun")
    assert stores.people.loads(["mina", "jun"]) == {"mina": 0, "jun": 1}
    ticket = change(stores, ticket, status=Status.SOLVED)
    assert stores.people.loads(["jun"]) == {"jun": 0}
    change(stores, ticket, status=Status.OPEN)
    assert stores.people.loads(["jun"]) == {"jun": 1}
    assert stores.people.loads([]) == {}


def test_numbers_are_given_once_and_begin_at_1001(stores: Stores) -> None:
    assert [stores.tickets.next_number() for _ in range(3)] == [1001, 1002, 1003]


# --- conversations ---------------------------------------------------------------------------------------------------


def talk(stores: Stores, count: int) -> list[Message]:
    """A conversation of so many messages, oldest first."""
    said = [a_message(T1)]
    ticket = opened(stores, extras=Extras(message=said[0]))
    for minute in range(1, count):
        message = a_message(T1, MONDAY_TEN_IN_SEOUL + timedelta(minutes=minute), visibility=Visibility.INTERNAL)
        command = AddMessage(message.id, MINA, message.visibility, Channel.WEB, f"note {minute}")
        decision = decide(ticket, command, RULES, actor=MINA, now=message.at)
        stores.tickets.commit(ticket, decision, Extras(message=message))
        ticket, said = decision.ticket, [*said, message]
    return said


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_a_conversation_is_paged_newest_first_with_each_message_once(stores: Stores, limit: int) -> None:
    said = talk(stores, 5)
    read: list[Message] = []
    position = None
    for _ in range(9):
        page = stores.tickets.messages(T1, limit=limit, position=position)
        assert len(page.items) <= limit
        read += page.items
        position = page.next_position
        if position is None:
            break
    assert position is None
    assert read == list(reversed(said))


def test_a_ticket_and_its_newest_messages_come_together_and_the_rest_after_them(stores: Stores) -> None:
    said = talk(stores, 5)
    ticket, page = stores.tickets.with_messages(T1, limit=2)
    assert ticket == stores.tickets.get(T1)
    assert list(page.items) == [said[4], said[3]]
    rest = stores.tickets.messages(T1, limit=9, position=page.next_position)
    assert list(rest.items) == [said[2], said[1], said[0]]


def test_history_is_paged_newest_first_with_each_event_once(stores: Stores) -> None:
    talk(stores, 4)
    first = stores.tickets.events(T1, limit=2, position=None)
    rest = stores.tickets.events(T1, limit=9, position=first.next_position)
    seqs = [event.seq for event in (*first.items, *rest.items)]
    assert seqs == list(range(stores.tickets.get(T1).version, 0, -1))


# --- threads and what is due -----------------------------------------------------------------------------------------


def test_the_first_known_of_some_message_ids_leads_to_its_ticket(stores: Stores) -> None:
    opened(stores, T1, extras=Extras(threads=("one@example.com",)))
    opened(stores, T2, extras=Extras(threads=("two@example.com",)))
    assert stores.tickets.thread_of(("no@example.com", "two@example.com", "one@example.com")) == Thread(T2)
    stores.tickets.remember_thread("sent@ses.example", T1)
    assert stores.tickets.thread_of(("sent@ses.example", "two@example.com")) == Thread(T1)


def test_a_side_conversation_has_messages_and_threads_of_its_own(stores: Stores) -> None:
    ticket = opened(stores, T1, extras=Extras(message=a_message(T1), threads=("one@example.com",)))
    side_id, later = new_id(MONDAY_TEN_IN_SEOUL), MONDAY_TEN_IN_SEOUL + timedelta(minutes=1)
    asked = a_message(T1, visibility=Visibility.SIDE, side_id=side_id)
    decision = decide(ticket, asking(side_id, asked.id, Participant("q1", "q1@x.test")), RULES, actor=MINA, now=later)
    guard = a_guard(key="aside")
    stores.tickets.commit(ticket, decision, Extras(message=asked, guards=(guard,), threads=("side@example.com",)))
    assert stores.tickets.get(T1) == decision.ticket
    assert stores.tickets.side_messages(T1, side_id, limit=9, position=None).items == (asked,)
    assert stores.tickets.side_messages(T1, new_id(later), limit=9, position=None).items == ()
    assert stores.tickets.message(T1, asked.id, side_id) == asked
    assert stores.tickets.message(T1, asked.id) is None
    assert asked not in stores.tickets.messages(T1, limit=9, position=None).items
    assert asked not in stores.tickets.with_messages(T1, limit=9)[1].items
    assert stores.tickets.done_before(guard.key) == Done(T1, asked.id, guard.note, side_id)
    assert stores.tickets.thread_of(("one@example.com", "side@example.com")) == Thread(T1, side_id)
    stores.tickets.remember_thread("sent@ses.example", T1, side_id)
    assert stores.tickets.thread_of(("sent@ses.example",)) == Thread(T1, side_id)
    again = replace(asked, text="Otherwise")
    stores.tickets.rewrite(again)
    assert stores.tickets.side_messages(T1, side_id, limit=9, position=None).items == (again,)


def test_tickets_are_due_in_their_shard_from_their_instant_on_soonest_first(stores: Stores) -> None:
    ids = [new_id(MONDAY_TEN_IN_SEOUL) for _ in range(8)]
    tickets = [opened(stores, one, priority=p) for one, p in zip(ids, list(Priority) * 2, strict=True)]
    tickets.append(change(stores, opened(stores, T1), status=Status.CLOSED))
    for moment in (
        "2026-11-23T01:44:59.999Z",
        "2026-11-23T01:45:00.000Z",
        "2026-11-23T05:00:00.000Z",
        "2027-01-01T00:00:00Z",
    ):
        now = parse_instant(moment)
        wanted = sorted(
            (next_due(one), one.id) for one in tickets if next_due(one) is not None and next_due(one) <= now
        )
        found = {shard: list(stores.tickets.due(shard, now)) for shard in range(DUE_SHARDS)}
        for shard, due in found.items():
            assert due == [DueTicket(one, at) for at, one in wanted if due_shard(one) == shard]


def test_a_ticket_whose_time_has_come_is_not_due_again_once_it_was_dealt_with(stores: Stores) -> None:
    ticket = change(stores, opened(stores), status=Status.PENDING)
    far = parse_instant("2030-01-01T00:00:00Z")
    assert T1 not in {one.ticket_id for one in stores.tickets.due(due_shard(T1), far)}
    change(stores, ticket, status=Status.OPEN)
    assert T1 in {one.ticket_id for one in stores.tickets.due(due_shard(T1), far)}


# --- several tickets at once, and what else a transaction writes -----------------------------------------------------


def test_several_tickets_are_written_together(stores: Stores) -> None:
    first, second = opened(stores, T1), opened(stores, T2)
    one, two = changed(first, assignee="mina"), changed(second, assignee="mina", priority=Priority.URGENT)
    stores.tickets.commit_all([Change(first, one), Change(second, two)])
    assert stores.tickets.get_all([T1, T2, new_id(MONDAY_TEN_IN_SEOUL)]) == {T1: one.ticket, T2: two.ticket}
    assert stores.people.loads(["mina"]) == {"mina": 2}


def test_rows_and_messages_of_several_tickets_are_read_as_they_stand(stores: Stores) -> None:
    message, other = a_message(T1, text="one"), a_message(T2, text="two " * 20_000)
    opened(stores, T1, extras=Extras(message=message))
    second = change(stores, opened(stores, T2, extras=Extras(message=other)), priority=Priority.URGENT)
    nobody = new_id(MONDAY_TEN_IN_SEOUL)
    assert stores.tickets.rows_of([T1, T2, T2, nobody])[T2] == summarize(second)
    assert set(stores.tickets.rows_of([T1, T2, nobody])) == {T1, T2}
    places = [(T1, message.id), (T2, other.id), (T2, message.id)]
    found = stores.tickets.messages_of(places)
    assert set(found) == set(places[:2])
    assert [found[place].text for place in places[:2]] == ["one", "two " * 20_000]
    assert stores.tickets.rows_of([]) == stores.tickets.messages_of([]) == {}


def test_when_one_of_several_tickets_has_changed_none_is_written(stores: Stores) -> None:
    first, second = opened(stores, T1), opened(stores, T2)
    newer = change(stores, second, priority=Priority.LOW)
    message = a_message(T1, text="more")
    with pytest.raises(StaleVersion):
        stores.tickets.commit_all(
            [
                Change(first, changed(first, assignee="mina"), Extras(messages=(message,))),
                Change(second, changed(second, assignee="mina")),
            ]
        )
    assert stores.tickets.get_all([T1, T2]) == {T1: first, T2: newer}
    assert stores.tickets.message(T1, message.id) is None
    assert stores.people.loads(["mina"]).get("mina", 0) == 0


def test_tickets_that_change_hands_together_leave_loads_as_they_are(stores: Stores) -> None:
    first, second = opened(stores, T1), opened(stores, T2)
    first, second = change(stores, first, assignee="mina"), change(stores, second, assignee="jun")
    stores.tickets.commit_all(
        [Change(first, changed(first, assignee="jun")), Change(second, changed(second, assignee="mina"))]
    )
    assert stores.people.loads(["mina", "jun"]) == {"mina": 1, "jun": 1}


def a_record(name: str, **more: object) -> Record:
    return Record(Key("PARTITION", name), {"says": name}, **more)


def test_records_are_written_found_in_order_and_taken_away(stores: Stores) -> None:
    ticket = opened(stores)
    named = tuple(a_record(f"A#{place}") for place in range(5))
    decision = changed(ticket, priority=Priority.LOW)
    stores.tickets.commit(ticket, decision, Extras(records=(*named, a_record("B#0"))))
    first = stores.tickets.records("PARTITION", "A#", limit=2, position=None)
    rest = stores.tickets.records("PARTITION", "A#", limit=9, position=first.next_position)
    assert [key.sk for key, _ in (*first.items, *rest.items)] == [f"A#{place}" for place in range(5)]
    newest = stores.tickets.records("PARTITION", "A#", limit=1, position=None, newest_first=True)
    assert newest.items == ((Key("PARTITION", "A#4"), {"says": "A#4"}),)
    gone = Record(named[0].key, None)
    stores.tickets.commit(decision.ticket, changed(decision.ticket, priority=Priority.HIGH), Extras(records=(gone,)))
    assert stores.tickets.record(named[0].key) is None
    assert stores.tickets.record(named[1].key) == {"says": "A#1"}


def test_a_record_that_may_be_there_once_is_not_written_again(stores: Stores) -> None:
    ticket = opened(stores)
    once = Extras(records=(a_record("X", once="bulk"),))
    decision = changed(ticket, priority=Priority.LOW)
    stores.tickets.commit(ticket, decision, once)
    with pytest.raises(AlreadyDone) as refusal:
        stores.tickets.commit(decision.ticket, changed(decision.ticket, priority=Priority.HIGH), once)
    assert refusal.value.guard == "bulk"
    assert stores.tickets.get(T1) == decision.ticket


# --- agents' tasks ---------------------------------------------------------------------------------------------------


def tasks_of(stores: Stores, agent: str, *, done: bool = False) -> list[str]:
    return [row.title for row in stores.tickets.tasks(agent, done=done, limit=9, position=None).items]


def test_agents_tasks_follow_their_tickets_whatever_changes_them(stores: Stores) -> None:
    first, second = opened(stores, T1), opened(stores, T2, number=1002)
    at = MONDAY_TEN_IN_SEOUL + timedelta(days=1)
    plans = (TaskPlan("t1", "mina"), TaskPlan("t2", "mina", at), TaskPlan("t3", "jun"), TaskPlan("t4"))
    first = does(stores, first, AddTasks(plans, ("later", "soon", "jun's", "nobody's"), "checklist"))
    second = does(stores, second, AddTasks((TaskPlan("t1", "mina", at - timedelta(hours=1)),), ("sooner",)))
    assert tasks_of(stores, "mina") == ["sooner", "soon", "later"]
    (row,) = stores.tickets.tasks("jun", done=False, limit=9, position=None).items
    assert (row.ticket_id, row.number, row.subject, row.task) == (T1, 1001, "Invoice 4711", first.tasks[2])
    first = does(stores, first, ChangeTask("t2", done=True))
    first = does(stores, first, ChangeTask("t1", assignee="jun", title="given"))
    assert tasks_of(stores, "mina") == ["sooner"]
    assert tasks_of(stores, "mina", done=True) == ["soon"]
    assert sorted(tasks_of(stores, "jun")) == ["given", "jun's"]
    first = does(stores, first, RemoveTask("t3"))
    assert tasks_of(stores, "jun") == ["given"]
    does(stores, first, ChangeTicket(status=Status.CLOSED))
    assert tasks_of(stores, "jun") == []
    assert tasks_of(stores, "mina", done=True) == ["soon"]
    assert stores.tickets.with_messages(T2, limit=5)[0] == second


def test_pages_of_an_agents_tasks_leave_none_out(stores: Stores) -> None:
    ticket = opened(stores)
    plans = tuple(TaskPlan(f"t{n}", "mina") for n in range(5))
    does(stores, ticket, AddTasks(plans, tuple(plan.id for plan in plans), "c"))
    found: list[str] = []
    position = None
    while True:
        page = stores.tickets.tasks("mina", done=False, limit=2, position=position)
        found += [row.title for row in page.items]
        position = page.next_position
        if position is None:
            break
    assert found == [plan.id for plan in plans]


def test_an_answer_that_took_itself_back_is_marked_so_with_its_words_untouched(stores: Stores) -> None:
    ticket = opened(stores)
    answer = replace(a_message(T1, text="Are you there?"), author=MINA)
    at = ticket.updated_at + timedelta(minutes=1)
    held = AddMessage(
        answer.id, MINA, Visibility.PUBLIC, Channel.WEB, "Are", send_at=at + timedelta(days=1), unless_replied=True
    )
    waiting = decide(ticket, held, RULES, actor=MINA, now=at)
    stores.tickets.commit(ticket, waiting, Extras(message=answer))
    said = a_message(T1, text="Hello")
    reply = AddMessage(said.id, REQUESTER, Visibility.PUBLIC, Channel.WEB, "Hello")
    replied = decide(waiting.ticket, reply, RULES, actor=REQUESTER, now=at + timedelta(hours=1))
    stores.tickets.commit(waiting.ticket, replied, Extras(message=said))
    taken = replace(answer, withdrawn_at=at + timedelta(hours=1))
    assert stores.tickets.message(T1, answer.id) == taken
    assert not taken.public
    found = stores.tickets.with_messages(T1, limit=10)
    assert found is not None
    assert taken in found[1].items
