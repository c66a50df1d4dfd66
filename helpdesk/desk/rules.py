"""From settings as admins write them to the rules that tickets are decided by."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from helpdesk.desk.model import Desk
from helpdesk.forms.model import Catalogue
from helpdesk.sla.calendars import CompiledCalendar, compile_calendar
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.surveys.plans import plan_of
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.workflow import Workflow


def rules_of(desk: Desk) -> DeskRules:
    """What decisions depend on."""
    general = desk.general
    known = {calendar_id for calendar_id, _ in desk.calendars}
    return DeskRules(
        # A policy whose calendar was never saved promises nothing, rather than keeping tickets from being opened.
        policies=tuple(_with_known(policy, known) for policy in desk.policies if policy.calendar_id in known),
        calendars={key: _compiled(calendar) for key, calendar in desk.calendars.items()},
        survey_delay=_delay(general.survey_delay_seconds),
        close_delay=_delay(general.close_after_seconds),
        tasks_before_solving=general.tasks_before_solving,
        workflow=Workflow(desk.statuses, general.priority_matrix, catalogue_of(desk)),
        own_survey_delay=lambda ticket: _delay(plan_of(ticket, desk.surveys).delay_seconds),
    )


def catalogue_of(desk: Desk) -> Catalogue:
    """Fields and forms."""
    return Catalogue(
        desk.fields, tuple(form for form in desk.forms.values() if form.active), desk.general.unknown_fields
    )


def _with_known(policy: SlaPolicy, known: set[str]) -> SlaPolicy:
    """The policy without calendars of groups and organizations that are gone: its own holds for them."""
    if policy.calendar_ids <= known:
        return policy
    return replace(
        policy,
        group_calendars={of: one for of, one in policy.group_calendars.items() if one in known},
        organization_calendars={of: one for of, one in policy.organization_calendars.items() if one in known},
    )


@cache
def _compiled(calendar: BusinessCalendar) -> CompiledCalendar:
    return compile_calendar(calendar)


def _delay(length: int | None) -> timedelta | None:
    return None if length is None else timedelta(seconds=length)


def compiled_calendar(desk: Desk, calendar_id: str | None) -> CompiledCalendar | None:
    """A business calendar as it stands now, ready to count by; None: there is none of this id."""
    revisions = [revision for known, revision in desk.calendars if known == calendar_id]
    if calendar_id is None or not revisions:
        return None
    return _compiled(desk.calendars[calendar_id, max(revisions)])
