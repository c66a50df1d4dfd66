"""Everything that can be said no to, each with a stable code. HTTP numbers are given in one place: platform/problems.py.

HelpdeskError
├── Invalid            what was sent cannot be read or is not allowed to be so
├── Unauthenticated    who is calling is not known (no, forged or expired token)
├── Forbidden          known, but may not
├── NotFound           no such thing, or none that the caller may know of
├── Conflict           the thing is not as the caller believed
│   ├── StaleVersion   it has a newer version
│   ├── NotReady       something else must be done first; each thing is named
│   └── NewerMessage   an answer was written before somebody else's newer message
├── KeyReused          an idempotency key came back with another body
├── TooLarge           more bytes than are taken
├── TooMany            more calls than are taken
├── Gone               was there, and is over (an expired link)
└── Unavailable        try again: contention, or a service that did not answer
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: a JSON pointer and a sentence."""

    pointer: str
    message: str


class HelpdeskError(Exception):
    """The root of all refusals. `str(error)` is a sentence fit for the caller to read."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"


class Invalid(HelpdeskError):
    """What was sent cannot be read, or is not allowed to be so."""

    code = "invalid"
    title = "The request is not valid"

    def __init__(self, message: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.errors = tuple(errors)


class Unauthenticated(HelpdeskError):
    """Who is calling is not known."""

    code = "unauthenticated"
    title = "Sign in, or use a fresh link"


class Forbidden(HelpdeskError):
    """The caller is known, and may not.

    Attributes:
        permission: the one that is missing; None: it is not about one.
    """

    code = "forbidden"
    title = "Not allowed"

    def __init__(self, message: str, *, permission: str | None = None) -> None:
        super().__init__(message)
        self.permission = permission


class NotFound(HelpdeskError):
    """No such thing, or none that the caller may know of."""

    code = "not_found"
    title = "Not found"


class Conflict(HelpdeskError):
    """The thing is not as the caller believed."""

    code = "conflict"
    title = "This cannot be done as things stand"


class StaleVersion(Conflict):
    """Somebody else changed it first. Fetch it again and decide anew."""

    code = "stale_version"
    title = "It has changed in the meantime"

    def __init__(self, message: str, *, current: int | None = None) -> None:
        super().__init__(message)
        self.current = current


class NotReady(Conflict):
    """It can be done, but not from where the thing stands now: something is missing, or another step comes first.

    Attributes:
        errors: what is missing, each by a JSON pointer.
    """

    code = "not_ready"
    title = "Something must be done first"

    def __init__(self, message: str, errors: Sequence[FieldError]) -> None:
        super().__init__(message)
        self.errors = tuple(errors)


class NewerMessage(Conflict):
    """An answer was written before somebody else's newer message was seen.

    Attributes:
        message_id: of that message.
    """

    code = "newer_message"
    title = "Something newer was written"

    def __init__(self, message: str, *, message_id: str) -> None:
        super().__init__(message)
        self.message_id = message_id


class KeyReused(HelpdeskError):
    """An idempotency key came back with another body."""

    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used for something else"


class TooLarge(HelpdeskError):
    """More bytes than are taken."""

    code = "too_large"
    title = "Too large"


class TooMany(HelpdeskError):
    """More calls than are taken in a while.

    Attributes:
        retry_after_seconds: when to come back.
    """

    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Gone(HelpdeskError):
    """It was there, and is over."""

    code = "gone"
    title = "This link is no longer valid"


class MethodNotAllowed(HelpdeskError):
    """The thing is there, and cannot be dealt with in this way."""

    code = "method_not_allowed"
    title = "This cannot be done here"


class Unavailable(HelpdeskError):
    """Contention, or a service that did not answer. Trying again is safe."""

    code = "unavailable"
    title = "Try again in a moment"
