"""The trail of sign-ins: told by the first call that a session makes, whichever way the identity provider signed it in.

Every access token names its session and when it began, so the desk needs no hook of the provider's, and the same is told by a
hosted one and by the one on a developer's machine. A container remembers the sessions that it has seen; of one that it has not,
an item in the table knows whether another has. What the provider refuses itself, a wrong password, never comes here.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.errors import Unavailable
from helpdesk.people.model import Agent, Role
from helpdesk.platform.audit import tell
from helpdesk.platform.caller import Caller, called_by
from helpdesk.platform.table import Item, Refused, Transaction, table_errors

SESSION_KEPT: Final = timedelta(days=90)
"""How long a session is known: longer than one can be renewed."""
_REMEMBERED: Final = 2000
_SESSION: Final = "session"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody whom the identity provider has signed in, as a call shows it.

    Attributes:
        user: their name at the provider; an agent's id, if they are one.
        session: names it among all; empty: the token does not say.
        agent: whom the desk knows them as; None: as nobody.
    """

    user: str
    session: str
    ip: str
    at: datetime
    agent: Agent | None


class SignIns:
    """Tells the trail of sessions that it has not seen."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def notice(self, found: SignIn) -> None:
        """Tells of a session once, whoever else sees it; where the trail is contended, with its next call."""
        if not found.session or found.session in self._seen:
            return
        action = "signed_in" if found.agent is not None else "sign_in_refused"
        transaction = Transaction()
        key = keys.session_key(found.user, found.session)
        over = int((found.at + SESSION_KEPT).timestamp())
        transaction.create(Item(*Item.at(key), expires_at=over), label=_SESSION)
        who = found.agent or Agent(found.user, "", "", Role.LIGHT)
        try:
            with called_by(Caller(who, found.ip, found.at)), table_errors():
                tell(transaction, Told("session", found.user, action=action))
                transaction.commit()
        except Refused:
            pass  # another container told of it
        except Unavailable:
            return
        self._seen[found.session] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)


def session_of(claims: Mapping[str, object]) -> str:
    """What names the session that a token belongs to; empty: the token does not say. Renewing a token does not change it."""
    named = claims.get("origin_jti") or claims.get("auth_time")
    if not named:
        return ""
    return hashlib.sha256(f"{claims.get('username', '')}/{named}".encode()).hexdigest()[:32]
