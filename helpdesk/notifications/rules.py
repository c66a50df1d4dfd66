"""Who is told of what: from an event and its ticket to agents, each for the reason that concerns them most."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.notifications.model import NotificationKind
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.facts import (
    Event,
    Fact,
    MessageAdded,
    MessageReleased,
    MessageWithdrawn,
    RatingRecorded,
    SlaBreached,
    SlaEscalated,
    SlaWarned,
    TicketAssigned,
    TicketDue,
    TicketStatusChanged,
    TicketWoke,
)
from helpdesk.tickets.model import Actor, ActorKind, Message, Reason, Ticket, Visibility
from helpdesk.tickets.parts.approvals import find_approval
from helpdesk.tickets.todo import (
    ApprovalDue,
    ApprovalRequested,
    ApprovalSettled,
    ApproverKind,
    ChecklistAdded,
    TaskAdded,
    TaskChanged,
    TasksDue,
)
from helpdesk.tickets.triaging import HandOverAsked, IncidentSuspected

_TOLD_OF: Final = (
    MessageAdded,
    MessageReleased,
    MessageWithdrawn,
    TicketAssigned,
    TicketStatusChanged,
    TicketWoke,
    TicketDue,
    SlaWarned,
    SlaBreached,
    SlaEscalated,
    TaskAdded,
    ChecklistAdded,
    TaskChanged,
    TasksDue,
    ApprovalRequested,
    ApprovalDue,
    ApprovalSettled,
    IncidentSuspected,
    HandOverAsked,
    RatingRecorded,
)
LOW_RATING: Final = 2
"""Whoever gives so much or less is not satisfied (CSAT counts four and five as satisfied, three as neither)."""


def may_concern_agents(fact: Fact) -> bool:
    """Whether an agent may have to be told, as far as the fact alone says: most are known by it to concern nobody."""
    match fact:
        case MessageAdded(visibility=Visibility.INTERNAL, mentions=()):
            return False
        case MessageAdded(automatic=automatic, send_at=send_at):
            return not automatic and send_at is None
        case MessageWithdrawn(because=()):
            return False
        case RatingRecorded(rating=rating):
            return rating <= LOW_RATING
        case _:
            return isinstance(fact, _TOLD_OF)


@dataclass(frozen=True, slots=True)
class Audience:
    """Some agents, and why they are told."""

    kind: NotificationKind
    agents: tuple[str, ...]


def audience_of(event: Event, ticket: Ticket, desk: Desk, message: Message | None) -> list[Audience]:
    """Who is told of an event: nobody of their own doing, and each once, for the first reason that fits.

    Args:
        event: what happened.
        ticket: as it stands now.
        desk: the configuration.
        message: the one that the event names; None: it names none.
    """
    doing = message.author if message is not None and isinstance(event.fact, MessageReleased) else event.actor
    told = {doing.id} if doing.kind is ActorKind.AGENT else set[str]()
    found: list[Audience] = []
    for kind, agents in _concerned(event, ticket, desk, message):
        new = tuple(one for one in dict.fromkeys(agents) if one is not None and one in desk.agents and one not in told)
        if new:
            found.append(Audience(kind, new))
            told |= set(new)
    return found


type _Concerned = Iterator[tuple[NotificationKind, Iterable[str | None]]]


def _concerned(event: Event, ticket: Ticket, desk: Desk, message: Message | None) -> _Concerned:
    kinds = NotificationKind
    match event.fact:
        case MessageAdded() as fact:
            yield from _of_message(fact, ticket)
        case MessageReleased(side_id=None):
            yield kinds.FOLLOWED_MESSAGE, ticket.followers
        case MessageWithdrawn(because=because) if because and message is not None:
            yield kinds.ANSWER_CANCELLED, (message.author.id,)
        case TicketAssigned() as fact:
            yield kinds.ASSIGNED, (fact.new_assignee if fact.new_assignee != fact.old_assignee else None,)
            yield kinds.FOLLOWED_CHANGE, ticket.followers
        case TicketStatusChanged():
            yield kinds.FOLLOWED_CHANGE, ticket.followers
        case TicketWoke(by=by, because=because) if because.code in {"time", "requester_replied"}:
            yield kinds.WOKE, (by,)
        case TicketDue():
            yield kinds.DUE, (ticket.assignee, *ticket.followers)
        case SlaWarned() | SlaBreached() | SlaEscalated() as fact:
            yield _of_clock(fact, ticket, desk)
        case RatingRecorded() | IncidentSuspected() | HandOverAsked() as fact:
            yield _of_watching(fact, ticket, desk)
        case _:
            yield from _of_todo(event.fact, ticket)


def _of_todo(fact: Fact, ticket: Ticket) -> _Concerned:
    """Whose a task is, whose yes is waited for, and who asked for it."""
    match fact:
        case TaskAdded(assignee=assignee):
            yield NotificationKind.TASK_ASSIGNED, (assignee,)
        case ChecklistAdded(tasks=plans):
            yield NotificationKind.TASK_ASSIGNED, (plan.assignee for plan in plans)
        case TaskChanged(new_assignee=assignee) if assignee != fact.old_assignee:
            yield NotificationKind.TASK_ASSIGNED, (assignee,)
        case TasksDue(tasks=due):
            told = {one.task_id for one in due}
            yield NotificationKind.TASK_DUE, (task.assignee for task in ticket.tasks if task.id in told and task.open)
        case ApprovalRequested(approval_id=approval_id) | ApprovalDue(approval_id=approval_id):
            approval = find_approval(ticket, approval_id)
            if approval is not None and approval.pending:
                waiting = (one for one in approval.approvers if approval.answer_of(one) is None)
                yield NotificationKind.APPROVAL_ASKED, (one.id for one in waiting if one.kind is ApproverKind.AGENT)
        case ApprovalSettled(approval_id=approval_id):
            approval = find_approval(ticket, approval_id)
            yield NotificationKind.APPROVAL_SETTLED, (approval.asked_by if approval is not None else None,)
        case _:
            pass


def _of_watching(
    fact: RatingRecorded | IncidentSuspected | HandOverAsked, ticket: Ticket, desk: Desk
) -> tuple[NotificationKind, Iterable[str | None]]:
    """What those who look after a group are told; of a low rating whoever has the ticket, too."""
    watching = tuple(agent.id for agent in supervisors_of(desk, ticket.group))
    match fact:
        case RatingRecorded():
            return NotificationKind.RATED_LOW, (ticket.assignee, *watching)
        case IncidentSuspected():
            return NotificationKind.INCIDENT_SUSPECTED, watching
        case HandOverAsked():
            return NotificationKind.HAND_OVER_ASKED, watching


def _of_clock(
    fact: SlaWarned | SlaBreached | SlaEscalated, ticket: Ticket, desk: Desk
) -> tuple[NotificationKind, Iterable[str | None]]:
    match fact:
        case SlaWarned():
            return NotificationKind.SLA_WARNED, (ticket.assignee,)
        case SlaBreached():
            told = (*(agent.id for agent in supervisors_of(desk, ticket.group)), ticket.assignee)
            return NotificationKind.SLA_BREACHED, told
        case SlaEscalated():
            return NotificationKind.SLA_ESCALATED, escalated_to(desk, ticket, fact.notify)


def _of_message(fact: MessageAdded, ticket: Ticket) -> _Concerned:
    if fact.automatic or fact.send_at is not None:
        return
    if fact.visibility is Visibility.INTERNAL:
        yield NotificationKind.MENTIONED, fact.mentions
    elif fact.visibility is Visibility.SIDE and fact.author.kind is ActorKind.THIRD_PARTY:
        side = ticket.side_conversation(fact.side_id or "")
        yield NotificationKind.SIDE_ANSWERED, (ticket.assignee, side.by if side is not None else None)
    elif fact.visibility is Visibility.PUBLIC:
        if fact.author.kind is ActorKind.REQUESTER:
            yield NotificationKind.REQUESTER_REPLIED, (ticket.assignee,)
        yield NotificationKind.FOLLOWED_MESSAGE, ticket.followers


def message_named(event: Event) -> tuple[str, str | None] | None:
    """The message that an event is about, and the side conversation it is in; None: it is about none."""
    match event.fact:
        case MessageAdded(message_id=found, side_id=side_id) | MessageReleased(message_id=found, side_id=side_id):
            return found, side_id
        case MessageWithdrawn(message_id=found, because=because) if because:
            return found, None
        case _:
            return None


def supervisors_of(desk: Desk, group: str | None) -> tuple[Agent, ...]:
    """Who watches over a group's tickets: the supervisors in it, or else all there are."""
    near = desk.members(group) if group is not None else ()
    return tuple(agent for agent in near if agent.role is Role.SUPERVISOR) or desk.with_role(Role.SUPERVISOR)


def escalated_to(desk: Desk, ticket: Ticket, notify: Iterable[str]) -> tuple[str, ...]:
    """Ids of the agents whom an escalation names: by role, by their part in the ticket, or by id. Each once."""
    roles: dict[str, Iterable[str | None]] = {
        "assignee": (ticket.assignee,),
        "group": (agent.id for agent in (desk.members(ticket.group) if ticket.group is not None else ())),
        "supervisors": (agent.id for agent in supervisors_of(desk, ticket.group)),
        "admins": (agent.id for agent in desk.with_role(Role.ADMIN)),
    }
    found = (agent_id for name in notify for agent_id in roles.get(name, (name,)))
    return tuple(dict.fromkeys(agent_id for agent_id in found if agent_id is not None))


def whose_doing(event: Event) -> Actor:
    """Whom agents are told of: who did it, or who is absent."""
    fact = event.fact
    return Actor(ActorKind.AGENT, fact.agent) if isinstance(fact, HandOverAsked) else event.actor


def doer(actor: Actor, ticket: Ticket, desk: Desk) -> str:
    """What whoever did something is called; empty for the desk itself."""
    if actor.kind is ActorKind.AGENT and actor.id in desk.agents:
        return desk.agents[actor.id].name
    if actor.kind is ActorKind.REQUESTER:
        return ticket.copies.requester_name or ticket.copies.requester_address or ""
    return ""


def bulk_action_of(fact: Fact) -> str | None:
    """The bulk action that something was done by; None if it was done by itself."""
    found = getattr(fact, "because", ())
    reasons: tuple[Reason, ...] = (found,) if isinstance(found, Reason) else found
    return next((str(one.params["job"]) for one in reasons if one.code == "bulk"), None)
