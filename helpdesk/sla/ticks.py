"""Tickets whose time comes soon: what is sent about them, and which events tell of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from helpdesk.kernel.clock import format_instant, parse_instant

LOOK_AHEAD: Final = timedelta(seconds=70)
"""How far ahead of its instant a ticket is put into the queue: until the next sweep, which may itself be some seconds late."""


@dataclass(frozen=True, slots=True)
class DueTicket:
    """A ticket for which time alone does something at an instant."""

    ticket_id: str
    at: datetime


def tick_body(due: DueTicket) -> str:
    """A ticket as it is sent."""
    return msgspec.json.encode({"ticket_id": due.ticket_id, "at": format_instant(due.at)}).decode()


def read_tick(body: str) -> DueTicket:
    """What `tick_body` wrote.

    Raises:
        ValueError: the body is nothing of the kind.
    """
    found = msgspec.json.decode(body, type=dict[str, str])
    if not {"ticket_id", "at"} <= found.keys():
        raise ValueError("not a tick")
    return DueTicket(found["ticket_id"], parse_instant(found["at"]))


def soon_due(document: Mapping[str, object]) -> DueTicket | None:
    """Whether an event plans something for so soon that no sweep may come before it: the earliest instant of that kind.

    Any instant in an event's values that lies ahead of it is a plan: a held answer's, a clock's, a snooze's. What is taken for
    one wrongly costs a look at a ticket with nothing to do.

    Args:
        document: the event as it is published.
    """
    if "ticket_id" not in document:
        return None
    at = parse_instant(str(document["at"]))
    ahead = [instant for instant in _instants(document.get("data")) if at < instant <= at + LOOK_AHEAD]
    return DueTicket(str(document["ticket_id"]), min(ahead)) if ahead else None


def _instants(value: object) -> Iterable[datetime]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _instants(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _instants(inner)
    elif isinstance(value, str) and len(value) == 24 and value.endswith("Z") and value[10:11] == "T":
        try:
            yield parse_instant(value)
        except ValueError:
            return
