"""`helpdesk mail ledger` on a deployed desk and on the one on this machine: the same lines from both."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from helpdesk import cli
from helpdesk.contracts import environment as names
from tests.support.desk import SUPERVISOR
from tests.support.raw_mails import a_mail
from tests.support.world import World, a_world

ANN = "ann@example.com"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(now=datetime.now(UTC)) as made:  # as the bucket's own times are
        yield made


@contextmanager
def served(world: World) -> Iterator[int]:
    """The desk's API on a port, as the launcher serves it."""

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.path == "/_local/token":
                status, raw = 200, json.dumps({"token": "good"})
            else:
                agent = SUPERVISOR.id if self.headers["authorization"] == "Bearer good" else None
                answer = world.api(method, self.path, body or None, agent=agent)
                status, raw = answer.status, answer.raw
            self.send_response(status)
            self.end_headers()
            self.wfile.write(raw.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ledger(capsys: pytest.CaptureFixture[str], *arguments: str, exits: int = 0) -> list[dict[str, object]]:
    capsys.readouterr()
    assert cli.main(["mail", "ledger", *arguments]) == exits
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if not line.startswith('{"_aws')]


def test_both_desks_tell_the_same_of_their_mails(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.mail(a_mail(ANN, "It stops", "It stops."))
    second = world.mail(a_mail(ANN, "Buy", "Buy!"), verdicts={"spam": "FAIL"})
    deployed = ledger(capsys)
    assert [line["id"] for line in deployed] == [second, first]
    assert [line["id"] for line in ledger(capsys, "--outcome", "suspended")] == [second]
    assert [line["id"] for line in ledger(capsys, "--limit", "1")] == [second]
    assert ledger(capsys, "--month", "2020-01") == []
    with served(world) as port:
        table = names.TABLE
        with monkeypatch.context() as local:
            local.delenv(table)
            assert ledger(capsys, "--port", str(port)) == deployed


@pytest.mark.parametrize("where", ["deployed", "local"])
def test_what_nobody_announced_is_listed_and_on_demand_dealt_with(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    world.mail(a_mail(ANN, "It stops", "It stops."))
    lost = world.store_mail(a_mail("bob@example.com", "Lost", "Hello?").as_bytes())
    with served(world) as port, monkeypatch.context() as local:
        place = ("--port", str(port))
        if where == "local":
            local.delenv(names.TABLE)
        until = ("--until", "2100-01-01T00:00:00Z", *place)
        (line,) = ledger(capsys, "--reconcile", *until, exits=1)
        assert (line["id"], line["state"]) == (lost, "no_entry")
        assert ledger(capsys, "--reconcile", "--until", "2020-01-01T00:00:00Z", *place) == []
        (done,) = ledger(capsys, "--reconcile", "--reprocess", *until)
        assert (done["id"], done["outcome"]) == (lost, "ticket")
        assert ledger(capsys, "--reconcile", *until) == []
        (again,) = ledger(capsys, "--reprocess", lost, *place)
        assert again["ticket_id"] == done["ticket_id"]
    assert len(world.ticket_ids) == 2


def test_what_is_not_there_is_said_and_exits_with_1(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["mail", "ledger", "--reprocess", "no-such-mail"]) == 1
    assert "no such mail" in capsys.readouterr().err
    monkeypatch.delenv(names.TABLE)
    assert cli.main(["mail", "ledger", "--port", "1"]) == 1
    assert "make run" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["mail", "ledger", "--since", "yesterday"])
