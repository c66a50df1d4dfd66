"""What the desk takes tickets to be about: why, whether it may act on that, and how well it does."""

from datetime import timedelta

from functions.desk.schemas import triage as schemas
from helpdesk import bootstrap
from helpdesk.desk.settings import TRIAGE_KIND
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.routing.model import FieldFigures, FieldModel, TriageSetting, WeekFigures
from helpdesk.routing.triage import value_of
from helpdesk.routing.weeks import week_of
from helpdesk.tickets.triaging import TriageField

TAG = "Triage"


def get_triage(call: Call) -> Reply:
    """What was suggested for a ticket, and the words that decided."""
    ticket = bootstrap.agent_desk().get(call.params["id"])
    triage = ticket.triage
    if triage is None:
        return Reply(schemas.TriageOut(None, [], []))
    words = bootstrap.triage().reasons(ticket)
    items = [
        schemas.SuggestionOut(
            field=one.field,
            value=one.value,
            confidence=one.confidence / 1000,
            acted=bool(one.acted),
            now=value_of(ticket, one.field),
            words=list(words.get(one.field, ())),
        )
        for one in triage.suggestions
        if one.sure
    ]
    abstained = [one.field for one in triage.suggestions if not one.sure]
    return Reply(schemas.TriageOut(triage.model, items, abstained))


def list_settings(call: Call) -> Reply:
    """What is wished of each field, and what the models have learned from."""
    del call
    newest = bootstrap.triage_models().current()
    desk = bootstrap.desk()
    items = [
        _setting_out(desk.triage.get(field, TriageSetting(field)), newest.fields.get(field) if newest else None)
        for field in TriageField
    ]
    return Reply(
        schemas.TriageSettingsOut(
            trained_at=format_instant(newest.trained_at) if newest is not None else None,
            model=newest.number if newest is not None else None,
            items=items,
        )
    )


def save_setting(call: Call) -> Reply:
    """Changes what is wished of a field."""
    body: schemas.TriageSettingIn = call.body
    if call.params["id"] not in set(TriageField):
        raise NotFound("There is no such field.")
    field = TriageField(call.params["id"])
    saved = bootstrap.configuration().put(TRIAGE_KIND, field.value, TriageSetting(field, body.mode, body.precision))
    newest = bootstrap.triage_models().current()
    return Reply(_setting_out(saved, newest.fields.get(field) if newest else None))


def report(call: Call) -> Reply:
    """How triage fared, week by week."""
    query: schemas.ReportQuery = call.query
    since = week_of(call.now - timedelta(weeks=query.weeks - 1))
    weeks = bootstrap.triage_models().weeks(since, week_of(call.now))
    return Reply(schemas.TriageReportOut([_week_out(one) for one in weeks]))


def hand_over(call: Call) -> Reply:
    """Gives the tickets that wait for a colleague to others."""
    agent_id = call.params["id"]
    if agent_id not in bootstrap.desk().agents:
        raise NotFound("There is no such agent.")
    return Reply(schemas.HandedOverOut(bootstrap.routing().hand_over(agent_id)))


def _setting_out(setting: TriageSetting, known: FieldModel | None) -> schemas.TriageSettingOut:
    model = None
    if known is not None:
        sure_from = known.sure_from / 1000 if known.sure_from is not None else None
        model = schemas.FieldModelOut(known.texts, known.corrected, known.seed, sure_from, known.size)
    return schemas.TriageSettingOut(setting.id, setting.mode, setting.precision, model)


def _week_out(week: WeekFigures) -> schemas.WeekOut:
    fields = [_figures_out(field, week.fields[field]) for field in TriageField if field in week.fields]
    return schemas.WeekOut(week.week, week.solved, week.reassigned, week.complete, fields)


def _figures_out(field: TriageField, of: FieldFigures) -> schemas.FieldFiguresOut:
    return schemas.FieldFiguresOut(
        field=field,
        judged=of.judged,
        accuracy=of.right / of.judged if of.judged else None,
        coverage=of.sure / of.judged if of.judged else None,
        precision=of.sure_right / of.sure if of.sure else None,
        calibration_error=of.calibration_error,
        acted=of.acted,
        corrected=of.corrected,
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets/{id}/triage",
        name="getTicketTriage",
        summary="What the desk took a ticket to be about, and the words that decided",
        handle=get_triage,
        needs=Permission.READ,
        response=schemas.TriageOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/triage-settings",
        name="listTriageSettings",
        summary="What the desk does about what it takes tickets to be, field by field",
        handle=list_settings,
        needs=Permission.READ,
        response=schemas.TriageSettingsOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/triage-settings/{id}",
        name="saveTriageSetting",
        summary="Switch triage of a field off, let it suggest, or let it act",
        handle=save_setting,
        needs=Permission.CONFIGURE,
        body=schemas.TriageSettingIn,
        response=schemas.TriageSettingOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/agents/{id}/hand-over",
        name="handOverTickets",
        summary="Give the tickets that wait for a colleague to others, most urgent first",
        description="For somebody who is not there. What nobody can take waits in its group.",
        handle=hand_over,
        needs=Permission.SUPERVISE,
        response=schemas.HandedOverOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/reports/triage",
        name="reportTriage",
        summary="How triage and routing fared on the desk's own corrections, week by week",
        handle=report,
        needs=Permission.SUPERVISE,
        query=schemas.ReportQuery,
        response=schemas.TriageReportOut,
        tag=TAG,
    ),
)
