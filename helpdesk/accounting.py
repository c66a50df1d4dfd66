"""`helpdesk mail ledger`: every raw mail accounted for, from a shell: listed, compared with the bucket, processed again."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, cast

from helpdesk.contracts import environment as names
from helpdesk.contracts.topology import INTAKE_MAIL
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.errors import HelpdeskError
from helpdesk.mail.rules import Outcome
from infra.outputs import function_output

if TYPE_CHECKING:
    from helpdesk.mail.ledger import LedgerEntry

type Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None
type Line = dict[str, Plain]

SUPERVISOR: Final = "supervisor@desk.test"
"""Who asks on the desk on this machine."""
_PAGE: Final = 100
_A_WEEK: Final = timedelta(days=7)
_IN_FLIGHT: Final = timedelta(minutes=5)
"""Mail younger than this may still be dealt with."""


class Unreachable(Exception):
    """The desk cannot be asked; the message is for the operator."""


class Books(Protocol):
    """A desk's ledger, wherever the desk is."""

    def entries(self, outcome: str | None, month: str | None) -> Iterator[Line]:
        """Raw mails, newest first."""
        ...

    def missing(self, since: datetime, until: datetime) -> Iterator[Line]:
        """Raw mails that the ledger does not account for."""
        ...

    def again(self, mail_id: str) -> Line:
        """Processes a mail once more."""
        ...


def main(arguments: Sequence[str]) -> int:
    """Runs the command; one JSON object a line.

    Returns:
        The exit status: 0 done (and nothing unaccounted for), 1 it did not work, or mails are unaccounted for.
    """
    options = _parser().parse_args(arguments)
    try:
        books = _books(options)
        return _run(options, books, lambda line: print(json.dumps(line, ensure_ascii=False)))  # noqa: T201 - a command
    except (Unreachable, HelpdeskError) as error:
        sys.stderr.write(f"helpdesk: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk mail ledger", description=__doc__)
    parser.add_argument("--outcome", choices=[outcome.value for outcome in Outcome], help="only what came to this")
    parser.add_argument("--month", help="in which the mails came, as 2026-11 (this month)")
    parser.add_argument("--limit", type=int, default=1000, help="how many at most (1000)")
    parser.add_argument("--reconcile", action="store_true", help="list raw mails that the ledger does not account for")
    parser.add_argument("--since", type=_instant, help="with --reconcile: from when on (a week ago)")
    parser.add_argument("--until", type=_instant, help="with --reconcile: until when (five minutes ago)")
    parser.add_argument(
        "--reprocess",
        nargs="?",
        const="",
        metavar="ID",
        help="process this mail once more, without doubling anything; with --reconcile: all that are listed",
    )
    where = parser.add_argument_group(
        "which desk", f"by {names.TABLE} and the other variables of its functions, if set; else the one on this machine"
    )
    where.add_argument("--stack", help="a deployed stack, such as helpdesk-prod, with the shell's AWS credentials")
    where.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8080")), help="on this machine (8080)")
    return parser


def _run(options: argparse.Namespace, books: Books, show: Callable[[Line], None]) -> int:
    if options.reconcile:
        now = datetime.now(UTC)
        unaccounted = 0
        for line in books.missing(options.since or now - _A_WEEK, options.until or now - _IN_FLIGHT):
            again = options.reprocess is not None
            show({**line, **(books.again(str(line["id"])) if again else {})})
            unaccounted += not again
        return 1 if unaccounted else 0
    if options.reprocess:
        show(books.again(options.reprocess))
        return 0
    for shown, line in enumerate(books.entries(options.outcome, options.month)):
        if shown == options.limit:
            break
        show(line)
    return 0


def _books(options: argparse.Namespace) -> Books:
    if options.stack:
        os.environ.update(environment_of(options.stack))
        return DeployedBooks()
    return DeployedBooks() if os.environ.get(names.TABLE) else LocalBooks(options.port)


def environment_of(stack: str) -> Mapping[str, str]:
    """The variables that the deployed functions have."""
    import boto3  # noqa: PLC0415 - slow to load, and no use for the desk on this machine
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
        name = outputs[function_output(INTAKE_MAIL.name)]
        function = boto3.client("lambda").get_function_configuration(FunctionName=name)
    except (BotoCoreError, ClientError) as error:
        raise Unreachable(str(error)) from error
    return function.get("Environment", {}).get("Variables", {})


class DeployedBooks:
    """See `Books`: the desk that the environment describes, asked with the shell's AWS credentials."""

    def __init__(self) -> None:
        from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

        bootstrap.begin()
        self._registry, self._inbound = bootstrap.mail_registry(), bootstrap.inbound_mail()

    def entries(self, outcome: str | None, month: str | None) -> Iterator[Line]:
        """Raw mails, newest first."""
        position: dict[str, str] | None = None
        wanted = Outcome(outcome) if outcome is not None else None
        while True:
            page = self._registry.entries(wanted, month, limit=_PAGE, position=position)
            yield from map(_line, page.items)
            position = page.next_position
            if position is None:
                return

    def missing(self, since: datetime, until: datetime) -> Iterator[Line]:
        """Raw mails that the ledger does not account for."""
        position: dict[str, str] | None = None
        while True:
            found = self._registry.missing(since, until, position)
            for mail in found.mails:
                yield _missing(mail.id, mail.at, mail.size, "no_entry")
            for entry in found.unfinished:
                yield _missing(entry.arrival.id, entry.arrival.at, entry.size, "unfinished")
            position = found.next_position
            if position is None:
                return

    def again(self, mail_id: str) -> Line:
        """Processes a mail once more."""
        return _line(self._inbound.again(mail_id))


class LocalBooks:
    """See `Books`: the desk on this machine, asked through its API.

    Args:
        port: of the desk.
    """

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._token: str | None = None
        self._token = str(self._call("POST", "/_local/token", {"email": SUPERVISOR})["token"])

    def entries(self, outcome: str | None, month: str | None) -> Iterator[Line]:
        """Raw mails, newest first."""
        return self._pages("/v1/mails", {"outcome": outcome, "month": month, "limit": str(_PAGE)})

    def missing(self, since: datetime, until: datetime) -> Iterator[Line]:
        """Raw mails that the ledger does not account for."""
        return self._pages("/v1/mails/missing", {"since": format_instant(since), "until": format_instant(until)})

    def again(self, mail_id: str) -> Line:
        """Processes a mail once more."""
        return self._call("POST", f"/v1/mails/{urllib.parse.quote(mail_id, safe='')}/reprocess")

    def _pages(self, path: str, query: Mapping[str, str | None]) -> Iterator[Line]:
        wanted = {name: value for name, value in query.items() if value is not None}
        while True:
            page = self._call("GET", f"{path}?{urllib.parse.urlencode(wanted)}")
            yield from cast("list[Line]", page["items"])
            if page["next_cursor"] is None:
                return
            wanted["cursor"] = str(page["next_cursor"])

    def _call(self, method: str, path: str, body: object = None) -> Line:
        headers = {"content-type": "application/json"}
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._base + path, data=data, headers=headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return cast("Line", json.load(answer))
        except urllib.error.HTTPError as error:
            try:
                detail = str(json.loads(error.read())["detail"])
            except (ValueError, KeyError, TypeError):
                detail = str(error)
            raise Unreachable(detail) from error
        except OSError as error:
            raise Unreachable(f"no desk answers at {self._base}; start one with `make run`, or say --stack") from error


def _line(entry: "LedgerEntry") -> Line:
    """An entry as the API shows it."""
    return {
        "id": entry.arrival.id,
        "received_at": format_instant(entry.arrival.at),
        "settled_at": format_instant(entry.settled_at) if entry.settled_at is not None else None,
        "outcome": entry.outcome.value,
        "reasons": list(entry.because),
        "sender": entry.sender,
        "recipients": list(entry.arrival.recipients),
        "subject": entry.subject,
        "size": entry.size,
        "ticket_id": entry.ticket_id,
        "message_id": entry.message_id,
        "released_by": entry.released_by,
        "deleted_by": entry.deleted_by,
    }


def _missing(mail_id: str, at: datetime, size: int, state: str) -> Line:
    return {"id": mail_id, "received_at": format_instant(at), "size": size, "state": state}


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant such as 2026-11-21T09:30:00Z") from error
