"""The `helpdesk` command: what operators and developers do from a shell."""

import argparse
import importlib
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Final

_ELSEWHERE: Final = {
    ("mail", "explain"): "helpdesk.mail.explain",
    ("mail", "ledger"): "helpdesk.accounting",
    ("sla", "replay"): "helpdesk.replays",
    ("history", "verify"): "helpdesk.verifying",
}
"""Commands with a module of their own; its `main` takes the rest of the line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Returns:
        The exit status: 0 done, 1 it did not work, 2 wrong usage.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if tuple(arguments[:2]) in _ELSEWHERE:
        module = importlib.import_module(_ELSEWHERE[arguments[0], arguments[1]])  # heavy, and of use to it alone
        return int(module.main(arguments[2:]))
    if arguments[:1] and arguments[0] in {"search", "triage"} and arguments[1:2] == ["evaluate"]:
        return evaluate(arguments[0], arguments[2:])
    if arguments[:1] == ["settings"] and len(arguments) > 1:
        from helpdesk import moving  # noqa: PLC0415 - only this command moves settings

        return moving.main(arguments[1:])
    if arguments[:1] and (arguments[0] in {"admit", "dead-letters"} or arguments[:2] == ["search", "rebuild"]):
        from helpdesk import operations  # noqa: PLC0415 - only these commands need AWS

        return operations.main(arguments)
    parser = argparse.ArgumentParser(prog="helpdesk", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    token = commands.add_parser("token", help="print a bearer token for an agent of the desk on this machine")
    token.add_argument("email", help="the agent's address, such as agent@desk.test")
    token.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8080")), help="of the desk (8080)")
    mail = commands.add_parser("mail", help="what the desk makes of raw mails")
    mail.add_argument(
        "action",
        choices=["explain", "ledger"],
        help="explain FILE...: one JSON object a line, one a file; ledger: every raw mail and what became of it",
    )
    search = commands.add_parser("search", help="how well the search finds, and writing its index anew")
    search.add_argument(
        "action",
        choices=["evaluate", "rebuild"],
        help="evaluate FILE.json: measure it on labelled questions; rebuild: write a deployed desk's index anew",
    )
    past = commands.add_parser("sla", help="promises of time over a past period")
    past.add_argument("action", choices=["replay"], help="replay: old against a draft, or --verify")
    history = commands.add_parser("history", help="whether what happened is still told as it was written")
    history.add_argument("action", choices=["verify"], help="verify: every ticket's chain, and what it folds to")
    learned = commands.add_parser("triage", help="how well the learned triage does")
    learned.add_argument(
        "action", choices=["evaluate"], help="evaluate FILE.csv [--unknown LABEL]: train and test on it"
    )
    moved = commands.add_parser("settings", help="all settings as one file")
    moved.add_argument("action", choices=["export", "import"], help="export > FILE; import FILE [--dry-run]")
    commands.add_parser("admit", help="let a colleague sign in to a deployed desk")
    commands.add_parser("dead-letters", help="what a deployed desk could not handle, and trying it again")
    options = parser.parse_args(arguments)
    return print_token(options.email, options.port)


def evaluate(what: str, arguments: Sequence[str]) -> int:
    """Measures the search or the learned triage on a file."""
    if what == "search":
        from helpdesk.search import evaluate as search  # noqa: PLC0415 - only this command searches

        return search.main(arguments)
    from helpdesk.routing.learning import evaluate as triage  # noqa: PLC0415 - only this command trains

    return triage.main(arguments)


def print_token(email: str, port: int) -> int:
    """Asks the desk on this machine for a token and prints it."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/_local/token",
        data=json.dumps({"email": email}).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            print(json.load(answer)["token"])
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read() or b"{}")
        print(f"helpdesk: {problem.get('detail') or error}", file=sys.stderr)
        return 1
    except OSError:
        print(f"helpdesk: no desk answers on port {port}; start one with `make run`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
