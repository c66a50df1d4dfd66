"""Builds what a start needs and what has changed: the CDK command line, the pages, the stack. Skips what has not."""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from local.options import ROOT, CannotStart, Options, check_node, processor

ACCOUNT: Final = "000000000000"
REGION: Final = "us-east-1"
STAGE: Final = "local"
IGNORED: Final = frozenset({"node_modules", "dist", "__pycache__", "build", "cdk.out"})
DEPLOYED: Final = (
    *("helpdesk", "functions", "infra", "cdk.json"),
    *(f"requirements/{layer}.txt" for layer in ("lambda", "training", "verifying")),
)
PAGES: Final = ROOT / "web"
CDK: Final = ROOT / "infra" / "node_modules" / ".bin" / "cdk"
SHOWN_LINES: Final = 25

type Say = Callable[[str], None]
type Outputs = Mapping[str, str]


def fingerprint(paths: Iterable[str], extra: str = "", root: Path = ROOT) -> str:
    """Names a set of files and folders by their content (and by `extra`)."""
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        for file in _files(root / path):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(root)}\0{content}\n".encode())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, names in path.walk():
        folders[:] = sorted(name for name in folders if name not in IGNORED)
        # A linked folder is listed among the files.
        yield from (folder / name for name in sorted(names) if name not in IGNORED and not name.endswith(".pyc"))


def aws_environment(endpoint: str) -> dict[str, str]:
    """The variables with which AWS's tools talk to the emulator."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


async def command(arguments: list[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Runs a program quietly; nothing of it outlives this call.

    Raises:
        CannotStart: it failed; the message ends with the last lines it wrote.
    """
    process = await asyncio.create_subprocess_exec(
        *map(str, arguments),
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        written, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
    if process.returncode:
        lines = written.decode(errors="replace").strip().splitlines()
        last = "\n".join(f"    {line}" for line in lines[-SHOWN_LINES:])
        raise CannotStart(f"`{' '.join(Path(part).name for part in map(str, arguments))}` failed:\n{last}")


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[Callable[[], None]]:
    """Waits until no other desk of this checkout builds or reads what is built; what it gives lets others read, too."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(file, fcntl.LOCK_SH)


async def install_packages(folder: Path, say: Say) -> None:
    """Runs `npm ci` in a folder, unless it has been since its lock file changed."""
    stamp = folder / "node_modules" / ".installed"
    wanted = fingerprint(["package-lock.json"], root=folder)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(f"Installing the Node packages of {folder.relative_to(ROOT)}/")
    await command(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"], folder)
    stamp.write_text(wanted, encoding="utf-8")


async def build_pages(say: Say) -> None:
    """Builds `web/` into `web/dist`, unless it is already what the sources say."""
    stamp = PAGES / "dist" / ".built"
    wanted = fingerprint(["web"])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        say("Pages are up to date")
        return
    await install_packages(PAGES, say)
    say("Building the pages")
    await command(["npm", "run", "build"], PAGES)
    stamp.write_text(wanted, encoding="utf-8")


def deployment_fingerprint(options: Options) -> str:
    """Names all that a deployment is made of."""
    return fingerprint(DEPLOYED, f"{options.url} {processor()}")


def read_outputs(data_dir: Path) -> Outputs:
    """The outputs of the deployed stack, by the names of `infra.outputs`."""
    stacks = json.loads((data_dir / "outputs.json").read_text(encoding="utf-8"))
    return {name: value for outputs in stacks.values() for name, value in outputs.items()}


async def deploy(options: Options, endpoint: str, say: Say) -> str | None:
    """Bootstraps the account if that was never done, and deploys the stack if anything in it has changed.

    Returns:
        What to pass to `note_deployment` once the emulator has saved its state; None if there was nothing to do.
    """
    data_dir = options.data_dir
    environment = {
        **aws_environment(endpoint),
        "CDK_VALIDATION": "false",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CI": "true",
        "NODE_NO_WARNINGS": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    bootstrapped = data_dir / "bootstrapped"
    stamp = data_dir / "deployed"
    wanted = deployment_fingerprint(options)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        say("Stack is up to date")
        return None
    if not bootstrapped.exists():
        say("Preparing the account (cdk bootstrap)")
        # In a folder without an app: with one, the CDK would synthesize it first.
        await command([CDK, "bootstrap", f"aws://{ACCOUNT}/{REGION}"], data_dir, environment)
    say("Deploying the stack (cdk deploy)")
    context = {"stage": STAGE, "base_url": options.url, "architecture": processor()}
    await command(
        [
            *(CDK, "deploy", "--all", "--require-approval", "never", "--progress", "events"),
            *("--output", data_dir / "cdk.out", "--outputs-file", data_dir / "outputs.json"),
            *(part for name, value in context.items() for part in ("--context", f"{name}={value}")),
        ],
        ROOT,
        environment,
    )
    return wanted


def note_deployment(data_dir: Path, deployed: str) -> None:
    """Remembers a deployment, so that the next start can skip it."""
    (data_dir / "bootstrapped").touch()
    (data_dir / "deployed").write_text(deployed, encoding="utf-8")


def forget_deployment(data_dir: Path) -> None:
    """Makes the next `deploy` start from nothing: the emulator has no stack (its first state was never saved)."""
    (data_dir / "bootstrapped").unlink(missing_ok=True)
    (data_dir / "deployed").unlink(missing_ok=True)


async def _main(what: str) -> None:
    """Installs the packages of `web` or `infra`, or builds the `pages`; for make, which says what is out of date."""
    with alone(ROOT / "build" / "lock"):
        if what == "pages":
            await build_pages(print)
        else:
            await install_packages(ROOT / what, print)
            (ROOT / what / "node_modules" / ".installed").touch()


if __name__ == "__main__":
    try:
        check_node()
        asyncio.run(_main(sys.argv[1]))
    except CannotStart as reason:
        sys.exit(str(reason))
