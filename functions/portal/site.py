"""What the portal's pages need to know of whose they are: a brand's name, looks, words and languages."""

from typing import Annotated, Self

import msgspec
from msgspec import Meta, Struct

from functions.portal.community import is_there, visitor_of
from helpdesk import bootstrap
from helpdesk.channels.schemas import BrandId, Locale
from helpdesk.forms.model import name_in
from helpdesk.kernel.text import LANGUAGES, supported_language
from helpdesk.mail.brand import palette
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.portal.brands import Brand


class SiteQuery(Struct, frozen=True):
    """Whose pages, and in which language."""

    brand: BrandId | None = None
    locale: Locale = LANGUAGES[0]


class SiteColoursOut(Struct, frozen=True):
    """A brand's colours, each legible where it stands."""

    button: str
    on_button: str
    link: str
    link_dark: str


class SiteLinkOut(Struct, frozen=True):
    """A link at the foot of every page."""

    name: str
    address: str


class SiteOut(Struct, frozen=True):
    """Whose pages these are. What is null is the desk's own."""

    brand: Annotated[str | None, Meta(description="Send it with requests that are opened here.")]
    name: str | None
    languages: Annotated[list[str], Meta(description="In which the pages can be read.")]
    colours: SiteColoursOut | None
    logo_url: str | None
    title: Annotated[str | None, Meta(description="The question over the form.")]
    lead: Annotated[str | None, Meta(description="The sentence below it.")]
    footer: str | None
    links: list[SiteLinkOut]
    community: Annotated[bool, Meta(description="There is a community at these pages for who asks.")] = False

    @classmethod
    def of(cls, brand: Brand, language: str) -> Self:
        """A brand as its pages show it."""
        own = palette(brand.colour)
        colours = SiteColoursOut(own.button, own.on_button, own.link, own.link_dark)
        return cls(
            brand=brand.id,
            name=brand.name(language),
            languages=list(brand.spoken),
            colours=colours if brand.colour is not None else None,
            logo_url=brand.logo_url,
            title=name_in(brand.titles, language, "") or None,
            lead=name_in(brand.leads, language, "") or None,
            footer=name_in(brand.footers, language, "") or None,
            links=[SiteLinkOut(name_in(one.names, language, one.address), one.address) for one in brand.links],
        )


def _plain() -> SiteOut:
    """Where no brand is: the desk under its own name, as its help centre and its mails call it."""
    name = bootstrap.desk().general.name
    return SiteOut(None, name, list(LANGUAGES), None, None, None, None, None, [])


def site(call: Call) -> Reply:
    """Whose pages these are."""
    query: SiteQuery = call.query
    brand = bootstrap.brand_at(call, query.brand)
    found = SiteOut.of(brand, supported_language(query.locale)) if brand is not None else _plain()
    there = is_there(brand, signed_in=visitor_of(call) is not None)
    return Reply(msgspec.structs.replace(found, community=there))


ENDPOINTS = (
    Endpoint(
        "GET /v1/portal/site",
        name="getSite",
        summary="Whose pages these are: a brand's name, looks, words and languages",
        description="By `brand`, or by the host that the page came from, or else the usual brand.",
        handle=site,
        query=SiteQuery,
        response=SiteOut,
        tag="Portal",
    ),
)
