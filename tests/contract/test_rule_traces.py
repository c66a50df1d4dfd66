"""What the store of rules' doing promises: a trace is written once, the newest come first, acts are counted."""

from datetime import timedelta

import pytest

from helpdesk.automation.model import Happening, Hits, Outcome, Trace, Verdict
from helpdesk.contracts.table import rule_hits_key
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.ids import new_id
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import Count, Extras
from tests.contract.conftest import Stores
from tests.support.desks import RULES
from tests.support.lives import MONDAY_TEN_IN_SEOUL as NOW
from tests.support.lives import REQUESTER, opening

TICKET, OTHER = new_id(NOW), new_id(NOW)
LATER = NOW + timedelta(days=30)


def a_trace(minute: int, outcome: Outcome = Outcome.ACTED) -> Trace:
    at = NOW + timedelta(minutes=minute)
    verdict = Verdict("r", outcome, where="/all/0", field="priority", problem="machine", replied=True, version=3)
    return Trace(new_id(at), at, (Happening.OPENED, Happening.CHANGED), (verdict,))


def test_a_trace_is_read_as_it_was_kept_and_is_kept_once(stores: Stores) -> None:
    first = a_trace(0)
    stores.traces.keep(TICKET, first, LATER)
    again = Trace(first.event_id, first.at, first.on, a_trace(0, Outcome.NOTHING).verdicts)
    stores.traces.keep(TICKET, again, LATER)
    assert stores.traces.recent(TICKET, limit=5) == (first,)
    assert stores.traces.recent(OTHER, limit=5) == ()


def test_traces_come_newest_first_page_by_page_and_none_twice(stores: Stores) -> None:
    kept = [a_trace(minute) for minute in range(5)]
    for one in [*kept[2:], *kept[:2]]:
        stores.traces.keep(TICKET, one, LATER)
    stores.traces.keep(OTHER, a_trace(9), LATER)
    assert stores.traces.recent(TICKET, limit=2) == (kept[4], kept[3])
    found, position = [], None
    for _ in range(4):
        page = stores.traces.page(TICKET, limit=2, position=position)
        found += page.items
        position = page.next_position
        if position is None:
            break
    assert found == kept[::-1]


def test_acts_are_counted_with_their_last_hour(stores: Stores) -> None:
    assert stores.traces.hits() == {}
    times = [NOW + timedelta(minutes=minute) for minute in range(3)]
    ids = [new_id(at) for at in times]
    for ticket_id, at in zip(ids, times, strict=True):
        decision = decide(None, opening(ticket_id), RULES, actor=REQUESTER, now=at)
        both = (Count(rule_hits_key("r", ticket_id), at), Count(rule_hits_key("s", ticket_id), at))
        stores.tickets.commit(None, decision, Extras(counts=both[: 1 + (at == NOW)]))
    again = decide(None, opening(ids[0]), RULES, actor=REQUESTER, now=NOW)
    with pytest.raises(StaleVersion):  # what was not written is not counted
        stores.tickets.commit(None, again, Extras(counts=(Count(rule_hits_key("r", ids[0]), NOW),)))
    assert stores.traces.hits() == {"r": Hits(3, times[2]), "s": Hits(1, NOW)}


def test_the_clock_goes_on_where_it_was_or_begins_anew(stores: Stores) -> None:
    assert stores.traces.place() is None
    stores.traces.keep_place({"pk": "a", "sk": "b"})
    assert stores.traces.place() == {"pk": "a", "sk": "b"}
    stores.traces.keep_place(None)
    assert stores.traces.place() is None
