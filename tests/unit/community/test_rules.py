"""What may become of questions and answers, whatever is done in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.community import rules
from helpdesk.community.model import (
    Answer,
    Author,
    AuthorKind,
    CommunitySettings,
    Member,
    Post,
    PostState,
    Question,
    Why,
)
from helpdesk.community.traces import BLOT, blotting
from helpdesk.kernel.errors import Conflict, Invalid

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ANN = Author(AuthorKind.PERSON, "ann")
QUESTION = Question("q", 1, "-", "en", "How do I pay?", Post(ANN, NOW, "By card?"), NOW)


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(PostState), st.booleans()), max_size=20))
def test_a_question_counts_the_answers_that_all_see_and_accepts_none_but_those(
    steps: list[tuple[int, PostState, bool]],
) -> None:
    question, answers = QUESTION, dict[int, Answer]()
    for minute, (number, state, accepts) in enumerate(steps, 1):
        before = answers.get(number)
        at = NOW + timedelta(minutes=minute)
        answer = before or Answer(str(number), "q", Post(ANN, at, "So."))
        answers[number] = replace(answer, post=replace(answer.post, state=state))
        question = rules.with_answer(question, before, answers[number], at)
        if accepts and answers[number].visible:
            question = rules.accepted(question, answers[number], ANN)
        elif accepts:
            with pytest.raises(Conflict):
                rules.accepted(question, answers[number], ANN)
        shown = {one.id for one in answers.values() if one.visible}
        assert question.answers == len(shown)
        assert question.accepted in {None, *shown}
        assert question.waiting == (not shown)
        assert question.active_at >= NOW


@given(st.text(max_size=40))
def test_no_public_name_is_an_address_a_link_or_the_desks(name: str) -> None:
    try:
        kept = rules.checked_name(name, ["Acme Support"])
    except Invalid:
        return
    assert not any(sign in kept for sign in ("@", "://", "<", "\n"))
    assert rules.SHORTEST_NAME <= len(kept) <= rules.LONGEST_NAME
    assert rules.name_key(kept) != rules.name_key("acme  SUPPORT")


@pytest.mark.parametrize(
    ("words", "approved", "held"),
    [
        ("Cheap CASINO here", 50, Why.WORDS),
        ("How do I pay?", 0, Why.NEWCOMER),
        ("https://a.example http://b.example www.c.example", 1, Why.LINKS),
        ("https://a.example http://b.example www.c.example", 5, None),
        ("How do I pay?", 1, None),
    ],
)
def test_what_waits_for_a_moderator(words: str, approved: int, held: Why | None) -> None:
    settings = CommunitySettings(held_words=("casino",))
    assert rules.reason_to_hold(words, Member("ann", approved=approved), settings) is held


def test_reports_hide_a_post_at_the_number_that_admins_set_and_a_moderator_settles_them() -> None:
    post = QUESTION.post
    for count in (1, 2):
        post = rules.reported(post, CommunitySettings(reports_hide=3))
        assert (post.state, post.reports) == (PostState.VISIBLE, count)
    post = rules.reported(post, CommunitySettings(reports_hide=3))
    assert (post.state, post.why) == (PostState.HIDDEN, Why.REPORTED)
    assert rules.released(post) == QUESTION.post
    assert rules.queued_at(rules.released(post)) is None


def test_what_tells_of_somebody_is_blotted_out_and_nothing_else() -> None:
    blot = blotting(lambda text: "xylo" in text.lower())
    assert blot("Dear Xylophina,\nhow are  you?") == f"Dear {BLOT}\nhow are  you?"
    assert blot("How are you?") == "How are you?"
