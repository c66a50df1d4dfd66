"""Sends people to their organization's provider, and lets in whom it vouches for; what admins set up and try out for that.

Nothing that a browser or a provider says is believed by itself: who comes back has to hold what began the sign-in, once; the
provider, the desk's name with it and the way back are those that were written down when it began.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.errors import Invalid, NotFound, TooMany
from helpdesk.kernel.text import normal_address, supported_language
from helpdesk.people.domains import domain_of
from helpdesk.people.model import Organization
from helpdesk.people.rules import normal_domain
from helpdesk.sso.model import (
    FLOW_SECONDS,
    SESSION_SECONDS,
    STARTS_PER_IP_PER_HOUR,
    Connection,
    Fault,
    Flow,
    NotProven,
    Offer,
    Proven,
    Provider,
    ProviderFailed,
    SignInOver,
)
from helpdesk.sso.rules import (
    BadProvider,
    authorization_address,
    connection_faults,
    discovery_address,
    hashed,
    id_token_of,
    proven_by,
    provider_of,
    refuses_client,
    same,
    tidied_issuer,
    token_request,
    usable_keys,
)


class ConnectionStore(Protocol):
    """Where connections, their secrets and sign-ins under way are kept."""

    def connection(self, organization_id: str) -> Connection | None:
        """An organization's."""
        ...

    def secret(self, organization_id: str) -> str:
        """The secret under which the desk is known to its provider; empty: there is none."""
        ...

    def save(self, before: Connection | None, after: Connection, secret: str | None) -> None:
        """Writes a connection, with another secret if one is given, and tells the trail.

        Raises:
            StaleVersion: it is not as `before` any more.
        """
        ...

    def remove(self, before: Connection) -> None:
        """Takes a connection and its secret away, and tells the trail.

        Raises:
            StaleVersion: it is not as `before` any more.
        """
        ...

    def begin(self, state: str, flow: Flow, until: datetime) -> None:
        """Keeps a sign-in under way."""
        ...

    def take(self, state: str, now: datetime) -> Flow | None:
        """Gives a sign-in under way to the first who asks for it; None: there is none, it is over, or was taken."""
        ...


class RateLimiter(Protocol):
    """Counts what somebody does in a window of time."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was answered.

    Attributes:
        status: of HTTP; None: nothing was answered.
        problem: as `platform.outbound.Answered` says; empty: it got through.
    """

    status: int | None
    problem: str
    body: bytes


class Fetch(Protocol):
    """Calls addresses outside, and never what is inside."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes | None) -> Fetched:
        """Gets something; with a body, posts it. What goes wrong is told and never raised."""
        ...


class ReadToken(Protocol):
    """Checks tokens; see `sso.tokens.claims_of`."""

    def __call__(self, token: str, keys: list[dict[str, object]], flow: Flow, now: datetime) -> Mapping[str, object]:
        """The claims of a token that is what the sign-in waits for. Raises NotProven: it is not."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What it stands on.

    Attributes:
        organization_for: id of the organization whose people have addresses like one.
        organization: reads one.
        admit: makes somebody known as one of an organization, unless they are.
        let_in: opens a session of the portal for an address and some seconds, and gives what a browser shall hold.
        local: the desk runs on one machine.
    """

    store: ConnectionStore
    limiter: RateLimiter
    organization_for: Callable[[str], str | None]
    organization: Callable[[str], Organization | None]
    admit: Callable[[Proven, str, datetime], None]
    let_in: Callable[[str, int], str]
    fetch: Fetch
    read_token: ReadToken
    clock: Clock
    local: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that begins.

    Attributes:
        url: where to send the browser.
        binding: what it shall hold meanwhile.
    """

    url: str
    binding: str


@dataclass(frozen=True, slots=True)
class Answered:
    """With what somebody comes back.

    Attributes:
        issuer: as the provider named itself on the way; None: it did not.
        binding: what the browser holds.
        redirect_uri: where they came back to.
    """

    code: str
    state: str
    issuer: str | None
    binding: str | None
    redirect_uri: str


class SingleSignOn:
    """Signing in at the organization's provider.

    Args:
        ports: what it stands on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def asked(self, address: str, ip: str) -> Offer | None:
        """What who types an address is offered; None: nothing but a code by mail.

        Args:
            address: who they say they are.
            ip: the caller's: nobody asks for every company there is whether it is known here.

        Raises:
            TooMany: too many from this network.
        """
        offer = self.offered(address)
        if offer is not None:  # else a code is asked for, which is counted itself
            self._refuse_haste("portal_sso_asked", ip)
        return offer

    def offered(self, address: str) -> Offer | None:
        """What who has an address is offered; None: nothing but a code by mail."""
        wanted = normal_address(address)
        organization_id = self._ports.organization_for(wanted)
        found = self._ports.store.connection(organization_id) if organization_id is not None else None
        if found is None or not found.active or domain_of(wanted) not in found.domains:
            return None
        organization = self._ports.organization(found.organization_id)
        return Offer(found, organization.name, found.required) if organization is not None else None

    def begin(self, address: str, language: str | None, ip: str, redirect_uri: str) -> Begun:
        """Begins a sign-in.

        Args:
            address: who they say they are; whoever the provider says they are counts.
            language: of the pages that they come from.
            ip: the caller's.
            redirect_uri: where the provider shall send them.

        Raises:
            NotFound: people with such an address are not signed in this way.
            TooMany: too many from this network.
            ProviderFailed: the provider does not answer, or not as one.
        """
        ports, now = self._ports, self._ports.clock()
        self._refuse_haste("portal_sso", ip)
        offer = self.offered(address)
        if offer is None:
            raise NotFound("No organization signs its people in with such an address.")
        try:
            provider = described(ports.fetch, offer.connection.issuer, local=ports.local)
        except BadProvider as bad:
            raise ProviderFailed("Your organization's sign-in does not answer as it should.") from bad
        state, binding = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        flow = Flow(
            organization_id=offer.connection.organization_id,
            provider=provider,
            client_id=offer.connection.client_id,
            binding=hashed(binding),
            redirect_uri=redirect_uri,
            verifier=secrets.token_urlsafe(48),
            nonce=secrets.token_urlsafe(24),
        )
        ports.store.begin(state, flow, now + seconds(FLOW_SECONDS))
        url = authorization_address(flow, state, normal_address(address), supported_language(language))
        return Begun(url, binding)

    def finish(self, answered: Answered) -> tuple[str, str]:
        """Lets in whom the provider vouches for.

        Returns:
            What their browser shall hold, and their address.

        Raises:
            SignInOver: there is no such sign-in under way in this browser, or not any more.
            NotProven: what was answered proves nothing.
            ForeignAddress: it proves an address that is none of the organization's.
            ProviderFailed: the provider does not answer.
        """
        ports, now = self._ports, self._ports.clock()
        flow = ports.store.take(answered.state, now)
        if flow is None or not same(flow.binding, answered.binding or ""):
            raise SignInOver("This sign-in is over, or began in another browser. Begin again.")
        if flow.redirect_uri != answered.redirect_uri:
            raise SignInOver("This sign-in began at another address. Begin again.")
        named = answered.issuer is not None or flow.provider.names_itself
        if named and answered.issuer != flow.provider.issuer:
            raise NotProven("Another sign-in answered than the one that was asked.")
        connection, organization = self._still(flow)
        proven = proven_by(self._claims(flow, answered.code, now), connection, organization.domains)
        ports.admit(proven, organization.id, now)
        return ports.let_in(proven.address, SESSION_SECONDS), proven.address

    def _refuse_haste(self, scope: str, ip: str) -> None:
        if self._ports.limiter.count(scope, ip, 3600, self._ports.clock()) > STARTS_PER_IP_PER_HOUR:
            raise TooMany("Too many sign-ins from your network; try again later.", retry_after_seconds=600)

    def _still(self, flow: Flow) -> tuple[Connection, Organization]:
        """The connection and its organization, if they are what they were when the sign-in began."""
        connection = self._ports.store.connection(flow.organization_id)
        organization = self._ports.organization(flow.organization_id)
        if connection is None or organization is None or not connection.active:
            raise SignInOver("Your organization does not sign people in this way any more.")
        if (connection.issuer, connection.client_id) != (flow.provider.issuer, flow.client_id):
            raise SignInOver("Your organization's sign-in has changed meanwhile. Begin again.")
        return connection, organization

    def _claims(self, flow: Flow, code: str, now: datetime) -> Mapping[str, object]:
        ports = self._ports
        headers, body = token_request(flow, code, ports.store.secret(flow.organization_id))
        given = ports.fetch(flow.provider.token_endpoint, headers, body)
        if given.status is None or given.status >= 500:
            raise ProviderFailed("Your organization's sign-in does not answer.")
        token = id_token_of(given.body) if not given.problem else None
        if token is None:
            raise NotProven("What your organization's sign-in answered could not be confirmed.")
        keys = ports.fetch(flow.provider.jwks_uri, {"accept": "application/json"}, None)
        if keys.problem:
            raise ProviderFailed("Your organization's sign-in does not answer.")
        return ports.read_token(token, usable_keys(keys.body), flow, now)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a connection shall be.

    Attributes:
        client_secret: None: the one that is kept, if it was given for the same issuer.
    """

    issuer: str
    client_id: str
    client_secret: str | None
    domains: tuple[str, ...]
    active: bool
    required: bool
    trusts_addresses: bool


class Connections:
    """What admins do.

    Args:
        ports: what it stands on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def get(self, organization_id: str) -> Connection | None:
        """An organization's; None: its people get codes by mail.

        Raises:
            NotFound: there is no such organization.
        """
        return self._ports.store.connection(self._organization(organization_id).id)

    def save(self, before: Connection | None, organization_id: str, wish: Wish) -> Connection:
        """Sets one up, or changes it.

        Args:
            before: as it was seen; None: there was none.
            organization_id: whose.
            wish: what it shall be.

        Raises:
            NotFound: there is no such organization.
            Invalid: what is wrong, by pointer.
            StaleVersion: it is not as `before` any more.
        """
        organization, issuer = self._organization(organization_id), tidied_issuer(wish.issuer)
        kept = before or Connection(organization.id, "", "")
        secret = (wish.client_secret or "").strip() or None
        after = replace(
            kept,
            issuer=issuer,
            client_id=wish.client_id.strip(),
            domains=tuple(dict.fromkeys(normal_domain(one) for one in wish.domains)),
            active=wish.active,
            required=wish.active and wish.required,
            trusts_addresses=wish.trusts_addresses,
            secrets=(kept.secrets if issuer == kept.issuer else 0) + (secret is not None),
        )
        if faults := connection_faults(after, organization.domains, local=self._ports.local):
            raise Invalid("Some fields are not valid.", faults)
        if before is not None and after == before:
            return before
        after = replace(after, version=kept.version + 1)
        self._ports.store.save(before, after, secret)
        return after

    def remove(self, before: Connection) -> None:
        """Takes one away: the organization's people get codes by mail.

        Raises:
            StaleVersion: it is not as `before` any more.
        """
        self._ports.store.remove(before)

    def check(self, organization_id: str, wish: Wish, redirect_uri: str) -> Fault | None:
        """Tries a provider without signing anybody in.

        A code that nobody was given is taken to it: who knows the client refuses the code, who does not, the client.

        Args:
            organization_id: whose.
            wish: what the connection shall be.
            redirect_uri: where it would lead back to.

        Raises:
            NotFound: there is no such organization.
        """
        organization, ports = self._organization(organization_id), self._ports
        try:
            provider = described(ports.fetch, tidied_issuer(wish.issuer), local=ports.local)
            _look_at_keys(ports.fetch, provider)
        except BadProvider as bad:
            return bad.fault
        secret = (wish.client_secret or "").strip() or self._kept_secret(organization.id, provider.issuer)
        flow = Flow(organization.id, provider, wish.client_id.strip(), "", redirect_uri, secrets.token_urlsafe(48), "")
        headers, body = token_request(flow, secrets.token_urlsafe(24), secret)
        answered = ports.fetch(provider.token_endpoint, headers, body)
        if answered.status is None:
            return _fault_of(answered.problem)
        return Fault.CLIENT_REFUSED if refuses_client(answered.body) else None

    def _kept_secret(self, organization_id: str, issuer: str) -> str:
        """The secret that is kept, for the provider that it was given for: no other is ever told it."""
        store = self._ports.store
        found = store.connection(organization_id)
        return store.secret(organization_id) if found is not None and found.issuer == issuer else ""

    def _organization(self, organization_id: str) -> Organization:
        found = self._ports.organization(organization_id)
        if found is None:
            raise NotFound("There is no such organization.")
        return found


def described(fetch: Fetch, issuer: str, *, local: bool) -> Provider:
    """What a provider says of itself, read anew: people sign in seldom, and what is kept would be wrong one day.

    Raises:
        BadProvider: why it cannot be used.
    """
    found = fetch(discovery_address(issuer), {"accept": "application/json"}, None)
    if found.problem:
        raise BadProvider(_fault_of(found.problem))
    return provider_of(found.body, issuer, local=local)


def _look_at_keys(fetch: Fetch, provider: Provider) -> None:
    found = fetch(provider.jwks_uri, {"accept": "application/json"}, None)
    if found.problem:
        raise BadProvider(_fault_of(found.problem))
    if not usable_keys(found.body):
        raise BadProvider(Fault.NO_KEYS)


def _fault_of(problem: str) -> Fault:
    if problem in {"address", "scheme"}:
        return Fault.ADDRESS
    return Fault.NOT_A_PROVIDER if problem in {"status", "redirect", "too_large"} else Fault.UNREACHABLE
