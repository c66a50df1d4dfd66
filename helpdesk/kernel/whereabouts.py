"""From where what is being done was asked for: a network address, or the host that handed a mail over.

It is set where a call or a mail comes in and read by the stores that write it down, so that no rule has to hand it on. Where
nothing is set, the desk itself is at work.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

LONGEST: Final = 100
_CAME_FROM: Final[ContextVar[str]] = ContextVar("came_from", default="")


def came_from() -> str:
    """From where it was asked for; empty: nobody outside did, or that is not known."""
    return _CAME_FROM.get()


@contextlib.contextmanager
def coming_from(where: str) -> Iterator[None]:
    """Until the block ends, what is done was asked for from somewhere; empty: that is not known."""
    token = _CAME_FROM.set(where[:LONGEST])
    try:
        yield
    finally:
        _CAME_FROM.reset(token)
