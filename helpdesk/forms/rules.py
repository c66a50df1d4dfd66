"""What fits into a field, what a form shows, and what must be filled in. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from helpdesk.forms.model import (
    CATEGORY,
    FIELDS,
    TYPE,
    Catalogue,
    Condition,
    CustomerAccess,
    Element,
    FieldDefinition,
    FieldType,
    FormChannel,
    FormDefinition,
    UnknownFields,
    Value,
    Values,
)
from helpdesk.forms.patterns import fits
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean, clean_line, is_address

LONGEST_TEXT: Final = 2000
LARGEST_NUMBER: Final = 1e15
"""Whole numbers up to here are the same in every place that reads them, JavaScript included."""


class Misfit(Exception):
    """A value that a field does not take; `str` says what it takes, as a sentence's end."""


def filled(value: Value) -> bool:
    """Whether a value is one: not nothing, not blank, not an unticked checkbox."""
    return value is not None and value is not False and value not in ("", [])


def fitted(definition: FieldDefinition, value: Value) -> Value:
    """A value as a field keeps it; what is blank becomes None.

    Raises:
        Misfit: the field does not take it.
    """
    if value is None or value in ("", []):
        return None
    match definition.type:
        case FieldType.NUMBER:
            return _number(definition, value)
        case FieldType.CHECKBOX:
            if not isinstance(value, bool):
                raise Misfit("must be true or false")
            return value
        case FieldType.MULTI_CHOICE:
            return _choices(definition, value)
    if not isinstance(value, str):
        raise Misfit("must be a text")
    return _text(definition, value)


def _text(definition: FieldDefinition, value: str) -> str | None:
    text = clean(value).strip() if definition.type is FieldType.MULTILINE else clean_line(value)
    if not text:
        return None
    if len(text) > LONGEST_TEXT:
        raise Misfit(f"has more than {LONGEST_TEXT} characters")
    match definition.type:
        case FieldType.CHOICE:
            _choice(definition, text)
        case FieldType.DATE:
            return _date(text)
        case FieldType.EMAIL if not is_address(text):
            raise Misfit("is not an e-mail address")
        case FieldType.LINK if not _is_link(text):
            raise Misfit("must be an address that begins with https:// or http://")
        case FieldType.TEXT | FieldType.MULTILINE:
            _within(definition, len(text), "characters")
            if definition.pattern is not None and not fits(definition.pattern, text):
                raise Misfit(f"must be like {definition.pattern}")
        case _:
            pass
    return text


def _number(definition: FieldDefinition, value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit("must be a number")
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise Misfit("is too large")
    _within(definition, value, "")
    return int(value) if value == int(value) else value


def _choices(definition: FieldDefinition, value: Value) -> list[str]:
    if not isinstance(value, list):
        raise Misfit("must be a list of choices")
    for one in value:
        _choice(definition, one)
    chosen = [choice.id for choice in definition.choices if choice.id in set(value)]
    _within(definition, len(chosen), "choices")
    return chosen


def _choice(definition: FieldDefinition, chosen: str) -> None:
    known = [choice.id for choice in definition.choices if choice.active]
    if chosen not in known:
        raise Misfit(f"must be one of {', '.join(known)}")


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Misfit("must be a date such as 2026-11-23") from None


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def _within(definition: FieldDefinition, measure: float, of: str) -> None:
    """Holds a number, a length or a count against the field's bounds."""
    behind = f" {of}" if of else ""
    if definition.min is not None and measure < definition.min:
        raise Misfit(f"must {'have' if of else 'be'} at least {definition.min:g}{behind}")
    if definition.max is not None and measure > definition.max:
        raise Misfit(f"must {'have' if of else 'be'} at most {definition.max:g}{behind}")


def pointer_to(name: str, under: str = "/fields") -> str:
    """The JSON pointer of a field."""
    return f"{under}/{name.replace('~', '~0').replace('/', '~1')}"


def checked(catalogue: Catalogue, values: Values, before: Values, under: str = "/fields") -> dict[str, Value]:
    """Values as they are kept. What stays as it was is not looked at: definitions may have changed since.

    Args:
        catalogue: of the desk.
        values: new ones; None takes one away.
        before: what the ticket holds.
        under: pointer of where they were sent.

    Raises:
        Invalid: values that do not fit, or have no definition where one is needed; each is named.
    """
    errors: list[FieldError] = []
    kept: dict[str, Value] = {}
    for name, value in values.items():
        try:
            same = name in before and _same(value, before[name])
            kept[name] = value if same else _kept(catalogue, name, value, there=name in before)
        except Misfit as misfit:
            errors.append(FieldError(pointer_to(name, under), str(misfit)))
    if errors:
        raise Invalid("Some fields are not valid.", errors)
    return kept


def _kept(catalogue: Catalogue, name: str, value: Value, *, there: bool = False) -> Value:
    """One value as it is kept.

    Raises:
        Misfit: it does not fit, or has no definition where one is needed; what is `there` already needs none.
    """
    definition = catalogue.fields.get(name)
    if definition is not None:
        return fitted(definition, value)
    if catalogue.unknown is UnknownFields.REFUSE and not there and filled(value):
        raise Misfit("is not a field of this desk")
    return value


# --- forms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matter:
    """What a form's conditions are held against beside its own fields."""

    category: str | None = None
    type: str | None = None


def holds(condition: Condition, matter: Matter, values: Values) -> bool:
    """Whether a condition is met."""
    if condition.of == CATEGORY:
        value: Value = matter.category
    elif condition.of == TYPE:
        value = matter.type
    else:
        value = values.get(condition.of.removeprefix(FIELDS))
    if condition.filled is not None:
        return filled(value) is condition.filled
    held = value if isinstance(value, list) else [value]
    wanted = condition.one_of or (condition.equals,)
    return any(_same(one, other) for one in held for other in wanted)


def _same(one: object, other: object) -> bool:
    """Equal, where a tick is no number."""
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def shown(
    form: FormDefinition, matter: Matter, values: Values, known: Mapping[str, FieldDefinition]
) -> tuple[Element, ...]:
    """The elements that are shown, in order.

    A condition looks only at what stands further up, and what is hidden there holds nothing: so one pass is enough.
    """
    seen: dict[str, Value] = {}
    found: list[Element] = []
    for element in form.elements:
        definition = known.get(element.field) if element.field is not None else None
        if element.field is not None and (definition is None or not definition.active):
            continue  # the field was taken away since
        if all(holds(condition, matter, seen) for condition in element.when):
            found.append(element)
            if element.field is not None:
                seen[element.field] = values.get(element.field)
    return tuple(found)


def needed(element: Element, definition: FieldDefinition) -> bool:
    """Whether a request is not taken without it."""
    return definition.required if element.required is None else element.required


def submitted(
    catalogue: Catalogue,
    matter: Matter,
    values: Values,
    channel: FormChannel,
    *,
    by_customer: bool,
) -> dict[str, Value]:
    """The values of a new request as they are kept, held against the form of its category.

    What the form hides for now is dropped and never required. Without a form, what no form asks for and is required
    must be there.

    Args:
        catalogue: of the desk.
        matter: what the request is about.
        values: as they were sent.
        channel: where it was filled in.
        by_customer: a customer did it: they fill in what is theirs to fill in, and no more is asked of them.

    Raises:
        Invalid: each value that is missing, does not fit or is not theirs, by pointer.
    """
    kept, faults = _sifted(catalogue, values, by_customer=by_customer)
    form = catalogue.form_of(matter.category, channel)
    asked = _asked(catalogue, form, matter, kept)
    for definition, required in asked:
        fillable = not by_customer or _theirs(definition)
        if required and fillable and not filled(kept.get(definition.id)):
            faults.setdefault(definition.id, "is missing")
    if form is not None:
        hidden = {element.field for element in form.elements} - {definition.id for definition, _ in asked}
        kept = {name: value for name, value in kept.items() if name not in hidden}
        faults = {name: message for name, message in faults.items() if name not in hidden}
    if faults:
        errors = [FieldError(pointer_to(name), message) for name, message in faults.items()]
        raise Invalid("Some fields are not valid.", errors)
    return {name: value for name, value in kept.items() if value is not None}


def _sifted(catalogue: Catalogue, values: Values, *, by_customer: bool) -> tuple[dict[str, Value], dict[str, str]]:
    """Values that fit, as they are kept, and what is wrong with the others."""
    kept: dict[str, Value] = {}
    faults: dict[str, str] = {}
    for name, value in values.items():
        definition = catalogue.fields.get(name)
        try:
            kept[name] = _kept(catalogue, name, value)
        except Misfit as misfit:
            faults[name] = str(misfit)
        if by_customer and filled(value) and definition is not None and not _theirs(definition):
            kept.pop(name, None)
            faults[name] = "cannot be filled in here"
    return kept, faults


def _theirs(definition: FieldDefinition) -> bool:
    return definition.customer is CustomerAccess.EDITABLE


def _asked(
    catalogue: Catalogue, form: FormDefinition | None, matter: Matter, values: Values
) -> list[tuple[FieldDefinition, bool]]:
    """The fields that are asked for, each with whether it is required."""
    if form is None:
        on_forms = catalogue.on_forms()
        return [(one, one.required) for one in _active(catalogue.fields.values()) if one.id not in on_forms]
    return [
        (catalogue.fields[element.field], needed(element, catalogue.fields[element.field]))
        for element in shown(form, matter, values, catalogue.fields)
        if element.field is not None
    ]


def missing_to_solve(catalogue: Catalogue, matter: Matter, values: Values, channel: FormChannel) -> tuple[str, ...]:
    """Ids of fields that a ticket cannot be solved without and that hold nothing.

    A field that is on forms belongs to the tickets whose form shows it; one that is on none belongs to all.
    """
    form = catalogue.form_of(matter.category, channel)
    on_forms = catalogue.on_forms()
    belong = {one.id for one in _active(catalogue.fields.values()) if one.id not in on_forms}
    if form is not None:
        belong |= {element.field for element in shown(form, matter, values, catalogue.fields) if element.field}
    return tuple(
        one.id
        for one in sorted(_active(catalogue.fields.values()), key=lambda one: (one.order, one.id))
        if one.required_to_solve and one.id in belong and not filled(values.get(one.id))
    )


def _active(definitions: Iterable[FieldDefinition]) -> list[FieldDefinition]:
    return [one for one in definitions if one.active]
