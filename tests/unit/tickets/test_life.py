"""Whatever happens to a ticket, in whatever order and however late: what must hold holds."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.codec import from_document, to_document
from helpdesk.tickets.chain import event_document, event_from_document, verify
from helpdesk.tickets.commands import AddMessage, OpenTicket, RecordSurvey, Tick
from helpdesk.tickets.facts import Event, SlaBreached, SlaWarned, SurveyDue, TicketStatusChanged
from helpdesk.tickets.model import SWEEPER, Copies, Status, StatusCategory, Ticket, Visibility
from helpdesk.tickets.rules import decide, evolve, fold, load_changes, next_due
from tests.support.desks import RULES
from tests.support.lives import REQUESTER, Life, Wish, openings, wishes

lives = st.tuples(openings, st.lists(wishes, min_size=3, max_size=30))
CLOCKS_ALONE = replace(RULES, survey_delay=None, close_delay=None)


def lived(story: tuple[OpenTicket, list[Wish]]) -> Life:
    life = Life(RULES)
    life.do(story[0], REQUESTER)
    for wish in story[1]:
        life.grant(wish)
    return life


@given(lives)
def test_the_events_fold_to_the_snapshot_without_its_copies(story: tuple[OpenTicket, list[Wish]]) -> None:
    life = lived(story)
    assert fold(life.events) == replace(life.stands, copies=Copies())
    assert life.stands.version == len(life.events)
    assert tuple(sorted(life.stands.copies.fields)) == life.stands.field_names
    assert tuple(one.id for one in life.stands.copies.participants) == life.stands.participants
    assert set(life.stands.copies.held) == {one.message_id for one in life.stands.held if one.side_id is None}
    assert list(life.stands.copies.side) == [one.id for one in life.stands.side]
    for side in life.stands.side:
        assert sorted(one.id for one in life.stands.copies.side[side.id].people) == sorted(side.people)
        assert len(set(side.people)) == len(side.people) > 0
    assert set(life.stands.copies.tasks) == {task.id for task in life.stands.tasks}
    assert set(life.stands.copies.approvals) == {one.id for one in life.stands.approvals}
    assert not set(life.stands.participants) & {life.stands.requester_id, *life.stands.removed}


@given(lives)
def test_a_history_and_its_ticket_survive_being_stored(story: tuple[OpenTicket, list[Wish]]) -> None:
    life = lived(story)
    stored = [json.loads(json.dumps(event_document(event))) for event in life.events]
    read = [event_from_document(document) for document in stored]
    assert read == life.events
    assert verify(read, life.stands.chain) is None
    assert from_document(Ticket, json.loads(json.dumps(to_document(life.stands)))) == life.stands


def tampered(events: list[Event], place: int, how: str) -> list[Event]:
    event = events[place]
    if how == "left out":
        return events[:place] + events[place + 1 :]
    if how == "twice":
        return [*events[: place + 1], *events[place:]]
    later = {"later": {"at": event.at + timedelta(milliseconds=1)}, "by another": {"actor": SWEEPER}}
    if how == "by another" and event.actor == SWEEPER:
        later["by another"] = {"actor": REQUESTER}
    return [*events[:place], replace(event, **later[how]), *events[place + 1 :]]


@given(lives, st.integers(0, 10**6), st.sampled_from(["left out", "twice", "later", "by another"]))
def test_a_history_that_was_tampered_with_does_not_verify(
    story: tuple[OpenTicket, list[Wish]], where: int, how: str
) -> None:
    life = lived(story)
    changed = tampered(life.events, where % len(life.events), how)
    assert verify(changed, life.stands.chain) is not None


@given(lives)
def test_an_event_out_of_its_place_is_not_folded_in(story: tuple[OpenTicket, list[Wish]]) -> None:
    life = lived(story)
    for event in life.events:
        with pytest.raises(ValueError):
            evolve(life.stands, event)
    with pytest.raises(ValueError):
        fold(reversed(life.events[:1] * 2))


def settled(ticket: Ticket, life: Life) -> Ticket:
    """A ticket after what time alone had done to it before a wish: its clocks, and answers held until now."""
    return decide(ticket, RecordSurvey("none"), RULES, actor=SWEEPER, now=life.now).ticket


def check_what_must_hold(before: Ticket, after: Ticket, wish: Wish, life: Life) -> None:
    assert (after.solved_at is not None) == (after.status.category is StatusCategory.DONE)
    assert (after.closed_at is not None) == (after.status is Status.CLOSED)
    assert after.updated_at >= before.updated_at
    if before.status is Status.CLOSED:
        assert after.status is Status.CLOSED
    if isinstance(wish.command, AddMessage):
        shown = after.copies.held.get(wish.command.message_id, after.copies.last_message)
        assert shown is not None
        assert shown.preview == wish.command.preview
        if wish.command.automatic:
            assert (after.status, after.sla) == (settled(before, life).status, settled(before, life).sla)
    if isinstance(wish.command, Tick):
        due = next_due(after)
        assert due is None or due > life.now
        assert decide(after, Tick(), RULES, actor=SWEEPER, now=life.now).events == ()


@given(lives)
def test_what_must_hold_after_every_wish_holds(story: tuple[OpenTicket, list[Wish]]) -> None:
    life = Life(RULES)
    life.do(story[0], REQUESTER)
    for wish in story[1]:
        before = life.stands
        decision = life.grant(wish)
        if decision is None:
            assert life.stands is before
            continue
        if before.status is Status.CLOSED:
            assert not isinstance(wish.command, AddMessage) or wish.command.visibility is Visibility.INTERNAL
        check_what_must_hold(before, life.stands, wish, life)


@given(lives)
def test_a_survey_is_due_once_for_each_solving_at_most_and_never_after_it_was_sent(
    story: tuple[OpenTicket, list[Wish]],
) -> None:
    life = lived(story)
    allowed, asked = 0, False
    for event in life.events:
        if isinstance(event.fact, TicketStatusChanged):
            before, after = event.fact.old.category, event.fact.new.category
            if after is StatusCategory.DONE and before is not StatusCategory.DONE:
                allowed = 0 if asked or life.stands.automatic else 1
            elif after is not StatusCategory.DONE:
                allowed = 0
        elif isinstance(event.fact, SurveyDue):
            allowed -= 1
            assert allowed == 0
        asked = asked or event.type == "SurveySent"


@given(lives)
def test_the_changes_of_load_add_up_to_what_each_agent_has(story: tuple[OpenTicket, list[Wish]]) -> None:
    life = Life(RULES)
    loads: dict[str, int] = {}
    for wish in (Wish(timedelta(0), REQUESTER, story[0]), *story[1]):
        before = life.ticket
        if life.grant(wish) is not None:
            for agent, delta in load_changes(before, life.stands).items():
                loads[agent] = loads.get(agent, 0) + delta
        has = life.stands.assignee if not life.stands.done else None
        assert {agent: count for agent, count in loads.items() if count} == ({has: 1} if has else {})


def clock_facts(life: Life) -> list[SlaWarned | SlaBreached]:
    return [event.fact for event in life.events if isinstance(event.fact, SlaWarned | SlaBreached)]


@given(lives)
def test_breaches_and_warnings_have_their_computed_instants_however_late_the_sweep_comes(
    story: tuple[OpenTicket, list[Wish]],
) -> None:
    late, punctual = Life(CLOCKS_ALONE), Life(CLOCKS_ALONE)
    for life in (late, punctual):
        life.do(story[0], REQUESTER)
    for wish in story[1]:
        late.grant(wish)
        until = punctual.now + wish.after
        while (due := next_due(punctual.stands)) is not None and due <= until:
            punctual.do(Tick(), SWEEPER, after=max(due - punctual.now, timedelta(0)))
        punctual.grant(replace(wish, after=until - punctual.now))
    for life in (late, punctual):
        life.do(Tick(), SWEEPER)
    assert clock_facts(late) == clock_facts(punctual)
    assert late.stands.sla == punctual.stands.sla
    for event in punctual.events:
        if isinstance(event.fact, SlaBreached):
            assert event.fact.breached_at <= event.at
