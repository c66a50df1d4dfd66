"""What the endpoints of articles take and give."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.differences import DifferenceLineOut
from functions.desk.schemas.tickets import Instant
from helpdesk.knowledge.model import ArticleKind, ArticleState, Audience
from helpdesk.knowledge.rules import LONGEST_BODY, LONGEST_REASON, LONGEST_SUMMARY, LONGEST_TITLE

Language = Literal["en", "ko", "ja"]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Ids = Annotated[list[Id], Meta(max_length=100)]
Keywords = Annotated[
    list[Annotated[str, Meta(max_length=60)]],
    Meta(max_length=30, description="Further words that it is found by."),
]
Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
Summary = Annotated[str, Meta(max_length=LONGEST_SUMMARY)]
Body = Annotated[str, Meta(max_length=LONGEST_BODY, description="Markdown. HTML in it is shown as it is written.")]
Month = Annotated[str, Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])]


def _none() -> list[str]:
    return []


class TextIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What an author writes."""

    title: Title
    body: Body
    summary: Summary = ""


class ArticleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A new article, with a draft in its own language."""

    language: Language
    title: Title
    body: Body
    summary: Summary = ""
    kind: ArticleKind = ArticleKind.ARTICLE
    audience: Audience = Audience.PUBLIC
    section: Id | None = None
    organizations: Ids = msgspec.field(default_factory=_none)
    related: Ids = msgspec.field(default_factory=_none)
    keywords: Keywords = msgspec.field(default_factory=_none)
    brands: Annotated[Ids, Meta(description="Whose help centres show it; empty: all.")] = msgspec.field(
        default_factory=_none
    )


class ArticleChangeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be otherwise; what is left out stays."""

    kind: ArticleKind | msgspec.UnsetType = msgspec.UNSET
    audience: Audience | msgspec.UnsetType = msgspec.UNSET
    section: Id | msgspec.UnsetType | None = msgspec.UNSET
    organizations: Ids | msgspec.UnsetType = msgspec.UNSET
    related: Ids | msgspec.UnsetType = msgspec.UNSET
    keywords: Keywords | msgspec.UnsetType = msgspec.UNSET
    brands: Ids | msgspec.UnsetType = msgspec.UNSET
    archived: bool | msgspec.UnsetType = msgspec.UNSET


class StepIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a text goes next."""

    step: Annotated[
        Literal["ask_for_review", "give_back", "publish", "take_back"],
        Meta(description="Publishing, giving and taking back need the permission `publish_articles`."),
    ]
    publish_at: Annotated[Instant | None, Meta(description="When readers see it; null: now.")] = None
    reason: Annotated[str, Meta(max_length=LONGEST_REASON)] = ""


class RestoreTextIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version shall be the draft again."""

    revision: Annotated[int, Meta(ge=1)]


class PreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A body to be looked at."""

    body: Body


class PreviewOut(Struct, frozen=True):
    """A body as pages show it."""

    html: Annotated[str, Meta(description="Sanitised.")]


class TextStateOut(Struct, frozen=True):
    """How far an article is in a language."""

    title: str
    summary: str
    state: ArticleState
    stale: Annotated[bool, Meta(description="It says what the article's own language said before.")]
    revision: Annotated[int, Meta(description="Of the newest text.")]
    live_revision: Annotated[int | None, Meta(description="Of what readers see.")]
    publish_at: Instant | None
    updated_by: str
    updated_at: Instant
    asked_by: Annotated[str | None, Meta(description="Who asked for a review.")]
    returned_by: str | None
    reason: str
    address: Annotated[str | None, Meta(description="Of its page, on this host; null: readers see none.")]


class ArticleRowOut(Struct, frozen=True):
    """An article as lists show it."""

    id: str
    number: int
    version: int
    title: str
    kind: ArticleKind
    audience: Audience
    language: str
    section: str | None
    provisional: bool
    archived: bool
    languages: dict[str, TextStateOut]
    created_by: str
    created_at: Instant
    updated_by: str
    updated_at: Instant


class ArticleOut(ArticleRowOut, frozen=True):
    """An article, its texts aside."""

    organizations: list[str]
    related: list[str]
    keywords: list[str]
    brands: Annotated[list[str], Meta(description="Whose help centres show it; empty: all.")]
    from_ticket: str | None
    helpful: int
    unhelpful: int
    views: int
    solved: int


class ArticlesQuery(Struct, frozen=True):
    """Which articles."""

    q: Annotated[str, Meta(max_length=200, description="Words; then the best fits come first, drafts among them.")] = ""
    state: ArticleState | None = None
    language: Language | None = None
    section: Id | None = None
    kind: ArticleKind | None = None
    audience: Audience | None = None
    stale: bool = False
    provisional: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class ArticlesOut(Struct, frozen=True):
    """A page of articles."""

    items: list[ArticleRowOut]
    next_cursor: str | None


class TextQuery(Struct, frozen=True):
    """Which version."""

    revision: Annotated[int, Meta(ge=1)] | None = None


class TextOut(Struct, frozen=True):
    """A version of a text."""

    language: str
    revision: int
    title: str
    summary: str
    body: str
    html: Annotated[
        str, Meta(description="The body as pages show it, sanitised; its pictures' addresses work for an hour.")
    ]
    author: str
    at: Instant
    made_of: Annotated[int, Meta(description="Version of the article's own language that it translates; 0: none.")]


class RevisionOut(Struct, frozen=True):
    """A version in a list of them."""

    revision: int
    title: str
    author: str
    at: Instant
    live: bool


class RevisionsOut(Struct, frozen=True):
    """Versions, newest first; the last hundred."""

    items: list[RevisionOut]


class DifferenceQuery(Struct, frozen=True):
    """Between which versions."""

    before: Annotated[int, Meta(ge=1)]
    after: Annotated[int, Meta(ge=1)]


class TextDifferenceOut(Struct, frozen=True):
    """What differs between two versions: title, summary and body as lines."""

    items: list[DifferenceLineOut]


class FeedbackOut(Struct, frozen=True):
    """What a reader said. It names nobody."""

    id: str
    language: str
    revision: int
    helpful: bool
    comment: str
    at: Instant


class FeedbacksOut(Struct, frozen=True):
    """What readers said, newest first."""

    items: list[FeedbackOut]


class ImageIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A picture that was uploaded."""

    upload: Annotated[str, Meta(max_length=4000, description="An upload's id, as `POST /v1/uploads` gave it.")]


class ImageOut(Struct, frozen=True):
    """A picture of an article."""

    id: str
    address: Annotated[str, Meta(description="As a body names it: `![what it shows](address)`.")]


class GapsQuery(Struct, frozen=True):
    """Of which month."""

    month: Month | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class AskedOut(Struct, frozen=True):
    """Words that readers searched."""

    language: str
    words: str
    asked: int
    found: int


class UnansweredOut(Struct, frozen=True):
    """A ticket for which no article was found."""

    ticket_id: str
    number: int
    subject: str
    language: str
    category: str | None
    at: Instant


class GapsOut(Struct, frozen=True):
    """What is missing, most wanted first."""

    nothing_found: list[AskedOut]
    nothing_opened: list[AskedOut]
    tickets: list[UnansweredOut]


class AnswersQuery(Struct, frozen=True):
    """How many are wanted."""

    limit: Annotated[int, Meta(ge=1, le=10)] = 5


class LikelyArticleOut(Struct, frozen=True):
    """An article that is likely to solve a ticket."""

    id: str
    number: int
    title: str
    summary: str
    language: str
    provisional: Annotated[bool, Meta(description="A solution that nobody has approved yet: for colleagues only.")]
    link: Annotated[str | None, Meta(description="Its page; null where the requester cannot open one.")]
    used: bool


class LikelyResponseOut(Struct, frozen=True):
    """A canned response that may do."""

    id: str
    title: str


class AnswersOut(Struct, frozen=True):
    """What is likely to solve a ticket, best first."""

    articles: list[LikelyArticleOut]
    canned_responses: list[LikelyResponseOut]


class UseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which article a ticket is answered with."""

    article_id: Id


class UseOut(Struct, frozen=True):
    """That an article was used on a ticket."""

    article_id: str
    ticket_id: str
    at: Instant


class SolutionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How a ticket was solved."""

    title: Title
    body: Body
    summary: Summary = ""
    language: Language | None = None


class UsesQuery(Struct, frozen=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class ArticleUseOut(Struct, frozen=True):
    """A ticket that an article was used on."""

    ticket_id: str
    number: int
    subject: str
    status: str
    at: Instant
    by: Annotated[str | None, Meta(description="Null: the desk itself named it to the requester.")]
    solved_at: Annotated[Instant | None, Meta(description="When the requester said that it helped.")]


class ArticleUsesOut(Struct, frozen=True):
    """Tickets that an article was used on, newest first; those out of sight are left out."""

    items: list[ArticleUseOut]
    next_cursor: str | None
