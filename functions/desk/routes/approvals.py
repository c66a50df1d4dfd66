"""Approvals: asking for them, answering as a colleague, and withdrawing them."""

from functions.desk.routes.tasks import KEY, guard_of
from functions.desk.schemas import todo as schemas
from functions.desk.shapes import agent_names
from helpdesk import bootstrap
from helpdesk.approvals.service import ApprovalWish
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.todo import Approval

TAG = "Approvals"


def ask_approval(call: Call) -> Reply:
    """Asks for approval."""
    body: schemas.ApprovalIn = call.body
    due_at = schemas.instant_of(body.due_at, "/due_at") if body.due_at is not None else None
    wish = ApprovalWish(body.approvers, body.question, body.mode, body.shown, due_at)
    found = bootstrap.approvals().ask(call.params["id"], wish, call.agent, guard=guard_of(call, "approvals"))
    return _reply(*found)


def answer_approval(call: Call) -> Reply:
    """Answers as a colleague."""
    body: schemas.ApprovalAnswerIn = call.body
    found = bootstrap.approvals().answer(
        call.params["id"], call.params["approval_id"], body.verdict, body.comment, call.agent
    )
    return _reply(*found)


def withdraw_approval(call: Call) -> Reply:
    """Asks no more."""
    return _reply(*bootstrap.approvals().withdraw(call.params["id"], call.params["approval_id"], call.agent))


def _reply(ticket: Ticket, approval: Approval) -> Reply:
    out = schemas.approval_out(ticket, approval, agent_names())
    return Reply(out, headers={"etag": f'"{ticket.version}"'})


ENDPOINTS = (
    Endpoint(
        "POST /v1/tickets/{id}/approvals",
        name="askApproval",
        summary="Ask colleagues and people outside for their approval",
        description="Each gets a mail. People outside see the question, `shown`, your name and the ticket's number.",
        handle=ask_approval,
        needs=Permission.REPLY,
        body=schemas.ApprovalIn,
        response=schemas.ApprovalOut,
        status=201,
        errors={
            409: "The ticket is closed, or has too many approvals.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=KEY,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/approvals/{approval_id}/answer",
        name="answerApproval",
        summary="Say yes or no to what you were asked; again, until it is settled",
        handle=answer_approval,
        needs=Permission.READ,
        body=schemas.ApprovalAnswerIn,
        response=schemas.ApprovalOut,
        errors={409: "It is settled or withdrawn, or the ticket is closed."},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/approvals/{approval_id}",
        name="withdrawApproval",
        summary="Ask no more: who asked, supervisors and admins",
        handle=withdraw_approval,
        needs=Permission.CHANGE,
        response=schemas.ApprovalOut,
        errors={409: "It is settled, or the ticket is closed."},
        tag=TAG,
    ),
)
