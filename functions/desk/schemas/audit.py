"""The trail of what admins do."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.tickets import AuthorOut

Instant = Annotated[str, Meta(max_length=40, examples=["2026-11-21T09:30:00Z"])]


class AuditQuery(Struct, frozen=True):
    """Which entries, newest first."""

    kind: Annotated[str, Meta(max_length=64, description="Of what: `role`, `agent`, `field`, `policy`.")] | None = None
    actor: Annotated[str, Meta(max_length=128, description="An agent's id: by whom.")] | None = None
    since: Annotated[Instant | None, Meta(description="Not before; a year ago where nothing is said.")] = msgspec.field(
        name="from", default=None
    )
    until: Annotated[Instant | None, Meta(description="Before; now where nothing is said.")] = msgspec.field(
        name="to", default=None
    )
    limit: Annotated[int, Meta(ge=1, le=100, description="Entries looked at; filters may leave fewer.")] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class CameFromOut(Struct, frozen=True):
    """From where something was done."""

    via: Annotated[
        Literal["api", "shell", "schedule"],
        Meta(description="`shell`: by an operator's command; `schedule`: by the desk itself, as a setting says."),
    ]
    address: Annotated[str | None, Meta(description="The caller's network address; kept for 90 days.")]


class AuditEntryOut(Struct, frozen=True, rename={"came_from": "from"}):
    """What was done, by whom, when and from where, and the values that differ."""

    id: Annotated[str, Meta(description="Its month, and its place in the month's chain.")]
    at: str
    kind: str
    target: Annotated[str, Meta(description="The id of what was changed.")]
    target_name: Annotated[
        str | None,
        Meta(
            description="What it is called now, in your language. Null: it is gone, has no name, or is not yours to read."
        ),
    ]
    action: str
    actor: AuthorOut | None
    came_from: CameFromOut
    before: Annotated[dict[str, msgspec.Raw] | None, Meta(description="Null: it was not there.")]
    after: Annotated[dict[str, msgspec.Raw] | None, Meta(description="Null: it is gone.")]


class AuditOut(Struct, frozen=True):
    """A page of the trail."""

    items: list[AuditEntryOut]
    next_cursor: str | None = None
