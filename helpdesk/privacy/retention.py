"""Carries rules of retention out: what need not be kept any longer goes out of tickets, whatever a run is interrupted by.

A rule goes through done tickets in the order in which they were solved, and never looks back: what it passed over because
it did not match, or was under legal hold, is looked at again when it changes. So a day costs what came of age and what was
changed, not what is stored. A ticket that is begun is noted first, and gone through again if the run did not come back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.conditions.model import Plan, Viewer
from helpdesk.conditions.rules import matches, plan
from helpdesk.desk.model import Desk
from helpdesk.kernel.audit import Told
from helpdesk.kernel.clock import Clock, format_instant
from helpdesk.kernel.errors import Invalid, StaleVersion
from helpdesk.privacy.checks import RETENTION_KIND, due
from helpdesk.privacy.model import Carried, RetentionRule
from helpdesk.privacy.service import PRIVACY
from helpdesk.tickets.commands import ClearTicket
from helpdesk.tickets.model import Content, Ticket
from helpdesk.tickets.service import TicketService
from helpdesk.tickets.views import TicketRow

GRACE: Final = timedelta(days=1)
"""From a rule's being written so until it takes something out for the first time: a slip can be taken back."""
RUN_SECONDS: Final = 240.0
"""How long a run works; its function has 290 seconds. What is left is the next run's."""
TOGETHER: Final = 25
"""Tickets that are noted as begun at once."""
MOST_IN_HAND: Final = 100
"""Tickets that could not be dealt with and are tried again; with more of them a rule stops, for something is broken."""
FIRST_MONTHS: Final = 120
"""How far back a rule looks when it begins: empty months cost a query each, once."""
_OVERLAP: Final = timedelta(minutes=5)
"""How far back a look at changes goes: an index may be seconds late."""
SCHEDULE: Final = "schedule"


class Notes(Protocol):
    """Where it is written how far retention is."""

    def carried(self) -> Mapping[str, Carried]:
        """How far each rule is, by its id."""
        ...

    def note(self, carried: Carried, told: Told | None) -> None:
        """Writes how far a rule is, and lets the trail tell of it.

        Raises:
            StaleVersion: another run was here.
        """
        ...

    def addresses_seen(self) -> str:
        """Up to which change addresses were taken out; empty: none yet."""
        ...

    def see_addresses(self, at: str) -> None:
        """Notes up to which change addresses were taken out."""
        ...

    def changes_seen(self) -> datetime | None:
        """Up to when changes were looked at."""
        ...

    def see_changes(self, at: datetime) -> None:
        """Notes up to when changes were looked at."""
        ...


class DoneTickets(Protocol):
    """Where tickets are read."""

    def solved_after(self, month: str, place: str, until: datetime, *, limit: int) -> Sequence[tuple[str, TicketRow]]:
        """Rows of a month's done tickets behind a place, those solved first, each with its own place."""
        ...

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """Tickets as they stand, by id: up to a hundred in a call."""
        ...

    def get_all(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Whole tickets by id: up to a hundred in a call."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What retention stands on.

    Attributes:
        notes: where it is written how far it is.
        tickets: reads tickets.
        service: decides on them.
        clear: takes something out of a ticket wherever it lies beside its snapshot.
        renew: lets the search forget all of a ticket but what the table has now.
        renew_lists: the same of what lists are read from, for all tickets at once.
        changed_since: ids of tickets that were changed since an instant, with when, those first that were changed first.
        forget_addresses: takes out from where anything was asked for on a ticket, whoever did it.
        forget_people: has those erased who are or were in a ticket, if no other tells of them any more.
        desk: the configuration.
        clock: the desk's time.
        monotonic: a stopwatch in seconds.
        fault: is told which ticket could not be dealt with, and why.
    """

    notes: Notes
    tickets: DoneTickets
    service: TicketService
    clear: Callable[[str, frozenset[Content]], None]
    renew: Callable[[str], None]
    renew_lists: Callable[[], None]
    changed_since: Callable[[str], Iterable[tuple[str, str]]]
    forget_addresses: Callable[[str], None]
    forget_people: Callable[[str], None]
    desk: Callable[[], Desk]
    clock: Clock
    monotonic: Callable[[], float]
    fault: Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did.

    Attributes:
        tickets: out of how many something was taken.
        failed: how many could not be dealt with; they are tried again.
        complete: whether nothing is left that is due.
    """

    tickets: int = 0
    failed: int = 0
    complete: bool = True


@dataclass(slots=True)
class _Work:
    """One rule, while it is carried out."""

    rule: RetentionRule
    asked: Plan
    carried: Carried
    ends: float
    cleared: int = 0
    complete: bool = True


class Retention:
    """Rules of retention at work.

    Args:
        ports: what they stand on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def run(self) -> Ran:
        """Carries all rules out for a while, each for its share of the time."""
        ports, desk, now = self._ports, self._ports.desk(), self._ports.clock()
        rules = [rule for _, rule in sorted(desk.retention.items()) if rule.enabled]
        carried = ports.notes.carried()
        changed = tuple(self._changed()) if rules else ()
        ends, ran = ports.monotonic() + RUN_SECONDS, Ran()
        for place, rule in enumerate(rules):
            left = max(0.0, ends - ports.monotonic())
            version = desk.versions.get((RETENTION_KIND.name, rule.id), 1)
            try:
                work = _Work(
                    rule,
                    plan(due(rule), Viewer("", frozenset(), now)),
                    self._begun(carried.get(rule.id), rule, version, now),
                    ports.monotonic() + left / (len(rules) - place),
                )
                one = self._carry_out(work, changed, now)
            except Invalid as error:  # a field it asks about is gone: it matches nothing until an admin mends it
                ports.fault(rule.id, error)
                one = Ran(0, 1)
            except StaleVersion:  # another run is at it
                one = Ran(0, 0, complete=False)
            ran = Ran(ran.tickets + one.tickets, ran.failed + one.failed, ran.complete and one.complete)
        if ran.complete:
            ports.notes.see_changes(now)
        if ports.monotonic() < ends:
            failed = self._forget_addresses(now - timedelta(days=desk.general.addresses_days), ends)
            ran = replace(ran, failed=ran.failed + failed)
        if ran.tickets:
            ports.renew_lists()
        return ran

    def _changed(self) -> Iterable[str]:
        """Ids of tickets that were changed since the last run that came to its end, each once."""
        seen = self._ports.notes.changes_seen()
        if seen is None:
            return ()  # every rule begins with the first ticket
        return dict.fromkeys(one for _, one in self._ports.changed_since(format_instant(seen - _OVERLAP)))

    def _forget_addresses(self, until: datetime, ends: float) -> int:
        """Takes network addresses out of tickets that rest since then: all that was done to them is at least as old.

        Whatever is done to one moves it to the end of the queue, so each is come by again. Gives how many failed: with the
        first the run ends, and the next begins with it.
        """
        place, done = self._ports.notes.addresses_seen(), 0
        failed = 0
        for at, ticket_id in self._ports.changed_since(place):
            if at > format_instant(until) or self._ports.monotonic() > ends:
                break
            try:
                self._ports.forget_addresses(ticket_id)
            except Exception as error:  # noqa: BLE001 - rules have done their work by now: that must be noted
                self._ports.fault(ticket_id, error)
                failed = 1
                break
            place, done = at, done + 1
            if done % TOGETHER == 0:
                self._ports.notes.see_addresses(place)
        if done:
            self._ports.notes.see_addresses(place)
        return failed

    def _begun(self, before: Carried | None, rule: RetentionRule, version: int, now: datetime) -> Carried:
        """How far a rule is; one that is new, or was changed, begins anew after a while."""
        if before is not None and before.version == version:
            return before
        tickets, revision = (before.tickets, before.revision) if before is not None else (0, 0)
        fresh = Carried(rule.id, version, now + GRACE, tickets=tickets, revision=revision + 1)
        self._ports.notes.note(fresh, None)
        return fresh

    def _carry_out(self, work: _Work, changed: Sequence[str], now: datetime) -> Ran:
        if now < work.carried.begins_at:
            return Ran()
        if work.carried.in_hand:  # begun when a run ended, or could not be dealt with
            self._note(work, None, in_hand=self._cleared(work, work.carried.in_hand))
        for start in range(0, len(changed), 100):
            rows = self._ports.tickets.rows_of(changed[start : start + 100])
            passed = [row for row in rows.values() if _place(row) <= work.carried.solved_to]
            self._work_off(work, [row.id for row in passed if matches(work.asked, row)], work.carried.solved_to)
        if work.complete:
            self._solved(work, now)
        told = None
        if work.cleared:
            after = {"tickets": work.cleared, "complete": work.complete}
            told = Told("retention", work.rule.id, after=after, action="carried_out", via=SCHEDULE, at=now)
        self._note(work, told, looked_at=now)
        return Ran(work.cleared, len(work.carried.in_hand), work.complete)

    def _solved(self, work: _Work, now: datetime) -> None:
        """Goes on through done tickets in the order of solving."""
        until = now - timedelta(days=work.rule.after_days)
        place = work.carried.solved_to
        for month in _months(place[:7] or _first_month(until), until):
            while True:
                rows = self._ports.tickets.solved_after(month, place, until, limit=TOGETHER)
                if not rows:
                    break
                place = rows[-1][0]
                self._work_off(work, [row.id for _, row in rows if matches(work.asked, row)], place)
                if not work.complete:
                    return
        work.carried = replace(work.carried, solved_to=f"{format_instant(until)}#~")

    def _work_off(self, work: _Work, ticket_ids: Sequence[str], place: str) -> None:
        """Clears some tickets, which are noted before and after."""
        for start in range(0, len(ticket_ids), TOGETHER):
            if not self._may_go_on(work):
                return
            some = tuple(ticket_ids[start : start + TOGETHER])
            failed = work.carried.in_hand
            self._note(work, None, in_hand=(*failed, *some))
            self._note(work, None, in_hand=(*failed, *self._cleared(work, some)))
        if self._may_go_on(work):
            work.carried = replace(work.carried, solved_to=place)

    def _may_go_on(self, work: _Work) -> bool:
        spent = self._ports.monotonic() > work.ends or len(work.carried.in_hand) >= MOST_IN_HAND
        work.complete = work.complete and not spent
        return work.complete

    def _cleared(self, work: _Work, ticket_ids: Sequence[str]) -> tuple[str, ...]:
        """Clears tickets; gives those that could not be dealt with."""
        failed: list[str] = []
        for ticket in self._ports.tickets.get_all(ticket_ids).values():
            try:
                work.cleared += self._clear(ticket, work.rule)
            except Exception as error:  # noqa: BLE001 - one ticket's fault must not hold up the others; the next run tries it again
                self._ports.fault(ticket.id, error)
                failed.append(ticket.id)
        return tuple(failed)

    def _clear(self, ticket: Ticket, rule: RetentionRule) -> bool:
        """Takes out of a ticket, and of those that go on in it, what a rule says; False: somebody was faster.

        The snapshot comes first: what it copies must not come back from messages.
        """
        if ticket.merged is not None:
            return False  # it is read in another, and goes with that
        for ticket_id in (ticket.id, *(source.ticket_id for source in ticket.sources)):
            after = self._ports.service.run(ticket_id, ClearTicket(rule.id, rule.removes), actor=PRIVACY).ticket
            if not set(rule.removes) <= set(after.cleared):
                if ticket_id == ticket.id:
                    return False  # it was opened again, or put under legal hold
                continue
            self._ports.clear(ticket_id, frozenset(rule.removes))
            self._ports.renew(ticket_id)
        if rule.forgets:
            self._ports.forget_people(ticket.id)
        return True

    def _note(self, work: _Work, told: Told | None, **values: object) -> None:
        tickets = work.carried.tickets + (work.cleared if told is not None else 0)
        values |= {"revision": work.carried.revision + 1, "tickets": tickets}
        after = replace(work.carried, **values)  # type: ignore[arg-type]
        self._ports.notes.note(after, told)
        work.carried = after


def _place(row: TicketRow) -> str:
    """Where a ticket stands in the order of solving."""
    return f"{format_instant(row.solved_at)}#{row.id}" if row.solved_at is not None else "~"


def _first_month(until: datetime) -> str:
    month = until.year * 12 + until.month - 1 - FIRST_MONTHS
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _months(first: str, until: datetime) -> Iterable[str]:
    """Months from one to that of an instant, both included, as `2026-11`."""
    number = int(first[:4]) * 12 + int(first[5:7]) - 1
    while number <= until.year * 12 + until.month - 1:
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"
        number += 1
