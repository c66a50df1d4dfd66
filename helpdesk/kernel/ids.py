"""Ids that sort by time (ULIDs), made from a clock that is handed in, and ids that follow from others."""

import hashlib
import re
from datetime import datetime
from typing import Final

from ulid import ULID

_ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def new_id(now: datetime) -> str:
    """A fresh ULID of an instant: 26 characters of Crockford's base 32."""
    return str(ULID.from_timestamp(now.timestamp()))


def derived_id(now: datetime, *parts: str) -> str:
    """The one ULID that belongs to some parts and an instant: the same again when the same work is done again."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()[:10]
    milliseconds = int(now.timestamp() * 1000)
    return str(ULID.from_bytes(milliseconds.to_bytes(6) + digest))


def is_id(text: str) -> bool:
    """Whether a text has the form of an id; anything else cannot name a thing of ours."""
    return _ULID.fullmatch(text) is not None
