"""What the community's endpoints take and give."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from helpdesk.channels.schemas import BrandId, Instant, Locale
from helpdesk.community.model import (
    Answer,
    Author,
    AuthorKind,
    Member,
    Order,
    Post,
    PostState,
    Question,
    ReportReason,
    Revision,
    Thread,
    Why,
)
from helpdesk.community.rules import (
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_REPORT,
    LONGEST_TITLE,
    is_own,
    question_path,
)
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.text import LANGUAGES
from helpdesk.knowledge.plain import summary_of

Title = Annotated[str, Meta(max_length=LONGEST_TITLE + 40)]
Body = Annotated[str, Meta(max_length=LONGEST_BODY + 2000, description="Markdown.")]


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


class QuestionRowOut(Struct, frozen=True):
    """A question in a list."""

    id: str
    number: int
    title: str
    summary: str
    language: str
    topic: str | None
    author: PostAuthorOut
    asked_at: Instant
    active_at: Instant
    answers: int
    score: int
    solved: bool
    locked: bool
    address: Annotated[str, Meta(description="Of its page for everybody, on this host.")]

    @classmethod
    def of(cls, question: Question, names: dict[str, str], language: str) -> Self:
        """A question as lists show it."""
        return cls(
            id=question.id,
            number=question.number,
            title=question.title,
            summary=summary_of(question.post.body),
            language=question.language,
            topic=question.topic,
            author=PostAuthorOut.of(question.post.author, names),
            asked_at=format_instant(question.post.at),
            active_at=format_instant(question.active_at),
            answers=question.answers,
            score=question.score,
            solved=question.accepted is not None,
            locked=question.locked,
            address=question_path(language, question.number, question.title),
        )


class QuestionsOut(Struct, frozen=True):
    """A page of questions."""

    items: list[QuestionRowOut]
    next_cursor: str | None


def html_of(body: str) -> str:
    """A post's Markdown as HTML that can do nothing."""
    from helpdesk.knowledge.markup import render  # noqa: PLC0415 - a parser: only who reads posts needs it

    return render(body).html


class PostOut(Struct, frozen=True):
    """A question's text, or an answer."""

    id: str
    author: PostAuthorOut
    at: Instant
    edited_at: Instant | None
    html: Annotated[str, Meta(description="Sanitised: what articles may show, and no pictures from elsewhere.")]
    body: Annotated[str | None, Meta(description="Its Markdown, where you can change it.")]
    state: PostState
    why: Annotated[Why | None, Meta(description="Why only you and moderators see it.")]
    score: int
    vote: Annotated[int, Meta(description="Yours: 1, -1, or 0.")]
    mine: bool
    official: bool
    accepted: bool

    @classmethod
    def of(cls, thread: Thread, answer: Answer | None, ids: tuple[str, ...]) -> Self:
        """A post of a thread as somebody with some ids sees it."""
        post: Post = answer.post if answer is not None else thread.question.post
        post_id = answer.id if answer is not None else thread.question.id
        mine = is_own(post, ids)
        return cls(
            id=post_id,
            author=PostAuthorOut.of(post.author, thread.names),
            at=format_instant(post.at),
            edited_at=format_instant(post.edited_at) if post.edited_at is not None else None,
            html=html_of(post.body),
            body=post.body if mine else None,
            state=post.state,
            why=post.why,
            score=answer.score if answer is not None else thread.question.score,
            vote=thread.votes.get(post_id, 0),
            mine=mine,
            official=answer is not None and answer.official,
            accepted=answer is not None and answer.id == thread.question.accepted,
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
        return cls(
            question=QuestionRowOut.of(thread.question, thread.names, language),
            post=PostOut.of(thread, None, ids),
            answers=[PostOut.of(thread, one, ids) for one in thread.answers],
            following=thread.following,
        )


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
