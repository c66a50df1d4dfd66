"""Prints what the desk costs, as tables: `python -m benchmarks [SECTION ...]`; without a section, all of them."""

import argparse
import contextlib
import io
import os
import sys
import time
from collections.abc import Callable
from typing import Final

# Before anything that reads them: all but `running` plays AWS in this process.
os.environ.update(
    AWS_ACCESS_KEY_ID="x",
    AWS_SECRET_ACCESS_KEY="x",  # noqa: S106 - signs what stays in this process
    AWS_DEFAULT_REGION="us-east-1",
    AWS_REGION="us-east-1",
    POWERTOOLS_SERVICE_NAME="benchmarks",
    POWERTOOLS_METRICS_NAMESPACE="Helpdesk",
)
for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"):
    os.environ.pop(name, None)


def _life() -> str:
    from benchmarks.life import openings, whole_life  # noqa: PLC0415 - what is not asked for is not loaded

    return whole_life() + "\n" + openings()


def _sweeps() -> str:
    from benchmarks.sweeps import sweeps  # noqa: PLC0415

    return sweeps()


def _tickets() -> str:
    from benchmarks.tickets import tickets  # noqa: PLC0415

    return tickets()


def _bulk() -> str:
    from benchmarks.bulk import bulk  # noqa: PLC0415

    return bulk()


def _clocks() -> str:
    from benchmarks.clocks import clocks  # noqa: PLC0415

    return clocks()


def _people() -> str:
    from benchmarks.people import people  # noqa: PLC0415

    return people()


def _sla() -> str:
    from benchmarks.keys import keys  # noqa: PLC0415

    return _clocks() + "\n" + _sweeps() + "\n" + keys()


def _functions() -> str:
    from benchmarks.handlers import handlers  # noqa: PLC0415

    return handlers()


def _search() -> str:
    from benchmarks.search import search  # noqa: PLC0415

    return search()


def _views() -> str:
    from benchmarks.views import views  # noqa: PLC0415

    return views()


def _routing() -> str:
    from benchmarks.routing import routing  # noqa: PLC0415

    return routing()


def _routers() -> str:
    from benchmarks.routers import routers  # noqa: PLC0415

    return routers()


def _pages() -> str:
    from benchmarks.pages import pages  # noqa: PLC0415

    return pages()


def _morning() -> str:
    from benchmarks.morning import morning  # noqa: PLC0415

    return morning()


def _running() -> str:
    from benchmarks.running import running  # noqa: PLC0415

    return running()


SECTIONS: Final[dict[str, Callable[[], str]]] = {
    "life": _life,
    "sla": _sla,
    "tickets": _tickets,
    "bulk": _bulk,
    "people": _people,
    "functions": _functions,
    "search": _search,
    "routing": _routing,
    "routers": _routers,
    "views": _views,
    "pages": _pages,
    "morning": _morning,
    "running": _running,
}


def main() -> int:
    """Prints the sections that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="all, if none is named")
    chosen = parser.parse_args().sections or [*SECTIONS]
    failed = 0
    for name in chosen:
        began = time.monotonic()
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # functions print their metrics
                text = SECTIONS[name]()
            print(text, flush=True)
        except Exception as error:  # noqa: BLE001 - one section that cannot be measured does not hide the others
            failed = 1
            print(f"{name} could not be measured: {type(error).__name__}: {error}", file=sys.stderr)
        print(f"({name}: {time.monotonic() - began:.0f} s)", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main())
