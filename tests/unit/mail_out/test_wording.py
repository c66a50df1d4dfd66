"""Admins' words: whatever they write is refused with its line or can be filled, and nobody's values become structure."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.kernel.text import LANGUAGES
from helpdesk.mail.brand import LEGIBLE, contrast, palette
from helpdesk.mail.compose import compose, render, write
from helpdesk.mail.letters import Answered, Kind, Look, Party, Quoted, Template, Waiting
from helpdesk.mail.parse import parse_mail
from helpdesk.mail.wording import FILTERS, PLACEHOLDERS, REQUIRED, check, fill, shipped
from tests.unit.mail_out.test_compose import LINK, NOW, letter_of, part, read

EVIL = "[click](https://evil.test) **x** # y\n\n- a: b\n---\n{{ number }}{% if x %}<script>"


def faults(
    body: str, kind: Kind = Kind.ACKNOWLEDGEMENT, subject: str = "s", preview: str = "p"
) -> list[tuple[str, int]]:
    return [(fault.part, fault.line) for fault in check(kind, Template(subject, preview, body))]


def said(body: str, kind: Kind = Kind.ACKNOWLEDGEMENT, **changes: object) -> tuple[str, str]:
    """The text and the HTML body of a mail with an admin's words."""
    template = Template("{{ subject }}" if "subject" in PLACEHOLDERS[kind] else "{{ desk }}", "", body)
    assert check(kind, template) == []
    written = write(letter_of(kind, template=template, **changes))
    assert written.trouble is None
    return written.text, written.html


# --- what is shipped --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_what_is_shipped_would_be_let_in_from_an_admin(kind: Kind, language: str) -> None:
    assert check(kind, shipped(kind, language)) == []
    assert write(letter_of(kind, language)).trouble is None


@pytest.mark.parametrize("kind", Kind)
def test_each_placeholder_of_a_kind_has_a_value_and_a_meaning(kind: Kind) -> None:
    body = "\n\n".join(f"{name} is {{{{ {name} }}}}" for name in PLACEHOLDERS[kind])
    text = said(body, kind)[0]
    assert all(f"{name} is" in text for name in PLACEHOLDERS[kind])
    assert all(PLACEHOLDERS[kind].values())


# --- what may stand in a template --------------------------------------------------------------------------------------


def test_the_elements_of_the_language_are_what_they_look_like() -> None:
    text, html = said(
        "# Welcome {{ name }}\nright below\n\nA **fine** [place](https://example.com/x?n={{ number }}).\nSecond line.\n\n"
        "- Number: {{ number }}\n- Empty: {{ name | trim | default('') | truncate(0) and '' }}\n\n- one\n- two\n\n> quoted\n\n"
        "[Go]({{ link }})\n\n---\nfoot"
    )
    assert text == (
        "Welcome Min-ji Kim\n\nright below\n\nA fine place: https://example.com/x?n=%231042.\nSecond line.\n\nNumber: #1042\n\n"
        f"- one\n- two\n\n> quoted\n\nGo:\n{LINK}\n\nfoot\n"
    )
    assert re.search(r"<h1[^>]*>Welcome Min-ji Kim</h1>", html)
    assert re.search(r"<strong[^>]*>fine</strong>", html)
    assert 'href="https://example.com/x?n=%231042"' in html
    assert re.search(r'<a class="k" href="[^"]+"[^>]*>.*Go', html)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("ok\n{{ nonsense }}", 2),
        ("ok\n\n{% if name %}\nx", 4),
        ("{{ name.upper() }}", 1),
        ("a\n{{ name.__class__ }}", 2),
        ("{{ name['x'] }}", 1),
        ("{{ ''.join(name) }}", 1),
        ("{% for x in name %}{{ x }}{% endfor %}", 1),
        ("{% set name = 'x' %}", 1),
        ("{% include 'layout.html.j2' %}", 1),
        ("{% macro x() %}{% endmacro %}", 1),
        ("{% extends 'x' %}", 1),
        ("{% block x %}{% endblock %}", 1),
        ("{{ 'a' * 1000000000 }}", 1),
        ("{{ 9 ** 999999 }}", 1),
        ("{{ range(9) }}", 1),
        ("{{ name | safe }}", 1),
        ("{{ name | truncate(number) }}", 1),
        ("{{ name > 3 }}", 1),
        ("{{ name is defined }}", 1),
        ("{{ 'x' if name }}", 1),
        ("{{ [1, 2] }}", 1),
        ("{{ _values }}", 1),
        ("{{ self }}", 1),
        ("{{ 1.5 }}", 1),
        ("\n\n[x](javascript:alert(1))", 3),
        ("[x](http://example.com)", 1),
        ("[x](/path)", 1),
        ("a\nb\ue0001\ue001", 2),
        ("a\x00", 1),
        ("   ", 1),
        ("{{ " + "(" * 500 + "name" + ")" * 500 + " }}", 1),
        ("{{ " + "not " * 3000 + "name }}", 1),
    ],
)
def test_what_may_not_stand_in_a_template_is_named_with_its_line(body: str, line: int) -> None:
    assert ("body", line) in faults(body)


def test_all_faults_are_named_at_once() -> None:
    assert faults("{{ a }}\n{{ b }}\n{{ name.c }}", subject="{{ d }}", preview="two\nlines") == [
        ("subject", 1),
        ("preview", 2),
        ("body", 1),
        ("body", 2),
        ("body", 3),
    ]


@pytest.mark.parametrize("kind", REQUIRED)
def test_a_mail_without_what_it_is_sent_for_is_refused(kind: Kind) -> None:
    found = check(kind, Template("s", "p", "Hello."))
    assert len(found) == len(REQUIRED[kind])
    assert all(f"{{{{ {name} }}}}" in fault.message for name, fault in zip(REQUIRED[kind], found, strict=True))


def test_a_template_that_is_too_long_is_refused() -> None:
    assert faults("x" * 20_001) == [("body", 1)]
    assert faults("x", subject="x" * 501) == [("subject", 1)]


_pieces = st.one_of(
    st.sampled_from(
        [
            "{{ ", " }}", "{% if ", " %}", "{% endif %}", "{% else %}", "{% elif ", "{{ name }}", "{{ link }}", "{{ message }}", "{# ", " #}",
            "{{ files }}", "{{ signature }}", "[a](", ")", "{{ subject | truncate(3) }}", " | default('x')", "~", " == ", " and ", "not ", "'", '"',
            "\n", "\n\n", "# ", "#! ", "- ", "a: ", "> ", "---", "\n---\n", "**", "[1-5 x]({{ link }}) a | b", "https://e.x/", "mailto:", "(", "{%- ",
            "{% raw %}", "{% endraw %}", "999999999999999999999", "\\", "name", "|", "[x]({{ name }})", "[x](https://e.x/{{ name }})",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip
_values = st.text(st.characters(exclude_categories=[]), max_size=60) | st.sampled_from(
    [EVIL, "", "https://evil.test/x", "\ue0000\ue001"]
)


@settings(max_examples=250)
@given(st.lists(_pieces, max_size=14).map("".join), st.sampled_from(Kind), _values, _values)
@example("{{ message }}" * 3, Kind.REPLY, "x" * 100_000, "")
def test_whatever_an_admin_writes_is_refused_or_gives_a_mail(body: str, kind: Kind, name: str, subject: str) -> None:
    template = Template(
        "{{ subject }} " + body.replace("\n", " ")[:200], body[:300], "{{ message }}\n\n{{ link }}\n\n" + body
    )
    if kind is not Kind.REPLY:
        template = replace(template, body="{{ link }}\n\n" + body)
    letter = letter_of(kind, subject=subject, recipient=Party(name, "minji@example.com"), template=template)
    written = write(letter)  # never raises
    let_in = check(kind, template) == []
    assert written.trouble is None or not let_in
    if written.trouble is not None:
        assert replace(written, trouble=None) == write(replace(letter, template=None))
    mail = read(compose(letter, written))
    assert [address.addr_spec for address in mail["To"].addresses] == ["minji@example.com"]
    assert mail["Bcc"] is None


@settings(max_examples=80)
@given(_values, _values, _values)
def test_nobodys_values_become_structure(name: str, subject: str, author: str) -> None:
    letter = letter_of(
        Kind.REPLY,
        recipient=Party(name, "minji@example.com"),
        subject=subject,
        details=Answered("Hello.", LINK, author=author, left_out=(Waiting(subject, 3, LINK),)),
        template=Template(
            "{{ subject }}",
            "{{ name }}",
            "# {{ subject }}\n\n{{ name }} {{ agent }}\n\n- A: {{ agent }}\n\n> {{ subject }}\n\n{{ message }}\n\n{{ files }}"
            "\n\n{{ signature }}\n\n[{{ subject }}]({{ link }})\n\n[x]({{ name }})\n\n---\n{{ agent }}",
        ),
    )
    html = write(letter).html
    body = re.sub(r"<!--.*?-->", "", html.split("<body", 1)[1])
    assert set(re.findall(r"<(\w+)", body)) <= {"div", "p", "span", "h1", "a", "ul", "li", "strong", "br"}
    hrefs = set(re.findall(r'href="([^"]*)"', html))
    named = {name} if re.fullmatch(r"https?://[^\s<>\"]+", name) else set()
    assert hrefs <= {LINK.replace("&", "&amp;"), *named}
    assert "<script" not in html


def test_a_value_stays_within_the_address_it_is_put_into() -> None:
    html = said("[x](https://example.com/find?q={{ name }})", recipient=Party("a&b=c/../d#e f", "a@example.com"))[1]
    assert 'href="https://example.com/find?q=a%26b%3Dc%2F..%2Fd%23e%20f"' in html


def test_filters_bear_whatever_they_are_given() -> None:
    for name, function in FILTERS.items():
        for value in ("", 0, True, None, "x" * 5000):
            assert isinstance(function(value), str), name
    assert FILTERS["truncate"]("a" * 20, 5) == "aaaa…"
    assert FILTERS["truncate"]("abc", -5) == "…"


# --- what happens when it cannot be used ------------------------------------------------------------------------------


def test_a_template_that_cannot_be_filled_any_more_yields_to_the_shipped_one_and_says_so() -> None:
    broken = Template("s", "p", "{{ gone }}")
    written = write(letter_of(Kind.SURVEY, template=broken))
    assert written.trouble is not None
    assert "gone" in written.trouble
    assert replace(written, trouble=None) == write(letter_of(Kind.SURVEY))


def test_a_mail_that_would_be_too_long_is_said_in_the_shipped_words() -> None:
    letter = letter_of(details=Answered("x" * 100_000, LINK), template=Template("s", "p", "{{ message }}\n\n" * 12))
    written = write(letter)
    assert written.trouble == "template: the mail would be too long"
    assert written.text.count("x" * 100_000) == 1


# --- letterhead -------------------------------------------------------------------------------------------------------


def test_a_signature_is_an_admins_words_and_stands_where_mail_programs_look_for_it() -> None:
    look = Look(
        "Acme Support", signature="Kind regards\n**{{ agent }}** at {{ mailbox }}\n\n[acme.test](https://acme.test)"
    )
    text, html = render(letter_of(look=look))
    assert "-- \nKind regards\nAlex Weber at Acme Support\n\nacme.test: https://acme.test" in text
    assert re.search(r"<strong[^>]*>Alex Weber</strong> at Acme Support", html)


def test_a_signature_that_cannot_be_filled_is_the_usual_one_and_says_so() -> None:
    written = write(letter_of(look=Look(signature="{{ link }}")))
    assert written.trouble is not None
    assert written.trouble.startswith("signature: ")
    assert "-- \nAlex Weber\nAcme" in written.text


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_whatever_colour_a_brand_has_its_words_can_be_read(colour: str) -> None:
    def rgb(text: str) -> tuple[int, int, int]:
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)

    made = palette(colour)
    assert contrast(rgb(made.button), rgb(made.on_button)) >= LEGIBLE
    assert contrast(rgb(made.link), (255, 255, 255)) >= LEGIBLE
    assert contrast(rgb(made.link_dark), (0x17, 0x17, 0x1A)) >= LEGIBLE


def test_the_pages_make_the_same_shades_of_a_colour_in_a_preview() -> None:
    samples = json.loads((Path(__file__).parents[3] / "web/src/lib/styles/palettes.json").read_text("utf-8"))
    assert samples
    for sample in samples:
        assert {"colour": sample["colour"]} | asdict(palette(sample["colour"])) == sample


@pytest.mark.parametrize("colour", ["red", "#12345", "#ffffff;background:url(x)", "", None])
def test_what_is_no_colour_is_not_used(colour: str | None) -> None:
    assert palette(colour) == palette(None)


def test_a_brand_shows_in_the_mail() -> None:
    look = Look("Acme", palette("#0a7d32"), "https://acme.test/logo.png")
    html = render(letter_of(Kind.ACKNOWLEDGEMENT, look=look, desk="Acme GmbH"))[1]
    assert "background:#0a7d32" in html
    assert 'src="https://acme.test/logo.png"' in html
    assert "Acme GmbH" in html


# --- earlier messages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_repeated_messages_stand_last_and_the_desks_own_reader_folds_them(language: str) -> None:
    before = (Quoted("Min-ji Kim", NOW, "I cannot sign in.\n\nStill not."), Quoted("Alex", NOW, "Which browser?"))
    letter = letter_of(language=language, details=Answered("Please try again.", LINK, before=before))
    raw = compose(letter)
    mail = read(raw)
    text, html = part(mail, "plain").replace("\r\n", "\n"), part(mail, "html")
    assert "> I cannot sign in.\n>\n> Still not." in text
    assert text.rstrip().endswith("> Which browser?")
    assert html.count('<blockquote class="gmail_quote') == 2
    back = parse_mail(raw)
    assert "Please try again." in back.reply_text
    assert "cannot sign in" not in back.reply_text
    assert "Which browser" not in back.reply_text


def test_there_is_an_example_with_each_part_of_an_answer() -> None:
    assert set(Answered.__slots__) == {"text", "link", "html", "author", "left_out", "before"}


def test_a_file_that_waits_is_a_link_and_one_that_is_gone_is_named() -> None:
    details = Answered(
        "See.", LINK, left_out=(Waiting("film.mov", 30 * 1024**2, "https://d.test/v1/files/t"), Waiting("x"))
    )
    text, html = render(letter_of(details=details))
    assert "- film.mov (30.0 MB): https://d.test/v1/files/t\n- x\n" in text
    assert 'href="https://d.test/v1/files/t"' in html


def test_filling_needs_no_value_that_a_template_does_not_ask_for() -> None:
    from helpdesk.mail.markup import Values  # noqa: PLC0415

    values = Values(100)
    assert values.filled(fill("a {{ x }}", {"x": "b"}, values)) == "a b"
