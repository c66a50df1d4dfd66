"""The chain of a ticket's events: each carries the hash of the one before, so a changed past shows."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from helpdesk.contracts.events import EventType
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import Document, canonical_json, from_document, to_document
from helpdesk.kernel.ids import derived_id
from helpdesk.tickets.facts import FACTS, Event, Fact
from helpdesk.tickets.model import Actor


def seal(ticket_id: str, seq: int, prev: str, *, fact: Fact, actor: Actor, at: datetime) -> Event:
    """Puts a fact in its place. The event's id follows from the place, so deciding again gives the same event."""
    return Event(
        id=derived_id(at, ticket_id, str(seq), prev),
        ticket_id=ticket_id,
        seq=seq,
        at=at,
        actor=actor,
        fact=fact,
        prev=prev,
    )


def event_document(event: Event) -> Document:
    """An event as it is stored, hashed and published."""
    return {
        "id": event.id,
        "ticket_id": event.ticket_id,
        "seq": event.seq,
        "type": event.type.value,
        "at": format_instant(event.at),
        "actor": to_document(event.actor),
        "data": to_document(event.fact),
        "prev": event.prev,
    }


def event_from_document(document: Document) -> Event:
    """Reads what `event_document` wrote.

    Raises:
        ValueError: not an event.
    """
    try:
        fact = FACTS[EventType(str(document["type"]))]
        return Event(
            id=str(document["id"]),
            ticket_id=str(document["ticket_id"]),
            seq=cast("int", document["seq"]),
            at=parse_instant(str(document["at"])),
            actor=from_document(Actor, cast("Document", document["actor"])),
            fact=from_document(fact, cast("Document", document.get("data", {}))),
            prev=str(document.get("prev", "")),
        )
    except KeyError as error:
        raise ValueError(f"not an event: {error} is missing") from error


def event_hash(event: Event) -> str:
    """SHA-256 of the event's canonical JSON, in URL-safe base 64 without padding: 43 characters."""
    digest = hashlib.sha256(canonical_json(event_document(event))).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a history does not hold: the place, and what is wrong there."""

    seq: int
    problem: str


def verify(events: Iterable[Event], head: str) -> ChainFault | None:
    """Checks a ticket's whole history.

    Args:
        events: all events, in order of seq.
        head: the snapshot's `chain`, the hash of the last event.

    Returns:
        The first fault, or None when every link holds.
    """
    expected_seq, prev = 1, ""
    for event in events:
        if event.seq != expected_seq:
            return ChainFault(expected_seq, f"event {expected_seq} is missing")
        if event.prev != prev:
            return ChainFault(event.seq, "the event before it was changed")
        prev, expected_seq = event_hash(event), expected_seq + 1
    if prev != head:
        return ChainFault(expected_seq - 1, "the last event is not the one the ticket stands on")
    return None
