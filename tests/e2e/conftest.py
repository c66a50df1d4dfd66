"""One running desk for all end-to-end tests, or the one whose address DESK_URL and SMTP_PORT give."""

import os
from collections.abc import Iterator

import pytest

from tests.e2e.desk import DeskProcess, RunningDesk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    if os.environ.get("DESK_URL"):
        yield RunningDesk(os.environ["DESK_URL"], int(os.environ.get("SMTP_PORT", "2525")))
        return
    started = DeskProcess(tmp_path_factory.mktemp("desk"), demo=True)
    started.start()
    yield started
    if started.process is not None:
        assert started.stop() == 0, started.log()
