"""What the survey's endpoints take and give."""

from typing import Annotated, Literal, Self

from helpdesk.surveys.model import SurveyView
from msgspec import Meta, Struct


class SurveyAnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How it went."""

    rating: Annotated[int, Meta(ge=1, le=5)]
    comment: Annotated[str, Meta(max_length=4000)] | None = None


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

    @classmethod
    def of(cls, view: SurveyView) -> Self:
        """A survey's view as JSON has it."""
        ticket = SurveyTicketOut(view.number, view.subject)
        return cls(ticket, view.state.value, view.rating, view.language)
