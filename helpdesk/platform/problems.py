"""Refusals as HTTP: the one table from the desk's errors to status numbers, and bodies as RFC 9457 has them."""

from typing import Final

import msgspec

from helpdesk.kernel import errors

STATUS: Final[dict[type[errors.HelpdeskError], int]] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.KeyReused: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


class ProblemField(msgspec.Struct, frozen=True):
    """What is wrong with one field."""

    pointer: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem (RFC 9457). `code` is stable and made for programs, `detail` is a sentence made for people.

    `current_version` comes with `stale_version`, `message_id` with `newer_message`, `permission` with `forbidden`.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: tuple[ProblemField, ...] = ()
    current_version: int | None = None
    message_id: str | None = None
    permission: str | None = None


def status_of(error: errors.HelpdeskError) -> int:
    """The HTTP status of a refusal: of its class, or of the nearest class above it."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem_of(error: errors.HelpdeskError, instance: str) -> Problem:
    """The body of a refusal."""
    fields = error.errors if isinstance(error, errors.Invalid | errors.NotReady) else ()
    return Problem(
        type=f"urn:helpdesk:problem:{error.code}",
        title=error.title,
        status=status_of(error),
        detail=str(error),
        instance=instance,
        code=error.code,
        errors=tuple(ProblemField(field.pointer, field.message) for field in fields),
        current_version=error.current if isinstance(error, errors.StaleVersion) else None,
        message_id=error.message_id if isinstance(error, errors.NewerMessage) else None,
        permission=error.permission if isinstance(error, errors.Forbidden) else None,
    )
