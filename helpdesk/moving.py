"""`helpdesk settings export|import`: all settings of a desk as one file, from a shell."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from helpdesk.accounting import Unreachable, environment_of
from helpdesk.contracts import environment as names
from helpdesk.kernel.errors import HelpdeskError, Invalid

ADMIN: Final = "admin@desk.test"
"""Who asks on the desk on this machine."""

type Answer = Mapping[str, object]


def main(arguments: Sequence[str]) -> int:
    """Runs the command.

    Returns:
        The exit status: 0 done, 1 it did not work, or something is wrong with the file; each fault is a line.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.stack:
            os.environ.update(environment_of(options.stack))
        deployed = bool(os.environ.get(names.TABLE))
        answer = _deployed(options) if deployed else _local(options)
    except Invalid as error:
        sys.stderr.write(f"helpdesk: {error}\n" + "".join(f"{one.pointer}: {one.message}\n" for one in error.errors))
        return 1
    except (Unreachable, HelpdeskError, OSError) as error:
        sys.stderr.write(f"helpdesk: {error}\n")
        return 1
    sys.stdout.write(answer)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk settings", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="print all settings as YAML")
    export.add_argument("--parts", default="", help="only these parts, as fields,forms")
    take = actions.add_parser("import", help="make the desk's settings what a file says")
    take.add_argument("file", type=Path)
    take.add_argument("--dry-run", action="store_true", help="only say what would be done, or what is wrong")
    for command in (export, take):
        command.add_argument("--as", dest="who", default=ADMIN, help=f"address of the admin who does it ({ADMIN})")
        command.add_argument(
            "--stack", help="a deployed stack, such as helpdesk-prod, with the shell's AWS credentials"
        )
        command.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8080")), help="on this machine")
    return parser


def _deployed(options: argparse.Namespace) -> str:
    """At the desk that the environment describes."""
    from helpdesk import bootstrap  # noqa: PLC0415 - slow to load, and no use for the desk on this machine
    from helpdesk.configuration.model import Author  # noqa: PLC0415
    from helpdesk.platform.caller import Caller, called_by  # noqa: PLC0415

    bootstrap.begin()
    if options.action == "export":
        return bootstrap.all_settings().export(_parts(options.parts))
    agent = bootstrap.desk().agent_by_address(options.who)
    if agent is None:
        raise Unreachable(f"{options.who} is no agent of this desk; say who imports with --as.")
    with called_by(Caller(agent, at=bootstrap.now())):
        author = Author(agent.id, bootstrap.now())
        found = bootstrap.all_settings().take(options.file.read_bytes(), author, dry_run=options.dry_run)
    lines = [f"{one.change} {one.part} {one.id}\n" for one in found.changes]
    return "".join(lines) + f"{len(found.changes)} changes, {found.unchanged} unchanged\n"


def _parts(text: str) -> frozenset[str] | None:
    return frozenset(one.strip() for one in text.split(",") if one.strip()) or None


def _local(options: argparse.Namespace) -> str:
    """At the desk on this machine, through its API."""
    base = f"http://127.0.0.1:{options.port}"
    token = str(_call("POST", f"{base}/_local/token", {"email": options.who})["token"])
    if options.action == "export":
        query = urllib.parse.urlencode({"parts": options.parts}) if options.parts else ""
        return str(_call("GET", f"{base}/v1/settings/export?{query}", token=token)["file"])
    target = f"{base}/v1/settings/import?dry_run={'true' if options.dry_run else 'false'}"
    found = _call("POST", target, {"file": options.file.read_text(encoding="utf-8")}, token=token)
    changes = cast("list[Mapping[str, str]]", found["changes"])
    lines = [f"{one['change']} {one['part']} {one['id']}\n" for one in changes]
    return "".join(lines) + f"{len(changes)} changes, {found['unchanged']} unchanged\n"


def _call(method: str, target: str, body: object = None, *, token: str | None = None) -> Answer:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(target, data=data, headers=headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return cast("Answer", json.load(answer))
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read() or b"{}")
        faults = "".join(f"\n{one['pointer']}: {one['message']}" for one in problem.get("errors", ()))
        raise Unreachable(f"{problem.get('detail') or error}{faults}") from error
    except urllib.error.URLError as error:
        raise Unreachable("no desk answers there; start one with `make run`, or name a deployed one") from error
