"""Lets customers in by a code that is mailed to them, and says which requests are theirs.

Nothing here looks up who an address belongs to before it is proven: for everybody the same is done, the same is
answered, and it takes as long. Neither a code nor an address is kept: of a code its hash, for a quarter of an hour; the
address travels in what the asker and then the browser hold, signed.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.errors import FieldError, Gone, Invalid, NotFound, TooMany, Unauthenticated
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import is_address, normal_address, supported_language
from helpdesk.mail.letters import Kind, Letter, Party, SignInCode
from helpdesk.mail.stationery import Stationery, is_own
from helpdesk.people.model import Organization, Person
from helpdesk.portal.brands import Brand, portal_of
from helpdesk.portal.model import (
    CODE_DIGITS,
    CODE_SECONDS,
    CODE_TRIES,
    CODES_PER_ADDRESS_PER_HOUR,
    CODES_PER_IP_PER_HOUR,
    SESSION_SECONDS,
    SignInElsewhere,
    Visitor,
    WrongCode,
)
from helpdesk.portal.rules import hashed_code, identity_on, same_code
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.views import TicketQuery, TicketRow

_ADDRESS: Final = "a"
_NONCE: Final = "n"
_CODE: Final = "c"
_AT_ORGANIZATION: Final = "o"


class AccessStore(Protocol):
    """Where codes and sessions are kept."""

    def keep_code(self, nonce: str, code_hash: str, tries: int, until: datetime) -> None:
        """Keeps a code's hash for a while."""
        ...

    def guess(self, nonce: str, now: datetime) -> str | None:
        """Counts a guess, and gives the hash that is kept; None: there is none, it is over, or was guessed at too often."""
        ...

    def use_up(self, nonce: str) -> bool:
        """Takes a code away; False: somebody used it first."""
        ...

    def open_session(self, session: str, until: datetime) -> None:
        """Keeps a session."""
        ...

    def session_open(self, session: str, now: datetime) -> bool:
        """Whether a session is there and not over."""
        ...

    def close_session(self, session: str) -> None:
        """Takes a session away."""
        ...


class RateLimiter(Protocol):
    """Counts what somebody does in a window of time."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window."""
        ...


class Seals(Protocol):
    """Signs what customers hold, and reads it."""

    def seal(self, claims: dict[str, object], until: datetime) -> str:
        """Claims, signed."""
        ...

    def open(self, token: str, now: datetime) -> dict[str, object]:
        """The claims of what was signed.

        Raises:
            Unauthenticated: it was not made here.
            Gone: it is over.
        """
        ...


class People(Protocol):
    """Who writes from an address."""

    def by_address(self, address: str) -> Person | None:
        """Who writes from it."""
        ...


class Lists(Protocol):
    """Lists of tickets."""

    def get(self, ticket_id: str) -> Ticket | None:
        """A ticket as it stands."""
        ...

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of tickets."""
        ...

    def taken_part_in(self, person_ids: Sequence[str], ticket_ids: Sequence[str]) -> frozenset[str]:
        """Those of some tickets (at most 100) that somebody takes part in now, beside who asked."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the service stands on.

    Attributes:
        code_seals: sign what who asks for a code holds.
        session_seals: sign what a browser holds.
        send: sends a letter; what can never be delivered is no fault of the caller's.
        elsewhere: the organization at whose own sign-in alone who has an address is let in; None: a code will do.
        page: where the desk's pages are, without a trailing slash.
        desk: the settings as they stand.
    """

    store: AccessStore
    limiter: RateLimiter
    code_seals: Seals
    session_seals: Seals
    people: People
    tickets: Lists
    organization: Callable[[str], Organization | None]
    elsewhere: Callable[[str], str | None]
    stationery: Stationery
    send: Callable[[Letter], None]
    page: str
    desk: Callable[[], Desk]
    clock: Clock


class PortalAccess:
    """Signing in and out, and what is whose.

    Args:
        ports: what it stands on.
        new_code: makes a code.
    """

    def __init__(
        self, ports: Ports, new_code: Callable[[], str] = lambda: f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    ) -> None:
        self._ports = ports
        self._new_code = new_code

    def ask(self, address: str, language: str | None, ip: str, brand: Brand | None = None) -> str:
        """Mails a code to an address, and gives what it is worth something together with.

        Args:
            address: who wants to sign in.
            language: of the mail; None: the desk's.
            ip: the caller's.
            brand: whose pages they are at.

        Raises:
            Invalid: it is no address.
            SignInElsewhere: their organization wants them to come by its own sign-in.
            TooMany: too many codes for this address, or from this network.
            Unavailable: the mail service takes no mails now.
        """
        wanted, now, ports = normal_address(address), self._ports.clock(), self._ports
        if not is_address(wanted):
            raise Invalid("Some fields are not valid.", [FieldError("/email", "is not an e-mail address")])
        self._refuse_code(wanted)
        self._refuse_haste(wanted, ip, now)
        nonce, code, until = secrets.token_urlsafe(18), self._new_code(), now + seconds(CODE_SECONDS)
        ports.store.keep_code(nonce, hashed_code(nonce, code), CODE_TRIES, until)
        claims: dict[str, object] = {_ADDRESS: wanted, _NONCE: nonce}
        if not is_own(ports.desk(), wanted):  # mail to the desk's own address would open a ticket
            link = f"{portal_of(brand, ports.page)}/sign-in#{ports.code_seals.seal(claims | {_CODE: code}, until)}"
            self._mail(wanted, language, SignInCode(link, code, CODE_SECONDS // 60), now, brand)
        return ports.code_seals.seal(claims, until)

    def enter(self, token: str, code: str | None) -> tuple[str, Visitor]:
        """Lets somebody in who has the code, or the link that it is in.

        Args:
            token: what asking gave; or of the link, with the code in it.
            code: as it was typed.

        Returns:
            What their browser shall hold, and who they are.

        Raises:
            WrongCode: it does not fit, was used, or was guessed at too often.
            SignInElsewhere: their organization wants them to come by its own sign-in by now.
            Unauthenticated: the token was not made here.
            Gone: it is over.
        """
        now, ports = self._ports.clock(), self._ports
        claims = ports.code_seals.open(token, now)
        address, nonce = claims.get(_ADDRESS), claims.get(_NONCE)
        given = claims.get(_CODE, code)
        if not isinstance(address, str) or not isinstance(nonce, str):
            raise Unauthenticated("This link or token is not one of ours.")
        kept = ports.store.guess(nonce, now)
        if kept is None:
            raise Gone("This code was used, or was tried too often. Ask for another.")
        if not isinstance(given, str) or not same_code(kept, nonce, given):
            raise WrongCode("This is not the code that we sent.")
        if not ports.store.use_up(nonce):
            raise Gone("This code was used. Ask for another.")
        self._refuse_code(address)
        return self.let_in(address, SESSION_SECONDS), Visitor(address, ports.people.by_address(address))

    def let_in(self, address: str, length: int, *, at_organization: bool = False) -> str:
        """Opens a session for an address that has been proven, and gives what a browser shall hold.

        Args:
            address: whose.
            length: in seconds.
            at_organization: their organization's own sign-in has proven it.
        """
        session, until = secrets.token_urlsafe(24), self._ports.clock() + seconds(length)
        self._ports.store.open_session(session, until)
        claims: dict[str, object] = {_ADDRESS: address, _NONCE: session}
        return self._ports.session_seals.seal(claims | ({_AT_ORGANIZATION: 1} if at_organization else {}), until)

    def who(self, held: str | None) -> Visitor:
        """Who holds a session.

        One that a code opened is worth nothing from the moment on from which their organization wants its people to come by
        its own sign-in: whoever has left it may still read the mail of that day.

        Raises:
            Unauthenticated: nobody, or it is over.
        """
        address, session, at_organization = self._read(held)
        if not self._ports.store.session_open(session, self._ports.clock()):
            raise Unauthenticated("Sign in first.")
        if not at_organization and self._ports.elsewhere(address) is not None:
            raise Unauthenticated("Sign in again, with your organization.")
        return Visitor(address, self._ports.people.by_address(address))

    def leave(self, held: str | None) -> None:
        """Ends a session, here and wherever else it is held."""
        try:
            _, session, _ = self._read(held)
        except Unauthenticated:
            return
        self._ports.store.close_session(session)

    def organization_of(self, visitor: Visitor) -> Organization | None:
        """The organization whose requests a visitor sees; None: there is none, or it does not share them."""
        person = visitor.person
        if person is None or person.organization_id is None:
            return None
        found = self._ports.organization(person.organization_id)
        return found if found is not None and found.shared else None

    def identity(self, visitor: Visitor, ticket_id: str) -> tuple[Ticket, str]:
        """A ticket, and the id under which a visitor reads and writes to it.

        Raises:
            NotFound: there is none for them.
        """
        ticket = self._ports.tickets.get(ticket_id) if is_id(ticket_id) else None
        if ticket is not None:
            needed = ticket.organization_id is not None
            organization = self.organization_of(visitor) if needed else None
            found = identity_on(ticket, visitor, organization)
            if found is not None:
                return ticket, found
        raise NotFound("There is no such request.")

    def requests(
        self, visitor: Visitor, query: TicketQuery, *, everybodys: bool, limit: int, position: dict[str, str] | None
    ) -> Page[TicketRow]:
        """A page of a visitor's requests and those they take part in, or of their organization's.

        Args:
            visitor: whose.
            query: which of them; whose is said here.
            everybodys: their organization's.
            limit: how many at most.
            position: the page before's.

        Raises:
            NotFound: they have no organization that shares its requests.
        """
        if everybodys:
            organization = self.organization_of(visitor)
            if organization is None:
                raise NotFound("There are no requests of an organization here.")
            query = replace(query, organization_id=organization.id)
        elif visitor.person is None:
            return Page(())
        else:
            query = replace(query, requester_id=visitor.person.id, aliases=visitor.ids[1:], taking_part=True)
        return self._ports.tickets.rows(query, limit=limit, position=position)

    def taken_part_in(self, visitor: Visitor, rows: Sequence[TicketRow]) -> frozenset[str]:
        """Ids of those of some requests that a visitor takes part in beside who asked."""
        others = [row.id for row in rows if row.requester_id not in visitor.ids]
        return self._ports.tickets.taken_part_in(visitor.ids, others) if others and visitor.ids else frozenset()

    # --- parts ---

    def _refuse_code(self, address: str) -> None:
        organization = self._ports.elsewhere(address)
        if organization is not None:
            raise SignInElsewhere(f"{organization} wants its people to come by its own sign-in.")

    def _refuse_haste(self, address: str, ip: str, now: datetime) -> None:
        counted = self._ports.limiter.count
        if counted("portal_ip", ip, 3600, now) > CODES_PER_IP_PER_HOUR:
            raise TooMany("Too many codes from your network; try again later.", retry_after_seconds=600)
        if counted("portal_code", address, 3600, now) > CODES_PER_ADDRESS_PER_HOUR:
            raise TooMany("Too many codes for this address; try again later.", retry_after_seconds=600)

    def _mail(
        self, address: str, language: str | None, details: SignInCode, now: datetime, brand: Brand | None
    ) -> None:
        wanted = supported_language(language or self._ports.desk().general.language)
        letter = self._ports.stationery.notice(
            Kind.SIGN_IN, new_id(now), Party(None, address), wanted, details, brand=brand
        )
        if letter is not None:
            self._ports.send(letter)

    def _read(self, held: str | None) -> tuple[str, str, bool]:
        try:
            claims = self._ports.session_seals.open(held or "", self._ports.clock())
        except Gone as over:
            raise Unauthenticated("Sign in again.") from over
        address, session = claims.get(_ADDRESS), claims.get(_NONCE)
        if not isinstance(address, str) or not isinstance(session, str):
            raise Unauthenticated("Sign in first.")
        return address, session, _AT_ORGANIZATION in claims
