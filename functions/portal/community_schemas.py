"""What the community's endpoints take and give."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from helpdesk.channels.schemas import BrandId, Instant, Locale
from helpdesk.community.model import (
    Author,
    AuthorKind,
    Found,
    Member,
    Order,
    PostState,
    Question,
    ReportReason,
    Revision,
    Thread,
    Why,
)
from helpdesk.community.rules import LONGEST_NAME, LONGEST_REPORT, LONGEST_TITLE, is_own
from helpdesk.community.schemas import Body, PostShape, QuestionShape, html_of, post_fields, question_fields
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.text import LANGUAGES
from helpdesk.knowledge.plain import summary_of

Title = Annotated[str, Meta(max_length=LONGEST_TITLE + 40)]


class PlaceQuery(Struct, frozen=True):
    """At whose pages."""

    brand: BrandId | None = None
    locale: Locale = LANGUAGES[0]


class QuestionsQuery(Struct, frozen=True):
    """Which questions."""

    brand: BrandId | None = None
    locale: Locale = LANGUAGES[0]
    q: Annotated[str, Meta(max_length=400, description="Only what fits these words, best first; no pages.")] = ""
    order: Order = Order.ACTIVE
    topic: Annotated[str, Meta(max_length=64)] | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class TopicOut(Struct, frozen=True):
    """What questions can be about."""

    id: str
    name: str


class MemberOut(Struct, frozen=True):
    """What you are in the community."""

    name: Annotated[str, Meta(description="What others call you; empty: you have not said yet.")]
    quiet: Annotated[bool, Meta(description="You want no mail from here.")]
    blocked: Annotated[bool, Meta(description="You may not write here any more.")]

    @classmethod
    def of(cls, member: Member) -> Self:
        """A member as they see themselves."""
        return cls(member.name, member.quiet, member.blocked)


class CommunityOut(Struct, frozen=True):
    """The community at some pages."""

    topics: list[TopicOut]
    me: Annotated[MemberOut | None, Meta(description="Null: nobody is signed in.")]


class MemberIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you want to be in the community."""

    name: Annotated[str, Meta(max_length=LONGEST_NAME + 40)]
    quiet: bool = False


class PostAuthorOut(Struct, frozen=True):
    """Who wrote."""

    kind: AuthorKind
    name: Annotated[str, Meta(description="Empty: nobody of whom anything is known any more.")]

    @classmethod
    def of(cls, author: Author, names: dict[str, str]) -> Self:
        """An author by name; never an address."""
        return cls(author.kind, names.get(author.id, ""))


class QuestionRowOut(QuestionShape, frozen=True, kw_only=True):
    """A question in a list."""

    summary: str
    author: PostAuthorOut
    solved: bool

    @classmethod
    def of(cls, question: Question, names: dict[str, str], language: str) -> Self:
        """A question as lists show it."""
        return cls(
            **question_fields(question, language),
            summary=summary_of(question.post.body),
            author=PostAuthorOut.of(question.post.author, names),
            solved=question.accepted is not None,
        )


class QuestionsOut(Struct, frozen=True):
    """A page of questions."""

    items: list[QuestionRowOut]
    next_cursor: str | None


class PostOut(PostShape, frozen=True, kw_only=True):
    """A question's text, or an answer."""

    author: PostAuthorOut
    body: Annotated[str | None, Meta(description="Its Markdown, where you can change it.")]
    vote: Annotated[int, Meta(description="Yours: 1, -1, or 0.")]
    mine: bool

    @classmethod
    def of(cls, thread: Thread, found: Found, ids: tuple[str, ...]) -> Self:
        """A post of a thread as somebody with some ids sees it."""
        mine = is_own(found.post, ids)
        return cls(
            **post_fields(found),
            author=PostAuthorOut.of(found.post.author, thread.names),
            body=found.post.body if mine else None,
            vote=thread.votes.get(found.post_id, 0),
            mine=mine,
        )


class QuestionOut(Struct, frozen=True):
    """A question with its answers."""

    question: QuestionRowOut
    post: PostOut
    answers: list[PostOut]
    following: bool

    @classmethod
    def of(cls, thread: Thread, ids: tuple[str, ...], language: str) -> Self:
        """A thread as somebody with some ids sees it."""
        row = QuestionRowOut.of(thread.question, thread.names, language)
        post, *answers = [PostOut.of(thread, one, ids) for one in thread.posts]
        return cls(row, post, answers, thread.following)


class QuestionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you want to ask."""

    title: Title
    body: Body
    topic: Annotated[str, Meta(max_length=64)] | None = None
    locale: Locale = LANGUAGES[0]
    follow: Annotated[bool, Meta(description="You are told of answers by mail.")] = True


class AnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you answer."""

    body: Body
    follow: bool = True


class PostIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a post shall say."""

    body: Body
    title: Annotated[Title, Meta(description="A question's; of an answer it does not matter.")] = ""


class WrittenOut(Struct, frozen=True):
    """What became of what you wrote."""

    question_id: str
    post_id: str
    state: PostState
    why: Annotated[Why | None, Meta(description="Why a moderator looks at it before others see it.")]


class VoteIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you think of a post."""

    value: Literal[-1, 0, 1]


class VoteOut(Struct, frozen=True):
    """What all think of it."""

    score: int


class ReportIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is wrong with a post."""

    reason: ReportReason
    words: Annotated[str, Meta(max_length=LONGEST_REPORT)] = ""


class AcceptedIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which answer solved it."""

    answer_id: Annotated[Annotated[str, Meta(max_length=26)] | None, Meta(description="Null: none did after all.")]


class FollowingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether you are told of answers."""

    following: bool


class RevisionOut(Struct, frozen=True):
    """What a post said before."""

    number: int
    title: str
    html: str
    changed_at: Instant
    by_moderator: Annotated[bool, Meta(description="Somebody else than its author changed it.")]

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """A revision as readers see it."""
        by_moderator = revision.by.kind is AuthorKind.AGENT
        html = html_of(revision.body)
        return cls(revision.number, revision.title, html, format_instant(revision.at), by_moderator)


class RevisionsOut(Struct, frozen=True):
    """What a post said before, newest first."""

    items: list[RevisionOut]
