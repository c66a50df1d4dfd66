"""What the desk takes tickets to be about, what is wished of that, and how it fares."""

from typing import Annotated

from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Instant
from helpdesk.routing.model import TriageMode
from helpdesk.tickets.triaging import TriageField

Confidence = Annotated[float, Meta(ge=0, le=1, description="The probability that it is right.")]


class SuggestionOut(Struct, frozen=True):
    """What one field was taken to be."""

    field: TriageField
    value: Annotated[str, Meta(description="An id, or a word: `upset`, `spam`, `ko`.")]
    confidence: Confidence
    acted: Annotated[bool, Meta(description="The desk did as it says.")]
    now: Annotated[str | None, Meta(description="What the ticket has in the field now.")]
    words: Annotated[
        list[str],
        Meta(description="Those that decided, the weightiest first; empty where the models of that day are gone."),
    ]


class TriageOut(Struct, frozen=True):
    """What the desk was sure of when the ticket came in. To correct it, change the ticket: that is learned from."""

    model: Annotated[int | None, Meta(description="Number of the models that said it; null: nothing was looked at.")]
    suggestions: list[SuggestionOut]
    abstained: Annotated[list[TriageField], Meta(description="Fields that it was not sure of.")]


class TriageSettingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is wished of a field."""

    mode: TriageMode
    precision: Annotated[int, Meta(ge=80, le=99, description="Of a hundred suggestions, so many are right.")] = 95


class FieldModelOut(Struct, frozen=True):
    """What the model of a field has learned from."""

    texts: Annotated[int, Meta(description="Tickets of this desk's own.")]
    corrected: Annotated[int, Meta(description="Of those, tickets that people had put right: they count more.")]
    seed: Annotated[int, Meta(description="Further texts that come with the desk, while its own are few.")]
    sure_from: Annotated[
        float | None, Meta(description="Confidence from which it is sure; null: never, it is off by itself.")
    ]
    size: Annotated[int, Meta(description="In bytes.")]


class TriageSettingOut(Struct, frozen=True):
    """What is wished of a field, and what can be had."""

    field: TriageField
    mode: TriageMode
    precision: int
    model: Annotated[FieldModelOut | None, Meta(description="Null: there is none (yet), or it needs none.")]


class TriageSettingsOut(Struct, frozen=True):
    """All fields."""

    trained_at: Instant | None
    model: int | None
    items: list[TriageSettingOut]


class HandedOverOut(Struct, frozen=True):
    """How many waiting tickets were taken from a colleague: a hundred at most at once."""

    taken: int


class ReportQuery(Struct, frozen=True):
    """How far back."""

    weeks: Annotated[int, Meta(ge=1, le=53)] = 8


class FieldFiguresOut(Struct, frozen=True):
    """How suggestions of one field fared; shares are null where there was nothing to count."""

    field: TriageField
    judged: int
    accuracy: Annotated[float | None, Meta(description="Right guesses among all, sure or not.")]
    coverage: Annotated[float | None, Meta(description="How much of all it was sure of.")]
    precision: Annotated[float | None, Meta(description="Right ones among what it was sure of.")]
    calibration_error: Annotated[float | None, Meta(description="How far confidence and truth are apart on average.")]
    acted: int
    corrected: Annotated[int, Meta(description="Tickets the desk changed by itself and people changed again.")]


class WeekOut(Struct, frozen=True):
    """A week's tickets: those solved in it."""

    week: Annotated[str, Meta(examples=["2026-W47"])]
    solved: int
    reassigned: Annotated[int, Meta(description="Tickets that went from one group or agent to another.")]
    complete: Annotated[bool, Meta(description="False: there were more than are looked at.")]
    fields: list[FieldFiguresOut]


class TriageReportOut(Struct, frozen=True):
    """Weeks, oldest first; counted once a day."""

    items: list[WeekOut]
