"""Tokens that only the desk can make: links, cursors, uploads, reply addresses. Each purpose has its own key material.

A token says what it is for, so that one made for a survey opens no ticket. Times in it are the desk's own.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from itsdangerous import BadData, URLSafeSerializer

from helpdesk.kernel.errors import Gone, Invalid, Unauthenticated
from helpdesk.kernel.ids import is_id

_TAG_LENGTH: Final = 16
_TAGGED: Final = re.compile(r"([0-9A-Za-z]{26})(?:-([1-9][0-9]{0,3}))?")


class Purpose(StrEnum):
    """What a token is for."""

    REQUEST = "request"
    SURVEY = "survey"
    APPROVAL = "approval"
    UPLOAD = "upload"
    FILE = "file"
    CURSOR = "cursor"
    SOLVED = "solved"
    SIGN_IN = "sign_in"
    SESSION = "session"
    COMMUNITY = "community"


class Signer:
    """Signs and reads tokens.

    Args:
        secrets: gives the keys, oldest first; the last one signs, all are read (so that a secret can be changed).
    """

    def __init__(self, secrets: Callable[[], list[str]]) -> None:
        self._secrets = secrets

    def sign(self, purpose: Purpose, claims: Mapping[str, object], expires_at: datetime | None = None) -> str:
        """A token with claims, valid until an instant (None: for good)."""
        payload = dict(claims)
        if expires_at is not None:
            payload["exp"] = int(expires_at.timestamp())
        return self._serializer(purpose).dumps(payload)

    def read(self, purpose: Purpose, token: str, now: datetime) -> dict[str, object]:
        """The claims of a token.

        Raises:
            Unauthenticated: it was not made here for this purpose.
            Gone: it was, and is over.
        """
        try:
            claims = cast("dict[str, object]", self._serializer(purpose).loads(token))
        except BadData as error:
            raise Unauthenticated("This link or token is not one of ours.") from error
        expires = claims.pop("exp", None)
        if isinstance(expires, int) and now >= datetime.fromtimestamp(expires, now.tzinfo):
            raise Gone("This link has expired.")
        return claims

    def sign_cursor(self, list_name: str, position: Mapping[str, str] | None) -> str | None:
        """A page's position as an opaque cursor for one list; None at its end."""
        if position is None:
            return None
        return self.sign(Purpose.CURSOR, {"v": 1, "list": list_name, "at": dict(position)})

    def read_cursor(self, list_name: str, cursor: str | None, now: datetime) -> dict[str, str] | None:
        """The position of a cursor.

        Raises:
            Invalid: not a cursor of this list.
        """
        if cursor is None:
            return None
        try:
            claims = self.read(Purpose.CURSOR, cursor, now)
        except (Unauthenticated, Gone) as error:
            raise Invalid("The cursor is not one of this list.") from error
        if claims.get("list") != list_name or claims.get("v") != 1:
            raise Invalid("The cursor is not one of this list.")
        return cast("dict[str, str]", claims["at"])

    def thread_tag(self, ticket_id: str, side: int = 0) -> str:
        """What a reply address carries after its `+`: a thread and a proof, in letters that survive lower-casing.

        Args:
            ticket_id: whose thread.
            side: number of a side conversation; 0: the ticket's own thread.
        """
        return f"{_named(ticket_id, side).lower()}-{self._tags(ticket_id, side)[-1]}"

    def thread_of_tag(self, tag: str) -> tuple[str, int] | None:
        """The ticket and the number of its side conversation (0: its own thread) that a reply address's tag proves."""
        named, _, proof = tag.rpartition("-")
        found = _TAGGED.fullmatch(named)
        if found is None or not is_id(ticket_id := found[1].upper()):
            return None
        side = int(found[2] or 0)
        proven = any(hmac.compare_digest(proof.lower(), tag) for tag in self._tags(ticket_id, side) if proof.isascii())
        return (ticket_id, side) if proven else None

    def _tags(self, ticket_id: str, side: int) -> list[str]:
        thread = f"thread\n{_named(ticket_id, side)}".encode()
        digests = [hmac.digest(secret.encode(), thread, hashlib.sha256) for secret in self._secrets()]
        return [base64.b32encode(digest).decode().lower()[:_TAG_LENGTH] for digest in digests]

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._secrets(), salt=f"helpdesk.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )


def _named(ticket_id: str, side: int) -> str:
    return f"{ticket_id}-{side}" if side else ticket_id


def after(now: datetime, seconds: int) -> datetime:
    """The instant some seconds later."""
    return now + timedelta(seconds=seconds)
