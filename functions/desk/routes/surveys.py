"""What surveys brought: figures for those who look after agents, answers one by one, and each agent's own."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from functions.desk.schemas import surveys as schemas
from functions.desk.schemas import tickets as ticket_schemas
from functions.desk.shapes import survey_answers_out
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.surveys.model import Rated
from helpdesk.surveys.reports import AnswersOf, By, Sums, added_up, day_of, read_by, weeks_back

LONGEST_DAYS: Final = 366
USUAL_DAYS: Final = 28
_OF_ONE_AGENT: Final = frozenset({By.ALL, By.DAY, By.WEEK})
_READS_AT_MOST: Final = 20
"""For one page of answers: weeks without any, and answers that are not wanted, cost a read, too."""

type Position = dict[str, str]


def report(call: Call) -> Reply:
    """Satisfaction and recommendation in some days."""
    query: schemas.SurveyReportQuery = call.query
    since, until = _days(query, call)
    agent = _agent(query.agent, call)
    if agent is None:
        call.require(Permission.SUPERVISE)
    elif query.by not in _OF_ONE_AGENT:
        raise Invalid("Some fields are not valid.", [FieldError("/by", "must be all, day or week for one agent")])
    lines = bootstrap.survey_store().sums(By.AGENT if agent is not None else read_by(query.by), since, until)
    found = added_up(lines, query.by, hidden=_hidden_groups() if agent is None else (), agent=agent)
    return Reply(
        schemas.SurveyReportOut(
            [_out(key, sums) for key, sums in found.items()], since.isoformat(), until.isoformat(), query.by
        )
    )


def list_answers(call: Call) -> Reply:
    """A page of answers, newest first, of tickets in sight."""
    query: schemas.SurveyAnswersQuery = call.query
    agent = _agent(query.agent, call)
    if agent is None and query.person is None:
        call.require(Permission.SUPERVISE)
    since, until = _days(query, call)
    signer, name = bootstrap.signer(), f"survey-answers/{agent or ''}/{query.person or ''}/{since}/{until}"
    position = signer.read_cursor(name, query.cursor, call.now)
    found: list[Rated] = []
    people = _ids_of(query.person) if query.person is not None else ()
    for _ in range(_READS_AT_MOST):
        rows, position = _read(people, agent, since, until, query.limit - len(found), position)
        found += [one for one in rows if _wanted(one, query, people, agent, since, until)]
        if position is None or len(found) >= query.limit:
            break
    return Reply(schemas.SurveyAnswersOut(_answers_out(found, call), signer.sign_cursor(name, position)))


def _ids_of(person_id: str) -> Sequence[str]:
    """Under which ids somebody answered: answers keep the id of who gave them, whoever they were merged into."""
    person = bootstrap.people_store().by_id(person_id)
    return person.ids if person is not None else (person_id,)


def _read(
    people: Sequence[str],
    agent: str | None,
    since: date,
    until: date,
    limit: int,
    position: Position | None,
) -> tuple[Sequence[Rated], Position | None]:
    """What one read gives of the list that is wanted, and where to go on: within a week, or in the week before."""
    store = bootstrap.survey_store()
    if people or agent is not None:
        page = (
            store.rated_by(people, limit=limit, position=position)
            if people
            else store.rated(AnswersOf.AGENT, agent or "", limit=limit, position=position)
        )
        return page.items, page.next_position
    weeks = list(weeks_back(since, until))
    at = weeks.index(position["week"]) if position is not None else 0
    inside = {name: value for name, value in position.items() if name != "week"} if position is not None else {}
    page = store.rated(AnswersOf.WEEK, weeks[at], limit=limit, position=inside or None)
    if page.next_position is not None:
        return page.items, {**page.next_position, "week": weeks[at]}
    return page.items, {"week": weeks[at + 1]} if at + 1 < len(weeks) else None


def _wanted(
    one: Rated, query: schemas.SurveyAnswersQuery, people: Sequence[str], agent: str | None, since: date, until: date
) -> bool:
    within = since <= date.fromisoformat(day_of(one)) <= until
    return (
        one.rating <= query.rating_to
        and (within or bool(people))
        and (agent is None or one.agent == agent)
        and (not people or one.person in people)
    )


def _answers_out(rows: Sequence[Rated], call: Call) -> list[schemas.SurveyAnswerOut]:
    tickets = bootstrap.ticket_store().rows_of([one.ticket_id for one in rows if one.ticket_id is not None])
    surveys = bootstrap.survey_store().find_all([one.survey_id for one in rows])
    return [
        schemas.SurveyAnswerOut(
            ticket=ticket_schemas.NumberedOut(ticket.id, ticket.number),
            subject=ticket.subject,
            at=format_instant(one.at),
            rating=one.rating,
            comment=survey.answer.comment if survey.answer is not None else None,
            answers=survey_answers_out(survey, call.agent.language),
            group=one.group,
            agent=one.agent,
            plan=one.plan,
            language=one.language,
        )
        for one in rows
        if (ticket := tickets.get(one.ticket_id or "")) is not None
        and (survey := surveys.get(one.survey_id)) is not None
    ]


def _agent(named: str | None, call: Call) -> str | None:
    """Whose answers alone are wanted: one's own are anybody's to see, others' are for who looks after them."""
    if named in {"me", call.agent.id}:
        return call.agent.id
    if named is not None:
        call.require(Permission.SUPERVISE)
    return named


def _hidden_groups() -> frozenset[str]:
    """Groups whose tickets the caller may not know of: their answers count, and nobody's name stands beside them."""
    scope = bootstrap.scope()
    return frozenset() if scope.everything else frozenset(bootstrap.desk().groups) - frozenset(scope.groups)


def _days(query: schemas.SurveyDaysQuery, call: Call) -> tuple[date, date]:
    today = call.now.astimezone(ZoneInfo(bootstrap.desk().general.time_zone)).date()
    until = _day(query.until, "/until") if query.until is not None else today
    since = _day(query.since, "/since") if query.since is not None else until - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (until - since).days <= LONGEST_DAYS:
        fault = FieldError("/until", f"must be within {LONGEST_DAYS} days of since")
        raise Invalid("Some fields are not valid.", [fault])
    return since, until


def _day(text: str, pointer: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "is no day")]) from error


def _out(key: str, one: Sums) -> schemas.SurveyFiguresOut:
    return schemas.SurveyFiguresOut(
        key=key,
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
        summary="What surveys brought, by group, agent, day, week, brand, language or plan; with `agent=me` one's own",
        handle=report,
        needs=Permission.READ,
        query=schemas.SurveyReportQuery,
        response=schemas.SurveyReportOut,
        tag="Reports",
    ),
    Endpoint(
        "GET /v1/reports/surveys/answers",
        name="listSurveyAnswers",
        summary="Answers one by one, newest first: all with `supervise`, a person's, or with `agent=me` one's own",
        handle=list_answers,
        needs=Permission.READ,
        query=schemas.SurveyAnswersQuery,
        response=schemas.SurveyAnswersOut,
        tag="Reports",
    ),
)
