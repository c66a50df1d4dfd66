"""Tasks and approvals of tickets as agents see them."""

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean_line
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.todo import (
    MAX_APPROVERS,
    MAX_TASKS,
    MAX_TITLE_LENGTH,
    Approval,
    ApprovalMode,
    ApprovalState,
    ApprovalWords,
    ApproverKind,
    Task,
    Verdict,
)
from helpdesk.tickets.views import TaskRow

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]
When = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset.")]
Id = Annotated[str, Meta(max_length=64)]
Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE_LENGTH)]
Assignee = Annotated[str, Meta(max_length=64, description="Id of an agent, or `me`.")]
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def instant_of(given: datetime, pointer: str) -> datetime:
    """An instant as the desk keeps it: UTC, in milliseconds.

    Raises:
        Invalid: it is of another age.
    """
    if not _EARLIEST <= given <= _LATEST:
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "must lie in the years 2000 to 2199")])
    return given.astimezone(UTC).replace(microsecond=given.microsecond // 1000 * 1000)


def title_of(given: str) -> str:
    """A title on one line."""
    return clean_line(given)


# --- tasks -----------------------------------------------------------------------------------------------------------


class TaskIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to do."""

    title: Title
    assignee: Assignee | None = None
    due_at: When | None = None


class TaskPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be other; what is left out stays."""

    title: Title | UnsetType = UNSET
    assignee: Assignee | UnsetType | None = UNSET
    due_at: When | UnsetType | None = UNSET
    done: bool | UnsetType = UNSET


class TaskOut(Struct, frozen=True):
    """Something to do on a ticket."""

    id: str
    title: str
    assignee: str | None
    due_at: Instant | None
    done_at: Instant | None
    done_by: Annotated[str | None, Meta(description="Id of who did it.")]
    checklist_id: Annotated[str | None, Meta(description="The checklist it came from.")]

    @classmethod
    def of(cls, task: Task, title: str) -> "TaskOut":
        """A task as JSON has it."""
        return cls(
            id=task.id,
            title=title,
            assignee=task.assignee,
            due_at=_instant(task.due_at),
            done_at=_instant(task.done_at),
            done_by=task.done_by,
            checklist_id=task.checklist_id,
        )


class TasksOut(Struct, frozen=True):
    """A ticket's tasks, in order."""

    items: list[TaskOut]
    next_cursor: str | None = None


class TaskOrderIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The ids of all tasks of the ticket, in the order wanted."""

    task_ids: Annotated[list[Id], Meta(max_length=MAX_TASKS)]


class ChecklistOnTicketIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which checklist."""

    checklist_id: Id


class MyTasksQuery(Struct, frozen=True):
    """Whose tasks."""

    assignee: Assignee = "me"
    done: Annotated[bool, Meta(description="Those that were done, newest first, instead of those to do.")] = False
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class TaskTicketOut(Struct, frozen=True):
    """The ticket a task is on."""

    id: str
    number: int
    subject: str


class MyTaskOut(TaskOut, frozen=True):
    """A task, and the ticket it is on."""

    ticket: TaskTicketOut

    @classmethod
    def of_row(cls, row: TaskRow) -> "MyTaskOut":
        """A row as JSON has it."""
        about = TaskTicketOut(row.ticket_id, row.number, row.subject)
        return cls(**msgspec.structs.asdict(TaskOut.of(row.task, row.title)), ticket=about)


class MyTasksOut(Struct, frozen=True):
    """A page of an agent's tasks over all tickets; open ones as they fall due, those without an instant last."""

    items: list[MyTaskOut]
    next_cursor: str | None


def tasks_out(ticket: Ticket) -> list[TaskOut]:
    """A ticket's tasks, in order."""
    titles = ticket.copies.tasks
    return [TaskOut.of(task, titles.get(task.id, "")) for task in ticket.tasks]


# --- approvals -------------------------------------------------------------------------------------------------------


class ApprovalIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose approval is asked for, and of what."""

    approvers: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=254)]],
        Meta(
            min_length=1,
            max_length=MAX_APPROVERS,
            description="Ids of agents, or e-mail addresses of people outside the desk.",
            examples=[["jiwoo", "boss@example.com"]],
        ),
    ]
    question: Annotated[str, Meta(min_length=1, max_length=1000)]
    mode: Annotated[ApprovalMode, Meta(description="`all`: everybody must agree; `any`: one yes is enough.")] = (
        ApprovalMode.ALL
    )
    shown: Annotated[
        str, Meta(max_length=2000, description="What they see beside the question; nothing else of the ticket.")
    ] = ""
    due_at: Annotated[When | None, Meta(description="Those who have not answered by then are reminded once.")] = None


class ApprovalAnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What you say to it."""

    verdict: Verdict
    comment: Annotated[str, Meta(max_length=500)] = ""


class ApproverOut(Struct, frozen=True):
    """One who was asked, and what they said."""

    kind: ApproverKind
    id: str
    name: str | None
    email: Annotated[str | None, Meta(description="Of somebody outside the desk.")]
    verdict: Verdict | None
    answered_at: Instant | None
    comment: str | None


class ApprovalOut(Struct, frozen=True):
    """An approval."""

    id: str
    question: str
    shown: str
    mode: ApprovalMode
    state: ApprovalState
    asked_by: Annotated[str, Meta(description="Id of the agent who asked.")]
    asked_at: Instant
    due_at: Instant | None
    settled_at: Instant | None
    approvers: list[ApproverOut]

    @classmethod
    def of(cls, approval: Approval, words: ApprovalWords, names: dict[str, str]) -> "ApprovalOut":
        """An approval as JSON has it.

        Args:
            approval: how it stands.
            words: what it says.
            names: of agents, by id.
        """
        people = {one.id: one for one in words.people}
        found: list[ApproverOut] = []
        for approver in approval.approvers:
            person = people.get(approver.id) if approver.kind is ApproverKind.PERSON else None
            name = person.name if person is not None else names.get(approver.id)
            answer = approval.answer_of(approver)
            found.append(
                ApproverOut(
                    kind=approver.kind,
                    id=approver.id,
                    name=name,
                    email=person.address if person is not None else None,
                    verdict=answer.verdict if answer is not None else None,
                    answered_at=_instant(answer.at) if answer is not None else None,
                    comment=words.comments.get(approver.key),
                )
            )
        return cls(
            id=approval.id,
            question=words.question,
            shown=words.shown,
            mode=approval.mode,
            state=approval.state,
            asked_by=approval.asked_by,
            asked_at=format_instant(approval.asked_at),
            due_at=_instant(approval.due_at),
            settled_at=_instant(approval.settled_at),
            approvers=found,
        )


def approval_out(ticket: Ticket, approval: Approval, names: dict[str, str]) -> ApprovalOut:
    """An approval of a ticket."""
    return ApprovalOut.of(approval, ticket.copies.approvals.get(approval.id, ApprovalWords("")), names)


def _instant(value: datetime | None) -> str | None:
    return format_instant(value) if value is not None else None
