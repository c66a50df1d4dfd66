"""What the community's endpoints take and give colleagues, as JSON."""

from collections.abc import Sequence
from typing import Annotated, Self

from msgspec import Meta, Struct

from functions.desk.differences import differences
from functions.desk.schemas.differences import DifferenceLineOut
from helpdesk.community.model import (
    NO_PLACE,
    Author,
    AuthorKind,
    Found,
    Order,
    PostState,
    Question,
    Queued,
    Report,
    ReportReason,
    Revision,
    Thread,
)
from helpdesk.community.moderation import PostAct, QuestionAct
from helpdesk.community.rules import LONGEST_TITLE, LONGEST_WORD, MOST_HOURS, MOST_WORDS
from helpdesk.community.schemas import Body, Instant, PostShape, QuestionShape, post_fields, question_fields
from helpdesk.desk.schemas import SettingId
from helpdesk.kernel.clock import format_instant


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


class CommunityQuestionRowOut(QuestionShape, frozen=True, kw_only=True):
    """A question in a list."""

    brand: Annotated[str | None, Meta(description="At whose pages it was asked; null: the usual ones.")]
    author: CommunityAuthorOut
    accepted: str | None
    state: PostState
    due_at: Annotated[Instant | None, Meta(description="When it becomes a ticket unless somebody answers.")]
    ticket_id: Annotated[str | None, Meta(description="The ticket that it became.")]

    @classmethod
    def of(cls, one: Question, names: dict[str, str]) -> Self:
        """A question as colleagues see it."""
        return cls(
            **question_fields(one, one.language),
            brand=one.place if one.place != NO_PLACE else None,
            author=CommunityAuthorOut.of(one.post.author, names),
            accepted=one.accepted,
            state=one.post.state,
            due_at=format_instant(one.due_at) if one.due_at is not None and one.waiting else None,
            ticket_id=one.ticket_id if one.due_at is None else None,
        )


class CommunityQuestionListOut(Struct, frozen=True):
    """A page of questions."""

    items: list[CommunityQuestionRowOut]
    next_cursor: str | None


class CommunityPostOut(PostShape, frozen=True, kw_only=True):
    """A question's text, or an answer."""

    author: CommunityAuthorOut
    body: str
    reports: int
    revisions: int
    message_id: Annotated[str | None, Meta(description="Of the message on the ticket that it repeats.")]

    @classmethod
    def of(cls, found: Found, names: dict[str, str]) -> Self:
        """A post as colleagues see it."""
        return cls(
            **post_fields(found),
            author=CommunityAuthorOut.of(found.post.author, names),
            body=found.post.body,
            reports=found.post.reports,
            revisions=found.post.revisions,
            message_id=found.answer.message_id if found.answer is not None else None,
        )


class CommunityThreadOut(Struct, frozen=True):
    """A question with its answers."""

    question: CommunityQuestionRowOut
    post: CommunityPostOut
    answers: list[CommunityPostOut]

    @classmethod
    def of(cls, thread: Thread) -> Self:
        """A thread as colleagues see it."""
        row = CommunityQuestionRowOut.of(thread.question, thread.names)
        post, *answers = [CommunityPostOut.of(one, thread.names) for one in thread.posts]
        return cls(row, post, answers)


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
            post=CommunityPostOut.of(queued, names),
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
    """What a post said before, and what was changed of it."""

    number: int
    title: str
    body: str
    by: Annotated[CommunityAuthorOut, Meta(description="Who changed it.")]
    at: Annotated[Instant, Meta(description="When it was changed.")]
    changes: Annotated[list[DifferenceLineOut], Meta(description="Between this text and the one that came after it.")]

    @classmethod
    def of(cls, revision: Revision, after: Sequence[str], names: dict[str, str]) -> Self:
        """A revision as colleagues see it.

        Args:
            revision: the text that was changed.
            after: lines of the one that it was changed to.
            names: of who changed it.
        """
        by = CommunityAuthorOut.of(revision.by, names)
        changes = differences(lines_of(revision.title, revision.body), after)
        return cls(revision.number, revision.title, revision.body, by, format_instant(revision.at), changes)


class PostRevisionsOut(Struct, frozen=True):
    """What a post said before, newest first."""

    items: list[PostRevisionOut]

    @classmethod
    def of(cls, found: Found, revisions: Sequence[Revision], names: dict[str, str]) -> Self:
        """The past of a post."""
        texts = [lines_of(found.title, found.post.body), *(lines_of(one.title, one.body) for one in revisions)]
        return cls([PostRevisionOut.of(one, after, names) for one, after in zip(revisions, texts, strict=False)])


def lines_of(title: str, body: str) -> list[str]:
    """A post's text line by line, with its title above it where it has one."""
    return [*([title] if title else []), *body.split("\n")]
