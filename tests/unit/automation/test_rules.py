"""Rules over tickets at random: verdicts say what conditions say, passes end, order and stop hold, a pass is one doing."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.automation.fields import CHANGED, TRIGGER_FIELDS
from helpdesk.automation.model import Actions, Happening, Occurrence, Outcome, Rule, RuleKind, Trace, Verdict
from helpdesk.automation.rules import (
    MOST_AN_HOUR,
    Pass,
    Prepared,
    Wished,
    failing,
    in_order,
    prepared,
    present_of,
    run,
)
from helpdesk.conditions.fields import COLUMNS
from helpdesk.conditions.model import Viewer
from helpdesk.conditions.rules import matches, parse, plan
from helpdesk.macros.model import MacroChanges, TagChange
from helpdesk.macros.rules import change_of
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.chain import verify
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import AUTOMATION, ActorKind, Priority, Status, Ticket
from helpdesk.tickets.rules import evolve
from tests.support.conditions import NOW, a_row, a_tree
from tests.support.desks import RULES
from tests.support.lives import Life

ITSELF = Agent(AUTOMATION.id, "Desk", "", Role.AGENT)
VIEWER = Viewer("", frozenset(), NOW)


def wishing(rule: Rule, ticket: Ticket, may_reply: bool) -> Wished:  # noqa: FBT001 - as `rules.Wishing`
    """Changes alone."""
    del may_reply
    change = change_of(rule.actions.changes, ticket, ITSELF, status=True)
    return Wished((change,) if change != ChangeTicket() else ())


def passed(ticket: Ticket, rules: list[Rule], traces: tuple[Trace, ...] = ()) -> Pass:
    ready: list[Prepared] = [prepared(one) for one in in_order(rules, RuleKind.TRIGGER)]
    what = Occurrence("e", frozenset({Happening.OPENED}), ActorKind.REQUESTER)
    return run(ticket, what, ready, wishing, present_of(RULES, ticket.updated_at), traces=traces)


@given(st.integers(0, 1 << 32))
def test_a_place_of_failure_is_told_just_where_the_conditions_do_not_hold(seed: int) -> None:
    chance = random.Random(seed)
    row, tree = a_row(chance, 1), parse(a_tree(chance))
    where = failing(tree, lambda leaf: matches(plan(leaf, VIEWER), row))
    assert (where is None) is matches(plan(tree, VIEWER), row)


@given(st.integers(0, 1 << 32))
def test_the_place_of_failure_is_a_place_in_what_was_written(seed: int) -> None:
    chance = random.Random(seed)
    written: Any = a_tree(chance)
    row = a_row(chance, 1)
    where = failing(parse(written), lambda leaf: matches(plan(leaf, VIEWER), row))
    if where is not None:
        found = written
        for part in where[0].split("/")[1:]:
            found = found[int(part)] if isinstance(found, list) else found[part]
        assert not where[1] or (found["field"] == where[1])


PRIORITIES = st.sampled_from(Priority)
TAGS = st.sampled_from(("a", "b", "c"))
CONDITIONS: st.SearchStrategy[Mapping[str, object]] = st.one_of(
    st.just({}),
    PRIORITIES.map(lambda one: {"field": "priority", "is": [one.value]}),
    PRIORITIES.map(lambda one: {"not": {"field": "priority", "is": [one.value]}}),
    TAGS.map(lambda one: {"field": "tags", "is": [one]}),
    st.sampled_from(("priority", "tags", "status")).map(lambda one: {"field": "changed", "is": [one]}),
)
CHANGES = st.one_of(
    PRIORITIES.map(lambda one: MacroChanges(priority=one)),
    TAGS.map(lambda one: MacroChanges(tags=TagChange(add=(one,)))),
    TAGS.map(lambda one: MacroChanges(tags=TagChange(remove=(one,)))),
    st.sampled_from((Status.OPEN, Status.PENDING, Status.SOLVED)).map(lambda one: MacroChanges(status=one)),
    st.just(MacroChanges(status=Status.NEW)),
)
HAPPENINGS = st.sets(st.sampled_from([one for one in Happening if one is not Happening.TIME]), min_size=1, max_size=3)


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    """Some rules of all sorts."""
    return [
        Rule(
            f"r{number}",
            f"r{number}",
            on=(*draw(HAPPENINGS), Happening.OPENED) if draw(st.booleans()) else tuple(draw(HAPPENINGS)),
            conditions=draw(CONDITIONS),
            actions=Actions(draw(CHANGES)),
            enabled=draw(st.booleans()) or draw(st.booleans()),
            order=draw(st.integers(0, 3)),
            stop=draw(st.integers(0, 5)) == 0,
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@given(rules())
def test_each_rule_acts_once_a_pass_at_most_and_history_holds(written: list[Rule]) -> None:
    ticket = Life(RULES).open().stands
    made = passed(ticket, written)
    acted = [step.rule for step in made.steps]
    assert len(acted) == len(set(acted))
    assert set(acted) <= {one.id for one in written if one.enabled}
    told = {one.rule: one.outcome for one in made.verdicts}
    assert {rule for rule, outcome in told.items() if outcome is Outcome.ACTED} == set(acted)
    stands = ticket
    for event in made.decision.events:
        stands = evolve(stands, event)
    assert replace(stands, copies=made.decision.ticket.copies) == made.decision.ticket


@given(rules())
def test_what_does_not_listen_and_what_is_off_has_no_verdict(written: list[Rule]) -> None:
    made = passed(Life(RULES).open().stands, written)
    named = {one.rule for one in made.verdicts}
    assert not named & {one.id for one in written if not one.enabled}
    if not made.acted:
        assert named <= {one.id for one in written if Happening.OPENED in one.on}


@given(rules())
def test_after_a_rule_that_stops_none_acts(written: list[Rule]) -> None:
    made = passed(Life(RULES).open().stands, written)
    stopping = {one.id for one in written if one.stop}
    acted = [step.rule for step in made.steps]
    assert not any(one in stopping for one in acted[:-1])


@given(rules())
def test_a_pass_is_the_same_whatever_the_order_in_which_rules_were_read(written: list[Rule]) -> None:
    ticket = Life(RULES).open().stands
    assert passed(ticket, written) == passed(ticket, written[::-1])


@given(rules())
def test_where_no_rule_acts_the_ticket_is_as_it_was(written: list[Rule]) -> None:
    ticket = Life(RULES).open().stands
    made = passed(ticket, written)
    assert made.acted == bool(made.decision.events)
    assert made.acted or made.decision.ticket == ticket


def test_after_many_passes_within_an_hour_no_rule_acts() -> None:
    ticket = Life(RULES).open().stands
    rule = Rule("r", "r", on=(Happening.OPENED,), actions=Actions(MacroChanges(priority=Priority.URGENT)), enabled=True)

    def acting(minutes: int) -> tuple[Trace, ...]:
        at = ticket.updated_at - timedelta(minutes=minutes)
        one = Trace("t", at, (Happening.CHANGED,), (Verdict("r", Outcome.ACTED),))
        return (one,) * MOST_AN_HOUR

    assert [one.outcome for one in passed(ticket, [rule], acting(59)).verdicts] == [Outcome.LIMITED]
    assert [one.outcome for one in passed(ticket, [rule], acting(61)).verdicts] == [Outcome.ACTED]


def test_fields_of_rules_are_none_that_lists_have() -> None:
    """Else a rule and a view would mean different things by the same word."""
    assert not TRIGGER_FIELDS.keys() & COLUMNS.keys()


def test_every_property_that_an_event_can_have_changed_can_be_asked_about() -> None:
    assert set(TRIGGER_FIELDS["changed"].choices) == set(CHANGED)


def test_a_pass_continues_the_chain() -> None:
    life = Life(RULES).open()
    rule = Rule("r", "r", on=(Happening.OPENED,), actions=Actions(MacroChanges(priority=Priority.URGENT)), enabled=True)
    made = passed(life.stands, [rule])
    assert verify([*life.events, *made.decision.events], made.decision.ticket.chain) is None
