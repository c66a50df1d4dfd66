"""Lists of tickets: each is what filtering all tickets gives, in its order, each ticket once, whatever the page's size."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.ids import new_id
from helpdesk.tickets.commands import AddParticipant, ChangeRequester, ChangeTicket, Command, RemoveParticipant
from helpdesk.tickets.model import Participant, Priority, Status
from helpdesk.tickets.service import NOTHING
from helpdesk.tickets.store import ticket_item
from helpdesk.tickets.views import TicketQuery, TicketRow, summarize
from tests.contract.conftest import Stores, on_aws
from tests.fakes.tickets import listed_in, urgency
from tests.support.desks import RULES
from tests.support.lives import MINA, REQUESTER, Life, opening
from tests.support.lives import MONDAY_TEN_IN_SEOUL as NOW

SUBJECTS = ("Invoice 4711", "배송이 늦어요", "請求書", "Straße falsch")


@dataclass(frozen=True)
class Filled:
    """Stores with tickets in them."""

    stores: Stores
    lives: list[Life]

    def matching(self, query: TicketQuery) -> set[TicketRow]:
        return {row for life in self.lives if query.matches(row := summarize(life.stands))}


def filled(stores: Stores, count: int = 16) -> Filled:
    """A desk's tickets in all states; the same ones each time."""
    dice = random.Random(4711)
    lives = []
    for number in range(1001, 1001 + count):
        life = Life(RULES)
        life.now += timedelta(minutes=number)
        command = opening(
            new_id(life.now),
            number=number,
            requester_id=dice.choice(["p1", "p2"]),
            subject=dice.choice(SUBJECTS),
            priority=dice.choice(list(Priority)),
            organization_id=dice.choice([None, "o1"]),
        )
        decision = life.do(command, REQUESTER)
        stores.tickets.commit(None, decision, NOTHING)
        change = ChangeTicket(
            status=dice.choice([Status.NEW, Status.OPEN, Status.PENDING, Status.SOLVED, Status.CLOSED]),
            group=dice.choice(["support", "billing", None]),
            assignee=dice.choice(["mina", "jun", None, None]),
            category=dice.choice(["billing", None]),
            tags=dice.choice([(), ("vip",)]),
        )
        before = life.stands
        decision = life.do(change, MINA, after=timedelta(minutes=dice.randint(0, 90)))
        if decision is not None and decision.events:
            stores.tickets.commit(before, decision, NOTHING)
        lives.append(life)
    return Filled(stores, lives)


@pytest.fixture(scope="module")
def desk(shared_stores: Stores) -> Filled:
    return filled(shared_stores)


def listed(desk: Filled, query: TicketQuery, limit: int) -> list[TicketRow]:
    """All pages of a list, one after the other."""
    found: list[TicketRow] = []
    position = None
    for _ in range(len(desk.lives) + 5):
        page = desk.stores.tickets.rows(query, limit=limit, position=position)
        assert len(page.items) <= limit
        found += page.items
        position = page.next_position
        if position is None:
            return found
    raise AssertionError("a list without an end")


queries = st.builds(
    TicketQuery,
    group=st.none() | st.sampled_from(["support", "billing", "none", "gone"]),
    assignee=st.none() | st.sampled_from(["mina", "jun", "none"]),
    statuses=st.frozensets(st.sampled_from(list(Status)), max_size=2)
    | st.just(frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD}))
    | st.just(frozenset({Status.SOLVED, Status.CLOSED})),
    category=st.none() | st.none() | st.just("billing"),
    priority=st.none() | st.none() | st.sampled_from(list(Priority)),
    words=st.sampled_from([(), (), ("invoice",), ("배송",), ("strasse", "vip")]),
    number=st.none() | st.none() | st.none() | st.integers(1000, 1006),
    requester_id=st.none() | st.none() | st.sampled_from(["p1", "p2", "p3"]),
)


@settings(max_examples=35, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(query=queries, limit=st.sampled_from([1, 3, 4, 100]))
def test_a_list_is_all_tickets_filtered_each_once(desk: Filled, query: TicketQuery, limit: int) -> None:
    found = listed(desk, query, limit)
    assert len(found) == len(set(found))
    assert set(found) == desk.matching(query)


@pytest.mark.parametrize(
    "query",
    [
        TicketQuery(statuses=frozenset({Status.NEW, Status.OPEN, Status.PENDING})),
        TicketQuery(group="support", statuses=frozenset({Status.NEW, Status.OPEN})),
        TicketQuery(assignee="none", statuses=frozenset({Status.OPEN})),
    ],
    ids=["all", "group", "nobody's"],
)
def test_open_tickets_come_most_urgent_first(desk: Filled, query: TicketQuery) -> None:
    by_id = {life.stands.id: life.stands for life in desk.lives}
    found = [by_id[row.id] for row in listed(desk, query, 4)]
    assert len(found) > 1
    assert found == sorted(found, key=urgency)


def test_a_requesters_tickets_come_newest_first(desk: Filled) -> None:
    found = [row.id for row in listed(desk, TicketQuery(requester_id="p1"), 4)]
    assert found == sorted(found, reverse=True)


def test_somebodys_list_has_what_they_take_part_in_now_each_once_newest_first(stores: Stores) -> None:
    """Whoever was merged into them took part for them; who was let go, or asks no more, has lost the ticket."""
    lives = filled(stores, 9).lives
    for place, life in enumerate(lives):
        wishes: tuple[Command, ...] = (
            AddParticipant(Participant("guest", "g@example.com", None)),
            AddParticipant(Participant("alias", "a@example.com", None)),
        )
        if place % 3 == 1:
            wishes = (wishes[0], ChangeRequester(wishes[0].participant, None, keep_former=place > 3))
        elif place % 3 == 2:
            wishes = (*wishes, RemoveParticipant("guest"), *((RemoveParticipant("alias"),) if place > 3 else ()))
        for wish in wishes if life.stands.status is not Status.CLOSED else ():
            before, decision = life.stands, life.do(wish, MINA)
            if decision is not None and decision.events:
                stores.tickets.commit(before, decision, NOTHING)
            stores.count(life.stands.id)
    query = TicketQuery(requester_id="guest", aliases=("alias",), taking_part=True)
    theirs = {life.stands.id for life in lives if listed_in(query, life.stands)}
    assert 3 < len(theirs) < sum(life.stands.status is not Status.CLOSED for life in lives)
    for limit in (1, 2, 50):
        assert [row.id for row in listed(Filled(stores, lives), query, limit)] == sorted(theirs, reverse=True)
    done = replace(query, statuses=frozenset({Status.SOLVED}))
    assert {row.id for row in listed(Filled(stores, lives), done, 2)} == {
        life.stands.id for life in lives if life.stands.id in theirs and life.stands.status is Status.SOLVED
    }
    asked = {row.requester_id for row in listed(Filled(stores, lives), replace(query, taking_part=False), 2)}
    assert asked == {"guest"}


def test_a_ticket_that_moves_on_leaves_its_old_lists(stores: Stores) -> None:
    desk = filled(stores, 1)
    life = desk.lives[0]
    before = life.stands
    decision = life.change(status=Status.SOLVED if not before.done else Status.OPEN, group="billing", assignee="jun")
    if decision is None:
        raise AssertionError("the first ticket is not a closed one")
    stores.tickets.commit(before, decision, NOTHING)
    for query in (
        TicketQuery(),
        TicketQuery(group="billing"),
        TicketQuery(assignee="jun"),
        TicketQuery(group=before.group or "none"),
        TicketQuery(assignee=before.assignee or "none"),
        TicketQuery(statuses=frozenset({before.status})),
    ):
        assert set(listed(desk, query, 5)) == desk.matching(query)


def test_a_cursor_of_another_list_is_refused_and_not_an_accident() -> None:
    with on_aws() as stores:
        desk = filled(stores, 6)
        page = desk.stores.tickets.rows(TicketQuery(requester_id="p1"), limit=1, position=None)
        assert page.next_position is not None
        for query in (TicketQuery(requester_id="p2"), TicketQuery(group="support"), TicketQuery(number=1001)):
            with pytest.raises(Invalid):
                desk.stores.tickets.rows(query, limit=1, position=page.next_position)


def test_a_list_that_hardly_anything_matches_looks_at_a_bounded_number_of_rows_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("helpdesk.tickets.store.ROWS_READ_AT_MOST", 20)
    with on_aws() as stores:
        desk = filled(stores, 1)
        plain = desk.lives[0].stands
        for number in range(30):  # one look at the index reads 25
            ticket = replace(plain, id=new_id(NOW), number=number, category="rare" if number == 3 else None)
            ticket_item(ticket).save()
        page = desk.stores.tickets.rows(TicketQuery(category="gone"), limit=5, position=None)
        assert page.items == ()
        assert page.next_position is not None
        assert [row.number for row in listed(desk, TicketQuery(category="rare"), 5)] == [3]


@pytest.mark.parametrize("limit", [2, 100])
def test_tickets_solved_in_a_month_come_newest_first_each_once(desk: Filled, limit: int) -> None:
    found: list[str] = []
    position = None
    while True:
        page = desk.stores.tickets.solved_in("2026-11", limit=limit, position=position)
        found += [row.id for row in page.items]
        position = page.next_position
        if position is None:
            break
    done = [life.stands for life in desk.lives if life.stands.solved_at is not None]
    wanted = [one.id for one in sorted(done, key=lambda one: (one.solved_at, one.id), reverse=True)]
    assert found == wanted
    assert len(found) > 2
    assert desk.stores.tickets.solved_in("2026-10", limit=limit, position=None).items == ()
