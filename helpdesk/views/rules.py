"""What may stand in a view, which part of the board it needs, and in which order its groups come. Pure."""

from collections.abc import Collection, Iterable
from typing import Final

from helpdesk.conditions.fields import COLUMNS, FIELD_VALUES, Shape
from helpdesk.conditions.model import All, Among, Either, No, Plan, Span
from helpdesk.conditions.rules import Known
from helpdesk.desk.model import Desk
from helpdesk.forms.model import UnknownFields
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.tickets.model import Status, StatusCategory
from helpdesk.views.model import Order

MOST_ORDERS: Final = 4
MOST_COLUMNS: Final = 30
SORTED_BY: Final = tuple(
    name for name, column in COLUMNS.items() if "/" not in name and (column.shape is Shape.NUMBER or column.words)
)
"""What lists can be sorted by."""
GROUPED_BY: Final = (
    "status",
    "status_category",
    "custom_status",
    "priority",
    "impact",
    "urgency",
    "type",
    "channel",
    "category",
    "product",
    "group",
    "assignee",
    "organization",
    "waiting_on",
)
USUAL_SORT: Final = (Order("sla_due_at"), Order("priority"))
"""What presses most first."""
_DONE: Final = frozenset(status.value for status in Status if status.category is StatusCategory.DONE)
_ONLY_WHEN_DONE: Final = {
    "status": _DONE,
    "status_category": frozenset({StatusCategory.DONE.value}),
    "waiting_on": frozenset({"nobody"}),
}
"""The words that these columns have of tickets that are done, and of no others."""


def known_to(desk: Desk) -> Known:
    """The ids that conditions can name at a desk."""
    fields: dict[str, Collection[str]] = {
        "group": desk.groups,
        "assignee": desk.agents,
        "category": desk.categories,
        "product": desk.products,
        "custom_status": [one.id for one in desk.statuses.values() if one.further],
        "sla_policy": [policy.id for policy in desk.policies],
    }
    if desk.general.unknown_fields is UnknownFields.REFUSE:
        fields[FIELD_VALUES] = desk.fields
    return fields


def refuse_unless_sortable(sort: Iterable[Order], group_by: str | None, columns: Collection[str]) -> None:
    """Refuses what a list cannot be sorted or grouped by.

    Raises:
        Invalid: every fault, by pointer.
    """
    sort = tuple(sort)
    faults = [
        FieldError(f"/sort/{place}/field", f"must be one of {', '.join(SORTED_BY)}")
        for place, order in enumerate(sort)
        if order.field not in SORTED_BY
    ]
    if len(sort) > MOST_ORDERS:
        faults.append(FieldError("/sort", f"must have {MOST_ORDERS} at most"))
    if group_by is not None and group_by not in GROUPED_BY:
        faults.append(FieldError("/group_by", f"must be one of {', '.join(GROUPED_BY)}"))
    if len(columns) > MOST_COLUMNS:
        faults.append(FieldError("/columns", f"must have {MOST_COLUMNS} at most"))
    if faults:
        raise Invalid("Some fields are not valid.", faults)


def may_be_done(asked: Plan) -> bool:
    """Whether a ticket that is done could be one of those meant."""
    return _outcomes(asked)[0]


def _outcomes(asked: Plan) -> tuple[bool, bool]:
    """Whether it could hold of a ticket that is done, and whether it could fail to."""
    match asked:
        case All():
            inside = [_outcomes(one) for one in asked.of]
            return all(yes for yes, _ in inside), any(no for _, no in inside)
        case Either():
            inside = [_outcomes(one) for one in asked.of]
            return any(yes for yes, _ in inside), all(no for _, no in inside)
        case No():
            yes, no = _outcomes(asked.of)
            return no, yes
        case Among() if asked.column in _ONLY_WHEN_DONE:
            words = _ONLY_WHEN_DONE[asked.column]
            return bool(words & asked.words), not words <= asked.words
        case Span() if asked.low is not None and asked.high is not None and asked.low > asked.high:
            return False, True
        case _:
            return True, True


def place_of(group_by: str, word: str) -> tuple[bool, int, str]:
    """Where a group stands among the others: in the natural order of its words, or by its text; what has none is last."""
    words = COLUMNS[group_by].words
    return word == "", words.index(word) if word in words else len(words), word
