"""Mail in: an SMTP server that does what SES does: first the raw mail into the bucket, then the function.

A mail is answered 250 once it lies in the bucket and in a journal on disk. The function is then run a few mails at a
time (SES and Lambda would run as many as come), tried three times as an asynchronous invocation is, and what still fails
goes to the function's dead-letter queue. An entry leaves the journal once the emulator has saved what came of it. What
the journal holds at a start is what a crash interrupted or undid: it is run again, which the function does not mind.
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.cloud import Cloud
from local.receipt import ReceiptRule, ses_event, stored_form

MAX_BYTES: Final = 50 * 1024 * 1024
"""More than the desk takes, so that a mail that is too large is seen and judged by it."""
MAX_LINE_BYTES: Final = 16 * 1024 * 1024
AT_ONCE: Final = max(2, os.cpu_count() or 1)
ATTEMPTS: Final = 3
RETRY_SECONDS: Final = 1.0
TIDY_SECONDS: Final = 5.0
logger = logging.getLogger("desk.smtp")


class _Server(SMTP):
    """Takes lines longer than RFC 5321 allows: they are common, and SES takes them."""

    line_length_limit = MAX_LINE_BYTES


class Inbound:
    """Takes mail and hands it on.

    Args:
        cloud: where bucket, function and dead-letter queue are.
        journal: folder of the mails whose outcome is not safe on disk: `.json` not handled, `.done` not saved.
        saved_at: the instant (seconds since 1970) of the emulator's last saved state.
        rules: gives the deployed receipt rules.
        dead_letters: URL of the function's dead-letter queue.
        clock: the desk's time.
    """

    def __init__(
        self,
        cloud: Cloud,
        journal: Path,
        saved_at: Callable[[], float],
        rules: Callable[[], tuple[ReceiptRule, ...]],
        dead_letters: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._cloud = cloud
        self._journal = journal
        self._saved_at = saved_at
        self._rules = rules
        self._dead_letters = dead_letters
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._receiving = 0

    @property
    def busy(self) -> int:
        """Mails being received or handled."""
        return self._receiving + len(self._tasks)

    def forget_saved(self) -> None:
        """Drops from the journal what the emulator has saved."""
        saved_at = self._saved_at()
        for entry in self._journal.glob("*.done"):
            if entry.stat().st_mtime < saved_at:
                entry.unlink()

    def resume(self) -> int:
        """Starts anew what an earlier run did not finish; returns how many mails that are."""
        self._journal.mkdir(parents=True, exist_ok=True)
        self.forget_saved()
        for undone in self._journal.glob("*.done"):
            undone.rename(undone.with_suffix(".json"))
        left = sorted(self._journal.glob("*.json"))
        for entry in left:
            self._start(entry, json.loads(entry.read_text(encoding="utf-8")))
        return len(left)

    async def drain(self) -> None:
        """Returns once every mail that was accepted is handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes any address of the desk's mailboxes, and no other."""
        if not any(rule.takes(address) for rule in self._rules()):
            return "550 5.1.1 This desk has no such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Stores a mail and starts the function; 451 if that is not possible now, so that the sender tries again."""
        self._receiving += 1
        try:
            raw = envelope.original_content or b""
            message_id = await self._receive(raw, session, envelope)
        except Exception:
            logger.exception("a mail could not be stored")
            return "451 4.3.0 The mail could not be stored; try again later"
        finally:
            self._receiving -= 1
        return f"250 OK {message_id}"

    async def _receive(self, raw: bytes, session: Session, envelope: Envelope) -> str:
        rules = self._rules()
        sender, at, peer = envelope.mail_from or "", self._clock(), session.host_name or "unknown"
        ids = []
        for rule in rules:
            recipients = [address for address in envelope.rcpt_tos if rule.takes(address)]
            if not recipients:
                continue
            message_id = secrets.token_hex(20)
            stored = stored_form(raw, message_id=message_id, sender=sender, recipient=recipients[0], peer=peer, at=at)
            await asyncio.to_thread(
                self._cloud.objects.put_object, Bucket=rule.bucket, Key=f"{rule.prefix}{message_id}", Body=stored
            )
            event = ses_event(stored, message_id=message_id, sender=sender, recipients=recipients, rule=rule, at=at)
            entry = await asyncio.to_thread(self._note, message_id, {"function": rule.function, "event": event})
            self._start(entry, {"function": rule.function, "event": event})
            ids.append(message_id)
        return ids[0]

    def _note(self, message_id: str, content: dict[str, Any]) -> Path:
        unfinished = self._journal / f"{message_id}.tmp"
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        return unfinished.rename(self._journal / f"{message_id}.json")

    def _start(self, entry: Path, content: dict[str, Any]) -> None:
        task = asyncio.create_task(self._handle(entry, content))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, entry: Path, content: dict[str, Any]) -> None:
        fault: str | None = None
        async with self._slots:
            for attempt in range(ATTEMPTS):
                await asyncio.sleep(RETRY_SECONDS * attempt)
                fault = await asyncio.to_thread(self._invoke, content)
                if fault is None:
                    break
            if fault is not None:
                await asyncio.to_thread(self._bury, content, fault)
            await asyncio.to_thread(_finish, entry)

    def _invoke(self, content: dict[str, Any]) -> str | None:
        try:
            answer = self._cloud.functions.invoke(
                FunctionName=content["function"], Payload=json.dumps(content["event"]).encode()
            )
        except Exception as error:  # noqa: BLE001 - any failure to run the function is a failed attempt
            return repr(error)
        return answer["Payload"].read().decode(errors="replace") if answer.get("FunctionError") else None

    def _bury(self, content: dict[str, Any], fault: str) -> None:
        letter = {
            "version": "1.0",
            "requestContext": {
                "functionArn": content["function"],
                "condition": "RetriesExhausted",
                "approximateInvokeCount": ATTEMPTS,
            },
            "requestPayload": content["event"],
            "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
            "responsePayload": fault,
        }
        self._cloud.queues.send_message(QueueUrl=self._dead_letters, MessageBody=json.dumps(letter))


def _finish(entry: Path) -> None:
    """Notes that a mail is handled, and when."""
    done = entry.rename(entry.with_suffix(".done"))
    done.touch()


async def tidy(inbound: Inbound) -> None:
    """Keeps the journal short."""
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        await asyncio.to_thread(inbound.forget_saved)


async def serve(inbound: Inbound, taken: socket.socket) -> asyncio.Server:
    """Serves SMTP on a socket that is bound."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: _Server(
            inbound,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="desk.test",
            ident="Help desk",
            loop=loop,
        ),
        sock=taken,
    )


async def close(server: asyncio.Server) -> None:
    """Takes no more connections; those that are open may finish what they say for a few seconds."""
    server.close()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.wait_closed(), 5)
    server.close_clients()
