"""A form as customers may see it: only what is theirs to fill in, in their language. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from helpdesk.forms.model import (
    FIELDS,
    Catalogue,
    Condition,
    CustomerAccess,
    Element,
    ElementKind,
    FieldDefinition,
    FieldType,
    FormChannel,
    FormDefinition,
    Value,
    Values,
    name_in,
)
from helpdesk.forms.rules import Matter, filled, holds, needed

_YES_NO: Final = {"en": ("Yes", "No"), "ko": ("예", "아니요"), "ja": ("はい", "いいえ")}


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing of a form as customers see it: a field, or words.

    Attributes:
        when: conditions that must hold, over fields that customers see.
    """

    when: tuple[Condition, ...]
    field: FieldDefinition | None = None
    required: bool = False
    text: str | None = None


def for_customers(catalogue: Catalogue, category: str | None, language: str) -> tuple[Shown, ...]:
    """What customers are asked about a category; where it has no form, the fields that are on none and theirs."""
    form = catalogue.form_of(category, FormChannel.WEB)
    if form is None:
        on_forms = catalogue.on_forms()
        loose = sorted(catalogue.fields.values(), key=lambda one: (one.order, one.id))
        return tuple(
            Shown((), one, one.required)
            for one in loose
            if one.active and one.id not in on_forms and one.customer is CustomerAccess.EDITABLE
        )
    theirs = _theirs(form, catalogue)
    found: list[Shown] = []
    for element in form.elements:
        when = _left_open(element.when, theirs)
        shown = _shown(element, when, theirs, catalogue, language) if when is not None else None
        found += [shown] if shown is not None else []
    return tuple(found)


def _theirs(form: FormDefinition, catalogue: Catalogue) -> frozenset[str]:
    named = (catalogue.fields.get(element.field or "") for element in form.elements)
    return frozenset(one.id for one in named if one and one.active and one.customer is CustomerAccess.EDITABLE)


def _left_open(when: Iterable[Condition], theirs: frozenset[str]) -> tuple[Condition, ...] | None:
    """The conditions that a customer's doing decides; None: another can never hold for them.

    A field that is not theirs is empty in a request, so what hangs on it is decided, and its name stays untold.
    """
    left: list[Condition] = []
    for condition in when:
        if not condition.of.startswith(FIELDS) or condition.of.removeprefix(FIELDS) in theirs:
            left.append(condition)
        elif not holds(condition, Matter(), {}):
            return None
    return tuple(left)


def _shown(
    element: Element, when: tuple[Condition, ...], theirs: frozenset[str], catalogue: Catalogue, language: str
) -> Shown | None:
    if element.field is not None:
        if element.field not in theirs:
            return None
        definition = catalogue.fields[element.field]
        return Shown(when, definition, needed(element, definition))
    if element.kind is ElementKind.TEXT:
        return Shown(when, text=name_in(element.texts, language, ""))
    return None  # a question is asked by somebody


@dataclass(frozen=True, slots=True)
class Told:
    """A field of a ticket as its requester reads it.

    Attributes:
        text: the value in words.
    """

    definition: FieldDefinition
    value: Value
    text: str


def told(catalogue: Catalogue, values: Values, language: str) -> tuple[Told, ...]:
    """The fields of a ticket that its requester may see and that hold something, in order."""
    visible = sorted(
        (one for one in catalogue.fields.values() if one.customer is not CustomerAccess.HIDDEN),
        key=lambda one: (one.order, one.id),
    )
    return tuple(
        Told(one, values[one.id], in_words(one, values[one.id], language))
        for one in visible
        if one.id in values and (filled(values[one.id]) or one.type is FieldType.CHECKBOX)
    )


def in_words(definition: FieldDefinition, value: Value, language: str) -> str:
    """A value in words: choices by their names."""
    names = {choice.id: name_in(choice.names, language, choice.id) for choice in definition.choices}
    if isinstance(value, bool):
        return _YES_NO.get(language, _YES_NO["en"])[0 if value else 1]
    if isinstance(value, list):
        return ", ".join(names.get(one, one) for one in value)
    return names.get(str(value), str(value)) if value is not None else ""
