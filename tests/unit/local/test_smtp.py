"""Mail in on one machine: answered 250 only when it is safe, and never forgotten after that."""

import asyncio
import io
import json
import smtplib
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.receipt import ReceiptRule
from local.smtp import MAX_BYTES, Inbound, close, serve

RULE = ReceiptRule("inbound", ("desk.test",), "mails", "inbound/", "arn:mail")
MAIL = b"From: kim@example.test\r\nTo: support@desk.test\r\nSubject: Hello\r\n\r\nBody\r\n"


class FakeCloud:
    """S3, Lambda and SQS as far as mail needs them."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.invoked: list[dict[str, Any]] = []
        self.dead: list[str] = []
        self.failures = 0
        self.storing: Callable[[], None] = lambda: None
        self.objects = self.functions = self.queues = self

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - boto3's names
        self.storing()
        self.stored[f"{Bucket}/{Key}"] = Body

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - the same
        self.invoked.append(json.loads(Payload))
        self.failures -= 1
        failed = {"FunctionError": "Unhandled"} if self.failures >= 0 else {}
        return {"Payload": io.BytesIO(b"null"), **failed}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - the same
        self.dead.append(MessageBody)


class Post:
    """An SMTP server on a port of its own, and a client for it."""

    def __init__(self, cloud: FakeCloud, journal: Path) -> None:
        self.cloud = cloud
        self.journal = journal
        self.saved_at = 0.0
        journal.mkdir(exist_ok=True)
        self.inbound = Inbound(
            cloud, journal, lambda: self.saved_at, lambda: (RULE,), "queue", lambda: datetime(2026, 11, 23, tzinfo=UTC)
        )
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    async def send(self, raw: bytes = MAIL, to: str = "support@desk.test") -> tuple[int, bytes]:
        def say() -> tuple[int, bytes]:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
                client.ehlo()
                client.mail("kim@example.test")
                code, answer = client.rcpt(to)
                return (code, answer) if code != 250 else client.data(raw)

        return await asyncio.to_thread(say)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.smtp.RETRY_SECONDS", 0.0)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    made = Post(FakeCloud(), tmp_path / "journal")
    server = await serve(made.inbound, made.socket)
    yield made
    await close(server)
    made.socket.close()


async def test_a_mail_is_stored_where_ses_would_store_it_and_the_function_is_told_of_it(post: Post) -> None:
    code, answer = await post.send()
    await post.inbound.drain()
    assert code == 250
    [(key, raw)] = post.cloud.stored.items()
    ses = post.cloud.invoked[0]["Records"][0]["ses"]
    assert key == f"mails/inbound/{ses['mail']['messageId']}"
    assert ses["mail"]["messageId"].encode() in answer
    assert raw.endswith(MAIL)
    assert ses["receipt"]["recipients"] == ["support@desk.test"]


async def test_mail_for_other_domains_is_refused(post: Post) -> None:
    assert (await post.send(to="someone@elsewhere.test"))[0] == 550
    assert post.cloud.stored == {}


async def test_a_mail_that_cannot_be_stored_is_answered_451_and_not_handed_on(post: Post) -> None:
    def full() -> None:
        raise OSError("no space")

    post.cloud.storing = full
    assert (await post.send())[0] == 451
    assert post.cloud.invoked == []
    assert post.inbound.busy == 0


async def test_a_function_that_fails_twice_is_run_a_third_time(post: Post) -> None:
    post.cloud.failures = 2
    await post.send()
    await post.inbound.drain()
    assert len(post.cloud.invoked) == 3
    assert post.cloud.dead == []


async def test_a_mail_whose_function_always_fails_is_a_dead_letter_with_its_event(post: Post) -> None:
    post.cloud.failures = 99
    await post.send()
    await post.inbound.drain()
    assert len(post.cloud.invoked) == 3
    [letter] = map(json.loads, post.cloud.dead)
    assert letter["requestPayload"] == post.cloud.invoked[0]
    assert letter["requestContext"]["condition"] == "RetriesExhausted"


async def test_a_line_longer_than_smtp_allows_is_taken_as_ses_takes_it(post: Post) -> None:
    assert (await post.send(b"Subject: long\r\n\r\n" + b"y" * 1_000_000 + b"\r\n"))[0] == 250


async def test_a_mail_said_to_be_above_the_size_limit_is_refused_before_it_is_sent(post: Post) -> None:
    def say() -> int:
        with smtplib.SMTP("127.0.0.1", post.port, timeout=10) as client:
            client.ehlo()
            return client.mail("kim@example.test", [f"size={MAX_BYTES + 1}"])[0]

    assert await asyncio.to_thread(say) == 552


async def test_what_was_accepted_but_not_handled_is_handled_by_the_next_start(post: Post, tmp_path: Path) -> None:
    entry = {"function": "arn:mail", "event": {"Records": ["as it was"]}}
    (post.journal / "m1.json").write_text(json.dumps(entry))
    assert post.inbound.resume() == 1
    await post.inbound.drain()
    assert post.cloud.invoked == [entry["event"]]


async def test_what_was_handled_but_not_saved_is_handled_again_and_what_was_saved_is_not(post: Post) -> None:
    await post.send()
    await post.inbound.drain()
    assert post.inbound.resume() == 1
    await post.inbound.drain()
    assert len(post.cloud.invoked) == 2
    post.saved_at = 32_503_680_000.0
    assert post.inbound.resume() == 0
    assert list(post.journal.iterdir()) == []
