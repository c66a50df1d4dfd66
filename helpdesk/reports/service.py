"""Keeps the figures of promises as events come, in any order and as often as they like; and adds them up."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpdesk.kernel.errors import FieldError, Invalid, StaleVersion
from helpdesk.reports.model import By, Counted, Line, Sums
from helpdesk.reports.rules import NOTHING, counted, difference, summed
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event

LONGEST_DAYS: Final = 366
_TRIES: Final = 4


class Buckets(Protocol):
    """Where the figures are kept."""

    def counted(self, ticket_id: str) -> Counted | None:
        """What of a ticket is in the buckets."""
        ...

    def count(self, ticket_id: str, before: Counted | None, after: Counted, added: Sequence[Line]) -> None:
        """Adds to the buckets and remembers it, all or nothing.

        Raises:
            StaleVersion: of the ticket something else is in the buckets than `before`.
            Unavailable: contention; nothing was written.
        """
        ...

    def lines(self, since: date, until: date) -> Iterable[Line]:
        """The buckets from one day to another, both included."""
        ...


class PromiseReports:
    """Reports of promises.

    Args:
        buckets: the figures.
        history: gives a ticket's events, in order.
        rules: gives policies and calendars.
        zone: gives the desk's time zone: figures count on its days. What was counted on another's days before it was changed
            stays until something happens to its ticket.
    """

    def __init__(
        self,
        buckets: Buckets,
        history: Callable[[str], Sequence[Event]],
        rules: Callable[[], DeskRules],
        zone: Callable[[], ZoneInfo],
    ) -> None:
        self._buckets, self._history, self._rules = buckets, history, rules
        self.zone = zone

    def handle(self, event: Event) -> None:
        """Counts what became of a ticket's promises, if that is not counted yet.

        Several events of a ticket come at once, and each looks at all of its history: who finds that another was first
        looks again, and mostly sees that nothing is left to count.

        Raises:
            StaleVersion: others were first each time.
        """
        for tries_left in reversed(range(_TRIES)):
            before = self._buckets.counted(event.ticket_id)
            if before is not None and before.seq >= event.seq:
                return
            events = self._history(event.ticket_id)
            if not events:
                return
            after = counted(events, self._rules(), self.zone())
            try:
                self._buckets.count(event.ticket_id, before, after, difference(before or NOTHING, after))
            except StaleVersion:
                if not tries_left:
                    raise
            else:
                return

    def report(self, since: date, until: date, by: By) -> dict[tuple[str, str], Sums]:
        """How promises that were decided from one day to another were kept.

        Raises:
            Invalid: the days are the wrong way round or too far apart.
        """
        if until < since or until - since >= timedelta(days=LONGEST_DAYS):
            message = f"must lie 0 to {LONGEST_DAYS - 1} days after `from`"
            raise Invalid("Some fields are not valid.", [FieldError("/to", message)])
        return summed(self._buckets.lines(since, until), by)
