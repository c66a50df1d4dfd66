"""Whose yes is waited for on a ticket: asked, answered by those who were asked alone, settled by the mode's rule."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from helpdesk.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.tickets.commands import AnswerApproval, AskApproval, WithdrawApproval
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.model import SWEEPER, Status, Ticket
from helpdesk.tickets.parts.properties import refuse_if_closed
from helpdesk.tickets.todo import (
    MAX_APPROVALS,
    MAX_APPROVERS,
    Answer,
    Approval,
    ApprovalAnswered,
    ApprovalDue,
    ApprovalRequested,
    ApprovalSettled,
    ApprovalState,
    ApprovalWithdrawn,
    ApprovalWords,
    Verdict,
    settled_as,
)

# --- how facts fold --------------------------------------------------------------------------------------------------


@apply.register
def _(fact: ApprovalRequested, ticket: Ticket) -> Ticket:
    asked = Approval(fact.approval_id, fact.mode, fact.asked_by, ticket.updated_at, fact.approvers, fact.due_at)
    return replace(ticket, approvals=(*ticket.approvals, asked))


@apply.register
def _(fact: ApprovalAnswered, ticket: Ticket) -> Ticket:
    approval = _approval(ticket, fact.approval_id)
    others = tuple(one for one in approval.answers if one.approver != fact.approver)
    given = Answer(fact.approver, fact.verdict, ticket.updated_at)
    return _with(ticket, replace(approval, answers=(*others, given)))


@apply.register
def _(fact: ApprovalSettled, ticket: Ticket) -> Ticket:
    settled = _approval(ticket, fact.approval_id)
    return _with(ticket, replace(settled, state=ApprovalState(fact.outcome.value), settled_at=ticket.updated_at))


@apply.register
def _(fact: ApprovalWithdrawn, ticket: Ticket) -> Ticket:
    withdrawn = _approval(ticket, fact.approval_id)
    return _with(ticket, replace(withdrawn, state=ApprovalState.WITHDRAWN, settled_at=ticket.updated_at))


@apply.register
def _(fact: ApprovalDue, ticket: Ticket) -> Ticket:
    return _with(ticket, replace(_approval(ticket, fact.approval_id), reminded_at=fact.due_at))


def find_approval(ticket: Ticket, approval_id: str) -> Approval | None:
    """An approval of a ticket."""
    return next((one for one in ticket.approvals if one.id == approval_id), None)


def _approval(ticket: Ticket, approval_id: str) -> Approval:
    found = find_approval(ticket, approval_id)
    if found is None:
        raise ValueError("an approval's fact on a ticket without it")
    return found


def _with(ticket: Ticket, changed: Approval) -> Ticket:
    return replace(ticket, approvals=tuple(changed if one.id == changed.id else one for one in ticket.approvals))


# --- what comes of commands ------------------------------------------------------------------------------------------


@decide_on.register
def _(command: AskApproval, draft: Draft) -> None:
    refuse_if_closed(draft)
    ticket = draft.ticket
    if find_approval(ticket, command.approval_id) is not None:
        return
    if len(ticket.approvals) >= MAX_APPROVALS:
        raise Conflict(f"At most {MAX_APPROVALS} approvals can be asked for on one ticket.")
    if not 0 < len(set(command.approvers)) == len(command.approvers) <= MAX_APPROVERS:
        raise Invalid(f"Ask 1 to {MAX_APPROVERS} people, each once.")
    draft.state(ApprovalRequested(command.approval_id, command.mode, draft.actor.id, command.approvers, command.due_at))
    _say(draft, command.approval_id, command.words)


@decide_on.register
def _(command: AnswerApproval, draft: Draft) -> None:
    approval = _wanted(draft, command.approval_id)
    if command.approver not in approval.approvers:
        raise Forbidden("Only who was asked can answer.")
    words = draft.ticket.copies.approvals.get(approval.id, ApprovalWords(""))
    before = approval.answer_of(command.approver)
    key = command.approver.key
    if before is not None and (before.verdict, words.comments.get(key, "")) == (command.verdict, command.comment):
        return  # the same click again
    if not approval.pending:
        raise Conflict(f"It is settled already: {approval.state}.")
    refuse_if_closed(draft)
    draft.state(ApprovalAnswered(approval.id, command.approver, command.verdict))
    others = {other: said for other, said in words.comments.items() if other != key}
    _say(draft, approval.id, replace(words, comments=others | ({key: command.comment} if command.comment else {})))
    answered = _wanted(draft, approval.id)
    verdicts = Counter(one.verdict for one in answered.answers)
    state = settled_as(answered.mode, len(answered.approvers), verdicts)
    if state is not ApprovalState.PENDING:
        draft.state(ApprovalSettled(approval.id, Verdict(state.value)))


@decide_on.register
def _(command: WithdrawApproval, draft: Draft) -> None:
    approval = _wanted(draft, command.approval_id)
    if approval.state is ApprovalState.WITHDRAWN:
        return
    if not approval.pending:
        raise Conflict(f"It is settled already: {approval.state}.")
    refuse_if_closed(draft)
    draft.state(ApprovalWithdrawn(approval.id))


def _wanted(draft: Draft, approval_id: str) -> Approval:
    found = find_approval(draft.ticket, approval_id)
    if found is None:
        raise NotFound("There is no such approval.")
    return found


def _say(draft: Draft, approval_id: str, words: ApprovalWords) -> None:
    draft.copy(approvals={**draft.ticket.copies.approvals, approval_id: words})


# --- time ------------------------------------------------------------------------------------------------------------


def approvals_due_at(ticket: Ticket) -> datetime | None:
    """When the next approval falls due; on a closed ticket none does."""
    instants = () if ticket.status is Status.CLOSED else (one.tells_at for one in ticket.approvals)
    return min((at for at in instants if at is not None), default=None)


def settle_approvals(draft: Draft) -> None:
    """Records which approvals fell due before this instant, in that order."""
    while (due_at := approvals_due_at(draft.ticket)) is not None and due_at <= draft.now:
        approval = next(one for one in draft.ticket.approvals if one.tells_at == due_at)
        draft.state(ApprovalDue(approval.id, due_at), actor=SWEEPER)
