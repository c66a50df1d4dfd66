"""Counted calls in memory: the twin of `platform.limits`."""

from collections import Counter
from datetime import datetime


class FakeLimiter:
    """See `channels.service.RateLimiter`."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, int, int]] = Counter()

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window."""
        key = scope, who, window_seconds, int(now.timestamp()) // window_seconds
        self.counts[key] += 1
        return self.counts[key]
