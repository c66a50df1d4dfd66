"""A brand as its admins write it, as JSON: what is saved, and what is looked at before."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from helpdesk.desk.schemas import Language, Order, SettingId, Words


class BrandLinkIO(Struct, frozen=True, forbid_unknown_fields=True):
    """A link at the foot of a brand's pages."""

    names: Words
    address: Annotated[str, Meta(max_length=1000, examples=["https://acme.example/privacy"])]


def _no_words() -> dict[str, str]:
    return {}


class BrandIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A name that the desk answers under."""

    names: Words
    languages: Annotated[list[Language], Meta(max_length=10, description="Of its pages; empty: all.")] = msgspec.field(
        default_factory=list
    )
    colour: Annotated[str, Meta(max_length=20, examples=["#2f4fd0"])] | None = None
    logo_url: Annotated[str, Meta(max_length=1000, description="An https address of a picture.")] | None = None
    titles: Annotated[Words, Meta(description="The question over the form.")] = msgspec.field(default_factory=_no_words)
    leads: Annotated[Words, Meta(description="The sentence below it.")] = msgspec.field(default_factory=_no_words)
    footers: Annotated[Words, Meta(description="A line at the foot of every page.")] = msgspec.field(
        default_factory=_no_words
    )
    links: Annotated[list[BrandLinkIO], Meta(max_length=6)] = msgspec.field(default_factory=list)
    categories: Annotated[
        list[SettingId], Meta(max_length=300, description="Empty: all that customers can choose.")
    ] = msgspec.field(default_factory=list)
    mailboxes: Annotated[
        list[SettingId],
        Meta(max_length=50, description="Whose mails are its own; the first sends what is about no mail."),
    ] = msgspec.field(default_factory=list)
    hosts: Annotated[
        list[Annotated[str, Meta(max_length=253)]],
        Meta(
            max_length=5, description="Of its pages, which the deployment must serve.", examples=[["help.acme.example"]]
        ),
    ] = msgspec.field(default_factory=list)
    sites: Annotated[
        list[Annotated[str, Meta(max_length=300)]],
        Meta(
            max_length=20,
            description="Origins of websites that may show its request form.",
            examples=[["https://shop.acme.example"]],
        ),
    ] = msgspec.field(default_factory=list)
    usual: Annotated[bool, Meta(description="Of whoever comes by no brand's address.")] = False
    active: bool = True
    order: Order = 0
    without_community: Annotated[bool, Meta(description="Its pages have no community, though the desk has one.")] = (
        False
    )
