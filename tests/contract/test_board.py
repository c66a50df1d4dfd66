"""What the board is kept current by, in memory and on AWS: the feed of changes, and checkpoints."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from benchmarks.sweeps import opened_at
from helpdesk.contracts.table import change_of, change_sort
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.ids import derived_id
from helpdesk.platform.table import bind_table
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.store import ticket_item
from helpdesk.tickets.views import summarize
from helpdesk.views.model import Checkpoints, Feed
from helpdesk.views.store import DynamoFeed, S3Checkpoints
from tests.fakes.views import FakeCheckpoints, FakeTickets
from tests.support.conditions import NOW
from tests.support.table import create_table

BUCKET = "bucket"


@dataclass
class Place:
    """Where tickets are written, what tells of them, and where the board is kept."""

    write: Callable[[Ticket], object]
    feed: Feed
    checkpoints: Checkpoints


@pytest.fixture(params=["memory", "aws"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "memory":
        tickets = FakeTickets()
        yield Place(lambda ticket: tickets.put(summarize(ticket)), tickets, FakeCheckpoints())
        return
    with mock_aws():
        create_table("table")
        bind_table("table")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        yield Place(lambda ticket: ticket_item(ticket).save(), DynamoFeed(), S3Checkpoints(lambda: s3, BUCKET))


def a_ticket(number: int, minutes: int, version: int = 1) -> Ticket:
    at = NOW + timedelta(minutes=minutes)
    return replace(
        opened_at(NOW), id=derived_id(NOW, "board", str(number)), number=number, version=version, updated_at=at
    )


def test_each_ticket_is_told_once_with_its_newest_version_the_oldest_change_first(place: Place) -> None:
    for number, minutes in ((1, 5), (2, 1), (3, 3)):
        place.write(a_ticket(number, minutes))
    place.write(a_ticket(2, 9, version=4))
    told = [(one.ticket_id, one.version, one.at) for one in place.feed.since("")]
    expected = [a_ticket(3, 3), a_ticket(1, 5), a_ticket(2, 9, version=4)]
    assert told == [(one.id, one.version, format_instant(one.updated_at)) for one in expected]
    assert [one.version for one in place.feed.since(format_instant(NOW + timedelta(minutes=6)))] == [4]
    assert len([*place.feed.since(format_instant(NOW + timedelta(minutes=5)))]) == 2  # the instant itself is in it
    assert [*place.feed.since(format_instant(NOW + timedelta(minutes=10)))] == []


def test_a_checkpoint_is_read_as_it_was_written_last_and_its_texts_only_with_it(place: Place) -> None:
    kept = place.checkpoints
    assert kept.read("open") is None
    assert kept.read_texts("open", "none") is None
    kept.write("open", b"columns", b"texts")
    kept.write("done", b"", b"")
    first = kept.read("open")
    assert first is not None
    assert first.columns == b"columns"
    assert kept.read_texts("open", first.stamp) == b"texts"
    kept.write("open", b"other columns", b"other texts")
    assert kept.read_texts("open", first.stamp) is None
    second = kept.read("open")
    assert second is not None
    assert (second.columns, kept.read_texts("open", second.stamp)) == (b"other columns", b"other texts")
    empty = kept.read("done")
    assert empty is not None
    assert empty.columns == b""


def test_an_entry_of_the_feed_that_was_written_without_a_version_can_be_read() -> None:
    at = format_instant(NOW)
    assert change_of(change_sort(at, "T1", 12)) == (at, "T1", 12)
    assert change_of(f"{at}#T1") == (at, "T1", 0)
