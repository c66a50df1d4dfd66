"""How often somebody did something in a window of time: one counter an hour, a minute, a person."""

from datetime import datetime

from helpdesk.contracts import table as keys
from helpdesk.platform.table import CounterItem, Item, table_errors


class DynamoRateLimiter:
    """Counts in fixed windows. A counter forgets itself two windows later."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window.

        Args:
            scope: what is counted.
            who: an address, an IP; stored hashed.
            window_seconds: length of a window.
            now: the instant.
        """
        window = int(now.timestamp()) // window_seconds
        item = CounterItem(*Item.at(keys.rate_key(scope, who, f"{window_seconds}-{window}")))
        expires = (window + 2) * window_seconds
        with table_errors():
            item.update(actions=[CounterItem.tally.add(1), CounterItem.expires_at.set(expires)])
        return int(item.tally)
