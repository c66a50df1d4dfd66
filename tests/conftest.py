"""What all tests share: dummy credentials, a table under moto, and a clock that stands until it is told."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_SESSION_TOKEN="testing",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_REGION="us-east-1",
    POWERTOOLS_SERVICE_NAME="helpdesk-tests",
    POWERTOOLS_METRICS_NAMESPACE="Helpdesk",
)
for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"):
    os.environ.pop(name, None)


class StandingClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))  # a Monday, ten in the morning in Seoul
