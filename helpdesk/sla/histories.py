"""Finds the tickets that lived in a period and reads their events: never more than those, and nothing by a scan."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from helpdesk.kernel.pagination import Page
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Status, StatusCategory, Ticket
from helpdesk.tickets.parts.clocks import field_texts
from helpdesk.tickets.views import TicketQuery, TicketRow

_ROWS = 100
_EVENTS = 500
_CHANGED, _OPEN = "changed", "open"
_ACTIVE = frozenset(status for status in Status if status.category is not StatusCategory.DONE)


class Tickets(Protocol):
    """Where tickets are kept."""

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list."""
        ...

    def events(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first."""
        ...

    def get(self, ticket_id: str) -> Ticket | None:
        """A ticket as it stands."""
        ...


def tickets_of(tickets: Tickets, since: datetime, until: datetime) -> Iterator[str]:
    """Ids of tickets whose clocks may have come to something in a period: changed since, or open all along."""
    seen = set()
    for row in _rows(tickets, TicketQuery()):  # newest change first
        if row.updated_at < since:
            break
        if row.created_at < until:
            seen.add(row.id)
            yield row.id
    for row in _rows(tickets, TicketQuery(statuses=_ACTIVE)):
        if row.created_at < until and row.id not in seen:
            yield row.id


def some_tickets_of(
    tickets: Tickets, since: datetime, until: datetime, *, limit: int, position: dict[str, str] | None
) -> Page[str]:
    """A part of what `tickets_of` gives, for who goes through it in several calls.

    Nothing is remembered between them: of tickets that change meanwhile one may be left out, none comes twice.

    Args:
        tickets: where they are kept.
        since: of the period.
        until: of the period.
        limit: tickets in this part, at most.
        position: the part before's `next_position`.
    """
    at = dict(position or {})
    changed = at.pop("list", _CHANGED) == _CHANGED
    found: list[str] = []
    while len(found) < limit:
        query = TicketQuery() if changed else TicketQuery(statuses=_ACTIVE)
        page = tickets.rows(query, limit=min(_ROWS, limit - len(found)), position=at or None)
        rows = [row for row in page.items if (row.updated_at >= since) == changed]
        found += [row.id for row in rows if row.created_at < until]
        over = page.next_position is None or (changed and len(rows) < len(page.items))
        if over and not changed:
            return Page(tuple(found), None)
        changed, at = (False, {}) if over else (changed, page.next_position or {})
    return Page(tuple(found), {"list": _CHANGED if changed else _OPEN, **at})


def _rows(tickets: Tickets, query: TicketQuery) -> Iterator[TicketRow]:
    position: dict[str, str] | None = None
    while True:
        page = tickets.rows(query, limit=_ROWS, position=position)
        yield from page.items
        position = page.next_position
        if position is None:
            return


def history_of(tickets: Tickets, ticket_id: str) -> list[Event]:
    """All events of a ticket, in order."""
    found: list[Event] = []
    position: dict[str, str] | None = None
    while True:
        page = tickets.events(ticket_id, limit=_EVENTS, position=position)
        found += page.items
        position = page.next_position
        if position is None:
            return found[::-1]


def fields_now(tickets: Tickets, ticket_id: str) -> dict[str, tuple[str, ...]]:
    """What a ticket's fields hold now; nothing, if it is gone."""
    ticket = tickets.get(ticket_id)
    return field_texts(ticket) if ticket is not None else {}


def histories(tickets: Tickets, since: datetime, until: datetime) -> Iterator[list[Event]]:
    """The histories of the tickets that lived in a period."""
    for ticket_id in tickets_of(tickets, since, until):
        yield history_of(tickets, ticket_id)
