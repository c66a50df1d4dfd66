"""Codes and sessions in the table: by hashes, forgotten by the table's own expiry. No address is among them."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist, UpdateError

from helpdesk.contracts import table as keys
from helpdesk.platform.signing import Purpose, Signer
from helpdesk.platform.table import CONDITION_FAILED, Item, table_errors

_REFUSED = f"{CONDITION_FAILED}Exception"


class CodeItem(Item):
    """The hash of a code that was mailed, and how often it may still be guessed at."""

    code = UnicodeAttribute()
    tries = NumberAttribute()


class DynamoAccessStore:
    """See `portal.service.AccessStore`."""

    def keep_code(self, nonce: str, code_hash: str, tries: int, until: datetime) -> None:
        """Keeps a code's hash for a while."""
        key = Item.at(keys.portal_code_key(nonce))
        with table_errors():
            CodeItem(*key, code=code_hash, tries=tries, expires_at=int(until.timestamp())).save()

    def guess(self, nonce: str, now: datetime) -> str | None:
        """Counts a guess, and gives the hash that is kept."""
        item = CodeItem(*Item.at(keys.portal_code_key(nonce)))
        left = (CodeItem.tries > 0) & (Item.expires_at > int(now.timestamp()))
        try:
            with table_errors():
                item.update(actions=[CodeItem.tries.add(-1)], condition=left)
        except UpdateError as error:
            if error.cause_response_code != _REFUSED:
                raise
            return None
        return item.code

    def use_up(self, nonce: str) -> bool:
        """Takes a code away."""
        try:
            with table_errors():
                CodeItem(*Item.at(keys.portal_code_key(nonce))).delete(condition=Item.pk.exists())
        except DeleteError as error:
            if error.cause_response_code != _REFUSED:
                raise
            return False
        return True

    def open_session(self, session: str, until: datetime) -> None:
        """Keeps a session."""
        with table_errors():
            Item(*Item.at(keys.portal_session_key(session)), expires_at=int(until.timestamp())).save()

    def session_open(self, session: str, now: datetime) -> bool:
        """Whether a session is there and not over."""
        try:
            with table_errors():
                found = Item.get(*Item.at(keys.portal_session_key(session)), consistent_read=True)
        except DoesNotExist:
            return False
        return int(found.expires_at or 0) > int(now.timestamp())

    def close_session(self, session: str) -> None:
        """Takes a session away."""
        with table_errors():
            Item(*Item.at(keys.portal_session_key(session))).delete()


class SignedSeals:
    """See `portal.service.Seals`.

    Args:
        signer: signs.
        purpose: what for.
    """

    def __init__(self, signer: Signer, purpose: Purpose) -> None:
        self._signer = signer
        self._purpose = purpose

    def seal(self, claims: dict[str, object], until: datetime) -> str:
        """Claims, signed."""
        return self._signer.sign(self._purpose, claims, until)

    def open(self, token: str, now: datetime) -> dict[str, object]:
        """The claims of what was signed."""
        return self._signer.read(self._purpose, token, now)
