"""What agents find on a desk in three languages, and why they are told it was found."""

from collections.abc import Iterator

import pytest

from tests.support.searching import furnished, marked, numbers, search
from tests.support.world import World, a_world


@pytest.fixture(scope="module")
def library() -> Iterator[tuple[World, dict[str, int]]]:
    """The same for tests that only look."""
    with a_world() as world:
        yield world, furnished(world)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("프린터는", "printer"),
        ("드라이버", "printer"),
        ("민수", "printer"),
        ("明細", "salary"),
        ("hanako@example.jp", "salary"),
        ("ab1234", "invoice"),
        ("invoces", "invoice"),
        ("kim", "invoice"),
        ("0x8007", "vpn"),
        ('"drops with error"', "vpn"),
        ("#1004", "vpn"),
    ],
)
def test_new_tickets_are_found_by_what_they_say(library: tuple[World, dict[str, int]], query: str, name: str) -> None:
    world, made = library
    assert numbers(search(world, query)) == [made[name]]


@pytest.mark.parametrize("query", ['"error drops"', "고래", "drops -error", "VPN status:solved", "VPN -status:new"])
def test_what_does_not_fit_is_not_found(library: tuple[World, dict[str, int]], query: str) -> None:
    world, _ = library
    assert numbers(search(world, query)) == []


def test_why_it_was_found_is_shown_and_marked(library: tuple[World, dict[str, int]]) -> None:
    world, _ = library
    (item,) = search(world, "드라이버 인쇄").ok()["items"]
    assert marked(item["excerpt"]) == ["인쇄", "드라이버"]
    assert item["excerpt"]["visibility"] == "public"
    (item,) = search(world, "invoice october").ok()["items"]
    assert marked(item["subject"]) == ["Invoices"]
    assert marked(item["excerpt"]) == ["October"]


def test_filters_alone_list(library: tuple[World, dict[str, int]]) -> None:
    world, made = library
    assert set(numbers(search(world, "from:@shop.example"))) == {made["invoice"], made["vpn"]}
    assert set(numbers(search(world, "-VPN -明細"))) == {made["printer"], made["invoice"]}
    assert numbers(search(world, "from:nobody@")) == []
