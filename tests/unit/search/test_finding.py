"""What is found, in three languages, typed as people type."""

import pytest

from helpdesk.search.evaluate import index_of
from helpdesk.search.index import Index
from helpdesk.search.segment import Segment, Text, build
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import wanted
from tests.unit.search.corpus import TEXTS, found


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("프린터는", 0),  # another particle
        ("드라이버 재설치", 0),
        ("비밀번호", 1),  # written apart there
        ("비 밀 번 호", 1),
        ("비밀번호가", 1),
        ("표", 2),  # a word of one letter, with a particle behind it there
        ("엑셀", 2),
        ("給与", 3),
        ("給料明細", 3),
        ("ﾊﾟｽﾜｰﾄﾞ", 3),  # half width
        ("予約", 4),
        ("車", 5),
    ],
)
def test_korean_and_japanese_words_are_found_inside_words_whatever_their_particles_and_spacing(
    query: str, number: int
) -> None:
    assert found(query)[:1] == [number]


@pytest.mark.parametrize(
    "query", ["AB-1234", "ab-1234", "AB1234", "AB 1234", "AB_1234", "\uff21\uff22-\uff11\uff12\uff13\uff14", "AB-12"]
)
def test_a_product_code_is_found_however_it_is_typed(query: str) -> None:
    assert found(query)[:1] == [6]


@pytest.mark.parametrize("query", ["CD-9876", "cd 9876", "CD9876", "9876"])
def test_a_code_written_without_a_hyphen_is_found_with_one(query: str) -> None:
    assert found(query)[:1] == [11]


@pytest.mark.parametrize("query", ["minsu.kim@example.co.kr", "Minsu.Kim@Example.CO.KR", "minsu", "kim@example.co.kr"])
def test_a_mail_address_is_found_whole_and_in_parts(query: str) -> None:
    assert found(query)[:1] == [8]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("invoice", 6),
        ("invoces", 6),
        ("invioce", 6),
        ("invo", 6),
        ("acommodation", 8),
        ("accomodatoin", 8),
        ("projecter", 9),
        ("Geneve", 10),
        ("cafe", 10),
        ("0x80070005", 7),
    ],
)
def test_latin_words_are_found_misspelt_begun_and_without_accents(query: str, number: int) -> None:
    assert found(query)[:1] == [number]


@pytest.mark.parametrize("query", ["쿠폰", "zebra", "領収書", "@@", "", "   ", "-", "고래", "xq"])
def test_what_nobody_wrote_is_not_found(query: str) -> None:
    assert found(query) == []


def test_letters_of_a_word_alone_find_nothing() -> None:
    assert found("표범") == []
    assert found("車検") == []


def test_who_has_more_of_what_was_asked_comes_first() -> None:
    index = index_of(["printer", "printer is offline", "printer offline in room 4", "offline"])
    assert found("printer offline", index)[0] == 1


def test_of_equally_good_ones_the_newest_comes_first() -> None:
    assert found("same", index_of(["same thing"] * 3)) == [2, 1, 0]


def test_an_owner_is_found_by_words_of_different_texts_and_counts_once() -> None:
    index = Index(
        {
            "a": Segment(build([_text("one", "", "Kim Minsu"), _text("two", "", "Kim Chul"), _text("x", "", "other")])),
            "b": Segment(build([_text("one", "m1", "the invoice is wrong"), _text("one", "m2", "invoice again")])),
            "c": Segment(build([_text("two", "m3", "a printer is broken"), _text("x", "m4", "the invoice")])),
        }
    )
    ranking = index.rank(wanted(("kim invoice",)), most=10)
    assert ranking.hits[0].owner == "one"
    assert len({hit.owner for hit in ranking.hits}) == len(ranking.hits)
    assert index.rank(wanted(("invoice again",)), most=1).parts("one") == ["m2", "m1"]


def test_the_best_are_the_same_however_the_texts_lie_in_segments() -> None:
    whole = index_of(TEXTS)
    for size in (1, 2, 5, 100):
        parted = index_of(TEXTS, segment_size=size)
        for query in ("비밀번호를 잊었어요", "パスワード 接続できない", "wrong order"):
            assert found(query, parted) == found(query, whole)


def test_a_search_is_bounded_and_still_finds_the_best_when_words_are_everywhere() -> None:
    common = "この件についてお願いします よろしくお願いいたします "
    texts = [common + ("領収書" if number == 4321 else "請求書") for number in range(6000)]
    index = index_of(texts, segment_size=2500)
    assert found("この件についてお願いします 領収書", index)[0] == 4321


def _text(owner: str, part: str, text: str) -> Text:
    return Text(owner, part, 1, count_terms(text))
