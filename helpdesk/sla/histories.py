"""Finds the tickets that lived in a period and reads their events: never more than those, and nothing by a scan."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from helpdesk.kernel.pagination import Page
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Status, StatusCategory
from helpdesk.tickets.views import TicketQuery, TicketRow

_ROWS = 100
_EVENTS = 500
_ACTIVE = frozenset(status for status in Status if status.category is not StatusCategory.DONE)


class Tickets(Protocol):
    """Where tickets are kept."""

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list."""
        ...

    def events(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first."""
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


def histories(tickets: Tickets, since: datetime, until: datetime) -> Iterator[list[Event]]:
    """The histories of the tickets that lived in a period."""
    for ticket_id in tickets_of(tickets, since, until):
        yield history_of(tickets, ticket_id)
