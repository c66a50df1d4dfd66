"""Lists as one who may not see everything gets them: what they may see of the whole list, each once, at a known price."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.kernel.errors import Invalid
from helpdesk.tickets.model import Status
from helpdesk.tickets.sight import TicketsInSight
from helpdesk.tickets.views import TicketQuery, summarize
from helpdesk.tickets.visibility import EVERYTHING, Scope
from tests.contract.conftest import BUCKET, on_aws
from tests.contract.test_lists import Filled, filled, listed, queries
from tests.fakes.tickets import urgency
from tests.support.wire import AwsCall, Proceed, observing

OPEN = TicketQuery(statuses=frozenset({Status.NEW, Status.OPEN, Status.PENDING}))


@dataclass
class Chosen:
    """Whose eyes are looked through."""

    scope: Scope = EVERYTHING


@dataclass(frozen=True)
class Looked:
    """A desk, and who looks at it."""

    desk: Filled
    eyes: Chosen


@pytest.fixture(scope="module")
def looked() -> Iterator[Looked]:
    with on_aws() as stores:
        eyes = Chosen()
        tickets = TicketsInSight(lambda: boto3.client("s3"), BUCKET, lambda: eyes.scope)
        yield Looked(filled(replace(stores, tickets=tickets), 40), eyes)


scopes = st.builds(
    Scope,
    everything=st.just(value=False),
    groups=st.frozensets(st.sampled_from(["support", "billing", "hr"])),
    agent_id=st.sampled_from(["mina", "jun", "nobody"]),
    unassigned_groupless=st.booleans(),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(scope=scopes, query=queries, limit=st.sampled_from([1, 3, 100]))
def test_a_list_is_what_is_in_sight_of_all_tickets_that_match_each_once(
    looked: Looked, scope: Scope, query: TicketQuery, limit: int
) -> None:
    looked.eyes.scope = scope
    found = listed(looked.desk, query, limit)
    assert len(found) == len(set(found))
    assert set(found) == {row for row in looked.desk.matching(query) if scope.allows(row)}


def test_lists_side_by_side_come_most_urgent_first(looked: Looked) -> None:
    looked.eyes.scope = Scope(everything=False, groups=frozenset({"support", "billing"}), agent_id="mina")
    by_id = {life.stands.id: life.stands for life in looked.desk.lives}
    found = [by_id[row.id] for row in listed(looked.desk, OPEN, 4)]
    assert len(found) > 5
    assert found == sorted(found, key=urgency)


@pytest.mark.parametrize(
    ("scope", "queries_made"),
    [
        (Scope(everything=False, groups=frozenset({"support"}), agent_id="mina"), 2),
        (Scope(everything=False, groups=frozenset({"support", "billing"}), agent_id="mina"), 3),
        (Scope(everything=False, agent_id="mina"), 1),
    ],
    ids=["one group", "two groups", "assigned only"],
)
def test_a_page_costs_a_query_for_each_list_in_sight_whatever_the_desk_holds(
    looked: Looked, scope: Scope, queries_made: int
) -> None:
    looked.eyes.scope = scope
    seen: list[str] = []

    def count(call: AwsCall, proceed: Proceed) -> dict[str, object]:
        seen.append(call.name)
        return proceed()

    with observing(count):
        looked.desk.stores.tickets.rows(OPEN, limit=1, position=None)
    assert seen == ["dynamodb.Query"] * queries_made


def test_a_cursor_of_a_list_of_other_eyes_is_refused(looked: Looked) -> None:
    looked.eyes.scope = EVERYTHING
    page = looked.desk.stores.tickets.rows(OPEN, limit=1, position=None)
    looked.eyes.scope = Scope(everything=False, agent_id="mina")
    with pytest.raises(Invalid):
        looked.desk.stores.tickets.rows(OPEN, limit=1, position=page.next_position)


def test_what_is_out_of_sight_is_answered_like_what_is_not_there(looked: Looked) -> None:
    store = looked.desk.stores.tickets
    looked.eyes.scope = EVERYTHING
    ticket = looked.desk.lives[0].stands
    assert store.get(ticket.id) is not None
    assert store.events(ticket.id, limit=5, position=None).items
    looked.eyes.scope = Scope(everything=False, agent_id="nobody")
    assert store.get(ticket.id) is None
    assert store.get_all([ticket.id]) == {}
    assert store.rows_of([ticket.id]) == {}
    assert store.with_messages(ticket.id, limit=5) is None
    assert store.events(ticket.id, limit=5, position=None).items == ()
    assert summarize(ticket) not in listed(looked.desk, TicketQuery(number=ticket.number), 5)
