"""Who is at the portal, and how they prove it: an address, proven by a code that was mailed to it."""

from dataclasses import dataclass
from typing import Final

from helpdesk.kernel.errors import Forbidden, Unauthenticated
from helpdesk.people.model import Person

CODE_DIGITS: Final = 6
CODE_TRIES: Final = 5
"""How often a code may be guessed at before it is worth nothing any more."""
CODE_SECONDS: Final = 15 * 60
SESSION_SECONDS: Final = 30 * 86_400
CODES_PER_ADDRESS_PER_HOUR: Final = 5
"""With five guesses each: one in 40,000 that somebody gets in by guessing for an hour."""
CODES_PER_IP_PER_HOUR: Final = 30


class WrongCode(Unauthenticated):
    """The code is not the one that was mailed, or is worth nothing any more."""

    code = "wrong_code"
    title = "This code does not fit"


class OpenToNobodyElse(Forbidden):
    """A call by somebody's session that did not come from a page of ours."""

    code = "not_from_our_page"
    title = "This can only be done from the portal"


class SignInElsewhere(Forbidden):
    """Somebody asked for a code whose organization wants its people to come by its own sign-in."""

    code = "sign_in_at_organization"
    title = "Sign in with your organization"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in.

    Attributes:
        address: theirs, proven.
        person: who writes from it; None: nobody has yet.
    """

    address: str
    person: Person | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids that tickets may know them by."""
        return self.person.ids if self.person is not None else ()
