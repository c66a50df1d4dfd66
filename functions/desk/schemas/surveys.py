"""What the endpoints of surveys take and give agents and admins, as JSON."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.tickets import NumberedOut, RatingAnswerOut
from helpdesk.desk.schemas import Order, SettingId, SettingVersion, Words
from helpdesk.desk.settings import LEAST_EVERY_DAYS, LONGEST_DELAY_SECONDS, MOST_LEAST_ANSWERS, MOST_PAUSE_DAYS
from helpdesk.surveys.plans import FEWEST_ANSWERS, Asks, Given, QuestionKind
from helpdesk.surveys.reports import By
from helpdesk.surveys.schemas import SurveyQuestionOut

Rating = Annotated[int, Meta(ge=1, le=5)]
Delay = Annotated[int, Meta(ge=0, le=LONGEST_DELAY_SECONDS)]
Name = Annotated[str, Meta(max_length=200)]
Ids = Annotated[list[SettingId], Meta(max_length=100)]


class SurveyChoiceIO(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be chosen."""

    id: SettingId
    names: Words


class QuestionIO(Struct, frozen=True, forbid_unknown_fields=True):
    """A question beside the rating. `nps` is 0 to 10, `scale` 1 to 5."""

    id: SettingId
    kind: QuestionKind
    texts: Words
    choices: Annotated[list[SurveyChoiceIO], Meta(max_length=20)] = msgspec.field(default_factory=list)
    required: bool = False
    rating_from: Annotated[Rating, Meta(description="Asked from this rating on.")] = 1
    rating_to: Annotated[Rating, Meta(description="Asked up to this rating.")] = 5


class SurveyPlanIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is asked, how often, and what. The first active plan that fits a ticket counts."""

    names: Words
    groups: Ids = msgspec.field(default_factory=list)
    mailboxes: Annotated[Ids, Meta(description="Brands: tickets that came by one of these mailboxes.")] = msgspec.field(
        default_factory=list
    )
    languages: Ids = msgspec.field(default_factory=list)
    categories: Ids = msgspec.field(default_factory=list)
    sample_percent: Annotated[int, Meta(ge=0, le=100, description="Of a hundred tickets, how many.")] = 100
    pause_days: Annotated[int, Meta(ge=0, le=366, description="For how long nobody is asked again.")] = 0
    questions: Annotated[list[QuestionIO], Meta(max_length=10)] = msgspec.field(default_factory=list)
    order: Order = 0
    active: bool = True
    delay_seconds: Annotated[
        Delay | None, Meta(description="From solving to asking; null: as the desk's settings say.")
    ] = None
    asks: Annotated[
        Asks, Meta(description="`team`: colleagues themselves, in rounds; sample and pause do not count.")
    ] = Asks.CUSTOMERS
    every_days: Annotated[
        int,
        Meta(ge=LEAST_EVERY_DAYS, le=MOST_PAUSE_DAYS, description="From one round of asking colleagues to the next."),
    ] = 28
    open_days: Annotated[int, Meta(ge=1, le=MOST_PAUSE_DAYS, description="For how long a round can be answered.")] = 7
    least_answers: Annotated[
        int,
        Meta(
            ge=FEWEST_ANSWERS,
            le=MOST_LEAST_ANSWERS,
            description="Results of colleagues' answers are told from so many without a name on.",
        ),
    ] = FEWEST_ANSWERS


class SurveyPlanOut(SurveyPlanIn, frozen=True, kw_only=True):
    """A survey plan."""

    id: str
    version: SettingVersion = 0


class SurveyPlansOut(Struct, frozen=True):
    """All survey plans, in order."""

    items: list[SurveyPlanOut]
    next_cursor: str | None = None


Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-11-01"])]


class SurveyDaysQuery(Struct, frozen=True, kw_only=True):
    """Which answers."""

    since: Annotated[Day | None, Meta(description="Four weeks before `until`, if not said.")] = None
    until: Annotated[Day | None, Meta(description="Today in the desk's time zone, if not said.")] = None
    agent: Annotated[Name | None, Meta(description="About whose tickets alone; `me`: one's own.")] = None


class SurveyReportQuery(SurveyDaysQuery, frozen=True, kw_only=True):
    """Which answers, and by what."""

    by: Annotated[By, Meta(description="For one agent `all`, `day` or `week`.")] = By.ALL


class SurveyAnswersQuery(SurveyDaysQuery, frozen=True, kw_only=True):
    """Which answers, and which page of them."""

    person: Annotated[Name | None, Meta(description="Whose, whenever they answered.")] = None
    rating_to: Annotated[Rating, Meta(description="Up to this rating: `2` gives who is not satisfied.")] = 5
    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    cursor: str | None = None


class SurveyAnswerOut(Struct, frozen=True):
    """What somebody answered."""

    ticket: NumberedOut
    subject: str
    at: Annotated[str, Meta(description="When it was answered first.")]
    rating: int
    comment: str | None
    answers: Annotated[list[RatingAnswerOut], Meta(description="To the survey's own questions.")]
    group: Annotated[str | None, Meta(description="Whose ticket it was when it was answered.")]
    agent: str | None
    plan: str | None
    language: str


class SurveyAnswersOut(Struct, frozen=True):
    """A page of answers. One may be shorter than asked for, or empty, though there are more: `next_cursor` says so."""

    items: list[SurveyAnswerOut]
    next_cursor: str | None = None


class SurveyFiguresOut(Struct, frozen=True):
    """Figures of answers that have something in common."""

    key: Annotated[str, Meta(description="An id, a week or a language; empty: of none.")]
    answers: int
    ratings: Annotated[list[int], Meta(description="How many of each rating, 1 first.")]
    mean: float
    satisfied_percent: Annotated[float, Meta(description="CSAT: answers with 4 or 5.")]
    nps: Annotated[float | None, Meta(description="-100 to 100; null: nobody was asked.")]
    promoters: int
    passives: int
    detractors: int


class SurveyReportOut(Struct, frozen=True):
    """What surveys brought."""

    items: list[SurveyFiguresOut]
    since: str
    until: str
    by: By


class PulseOut(Struct, frozen=True):
    """What colleagues are asked about themselves, and when."""

    id: Annotated[str, Meta(description="Of this round.")]
    name: str
    questions: list[SurveyQuestionOut]
    since: str
    until: Annotated[str, Meta(description="The last day on which it can be answered.")]


class PulsesOut(Struct, frozen=True):
    """What one is asked and has not answered."""

    items: list[PulseOut]


class PulseAnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How one is doing. Kept without a name, so it cannot be changed."""

    rating: Rating
    comment: Annotated[str, Meta(max_length=2000)] = ""
    answers: Annotated[
        dict[str, Annotated[str, Meta(max_length=2000)] | int | bool],
        Meta(max_length=20, description="To the survey's own questions, by their ids."),
    ] = msgspec.field(default_factory=dict)
    named: Annotated[bool, Meta(description="Let it be known who says so.")] = False


class PulseReportQuery(Struct, frozen=True):
    """Of which plan."""

    plan: Annotated[SettingId | None, Meta(description="null: of all that ask colleagues.")] = None


class PulseCommentOut(Struct, frozen=True):
    """What somebody wrote."""

    text: str
    agent: Annotated[str | None, Meta(description="Who, where they wanted it to be known.")]


class PulseCountOut(Struct, frozen=True):
    """How often something was said."""

    answer: Given
    count: int


class PulseQuestionOut(Struct, frozen=True):
    """What was said to a question."""

    question: str
    counts: list[PulseCountOut]
    texts: list[PulseCommentOut]


class PulseResultsOut(Struct, frozen=True):
    """What a round brought, added up."""

    ratings: Annotated[list[int], Meta(description="How many of each rating, 1 first.")]
    mean: float
    nps: float | None
    questions: list[PulseQuestionOut]
    comments: Annotated[list[PulseCommentOut], Meta(description="In no order.")]


class PulseRoundOut(Struct, frozen=True):
    """A round."""

    id: str
    plan: str
    name: str
    since: str
    until: str
    over: bool
    asked: Annotated[int, Meta(description="Colleagues whom the plan asks now.")]
    answers: int
    needed: Annotated[int, Meta(description="Results are told from so many answers without a name on.")]
    results: Annotated[PulseResultsOut | None, Meta(description="null: too few answered, or it is not over.")]


class PulseReportOut(Struct, frozen=True):
    """Rounds, the newest first."""

    items: list[PulseRoundOut]
