"""People and organizations in memory: the twins of `people.store` and `people.organization_store`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.people.directory import AddressInUse, List, PeopleQuery
from helpdesk.people.domains import domain_of, is_public
from helpdesk.people.model import Merge, Organization, OrganizationRow, Person, PersonRow
from helpdesk.people.organizations import DomainInUse
from helpdesk.people.rules import backwards, folded, last_name_first, row_of


class FakePeople:
    """See `people.directory.DirectoryStore` and `people.organizations.OrganizationStore`.

    `tallies` are agents' open tickets; `people` are found by their own id and by those of whom was merged into them.
    """

    def __init__(self, *people: Person) -> None:
        self.people: dict[str, Person] = {}
        self.addresses: dict[str, Person] = {}
        self.tallies: dict[str, int] = {}
        self.records: dict[str, dict[str, Merge]] = {}
        self.by_organization_id: dict[str, Organization] = {}
        for person in people:
            self.add(person)

    # --- one or some ---

    def by_address(self, address: str) -> Person | None:
        """Who writes from an address."""
        return self.addresses.get(normal_address(address))

    def by_id(self, person_id: str) -> Person | None:
        """A person."""
        return self.people.get(person_id)

    def by_addresses(self, addresses: Iterable[str]) -> dict[str, Person]:
        """Who writes from some addresses; those that nobody has are left out."""
        found = {normal_address(one): self.by_address(one) for one in addresses}
        return {address: person for address, person in found.items() if person is not None}

    def by_ids(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Some people by id; those who are not there are left out."""
        return {one: self.people[one] for one in person_ids if one in self.people}

    def organization_for(self, address: str) -> str | None:
        """The organization that newcomers from an address belong to."""
        domain = domain_of(address)
        owners = (one.id for one in self.by_organization_id.values() if domain in one.domains)
        return None if is_public(domain) else next(owners, None)

    # --- lists ---

    def listed(self, query: PeopleQuery, *, limit: int, position: dict[str, str] | None) -> Page[PersonRow]:
        """A page of a list of people."""
        rows = sorted(
            (key, person.id, row_of(person))
            for person in {one.id: one for one in self.people.values()}.values()
            for key in _keys(person, query)
            if key.startswith(query.prefix)
        )
        start = int(position["start"]) if position is not None else 0
        found = tuple(row for _, _, row in rows[start : start + limit])
        return Page(found, {"start": str(start + limit)} if start + limit < len(rows) else None)

    # --- writing ---

    def add(self, person: Person) -> None:
        """Makes somebody known."""
        self.rewrite((), (person,))

    def change(self, before: Person, after: Person) -> Person:
        """Writes what is known of a person."""
        after = replace(after, version=before.version + 1)
        self.rewrite((before,), (after,))
        return after

    def rewrite(self, before: Sequence[Person], after: Sequence[Person], *merges: Merge) -> None:
        """Writes some people in place of others."""
        for person in before:
            stands = self.people.get(person.id)
            if stands is None or (stands.id, stands.version) != (person.id, person.version):
                raise StaleVersion("Somebody else changed this person first.")
        had = {address for person in before for address in person.addresses}
        if any(
            one in self.addresses for person in after for one in map(normal_address, person.addresses) if one not in had
        ):
            raise AddressInUse("An address belongs to somebody else.")
        for person in before:
            for one in person.ids:
                self.people.pop(one, None)
            for address in person.addresses:
                self.addresses.pop(normal_address(address), None)
        for person in after:
            self.people |= dict.fromkeys(person.ids, person)
            self.addresses |= {normal_address(address): person for address in person.addresses}
        for merge in merges:
            self.records.setdefault(merge.survivor.id, {})[merge.id] = merge

    def merges(self, person_id: str) -> tuple[Merge, ...]:
        """Who was merged into somebody, oldest first."""
        return tuple(one for _, one in sorted(self.records.get(person_id, {}).items()))

    # --- organizations ---

    def organization(self, organization_id: str) -> Organization | None:
        """An organization."""
        return self.by_organization_id.get(organization_id)

    def organizations(self, prefix: str, *, limit: int, position: dict[str, str] | None) -> Page[OrganizationRow]:
        """A page of those whose names begin so."""
        named = sorted((folded(one.name), one.id, one) for one in self.by_organization_id.values())
        rows = [
            OrganizationRow(one.id, one.name, one.plan, one.domains[:5])
            for name, _, one in named
            if name.startswith(prefix)
        ]
        start = int(position["start"]) if position is not None else 0
        more = start + limit < len(rows)
        return Page(tuple(rows[start : start + limit]), {"start": str(start + limit)} if more else None)

    def write_organization(self, before: Organization | None, after: Organization | None) -> None:
        """Writes one in place of another."""
        key = next(one.id for one in (before, after) if one is not None)
        stands = self.by_organization_id.get(key)
        if (stands.version if stands is not None else None) != (before.version if before is not None else None):
            raise StaleVersion("Somebody else changed this organization first.")
        others = {domain for one in self.by_organization_id.values() if one.id != key for domain in one.domains}
        if after is not None and others & set(after.domains):
            raise DomainInUse("A domain belongs to another organization.")
        self.by_organization_id.pop(key, None)
        if after is not None:
            self.by_organization_id[key] = after

    # --- agents ---

    def loads(self, agent_ids: Iterable[str]) -> dict[str, int]:
        """How many open tickets agents have."""
        return {agent_id: self.tallies.get(agent_id, 0) for agent_id in agent_ids}


def _keys(person: Person, query: PeopleQuery) -> list[str]:
    """Under what a person stands in a list."""
    name = f"{folded(person.name or '') or person.address}#{person.id}"
    last = last_name_first(person.name or "")
    match query.of:
        case List.NAME:
            return [name]
        case List.LAST_NAME:
            return [f"{last}#{person.id}"] if last else []
        case List.ADDRESS:
            return [f"{one}#{person.id}" for one in person.addresses]
        case List.PHONE:
            return [f"{backwards(one)}#{person.id}" for one in person.phones]
        case List.DOMAIN:
            return [one for one in person.addresses if domain_of(one) == query.within]
        case List.MEMBERS:
            return [name] if person.organization_id == query.within else []
