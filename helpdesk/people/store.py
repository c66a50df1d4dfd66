"""People in the table: requesters by id, address, name and telephone number; agents' loads."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, cast

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.people.directory import AddressInUse, List, PeopleQuery
from helpdesk.people.domains import domain_of, is_public
from helpdesk.people.model import Merge, Person, PersonRow
from helpdesk.people.rules import backwards, folded, last_name_first, row_of
from helpdesk.platform.audit import tell
from helpdesk.platform.caller import caller
from helpdesk.platform.table import (
    CounterItem,
    DocumentAttribute,
    IndexedItem,
    Item,
    Refused,
    Transaction,
    last_key_of,
    note_moved,
    position_of,
    table_errors,
)

_ADDRESS: Final = "address"
_PERSON: Final = "person"
_TOLD_ANYWAY: Final = frozenset({"id", "created_at", "version"})
_NOBODYS_OWN: Final = frozenset({"organization_id", "language", "time_zone", "undeliverable", "complained"})


class PersonItem(IndexedItem):
    """A person, or what leads to one: all that do hold the person's document, so that one read is enough."""

    person = DocumentAttribute(null=True)


class MergeItem(Item):
    """The record of two people who turned out to be one."""

    merge = DocumentAttribute()


def person_items(person: Person) -> tuple[PersonItem, ...]:
    """All items of a person: by id, by the ids of those merged into them, by address, by telephone number.

    Who was erased is found by id alone.
    """
    document, row = to_document(person), to_document(row_of(person))
    if person.erased:
        return tuple(
            PersonItem(*Item.at(keys.person_key(one)), person=document, version=person.version) for one in person.ids
        )
    name = folded(person.name or "") or person.address
    last = last_name_first(person.name or "")
    organization = person.organization_id
    root = PersonItem(
        *Item.at(keys.person_key(person.id)),
        person=document,
        version=person.version,
        row=row,
        group_pk=keys.PEOPLE_BY_NAME,
        group_sk=keys.people_sort(name, person.id),
        assignee_pk=keys.PEOPLE_BY_LAST_NAME if last else None,
        assignee_sk=keys.people_sort(last, person.id) if last else None,
        state_pk=keys.member_list(organization) if organization else None,
        state_sk=keys.people_sort(name, person.id) if organization else None,
    )
    aliases = (
        PersonItem(*Item.at(keys.person_key(alias.id)), person=document, version=person.version)
        for alias in person.aliases
    )
    addresses = (
        PersonItem(
            *Item.at(keys.address_key(normal_address(address))),
            person=document,
            row=row,
            group_pk=keys.PEOPLE_BY_ADDRESS,
            group_sk=keys.people_sort(normal_address(address), person.id),
            assignee_pk=keys.domain_list(domain_of(address)),
            assignee_sk=normal_address(address),
        )
        for address in person.addresses
    )
    phones = (
        PersonItem(
            *Item.at(keys.phone_key(person.id, phone)),
            row=row,
            group_pk=keys.PEOPLE_BY_PHONE,
            group_sk=keys.people_sort(backwards(phone), person.id),
        )
        for phone in person.phones
    )
    return (root, *aliases, *addresses, *phones)


def make_known(transaction: Transaction, person: Person, *, label: str) -> None:
    """Writes somebody new; `label` is of the refusal if an address is somebody's by now."""
    for item in person_items(person):
        transaction.create(item, label=label)


class DynamoPeopleStore:
    """See `people.service.PeopleStore` and `people.directory.DirectoryStore`."""

    # --- one or some ---

    def by_address(self, address: str) -> Person | None:
        """Who writes from an address."""
        return self._get(keys.address_key(normal_address(address)))

    def by_id(self, person_id: str) -> Person | None:
        """A person, or the one whom they were merged into."""
        return self._get(keys.person_key(person_id))

    def by_ids(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Some people by id (at most 100); those who are not there are left out."""
        wanted = {keys.person_key(person_id).pk: person_id for person_id in person_ids}
        if not wanted:
            return {}
        with table_errors():
            found = list(PersonItem.batch_get([(pk, "PERSON") for pk in wanted]))
        return {wanted[item.pk]: from_document(Person, item.person or {}) for item in found}

    def by_addresses(self, addresses: Iterable[str]) -> dict[str, Person]:
        """Who writes from some addresses (at most 100), by address in the form in which they are compared."""
        wanted = {keys.address_key(one).pk: one for one in map(normal_address, addresses)}
        if not wanted:
            return {}
        with table_errors():
            items = PersonItem.batch_get([(pk, "ADDRESS") for pk in wanted], consistent_read=True)
            return {wanted[item.pk]: from_document(Person, item.person or {}) for item in items}

    def organization_for(self, address: str) -> str | None:
        """The organization that newcomers from an address belong to."""
        domain = domain_of(address)
        if is_public(domain):
            return None
        try:
            with table_errors():
                item = IndexedItem.get(*Item.at(keys.domain_key(domain)), consistent_read=True)
        except DoesNotExist:
            return None
        row = item.row or {}
        return cast("str | None", row.get("organization_id"))

    # --- lists ---

    def listed(self, query: PeopleQuery, *, limit: int, position: dict[str, str] | None) -> Page[PersonRow]:
        """A page of a list of people: one query."""
        index, partition, forward = _place_of(query)
        begins: Condition | None = None
        if query.prefix:
            begins = getattr(IndexedItem, index.sort_key).startswith(query.prefix)
        with table_errors():
            result = getattr(IndexedItem, index.name).query(
                partition,
                begins,
                scan_index_forward=forward,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            rows = tuple(from_document(PersonRow, item.row or {}) for item in result)
        return Page(rows, position_of(result.last_evaluated_key))

    # --- writing ---

    def add(self, person: Person) -> None:
        """Makes somebody known."""
        self.rewrite((), (person,), told=_told(None, person))

    def change(self, before: Person, after: Person) -> Person:
        """Writes what is known of a person, wherever they are found."""
        after = replace(after, version=before.version + 1)
        self.rewrite((before,), (after,), told=_told(before, after))
        return after

    def rewrite(
        self, before: Sequence[Person], after: Sequence[Person], *merges: Merge, told: Told | None = None
    ) -> None:
        """Writes some people in place of others, all or nothing; see `people.directory.DirectoryStore`."""
        transaction = Transaction()
        there = {_key(item): person for person in before for item in person_items(person)}
        coming = {_key(item): item for person in after for item in person_items(person)}
        for key in there.keys() - coming.keys():
            transaction.delete(PersonItem(*key))
        for key, item in coming.items():
            if key not in there:
                transaction.create(item, label=_ADDRESS if key[1] == "ADDRESS" else _PERSON)
            elif key[1] == "PERSON":
                unchanged: Condition = PersonItem.version == there[key].version
                transaction.put(item, condition=unchanged, label=_PERSON)
            else:
                transaction.put(item)
        for merge in merges:
            transaction.put(MergeItem(*Item.at(keys.merge_key(merge.survivor.id, merge.id)), merge=to_document(merge)))
            action = "merged" if merge.undone_at is None else "unmerged"
            tell(transaction, Told("person", merge.survivor.id, after={"person": merge.merged.id}, action=action))
        if told is not None:
            tell(transaction, told)
        if told is not None or merges:
            note_moved(transaction, _PERSON)
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            if _PERSON in refused.labels:
                raise StaleVersion("Somebody else changed this person first.") from refused
            raise AddressInUse("An address belongs to somebody else.") from refused

    def merges(self, person_id: str) -> tuple[Merge, ...]:
        """Who was merged into somebody, oldest first, those taken back among them."""
        condition: Condition = MergeItem.sk.startswith(keys.MERGE_PREFIX)
        with table_errors():
            found = MergeItem.query(keys.person_key(person_id).pk, condition, consistent_read=True)
            return tuple(from_document(Merge, item.merge) for item in found)

    # --- agents ---

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
        return from_document(Person, item.person or {})


def _told(before: Person | None, after: Person) -> Told | None:
    """What the trail says of a change that a colleague made; whoever writes to the desk, it does not tell of.

    It cannot be changed, and a person must be able to be forgotten: of their name, addresses and what else only they have,
    it says which of them changed.
    """
    if caller() is None:
        return None
    was, now = (to_document(one) if one is not None else {} for one in (before, after))
    differing = sorted(name for name in {*was, *now} - _TOLD_ANYWAY if was.get(name) != now.get(name))
    shown = {name: now.get(name) for name in differing if name in _NOBODYS_OWN}
    old: Document | None = {name: was.get(name) for name in shown} if before is not None else None
    values: Document = {**shown, "changed": list(differing)}
    return Told("person", after.id, old, values, "changed" if before is not None else "created")


def _key(item: PersonItem) -> tuple[str, str]:
    return item.pk, item.sk


def _place_of(query: PeopleQuery) -> tuple[keys.Index, str, bool]:
    """The index and the partition of a list, and whether it is read forwards."""
    match query.of:
        case List.NAME:
            return keys.BY_GROUP, keys.PEOPLE_BY_NAME, True
        case List.LAST_NAME:
            return keys.BY_ASSIGNEE, keys.PEOPLE_BY_LAST_NAME, True
        case List.ADDRESS:
            return keys.BY_GROUP, keys.PEOPLE_BY_ADDRESS, True
        case List.PHONE:
            return keys.BY_GROUP, keys.PEOPLE_BY_PHONE, True
        case List.DOMAIN:
            return keys.BY_ASSIGNEE, keys.domain_list(query.within), True
        case List.MEMBERS:
            return keys.BY_STATE, keys.member_list(query.within), True
