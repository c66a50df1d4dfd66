"""A survey's questions as JSON has them, for customers and colleagues alike."""

from collections.abc import Sequence

from msgspec import Struct

from helpdesk.forms.model import name_in
from helpdesk.surveys.plans import Question, QuestionKind


class SurveyChoiceOut(Struct, frozen=True):
    """One thing that can be chosen."""

    id: str
    name: str


class SurveyQuestionOut(Struct, frozen=True):
    """A question beside the rating, asked where that is within `rating_from` and `rating_to`."""

    id: str
    kind: QuestionKind
    text: str
    choices: list[SurveyChoiceOut]
    required: bool
    rating_from: int
    rating_to: int


def questions_out(questions: Sequence[Question], language: str) -> list[SurveyQuestionOut]:
    """Questions in a language, or the nearest there is."""
    return [
        SurveyQuestionOut(
            one.id,
            one.kind,
            name_in(one.texts, language, one.id),
            [SurveyChoiceOut(choice.id, name_in(choice.names, language, choice.id)) for choice in one.choices],
            one.required,
            one.rating_from,
            one.rating_to,
        )
        for one in questions
    ]
