"""Questions as customers ask them lead to the articles that answer them, in three languages, typos included."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from helpdesk.knowledge.finding import ArticleFinder, FoundArticle, segment_of
from helpdesk.knowledge.model import ANYBODY, COLLEAGUE, Article, ArticleText, Audience, Place, Words
from helpdesk.knowledge.rules import published, written
from helpdesk.routing.learning.seed import LANGUAGES, texts
from helpdesk.search.index import Index
from helpdesk.search.segment import Segment, Text, build
from local.demo_articles import demo_articles

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
UNRELATED: Final = {
    "en": (
        (
            "Sponsoring our football club\nOur youth team is looking for a sponsor for its new shirts. Would your company"
            " like to support us next season?"
        ),
        (
            "Application as a gardener\nI have twelve years of experience with roses and lawns and am looking for work from"
            " April on. My references are attached."
        ),
        "Lost cat near your office\nOur grey cat Minka has been missing since Sunday. If anybody saw her, please call us.",
        (
            "Invitation\nDear neighbours, on Saturday the twelfth we celebrate that our bakery has been in this street for"
            " fifty years. There will be cake, coffee, a brass band and a tombola whose proceeds go to the kindergarten."
        ),
    ),
    "ko": (
        "축구단 후원 문의\n저희 유소년 축구단이 새 유니폼을 맞추려고 합니다. 다음 시즌에 후원해 주실 의향이 있으신가요?",
        "정원사 지원합니다\n장미와 잔디를 열두 해 동안 가꾸었고 사월부터 일할 곳을 찾고 있습니다. 추천서를 붙입니다.",
        "고양이를 찾습니다\n회색 고양이 미루가 일요일부터 보이지 않습니다. 마당에서 보신 분은 전화 주세요.",
        "초대합니다\n이번 토요일에 저희 빵집이 이 골목에 문을 연 지 오십 년이 됩니다. 수익금은 유치원에 전합니다.",
    ),
    "ja": (
        "サッカーチームへのご支援のお願い\n少年団の新しいユニフォームを作ります。来季のスポンサーになっていただけませんか。",
        "庭師の応募\nバラと芝生の手入れを十二年続けてまいりました。四月から働ける場所を探しております。",
        "迷子の猫を探しています\n灰色の猫のミルが日曜からいません。庭で見かけた方はお電話ください。",
        "ご招待\n次の土曜日、当パン店はこの通りで五十周年を迎えます。収益は幼稚園に寄付いたします。",
    ),
}
WORDY: Final = (
    (
        "reset-password",
        "en",
        (
            "Help please\nGood morning, I hope you are well. I have been a customer of yours for nearly nine years and always"
            " been happy. Since our IT people moved everything around last month I cannot get into my account any more, I have"
            " forgotten my password and the mail that should let me choose a new one never comes. Kind regards, Susan Miller"
        ),
    ),
    (
        "reset-password",
        "ko",
        (
            "도와주세요\n안녕하세요. 항상 좋은 제품 감사드립니다. 지난달에 저희 전산팀이 시스템을 옮긴 뒤로 계정에 들어갈 수가"
            " 없습니다. 비밀번호를 잊어버려서 재설정 메일을 기다리는데 며칠째 오지 않네요. 확인 부탁드립니다. 김수현 드림"
        ),
    ),
    (
        "charged-twice",
        "ja",
        (
            "カードの明細について\nお世話になっております。先月の注文について、カードの明細を見ると同じ金額が二重に請求されている"
            "ようです。経理から確認するように言われました。お手数ですがお調べいただけますでしょうか。よろしくお願いいたします。"
        ),
    ),
)
QUESTIONS: Final = Path(__file__).with_name("questions.txt")
UNANSWERED: Final = Path(__file__).with_name("unanswered.txt")
"""Kind, language and questions that no article answers: other things, other companies' bills, codes, names, courtesies."""
MARKS: Final = ("zq4e1b90cc", "zq4a2f20aa", "zqcd613e30", "zq18f20e30b", "A7X30xl24", "KR20B50C18", "0x8b31be20")
"""Codes that share letters and digits with articles (`20` kg, `30` days, `XL`, `be`), and nothing else."""
type Found = list[FoundArticle]


def labelled() -> Iterator[tuple[str, str, str]]:
    """The article's name, the language and the question."""
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        name, language, *questions = line.split("|")
        yield from ((name, language, question) for question in questions)


@pytest.fixture(scope="module")
def finder() -> ArticleFinder:
    articles: dict[str, Article] = {}
    found: list[Text] = []
    for number, one in enumerate(demo_articles(), 1):
        article = Article(one.name, 1, number, one.kind, Audience.PUBLIC, "en", "a", NOW, "a", NOW)
        kept_texts: dict[Place, ArticleText] = {}
        for language, text in one.texts.items():
            article, place, kept = written(article, language, Words(text.title, text.summary, text.body), "a", NOW)
            article = published(article, language, None, NOW)
            kept_texts[place] = kept
        articles[one.name] = article
        found += segment_of(None, article, kept_texts)
    index = Index({"all": Segment(build(found))})
    return ArticleFinder(lambda: index, lambda: articles)


def test_most_questions_find_their_article_among_the_first_three(finder: ArticleFinder) -> None:
    for find, in_all in ((finder.search, 0.95), (finder.suggest, 0.9)):
        right: dict[str, list[bool]] = defaultdict(list)
        missed = []
        for name, language, question in labelled():
            found = [one.article.id for one in find(question, ANYBODY, language, NOW, limit=3)]
            right[language].append(name in found)
            if name not in found:
                missed.append((language, question, found))
        shares = {language: sum(one) / len(one) for language, one in right.items()}
        everything = [one for some in right.values() for one in some]
        assert len(everything) >= 360
        assert min(shares.values()) >= 0.85, (shares, missed)
        assert sum(everything) / len(everything) >= in_all, (shares, missed)


def test_of_questions_that_no_article_answers_few_are_given_suggestions(finder: ArticleFinder) -> None:
    given: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for line in UNANSWERED.read_text(encoding="utf-8").splitlines():
        _, language, *questions = line.split("|")
        for question in questions:
            found = [one.article.id for one in finder.suggest(question, ANYBODY, language, NOW, limit=3)]
            given[language].append(bool(found))
            if found:
                wrong.append((language, question, found))
    shares = {language: sum(one) / len(one) for language, one in given.items()}
    everything = [one for some in given.values() for one in some]
    assert len(everything) >= 230
    assert max(shares.values()) <= 0.18, (shares, wrong)
    assert sum(everything) / len(everything) <= 0.12, (shares, wrong)


@pytest.mark.parametrize("mark", MARKS)
def test_a_code_that_nobody_wrote_leads_nowhere_by_its_parts(finder: ArticleFinder, mark: str) -> None:
    for language in LANGUAGES:
        assert finder.suggest(mark, ANYBODY, language, NOW, limit=3) == []


@pytest.mark.parametrize(
    ("question", "language", "name"),
    [
        ("paper jm", "en", "paper-jam"),
        ("recieve tax invioce", "en", "tax-invoice"),
        ("waranty", "en", "warranty"),
        ("the printer keeps jamming", "en", "paper-jam"),  # no article says `jamming`
        ("how do I canc", "en", "cancel-order"),  # somebody is still typing
        ("토너", "ko", "order-toner"),
        ("보증기간은요", "ko", "warranty"),
        ("返品したいのですが", "ja", "return-item"),
        ("ﾄﾅｰ", "ja", "order-toner"),
    ],
)
def test_misspelt_begun_and_inflected_questions_are_suggested_their_answer(
    finder: ArticleFinder, question: str, language: str, name: str
) -> None:
    assert name in [one.article.id for one in finder.suggest(question, ANYBODY, language, NOW, limit=3)]


def test_who_searches_is_shown_more_than_what_is_suggested_and_the_same_first(finder: ArticleFinder) -> None:
    more = 0
    for _, language, question in labelled():
        suggested: Found = finder.suggest(question, ANYBODY, language, NOW, limit=10)
        searched: Found = finder.search(question, ANYBODY, language, NOW, limit=10)
        assert suggested == searched[: len(suggested)], question
        more += len(searched) - len(suggested)
    assert more > 0


def test_what_a_language_asks_is_answered_in_it(finder: ArticleFinder) -> None:
    (best, *_) = finder.search("비밀번호", ANYBODY, "ko", NOW, limit=3)
    assert (best.article.id, best.language) == ("reset-password", "ko")
    (best, *_) = finder.search("toner HT-50XL", ANYBODY, "ja", NOW, limit=3)
    assert (best.article.id, best.language) == ("order-toner", "ja")
    assert finder.search("", ANYBODY, "en", NOW, limit=3) == []
    assert finder.search("xyzzy", ANYBODY, "en", NOW, limit=3) == []


def test_a_ticket_about_something_else_is_given_no_answers(finder: ArticleFinder) -> None:
    named = {
        text: [one.article.id for one in finder.like(text, reader, language, NOW, limit=3)]
        for language, unrelated in UNRELATED.items()
        for text in unrelated
        for reader in (ANYBODY, COLLEAGUE)
    }
    assert len(named) == 12
    assert {text: found for text, found in named.items() if found} == {}


def test_a_ticket_is_given_its_answer_however_short_or_wordy_it_is(finder: ArticleFinder) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for name, language, question in labelled():
        right[language].append(
            name in [one.article.id for one in finder.like(question, ANYBODY, language, NOW, limit=3)]
        )
    shares = {language: sum(one) / len(one) for language, one in right.items()}
    assert min(shares.values()) >= 0.8, shares
    for name, language, text in WORDY:
        assert name in [one.article.id for one in finder.like(text, ANYBODY, language, NOW, limit=3)], text


def test_of_what_desks_get_that_asks_for_nothing_at_most_a_quarter_is_given_answers(finder: ArticleFinder) -> None:
    named = [
        bool(finder.like(text, ANYBODY, language, NOW, limit=3))
        for language in LANGUAGES
        for text, category in texts(language)
        if category is None
    ]
    assert len(named) >= 40
    assert sum(named) <= len(named) / 4
