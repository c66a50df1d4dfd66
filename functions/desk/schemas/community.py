"""What the community's endpoints take and give colleagues, as JSON."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from functions.desk.schemas.configuration import SettingId
from helpdesk.community.model import (
    Answer,
    Author,
    AuthorKind,
    Order,
    PostState,
    Question,
    Queued,
    Report,
    ReportReason,
    Revision,
    Thread,
    Why,
)
from helpdesk.community.moderation import PostAct, QuestionAct
from helpdesk.community.rules import LONGEST_BODY, LONGEST_TITLE, LONGEST_WORD, MOST_HOURS, MOST_WORDS, question_path
from helpdesk.kernel.clock import format_instant

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]
Body = Annotated[str, Meta(max_length=LONGEST_BODY + 2000, description="Markdown.")]


class CommunityIO(Struct, frozen=True, forbid_unknown_fields=True):
    """How the community is set."""

    enabled: Annotated[bool, Meta(description="Off: there is none, and its pages are not there.")]
    signed_in_only: Annotated[bool, Meta(description="Only who has signed in reads it; search engines do not.")]
    hold_first_posts: Annotated[int, Meta(ge=0, le=100, description="So many posts of somebody new wait; 0: none.")]
    held_words: Annotated[
        list[Annotated[str, Meta(max_length=LONGEST_WORD)]],
        Meta(max_length=MOST_WORDS, description="A post that has one of them waits."),
    ]
    reports_hide: Annotated[int, Meta(ge=0, le=100, description="So many reports hide a post; 0: no number does.")]
    ticket_after_hours: Annotated[
        int, Meta(ge=0, le=MOST_HOURS, description="After so long without an answer it becomes a ticket; 0: never.")
    ]
    ticket_calendar: Annotated[SettingId | None, Meta(description="Whose hours those are; null: of the clock.")] = None
    ticket_category: SettingId | None = None


class QuestionListQuery(Struct, frozen=True):
    """Which questions."""

    order: Order = Order.ACTIVE
    brand: SettingId | None = None
    topic: SettingId | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 25
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class QueueQuery(Struct, frozen=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 25
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class CommunityAuthorOut(Struct, frozen=True):
    """Who wrote."""

    kind: AuthorKind
    id: Annotated[str, Meta(description="Of the person or agent; empty: nobody of whom anything is known any more.")]
    name: Annotated[str, Meta(description="What they are called in the community.")]

    @classmethod
    def of(cls, author: Author, names: dict[str, str]) -> Self:
        """An author with their name."""
        return cls(author.kind, author.id, names.get(author.id, ""))


class CommunityQuestionRowOut(Struct, frozen=True):
    """A question in a list."""

    id: str
    number: int
    title: str
    language: str
    brand: Annotated[str | None, Meta(description="At whose pages it was asked; null: the usual ones.")]
    topic: str | None
    author: CommunityAuthorOut
    asked_at: Instant
    active_at: Instant
    answers: int
    score: int
    accepted: str | None
    locked: bool
    state: PostState
    due_at: Annotated[Instant | None, Meta(description="When it becomes a ticket unless somebody answers.")]
    ticket_id: Annotated[str | None, Meta(description="The ticket that it became.")]
    address: Annotated[str, Meta(description="Of its page for everybody, on this host.")]

    @classmethod
    def of(cls, one: Question, names: dict[str, str]) -> Self:
        """A question as colleagues see it."""
        return cls(
            id=one.id,
            number=one.number,
            title=one.title,
            language=one.language,
            brand=one.place if one.place != "-" else None,
            topic=one.topic,
            author=CommunityAuthorOut.of(one.post.author, names),
            asked_at=format_instant(one.post.at),
            active_at=format_instant(one.active_at),
            answers=one.answers,
            score=one.score,
            accepted=one.accepted,
            locked=one.locked,
            state=one.post.state,
            due_at=format_instant(one.due_at) if one.due_at is not None and one.waiting else None,
            ticket_id=one.ticket_id if one.due_at is None else None,
            address=question_path(one.language, one.number, one.title),
        )


class CommunityQuestionListOut(Struct, frozen=True):
    """A page of questions."""

    items: list[CommunityQuestionRowOut]
    next_cursor: str | None


def html_of(body: str) -> str:
    """A post's Markdown as HTML that can do nothing."""
    from helpdesk.knowledge.markup import render  # noqa: PLC0415 - a parser: only who reads posts needs it

    return render(body).html


class CommunityPostOut(Struct, frozen=True):
    """A question's text, or an answer."""

    id: str
    author: CommunityAuthorOut
    at: Instant
    edited_at: Instant | None
    body: str
    html: str
    state: PostState
    why: Why | None
    score: int
    reports: int
    revisions: int
    official: bool
    accepted: bool
    message_id: Annotated[str | None, Meta(description="Of the message on the ticket that it repeats.")]

    @classmethod
    def of(cls, question: Question, answer: Answer | None, names: dict[str, str]) -> Self:
        """A post as colleagues see it."""
        post = answer.post if answer is not None else question.post
        return cls(
            id=answer.id if answer is not None else question.id,
            author=CommunityAuthorOut.of(post.author, names),
            at=format_instant(post.at),
            edited_at=format_instant(post.edited_at) if post.edited_at is not None else None,
            body=post.body,
            html=html_of(post.body),
            state=post.state,
            why=post.why,
            score=answer.score if answer is not None else question.score,
            reports=post.reports,
            revisions=post.revisions,
            official=answer is not None and answer.official,
            accepted=answer is not None and answer.id == question.accepted,
            message_id=answer.message_id if answer is not None else None,
        )


class CommunityThreadOut(Struct, frozen=True):
    """A question with its answers."""

    question: CommunityQuestionRowOut
    post: CommunityPostOut
    answers: list[CommunityPostOut]

    @classmethod
    def of(cls, thread: Thread) -> Self:
        """A thread as colleagues see it."""
        question, names = thread.question, thread.names
        return cls(
            CommunityQuestionRowOut.of(question, names),
            CommunityPostOut.of(question, None, names),
            [CommunityPostOut.of(question, one, names) for one in thread.answers],
        )


class TicketQuestionOut(Struct, frozen=True):
    """The question that a ticket was."""

    thread: Annotated[CommunityThreadOut | None, Meta(description="Null: it was none, or is gone.")]


class CommunityReportOut(Struct, frozen=True):
    """What somebody found wrong."""

    reason: ReportReason
    words: str
    at: Instant

    @classmethod
    def of(cls, report: Report) -> Self:
        """A report; whose it is, moderators need not know."""
        return cls(report.reason, report.words, format_instant(report.at))


class QueuedPostOut(Struct, frozen=True):
    """A post to look at."""

    question: CommunityQuestionRowOut
    post: CommunityPostOut
    is_answer: bool
    reports: list[CommunityReportOut]
    author_approved: Annotated[int, Meta(description="How many posts of its author all have seen.")]
    author_blocked: bool
    spam: Annotated[int | None, Meta(description="Thousandths: how likely learned triage finds it to be spam.")]

    @classmethod
    def of(cls, queued: Queued, names: dict[str, str], member: tuple[int, bool], spam: int | None) -> Self:
        """A post of the queue, with what helps to decide."""
        approved, blocked = member
        return cls(
            question=CommunityQuestionRowOut.of(queued.question, names),
            post=CommunityPostOut.of(queued.question, queued.answer, names),
            is_answer=queued.answer is not None,
            reports=[CommunityReportOut.of(one) for one in queued.reports],
            author_approved=approved,
            author_blocked=blocked,
            spam=spam,
        )


class QueueOut(Struct, frozen=True):
    """A page of posts to look at, the longest waiting first."""

    items: list[QueuedPostOut]
    next_cursor: str | None


class OfficialAnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the desk answers."""

    body: Body


class TicketAnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which message becomes an answer for all."""

    message_id: Annotated[str, Meta(max_length=26)]
    body: Annotated[Body | None, Meta(description="Other words than the message's.")] = None


class PostEditIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a post shall say."""

    body: Body
    title: Annotated[str, Meta(max_length=LONGEST_TITLE + 40)] = ""


class PostActIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done to a post."""

    act: PostAct


class QuestionActIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done to a question."""

    act: QuestionAct
    topic: Annotated[SettingId | None, Meta(description="Where it goes, if it is moved; null: to none.")] = None


class AcceptIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which answer solved it."""

    answer_id: Annotated[str, Meta(max_length=26)] | None


class BlockIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether somebody may write no more."""

    blocked: bool


class PostedAnswerOut(Struct, frozen=True):
    """An answer that was posted."""

    question_id: str
    answer_id: str


class PostRevisionOut(Struct, frozen=True):
    """What a post said before."""

    number: int
    title: str
    body: str
    by: CommunityAuthorOut
    at: Instant

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """A revision as colleagues see it."""
        by = CommunityAuthorOut.of(revision.by, {})
        return cls(revision.number, revision.title, revision.body, by, format_instant(revision.at))


class PostRevisionsOut(Struct, frozen=True):
    """What a post said before, newest first."""

    items: list[PostRevisionOut]
