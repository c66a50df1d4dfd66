"""What is shown of a text, and what of it is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.excerpt import LENGTH, Excerpt, excerpt, has_phrase, mark
from helpdesk.search.text import fold, fold_with_places
from helpdesk.search.wanted import wanted


def marked(shown: Excerpt) -> list[str]:
    """The marked pieces, cut as a page cuts them: in UTF-16 units."""
    units = shown.text.encode("utf-16-le")
    return [units[2 * begin : 2 * end].decode("utf-16-le") for begin, end in shown.ranges]


@pytest.mark.parametrize(
    ("text", "query", "pieces"),
    [
        ("The invoices of October are wrong", "invoice", ["invoices"]),
        ("The invoices of October are wrong", "invioce october", ["invoices", "October"]),
        ("프린터가 인쇄되지 않습니다", "프린터는 인쇄", ["프린터", "인쇄"]),
        ("ﾊﾟｽﾜｰﾄﾞを忘れた", "パスワード", ["ﾊﾟｽﾜｰﾄﾞ"]),
        ("order AB-1234 is late", "ab1234", ["AB-1234"]),
        ("😀😀 표 하나", "표", ["표"]),
        ("nothing here", "zebra", []),
    ],
)
def test_what_was_looked_for_is_marked_where_it_stands(text: str, query: str, pieces: list[str]) -> None:
    assert marked(mark(text, wanted((query,)))) == pieces
    assert marked(excerpt(text, wanted((query,)))) == pieces


def test_a_long_text_is_shown_where_most_of_what_was_looked_for_stands() -> None:
    text = "printer. " + "word " * 200 + "the printer is offline in room four. " + "word " * 200
    shown = excerpt(text, wanted(("printer offline",)))
    assert marked(shown) == ["printer", "offline"]
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert len(shown.text) <= LENGTH + 2


@given(st.text(max_size=400), st.text(max_size=20))
def test_marks_are_in_order_apart_and_inside(text: str, query: str) -> None:
    shown = excerpt(text, wanted((query,)))
    end = 0
    for begin, after in shown.ranges:
        assert end <= begin < after
        end = after
    assert end <= len(shown.text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("Please reset my password today", "my password", True),
        ("Please reset my  Password today", "MY password", True),
        ("my old password", "my password", False),
        ("비밀번호 초기화 부탁드립니다", "번호 초기", True),
        ("비밀번호 초기화", "초기화 비밀번호", False),
        ("給与明細", "明細", True),
    ],
)
def test_a_phrase_is_there_only_as_it_stands(text: str, phrase: str, *, there: bool) -> None:
    assert has_phrase(text, phrase) is there


@given(st.text(alphabet="aé가か車ﾊﾟ゙ﬁＡ①ㄱ\u0301\u1161😀 ", max_size=30))
def test_each_letter_of_a_folded_text_leads_back_to_where_it_came_from(text: str) -> None:
    folded = fold_with_places(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    end = 0
    for start, after, letter in zip(folded.starts, folded.ends, folded.text, strict=True):
        assert start < after <= len(text)
        assert letter in fold(text[start:after])
        end = max(end, after)
    assert end == len(text) or not fold(text[end:])
