"""What a policy does about clocks that nobody stops: once each, at the computed instants, whoever comes by first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.sla.model import Metric
from helpdesk.sla.rules import next_instant
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import SlaApplied, SlaEscalated, TicketAssigned, TicketPriorityChanged, TicketTagsChanged
from helpdesk.tickets.model import SWEEPER, Priority
from helpdesk.tickets.rules import fold
from tests.support.escalating import RULES
from tests.support.lives import MINA, Life, Wish, openings, wishes


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An hour of November 2026 in Seoul; tickets here are opened on Monday the 23rd at ten."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def escalated(life: Life) -> list[tuple[str, datetime]]:
    return [
        (fact.level, fact.escalated_at) for fact in life.facts(SlaEscalated) if fact.metric is Metric.FIRST_RESPONSE
    ]


def test_a_level_tells_whom_the_policy_names() -> None:
    life = Life(RULES).open()
    life.tick(hours=1, minutes=59)
    assert escalated(life) == []
    life.tick(minutes=1)
    (fact,) = life.facts(SlaEscalated)
    assert (fact.level, fact.escalated_at, fact.notify) == ("soon", seoul(23, 12), ("assignee", "group"))


def test_a_level_raises_tags_and_hands_on_as_of_its_instant_however_late_it_is_noticed() -> None:
    prompt, late = Life(RULES).open(), Life(RULES).open()
    for _ in range(8 * 60):
        prompt.tick(minutes=1)
    late.tick(hours=8)
    for life in (prompt, late):
        assert escalated(life) == [("soon", seoul(23, 12)), ("missed", seoul(23, 15)), ("on", seoul(23, 16))]
        assert [(fact.old, fact.new) for fact in life.facts(TicketPriorityChanged)] == [
            (Priority.NORMAL, Priority.HIGH)
        ]
        assert [fact.added for fact in life.facts(TicketTagsChanged)] == [("late",)]
        (handed,) = life.facts(TicketAssigned)
        assert (handed.new_group, handed.because[0].code) == ("billing", "sla_escalated")
    assert prompt.stands.sla == late.stands.sla


def test_what_an_escalation_changes_is_the_sweepers_doing_and_stands_behind_it() -> None:
    life = Life(RULES).open()
    life.now += timedelta(hours=5, minutes=30)
    life.says(MINA)
    kinds = [type(event.fact) for event in life.events if event.actor == SWEEPER]
    place = kinds.index(TicketPriorityChanged)
    assert kinds[place - 1] is SlaEscalated
    assert kinds[place + 1 : place + 3] == [TicketTagsChanged, SlaApplied]


def test_an_answer_in_time_leaves_nothing_to_escalate() -> None:
    life = Life(RULES).open()
    life.now += timedelta(hours=1)
    life.says(MINA)
    life.tick(days=3)
    assert escalated(life) == []
    assert life.stands.priority is Priority.NORMAL


def test_the_most_urgent_is_raised_no_further() -> None:
    life = Life(RULES).open(priority=Priority.URGENT)
    life.tick(hours=4)
    assert life.facts(TicketPriorityChanged) == []
    assert "missed" in dict(escalated(life))


def test_a_change_of_tags_can_change_the_policy() -> None:
    life = Life(RULES).open()
    life.change(group="billing")
    assert life.stands.sla is not None
    assert (life.stands.sla.policy_id, life.stands.sla.calendar_id) == ("everyone", "always")
    life.change(tags=("late",))
    assert life.stands.sla.policy_id == "tagged"


@settings(deadline=None, max_examples=150)
@given(openings, st.lists(wishes, max_size=12))
def test_whatever_happens_history_gives_the_ticket_and_nothing_due_is_left(opening: object, life: list[Wish]) -> None:
    lived = Life(RULES)
    lived.do(opening, MINA)  # type: ignore[arg-type]
    for wish in life:
        decision = lived.grant(wish)
        if decision is not None:
            ticket = decision.ticket
            clock = next_instant(ticket.sla) if ticket.sla is not None else None
            held = ticket.held[0].send_at if ticket.held else None
            # a target that is met with what was used before has its warning at this very instant: the next command settles it
            assert all(due is None or due >= lived.now for due in (clock, held)), "a command never outruns the sweep"
            assert len(decision.events) < 90, "one transaction holds it"
    folded = fold(lived.events)
    assert folded.sla == lived.stands.sla
    assert (folded.priority, folded.group, folded.tags) == (
        lived.stands.priority,
        lived.stands.group,
        lived.stands.tags,
    )
    assert verify(lived.events, lived.stands.chain) is None
    done = [(fact.metric, fact.level, fact.escalated_at) for fact in lived.facts(SlaEscalated)]
    assert len(set(done)) == len(done)
