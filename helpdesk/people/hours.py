"""When a colleague works: what they say of themselves, their absences, their hours. Pure; assignment asks it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from helpdesk.kernel.errors import FieldError
from helpdesk.people.model import Absence, Agent, AgentStatus
from helpdesk.people.rules import is_zone
from helpdesk.sla.calendars import CompiledCalendar, compile_calendar, to_ms
from helpdesk.sla.model import BusinessCalendar, CalendarInvalid, Window

MAX_ABSENCES = 50
MAX_SKILLS = 50
LONGEST_REASON = 200
BEST = 5
"""Of proficiency, which begins at 1."""


def working(agent: Agent, at: datetime, calendars: Mapping[str, BusinessCalendar]) -> bool:
    """Whether a colleague works at an instant: online, not absent, within their hours.

    Args:
        agent: the colleague. Own hours go before those of a calendar; without either they work round the clock.
        at: aware.
        calendars: the newest revision of each, by id; one that is not there counts like none.
    """
    if agent.status is not AgentStatus.ONLINE or absence_at(agent, at) is not None:
        return False
    hours = _hours_of(agent, calendars)
    return hours is None or hours.open_ms_between(to_ms(at), to_ms(at) + 1) > 0


def absence_at(agent: Agent, at: datetime) -> Absence | None:
    """The absence that an instant lies in, counted in days of the colleague's time zone."""
    day = at.astimezone(ZoneInfo(agent.time_zone or "UTC")).date()
    return next((one for one in agent.absences if one.first_day <= day <= one.last_day), None)


def substitute_for(agent: Agent, at: datetime, agents: Mapping[str, Agent]) -> Agent | None:
    """Who stands in for somebody who is absent, and for them in turn if they are absent too; None: nobody."""
    seen = {agent.id}
    while (absence := absence_at(agent, at)) is not None:
        found = agents.get(absence.substitute or "")
        if found is None or found.id in seen:
            return None
        seen.add(found.id)
        agent = found
    return agent if len(seen) > 1 else None


def hours_faults(agent: Agent) -> list[FieldError]:
    """What is wrong with what is said of when and what a colleague works, by pointer."""
    faults = []
    if agent.time_zone is not None and not is_zone(agent.time_zone):
        faults.append(FieldError("/time_zone", "is no time zone of IANA's, such as Asia/Seoul"))
    elif agent.hours:
        try:
            _own_hours(agent.time_zone or "UTC", agent.hours)
        except CalendarInvalid as error:
            faults.append(FieldError("/hours", str(error)))
    if len(agent.absences) > MAX_ABSENCES:
        faults.append(FieldError("/absences", f"at most {MAX_ABSENCES}"))
    for place, absence in enumerate(agent.absences):
        if absence.last_day < absence.first_day:
            faults.append(FieldError(f"/absences/{place}/last_day", "lies before the first day"))
        if absence.substitute == agent.id:
            faults.append(FieldError(f"/absences/{place}/substitute", "cannot be themselves"))
        if len(absence.reason or "") > LONGEST_REASON:
            faults.append(FieldError(f"/absences/{place}/reason", f"has more than {LONGEST_REASON} characters"))
    if len(agent.skills) > MAX_SKILLS:
        faults.append(FieldError("/skills", f"at most {MAX_SKILLS}"))
    faults += [
        FieldError(f"/skills/{name}", f"must be 1 to {BEST}")
        for name, level in agent.skills.items()
        if not 1 <= level <= BEST
    ]
    return faults


def _hours_of(agent: Agent, calendars: Mapping[str, BusinessCalendar]) -> CompiledCalendar | None:
    if agent.hours:
        return _own_hours(agent.time_zone or "UTC", agent.hours)
    calendar = calendars.get(agent.calendar_id or "")
    return _compiled(calendar) if calendar is not None else None


@cache
def _own_hours(zone: str, hours: tuple[tuple[Window, ...], ...]) -> CompiledCalendar:
    return compile_calendar(BusinessCalendar(id="own", name="own", zone=zone, weekly=hours))


@cache
def _compiled(calendar: BusinessCalendar) -> CompiledCalendar:
    return compile_calendar(calendar)
