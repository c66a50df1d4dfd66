"""What each part of a ticket is ruled by: how its facts fold, and what comes of its commands.

All are imported together, so that no fact is ever folded without its rule.
"""

from helpdesk.tickets.parts import (
    approvals,
    clocks,
    erasure,
    followers,
    links,
    messages,
    participants,
    properties,
    requester,
    routing,
    sides,
    standing,
    surveys,
    tasks,
    timelog,
    timers,
    together,
    webhooks,
)

__all__ = [
    "approvals",
    "clocks",
    "erasure",
    "followers",
    "links",
    "messages",
    "participants",
    "properties",
    "requester",
    "routing",
    "sides",
    "standing",
    "surveys",
    "tasks",
    "timelog",
    "timers",
    "together",
    "webhooks",
]
