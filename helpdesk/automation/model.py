"""What a rule is, what it can react to, and what is remembered of its doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.macros.model import MacroChanges
from helpdesk.tickets.model import ActorKind, Channel


class RuleKind(StrEnum):
    """What starts a rule."""

    TRIGGER = "trigger"  # something happens to a ticket
    AUTOMATION = "automation"  # time passes


class Happening(StrEnum):
    """What a trigger can react to. One event may be several: a ticket that is solved changed its status, too."""

    OPENED = "opened"
    REQUESTER_REPLIED = "requester_replied"
    AGENT_REPLIED = "agent_replied"
    NOTE_ADDED = "note_added"
    THIRD_PARTY_REPLIED = "third_party_replied"
    CHANGED = "changed"
    ASSIGNED = "assigned"
    STATUS_CHANGED = "status_changed"
    SOLVED = "solved"
    REOPENED = "reopened"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    RATED = "rated"
    DELIVERY_FAILED = "delivery_failed"
    APPROVAL_SETTLED = "approval_settled"
    DUE = "due"
    TIME = "time"  # what automations react to; no trigger can


@dataclass(frozen=True, slots=True)
class Actions:
    """What a rule does to a ticket, all of it or nothing.

    Attributes:
        changes: of properties; as macros have them, without `me`.
        note: an internal note; placeholders are filled.
        reply: a public answer by language; placeholders are filled. Never sent to a machine.
        macro: id of a macro that everybody may run; its changes and its text go before the rule's own.
        webhooks: ids of destinations outside that are called.
        policy: id of the SLA policy that holds from now on; `none`: the policies' own conditions choose again.
        task: what is to be done then; a rule puts it on a ticket once. Empty: nothing.
    """

    changes: MacroChanges = field(default_factory=MacroChanges)
    note: str = ""
    reply: Mapping[str, str] = field(default_factory=dict)
    macro: str | None = None
    webhooks: tuple[str, ...] = ()
    policy: str | None = None
    task: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        on: what a trigger reacts to.
        conditions: as they are written; see `conditions.rules.parse`. Empty: every ticket.
        order: rules are looked at from the smallest to the greatest, then by id.
        stop: once it has matched, no other rule is looked at.
    """

    id: str
    name: str
    kind: RuleKind = RuleKind.TRIGGER
    on: tuple[Happening, ...] = ()
    conditions: Mapping[str, object] = field(default_factory=dict, hash=False)
    actions: Actions = field(default_factory=Actions)
    enabled: bool = False
    order: int = 0
    stop: bool = False
    description: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What conditions may ask of the message that an event is about.

    Attributes:
        automatic: a machine wrote it.
    """

    text: str
    by: ActorKind
    channel: Channel
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened to a ticket, as rules see it.

    Attributes:
        id: of the event; of a look of the clock, what follows from its hour.
        happened: all that it is.
        by: who did it.
        changed: names of properties that changed.
        written: the message it is about.
        metric: of the clock that it is about.
        rating: that the requester gave.
    """

    id: str
    happened: frozenset[Happening]
    by: ActorKind
    changed: tuple[str, ...] = ()
    written: Written | None = None
    metric: str = ""
    rating: int | None = None

    @property
    def by_machine(self) -> bool:
        """Whether a machine wrote what this is about: nobody reads what it would be answered."""
        return self.written is not None and self.written.automatic


class Outcome(StrEnum):
    """What became of a rule."""

    ACTED = "acted"
    NOT_MATCHED = "not_matched"
    NOTHING = "nothing_to_do"  # it matched, and the ticket was so already
    REFUSED = "refused"  # it matched, and what it wishes cannot be done
    STOPPED = "stopped"  # an earlier one let none come after it
    LIMITED = "limited"  # rules acted on this ticket too often, or it did so before


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule.

    Attributes:
        where: JSON pointer into its conditions: what decided that it did not match.
        field: what stands there asks about this, if it is one comparison.
        problem: code of the refusal; `machine`: its answer was left out, as nobody would read it; `answered`: as it
            answered here within a day.
        replied: it wrote to the requester.
        version: of the rule.
    """

    rule: str
    outcome: Outcome
    where: str = ""
    field: str = ""
    problem: str = ""
    replied: bool = False
    version: int = 0

    @property
    def matched(self) -> bool:
        """Whether its conditions held."""
        return self.outcome not in {Outcome.NOT_MATCHED, Outcome.STOPPED}


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of the rules that look at such an event.

    Attributes:
        event_id: which event.
        on: what it was to rules.
    """

    event_id: str
    at: datetime
    on: tuple[Happening, ...]
    verdicts: tuple[Verdict, ...] = ()

    @property
    def acted(self) -> bool:
        """Whether a rule changed the ticket."""
        return any(one.outcome is Outcome.ACTED for one in self.verdicts)


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a rule acted, and when last."""

    count: int = 0
    last_at: datetime | None = None

    def beside(self, other: "Hits") -> "Hits":
        """Both together."""
        last = max((one.last_at for one in (self, other) if one.last_at is not None), default=None)
        return Hits(self.count + other.count, last)
