"""What can be wrong with a field or a form as an admin writes it: everything at once, each by pointer. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from helpdesk.forms.model import (
    CATEGORY,
    FIELDS,
    TYPE,
    WITH_BOUNDS,
    WITH_CHOICES,
    WITH_PATTERN,
    Condition,
    Element,
    ElementKind,
    FieldDefinition,
    FieldType,
    FormDefinition,
)
from helpdesk.forms.patterns import pattern_fault
from helpdesk.forms.rules import LONGEST_TEXT, pointer_to
from helpdesk.kernel.errors import FieldError
from helpdesk.kernel.text import LANGUAGES

MAX_CHOICES: Final = 200
MAX_ELEMENTS: Final = 60
MAX_CONDITIONS: Final = 5
LONGEST_NAME: Final = 200
LONGEST_WORDS: Final = 2000
ID_PATTERN: Final = r"^[a-z0-9][a-z0-9_-]{0,39}$"
_ID: Final = re.compile(ID_PATTERN)


def is_setting_id(text: str) -> bool:
    """Whether something can be called so: it stands in addresses, keys and conditions."""
    return _ID.fullmatch(text) is not None


def names_faults(names: Mapping[str, str], pointer: str, *, longest: int = LONGEST_NAME) -> list[FieldError]:
    """What is wrong with names by language; there must be one."""
    faults = words_faults(names, pointer, longest=longest)
    return faults if any(name.strip() for name in names.values()) else [*faults, FieldError(pointer, "is missing")]


def words_faults(words: Mapping[str, str], pointer: str, *, longest: int = LONGEST_WORDS) -> list[FieldError]:
    """What is wrong with words by language; there need not be any."""
    faults = [
        FieldError(pointer_to(language, pointer), f"must be one of {', '.join(LANGUAGES)}")
        for language in words
        if language not in LANGUAGES
    ]
    faults += [
        FieldError(pointer_to(language, pointer), f"has more than {longest} characters")
        for language, text in words.items()
        if len(text) > longest
    ]
    return faults


def check_field(definition: FieldDefinition) -> list[FieldError]:
    """All that is wrong with a field."""
    faults = names_faults(definition.names, "/names") + words_faults(definition.help, "/help")
    faults += _choices_faults(definition)
    if definition.pattern is not None:
        if definition.type not in WITH_PATTERN:
            faults.append(FieldError("/pattern", "is for texts only"))
        elif (fault := pattern_fault(definition.pattern)) is not None:
            faults.append(FieldError("/pattern", fault))
    return faults + _bounds_faults(definition)


def _choices_faults(definition: FieldDefinition) -> list[FieldError]:
    if definition.type not in WITH_CHOICES:
        return [FieldError("/choices", "is for choices only")] if definition.choices else []
    faults: list[FieldError] = []
    if not any(choice.active for choice in definition.choices):
        faults.append(FieldError("/choices", "has nothing to choose"))
    if len(definition.choices) > MAX_CHOICES:
        faults.append(FieldError("/choices", f"has more than {MAX_CHOICES}"))
    seen: set[str] = set()
    for place, choice in enumerate(definition.choices):
        if not is_setting_id(choice.id):
            faults.append(FieldError(f"/choices/{place}/id", "must be a-z, 0-9, _ and -, at most 40"))
        elif choice.id in seen:
            faults.append(FieldError(f"/choices/{place}/id", "is there twice"))
        seen.add(choice.id)
        faults += names_faults(choice.names, f"/choices/{place}/names")
    return faults


def _bounds_faults(definition: FieldDefinition) -> list[FieldError]:
    bounds = {"/min": definition.min, "/max": definition.max}
    given = {pointer: bound for pointer, bound in bounds.items() if bound is not None}
    if definition.type not in WITH_BOUNDS:
        return [FieldError(pointer, "is for numbers, texts and several choices only") for pointer in given]
    faults: list[FieldError] = []
    if definition.type is not FieldType.NUMBER:
        for pointer, bound in given.items():
            if bound < 0 or bound != int(bound) or bound > LONGEST_TEXT:
                faults.append(FieldError(pointer, f"must be a whole number from 0 to {LONGEST_TEXT}"))
    if definition.min is not None and definition.max is not None and definition.min > definition.max:
        faults.append(FieldError("/max", "is less than min"))
    return faults


def check_form(
    form: FormDefinition,
    fields: Mapping[str, FieldDefinition],
    categories: Collection[str],
    types: Collection[str],
    others: Iterable[FormDefinition],
) -> list[FieldError]:
    """All that is wrong with a form.

    Args:
        form: as it shall be.
        fields: all there are.
        categories: ids of all there are.
        types: all there are.
        others: the desk's forms.
    """
    faults = names_faults(form.names, "/names")
    if form.category is not None and form.category not in categories:
        faults.append(FieldError("/category", "is not a category of this desk"))
    taken = next((one for one in others if one.id != form.id and one.active and _same_place(one, form)), None)
    if form.active and taken is not None:
        faults.append(FieldError("/category", f"has the form {taken.id} already"))
    if len(form.elements) > MAX_ELEMENTS:
        faults.append(FieldError("/elements", f"has more than {MAX_ELEMENTS}"))
    above: set[str] = set()
    for place, element in enumerate(form.elements):
        pointer = f"/elements/{place}"
        faults += _element_faults(element, pointer, fields, above)
        for number, condition in enumerate(element.when):
            of = f"{pointer}/when/{number}"
            faults += _condition_faults(condition, of, fields, above, {CATEGORY: categories, TYPE: types})
        if element.field is not None:
            above.add(element.field)
    return faults


def _same_place(one: FormDefinition, other: FormDefinition) -> bool:
    return (one.category, one.channel) == (other.category, other.channel)


def _element_faults(
    element: Element, pointer: str, fields: Mapping[str, FieldDefinition], above: Collection[str]
) -> list[FieldError]:
    faults: list[FieldError] = []
    if element.kind is ElementKind.FIELD and element.field is None:
        faults.append(FieldError(f"{pointer}/field", "is missing"))
    if element.kind is ElementKind.TEXT and element.field is not None:
        faults.append(FieldError(f"{pointer}/field", "is for fields and questions only"))
    if element.field is not None:
        if element.field not in fields:
            faults.append(FieldError(f"{pointer}/field", "is not a field of this desk"))
        elif element.field in above:
            faults.append(FieldError(f"{pointer}/field", "is in the form already"))
    if element.kind is ElementKind.FIELD:
        faults += words_faults(element.texts, f"{pointer}/texts")
    else:
        faults += names_faults(element.texts, f"{pointer}/texts", longest=LONGEST_WORDS)
    if len(element.when) > MAX_CONDITIONS:
        faults.append(FieldError(f"{pointer}/when", f"has more than {MAX_CONDITIONS} conditions"))
    return faults


def _condition_faults(
    condition: Condition,
    pointer: str,
    fields: Mapping[str, FieldDefinition],
    above: Collection[str],
    known: Mapping[str, Collection[str]],
) -> list[FieldError]:
    tests = (condition.equals is not None, bool(condition.one_of), condition.filled is not None)
    if sum(tests) != 1:
        return [FieldError(pointer, "needs one of equals, one_of, filled")]
    named: tuple[object, ...] = condition.one_of or (() if condition.equals is None else (condition.equals,))
    at = f"{pointer}/{'one_of' if condition.one_of else 'equals'}"
    if condition.of in known:
        return [FieldError(at, f"{one} is no {condition.of}") for one in named if one not in known[condition.of]]
    field = condition.of.removeprefix(FIELDS) if condition.of.startswith(FIELDS) else None
    if field is None:
        return [FieldError(f"{pointer}/of", "must be category, type, or fields/ and a field's id")]
    if field not in above:
        # What stands further up is decided before: so no two conditions can wait for one another.
        return [FieldError(f"{pointer}/of", "is no field further up in this form")]
    definition = fields.get(field)
    if definition is None or definition.type not in WITH_CHOICES:
        return []
    ids = {choice.id for choice in definition.choices}
    return [FieldError(at, f"{one} is no choice of {field}") for one in named if one not in ids]
