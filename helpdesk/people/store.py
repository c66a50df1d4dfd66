"""People in the table: requesters by id and by address, agents' loads."""

from collections.abc import Iterable

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.text import normal_address
from helpdesk.people.model import Person
from helpdesk.platform.table import CounterItem, DocumentAttribute, Item, Refused, Transaction, table_errors


class PersonItem(Item):
    """A person, or the address that leads to one: both hold the person's document, so that one read is enough."""

    person = DocumentAttribute()


def person_item(person: Person) -> PersonItem:
    """A person by id."""
    return PersonItem(*Item.at(keys.person_key(person.id)), person=to_document(person))


def address_item(person: Person) -> PersonItem:
    """A person by address."""
    return PersonItem(*Item.at(keys.address_key(normal_address(person.address))), person=to_document(person))


class DynamoPeopleStore:
    """See `people.service.PeopleStore`."""

    def by_address(self, address: str) -> Person | None:
        """Who writes from an address."""
        return self._get(keys.address_key(normal_address(address)))

    def by_id(self, person_id: str) -> Person | None:
        """A person."""
        return self._get(keys.person_key(person_id))

    def by_ids(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Some people by id (at most 100); those who are not there are left out."""
        wanted = [Item.at(keys.person_key(person_id)) for person_id in dict.fromkeys(person_ids)]
        if not wanted:
            return {}
        with table_errors():
            found = [from_document(Person, item.person) for item in PersonItem.batch_get(wanted)]
        return {person.id: person for person in found}

    def by_addresses(self, addresses: Iterable[str]) -> dict[str, Person]:
        """Who writes from some addresses (at most 100), by address in the form in which they are compared."""
        wanted = {keys.address_key(one).pk: one for one in map(normal_address, addresses)}
        if not wanted:
            return {}
        with table_errors():
            items = PersonItem.batch_get([(pk, "ADDRESS") for pk in wanted], consistent_read=True)
            return {wanted[item.pk]: from_document(Person, item.person) for item in items}

    def change(self, before: Person, after: Person) -> None:
        """Writes what is known of a person, by id and by address."""
        unchanged: Condition = PersonItem.person == to_document(before)
        transaction = Transaction()
        for item in (person_item(after), address_item(after)):
            transaction.put(item, condition=unchanged, label="person")
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("Somebody else changed this person first.") from refused

    def loads(self, agent_ids: Iterable[str]) -> dict[str, int]:
        """How many open tickets agents have; those without a record have none."""
        wanted = {keys.load_key(agent_id).pk: agent_id for agent_id in agent_ids}
        if not wanted:
            return {}
        with table_errors():
            found = {
                wanted[item.pk]: int(item.tally)
                for item in CounterItem.batch_get([(pk, "LOAD") for pk in wanted], consistent_read=True)
            }
        return {agent_id: found.get(agent_id, 0) for agent_id in wanted.values()}

    def _get(self, key: keys.Key) -> Person | None:
        try:
            with table_errors():
                item = PersonItem.get(*Item.at(key), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Person, item.person)
