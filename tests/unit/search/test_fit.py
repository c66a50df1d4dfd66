"""How much of a question a text meets: rare and unknown words weigh most, how something is asked weighs nothing."""

import pytest

from helpdesk.search.evaluate import index_of
from helpdesk.search.fit import LEAST_FOUND, LEAST_SUGGESTED, Fit

TEXTS = (
    "Clear a paper jam in the printer: open the rear cover and pull the paper out slowly.",
    "Connect the printer to the wireless network of your office, type the password.",
    "Devices over 20 kg are brought by a carrier, who calls within 30 days. Part AB-1234 fits.",
    "Refunds: the money is back within three days",
    "프린터에 걸린 용지를 천천히 당겨 주세요.",
    "환불은 카드 영업일 3일 안에 처리돼요.",
    "詰まった用紙をゆっくり引き出します。",
    "返金はカードで3営業日以内です。",
)


def fits(question: str, number: int, title: str = "", least: float = 0.0) -> float:
    """How much of a question the text of a number meets."""
    owners = [f"{one:08d}" for one in range(len(TEXTS))]
    return Fit(index_of(TEXTS), question, owners, least).of(owners[number], title)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("zeppelin rental days", 2),
        ("zq4a20f30b", 2),
        ("XQ-20-30-99", 2),
        ("how do I get there from here", 0),
        ("카드 발급 은행 지점 위치", 5),
        ("カード会社への就職", 7),
        ("ください", 6),
    ],
)
def test_what_shares_only_a_weak_part_of_a_question_is_not_suggested(question: str, number: int) -> None:
    assert fits(question, number) < LEAST_SUGGESTED


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("paper jam", 0),
        ("please, how can I clear my paper jam?", 0),
        ("papre jamm", 0),  # slips
        ("my printer was jamming", 0),  # inflected
        ("wirel", 1),  # somebody is still typing
        ("ab 1234", 2),
        ("AB1234", 2),
        ("refunded", 3),
        ("프린터 용지가 걸렸어요", 4),
        ("환불은 언제 되나요", 5),
        ("用紙が詰まった", 6),
        ("返金してください", 7),
    ],
)
def test_what_a_question_is_about_is_suggested_however_it_is_asked(question: str, number: int) -> None:
    assert fits(question, number) >= LEAST_SUGGESTED


def test_a_rare_word_weighs_more_than_a_frequent_one_and_an_unknown_one_as_the_rarest() -> None:
    assert fits("printer refund", 3) > fits("printer refund", 1)
    assert fits("jam zeppelin", 0) == pytest.approx(fits("jam zeppelin zebra", 0) * 3 / 2, rel=0.01)


def test_a_title_that_is_what_was_asked_counts_besides() -> None:
    question = "refund for my bicycle"
    assert fits(question, 3, "Refunds") > fits(question, 3, "Money, cards and banks") >= fits(question, 3)


def test_less_than_the_least_is_nothing() -> None:
    assert fits("jam zeppelin zebra", 0) > LEAST_FOUND
    assert fits("jam zeppelin zebra", 0, least=0.9) == 0.0
    assert fits("", 0) == fits("!?", 0) == fits("how do I", 0) == 0.0


def test_of_an_empty_index_nothing_fits() -> None:
    for question in ("paper jam AB-12", "용지 걸림", "紙詰まり"):
        assert not Fit(index_of(()), question, (), LEAST_FOUND).candidates


def test_a_korean_word_with_a_wrong_letter_counts_by_its_others_and_suggests_nothing_alone() -> None:
    assert 0 < fits("환블은", 5) < LEAST_SUGGESTED
    assert fits("환블은 카드로", 5) > fits("잃버린 카드로", 5)
