"""What all tests share: dummy credentials, how long properties are tried, a clock that stands until it is told."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from _pytest import runner
from hypothesis import HealthCheck, settings

# The machine decides how long an example takes, so no deadline. In CI the same examples each time: a red build is a
# change's fault; whoever works on the code gets fresh ones with every run.
settings.register_profile("work", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("work"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "work")

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


def _run(protocol: Callable[..., object], item: pytest.Item, nextitem: pytest.Item | None) -> object:
    return protocol(item=item, nextitem=nextitem)


_run.__code__ = _run.__code__.replace(co_stacksize=24_000)
"""CPython keeps frames in pieces of 16 KB and gives each back to the system as soon as it is empty: a test that happens to
stand at the end of one maps memory at every call, and takes three times as long. A frame that asks for 192 KB gets a piece
of 256, and what is called from it stays within."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Runs each test above a wide frame."""
    return _run(runner.pytest_runtest_protocol, item, nextitem)
