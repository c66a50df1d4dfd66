"""Bulk actions as agents see them."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from functions.desk.schemas.tickets import Id, Instant, Readers, Tag, TicketPatch, TicketsFilter
from helpdesk.bulk.model import MAX_SELECTED, MAX_WRITTEN_DOWN, Outcome, State
from helpdesk.tickets.model import Status

Tags = Annotated[list[Tag], Meta(max_length=50)]


class ViewIn(TicketsFilter, frozen=True, forbid_unknown_fields=True):
    """A whole list, by the parameters of `GET /v1/tickets`; what it holds is written down before anything is done."""


class BulkChange(TicketPatch, frozen=True, forbid_unknown_fields=True):
    """What shall be other, as for one ticket; tags may come and go beside those that a ticket has."""

    add_tags: Tags | UnsetType = UNSET
    remove_tags: Tags | UnsetType = UNSET


class BulkMessageIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is written on each ticket. Placeholders are filled for it; what is public is held for a minute at least."""

    body: Annotated[str, Meta(min_length=1, max_length=20_000)]
    visibility: Readers = "public"
    status: Annotated[Status, Meta(description="Set along with the message.")] | None = None
    custom_status: (
        Annotated[str, Meta(max_length=64, description="Id of a further status to set along with the message.")] | None
    ) = None


class SnoozeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Put aside."""

    until: Annotated[Instant | None, Meta(description="null: until the requester answers.")] = None


class BulkAction(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done to each ticket: a macro, or any of the others."""

    change: BulkChange | None = None
    macro_id: Id | None = None
    message: BulkMessageIn | None = None
    snooze: SnoozeIn | None = None


class BulkIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done, and to which tickets: a selection, a whole list, a view, or all parts of an incident."""

    action: BulkAction
    tickets: Annotated[list[Id], Meta(max_length=MAX_SELECTED)] | None = None
    view: ViewIn | None = None
    view_id: Annotated[
        Id | None,
        Meta(
            description=f"Id of a view of `GET /v1/views`: all tickets that it holds now, {MAX_WRITTEN_DOWN:,} at most."
        ),
    ] = None
    incident: Annotated[Id | None, Meta(description="All tickets that are `part_of` this one.")] = None


class TallyOut(Struct, frozen=True):
    """How many tickets had which outcome."""

    changed: int
    unchanged: Annotated[int, Meta(description="They were so already.")]
    failed: int


class UndoTallyOut(Struct, frozen=True):
    """How many of the changed tickets had which outcome when it was undone."""

    undone: Annotated[int, Meta(description="As they were before.")]
    partly_undone: Annotated[int, Meta(description="What had changed since, or was sent, stays.")]
    kept: Annotated[int, Meta(description="All of it had changed since.")]
    failed: int


class BulkOut(Struct, frozen=True):
    """How far a bulk action is. While a view is being listed, `total` grows."""

    id: str
    state: State
    agent: str
    does: Annotated[list[str], Meta(description="`change`, `macro`, `message`, `snooze`.")]
    created_at: Instant
    finished_at: Instant | None
    total: int
    done: Annotated[int, Meta(description="Of `total`, or of `tally.changed` while it is undone.")]
    tally: TallyOut
    undo: UndoTallyOut | None
    undo_until: Annotated[Instant | None, Meta(description="null: it cannot be undone, or not yet by this.")]
    stopping: Annotated[
        bool, Meta(description="It was cancelled or undone a moment ago; what is in hand is ended first.")
    ]


class BulkResultOut(Struct, frozen=True):
    """What became of one ticket."""

    ticket_id: str
    number: int | None
    outcome: Outcome
    problem: Annotated[str | None, Meta(description="Why it failed, as a problem's code.")]
    detail: Annotated[str | None, Meta(description="The same as a sentence.")]
    stays: Annotated[
        list[str],
        Meta(description="What undoing left: properties that were changed since; `message` for one that was sent."),
    ]


class ProgressQuery(Struct, frozen=True):
    """Which results."""

    after: Annotated[int, Meta(ge=0, le=99_999_999, description="`sequence` of the last answer.")] = 0


class ProgressOut(BulkOut, frozen=True):
    """How far it is, and what became of tickets since."""

    results: list[BulkResultOut]
    sequence: Annotated[int, Meta(description="Ask with it next.")]
    more: Annotated[bool, Meta(description="There are more results already.")]


class BulksOut(Struct, frozen=True):
    """A page of your bulk actions, newest first."""

    items: list[BulkOut]
    next_cursor: str | None
