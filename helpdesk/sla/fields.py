"""Conditions on fields when a past is lived again: history tells which were filled in when, but holds no values.

A field's value may be a person's words, which must be able to go, so values are on the ticket alone: as they are now. Those of a field
that was filled in once are the ones it always had. Where one was changed since, or went with what was erased, a replay judges by
what is there now, and says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from helpdesk.sla.model import SlaPolicy
from helpdesk.tickets.facts import Event, PersonErased, TicketCleared, TicketFieldsChanged, TicketRestored
from helpdesk.tickets.model import Content

type Values = Mapping[str, tuple[str, ...]]
type ValuesOf = Callable[[str], Values]
"""Gives what a ticket's fields hold now, by the ticket's id."""


def looked_at(policies: Iterable[SlaPolicy]) -> frozenset[str]:
    """The fields that policies' conditions name."""
    return frozenset(name for policy in policies for name in policy.conditions.fields)


def ever_filled(events: Iterable[Event], names: frozenset[str]) -> bool:
    """Whether one of some fields ever held something."""
    return any(
        isinstance(event.fact, TicketFieldsChanged) and not names.isdisjoint(event.fact.names) for event in events
    )


def told_by_now(events: Sequence[Event], names: frozenset[str]) -> bool:
    """Whether one of some fields may have held something else in the past than it does now.

    Args:
        events: the ticket's whole history, in order, also what came after the period.
        names: fields that conditions look at.
    """
    filled: frozenset[str] = frozenset()
    for event in events:
        match event.fact:
            case TicketFieldsChanged(names=changed):
                if not filled.isdisjoint(changed):
                    return True
                filled |= names.intersection(changed)
            case TicketRestored(standing=standing) if not filled <= set(standing.field_names):
                return True
            case TicketCleared(content=content) if filled and Content.WORDS in content:
                return True
            case PersonErased() if filled:
                return True
            case _:
                pass
    return False
