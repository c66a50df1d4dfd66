"""Fields, forms, statuses, products and categories as admins write them and agents read them."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from helpdesk.desk.schemas import Order, SettingId, SettingVersion, Words
from helpdesk.forms.model import CustomerAccess, ElementKind, FieldType, FormChannel, UnknownFields
from helpdesk.people.roles import Permission, Sees
from helpdesk.routing.model import AssignmentMethod, OnAbsence
from helpdesk.tickets.model import Priority, Status


def _words() -> dict[str, str]:
    return {}


class ChoiceIO(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be chosen."""

    id: Annotated[str, Meta(min_length=1, max_length=40)]
    names: Words
    active: bool = True


class FieldIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a field shall be."""

    type: Annotated[FieldType, Meta(description="Cannot be changed later: tickets may hold values.")]
    names: Words
    help: Words = msgspec.field(default_factory=_words)
    choices: Annotated[list[ChoiceIO], Meta(max_length=200)] = msgspec.field(default_factory=list)
    required: Annotated[bool, Meta(description="A request is not taken without it.")] = False
    required_to_solve: Annotated[bool, Meta(description="A ticket is not solved without it.")] = False
    customer: Annotated[CustomerAccess, Meta(description="What customers have to do with it.")] = CustomerAccess.HIDDEN
    pattern: (
        Annotated[
            str,
            Meta(
                max_length=200,
                examples=[r"HB-\d{5}"],
                description="What a text must be like as a whole: characters, `.`, `\\d`, `\\w`, `\\s`, classes such as "
                "`[A-Z0-9]`, with `?`, `*`, `+`, `{2,4}` behind them; `|` between alternatives. No groups.",
            ),
        ]
        | None
    ) = None
    min: Annotated[float | None, Meta(description="The least number, the fewest characters or choices.")] = None
    max: Annotated[float | None, Meta(description="The greatest number, the most characters or choices.")] = None
    active: Annotated[bool, Meta(description="Tickets that hold a value keep it either way.")] = True
    order: Order = 0


class FieldOut(FieldIn, frozen=True, kw_only=True):
    """A field."""

    id: str
    version: SettingVersion = 0


class FieldsOut(Struct, frozen=True):
    """All fields, in order."""

    items: list[FieldOut]
    next_cursor: str | None = None


class ConditionIO(Struct, frozen=True, forbid_unknown_fields=True):
    """When an element is shown: exactly one of `equals`, `one_of`, `filled`."""

    of: Annotated[
        str,
        Meta(
            max_length=64,
            examples=["fields/problem"],
            description="`category`, `type`, or `fields/` and the id of a field further up.",
        ),
    ]
    equals: Annotated[str, Meta(max_length=200)] | int | float | bool | None = None
    one_of: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=50)] = msgspec.field(
        default_factory=list
    )
    filled: Annotated[bool | None, Meta(description="An unticked checkbox holds nothing.")] = None


class ElementIO(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing of a form."""

    kind: Annotated[
        ElementKind,
        Meta(description="`question` is for the phone: words to say, and perhaps a field for the answer."),
    ] = ElementKind.FIELD
    texts: Words = msgspec.field(default_factory=_words)
    field: SettingId | None = None
    required: Annotated[bool | None, Meta(description="null: as the field says.")] = None
    when: Annotated[list[ConditionIO], Meta(max_length=5, description="All must hold.")] = msgspec.field(
        default_factory=list
    )


class FormIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a form shall be."""

    names: Words
    category: Annotated[SettingId | None, Meta(description="null: of categories without a form of their own.")] = None
    channel: Annotated[FormChannel | None, Meta(description="null: of both.")] = None
    elements: Annotated[list[ElementIO], Meta(max_length=60)] = msgspec.field(default_factory=list)
    active: bool = True


class FormOut(FormIn, frozen=True, kw_only=True):
    """A form."""

    id: str
    version: SettingVersion = 0


class FormsOut(Struct, frozen=True):
    """All forms, question screens for the phone among them."""

    items: list[FormOut]
    next_cursor: str | None = None


class StatusIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a status shall be: one of the six with names and limits, or a further one."""

    base: Annotated[Status, Meta(description="What rules read. Of one of the six: itself. Cannot be changed later.")]
    names: Words = msgspec.field(default_factory=_words)
    to: Annotated[
        list[SettingId] | None,
        Meta(description="Ids of the statuses that colleagues may set next; null: any. The desk itself is not bound."),
    ] = None
    active: Annotated[bool, Meta(description="Tickets that stand in it stay there either way.")] = True
    order: Order = 0
    customer_names: Annotated[
        Words, Meta(description="What requesters read instead; without any they read of `base` in the page's words.")
    ] = msgspec.field(default_factory=_words)


class StatusOut(StatusIn, frozen=True, kw_only=True):
    """A status."""

    id: str
    version: SettingVersion = 0


class StatusesOut(Struct, frozen=True):
    """The six, and the further ones in order."""

    items: list[StatusOut]
    next_cursor: str | None = None


class ProductIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a product shall be."""

    names: Words
    group: Annotated[SettingId | None, Meta(description="Answers where the category sends a ticket nowhere.")] = None
    active: Annotated[bool, Meta(description="Tickets that name it keep it either way.")] = True
    order: Order = 0


class ProductOut(ProductIn, frozen=True, kw_only=True):
    """A product."""

    id: str
    version: SettingVersion = 0


class ProductsOut(Struct, frozen=True):
    """All products, in order."""

    items: list[ProductOut]
    next_cursor: str | None = None


class AssignmentIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How a group shall share its tickets out."""

    method: AssignmentMethod
    keep_with_known: Annotated[
        bool, Meta(description="Who answered this requester last gets their next ticket too, if they can take it.")
    ] = False
    otherwise_anyone: Annotated[
        bool,
        Meta(description="Where nobody with the skills can take a ticket, somebody without gets it; else it waits."),
    ] = True
    on_absence: Annotated[
        OnAbsence,
        Meta(description="Tickets that wait for somebody absent: moved by a supervisor who says so, or by themselves."),
    ] = OnAbsence.ASK
    skills: Annotated[
        dict[str, dict[str, Annotated[int, Meta(ge=1, le=5)]]],
        Meta(
            max_length=200,
            description="By agent's id, levels by skill: `language:ko`, `category:billing`, `product:router`.",
            examples=[{"mina": {"language:ja": 4, "category:billing": 5}}],
        ),
    ] = msgspec.field(default_factory=dict)


class AssignmentOut(AssignmentIn, frozen=True, kw_only=True):
    """How a group shares its tickets out; `id` is the group's."""

    id: str
    version: SettingVersion = 0


class AssignmentsOut(Struct, frozen=True):
    """Of all groups that something was said about; the others give to the least busy."""

    items: list[AssignmentOut]
    next_cursor: str | None = None


class RoleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a role shall be."""

    names: Words
    permissions: Annotated[
        list[Permission], Meta(max_length=50, description="What it may; `read` is part of every role.")
    ] = msgspec.field(default_factory=list)
    sees: Annotated[
        Sees,
        Meta(
            description="`everything` is all but private groups that one is no member of; own tickets are always seen."
        ),
    ] = Sees.EVERYTHING


class RoleOut(RoleIn, frozen=True, kw_only=True):
    """A role."""

    id: str
    version: SettingVersion = 0
    built_in: Annotated[bool, Meta(description="Every desk has it, and it cannot be changed.")] = False


class RolesOut(Struct, frozen=True):
    """All roles: those that every desk has, and the further ones by id."""

    items: list[RoleOut]


class PlanIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a support plan shall be."""

    names: Words
    descriptions: Words = msgspec.field(default_factory=_words)
    order: Order = 0


class PlanOut(PlanIn, frozen=True, kw_only=True):
    """A support plan."""

    id: str
    version: SettingVersion = 0


class PlansOut(Struct, frozen=True):
    """All support plans, in order."""

    items: list[PlanOut]
    next_cursor: str | None = None


class SectionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a section of the help centre shall be."""

    names: Words
    descriptions: Words = msgspec.field(default_factory=_words)
    parent: Annotated[str | None, Meta(description="The section that it stands in; two deep at most.")] = None
    order: Order = 0
    brands: Annotated[list[SettingId], Meta(max_length=100, description="Whose help centres show it; empty: all.")] = (
        msgspec.field(default_factory=list)
    )


class SectionOut(SectionIn, frozen=True, kw_only=True):
    """A section of the help centre."""

    id: str
    version: SettingVersion = 0


class SectionsOut(Struct, frozen=True):
    """All sections, in order."""

    items: list[SectionOut]
    next_cursor: str | None = None


class CategoryIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a category shall be."""

    names: Words
    descriptions: Words = msgspec.field(default_factory=_words)
    group: SettingId | None = None
    public: Annotated[bool, Meta(description="Customers can choose it.")] = True


class CategorySettingOut(CategoryIn, frozen=True, kw_only=True):
    """A category, in all languages."""

    id: str
    version: SettingVersion = 0


class CategorySettingsOut(Struct, frozen=True):
    """All categories, those among them that customers cannot choose."""

    items: list[CategorySettingOut]
    next_cursor: str | None = None


class PriorityRowIO(Struct, frozen=True, forbid_unknown_fields=True):
    """Priorities of one impact, by urgency."""

    low: Priority
    medium: Priority
    high: Priority


class PriorityMatrixIO(Struct, frozen=True, forbid_unknown_fields=True):
    """What impact (the rows) and urgency (their columns) lead to."""

    low: PriorityRowIO
    medium: PriorityRowIO
    high: PriorityRowIO


class UnknownFieldsIO(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of values under names that no field has."""

    unknown: UnknownFields
