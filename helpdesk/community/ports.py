"""What the community stands on: where it is kept, and what one change of it writes together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.community.model import Answer, Member, Order, Question, Queued, Report, Revision, Signpost
from helpdesk.kernel.audit import Told
from helpdesk.kernel.errors import Conflict
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Person


class NameTaken(Conflict):
    """Somebody else is called so."""

    code = "name_taken"
    title = "Somebody else has this name"


class NameNeeded(Conflict):
    """Who wants to take part says first what they want to be called."""

    code = "name_needed"
    title = "Choose a name first"


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written together, all or nothing, if nobody was quicker.

    Attributes:
        question, answer: before and after; before is None where it is new.
        member: the same of who takes part.
        revision: what a post said before, with the post's id.
        forget: posts whose earlier texts go, with how many there are of each.
        report: that somebody found something wrong.
        follow: id of who is told of answers from now on.
        tell: id of an answer that followers are told of.
        told: what the trail tells of it.
    """

    question: tuple[Question | None, Question] | None = None
    answer: tuple[Answer | None, Answer] | None = None
    member: tuple[Member, Member] | None = None
    revision: tuple[str, Revision] | None = None
    forget: tuple[tuple[str, int], ...] = ()
    report: Report | None = None
    follow: str | None = None
    tell: str | None = None
    told: Told | None = None


class CommunityStore(Protocol):
    """Where the community is kept."""

    def get(self, question_id: str) -> Question | None:
        """A question as it stands."""
        ...

    def some(self, question_ids: Sequence[str]) -> dict[str, Question]:
        """Some questions as they stand; those that are not there are left out."""
        ...

    def by_number(self, number: int) -> str | None:
        """The id of the question of a number."""
        ...

    def next_number(self) -> int:
        """A number that no question has."""
        ...

    def answers(self, question_id: str) -> list[Answer]:
        """All answers of a question, oldest first."""
        ...

    def answer(self, question_id: str, answer_id: str) -> Answer | None:
        """One of them as it stands."""
        ...

    def listed(
        self, order: Order, place: str, topic: str | None, *, limit: int, position: dict[str, str] | None
    ) -> Page[Question]:
        """A page of questions that all see."""
        ...

    def signposts(self, place: str, *, limit: int, position: dict[str, str] | None) -> Page[Signpost]:
        """A page of where questions that all see stand, those where somebody wrote last first."""
        ...

    def write(self, writing: Writing) -> None:
        """Writes what belongs together.

        Raises:
            StaleVersion: something is not as it was before.
            AlreadyThere: what is new is there already, or the report is.
        """
        ...

    def vote(self, question_id: str, post_id: str, person_id: str, *, before: int, value: int, at: datetime) -> None:
        """Keeps what somebody thinks of a post (-1, 1; 0: nothing) in place of what they thought.

        Raises:
            StaleVersion: they thought otherwise before.
            NotFound: there is no such post.
        """
        ...

    def votes(self, question_id: str, person_id: str) -> dict[str, int]:
        """What somebody thinks of a question's posts, by id."""
        ...

    def follows(self, question_id: str, person_id: str) -> bool:
        """Whether somebody is told of answers."""
        ...

    def follow(self, question_id: str, person_id: str, *, wanted: bool) -> None:
        """Has somebody told of answers, or no more."""
        ...

    def followers(self, question_id: str, *, after: str, limit: int) -> list[str]:
        """Ids of some who are told of answers, in order.

        Args:
            question_id: of what.
            after: the id behind which they begin; empty: with the first.
            limit: how many at most.
        """
        ...

    def tell_on(self, answer: Answer, after: str) -> None:
        """Has followers whose ids come after one told of an answer, too; said again, it is said already."""
        ...

    def member(self, person_id: str) -> Member:
        """What somebody is in the community."""
        ...

    def members(self, person_ids: Sequence[str]) -> dict[str, Member]:
        """The same of some people; those who are nobody there are left out."""
        ...

    def name(self, before: Member, after: Member, newcomer: Person | None) -> None:
        """Writes what somebody is, with their name.

        Args:
            before: as they were.
            after: as they are.
            newcomer: who is made known with it; None: they are known.

        Raises:
            NameTaken: somebody else is called so.
            StaleVersion: they are not as before, or the newcomer's address is somebody's by now.
        """
        ...

    def revisions(self, question_id: str, post_id: str) -> list[Revision]:
        """What a post said before, newest first."""
        ...

    def reports(self, question_id: str, post_id: str) -> list[Report]:
        """What was found wrong with a post, newest first."""
        ...

    def queue(self, *, limit: int, position: dict[str, str] | None) -> Page[Queued]:
        """Posts that a moderator shall look at, the longest waiting first."""
        ...

    def due(self, until: datetime, *, limit: int) -> list[str]:
        """Ids of questions that have become due, the longest first."""
        ...
