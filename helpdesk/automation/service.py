"""Lets rules act: on each event of the bus, once; and by the clock, on tickets that match and were not seen to yet.

All that rules make of one event is one transaction: the ticket's events, the messages, the rules' hits, and the trace,
which can be written once. Whatever is repeated or comes late, an event is answered once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.automation.fields import AUTOMATION_FIELDS, NOBODY_KNOWN, Known, asks_for_text
from helpdesk.automation.hands import Hands
from helpdesk.automation.happenings import message_of, occurrence_of
from helpdesk.automation.model import (
    Happening,
    Hits,
    Occurrence,
    Outcome,
    Rule,
    RuleKind,
    Trace,
    Verdict,
    Written,
)
from helpdesk.automation.rules import Pass, Prepared, in_order, prepared, present_of, run
from helpdesk.conditions.model import Viewer
from helpdesk.conditions.rules import may_match
from helpdesk.contracts.table import rule_hits_key, rule_trace_key
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import to_document
from helpdesk.kernel.errors import Invalid, NotFound
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.pagination import Page
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.facts import Event, TicketOpened
from helpdesk.tickets.model import ActorKind, Message, Status, StatusCategory, Ticket
from helpdesk.tickets.service import AlreadyDone, Change, Count, Extras, Record, TicketService, TicketStore
from helpdesk.tickets.views import TicketQuery, TicketRow

KEPT: Final = timedelta(days=30)
"""How long traces are kept: longer than an event can come again, two queues' 14 days."""
LOOKED_BACK: Final = 60
"""Earlier passes over a ticket that a new one knows."""
A_PAGE: Final = 100
MOST_PAGES: Final = 50
"""Pages of open tickets that one look of the clock reads; the next look goes on where it ended."""
_ONCE: Final = "rules"
_NOT_DONE: Final = frozenset(one for one in Status if one.category is not StatusCategory.DONE)

type Fault = Callable[[str, Exception], None]


class TraceStore(Protocol):
    """What is remembered of rules' doing."""

    def recent(self, ticket_id: str, *, limit: int) -> tuple[Trace, ...]:
        """The newest traces of a ticket, newest first, read consistently."""
        ...

    def page(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Trace]:
        """A page of a ticket's traces, newest first."""
        ...

    def keep(self, ticket_id: str, trace: Trace, expires_at: datetime) -> None:
        """Keeps a trace; if it is there already, nothing happens."""
        ...

    def hits(self) -> Mapping[str, Hits]:
        """How often rules acted, by id."""
        ...

    def place(self) -> dict[str, str] | None:
        """Where the clock's next look goes on; None: from the first."""
        ...

    def keep_place(self, position: dict[str, str] | None) -> None:
        """Notes where the clock's next look goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What rules stand on.

    Attributes:
        store: reads tickets.
        service: writes them.
        traces: what rules did.
        hands: says what each rule wishes.
        desk: the configuration.
        rules: the settings that decisions depend on.
        clock: the desk's time.
        fault: is told what went wrong with one ticket, or one rule, and stops none of the others.
        known: looks up who asks.
    """

    store: TicketStore
    service: TicketService
    traces: TraceStore
    hands: Hands
    desk: Callable[[], Desk]
    rules: Callable[[], DeskRules]
    clock: Clock
    fault: Fault
    known: Known = NOBODY_KNOWN


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look of the clock did.

    Attributes:
        rows: tickets it looked at.
        matched: those on which rules were tried.
        acted: those that were changed.
        failed: those that could not be dealt with; they are looked at again.
    """

    rows: int = 0
    matched: int = 0
    acted: int = 0
    failed: int = 0


class AutomationService:
    """Rules at work.

    Args:
        ports: what they stand on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    # --- events ---

    def handle(self, event: Event) -> None:
        """Lets triggers act on an event of the bus.

        Raises:
            Unavailable: contention that did not end; handling it again is safe.
        """
        occurrence = occurrence_of(event)
        rules = self._prepared(RuleKind.TRIGGER)
        if occurrence is None or not _listens(rules, occurrence):
            return
        names = frozenset(name for one in rules for name in one.names)
        written = self._written(event) if asks_for_text(names) or _answers(rules) else None
        self._pass(event.ticket_id, replace(occurrence, written=written), rules)

    def _written(self, event: Event) -> Written | None:
        message_id = message_of(event)
        message = self._ports.store.message(event.ticket_id, message_id) if message_id is not None else None
        if message is None:
            return None
        automatic = message.automatic or (isinstance(event.fact, TicketOpened) and event.fact.automatic)
        return written_of(message, automatic=automatic)

    def _prepared(self, kind: RuleKind) -> list[Prepared]:
        found: list[Prepared] = []
        for rule in in_order(list(self._ports.desk().rules.values()), kind):
            try:
                found.append(prepared(rule))
            except Invalid as error:  # a field it asks about is gone: it matches nothing until an admin mends it
                self._ports.fault(rule.id, error)
        return found

    def _pass(
        self, ticket_id: str, occurrence: Occurrence, rules: Sequence[Prepared], *, untried: bool = False
    ) -> Pass | None:
        """One pass over a ticket, written with its trace. None: there is no such ticket, or it was done before.

        Args:
            ticket_id: of which ticket.
            occurrence: what happened.
            rules: that may act.
            untried: leave those out that were tried since somebody wrote.
        """
        passes: list[Pass] = []
        key = rule_trace_key(ticket_id, occurrence.id)

        def changes_of(tickets: tuple[Ticket, ...], settings: DeskRules, now: datetime) -> Sequence[Change]:
            ticket = tickets[0]
            traces = self._ports.traces.recent(ticket_id, limit=LOOKED_BACK)
            if any(trace.event_id == occurrence.id for trace in traces):
                raise AlreadyDone(_ONCE)
            fit = _untried(rules, traces, ticket) if untried else rules
            passes.append(
                run(
                    ticket,
                    occurrence,
                    fit,
                    self._ports.hands.wish,
                    present_of(settings, now, self._ports.known),
                    traces=traces,
                )
            )
            made = passes[-1]
            if not made.acted:
                return (Change(ticket, Decision(ticket, ())),)
            document = to_document(_trace_of(occurrence, made, now))
            record = Record(key, document, once=_ONCE, expires_at=now + KEPT)
            counts = tuple(Count(rule_hits_key(step.rule, ticket_id), now) for step in made.steps)
            return (Change(ticket, made.decision, Extras(messages=made.messages, records=(record,), counts=counts)),)

        try:
            self._ports.service.carry_out_together((ticket_id,), changes_of)
        except (AlreadyDone, NotFound):
            return None
        made, now = passes[-1], self._ports.clock()
        if not made.acted and made.verdicts and (not untried or any(one.matched for one in made.verdicts)):
            self._ports.traces.keep(ticket_id, _trace_of(occurrence, made, now), now + KEPT)
        return made

    # --- the clock ---

    def look(self) -> Looked:
        """Lets automations act on tickets that are not done. Costs the open tickets; nothing while there is no such rule."""
        rules = self._prepared(RuleKind.AUTOMATION)
        if not rules:
            return Looked()
        looked = Looked()
        position = self._ports.traces.place()
        for _ in range(MOST_PAGES):
            page = self._ports.store.rows(TicketQuery(statuses=_NOT_DONE), limit=A_PAGE, position=position)
            looked = self._looked_through(page.items, rules, looked)
            position = page.next_position
            if position is None:
                break
        self._ports.traces.keep_place(position)
        return looked

    def _looked_through(self, rows: Sequence[TicketRow], rules: Sequence[Prepared], looked: Looked) -> Looked:
        now = self._ports.clock()
        fitting = [row for row in rows if any(_may_match(one, row, now) for one in rules)]
        matched = acted = failed = 0
        for row in fitting:
            occurrence = Occurrence(
                derived_id(now, row.id, "rules", str(row.version)), frozenset({Happening.TIME}), ActorKind.SYSTEM
            )
            try:
                made = self._pass(row.id, occurrence, rules, untried=True)
            except Exception as error:  # noqa: BLE001 - one ticket's fault must not hold up the others; the next look tries it again
                self._ports.fault(row.id, error)
                failed += 1
                continue
            matched += made is not None and any(one.matched for one in made.verdicts)
            acted += made is not None and made.acted
        return Looked(looked.rows + len(rows), looked.matched + matched, looked.acted + acted, looked.failed + failed)


def written_of(message: Message, *, automatic: bool = False) -> Written:
    """What conditions may ask of a message."""
    return Written(message.text, message.author.kind, message.channel, automatic or message.automatic)


def _trace_of(occurrence: Occurrence, made: Pass, now: datetime) -> Trace:
    on = tuple(sorted(occurrence.happened, key=list(Happening).index))
    return Trace(occurrence.id, now, on, made.verdicts)


def _listens(rules: Sequence[Prepared], occurrence: Occurrence) -> bool:
    return any(not occurrence.happened.isdisjoint(one.rule.on) for one in rules)


def _answers(rules: Sequence[Prepared]) -> bool:
    return any(one.rule.actions.reply or one.rule.actions.macro is not None for one in rules)


def _may_match(one: Prepared, row: TicketRow, now: datetime) -> bool:
    """Whether a rule can match a ticket, as far as its row tells: what only the ticket has is asked of that."""
    return may_match(one.tree, row, Viewer("", frozenset(), now), AUTOMATION_FIELDS)


def _untried(rules: Sequence[Prepared], traces: Sequence[Trace], ticket: Ticket) -> list[Prepared]:
    """Those that were not tried on a ticket since a person last wrote to it."""
    last = ticket.copies.last_message
    since = last.at if last is not None and last.author_kind is not ActorKind.SYSTEM else ticket.created_at
    tried = {
        (verdict.rule, verdict.version)
        for trace in traces
        if Happening.TIME in trace.on and trace.at >= since
        for verdict in trace.verdicts
        if _counts(verdict)
    }
    return [one for one in rules if (one.rule.id, one.rule.version) not in tried]


def _counts(verdict: Verdict) -> bool:
    return verdict.outcome in {Outcome.ACTED, Outcome.NOTHING, Outcome.REFUSED}


def enabled_beside(rules: Mapping[str, Rule], draft: Rule) -> list[Rule]:
    """The rules of a draft's kind that are switched on, itself put in its place."""
    others = [one for one in rules.values() if one.id != draft.id]
    return in_order([*others, replace(draft, enabled=True)], draft.kind)
