"""What fits into a field, and how it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.forms.model import Catalogue, Choice, FieldDefinition, FieldType, UnknownFields, Value
from helpdesk.forms.patterns import LONGEST, fits, pattern_fault
from helpdesk.forms.rules import Misfit, checked, fitted
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import Invalid
from helpdesk.tickets.model import Copies

SIZES = (Choice("s", {"en": "Small"}), Choice("m", {"en": "Medium"}), Choice("xl", {"en": "Huge"}, active=False))


def a_field(kind: FieldType, **rest: object) -> FieldDefinition:
    choices = SIZES if kind in {FieldType.CHOICE, FieldType.MULTI_CHOICE} else ()
    return FieldDefinition(f"a_{kind}", kind, {"en": "A field"}, **({"choices": choices} | rest))


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (FieldType.TEXT, "  HB-20881\n", "HB-20881"),
        (FieldType.TEXT, "한글", "한글"),
        (FieldType.MULTILINE, "one\r\ntwo ", "one\ntwo"),
        (FieldType.NUMBER, 3.0, 3),
        (FieldType.NUMBER, 2.5, 2.5),
        (FieldType.NUMBER, 0, 0),
        (FieldType.DATE, "2026-11-23", "2026-11-23"),
        (FieldType.CHOICE, "s", "s"),
        (FieldType.MULTI_CHOICE, ["m", "s", "m"], ["s", "m"]),
        (FieldType.CHECKBOX, False, False),
        (FieldType.EMAIL, " kim@example.com", "kim@example.com"),
        (FieldType.LINK, "https://example.com/a?b=c", "https://example.com/a?b=c"),
        (FieldType.TEXT, "   ", None),
        (FieldType.MULTI_CHOICE, [], None),
        (FieldType.DATE, "", None),
        (FieldType.NUMBER, None, None),
    ],
)
def test_a_value_is_kept_in_the_one_form_its_type_has(kind: FieldType, value: Value, kept: Value) -> None:
    found = fitted(a_field(kind), value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.TEXT, 5),
        (FieldType.TEXT, ["x"]),
        (FieldType.TEXT, "x" * 2001),
        (FieldType.NUMBER, "5"),
        (FieldType.NUMBER, True),
        (FieldType.NUMBER, float("nan")),
        (FieldType.NUMBER, float("inf")),
        (FieldType.NUMBER, 10**30),
        (FieldType.DATE, "23.11.2026"),
        (FieldType.DATE, "2026-02-30"),
        (FieldType.CHOICE, "l"),
        (FieldType.CHOICE, "xl"),
        (FieldType.CHOICE, "S"),
        (FieldType.MULTI_CHOICE, "s"),
        (FieldType.MULTI_CHOICE, ["s", "l"]),
        (FieldType.CHECKBOX, "true"),
        (FieldType.CHECKBOX, 1),
        (FieldType.EMAIL, "kim"),
        (FieldType.LINK, "javascript:alert(1)"),
        (FieldType.LINK, "https://"),
        (FieldType.LINK, "https://[::1"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: FieldType, value: Value) -> None:
    with pytest.raises(Misfit):
        fitted(a_field(kind), value)


@pytest.mark.parametrize(
    ("definition", "good", "bad"),
    [
        (a_field(FieldType.NUMBER, min=1, max=9.5), 9.5, 10),
        (a_field(FieldType.NUMBER, min=0), 0, -1),
        (a_field(FieldType.TEXT, min=2, max=3), "abc", "abcd"),
        (a_field(FieldType.MULTI_CHOICE, max=1), ["s"], ["s", "m"]),
        (a_field(FieldType.TEXT, pattern=r"HB-\d{5}|none"), "HB-20881", "HB-2088"),
        (a_field(FieldType.TEXT, pattern=r"HB-\d{5}|none"), "none", "HB-20881x"),
    ],
)
def test_bounds_and_patterns_hold(definition: FieldDefinition, good: Value, bad: Value) -> None:
    assert fitted(definition, good) == good
    with pytest.raises(Misfit):
        fitted(definition, bad)


_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.lists(st.sampled_from(["s", "m", "xl", "?"]), max_size=4),
    st.dates().map(lambda day: day.isoformat()),
)


@given(st.sampled_from(FieldType), _values)
def test_what_is_kept_is_kept_as_it_is_when_it_is_read_and_sent_again(kind: FieldType, value: Value) -> None:
    definition = a_field(kind)
    try:
        kept = fitted(definition, value)
    except Misfit:
        return
    assert fitted(definition, kept) == kept
    if kept is not None:
        stored = from_document(Copies, to_document(Copies(fields={"f": kept})))
        assert stored.fields == {"f": kept}
        assert type(stored.fields["f"]) is type(kept)


def test_each_value_that_does_not_fit_is_named_by_its_pointer() -> None:
    catalogue = Catalogue({"a": a_field(FieldType.NUMBER), "b/c": a_field(FieldType.DATE)})
    with pytest.raises(Invalid) as refusal:
        checked(catalogue, {"a": "x", "b/c": "y", "free": "z"}, {})
    assert [error.pointer for error in refusal.value.errors] == ["/fields/a", "/fields/b~1c"]


def test_free_values_are_kept_unless_the_desk_refuses_them() -> None:
    assert checked(Catalogue(), {"free": "z"}, {}) == {"free": "z"}
    strict = Catalogue(unknown=UnknownFields.REFUSE)
    with pytest.raises(Invalid):
        checked(strict, {"free": "z"}, {})
    assert checked(strict, {"free": None}, {}) == {"free": None}
    assert checked(strict, {"free": "y"}, {"free": "z"}) == {"free": "y"}


def test_a_value_that_stays_is_not_held_against_a_definition_that_came_later() -> None:
    catalogue = Catalogue({"size": a_field(FieldType.CHOICE)})
    assert checked(catalogue, {"size": "xl"}, {"size": "xl"}) == {"size": "xl"}
    with pytest.raises(Invalid):
        checked(catalogue, {"size": "xl"}, {"size": "s"})


@pytest.mark.parametrize(
    "pattern", [r"HB-\d{5}", r"[A-Z]{2}\d+", "a|b|c d", r"\d{3}-\d{4}", "[^0-9]*", r".+@.+\.com", "가나+"]
)
def test_a_pattern_of_the_small_language_can_be_used(pattern: str) -> None:
    assert pattern_fault(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    ["", "(a+)+", "(a)", "a**", "[", "[z-a]", "^a$", r"\1", "a{1,2}{3}", r"(?=a)", "a*b*c*d*", "x" * 201, "+a"],
)
def test_a_pattern_that_could_be_slow_or_is_none_is_refused(pattern: str) -> None:
    assert pattern_fault(pattern) is not None


@given(st.text(alphabet="ab.*+?|\\d{1,}[]()-^$", max_size=12), st.text(alphabet="ab1-", max_size=LONGEST))
def test_a_pattern_that_is_taken_never_fails_on_a_text(pattern: str, text: str) -> None:
    if pattern_fault(pattern) is None:
        assert fits(pattern, text) in {True, False}
