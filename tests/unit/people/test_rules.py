"""How people are written down, found and put together."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict
from helpdesk.people.directory import Directory, PersonWish
from helpdesk.people.model import Agent, Merge, Person, Role
from helpdesk.people.rules import (
    MAX_ADDRESSES,
    backwards,
    folded,
    last_name_first,
    merged,
    normal_domain,
    normal_phone,
    parted,
    tidied,
    with_addresses,
)
from tests.fakes.people import FakePeople
from tests.support.desk import desk_for_tests

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
ADA = Agent("ada", "Ada", "ada@desk.test", Role.ADMIN)
WORDS = st.text("abc가나다 -#\uff21", min_size=1, max_size=8)
NAMES = st.none() | WORDS.map(lambda one: one.strip() or "x")


def somebody(number: int) -> st.SearchStrategy[Person]:
    """A person whom nobody else is."""
    addresses = st.integers(1, 3).map(lambda count: tuple(f"p{number}.{one}@acme.test" for one in range(count)))
    return st.builds(
        lambda name, many, phones, tags, notes, bad: Person(
            f"P{number}",
            many[0],
            "en",
            NOW,
            name,
            undeliverable=bad,
            more=many[1:],
            phones=phones,
            tags=tags,
            notes=notes,
            fields={"crm": number},
        ),
        NAMES,
        addresses,
        st.lists(st.sampled_from(["+821012345678", "+4712345678", "0212345678"]), unique=True, max_size=3).map(tuple),
        st.lists(st.sampled_from(["vip", "late"]), unique=True).map(tuple),
        st.none() | st.just("Likes tea."),
        st.booleans(),
    )


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+82 10-1234-5678", "+821012345678"),
        ("0082 10 1234 5678", "+821012345678"),
        ("(02) 1234.5678", "0212345678"),
        ("０１０－１２３４－５６７８", "01012345678"),  # noqa: RUF001 - as people in Korea and Japan type them
        ("call me", None),
        ("+", None),
        ("1234", None),
        ("+82+10", None),
    ],
)
def test_telephone_numbers_are_kept_as_they_are_dialled(written: str, dialled: str | None) -> None:
    assert normal_phone(written) == dialled


@given(st.text(max_size=30))
def test_a_number_that_was_written_down_stays_as_it_is(text: str) -> None:
    phone = normal_phone(text)
    assert phone is None or normal_phone(phone) == phone
    assert phone is None or backwards(phone).isdigit()


@given(st.text(max_size=150))
def test_names_are_folded_once_and_for_all_and_cannot_break_out_of_their_place(name: str) -> None:
    assert folded(folded(name)) == folded(name)
    assert "#" not in folded(name)
    last = last_name_first(name)
    assert last is None or sorted(last.split()) == sorted(folded(name).split())


def test_domains_are_compared_as_mail_servers_do() -> None:
    assert normal_domain("@Acme.COM.") == "acme.com"
    assert normal_domain("bücher.example") == "xn--bcher-kva.example"


@given(somebody(1), somebody(2))
def test_two_who_were_merged_and_told_apart_are_as_they_were(one: Person, other: Person) -> None:
    one, other = tidied(one), tidied(other)
    after = merged(one, other, ("T2", "T1"))
    assert set(after.addresses) == {*one.addresses, *other.addresses}
    assert set(after.phones) == {*one.phones, *other.phones}
    assert after.address == one.address
    assert after.ids == (one.id, other.id)
    assert after.undeliverable is one.undeliverable
    assert (other.address in after.unreachable) is other.undeliverable
    assert parted(after, Merge("M", "ada", NOW, one, after, other)) == (one, other)


@given(somebody(1), somebody(2))
def test_what_was_changed_since_a_merge_stays_the_survivors(one: Person, other: Person) -> None:
    one, other = tidied(one), tidied(other)
    after = merged(one, other, ())
    later = replace(after, notes="Written later.", tags=("new",))
    rest, back = parted(later, Merge("M", "ada", NOW, one, after, other))
    assert (rest.notes, rest.tags) == ("Written later.", ("new",))
    assert back == other


def test_a_merge_has_an_end_and_nobody_is_left_without_an_address() -> None:
    one = Person("P1", "a@x.test", "en", NOW, more=tuple(f"a{n}@x.test" for n in range(MAX_ADDRESSES - 1)))
    other = Person("P2", "b@x.test", "en", NOW)
    with pytest.raises(Conflict):
        merged(one, other, ())
    small = replace(one, more=())
    after = merged(small, other, ())
    merge = Merge("M", "ada", NOW, small, after, other)
    with pytest.raises(Conflict):
        parted(with_addresses(after, ["a@x.test"]), merge)
    with pytest.raises(Conflict):
        parted(with_addresses(after, ["b@x.test"]), merge)


def test_what_is_known_of_an_address_stays_with_it_when_another_comes_first() -> None:
    one = Person("P1", "a@x.test", "en", NOW, undeliverable=True, complained=True, more=("b@x.test",))
    turned = with_addresses(one, ["b@x.test", "a@x.test"])
    assert (turned.undeliverable, turned.complained, turned.unreachable) == (False, False, ("a@x.test",))
    assert with_addresses(turned, ["a@x.test"]).undeliverable


@given(st.lists(st.tuples(NAMES, st.integers(0, 3)), max_size=12), st.text("abc가", max_size=2), st.integers(1, 4))
def test_pages_of_people_have_everybody_once_who_begins_so(
    known: list[tuple[str | None, int]], text: str, limit: int
) -> None:
    store = FakePeople()
    directory = Directory(store, desk_for_tests, lambda: NOW, organizations=lambda _: False, tickets=lambda *_: ())
    people = [
        directory.create(PersonWish(name=name, addresses=(f"{'abca'[kind]}{number}@acme.test",)))
        for number, (name, kind) in enumerate(known)
    ]
    seen, position = list[str](), None
    while True:
        page = directory.find(text, None, limit=limit, position=position)
        assert len(page.items) <= limit
        seen += [row.id for row in page.items]
        position = page.next_position
        if position is None:
            break
    wanted = folded(text)
    ways = {
        one.id: (folded(one.name or "") or one.address, last_name_first(one.name or "") or "-", one.address)
        for one in people
    }
    begins = {one for one, names in ways.items() if any(name.startswith(wanted) for name in names)}
    assert len(seen) == len(set(seen))
    assert set(seen) == begins
