"""What is to be done on a ticket, tasks and approvals: how they stand, and what can happen to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from helpdesk.contracts.events import EventType

MAX_TASKS: Final = 50
"""Of one ticket, done ones counted: each may be an item of the ticket's transaction, of which there are 100."""
MAX_TITLE_LENGTH: Final = 200
MAX_APPROVALS: Final = 10
"""Of one ticket, settled ones counted: their words lie on the snapshot."""
MAX_APPROVERS: Final = 10


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. What it is called is in the ticket's copies: a title may hold anybody's words.

    Attributes:
        assignee: id of the agent who shall do it.
        due_at: by when.
        reminded_at: the due instant that was told; the same is not told again.
        done_at: when it was done; None: it is open.
        done_by: id of who did it.
        checklist_id: the checklist it came from.
    """

    id: str
    assignee: str | None = None
    due_at: datetime | None = None
    reminded_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    checklist_id: str | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None

    @property
    def tells_at(self) -> datetime | None:
        """The instant at which its being due is told, as long as that is to come."""
        return self.due_at if self.open and self.reminded_at is None else None


# --- approvals -------------------------------------------------------------------------------------------------------


class ApprovalMode(StrEnum):
    """Whose word it takes: everybody's, or the first yes."""

    ALL = "all"
    ANY = "any"


class ApprovalState(StrEnum):
    """How an approval stands."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What one who was asked says."""

    APPROVED = "approved"
    DECLINED = "declined"


class ApproverKind(StrEnum):
    """Who is asked: a colleague, or somebody outside the desk."""

    AGENT = "agent"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who is asked, by id."""

    kind: ApproverKind
    id: str

    @property
    def key(self) -> str:
        """One text that tells them from all others: agents' ids are chosen by an identity provider."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said, the last time they said something."""

    approver: Approver
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes that is waited for.

    Attributes:
        asked_by: id of the agent who asked.
        due_at: by when it is wanted.
        reminded_at: the due instant at which those who had not answered were reminded.
        answers: the last one of each who answered.
        settled_at: when it was approved, declined or withdrawn.
    """

    id: str
    mode: ApprovalMode
    asked_by: str
    asked_at: datetime
    approvers: tuple[Approver, ...] = ()
    due_at: datetime | None = None
    reminded_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    state: ApprovalState = ApprovalState.PENDING
    settled_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether answers are still taken."""
        return self.state is ApprovalState.PENDING

    @property
    def tells_at(self) -> datetime | None:
        """The instant at which its being due is told, as long as that is to come."""
        return self.due_at if self.pending and self.reminded_at is None else None

    def answer_of(self, approver: Approver) -> Answer | None:
        """What somebody said."""
        return next((one for one in self.answers if one.approver == approver), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody outside the desk who was asked, as agents see them."""

    id: str
    address: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalWords:
    """What an approval says: words, and so no part of history.

    Attributes:
        question: what shall be approved.
        shown: what the asker lets those who are asked see beside it.
        people: those of them who are outside the desk.
        comments: what they said with their answers, by `Approver.key`.
    """

    question: str
    shown: str = ""
    people: tuple[Asked, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)


def settled_as(mode: ApprovalMode, asked: int, verdicts: Mapping[Verdict, int]) -> ApprovalState:
    """How an approval stands after some answers.

    Args:
        mode: `all`: one no is enough to decline; `any`: one yes is enough to approve.
        asked: how many were asked.
        verdicts: how many said what.
    """
    yes, no = verdicts.get(Verdict.APPROVED, 0), verdicts.get(Verdict.DECLINED, 0)
    enough_to_approve, enough_to_decline = (asked, 1) if mode is ApprovalMode.ALL else (1, asked)
    if yes >= enough_to_approve:
        return ApprovalState.APPROVED
    return ApprovalState.DECLINED if no >= enough_to_decline else ApprovalState.PENDING


# --- facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task as it begins."""

    id: str
    assignee: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskAdded:
    """Something is to be done."""

    type_: ClassVar = EventType.TASK_ADDED
    task_id: str
    assignee: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChecklistAdded:
    """A checklist's items became tasks, in its order, behind those that were there."""

    type_: ClassVar = EventType.CHECKLIST_ADDED
    checklist_id: str
    tasks: tuple[TaskPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task was given to somebody else, got another due instant, or is called otherwise."""

    type_: ClassVar = EventType.TASK_CHANGED
    task_id: str
    old_assignee: str | None = None
    new_assignee: str | None = None
    old_due_at: datetime | None = None
    new_due_at: datetime | None = None
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A task was done."""

    type_: ClassVar = EventType.TASK_DONE
    task_id: str
    done_by: str


@dataclass(frozen=True, slots=True)
class TaskReopened:
    """A task is to be done after all."""

    type_: ClassVar = EventType.TASK_REOPENED
    task_id: str


@dataclass(frozen=True, slots=True)
class TaskRemoved:
    """A task is no more."""

    type_: ClassVar = EventType.TASK_REMOVED
    task_id: str


@dataclass(frozen=True, slots=True)
class TasksOrdered:
    """Tasks stand in another order."""

    type_: ClassVar = EventType.TASKS_ORDERED
    task_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task whose time has come. `due_at` is the planned instant."""

    task_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TasksDue:
    """The time of tasks has come and they are not done; all that a late sweep finds at once, in order of their instants."""

    type_: ClassVar = EventType.TASKS_DUE
    tasks: tuple[DueTask, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """Somebody's approval was asked for."""

    type_: ClassVar = EventType.APPROVAL_REQUESTED
    approval_id: str
    mode: ApprovalMode
    asked_by: str
    approvers: tuple[Approver, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApprovalAnswered:
    """One who was asked answered, perhaps otherwise than before."""

    type_: ClassVar = EventType.APPROVAL_ANSWERED
    approval_id: str
    approver: Approver
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ApprovalSettled:
    """Enough have answered: it is approved or declined for good."""

    type_: ClassVar = EventType.APPROVAL_SETTLED
    approval_id: str
    outcome: Verdict


@dataclass(frozen=True, slots=True)
class ApprovalWithdrawn:
    """It is not asked any more."""

    type_: ClassVar = EventType.APPROVAL_WITHDRAWN
    approval_id: str


@dataclass(frozen=True, slots=True)
class ApprovalDue:
    """The instant came by which answers were wanted, and it is not settled. `due_at` is the planned instant."""

    type_: ClassVar = EventType.APPROVAL_DUE
    approval_id: str
    due_at: datetime


type TodoFact = (
    TaskAdded
    | ChecklistAdded
    | TaskChanged
    | TaskDone
    | TaskReopened
    | TaskRemoved
    | TasksOrdered
    | TasksDue
    | ApprovalRequested
    | ApprovalAnswered
    | ApprovalSettled
    | ApprovalWithdrawn
    | ApprovalDue
)

TODO_FACTS: Final[tuple[type[TodoFact], ...]] = (
    TaskAdded,
    ChecklistAdded,
    TaskChanged,
    TaskDone,
    TaskReopened,
    TaskRemoved,
    TasksOrdered,
    TasksDue,
    ApprovalRequested,
    ApprovalAnswered,
    ApprovalSettled,
    ApprovalWithdrawn,
    ApprovalDue,
)
