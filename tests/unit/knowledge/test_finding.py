"""Questions as customers ask them lead to the articles that answer them, in three languages, typos included."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from helpdesk.knowledge.finding import ArticleFinder, segment_of
from helpdesk.knowledge.model import ANYBODY, Article, ArticleText, Audience, Place, Words
from helpdesk.knowledge.rules import published, written
from helpdesk.search.index import Index
from helpdesk.search.segment import Segment, Text, build
from local.demo_articles import demo_articles

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
QUESTIONS: Final = Path(__file__).with_name("questions.txt")


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
        texts: dict[Place, ArticleText] = {}
        for language, text in one.texts.items():
            article, place, kept = written(article, language, Words(text.title, text.summary, text.body), "a", NOW)
            article = published(article, language, None, NOW)
            texts[place] = kept
        articles[one.name] = article
        found += segment_of(None, article, texts)
    index = Index({"all": Segment(build(found))})
    return ArticleFinder(lambda: index, lambda: articles)


def test_most_questions_find_their_article_among_the_first_three(finder: ArticleFinder) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for name, language, question in labelled():
        found = [one.article.id for one in finder.search(question, ANYBODY, language, NOW, limit=3)]
        right[language].append(name in found)
        if name not in found:
            missed.append((language, question, found))
    shares = {language: sum(one) / len(one) for language, one in right.items()}
    everything = [one for some in right.values() for one in some]
    assert len(everything) >= 300
    assert min(shares.values()) >= 0.8, (shares, missed)
    assert sum(everything) / len(everything) >= 0.85, (shares, missed)


def test_what_a_language_asks_is_answered_in_it(finder: ArticleFinder) -> None:
    (best, *_) = finder.search("비밀번호", ANYBODY, "ko", NOW, limit=3)
    assert (best.article.id, best.language) == ("reset-password", "ko")
    (best, *_) = finder.search("toner HT-50XL", ANYBODY, "ja", NOW, limit=3)
    assert (best.article.id, best.language) == ("order-toner", "ja")
    assert finder.search("", ANYBODY, "en", NOW, limit=3) == []
    assert finder.search("xyzzy", ANYBODY, "en", NOW, limit=3) == []
