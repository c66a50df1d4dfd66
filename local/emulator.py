"""Starts the AWS emulator inside this process, so that its state can be saved every few seconds and its work be seen.

Runs under the interpreter of `.venv-cloud`, which alone has the emulator; nothing here may import the product:

    .venv-cloud/bin/python -m local.emulator --data-dir .desk --port 4600

It binds 127.0.0.1 only, ends on SIGTERM, SIGINT or when its standard input closes (so it never outlives the launcher),
and answers, beside AWS's own interfaces, `GET /_desk/work` (what is in flight, see `local.engine.work`),
`POST /_desk/save`, which returns once all state is on disk, `POST /_desk/past/begin` and `/_desk/past/end`, between
which what is written is a restored past: nothing of it goes through the table's stream, and `POST /_desk/items/{table}`,
which puts many items of such a past into a table.
"""

import argparse
import asyncio
import contextlib
import importlib
import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOST = "127.0.0.1"
ACCOUNT = "000000000000"
ITEMS = "/_desk/items/"
SEND_EMAIL = "/v2/email/outbound-emails"
READS = ("Get", "BatchGet", "Query", "Describe", "List", "Receive", "Scan")
DATA_SERVICES = ("", "dynamodb", "sqs", "s3", "ses")  # unsigned: the HTTP API and presigned uploads
SAVE_EVERY_SECONDS = 2.0
SAVE_SHARE = 10  # a save that takes a second is followed by ten without one
logger = logging.getLogger("desk")


def environment(data_dir: Path, port: int) -> dict[str, str]:
    """Returns the emulator's settings: all state below `data_dir`, no port but `port`, no containers."""
    return {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(data_dir / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(data_dir / "s3"),
        "TMPDIR": str(data_dir / "tmp"),
        "DOCKER_HOST": "unix:///nonexistent",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_WARM_TTL_SECONDS": "60",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


class Activity:
    """Notes what may have changed since the last save: nothing, the desk's data, or anything at all."""

    def __init__(self) -> None:
        self.data = False
        self.everything = False

    def note(self, scope: Scope) -> None:
        """Judges one request by the service its signature is for and by the name of its operation."""
        headers = dict(scope["headers"])
        operation = headers.get(b"x-amz-target", b"").decode("latin-1").rpartition(".")[2]
        if scope["method"] in ("GET", "HEAD", "OPTIONS") or operation.startswith(READS):
            return
        signed_for = (
            headers.get(b"authorization", b"").decode("latin-1").partition("/aws4_request")[0].rpartition("/")[2]
        )
        if signed_for in DATA_SERVICES or operation == "PutEvents" or scope["path"].endswith("/invocations"):
            self.data = True
        else:
            self.everything = True

    def take(self) -> tuple[bool, bool]:
        """Returns (data changed, everything may have changed) and starts anew."""
        noted = (self.data, self.everything)
        self.data = self.everything = False
        return noted


class Front:
    """The emulator with three things added: `/_desk/...`, a copy of each mail sent, and a note of each change."""

    def __init__(self, app: App, engine: Any, mailbox: Path, activity: Activity) -> None:  # noqa: ANN401 - see serve()
        self.app = app
        self.engine = engine
        self.mailbox = mailbox
        self.activity = activity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == "/_desk/work":
            await _answer(send, self.engine.work())
        elif scope["path"] == "/_desk/save":
            await _answer(send, {"saved": await self.engine.save_in_child(everything=True)})
        elif scope["path"] in ("/_desk/past/begin", "/_desk/past/end"):
            await _answer(send, {"past": self.engine.restore_past(on=scope["path"].endswith("begin"))})
        elif scope["path"].startswith(ITEMS):
            self.activity.data = True
            put = self.engine.put_items(scope["path"].removeprefix(ITEMS), await _read(receive))
            await _answer(send, {"put": put})
        else:
            self.activity.note(scope)
            if scope["path"] == SEND_EMAIL and scope["method"] == "POST":
                await self.send_email(scope, receive, send)
            else:
                await self.app(scope, receive, send)

    async def send_email(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets SES answer, keeps the mail as it was sent, and only then passes the answer on."""
        body = await _read(receive)
        answer: list[Message] = []

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def hold(message: Message) -> None:
            answer.append(message)

        await self.app(scope, again, hold)
        if answer and answer[0]["status"] == 200:
            await asyncio.to_thread(self.engine.keep_mail, self.mailbox, json.loads(body))
        for message in answer:
            await send(message)


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


async def _answer(send: Send, payload: object) -> None:
    body = json.dumps(payload).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def save_while_running(engine: Any, activity: Activity) -> None:  # noqa: ANN401 - see serve()
    """Saves every few seconds, if anything changed, in a forked child: a consistent snapshot that delays no request."""
    while True:
        await asyncio.sleep(SAVE_EVERY_SECONDS)
        data, everything = activity.take()
        if not (data or everything):
            continue
        started = time.monotonic()
        engine.trim_logs()
        if not await engine.save_in_child(everything=everything):
            logger.warning("a periodic save failed; it is tried again")
            activity.data, activity.everything = True, everything or activity.everything
        await asyncio.sleep((time.monotonic() - started) * SAVE_SHARE)


def _stop_when_asked(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def wait_for_end_of_input() -> None:
        while sys.stdin.buffer.read(1):
            pass
        with contextlib.suppress(RuntimeError):  # the loop may have ended first
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait_for_end_of_input, daemon=True, name="stdin").start()


async def serve(data_dir: Path, port: int) -> None:
    """Serves until asked to stop, then saves and ends every worker."""
    engine = importlib.import_module("local.engine")
    engine.prepare(data_dir)
    activity = Activity()
    front = Front(importlib.import_module("ministack.app").app, engine, data_dir / "mailbox", activity)
    os.environ.pop("LOG_LEVEL", None)  # it was for the emulator; the functions inherit what is left
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"{HOST}:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    config.loglevel = "WARNING"
    config.h11_max_incomplete_size = 1 << 20
    stop = asyncio.Event()
    _stop_when_asked(stop)
    saving = asyncio.create_task(save_while_running(engine, activity))
    try:
        # Hypercorn sends the emulator its lifespan events: it loads its state at startup and saves it at shutdown.
        await importlib.import_module("hypercorn.asyncio").serve(front, config, shutdown_trigger=stop.wait)
    finally:
        saving.cancel()
        engine.finish()
    # All is saved. Leaving by return would wait for threads that the emulator never ends (a custom resource's, say).
    logging.shutdown()
    os._exit(0)


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line, sets the emulator's environment and serves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    data_dir = options.data_dir.resolve()
    shutil.rmtree(data_dir / "tmp", ignore_errors=True)
    for name in ("state", "s3", "tmp", "mailbox", "layers"):
        (data_dir / name).mkdir(parents=True, exist_ok=True)
    os.environ.update(environment(data_dir, options.port))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the shared layers are compiled once
    warnings.filterwarnings("ignore", message=".*multi-threaded, use of fork", category=DeprecationWarning)
    asyncio.run(serve(data_dir, options.port))
    return 0


if __name__ == "__main__":
    main()
