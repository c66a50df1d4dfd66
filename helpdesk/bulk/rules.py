"""What a bulk action means for one ticket, and what undoing it means for that ticket as it stands then. Pure."""

import hashlib
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

import msgspec

from helpdesk.bulk.model import Entry, FieldMove, Outcome, Wish
from helpdesk.kernel.codec import canonical_json, to_document
from helpdesk.sla.model import AppliedSla
from helpdesk.tickets.commands import (
    ChangeTicket,
    Command,
    FieldValue,
    RestoreTicket,
    Unset,
    WithdrawMessage,
)
from helpdesk.tickets.model import Message, Reason, Standing, Status, Ticket
from helpdesk.tickets.parts.standing import standing_of

type Fits = Callable[[str | None, str], bool]
"""Whether an agent may have tickets of a group."""

_COMPANIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "status": ("custom_status", "solved_at", "closed_at", "survey_at", "close_at"),
    "due_at": ("overdue_at",),
}
"""What moves with a property and is given back with it."""
_APART: Final = frozenset({"status", "tags", "field_names", "sla"}.union(*_COMPANIONS.values()))
_ALONE: Final = tuple(field.name for field in fields(Standing) if field.name not in _APART)
"""What is given back each by itself: priority, group, and so on."""


# --- changes as text -------------------------------------------------------------------------------------------------


def change_text(change: ChangeTicket) -> str:
    """The properties that a change sets, as JSON; empty if it sets none. `null` takes away."""
    given = {name: value for name in _kinds() if not isinstance(value := getattr(change, name), Unset)}
    return msgspec.json.encode(given).decode() if given else ""


def change_from(text: str) -> ChangeTicket:
    """The change that `change_text` wrote."""
    if not text:
        return ChangeTicket()
    found: dict[str, msgspec.Raw] = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    kinds = _kinds()
    given: dict[str, typing.Any] = {name: msgspec.json.decode(raw, type=kinds[name]) for name, raw in found.items()}
    return ChangeTicket(**given)


def _kinds() -> dict[str, typing.Any]:
    """The type of each property of a change, when it is given."""
    hints = typing.get_type_hints(ChangeTicket)
    return {
        name: typing.Union[tuple(kind for kind in typing.get_args(hint) if kind is not Unset)]  # noqa: UP007 - made here
        for name, hint in hints.items()
    }


def change_for(wish: Wish, ticket: Ticket) -> ChangeTicket | None:
    """The properties to change on a ticket; None: none."""
    change = change_from(wish.change)
    if wish.add_tags or wish.remove_tags:
        change = replace(change, tags=tuple(sorted((set(ticket.tags) | set(wish.add_tags)) - set(wish.remove_tags))))
    return change if change != ChangeTicket() else None


# --- the journal -----------------------------------------------------------------------------------------------------


def entry_of(before: Ticket, after: Ticket, message: Message | None) -> Entry:
    """What undoing needs to know of a ticket that was changed."""
    old, new = before.copies.fields, after.copies.fields
    message_id = message.id if message is not None else None
    held = next((one for one in after.held if one.message_id == message_id), None)
    return Entry(
        ticket_id=after.id,
        number=after.number,
        version=after.version,
        before=standing_of(before),
        after=replace(standing_of(after), sla=None),
        clocks=clocks_digest(after.sla),
        fields={
            name: FieldMove(old.get(name), new.get(name))
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        },
        message_id=message_id,
        public=message is not None and message.public,
        held_status=held.status if held is not None else None,
        held_custom_status=held.custom_status if held is not None else None,
    )


def clocks_digest(applied: AppliedSla | None) -> str:
    """Tells whether clocks stand as they stood."""
    if applied is None:
        return ""
    return hashlib.sha256(canonical_json(to_document(applied))).hexdigest()[:32]


# --- undoing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an action means for a ticket.

    Attributes:
        commands: in order; none: there is nothing left to give back.
        stays: what is left as it is.
    """

    commands: tuple[Command, ...]
    stays: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """What becomes of the ticket."""
        if not self.commands:
            return Outcome.KEPT
        return Outcome.PARTLY_UNDONE if self.stays else Outcome.UNDONE


def undoing_of(entry: Entry, ticket: Ticket, because: Reason, fits: Fits) -> Undoing:
    """What undoing means for a ticket as it stands.

    Where nothing of what the action moved has moved since, the ticket stands again as it stood, clocks included.
    Otherwise each property is given back that still holds what the action set, and the clocks follow.

    Args:
        entry: of the journal.
        ticket: as it stands, with all recorded that fell due.
        because: what history gives as the reason.
        fits: whether an agent may have tickets of a group.
    """
    now = standing_of(ticket)
    untouched = replace(now, sla=None) == entry.after and clocks_digest(now.sla) == entry.clocks
    given = _Given(entry, now, fits)
    values, left = _fields_back(entry, ticket.copies.fields)
    stays = [*given.stays, *left]
    commands: list[Command] = []
    if entry.message_id is not None and entry.public:
        if ticket.holds(entry.message_id):
            commands.append(WithdrawMessage(entry.message_id, anybodys=True, because=(because,)))
        else:
            stays.append("message")
    if untouched and not left:
        restored = RestoreTicket(entry.before, values, (because,))
    else:
        filled = tuple(sorted(values))
        standing = replace(given.standing, field_names=filled)
        restored = RestoreTicket(standing, values, (because,), follow=True)
    if restored.standing != now or values != ticket.copies.fields:
        commands.append(restored)
    return Undoing(tuple(commands), tuple(stays))


class _Given:
    """How a ticket stands when that is given back which still holds what an action set.

    Attributes:
        standing: how it stands.
        stays: what was changed since, and stays so.
    """

    def __init__(self, entry: Entry, now: Standing, fits: Fits) -> None:
        self._before, self._after, self._now = entry.before, entry.after, now
        self.standing = now
        self.stays: list[str] = []
        self._status(entry)
        for name in _ALONE:
            self._property(name)
        self._tags()
        self._assignee(fits)
        if clocks_digest(now.sla) == entry.clocks and _status_of(self.standing) == _status_of(entry.before):
            self.standing = replace(self.standing, sla=entry.before.sla)

    def _status(self, entry: Entry) -> None:
        before, after, now = (_status_of(one) for one in (self._before, self._after, self._now))
        held = (entry.held_status, entry.held_custom_status) if entry.held_status is not None else after
        if now == before:
            return
        if now in (after, held):
            self._give_back("status")
        elif before != after or held != after:
            self.stays.append("status")

    def _property(self, name: str) -> None:
        before, after, now = (getattr(one, name) for one in (self._before, self._after, self._now))
        if before in (after, now):
            return
        if now == after:
            self._give_back(name)
        else:
            self.stays.append(name)

    def _give_back(self, name: str) -> None:
        """With its companions, unless one was used up since: a survey that was sent is not sent again."""
        back = {name: getattr(self._before, name)}
        for companion in _COMPANIONS.get(name, ()):
            before, after, now = (getattr(one, companion) for one in (self._before, self._after, self._now))
            back[companion] = before if before is None or now == after else now
        self.standing = replace(self.standing, **back)

    def _tags(self) -> None:
        before, after, now = set(self._before.tags), set(self._after.tags), set(self._now.tags)
        added, removed = after - before, before - after
        if not added <= now or removed & now:
            self.stays.append("tags")
        self.standing = replace(self.standing, tags=tuple(sorted((now - added) | removed)))

    def _assignee(self, fits: Fits) -> None:
        """Whom the router chose for the group that the action set goes with it."""
        group, assignee = self.standing.group, self.standing.assignee
        moved = self._before.group != self._after.group and group == self._before.group
        if "assignee" in self.stays and moved and assignee is not None and not fits(group, assignee):
            self.standing = replace(self.standing, assignee=self._before.assignee)
            self.stays.remove("assignee")


def _status_of(standing: Standing) -> tuple[Status, str | None]:
    return standing.status, standing.custom_status


def _fields_back(entry: Entry, now: Mapping[str, FieldValue]) -> tuple[dict[str, FieldValue], list[str]]:
    """What fields hold when those are given back that still hold what an action set, and the names of the others."""
    values, left = dict(now), []
    for name, move in entry.fields.items():
        if now.get(name) != move.after:
            left += [f"fields/{name}"] if now.get(name) != move.before else []
        elif move.before is None:
            values.pop(name, None)
        else:
            values[name] = move.before
    return values, left
