"""People in memory: the twin of `people.store`."""

from collections.abc import Iterable

from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.text import normal_address
from helpdesk.people.model import Person


class FakePeople:
    """See `people.service.PeopleStore`. `tallies` are agents' open tickets."""

    def __init__(self, *people: Person) -> None:
        self.people: dict[str, Person] = {}
        self.addresses: dict[str, Person] = {}
        self.tallies: dict[str, int] = {}
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """Makes somebody known, as a ticket's transaction does."""
        self.people[person.id] = person
        self.addresses[normal_address(person.address)] = person

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

    def change(self, before: Person, after: Person) -> None:
        """Writes what is known of a person."""
        if self.people.get(before.id) != before or self.by_address(before.address) != before:
            raise StaleVersion("Somebody else changed this person first.")
        self.add(after)

    def loads(self, agent_ids: Iterable[str]) -> dict[str, int]:
        """How many open tickets agents have."""
        return {agent_id: self.tallies.get(agent_id, 0) for agent_id in agent_ids}
