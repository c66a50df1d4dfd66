"""The community: what customers ask one another in public, what is answered, and who may see what of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

NO_PLACE: Final = "-"
"""Where questions stand on a desk without brands, and those of its usual brand."""


class AuthorKind(StrEnum):
    """Who writes."""

    PERSON = "person"
    AGENT = "agent"
    NOBODY = "nobody"
    """Somebody of whom nothing is known any more."""


class PostState(StrEnum):
    """Who sees a post."""

    VISIBLE = "visible"
    HELD = "held"
    """Its author and moderators, until one of them lets it out."""
    HIDDEN = "hidden"
    """Moderators, and its author, who sees why."""
    DELETED = "deleted"
    """Nobody: its words are gone."""


class Why(StrEnum):
    """Why a post was held or hidden."""

    NEWCOMER = "newcomer"
    WORDS = "words"
    LINKS = "links"
    REPORTED = "reported"
    MODERATOR = "moderator"


class ReportReason(StrEnum):
    """What somebody finds wrong with a post."""

    SPAM = "spam"
    RUDE = "rude"
    PRIVATE = "private"
    """It tells of somebody what is nobody's business."""
    OTHER = "other"


class Order(StrEnum):
    """Which questions are listed, and in which order."""

    ACTIVE = "active"
    """Those where somebody wrote last come first."""
    UNANSWERED = "unanswered"
    """Those that nobody answered, the longest waiting first."""


@dataclass(frozen=True, slots=True)
class CommunitySettings:
    """How the community is set.

    Attributes:
        enabled: it is there at all.
        signed_in_only: only who has signed in reads it; search engines do not.
        hold_first_posts: so many posts of somebody new wait for a moderator; 0: none.
        held_words: a post with one of them waits.
        reports_hide: so many reports hide a post until a moderator has looked; 0: no number does.
        ticket_after_hours: from asking until a question that nobody answered becomes a ticket; 0: none does.
        ticket_calendar: whose hours those are; None: of the clock.
        ticket_category: of such tickets.
    """

    enabled: bool = False
    signed_in_only: bool = False
    hold_first_posts: int = 1
    held_words: tuple[str, ...] = ()
    reports_hide: int = 3
    ticket_after_hours: int = 48
    ticket_calendar: str | None = None
    ticket_category: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post.

    Attributes:
        id: of the person or agent; empty: of nobody.
    """

    kind: AuthorKind
    id: str = ""


NOBODY: Final = Author(AuthorKind.NOBODY)


@dataclass(frozen=True, slots=True)
class Post:
    """What a question and an answer have in common.

    Attributes:
        body: Markdown.
        state: who sees it.
        why: it is held or hidden.
        revisions: how many earlier texts are kept.
        edited_at: when its text was changed last.
        reports: how many found something wrong with it since a moderator looked.
    """

    author: Author
    at: datetime
    body: str
    state: PostState = PostState.VISIBLE
    why: Why | None = None
    revisions: int = 0
    edited_at: datetime | None = None
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question.

    Attributes:
        id: ULID; also the id of its post.
        number: what its address has.
        place: id of the brand at whose pages it was asked, or `NO_PLACE`.
        topic: id of a section of the help centre.
        active_at: when somebody wrote last, for all to see.
        answers: how many all see.
        accepted: id of the answer that solved it.
        accepted_by: who said so.
        locked: nobody but moderators writes to it.
        due_at: when it becomes a ticket unless it is answered; None: it does not, or has become one.
        ticket_id: of the ticket that it became.
        version: counts changes, votes aside.
        score: of the votes.
        made_from: what the caller's key came with.
    """

    id: str
    number: int
    place: str
    language: str
    title: str
    post: Post
    active_at: datetime
    topic: str | None = None
    answers: int = 0
    accepted: str | None = None
    accepted_by: Author | None = None
    locked: bool = False
    due_at: datetime | None = None
    ticket_id: str | None = None
    version: int = 1
    score: int = 0
    made_from: str = ""

    @property
    def visible(self) -> bool:
        """Whether all see it."""
        return self.post.state is PostState.VISIBLE

    @property
    def waiting(self) -> bool:
        """Whether it waits for a first answer."""
        return self.visible and not self.answers and not self.locked


@dataclass(frozen=True, slots=True)
class Signpost:
    """Where a question stands, without what it says: what a site map needs of thousands.

    Attributes:
        number, language, title: what its address is made of.
        active_at: when somebody wrote last, for all to see.
        answers: how many all see.
    """

    number: int
    language: str
    title: str
    active_at: datetime
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        official: an agent's.
        message_id: of the message on the question's ticket that it repeats.
    """

    id: str
    question_id: str
    post: Post
    official: bool = False
    message_id: str | None = None
    version: int = 1
    score: int = 0

    @property
    def visible(self) -> bool:
        """Whether all see it."""
        return self.post.state is PostState.VISIBLE


@dataclass(frozen=True, slots=True)
class Revision:
    """What a post said before it was edited.

    Attributes:
        number: from 1.
        title: a question's.
        by: who changed it.
        at: when.
    """

    number: int
    title: str
    body: str
    by: Author
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """That somebody finds something wrong with a post. One a person and post."""

    post_id: str
    person_id: str
    reason: ReportReason
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who takes part.

    Attributes:
        id: the person's.
        name: what they are called here; they choose it. Empty: they have not yet.
        approved: how many of their posts all have seen.
        blocked: they may not write any more.
        quiet: they want no mail from here.
        version: 0: nothing is kept yet.
    """

    id: str
    name: str = ""
    approved: int = 0
    blocked: bool = False
    quiet: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with its answers, as somebody sees them.

    Attributes:
        answers: the accepted one first, then the official ones, then by votes.
        names: of people who wrote, by id.
        votes: the reader's own, by post.
        following: the reader is told of answers.
    """

    question: Question
    answers: tuple[Answer, ...]
    names: dict[str, str] = field(default_factory=dict)
    votes: dict[str, int] = field(default_factory=dict)
    following: bool = False

    @property
    def posts(self) -> "tuple[Found, ...]":
        """Its own text, then the answers."""
        return (Found(self.question), *(Found(self.question, one) for one in self.answers))


@dataclass(frozen=True, slots=True)
class Found:
    """A question's own post, or one of its answers.

    Attributes:
        answer: None: it is about the question itself.
    """

    question: Question
    answer: Answer | None = None

    @property
    def post(self) -> Post:
        """What it is about."""
        return self.answer.post if self.answer is not None else self.question.post

    @property
    def post_id(self) -> str:
        """Its id."""
        return self.answer.id if self.answer is not None else self.question.id

    @property
    def title(self) -> str:
        """The question's, where it is about that."""
        return self.question.title if self.answer is None else ""

    @property
    def score(self) -> int:
        """Of its votes."""
        return self.answer.score if self.answer is not None else self.question.score

    @property
    def official(self) -> bool:
        """Whether the desk answers with it."""
        return self.answer is not None and self.answer.official

    @property
    def accepted(self) -> bool:
        """Whether it solved the question."""
        return self.answer is not None and self.answer.id == self.question.accepted


@dataclass(frozen=True, slots=True)
class Queued(Found):
    """A post that a moderator shall look at.

    Attributes:
        reports: newest first.
    """

    reports: tuple[Report, ...] = ()
