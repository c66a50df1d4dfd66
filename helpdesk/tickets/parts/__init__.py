"""What each part of a ticket is ruled by: how its facts fold, and what comes of its commands.

All are imported together, so that no fact is ever folded without its rule.
"""

from helpdesk.tickets.parts import (
    clocks,
    followers,
    links,
    messages,
    participants,
    properties,
    requester,
    sides,
    standing,
    surveys,
    timelog,
    timers,
    together,
)

__all__ = [
    "clocks",
    "followers",
    "links",
    "messages",
    "participants",
    "properties",
    "requester",
    "sides",
    "standing",
    "surveys",
    "timelog",
    "timers",
    "together",
]
