"""Rules as admins see them, and their traces as agents do."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.canned import Id, Instant
from functions.desk.schemas.macros import Changes, DifferenceOut
from helpdesk.automation.model import Happening, Outcome, RuleKind

Conditions = Annotated[
    dict[str, Any],
    Meta(
        description='A tree: `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}`, or a comparison such as '
        '`{"field": "priority", "is": ["high"]}`; `{}` is every ticket.'
    ),
]
Text = Annotated[str, Meta(max_length=10_000, description="With placeholders, as in canned responses.")]


class ActionsIO(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule does to a ticket: all of it, or nothing."""

    changes: Changes = msgspec.field(default_factory=Changes)
    note: Text = ""
    reply: Annotated[
        dict[Annotated[str, Meta(max_length=35)], Text],
        Meta(max_length=20, description="By language; never sent to machines, and once a day to a ticket at most."),
    ] = msgspec.field(default_factory=dict)
    macro_id: Annotated[Id | None, Meta(description="A macro that is shared with all; it goes before the rest.")] = None
    webhooks: Annotated[
        list[Id], Meta(max_length=5, description="Destinations that are called; see `GET /v1/webhooks`.")
    ] = msgspec.field(default_factory=list)
    sla_policy: Annotated[
        Id | None,
        Meta(description="The SLA policy that holds from now on; `none`: the policies' own conditions choose again."),
    ] = None
    task: Annotated[str, Meta(max_length=200, description="Something to be done; a rule puts it on a ticket once.")] = (
        ""
    )


class RuleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule shall be."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    kind: RuleKind = RuleKind.TRIGGER
    on: Annotated[list[Happening], Meta(max_length=20, description="What a trigger reacts to.")] = msgspec.field(
        default_factory=list
    )
    conditions: Conditions = msgspec.field(default_factory=dict)
    actions: ActionsIO = msgspec.field(default_factory=ActionsIO)
    enabled: bool = False
    order: Annotated[int, Meta(ge=0, le=100_000, description="The smallest is looked at first.")] = 0
    stop: Annotated[bool, Meta(description="Once it has matched, no other is looked at.")] = False
    description: Annotated[str, Meta(max_length=1000)] = ""


class RuleOut(Struct, frozen=True):
    """A rule."""

    id: str
    version: int
    name: str
    kind: RuleKind
    on: list[Happening]
    conditions: Conditions
    actions: ActionsIO
    enabled: bool
    order: int
    stop: bool
    description: str
    hits: Annotated[int, Meta(description="How often it changed a ticket.")]
    last_hit_at: Instant | None


class RulesOut(Struct, frozen=True):
    """All rules, triggers before automations, each in the order in which they are looked at."""

    items: list[RuleOut]
    next_cursor: str | None = None


class RulePreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A draft, and how many tickets it is tried on."""

    rule: RuleIn
    id: Annotated[Id | None, Meta(description="Of the rule in whose place it is tried; left out: beside all.")] = None
    limit: Annotated[int, Meta(ge=1, le=200, description="50 at most where conditions ask about messages.")] = 50


class ConflictOut(Struct, frozen=True):
    """Another rule that sets what the draft sets, otherwise."""

    rule_id: str
    name: str


class RuleEffectOut(Struct, frozen=True):
    """What a draft would do to one ticket."""

    ticket_id: str
    number: int
    subject: str
    changes: list[DifferenceOut]
    notes: list[str]
    replies: list[str]
    webhooks: Annotated[list[str], Meta(description="Ids of what would be called; a trial calls nothing.")]
    tasks: Annotated[list[str], Meta(description="What would be to do.")]
    problem: Annotated[str | None, Meta(description="Code of why it cannot be done.")]
    conflicts: list[ConflictOut]
    loop: Annotated[list[str], Meta(description="Rules that undo one another; they are stopped after one pass.")]


class RuleMissOut(Struct, frozen=True):
    """Where the conditions did not hold, and for how many tickets."""

    where: Annotated[str, Meta(description="JSON pointer into the conditions.")]
    field: str | None
    tickets: int


class RulePreviewOut(Struct, frozen=True):
    """What a draft would have done to the tickets that changed last."""

    looked: int
    matched: int
    items: list[RuleEffectOut]
    misses: list[RuleMissOut]


class VerdictOut(Struct, frozen=True):
    """What became of one rule."""

    rule_id: str
    name: Annotated[str | None, Meta(description="Null: the rule is gone.")]
    version: int
    outcome: Outcome
    where: Annotated[str | None, Meta(description="JSON pointer to what decided that its conditions did not hold.")]
    field: Annotated[str | None, Meta(description="What is compared there, if it is one comparison.")]
    problem: Annotated[
        str | None, Meta(description="Code of a refusal; `machine`, `answered`: why its answer was left out.")
    ]


class TraceOut(Struct, frozen=True):
    """What became of the rules that react to one event."""

    event_id: str
    at: Instant
    on: list[Happening]
    rules: list[VerdictOut]


class TracesQuery(Struct, frozen=True):
    """Which traces."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    cursor: str | None = None


class TracesOut(Struct, frozen=True):
    """A page of a ticket's traces, newest first; they are kept for 30 days."""

    items: list[TraceOut]
    next_cursor: str | None
