"""Views as agents see them, their tickets, and the feed of changes."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from functions.desk.schemas.canned import Folder, Group, Instant, Language, Title
from functions.desk.schemas.tickets import TicketRowOut
from helpdesk.canned.model import Scope
from helpdesk.views.rules import GROUPED_BY, MOST_COLUMNS, MOST_ORDERS, SORTED_BY

Conditions = Annotated[
    msgspec.Raw,
    Meta(
        description='`{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}`, or a comparison such as '
        '`{"field": "priority", "is": ["high", "urgent"]}`; `{}` is every ticket. docs/agents.md lists the fields. `me` and '
        "`my_groups` stand for whoever looks.",
        extra_json_schema={
            "type": "object",
            "examples": [
                {
                    "all": [
                        {"field": "status_category", "is_not": ["done"]},
                        {"field": "group", "is": ["my_groups"]},
                        {"any": [{"field": "sla", "breaches_within": "2h"}, {"field": "priority", "is": ["urgent"]}]},
                    ]
                }
            ],
        },
    ),
]
Seen = (
    Annotated[
        str,
        Meta(
            max_length=700,
            description="Tickets with the versions you know, `id:version` with commas: the list is not older than those.",
            examples=["01JDA8Z0W3E6Q1V7N5T9XKRB4C:7"],
        ),
    ]
    | None
)
MAX_SHOWN = 100


class OrderIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a list is sorted by; tickets that have nothing there come last."""

    field: Annotated[str, Meta(max_length=60, description=f"One of {', '.join(SORTED_BY)}.")]
    descending: bool = False


class OrderOut(Struct, frozen=True):
    """What a list is sorted by."""

    field: str
    descending: bool


Sort = Annotated[
    list[OrderIn],
    Meta(max_length=MOST_ORDERS, description="The first first; empty: what presses most first. Then the older ticket."),
]
GroupBy = Annotated[
    Annotated[str, Meta(max_length=60)] | None, Meta(description=f"Headings: one of {', '.join(GROUPED_BY)}.")
]


class ViewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a view shall be."""

    title: Title
    conditions: Conditions
    names: Annotated[dict[Language, Title], Meta(max_length=20, description="The title in further languages.")] = field(
        default_factory=dict
    )
    sort: Sort = field(default_factory=list)
    group_by: GroupBy = None
    columns: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=100)]],
        Meta(max_length=MOST_COLUMNS, description="What pages show of each ticket; empty: their usual ones."),
    ] = field(default_factory=list)
    position: Annotated[int, Meta(ge=0, le=10_000, description="Where it stands among others, the lowest first.")] = 0
    scope: Scope = Scope.PERSONAL
    group: Group = None
    folder: Folder = ""


class ViewOut(Struct, frozen=True):
    """A view."""

    id: str
    version: int
    title: Annotated[str, Meta(description="As it was written.")]
    name: Annotated[str, Meta(description="The title in your language.")]
    names: dict[str, str]
    folder: str
    scope: Scope
    group: str | None
    built_in: Annotated[bool, Meta(description="It is every desk's own.")]
    conditions: Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object"})]
    sort: list[OrderOut]
    group_by: str | None
    columns: list[str]
    position: int
    uses: int
    editable: Annotated[bool, Meta(description="Whether you may change and remove it.")]
    created_by: str
    created_at: Instant
    updated_by: str
    updated_at: Instant


class ViewsOut(Struct, frozen=True):
    """A page of views, and all folders there are."""

    items: list[ViewOut]
    next_cursor: str | None
    folders: list[str]


class ViewTicketsQuery(Struct, frozen=True):
    """Which page of a view."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None
    seen: Seen = None


class HeadingOut(Struct, frozen=True):
    """A group of a list."""

    value: Annotated[str | None, Meta(description="Null: those that have none.")]
    count: int
    first: Annotated[TicketRowOut | None, Meta(description="Its first ticket, where `firsts` asked for it.")] = None


class ViewTicketsOut(Struct, frozen=True):
    """A page of a view's tickets."""

    items: Annotated[
        list[TicketRowOut], Meta(description="A page may be short where something changed in this very moment.")
    ]
    next_cursor: str | None
    count: Annotated[int, Meta(description="How many tickets the view holds that you may see, exactly.")]
    headings: Annotated[list[HeadingOut], Meta(description="In order, on the first page of a grouped view.")]


class PreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Conditions to be tried."""

    conditions: Conditions
    sort: Sort = field(default_factory=list)
    group_by: GroupBy = None
    firsts: Annotated[bool, Meta(description="Whether each heading shows its first ticket.")] = False
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class CountsQuery(Struct, frozen=True):
    """What the counts must not be older than."""

    seen: Seen = None


class CountOut(Struct, frozen=True):
    """How many tickets a view holds."""

    id: str
    count: int


class CountsOut(Struct, frozen=True):
    """How many tickets your views hold, all of the same instant."""

    items: list[CountOut]
    at: Instant


class ChangesQuery(Struct, frozen=True):
    """From where on."""

    cursor: Annotated[str, Meta(max_length=4000, description="Left out: from now on.")] | None = None
    shown: (
        Annotated[
            str,
            Meta(
                max_length=MAX_SHOWN * 27,
                description="Ids of the tickets that your page shows, with commas: `left` tells which of them left.",
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ChangesOut(Struct, frozen=True):
    """What changed."""

    items: Annotated[
        list[TicketRowOut],
        Meta(description="As they stand now. One may be told twice after very many changes: `version` says so."),
    ]
    left: Annotated[list[str], Meta(description="Of `shown`, those that changed and that you may not see any more.")]
    kinds: Annotated[
        list[str],
        Meta(
            description="What else changed, by kind as `GET /v1/audit` calls them: `agent`, `field`, `person`, "
            "`organization`, `view`, `macro` ... Copies of those are old. It may be told twice."
        ),
    ]
    next_cursor: Annotated[str, Meta(description="For the next call; there always is one.")]
    more: Annotated[bool, Meta(description="There is more: call again at once.")]
