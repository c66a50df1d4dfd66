"""Who writes to the desk, found or made known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.kernel.errors import Conflict, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.text import clean_line, normal_address, supported_language
from helpdesk.people.model import Person

_ATTEMPTS: Final = 5


class PeopleStore(Protocol):
    """Where people are kept."""

    def by_address(self, address: str) -> Person | None:
        """Who writes from an address."""
        ...

    def by_id(self, person_id: str) -> Person | None:
        """A person; under the id of somebody who was merged into another: that other."""
        ...

    def by_ids(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Some people by the id that was asked for, as `by_id`; those who are not there are left out."""
        ...

    def by_addresses(self, addresses: Iterable[str]) -> dict[str, Person]:
        """Who writes from some addresses, by address in the form in which they are compared."""
        ...

    def change(self, before: Person, after: Person) -> Person:
        """Writes what is known of a person, wherever they are found, as the version after `before`.

        Raises:
            StaleVersion: they are not as `before` any more.
            AddressInUse: an address that is new to them is somebody's.
        """
        ...

    def organization_for(self, address: str) -> str | None:
        """The organization whose people have addresses like one; a provider's customers have none in common."""
        ...

    def loads(self, agent_ids: Iterable[str]) -> dict[str, int]:
        """How many open tickets agents have."""
        ...


class AdmittingStore(PeopleStore, Protocol):
    """The same, where somebody may be made known who has no ticket."""

    def add(self, person: Person) -> None:
        """Makes somebody known.

        Raises:
            AddressInUse: one of their addresses is somebody's.
        """
        ...


def new_person(address: str, name: str | None, language: str, now: datetime) -> Person:
    """Somebody who writes for the first time. They are stored with their first ticket, in its transaction."""
    shown = clean_line(name or "")[:200]
    return Person(
        id=new_id(now),
        address=normal_address(address),
        name=shown or None,
        language=supported_language(language),
        created_at=now,
    )


def newcomer(people: PeopleStore, address: str, name: str | None, language: str, now: datetime) -> Person:
    """Somebody who writes for the first time, of the organization that their address is of."""
    return replace(new_person(address, name, language, now), organization_id=people.organization_for(address))


def admitted(
    people: AdmittingStore, address: str, name: str | None, organization_id: str, language: str, now: datetime
) -> Person:
    """Who has an address that their organization vouches for: made known if nobody is, and its own if nobody's.

    Raises:
        Unavailable: others kept changing the same person.
    """
    for _ in range(_ATTEMPTS):
        found = people.by_address(address)
        try:
            if found is None:
                made = replace(new_person(address, name, language, now), organization_id=organization_id)
                people.add(made)
                return made
            if found.organization_id is not None:
                return found
            return people.change(found, replace(found, organization_id=organization_id))
        except Conflict:  # somebody else made them known, or changed them, a moment ago
            continue
    raise Unavailable("Others are changing the same person; try again in a moment.")


def mark_address(
    people: PeopleStore,
    person_id: str,
    *,
    undeliverable: bool | None = None,
    complained: bool | None = None,
    address: str | None = None,
) -> Person:
    """Notes what mails to a person's address met with; what is None stays.

    Args:
        people: where they are kept.
        person_id: whose address.
        undeliverable: whether mail comes back for good.
        complained: whether somebody there called it spam.
        address: the address, where it may not be the one that they are written to any more.

    Raises:
        NotFound: there is no such person.
        Unavailable: others kept changing the same person.
    """
    for _ in range(_ATTEMPTS):
        before = people.by_id(person_id) if is_id(person_id) else None
        if before is None:
            raise NotFound("There is no such person.")
        if address is not None and normal_address(address) in before.more:
            gone = (*before.unreachable, normal_address(address)) if undeliverable else before.unreachable
            after = replace(before, unreachable=tuple(dict.fromkeys(gone)))
        else:
            after = replace(
                before,
                undeliverable=before.undeliverable if undeliverable is None else undeliverable,
                complained=before.complained if complained is None else complained,
            )
        try:
            return people.change(before, after) if after != before else before
        except StaleVersion:
            continue
    raise Unavailable("Others are changing the same person; try again in a moment.")
