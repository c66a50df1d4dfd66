"""What a bulk action is: the wish, how far it is, what became of each ticket, and what undoing needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.tickets.commands import FieldValue
from helpdesk.tickets.model import Standing, Status, Visibility
from helpdesk.tickets.views import TicketQuery

MAX_SELECTED: Final = 1000
"""Tickets that a selection names at most."""
MAX_IN_VIEW: Final = 10_000
"""Tickets that a view holds at most to be acted upon."""
MAX_WRITTEN_DOWN: Final = 9_000
"""Tickets of a view by conditions: what holds them is written with the action itself, in one transaction of 100 items."""
PART: Final = 100
"""Tickets of one part: read by one call."""
CHUNK: Final = 25
"""Tickets after which progress is told."""
HOLD: Final = timedelta(seconds=60)
"""How long public messages are held at least, so that undoing catches them: there is more to look through than in one."""
UNDO_WITHIN: Final = timedelta(hours=24)
"""From the end of an action, until when it can be undone."""
KEPT: Final = timedelta(days=30)
"""How long an action can be looked at."""
LEASE: Final = timedelta(seconds=90)
"""How long a worker is believed to be at work: longer than Lambda lets it."""


class State(StrEnum):
    """Where a bulk action stands."""

    LISTING = "listing"  # the tickets of a view are being written down
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # the view holds too many tickets; nothing was done
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def at_work(self) -> bool:
        """Whether a worker has something to do."""
        return self in {State.LISTING, State.RUNNING, State.UNDOING}


class Outcome(StrEnum):
    """What became of one ticket."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"  # it was so already
    FAILED = "failed"
    UNDONE = "undone"  # as it was before
    PARTLY_UNDONE = "partly_undone"  # what had changed since, or was sent, stays
    KEPT = "kept"  # all of it had changed since


class Stop(StrEnum):
    """What somebody wishes of an action that is under way."""

    CANCEL = "cancel"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class BulkMessage:
    """What is written on each ticket; placeholders are filled for it.

    Attributes:
        status: set when it is sent, or at once with a note.
        custom_status: the same of an admin's status.
    """

    body: str
    visibility: Visibility = Visibility.PUBLIC
    status: Status | None = None
    custom_status: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is done to each ticket, and to which.

    Attributes:
        change: properties as JSON, as `rules.change_text` writes them; empty: none.
        add_tags: tags that come, beside those a ticket has.
        remove_tags: tags that go.
        macro_id: a macro that is run.
        snooze: put aside, until `snooze_until` or the requester's answer.
        view: the list whose tickets are acted upon.
        incident: id of the ticket whose parts are acted upon. Neither: a selection.
    """

    change: str = ""
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    macro_id: str | None = None
    message: BulkMessage | None = None
    snooze: bool = False
    snooze_until: datetime | None = None
    view: TicketQuery | None = None
    incident: str | None = None

    @property
    def selects(self) -> bool:
        """Whether the tickets are named one by one."""
        return self.view is None and self.incident is None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tickets had which outcome."""

    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    undone: int = 0
    partly_undone: int = 0
    kept: int = 0

    @property
    def all(self) -> int:
        """Tickets dealt with."""
        return self.changed + self.unchanged + self.failed + self.undone + self.partly_undone + self.kept

    def with_one(self, outcome: Outcome) -> "Tally":
        """With one ticket more."""
        counts = {one.value: getattr(self, one.value) + (one is outcome) for one in Outcome}
        return Tally(**counts)


@dataclass(frozen=True, slots=True)
class Job:
    """How far a bulk action is. Rewritten with every chunk, so it is small; all else of it lies beside.

    Attributes:
        version: one more with every writing.
        agent: who started it.
        does: names of what it does (`change`, `macro`, `message`), for lists of actions.
        made_from: hash of the call that started it.
        step: number of the event that moves it on; older events are done with.
        busy_until: until when a worker is believed to be at it.
        parts: how many there are.
        total: tickets written down to be acted upon.
        part: the part at work.
        place: how many tickets of that part are dealt with.
        tally: of the action.
        undo_tally: of undoing it.
        sequence: number of the newest result.
        position: where listing goes on.
        stop: what somebody wishes of it.
        stopped_by: who wished it.
        finished_at: when the action ended, undone or not.
    """

    id: str
    version: int
    agent: str
    state: State
    created_at: datetime
    does: tuple[str, ...]
    made_from: str = ""
    step: int = 1
    busy_until: datetime | None = None
    parts: int = 0
    total: int = 0
    part: int = 0
    place: int = 0
    tally: Tally = field(default_factory=Tally)
    undo_tally: Tally = field(default_factory=Tally)
    sequence: int = 0
    position: Mapping[str, str] = field(default_factory=dict)
    stop: Stop | None = None
    stopped_by: str | None = None
    finished_at: datetime | None = None

    @property
    def undo_until(self) -> datetime | None:
        """Until when it can be undone; None while it is under way, or undone, or there is nothing to undo."""
        if self.state not in {State.DONE, State.CANCELLED} or self.finished_at is None or not self.tally.changed:
            return None
        return self.finished_at + UNDO_WITHIN


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one ticket.

    Attributes:
        problem: why it failed, as an error's code.
        detail: the same as a sentence.
        stays: what undoing left as it is: names of properties that were changed since, `message` for one that was sent.
    """

    ticket_id: str
    outcome: Outcome
    number: int | None = None
    problem: str | None = None
    detail: str | None = None
    stays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldMove:
    """What a field held before an action, and after it."""

    before: FieldValue = None
    after: FieldValue = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What undoing needs to know of one ticket that was changed.

    Attributes:
        version: of the ticket, after the action.
        before: how it stood.
        after: how it stood then, its clocks left out.
        clocks: digest of the clocks as they stood then.
        fields: those that were changed.
        message_id: the message that was written.
        public: whether the requester gets it.
        held_status: what sending that message sets, with `held_custom_status`.
    """

    ticket_id: str
    number: int
    version: int
    before: Standing
    after: Standing
    clocks: str
    fields: Mapping[str, FieldMove] = field(default_factory=dict)
    message_id: str | None = None
    public: bool = False
    held_status: Status | None = None
    held_custom_status: str | None = None
