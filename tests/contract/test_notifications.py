"""What the list of what agents are told promises, wherever it is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from moto import mock_aws

from helpdesk.kernel.ids import derived_id
from helpdesk.notifications.model import Notification, NotificationKind, Preferences
from helpdesk.notifications.service import NotificationStore
from helpdesk.notifications.store import DynamoNotificationStore
from helpdesk.platform.table import bind_table
from tests.fakes.mail_out import FakeNotifications
from tests.support.lives import MINA
from tests.support.lives import MONDAY_TEN_IN_SEOUL as NOW
from tests.support.table import create_table


@pytest.fixture(params=["dynamodb", "memory"])
def store(request: pytest.FixtureRequest) -> Iterator[NotificationStore]:
    if request.param == "memory":
        yield FakeNotifications()
        return
    with mock_aws():
        create_table("table")
        bind_table("table")
        yield DynamoNotificationStore()


def told(number: int, agent: str = "jun") -> Notification:
    at = NOW + timedelta(minutes=number)
    kind = NotificationKind.MENTIONED
    return Notification(derived_id(at, str(number)), agent, kind, at, "t1", 1001, "Invoice 4711", MINA, "m1")


def test_what_was_told_is_listed_newest_first_by_pages_for_one_agent(store: NotificationStore) -> None:
    made = [told(number) for number in range(5)]
    assert all(store.add(one) for one in (*made, told(9, "sora")))
    first = store.page("jun", limit=2, position=None)
    rest = store.page("jun", limit=9, position=first.next_position)
    assert [*first.items, *rest.items] == made[::-1]
    assert rest.next_position is None


def test_what_was_told_again_is_kept_as_it_is(store: NotificationStore) -> None:
    store.add(told(1))
    store.mark("jun", [told(1).id], NOW + timedelta(hours=1))
    assert store.add(told(1)) is False
    (kept,) = store.page("jun", limit=9, position=None).items
    assert kept == replace(told(1), read_at=NOW + timedelta(hours=1))


def test_marking_reads_what_is_there_once_and_nothing_of_others(store: NotificationStore) -> None:
    store.add(told(1))
    store.add(told(1, "sora"))
    for hours in (1, 2):
        store.mark("jun", [told(1).id, told(2).id], NOW + timedelta(hours=hours))
    (mine,) = store.page("jun", limit=9, position=None).items
    (other,) = store.page("sora", limit=9, position=None).items
    assert (mine.read_at, other.read_at) == (NOW + timedelta(hours=1), None)


def test_many_are_marked_at_once(store: NotificationStore) -> None:
    made = [told(number) for number in range(60)]
    for one in made:
        store.add(one)
    store.mark("jun", [one.id for one in made], NOW)
    assert all(one.read_at == NOW for one in store.page("jun", limit=100, position=None).items)


def test_preferences_are_each_agents_own(store: NotificationStore) -> None:
    likes = Preferences({"mentioned": False}, {"due": True})
    store.prefer("jun", likes)
    store.prefer("sora", Preferences())
    found = store.preferences(["jun", "sora", "ada"])
    assert found["jun"] == likes
    assert found.get("sora", Preferences()) == Preferences()
    assert "ada" not in found
    assert dict(store.preferences([])) == {}
