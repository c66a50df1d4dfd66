"""Time's own doing, and what comes after solving: the survey, the rating, closing."""

from dataclasses import replace

from helpdesk.kernel.errors import Conflict
from helpdesk.tickets.commands import RecordRating, RecordSurvey, Tick
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import RatingRecorded, SurveyDue, SurveySent
from helpdesk.tickets.model import Reason, Status, Ticket
from helpdesk.tickets.parts.properties import set_status


@apply.register
def _(fact: SurveyDue, ticket: Ticket) -> Ticket:
    del fact
    return replace(ticket, survey_at=None)


@apply.register
def _(fact: SurveySent, ticket: Ticket) -> Ticket:
    return replace(ticket, survey_id=fact.survey_id)


@apply.register
def _(fact: RatingRecorded, ticket: Ticket) -> Ticket:
    return replace(ticket, rating=fact.rating)


@decide_on.register
def _(command: Tick, draft: Draft) -> None:
    del command  # clocks and held messages were settled before anything else
    ticket = draft.ticket
    if ticket.survey_at is not None and ticket.survey_at <= draft.now:
        draft.state(SurveyDue(ticket.survey_at))
    if ticket.close_at is not None and ticket.close_at <= draft.now and draft.ticket.status is Status.SOLVED:
        set_status(draft, Status.CLOSED, Reason("solved_long_enough"))


@decide_on.register
def _(command: RecordSurvey, draft: Draft) -> None:
    if draft.ticket.survey_id is None:
        draft.state(SurveySent(command.survey_id))


@decide_on.register
def _(command: RecordRating, draft: Draft) -> None:
    if draft.ticket.survey_id != command.survey_id:
        raise Conflict("This survey does not belong to the ticket.")
    if draft.ticket.rating == command.rating:
        return
    draft.state(RatingRecorded(command.survey_id, command.rating))
