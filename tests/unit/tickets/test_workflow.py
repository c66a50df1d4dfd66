"""Further statuses, what may follow what, what must be filled in first, and what a priority follows from."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.forms.model import Catalogue, FieldDefinition, FieldType
from helpdesk.kernel.errors import Conflict, Invalid, NotReady
from helpdesk.tickets.commands import AddMessage, ChangeTicket, ReleaseMessage, Tick
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import MessageReleased, TicketPriorityChanged, TicketStatusChanged
from helpdesk.tickets.model import (
    Channel,
    Level,
    Priority,
    Reason,
    Status,
    StatusCategory,
    Ticket,
    TicketType,
    Visibility,
)
from helpdesk.tickets.rules import decide
from helpdesk.tickets.workflow import PriorityMatrix, StatusDefinition, Workflow
from tests.support.desks import RULES
from tests.support.lives import MINA, REQUESTER, SWEEPER, Life, message

SERIAL = FieldDefinition("serial", FieldType.TEXT, {"en": "Serial number"}, required_to_solve=True)
NEEDY = replace(RULES, workflow=replace(RULES.workflow, catalogue=Catalogue({"serial": SERIAL})))


def a_life(rules: DeskRules = RULES) -> Life:
    return Life(rules).open()


def wish(life: Life, **what: object) -> Ticket:
    """What becomes of a change, refusals included."""
    return decide(life.stands, ChangeTicket(**what), life.rules, actor=MINA, now=life.now).ticket


def test_a_further_status_says_its_base_and_setting_a_base_takes_it_away() -> None:
    life = a_life()
    life.change(custom_status="in_repair")
    assert (life.stands.status, life.stands.custom_status) == (Status.ON_HOLD, "in_repair")
    life.change(status=Status.ON_HOLD)
    assert (life.stands.status, life.stands.custom_status) == (Status.ON_HOLD, None)
    moves = life.facts(TicketStatusChanged)
    assert [(one.old_custom, one.new_custom) for one in moves] == [(None, "in_repair"), ("in_repair", None)]


def test_taking_a_further_status_away_leaves_its_base() -> None:
    life = a_life()
    life.change(custom_status="in_repair")
    life.change(custom_status=None)
    assert (life.stands.status, life.stands.custom_status) == (Status.ON_HOLD, None)


@pytest.mark.parametrize(
    "what",
    [
        {"custom_status": "nowhere"},
        {"custom_status": "open"},
        {"custom_status": "in_repair", "status": Status.OPEN},
    ],
)
def test_a_further_status_that_is_none_or_over_another_base_is_refused(what: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refusal:
        wish(a_life(), **what)
    assert refusal.value.errors[0].pointer == "/custom_status"


def test_a_status_that_is_not_used_any_more_is_kept_and_cannot_be_set_anew() -> None:
    life = a_life()
    life.change(custom_status="in_repair")
    retired = replace(RULES.workflow.statuses["in_repair"], active=False)
    statuses = {**RULES.workflow.statuses, "in_repair": retired}
    life.rules = replace(RULES, workflow=replace(RULES.workflow, statuses=statuses))
    assert wish(life, custom_status="in_repair", tags=("seen",)).custom_status == "in_repair"
    life.change(status=Status.OPEN)
    with pytest.raises(Invalid):
        wish(life, custom_status="in_repair")


def test_what_may_not_follow_is_refused_with_what_may() -> None:
    life = a_life()
    life.change(custom_status="working")
    with pytest.raises(NotReady) as refusal:
        wish(life, status=Status.ON_HOLD)
    assert refusal.value.errors[0].pointer == "/status"
    assert "in_repair, pending, solved" in refusal.value.errors[0].message
    assert wish(life, custom_status="in_repair").custom_status == "in_repair"


def test_the_requester_and_time_are_never_held_up_by_what_may_follow() -> None:
    statuses = {
        "solved": StatusDefinition("solved", Status.SOLVED, to=("pending",)),
        "pending": StatusDefinition("pending", Status.PENDING, to=("solved",)),
    }
    life = a_life(replace(RULES, workflow=Workflow(statuses)))
    life.change(status=Status.SOLVED)
    life.says(REQUESTER)
    assert life.stands.status is Status.OPEN
    life.change(status=Status.SOLVED)
    life.tick(days=5)
    assert life.stands.status is Status.CLOSED


def test_a_status_over_solved_closes_as_solved_does() -> None:
    life = a_life()
    life.change(custom_status="done_for_now")
    assert life.stands.done
    assert life.stands.solved_at is not None
    life.tick(days=5)
    assert (life.stands.status, life.stands.custom_status) == (Status.CLOSED, None)


def test_what_is_missing_before_solving_is_named_and_may_come_along() -> None:
    life = a_life(NEEDY)
    for what in ({"status": Status.SOLVED}, {"custom_status": "done_for_now"}):
        with pytest.raises(NotReady) as refusal:
            wish(life, **what)
        assert [error.pointer for error in refusal.value.errors] == ["/fields/serial"]
    assert wish(life, status=Status.SOLVED, fields={"serial": "A-1"}).done


def test_a_message_that_solves_obeys_the_same() -> None:
    life = a_life(NEEDY)
    command = message("m1", MINA, status=Status.SOLVED)
    for held in (None, life.now + timedelta(seconds=30)):
        with pytest.raises(NotReady):
            decide(life.stands, replace(command, send_at=held), NEEDY, actor=MINA, now=life.now)


def test_a_held_answer_goes_out_though_its_status_cannot_follow_any_more() -> None:
    life = a_life()
    at = life.now + timedelta(seconds=30)
    held = AddMessage("m1", MINA, Visibility.PUBLIC, Channel.WEB, "text", status=Status.ON_HOLD, send_at=at)
    life.do(held, MINA)
    life.change(custom_status="working")
    life.tick(minutes=1)
    assert not life.stands.held
    assert life.stands.custom_status == "working"
    released = life.facts(MessageReleased)[0]
    assert released.because == (Reason("status_cannot_follow", {"status": "on_hold"}),)


def test_a_held_answer_takes_its_further_status_along() -> None:
    life = a_life()
    at = life.now + timedelta(seconds=30)
    held = AddMessage("m1", MINA, Visibility.PUBLIC, Channel.WEB, "text", custom_status="in_repair", send_at=at)
    life.do(held, MINA)
    assert life.stands.status is Status.NEW
    life.do(ReleaseMessage("m1"), MINA)
    assert (life.stands.status, life.stands.custom_status) == (Status.ON_HOLD, "in_repair")


@pytest.mark.parametrize("impact", Level)
@pytest.mark.parametrize("urgency", Level)
def test_impact_and_urgency_choose_the_priority_and_history_says_so(impact: Level, urgency: Level) -> None:
    life = a_life()
    life.change(impact=impact)
    assert life.stands.priority is Priority.NORMAL
    life.change(urgency=urgency)
    expected = PriorityMatrix().priority(impact, urgency)
    assert life.stands.priority is expected
    because = (Reason("impact_and_urgency", {"impact": impact.value, "urgency": urgency.value}),)
    assert [one.because for one in life.facts(TicketPriorityChanged)] == [because] * (expected is not Priority.NORMAL)


def test_a_priority_that_is_given_along_is_what_counts() -> None:
    life = a_life()
    life.change(impact=Level.HIGH, urgency=Level.HIGH, priority=Priority.LOW)
    assert life.stands.priority is Priority.LOW
    assert life.facts(TicketPriorityChanged)[0].because == ()


def test_a_ticket_opened_with_impact_and_urgency_has_the_priority_they_lead_to() -> None:
    assessed = ChangeTicket(impact=Level.HIGH, urgency=Level.HIGH, product="chair")
    life = Life(RULES).open(change=assessed)
    assert (life.stands.priority, life.stands.product) == (Priority.URGENT, "chair")


def test_type_and_product_change_and_are_told_once() -> None:
    life = a_life()
    life.change(type=TicketType.INCIDENT, product="lamp")
    assert (life.stands.type, life.stands.product) == (TicketType.INCIDENT, "lamp")
    version = life.stands.version
    life.change(type=TicketType.INCIDENT, product="lamp")
    assert life.stands.version == version


_further = {
    f"s{n}": StatusDefinition(f"s{n}", base) for n, base in enumerate((Status.OPEN, Status.ON_HOLD, Status.SOLVED))
}
_ids = [*(status.value for status in Status), *_further]


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Any limits at all."""
    limits = st.none() | st.lists(st.sampled_from(_ids), min_size=1, max_size=4, unique=True).map(tuple)
    six = {status.value: StatusDefinition(status.value, status, to=draw(limits)) for status in Status}
    return Workflow(six | {name: replace(one, to=draw(limits)) for name, one in _further.items()})


_wishes = st.lists(
    st.one_of(
        st.sampled_from(list(Status)).map(lambda status: ChangeTicket(status=status)),
        st.sampled_from(sorted(_further)).map(lambda name: ChangeTicket(custom_status=name)),
        st.sampled_from(list(Status)).map(lambda status: message("m", MINA, status=status)),
        st.just(message("m", REQUESTER)),
        st.just(Tick()),
    ),
    max_size=12,
)


@given(workflows(), _wishes)
def test_no_colleague_ever_gets_a_ticket_where_it_may_not_go(workflow: Workflow, wishes: list[object]) -> None:
    life = a_life(DeskRules(workflow=workflow, close_delay=timedelta(days=1)))
    for one in wishes:
        before = life.stands
        actor = SWEEPER if isinstance(one, Tick) else REQUESTER if one == message("m", REQUESTER) else MINA
        life.do(one, actor, after=timedelta(days=2))
        moves = [event for event in life.events[before.version :] if isinstance(event.fact, TicketStatusChanged)]
        for event in moves:
            fact = event.fact
            if fact.because.code in {"by_hand", "with_message"}:
                allowed = workflow.next_of(replace(before, status=fact.old, custom_status=fact.old_custom))
                assert allowed is None or (fact.new_custom or fact.new.value) in allowed
            if fact.new_custom is not None:
                assert _further[fact.new_custom].base is fact.new
            assert fact.old is not Status.CLOSED
            assert fact.new is not Status.NEW
        category = life.stands.status.category
        assert (life.stands.solved_at is not None) is (category is StatusCategory.DONE)


def test_closed_stays_final_whatever_is_configured() -> None:
    life = a_life()
    life.change(status=Status.SOLVED)
    life.change(status=Status.CLOSED)
    with pytest.raises(Conflict):
        wish(life, custom_status="working")
