"""What a question and a post of the community are told by, alike to customers and to colleagues."""

from typing import Annotated, TypedDict

from msgspec import Meta, Struct

from helpdesk.community.model import Found, PostState, Question, Why
from helpdesk.community.rules import LONGEST_BODY, question_path
from helpdesk.kernel.clock import format_instant

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]
Body = Annotated[str, Meta(max_length=LONGEST_BODY + 2000, description="Markdown.")]


class PostShape(Struct, frozen=True, kw_only=True):
    """A question's text, or an answer, as far as everybody who sees it sees the same."""

    id: str
    at: Instant
    edited_at: Instant | None
    html: Annotated[str, Meta(description="Sanitised: what articles may show, and no pictures from elsewhere.")]
    state: PostState
    why: Annotated[Why | None, Meta(description="Why only its author and moderators see it.")]
    score: int
    official: bool
    accepted: bool


class QuestionShape(Struct, frozen=True, kw_only=True):
    """A question in a list, as far as everybody who sees it sees the same."""

    id: str
    number: int
    title: str
    language: str
    topic: str | None
    asked_at: Instant
    active_at: Instant
    answers: int
    score: int
    locked: bool
    address: Annotated[str, Meta(description="Of its page for everybody, on this host.")]


class PostFields(TypedDict):
    """Those of `PostShape`."""

    id: str
    at: str
    edited_at: str | None
    html: str
    state: PostState
    why: Why | None
    score: int
    official: bool
    accepted: bool


class QuestionFields(TypedDict):
    """Those of `QuestionShape`."""

    id: str
    number: int
    title: str
    language: str
    topic: str | None
    asked_at: str
    active_at: str
    answers: int
    score: int
    locked: bool
    address: str


def post_fields(found: Found) -> PostFields:
    """What a post is told by."""
    post = found.post
    return {
        "id": found.post_id,
        "at": format_instant(post.at),
        "edited_at": format_instant(post.edited_at) if post.edited_at is not None else None,
        "html": html_of(post.body),
        "state": post.state,
        "why": post.why,
        "score": found.score,
        "official": found.official,
        "accepted": found.accepted,
    }


def question_fields(question: Question, language: str) -> QuestionFields:
    """What a question is told by.

    Args:
        question: which.
        language: of the page that its address leads to.
    """
    return {
        "id": question.id,
        "number": question.number,
        "title": question.title,
        "language": question.language,
        "topic": question.topic,
        "asked_at": format_instant(question.post.at),
        "active_at": format_instant(question.active_at),
        "answers": question.answers,
        "score": question.score,
        "locked": question.locked,
        "address": question_path(language, question.number, question.title),
    }


def html_of(body: str) -> str:
    """A post's Markdown as HTML that can do nothing."""
    from helpdesk.knowledge.markup import render  # noqa: PLC0415 - a parser: only who reads posts needs it

    return render(body).html
