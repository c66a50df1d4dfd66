"""What each function loads before its first call: a cold start is paid by somebody who waits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.contracts import environment as names
from helpdesk.contracts.topology import FUNCTIONS, Function

ROOT = Path(__file__).parents[3]
NEVER = {"pydantic", "aws_xray_sdk", "aws_cdk", "requests"}
"""Half a second each, and nothing that the desk needs."""
ONLY_FOR_MAIL = {"jinja2", "nh3", "selectolax", "charset_normalizer"}
RARELY = {"holidays"}
"""Calendars carry their public holidays with them once they are saved."""

BEGIN = "from helpdesk import bootstrap\nbootstrap.begin()\n"
WIRES = {  # what a function is put together from, and what must not be loaded by then
    "outbox": ("functions.outbox.handler._events()", NEVER | ONLY_FOR_MAIL | RARELY | {"pynamodb"}),
    "router": (f"{BEGIN}bootstrap.routing()", NEVER | ONLY_FOR_MAIL | RARELY | {"boto3"}),
    "bulk": (
        f"{BEGIN}bootstrap.bulk_worker(print)",
        NEVER | ONLY_FOR_MAIL | RARELY | {"boto3"},
    ),
    "sla-sweeper": (
        f"{BEGIN}bootstrap.tickets(), bootstrap.ticket_store()",
        NEVER | ONLY_FOR_MAIL | RARELY | {"boto3"},
    ),
    "intake-http": (f"{BEGIN}bootstrap.requests(), bootstrap.signer()", NEVER | ONLY_FOR_MAIL | RARELY),
    "intake-mail": (f"{BEGIN}bootstrap.inbound_mail()", NEVER | RARELY),
    "portal": (f"{BEGIN}bootstrap.requests(), bootstrap.signer()", NEVER | ONLY_FOR_MAIL | RARELY),
    "desk": (f"{BEGIN}bootstrap.agent_desk(), bootstrap.signer(), bootstrap.files()", NEVER | ONLY_FOR_MAIL | RARELY),
    "mail-events": (f"{BEGIN}bootstrap.feedback()", NEVER | ONLY_FOR_MAIL | RARELY),
    "notifier": (f"{BEGIN}bootstrap.telling()", NEVER | RARELY),
    "survey": (f"{BEGIN}bootstrap.surveys()", NEVER | RARELY),
}
ENVIRONMENT = {
    names.TABLE: "table",
    names.BUS: "bus",
    names.MAIL_BUCKET: "mail",
    names.FILES_BUCKET: "files",
    names.SECRET: "secret",
    names.BASE_URL: "https://desk.test",
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_loads_nothing_that_it_does_not_need(function: Function) -> None:
    wire, forbidden = WIRES.get(function.name, (BEGIN, NEVER | RARELY))
    module, _, entry = function.entry.rpartition(".")
    code = f"import sys, {module}\nassert callable({module}.{entry})\n{wire}\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=dict(os.environ) | ENVIRONMENT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert forbidden.isdisjoint(done.stdout.split())


def test_nothing_is_held_against_a_function_that_is_no_more() -> None:
    assert set(WIRES) <= {function.name for function in FUNCTIONS}
