"""A whole desk in one process: the real handlers over moto, wired to one another as `contracts/topology.py` says.

What AWS does between functions is played here and nowhere else: API Gateway's events, SES's, the table's stream, the bus,
queues with redelivery and dead letters. It happens when a test says so (`settle`), in the order the test wants.
"""

import base64
import contextlib
import copy
import functools
import importlib
import io
import json
import logging
import os
import random
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from types import ModuleType
from typing import Any, cast

import boto3
import pytest
from botocore.client import BaseClient
from botocore.session import Session as BotocoreSession
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.dynamo_type import Item as MotoItem
from moto.dynamodb.models.table import Table as MotoTable

from helpdesk import bootstrap
from helpdesk.contracts import environment as names
from helpdesk.contracts import topology
from helpdesk.contracts.table import EVENT_PREFIX
from helpdesk.desk import store as desk_store
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import format_instant
from helpdesk.mail import template_store
from helpdesk.platform import observability
from helpdesk.platform.table import bind_table
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Message, Ticket
from helpdesk.wiring import ground
from tests.support.desk import SUPPORT_ADDRESS, desk_for_tests
from tests.support.quick_moto import hurry
from tests.support.table import create_table
from tests.support.wire import AwsCall, Proceed, observing

ACCOUNT = "123456789012"
REGION = "us-east-1"
TABLE, BUS, MAIL_BUCKET, FILES_BUCKET, SECRET = "desk", "desk", "desk-mail", "desk-files", "desk-signing"
TICK_QUEUE, WEBHOOK_QUEUE = "desk-sla-ticker", "desk-webhooks"
BASE_URL = "https://desk.test"
MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Ten o'clock in Seoul."""

MAX_RECEIVES = 5
VISIBILITY = timedelta(seconds=180)
"""Of most queues, as infra/ sets them: six times a consumer's 30 seconds."""

ENVIRONMENT = {
    names.TABLE: TABLE,
    names.BUS: BUS,
    names.MAIL_BUCKET: MAIL_BUCKET,
    names.FILES_BUCKET: FILES_BUCKET,
    names.SECRET: SECRET,
    names.BASE_URL: BASE_URL,
    names.CLOCK: "system",
    names.TICK_QUEUE: TICK_QUEUE,
    names.STAGE: "tests",
    names.WEBHOOK_QUEUE: WEBHOOK_QUEUE,
    names.OUTBOUND: "local",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}


class HandClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@dataclass(frozen=True, slots=True)
class Answered:
    """What a caller of the API got."""

    status: int
    headers: Mapping[str, str]
    body: Any
    raw: str
    cookies: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def ok(self) -> "Answered":
        assert self.status < 300, (self.status, self.raw)
        return self

    def refused(self, status: int, code: str | None = None) -> "Answered":
        """Checks that it is a refusal in the desk's one form."""
        assert self.status == status, (self.status, self.raw)
        assert self.headers["content-type"] == "application/problem+json"
        assert self.body["status"] == status
        assert self.body["type"] == f"urn:helpdesk:problem:{self.body['code']}"
        assert self.body["title"]
        assert self.body["detail"]
        if code is not None:
            assert self.body["code"] == code
        return self

    @property
    def pointers(self) -> set[str]:
        """The fields that a refusal names."""
        return {error["pointer"] for error in self.body.get("errors", ())}


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that left through SES."""

    id: str
    to: str
    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["subject"])

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain",))
        return part.get_content() if part is not None else ""

    @property
    def html(self) -> str:
        part = self.mail.get_body(("html",))
        return part.get_content() if part is not None else ""

    @property
    def reply_to(self) -> str:
        return str(self.mail["reply-to"] or self.mail["from"])

    @property
    def message_id(self) -> str:
        """As the recipient sees it: SES puts its own in place of ours."""
        return f"<{self.id}@email.amazonses.com>"

    def link(self, part: str) -> str:
        """The first link whose path has a part, e.g. `/portal/survey/`."""
        found = re.search(rf"{re.escape(BASE_URL)}{re.escape(part)}[^\s\"'<>]*", self.text)
        assert found is not None, (part, self.text)
        return found.group()


@dataclass
class QueueMessage:
    """A message in a consumer's queue; `not_before` is when its delay ends."""

    id: str
    body: str
    receives: int = 0
    not_before: datetime | None = None


@dataclass
class Queue:
    """One consumer's queue and what it gave up on."""

    messages: deque[QueueMessage] = field(default_factory=deque)
    dead: list[QueueMessage] = field(default_factory=list)

    def ready(self, now: datetime) -> list[QueueMessage]:
        """Messages that could be received."""
        return [one for one in self.messages if one.not_before is None or one.not_before <= now]


@dataclass(frozen=True)
class Mischief:
    """What a network does to deliveries.

    Attributes:
        random: decides.
        repeats: chance that a message is delivered once more after it was handled.
        shuffled: messages come in any order.
    """

    random: random.Random
    repeats: float = 0.0
    shuffled: bool = True


class World:
    """The desk. Made by `a_world`.

    Attributes:
        clock: the desk's time.
        queues: the consumers', by name of the function.
        published: what the bus was given, oldest first.
        log: what the functions logged.
        running: name of the function at work, if one is.
    """

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.queues = {function.name: Queue() for function in topology.FUNCTIONS if function.events or function.ticks}
        self.published: list[dict[str, Any]] = []
        self.log = io.StringIO()
        self.running: str | None = None
        self._read_to = 0
        self._mails = 0
        self._ids = 0

    # --- containers ---

    def restart(self) -> None:
        """New containers: nothing that a function kept in memory is left. What is stored stays."""
        for module in _modules():
            for value in vars(module).values():
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()
        _log_to(self.log)

    def invoke(self, function: topology.Function, event: object) -> Any:
        """Starts a function, as Lambda does."""
        self.running = function.name
        try:
            return handler_of(function)(event, None)
        finally:
            self.running = None

    # --- HTTP ---

    def api(
        self,
        method: str,
        target: str,
        body: object = None,
        *,
        token: str | None = None,
        agent: str | None = None,
        headers: Mapping[str, str] | None = None,
        ip: str = "198.51.100.7",
        cookie: str | None = None,
        session: str = "",
    ) -> Answered:
        """Calls the API as API Gateway would.

        Args:
            method: of HTTP.
            target: path and query.
            body: sent as JSON; bytes are sent as they are.
            token: a requester's access token.
            agent: who is signed in, by user name; None: nobody.
            headers: more headers.
            ip: the caller's address.
            cookie: what a browser holds of a session of the portal, `name=value`.
            session: when the agent signed in, as their token says; empty: it does not.
        """
        path, _, query = target.partition("?")
        function, route, params = find_route(method, path)
        if route.auth is topology.Auth.AGENT and agent is None:
            return Answered(401, {}, {"message": "Unauthorized"}, '{"message":"Unauthorized"}')  # the gateway's own
        event = api_event(method, path, query, route, params)
        sent = {"content-type": "application/json", **{k.lower(): v for k, v in (headers or {}).items()}}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        event["headers"] = sent
        event["requestContext"]["http"]["sourceIp"] = ip
        if cookie is not None:
            event["cookies"] = [cookie]
        if agent is not None:
            claims = {"username": agent, "token_use": "access", "sub": "0f1e", "scope": "openid"}
            claims |= {"auth_time": session} if session else {}
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
        if body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            event |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
        answer = self.invoke(function, event)
        self._a_moment()
        raw_answer = answer.get("body", "")
        return Answered(
            answer["statusCode"],
            answer["headers"],
            json.loads(raw_answer) if raw_answer else None,
            raw_answer,
            tuple(answer.get("cookies", ())),
        )

    def page(
        self,
        target: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        cookie: str | None = None,
        ip: str = "198.51.100.7",
        method: str = "GET",
    ) -> Answered:
        """Opens a page of the help centre as a browser would, or sends a form of it; `body` is None."""
        from urllib.parse import urlencode  # noqa: PLC0415

        path, _, query = target.partition("#")[0].partition("?")
        event = api_event("POST" if form is not None else method, path, query, topology.Route("ANY", "$default"), {})
        event["headers"] = {name.lower(): value for name, value in (headers or {}).items()}
        if token is not None:
            event["headers"]["authorization"] = f"Bearer {token}"
        if cookie is not None:
            event["cookies"] = [cookie]
        event["requestContext"]["http"]["sourceIp"] = ip
        if form is not None:
            event["body"] = urlencode(form)
        answer = self.invoke(topology.PORTAL, event)
        self._a_moment()
        return Answered(answer["statusCode"], answer["headers"], None, answer.get("body", ""))

    def open(self, email: str = "minsu@example.com", **fields: Any) -> Answered:
        """Opens a request by the API."""
        requester = {"email": email} | {k: fields.pop(k) for k in ("name", "locale") if k in fields}
        headers = {"Idempotency-Key": fields.pop("key")} if "key" in fields else {}
        request = {"requester": requester, "subject": "It does not print", "body": "It says 0x8007.", **fields}
        return self.api("POST", "/v1/requests", request, headers=headers).ok()

    def patch(self, ticket_id: str, agent: str, **change: Any) -> Answered:
        """Changes a ticket as it now stands."""
        version = self.ticket(ticket_id).version
        return self.api("PATCH", f"/v1/tickets/{ticket_id}", change, agent=agent, headers={"If-Match": f'"{version}"'})

    def answer(self, ticket_id: str, agent: str, body: str, **fields: Any) -> Answered:
        """An agent's message."""
        return self.api("POST", f"/v1/tickets/{ticket_id}/messages", {"body": body, **fields}, agent=agent)

    # --- mail ---

    def store_mail(self, raw: bytes) -> str:
        """What SES does first: the raw mail lies in the bucket."""
        self._mails += 1
        mail_id = f"ses{self._mails:05d}"
        boto3.client("s3").put_object(Bucket=MAIL_BUCKET, Key=topology.INBOUND_PREFIX + mail_id, Body=raw)
        return mail_id

    def mail_event(
        self, mail_id: str, recipients: Sequence[str] = (SUPPORT_ADDRESS,), verdicts: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What SES tells the mail function."""
        found = {"spam": "PASS", "virus": "PASS", "spf": "PASS", "dkim": "PASS", "dmarc": "PASS"} | dict(verdicts or {})
        receipt = {f"{name}Verdict": {"status": status} for name, status in found.items()}
        ses = {
            "mail": {"messageId": mail_id, "timestamp": format_instant(self.clock.now), "destination": [*recipients]},
            "receipt": {"recipients": [*recipients], **receipt},
        }
        return {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": ses}]}

    def mail(
        self,
        raw: bytes | EmailMessage,
        recipients: Sequence[str] = (),
        verdicts: Mapping[str, str] | None = None,
    ) -> str:
        """A mail comes in; gives SES's id of it. Its envelope names whom its To does, unless it is said here."""
        if not recipients:
            recipients = [SUPPORT_ADDRESS] if isinstance(raw, bytes) else [str(raw["To"])]
        mail_id = self.store_mail(raw if isinstance(raw, bytes) else raw.as_bytes())
        self.invoke(topology.INTAKE_MAIL, self.mail_event(mail_id, recipients, verdicts))
        self._a_moment()
        return mail_id

    @property
    def sent(self) -> list[SentMail]:
        """All mails that left, oldest first."""
        found = []
        for one in get_backend("ses")[ACCOUNT][REGION].sent_messages:
            mail = cast("EmailMessage", message_from_bytes(one.raw_data.encode(), policy=modern))
            found.append(SentMail(one.id, one.destinations[0], mail))
        return found

    def sent_to(self, address: str) -> list[SentMail]:
        """Mails to an address, oldest first."""
        return [mail for mail in self.sent if address in mail.to]

    # --- time and deliveries ---

    def advance(self, **length: float) -> datetime:
        """Moves the clock."""
        return self.clock.advance(**length)

    def _a_moment(self) -> None:
        """No two people do something in the same millisecond."""
        self.clock.advance(milliseconds=1)

    def sweep(self) -> dict[str, int]:
        """The schedule starts the sweeper."""
        return cast("dict[str, int]", self.invoke(topology.SLA_SWEEPER, {}))

    def pass_time(self, **length: float) -> None:
        """Moves the clock, and lets happen what comes of that."""
        self.advance(**length)
        self.sweep()
        self.settle()

    def settle(self, mischief: Mischief | None = None) -> None:
        """Plays stream, outbox, bus, queues and consumers until nothing is left in flight."""
        for _ in range(200):
            self.publish()
            waiting = [name for name, queue in self.queues.items() if queue.ready(self.clock.now)]
            if not waiting:
                return
            chosen = mischief.random.choice(waiting) if mischief is not None else waiting[0]
            self.deliver(chosen, mischief)
        raise AssertionError("the desk does not come to rest")

    def stream_records(self) -> list[dict[str, Any]]:
        """What the event source mapping lets through of the stream since it was last read."""
        records = [record.to_json() for record in _table().stream_shard.items[self._read_to :]]
        return [
            record
            for record in records
            if record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["sk"]["S"].startswith(EVENT_PREFIX)
        ]

    def publish(self) -> None:
        """The stream starts the outbox; what that puts on the bus lands in the queues that want it."""
        end = len(_table().stream_shard.items)
        records = self.stream_records()
        for start in range(0, len(records), 100):
            self.invoke(topology.OUTBOX, {"Records": records[start : start + 100]})
        self._read_to = end  # only now: a batch that failed comes again

    def forget_what_was_written(self) -> None:
        """Lets nobody be told of what was written so far."""
        self._read_to = len(_table().stream_shard.items)

    def deliver(self, name: str, mischief: Mischief | None = None) -> None:
        """Hands a consumer one batch of its queue; what it gives back comes again, and in the end is a dead letter."""
        function = next(function for function in topology.FUNCTIONS if function.name == name)
        queue = self.queues[name]
        if mischief is not None and mischief.shuffled:
            mischief.random.shuffle(queue.messages)
        most = function.batch_size
        size = mischief.random.randint(1, most) if mischief is not None else most
        batch = queue.ready(self.clock.now)[:size]  # until it is handled, it is not gone
        answer = self.invoke(function, {"Records": [_sqs_record(message) for message in batch]})
        for message in batch:
            queue.messages.remove(message)
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        if failed:
            self.clock.now += timedelta(seconds=6 * function.timeout_seconds)  # as infra/ sets it
        for message in batch:
            if message.id in failed:
                message.receives += 1
                (queue.dead if message.receives >= MAX_RECEIVES else queue.messages).append(message)
            elif mischief is not None and mischief.random.random() < mischief.repeats:
                queue.messages.append(message)

    @property
    def dead(self) -> list[QueueMessage]:
        """All dead letters."""
        return [message for queue in self.queues.values() for message in queue.dead]

    def checkpoint(self) -> Callable[[], None]:
        """Remembers how all stands; what it gives goes back to that. Files that came meanwhile stay."""
        table, queues = _copy_of_table(_table()), copy.deepcopy(self.queues)
        kept = (self.clock.now, self._read_to, self._mails, self._ids, list(self.published))
        letters = len(self.sent)

        def go_back() -> None:
            get_backend("dynamodb")[ACCOUNT][REGION].tables[TABLE] = _copy_of_table(table)
            del get_backend("ses")[ACCOUNT][REGION].sent_messages[letters:]
            self.queues = copy.deepcopy(queues)
            self.clock.now, self._read_to, self._mails, self._ids, published = kept
            self.published = list(published)
            self.restart()

        return go_back

    # --- looking ---

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket as it is stored."""
        found = bootstrap.ticket_store().get(ticket_id)
        assert found is not None
        return found

    def events(self, ticket_id: str) -> list[Event]:
        """A ticket's events, oldest first."""
        return [*reversed(bootstrap.ticket_store().events(ticket_id, limit=1000, position=None).items)]

    def messages(self, ticket_id: str) -> list[Message]:
        """A ticket's messages, oldest first."""
        return [*reversed(bootstrap.ticket_store().messages(ticket_id, limit=1000, position=None).items)]

    def facts(self, ticket_id: str, kind: type[Any]) -> list[Event]:
        """A ticket's events of a kind."""
        return [event for event in self.events(ticket_id) if isinstance(event.fact, kind)]

    @property
    def ticket_ids(self) -> list[str]:
        """All tickets there are, oldest first."""
        return sorted(pk.removeprefix("TICKET#") for pk, sk in self.items if sk == "TICKET")

    @property
    def items(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The whole table."""
        return {
            (item.hash_key.value, item.range_key.value): item.to_json()["Attributes"] for item in _table().all_items()
        }

    def item(self, partition: str, sort: str) -> dict[str, Any] | None:
        """One item as it lies in the table."""
        found = _table().get_item(DynamoType({"S": partition}), DynamoType({"S": sort}))
        return cast("dict[str, Any]", found.to_json()["Attributes"]) if found is not None else None

    def plant(self, attributes: dict[str, Any]) -> None:
        """Puts an item into the table past all that would count it or tell of it."""
        table = _table()
        partition, sort = DynamoType(attributes["pk"]), DynamoType(attributes["sk"])
        table.items[partition][sort] = MotoItem(partition, sort, attributes)

    def _capture(self, call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        answer = proceed()
        if call.name == "events.PutEvents":
            for entry in call.params["Entries"]:
                self._route(entry)
        if call.name == "sqs.SendMessage" and str(call.params["QueueUrl"]).endswith(f"/{WEBHOOK_QUEUE}"):
            self._keep_for_later(topology.WEBHOOKS.name, call.params)
        if call.name == "sqs.SendMessageBatch":
            self._hold_back(call.params["Entries"])
        return answer

    def _keep_for_later(self, name: str, entry: Mapping[str, Any]) -> None:
        """What a queue does whose own function puts messages into it."""
        self._ids += 1
        not_before = self.clock.now + timedelta(seconds=entry["DelaySeconds"])
        message = QueueMessage(f"{name}-{self._ids}", entry["MessageBody"], not_before=not_before)
        self.queues[name].messages.append(message)

    def _hold_back(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """What the queue of ticks does."""
        (ticker,) = [function for function in topology.FUNCTIONS if function.ticks]
        for entry in entries:
            self._ids += 1
            not_before = self.clock.now + timedelta(seconds=entry["DelaySeconds"])
            message = QueueMessage(f"tick-{self._ids}", entry["MessageBody"], not_before=not_before)
            self.queues[ticker.name].messages.append(message)

    def _route(self, entry: Mapping[str, Any]) -> None:
        """What the bus and its rules do."""
        assert entry["EventBusName"] == BUS
        self._ids += 1
        envelope = {
            "version": "0",
            "id": f"bus-{self._ids}",
            "source": entry["Source"],
            "detail-type": entry["DetailType"],
            "detail": json.loads(entry["Detail"]),
        }
        self.published.append(envelope)
        self._enqueue(envelope)

    def replay(self, envelopes: Sequence[dict[str, Any]]) -> None:
        """Events come over the bus once more, as from its archive."""
        for envelope in envelopes:
            self._ids += 1
            self._enqueue(envelope)

    def _enqueue(self, envelope: Mapping[str, Any]) -> None:
        for function in topology.FUNCTIONS:
            if envelope["detail-type"] in function.events:
                message = QueueMessage(f"{function.name}-{self._ids}", json.dumps(envelope))
                self.queues[function.name].messages.append(message)


@contextlib.contextmanager
def a_world(desk: Desk | None = None, now: datetime = MONDAY_MORNING) -> Iterator[World]:
    """A fresh desk with its configuration, gone when the block ends."""
    world = World(HandClock(now))
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        for place in (ground, bootstrap):
            patch.setattr(place, "clock", lambda: world.clock)
        patch.setattr(ground, "pause", lambda attempt: None)
        for keeper in (desk_store, template_store):  # no test depends on how fast it runs; `restart` forgets
            patch.setattr(keeper, "KEPT_SECONDS", float("inf"))
        patch.setattr(MotoTable, "__deepcopy__", lambda table, memo: table, raising=False)
        patch.setattr(DynamoDBBackend, "transact_write_items", _transact)
        patch.setattr(BotocoreSession, "create_client", _client)
        hurry(patch)
        _provide()
        world.restart()
        bind_table(TABLE)
        desk_store.DynamoDeskStore().save(desk if desk is not None else desk_for_tests())
        with observing(world._capture):
            yield world
    world.restart()


_make_client = BotocoreSession.create_client
_clients: dict[tuple[Any, ...], BaseClient] = {}


def _client(session: BotocoreSession, service_name: str, *args: Any, **kwargs: Any) -> BaseClient:
    """A client made once a process: making one costs more than most tests, and it remembers nothing."""
    options = {name: value for name, value in kwargs.items() if value is not None and name != "config"}
    config = getattr(kwargs.get("config"), "_user_provided_options", {})
    key = (service_name, args, repr(sorted(options.items(), key=str)), repr(sorted(config.items())))
    if key not in _clients:
        _clients[key] = _make_client(session, service_name, *args, **kwargs)
    return _clients[key]


def _provide() -> None:
    create_table(TABLE)
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    boto3.client("dynamodb").update_table(TableName=TABLE, StreamSpecification=stream)
    for bucket in (MAIL_BUCKET, FILES_BUCKET):
        boto3.client("s3").create_bucket(Bucket=bucket)
    boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString="a secret of the tests")
    boto3.client("events").create_event_bus(Name=BUS)
    for queue in (TICK_QUEUE, WEBHOOK_QUEUE):
        boto3.client("sqs").create_queue(QueueName=queue)
    boto3.client("sesv2").create_email_identity(EmailIdentity="desk.test")


def _table() -> MotoTable:
    return cast("MotoTable", get_backend("dynamodb")[ACCOUNT][REGION].tables[TABLE])


_write_all = DynamoDBBackend.transact_write_items


def _transact(backend: DynamoDBBackend, operations: list[dict[str, Any]]) -> None:
    """As moto does it, which copies the whole table to be able to roll back: here only what is written is copied."""
    table = backend.tables[TABLE]
    before = []
    for operation in operations:
        written = next(iter(operation.values()))
        attributes = written.get("Item") or written["Key"]
        partition, sort = DynamoType(attributes["pk"]), DynamoType(attributes["sk"])
        before.append((partition, sort, table.get_item(partition, sort)))
    kept = [(partition, sort, _copy_of_item(item) if item is not None else None) for partition, sort, item in before]
    told = len(table.stream_shard.items)
    try:
        _write_all(backend, operations)
    except Exception:
        for partition, sort, item in kept:
            if item is not None:
                table.items[partition][sort] = item
            else:
                table.items[partition].pop(sort, None)
        del table.stream_shard.items[told:]
        raise


def _copy_of_table(table: MotoTable) -> MotoTable:
    """The table as it stands, of which later changes take nothing away."""
    kept = copy.copy(table)
    kept.items = copy.copy(table.items)
    for partition, items in table.items.items():
        kept.items[partition] = {sort: _copy_of_item(item) for sort, item in items.items()}
    kept.stream_shard = copy.copy(table.stream_shard)
    kept.stream_shard.items = list(table.stream_shard.items)
    kept.stream_shard.table = kept
    return kept


def _copy_of_item(item: MotoItem) -> MotoItem:
    kept = copy.copy(item)
    kept.attrs = LimitedSizeDict()
    dict.update(kept.attrs, item.attrs)
    return kept


def _modules() -> list[ModuleType]:
    """The modules that keep things in memory from one invocation to the next."""
    kept = ("helpdesk.platform.settings", "helpdesk.platform.observability")
    return [
        module
        for name, module in list(sys.modules.items())
        if module is not None and (name in kept or name.startswith(("functions.", "helpdesk.wiring.")))
    ]


def _log_to(stream: io.StringIO) -> None:
    """Powertools keeps the standard output it found first; here it writes where a test can read it."""
    observability.logger()
    sys.excepthook = sys.__excepthook__  # Powertools would log what ends the process, into a text nobody sees any more
    for handler in logging.getLogger(os.environ["POWERTOOLS_SERVICE_NAME"]).handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(stream)


def handler_of(function: topology.Function) -> Callable[[Any, Any], Any]:
    """The callable that Lambda would call."""
    module, _, name = function.entry.rpartition(".")
    return cast("Callable[[Any, Any], Any]", getattr(importlib.import_module(module), name))


@functools.cache
def _routes() -> list[tuple[topology.Function, topology.Route, re.Pattern[str]]]:
    found = []
    for function in topology.FUNCTIONS:
        for route in function.routes:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)
            found.append((function, route, re.compile(pattern)))
    return found


@functools.cache
def _of_the_gateway() -> frozenset[topology.Route]:
    return frozenset(route for function in topology.FUNCTIONS for route in topology.gateway_routes(function))


def find_route(method: str, path: str) -> tuple[topology.Function, topology.Route, dict[str, str]]:
    """What API Gateway and the function would choose: the route that fits, literal parts before parameters, or all else."""
    fitting = [
        (function, route, match.groupdict())
        for function, route, pattern in _routes()
        if route.method == method and (match := pattern.fullmatch(path)) is not None
    ]
    if fitting:
        return min(fitting, key=lambda found: len(found[2]))
    if path.startswith("/v1/") and any(route.method == method for route in topology.DESK.routes):
        return topology.DESK, topology.Route(method, topology.ALL_OF_THE_API, topology.Auth.AGENT), {}
    return next((function, route, {}) for function, route, _ in _routes() if route.path == "$default")


def api_event(method: str, path: str, query: str, route: topology.Route, params: Mapping[str, str]) -> dict[str, Any]:
    """An event of payload format 2.0."""
    from urllib.parse import parse_qsl, unquote  # noqa: PLC0415

    path = unquote(path)
    route_key = "$default" if route.path == "$default" else f"{route.method} {route.path}"
    if route.auth is topology.Auth.AGENT and route not in _of_the_gateway():
        route_key, params = f"{method} {topology.ALL_OF_THE_API}", {"proxy": path.removeprefix("/v1/")}
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": {},
        "queryStringParameters": dict(parse_qsl(query, keep_blank_values=True)) or None,
        "pathParameters": {name: unquote(value) for name, value in params.items()} or None,
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "198.51.100.7", "userAgent": "test"},
            "routeKey": route_key,
            "stage": "$default",
            "requestId": "r",
        },
        "isBase64Encoded": False,
    }


def _sqs_record(message: QueueMessage) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "receiptHandle": "r",
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": str(message.receives + 1)},
        "eventSource": "aws:sqs",
    }
