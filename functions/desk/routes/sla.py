"""Why a ticket's clocks stand as they do."""

import msgspec

from functions.desk.schemas import sla as schemas
from functions.desk.schemas.tickets import instant
from helpdesk import bootstrap
from helpdesk.desk.naming import naming
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.sla import rules as sla
from helpdesk.sla import words
from helpdesk.sla.calendars import to_ms
from helpdesk.sla.ledger import Stretch, ledger
from helpdesk.sla.model import AppliedSla, Clock, Escalation
from helpdesk.tickets.model import Actor, ActorKind
from helpdesk.tickets.views import clock_row


def get_ticket_sla(call: Call) -> Reply:
    """A ticket's policy, clocks and their ledger."""
    ticket = bootstrap.agent_desk().get(call.params["id"])
    applied, rules = ticket.sla, bootstrap.rules()
    knows_webhooks = Permission.SUPERVISE in bootstrap.permissions(call.agent)
    named = naming(bootstrap.desk(), call.agent.language, knows_webhooks=knows_webhooks)
    found = ledger(bootstrap.agent_desk().whole_history(ticket.id), rules.calendar_of, call.now)
    return Reply(
        schemas.TicketSlaOut(
            ticket_id=ticket.id,
            now=format_instant(call.now),
            policy=_policy(applied, named, knows_webhooks=knows_webhooks) if applied is not None else None,
            calendar=_calendar(applied) if applied is not None else None,
            stopped_at=instant(applied.stopped_at) if applied is not None else None,
            clocks=[_clock(clock, applied, named, call) for clock in applied.clocks if clock.shown] if applied else [],
            ledger=[_stretch(stretch, call) for stretch in found.stretches],
            notes=[
                schemas.SlaNoteOut(
                    note.metric,
                    note.run,
                    note.kind,
                    format_instant(note.at),
                    format_instant(note.recorded_at),
                    note.level,
                    note.seq,
                )
                for note in found.notes
            ],
        )
    )


def _policy(applied: AppliedSla, named: words.Naming, *, knows_webhooks: bool) -> schemas.SlaPolicyNamedOut:
    today = next((one for one in bootstrap.desk().policies if one.id == applied.policy_id), None)
    return schemas.SlaPolicyNamedOut(
        applied.policy_id,
        applied.policy_version,
        today.name if today is not None else None,
        today is not None and today.version == applied.policy_version,
        list(words.applied_in_words(applied, named)),
        [_level(level, knows_webhooks=knows_webhooks) for level in applied.escalations],
    )


def _level(level: Escalation, *, knows_webhooks: bool) -> schemas.SlaLevelOut:
    webhooks = level.webhooks if knows_webhooks else (None,) * len(level.webhooks)
    return msgspec.convert({**msgspec.to_builtins(level), "webhooks": webhooks}, schemas.SlaLevelOut)


def _calendar(applied: AppliedSla) -> schemas.SlaCalendarNamedOut:
    calendar = bootstrap.rules().calendar_of(applied).calendar
    return schemas.SlaCalendarNamedOut(
        calendar.id, calendar.revision, calendar.name, calendar.zone, words.calendar_in_words(calendar)
    )


def _clock(clock: Clock, applied: AppliedSla, named: words.Naming, call: Call) -> schemas.SlaClockOut:
    calendar, row = bootstrap.rules().calendar_of(applied), clock_row(clock)
    used = sla.used_ms(clock, call.now, calendar) // 1000
    levels = {level.id: level for level in applied.escalations}
    return schemas.SlaClockOut(
        metric=clock.metric,
        state=row.state(call.now),
        due_at=instant(clock.due_at),
        remaining_seconds=row.remaining_seconds,
        met_at=instant(clock.met_at),
        breached_at=instant(clock.breached_at),
        target_seconds=clock.target_seconds,
        business=clock.business,
        started_at=instant(clock.started_at),
        used_seconds=used,
        left_seconds=clock.target_seconds - used if clock.target_seconds else None,
        warn_at=instant(clock.warn_at),
        warned_at=instant(clock.warned_at),
        escalations=[
            schemas.SlaEscalationOut(
                mark.level,
                instant(mark.at),
                instant(mark.done_at),
                words.escalation_in_words(levels[mark.level], named) if mark.level in levels else "",
            )
            for mark in clock.marks
        ],
    )


def _stretch(stretch: Stretch, call: Call) -> schemas.SlaStretchOut:
    since, until = to_ms(stretch.since), to_ms(stretch.until or call.now)
    total = stretch.total_ms // 1000
    return schemas.SlaStretchOut(
        metric=stretch.metric,
        run=stretch.run,
        going=stretch.going,
        since=format_instant(stretch.since),
        until=instant(stretch.until),
        elapsed_seconds=max(0, until - since) // 1000,
        # As the difference of whole totals, so that lines add up to the clock and not to a second less.
        counted_seconds=total - (stretch.total_ms - stretch.counted_ms) // 1000,
        total_seconds=total,
        business=stretch.business,
        target_seconds=stretch.target_seconds,
        policy=stretch.policy_id,
        calendar=stretch.calendar_id,
        calendar_revision=stretch.calendar_revision,
        cause=stretch.cause.code,
        actor=_actor(stretch.cause.actor),
        event_seq=stretch.cause.seq,
    )


def _actor(actor: Actor) -> schemas.SlaActorOut:
    agent = bootstrap.agent(actor.id) if actor.kind is ActorKind.AGENT else None
    return schemas.SlaActorOut(actor.kind, actor.id, agent.name if agent is not None else None)


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets/{id}/sla",
        name="getTicketSla",
        summary="Why a ticket's clocks stand as they do: policy, calendar, clocks, and every stretch they ran or stood",
        handle=get_ticket_sla,
        needs=Permission.READ,
        response=schemas.TicketSlaOut,
        tag="SLA",
    ),
)
