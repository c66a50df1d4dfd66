"""A whole running desk, as anybody meets it: creates, replies and mails a second, and the CPU that all of it takes.

The desk is started for this with a data folder of its own; or one that runs already is measured (`DESK_URL`,
`DESK_SMTP_PORT`), whose CPU cannot be seen from here.
"""

import contextlib
import http.client
import itertools
import json
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from benchmarks.tables import table
from local.demo_articles import demo_articles

ROOT = Path(__file__).resolve().parents[1]
CREATES = {1: 60, 8: 160}
REPLIES = {1: 60, 8: 160}
READS = {1: 60, 8: 160}
CALM_CALLS = 20
MAILS = 120
SMTP_CLIENTS = 4
AIM_P50_MS = 30
AIM_MAILS = 27
FINDS = 20
AIM_FOUND_SECONDS = 5
AIM_SUGGESTED_MS = 60
QUESTIONS = (("en", "my card was charged tw"), ("ko", "비밀번호를 잊어버"), ("ja", "返品したい"))
"""As they stand when somebody pauses in the middle of a word."""
STARTS_WITHIN_SECONDS = 300
RESTS_WITHIN_SECONDS = 300
TICKS = os.sysconf("SC_CLK_TCK")
BODY = "Since this morning it stops with error 0x8007 whenever I print more than one page. " * 3
_number = itertools.count(int(time.time()) % 100_000 * 1000)


@dataclass(frozen=True)
class Desk:
    """A running desk.

    Attributes:
        process: the launcher, if it was started here.
    """

    host: str
    port: int
    smtp_port: int
    process: subprocess.Popen[bytes] | None

    def call(
        self, method: str, path: str, body: object = None, token: str | None = None, seen: int | None = None
    ) -> tuple[int, Any]:
        """Calls the desk on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=RESTS_WITHIN_SECONDS + 10)
        try:
            return call(connection, method, path, body, token, seen)
        finally:
            connection.close()

    def rest(self) -> None:
        """Waits until nothing is in flight."""
        until = time.monotonic() + RESTS_WITHIN_SECONDS
        while True:
            status, said = self.call("GET", "/_local/idle?timeout_seconds=30")
            if status == 200:
                return
            if time.monotonic() > until:
                raise RuntimeError(f"the desk does not come to rest: {said}")

    def cpu_seconds(self) -> float | None:
        """CPU that all processes of the desk have used so far, those that ended included as far as they were waited for."""
        if self.process is None:
            return None
        return sum(_cpu_of(pid) for pid in _family(self.process.pid))


def call(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: object = None,
    token: str | None = None,
    seen: int | None = None,
) -> tuple[int, Any]:
    """One call on an open connection: the status, and what the JSON says. `seen` is the version that a change is of."""
    headers = {"content-type": "application/json"} if body is not None else {}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if seen is not None:
        headers["if-match"] = f'"{seen}"'
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    response = connection.getresponse()
    raw = response.read()
    return response.status, json.loads(raw) if raw else None


def _cpu_of(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, stat[11:15])) / TICKS  # user, system, and both of children that were waited for


def _family(pid: int) -> list[int]:
    """A process and all that came of it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextlib.contextmanager
def a_desk() -> Iterator[Desk]:
    """The desk that DESK_URL names, or one of our own, stopped at the end."""
    if url := os.environ.get("DESK_URL"):
        parts = urlsplit(url)
        smtp_port = int(os.environ.get("DESK_SMTP_PORT", "2525"))
        yield Desk(parts.hostname or "127.0.0.1", parts.port or 80, smtp_port, None)
        return
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        log = Path(folder) / "run.log"
        port, smtp_port = _free_port(), _free_port()
        environment = {**os.environ, "PORT": str(port), "SMTP_PORT": str(smtp_port), "DEMO": "0"}
        environment["DATA_DIR"] = str(Path(folder) / "desk")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "local.run"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            desk = Desk("127.0.0.1", port, smtp_port, process)
            _await_health(desk, log)
            yield desk
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_health(desk: Desk, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if desk.process is not None and desk.process.poll() is not None:
            break
        with contextlib.suppress(OSError, ValueError):
            if desk.call("GET", "/healthz")[0] == 200:
                return
        time.sleep(0.5)
    raise RuntimeError(f"the desk did not start:\n{log.read_text()[-2000:]}")


@dataclass(frozen=True)
class Load:
    """What a load did: milliseconds of each call, and how long all of it took, until answered and until all was done."""

    latencies: list[float]
    seconds: float
    until_rest: float
    cpu_seconds: float | None


def load(desk: Desk, clients: int, count: int, request: Callable[[], tuple[str, str, object, str | None]]) -> Load:
    """Sends requests from some clients, each on a connection that it keeps, and waits until all that follows is done.

    Args:
        desk: to which desk.
        clients: how many at once.
        count: how many requests altogether.
        request: gives method, path, body and token of the next one.
    """

    def client(share: int) -> list[float]:
        connection = http.client.HTTPConnection(desk.host, desk.port, timeout=60)
        found = []
        for _ in range(share):
            asked = request()
            began = time.perf_counter()
            status, said = call(connection, *asked)
            found.append((time.perf_counter() - began) * 1000)
            if status >= 300:
                raise RuntimeError(f"{asked[0]} {asked[1]}: {status} {said}")
        connection.close()
        return found

    cpu, began = desk.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        latencies = [one for found in pool.map(client, [count // clients] * clients) for one in found]
    answered = time.perf_counter() - began
    desk.rest()
    spent = desk.cpu_seconds()
    cpu_seconds = spent - cpu if spent is not None and cpu is not None else None
    return Load(latencies, answered, time.perf_counter() - began, cpu_seconds)


def calm(desk: Desk, count: int, request: Callable[[], tuple[str, str, object, str | None]]) -> list[float]:
    """Milliseconds of calls that each meet a desk at rest: what one person waits for."""
    found = []
    for _ in range(count):
        found += load(desk, 1, 1, request).latencies
    return found


def found_after(desk: Desk, count: int, token: str) -> list[float]:
    """Milliseconds from the answer to a message until a search for a word of it finds its ticket, one after the other."""
    found = []
    for _ in range(count):
        word = f"zebra{next(_number)}"
        asked = {"requester": {"email": "finder@example.com"}, "subject": "The printer stops", "body": f"{BODY} {word}"}
        status, said = desk.call("POST", "/v1/requests", asked)
        if status != 201:
            raise RuntimeError(f"POST /v1/requests: {status} {said}")
        began = time.perf_counter()
        while not desk.call("GET", f"/v1/search?q={word}", token=token)[1]["items"]:
            if time.perf_counter() - began > RESTS_WITHIN_SECONDS:
                raise RuntimeError(f"{word} is not found")
        found.append((time.perf_counter() - began) * 1000)
    return found


def publish_articles(desk: Desk) -> None:
    """Fills the help centre with the articles of the demo desk, unless it has some."""
    token = desk.call("POST", "/_local/token", {"email": "admin@desk.test"})[1]["token"]
    if desk.call("GET", "/v1/articles?limit=1", token=token)[1]["items"]:
        return
    for one in demo_articles():
        for language, text in one.texts.items():
            wish = {"language": language, "title": text.title, "summary": text.summary, "body": text.body}
            written = desk.call("POST", "/v1/articles", wish, token)[1]
            path = f"/v1/articles/{written['id']}/texts/{language}/step"
            status, said = desk.call("POST", path, {"step": "publish"}, token, written["version"])
            if status >= 300:
                raise RuntimeError(f"POST {path}: {status} {said}")
    desk.rest()


def _p50_p95(values: list[float]) -> tuple[float, float]:
    twentieths = statistics.quantiles(values, n=20)
    return twentieths[9], twentieths[18]


def _row(name: str, clients: int, done: Load) -> list[object]:
    count = len(done.latencies)
    p50, p95 = _p50_p95(done.latencies)
    cpu = round(done.cpu_seconds * 1000 / count, 1) if done.cpu_seconds is not None else None
    return [name, clients, count, count / done.seconds, p50, p95, count / done.until_rest, cpu]


def _mail(sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "support@desk.test", "The printer stops"
    mail["Message-ID"] = f"<{next(_number)}.{time.time_ns()}@example.com>"
    mail.set_content(BODY)
    return mail


def _send_mails(desk: Desk, count: int) -> None:
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=60) as smtp:
        for _ in range(count):
            smtp.send_message(_mail(f"p{next(_number) % 50}@example.com"))


def mails(desk: Desk, count: int) -> tuple[float, float, float | None]:
    """Sends mails; gives the seconds until all were taken, until all that follows was done, and the CPU seconds."""
    cpu, began = desk.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(SMTP_CLIENTS) as pool:
        list(pool.map(lambda share: _send_mails(desk, share), [count // SMTP_CLIENTS] * SMTP_CLIENTS))
    taken = time.perf_counter() - began
    desk.rest()
    spent = desk.cpu_seconds()
    cpu_seconds = spent - cpu if spent is not None and cpu is not None else None
    return taken, time.perf_counter() - began, cpu_seconds


def running() -> str:
    """The tables of a running desk."""
    with a_desk() as desk:
        _, said = desk.call("POST", "/_local/token", {"email": "agent@desk.test"})
        token = said["token"]

        def create() -> tuple[str, str, object, str | None]:
            requester = {"email": f"p{next(_number) % 50}@example.com"}
            return "POST", "/v1/requests", {"requester": requester, "subject": "The printer stops", "body": BODY}, None

        load(desk, 8, 56, create)  # warms the functions, and makes the requesters known
        items = desk.call("GET", "/v1/tickets?limit=100", token=token)[1]["items"]
        ids = itertools.cycle([item["id"] for item in items])
        turn = iter(ids)

        def reply() -> tuple[str, str, object, str | None]:
            return "POST", f"/v1/tickets/{next(turn)}/messages", {"body": BODY}, token

        def read() -> tuple[str, str, object, str | None]:
            return "GET", f"/v1/tickets/{next(turn)}", None, token

        def look() -> tuple[str, str, object, str | None]:
            return "GET", "/v1/tickets?status=active&limit=50", None, token

        load(desk, 8, 16, reply)
        load(desk, 8, 16, read)
        rows = []
        for name, request, counts in (
            ("create a request", create, CREATES),
            ("answer a ticket", reply, REPLIES),
            ("read a ticket", read, READS),
            ("list 50 tickets", look, READS),
        ):
            rows += [_row(name, clients, load(desk, clients, count, request)) for clients, count in counts.items()]
        waits = [
            [name, CALM_CALLS, *_p50_p95(calm(desk, CALM_CALLS, request))]
            for name, request in (("create a request", create), ("answer a ticket", reply), ("list 50 tickets", look))
        ]
        publish_articles(desk)
        asked = itertools.cycle(QUESTIONS)

        def suggest() -> tuple[str, str, object, str | None]:
            language, question = next(asked)
            return "GET", f"/v1/help/suggestions?limit=3&locale={language}&q={quote(question)}", None, None

        load(desk, 1, 9, suggest)
        waits.append(["answers suggested while typing", CALM_CALLS, *_p50_p95(calm(desk, CALM_CALLS, suggest))])
        waits.append(["a new message, until a search finds it", FINDS, *_p50_p95(found_after(desk, FINDS, token))])
        mails(desk, 8)
        taken, done, cpu = mails(desk, MAILS)
        stored = len(desk.call("GET", "/v1/tickets?limit=100", token=token)[1]["items"])
        dead = len(desk.call("GET", "/_local/dead-letters")[1]["items"])
    head = ["call", "clients", "calls", "per second", "p50 ms", "p95 ms", "all done per second", "CPU ms each"]
    note = (
        f"Through the local gateway and the emulator's API Gateway, with {stored} or more tickets stored. `all done` and "
        "`CPU` include everything that follows a call (events, routing, mails) in all processes of the desk, the emulator "
        f"among them."
    )
    first = table("The running desk, by HTTP", head, rows, note)
    head = ["call of a desk at rest", "calls", "p50 ms", "p95 ms"]
    note = (
        f"Aim for a create: p50 at most {AIM_P50_MS} ms; for suggestions: at most {AIM_SUGGESTED_MS} ms; until a message "
        f"is found: at most {AIM_FOUND_SECONDS} s."
    )
    first += "\n" + table("What one person waits for", head, waits, note)
    head = ["mails", "taken per second", "all done per second", "CPU ms each", "dead letters"]
    each = round(cpu * 1000 / MAILS, 1) if cpu is not None else None
    note = f"By {SMTP_CLIENTS} connections, each mail a new ticket, acknowledged and routed. Aim: {AIM_MAILS} a second."
    return (
        first
        + "\n"
        + table("The running desk, by SMTP", head, [[MAILS, MAILS / taken, MAILS / done, each, dead]], note)
    )
