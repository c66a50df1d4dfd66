"""Two running desks for all end-to-end tests.

One has the demo's people and past, and browsers are mostly there (DESK_URL and SMTP_PORT give another); the other is bare, for
what works a desk hard, or makes of one what nobody else could work with. Of two processes (`-n 2`) each has one, so the tests at a desk run one
after another, as they stand in their files.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.e2e.desk import DeskProcess, RunningDesk

expect.set_options(timeout=30_000)
"""What comes, comes within this also where a machine has much else to do."""
_HERE = Path(__file__).parent
_AT_BARE_DESK = {
    "test_api_as_described",
    "test_bulk_actions",
    "test_every_mail_is_accounted_for",
    "test_stop_and_start",
    "test_two_agents_at_once",
}
_AT_NO_DESK = {"test_eight_routers_at_once", "test_the_pages_for_everyone"}


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk with the demo's people and past."""
    if os.environ.get("DESK_URL"):
        yield RunningDesk(os.environ["DESK_URL"], int(os.environ.get("SMTP_PORT", "2525")))
    else:
        yield from _running(tmp_path_factory.mktemp("demo"), demo=True)


@pytest.fixture(scope="session")
def bare_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """A desk with nothing but its first people."""
    yield from _running(tmp_path_factory.mktemp("bare"), demo=False)


def _running(data: Path, *, demo: bool) -> Iterator[DeskProcess]:
    started = DeskProcess(data, demo=demo)
    started.start()
    yield started
    if started.process is not None:
        assert started.stop() == 0, started.log()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps what spoils a desk for the end."""
    items.sort(key=lambda item: item.get_closest_marker("spoils") is not None)
    for item in items:
        if item.path.is_relative_to(_HERE):
            used = {"desk", "bare_desk"} & set(getattr(item, "fixturenames", ()))
            assert used <= {_desk_of(item.path.stem)}, f"{item.nodeid} works at another desk than its file"


def _desk_of(stem: str) -> str:
    """The desk of a file, or the file alone where it needs none."""
    return "bare_desk" if stem in _AT_BARE_DESK else stem if stem in _AT_NO_DESK else "desk"


class _ByDesk(LoadScopeScheduling):
    """Gives a process all tests of a desk. xdist's own groups are lost on pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        return _desk_of(Path(nodeid.split("::", maxsplit=1)[0]).stem)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Tells xdist who runs what."""
    return _ByDesk(config, log)
