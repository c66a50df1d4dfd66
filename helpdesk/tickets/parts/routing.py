"""What the router proposes for a ticket: what its words say of it, its group, its agent. All of it yields to people."""

from dataclasses import replace
from typing import Final

from helpdesk.tickets.commands import AskHandOver, RouteTicket, SuspectIncident
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TicketCategoryChanged, TicketPriorityChanged, TicketTagsChanged
from helpdesk.tickets.model import Priority, Reason, Ticket
from helpdesk.tickets.parts.clocks import apply_policy
from helpdesk.tickets.parts.properties import MAX_TAGS, assign
from helpdesk.tickets.triaging import HandOverAsked, IncidentSuspected, Suggestion, Triage, TriageField, TriageSuggested

MARKS: Final = {TriageField.SENTIMENT: "upset", TriageField.SPAM: "spam"}
"""The one value of these fields that matters; acting on it gives the ticket the tag of that name."""


@apply.register
def _(fact: TriageSuggested, ticket: Ticket) -> Ticket:
    return replace(ticket, triage=Triage(fact.model, fact.suggestions))


@decide_on.register
def _(command: RouteTicket, draft: Draft) -> None:
    before = draft.ticket
    if before.done:
        return
    if command.triage is not None and before.triage is None:
        _take_up(draft, command.triage, command)
    if before.assignee is None or before.assignee == command.away:
        group = before.group or command.group
        assignee = command.assignee if group == command.group else None
        assign(draft, group=group, assignee=assignee, because=command.because)
    after = draft.ticket
    if (after.group, after.category, after.priority) != (before.group, before.category, before.priority):
        apply_policy(draft)


@decide_on.register
def _(command: SuspectIncident, draft: Draft) -> None:
    draft.state(IncidentSuspected(command.cluster_id, command.people))


@decide_on.register
def _(command: AskHandOver, draft: Draft) -> None:
    draft.state(HandOverAsked(command.agent))


def _take_up(draft: Draft, triage: Triage, command: RouteTicket) -> None:
    """States what is suggested, and does what the desk may do by itself where nobody has decided yet."""
    ticket = draft.ticket
    taken = tuple(
        replace(one, acted=True if one.acted and _open_to(one, ticket, command) else None) for one in triage.suggestions
    )
    draft.state(TriageSuggested(triage.model, taken))
    for one in taken:
        if one.acted:
            _act(draft, one)


def _open_to(one: Suggestion, ticket: Ticket, command: RouteTicket) -> bool:
    """Whether nobody has said anything about a field yet, so that the desk may."""
    match one.field:
        case TriageField.CATEGORY:
            return ticket.category is None
        case TriageField.GROUP:
            return ticket.group is None and ticket.assignee is None and command.group == one.value
        case TriageField.PRIORITY:
            unsaid = ticket.priority is Priority.NORMAL and ticket.impact is None and ticket.urgency is None
            return unsaid and one.value != Priority.NORMAL
        case TriageField.SENTIMENT | TriageField.SPAM:
            tagged = one.value in ticket.tags or len(ticket.tags) >= MAX_TAGS
            return one.value == MARKS[one.field] and not tagged
        case TriageField.LANGUAGE:
            return False


def _act(draft: Draft, one: Suggestion) -> None:
    because = (Reason("triage", {"confidence": one.confidence // 10}),)
    match one.field:
        case TriageField.CATEGORY:
            draft.state(TicketCategoryChanged(draft.ticket.category, one.value, because))
        case TriageField.PRIORITY:
            draft.state(TicketPriorityChanged(draft.ticket.priority, Priority(one.value), because))
        case TriageField.SENTIMENT | TriageField.SPAM:
            draft.state(TicketTagsChanged(added=(one.value,), because=because))
        case TriageField.GROUP | TriageField.LANGUAGE:
            pass  # the group is given along with the agent, just below
