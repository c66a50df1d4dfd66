"""The running desk answers as its description says, whatever it is sent: schemathesis, links from call to call included."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.desk import ROOT, RunningDesk

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
SIGNED_OUT = "^/v1/(requests|request-forms|files|surveys|approvals|uploads|categories$)"
"""What customers call: with the access token of a request, where they need one."""

SETTINGS = """
[generation]
allow-x00 = false
with-security-parameters = false
[phases.coverage]
unexpected-methods = []
[phases.fuzzing.generation]
max-examples = 2
[phases.stateful]
max-steps = 6
[phases.stateful.generation]
max-examples = 25
"""
"""How much is tried. What a method without an endpoint is answered is held for all addresses at once elsewhere."""


pytestmark = pytest.mark.spoils
"""What an admin's calls make of the settings is nothing that other tests could work with. Customers go first."""


def explore(desk: RunningDesk, folder: Path, token: str, phases: str, filters: tuple[str, ...]) -> None:
    """Calls all operations in all manners, and fails with what was answered otherwise than described."""
    config = folder / "schemathesis.toml"
    request = {"requester": {"email": "known@example.com"}, "subject": "Hello", "body": "Hello"}
    assert desk.call("POST", "/v1/requests", request).status == 201
    ticket = desk.as_agent("admin@desk.test", "GET", "/v1/tickets?limit=1").body["items"][0]
    known = {
        "kind": "acknowledgement",
        "language": "ko",
        "person_id": ticket["requester"]["id"],
        "relation": "relates_to",
    }
    lines = (f'"path.{name}" = {json.dumps(value)}' for name, value in known.items())
    config.write_text("\n".join([SETTINGS, "[parameters]", *lines]))
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            "--config-file",
            config,
            "run",
            f"{desk.url}/v1/openapi.json",
            "--url",
            desk.url,
            "--header",
            f"Authorization: Bearer {token}",
            "--phases",
            phases,
            "--workers",
            "2",  # one waits while the other is answered
            "--request-timeout",
            "60",  # of a machine that has much else to do
            "--checks",
            ",".join(CHECKS),
            "--seed",
            "20261121",
            "--suppress-health-check",
            "all",
            "--warnings",
            "off",
            "--no-color",
            *filters,
        ],
        cwd=ROOT,
        capture_output=True,
        timeout=1500,
        check=False,
    )
    told = [line[:400] for line in done.stdout.decode(errors="replace").splitlines()]
    assert done.returncode == 0, "\n".join(told[-200:])


def test_no_call_of_a_customer_is_answered_otherwise_than_described(bare_desk: RunningDesk, tmp_path: Path) -> None:
    request = {"requester": {"email": "fuzz@example.com"}, "subject": "Hello", "body": "Hello"}
    opened = bare_desk.call("POST", "/v1/requests", request)
    assert opened.status == 201, opened
    explore(bare_desk, tmp_path, opened.body["access_token"], "coverage,fuzzing", ("--include-path-regex", SIGNED_OUT))
    bare_desk.settle()
    assert bare_desk.dead_letters() == []


def test_no_call_of_a_colleague_is_answered_otherwise_than_described(bare_desk: RunningDesk, tmp_path: Path) -> None:
    explore(
        bare_desk,
        tmp_path,
        bare_desk.token("admin@desk.test"),
        "coverage,fuzzing,stateful",
        ("--exclude-path-regex", SIGNED_OUT),
    )
    bare_desk.settle()
    assert bare_desk.dead_letters() == []
