"""The desk's clock: real time, or real time plus an offset that an operator of a sandbox moves."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import system_clock
from helpdesk.platform.table import Item, table_errors


class ClockItem(Item):
    """By how much the desk's clock is ahead of real time."""

    offset_seconds = NumberAttribute(default=0)


class AdjustableClock:
    """A clock whose offset lies in the table. Each function reads it once an invocation (`refresh`).

    Args:
        real: real time.
    """

    def __init__(self, real: Callable[[], datetime] = system_clock) -> None:
        self._real = real
        self._offset = timedelta(0)

    def __call__(self) -> datetime:
        """The desk's time."""
        return self._real() + self._offset

    def refresh(self) -> None:
        """Reads the offset."""
        with table_errors():
            found = list(ClockItem.batch_get([Item.at(keys.clock_key())], consistent_read=True))
        self._offset = timedelta(seconds=float(found[0].offset_seconds)) if found else timedelta(0)

    def advance(self, seconds: float) -> None:
        """Moves the clock ahead for everybody."""
        with table_errors():
            item = ClockItem(*Item.at(keys.clock_key()))
            item.update(actions=[ClockItem.offset_seconds.add(seconds)])
        self._offset = timedelta(seconds=float(item.offset_seconds))
