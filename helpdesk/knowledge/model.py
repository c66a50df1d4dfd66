"""Articles: what they are, in which languages they stand, who may read them, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class ArticleKind(StrEnum):
    """What an article is."""

    ARTICLE = "article"
    GUIDE = "guide"
    """Done step by step: each heading of the second level is a step."""
    SOLUTION = "solution"
    """What solved a ticket, in an agent's words."""


class Audience(StrEnum):
    """Who may read an article that is published."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    """Everybody who proved who they are."""
    ORGANIZATIONS = "organizations"
    """People of some organizations."""
    INTERNAL = "internal"
    """Colleagues."""


class ArticleState(StrEnum):
    """How far one language of an article is."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Section:
    """Where articles stand. One without a parent is shown as a card on the help centre's first page.

    Attributes:
        names: by language; `en` is the one used where another is missing.
        descriptions: the same, a sentence.
        parent: the section that it stands in; sections stand in one another two deep.
        brands: whose help centres show it, and what stands in it; empty: all.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    order: int = 0
    brands: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The name in a language, or the nearest there is."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.id)

    def description(self, language: str) -> str:
        """The description in a language, or the nearest there is."""
        return self.descriptions.get(language) or self.descriptions.get("en") or ""


@dataclass(frozen=True, slots=True)
class TextRef:
    """One version of an article's text in one language, and what lists show of it. The text lies by itself.

    Attributes:
        revision: its number among those of this language, from 1.
        summary: a sentence or two; shown by lists and search engines.
        author: id of the agent whose words they are.
        made_of: the revision of the article's own language that this one says in another; 0: it is the own language's.
    """

    revision: int
    title: str
    summary: str
    author: str
    at: datetime
    made_of: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """What an author and a reviewer said of a draft.

    Attributes:
        asked_by: the author who asked for it; None: nobody asks now.
        returned_by: who gave it back.
        reason: why.
    """

    asked_by: str | None = None
    asked_at: datetime | None = None
    returned_by: str | None = None
    returned_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """An article in one language.

    Attributes:
        draft: what is being written; None: nothing that is not published.
        live: what readers see; None: nothing yet, or no more.
        coming: what readers see from `publish_at` on, instead of `live`.
        last: the highest revision that there ever was.
        published_at: when readers could first see it.
    """

    draft: TextRef | None = None
    live: TextRef | None = None
    coming: TextRef | None = None
    publish_at: datetime | None = None
    review: Review = field(default_factory=Review)
    last: int = 0
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What lists show of an article, and which of its texts count.

    Attributes:
        id: ULID.
        version: counts changes of anything about it.
        number: what its address has.
        organizations: whose people may read it, where the audience is organizations.
        section: id of one; None: it stands in none.
        language: its own language; the others are translations.
        texts: by language.
        related: ids of articles, in order.
        keywords: further words that it is found by.
        from_ticket: id of the ticket that it came of.
        provisional: it was used before anybody approved it.
        brands: whose help centres show it; empty: all that show its section.
    """

    id: str
    version: int
    number: int
    kind: ArticleKind
    audience: Audience
    language: str
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    texts: Mapping[str, Translation] = field(default_factory=dict)
    organizations: tuple[str, ...] = ()
    section: str | None = None
    related: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    from_ticket: str | None = None
    provisional: bool = False
    archived_at: datetime | None = None
    made_from: str = ""
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One version of a text. Written anew only while it is its author's draft.

    Attributes:
        body: Markdown.
    """

    title: str
    summary: str
    body: str
    author: str
    at: datetime
    made_of: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What an author writes."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Place:
    """Which text: of an article, in a language, in a version."""

    article_id: str
    language: str
    revision: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads.

    Attributes:
        colleague: an agent, who reads everything.
        person_id: somebody who proved who they are.
        organization_id: whose they are.
        brand: at whose help centre they read; None: at one without a brand.
        closed: sections that are not shown there.
        any_brand: wherever they read: what is opened by an address that belongs to no brand.
    """

    colleague: bool = False
    person_id: str | None = None
    organization_id: str | None = None
    brand: str | None = None
    closed: frozenset[str] = frozenset()
    any_brand: bool = False

    @property
    def unknown(self) -> bool:
        """Whether it is anybody at all."""
        return not self.colleague and self.person_id is None

    @property
    def anybody(self) -> "Reader":
        """Anybody at the same help centre."""
        return replace(self, colleague=False, person_id=None, organization_id=None)


ANYBODY = Reader()
COLLEAGUE = Reader(colleague=True)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an article. It names nobody.

    Attributes:
        revision: of the text that they read.
    """

    id: str
    article_id: str
    language: str
    revision: int
    helpful: bool
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How an article fares."""

    helpful: int = 0
    unhelpful: int = 0
    views: int = 0
    solved: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """That an article was used on a ticket.

    Attributes:
        by: id of the agent; None: the desk itself named it to the requester.
        solved_at: when the requester, or the ticket's being solved, said that it helped.
    """

    article_id: str
    ticket_id: str
    at: datetime
    by: str | None = None
    solved_at: datetime | None = None
