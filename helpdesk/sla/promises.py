"""What an admin may promise: policies and calendars held to what the desk has, each fault by its field."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.urls import url_fault
from helpdesk.sla.calendars import compile_calendar, resolve_holidays
from helpdesk.sla.model import BusinessCalendar, SlaPolicy

NOTIFIED = frozenset({"assignee", "group", "supervisors", "admins"})
YEARS_BACK, YEARS_AHEAD = 2, 5
MOST_POLICIES = 40
"""All places are written in one transaction, with the new version's copy."""


def newest_calendars(desk: Desk) -> dict[str, BusinessCalendar]:
    """Each calendar in its newest revision, by id; without those that were taken away."""
    newest = {calendar_id: desk.calendars[calendar_id, revision] for calendar_id, revision in sorted(desk.calendars)}
    return {calendar_id: calendar for calendar_id, calendar in newest.items() if not calendar.removed}


def next_revision(calendar_id: str, desk: Desk) -> int:
    """The number that a calendar's next revision has, one that was taken away included."""
    return 1 + max((revision for one, revision in desk.calendars if one == calendar_id), default=0)


def calendar_users(calendar_id: str, desk: Desk) -> list[str]:
    """What would miss a calendar."""
    users: list[str] = []
    for policy in desk.policies:
        if policy.calendar_id == calendar_id:
            users.append(f"SLA policy {policy.id}")
        for kind, by in (("group", policy.group_calendars), ("organization", policy.organization_calendars)):
            users += [f"{kind} {name} in SLA policy {policy.id}" for name, one in by.items() if one == calendar_id]
    return users + [f"agent {one.id}" for one in desk.agents.values() if one.calendar_id == calendar_id]


def checked_policy(policy: SlaPolicy, desk: Desk) -> SlaPolicy:
    """The policy, if all that it names is there.

    Raises:
        Invalid: it names what is not there; each by its field.
    """
    if errors := list(_unknown(policy, desk)):
        raise Invalid("Some fields are not valid.", errors)
    return policy


def _unknown(policy: SlaPolicy, desk: Desk) -> Iterator[FieldError]:
    calendars = newest_calendars(desk)
    if policy.calendar_id not in calendars:
        yield FieldError("/calendar_id", "is not a calendar of this desk")
    for field, by in (("group", policy.group_calendars), ("organization", policy.organization_calendars)):
        for name, calendar_id in by.items():
            if calendar_id not in calendars:
                yield FieldError(f"/{field}_calendars/{name}", "is not a calendar of this desk")
    yield from _unknown_targets(policy, desk)
    yield from _unknown_in_escalations(policy, desk)


def _unknown_targets(policy: SlaPolicy, desk: Desk) -> Iterator[FieldError]:
    for priority, targets in policy.targets.items():
        for place, target in enumerate(targets):
            if target.group is not None and target.group not in desk.groups:
                yield FieldError(f"/targets/{priority}/{place}/group", "is not a group of this desk")


def _unknown_in_escalations(policy: SlaPolicy, desk: Desk) -> Iterator[FieldError]:
    for place, level in enumerate(policy.escalations):
        if level.group is not None and level.group not in desk.groups:
            yield FieldError(f"/escalations/{place}/group", "is not a group of this desk")
        if level.assignee is not None and level.assignee not in desk.agents:
            yield FieldError(f"/escalations/{place}/assignee", "is not an agent of this desk")
        for number, webhook in enumerate(level.webhooks):
            if webhook not in desk.webhooks:
                yield FieldError(f"/escalations/{place}/webhooks/{number}", "is not a webhook of this desk")
        for number, name in enumerate(level.notify):
            if name not in NOTIFIED and name not in desk.agents:
                yield FieldError(f"/escalations/{place}/notify/{number}", "is neither a role nor an agent of this desk")


def placed(policies: Sequence[SlaPolicy], policy: SlaPolicy, place: int | None) -> tuple[SlaPolicy, ...]:
    """The policies with one put in its place: the given one from 1, or where it was, or last.

    Raises:
        Invalid: there are too many.
    """
    others = [one for one in policies if one.id != policy.id]
    if len(others) >= MOST_POLICIES:
        raise Invalid(f"A desk has at most {MOST_POLICIES} policies.")
    was = next((index for index, one in enumerate(policies) if one.id == policy.id), len(others))
    index = was if place is None else place - 1
    return (*others[:index], policy, *others[index:])


def following(calendar: BusinessCalendar, before: BusinessCalendar | None) -> BusinessCalendar:
    """A calendar as it was written, with what was read from its feed before, if that is still the same feed."""
    if before is None or before.feed_url != calendar.feed_url or not calendar.feed_url:
        return replace(calendar, feed_days=(), feed_hours=())
    return replace(calendar, feed_days=before.feed_days, feed_hours=before.feed_hours)


def feed_faults(calendar: BusinessCalendar, *, local: bool = False) -> Iterator[FieldError]:
    """What is wrong with the feed that a calendar follows.

    Args:
        calendar: with an address that begins with https, or with http.
        local: an address of this machine will do, without encryption.
    """
    if calendar.feed_url is None:
        return
    fault = url_fault(calendar.feed_url)
    if not fault and not local and not calendar.feed_url.startswith("https:"):
        fault = "must be a whole https address in ASCII"
    if fault:
        yield FieldError("/feed_url", fault)


def fetched_url(url: str | None) -> str | None:
    """The address that a calendar is read from: `webcal:` is what programs that subscribe say for `https:`."""
    url = (url or "").strip()
    scheme, separator, rest = url.partition(":")
    return (f"https{separator}{rest}" if scheme.lower() in {"webcal", "webcals"} else url) or None


def checked_calendar(calendar: BusinessCalendar, now: datetime) -> BusinessCalendar:
    """The calendar with its public holidays of the years around now looked up and kept.

    Raises:
        CalendarInvalid: nobody knows its zone, country or subdivision.
    """
    compile_calendar(calendar)
    return resolve_holidays(calendar, now.year - YEARS_BACK, now.year + YEARS_AHEAD)
