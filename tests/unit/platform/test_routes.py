"""What the gateway is told to route and what the functions answer are the same, and so is what the reference says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.desk import handler as desk
from functions.intake import http as intake
from functions.portal import handler as portal
from helpdesk.contracts.topology import DESK, INTAKE_HTTP, PORTAL, Auth, Function
from helpdesk.platform.http import Endpoint

ROOT = Path(__file__).parents[3]
API = [(INTAKE_HTTP, intake.ENDPOINTS), (PORTAL, portal.ENDPOINTS), (DESK, desk.ENDPOINTS)]


@pytest.mark.parametrize(("function", "endpoints"), API, ids=["intake-http", "portal", "desk"])
def test_every_route_has_an_endpoint_and_every_endpoint_a_route(
    function: Function, endpoints: tuple[Endpoint, ...]
) -> None:
    assert sorted(endpoint.route for endpoint in endpoints) == sorted(
        f"{route.method} {route.path}" for route in function.routes
    )


@pytest.mark.parametrize(("function", "endpoints"), API, ids=["intake-http", "portal", "desk"])
def test_who_may_call_is_said_alike_to_the_gateway_and_to_the_function(
    function: Function, endpoints: tuple[Endpoint, ...]
) -> None:
    asked = {endpoint.route: endpoint.needs is not None for endpoint in endpoints}
    assert asked == {f"{route.method} {route.path}": route.auth is Auth.AGENT for route in function.routes}


def test_the_committed_description_is_what_the_routes_say() -> None:
    check = [sys.executable, "-m", "local.openapi", "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_every_operation_of_the_description_has_a_name_of_its_own() -> None:
    described = json.loads(portal.OPENAPI_FILE.read_text(encoding="utf-8"))
    names = [operation["operationId"] for path in described["paths"].values() for operation in path.values()]
    declared = sum(len(endpoints) for _, endpoints in API) - 1  # what answers all else is no operation
    assert len(set(names)) == len(names) == declared
