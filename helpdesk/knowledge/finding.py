"""Finding articles: the index of their texts proposes, what an article is now decides.

Each version of a text in a language is an owner of its own in the index, so that words of a draft, or of what was said
before, lead nobody to what is published.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.knowledge.likeness import Likeness
from helpdesk.knowledge.model import Article, ArticleText, Place, Reader, TextRef
from helpdesk.knowledge.plain import to_plain
from helpdesk.knowledge.rules import may_read, newest, places, shown, text_for
from helpdesk.search.fit import LEAST_FOUND, LEAST_SUGGESTED, Fit
from helpdesk.search.index import Hit, Index
from helpdesk.search.segment import Text
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import wanted

TITLE_COUNTS: Final = 3
"""How many times a word of a title, or a keyword, counts as one of the body."""
SUMMARY_COUNTS: Final = 2
PROPOSED: Final = 80
"""Texts that the index is asked for; of one article there are several."""
LONGEST_QUERY: Final = 200
_OWN_LANGUAGE: Final = 1.25
"""What a text in the reader's own language counts beside others."""


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article that was found.

    Attributes:
        language: in which it is shown.
        text: what lists show of it.
    """

    article: Article
    language: str
    text: TextRef
    score: float


def owner_of(place: Place) -> str:
    """A text's name in the index."""
    return f"{place.article_id}.{place.language}.{place.revision:06d}"


def place_of(owner: str) -> Place:
    """The text of a name in the index."""
    article_id, language, revision = owner.split(".")
    return Place(article_id, language, int(revision))


def words_of(article: Article, text: ArticleText) -> Mapping[str, int]:
    """What a text is found by, each term with how often it counts."""
    counts = dict(count_terms(to_plain(text.body)))
    keywords = "\n".join(article.keywords)
    for words, times in ((f"{text.title}\n{keywords}", TITLE_COUNTS), (text.summary, SUMMARY_COUNTS)):
        for term, count in count_terms(words).items():
            counts[term] = counts.get(term, 0) + times * count
    return counts


def segment_of(before: Article | None, after: Article, texts: Mapping[Place, ArticleText]) -> list[Text]:
    """What the index has to know after a change: texts that are new, and that those are gone which nobody shall find.

    Args:
        before: the article as it was; None: it is new.
        after: as it is.
        texts: of all its places.
    """
    now_there = places(after) if after.archived_at is None else {}
    gone = (places(before).keys() if before is not None else set()) - now_there.keys()
    found = [
        Text(owner_of(place), "", after.version, words_of(after, texts[place])) for place in now_there if place in texts
    ]
    return found + [Text(owner_of(place), "", after.version, {}) for place in gone]


def texts_to_find(
    articles: Iterable[Article], read: Callable[[Sequence[Place]], Mapping[Place, ArticleText]]
) -> Iterator[Text]:
    """All that the index has to know, from its truth: for writing it anew.

    Args:
        articles: all of them.
        read: gives the texts of some places.
    """
    for article in articles:
        yield from segment_of(None, article, read(list(places(article))))


class ArticleFinder:
    """Finds articles for readers and colleagues.

    Args:
        index: gives the index as it stands.
        articles: all articles by id.
    """

    def __init__(self, index: Callable[[], Index], articles: Callable[[], Mapping[str, Article]]) -> None:
        self._index = index
        self._articles = articles

    def search(
        self, query: str, reader: Reader, language: str, now: datetime, *, limit: int, drafts: bool = False
    ) -> list[FoundArticle]:
        """What fits some words best, of all that a reader may read.

        Args:
            query: words; cut at 200 letters.
            reader: who asks.
            language: theirs.
            now: the instant.
            limit: how many at most.
            drafts: also what is not published; for colleagues.
        """
        drafts = drafts and reader.colleague
        return self._fitting(query, LEAST_FOUND, reader, language, now, limit=limit, drafts=drafts)

    def suggest(self, query: str, reader: Reader, language: str, now: datetime, *, limit: int) -> list[FoundArticle]:
        """What fits so well that it is shown to who did not look for it: nothing rather than what has a part of the words.

        Arguments as above.
        """
        return self._fitting(query, LEAST_SUGGESTED, reader, language, now, limit=limit, drafts=False)

    def like(self, text: str, reader: Reader, language: str, now: datetime, *, limit: int) -> list[FoundArticle]:
        """What is likely to answer a longer text: a ticket's."""
        index = self._index()
        like = Likeness(index, text)
        hits = index.rank(like.terms, most=PROPOSED, least_share=0.0).hits

        def score(hit: Hit, title: str) -> float:
            return hit.score if like.fits(hit.score, title) else 0.0

        return self._best(hits, score, reader, language, now, limit=limit, drafts=reader.colleague)

    def _fitting(
        self, query: str, least: float, reader: Reader, language: str, now: datetime, *, limit: int, drafts: bool
    ) -> list[FoundArticle]:
        index, query = self._index(), query[:LONGEST_QUERY]
        hits = index.rank(wanted((query,)), most=PROPOSED, least_share=0.0).hits
        fit = Fit(index, query, [hit.owner for hit in hits], least)

        def score(hit: Hit, title: str) -> float:
            return fit.of(hit.owner, title)

        proposed = [hit for hit in hits if hit.owner in fit.candidates]
        return self._best(proposed, score, reader, language, now, limit=limit, drafts=drafts)

    def _best(
        self,
        hits: Iterable[Hit],
        score_of: Callable[[Hit, str], float],
        reader: Reader,
        language: str,
        now: datetime,
        *,
        limit: int,
        drafts: bool,
    ) -> list[FoundArticle]:
        """The best articles of some texts that are proposed, of equally good ones the first; 0 is what does not fit."""
        articles = self._articles()
        best: dict[str, FoundArticle] = {}
        for hit in hits:
            place = place_of(hit.owner)
            article = articles.get(place.article_id)
            seen = _seen(article, place, reader, language, now, drafts=drafts) if article is not None else None
            if article is None or seen is None:
                continue
            score = score_of(hit, places(article)[place].title)
            if not score:
                continue
            score *= _OWN_LANGUAGE if place.language == language else 1.0
            before = best.get(article.id)
            if before is None or before.score < score:
                best[article.id] = FoundArticle(article, *seen, score)
        return sorted(best.values(), key=lambda one: -one.score)[:limit]


def _seen(
    article: Article, place: Place, reader: Reader, language: str, now: datetime, *, drafts: bool
) -> tuple[str, TextRef] | None:
    """How an article is shown to somebody whom one of its texts fits; None: not because of that text."""
    if article.archived_at is not None:
        return None
    translation = article.texts.get(place.language)
    if translation is None:
        return None
    text = shown(translation, now)
    if text is not None and text.revision == place.revision and may_read(article, reader, now):
        return text_for(article, language, now)
    if drafts and (draft := newest(translation)) is not None and draft.revision == place.revision:
        return place.language, draft
    return None


def changed_places(before: Article | None, after: Article) -> list[Place]:
    """The texts that the index has to be told anew: what is new to it, and all where the words beside them changed."""
    if after.archived_at is not None:
        return []
    known = places(after)
    if before is None or before.archived_at is not None or before.keywords != after.keywords:
        return list(known)
    there = places(before)
    return [place for place in known if place not in there]


def texts_of(articles: Iterable[Article]) -> list[Place]:
    """All texts that the index shall have: for building it anew."""
    return [place for one in articles if one.archived_at is None for place in places(one)]
