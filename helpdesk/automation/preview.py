"""What a draft of a rule would do to the tickets that changed last, conflicts and loops included. Nothing is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from helpdesk.automation.fields import CHANGED, NOBODY_KNOWN, Known, Present, asks_for_text
from helpdesk.automation.hands import Hands
from helpdesk.automation.model import Happening, Occurrence, Outcome, Rule, RuleKind, Written
from helpdesk.automation.rules import Pass, Prepared, prepared, present_of, run, where_failing
from helpdesk.automation.service import enabled_beside, written_of
from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import Invalid
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import ActorKind, Message, Status, Ticket
from helpdesk.tickets.service import TicketStore
from helpdesk.tickets.views import TicketQuery

MOST: Final = 200
"""Tickets that one preview looks at."""
MOST_TEXTS: Final = 50
"""Of them where conditions ask about the message: each costs a query."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another rule that sets what the draft sets, otherwise."""

    rule: str
    name: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft would do to one ticket.

    Attributes:
        differences: name of a property, value before, value after, by the draft alone.
        messages: that it would write.
        webhooks: that would be called; a trial never calls.
        tasks: that would be put on it.
        problem: code of why it cannot be done.
        conflicts: with other rules that are switched on.
        loop: rules that would undo one another again and again, were they not stopped after one pass.
    """

    ticket: Ticket
    differences: tuple[tuple[str, object, object], ...] = ()
    messages: tuple[Message, ...] = ()
    problem: str = ""
    conflicts: tuple[Conflict, ...] = ()
    loop: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """Where the conditions failed, and for how many tickets."""

    where: str
    field: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a draft would have done."""

    looked: int
    effects: tuple[Effect, ...]
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Previewer:
    """Tries drafts.

    Attributes:
        store: reads tickets.
        hands: says what rules wish.
        known: looks up who asks.
    """

    store: TicketStore
    hands: Hands
    known: Known = NOBODY_KNOWN

    def preview(self, draft: Rule, desk: Desk, rules: DeskRules, now: datetime, *, limit: int) -> Previewed:
        """What a draft would do, did what it reacts to happen now to each of the tickets that changed last.

        Args:
            draft: a rule without faults; whether it is switched on does not matter.
            desk: the configuration; other rules that are switched on are tried with it.
            rules: the settings that decisions depend on.
            now: the present.
            limit: how many tickets.
        """
        ready = prepared(draft)
        texts = asks_for_text(ready.names)
        page = self.store.rows(TicketQuery(), limit=min(limit, MOST_TEXTS if texts else MOST), position=None)
        found = self.store.get_all([row.id for row in page.items])
        tickets = [found[row.id] for row in page.items if row.id in found]
        present, beside = present_of(rules, now, self.known), _prepared(enabled_beside(desk.rules, draft))
        effects: list[Effect] = []
        misses: Counter[tuple[str, str]] = Counter()
        for ticket in tickets:
            occurrence = self._supposed(draft, ticket, texts=texts)
            where = where_failing(ready, occurrence, ticket, present)
            if where is not None:
                misses[where] += 1
            else:
                effects.append(self._effect(ready, beside, occurrence, ticket, present))
        missed = tuple(Miss(where, field, count) for (where, field), count in misses.most_common())
        return Previewed(len(tickets), tuple(effects), missed)

    def _supposed(self, draft: Rule, ticket: Ticket, *, texts: bool) -> Occurrence:
        """All that the draft reacts to, done by the requester with their newest message, as if it all were now."""
        if draft.kind is RuleKind.AUTOMATION:
            return Occurrence("", frozenset({Happening.TIME}), ActorKind.SYSTEM)
        written: Written | None = None
        if texts:
            newest = self.store.messages(ticket.id, limit=1, position=None).items
            written = written_of(newest[0]) if newest else None
        return Occurrence("", frozenset(draft.on), ActorKind.REQUESTER, CHANGED, written)

    def _effect(
        self,
        draft: Prepared,
        beside: Sequence[Prepared],
        occurrence: Occurrence,
        ticket: Ticket,
        present: Present,
    ) -> Effect:
        if ticket.status is Status.CLOSED:
            return Effect(ticket, problem="conflict")
        alone = run(ticket, occurrence, [draft], self.hands.wish, present)
        problem = next((one.problem for one in alone.verdicts if one.outcome is Outcome.REFUSED), "")
        differences = tuple(one for step in alone.steps for one in step.differences)
        together = run(ticket, occurrence, beside, self.hands.wish, present)
        return Effect(
            ticket,
            differences,
            alone.messages,
            problem,
            _conflicts(draft.rule.id, together),
            self._loop(draft.rule.id, beside, occurrence, together, present),
            tuple(one for step in alone.steps for one in step.webhooks),
            tuple(step.task for step in alone.steps if step.task),
        )

    def _loop(
        self, draft: str, beside: Sequence[Prepared], occurrence: Occurrence, first: Pass, present: Present
    ) -> tuple[str, ...]:
        """Rules that acted and would act again on what is left, were there a second pass."""
        acted = {step.rule for step in first.steps}
        if draft not in acted:
            return ()
        again = run(
            first.decision.ticket,
            replace(occurrence, happened=frozenset(Happening)),
            [one for one in beside if one.rule.id in acted],
            self.hands.wish,
            present,
        )
        moving = tuple(step.rule for step in again.steps if step.differences)
        return moving if draft in moving else ()


def _prepared(rules: Sequence[Rule]) -> list[Prepared]:
    found: list[Prepared] = []
    for rule in rules:
        try:
            found.append(prepared(rule))
        except Invalid:  # it matches nothing as it stands
            continue
    return found


def _conflicts(draft: str, made: Pass) -> tuple[Conflict, ...]:
    """Properties that the draft sets and another rule sets to something else in the same pass; tags add up."""
    own = {name: after for step in made.steps if step.rule == draft for name, _, after in step.differences}
    return tuple(
        Conflict(step.rule, name)
        for step in made.steps
        if step.rule != draft
        for name, _, after in step.differences
        if name in own and name != "tags" and own[name] != after
    )
