"""Approvals: who answers, what settles them, and what is not taken any more."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.tickets.commands import AnswerApproval, AskApproval, Command, WithdrawApproval
from helpdesk.tickets.core import Decision
from helpdesk.tickets.model import Status
from helpdesk.tickets.parts.approvals import approvals_due_at, find_approval
from helpdesk.tickets.rules import decide
from helpdesk.tickets.todo import (
    MAX_APPROVALS,
    MAX_APPROVERS,
    Approval,
    ApprovalAnswered,
    ApprovalDue,
    ApprovalMode,
    ApprovalSettled,
    ApprovalState,
    ApprovalWords,
    Approver,
    ApproverKind,
    Verdict,
)
from tests.support.desks import RULES
from tests.support.lives import MINA, Life, wishes

YES, NO = Verdict.APPROVED, Verdict.DECLINED
FIVE = tuple(Approver(ApproverKind.PERSON, f"p{n}") for n in range(5))


@pytest.fixture
def life() -> Life:
    return Life(RULES).open()


def wish(life: Life, command: Command) -> Decision:
    decision = decide(life.stands, command, life.rules, actor=MINA, now=life.now)
    life.ticket = decision.ticket
    life.events += decision.events
    return decision


def ask(life: Life, mode: ApprovalMode, *approvers: Approver, **more: object) -> None:
    wish(life, AskApproval("a", mode, approvers, ApprovalWords("May we refund 90,000 won?"), **more))


def stands(life: Life) -> Approval:
    found = find_approval(life.stands, "a")
    assert found is not None
    return found


def reference(mode: ApprovalMode, asked: int, said: list[tuple[int, Verdict]]) -> ApprovalState:
    """The rule in the plainest words: goes through the answers one by one, and stops at what settles it."""
    latest: dict[int, Verdict] = {}
    for who, verdict in said:
        latest[who] = verdict
        everybody = [latest.get(one) for one in range(asked)]
        if mode is ApprovalMode.ALL:
            if NO in everybody:
                return ApprovalState.DECLINED
            if all(one is YES for one in everybody):
                return ApprovalState.APPROVED
        else:
            if YES in everybody:
                return ApprovalState.APPROVED
            if all(one is NO for one in everybody):
                return ApprovalState.DECLINED
    return ApprovalState.PENDING


@given(
    st.sampled_from(ApprovalMode),
    st.integers(1, 5),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(Verdict)), max_size=12),
)
def test_answers_settle_it_as_the_plain_rule_says(
    mode: ApprovalMode, asked: int, said: list[tuple[int, Verdict]]
) -> None:
    life = Life(RULES).open()
    ask(life, mode, *FIVE[:asked])
    said = [(who % asked, verdict) for who, verdict in said]
    for place, (who, verdict) in enumerate(said):
        settled = reference(mode, asked, said[:place]) is not ApprovalState.PENDING
        before = stands(life).answer_of(FIVE[who])
        if settled and (before is None or before.verdict is not verdict):
            with pytest.raises(Conflict):
                wish(life, AnswerApproval("a", FIVE[who], verdict))
        else:
            wish(life, AnswerApproval("a", FIVE[who], verdict))
        assert stands(life).state is reference(mode, asked, said[: place + 1])
    assert len(life.facts(ApprovalSettled)) == (not stands(life).pending)
    assert (stands(life).settled_at is None) is stands(life).pending


@given(st.lists(wishes, max_size=40))
def test_an_approval_is_settled_once_and_by_nobody_who_was_not_asked(story: list) -> None:
    life = Life(RULES).open()
    for one in story:
        life.grant(one)
    for approval in life.stands.approvals:
        facts = [fact for fact in life.facts(ApprovalSettled) if fact.approval_id == approval.id]
        assert len(facts) == (approval.state in {ApprovalState.APPROVED, ApprovalState.DECLINED})
        assert {answer.approver for answer in approval.answers} <= set(approval.approvers)
        assert len({answer.approver for answer in approval.answers}) == len(approval.answers)


def test_a_changed_mind_counts_until_it_is_settled(life: Life) -> None:
    ask(life, ApprovalMode.ANY, *FIVE[:2])
    wish(life, AnswerApproval("a", FIVE[0], NO, "Too much."))
    assert stands(life).pending
    wish(life, AnswerApproval("a", FIVE[0], YES))
    assert stands(life).state is ApprovalState.APPROVED
    assert life.stands.copies.approvals["a"].comments == {}
    with pytest.raises(Conflict, match="approved"):
        wish(life, AnswerApproval("a", FIVE[1], NO))


def test_the_same_answer_again_is_no_event_even_after_it_is_settled(life: Life) -> None:
    ask(life, ApprovalMode.ALL, FIVE[0])
    wish(life, AnswerApproval("a", FIVE[0], YES, "Fine."))
    assert wish(life, AnswerApproval("a", FIVE[0], YES, "Fine.")).events == ()
    with pytest.raises(Conflict):
        wish(life, AnswerApproval("a", FIVE[0], YES, "Fine, and more."))


def test_only_who_was_asked_answers(life: Life) -> None:
    ask(life, ApprovalMode.ANY, FIVE[0])
    with pytest.raises(Forbidden):
        wish(life, AnswerApproval("a", FIVE[1], YES))
    with pytest.raises(Forbidden):
        wish(life, AnswerApproval("a", Approver(ApproverKind.AGENT, FIVE[0].id), YES))
    with pytest.raises(NotFound):
        wish(life, AnswerApproval("b", FIVE[0], YES))


def test_words_are_no_part_of_history(life: Life) -> None:
    ask(life, ApprovalMode.ALL, *FIVE[:2])
    wish(life, AnswerApproval("a", FIVE[0], YES, "Because he is right."))
    told = str([event.fact for event in life.events])
    assert "refund" not in told
    assert "right" not in told
    assert life.stands.copies.approvals["a"].comments == {FIVE[0].key: "Because he is right."}
    assert life.facts(ApprovalAnswered) == [ApprovalAnswered("a", FIVE[0], YES)]


def test_what_is_withdrawn_takes_no_answers_and_what_is_settled_is_not_withdrawn(life: Life) -> None:
    ask(life, ApprovalMode.ALL, *FIVE[:2])
    wish(life, WithdrawApproval("a"))
    assert stands(life).state is ApprovalState.WITHDRAWN
    assert wish(life, WithdrawApproval("a")).events == ()
    with pytest.raises(Conflict):
        wish(life, AnswerApproval("a", FIVE[0], YES))
    wish(life, AskApproval("b", ApprovalMode.ANY, FIVE, ApprovalWords("And this?")))
    wish(life, AnswerApproval("b", FIVE[0], YES))
    with pytest.raises(Conflict):
        wish(life, WithdrawApproval("b"))


def test_a_closed_ticket_asks_nobody_and_hears_nobody(life: Life) -> None:
    ask(life, ApprovalMode.ALL, *FIVE[:2], due_at=life.now + timedelta(days=1))
    life.change(status=Status.CLOSED)
    for command in (
        AnswerApproval("a", FIVE[0], YES),
        WithdrawApproval("a"),
        AskApproval("b", ApprovalMode.ANY, FIVE, ApprovalWords("And this?")),
    ):
        with pytest.raises(Conflict):
            wish(life, command)
    life.tick(days=3)
    assert life.facts(ApprovalDue) == []


def test_who_has_not_answered_is_due_once(life: Life) -> None:
    at = life.now + timedelta(days=1)
    ask(life, ApprovalMode.ALL, *FIVE[:2], due_at=at)
    assert approvals_due_at(life.stands) == at
    life.tick(days=2)
    life.tick(days=2)
    assert life.facts(ApprovalDue) == [ApprovalDue("a", at)]


def test_so_many_approvals_of_so_many_people_and_no_more(life: Life) -> None:
    crowd = tuple(Approver(ApproverKind.PERSON, f"x{n}") for n in range(MAX_APPROVERS + 1))
    for people in ((), crowd, (FIVE[0], FIVE[0])):
        with pytest.raises(Invalid):
            ask(life, ApprovalMode.ALL, *people)
    for place in range(MAX_APPROVALS):
        wish(life, AskApproval(f"n{place}", ApprovalMode.ANY, FIVE, ApprovalWords("?")))
    with pytest.raises(Conflict):
        ask(life, ApprovalMode.ALL, FIVE[0])
