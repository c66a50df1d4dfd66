"""Surveys to colleagues themselves: answered by each, told to those who look after them only where enough answered."""

from datetime import timedelta

from functions.desk.schemas import surveys as schemas
from helpdesk import bootstrap
from helpdesk.forms.model import name_in
from helpdesk.kernel.errors import NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.surveys.plans import Asks, Given, Question, SurveyPlan
from helpdesk.surveys.pulse_service import Told
from helpdesk.surveys.pulses import Comment, Results, Round
from helpdesk.surveys.reports import Sums
from helpdesk.surveys.schemas import questions_out


def list_waiting(call: Call) -> Reply:
    """What one is asked and has not answered."""
    language = call.agent.language
    items = [
        schemas.PulseOut(
            one.round.id,
            name_in(one.plan.names, language, one.plan.id),
            questions_out(one.plan.questions, language),
            one.round.begins.isoformat(),
            _last_day(one.round),
        )
        for one in bootstrap.pulses().waiting(call.agent)
    ]
    return Reply(schemas.PulsesOut(items))


def answer(call: Call) -> Reply:
    """Takes an answer."""
    body: schemas.PulseAnswerIn = call.body
    bootstrap.pulses().answer(call.params["id"], call.agent, body.rating, body.comment, body.answers, named=body.named)
    return Reply()


def report(call: Call) -> Reply:
    """What the last rounds of a plan brought."""
    query: schemas.PulseReportQuery = call.query
    plans = [plan for plan in _plans() if query.plan in {None, plan.id}]
    if not plans and query.plan is not None:
        raise NotFound("There is no such survey.")
    language = call.agent.language
    rounds = [(plan, one) for plan in plans for one in bootstrap.pulses().told(plan)]
    return Reply(schemas.PulseReportOut([_round_out(one, plan, language) for plan, one in rounds]))


def _plans() -> list[SurveyPlan]:
    """Plans that ask colleagues of groups that the caller may know of, in order."""
    found = [one for one in bootstrap.desk().surveys.values() if one.asks is Asks.TEAM and not _is_hidden(one)]
    return sorted(found, key=lambda plan: (plan.order, plan.id))


def _is_hidden(plan: SurveyPlan) -> bool:
    """Whether a plan is only for groups that the caller may not know of."""
    scope = bootstrap.scope()
    return not scope.everything and bool(plan.groups) and not set(plan.groups) & set(scope.groups)


def _last_day(one: Round) -> str:
    return (one.ends - timedelta(days=1)).isoformat()


def _round_out(one: Told, plan: SurveyPlan, language: str) -> schemas.PulseRoundOut:
    sums = one.results.sums
    return schemas.PulseRoundOut(
        id=one.round.id,
        plan=plan.id,
        name=name_in(plan.names, language, plan.id),
        since=one.round.begins.isoformat(),
        until=_last_day(one.round),
        over=one.over,
        asked=one.asked,
        answers=one.results.many,
        needed=plan.enough,
        results=_results_out(one, sums, language) if sums is not None else None,
    )


def _results_out(one: Told, sums: Sums, language: str) -> schemas.PulseResultsOut:
    return schemas.PulseResultsOut(
        ratings=list(sums.ratings),
        mean=round(sums.mean, 2),
        nps=round(sums.nps, 1) if sums.nps is not None else None,
        questions=[_question_out(question, one.results, language) for question in one.questions],
        comments=[_comment_out(comment) for comment in one.results.comments],
    )


def _question_out(question: Question, results: Results, language: str) -> schemas.PulseQuestionOut:
    names = {choice.id: name_in(choice.names, language, choice.id) for choice in question.choices}

    def said(value: Given) -> Given:
        return names.get(value, value) if isinstance(value, str) else value

    counts = results.counts.get(question.id, {})
    return schemas.PulseQuestionOut(
        name_in(question.texts, language, question.id),
        [schemas.PulseCountOut(said(value), counts[value]) for value in sorted(counts, key=str)],
        [_comment_out(comment) for comment in results.texts.get(question.id, ())],
    )


def _comment_out(comment: Comment) -> schemas.PulseCommentOut:
    return schemas.PulseCommentOut(comment.text, comment.agent)


ENDPOINTS = (
    Endpoint(
        "GET /v1/me/pulses",
        name="listPulses",
        summary="What one is asked about oneself and has not answered",
        handle=list_waiting,
        needs=Permission.READ,
        response=schemas.PulsesOut,
        tag="Surveys",
    ),
    Endpoint(
        "POST /v1/me/pulses/{id}",
        name="answerPulse",
        summary="Say how one is doing: once a round, and without a name unless one says so",
        handle=answer,
        needs=Permission.READ,
        body=schemas.PulseAnswerIn,
        status=204,
        errors={404: "One is not asked this.", 409: "One has answered it already.", 410: "The round is over."},
        tag="Surveys",
    ),
    Endpoint(
        "GET /v1/reports/pulses",
        name="reportPulses",
        summary="What colleagues answered, round by round; never who, and only where enough answered",
        handle=report,
        needs=Permission.SUPERVISE,
        query=schemas.PulseReportQuery,
        response=schemas.PulseReportOut,
        errors={404: "There is no such survey."},
        tag="Reports",
    ),
)
