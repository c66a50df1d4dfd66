"""The demo desk's last month is a true past: the same each time, over, and such as the desk's own policies would have made it."""

from datetime import UTC, datetime
from functools import cache

from helpdesk.desk.rules import rules_of
from helpdesk.sla.compliance import Period, compare
from helpdesk.sla.model import AppliedSla, Metric
from helpdesk.sla.replay import Promise, verify
from helpdesk.tickets import chain
from local.demo_desk import demo_desk
from local.demo_past import DAYS, TICKETS, Past, lives

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RULES = rules_of(demo_desk())


@cache
def past() -> list[Past]:
    """The month, made by the first test that looks at it and not by whoever lists the tests."""
    return list(lives(RULES, NOW, 1001))


def _promise(applied: AppliedSla) -> Promise:
    return RULES.policies[0], RULES.calendar_of(applied)


def test_it_is_the_same_each_time() -> None:
    again = list(lives(RULES, NOW, 1001))
    assert [one.ticket for one in again] == [one.ticket for one in past()]
    assert [one.events for one in again] == [one.events for one in past()]


def test_it_is_a_month_of_some_size_and_all_of_it_is_over() -> None:
    assert TICKETS * 0.9 <= len(past()) <= TICKETS
    assert len({one.ticket.number for one in past()}) == len(past())
    assert all(one.ticket.done for one in past())
    assert all(0 < (NOW - one.ticket.created_at).days <= DAYS for one in past())


def test_its_histories_hold_together() -> None:
    for one in past():
        assert chain.verify(one.events, one.ticket.chain) is None


def test_every_warning_and_breach_of_it_is_what_the_policy_says() -> None:
    for one in past():
        assert verify(one.events, _promise, NOW) == ()


def test_some_promises_were_kept_and_some_were_not() -> None:
    found = compare((one.events for one in past()), RULES, RULES, Period(past()[0].ticket.created_at, NOW))
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        tally = next(tally for key, tally in found.old.by_key.items() if key[0] is metric and key[1] == "all")
        assert tally.met > tally.breached > 0
    assert found.changes == []
