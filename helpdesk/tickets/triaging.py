"""What the desk made of a ticket's first words: how that stands on the ticket, and the fact that says so. No words in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from helpdesk.contracts.events import EventType


class TriageField(StrEnum):
    """What triage says something about."""

    CATEGORY = "category"
    GROUP = "group"
    PRIORITY = "priority"
    LANGUAGE = "language"
    SENTIMENT = "sentiment"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What triage takes one field to be.

    Attributes:
        value: an id of the desk's, or a word of the desk's own (`upset`, `spam`).
        confidence: probability that it is right, in thousandths: history holds whole numbers only.
        sure: it reaches what was wanted; what is not sure is noted to measure by, and shown to nobody.
        acted: the desk did as it says.
    """

    field: TriageField
    value: str
    confidence: int
    sure: bool | None = None
    acted: bool | None = None


@dataclass(frozen=True, slots=True)
class Triage:
    """What was suggested when a ticket came in.

    Attributes:
        model: number of the models that said it.
    """

    model: int
    suggestions: tuple[Suggestion, ...] = ()

    def of(self, field: TriageField) -> Suggestion | None:
        """What was suggested for a field, sure or not."""
        return next((one for one in self.suggestions if one.field is field), None)


@dataclass(frozen=True, slots=True)
class TriageSuggested:
    """The desk said what it takes a ticket to be about. What it changes follows as facts of their own."""

    type_: ClassVar = EventType.TRIAGE_SUGGESTED
    model: int
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentSuspected:
    """Several people wrote the same in a short time, this ticket's requester the last of them. It changes nothing.

    Attributes:
        cluster_id: of the possible incident.
        people: how many wrote.
    """

    type_: ClassVar = EventType.INCIDENT_SUSPECTED
    cluster_id: str
    people: int


@dataclass(frozen=True, slots=True)
class HandOverAsked:
    """Tickets wait for somebody absent, this one the most urgent of them: supervisors say whether others get them. It changes nothing.

    Attributes:
        agent: who is absent.
    """

    type_: ClassVar = EventType.HAND_OVER_ASKED
    agent: str
