"""What is found by a few letters, in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.canned.search import entry_of, score, words_of


def points(query: str, title: str, folder: str = "", text: str = "") -> int:
    return score(entry_of(title, folder, [text]), words_of(query))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("refu", "Refund policy"),
        ("POLICY", "Refund policy"),
        ("pol ref", "Refund policy"),
        ("환불", "환불 안내"),
        ("안내", "환불 안내"),
        ("ㅎㅂ", "환불 안내"),
        ("ㅎㅂㅇㄴ", "환불 안내"),
        ("へん", "ヘンキンのご案内"),
        ("ヘンキン", "へんきん"),
        ("ﾍﾝｷﾝ", "ヘンキン"),
        ("案内", "返金のご案内"),
        ("abc", "\uff21\uff22\uff23 shop"),
    ],
)
def test_it_is_found_by_what_comes_to_mind(query: str, title: str) -> None:
    assert points(query, title) > 0


@pytest.mark.parametrize(("query", "title"), [("refund x", "Refund policy"), ("ㅎㅁ", "환불"), ("환자", "환불")])
def test_a_word_that_is_nowhere_rules_it_out(query: str, title: str) -> None:
    assert points(query, title) == 0


def test_a_title_counts_more_than_a_folder_and_that_more_than_the_text() -> None:
    found = [
        points("refund", "Refund"),
        points("refund", "Refund policy"),
        points("refund", "Our refund"),
        points("fund", "Our refund"),
        points("refund", "Hello", folder="Refunds"),
        points("refund", "Hello", text="your refund"),
    ]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


def test_without_words_everything_fits_alike() -> None:
    assert points("  ", "a") == points("", "b") == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_can_be_looked_for_and_a_title_finds_itself(title: str, query: str) -> None:
    assert points(query, title) >= 0
    if title.split():
        assert points(title, title) > 0
