"""What rules make of something that happened to a ticket: one pass over them in order, told verdict by verdict. Pure.

A pass begins with what happened. Rules are looked at in their order; one that matches acts at once, what it changed is
part of what happened for the others, and they are looked at from the first again. A rule acts once a pass, so a pass ends
after as many steps as there are rules, whatever they say; and what rules did starts no further pass (`occurrence_of`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from helpdesk.automation.fields import AUTOMATION_FIELDS, NOBODY_KNOWN, TRIGGER_FIELDS, Known, Present, cells_of
from helpdesk.automation.happenings import effect_of, together
from helpdesk.automation.model import Happening, Occurrence, Outcome, Rule, RuleKind, Trace, Verdict
from helpdesk.conditions.fields import Cell, Field
from helpdesk.conditions.model import All, Either, Leaf, No, Tree, Viewer
from helpdesk.conditions.rules import leaves_of, matches, parse, plan
from helpdesk.kernel.errors import HelpdeskError
from helpdesk.macros.rules import SETTLE, decide_together, differences
from helpdesk.tickets.commands import Command
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import AUTOMATION, Message, Reason, Status, Ticket
from helpdesk.tickets.rules import decide
from helpdesk.tickets.views import summarize

MOST_ACTING: Final = 20
"""Rules that act in one pass."""
MOST_AN_HOUR: Final = 30
"""Passes an hour in which rules change one ticket; more is two sides that answer one another without end."""
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule with its conditions read."""

    rule: Rule
    tree: Tree
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wished:
    """What a rule wishes of a ticket.

    Attributes:
        commands: in order.
        messages: that they write.
        replied: whether one of them is a public answer.
        webhooks: that are called: no command does that, it follows from the event.
        task: that is put on it, in words.
    """

    commands: tuple[Command, ...]
    messages: tuple[Message, ...] = ()
    replied: bool = False
    webhooks: tuple[str, ...] = ()
    task: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule changed.

    Attributes:
        differences: name of a property, value before, value after.
    """

    rule: str
    differences: tuple[tuple[str, object, object], ...]
    messages: tuple[Message, ...]
    webhooks: tuple[str, ...] = ()
    task: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """What came of one pass."""

    decision: Decision
    verdicts: tuple[Verdict, ...]
    steps: tuple[Step, ...] = ()
    settled: int = 0

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that was written."""
        return tuple(message for step in self.steps for message in step.messages)

    @property
    def acted(self) -> bool:
        """Whether a rule changed anything."""
        return bool(self.steps)


type Wishing = Callable[[Rule, Ticket, bool], Wished]
"""What a rule wishes of a ticket; the last says whether it may answer. Raises HelpdeskError: it cannot be."""


def fields_of(kind: RuleKind) -> Mapping[str, Field]:
    """What conditions of such a rule can ask beyond what lists have."""
    return TRIGGER_FIELDS if kind is RuleKind.TRIGGER else AUTOMATION_FIELDS


def prepared(rule: Rule) -> Prepared:
    """A rule with its conditions read.

    Raises:
        Invalid: they are none (any more).
    """
    tree = parse(dict(rule.conditions), further=fields_of(rule.kind))
    return Prepared(rule, tree, frozenset(leaf.field for leaf in leaves_of(tree)))


def in_order(rules: Sequence[Rule], kind: RuleKind) -> list[Rule]:
    """The rules of a kind that are switched on, in the order they are looked at."""
    return sorted((one for one in rules if one.enabled and one.kind is kind), key=lambda one: (one.order, one.id))


def failing(tree: Tree, holds: Callable[[Leaf], bool], at: str = "") -> tuple[str, str] | None:
    """Where conditions fail: JSON pointer and, if it is one comparison, its field. None: they hold.

    Of several that must all hold it is the first that does not; of several of which one must, it is all of them.
    """
    if isinstance(tree, Leaf):
        return None if holds(tree) else (at, tree.field)
    if isinstance(tree, No):
        return None if failing(tree.of, holds) is not None else (f"{at}/not", _name_of(tree.of))
    if isinstance(tree, Either):
        found = (failing(one, holds) is None for one in tree.of)
        return None if any(found) else (f"{at}/any", "")
    failures = (failing(one, holds, f"{at}/all/{place}") for place, one in enumerate(tree.of))
    return next((one for one in failures if one is not None), None)


def _name_of(tree: Tree) -> str:
    return tree.field if isinstance(tree, Leaf) else ""


def where_failing(one: Prepared, occurrence: Occurrence, ticket: Ticket, present: Present) -> tuple[str, str] | None:
    """Where a rule's conditions fail for a ticket, at what happened; None: they hold."""
    if isinstance(one.tree, All) and not one.tree.of:
        return None
    further = fields_of(one.rule.kind)
    viewer = Viewer("", frozenset(), present.now)
    cells: Mapping[str, Cell] = cells_of(occurrence, ticket, present, names=one.names)
    row = summarize(ticket)
    return failing(one.tree, lambda leaf: matches(plan(leaf, viewer, further), row, cells))


def run(
    ticket: Ticket,
    occurrence: Occurrence,
    rules: Sequence[Prepared],
    wishing: Wishing,
    present: Present,
    *,
    traces: Sequence[Trace] = (),
) -> Pass:
    """One pass of rules over a ticket.

    Args:
        ticket: as it stands.
        occurrence: what happened.
        rules: that are switched on, in order.
        wishing: what each wishes.
        present: the hour and the settings.
        traces: of earlier passes over the ticket, as far as they are remembered.
    """
    return _Pass(ticket, occurrence, wishing, present, traces).run(rules)


@dataclass(slots=True)
class _Progress:
    ticket: Ticket
    events: list[Event]
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


class _Pass:
    def __init__(
        self, ticket: Ticket, occurrence: Occurrence, wishing: Wishing, present: Present, traces: Sequence[Trace]
    ) -> None:
        self._before = ticket
        self._occurrence = occurrence
        self._wishing = wishing
        self._present = present
        self._traces = traces
        settled = decide(ticket, SETTLE, present.rules, actor=AUTOMATION, now=present.now)
        self._settled = len(settled.events)
        self._made = _Progress(settled.ticket, list(settled.events))

    def run(self, rules: Sequence[Prepared]) -> Pass:
        """Looks at rules until none acts any more."""
        if self._before.status is not Status.CLOSED:
            tried: set[str] = set()
            while (stopped := self._round(rules, tried)) is not None:
                if stopped:
                    self._stop(rules, tried)
                    break
        made = self._made
        if not made.steps:
            return Pass(Decision(self._before, ()), tuple(made.verdicts.values()))
        decision = Decision(made.ticket, tuple(made.events))
        return Pass(decision, tuple(made.verdicts.values()), tuple(made.steps), self._settled)

    def _round(self, rules: Sequence[Prepared], tried: set[str]) -> bool | None:
        """Looks for the next rule that acts. None: there is none; True: no other may act after it."""
        for one in rules:
            rule = one.rule
            if rule.id in tried or self._occurrence.happened.isdisjoint(_starts(rule)):
                continue
            where = where_failing(one, self._occurrence, self._made.ticket, self._present)
            if where is not None:
                self._made.verdicts[rule.id] = Verdict(rule.id, Outcome.NOT_MATCHED, *where, version=rule.version)
                continue
            tried.add(rule.id)
            acted = self._act(rule)
            if acted or rule.stop:
                return rule.stop
        return None

    def _act(self, rule: Rule) -> bool:
        verdict = Verdict(rule.id, Outcome.NOTHING, version=rule.version)
        if self._too_often():
            self._made.verdicts[rule.id] = replace(verdict, outcome=Outcome.LIMITED)
            return False
        before = self._made.ticket
        muted = self._muted(rule)
        try:
            wished = self._wishing(rule, before, not muted)
            because = Reason("rule", {"rule": rule.id})
            decision = decide_together(
                before, wished.commands, because, self._present.rules, actor=AUTOMATION, now=self._present.now
            )
        except HelpdeskError as refusal:
            self._made.verdicts[rule.id] = replace(verdict, outcome=Outcome.REFUSED, problem=refusal.code)
            return False
        if decision.events:
            verdict = replace(verdict, outcome=Outcome.ACTED, replied=wished.replied)
            different = tuple(differences(before, decision.ticket))
            self._made.steps.append(Step(rule.id, different, wished.messages, wished.webhooks, wished.task))
            self._made.ticket = decision.ticket
            self._made.events += decision.events
            for effect in map(effect_of, decision.events):
                self._occurrence = together(self._occurrence, effect) if effect is not None else self._occurrence
        self._made.verdicts[rule.id] = replace(verdict, problem=muted)
        return bool(decision.events)

    def _muted(self, rule: Rule) -> str:
        """Why a rule's answer is left out; empty: it is not, or there is none."""
        if not rule.actions.reply and rule.actions.macro is None:
            return ""
        if self._before.automatic or self._occurrence.by_machine:
            return "machine"
        since = self._present.now - DAY
        before = (verdict for trace in self._traces if trace.at > since for verdict in trace.verdicts)
        return "answered" if any(one.rule == rule.id and one.replied for one in before) else ""

    def _too_often(self) -> bool:
        since = self._present.now - HOUR
        passes = sum(trace.acted for trace in self._traces if trace.at > since)
        return passes >= MOST_AN_HOUR or len(self._made.steps) >= MOST_ACTING

    def _stop(self, rules: Sequence[Prepared], tried: set[str]) -> None:
        for one in rules:
            listens = not self._occurrence.happened.isdisjoint(_starts(one.rule))
            if listens and one.rule.id not in tried and one.rule.id not in self._made.verdicts:
                self._made.verdicts[one.rule.id] = Verdict(one.rule.id, Outcome.STOPPED)


def _starts(rule: Rule) -> frozenset[Happening]:
    return frozenset(rule.on) if rule.kind is RuleKind.TRIGGER else frozenset({Happening.TIME})


def present_of(rules: DeskRules, now: datetime, known: Known = NOBODY_KNOWN) -> Present:
    """The hour, as a desk sees it. Who asks is looked up once, however many rules ask about them."""
    return Present(now, rules, Known(cache(known.person), cache(known.organization)))
