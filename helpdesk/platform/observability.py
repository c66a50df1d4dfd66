"""Logs and metrics of all functions: JSON, a constant event name, ids and counts; never addresses, subjects or bodies."""

from functools import cache

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics

from helpdesk.contracts.metrics import NAMESPACE


@cache
def logger() -> Logger:
    """The function's logger. Its service is the function's name (POWERTOOLS_SERVICE_NAME)."""
    return Logger(log_uncaught_exceptions=True, utc=True)


@cache
def metrics() -> Metrics:
    """The function's metrics, written to the log in CloudWatch's embedded format."""
    return Metrics(namespace=NAMESPACE)
