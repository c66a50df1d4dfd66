"""What can be wrong with a brand, each fault with its place; and brands as a kind of settings. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.desk.settings import Kind, tidied_lines
from helpdesk.forms.checks import names_faults, words_faults
from helpdesk.kernel.errors import FieldError
from helpdesk.kernel.text import LANGUAGES
from helpdesk.mail.brand import is_colour
from helpdesk.mail.stationery import is_picture_address
from helpdesk.portal.brands import Brand

MOST_HOSTS: Final = 5
MOST_SITES: Final = 20
MOST_LINKS: Final = 6
_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})+")
_SITE: Final = re.compile(rf"https://{_HOST.pattern}(?::\d{{1,5}})?|http://(?:localhost|127\.0\.0\.1)(?::\d{{1,5}})?")
_LINK: Final = re.compile(r"(?:https://[^\s<>\"'/]+|/)[^\s<>\"']{0,1000}")


def tidied(brand: Brand) -> Brand:
    """A brand as it is kept."""
    return replace(
        brand,
        names=tidied_lines(brand.names),
        titles=tidied_lines(brand.titles),
        leads=tidied_lines(brand.leads),
        footers=tidied_lines(brand.footers),
        links=tuple(replace(one, names=tidied_lines(one.names), address=one.address.strip()) for one in brand.links),
        colour=(brand.colour or "").strip().lower() or None,
        logo_url=(brand.logo_url or "").strip() or None,
        hosts=tuple(dict.fromkeys(one.strip().lower() for one in brand.hosts)),
        sites=tuple(dict.fromkeys(one.strip().lower().rstrip("/") for one in brand.sites)),
    )


def faults_of(brand: Brand, desk: Desk) -> list[FieldError]:
    """All that is wrong with a brand on this desk."""
    faults = names_faults(brand.names, "/names") + words_faults(brand.titles, "/titles", longest=120)
    faults += words_faults(brand.leads, "/leads", longest=300) + words_faults(brand.footers, "/footers", longest=300)
    if brand.colour is not None and not is_colour(brand.colour):
        faults.append(FieldError("/colour", "must be a colour such as #2f4fd0"))
    if brand.logo_url is not None and not is_picture_address(brand.logo_url):
        faults.append(FieldError("/logo_url", "must be an address that begins with https://"))
    among: tuple[tuple[str, tuple[str, ...], Collection[str]], ...] = (
        ("languages", brand.languages, LANGUAGES),
        ("categories", brand.categories, desk.categories),
        ("mailboxes", brand.mailboxes, desk.mailboxes),
    )
    for name, wanted, known in among:
        faults += [
            FieldError(f"/{name}/{place}", "is not known to this desk")
            for place, one in enumerate(wanted)
            if one not in known
        ]
    faults += _misshapen("hosts", brand.hosts, _HOST, MOST_HOSTS, "is no host such as help.example.com")
    faults += _misshapen("sites", brand.sites, _SITE, MOST_SITES, "is no origin such as https://shop.example.com")
    return faults + _link_faults(brand) + list(_shared(brand, desk))


def _misshapen(
    name: str, given: tuple[str, ...], shape: re.Pattern[str], most: int, fault: str
) -> Iterable[FieldError]:
    if len(given) > most:
        yield FieldError(f"/{name}", f"must be {most} at most")
    for place, one in enumerate(given):
        if shape.fullmatch(one) is None or len(one) > 253:
            yield FieldError(f"/{name}/{place}", fault)


def _link_faults(brand: Brand) -> list[FieldError]:
    faults = [FieldError("/links", f"must be {MOST_LINKS} at most")] if len(brand.links) > MOST_LINKS else []
    for place, one in enumerate(brand.links):
        faults += names_faults(one.names, f"/links/{place}/names", longest=60)
        if _LINK.fullmatch(one.address) is None or one.address.startswith("//"):
            faults.append(FieldError(f"/links/{place}/address", "must begin with https:// or with /"))
    return faults


def _shared(brand: Brand, desk: Desk) -> Iterable[FieldError]:
    """What only one brand can have: a mailbox, a host, being the usual one."""
    for other in desk.brands.values():
        if other.id == brand.id:
            continue
        if brand.usual and other.usual:
            yield FieldError("/usual", f"is {other.id} already")
        for name, mine, theirs in (
            ("mailboxes", brand.mailboxes, other.mailboxes),
            ("hosts", brand.hosts, other.hosts),
        ):
            yield from (
                FieldError(f"/{name}/{place}", f"belongs to {other.id}")
                for place, one in enumerate(mine)
                if one in theirs
            )


BRAND_KIND: Final = Kind(
    "brand",
    "brand",
    lambda desk: desk.brands,
    tidied,
    lambda brand, _before, desk: faults_of(brand, desk),
    lambda *_: [],
)
