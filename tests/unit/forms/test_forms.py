"""What a form shows, asks for and keeps; what can be wrong with one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.forms.checks import check_field, check_form
from helpdesk.forms.model import (
    Catalogue,
    Choice,
    Condition,
    CustomerAccess,
    Element,
    ElementKind,
    FieldDefinition,
    FieldType,
    FormChannel,
    FormDefinition,
    Value,
)
from helpdesk.forms.rules import Matter, filled, missing_to_solve, shown, submitted
from helpdesk.forms.shown import for_customers, told
from helpdesk.kernel.errors import Invalid

EDITABLE = CustomerAccess.EDITABLE
PROBLEM = FieldDefinition(
    "problem",
    FieldType.CHOICE,
    {"en": "What is wrong?", "ko": "무엇이 문제인가요?"},
    choices=(Choice("damaged", {"en": "Damaged", "ko": "파손"}), Choice("late", {"en": "Late"})),
    customer=EDITABLE,
)
PHOTO = FieldDefinition("photo", FieldType.LINK, {"en": "Photo"}, customer=EDITABLE, required=True)
ORDER = FieldDefinition("order", FieldType.TEXT, {"en": "Order"}, customer=EDITABLE, pattern=r"HB-\d{5}")
COST = FieldDefinition("cost", FieldType.NUMBER, {"en": "Cost"}, required_to_solve=True)
FIELDS = {one.id: one for one in (PROBLEM, PHOTO, ORDER, COST)}
DELIVERY = FormDefinition(
    "delivery",
    {"en": "Delivery"},
    "delivery",
    elements=(
        Element(ElementKind.TEXT, {"en": "Sorry!", "ko": "죄송해요!"}),
        Element(field="order"),
        Element(field="problem", required=True),
        Element(field="photo", when=(Condition("fields/problem", equals="damaged"),)),
        Element(field="cost", when=(Condition("fields/problem", filled=True),)),
        Element(ElementKind.QUESTION, {"en": "May we call back?"}),
        Element(ElementKind.TEXT, {"en": "Only we read this"}, when=(Condition("fields/cost", filled=True),)),
    ),
)
CATALOGUE = Catalogue(FIELDS, (DELIVERY,))
MATTER = Matter("delivery", "request")


def sent(**values: Value) -> dict[str, Value]:
    return submitted(CATALOGUE, MATTER, values, FormChannel.WEB, by_customer=True)


def refused(catalogue: Catalogue = CATALOGUE, matter: Matter = MATTER, **values: Value) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        submitted(catalogue, matter, values, FormChannel.WEB, by_customer=True)
    return sorted(error.pointer for error in refusal.value.errors)


def test_what_is_required_must_be_there_when_it_is_shown() -> None:
    assert refused() == ["/fields/problem"]
    assert refused(problem="damaged") == ["/fields/photo"]
    assert sent(problem="late") == {"problem": "late"}


def test_what_is_hidden_is_dropped_even_if_it_would_not_fit() -> None:
    assert sent(problem="late", photo="https://example.com/p.jpg") == {"problem": "late"}
    assert sent(problem="late", photo="no link") == {"problem": "late"}


def test_all_faults_are_named_at_once() -> None:
    assert refused(problem="damaged", photo="no link", order="4711", cost=5) == [
        "/fields/cost",
        "/fields/order",
        "/fields/photo",
    ]


def test_customers_are_not_asked_for_what_is_not_theirs_and_agents_are() -> None:
    needed = {**FIELDS, "cost": replace(COST, required=True)}
    catalogue = Catalogue(needed, (DELIVERY,))
    assert submitted(catalogue, MATTER, {"problem": "late"}, FormChannel.WEB, by_customer=True) == {"problem": "late"}
    with pytest.raises(Invalid) as refusal:
        submitted(catalogue, MATTER, {"problem": "late"}, FormChannel.WEB, by_customer=False)
    assert [error.pointer for error in refusal.value.errors] == ["/fields/cost"]


def test_a_category_without_a_form_asks_for_what_is_on_none() -> None:
    loose = replace(ORDER, id="loose", required=True, pattern=None)
    catalogue = Catalogue({**FIELDS, "loose": loose}, (DELIVERY,))
    assert refused(catalogue, Matter("billing")) == ["/fields/loose"]
    kept = submitted(catalogue, Matter("billing"), {"loose": "x", "free": 1}, FormChannel.WEB, by_customer=True)
    assert kept == {"loose": "x", "free": 1}


def test_a_form_of_ones_own_comes_before_everybodys_and_the_phones_before_any() -> None:
    everybody = FormDefinition("all", {"en": "All"})
    call = replace(DELIVERY, id="call", channel=FormChannel.PHONE)
    catalogue = Catalogue({}, (everybody, DELIVERY, call))
    found = {
        (category, channel): form.id if (form := catalogue.form_of(category, channel)) else None
        for category in ("delivery", "billing", None)
        for channel in FormChannel
    }
    assert found == {
        ("delivery", FormChannel.WEB): "delivery",
        ("delivery", FormChannel.PHONE): "call",
        ("billing", FormChannel.WEB): "all",
        ("billing", FormChannel.PHONE): "all",
        (None, FormChannel.WEB): "all",
        (None, FormChannel.PHONE): "all",
    }


def test_only_what_belongs_to_a_ticket_keeps_it_from_being_solved() -> None:
    def missing(category: str, **values: Value) -> tuple[str, ...]:
        return missing_to_solve(CATALOGUE, Matter(category), values, FormChannel.WEB)

    assert missing("delivery", problem="late") == ("cost",)
    assert missing("delivery", problem="late", cost=0) == ()
    assert missing("delivery") == ()
    assert missing("billing") == ()
    on_no_form = Catalogue({"cost": COST})
    assert missing_to_solve(on_no_form, Matter("billing"), {}, FormChannel.WEB) == ("cost",)


def test_customers_see_what_is_theirs_and_no_trace_of_the_rest() -> None:
    elements = for_customers(CATALOGUE, "delivery", "ko")
    assert [one.field.id if one.field else one.text for one in elements] == ["죄송해요!", "order", "problem", "photo"]
    assert [one.required for one in elements] == [False, False, True, True]
    assert elements[3].when == (Condition("fields/problem", equals="damaged"),)


def test_a_requester_reads_values_in_words_and_only_those_that_may_be_seen() -> None:
    found = told(CATALOGUE, {"problem": "damaged", "cost": 5, "free": "x", "order": ""}, "ko")
    assert [(one.definition.id, one.value, one.text) for one in found] == [("problem", "damaged", "파손")]


# --- properties ------------------------------------------------------------------------------------------------------

_NAMES = ("a", "b", "c", "d")
_TESTS = st.one_of(
    st.sampled_from(["x", "y"]).map(lambda value: {"equals": value}),
    st.just({"one_of": ("x", "z")}),
    st.booleans().map(lambda value: {"filled": value}),
)


@st.composite
def forms(draw: st.DrawFn) -> tuple[Catalogue, FormDefinition]:
    """Any form that is taken: conditions look at what stands further up."""
    order = draw(st.permutations(_NAMES))
    fields = {
        name: FieldDefinition(
            name,
            FieldType.TEXT,
            {"en": name},
            required=draw(st.booleans()),
            customer=draw(st.sampled_from(CustomerAccess)),
        )
        for name in _NAMES
    }
    elements = []
    for place, name in enumerate(order):
        above = order[:place]
        of = st.sampled_from([*(f"fields/{one}" for one in above), "category"])
        when = draw(st.lists(st.tuples(of, _TESTS).map(lambda pair: Condition(pair[0], **pair[1])), max_size=2))
        elements.append(Element(field=name, required=draw(st.none() | st.booleans()), when=tuple(when)))
    form = FormDefinition("f", {"en": "F"}, "x", elements=tuple(elements))
    assert not check_form(form, fields, {"x", "y", "z"}, (), ())
    return Catalogue(fields, (form,)), form


_sent = st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(["x", "y", "z", "", None]))


@given(forms(), _sent, st.booleans())
def test_what_a_form_hides_is_never_required_and_never_kept(
    made: tuple[Catalogue, FormDefinition],
    values: dict[str, Value],
    by_customer: bool,  # noqa: FBT001
) -> None:
    catalogue, form = made
    matter = Matter("x", "request")
    try:
        kept = submitted(catalogue, matter, values, FormChannel.WEB, by_customer=by_customer)
    except Invalid as refusal:
        named = {error.pointer.removeprefix("/fields/") for error in refusal.errors}
        theirs = {
            name: value
            for name, value in values.items()
            if not by_customer or catalogue.fields[name].customer is CustomerAccess.EDITABLE
        }
        assert named <= {element.field for element in shown(form, matter, theirs, catalogue.fields)}
        return
    visible = {element.field for element in shown(form, matter, kept, catalogue.fields)}
    assert set(kept) <= visible
    for element in shown(form, matter, kept, catalogue.fields):
        definition = catalogue.fields[str(element.field)]
        needed = definition.required if element.required is None else element.required
        theirs_to_fill = not by_customer or definition.customer is CustomerAccess.EDITABLE
        assert not (needed and theirs_to_fill) or filled(kept.get(definition.id))
    assert submitted(catalogue, matter, kept, FormChannel.WEB, by_customer=by_customer) == kept


@given(forms(), _sent)
def test_a_page_that_follows_the_public_form_shows_what_the_desk_asks_for(
    made: tuple[Catalogue, FormDefinition], values: dict[str, Value]
) -> None:
    catalogue, form = made
    theirs = {
        name: value for name, value in values.items() if catalogue.fields[name].customer is CustomerAccess.EDITABLE
    }
    public = FormDefinition(
        "p",
        elements=tuple(
            Element(field=one.field.id, when=one.when) for one in for_customers(catalogue, "x", "en") if one.field
        ),
    )
    matter = Matter("x", "request")
    by_page = [one.field for one in shown(public, matter, theirs, catalogue.fields)]
    by_desk = [
        one.field
        for one in shown(form, matter, theirs, catalogue.fields)
        if catalogue.fields[str(one.field)].customer is CustomerAccess.EDITABLE
    ]
    assert by_page == by_desk


# --- what can be wrong -----------------------------------------------------------------------------------------------


def faults_of(*elements: Element, **rest: object) -> list[str]:
    form = replace(DELIVERY, elements=elements, **rest)
    return [fault.pointer for fault in check_form(form, FIELDS, {"delivery"}, ("incident",), ())]


def test_a_condition_looks_up_and_never_down_or_at_itself() -> None:
    later = Element(field="order", when=(Condition("fields/problem", filled=True),))
    assert faults_of(later, Element(field="problem")) == ["/elements/0/when/0/of"]
    assert faults_of(Element(field="order", when=(Condition("fields/order", filled=True),))) == [
        "/elements/0/when/0/of"
    ]
    assert faults_of(Element(field="problem"), later) == []


@pytest.mark.parametrize(
    ("condition", "pointer"),
    [
        (Condition("fields/problem"), ""),
        (Condition("fields/problem", equals="late", filled=True), ""),
        (Condition("fields/problem", equals="broken"), "/equals"),
        (Condition("fields/problem", one_of=("late", "broken")), "/one_of"),
        (Condition("category", equals="nowhere"), "/equals"),
        (Condition("type", one_of=("incident", "wish")), "/one_of"),
        (Condition("priority", filled=True), "/of"),
    ],
)
def test_a_condition_that_says_nothing_sensible_is_named(condition: Condition, pointer: str) -> None:
    element = Element(field="order", when=(condition,))
    assert faults_of(Element(field="problem"), element) == [f"/elements/1/when/0{pointer}"]


def test_elements_name_fields_once_and_words_where_they_are_read() -> None:
    assert faults_of(Element()) == ["/elements/0/field"]
    assert faults_of(Element(field="gone")) == ["/elements/0/field"]
    assert faults_of(Element(field="order"), Element(field="order")) == ["/elements/1/field"]
    assert faults_of(Element(ElementKind.TEXT, {"en": "x"}, field="order")) == ["/elements/0/field"]
    assert faults_of(Element(ElementKind.QUESTION)) == ["/elements/0/texts"]
    assert faults_of(Element(ElementKind.TEXT, {"fr": "Bonjour"})) == ["/elements/0/texts/fr"]


def test_a_category_has_one_form_in_each_place() -> None:
    def places(other: FormDefinition) -> list[str]:
        return [fault.pointer for fault in check_form(other, FIELDS, {"delivery"}, (), (DELIVERY,))]

    assert places(replace(DELIVERY, id="second")) == ["/category"]
    assert places(replace(DELIVERY, id="second", channel=FormChannel.PHONE)) == []
    assert places(replace(DELIVERY, id="second", active=False)) == []
    assert places(DELIVERY) == []


@pytest.mark.parametrize(
    ("definition", "pointers"),
    [
        (FieldDefinition("f", FieldType.TEXT), ["/names"]),
        (FieldDefinition("f", FieldType.TEXT, {"fr": "Nom"}), ["/names/fr"]),
        (FieldDefinition("f", FieldType.CHOICE, {"en": "F"}), ["/choices"]),
        (FieldDefinition("f", FieldType.TEXT, {"en": "F"}, choices=(Choice("a", {"en": "A"}),)), ["/choices"]),
        (
            FieldDefinition("f", FieldType.CHOICE, {"en": "F"}, choices=(Choice("a", {"en": "A"}), Choice("a"))),
            ["/choices/1/id", "/choices/1/names"],
        ),
        (FieldDefinition("f", FieldType.CHOICE, {"en": "F"}, choices=(Choice("A b", {"en": "A"}),)), ["/choices/0/id"]),
        (FieldDefinition("f", FieldType.NUMBER, {"en": "F"}, pattern="x"), ["/pattern"]),
        (FieldDefinition("f", FieldType.TEXT, {"en": "F"}, pattern="(x)"), ["/pattern"]),
        (FieldDefinition("f", FieldType.DATE, {"en": "F"}, min=1), ["/min"]),
        (FieldDefinition("f", FieldType.TEXT, {"en": "F"}, min=1.5, max=-1), ["/min", "/max", "/max"]),
        (FieldDefinition("f", FieldType.NUMBER, {"en": "F"}, min=2.5, max=-1), ["/max"]),
    ],
)
def test_everything_wrong_with_a_field_is_named(definition: FieldDefinition, pointers: list[str]) -> None:
    assert [fault.pointer for fault in check_field(definition)] == pointers
