"""An organization's own sign-in, as admins set it up."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from helpdesk.sso.model import Fault

Issuer = Annotated[
    str,
    Meta(
        max_length=500,
        description="As the provider names itself, to the letter.",
        examples=["https://login.microsoftonline.com/1f2e/v2.0"],
    ),
]
ClientId = Annotated[str, Meta(max_length=300)]
ClientSecret = Annotated[
    str,
    Meta(max_length=1000, description="Left out: the one that is kept for this issuer. It is never given back."),
]


class SignOnIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How an organization's people shall be signed in."""

    issuer: Issuer
    client_id: ClientId
    domains: Annotated[
        list[Annotated[str, Meta(max_length=253)]],
        Meta(
            max_length=50, description="Of the organization's domains, those whose addresses the provider vouches for."
        ),
    ]
    client_secret: ClientSecret | None = None
    active: bool = True
    required: Annotated[bool, Meta(description="Its people get no codes by mail.")] = False
    trusts_addresses: Annotated[
        bool,
        Meta(
            description="An address counts although the provider does not say whether it has been verified (Entra ID)."
        ),
    ] = False


class SignOnOut(Struct, frozen=True):
    """How an organization's people are signed in."""

    issuer: str
    client_id: str
    domains: list[str]
    active: bool
    required: bool
    trusts_addresses: bool
    has_secret: bool
    version: int
    redirect_addresses: Annotated[
        list[str], Meta(description="What the provider has to know: it sends people back to one of them.")
    ]


class SignOnCheckOut(Struct, frozen=True):
    """What trying a provider came to."""

    fault: Annotated[Fault | None, Meta(description="What is wrong; null: people can be sent to it.")]
    outcome: Literal["ready", "faulty"]
