"""What agents do with the people who write to the desk: find them, describe them, put two together who are one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.people.model import Agent, CustomValue, Merge, Person, PersonRow
from helpdesk.people.rules import (
    SAME_DIGITS,
    backwards,
    could_be_one,
    folded,
    last_name_first,
    merged,
    normal_domain,
    normal_phone,
    parted,
    person_faults,
    row_of,
    tidied,
    with_addresses,
)
from helpdesk.people.service import PeopleStore

TICKETS_REMEMBERED: Final = 10
"""Newest tickets of somebody merged that are known without asking an index."""
_LOOKED_AT: Final = 25
"""How many who share a name or a number are looked at for duplicates."""
_ATTEMPTS: Final = 5


class AddressInUse(Conflict):
    """The address is somebody else's."""

    code = "address_in_use"
    title = "The address belongs to somebody else"


class List(StrEnum):
    """A list of people in the table's indexes."""

    NAME = "name"
    LAST_NAME = "last"
    ADDRESS = "address"
    PHONE = "phone"
    DOMAIN = "domain"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Part of a list.

    Attributes:
        of: which list.
        prefix: what names, addresses or numbers (from their end) begin with.
        within: the domain or the organization of those lists.
    """

    of: List
    prefix: str = ""
    within: str = ""


class DirectoryStore(PeopleStore, Protocol):
    """Where people are kept, with their lists."""

    def listed(self, query: PeopleQuery, *, limit: int, position: dict[str, str] | None) -> Page[PersonRow]:
        """A page of a list: one query."""
        ...

    def add(self, person: Person) -> None:
        """Makes somebody known.

        Raises:
            AddressInUse: one of their addresses is somebody's.
        """
        ...

    def rewrite(self, before: Sequence[Person], after: Sequence[Person], *merges: Merge) -> None:
        """Writes some people in place of others, with the records of what was merged, all or nothing.

        Raises:
            StaleVersion: one of them is not as `before` any more.
            AddressInUse: an address that none of them had is somebody's.
        """
        ...

    def merges(self, person_id: str) -> tuple[Merge, ...]:
        """Who was merged into somebody, oldest first, those taken back among them."""
        ...


@dataclass(frozen=True, slots=True)
class PersonWish:
    """What shall be known of a person; what is None stays, what is empty goes."""

    name: str | None = None
    addresses: tuple[str, ...] | None = None
    phones: tuple[str, ...] | None = None
    language: str | None = None
    time_zone: str | None = None
    organization_id: str | None = None
    tags: tuple[str, ...] | None = None
    notes: str | None = None
    fields: Mapping[str, CustomValue] | None = field(default=None, hash=False)
    undeliverable: bool | None = None
    complained: bool | None = None


class Directory:
    """The people.

    Args:
        store: where they are kept.
        desk: the configuration.
        clock: the desk's time.
        organizations: whether there is an organization of an id.
        tickets: ids of a person's newest tickets, newest first, at most as many as asked for.
    """

    def __init__(
        self,
        store: DirectoryStore,
        desk: Callable[[], Desk],
        clock: Clock,
        *,
        organizations: Callable[[str], bool],
        tickets: Callable[[Person, int], tuple[str, ...]],
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._organizations = organizations
        self._tickets = tickets

    def get(self, person_id: str) -> Person:
        """A person; under the id of somebody who was merged into another: that other.

        Raises:
            NotFound: there is none.
        """
        found = self._store.by_id(person_id) if is_id(person_id) else None
        if found is None:
            raise NotFound("There is no such person.")
        return found

    # --- finding ---

    def find(
        self, text: str, organization_id: str | None, *, limit: int, position: dict[str, str] | None
    ) -> Page[PersonRow]:
        """A page of people: all by name, those of an organization, or those whose name, address or number begins so.

        Costs one query for each list that it looks through on the way: names, last names and addresses for a word, one
        alone for everything else.

        Args:
            text: the beginning of a name, of its last word, of an address, `@` and a domain, or a telephone number.
            organization_id: only its people; `text` is then the beginning of their names.
            limit: at most so many.
            position: where to go on.
        """
        lists = _lists_for(text, organization_id)
        number, at = _place_in(position, len(lists))
        found: dict[str, PersonRow] = {}
        while number < len(lists):
            page = self._store.listed(lists[number], limit=limit - len(found), position=at)
            found |= {row.id: row for row in page.items if not _shown_before(row, lists[:number])}
            at = page.next_position
            if at is None:
                number += 1
            if len(found) >= limit or at is not None:
                break
        more = number < len(lists)
        return Page(tuple(found.values()), {"list": str(number)} | (at or {}) if more else None)

    def duplicates(self, person: Person) -> tuple[PersonRow, ...]:
        """Who is perhaps the same person: of the same name at the same company, or with the same telephone number.

        Costs a query for the name and one for each number.
        """
        own = row_of(person)
        by_name = PeopleQuery(List.NAME, f"{folded(person.name or '')}#")
        named = self._store.listed(by_name, limit=_LOOKED_AT, position=None).items if person.name else ()
        found = {row.id: row for row in named if could_be_one(own, row)}
        for phone in person.phones:
            end = PeopleQuery(List.PHONE, backwards(phone)[:SAME_DIGITS])
            found |= {row.id: row for row in self._store.listed(end, limit=_LOOKED_AT, position=None).items}
        return tuple(row for row in found.values() if row.id not in person.ids)

    # --- describing ---

    def create(self, wish: PersonWish) -> Person:
        """Makes somebody known. Without a word about it, they belong to the organization of their address.

        Raises:
            Invalid: what is wrong with them, by pointer.
            AddressInUse: one of the addresses is somebody's.
        """
        now = self._clock()
        if not wish.addresses:
            raise Invalid("Some fields are not valid.", [FieldError("/emails", "needs one at least")])
        first = normal_address(wish.addresses[0])
        organization = self._store.organization_for(first) if wish.organization_id is None else None
        language = self._desk().general.language
        blank = Person(new_id(now), first, language, now, organization_id=organization)
        person = self._checked(blank, wish)
        self._store.add(person)
        return person

    def change(self, person_id: str, wish: PersonWish, version: int | None) -> Person:
        """Changes what is known of somebody.

        Args:
            person_id: of whom.
            wish: what shall be known.
            version: that the wish was made against; None: any.

        Raises:
            NotFound: there is no such person.
            StaleVersion: they are not at that version (any more).
            Invalid: what is wrong, by pointer.
            AddressInUse: an address is somebody else's.
            Unavailable: others kept changing the same person.
        """
        for _ in range(_ATTEMPTS):
            before = self.get(person_id)
            if version is not None and before.version != version:
                raise StaleVersion(f"You saw version {version}; it is at {before.version} now.", current=before.version)
            after = self._checked(before, wish)
            try:
                return self._store.change(before, after) if after != before else before
            except StaleVersion:
                continue
        raise Unavailable("Others are changing the same person; try again in a moment.")

    def _checked(self, before: Person, wish: PersonWish) -> Person:
        """A person as wished.

        Raises:
            Invalid: what is wrong with them.
        """
        if wish.addresses is not None and not wish.addresses:
            raise Invalid("Some fields are not valid.", [FieldError("/emails", "needs one at least")])
        after = with_addresses(before, wish.addresses) if wish.addresses is not None else before
        after = replace(
            after,
            name=_given(wish.name, after.name),
            phones=_given(wish.phones, after.phones),
            language=_given(wish.language, after.language),
            time_zone=_given(wish.time_zone, after.time_zone),
            tags=_given(wish.tags, after.tags),
            notes=_given(wish.notes, after.notes),
            fields=_given(wish.fields, after.fields),
            undeliverable=_given(wish.undeliverable, after.undeliverable),
            complained=_given(wish.complained, after.complained),
        )
        if wish.organization_id is not None:
            after = replace(after, organization_id=wish.organization_id or None)
        after = tidied(after)
        faults = person_faults(after) + self._not_ours(before, after)
        if after.organization_id not in {None, before.organization_id} and not self._organizations(
            after.organization_id or ""
        ):
            faults.append(FieldError("/organization", "is no organization of this desk"))
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        return after

    def _not_ours(self, before: Person, after: Person) -> list[FieldError]:
        desk = self._desk()
        return [
            FieldError(f"/emails/{place}", "is a colleague's or the desk's own")
            for place, one in enumerate(after.addresses)
            if one not in before.addresses or after.version == 0
            if desk.agent_by_address(one) is not None or desk.has_mailbox(one)
        ]

    # --- one person known as two ---

    def merge(self, survivor_id: str, other_id: str, agent: Agent) -> Person:
        """Lets two people be one: all that is the other's is the survivor's from this moment on.

        Tickets are not touched, however many there are: the other's id leads to the survivor. Doing it again does nothing.

        Raises:
            NotFound: one of them is not there.
            Conflict: together they have more than one person can.
            Unavailable: others kept changing them.
        """
        for _ in range(_ATTEMPTS):
            survivor, other = self.get(survivor_id), self.get(other_id)
            if survivor.id == other.id:
                return survivor
            now = self._clock()
            after = merged(survivor, other, self._tickets(other, TICKETS_REMEMBERED))
            # A version behind both: whoever saw either of them sees that it is another one now.
            after = replace(after, version=max(survivor.version, other.version) + 1)
            try:
                self._store.rewrite(
                    (survivor, other), (after,), Merge(new_id(now), agent.id, now, survivor, after, other)
                )
            except StaleVersion:
                continue
            return after
        raise Unavailable("Others are changing the same people; try again in a moment.")

    def unmerge(self, survivor_id: str, other_id: str, agent: Agent) -> tuple[Person, Person]:
        """Tells two people apart again; tickets opened since stay the survivor's.

        Returns:
            The survivor and the other.

        Raises:
            NotFound: there is no such person, or nobody of the other id was merged into them.
            Conflict: addresses are missing to tell them apart.
            Unavailable: others kept changing them.
        """
        for _ in range(_ATTEMPTS):
            survivor = self.get(survivor_id)
            done = [one for one in self._store.merges(survivor.id) if one.merged.id == other_id]
            merge = next((one for one in reversed(done) if one.undone_at is None), None)
            if merge is None or other_id not in survivor.ids:
                raise NotFound("Nobody of this id was merged into them.")
            rest, other = parted(survivor, merge)
            version = survivor.version + 1
            rest, other = replace(rest, version=version), replace(other, version=version)
            undone = replace(merge, undone_at=self._clock(), undone_by=agent.id)
            try:
                self._store.rewrite((survivor,), (rest, other), undone)
            except StaleVersion:
                continue
            return rest, other
        raise Unavailable("Others are changing the same people; try again in a moment.")

    def merges(self, person_id: str) -> tuple[Merge, ...]:
        """The record of who was merged into somebody.

        Raises:
            NotFound: there is no such person.
        """
        return self._store.merges(self.get(person_id).id)


def _given[T](wished: T | None, before: T) -> T:
    return before if wished is None else wished


def _lists_for(text: str, organization_id: str | None) -> tuple[PeopleQuery, ...]:
    """The lists to look through, one after the other."""
    word = folded(text)
    if organization_id is not None:
        return (PeopleQuery(List.MEMBERS, word, organization_id),)
    if text.startswith("@"):
        return (PeopleQuery(List.DOMAIN, within=normal_domain(text)),)
    if "@" in text:
        return (PeopleQuery(List.ADDRESS, normal_address(text)),)
    if (phone := normal_phone(text)) is not None:
        return (PeopleQuery(List.PHONE, backwards(phone)[:SAME_DIGITS]),)
    if not word:
        return (PeopleQuery(List.NAME),)
    address = PeopleQuery(List.ADDRESS, normal_address(text))
    return (PeopleQuery(List.NAME, word), PeopleQuery(List.LAST_NAME, word), address)


def _shown_before(row: PersonRow, lists: Sequence[PeopleQuery]) -> bool:
    """Whether a row has stood in a list before: so that pages need not remember one another."""
    name = folded(row.name or "") or row.address
    begins = {List.NAME: name, List.LAST_NAME: last_name_first(row.name or "") or ""}
    return any(begins[one.of].startswith(one.prefix) for one in lists if one.of in begins)


def _place_in(position: dict[str, str] | None, lists: int) -> tuple[int, dict[str, str] | None]:
    """The list to go on with, and where in it.

    Raises:
        Invalid: the position belongs to another list.
    """
    if position is None:
        return 0, None
    number = position.get("list", "")
    if not number.isdigit() or int(number) >= lists:
        raise Invalid("The cursor belongs to another list.")
    return int(number), {name: value for name, value in position.items() if name != "list"} or None
