"""What holds for people and organizations: how they are written down, found and put together. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk.kernel.errors import Conflict, FieldError
from helpdesk.kernel.text import LANGUAGES, clean, clean_line, is_address, normal_address
from helpdesk.people.domains import domain_of, is_public
from helpdesk.people.model import Alias, CustomValue, Merge, Organization, Person, PersonRow

MAX_ADDRESSES: Final = 20
MAX_PHONES: Final = 20
MAX_ALIASES: Final = 20
"""A person is written whole: with all addresses, numbers and aliases in one transaction of at most 100 items."""
MAX_TAGS: Final = 50
MAX_FIELDS: Final = 50
MAX_DOMAINS: Final = 50
LONGEST_NAME: Final = 200
LONGEST_TAG: Final = 60
LONGEST_NOTES: Final = 10_000
LONGEST_VALUE: Final = 1000
SAME_DIGITS: Final = 9
"""Last digits that two telephone numbers share if they are one, written with and without the country's code."""

_NOT_DIALLED: Final = re.compile(r"[\s()./\-\u2010-\u2015]+")
_PHONE: Final = re.compile(r"\+?[0-9]{5,20}")
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_SORTED_BY: Final = 100
"""Characters of a name that lists sort by."""


# --- how things are compared -----------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """A name as lists sort it and look for it: without case, width and superfluous space."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_line(text)).casefold())
    return " ".join(plain.replace("#", " ").split())[:_SORTED_BY].strip()


def last_name_first(name: str) -> str | None:
    """A name of several words, folded, with its last word in front; None where that would be nothing new."""
    words = folded(name).split()
    return " ".join((words[-1], *words[:-1])) if len(words) > 1 else None


def normal_phone(text: str) -> str | None:
    """A telephone number as it is dialled, `+` and digits; None if it is none."""
    number = _NOT_DIALLED.sub("", unicodedata.normalize("NFKC", text))
    number = "+" + number[2:] if number.startswith("00") else number
    return number if _PHONE.fullmatch(number) is not None else None


def backwards(phone: str) -> str:
    """The digits of a number from its end, so that numbers sort together with and without a country's code."""
    return phone.lstrip("+")[::-1]


def normal_domain(text: str) -> str:
    """A domain as it is compared: lower case, IDNA's letters, without an `@` before it."""
    domain = clean_line(text).lower().removeprefix("@").rstrip(".")
    try:
        return domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return domain


# --- how things are written down -------------------------------------------------------------------------------------


def tidied(person: Person) -> Person:
    """A person as they are kept: addresses, numbers and tags once each, lines and texts clean."""
    addresses = tuple(dict.fromkeys(normal_address(one) for one in person.addresses))
    phones = dict.fromkeys(normal_phone(one) or clean_line(one) for one in person.phones)
    return replace(
        person,
        address=addresses[0],
        more=addresses[1:],
        unreachable=tuple(one for one in person.unreachable if one in addresses[1:]),
        phones=tuple(phones),
        name=clean_line(person.name or "") or None,
        time_zone=person.time_zone or None,
        notes=clean(person.notes or "").strip() or None,
        tags=tidied_tags(person.tags),
    )


def tidied_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept: once each, in order."""
    return tuple(dict.fromkeys(tag for one in tags if (tag := clean_line(one))))


def with_addresses(person: Person, addresses: Sequence[str]) -> Person:
    """A person with other addresses. What is known of whether mail arrives stays with the address that it is known of."""
    bad = {*person.unreachable, *((person.address,) if person.undeliverable else ())}
    first, *more = tuple(dict.fromkeys(normal_address(one) for one in addresses))
    return replace(
        person,
        address=first,
        more=tuple(more),
        unreachable=tuple(one for one in more if one in bad),
        undeliverable=first in bad,
        complained=person.complained and first == person.address,
    )


def person_faults(person: Person) -> list[FieldError]:
    """What is wrong with a person, by pointer."""
    faults = [
        FieldError(f"/emails/{place}", "is not an e-mail address")
        for place, one in enumerate(person.addresses)
        if not is_address(one)
    ]
    faults += [
        FieldError(f"/phones/{place}", "is not a telephone number")
        for place, one in enumerate(person.phones)
        if normal_phone(one) is None
    ]
    if len(person.addresses) > MAX_ADDRESSES:
        faults.append(FieldError("/emails", f"at most {MAX_ADDRESSES}"))
    if len(person.phones) > MAX_PHONES:
        faults.append(FieldError("/phones", f"at most {MAX_PHONES}"))
    if len(person.name or "") > LONGEST_NAME:
        faults.append(FieldError("/name", f"has more than {LONGEST_NAME} characters"))
    if person.language not in LANGUAGES:
        faults.append(FieldError("/locale", f"must be one of {', '.join(LANGUAGES)}"))
    if person.time_zone is not None and not is_zone(person.time_zone):
        faults.append(FieldError("/time_zone", "is no time zone of IANA's, such as Asia/Seoul"))
    return faults + kept_faults(person.notes, person.tags, person.fields)


def organization_faults(organization: Organization) -> list[FieldError]:
    """What is wrong with an organization, by pointer."""
    faults = [] if organization.name else [FieldError("/name", "is missing")]
    if len(organization.name) > LONGEST_NAME:
        faults.append(FieldError("/name", f"has more than {LONGEST_NAME} characters"))
    if len(organization.domains) > MAX_DOMAINS:
        faults.append(FieldError("/domains", f"at most {MAX_DOMAINS}"))
    for place, domain in enumerate(organization.domains):
        if _DOMAIN.fullmatch(domain) is None or len(domain) > 253:
            faults.append(FieldError(f"/domains/{place}", "is not a domain"))
        elif is_public(domain):
            faults.append(FieldError(f"/domains/{place}", "is a mail provider's: its people have nothing in common"))
    return faults + kept_faults(organization.notes, organization.tags, organization.fields)


def kept_faults(notes: str | None, tags: Sequence[str], fields: Mapping[str, CustomValue]) -> list[FieldError]:
    """What is wrong with notes, tags and values under names of the desk's own."""
    faults = []
    if len(notes or "") > LONGEST_NOTES:
        faults.append(FieldError("/notes", f"has more than {LONGEST_NOTES} characters"))
    if len(tags) > MAX_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        faults.append(FieldError("/tags", f"at most {MAX_TAGS}, of {LONGEST_TAG} characters"))
    if len(fields) > MAX_FIELDS:
        faults.append(FieldError("/fields", f"at most {MAX_FIELDS}"))
    for name, value in fields.items():
        if not 0 < len(name) <= LONGEST_TAG or len(str(value)) > LONGEST_VALUE:
            pointer = "/fields/" + name.replace("~", "~0").replace("/", "~1")
            faults.append(FieldError(pointer, f"at most {LONGEST_VALUE} characters under a name of {LONGEST_TAG}"))
    return faults


def is_zone(name: str) -> bool:
    """Whether IANA knows a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def row_of(person: Person) -> PersonRow:
    """A person as lists show them."""
    return PersonRow(
        id=person.id,
        address=person.address,
        language=person.language,
        name=person.name,
        organization_id=person.organization_id,
        undeliverable=person.undeliverable,
        complained=person.complained,
    )


# --- one person known as two -----------------------------------------------------------------------------------------


def could_be_one(one: PersonRow, other: PersonRow) -> bool:
    """Whether two people of one name are perhaps one: their addresses are of one company, or both are anybody's."""
    ours, theirs = domain_of(one.address), domain_of(other.address)
    same_name = bool(one.name and other.name) and folded(one.name or "") == folded(other.name or "")
    return same_name and ours == theirs and not is_public(ours)


def merged(survivor: Person, other: Person, tickets: Sequence[str]) -> Person:
    """The survivor after another person turned out to be the same.

    What both have of a kind of which there is one stays the survivor's; notes are put one below the other.

    Args:
        survivor: who stays.
        other: whose all goes to them.
        tickets: the other's newest tickets, newest first.

    Raises:
        Conflict: together they have more than one person can.
    """
    addresses = tuple(dict.fromkeys((*survivor.addresses, *other.addresses)))
    phones = tuple(dict.fromkeys((*survivor.phones, *other.phones)))
    aliases = (*survivor.aliases, Alias(other.id, tuple(tickets)), *other.aliases)
    bad = {*survivor.unreachable, *other.unreachable, *((other.address,) if other.undeliverable else ())}
    result = replace(
        survivor,
        name=survivor.name or other.name,
        organization_id=survivor.organization_id or other.organization_id,
        more=addresses[1:],
        unreachable=tuple(one for one in addresses[1:] if one in bad),
        phones=phones,
        time_zone=survivor.time_zone or other.time_zone,
        tags=tuple(dict.fromkeys((*survivor.tags, *other.tags))),
        notes="\n\n".join(note for note in (survivor.notes, other.notes) if note) or None,
        fields={**other.fields, **survivor.fields},
        aliases=aliases,
    )
    if person_faults(result) or len(aliases) > MAX_ALIASES:
        raise Conflict("Together they have more addresses, numbers, notes or fields than one person can.")
    return result


def parted(survivor: Person, merge: Merge) -> tuple[Person, Person]:
    """The two people of a merge, told apart again: what was not touched since is as it was, the rest stays the survivor's.

    Raises:
        Conflict: none of the other's addresses is left to give back.
    """
    theirs = set(merge.result.addresses) - set(merge.survivor.addresses)
    given_back = tuple(one for one in merge.merged.addresses if one in theirs & set(survivor.addresses))
    if not given_back:
        raise Conflict("None of their addresses is left to give back.")
    phones = set(merge.result.phones) - set(merge.survivor.phones)
    gone = {merge.merged.id, *(alias.id for alias in merge.merged.aliases)}
    kept = tuple(one for one in survivor.addresses if one not in given_back)
    if not kept:
        raise Conflict("The one who stays would be left without an address.")
    rest = with_addresses(survivor, kept)
    before, after = merge.survivor, merge.result
    untouched = {
        name: getattr(before, name)
        for name in ("name", "organization_id", "time_zone", "tags", "notes", "fields")
        if getattr(survivor, name) == getattr(after, name)
    }
    rest = replace(
        rest,
        phones=tuple(one for one in survivor.phones if one not in phones),
        aliases=tuple(alias for alias in survivor.aliases if alias.id not in gone),
        **untouched,
    )
    other = replace(
        merge.merged,
        address=given_back[0],
        more=given_back[1:],
        unreachable=tuple(one for one in merge.merged.unreachable if one in given_back[1:]),
    )
    return rest, other
