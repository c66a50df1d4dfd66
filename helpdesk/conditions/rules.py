"""Reading conditions with every fault named, planning them for somebody and an instant, testing one ticket. Pure."""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from helpdesk.conditions.fields import (
    COLUMNS,
    CUSTOM,
    FIELD_VALUES,
    FIELDS,
    ME,
    MY_GROUPS,
    NONE,
    Cell,
    Field,
    Kind,
    Shape,
    Stand,
    due_column,
    field_of,
    label_of,
    measure,
    metrics_of,
    milliseconds,
    stand_column,
)
from helpdesk.conditions.model import (
    All,
    Among,
    Between,
    Either,
    Leaf,
    No,
    Op,
    Plan,
    Saying,
    Span,
    Test,
    Tree,
    Value,
    Viewer,
)
from helpdesk.kernel.clock import parse_instant
from helpdesk.kernel.codec import Document, Plain
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.tickets.views import TicketRow

DEEPEST: Final = 8
MOST_LEAVES: Final = 100
MOST_VALUES: Final = 100
LONGEST_VALUE: Final = 200
type Known = Mapping[str, Collection[str]]
"""By name of a field, all ids it can be compared with, where they are known."""
type Further = Mapping[str, Field]
"""What leaves can name beside what lists have of a ticket: whoever allows it has the cells.

A name that ends in a slash stands for all that begin with it: `organization_fields/tier` is asked of the column
`organization_fields`, which holds labels like `tier=gold`.
"""
_NO_FURTHER: Final[Further] = {}
_NO_CELLS: Final[Mapping[str, Cell]] = {}

_LENGTH: Final = re.compile(r"([0-9]{1,5})([mhdw])")
_UNITS: Final = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}
_FROM_NOW: Final = re.compile(r"now(?:([+-])([0-9]{1,5}[mhdw]))?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPS: Final[dict[Kind, tuple[Op, ...]]] = {
    Kind.CHOICE: (Op.IS, Op.IS_NOT),
    Kind.ID: (Op.IS, Op.IS_NOT),
    Kind.LABELS: (Op.IS, Op.IS_NOT, Op.CONTAINS),
    Kind.TEXT: (Op.CONTAINS,),
    Kind.PAST: (Op.BEFORE, Op.AFTER, Op.WITHIN, Op.OLDER_THAN),
    Kind.FUTURE: (Op.BEFORE, Op.AFTER, Op.WITHIN, Op.OLDER_THAN),
    Kind.FLAG: (Op.IS,),
    Kind.CLOCK: (Op.IS, Op.IS_NOT, Op.BREACHES_WITHIN),
    Kind.VALUE: (Op.IS, Op.IS_NOT, Op.CONTAINS, Op.BEFORE, Op.AFTER, Op.AT_LEAST, Op.AT_MOST),
}
_LENGTHS: Final = frozenset({Op.WITHIN, Op.OLDER_THAN, Op.BREACHES_WITHIN})
_TIMES: Final = frozenset({Op.BEFORE, Op.AFTER, *_LENGTHS})
_SINGLE: Final = frozenset({Op.BEFORE, Op.AFTER, Op.AT_LEAST, Op.AT_MOST, Op.EMPTY, *_LENGTHS})


# --- reading ---------------------------------------------------------------------------------------------------------


def parse(found: object, known: Known | None = None, *, pointer: str = "", further: Further = _NO_FURTHER) -> Tree:
    """Conditions as somebody wrote them.

    Args:
        found: `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}`, or a leaf such as `{"field": "priority", "is":
            ["high"]}`; `{}` is every ticket.
        known: ids that are refused where they are not among these.
        pointer: where it stands in what was sent.
        further: what leaves can name beside `fields.FIELDS`.

    Raises:
        Invalid: every fault, by JSON pointer.
    """
    reader = _Reader(known or {}, further)
    tree = reader.tree(found, pointer, 1)
    if reader.leaves > MOST_LEAVES:
        reader.fault(pointer, f"has more than {MOST_LEAVES} comparisons")
    if reader.faults:
        raise Invalid("The conditions are not valid.", reader.faults)
    return tree


class _Reader:
    def __init__(self, known: Known, further: Further) -> None:
        self._known = known
        self._further = further
        self.faults: list[FieldError] = []
        self.leaves = 0

    def fault(self, pointer: str, message: str) -> None:
        self.faults.append(FieldError(pointer, message))

    def _nothing(self, pointer: str, message: str) -> Tree:
        self.faults.append(FieldError(pointer, message))
        return All()

    def tree(self, found: object, pointer: str, depth: int) -> Tree:
        if not isinstance(found, dict) or depth > DEEPEST:
            too_deep = isinstance(found, dict)
            return self._nothing(pointer, f"is nested deeper than {DEEPEST}" if too_deep else "must be an object")
        if "field" in found:
            return self._leaf(found, pointer)
        if not found:
            return All()
        (word, inside), *more = found.items()
        at = f"{pointer}/{word}"
        if more or word not in {"all", "any", "not"}:
            return self._nothing(pointer, "must have one of all, any, not, or a field")
        if word == "not":
            return No(self.tree(inside, at, depth + 1))
        return self._several(str(word), inside, at, depth)

    def _several(self, word: str, inside: object, at: str, depth: int) -> Tree:
        if not isinstance(inside, list):
            return self._nothing(at, "must be a list")
        of = tuple(self.tree(one, f"{at}/{place}", depth + 1) for place, one in enumerate(inside))
        return All(of) if word == "all" else Either(of)

    def _leaf(self, found: dict[object, object], pointer: str) -> Tree:
        self.leaves += 1
        name = found["field"]
        field = _field_of(name, self._further) if isinstance(name, str) else None
        if not isinstance(name, str) or field is None or not self._is_known(name):
            names = ", ".join((*FIELDS, *(f"{one}<id>" if one.endswith("/") else one for one in self._further)))
            return self._nothing(f"{pointer}/field", f"must be one of {names}, or {CUSTOM} and a field's id")
        ops = [*_OPS[field.kind], *((Op.EMPTY,) if field.optional else ())]
        given = [word for word in found if word != "field"]
        if len(given) != 1 or given[0] not in ops:
            return self._nothing(pointer, f"must have exactly one of {', '.join(ops)} beside its field")
        op, values = Op(str(given[0])), found[given[0]]
        at = f"{pointer}/{op}"
        several = isinstance(values, list) and op not in _SINGLE
        listed = values if isinstance(values, list) and several else [values]
        if not 0 < len(listed) <= MOST_VALUES:
            return self._nothing(at, f"must hold 1 to {MOST_VALUES} values")
        places = [f"{at}/{place}" if several else at for place in range(len(listed))]
        read = (self._value(name, field, op, one, place) for one, place in zip(listed, places, strict=True))
        return Leaf(name, op, tuple(read))

    def _is_known(self, name: str) -> bool:
        ids = self._known.get(FIELD_VALUES)
        return not name.startswith(CUSTOM) or ids is None or name.removeprefix(CUSTOM) in ids

    def _value(self, name: str, field: Field, op: Op, value: object, at: str) -> Value:
        message = self._fault_of(name, field, op, value)
        if message is not None:
            self.fault(at, message)
            return ""
        return value if isinstance(value, (str, bool, int, float)) else ""

    def _fault_of(self, name: str, field: Field, op: Op, value: object) -> str | None:
        if op is Op.EMPTY or field.kind is Kind.FLAG:
            return None if isinstance(value, bool) else "must be true or false"
        if field.kind is Kind.VALUE:
            return _fault_of_value(op, value)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_VALUE:
            return f"must be a text of 1 to {LONGEST_VALUE} characters"
        return _fault_of_time(op, value) if op in _TIMES else self._fault_of_word(name, field, op, value)

    def _fault_of_word(self, name: str, field: Field, op: Op, value: str) -> str | None:
        if field.choices and op is not Op.CONTAINS:
            words = [*field.choices, *((NONE,) if field.optional else ())]
            return None if value in words else f"must be one of {', '.join(words)}"
        ids = self._known.get(name)
        unknown = ids is not None and field.kind is Kind.ID and value not in {*field.stands_for, NONE, *ids}
        return "is nothing that this desk has" if unknown else None


def _fault_of_value(op: Op, value: object) -> str | None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    text = isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE
    match op:
        case Op.CONTAINS:
            fault = None if text else f"must be a text of 1 to {LONGEST_VALUE} characters"
        case Op.BEFORE | Op.AFTER:
            fault = None if text and _DAY.fullmatch(str(value)) and measure(str(value)) else "must be like 2026-11-23"
        case Op.AT_LEAST | Op.AT_MOST:
            fault = None if number else "must be a number"
        case _:
            fault = None if text or number or isinstance(value, bool) else "must be a text, a number, true or false"
    return fault


def _fault_of_time(op: Op, value: str) -> str | None:
    if op in _LENGTHS:
        return None if _LENGTH.fullmatch(value) else "must be a length of time such as 30m, 2h, 3d or 1w"
    if _FROM_NOW.fullmatch(value):
        return None
    try:
        parse_instant(value)
    except (ValueError, OverflowError):
        return "must be an instant with a time zone, or from now, such as now-3d"
    return None


def document_of(tree: Tree) -> Document:
    """Conditions as they are written; reading that gives the same again."""
    if isinstance(tree, All):
        return {"all": [document_of(one) for one in tree.of]}
    if isinstance(tree, Either):
        return {"any": [document_of(one) for one in tree.of]}
    if isinstance(tree, No):
        return {"not": document_of(tree.of)}
    values: Plain = tree.values[0] if tree.op in _SINGLE else [*tree.values]
    return {"field": tree.field, tree.op.value: values}


def leaves_of(tree: Tree) -> list[Leaf]:
    """All comparisons in it."""
    if isinstance(tree, Leaf):
        return [tree]
    inside = (tree.of,) if isinstance(tree, No) else tree.of
    return [leaf for one in inside for leaf in leaves_of(one)]


def hollow(tree: Tree, at: str) -> Iterable[str]:
    """Places of what would be kept as nothing, and so mean every ticket: `any` of none, `not` of every ticket."""
    if isinstance(tree, Either) and not tree.of:
        yield f"{at}/any"
    if isinstance(tree, No):
        if isinstance(tree.of, All) and not tree.of.of:
            yield f"{at}/not"
        yield from hollow(tree.of, f"{at}/not")
    if isinstance(tree, (All, Either)):
        word = "all" if isinstance(tree, All) else "any"
        for place, one in enumerate(tree.of):
            yield from hollow(one, f"{at}/{word}/{place}")


# --- planning --------------------------------------------------------------------------------------------------------


def beyond_rows(name: str, further: Further) -> Field | None:
    """The field of a name that lists do not have; None: they have it, or nobody does."""
    family, slash, member = name.partition("/")
    return further.get(f"{family}/") if slash and member else further.get(family) if not slash else None


def _field_of(name: str, further: Further) -> Field | None:
    return beyond_rows(name, further) or field_of(name)


def plan(tree: Tree, viewer: Viewer, further: Further = _NO_FURTHER) -> Plan:
    """What conditions mean for somebody, now: tests that know neither."""
    if isinstance(tree, All):
        return All(tuple(plan(one, viewer, further) for one in tree.of))
    if isinstance(tree, Either):
        return Either(tuple(plan(one, viewer, further) for one in tree.of))
    if isinstance(tree, No):
        return No(plan(tree.of, viewer, further))
    field = _field_of(tree.field, further)
    if field is None:
        raise Invalid(f"{tree.field} is nothing that a ticket has.")
    positive = _planned(tree, field, viewer)
    turned = tree.op is Op.IS_NOT or (tree.op is Op.EMPTY and tree.values[0] is False)
    return No(positive) if turned else positive


def _planned(leaf: Leaf, field: Field, viewer: Viewer) -> Plan:
    """What a leaf means without its `not`."""
    now = milliseconds(viewer.now) or 0
    match field.kind:
        case Kind.CLOCK:
            return Either(tuple(one for metric in metrics_of(leaf.field) for one in _clock_tests(leaf, metric, now)))
        case Kind.PAST | Kind.FUTURE:
            return _instants(leaf, now, ahead=field.kind is Kind.FUTURE)
        case Kind.VALUE:
            return _custom(leaf)
        case Kind.FLAG:
            return Among(leaf.field, frozenset(str(value).lower() for value in leaf.values))
        case Kind.TEXT | Kind.LABELS if leaf.op is Op.CONTAINS:
            return Saying(leaf.field, _needles(leaf))
        case _:
            return Among(leaf.field, _words_of(leaf, field, viewer))


def _words_of(leaf: Leaf, field: Field, viewer: Viewer) -> frozenset[str]:
    words: set[str] = set()
    for value in ("" if leaf.op is Op.EMPTY else str(value) for value in leaf.values):
        if value == ME and ME in field.stands_for:
            words |= {viewer.me} if viewer.me else set()
        elif value == MY_GROUPS and MY_GROUPS in field.stands_for:
            words |= viewer.groups
        elif value == NONE and field.optional:
            words.add("")
        else:
            words.add(value.casefold() if field.kind is Kind.LABELS else value)
    return frozenset(words)


def _needles(leaf: Leaf) -> tuple[str, ...]:
    return tuple(str(value).casefold() for value in leaf.values)


def _clock_tests(leaf: Leaf, metric: str, now: int) -> list[Plan]:
    """Of which one must hold. A clock is missed from its due instant on, recorded or not."""
    stand, due = stand_column(metric), due_column(metric)
    if leaf.op is Op.EMPTY:
        return [Among(stand, frozenset({""}))]
    if leaf.op is Op.BREACHES_WITHIN:
        return [Span(due, now + 1, now + _length(leaf.values[0]))]
    tests: list[Plan] = []
    for value in leaf.values:
        match value:
            case "running":
                tests.append(Span(due, now + 1, None))
            case "breached":
                tests += [Among(stand, frozenset({Stand.BREACHED.value})), Span(due, None, now)]
            case _:
                tests.append(Among(stand, frozenset({"" if value == NONE else str(value)})))
    return tests


def _instants(leaf: Leaf, now: int, *, ahead: bool) -> Plan:
    if leaf.op is Op.EMPTY:
        return No(Span(leaf.field))
    low: int | None = None
    high: int | None = None
    value = leaf.values[0]
    match leaf.op:
        case Op.BEFORE:
            high = _moment(value, now) - 1
        case Op.AFTER:
            low = _moment(value, now) + 1
        case Op.OLDER_THAN:
            high = now - _length(value) - 1
        case _:
            low, high = (now, now + _length(value)) if ahead else (now - _length(value), now)
    return Span(leaf.field, low, high)


def _custom(leaf: Leaf) -> Plan:
    column, _, name = leaf.field.partition("/")
    prefix = f"{name}="
    if leaf.op is Op.EMPTY:
        return No(Saying(column, ("",), prefix))
    if leaf.op is Op.CONTAINS:
        return Saying(column, _needles(leaf), prefix)
    if leaf.op in {Op.IS, Op.IS_NOT}:
        words = frozenset(prefix + word for value in leaf.values for word in label_of(value))
        return Among(column, words)
    return _between(leaf.op, column, prefix, measure(str(leaf.values[0])) or 0.0)


def _between(op: Op, column: str, prefix: str, edge: float) -> Plan:
    match op:
        case Op.BEFORE:
            return Between(column, prefix, None, math.nextafter(edge, -math.inf))
        case Op.AFTER:
            return Between(column, prefix, math.nextafter(edge, math.inf), None)
        case Op.AT_LEAST:
            return Between(column, prefix, edge, None)
        case _:
            return Between(column, prefix, None, edge)


def _length(value: Value) -> int:
    """A length such as `2h` in milliseconds."""
    found = _LENGTH.fullmatch(str(value))
    return int(found[1]) * _UNITS[found[2]] if found is not None else 0


def _moment(value: Value, now: int) -> int:
    """An instant, or one as far from now as `now-3d` says, in milliseconds."""
    found = _FROM_NOW.fullmatch(str(value))
    if found is None:
        return milliseconds(parse_instant(str(value))) or 0
    length = _length(found[2]) if found[2] else 0
    return now - length if found[1] == "-" else now + length


# --- testing ---------------------------------------------------------------------------------------------------------


def matches(asked: Plan, row: TicketRow, further: Mapping[str, Cell] = _NO_CELLS) -> bool:
    """Whether a ticket is one of those meant.

    Args:
        asked: the tests.
        row: of the ticket.
        further: cells of what a row does not have.
    """
    if isinstance(asked, All):
        return all(matches(one, row, further) for one in asked.of)
    if isinstance(asked, Either):
        return any(matches(one, row, further) for one in asked.of)
    if isinstance(asked, No):
        return not matches(asked.of, row, further)
    column = asked.column
    return holds(asked, further[column] if column in further else COLUMNS[column].read(row))


def holds(test: Test, cell: Cell) -> bool:
    """Whether a test holds for one cell of its column."""
    match test:
        case Among(words=words):
            return "" in words if cell == () else any(word in words for word in _each(cell))
        case Saying(needles=needles, prefix=prefix):
            texts = [word.removeprefix(prefix) for word in _each(cell) if word.startswith(prefix)]
            return any(needle in text for text in texts for needle in needles)
        case Span(low=low, high=high):
            return isinstance(cell, int) and (low is None or low <= cell) and (high is None or cell <= high)
        case Between(prefix=prefix, low=low, high=high):
            found = [measure(word.removeprefix(prefix)) for word in _each(cell) if word.startswith(prefix)]
            return any(
                one is not None and (low is None or low <= one) and (high is None or one <= high) for one in found
            )


def _each(cell: Cell) -> tuple[str, ...]:
    if isinstance(cell, tuple):
        return cell
    return (cell,) if isinstance(cell, str) else ()


def may_match(tree: Tree, row: TicketRow, viewer: Viewer, further: Further, *, held: bool = True) -> bool:
    """Whether conditions can hold for a ticket, as far as its row tells; what only others know may be either.

    Args:
        tree: the conditions.
        row: of the ticket.
        viewer: for whom and when.
        further: what leaves can name that rows do not have.
        held: False: whether they can fail.
    """
    if isinstance(tree, Leaf):
        return beyond_rows(tree.field, further) is not None or matches(plan(tree, viewer), row) is held
    if isinstance(tree, No):
        return may_match(tree.of, row, viewer, further, held=not held)
    each = (may_match(one, row, viewer, further, held=held) for one in tree.of)
    return all(each) if isinstance(tree, All) is held else any(each)


def needs_texts(asked: Plan) -> bool:
    """Whether texts must be looked through."""
    if isinstance(asked, (All, Either)):
        return any(needs_texts(one) for one in asked.of)
    if isinstance(asked, No):
        return needs_texts(asked.of)
    return COLUMNS[asked.column].shape is Shape.TEXT
