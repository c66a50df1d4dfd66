"""The emulator as the launcher sees it: a child process, AWS clients for it, and what it still has to do."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import boto3
import botocore.config

from local.build import ACCOUNT, REGION, Outputs
from local.options import HOST, ROOT, CannotStart, free_port

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

PYTHON: Final = ROOT / ".venv-cloud" / "bin" / "python"
SAVED_STATE: Final = "desk_streams.json"
"""The file of `local.engine` that each save writes."""
STARTS_WITHIN_SECONDS: Final = 60.0
STOPS_WITHIN_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.02
STABLE_SECONDS: Final = 0.06
"""How long nothing must be in flight: schedules hand their invocation to a thread that needs a moment to appear."""


class Emulator:
    """The emulator's process.

    Args:
        data_dir: where it keeps its state.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._process: asyncio.subprocess.Process | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """What it and the functions write."""
        return self._data_dir / "logs" / "emulator.log"

    async def start(self) -> None:
        """Starts it, on the port it had last time if that is free, and waits until it answers.

        Raises:
            CannotStart: it ended or does not answer.
        """
        if not PYTHON.exists():
            raise CannotStart("The emulator is not installed (.venv-cloud is missing): run `make run`.")
        remembered = self._data_dir / "emulator-port"
        last = remembered.read_text(encoding="utf-8").strip() if remembered.exists() else ""
        self.port = free_port(int(last) if last.isdigit() else None)
        remembered.write_text(str(self.port), encoding="utf-8")
        self.log.parent.mkdir(exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C is for the launcher alone, which ends this in order. Should the launcher be
            # killed, its end of the pipe closes and the emulator saves and ends by itself.
            self._process = await asyncio.create_subprocess_exec(
                *(PYTHON, "-m", "local.emulator", "--data-dir", self._data_dir, "--port", str(self.port)),
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await self._answers(time.monotonic() + STARTS_WITHIN_SECONDS)

    async def _answers(self, until: float) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(f"{self.url}/_desk/work", timeout=aiohttp.ClientTimeout(total=5)):
                        return
                if not self.running or time.monotonic() > until:
                    raise CannotStart(f"The emulator does not start; the reason is in {self.log}")
                await asyncio.sleep(POLL_SECONDS)

    def saved_at(self) -> float:
        """The instant of its last saved state, in seconds since 1970; 0 when there is none."""
        try:
            saved = json.loads((self._data_dir / "state" / SAVED_STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0.0
        return float(saved["payload"]["at"])

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.returncode is None

    async def ended(self) -> None:
        """Returns when its process has ended."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """Lets it save and end, with all its workers."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOPS_WITHIN_SECONDS)
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


@dataclass(frozen=True)
class Cloud:
    """AWS as the emulator gives it.

    Attributes:
        url: the emulator's address.
        outputs: of the deployed stack.
    """

    url: str
    outputs: Outputs

    def _client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes clients of any kind
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",  # noqa: S106 - the emulator takes any
            config=botocore.config.Config(
                read_timeout=120, max_pool_connections=32, retries={"max_attempts": 1}, signature_version="s3v4"
            )
            if service == "s3"
            else botocore.config.Config(read_timeout=120, max_pool_connections=32, retries={"max_attempts": 1}),
        )

    @cached_property
    def functions(self) -> "LambdaClient":
        """Lambda."""
        client: LambdaClient = self._client("lambda")
        return client

    @cached_property
    def objects(self) -> "S3Client":
        """S3."""
        client: S3Client = self._client("s3")
        return client

    @cached_property
    def queues(self) -> "SQSClient":
        """SQS."""
        client: SQSClient = self._client("sqs")
        return client

    @cached_property
    def users(self) -> "CognitoIdentityProviderClient":
        """Cognito."""
        client: CognitoIdentityProviderClient = self._client("cognito-idp")
        return client


async def restoring[T](session: aiohttp.ClientSession, url: str, write: Callable[[], T]) -> T:
    """Runs what writes a past: nothing of it goes through the table's stream, and functions begin anew after it."""
    async with session.post(f"{url}/_desk/past/begin") as answer:
        answer.raise_for_status()
    try:
        return await asyncio.to_thread(write)
    finally:
        async with session.post(f"{url}/_desk/past/end") as answer:
            answer.raise_for_status()


async def work(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """What the emulator still has to do (`local.engine.work`)."""
    async with session.get(f"{url}/_desk/work") as response:
        answer: dict[str, Any] = await response.json()
        return answer
