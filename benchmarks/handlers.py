"""What functions cost in CPU: loading them, their first call, and each later one, with the SDK and without an engine.

A story is played once over moto, and what AWS answered to each function is kept. Then every function runs alone in a
fresh process, where the SDK's connection gives those answers back: all of the function and of the SDK is measured
(serialising, signing, parsing), and nothing of a network or of an emulator.
"""

import base64
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.model import OperationModel
from botocore.response import StreamingBody

from benchmarks.tables import table
from helpdesk.contracts import topology
from tests.support.desk import AGENT, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.world import ENVIRONMENT, World, a_world

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 60
AIM_CPU_MS = 15
BODY = "Since this morning it stops with error 0x8007 whenever I print more than one page. " * 3
ANN = "ann@example.com"
HEAVY = ("pydantic", "aws_xray_sdk", "boto3", "jinja2", "pynamodb")


@dataclass
class Take:
    """One invocation and all that AWS answered in it.

    Attributes:
        name: of the call.
        answers: for each request: `what` was asked (target, or method and path), a hash of it, and what was answered.
        now: the desk's time.
    """

    name: str
    function: topology.Function
    event: object = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    now: str = ""


@contextmanager
def taking(world: World, take: Take) -> Iterator[None]:
    """Keeps the first invocation of a take's function that happens meanwhile, begun with an empty memory."""
    real_request, real_invoke = Endpoint.make_request, world.invoke

    def request(endpoint: Endpoint, model: OperationModel, asked: dict[str, Any]) -> tuple[AWSResponse, dict[str, Any]]:
        response, parsed = real_request(endpoint, model, asked)
        if world.running == take.function.name:
            content = _content(response, parsed)
            body = asked["body"] if isinstance(asked["body"], bytes) else b""
            take.answers.append(
                {
                    "asked": hashlib.sha256(body).hexdigest(),
                    "what": asked["headers"].get("X-Amz-Target") or f"{asked['method']} {asked['url_path']}",
                    "status": response.status_code,
                    "headers": dict(response.headers),
                    "body": base64.b64encode(content).decode(),
                }
            )
        return response, parsed

    def invoke(function: topology.Function, event: object) -> object:
        if function is take.function and take.event is None:
            take.event, take.now = event, world.clock.now.isoformat()
            world.restart()
            return real_invoke(function, event)
        kept, world.running = world.running, None
        try:
            return real_invoke(function, event)
        finally:
            world.running = kept

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Endpoint, "make_request", request)
        patch.setattr(world, "invoke", invoke)
        yield


def _content(response: AWSResponse, parsed: dict[str, Any]) -> bytes:
    """What an answer holds. A stream is read, and put back for who asked."""
    if not isinstance(parsed.get("Body"), StreamingBody):
        return response.content
    content: bytes = parsed["Body"].read()
    parsed["Body"] = StreamingBody(io.BytesIO(content), len(content))
    return content


def takes() -> list[Take]:
    """One invocation of each kind."""
    found: list[Take] = []
    with a_world() as world:

        def take(name: str, function: topology.Function, act: Callable[[], object]) -> None:
            world.advance(seconds=30)
            one = Take(name, function)
            with taking(world, one):
                act()
            found.append(one)

        world.open(ANN, subject="Earlier", body=BODY)
        world.settle()
        take("open a request", topology.INTAKE_HTTP, lambda: world.open(ANN, subject="It stops", body=BODY))
        ticket_id = world.ticket_ids[-1]
        take("publish its events", topology.OUTBOX, world.publish)
        take("route it", topology.ROUTER, lambda: world.deliver("router"))
        take("acknowledge it", topology.NOTIFIER, lambda: world.deliver("notifier"))
        world.settle()
        token = world.sent_to(ANN)[-1].link("/portal/requests/").partition("#t=")[2]
        path, desk_path = f"/v1/requests/{ticket_id}", f"/v1/tickets/{ticket_id}"
        take("read a request", topology.PORTAL, lambda: world.api("GET", path, token=token).ok())
        take("list tickets", topology.DESK, lambda: world.api("GET", "/v1/tickets?status=active", agent=AGENT.id).ok())
        take("read a ticket", topology.DESK, lambda: world.api("GET", desk_path, agent=AGENT.id).ok())
        take("answer", topology.DESK, lambda: world.answer(ticket_id, AGENT.id, BODY).ok())
        world.advance(minutes=5)
        world.settle()
        take("change a ticket", topology.DESK, lambda: world.patch(ticket_id, AGENT.id, status="solved").ok())
        world.settle()
        take("mail: a new ticket", topology.INTAKE_MAIL, lambda: world.mail(a_mail(ANN, "It stops", BODY)))
        acknowledgement = world.sent_to(ANN)[0]
        take("mail: a reply", topology.INTAKE_MAIL, lambda: world.mail(an_answer(acknowledgement, ANN, BODY)))
        world.settle()
        take("idle sweep", topology.SLA_SWEEPER, world.sweep)
        world.advance(seconds=SURVEY_DELAY_SECONDS)
        take("sweep with one due", topology.SLA_SWEEPER, world.sweep)
        world.publish()
        take("send a survey", topology.SURVEY, lambda: world.deliver("survey"))
    return found


def measure(take: Take) -> dict[str, Any]:
    """Runs a take alone in a fresh process."""
    asked = {
        "entry": take.function.entry,
        "event": take.event,
        "answers": take.answers,
        "now": take.now,
        "repeats": REPEATS,
        "environment": ENVIRONMENT,
        "heavy": HEAVY,
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.alone"],
        input=json.dumps(asked, default=str).encode(),  # the stream tells instants
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{take.name}: {done.stderr.decode()[-2000:]}")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if measured["faults"]:
        raise RuntimeError(f"{take.name}: {measured['faults'][0]}")
    return measured


def handlers() -> str:
    """The table of functions."""
    rows: list[list[object]] = []
    for take in takes():
        runs = [measure(take) for _ in range(2)]
        best = {name: min(run[name] for run in runs) for name in ("import_ms", "first_ms", "p50_ms")}
        heavy = ", ".join(runs[0]["heavy"])
        rows.append(
            [
                take.function.name,
                take.name,
                runs[0]["modules"],
                round(best["import_ms"]),
                round(best["first_ms"]),
                best["p50_ms"],
                heavy,
            ]
        )
    head = ["function", "call", "modules", "import ms", "first call ms", "warm call ms", "of weight, after a call"]
    note = (
        "CPU milliseconds, SDK included, engine and network not. `modules` are those that importing the handler loads. "
        f"Aim for a warm call: at most {AIM_CPU_MS}."
    )
    return table("Functions", head, rows, note)
