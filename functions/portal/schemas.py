"""What the survey's endpoints take and give."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from helpdesk.surveys.model import SurveyView
from helpdesk.tickets.model import Ticket


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
    def of(cls, view: SurveyView, ticket: Ticket | None) -> Self:
        """A survey's view as JSON has it, with the subject of its ticket."""
        about = SurveyTicketOut(view.number, ticket.copies.subject if ticket is not None else "")
        return cls(about, view.state.value, view.rating, view.language)
