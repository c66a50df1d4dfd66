"""What can be wrong with a rule of retention, each fault with its place; and such rules as a kind of settings. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from helpdesk.conditions.fields import ME, MY_GROUPS, Kind, field_of
from helpdesk.conditions.model import All, Leaf, No, Op, Tree, Value
from helpdesk.conditions.rules import hollow, leaves_of, parse
from helpdesk.desk.model import Desk
from helpdesk.desk.settings import Kind as SettingKind
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean, clean_line
from helpdesk.privacy.model import RetentionRule
from helpdesk.tickets.model import Content
from helpdesk.views.rules import known_to

LONGEST_NAME: Final = 100
MOST_DAYS: Final = 36_500
MOST_ADDRESSES_DAYS: Final = 3_650
_STEADY: Final = frozenset({Kind.CHOICE, Kind.ID, Kind.LABELS, Kind.VALUE, Kind.FLAG})
"""Kinds of fields that say the same of a ticket until somebody changes it: only then is one that was passed over looked at
again."""
_UNDERSTOOD: Final = frozenset({"cleared", "legal_hold", "status_category"})
"""Fields that are asked for every rule alike."""


def tidied(rule: RetentionRule) -> RetentionRule:
    """A rule as it is kept."""
    removes = tuple(one for one in Content if one in rule.removes)
    return replace(rule, name=clean_line(rule.name), description=clean(rule.description).strip(), removes=removes)


def faults_of(rule: RetentionRule, desk: Desk) -> list[FieldError]:
    """All that is wrong with a rule on this desk."""
    faults: list[FieldError] = []
    if not 0 < len(rule.name) <= LONGEST_NAME:
        faults.append(FieldError("/name", f"must have 1 to {LONGEST_NAME} characters"))
    if not 1 <= rule.after_days <= MOST_DAYS:
        faults.append(FieldError("/after_days", f"must be 1 to {MOST_DAYS}"))
    if not rule.removes:
        faults.append(FieldError("/removes", f"must name one at least of {', '.join(Content)}"))
    if rule.forgets and set(rule.removes) != set(Content):
        faults.append(FieldError("/forgets", "needs a rule that removes files, words and people"))
    try:
        tree = parse(dict(rule.conditions), known_to(desk), pointer="/conditions")
    except Invalid as refusal:
        return faults + list(refusal.errors)
    faults += [FieldError(at, "holds nothing") for at in hollow(tree, "/conditions")]
    return faults + list(_unsteady(leaves_of(tree)))


def _unsteady(leaves: Iterable[Leaf]) -> Iterable[FieldError]:
    for leaf in leaves:
        field = field_of(leaf.field)
        if leaf.field in _UNDERSTOOD or field is None or field.kind not in _STEADY:
            yield FieldError("/conditions", f"asks about {leaf.field}: a rule of retention cannot")
        elif ME in leaf.values or MY_GROUPS in leaf.values:
            yield FieldError("/conditions", "asks about me or my_groups: nobody looks here")


def due(rule: RetentionRule) -> Tree:
    """Conditions for the tickets that a rule would take something out of now."""
    gone = All(tuple(_is("cleared", one.value) for one in rule.removes))
    return All((_of_age(rule), No(_is("legal_hold", True)), No(gone)))


def held_back(rule: RetentionRule) -> Tree:
    """Conditions for the tickets that only a legal hold keeps a rule from."""
    return All((_of_age(rule), _is("legal_hold", True)))


def soon(rule: RetentionRule, days: int) -> RetentionRule:
    """A rule as it will find tickets some days from now."""
    return replace(rule, after_days=max(0, rule.after_days - days))


def _of_age(rule: RetentionRule) -> Tree:
    age = Leaf("solved_at", Op.OLDER_THAN, (f"{rule.after_days}d",))
    return All((parse(dict(rule.conditions)), _is("status_category", "done"), age))


def _is(field: str, value: Value) -> Leaf:
    return Leaf(field, Op.IS, (value,))


RETENTION_KIND: Final = SettingKind(
    "retention",
    "rule of retention",
    lambda desk: desk.retention,
    tidied,
    lambda rule, _before, desk: faults_of(rule, desk),
    lambda *_: [],
)
