"""Sees every call to AWS at the one place where all of them pass, so that they can be counted, listed or cut short."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest
from botocore.client import BaseClient

type Params = Mapping[str, Any]
type Answer = dict[str, Any]
type Proceed = Callable[[], Answer]
type Observer = Callable[["AwsCall", Proceed], Answer]


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One call: `dynamodb.TransactWriteItems` and what is sent with it."""

    service: str
    operation: str
    params: Params

    @property
    def name(self) -> str:
        return f"{self.service}.{self.operation}"


class Crash(BaseException):
    """The process dies here. No code of the product can catch it, as none could on AWS."""


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """Lets an observer stand around every call of boto3 and of PynamoDB."""
    real = BaseClient._make_api_call

    def observed(client: BaseClient, operation: str, params: Params) -> Answer:
        call = AwsCall(client.meta.service_model.service_name, operation, params)
        return observer(call, lambda: real(client, operation, params))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", observed)
        yield


@dataclass
class Counting:
    """Lists the calls that were made."""

    calls: list[AwsCall]

    def __call__(self, call: AwsCall, proceed: Proceed) -> Answer:
        self.calls.append(call)
        return proceed()


@contextmanager
def counting() -> Iterator[list[AwsCall]]:
    """The calls that are made meanwhile."""
    calls: list[AwsCall] = []
    with observing(Counting(calls)):
        yield calls


READING: Final = ("Get", "BatchGet", "TransactGet", "Query", "Head", "List", "Describe")
"""What operations that change nothing begin with."""


@dataclass
class Dying:
    """Dies at the n-th call that an operation makes (counted from 0): before it goes out, or before its answer is seen."""

    place: int
    after: bool
    seen: int = 0

    def __call__(self, call: AwsCall, proceed: Proceed) -> Answer:
        mine, self.seen = self.seen == self.place, self.seen + 1
        if mine and not self.after:
            raise Crash(f"before {call.name}")
        answer = proceed()
        if mine:
            raise Crash(f"after {call.name}")
        return answer


def deaths(calls: Sequence[AwsCall]) -> list[tuple[str, Dying]]:
    """Every death on the way through these calls that leaves a world of its own behind, with a name.

    Dying before a call leaves what dying after the one before it leaves, since memory is lost either way, and a call that
    only reads leaves what it found. So there is one death before the first call, and one after each that changes something.
    """
    changing = [(place, call) for place, call in enumerate(calls) if not call.operation.startswith(READING)]
    return [("before everything", Dying(0, after=False))] + [
        (f"after {call.name}, the call of number {place}", Dying(place, after=True)) for place, call in changing
    ]
