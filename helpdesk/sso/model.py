"""An organization's own sign-in: how admins set it up, what its provider says of itself, and a sign-in under way."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.kernel.errors import Forbidden, Gone, Unauthenticated, Unavailable

FLOW_SECONDS: Final = 10 * 60
"""How long somebody may take at their provider."""
SESSION_SECONDS: Final = 86_400
"""Of who came by their organization: a day, so that who has left it is out the day after. Coming again is one press."""
STARTS_PER_IP_PER_HOUR: Final = 600
"""A company's people come from one address: as many may ask for this way as may begin."""
LEEWAY_SECONDS: Final = 60
"""By how much a provider's clock may differ."""
MOST_OF_A_PROVIDER: Final = 256 * 1024
"""Bytes of one answer of a provider: the largest sets of keys have a tenth of that."""
ALGORITHMS: Final = ("RS256", "ES256")
GOOGLE: Final = "https://accounts.google.com"
"""Anybody can have an account there: that it is a company's says the claim `hd` alone."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How an organization's people are signed in by its provider. The client's secret is kept apart.

    Attributes:
        issuer: as the provider names itself, to the letter.
        client_id: under which it knows the desk.
        domains: of the organization's, those whose addresses its provider may vouch for.
        active: its people are offered it.
        required: they get no codes by mail.
        trusts_addresses: an address counts although the provider does not say that it has been verified. That it has not
            been is never overlooked.
        secrets: how many secrets there have been; none: it has none.
        version: counts changes.
    """

    organization_id: str
    issuer: str
    client_id: str
    domains: tuple[str, ...] = ()
    active: bool = False
    required: bool = False
    trusts_addresses: bool = False
    secrets: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider says of itself.

    Attributes:
        posts_secret: it wants the secret in the body; else as HTTP's basic authentication has it.
        names_itself: it names itself when it sends people back (RFC 9207).
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    posts_secret: bool = False
    names_itself: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in under way: all that the answer is held to, as it was when somebody left for their provider.

    Attributes:
        organization_id: whose provider.
        client_id: under which it knew the desk.
        binding: hash of what the browser holds that began.
        redirect_uri: where it leads back to.
        verifier: proves to the provider that who asks for the token is who began (PKCE).
        nonce: has to stand in the token.
    """

    organization_id: str
    provider: Provider
    client_id: str
    binding: str
    redirect_uri: str
    verifier: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A sign-in that somebody with an address is offered.

    Attributes:
        name: of the organization.
        required: there is no other way.
    """

    connection: Connection
    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom a provider vouches for."""

    address: str
    name: str | None


class Fault(StrEnum):
    """What is wrong with a provider, found before anybody depends on it."""

    ADDRESS = "address"  # leads inside, or nowhere
    UNREACHABLE = "unreachable"
    NOT_A_PROVIDER = "not_a_provider"  # what is answered describes none
    OTHER_ISSUER = "other_issuer"  # it calls itself something else
    NOT_ENCRYPTED = "not_encrypted"  # an address of it is none of https
    NO_CODE_FLOW = "no_code_flow"
    NO_PKCE = "no_pkce"
    NO_ALGORITHM = "no_algorithm"  # it signs in no way that is taken here
    NO_KEYS = "no_keys"
    CLIENT_REFUSED = "client_refused"  # it does not know the client, or the secret is another


class ProviderFailed(Unavailable):
    """The provider cannot be reached, or answers what nobody can read."""

    code = "sign_in_provider_failed"
    title = "The organization's sign-in does not answer"


class NotProven(Unauthenticated):
    """What the provider answered proves nothing here; why is not told to who may have forged it."""

    code = "sign_in_not_proven"
    title = "The organization's sign-in could not be confirmed"


class ForeignAddress(Forbidden):
    """The provider vouches for an address that it may not vouch for, or that it has not verified."""

    code = "sign_in_foreign_address"
    title = "This address cannot be signed in this way"


class SignInOver(Gone):
    """The answer belongs to no sign-in under way: it was used, took too long, or began in another browser."""

    code = "sign_in_over"
    title = "This sign-in is over"
