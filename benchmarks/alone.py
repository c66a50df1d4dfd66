"""One function alone in a fresh process, with AWS's answers from a recording. Reads the recording from standard input."""

import json
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest


def replay(recorded: list[dict[str, Any]]) -> dict[str, int]:
    """Lets the SDK's connection give recorded answers.

    Returns:
        How many questions of each kind were asked; emptied, everything begins anew.
    """
    import base64  # noqa: PLC0415 - what is imported before the function must be as little as in a Lambda
    import hashlib  # noqa: PLC0415
    import io  # noqa: PLC0415

    import botocore.httpsession  # noqa: PLC0415 - every function loads it sooner or later
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415

    answers: dict[str, list[tuple[str, dict[str, object]]]] = {}
    for answer in recorded:
        kept = answer | {"body": base64.b64decode(answer["body"])}
        answers.setdefault(answer["what"], []).append((answer["asked"], kept))

    turn: dict[str, int] = {}

    def send(_session: object, request: "AWSPreparedRequest") -> AWSResponse:
        """The recorded answer to the same question, or else the next one to a question of this kind."""
        target = request.headers.get("X-Amz-Target")
        path = request.url.partition("://")[2].partition("?")[0].partition("/")[2]
        what = target.decode() if isinstance(target, bytes) else target or f"{request.method} /{path}"
        found = answers.get(what) or next((kept for name, kept in answers.items() if name.endswith(what[-12:])), None)
        if found is None:
            raise LookupError(f"{what} was not recorded; there are {sorted(answers)}")
        asked = hashlib.sha256(request.body or b"").hexdigest() if target else ""
        same = [answer for question, answer in found if question == asked]
        turn[what] = turn.get(what, -1) + 1
        answer = same[0] if same else found[turn[what] % len(found)][1]
        response = AWSResponse(request.url, answer["status"], answer["headers"], io.BytesIO(answer["body"]))
        response._content = answer["body"]  # noqa: SLF001
        return response

    botocore.httpsession.URLLib3Session.send = send
    return turn


def main() -> None:
    """Loads the function, calls it once and then again and again, and prints what that cost as one line of JSON."""
    import importlib  # noqa: PLC0415 - what is imported before the function must be as little as in a Lambda
    import io  # noqa: PLC0415
    import os  # noqa: PLC0415

    recording = json.load(sys.stdin)
    os.environ.update(
        recording["environment"],
        AWS_ACCESS_KEY_ID="x",
        AWS_SECRET_ACCESS_KEY="x",  # noqa: S106 - signs what goes nowhere
        AWS_REGION="us-east-1",
        AWS_DEFAULT_REGION="us-east-1",
        POWERTOOLS_SERVICE_NAME="bench",
    )
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"):
        os.environ.pop(name, None)
    out, sys.stdout = sys.stdout, io.StringIO()
    before = set(sys.modules)

    began = time.process_time()
    module, _, attribute = recording["entry"].rpartition(".")
    handler = getattr(importlib.import_module(module), attribute)
    imported = time.process_time() - began
    modules = len(set(sys.modules) - before)

    sys.excepthook = sys.__excepthook__  # a benchmark that fails says so on standard error
    if "helpdesk.bootstrap" in sys.modules:
        from datetime import datetime  # noqa: PLC0415

        now = datetime.fromisoformat(recording["now"])
        sys.modules["helpdesk.bootstrap"].clock = lambda: lambda: now
    turn = replay(recording["answers"])

    def call() -> float:
        turn.clear()
        start = time.process_time()
        handler(recording["event"], None)
        return (time.process_time() - start) * 1000

    first = call()
    calls = sorted(call() for _ in range(recording["repeats"]))
    heavy = [name for name in recording["heavy"] if name in sys.modules]
    said = {
        "import_ms": imported * 1000,
        "modules": modules,
        "first_ms": first,
        "p50_ms": calls[len(calls) // 2],
        "heavy": heavy,
        "faults": [line for line in sys.stdout.getvalue().splitlines() if '"level":"ERROR"' in line][:1],
    }
    print(json.dumps(said), file=out)


if __name__ == "__main__":
    main()
