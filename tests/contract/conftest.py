"""Each test of this folder runs twice: on the twins in memory, and on the stores over DynamoDB and S3."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from helpdesk.automation.store import DynamoTraceStore
from helpdesk.bulk.store import DynamoBulkStore
from helpdesk.channels.store import S3FileStore
from helpdesk.contracts.topology import INBOUND_PREFIX, UPLOADS_PREFIX
from helpdesk.desk.store import DynamoDeskStore
from helpdesk.mail.store import DynamoLedger, S3RawMails
from helpdesk.people.organization_store import DynamoOrganizationStore
from helpdesk.people.overview import Counting
from helpdesk.people.store import DynamoPeopleStore
from helpdesk.people.tally_store import DynamoGlanceStore
from helpdesk.platform.limits import DynamoRateLimiter
from helpdesk.platform.table import bind_table
from helpdesk.tickets.store import DynamoTicketStore
from tests.fakes.automation import FakeTraces
from tests.fakes.bulk import FakeBulk
from tests.fakes.desk import FakeDeskStore
from tests.fakes.files import FakeFiles
from tests.fakes.limits import FakeLimiter
from tests.fakes.mail import FakeLedger, FakeRawMails
from tests.fakes.people import FakePeople
from tests.fakes.tickets import FakeTickets
from tests.support.table import create_table

BUCKET = "bucket"


@dataclass(frozen=True)
class Stores:
    """All stores of one kind."""

    tickets: Any
    people: Any
    desk: Any
    ledger: Any
    limiter: Any
    raw_mails: Any
    files: Any
    bulk: Any
    organizations: Any
    traces: Any

    def upload(self, upload_id: str, content: bytes) -> None:
        """Somebody's browser sends a file."""
        if isinstance(self.files, FakeFiles):
            self.files.uploaded[upload_id] = content
        else:
            boto3.client("s3").put_object(Bucket=BUCKET, Key=UPLOADS_PREFIX + upload_id, Body=content)

    def arrive(self, mail_id: str, raw: bytes) -> None:
        """A mail is stored."""
        if isinstance(self.raw_mails, FakeRawMails):
            self.raw_mails.raw[mail_id] = raw
        else:
            boto3.client("s3").put_object(Bucket=BUCKET, Key=INBOUND_PREFIX + mail_id, Body=raw)

    def count(self, ticket_id: str) -> None:
        """What follows of a ticket's events reaches the table: who is in it is noted. The twins need no notes."""
        if not isinstance(self.tickets, FakeTickets):
            Counting(DynamoGlanceStore(), self.tickets.get, lambda _: None).count(ticket_id)

    def content(self, object_key: str) -> bytes:
        """What lies in the files bucket."""
        if isinstance(self.files, FakeFiles):
            return self.files.stored[object_key]
        return boto3.client("s3").get_object(Bucket=BUCKET, Key=object_key)["Body"].read()


@contextmanager
def in_memory() -> Iterator[Stores]:
    """The twins."""
    people = FakePeople()
    tickets = FakeTickets(people)
    yield Stores(
        tickets,
        people,
        FakeDeskStore(),
        FakeLedger(),
        FakeLimiter(),
        FakeRawMails(),
        FakeFiles(),
        FakeBulk(tickets),
        people,
        FakeTraces(tickets),
    )


@contextmanager
def on_aws() -> Iterator[Stores]:
    """The stores on a fresh table and bucket."""
    with mock_aws():
        create_table("table")
        bind_table("table")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        yield Stores(
            DynamoTicketStore(lambda: s3, BUCKET),
            DynamoPeopleStore(),
            DynamoDeskStore(),
            DynamoLedger(),
            DynamoRateLimiter(),
            S3RawMails(s3, BUCKET),
            S3FileStore(s3, BUCKET),
            DynamoBulkStore(),
            DynamoOrganizationStore(),
            DynamoTraceStore(),
        )


KINDS = {"memory": in_memory, "dynamodb": on_aws}


@pytest.fixture(params=sorted(KINDS))
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Fresh stores."""
    with KINDS[request.param]() as made:
        yield made


@pytest.fixture(params=sorted(KINDS), scope="module")
def shared_stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Stores that all tests of a module fill once and read."""
    with KINDS[request.param]() as made:
        yield made
