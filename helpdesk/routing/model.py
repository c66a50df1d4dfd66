"""What admins say about triage, and what is known of the models that the desk trained on its own tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.tickets.triaging import TriageField

LEARNED: Final = tuple(one for one in TriageField if one is not TriageField.LANGUAGE)
"""Fields with a model; a language is told by its script."""


class TriageMode(StrEnum):
    """What the desk does about a field: nothing, say what it thinks, or do it where it is sure."""

    OFF = "off"
    SUGGEST = "suggest"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class TriageSetting:
    """What is wished of one field.

    Attributes:
        id: the field.
        precision: of a hundred suggestions, how many are right at least.
    """

    id: TriageField
    mode: TriageMode = TriageMode.SUGGEST
    precision: int = 95


class AssignmentMethod(StrEnum):
    """How a group shares its tickets out: not at all, by turns, to the least busy, to the skilled."""

    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"
    SKILLS = "skills"


class OnAbsence(StrEnum):
    """What becomes of tickets that wait for somebody who is absent: a supervisor says so, or they move by themselves."""

    ASK = "ask"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class GroupAssignment:
    """How one group shares its tickets out.

    Attributes:
        id: of the group.
        keep_with_known: whoever answered this requester last gets their next ticket too, if they can take it.
        otherwise_anyone: where nobody with the skills can take a ticket, somebody without gets it; else it waits.
        on_absence: what becomes of tickets that wait for somebody who is absent.
        skills: beside what agents' own records say, by agent's id, levels 1 to 5 by skill: `language:ko`, `category:billing`, `product:router`.
    """

    id: str
    method: AssignmentMethod = AssignmentMethod.LEAST_BUSY
    keep_with_known: bool = False
    otherwise_anyone: bool = True
    on_absence: OnAbsence = OnAbsence.ASK
    skills: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class FieldModel:
    """What is known of the model of one field.

    Attributes:
        texts: how many tickets of the desk's own it learned from.
        corrected: how many of them people had put right.
        seed: how many texts of the project's own were added, as the desk's were few.
        sure_from: confidence in thousandths from which it is sure; None: it is never sure, so it is off by itself.
        size: in bytes.
    """

    texts: int = 0
    corrected: int = 0
    seed: int = 0
    sure_from: int | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class ModelSet:
    """The models that one night's training made.

    Attributes:
        number: counts trainings, from 1.
        fields: what is known of each model, by field.
    """

    number: int
    trained_at: datetime
    fields: Mapping[TriageField, FieldModel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """How suggestions of one field fared, among tickets that were solved in a week.

    Attributes:
        judged: tickets for which there was a guess, sure or not, and which ended with a value.
        right: of those, guesses that are what the ticket ended with.
        sure: tickets for which there was a suggestion.
        sure_right: of those, suggestions that are what the ticket ended with.
        acted: tickets that the desk changed by itself.
        corrected: of those, tickets that people changed to something else.
        counts, confidences, hits: by tenths of confidence: guesses, the sum of their confidence in thousandths, right ones.
    """

    judged: int = 0
    right: int = 0
    sure: int = 0
    sure_right: int = 0
    acted: int = 0
    corrected: int = 0
    counts: tuple[int, ...] = (0,) * 10
    confidences: tuple[int, ...] = (0,) * 10
    hits: tuple[int, ...] = (0,) * 10

    @property
    def calibration_error(self) -> float | None:
        """How far confidence and truth are apart on average; None: nothing was guessed."""
        if not self.judged:
            return None
        pairs = zip(self.confidences, self.hits, strict=True)
        return sum(abs(said / 1000 - was) for said, was in pairs) / self.judged


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """How triage and routing fared among the tickets that were solved in a week.

    Attributes:
        week: as ISO 8601 counts, `2026-W47`, by UTC.
        solved: tickets that were solved in it.
        reassigned: of those, tickets that went from one group or agent to another at least once.
        complete: all of them were counted; False: there were more than a night looks at.
    """

    week: str
    solved: int = 0
    reassigned: int = 0
    complete: bool = True
    fields: Mapping[TriageField, FieldFigures] = field(default_factory=dict)
