"""`helpdesk sla replay`: a past period lived under other promises, or held to its own, from a shell. Changes nothing."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

import msgspec

from helpdesk.contracts import environment as names
from helpdesk.desk.model import Desk
from helpdesk.desk.rules import rules_of
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import Document, from_document
from helpdesk.kernel.errors import HelpdeskError
from helpdesk.sla.compliance import Change, Comparison, Dimension, Period, Tally, compare, kept
from helpdesk.sla.fields import ValuesOf
from helpdesk.sla.model import AppliedSla, BusinessCalendar, SlaPolicy
from helpdesk.sla.replay import Promise, Run, UnknownPromiseError, due_of, verify
from helpdesk.tickets.chain import event_from_document, event_from_json
from helpdesk.tickets.facts import Event

type Line = dict[str, object]
type Histories = Iterable[Sequence[Event]]

_A_MONTH = timedelta(days=30)
_SWEPT_WITHIN = timedelta(minutes=2)
"""What fell due later than this may not be recorded yet."""


class CannotReplay(Exception):
    """It cannot be done; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is replayed.

    Attributes:
        histories: each ticket's events, in order.
        desk: the settings as they are now.
        version: gives an earlier version of a policy, if it was kept.
        plans: support plans of organizations, by id, as they are now.
        values_of: gives what a ticket's fields hold now; None: nobody knows.
    """

    histories: Histories
    desk: Desk
    version: Callable[[str, int], SlaPolicy | None]
    plans: Mapping[str, str] = field(default_factory=dict)
    values_of: ValuesOf | None = None


def main(arguments: Sequence[str]) -> int:
    """Runs the command; one JSON object a line.

    Returns:
        The exit status: 0 done (and everything reproduced), 1 something was not reproduced or it did not work.
    """
    options = _parser().parse_args(arguments)
    try:
        return run(options, _past(options), lambda line: print(json.dumps(line, ensure_ascii=False)))  # noqa: T201 - a command
    except (CannotReplay, HelpdeskError, OSError) as error:
        sys.stderr.write(f"helpdesk: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk sla replay", description=__doc__)
    now = datetime.now(UTC)
    parser.add_argument("--from", dest="since", type=_instant, default=now - _A_MONTH, help="(30 days ago)")
    parser.add_argument("--to", dest="until", type=_instant, default=now - _SWEPT_WITHIN, help="(two minutes ago)")
    parser.add_argument("--zone", default="UTC", help="whose days are counted (UTC)")
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help='draft: {"policies": [...], "calendars": [...]}, as the API has them',
    )
    parser.add_argument(
        "--verify", action="store_true", help="hold every recorded warning and breach to its own promise"
    )
    parser.add_argument(
        "--events", type=Path, metavar="FILE", help="events, one JSON object a line, a ticket at a time"
    )
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="with --events: live settings, written like a draft"
    )
    parser.add_argument("--changes", type=int, default=50, help="how many changed promises are listed (50)")
    return parser


def _instant(text: str) -> datetime:
    return parse_instant(text if "T" in text else f"{text}T00:00:00Z")


def run(options: argparse.Namespace, past: Past, show: Callable[[Line], None]) -> int:
    """Replays and shows."""
    if options.verify:
        return _verify(past, options.until, show)
    live = rules_of(past.desk)
    draft = rules_of(read_settings(options.policy, past.desk).desk) if options.policy else live
    draft, period = replace(draft, plans=past.plans), Period(options.since, options.until, options.zone)
    found = compare(past.histories, live, draft, period, past.values_of)
    for line in _lines(found, options.changes, known=past.values_of is not None):
        show(line)
    return 0


def _verify(past: Past, until: datetime, show: Callable[[Line], None]) -> int:
    promise_of = promises(past)
    tickets = firings = differences = 0
    unknown: dict[str, int] = {}
    for events in past.histories:
        tickets += 1
        firings += sum(due_of(event) is not None for event in events)
        try:
            found = verify(events, promise_of, until)
        except UnknownPromiseError as error:
            unknown[str(error.args[0])] = unknown.get(str(error.args[0]), 0) + 1
            continue
        differences += len(found)
        for one in found:
            due = one.due
            show(
                {
                    "ticket": one.ticket_id,
                    "number": one.number,
                    "kind": due.kind,
                    "metric": due.metric,
                    "at": format_instant(due.at),
                    "level": due.level,
                    "recorded": one.recorded,
                }
            )
    show({"tickets": tickets, "firings": firings, "differences": differences, "unknown_promises": unknown})
    return 1 if differences or unknown else 0


def promises(past: Past) -> Callable[[AppliedSla], Promise]:
    """Gives the promise that an applied SLA names: today's policy if it is of that version, or the kept one."""
    rules = rules_of(past.desk)
    known = {(policy.id, policy.version): policy for policy in rules.policies}

    def promise_of(applied: AppliedSla) -> Promise:
        name = applied.policy_id, applied.policy_version
        policy = known.get(name) or past.version(*name)
        if policy is None or (applied.calendar_id, applied.calendar_revision) not in rules.calendars:
            raise UnknownPromiseError(f"{name[0]}@{name[1]}")
        known[name] = policy
        return policy, rules.calendar_of(applied)

    return promise_of


# --- what is shown ---------------------------------------------------------------------------------------------------


def _lines(found: Comparison, most: int, *, known: bool) -> Iterator[Line]:
    yield {"tickets": found.tickets, "changed": len(found.changes)}
    if found.by_now:
        numbers = [number for _, number in found.by_now]
        yield {"fields": "as_they_are_now" if known else "unknown", "tickets": len(numbers), "numbers": numbers[:most]}
    keys = sorted(
        found.old.by_key.keys() | found.new.by_key.keys(), key=lambda key: (list(Dimension).index(key[1]), key)
    )
    for metric, dimension, value in keys:
        old, new = (side.by_key.get((metric, dimension, value), Tally()) for side in (found.old, found.new))
        yield {"metric": metric, "by": dimension, "of": value, "old": tally_line(old), "new": tally_line(new)}
    for change in found.changes[:most]:
        yield change_line(change)


def tally_line(tally: Tally) -> Line:
    """A tally with its share."""
    share = tally.compliance
    return {
        "met": tally.met,
        "breached": tally.breached,
        "open": tally.open,
        "compliance": None if share is None else round(share, 4),
        "late_seconds": tally.late_seconds,
        "paused_seconds": tally.paused_seconds,
    }


def change_line(change: Change) -> Line:
    """A changed promise with both sides."""
    return {
        "ticket": change.ticket_id,
        "number": change.number,
        "metric": change.metric,
        "run": change.place,
        "old": _side(change.old),
        "new": _side(change.new),
    }


def _side(found: Run | None) -> Line:
    if found is None:
        return {"kept": kept(None)}
    return {
        "kept": kept(found),
        "policy": found.policy_id,
        "priority": found.priority,
        "target_seconds": found.target_seconds,
        "used_seconds": found.used_ms // 1000,
        "breached_at": format_instant(found.breached_at) if found.breached_at else None,
        "met_at": format_instant(found.met_at) if found.met_at else None,
    }


# --- what is read ----------------------------------------------------------------------------------------------------


def _past(options: argparse.Namespace) -> Past:
    if options.events is not None:
        if options.settings is None:
            raise CannotReplay("--events needs --settings: the policies and calendars that history counted in")
        live = read_settings(options.settings, Desk())
        return Past(read_histories(options.events), live.desk, lambda *_: None, live.plans)
    if not os.environ.get(names.TABLE):
        raise CannotReplay(f"say which desk: {names.TABLE} and the other variables of its functions, or --events FILE")
    from helpdesk import bootstrap  # noqa: PLC0415 - needs AWS
    from helpdesk.sla.histories import fields_now, histories  # noqa: PLC0415

    bootstrap.begin()
    store = bootstrap.ticket_store()
    found, version = histories(store, options.since, options.until), bootstrap.desk_store().policy_version
    return Past(found, bootstrap.desk(), version, bootstrap.plans(), partial(fields_now, store))


def read_histories(path: Path) -> Iterator[list[Event]]:
    """Events of a file, one document a line, those of a ticket one after another; bus envelopes are opened."""
    with path.open("rb") as lines:
        events = (_event_of(line) for line in lines if line.strip())
        for _, of_ticket in groupby(events, key=lambda event: event.ticket_id):
            yield sorted(of_ticket, key=lambda event: event.seq)


def _event_of(line: bytes) -> Event:
    if b'"detail"' not in line:
        return event_from_json(line)
    document: Document = msgspec.json.decode(line)
    inner = document.get("detail", document)
    return event_from_document(inner if isinstance(inner, dict) else document)


class _Written(msgspec.Struct):
    """Settings in a file: policies and calendars as they are stored, and support plans of organizations."""

    policies: list[dict[str, object]] = []
    calendars: list[dict[str, object]] = []
    plans: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file says."""

    desk: Desk
    plans: Mapping[str, str]


def read_settings(path: Path, desk: Desk) -> Settings:
    """The desk with a file's policies in place of its own, and its calendars beside its own.

    Raises:
        CannotReplay: the file is no such thing.
    """
    try:
        written = msgspec.json.decode(path.read_bytes(), type=_Written)
        policies = tuple(from_document(SlaPolicy, {"version": 1, **one}) for one in written.policies)
        calendars = [from_document(BusinessCalendar, one) for one in written.calendars]
    except (ValueError, HelpdeskError) as error:
        raise CannotReplay(f"{path}: {error}") from error
    together = {**desk.calendars, **{(one.id, one.revision): one for one in calendars}}
    return Settings(replace(desk, policies=policies or desk.policies, calendars=together), written.plans)
