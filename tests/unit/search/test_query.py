"""The language agents search in, and what it says when it cannot be read."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Invalid
from helpdesk.search.query import LONGEST_QUERY, FilterName, parse


def test_a_query_has_words_phrases_filters_and_what_must_not_be_found() -> None:
    query = parse('printer jam status:open from:kim@ tag:"very vip" "exact phrase" -toner -"paper jam" -group:billing')
    assert query.words == ("printer jam", "exact phrase")
    assert query.phrases == ("exact phrase",)
    assert query.excluded == ("toner", "paper jam")
    assert [(one.name, one.value, one.excluded) for one in query.filters] == [
        (FilterName.STATUS, "open", False),
        (FilterName.FROM, "kim@", False),
        (FilterName.TAG, "very vip", False),
        (FilterName.GROUP, "billing", True),
    ]


@pytest.mark.parametrize("typed", ["status\uff1aopen 인쇄", "STATUS:open 인쇄", "인쇄 status:open"])
def test_a_filter_is_read_as_it_is_typed_with_an_input_method(typed: str) -> None:
    query = parse(typed)
    assert [(one.name, one.value) for one in query.filters] == [(FilterName.STATUS, "open")]
    assert query.words == ("인쇄",)


@pytest.mark.parametrize("typed", ["「給与明細」", "『給与明細』", "“給与明細”", '"給与明細"'])
def test_a_phrase_may_stand_in_the_quotation_marks_of_any_of_our_languages(typed: str) -> None:
    assert parse(typed).phrases == ("給与明細",)


@pytest.mark.parametrize("typed", ["error:5", "https://desk.test/a", "AB-1234", "10:30", "C:\\temp", "kim@example.com"])
def test_what_only_looks_like_a_filter_or_an_exclusion_is_a_word(typed: str) -> None:
    assert parse(typed).words == (typed,)


@pytest.mark.parametrize(("typed", "number"), [("#1042", 1042), ("1042", 1042), ("1042 status:open", 1042)])
def test_a_number_alone_may_be_a_tickets(typed: str, number: int) -> None:
    assert parse(typed).number == number


@pytest.mark.parametrize("typed", ["1042 printer", '"1042"', "123456789012", "#"])
def test_a_number_among_words_is_a_word(typed: str) -> None:
    assert parse(typed).number is None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ('say "never ends', "at letter 5:"),
        ("stauts:open", "at letter 1:"),
        ("printer -grop:x", "at letter 10:"),
        ("status:", "at letter 8:"),
        ('words "!!"', "at letter 8:"),
        ("x" * (LONGEST_QUERY + 1), f"at letter {LONGEST_QUERY + 1}:"),
    ],
)
def test_a_fault_is_named_with_its_place(typed: str, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(typed)
    assert refused.value.errors[0].pointer == "/q"
    assert refused.value.errors[0].message.startswith(place)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        parse('stauts:open group: "…')
    assert len(refused.value.errors) == 3


@given(st.text(max_size=LONGEST_QUERY) | st.text(alphabet='ab:"-「」status #1', max_size=40))
def test_anything_can_be_typed(typed: str) -> None:
    with contextlib.suppress(Invalid):
        query = parse(typed)
        assert set(query.phrases) <= set(query.words)
