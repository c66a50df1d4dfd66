"""The few things of the emulator's insides that the desk on one machine needs, named and explained in one place.

Written against the pinned version of the emulator (`requirements/cloud.txt`): whatever reaches below its public surface
is here and in `local.indexes`, so that an upgrade has two files to look at.
"""

import asyncio
import base64
import contextvars
import email.message
import email.policy
import gc
import hashlib
import importlib
import io
import json
import logging
import os
import secrets
import shutil
import signal
import threading
import time
import zipfile
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from local import indexes

logger = logging.getLogger("desk")
CHILD_SAVE_LIMIT_SECONDS = 60.0
KEPT_LOG_STREAMS = 50  # a function; the emulator makes one an invocation
KEPT_RECORDS = 500
LOG_BYTES = 20_000_000
STREAMS = "desk_streams"  # our own state file, beside the emulator's
DATA = ("dynamodb", "sqs", STREAMS)
RECEIPT_RULES = "receipt-rules"  # folder below the data directory: one file a deployed SES receipt rule


def _service(name: str) -> Any:  # noqa: ANN401 - the emulator is not installed where types are checked
    return importlib.import_module(f"ministack.services.{name}")


def prepare(data_dir: Path) -> None:
    """Adds to the emulator what it lacks; to be called once, before it serves."""
    _wait_less_for_logs()
    _take_few_batches_at_once()
    _write_logs_to(data_dir / "logs" / "functions.log")
    _count_invocations_of_their_own_thread()
    _share_layers(data_dir / "layers")
    _keep_unread_stream_records()
    _keep_a_past_off_the_stream()
    indexes.keep_sorted()
    _accept_missing_types(data_dir / RECEIPT_RULES)


def finish() -> None:
    """Ends every Lambda worker."""
    importlib.import_module("ministack.core.lambda_runtime").reset()


def _wait_less_for_logs() -> None:
    """Answers without waiting up to 50 ms for a first log line; what comes later is with the next invocation's."""
    worker = importlib.import_module("ministack.core.lambda_runtime").Worker
    first_line, quiet_for, at_most = 0.003, 0.002, 0.25
    worker._drain_stderr_bounded.__defaults__ = (first_line, quiet_for, at_most)  # noqa: SLF001


def _take_few_batches_at_once() -> None:
    """Lets a queue start as many workers as the machine has processors, if it may start more: each costs a process and its start."""
    functions = _service("lambda_svc")
    allowed = functions._sqs_esm_concurrency  # noqa: SLF001
    most = max(2, os.cpu_count() or 1)
    functions._sqs_esm_concurrency = lambda *asked, **more: min(most, allowed(*asked, **more))  # noqa: SLF001


def _write_logs_to(path: Path) -> None:
    """Appends what the functions log to a file, each line with the function's name in front."""
    path.parent.mkdir(exist_ok=True)
    lines = logging.getLogger("desk.functions")
    lines.propagate = False
    lines.setLevel(logging.INFO)
    lines.addHandler(RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"))
    functions = _service("lambda_svc")
    original = functions._emit_lambda_logs  # noqa: SLF001

    def emit(func: dict[str, Any], request_id: str, text: str, *rest: Any, **more: Any) -> None:  # noqa: ANN401 - passed on
        name = (func.get("config") or func).get("FunctionName", "")
        for line in (text or "").splitlines():
            lines.info("%s %s", name, line)
        original(func, request_id, text, *rest, **more)

    functions._emit_lambda_logs = emit  # noqa: SLF001


# --- what is in flight ---------------------------------------------------------------------------------------------


class _InvocationThread(threading.Thread):
    """A thread that counts while it lives, if it carries an invocation.

    Asynchronous invocations (which sleep between their retries) and those by schedules run on threads that the emulator
    lets go of; without a count of them the desk would look idle while one waits for its second attempt.
    """

    pending = 0
    lock = threading.Lock()

    def start(self) -> None:
        target = getattr(self, "_target", None)
        by_context = isinstance(getattr(target, "__self__", None), contextvars.Context)
        self.counts = by_context or getattr(target, "__name__", "") == "_execute_function_with_config_scope"
        self._count(1)
        super().start()

    def run(self) -> None:
        try:
            super().run()
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        if self.counts:
            with _InvocationThread.lock:
                _InvocationThread.pending += change


class _Threading:
    """The module `threading`, with that class for its `Thread`."""

    Thread = _InvocationThread

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for a module
        return getattr(threading, name)


def _count_invocations_of_their_own_thread() -> None:
    for name in ("lambda_svc", "eventbridge"):
        _service(name).threading = _Threading()


def work() -> dict[str, Any]:
    """Returns what the desk still has to do.

    `queued` counts the messages of queues that a function reads, in flight or not; `unread` the stream records that no
    mapping has passed; `running` invocations of any kind. `dead` holds the messages of the queues nobody reads.
    """
    functions = _service("lambda_svc")
    mappings = [mapping for _, _, mapping in functions._iter_all_esms() if mapping.get("Enabled", True)]  # noqa: SLF001
    read = {mapping.get("EventSourceArn", "") for mapping in mappings}
    queued: dict[str, int] = {}
    dead: dict[str, int] = {}
    for queue in _service("sqs")._queues.to_dict().values():  # noqa: SLF001
        arn = queue.get("attributes", {}).get("QueueArn", "")
        waiting = sum(not _held_back(message) for message in queue["messages"])
        if waiting:
            (queued if arn in read else dead)[queue["name"]] = waiting
    running, by_function = functions.executions_in_flight()
    unread = {m["EventSourceArn"]: _unread(m) for m in mappings if ":dynamodb:" in m.get("EventSourceArn", "")}
    batches = sum(functions._esm_inflight.values())  # noqa: SLF001
    return {
        "idle": not (queued or any(unread.values()) or running or batches or _InvocationThread.pending),
        "queued": queued,
        "unread": sum(unread.values()),
        "running": by_function,
        "pending": _InvocationThread.pending,
        "dead": dead,
        "functions": len(functions._functions._data),  # noqa: SLF001
    }


def _held_back(message: dict[str, Any]) -> bool:
    """Whether a message was sent for later and nobody has received it: that is time's to do, and nothing in flight."""
    return not message.get("receive_count") and message.get("visible_at", 0) > time.time()


def _unread(mapping: dict[str, Any]) -> int:
    account, region, table = _scope(mapping["EventSourceArn"])
    position = _service("lambda_svc")._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"])  # noqa: SLF001
    end = _service("dynamodb").stream_end_position(table, account_id=account, region=region)
    return int(end - position) if position is not None else 0


def _scope(stream_arn: str) -> tuple[str, str, str]:
    _, _, _, region, account, resource = stream_arn.split(":", 5)
    return account, region, resource.split("/")[1]


# --- types of resources ----------------------------------------------------------------------------------------------


def _accept_missing_types(folder: Path) -> None:
    """Lets the very template that is deployed to AWS be deployed here.

    CloudFormation's emulation refuses SES receipt rules: they are accepted and written down, and the SMTP server does
    what they say. It runs the function behind a bucket deployment, which needs the AWS CLI: nothing is copied, as the
    gateway serves the pages from where they are built.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def path(rule: str) -> Path:
        return folder / f"{rule}.json"

    def create_rule(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        name = properties.get("Rule", {}).get("Name") or f"{stack}-{logical_id}"
        path(name).write_text(json.dumps(properties, indent=2), encoding="utf-8")
        return name, {}

    def update_rule(name: str, _old: object, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, Any]]:
        path(name).write_text(json.dumps(properties, indent=2), encoding="utf-8")
        return name, {}

    def delete_rule(name: str, _properties: object) -> None:
        path(name).unlink(missing_ok=True)

    def create_nothing(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        return properties.get("RuleSetName") or f"{stack}-{logical_id}", {}

    def update_nothing(name: str, _old: object, _new: object, _stack: str) -> tuple[str, dict[str, Any]]:
        return name, {}

    def delete_nothing(_name: str, _properties: object) -> None:
        return None

    nothing = {"create": create_nothing, "update": update_nothing, "delete": delete_nothing}
    types = importlib.import_module("ministack.services.cloudformation.provisioners")._RESOURCE_HANDLERS  # noqa: SLF001
    types["AWS::SES::ReceiptRule"] = {"create": create_rule, "update": update_rule, "delete": delete_rule}
    types["AWS::SES::ReceiptRuleSet"] = types["Custom::CDKBucketDeployment"] = nothing


# --- layers --------------------------------------------------------------------------------------------------------


def _share_layers(folder: Path) -> None:
    """Unpacks each layer once for all workers.

    The emulator unpacks and compiles a layer again for every worker it starts, seconds of CPU each. It is given instead a
    layer of one file that names the shared copy, put before the emulator's own packages as the layer itself would be.
    """
    functions = _service("lambda_svc")
    original = functions._resolve_layer_zip  # noqa: SLF001
    pointers: dict[str, bytes] = {}
    lock = threading.Lock()

    def shared(attachment: str | dict[str, Any]) -> bytes | None:
        packed = original(attachment)
        if packed is None:
            return None
        arn = attachment if isinstance(attachment, str) else attachment.get("Arn", "")
        with lock:
            if arn not in pointers:
                pointers[arn] = _pointer(_unpacked(packed, folder))
            return pointers[arn]

    functions._resolve_layer_zip = shared  # noqa: SLF001


def _unpacked(packed: bytes, folder: Path) -> Path:
    target = folder / hashlib.sha256(packed).hexdigest()[:32]
    if not target.exists():
        fresh = target.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(fresh)
        fresh.rename(target)
    return target


def _pointer(layer: Path) -> bytes:
    folders = [*layer.glob("python/lib/python*/site-packages"), layer / "python"]
    paths = [str(folder) for folder in folders if folder.is_dir()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        line = f"import sys; sys.path[:0] = {paths!r}\n"
        archive.writestr("python/lib/python3.13/site-packages/shared_layer.pth", line)
    return packed.getvalue()


# --- saving --------------------------------------------------------------------------------------------------------


class _Snapshot:
    """The instant that a forked child saves; none in the emulator itself, which saves what is."""

    at: float | None = None


def _keep_unread_stream_records() -> None:
    """Saves and loads the table's stream with the table.

    The emulator forgets the records at a restart but remembers how far they were read, so it would lose those not yet
    read and then skip as many new ones. Kept here: the unread records, and how many came before them.
    """
    app: Any = importlib.import_module("ministack.app")
    state_map = app._build_persistence_save_dict  # noqa: SLF001
    loading = app._load_persisted_state  # noqa: SLF001

    def with_streams() -> dict[str, Any]:
        return {**state_map(), STREAMS: _streams}

    def load() -> None:
        loading()
        _restore_streams(importlib.import_module("ministack.core.persistence").load_state(STREAMS))

    app._build_persistence_save_dict = with_streams  # noqa: SLF001
    app._load_persisted_state = load  # noqa: SLF001


_past = threading.Event()


def restore_past(*, on: bool) -> bool:
    """Says whether what is written from now on is a restored past. As on AWS, restoring goes through no stream.

    When it ends, functions begin anew: what they know of lists is younger than what came.
    """
    if on:
        _past.set()
    else:
        _past.clear()
        finish()
        gc.freeze()  # thousands of tickets that are to stay are not looked through at every collection
    return on


def put_items(table_name: str, lines: bytes) -> int:
    """Puts items, one a line as JSON of DynamoDB, into a table and into no stream; gives their number.

    For many at once: it takes a hundredth of what as many calls cost.
    """
    tables = _service("dynamodb")
    table = next(one for (_, _, name), one in tables._tables.all_items() if name == table_name)  # noqa: SLF001
    gc.disable()  # it would look through all items there are again and again
    try:
        items = [json.loads(line) for line in lines.splitlines()]
        for item in items:
            table["items"].setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = item
        tables._items_replaced(table)  # noqa: SLF001 - so that its indexes are made anew
    finally:
        gc.enable()
    return len(items)


def _keep_a_past_off_the_stream() -> None:
    tables = _service("dynamodb")
    original = tables._emit_stream_event  # noqa: SLF001

    def emit(*change: Any, **more: Any) -> None:  # noqa: ANN401 - passed on
        if not _past.is_set():
            original(*change, **more)

    tables._emit_stream_event = emit  # noqa: SLF001


def _streams() -> dict[str, Any]:
    tables = _service("dynamodb")
    saved = []
    for (account, region, table), records in list(tables._stream_records.all_items()):  # noqa: SLF001
        trimmed = tables._stream_trimmed.get_scoped(account, region, table, 0)  # noqa: SLF001
        read = max(_read_to(account, region, table, default=trimmed), trimmed)
        kept = records[read - trimmed :]
        saved.append(
            {"scope": [account, region, table], "trimmed": trimmed + len(records) - len(kept), "records": kept}
        )
    positions = _service("lambda_svc")._dynamodb_stream_positions  # noqa: SLF001
    return {
        "at": _Snapshot.at or time.time(),
        "streams": saved,
        "positions": [[*key, value] for key, value in list(positions.all_items())],
    }


def _read_to(account: str, region: str, table: str, *, default: int) -> int:
    functions = _service("lambda_svc")
    positions = []
    for _, _, mapping in functions._iter_all_esms():  # noqa: SLF001
        arn = mapping.get("EventSourceArn", "")
        if ":dynamodb:" in arn and _scope(arn) == (account, region, table):
            position = functions._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"])  # noqa: SLF001
            positions.append(default if position is None else int(position))
    return min(positions, default=default)


def _restore_streams(state: dict[str, Any] | None) -> None:
    tables = _service("dynamodb")
    positions = _service("lambda_svc")._dynamodb_stream_positions  # noqa: SLF001
    for account, region, mapping, position in (state or {}).get("positions", []):
        positions.set_scoped(account, region, mapping, position)
    for stream in (state or {}).get("streams", []):
        account, region, table = stream["scope"]
        tables._stream_records.set_scoped(account, region, table, stream["records"])  # noqa: SLF001
        tables._stream_trimmed.set_scoped(account, region, table, stream["trimmed"])  # noqa: SLF001


async def save_in_child(*, everything: bool) -> bool:
    """Saves state from a forked child, which sees one instant of it and holds nobody up.

    Args:
        everything: Also what only a deployment changes; that is large, for it holds the layers.

    Returns:
        Whether the child finished its work.
    """
    app = importlib.import_module("ministack.app")
    persistence = importlib.import_module("ministack.core.persistence")
    before = time.time()
    child = os.fork()
    if child == 0:
        try:
            _Snapshot.at = before
            _copy_nothing()
            states = app._build_persistence_save_dict()  # noqa: SLF001
            persistence.save_all({name: state for name, state in states.items() if everything or name in DATA})
            os._exit(0)
        finally:
            os._exit(1)
    until = time.monotonic() + CHILD_SAVE_LIMIT_SECONDS
    while True:
        done, status = os.waitpid(child, os.WNOHANG)  # noqa: ASYNC222 - it does not wait
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        await asyncio.sleep(0.02)


def _copy_nothing() -> None:
    """In the child, which nobody changes anything under: the emulator would copy all tables before it writes them."""
    gc.disable()
    copying: Any = importlib.import_module("copy")
    copying.deepcopy = lambda value, *_: value


def trim_logs() -> None:
    """Drops all but the newest log streams of each function and the oldest records of events and mails.

    The emulator keeps every line ever logged in memory and in its state; what a person wants to read is in `logs/`.
    """
    for group in list(_service("cloudwatch_logs")._log_groups.to_dict().values()):  # noqa: SLF001
        streams = group["streams"]
        for name in list(streams)[:-KEPT_LOG_STREAMS]:
            streams.pop(name, None)
    for records in (_service("eventbridge")._events_log, _service("ses")._sent_emails):  # noqa: SLF001
        for entries in list(records.to_dict().values()):
            del entries[:-KEPT_RECORDS]


# --- mail out ------------------------------------------------------------------------------------------------------


def keep_mail(folder: Path, request: dict[str, Any]) -> None:
    """Writes a mail handed to SES as `{id}.eml`, with its envelope in `{id}.json`; ids sort by time."""
    identity = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    content = request.get("Content", {})
    raw = base64.b64decode(content["Raw"]["Data"]) if "Raw" in content else _composed(request)
    destination = request.get("Destination", {})
    to = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in destination.get(kind) or []]
    (folder / f"{identity}.eml").write_bytes(raw)
    envelope = {"id": identity, "from": request.get("FromEmailAddress", ""), "to": to}
    unfinished = folder / f"{identity}.tmp"
    unfinished.write_text(json.dumps(envelope, ensure_ascii=False), encoding="utf-8")
    unfinished.rename(folder / f"{identity}.json")


def _composed(request: dict[str, Any]) -> bytes:
    simple = request["Content"].get("Simple", {})
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = request.get("FromEmailAddress", "")
    message["To"] = ", ".join(request.get("Destination", {}).get("ToAddresses") or [])
    message["Subject"] = simple.get("Subject", {}).get("Data", "")
    message.set_content(simple.get("Body", {}).get("Text", {}).get("Data", ""))
    page = simple.get("Body", {}).get("Html", {}).get("Data")
    if page:
        message.add_alternative(page, subtype="html")
    return message.as_bytes()
