"""Text as people write it, in any script and however it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.text import (
    clean,
    clean_line,
    is_address,
    language_of,
    normal_address,
    preview,
    supported_language,
)

JOINER = "\u200d"


@given(st.text())
def test_clean_text_is_nfc_without_control_characters_and_stays_so(text: str) -> None:
    found = clean(text)
    assert unicodedata.is_normalized("NFC", found)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" and ord(c) < 0x80 for c in found)
    assert clean(found) == found


@given(st.text())
def test_a_clean_line_is_one_line_in_nfc_and_stays_so(text: str) -> None:
    line = clean_line(text)
    assert line == " ".join(line.split())
    assert unicodedata.is_normalized("NFC", line)
    assert clean_line(line) == line


def test_hangul_typed_in_parts_becomes_whole_syllables() -> None:
    assert clean("\u1112\u1161\u11ab\u1100\u1173\u11af") == "한글"


def test_a_name_cannot_turn_the_direction_of_what_stands_around_it() -> None:
    assert clean_line("inv\u202eoice\u2066.exe") == "invoice.exe"


def test_line_ends_of_all_systems_are_one() -> None:
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


@given(st.text(max_size=400), st.integers(2, 150))
def test_a_preview_is_never_longer_than_asked_and_begins_as_the_text_does(text: str, length: int) -> None:
    shown = preview(text, length)
    assert len(shown) <= length
    line = clean_line(text)
    assert shown == line or (shown.endswith("…") and line.startswith(shown[:-1].rstrip()))


@given(
    st.lists(st.sampled_from(["e\u0301\u0323", "नि", "ก็", "한", "👩🏽", "👩‍👩‍👧", "❤️", "a", " "])), st.integers(8, 30)
)
def test_a_preview_does_not_cut_a_letter_into_its_parts(letters: list[str], length: int) -> None:
    shown = preview("".join(letters), length)
    line = clean_line("".join(letters))
    if shown in {line, "…"}:
        return
    kept = len(shown) - 1
    behind = line[kept:].lstrip()
    assert not behind or not unicodedata.category(behind[0]).startswith("M")
    assert not shown[:-1].endswith(JOINER)
    assert not behind.startswith((JOINER, "🏽"))


@pytest.mark.parametrize(
    "address", ["minsu@example.com", "m.kim+desk@mail.example.co.kr", "用户@example.jp", "o'hara@example.ie", "a@b"]
)
def test_addresses_people_have_are_taken(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "minsu",
        "@example.com",
        "minsu@",
        "a@b@c",
        "two words@example.com",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a@-example.com",
        "a@example.com\nBcc: b@example.com",
        "a@example.com,b@example.com",
        "<a@example.com>",
        "a" * 65 + "@example.com",
        "a@" + "b" * 254,
    ],
)
def test_what_is_no_address_is_not_taken(address: str) -> None:
    assert not is_address(address)


@given(st.text(max_size=30))
def test_an_address_has_one_normal_form(text: str) -> None:
    found = normal_address(text)
    assert normal_address(found) == found
    assert unicodedata.is_normalized("NFC", found)


def test_addresses_are_compared_without_case_and_in_nfc() -> None:
    assert normal_address(" Minsu@Example.COM ") == "minsu@example.com"
    assert normal_address("jose\u0301@example.es") == normal_address("JOSÉ@example.es")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("청구서가 틀렸어요", "ko"),
        ("請求書が間違っています", "ja"),
        ("カタカナ", "ja"),
        ("ﾊﾝｶｸ", "ja"),
        ("The invoice is wrong", "en"),
        ("Invoice 한", "ko"),
        ("", "en"),
        ("请求书", "en"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_text_without_a_telling_script_has_the_language_it_is_said_to_have() -> None:
    assert language_of("4711?", "ja") == "ja"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("ko-KR", "ko"), ("ja_JP", "ja"), ("EN", "en"), ("fr-CA", "en"), (None, "en"), ("", "en"), ("korean", "en")],
)
def test_a_language_tag_finds_the_language_of_ours_that_serves_it(tag: str | None, language: str) -> None:
    assert supported_language(tag) == language
    assert supported_language("xx", "ko") == "ko"
