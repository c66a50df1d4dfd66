"""What the endpoints of surveys and approvals take and give."""

from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta, Struct

from helpdesk.approvals.service import ApprovalView, ViewState
from helpdesk.channels.schemas import BrandId
from helpdesk.community.model import Question
from helpdesk.community.rules import question_path
from helpdesk.kernel.clock import format_instant
from helpdesk.knowledge.finding import FoundArticle
from helpdesk.knowledge.rules import article_path
from helpdesk.surveys.model import SurveyView
from helpdesk.surveys.schemas import SurveyQuestionOut, questions_out
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.todo import Verdict


class SurveyAnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How it went."""

    rating: Annotated[int, Meta(ge=1, le=5)]
    comment: Annotated[str, Meta(max_length=4000)] | None = None
    answers: Annotated[
        dict[str, Annotated[str, Meta(max_length=4000)] | int | bool],
        Meta(max_length=20, description="To the survey's own questions, by their ids."),
    ] = msgspec.field(default_factory=dict)


class SurveyTicketOut(Struct, frozen=True):
    """What the survey is about."""

    number: int
    subject: str


class SurveyOut(Struct, frozen=True):
    """A survey as the requester sees it."""

    ticket: SurveyTicketOut
    state: Literal["open", "answered", "expired"]
    rating: int | None
    locale: str
    comment: str | None
    questions: list[SurveyQuestionOut]
    answers: dict[str, str | int | bool]
    changeable_until: Annotated[str | None, Meta(description="Until when another answer replaces this one.")]

    @classmethod
    def of(cls, view: SurveyView, ticket: Ticket | None) -> Self:
        """A survey's view as JSON has it, with the subject of its ticket."""
        about = SurveyTicketOut(view.number, ticket.copies.subject if ticket is not None else "")
        questions = questions_out(view.questions, view.language)
        until = format_instant(view.changeable_until) if view.changeable_until is not None else None
        return cls(
            about, view.state.value, view.rating, view.language, view.comment, questions, dict(view.answers), until
        )


class ApprovalReplyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Yes or no."""

    verdict: Verdict
    comment: Annotated[str, Meta(max_length=500)] = ""


class ApprovalViewOut(Struct, frozen=True):
    """An approval as one sees it who is asked."""

    number: Annotated[int, Meta(description="Of the ticket it is about.")]
    question: str
    shown: Annotated[str, Meta(description="What the asker shows beside the question.")]
    asked_by: str | None
    asked_at: str
    due_at: str | None
    state: ViewState
    verdict: Annotated[Verdict | None, Meta(description="What you said, last.")]
    comment: str
    locale: str

    @classmethod
    def of(cls, view: ApprovalView) -> Self:
        """A view as JSON has it."""
        return cls(
            number=view.number,
            question=view.question,
            shown=view.shown,
            asked_by=view.asked_by,
            asked_at=format_instant(view.asked_at),
            due_at=format_instant(view.due_at) if view.due_at is not None else None,
            state=view.state,
            verdict=view.verdict,
            comment=view.comment,
            locale=view.language,
        )


class SuggestionsQuery(Struct, frozen=True):
    """What is being typed."""

    q: Annotated[str, Meta(max_length=1000)]
    locale: Annotated[str, Meta(max_length=35, examples=["ko"])] | None = None
    limit: Annotated[int, Meta(ge=1, le=10)] = 5
    brand: Annotated[BrandId | None, Meta(description="At whose help centre; null: as the host says.")] = None


class SuggestionOut(Struct, frozen=True):
    """An article that fits."""

    number: int
    title: str
    summary: str
    language: Annotated[str, Meta(description="In which it is shown.")]
    address: Annotated[str, Meta(description="Of its page, on this host.", examples=["/help/en/articles/12-reset"])]

    @classmethod
    def of(cls, found: FoundArticle, language: str) -> Self:
        """What was found as JSON has it."""
        number, text = found.article.number, found.text
        return cls(number, text.title, text.summary, found.language, article_path(language, number, text.title))


class QuestionSuggestionOut(Struct, frozen=True):
    """A question of the community that fits."""

    number: int
    title: str
    language: str
    answers: int
    solved: bool
    address: Annotated[str, Meta(description="Of its page, on this host.")]

    @classmethod
    def of(cls, one: Question, language: str) -> Self:
        """A question as JSON has it."""
        address = question_path(language, one.number, one.title)
        return cls(one.number, one.title, one.language, one.answers, one.accepted is not None, address)


class SuggestionsOut(Struct, frozen=True):
    """Articles, best first; and questions of the community that somebody has answered."""

    items: list[SuggestionOut]
    questions: list[QuestionSuggestionOut]
