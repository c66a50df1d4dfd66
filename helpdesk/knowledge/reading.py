"""What readers do: look round, read, search, say whether it helped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Invalid, NotFound, TooMany
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.text import clean, supported_language
from helpdesk.knowledge.finding import ArticleFinder, FoundArticle
from helpdesk.knowledge.gaps import GapWatch
from helpdesk.knowledge.model import Article, ArticleText, Counts, Feedback, Place, Reader, Section, TextRef
from helpdesk.knowledge.rules import LONGEST_REASON, languages_shown, may_read, related_to, shown, text_for

FEEDBACK_KEPT: Final = timedelta(days=400)
VOTES_AN_HOUR: Final = 20
"""Of one address: a school behind one gateway may say more than a person, a program not much more."""
RELATED: Final = 4
_HOUR: Final = 3600
_DAY: Final = 86_400
_NOUN: Final = "There is no such article."


class Limiter(Protocol):
    """Counts what somebody does."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window."""
        ...


class Shelves(Protocol):
    """What of articles is kept beside what lists show."""

    def texts(self, places: list[Place]) -> dict[Place, ArticleText]:
        """Some texts; those that are not there are left out."""
        ...

    def counts(self, article_ids: list[str]) -> dict[str, Counts]:
        """How some articles fare."""
        ...

    def count_view(self, article_id: str) -> None:
        """Counts that somebody read one."""
        ...

    def say(self, feedback: Feedback, *, expires_at: int) -> None:
        """Keeps what a reader said, and counts their vote."""
        ...

    def comment(self, article_id: str, feedback_id: str, comment: str) -> bool:
        """Adds words to a vote that has none; False: there is no such vote, or it has some."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list.

    Attributes:
        language: in which it is shown.
    """

    article: Article
    language: str
    text: TextRef


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section with what stands in it.

    Attributes:
        inside: sections in it that have something.
    """

    section: Section
    articles: tuple[Listed, ...]
    inside: tuple["Shelf", ...] = ()

    @property
    def count(self) -> int:
        """Articles in it and in the sections in it."""
        return len(self.articles) + sum(one.count for one in self.inside)


@dataclass(frozen=True, slots=True)
class Opened:
    """An article to be read.

    Attributes:
        languages: all in which it can be read, with what it is called there.
    """

    article: Article
    language: str
    ref: TextRef
    text: ArticleText
    languages: Mapping[str, TextRef]
    related: tuple[Listed, ...]


class HelpCenter:
    """The help centre for readers. Whatever somebody may not read is for them as if it were not there.

    Args:
        articles: all by id.
        shelves: what is kept beside.
        finder: finds.
        watch: notes what is not found.
        desk: the configuration.
        clock: the desk's time.
        limiter: counts votes.
    """

    def __init__(
        self,
        articles: Callable[[], Mapping[str, Article]],
        shelves: Shelves,
        finder: ArticleFinder,
        watch: GapWatch,
        desk: Callable[[], Desk],
        clock: Clock,
        limiter: Limiter,
    ) -> None:
        self._articles = articles
        self._shelves = shelves
        self._finder = finder
        self._watch = watch
        self._desk = desk
        self._clock = clock
        self._limiter = limiter

    # --- looking round ---

    def readable(self, reader: Reader) -> list[Article]:
        """All that somebody may read, in the order of their numbers."""
        now = self._clock()
        found = [one for one in self._articles().values() if may_read(one, reader, now)]
        return sorted(found, key=lambda one: one.number)

    def shelves(self, reader: Reader, language: str) -> list[Shelf]:
        """Sections that have something for a reader, in order, with those in them."""
        listed: dict[str | None, list[Listed]] = {}
        for one in self._listed(self.readable(reader), language):
            listed.setdefault(one.article.section, []).append(one)
        sections = sorted(self._desk().sections.values(), key=lambda one: (one.order, one.id))
        made = [
            Shelf(
                one,
                tuple(listed.get(one.id, ())),
                tuple(
                    Shelf(inner, tuple(listed[inner.id]))
                    for inner in sections
                    if inner.parent == one.id and inner.id in listed
                ),
            )
            for one in sections
            if one.parent is None
        ]
        return [one for one in made if one.count]

    def shelf(self, section_id: str, reader: Reader, language: str) -> Shelf:
        """One section.

        Raises:
            NotFound: there is none, or nothing in it for the reader.
        """
        shelves = self.shelves(reader, language)
        found = next(
            (
                one
                for one in (*shelves, *(in_ for out in shelves for in_ in out.inside))
                if one.section.id == section_id
            ),
            None,
        )
        if found is None:
            raise NotFound("There is no such section.")
        return found

    def loose(self, reader: Reader, language: str) -> list[Listed]:
        """What stands in no section."""
        sections = self._desk().sections
        return [one for one in self._listed(self.readable(reader), language) if one.article.section not in sections]

    def listed(self, article_ids: Sequence[str], reader: Reader, language: str) -> list[Listed]:
        """Some articles that somebody may read, in the order of their ids as given."""
        by_id = {one.id: one for one in self.readable(reader)}
        return self._listed([by_id[one] for one in article_ids if one in by_id], language)

    def popular(self, reader: Reader, language: str, *, limit: int) -> list[Listed]:
        """What was published or changed last."""
        listed = self._listed(self.readable(reader), language)
        return sorted(listed, key=lambda one: (one.text.at, one.article.number), reverse=True)[:limit]

    def _listed(self, articles: list[Article], language: str) -> list[Listed]:
        now = self._clock()
        texts = ((one, text_for(one, language, now)) for one in articles)
        return [Listed(one, *text) for one, text in texts if text is not None]

    # --- reading ---

    def find(self, number: int, reader: Reader) -> Article:
        """An article by its number.

        Raises:
            NotFound: there is none that the reader may read.
        """
        now = self._clock()
        found = next((one for one in self._articles().values() if one.number == number), None)
        if found is None or not may_read(found, reader, now):
            raise NotFound(_NOUN)
        return found

    def open(self, number: int, reader: Reader, language: str) -> Opened:
        """An article to be read, in a language or the nearest there is. Raises what `find` raises."""
        article, now = self.find(number, reader), self._clock()
        chosen = text_for(article, language, now)
        if chosen is None:
            raise NotFound(_NOUN)
        spoken, ref = chosen
        place = Place(article.id, spoken, ref.revision)
        text = self._shelves.texts([place]).get(place)
        if text is None:
            raise NotFound(_NOUN)
        languages = {one: shown(article.texts[one], now) for one in languages_shown(article, now)}
        related = related_to(article, self.readable(reader), RELATED)
        return Opened(
            article,
            spoken,
            ref,
            text,
            {one: found for one, found in languages.items() if found is not None},
            tuple(self._listed(related, language)),
        )

    def was_read(self, article: Article) -> None:
        """Counts that somebody read an article."""
        self._shelves.count_view(article.id)

    def may_show_image(self, article_id: str, reader: Reader) -> bool:
        """Whether somebody may see the pictures of an article."""
        found = self._articles().get(article_id)
        return found is not None and may_read(found, reader, self._clock())

    # --- searching ---

    def suggest(self, query: str, reader: Reader, language: str, *, limit: int) -> list[FoundArticle]:
        """What fits words that somebody is typing; nothing is noted."""
        return self._finder.suggest(query, reader, supported_language(language), self._clock(), limit=limit)

    def like(self, text: str, reader: Reader, language: str, *, limit: int) -> list[FoundArticle]:
        """What is likely to answer a request."""
        return self._finder.like(text, reader, supported_language(language), self._clock(), limit=limit)

    def search(self, query: str, reader: Reader, language: str, *, limit: int) -> list[FoundArticle]:
        """What fits words that somebody has sent; what is missing is noted."""
        found = self._finder.search(query, reader, supported_language(language), self._clock(), limit=limit)
        self._watch.searched(query, supported_language(language), len(found), self._clock())
        return found

    def opened(self, query: str, language: str) -> None:
        """Notes that somebody opened what words had found."""
        self._watch.opened(query, supported_language(language), self._clock())

    # --- saying ---

    def vote(self, number: int, reader: Reader, language: str, *, helpful: bool, comment: str, who: str) -> str | None:
        """Keeps whether an article helped; gives the vote's id, or None where they had voted before.

        Args:
            number: the article's.
            reader: who says so.
            language: in which they read it.
            helpful: whether it did.
            comment: in their words; may be empty.
            who: where the call comes from; only counted by.

        Raises:
            NotFound: there is no such article that they may read.
            TooMany: too many votes come from there.
            Invalid: the comment is too long.
        """
        opened = self.open(number, reader, language)
        now = self._clock()
        words = _comment(comment)
        if self._limiter.count("article-votes", who, _HOUR, now) > VOTES_AN_HOUR:
            raise TooMany("So many votes cannot be taken; try again later.", retry_after_seconds=_HOUR)
        if self._limiter.count("article-vote", f"{opened.article.id}\n{who}", _DAY, now) > 1:
            return None
        said = Feedback(new_id(now), opened.article.id, opened.language, opened.ref.revision, helpful, now, words)
        self._shelves.say(said, expires_at=int((now + FEEDBACK_KEPT).timestamp()))
        return said.id

    def add_comment(self, number: int, reader: Reader, feedback_id: str, comment: str) -> bool:
        """Adds words to a vote; False: it is not there, or has some. Raises what `vote` raises."""
        article = self.find(number, reader)
        words = _comment(comment)
        return bool(words) and is_id(feedback_id) and self._shelves.comment(article.id, feedback_id, words)


def _comment(text: str) -> str:
    words = clean(text).strip()
    if len(words) > LONGEST_REASON:
        raise Invalid(f"Say it in {LONGEST_REASON} characters.")
    return words
