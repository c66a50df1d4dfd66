from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, Gone, Invalid, NotFound, Unauthenticated, Unavailable
from helpdesk.mail.delivery import Rejected
from helpdesk.platform.signing import Purpose, Signer
from helpdesk.surveys.model import CHANGEABLE, AlreadyAnswered, Rated, SurveyState
from helpdesk.surveys.plans import Question, QuestionKind, SurveyPlan, sampled
from helpdesk.surveys.reports import Bucket, By, Sums, added_up, difference, months_between, read_by, weeks_back
from helpdesk.tickets.commands import Command, RecordRating
from helpdesk.tickets.facts import RatingRecorded, SurveySent
from helpdesk.tickets.model import Actor
from helpdesk.tickets.service import Outcome
from tests.conftest import StandingClock
from tests.fakes.mail_out import NOW, MailDesk, PowerCut, desk_of
from tests.support.stories import Story

REQUESTER_ADDRESS = "minji@example.com"


def solved(desk: MailDesk, **more: object) -> Story:
    story = Story(desk, **more)
    story.solved()
    return story


def invited(desk: MailDesk, **more: object) -> tuple[Story, str]:
    """A ticket whose requester was asked, and the token they got."""
    story = solved(desk, **more)
    desk.surveys.handle(story.survey_due())
    return story, token_in(desk)


def token_in(desk: MailDesk) -> str:
    text = desk.to(REQUESTER_ADDRESS)[-1].get_body(("plain",)).get_content()
    return text.split("/portal/survey/", 1)[1].split()[0]


def told(desk: MailDesk, kind: type) -> list:
    return [event.fact for event in desk.tickets.events if isinstance(event.fact, kind)]


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_survey_is_sent_once_in_the_requesters_language_and_recorded_on_the_ticket(
    desk: MailDesk, language: str
) -> None:
    story, token = invited(desk, language=language)
    desk.surveys.handle(story.survey_due())
    (mail,) = desk.to(REQUESTER_ADDRESS)
    assert mail["Content-Language"] == language
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"https://desk.test/portal/survey/{token}?rating=4" in mail.get_body(("html",)).get_content()
    (fact,) = told(desk, SurveySent)
    assert story.ticket.survey_id == fact.survey_id


def test_another_due_survey_of_the_same_ticket_is_the_same_survey(desk: MailDesk) -> None:
    story, _ = invited(desk)
    desk.clock.advance(days=1)
    desk.tickets.tickets[story.id] = replace(story.ticket, survey_id=None)
    desk.surveys.handle(story.survey_due())
    assert len(desk.store.surveys) == 1
    assert len(desk.sender.sent) == 1


def test_a_ticket_that_was_reopened_meanwhile_is_asked_about_when_it_is_solved_again(desk: MailDesk) -> None:
    story = solved(desk)
    due = story.survey_due()
    story.reopened()
    desk.surveys.handle(due)
    assert desk.sender.sent == []
    story.solved()
    desk.surveys.handle(story.survey_due())
    assert len(desk.sender.sent) == 1


def test_machines_the_desk_itself_and_people_whose_mail_comes_back_are_not_asked(desk: MailDesk) -> None:
    machine = solved(desk, automatic=True)
    desk.surveys.handle(machine.survey_due())
    own = solved(desk, address="support@desk.test", ticket_id="01KAQM10M00000000000000101")
    desk.surveys.handle(own.survey_due())
    lost = solved(desk, ticket_id="01KAQM10M00000000000000102")
    desk.people.people[lost.person.id] = replace(lost.person, undeliverable=True)
    desk.surveys.handle(lost.survey_due())
    assert desk.sender.sent == []
    assert told(desk, SurveySent) == []


def test_a_survey_that_could_not_be_sent_is_not_said_to_have_been(desk: MailDesk) -> None:
    story = solved(desk)
    desk.sender.refusal = Rejected("MessageRejected")
    desk.surveys.handle(story.survey_due())
    assert told(desk, SurveySent) == []


def test_a_survey_waits_while_the_mail_service_does_not_answer(desk: MailDesk) -> None:
    story = solved(desk)
    desk.sender.refusal = Unavailable("throttled")
    with pytest.raises(Unavailable):
        desk.surveys.handle(story.survey_due())
    desk.sender.refusal = None
    desk.surveys.handle(story.survey_due())
    assert len(desk.sender.sent) == 1


def test_other_events_mean_nothing_to_surveys(desk: MailDesk) -> None:
    story = solved(desk)
    desk.surveys.handle(story.opened)
    assert desk.store.surveys == {}


# --- answering --------------------------------------------------------------------------------------------------------


def test_looking_records_nothing(desk: MailDesk) -> None:
    story, token = invited(desk)
    before = dict(desk.store.surveys), story.ticket
    view = desk.surveys.look(token)
    assert (view.state, view.number, view.rating) == (SurveyState.OPEN, 1042, None)
    assert (dict(desk.store.surveys), story.ticket) == before


def test_a_rating_is_kept_and_recorded_and_its_comment_goes_into_no_event(desk: MailDesk) -> None:
    story, token = invited(desk)
    view = desk.surveys.answer(token, 4, "  Quick and kind.\r\n")
    assert (view.state, view.rating, view.comment) == (SurveyState.ANSWERED, 4, "Quick and kind.")
    assert desk.surveys.look(token).rating == 4
    assert story.ticket.rating == 4
    (fact,) = told(desk, RatingRecorded)
    assert fact == RatingRecorded(story.ticket.survey_id, 4)


def test_a_survey_takes_one_answer_which_may_be_changed_for_an_hour(desk: MailDesk) -> None:
    story, token = invited(desk)
    desk.surveys.answer(token, 4, "Good")
    first = desk.clock()
    assert desk.surveys.answer(token, 4, "Good").rating == 4
    desk.clock.advance(minutes=59)
    changed = desk.surveys.answer(token, 2, "Well")
    assert (changed.rating, changed.comment, changed.changeable_until) == (2, "Well", first + CHANGEABLE)
    assert story.ticket.rating == 2
    assert [fact.rating for fact in told(desk, RatingRecorded)] == [4, 2]
    (row,) = desk.store.rows.values()
    assert (row.rating, row.at) == (2, first), "reports have the last word, in the week of the first"
    desk.clock.advance(minutes=1)
    assert desk.surveys.look(token).changeable_until is None
    for rating, comment in ((5, "Well"), (2, "Better"), (2, None)):
        with pytest.raises(Conflict) as refused:
            desk.surveys.answer(token, rating, comment)
        assert refused.value.code == "already_answered"
    assert desk.surveys.answer(token, 2, "Well").rating == 2


NPS = Question("recommend", QuestionKind.NPS, {"en": "Would you recommend us?"})
WHY = Question("why", QuestionKind.TEXT, {"en": "What went wrong?"}, required=True, rating_to=2)


def planned(desk: MailDesk, **more: object) -> None:
    desk.desk = replace(desk.desk, surveys={"p": SurveyPlan("p", {"en": "Plan"}, questions=(NPS, WHY), **more)})


def test_own_questions_are_asked_where_the_rating_calls_for_them_as_they_stood_when_it_was_sent(desk: MailDesk) -> None:
    planned(desk)
    _, token = invited(desk)
    desk.desk = replace(desk.desk, surveys={})
    assert [one.id for one in desk.surveys.look(token).questions] == ["recommend", "why"]
    for rating, answers, wrong in (
        (1, {}, "/answers/why"),
        (5, {"recommend": 11}, "/answers/recommend"),
        (5, {"recommend": True}, "/answers/recommend"),
        (5, {"nothing": "x"}, "/answers/nothing"),
    ):
        with pytest.raises(Invalid) as refused:
            desk.surveys.answer(token, rating, None, answers)
        assert [error.pointer for error in refused.value.errors] == [wrong]
    kept = desk.surveys.answer(token, 5, None, {"recommend": 9, "why": "not asked, so not kept"}).answers
    assert kept == {"recommend": 9}
    (row,) = desk.store.rows.values()
    assert (row.nps, row.rating) == (9, 5)


def test_a_plan_says_whom_to_ask_how_many_and_how_often(desk: MailDesk) -> None:
    for plan, merged in (({"sample_percent": 0}, False), ({"pause_days": 30}, False), ({"pause_days": 30}, True)):
        trial = MailDesk(StandingClock(NOW))
        planned(trial, **plan)
        story = solved(trial)
        asker = story.ticket.requester_id
        if "pause_days" in plan:
            asked = "survivor" if merged else asker
            trial.people.people[asker] = replace(trial.people.people[asker], id=asked)
            assert trial.store.may_ask(asked, "earlier", NOW, NOW)
            trial.clock.advance(days=29)
        trial.surveys.handle(story.survey_due())
        assert trial.sender.sent == []
        assert trial.store.surveys == {}
    for limits, fits in (
        ({"groups": ("other",)}, False),
        ({"languages": ("ko", "en", "ja")}, True),
        ({"active": False}, False),
    ):
        trial = MailDesk(StandingClock(NOW))
        planned(trial, **limits)
        invited(trial)
        (survey,) = trial.store.surveys.values()
        assert (survey.plan_id == "p") is fits
    chosen = sum(sampled(f"01KAQM10M0000000000000{number:04}", 30) for number in range(2000))
    assert 500 < chosen < 700


def test_a_survey_is_over_when_its_time_is(desk: MailDesk) -> None:
    desk.desk = desk_of(survey_valid_seconds=3600)
    _, token = invited(desk)
    desk.clock.advance(hours=1, seconds=-1)
    assert desk.surveys.look(token).state is SurveyState.OPEN
    desk.clock.advance(seconds=1)
    assert desk.surveys.look(token).state is SurveyState.EXPIRED
    with pytest.raises(Gone):
        desk.surveys.answer(token, 5)
    assert told(desk, RatingRecorded) == []


def test_an_answer_in_time_is_still_shown_and_repeated_after_the_time(desk: MailDesk) -> None:
    _, token = invited(desk)
    desk.surveys.answer(token, 5)
    desk.clock.advance(days=100)
    assert desk.surveys.look(token).state is SurveyState.ANSWERED
    assert desk.surveys.answer(token, 5).rating == 5


@pytest.mark.parametrize("rating", [0, 6, -1, True])
def test_only_one_to_five_is_a_rating(desk: MailDesk, rating: int) -> None:
    _, token = invited(desk)
    with pytest.raises(Invalid) as refused:
        desk.surveys.answer(token, rating)
    assert [error.pointer for error in refused.value.errors] == ["/rating"]
    assert desk.surveys.look(token).state is SurveyState.OPEN


def test_a_comment_has_an_end(desk: MailDesk) -> None:
    _, token = invited(desk)
    with pytest.raises(Invalid):
        desk.surveys.answer(token, 3, "x" * 4001)
    assert desk.surveys.answer(token, 3, "x" * 4000).rating == 3


def test_forged_tokens_and_those_made_for_something_else_open_nothing(desk: MailDesk) -> None:
    story, token = invited(desk)
    claims = {"s": story.ticket.survey_id, "t": story.id}
    forged = Signer(lambda: ["another secret"]).sign(Purpose.SURVEY, claims)
    for wrong in (forged, token[:-2], "", "a.b", desk.signer.sign(Purpose.REQUEST, claims)):
        with pytest.raises(Unauthenticated):
            desk.surveys.look(wrong)
        with pytest.raises(Unauthenticated):
            desk.surveys.answer(wrong, 5)


def test_a_survey_that_is_not_there_or_is_another_tickets_is_not_found(desk: MailDesk) -> None:
    story, _ = invited(desk)
    for claims in ({"s": "01KAQM10M00000000000000999", "t": story.id}, {"s": story.ticket.survey_id, "t": "x"}, {}):
        with pytest.raises(NotFound):
            desk.surveys.look(desk.signer.sign(Purpose.SURVEY, claims))


def test_of_two_answers_at_once_the_last_one_counts_on_the_ticket_too(desk: MailDesk) -> None:
    story, token = invited(desk)
    run = desk.surveys._ports.tickets.run

    def slower(ticket_id: str, command: Command, *, actor: Actor) -> Outcome:
        desk.surveys._ports.tickets.run = run
        if isinstance(command, RecordRating):
            desk.surveys.answer(token, 1)  # another tab is faster, and through with it
        return run(ticket_id, command, actor=actor)

    desk.surveys._ports.tickets.run = slower
    desk.surveys.answer(token, 5)
    assert desk.surveys.look(token).rating == 1
    assert story.ticket.rating == 1


RATED = st.builds(
    Rated,
    survey_id=st.just("s"),
    at=st.integers(0, 60).map(lambda days: NOW + timedelta(days=days)),
    rating=st.integers(1, 5),
    language=st.sampled_from(["en", "ko"]),
    nps=st.none() | st.integers(0, 10),
    group=st.sampled_from([None, "g1", "g2"]),
    agent=st.sampled_from([None, "a#1", "a2"]),
    plan=st.sampled_from([None, "p"]),
)


@given(st.lists(st.lists(RATED, min_size=1, max_size=3), min_size=1, max_size=20))
def test_figures_are_those_of_the_last_answers_whatever_they_are_told_apart_by(changed: list[list[Rated]]) -> None:
    buckets: dict[Bucket, Sums] = {}
    for answers in changed:
        for before, after in pairwise([None, *answers]):
            for bucket, sums in difference(before, after).items():
                buckets[bucket] = buckets.get(bucket, Sums()) + sums
    last = [answers[-1] for answers in changed]

    def told_apart(by: By) -> dict[str, Sums]:
        return added_up(((one, sums) for one, sums in buckets.items() if one.by is read_by(by)), by)

    whole = told_apart(By.ALL)[""]
    assert whole.ratings == tuple(sum(one.rating == rating for one in last) for rating in range(1, 6))
    assert whole.satisfied == 100 * sum(one.rating >= 4 for one in last) / len(last)
    scores = [one.nps for one in last if one.nps is not None]
    recommending = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    assert whole.nps == (pytest.approx(100 * recommending / len(scores)) if scores else None)
    for by in By:
        assert sum(one.answers for one in told_apart(by).values()) == len(last)
    days = [one.at.date() for one in last]
    assert set(told_apart(By.WEEK)) <= set(weeks_back(min(days), max(days)))
    assert {one.day[:7] for one in buckets} <= set(months_between(NOW.date(), (NOW + timedelta(days=60)).date()))
    agents = ((one, sums) for one, sums in buckets.items() if one.by is By.AGENT)
    assert all(key != "a#1" or group != "g1" for key, group in _seen(agents, hidden={"g1"}))


def _seen(lines: Iterable[tuple[Bucket, Sums]], hidden: set[str]) -> list[tuple[str, str]]:
    """Each agent's name that a report shows, with the group that it stands for."""
    return [
        (key, bucket.group) for bucket, sums in lines for key in added_up([(bucket, sums)], By.AGENT, hidden=hidden)
    ]


# --- crashes and repetitions ------------------------------------------------------------------------------------------


def test_a_crash_while_asking_ends_in_one_mail_at_most_and_one_record(desk: MailDesk) -> None:
    off_at, cut, lost = 0, True, 0
    while cut:
        off_at += 1
        trial = MailDesk(StandingClock(NOW))
        story = solved(trial)
        due = story.survey_due()
        cut = _cut(trial, off_at, lambda: trial.surveys.handle(due))  # noqa: B023 - called at once
        for _ in range(2):
            trial.clock.advance(minutes=5)
            trial.surveys.handle(due)
        assert len(trial.sender.sent) <= 1
        assert len(told(trial, SurveySent)) == 1
        assert len(trial.store.surveys) == 1
        lost += not trial.sender.sent
    assert off_at > 10
    assert lost <= 2  # only between the claim and what the mail service said


def test_a_crash_while_answering_is_healed_by_answering_again(desk: MailDesk) -> None:
    off_at, cut = 0, True
    while cut:
        off_at += 1
        trial = MailDesk(StandingClock(NOW))
        story, token = invited(trial)
        cut = _cut(trial, off_at, lambda: trial.surveys.answer(token, 2, "slow"))  # noqa: B023 - called at once
        assert trial.surveys.answer(token, 2, "slow").rating == 2
        assert story.ticket.rating == 2
        assert len(told(trial, RatingRecorded)) == 1
    assert off_at > 8


def test_an_answer_can_be_quicker_than_the_record_of_the_question(desk: MailDesk) -> None:
    story = solved(desk)
    due = story.survey_due()
    run = desk.surveys._ports.tickets.run

    def dies(ticket_id: str, command: Command, *, actor: Actor) -> Never:
        raise PowerCut

    desk.surveys._ports.tickets.run = dies
    with pytest.raises(PowerCut):
        desk.surveys.handle(due)
    desk.surveys._ports.tickets.run = run
    desk.surveys.answer(token_in(desk), 5)
    desk.surveys.handle(due)
    assert story.ticket.rating == 5
    assert len(told(desk, SurveySent)) == 1
    assert len(desk.sender.sent) == 1


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["due", "look", "answer 5", "answer 3", "later"]), max_size=12))
def test_whatever_happens_how_often_there_is_one_survey_one_mail_and_one_rating(steps: list[str]) -> None:
    desk = MailDesk(StandingClock(NOW))
    story, token = invited(desk)
    due = story.survey_due()
    last: int | None = None
    closes: datetime | None = None
    for step in steps:
        verb, _, rating = step.partition(" ")
        late = closes is not None and desk.clock() >= closes
        if verb == "answer" and late and last != int(rating):
            with pytest.raises(AlreadyAnswered):
                desk.surveys.answer(token, int(rating))
        elif verb == "answer":
            last = desk.surveys.answer(token, int(rating)).rating
            closes = closes or desk.clock() + CHANGEABLE
        elif verb == "look":
            desk.surveys.look(token)
        elif verb == "later":
            desk.clock.advance(minutes=40)
        else:
            desk.surveys.handle(due)
    assert story.ticket.rating == last
    assert len(desk.sender.sent) == len(desk.store.surveys) == len(told(desk, SurveySent)) == 1
    recorded = [fact.rating for fact in told(desk, RatingRecorded)]
    assert recorded[-1:] == ([last] if last is not None else [])
    assert all(one != other for one, other in pairwise(recorded))


def _cut(desk: MailDesk, off_at: int, act: Callable[[], object]) -> bool:
    desk.power.off_at = desk.power.calls + off_at
    try:
        act()
    except PowerCut:
        return True
    finally:
        desk.power.off_at = None
    return False
