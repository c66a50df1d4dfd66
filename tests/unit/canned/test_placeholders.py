"""What stands in for what: values, fallbacks, escapes, and what nobody can smuggle in."""

import html as entities
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.canned.model import Body, body_in
from helpdesk.canned.placeholders import PLACEHOLDERS, fill, unknown_names, values_for
from helpdesk.canned.rules import filled_body
from helpdesk.mail.html import sanitize
from helpdesk.tickets.commands import ChangeTicket
from tests.support.desks import DESK, RULES
from tests.support.lives import MINA, Life

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
MINA_AGENT = DESK.agents["mina"]


def safe(html: str) -> str:
    return sanitize(html)[0]


def values(life: Life, **changes: str) -> dict[str, str]:
    made = values_for(
        life.stands, MINA_AGENT, DESK, link="https://desk.test/portal/requests/1", signature="Mina\nAcme", now=NOW
    )
    return made | changes


def test_every_documented_placeholder_has_a_value_on_a_ticket_that_has_it_all() -> None:
    life = Life(RULES).open(category="billing")
    life.do(ChangeTicket(group="billing", product="chair"), MINA)
    found = values(life)
    assert {name for name in PLACEHOLDERS if not found[name]} == set()
    assert found["ticket.number"] == "1001"
    assert found["category.name"] == "결제"
    assert found["product.name"] == "의자"
    assert found["today"] == "2026년 11월 24일", "the day it is where the desk is, though these clocks never stop"


def test_fields_of_the_ticket_are_shown_as_people_write_them() -> None:
    life = Life(RULES).open(fields={"order no": "A-7", "gift": True, "sizes": ["S", "M"], "count": 3, "주문": "1"})
    text = "{{ticket.fields.order no}} {{ticket.fields.gift}} {{ticket.fields.sizes}} {{ticket.fields.count}} {{ticket.fields.주문}}"
    assert fill(text, values(life)).text == "A-7 예 S, M 3 1"


def test_a_fallback_stands_in_where_there_is_no_value_and_is_told() -> None:
    life = Life(RULES).open(requester_name=None)
    found = fill("Hi {{requester.first_name|there}}, {{group.name}}{{category.name|}}!", values(life))
    assert found.text == "Hi there, !"
    assert found.empty == ("group.name",)
    assert found.fallbacks == ("requester.first_name", "category.name")


def test_what_a_backslash_precedes_stays_as_typed() -> None:
    assert fill(r"Write \{{today}} for the date", {"today": "now"}).text == "Write {{today}} for the date"
    assert unknown_names(r"\{{whatever}} {{whatever}} {{1+1}} {{ }}") == ("whatever", "1+1", "")


@pytest.mark.parametrize("text", ["{{", "}}", "{{today", "{today}", "{{{today}}}", "{{a{{today}}", "{{ today }}"])
def test_half_a_placeholder_breaks_nothing(text: str) -> None:
    filled = fill(text, {"today": "X"}).text
    assert filled == text.replace("{{today}}", "X").replace("{{ today }}", "X")


@pytest.mark.parametrize("markup", [False, True])
@given(value=st.text(max_size=30), around=st.text(max_size=60))
def test_a_value_is_put_in_once_and_never_read_again(*, value: str, around: str, markup: bool) -> None:
    template = "{{requester.name}}" + around.replace("{", "").replace("\\", "")
    filled = fill(template, {"requester.name": value, "agent.name": "SECRET"}, markup=markup).text
    shown = entities.escape(value).replace("\n", "<br>") if markup else value
    assert filled == shown + template.removeprefix("{{requester.name}}")


@given(st.text(alphabet="{}|\\ .abctodayrequester\n", max_size=80))
def test_any_text_can_be_filled_and_what_holds_no_placeholder_stays(text: str) -> None:
    filled = fill(text, {})
    if re.search(r"\{\{[^{}]*\}\}", text) is None:
        assert filled.text == text


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "&lt;b&gt;"]
)
def test_a_customer_cannot_write_html_into_an_answer(value: str) -> None:
    body = Body("x", safe('<p>{{requester.name}} <a href="{{requester.name}}">site</a></p>'))
    filled, _ = filled_body(body, {"requester.name": value}, sanitize=safe)
    assert filled.html is not None
    assert "javascript:" not in re.findall(r'href="[^"]*"', filled.html)
    assert re.search(r"<(script|img)|href=\"javascript:", filled.html) is None
    assert entities.escape(value, quote=False) in filled.html


def test_placeholders_survive_sanitising_and_are_filled_in_links() -> None:
    body = Body("x", safe('<a href="{{ticket.link}}">{{requester.name|you &amp; me}}</a>'))
    filled, told = filled_body(body, {"ticket.link": "https://desk.test/portal/requests/1?a=1&b=2"}, sanitize=safe)
    assert filled.html is not None
    assert 'href="https://desk.test/portal/requests/1?a=1&amp;b=2"' in filled.html
    assert ">you &amp; me</a>" in filled.html
    assert told.fallbacks == ("requester.name",)


@pytest.mark.parametrize(
    ("wanted", "chosen"), [("ko", "ko"), ("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("ja", "en"), ("", "en")]
)
def test_the_language_nearest_to_the_reader_is_chosen(wanted: str, chosen: str) -> None:
    bodies = {name: Body(name) for name in ("en", "ko", "pt-BR")}
    assert body_in(bodies, wanted) == (chosen, Body(chosen))


def test_where_there_is_neither_the_language_nor_english_there_is_still_an_answer() -> None:
    assert body_in({"ja": Body("はい")}, "ko")[0] == "ja"
