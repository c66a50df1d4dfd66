"""Who is calling, known wherever the call leads: what they may see is asked for by stores that cannot be passed by.

A route that forgot to hand on who asks would show what it should not. So it is not handed on: it is set where a call comes
in, and is over when the call is. Where nobody is set, the desk itself is at work, or a requester, whose token is for one
ticket.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.people.model import Agent


@dataclass(frozen=True, slots=True)
class Caller:
    """A colleague whose call is under way.

    Attributes:
        agent: as admins describe them.
        ip: where the call came from; empty where that is not known.
        at: the desk's time.
    """

    agent: Agent
    ip: str = ""
    at: datetime | None = None


_CALLER: Final[ContextVar[Caller | None]] = ContextVar("caller", default=None)


def caller() -> Caller | None:
    """Who is calling; None: no colleague is."""
    return _CALLER.get()


@contextlib.contextmanager
def called_by(who: Caller | None) -> Iterator[None]:
    """Until the block ends, somebody is calling; None: the desk itself is at work."""
    token = _CALLER.set(who)
    try:
        yield
    finally:
        _CALLER.reset(token)
