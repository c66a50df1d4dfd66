"""What admins say a ticket can be described by: typed fields, and forms that ask for them one after another."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

type Value = str | int | float | bool | list[str] | None
type Values = Mapping[str, Value]


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    MULTILINE = "multiline"
    NUMBER = "number"
    DATE = "date"  # as 2026-11-23
    CHOICE = "choice"  # a choice's id
    MULTI_CHOICE = "multi_choice"  # choices' ids
    CHECKBOX = "checkbox"
    EMAIL = "email"
    LINK = "link"


WITH_CHOICES: Final = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
WITH_PATTERN: Final = frozenset({FieldType.TEXT})
WITH_BOUNDS: Final = frozenset({FieldType.TEXT, FieldType.MULTILINE, FieldType.NUMBER, FieldType.MULTI_CHOICE})


class CustomerAccess(StrEnum):
    """What customers have to do with a field."""

    HIDDEN = "hidden"
    VISIBLE = "visible"
    EDITABLE = "editable"


class UnknownFields(StrEnum):
    """What becomes of values under names that no definition has."""

    KEEP = "keep"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen.

    Attributes:
        names: by language.
        active: it can be chosen anew; what holds it already keeps it.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A typed field.

    Attributes:
        names: by language.
        help: the same, a sentence beside the field.
        choices: of the two types that have some, in the order they are shown.
        required: a request is not taken without it.
        required_to_solve: a ticket is not solved without it.
        customer: whether customers see it, and may fill it in.
        pattern: a text must be like this as a whole; see `forms.patterns`.
        min: the least number, the fewest characters or choices.
        max: the greatest number, the most characters or choices.
        active: it is asked for and filled in; what holds a value keeps it.
    """

    id: str
    type: FieldType
    names: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    required: bool = False
    required_to_solve: bool = False
    customer: CustomerAccess = CustomerAccess.HIDDEN
    pattern: str | None = None
    min: float | None = None
    max: float | None = None
    active: bool = True
    order: int = 0


class ElementKind(StrEnum):
    """What stands in a form."""

    FIELD = "field"
    TEXT = "text"  # something to read
    QUESTION = "question"  # something to ask on the phone, perhaps with a field for the answer


CATEGORY: Final = "category"
TYPE: Final = "type"
FIELDS: Final = "fields/"
"""What a condition can look at: `category`, `type`, `fields/<id>`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When an element is shown; of the three tests it has exactly one.

    Attributes:
        of: `category`, `type`, or `fields/<id>` of a field further up in the form.
        equals: it is this; of several choices, one of them is.
        one_of: it is any of these.
        filled: it holds something (True), or nothing (False). An unticked checkbox holds nothing.
    """

    of: str
    equals: str | int | float | bool | None = None
    one_of: tuple[str, ...] = ()
    filled: bool | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One thing of a form.

    Attributes:
        field: the field's id.
        texts: what is to be read or asked, by language.
        required: instead of what the field's definition says; None: as it says.
        when: conditions that must all hold for it to be shown.
    """

    kind: ElementKind = ElementKind.FIELD
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    field: str | None = None
    required: bool | None = None
    when: tuple[Condition, ...] = ()


class FormChannel(StrEnum):
    """Where a form is filled in: by customers, or by a colleague on the phone."""

    WEB = "web"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """What is asked about matters of a category.

    Attributes:
        names: by language.
        category: its id; None: of all categories without a form of their own.
        channel: None: of both.
        elements: in order.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    category: str | None = None
    channel: FormChannel | None = None
    elements: tuple[Element, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All fields and forms of a desk.

    Attributes:
        fields: by id.
        forms: active ones.
    """

    fields: Mapping[str, FieldDefinition] = field(default_factory=dict)
    forms: tuple[FormDefinition, ...] = ()
    unknown: UnknownFields = UnknownFields.KEEP

    def form_of(self, category: str | None, channel: FormChannel) -> FormDefinition | None:
        """The form that is filled in about a category: its own rather than everybody's, the channel's rather than any."""
        found = [
            form
            for form in self.forms
            if form.active and form.category in {category, None} and form.channel in {channel, None}
        ]
        return max(found, key=lambda form: (form.category is not None, form.channel is not None), default=None)

    def on_forms(self) -> frozenset[str]:
        """Ids of fields that some form asks for: such a field belongs to those forms' tickets, all others to every one."""
        return frozenset(
            element.field for form in self.forms if form.active for element in form.elements if element.field
        )


def name_in(names: Mapping[str, str], language: str, otherwise: str) -> str:
    """A name in a language, or the nearest there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()), otherwise)
