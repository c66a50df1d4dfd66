"""Time is handed in: everything that needs to know the hour takes a clock, so that tests and replays can choose it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

type Clock = Callable[[], datetime]
"""Gives the present as an aware UTC instant."""


def system_clock() -> datetime:
    """The machine's time, cut to milliseconds: what is stored is what was decided on."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Stopwatch:
    """Seconds that pass, by which copies in memory are old; it can be let run ahead, and they are all looked at again."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._ahead = 0.0

    def __call__(self) -> float:
        """Seconds since some instant."""
        return self._seconds() + self._ahead

    def skip(self, seconds: float) -> None:
        """Runs ahead from now on."""
        self._ahead += seconds


def format_instant(instant: datetime) -> str:
    """An instant as RFC 3339 with milliseconds and `Z`: as text it sorts as time does.

    Raises:
        ValueError: the instant has no time zone.

    >>> format_instant(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    '2026-11-21T09:30:00.000Z'
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """Reads what `format_instant` wrote, and any RFC 3339 instant.

    Raises:
        ValueError: not an instant, or one without a time zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a time zone: {text!r}")
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def desk_instant(given: datetime) -> datetime:
    """An instant as the desk keeps it: UTC, cut to milliseconds.

    Raises:
        ValueError: it has no time zone, or is outside of what can be told in UTC.
    """
    if given.tzinfo is None:
        raise ValueError("an instant without a time zone")
    try:
        instant = given.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("an instant that cannot be told in UTC") from error
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def seconds(count: int) -> timedelta:
    """A length of time in seconds."""
    return timedelta(seconds=count)
