"""Who is asked, what an answer may be, and the one survey that belongs to a ticket."""

from datetime import UTC, datetime, timedelta, tzinfo

from helpdesk.kernel.errors import FieldError, Gone, Invalid
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import clean, supported_language
from helpdesk.surveys.model import (
    BEST_RATING,
    LONGEST_COMMENT,
    AlreadyAnswered,
    Answer,
    Rated,
    Survey,
    SurveyState,
    SurveyView,
)
from helpdesk.surveys.plans import USUAL, Answers, SurveyPlan, checked_answers, nps_in
from helpdesk.tickets.model import Ticket


def survey_id_of(ticket: Ticket) -> str:
    """The id of a ticket's survey: the same however often it comes due."""
    return derived_id(ticket.created_at, "survey", ticket.id)


def new_survey(ticket: Ticket, plan: SurveyPlan, now: datetime, valid: timedelta) -> Survey:
    """The survey of a ticket."""
    return Survey(
        id=survey_id_of(ticket),
        ticket_id=ticket.id,
        requester_id=ticket.requester_id,
        number=ticket.number,
        language=supported_language(ticket.language),
        created_at=now,
        expires_at=now + valid,
        questions=plan.questions,
        plan_id=plan.id if plan is not USUAL else None,
    )


def new_answer(survey: Survey, rating: int, comment: str | None, answers: Answers, now: datetime) -> Answer:
    """An answer as it is kept.

    Raises:
        Invalid: no rating from 1 to 5, a comment that is too long, or answers that do not fit the survey's questions.
    """
    faults = []
    if isinstance(rating, bool) or not 1 <= rating <= BEST_RATING:
        faults.append(FieldError("/rating", f"a whole number from 1 to {BEST_RATING}"))
    said = clean(comment or "").strip()
    if len(said) > LONGEST_COMMENT:
        faults.append(FieldError("/comment", f"at most {LONGEST_COMMENT} characters"))
    if faults:
        raise Invalid("The answer is not valid.", faults)
    kept = checked_answers(survey.questions, rating, answers)
    before = survey.answer
    first_at = (before.first_at or before.at) if before is not None else None
    return Answer(rating, now, said or None, kept, first_at)


def rated(survey: Survey, answer: Answer, ticket: Ticket, zone: tzinfo = UTC) -> Rated:
    """What reports need of an answer; days are those of a time zone."""
    at = answer.first_at or answer.at
    return Rated(
        survey_id=survey.id,
        at=at,
        rating=answer.rating,
        language=survey.language,
        nps=nps_in(survey.questions, answer.answers),
        group=ticket.group,
        agent=ticket.assignee,
        mailbox=ticket.mailbox_id,
        plan=survey.plan_id,
        ticket_id=survey.ticket_id,
        person=survey.requester_id,
        day=at.astimezone(zone).date().isoformat(),
    )


def admit(survey: Survey, answer: Answer) -> bool:
    """Whether an answer is news. The same answer again is none, and no fault.

    Raises:
        AlreadyAnswered: it was answered otherwise, too long ago to change that.
        Gone: it takes no answers any more.
    """
    if survey.answer is not None:
        if survey.answer.says(answer):
            return False
        if answer.at < survey.answer.changeable_until:
            return True
        raise AlreadyAnswered("Thank you, this survey was already answered.")
    if survey.state(answer.at) is SurveyState.EXPIRED:
        raise Gone("This survey is over.")
    return True


def view_of(survey: Survey, now: datetime) -> SurveyView:
    """What whoever holds the link may see."""
    said = survey.answer
    return SurveyView(
        state=survey.state(now),
        number=survey.number,
        language=survey.language,
        expires_at=survey.expires_at,
        rating=said.rating if said is not None else None,
        comment=said.comment if said is not None else None,
        questions=survey.questions,
        answers=said.answers if said is not None else {},
        changeable_until=said.changeable_until if said is not None and said.changeable_until > now else None,
    )
