"""Tokens that only the desk can make: links, cursors, uploads, reply addresses. Each purpose has its own key material.

A token says what it is for, so that one made for a survey opens no ticket. Times in it are the desk's own.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from itsdangerous import BadData, URLSafeSerializer

from helpdesk.kernel.errors import Gone, Invalid, Unauthenticated
from helpdesk.kernel.ids import is_id

_TAG_LENGTH: Final = 16


class Purpose(StrEnum):
    """What a token is for."""

    REQUEST = "request"
    SURVEY = "survey"
    UPLOAD = "upload"
    FILE = "file"
    CURSOR = "cursor"


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

    def thread_tag(self, ticket_id: str) -> str:
        """What a reply address carries after its `+`: the ticket and a proof, in letters that survive lower-casing."""
        return f"{ticket_id.lower()}-{self._tags(ticket_id)[-1]}"

    def ticket_of_tag(self, tag: str) -> str | None:
        """The ticket that a reply address's tag proves; None if it proves none."""
        ticket_id, _, proof = tag.rpartition("-")
        ticket_id = ticket_id.upper()
        if not tag.isascii() or not is_id(ticket_id):
            return None
        proven = any(hmac.compare_digest(proof.lower(), tag) for tag in self._tags(ticket_id))
        return ticket_id if proven else None

    def _tags(self, ticket_id: str) -> list[str]:
        digests = [
            hmac.digest(secret.encode(), f"thread\n{ticket_id}".encode(), hashlib.sha256) for secret in self._secrets()
        ]
        return [base64.b32encode(digest).decode().lower()[:_TAG_LENGTH] for digest in digests]

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._secrets(), salt=f"helpdesk.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )


def after(now: datetime, seconds: int) -> datetime:
    """The instant some seconds later."""
    return now + timedelta(seconds=seconds)
