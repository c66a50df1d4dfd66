"""Weeks and months as figures are kept by, all in UTC."""

from collections.abc import Iterator
from datetime import datetime, timedelta


def week_of(at: datetime) -> str:
    """The week of an instant, as ISO 8601 counts: `2026-W47`."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02d}"


def week_begins(at: datetime) -> datetime:
    """The Monday's midnight before an instant."""
    return (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def months_back(now: datetime, count: int) -> Iterator[str]:
    """This month and those before it, as `2026-11`."""
    year, month = now.year, now.month
    for _ in range(count):
        yield f"{year}-{month:02d}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
