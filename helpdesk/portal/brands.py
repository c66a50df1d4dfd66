"""Brands: one desk may answer under several names, each with its own looks, words, addresses and mailboxes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from helpdesk.forms.model import name_in
from helpdesk.kernel.text import LANGUAGES

PORTAL: Final = "/portal"
HELP: Final = "/help"
SIGN_ON: Final = "single-sign-on"
"""The portal's page that an organization's own sign-in leads back to."""
UNDER: Final = "b"
"""Below this word the portal and the help centre of a brand lie that has no host of its own: `/portal/b/acme`."""


@dataclass(frozen=True, slots=True)
class BrandLink:
    """A link at the foot of a brand's pages. Names by language."""

    names: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """A name that the desk answers under. A ticket's brand is that of the mailbox its mails are sent from.

    Attributes:
        id: stands in addresses.
        names: by language.
        languages: in which its pages can be read; empty: all of ours.
        colour: of buttons and links, as `#2f4fd0`; made legible where it is not.
        logo_url: https address of a picture.
        titles, leads: the question over the form and the sentence below it, by language; empty: the page's own.
        footers: a line at the foot of every page, by language.
        links: beside that line.
        categories: that can be chosen here; empty: all that customers can choose.
        mailboxes: whose mails are its own; the first one sends what is about no mail.
        hosts: of its pages; the first is the one that mails link to.
        sites: origins of websites that may show its request form.
        usual: of whoever comes by no brand's address.
        active: its pages can be reached. Its mails look as before either way.
        without_community: its pages have no community, though the desk has one.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    colour: str | None = None
    logo_url: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    footers: Mapping[str, str] = field(default_factory=dict)
    links: tuple[BrandLink, ...] = ()
    categories: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    usual: bool = False
    active: bool = True
    order: int = 0
    without_community: bool = False

    def name(self, language: str) -> str:
        """The name in a language, or the nearest there is."""
        return name_in(self.names, language, self.id)

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages of its pages."""
        return self.languages or LANGUAGES

    @property
    def mailbox(self) -> str | None:
        """The mailbox that sends what is about no mail."""
        return self.mailboxes[0] if self.mailboxes else None


def brand_of_mailbox(brands: Mapping[str, Brand], mailbox_id: str | None) -> Brand | None:
    """The brand whose mails a mailbox sends; where none claims it, the usual one."""
    found = (one for one in brands.values() if mailbox_id is not None and mailbox_id in one.mailboxes)
    return next(found, None) or _usual(brands)


def brand_at(brands: Mapping[str, Brand], named: str | None, host: str | None) -> Brand | None:
    """The brand that an address is of: as its path names it, or by its host, or else the usual one."""
    if not brands:
        return None
    by_name = brands.get(named or "")
    if by_name is not None and by_name.active:
        return by_name
    wanted = (host or "").partition(":")[0].lower()
    by_host = (one for one in brands.values() if one.active and wanted and wanted in one.hosts)
    return next(by_host, None) or _usual(brands)


def portal_of(brand: Brand | None, base_url: str) -> str:
    """Where a brand's portal is, without a trailing slash."""
    return _place(brand, base_url, PORTAL)


def help_of(brand: Brand | None, base_url: str) -> str:
    """Where a brand's help centre is, without a trailing slash."""
    return _place(brand, base_url, HELP)


def sign_on_pages(brands: Mapping[str, Brand], base_url: str) -> tuple[str, ...]:
    """Where an organization's own sign-in may lead back to: one address for the desk, one for each host of a brand."""
    hosts = [f"https://{host}" for brand in brands.values() if brand.active for host in brand.hosts]
    return tuple(dict.fromkeys(f"{origin}{PORTAL}/{SIGN_ON}" for origin in (base_url, *hosts)))


def sign_on_page(brands: Mapping[str, Brand], base_url: str, host: str | None) -> str:
    """Which of them is that of the host that a page came from; of one that is nobody's, the desk's."""
    wanted = f"https://{(host or '').lower()}{PORTAL}/{SIGN_ON}"
    pages = sign_on_pages(brands, base_url)
    return wanted if wanted in pages else pages[0]


def _place(brand: Brand | None, base_url: str, room: str) -> str:
    if brand is None or not brand.active:
        return f"{base_url}{room}"
    if brand.hosts:
        return f"https://{brand.hosts[0]}{room}"
    return f"{base_url}{room}" if brand.usual else f"{base_url}{room}/{UNDER}/{brand.id}"


def _usual(brands: Mapping[str, Brand]) -> Brand | None:
    return next((one for one in brands.values() if one.usual and one.active), None)
