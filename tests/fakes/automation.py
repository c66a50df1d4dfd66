"""The twin of the store of what rules did."""

from collections.abc import Mapping
from datetime import datetime

from helpdesk.automation.model import Hits, Trace
from helpdesk.contracts.table import RULE_HITS_PREFIX
from helpdesk.kernel.pagination import Page
from tests.fakes.tickets import FakeTickets


class FakeTraces:
    """See `automation.service.TraceStore`. Hits are counted with tickets."""

    def __init__(self, tickets: FakeTickets) -> None:
        self._tickets = tickets
        self.kept: dict[str, dict[str, Trace]] = {}
        self._place: dict[str, str] | None = None

    def recent(self, ticket_id: str, *, limit: int) -> tuple[Trace, ...]:
        """The newest traces of a ticket."""
        return self.page(ticket_id, limit=limit, position=None).items

    def page(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Trace]:
        """A page of a ticket's traces, newest first."""
        ids = sorted(self.kept.get(ticket_id, {}), reverse=True)
        left = [one for one in ids if position is None or one < position["sk"]]
        shown = left[:limit]
        further = {"sk": shown[-1]} if len(left) >= limit else None
        return Page(tuple(self.kept[ticket_id][one] for one in shown), further)

    def keep(self, ticket_id: str, trace: Trace, expires_at: datetime) -> None:
        """Keeps a trace, unless there is one."""
        del expires_at
        self.kept.setdefault(ticket_id, {}).setdefault(trace.event_id, trace)

    def hits(self) -> Mapping[str, Hits]:
        """How often rules acted, by id."""
        found: dict[str, Hits] = {}
        for key, (count, at) in self._tickets.counted.items():
            rule_id = key.sk.removeprefix(RULE_HITS_PREFIX).partition("#")[0]
            found[rule_id] = found.get(rule_id, Hits()).beside(Hits(count, at))
        return found

    def place(self) -> dict[str, str] | None:
        """Where the clock's next look goes on."""
        return self._place

    def keep_place(self, position: dict[str, str] | None) -> None:
        """Notes where the clock's next look goes on."""
        self._place = position
