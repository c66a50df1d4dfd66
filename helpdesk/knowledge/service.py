"""What colleagues do with articles: write, review, publish, plan, take back, restore."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.audit import Told
from helpdesk.kernel.clock import Clock, format_instant
from helpdesk.kernel.codec import Plain
from helpdesk.kernel.errors import Conflict, FieldError, Forbidden, Invalid, KeyReused, NotFound, StaleVersion
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.kernel.shelves import MAX_ITEMS, AlreadyThere, Contents, KeptShelf
from helpdesk.knowledge import rules
from helpdesk.knowledge.model import (
    Article,
    ArticleKind,
    ArticleState,
    ArticleText,
    Audience,
    Counts,
    Feedback,
    Place,
    Words,
)
from helpdesk.people.model import Agent
from helpdesk.people.roles import Permission

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NOUN: Final = "There is no such article."

type Texts = Mapping[Place, ArticleText]


class Articles(Protocol):
    """Where articles are kept."""

    def load(self) -> Contents[Article]:
        """What lists show of all of them."""
        ...

    def revision(self) -> int:
        """How often any was changed."""
        ...

    def get(self, item_id: str) -> Article | None:
        """One as it stands."""
        ...

    def next_number(self) -> int:
        """A number that no article has."""
        ...

    def add(self, article: Article, texts: Texts) -> None:
        """Adds one, with its texts, and lets it be found, all at once.

        Raises:
            AlreadyThere: one of this id is there.
        """
        ...

    def change(self, before: Article, after: Article, texts: Texts, told: Told | None = None) -> None:
        """Writes one, with texts that are new or written over, and lets it be found so, all at once.

        Args:
            before: as it was seen.
            after: as it shall be.
            texts: by place.
            told: what the trail tells of it; None: it is only about a draft.

        Raises:
            StaleVersion: it is not as `before` any more.
        """
        ...

    def texts(self, places: Sequence[Place]) -> dict[Place, ArticleText]:
        """Some texts; those that are not there are left out."""
        ...

    def history(self, article_id: str, language: str, *, limit: int) -> list[tuple[int, ArticleText]]:
        """Versions of a text, newest first."""
        ...

    def counts(self, article_ids: Sequence[str]) -> dict[str, Counts]:
        """How some articles fare."""
        ...

    def feedback(self, article_id: str, *, limit: int) -> list[Feedback]:
        """What readers said of one, newest first."""
        ...

    def forget_feedback(self, article_id: str, feedback_id: str) -> None:
        """Deletes what a reader said."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What an article shall be, its texts aside."""

    kind: ArticleKind
    audience: Audience
    language: str
    section: str | None = None
    organizations: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are wanted; what is None does not matter."""

    state: ArticleState | None = None
    language: str | None = None
    section: str | None = None
    kind: ArticleKind | None = None
    audience: Audience | None = None
    stale: bool = False
    provisional: bool | None = None


class KnowledgeService:
    """Articles, as colleagues see and change them.

    Args:
        store: where they are kept.
        kept: a copy of what lists show.
        desk: the configuration.
        clock: the desk's time.
        permissions: what a colleague may do.
        organization: whether there is an organization of an id.
    """

    def __init__(
        self,
        store: Articles,
        kept: KeptShelf[Article],
        desk: Callable[[], Desk],
        clock: Clock,
        permissions: Callable[[Agent], frozenset[Permission]],
        organization: Callable[[str], bool],
    ) -> None:
        self.store = store
        self._kept = kept
        self._desk = desk
        self._clock = clock
        self._permissions = permissions
        self._organization = organization

    # --- reading ---

    def all(self) -> Mapping[str, Article]:
        """All articles by id, at most seconds old."""
        return self._kept().items

    def get(self, article_id: str) -> Article:
        """One as it stands.

        Raises:
            NotFound: there is none.
        """
        found = self.store.get(article_id) if is_id(article_id) else None
        if found is None:
            raise NotFound(_NOUN)
        return found

    def listed(self, wanted: Filter) -> list[Article]:
        """Those that fit, last changed first."""
        now = self._clock()
        found = [one for one in self.all().values() if self._fits(one, wanted, now)]
        return sorted(found, key=lambda one: (one.updated_at, one.id), reverse=True)

    def _fits(self, one: Article, wanted: Filter, now: datetime) -> bool:
        languages = [wanted.language] if wanted.language is not None else list(one.texts)
        states = {rules.state_of(one, language, now) for language in languages if language in one.texts}
        return (
            (wanted.language is None or wanted.language in one.texts)
            and (wanted.state in states if wanted.state is not None else ArticleState.ARCHIVED not in states)
            and (wanted.section is None or one.section == wanted.section)
            and (wanted.kind is None or one.kind is wanted.kind)
            and (wanted.audience is None or one.audience is wanted.audience)
            and (wanted.provisional is None or one.provisional is wanted.provisional)
            and (not wanted.stale or any(rules.is_stale(one, language, now) for language in languages))
        )

    def text(self, article: Article, language: str, revision: int | None = None) -> tuple[int, ArticleText]:
        """A text of an article: the newest, or one of its versions.

        Raises:
            NotFound: it is not there.
        """
        translation = article.texts.get(language)
        newest = rules.newest(translation) if translation is not None else None
        wanted = revision or (newest.revision if newest is not None else 0)
        place = Place(article.id, language, wanted)
        found = self.store.texts([place]).get(place) if wanted else None
        if found is None:
            raise NotFound("There is no such text of this article.")
        return wanted, found

    # --- writing ---

    def create(self, wish: Wish, words: Words, agent: Agent, *, key: str | None = None, made_from: str = "") -> Article:
        """Begins an article with a draft in its own language.

        Raises:
            Invalid: something is wrong with it.
            Conflict: there are too many.
            KeyReused: the key came with another body before.
        """
        now = self._clock()
        article_id = new_id(now) if key is None else derived_id(_EPOCH, "article", agent.id, key)
        begun = Article(
            id=article_id,
            version=1,
            number=0,
            kind=wish.kind,
            audience=wish.audience,
            language=rules.checked_language(wish.language),
            created_by=agent.id,
            created_at=now,
            updated_by=agent.id,
            updated_at=now,
            section=wish.section,
            organizations=wish.organizations,
            related=wish.related,
            keywords=wish.keywords,
            brands=wish.brands,
            made_from=made_from,
        )
        return self.begin(begun, words, agent)

    def begin(self, begun: Article, words: Words, agent: Agent) -> Article:
        """Adds an article that is made elsewhere, with its first draft. Raises what `create` raises."""
        checked = self._checked(begun)
        words = rules.checked_words(words)
        if len(self.all()) >= MAX_ITEMS:
            raise Conflict(f"There are {MAX_ITEMS} articles already.")
        before = self.store.get(begun.id)
        if before is None:
            numbered = replace(checked, number=self.store.next_number())
            article, place, text = rules.written(numbered, begun.language, words, agent.id, begun.created_at)
            try:
                self.store.add(article, {place: text})
            except AlreadyThere:
                before = self.store.get(begun.id)
            else:
                self._kept.forget()
                return article
        if before is None or before.made_from != begun.made_from:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        return before

    def change(self, article_id: str, version: int, agent: Agent, change: Callable[[Article], Article]) -> Article:
        """Changes what an article is, its texts aside.

        Raises:
            NotFound: there is none.
            StaleVersion: it is not at `version`.
            Forbidden: readers see it, and the colleague may not let articles out.
            Invalid: something is wrong with it.
        """
        before = self._seen(article_id, version)
        after = self._checked(change(before), before)
        if rules.approved(before) and after != before:
            self._need(agent, Permission.PUBLISH_ARTICLES)
        told = _of_place(before, after) if rules.approved(before) else None
        return self._save(before, after, agent, {}, told)

    def write(self, article_id: str, version: int, language: str, words: Words, agent: Agent) -> Article:
        """Writes a draft in a language. Raises what `change` raises, but Forbidden."""
        before = self._seen(article_id, version)
        checked = rules.checked_words(words)
        article, place, text = rules.written(before, rules.checked_language(language), checked, agent.id, self._clock())
        return self._save(before, article, agent, {place: text})

    def restore(self, article_id: str, version: int, language: str, revision: int, agent: Agent) -> Article:
        """Makes an old version the draft again. Raises what `write` raises."""
        before = self._seen(article_id, version)
        _, text = self.text(before, language, revision)
        words = rules.checked_words(Words(text.title, text.summary, text.body))
        article, place, written = rules.written(before, language, words, agent.id, self._clock())
        told = _of_text(article, language, "rolled_back", to_revision=revision)
        return self._save(before, article, agent, {place: written}, told)

    def ask_for_review(self, article_id: str, version: int, language: str, agent: Agent) -> Article:
        """Asks for somebody to look at a draft."""
        before = self._seen(article_id, version)
        return self._save(before, rules.asked_for_review(before, language, agent.id, self._clock()), agent, {})

    def give_back(self, article_id: str, version: int, language: str, reason: str, agent: Agent) -> Article:
        """Says what is missing in a draft."""
        self._need(agent, Permission.PUBLISH_ARTICLES)
        before = self._seen(article_id, version)
        after = rules.given_back(before, language, agent.id, reason, self._clock())
        return self._save(before, after, agent, {}, _of_text(after, language, "returned"))

    def publish(
        self, article_id: str, version: int, language: str, agent: Agent, *, at: datetime | None = None
    ) -> Article:
        """Lets readers see a draft, now or from an instant on."""
        self._need(agent, Permission.PUBLISH_ARTICLES)
        before = self._seen(article_id, version)
        now = self._clock()
        if at is not None and at <= now:
            raise Invalid("It is planned for the past.", [FieldError("/publish_at", "is not to come")])
        after = rules.published(before, language, at, now)
        when = {"publish_at": format_instant(at)} if at is not None else {}
        told = _of_text(after, language, "planned" if at is not None else "published", **when)
        return self._save(before, after, agent, {}, told)

    def take_back(self, article_id: str, version: int, language: str, agent: Agent) -> Article:
        """Lets readers see it no more."""
        self._need(agent, Permission.PUBLISH_ARTICLES)
        before = self._seen(article_id, version)
        after = rules.taken_back(before, language, self._clock())
        return self._save(before, after, agent, {}, _of_text(after, language, "taken_back"))

    def archive(self, article_id: str, version: int, agent: Agent, *, archived: bool) -> Article:
        """Puts an article away as a whole, or brings it back as it was."""
        before = self._seen(article_id, version)
        if rules.approved(before):
            self._need(agent, Permission.PUBLISH_ARTICLES)
        at = self._clock() if archived else None
        if (before.archived_at is None) is not archived:
            return before
        told = Told("article", before.id, action="archived" if archived else "brought_back")
        return self._save(before, replace(before, archived_at=at), agent, {}, told)

    def _need(self, agent: Agent, permission: Permission) -> None:
        if permission not in self._permissions(agent):
            raise Forbidden(f"This needs the permission {permission}.", permission=permission)

    def _seen(self, article_id: str, version: int) -> Article:
        found = self.get(article_id)
        if found.version != version:
            raise StaleVersion(f"You saw version {version}; it is at {found.version} now.", current=found.version)
        return found

    def _save(self, before: Article, after: Article, agent: Agent, texts: Texts, told: Told | None = None) -> Article:
        saved = replace(after, version=before.version + 1, updated_by=agent.id, updated_at=self._clock())
        self.store.change(before, saved, texts, told)
        self._kept.forget()
        return saved

    def _checked(self, article: Article, before: Article | None = None) -> Article:
        sections = self._desk().sections
        if before is not None and article.section == before.section and article.section not in sections:
            article = replace(article, section=None)  # the section was taken away since
        brands = self._desk().brands
        known = set(brands) | set(before.brands if before is not None else ())  # one may be gone since
        checked = rules.checked_article(article, sections, self.all(), known)
        new = set(checked.organizations) - set(before.organizations if before is not None else ())
        strange = [one for one in sorted(new) if not self._organization(one)]
        if strange:
            faults = [FieldError("/organizations", f"{one} is not an organization of this desk") for one in strange]
            raise Invalid("The article is not valid.", faults)
        return checked


def _of_text(article: Article, language: str, action: str, **more: Plain) -> Told:
    """What the trail tells of a step of a text: which version of which language; never its words."""
    newest = rules.newest(article.texts[language])
    revision = newest.revision if newest is not None else 0
    return Told("article", article.id, after={"language": language, "revision": revision, **more}, action=action)


def _of_place(before: Article, after: Article) -> Told:
    """What the trail tells of a change to what readers see: for whom an article is, and where it stands."""
    return Told("article", before.id, _values(before), _values(after))


def _values(article: Article) -> dict[str, Plain]:
    return {
        "kind": article.kind.value,
        "audience": article.audience.value,
        "organizations": list(article.organizations),
        "section": article.section,
        "related": list(article.related),
        "keywords": list(article.keywords),
        "brands": list(article.brands),
    }
