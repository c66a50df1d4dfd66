"""Logs and metrics of all functions: JSON, a constant event name, ids and counts; never addresses, subjects or bodies."""

import traceback
from functools import cache
from pathlib import PurePath
from typing import Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics

from helpdesk.contracts.metrics import NAMESPACE

_CAUSES_TOLD: Final = 4
_FRAMES_TOLD: Final = 8


@cache
def logger() -> Logger:
    """The function's logger. Its service is the function's name (POWERTOOLS_SERVICE_NAME)."""
    return Logger(log_uncaught_exceptions=True, utc=True)


@cache
def metrics() -> Metrics:
    """The function's metrics, written to the log in CloudWatch's embedded format."""
    return Metrics(namespace=NAMESPACE)


def log_fault(name: str, error: BaseException, **ids: str) -> None:
    """Logs an exception: its kind, AWS's code, the places it came through, and the same of its causes.

    Its sentence is left out. Services put into theirs what they were called with: addresses, keys, names of files.

    Args:
        name: of the log entry.
        error: what was raised.
        ids: what it happened to.
    """
    told: list[dict[str, object]] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < _CAUSES_TOLD:
        frames = traceback.extract_tb(cause.__traceback__)[-_FRAMES_TOLD:]
        places = [f"{'/'.join(PurePath(at.filename).parts[-2:])}:{at.lineno} {at.name}" for at in frames]
        code = _code_of(cause)
        told.append({"kind": type(cause).__name__, **({"code": code} if code else {}), "at": places})
        cause = cause.__cause__ or cause.__context__
    logger().error(name, extra={**ids, "error": type(error).__name__, "fault": told})


def _code_of(error: BaseException) -> str | None:
    """AWS's code of an error of botocore or PynamoDB."""
    code = getattr(error, "cause_response_code", None)
    response = getattr(error, "response", None)
    if code is None and isinstance(response, dict):
        code = response.get("Error", {}).get("Code")
    return str(code) if code else None
