"""What running a macro means for a ticket: commands decided one after another, told as one doing. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from helpdesk.desk.model import Desk
from helpdesk.desk.rules import catalogue_of
from helpdesk.forms.rules import checked
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean_line
from helpdesk.macros.model import ME, NONE, Macro, MacroChanges, TagChange
from helpdesk.people.model import Agent
from helpdesk.tickets.chain import seal
from helpdesk.tickets.commands import UNSET, ChangeTicket, Command, ReleaseMessage, Unset
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.facts import (
    Event,
    Fact,
)
from helpdesk.tickets.model import Actor, Reason, Ticket
from helpdesk.tickets.rules import decide, evolve

_COMPARED: Final = (
    "status",
    "custom_status",
    "type",
    "priority",
    "impact",
    "urgency",
    "category",
    "product",
    "group",
    "assignee",
    "sla_policy",
)
BY_HAND: Final = frozenset({"by_hand", "with_message"})
"""Reasons that mean no more than that somebody wished it; a macro's name says more."""


SETTLE: Final = ReleaseMessage("")
"""Releases nothing: all that comes of it is what fell due anyway."""


def change_of(changes: MacroChanges, ticket: Ticket, agent: Agent, *, status: bool) -> ChangeTicket:
    """A macro's changes as a command.

    Args:
        changes: of the macro.
        ticket: its tags are added to and taken from.
        agent: who runs it.
        status: whether the status is among them; with an answer it goes with the message.
    """
    return ChangeTicket(
        status=changes.status if status and changes.status is not None else UNSET,
        custom_status=changes.custom_status if status and changes.custom_status is not None else UNSET,
        priority=_wished(changes.priority),
        type=_wished(changes.type),
        impact=_wished(changes.impact),
        urgency=_wished(changes.urgency),
        product=_named(changes.product),
        category=_named(changes.category),
        group=_named(changes.group),
        assignee=agent.id if changes.assignee == ME else _named(changes.assignee),
        tags=_tags(changes.tags, ticket.tags) if changes.tags is not None else UNSET,
        fields={**changes.fields, **dict.fromkeys(changes.cleared)} if changes.fields or changes.cleared else UNSET,
    )


def _wished[T](value: T | None) -> T | Unset:
    return UNSET if value is None else value


def _named(name: str | None) -> str | Unset | None:
    if name is None:
        return UNSET
    return None if name == NONE else name


def _tags(change: TagChange, present: tuple[str, ...]) -> tuple[str, ...]:
    if change.exactly:
        return change.add
    return tuple(sorted((set(present) | set(change.add)) - set(change.remove)))


def decide_together(
    ticket: Ticket, commands: Iterable[Command], because: Reason, rules: DeskRules, *, actor: Actor, now: datetime
) -> Decision:
    """What comes of several commands, each decided on what the one before left, told with one reason.

    What fell due before (an answer that was held, a breach) is settled first and keeps its own reason.

    Args:
        ticket: as it stands.
        commands: in order.
        because: what history gives as the reason instead of "by hand".
        rules: see `decide`.
        actor: see `decide`.
        now: see `decide`.

    Raises:
        Conflict, Invalid: see `decide`.
    """
    settled = decide(ticket, SETTLE, rules, actor=actor, now=now)
    decided, events = settled.ticket, list(settled.events)
    facts: list[Event] = []
    for command in commands:
        following = decide(decided, command, rules, actor=actor, now=now)
        decided, facts = following.ticket, [*facts, *following.events]
    told = settled.ticket
    for event in facts:
        fact = _told(event.fact, because)
        events.append(seal(ticket.id, told.version + 1, told.chain, fact=fact, actor=event.actor, at=event.at))
        told = evolve(told, events[-1])
    return Decision(replace(told, copies=decided.copies), tuple(events))


def _told(fact: Fact, because: Reason) -> Fact:
    """A fact with its reason, where an agent's hand would be given as one."""
    given = getattr(fact, "because", None)
    if isinstance(given, tuple):  # what else is told as a reason, such as the matrix, stays told
        return _with(fact, (because, *(one for one in given if one != because and one.code not in BY_HAND)))
    return _with(fact, because) if isinstance(given, Reason) and given.code in BY_HAND else fact


def _with(fact: Any, because: Reason | tuple[Reason, ...]) -> Fact:  # noqa: ANN401 - one of those that have a reason
    told: Fact = replace(fact, because=because)
    return told


def checked_changes(changes: MacroChanges, pointer: str) -> MacroChanges:
    """Changes as they are kept, with tags tidied.

    Raises:
        Invalid: tags that are empty or both come and go; fields both filled and emptied.
    """
    faults: list[FieldError] = []
    tags = changes.tags
    if tags is not None:
        tags = replace(tags, add=_tidied(tags.add), remove=_tidied(tags.remove))
        if "" in (*tags.add, *tags.remove):
            faults.append(FieldError(f"{pointer}/tags", "holds an empty tag"))
        if set(tags.add) & set(tags.remove):
            faults.append(FieldError(f"{pointer}/tags", "adds and removes the same tag"))
    if faults:
        raise Invalid("Some fields are not valid.", faults)
    return replace(changes, tags=tags)


def _tidied(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean_line(tag) for tag in tags))


def unknown_in(changes: MacroChanges, desk: Desk) -> list[FieldError]:
    """What changes name that the desk does not have, and values that its fields cannot hold."""
    checks = (
        ("group", changes.group, {*desk.groups, NONE}),
        ("category", changes.category, {*desk.categories, NONE}),
        ("product", changes.product, {*desk.products, NONE}),
        ("custom_status", changes.custom_status, {one.id for one in desk.statuses.values() if one.further}),
        ("assignee", changes.assignee, {*desk.agents, NONE, ME}),
    )
    faults = [
        FieldError(f"/changes/{name}", f"names no {name} of this desk")
        for name, value, known in checks
        if value is not None and value not in known
    ]
    if changes.status is not None and changes.custom_status is not None:
        faults.append(FieldError("/changes/custom_status", "cannot be given beside status"))
    try:
        checked(catalogue_of(desk), changes.fields, {}, "/changes/fields")
    except Invalid as refusal:
        faults += refusal.errors
    return faults


def refuse_if_idle(macro: Macro) -> None:
    """Refuses a macro that would do nothing.

    Raises:
        Invalid: it neither writes nor changes anything.
    """
    if macro.reply is None and macro.changes == MacroChanges():
        raise Invalid("A macro must write or change something.", [FieldError("/changes", "is empty, and so is reply")])


def differences(before: Ticket, after: Ticket) -> list[tuple[str, object, object]]:
    """What is other: name, value before, value after."""
    found: list[tuple[str, object, object]] = [
        (name, getattr(before, name), getattr(after, name)) for name in _COMPARED
    ]
    found.append(("tags", list(before.tags), list(after.tags)))
    old, new = before.copies.fields, after.copies.fields
    found += [(f"fields/{name}", old.get(name), new.get(name)) for name in sorted({*old, *new})]
    return [one for one in found if one[1] != one[2]]
