"""A ticket's conversation, with that of the tickets that go on in it: newest first, page by page."""

import heapq
from collections.abc import Iterable
from typing import Final, Protocol

from helpdesk.kernel.pagination import Page
from helpdesk.tickets.model import Message, Ticket

_START: Final = "-"
"""In a position: nothing of this ticket was given yet."""
MAX_HOPS: Final = 30
"""Merges one after another that are followed; more than a ticket can take in."""


class Conversations(Protocol):
    """What is read."""

    def get(self, ticket_id: str) -> Ticket | None:
        """A ticket as it stands."""
        ...

    def with_messages(self, ticket_id: str, *, limit: int) -> tuple[Ticket, Page[Message]] | None:
        """A ticket and its newest messages, in one query."""
        ...

    def messages_before(self, ticket_id: str, message_id: str | None, *, limit: int) -> tuple[Message, ...]:
        """A ticket's messages older than one (None: than none), newest first."""
        ...


def newest(
    store: Conversations, ticket_id: str, *, limit: int, of_requester: str | None = None
) -> tuple[Ticket, Page[Message]] | None:
    """A ticket and the newest messages of its conversation: one query, and one for each ticket that goes on in it.

    Args:
        store: what is read.
        ticket_id: of which ticket.
        limit: how many messages at most.
        of_requester: leave out what came from other people's tickets.
    """
    found = store.with_messages(ticket_id, limit=limit)
    if found is None:
        return None
    ticket, page = found
    sources = _sources(ticket, of_requester)
    if not sources:
        return ticket, page
    parts = [list(page.items), *([*store.messages_before(one, None, limit=limit)] for one in sources)]
    return ticket, _merged(parts, (ticket.id, *sources), limit, {})


def older(
    store: Conversations, ticket: Ticket, *, limit: int, position: dict[str, str], of_requester: str | None = None
) -> Page[Message]:
    """A further page of a conversation.

    Args:
        store: what is read.
        ticket: whose conversation.
        limit: how many messages at most.
        position: the page before's `next_position`.
        of_requester: as for `newest`.
    """
    ids = (ticket.id, *_sources(ticket, of_requester))
    parts = [
        [*store.messages_before(one, _known(position.get(one)), limit=limit)] if position.get(one) != "" else []
        for one in ids
    ]
    return _merged(parts, ids, limit, position)


def followed(store: Conversations, ticket: Ticket) -> Ticket:
    """The ticket in which one goes on: itself, unless it was merged. A call for each merge on the way."""
    for _ in range(MAX_HOPS):
        onward = store.get(ticket.merged.ticket_id) if ticket.merged is not None else None
        if onward is None:
            return ticket
        ticket = onward
    return ticket


def _sources(ticket: Ticket, of_requester: str | None) -> tuple[str, ...]:
    return tuple(one.ticket_id for one in ticket.sources if of_requester in {None, one.requester_id})


def _known(place: str | None) -> str | None:
    return None if place in {None, _START} else place


def _merged(parts: list[list[Message]], ids: Iterable[str], limit: int, before: dict[str, str]) -> Page[Message]:
    """The newest of several conversations, and where each of them goes on: behind its last message given.

    A conversation that gave less than it was asked for is at its end, and its place is empty once all was given.
    """
    names = list(ids)
    ordered = heapq.merge(*parts, key=lambda message: message.id, reverse=True)
    given = [message for _, message in zip(range(limit), ordered, strict=False)]
    places: dict[str, str] = {}
    for name, part in zip(names, parts, strict=True):
        taken = [message for message in given if message.ticket_id == name]
        at_end = len(part) < limit and len(taken) == len(part)
        places[name] = "" if at_end else (taken[-1].id if taken else before.get(name, _START))
    return Page(tuple(given), places if any(places.values()) else None)
