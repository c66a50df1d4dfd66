"""What a ticket does in the stories that people notice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.kernel.errors import Conflict, Invalid
from helpdesk.sla.model import Clock, Metric
from helpdesk.tickets.commands import (
    AddMessage,
    ChangeTicket,
    LinkTicket,
    RecordRating,
    RecordSurvey,
    RouteTicket,
    Tick,
)
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import (
    MessageAdded,
    SlaApplied,
    SlaBreached,
    SlaWarned,
    SurveyDue,
    TicketAssigned,
    TicketFieldsChanged,
    TicketLinked,
    TicketStatusChanged,
    TicketTagsChanged,
)
from helpdesk.tickets.model import (
    ROUTER,
    SURVEYOR,
    SWEEPER,
    ActorKind,
    Channel,
    Link,
    Priority,
    Reason,
    Relation,
    Status,
    Visibility,
)
from helpdesk.tickets.rules import decide, expected_reply_by, load_changes, next_due
from tests.support.desks import BILLING, RULES, STANDARD
from tests.support.lives import MACHINE, MINA, MONDAY_TEN_IN_SEOUL, REQUESTER, Life, message, opening

INTERNAL = Visibility.INTERNAL


@pytest.fixture
def life() -> Life:
    return Life(RULES).open()


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An hour of November 2026 in Seoul."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def clock(life: Life, metric: Metric) -> Clock:
    assert life.stands.sla is not None
    found = life.stands.sla.clock(metric)
    assert found is not None
    return found


def refused(life: Life, command: object, kind: type[Exception] = Conflict) -> None:
    with pytest.raises(kind):
        decide(life.ticket, command, RULES, actor=MINA, now=life.now)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_new_ticket_has_the_clocks_of_the_first_policy_that_is_meant_for_it(life: Life) -> None:
    assert life.stands.status is Status.NEW
    assert life.stands.sla is not None
    assert life.stands.sla.policy_id == "standard"
    # Opened at ten; four business hours with noon to one closed end at three in the afternoon.
    assert clock(life, Metric.FIRST_RESPONSE).due_at == seoul(23, 15)
    assert expected_reply_by(life.stands) == seoul(23, 15)


def test_a_policy_for_a_group_is_put_on_when_routing_gives_the_ticket_to_that_group(life: Life) -> None:
    life.now += timedelta(minutes=30)
    life.do(RouteTicket("billing", "mina", (Reason("least_busy"),)), ROUTER)
    assert life.stands.sla is not None
    assert life.stands.sla.policy_id == BILLING.id
    # Ordinary time from the opening on; the half hour before routing counts.
    assert clock(life, Metric.RESOLUTION).due_at == MONDAY_TEN_IN_SEOUL + timedelta(hours=24)
    assert clock(life, Metric.FIRST_RESPONSE).due_at == MONDAY_TEN_IN_SEOUL + timedelta(hours=2)


def test_opening_what_is_there_and_changing_what_is_not_are_refused(life: Life) -> None:
    refused(life, opening())
    with pytest.raises(Conflict):
        decide(None, Tick(), RULES, actor=SWEEPER, now=life.now)


def test_a_desk_without_policies_has_tickets_without_clocks() -> None:
    life = Life(DeskRules()).open()
    assert life.stands.sla is None
    assert next_due(life.stands) is None
    life.change(status=Status.SOLVED)
    assert next_due(life.stands) is None


def test_links_and_fields_given_at_opening_are_facts_of_it() -> None:
    link = Link(Relation.FOLLOWS, "earlier", 7)
    life = Life(RULES).open(links=(link,), fields={"order": "4711", "empty": [], "nothing": None})
    assert life.facts(TicketLinked) == [TicketLinked(link)]
    assert life.facts(TicketFieldsChanged) == [TicketFieldsChanged(("order",), ("order",))]
    assert life.stands.copies.fields == {"order": "4711"}


# --- messages --------------------------------------------------------------------------------------------------------


def test_the_first_public_answer_opens_a_new_ticket_and_meets_the_first_response(life: Life) -> None:
    life.now += timedelta(hours=1)
    life.says(MINA)
    assert life.stands.status is Status.OPEN
    assert clock(life, Metric.FIRST_RESPONSE).met_at == life.now
    assert expected_reply_by(life.stands) is None


def test_an_internal_note_neither_opens_a_ticket_nor_meets_a_clock(life: Life) -> None:
    before = life.stands
    life.says(MINA, INTERNAL)
    assert (life.stands.status, life.stands.sla) == (Status.NEW, before.sla)


def test_an_answer_can_set_the_status_with_it(life: Life) -> None:
    life.says(MINA, status=Status.PENDING)
    assert life.stands.status is Status.PENDING
    assert [fact.new for fact in life.facts(TicketStatusChanged)] == [Status.PENDING]


def test_solving_with_the_answer_meets_first_response_and_resolution(life: Life) -> None:
    life.now += timedelta(minutes=5)
    life.says(MINA, status=Status.SOLVED)
    assert life.stands.solved_at == life.now
    assert clock(life, Metric.FIRST_RESPONSE).met_at == life.now
    assert clock(life, Metric.RESOLUTION).met_at == life.now


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD, Status.SOLVED])
def test_a_requesters_reply_opens_what_was_waiting_or_solved(life: Life, status: Status) -> None:
    life.says(MINA, status=status)
    life.now += timedelta(hours=1)
    life.says(REQUESTER)
    assert life.stands.status is Status.OPEN
    assert (life.stands.solved_at, life.stands.survey_at, life.stands.close_at) == (None, None, None)
    assert clock(life, Metric.NEXT_RESPONSE).started_at == life.now


def test_a_requester_who_writes_before_anybody_answered_leaves_the_ticket_new(life: Life) -> None:
    life.says(REQUESTER)
    assert life.stands.status is Status.NEW


@pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED])
def test_a_machines_message_moves_nothing(life: Life, status: Status) -> None:
    life.says(MINA, status=status)
    before = life.stands
    life.says(MACHINE, INTERNAL, automatic=True)
    assert (life.stands.status, life.stands.sla, life.stands.close_at) == (status, before.sla, before.close_at)
    assert life.facts(MessageAdded)[-1].automatic


def test_a_closed_ticket_takes_notes_but_no_public_message_and_no_change(life: Life) -> None:
    life.change(status=Status.CLOSED)
    refused(life, message("m", REQUESTER))
    refused(life, message("m", MINA))
    refused(life, ChangeTicket(priority=Priority.HIGH))
    refused(life, ChangeTicket(status=Status.OPEN))
    assert life.says(MINA, INTERNAL) is not None
    assert life.stands.status is Status.CLOSED


def test_a_note_on_a_closed_ticket_cannot_open_it_again(life: Life) -> None:
    life.change(status=Status.CLOSED)
    refused(life, AddMessage("m", MINA, INTERNAL, Channel.WEB, "text", status=Status.OPEN))


def test_lists_show_the_newest_message_whoever_wrote_it(life: Life) -> None:
    life.says(MINA, INTERNAL)
    last = life.stands.copies.last_message
    assert last is not None
    assert (last.author_kind, last.visibility, last.at) == (ActorKind.AGENT, INTERNAL, life.now)


# --- changes ---------------------------------------------------------------------------------------------------------


def test_a_higher_priority_brings_a_shorter_target_in_which_the_used_time_counts(life: Life) -> None:
    life.now += timedelta(minutes=30)
    life.change(priority=Priority.URGENT)
    assert clock(life, Metric.FIRST_RESPONSE).due_at == seoul(23, 11)


def test_a_priority_whose_target_is_used_up_breaches_at_the_change_and_not_before(life: Life) -> None:
    life.now += timedelta(minutes=90)
    life.change(priority=Priority.URGENT)
    life.tick(minutes=10)
    breach = life.facts(SlaBreached)[0]
    assert (breach.metric, breach.breached_at) == (Metric.FIRST_RESPONSE, seoul(23, 11, 30))


def test_a_policy_that_does_not_pause_lets_a_waiting_tickets_clocks_run(life: Life) -> None:
    life.says(MINA, status=Status.PENDING)
    assert clock(life, Metric.RESOLUTION).due_at is None
    life.change(group="billing")  # whose promise waits for third parties only
    assert life.stands.sla is not None
    assert life.stands.sla.stopped_at is None
    assert clock(life, Metric.RESOLUTION).due_at is not None
    life.change(group="support")
    assert life.stands.sla.stopped_at is not None
    assert clock(life, Metric.RESOLUTION).due_at is None


def test_a_change_that_matters_to_no_policy_leaves_the_clocks_alone(life: Life) -> None:
    life.change(assignee="mina", tags=("vip",), fields={"order": "1"})
    assert len(life.facts(SlaApplied)) == 1


def test_what_is_already_so_is_no_event(life: Life) -> None:
    decision = life.change(status=Status.NEW, priority=Priority.NORMAL, group=None, tags=(), fields={"x": None})
    assert decision is not None
    assert decision.events == ()


def test_a_ticket_is_new_once(life: Life) -> None:
    life.change(status=Status.OPEN)
    refused(life, ChangeTicket(status=Status.NEW), Invalid)


def test_tags_come_and_go_one_by_one(life: Life) -> None:
    life.change(tags=("vip", "refund"))
    life.change(tags=("refund", "한글", "refund"))
    assert life.stands.tags == ("refund", "한글")
    assert life.facts(TicketTagsChanged)[-1] == TicketTagsChanged(("한글",), ("vip",))


@pytest.mark.parametrize("tags", [("",), ("x" * 61,), tuple(str(n) for n in range(51))])
def test_tags_that_are_empty_long_or_many_are_refused(life: Life, tags: tuple[str, ...]) -> None:
    refused(life, ChangeTicket(tags=tags), Invalid)


def test_fields_merge_and_none_takes_one_away(life: Life) -> None:
    life.change(fields={"order": "4711", "paid": False, "count": 0})
    life.change(fields={"order": None, "count": 3})
    assert life.stands.copies.fields == {"paid": False, "count": 3}
    assert life.stands.field_names == ("count", "paid")
    assert life.facts(TicketFieldsChanged)[-1].names == ("count", "order")


def test_no_value_of_a_field_is_in_history(life: Life) -> None:
    life.change(fields={"order": "a person's words"})
    assert "a person's words" not in repr(life.events)


def test_more_than_a_hundred_fields_are_refused(life: Life) -> None:
    refused(life, ChangeTicket(fields={str(n): n for n in range(101)}), Invalid)


def test_a_ticket_cannot_be_linked_to_itself_and_to_another_only_once(life: Life) -> None:
    refused(life, LinkTicket(Link(Relation.MENTIONS, life.stands.id, 1001)), Invalid)
    link = LinkTicket(Link(Relation.FOLLOWED_BY, "other", 1002))
    life.do(link, MINA)
    life.do(link, MINA)
    assert life.stands.links == (link.link,)


# --- routing ---------------------------------------------------------------------------------------------------------


def test_routing_says_why(life: Life) -> None:
    reasons = (Reason("group_by_default"), Reason("least_busy", {"open": 0, "among": 2}))
    life.do(RouteTicket("support", "jun", reasons), ROUTER)
    assert life.facts(TicketAssigned) == [TicketAssigned(None, "support", None, "jun", reasons)]


def test_routing_yields_to_whoever_assigned_by_hand(life: Life) -> None:
    life.change(assignee="mina", group="support")
    decision = life.do(RouteTicket("billing", "jun", ()), ROUTER)
    assert decision is not None
    assert decision.events == ()


def test_routing_keeps_a_group_chosen_by_hand_and_gives_it_none_of_anothers_agents(life: Life) -> None:
    life.change(group="billing")
    life.do(RouteTicket("support", "jun", ()), ROUTER)
    assert (life.stands.group, life.stands.assignee) == ("billing", None)


def test_a_solved_ticket_is_not_routed(life: Life) -> None:
    life.change(status=Status.SOLVED)
    life.do(RouteTicket("support", "jun", ()), ROUTER)
    assert life.stands.assignee is None


def test_only_open_tickets_weigh_on_their_assignee(life: Life) -> None:
    nobody = life.stands
    life.change(assignee="mina")
    mina = life.stands
    assert load_changes(nobody, mina) == {"mina": 1}
    assert load_changes(mina, replace(mina, assignee="jun")) == {"mina": -1, "jun": 1}
    assert load_changes(mina, replace(mina, status=Status.PENDING)) == {}
    assert load_changes(mina, replace(mina, status=Status.SOLVED)) == {"mina": -1}


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_warning_and_a_breach_are_recorded_at_their_computed_instants_by_a_sweep_that_comes_days_later(
    life: Life,
) -> None:
    life.tick(days=3)
    assert SlaWarned(Metric.FIRST_RESPONSE, seoul(23, 14)) in life.facts(SlaWarned)
    assert life.facts(SlaBreached) == [SlaBreached(Metric.FIRST_RESPONSE, seoul(23, 15))]
    assert {event.actor for event in life.events if isinstance(event.fact, SlaBreached)} == {SWEEPER}


def test_a_breach_is_recorded_once_even_if_the_sweep_runs_twice(life: Life) -> None:
    life.tick(days=1)
    count = len(life.events)
    life.tick()
    life.tick()
    assert len(life.events) == count


def test_an_answer_that_comes_too_late_finds_the_breach_recorded_before_it(life: Life) -> None:
    life.now = seoul(23, 15, 1)
    life.says(MINA)
    kinds = [type(event.fact).__name__ for event in life.events]
    assert kinds.index("SlaBreached") < kinds.index("MessageAdded")
    assert clock(life, Metric.FIRST_RESPONSE).met_at == life.now


def test_waiting_for_the_requester_stops_the_clocks_and_their_reply_starts_them_again(life: Life) -> None:
    life.says(MINA, status=Status.PENDING)
    # 40 hours: seven on Monday, eight each until Thursday, none on Friday the 27th, eight on Monday, one on Tuesday.
    due_if_never_stopped = seoul(30, 10) + timedelta(days=1)
    assert next_due(life.stands) is None
    life.now += timedelta(hours=2)  # ten to noon: two business hours
    life.says(REQUESTER)
    assert clock(life, Metric.RESOLUTION).due_at == due_if_never_stopped + timedelta(hours=2)


def test_the_survey_is_due_an_hour_after_solving_and_closing_four_days_after(life: Life) -> None:
    life.change(status=Status.SOLVED)
    solved_at = life.now
    assert next_due(life.stands) == solved_at + timedelta(hours=1)
    life.tick(hours=3)
    assert life.facts(SurveyDue) == [SurveyDue(solved_at + timedelta(hours=1))]
    assert next_due(life.stands) == solved_at + timedelta(days=4)
    life.tick(days=5)
    assert life.stands.status is Status.CLOSED
    assert life.stands.closed_at == life.now
    assert life.stands.solved_at == solved_at
    assert next_due(life.stands) is None


def test_a_sweep_that_comes_after_both_asks_and_closes(life: Life) -> None:
    life.change(status=Status.SOLVED)
    life.tick(days=9)
    assert len(life.facts(SurveyDue)) == 1
    assert life.stands.status is Status.CLOSED


def test_a_reopened_ticket_is_asked_about_after_it_is_solved_again_if_it_was_not_asked_before(life: Life) -> None:
    life.change(status=Status.SOLVED)
    life.says(REQUESTER)
    life.tick(days=1)
    assert life.facts(SurveyDue) == []
    life.change(status=Status.SOLVED)
    life.tick(hours=2)
    life.do(RecordSurvey("s1"), SURVEYOR)
    life.says(REQUESTER)
    life.change(status=Status.SOLVED)
    life.tick(days=1)
    assert len(life.facts(SurveyDue)) == 1


def test_a_machines_ticket_is_never_surveyed() -> None:
    life = Life(RULES).open(automatic=True)
    life.change(status=Status.SOLVED)
    life.tick(days=1)
    assert life.facts(SurveyDue) == []


def test_a_ticket_closed_by_hand_is_still_asked_about(life: Life) -> None:
    life.change(status=Status.CLOSED)
    life.tick(hours=2)
    assert len(life.facts(SurveyDue)) == 1


# --- surveys ---------------------------------------------------------------------------------------------------------


def test_a_survey_is_rated_by_its_own_link_and_a_changed_mind_counts(life: Life) -> None:
    """For how long a mind may change is the survey's to say, not the ticket's."""
    life.do(RecordSurvey("s1"), SURVEYOR)
    life.do(RecordSurvey("s2"), SURVEYOR)
    assert life.stands.survey_id == "s1"
    refused(life, RecordRating("s2", 5))
    life.do(RecordRating("s1", 4), REQUESTER)
    assert life.stands.rating == 4
    life.do(RecordRating("s1", 2), REQUESTER)
    assert life.stands.rating == 2


def test_two_policies_of_the_desk_are_tried_in_their_order() -> None:
    life = Life(replace(RULES, policies=(STANDARD, BILLING))).open()
    life.change(group="billing")
    assert life.stands.sla is not None
    assert life.stands.sla.policy_id == STANDARD.id


def test_a_clock_that_runs_behind_never_puts_an_event_before_the_one_it_follows(life: Life) -> None:
    life.says(MINA)
    life.now -= timedelta(minutes=5)
    life.says(REQUESTER)
    assert [event.at for event in life.events] == sorted(event.at for event in life.events)
