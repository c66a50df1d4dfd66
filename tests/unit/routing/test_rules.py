"""Who gets a ticket, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.model import General
from helpdesk.people.model import Agent
from helpdesk.routing.rules import choose_agent, choose_group
from helpdesk.tickets.model import Reason, Ticket
from tests.support.desks import DESK, RULES, a_desk, agent
from tests.support.lives import Life

NOBODY_FULL: frozenset[str] = frozenset()


def a_ticket(**changes: object) -> Ticket:
    return Life(RULES).open(**changes).stands


@pytest.mark.parametrize(
    ("category", "mailbox", "group", "reason"),
    [
        ("billing", "support", "billing", Reason("group_by_category", {"category": "billing"})),
        ("other", "billing", "billing", Reason("group_by_mailbox", {"mailbox": "billing"})),
        ("internal", "billing", "billing", Reason("group_by_mailbox", {"mailbox": "billing"})),
        (None, "support", "support", Reason("group_by_mailbox", {"mailbox": "support"})),
        ("gone", "gone", "support", Reason("group_by_default")),
        (None, None, "support", Reason("group_by_default")),
    ],
)
def test_the_group_follows_from_category_then_mailbox_then_the_default(
    category: str | None, mailbox: str | None, group: str, reason: Reason
) -> None:
    assert choose_group(a_ticket(category=category, mailbox_id=mailbox), DESK) == (group, reason)


def test_the_group_of_who_asks_goes_before_the_mailboxs_and_behind_what_the_ticket_is_about() -> None:
    def chosen(category: str | None, theirs: str) -> str | None:
        ticket = a_ticket(category=category, mailbox_id="support", organization_id="acme")
        return choose_group(ticket, DESK, None, theirs)[0]

    assert chosen(None, "billing") == "billing"
    assert chosen(None, "gone") == "support"
    assert chosen("billing", "support") == "billing"


def test_a_desk_whose_default_group_is_gone_has_no_group_for_a_ticket_and_says_so() -> None:
    desk = a_desk(general=General(default_group="gone"))
    assert choose_group(a_ticket(), desk) == (None, Reason("no_group"))


def test_the_least_busy_is_told_by_the_share_of_what_they_can_carry() -> None:
    mina, jun = agent("mina", capacity=2), agent("jun", capacity=10)
    assert choose_agent([mina, jun], {"mina": 1, "jun": 4}, NOBODY_FULL) == (
        jun,
        Reason("least_busy", {"open": 4, "among": 2}),
    )


def test_equal_shares_go_to_who_has_fewer_and_then_to_the_smaller_id() -> None:
    small, large = agent("zoe", capacity=2), agent("adam", capacity=4)
    assert choose_agent([large, small], {"zoe": 1, "adam": 2}, NOBODY_FULL)[0] is small
    assert choose_agent([agent("b"), agent("a")], {}, NOBODY_FULL)[0] == agent("a")


def test_who_is_away_is_not_asked() -> None:
    away, here = replace(agent("a"), available=False), agent("b")
    assert choose_agent([away, here], {"b": 19}, NOBODY_FULL) == (here, Reason("least_busy", {"open": 19, "among": 1}))
    assert choose_agent([away], {}, NOBODY_FULL) == (None, Reason("nobody_available"))
    assert choose_agent([], {}, NOBODY_FULL) == (None, Reason("nobody_available"))


def test_who_is_full_or_was_full_a_moment_ago_is_not_asked() -> None:
    one, other = agent("a", capacity=2), agent("b", capacity=2)
    assert choose_agent([one, other], {"a": 2}, NOBODY_FULL)[0] is other
    assert choose_agent([one, other], {}, frozenset({"a"}))[0] is other
    assert choose_agent([one, other], {"b": 3}, frozenset({"a"})) == (None, Reason("everybody_full", {"agents": 2}))


def test_somebody_who_takes_no_tickets_at_all_is_full() -> None:
    assert choose_agent([agent("a", capacity=0)], {}, NOBODY_FULL) == (None, Reason("everybody_full", {"agents": 1}))


agents = st.lists(
    st.builds(
        lambda n, capacity, here: agent(f"a{n}", capacity=capacity, available=here),
        st.integers(0, 6),
        st.integers(0, 5),
        st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
)
loads = st.dictionaries(st.integers(0, 6).map(lambda n: f"a{n}"), st.integers(0, 6))


@given(agents, loads)
def test_the_choice_does_not_depend_on_the_order_of_members_and_nobody_is_less_busy(
    members: list[Agent], open_tickets: dict[str, int]
) -> None:
    chosen, reason = choose_agent(members, open_tickets, NOBODY_FULL)
    other_order = sorted(members, key=lambda one: one.id, reverse=True)
    assert choose_agent(other_order, open_tickets, NOBODY_FULL) == (chosen, reason)
    able = [one for one in members if one.available and open_tickets.get(one.id, 0) < one.capacity]
    if chosen is None:
        assert not able
    else:
        share = open_tickets.get(chosen.id, 0) / chosen.capacity
        assert all(share <= open_tickets.get(one.id, 0) / one.capacity for one in able)
