"""The crowd's tickets are copies of a few lives: each is what the desk's own writers would have written of it."""

import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache

from pynamodb.models import Model

from helpdesk.desk.rules import rules_of
from helpdesk.kernel.codec import from_document
from helpdesk.people.tally import share_of
from helpdesk.platform.table import Item
from helpdesk.search.tickets import texts_of
from helpdesk.tickets import chain
from helpdesk.tickets.chain import event_from_document
from helpdesk.tickets.model import Message
from helpdesk.tickets.store import EventItem, MessageItem, TicketItem, ticket_item, ticket_of
from helpdesk.tickets.views import summarize
from local.crowd import GROUP, askers, colleagues, crowd
from local.demo_desk import AGENTS, demo_desk
from local.restore import Kept, line_of

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TICKETS = 600


@cache
def a_crowd() -> list[Kept]:
    """The crowd, made by the first test that looks at it and not by whoever lists the tests."""
    return list(crowd(rules_of(demo_desk()), NOW, 1001, TICKETS))


def _items[T: Model](kept: Kept, kind: type[T], sort_key: str) -> list[T]:
    found = []
    for line in kept.lines:
        document = json.loads(line)
        if document["sk"]["S"].startswith(sort_key):
            item = kind()
            item.from_dynamodb_dict(document)
            found.append(item)
    return found


def test_every_ticket_is_as_the_store_would_write_it_and_its_history_holds() -> None:
    for kept in a_crowd()[::7]:
        (snapshot,) = _items(kept, TicketItem, "TICKET")
        ticket = ticket_of(snapshot)
        assert json.loads(kept.lines[0]) == json.loads(line_of(ticket_item(ticket)))
        events = [event_from_document(item.event) for item in _items(kept, EventItem, "EVENT#")]
        assert chain.verify(events, ticket.chain) is None
        messages = [from_document(Message, item.message) for item in _items(kept, MessageItem, "MESSAGE#")]
        assert kept.row == summarize(ticket)
        assert kept.share == share_of(ticket)
        assert list(kept.texts) == texts_of(ticket, messages)
        assert {item.pk for item in _items(kept, Item, "")} == {snapshot.pk}


def test_they_are_many_and_of_many_and_most_are_with_those_who_came_with_them() -> None:
    assert [kept.row.number for kept in a_crowd()] == [*range(1001, 1001 + TICKETS)]
    assert len({kept.row.id for kept in a_crowd()}) == TICKETS
    people = {person.id for some in askers(NOW, 1001, TICKETS).values() for person in some}
    assert {kept.row.requester_id for kept in a_crowd()} <= people
    by = Counter(kept.row.assignee for kept in a_crowd())
    own = sum(by[agent.id] for agent in AGENTS)
    assert sum(by[colleague.id] for colleague in colleagues()) + own + by[None] == TICKETS
    assert 0 < own < TICKETS / 10
    assert all(kept.row.group == GROUP.id for kept in a_crowd() if kept.row.assignee is None)


def test_nothing_of_them_happened_just_now() -> None:
    """The feed of changes would tell every page of it."""
    assert sum((NOW - kept.row.updated_at).total_seconds() < 600 for kept in a_crowd()) < TICKETS / 20
