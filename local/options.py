"""What somebody who starts the desk may decide, where its files are, and what is checked before anything is started."""

import fcntl
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent
HOST: Final = "127.0.0.1"
NODE_AT_LEAST: Final = (20, 19)


class CannotStart(Exception):
    """Something is missing or in the way; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """One desk's settings.

    Attributes:
        port: of the pages and the API.
        smtp_port: of mail in.
        data_dir: holds everything this desk keeps; desks with different ones are strangers to each other.
        demo: whether a new desk gets demo requests.
    """

    port: int
    smtp_port: int
    data_dir: Path
    demo: bool

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{HOST}:{self.port}"


def read_options(environment: Mapping[str, str]) -> Options:
    """Reads PORT, SMTP_PORT, DATA_DIR and DEMO.

    Raises:
        CannotStart: one of them is not usable.
    """
    data_dir = Path(environment.get("DATA_DIR") or ".desk")
    return Options(
        port=_port(environment, "PORT", 8080),
        smtp_port=_port(environment, "SMTP_PORT", 2525),
        data_dir=(data_dir if data_dir.is_absolute() else ROOT / data_dir).resolve(),
        demo=environment.get("DEMO", "1") not in ("0", "false", "no"),
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not re.fullmatch(r"\d{1,5}", text) or not 1 <= int(text) <= 65535:
        raise CannotStart(f"{name}={text} is not a port: set it to a number from 1 to 65535.")
    return int(text)


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Refuses any Python but 3.13, which is what the functions run on."""
    if version != (3, 13):
        raise CannotStart(f"Python 3.13 is needed, this is {version[0]}.{version[1]}: run `make run`.")


def check_node() -> None:
    """Refuses to start without Node.js, which builds the pages and runs the CDK."""
    node = shutil.which("node")
    wanted = ".".join(map(str, NODE_AT_LEAST))
    if node is None or shutil.which("npm") is None:
        raise CannotStart(f"Node.js is missing: install Node {wanted} or newer with npm (https://nodejs.org).")
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = re.match(r"v(\d+)\.(\d+)", answer)
    if found is None or (int(found[1]), int(found[2])) < NODE_AT_LEAST:
        raise CannotStart(f"Node.js {answer or '(unknown)'} is too old: install Node {wanted} or newer.")


def reserve(port: int, name: str) -> socket.socket:
    """Takes a port without answering on it yet.

    Raises:
        CannotStart: somebody else has it.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        answered = _answers(port)  # what listens on all addresses of a machine may leave this one to be bound
    except OSError:
        answered = True
    if answered:
        taken.close()
        raise CannotStart(f"Port {port} is taken: stop what uses it, or choose another with {name}=....")
    taken.setblocking(False)
    return taken


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((HOST, port)) == 0


def free_port(preferred: int | None) -> int:
    """Returns the preferred port if nobody has it, else any that is free."""
    for port in (preferred or 0, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("No port is free on this machine.")


def own(data_dir: Path) -> IO[str]:
    """Makes the data directory this process's alone until it ends.

    Raises:
        CannotStart: another desk runs on it, or it cannot be written.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "lock").open("w", encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"{data_dir} cannot be used: {error.strerror}; choose another with DATA_DIR=....") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotStart(f"A desk already runs on {data_dir}: stop it, or choose another with DATA_DIR=....") from None
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def processor() -> str:
    """The architecture that this machine's wheels are for, in Lambda's words."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
