"""What surveys brought, for those who look after agents."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from functions.desk.schemas import surveys as schemas
from helpdesk import bootstrap
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.surveys.reports import Figures, figures, weeks_between

LONGEST_DAYS = 366
USUAL_DAYS = 28


def report(call: Call) -> Reply:
    """Satisfaction and recommendation in some days."""
    query: schemas.SurveyReportQuery = call.query
    until = _day(query.until, "/until") if query.until is not None else call.now.astimezone(UTC).date()
    since = _day(query.since, "/since") if query.since is not None else until - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (until - since).days <= LONGEST_DAYS:
        raise Invalid(
            "Some fields are not valid.", [FieldError("/until", f"must be within {LONGEST_DAYS} days of since")]
        )
    store = bootstrap.survey_store()
    found = (one for week in weeks_between(since, until) for one in store.ratings(week))
    within = [one for one in found if since <= one.at.astimezone(UTC).date() <= until]
    groups = _hidden_groups()
    within = [replace(one, group=None, agent=None) if one.group in groups else one for one in within]
    return Reply(schemas.SurveyReportOut([_out(one) for one in figures(within, query.by)]))


def _hidden_groups() -> frozenset[str]:
    """Groups whose tickets the caller may not know of: their answers count, and nobody's name stands beside them."""
    scope = bootstrap.scope()
    return frozenset() if scope.everything else frozenset(bootstrap.desk().groups) - frozenset(scope.groups)


def _day(text: str, pointer: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "is no day")]) from error


def _out(one: Figures) -> schemas.SurveyFiguresOut:
    return schemas.SurveyFiguresOut(
        key=one.key,
        answers=one.answers,
        ratings=list(one.ratings),
        mean=round(one.mean, 2),
        satisfied_percent=round(one.satisfied, 1),
        nps=round(one.nps, 1) if one.nps is not None else None,
        promoters=one.promoters,
        passives=one.passives,
        detractors=one.detractors,
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/reports/surveys",
        name="reportSurveys",
        summary="What surveys brought, by group, agent, week, brand or language",
        handle=report,
        needs=Permission.SUPERVISE,
        query=schemas.SurveyReportQuery,
        response=schemas.SurveyReportOut,
        tag="Reports",
    ),
)
