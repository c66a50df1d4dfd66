"""Policies, written by supervisors, and tried out on a past period before they are switched on; and how promises were kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from functions.desk.routes.calendars import draft_calendar
from functions.desk.schemas import promises as schemas
from functions.desk.schemas.tickets import NumberedOut, instant
from helpdesk import bootstrap
from helpdesk.desk.model import Desk
from helpdesk.desk.naming import naming
from helpdesk.desk.rules import rules_of
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, refuse_if_stale, seen_header
from helpdesk.reports.model import Sums
from helpdesk.sla import words
from helpdesk.sla.compliance import Dimension, Period, Tally, compare, kept
from helpdesk.sla.histories import fields_now, history_of, some_tickets_of
from helpdesk.sla.model import Metric, SlaPolicy
from helpdesk.sla.promises import (
    checked_calendar,
    checked_policy,
    following,
    newest_calendars,
    next_revision,
    placed,
)
from helpdesk.sla.replay import Run
from helpdesk.tickets.core import DeskRules

TAG = "SLA"


def list_policies(call: Call) -> Reply:
    """All policies."""
    return _policies(bootstrap.desk_store().load(), call)


def save_policy(call: Call) -> Reply:
    """Makes a policy, or a new version of one."""
    body: schemas.PolicyIn = call.body
    store = bootstrap.desk_store()
    desk = store.load()
    policy_id = call.params["id"]
    before = next((one for one in desk.policies if one.id == policy_id), None)
    refuse_if_stale(seen_header(call), before.version if before else 0)
    policy = checked_policy(_policy(body, policy_id, store.newest_policy_version(policy_id) + 1), desk)
    store.save_policies(placed(desk.policies, policy, body.place))
    return _policies(store.load(), call)


def delete_policy(call: Call) -> Reply:
    """Takes a policy away. Tickets that it was put on keep it."""
    store = bootstrap.desk_store()
    if not store.remove_policy(call.params["id"]):
        raise NotFound("There is no such policy.")
    return Reply()


def preview(call: Call) -> Reply:
    """What a draft would have made of a past period."""
    body: schemas.PreviewIn = call.body
    since, until = _instant(body.since, "/since"), _instant(body.until, "/until")
    if since >= until:
        raise Invalid("Some fields are not valid.", [FieldError("/until", "is not after /since")])
    live, store, signer = bootstrap.rules(), bootstrap.ticket_store(), bootstrap.signer()
    draft, period = _draft(body, call), Period(since, until, body.zone)
    name = f"sla-preview/{format_instant(since)}/{format_instant(until)}"
    position = signer.read_cursor(name, body.cursor, call.now)
    part = some_tickets_of(store, since, until, limit=body.most, position=position)
    found = compare((history_of(store, one) for one in part.items), live, draft, period, partial(fields_now, store))
    keys = sorted(
        found.old.by_key.keys() | found.new.by_key.keys(), key=lambda key: (list(Dimension).index(key[1]), key)
    )
    rows = [
        schemas.TallyRowOut(
            key[0],
            key[1],
            key[2],
            _tally(found.old.by_key.get(key, Tally())),
            _tally(found.new.by_key.get(key, Tally())),
        )
        for key in keys
    ]
    changes = [
        schemas.PromiseChangeOut(one.ticket_id, one.number, one.metric, one.place, _kept(one.old), _kept(one.new))
        for one in found.changes[:200]
    ]
    following = signer.sign_cursor(name, part.next_position)
    by_now = [NumberedOut(*one) for one in found.by_now]
    return Reply(schemas.PreviewOut(found.tickets, following is None, rows, changes, following, by_now))


def report(call: Call) -> Reply:
    """How promises that were decided in some days were kept."""
    query: schemas.PromiseReportQuery = call.query
    zone = bootstrap.promise_reports().zone()
    until = _day(query.until, "/to") if query.until is not None else call.now.astimezone(zone).date()
    since = _day(query.since, "/from") if query.since is not None else until - timedelta(days=29)
    found = bootstrap.promise_reports().report(since, until, query.by)
    order = list(Metric)
    items = [
        schemas.PromiseSumsOut(
            Metric(metric), of, sums.met, sums.breached, sums.compliance, sums.late_seconds, sums.paused_seconds
        )
        for (metric, of), sums in sorted(found.items(), key=lambda item: (order.index(Metric(item[0][0])), item[0][1]))
        if sums != Sums()
    ]
    return Reply(schemas.PromiseReportOut(since.isoformat(), until.isoformat(), query.by, items, zone.key))


def _day(text: str, pointer: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "is no day")]) from error


def _instant(text: str, pointer: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "is no instant")]) from error


def _draft(body: schemas.PreviewIn, call: Call) -> DeskRules:
    desk = bootstrap.desk()
    live = newest_calendars(desk)
    drafts = {
        calendar_id: draft_calendar(one, calendar_id, next_revision(calendar_id, desk))
        for calendar_id, one in body.calendars.items()
    }
    made = {
        calendar_id: checked_calendar(following(one, live.get(calendar_id)), call.now)
        for calendar_id, one in drafts.items()
    }
    together = {**desk.calendars, **{(one.id, one.revision): one for one in made.values()}}
    desk = replace(desk, calendars=together)
    policies = tuple(checked_policy(_policy(one, one.id, 1_000_000), desk) for one in body.policies)
    return replace(rules_of(replace(desk, policies=policies)), plans=bootstrap.plans())


def _policy(body: schemas.PolicyIn, policy_id: str, version: int) -> SlaPolicy:
    document = msgspec.to_builtins(body)
    document.pop("place")
    return msgspec.convert({**document, "id": policy_id, "version": version}, SlaPolicy)


def _policies(desk: Desk, call: Call) -> Reply:
    named = naming(desk, call.agent.language, knows_webhooks=True)
    items = [
        msgspec.convert(
            {**msgspec.to_builtins(one), "place": place, "words": list(words.policy_in_words(one, named))},
            schemas.PolicyOut,
        )
        for place, one in enumerate(desk.policies, start=1)
    ]
    return Reply(schemas.PoliciesOut(items))


def _tally(tally: Tally) -> schemas.TallyOut:
    return schemas.TallyOut(
        tally.met, tally.breached, tally.open, tally.compliance, tally.late_seconds, tally.paused_seconds
    )


def _kept(found: Run | None) -> schemas.KeptOut:
    if found is None:
        return schemas.KeptOut(kept(None))
    return schemas.KeptOut(
        kept(found),
        found.policy_id,
        found.priority,
        found.target_seconds,
        found.used_ms // 1000,
        instant(found.breached_at),
        instant(found.met_at),
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/sla-policies",
        name="listSlaPolicies",
        summary="SLA policies, in order: the first whose conditions hold is put on a ticket",
        handle=list_policies,
        needs=Permission.SUPERVISE,
        response=schemas.PoliciesOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/sla-policies/{id}",
        name="saveSlaPolicy",
        summary="Make an SLA policy or a new version of one; tickets keep the version that was put on them",
        handle=save_policy,
        needs=Permission.SUPERVISE,
        body=schemas.PolicyIn,
        response=schemas.PoliciesOut,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/sla-policies/{id}",
        name="deleteSlaPolicy",
        summary="Take an SLA policy away; tickets that it was put on keep it",
        handle=delete_policy,
        needs=Permission.SUPERVISE,
        status=204,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/sla/preview",
        name="previewSla",
        summary="What a draft of policies and calendars would have made of a past period, beside what was; changes nothing",
        handle=preview,
        needs=Permission.SUPERVISE,
        body=schemas.PreviewIn,
        response=schemas.PreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/reports/sla",
        name="reportSla",
        summary="How promises that were decided in some days were kept: met, missed, by how much, and how long clocks stood",
        handle=report,
        needs=Permission.SUPERVISE,
        query=schemas.PromiseReportQuery,
        response=schemas.PromiseReportOut,
        tag=TAG,
    ),
)
