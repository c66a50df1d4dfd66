"""A running desk, as tests and tools use it: HTTP, SMTP, and the endpoints that only the desk on one machine has."""

import contextlib
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300
SETTLES_WITHIN_MINUTES = 4


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `body` is decoded JSON where there is any."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        return f'"{self.body["version"]}"'


class RunningDesk:
    """A desk that `make run` started (or would have)."""

    def __init__(self, url: str, smtp_port: int) -> None:
        self.url = url
        self.smtp_port = smtp_port
        self._tokens: dict[str, str] = {}
        self.patience_seconds = 90

    # --- HTTP ---

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None:
            request.add_header("content-type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=self.patience_seconds) as answer:
                return self._answer(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            return self._answer(error.code, error.read(), error.headers)

    @staticmethod
    def _answer(status: int, raw: bytes, headers: Any) -> Answer:
        kind = headers.get("content-type", "")
        body = json.loads(raw) if "json" in kind and raw else raw
        return Answer(status, body, {name.lower(): value for name, value in headers.items()})

    def as_agent(self, address: str, method: str, path: str, body: object = None, **headers: str) -> Answer:
        return self.call(method, path, body, authorization=f"Bearer {self.token(address)}", **headers)

    def token(self, address: str) -> str:
        if address not in self._tokens:
            answer = self.call("POST", "/_local/token", {"email": address})
            assert answer.status == 200, answer
            self._tokens[address] = answer.body["token"]
        return self._tokens[address]

    # --- what only a local desk has ---

    def settle(self) -> None:
        """Waits until nothing is in flight: for minutes, where a machine has much else to do."""
        for _ in range(SETTLES_WITHIN_MINUTES):
            answer = self.call("GET", "/_local/idle?timeout_seconds=60")
            if answer.status == 200:
                return
        raise AssertionError(answer)

    def advance(self, **length: float) -> str:
        """Moves the desk's clock ahead and runs what came due."""
        seconds = sum(
            amount * {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}[unit]
            for unit, amount in length.items()
        )
        answer = self.call("POST", "/_local/clock", {"advance_seconds": seconds})
        assert answer.status == 200, answer
        self.settle()
        return answer.body["now"]

    def crowd(self, tickets: int) -> None:
        """Adds so many open tickets, as if they had been there for long."""
        self.patience_seconds, usual = 600, self.patience_seconds
        answer = self.call("POST", "/_local/crowd", {"tickets": tickets})
        self.patience_seconds = usual
        assert answer.body == {"tickets": tickets}, answer

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Mails that the desk sent to an address, newest first."""
        items = self.call("GET", "/_local/mailbox").body["items"]
        return [item for item in items if to in item["to"]]

    def raw_mail(self, mail: dict[str, Any]) -> bytes:
        return self.call("GET", f"/_local/mailbox/{mail['id']}.eml").body

    def dead_letters(self) -> list[Any]:
        return self.call("GET", "/_local/dead-letters").body["items"]

    # --- mail ---

    def mail(self, message: EmailMessage | bytes, *, sender: str, to: str) -> None:
        """Sends a mail to the desk, as a mail server would."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=60) as smtp:
            smtp.sendmail(sender, [to], raw)

    # --- tickets ---

    def ticket_of(self, number: int, address: str = "agent@desk.test") -> dict[str, Any]:
        found = self.as_agent(address, "GET", f"/v1/tickets?q=%23{number}").body["items"]
        assert len(found) == 1, found
        return self.as_agent(address, "GET", f"/v1/tickets/{found[0]['id']}").body


class DeskProcess(RunningDesk):
    """A desk of its own, with its own ports and data, and the process it runs in."""

    def __init__(self, data: Path, *, demo: bool) -> None:
        self.data = data
        self.demo = demo
        self.port, smtp_port = _free_port(), _free_port()
        super().__init__(f"http://127.0.0.1:{self.port}", smtp_port)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HELPDESK_"))},
            "PORT": str(self.port),
            "SMTP_PORT": str(self.smtp_port),
            "DATA_DIR": str(self.data),
            "DEMO": "1" if self.demo else "0",
        }
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.run"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the desk did not start:\n{self.log()}")
            with contextlib.suppress(OSError):
                if self.call("GET", "/healthz").body == {"status": "ok"}:
                    return
            time.sleep(0.3)  # a start of another process: nothing to be told by
        self.stop()
        raise AssertionError(f"the desk was not ready in time:\n{self.log()}")

    def stop(self) -> int:
        """Stops it as Ctrl-C does; gives its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=240)
        self.process = None
        self._tokens.clear()
        return status

    def log(self) -> str:
        return (self.data / "run.log").read_text(errors="replace")[-6000:]


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
