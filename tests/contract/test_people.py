"""People and organizations: what leads to them, their lists, two who are one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.ids import new_id
from helpdesk.people.directory import AddressInUse, List, PeopleQuery
from helpdesk.people.model import Merge, Organization, Person
from helpdesk.people.organizations import DomainInUse
from helpdesk.people.rules import backwards, merged, parted

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def a_person(address: str, name: str | None = None, **known: Any) -> Person:
    return Person(new_id(NOW), address, "en", NOW, name, **known)


def an_organization(name: str, **known: Any) -> Organization:
    return Organization(new_id(NOW), name, NOW, **known)


def listed(stores: Any, of: List, prefix: str = "", within: str = "") -> list[str]:
    page = stores.people.listed(PeopleQuery(of, prefix, within), limit=10, position=None)
    return [row.address for row in page.items]


def test_a_person_is_found_by_id_by_each_address_by_name_by_number_and_by_domain(stores: Any) -> None:
    kim = a_person("kim@acme.test", "Kim Min-su", more=("minsu@home.test",), phones=("+821012345678",))
    lee = a_person("lee@acme.test", "Lee")
    for one in (kim, lee):
        stores.people.add(one)
    assert stores.people.by_id(kim.id) == kim
    assert stores.people.by_address("Kim@acme.test") == stores.people.by_address("minsu@home.test") == kim
    assert stores.people.by_ids((kim.id, lee.id, new_id(NOW))) == {kim.id: kim, lee.id: lee}
    assert listed(stores, List.NAME) == ["kim@acme.test", "lee@acme.test"]
    assert listed(stores, List.NAME, "kim") == listed(stores, List.LAST_NAME, "min") == ["kim@acme.test"]
    assert listed(stores, List.ADDRESS, "minsu@") == ["kim@acme.test"]
    assert listed(stores, List.PHONE, backwards("01012345678")[:9]) == ["kim@acme.test"]
    assert listed(stores, List.DOMAIN, within="acme.test") == ["kim@acme.test", "lee@acme.test"]
    assert listed(stores, List.DOMAIN, within="home.test") == ["kim@acme.test"]


def test_lists_go_on_where_a_page_ended(stores: Any) -> None:
    people = [a_person(f"p{number}@acme.test", f"Person {number}") for number in range(5)]
    for one in people:
        stores.people.add(one)
    query, position, seen = PeopleQuery(List.NAME, "person"), None, []
    while True:
        page = stores.people.listed(query, limit=2, position=position)
        seen += [row.id for row in page.items]
        position = page.next_position
        if position is None:
            break
    assert seen == [one.id for one in people]


def test_an_address_is_somebodys_and_one_that_is_given_up_is_free(stores: Any) -> None:
    kim, lee = a_person("kim@acme.test", more=("k@home.test",)), a_person("lee@acme.test")
    stores.people.add(kim)
    stores.people.add(lee)
    with pytest.raises(AddressInUse):
        stores.people.add(a_person("k@home.test"))
    with pytest.raises(AddressInUse):
        stores.people.change(lee, replace(lee, more=("k@home.test",)))
    stores.people.change(kim, replace(kim, more=()))
    assert stores.people.by_address("k@home.test") is None
    changed = stores.people.change(lee, replace(lee, more=("k@home.test",)))
    assert stores.people.by_address("k@home.test") == changed == replace(lee, more=("k@home.test",), version=1)
    with pytest.raises(StaleVersion):
        stores.people.change(lee, replace(lee, name="Lee"))


def test_who_was_merged_is_found_as_the_other_by_all_that_led_to_them_until_they_are_parted(stores: Any) -> None:
    kim = a_person("kim@acme.test", "Kim", phones=("01012345678",))
    also = a_person("k@home.test", "Min-su Kim", phones=("+82212345678",), tags=("vip",))
    third = a_person("k3@home.test")
    for one in (kim, also, third):
        stores.people.add(one)
    first = replace(merged(also, third, ()), version=1)
    stores.people.rewrite((also, third), (first,), Merge(new_id(NOW), "ada", NOW, also, first, third))
    one = replace(merged(kim, first, ("T2", "T1")), version=2)
    record = Merge(new_id(NOW + timedelta(seconds=1)), "ada", NOW, kim, one, first)
    stores.people.rewrite((kim, first), (one,), record)

    assert stores.people.by_id(kim.id) == stores.people.by_id(also.id) == stores.people.by_id(third.id) == one
    assert stores.people.by_ids((also.id,)) == {also.id: one}
    assert {stores.people.by_address(address) for address in one.addresses} == {one}
    assert one.addresses == ("kim@acme.test", "k@home.test", "k3@home.test")
    assert listed(stores, List.NAME) == ["kim@acme.test"]
    assert listed(stores, List.PHONE, backwards("0212345678")[:9]) == ["kim@acme.test"]
    assert stores.people.merges(kim.id) == (record,)
    with pytest.raises(StaleVersion):
        stores.people.rewrite((also,), (replace(also, version=9),))

    rest, other = (replace(person, version=3) for person in parted(one, record))
    undone = replace(record, undone_at=NOW, undone_by="ada")
    stores.people.rewrite((one,), (rest, other), undone)
    assert stores.people.by_id(kim.id) == rest == replace(kim, version=3)
    assert stores.people.by_id(also.id) == stores.people.by_id(third.id) == other
    assert stores.people.by_address("k3@home.test") == other
    assert stores.people.merges(kim.id) == (undone,)
    assert listed(stores, List.NAME) == ["kim@acme.test", "k@home.test"]


def test_organizations_are_found_by_id_by_name_and_by_their_peoples_addresses(stores: Any) -> None:
    acme = an_organization("Acme", domains=("acme.test", "acme.example"))
    houses = stores.organizations
    houses.write_organization(None, acme)
    assert houses.organization(acme.id) == acme
    assert [row.name for row in houses.organizations("ac", limit=5, position=None).items] == ["Acme"]
    assert houses.organizations("b", limit=5, position=None).items == ()
    assert stores.people.organization_for("kim@Acme.test") == acme.id
    assert stores.people.organization_for("kim@sub.acme.test") is None
    with pytest.raises(DomainInUse):
        houses.write_organization(None, an_organization("Other", domains=("acme.test",)))
    after = replace(acme, domains=("acme.example",), version=1)
    houses.write_organization(acme, after)
    assert stores.people.organization_for("kim@acme.test") is None
    with pytest.raises(StaleVersion):
        houses.write_organization(acme, replace(acme, name="Late"))
    member = a_person("kim@acme.example", "Kim", organization_id=acme.id)
    stores.people.add(member)
    assert listed(stores, List.MEMBERS, within=acme.id) == ["kim@acme.example"]
    houses.write_organization(after, None)
    assert houses.organization(acme.id) is None
    assert stores.people.organization_for("kim@acme.example") is None
