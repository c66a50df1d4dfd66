"""Tying tickets together, merging them, splitting one in two; each can be taken back."""

from functions.desk.schemas import ties as schemas
from functions.desk.schemas.tickets import PageQuery, TicketOut, TicketsOut
from functions.desk.shapes import row_out, ticket_reply
from helpdesk import bootstrap
from helpdesk.kernel.errors import NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.tickets.model import Relation

_AGAIN = "Asked for again, it changes nothing."
_CLOSED = "One of them is closed or merged, or an answer is still held."


def list_links(call: Call) -> Reply:
    """The tickets that one is tied to."""
    tied = bootstrap.together().tied(call.params["id"])
    return Reply(schemas.TiesOut([schemas.TiedOut(one.relation, row_out(one.row, call)) for one in tied]))


def add_link(call: Call) -> Reply:
    """Ties a ticket to another."""
    body: schemas.LinkIn = call.body
    together = bootstrap.together()
    other = together.find(body.ticket)
    return ticket_reply(together.link(call.params["id"], other, Relation(body.relation), call.agent), call)


def remove_link(call: Call) -> Reply:
    """Cuts a tie."""
    relation = call.params["relation"]
    if relation not in set(Relation):
        raise NotFound("There is no such tie.")
    ticket = bootstrap.together().unlink(call.params["id"], call.params["other_id"], Relation(relation), call.agent)
    return ticket_reply(ticket, call)


def list_parts(call: Call) -> Reply:
    """A page of the tickets that are part of an incident."""
    query: PageQuery = call.query
    name, signer = f"parts/{call.params['id']}", bootstrap.signer()
    position = signer.read_cursor(name, query.cursor, call.now)
    page, rows = bootstrap.together().parts(call.params["id"], limit=query.limit, position=position)
    return Reply(TicketsOut([row_out(row, call) for row in rows], signer.sign_cursor(name, page.next_position)))


def merge_ticket(call: Call) -> Reply:
    """Lets a ticket go on in another."""
    body: schemas.MergeIn = call.body
    together = bootstrap.together()
    return ticket_reply(together.merge(call.params["id"], together.find(body.into), call.agent), call)


def unmerge_ticket(call: Call) -> Reply:
    """Lets it go on by itself again."""
    return ticket_reply(bootstrap.together().unmerge(call.params["id"], call.agent), call)


def split_ticket(call: Call) -> Reply:
    """Lets messages go on in a ticket of their own."""
    body: schemas.SplitIn = call.body
    return ticket_reply(bootstrap.together().split(call.params["id"], body.messages, body.subject, call.agent), call)


def undo_split(call: Call) -> Reply:
    """Has them back."""
    return ticket_reply(bootstrap.together().undo_split(call.params["id"], call.agent), call)


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets/{id}/links",
        name="listLinks",
        summary="The tickets that one is tied to, as they stand now",
        handle=list_links,
        needs=Permission.READ,
        response=schemas.TiesOut,
        tag="Tickets together",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/links",
        name="addLink",
        summary="Tie a ticket to another",
        description="`child_of` and `parent_of` make families of two generations; `part_of` makes it one of the many "
        f"reports of an incident that has a ticket of its own. {_AGAIN}",
        handle=add_link,
        needs=Permission.CHANGE,
        body=schemas.LinkIn,
        response=TicketOut,
        errors={409: "It has a parent, or is part of an incident, already; or has children; or has 100 links."},
        tag="Tickets together",
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/links/{relation}/{other_id}",
        name="removeLink",
        summary="Cut a tie",
        description=_AGAIN,
        handle=remove_link,
        needs=Permission.CHANGE,
        response=TicketOut,
        tag="Tickets together",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/parts",
        name="listParts",
        summary="The tickets that are part of an incident, oldest first",
        handle=list_parts,
        needs=Permission.READ,
        query=PageQuery,
        response=TicketsOut,
        tag="Tickets together",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/merge",
        name="mergeTicket",
        summary="Let a ticket go on in another",
        description="It closes; its messages are read in the other one, its people take part there, and what they "
        "write from now on lands there. Answers with the ticket that was merged.",
        handle=merge_ticket,
        needs=Permission.CHANGE,
        body=schemas.MergeIn,
        response=TicketOut,
        errors={409: _CLOSED},
        tag="Tickets together",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/unmerge",
        name="unmergeTicket",
        summary="Let a merged ticket go on by itself again, as it stood",
        description="What was written in the other one meanwhile stays there.",
        handle=unmerge_ticket,
        needs=Permission.CHANGE,
        response=TicketOut,
        errors={409: "It is not merged, or the other one was merged on since."},
        tag="Tickets together",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/split",
        name="splitTicket",
        summary="Let messages go on in a ticket of their own",
        description="Answers with the new ticket. Its requester is who wrote the first of the messages.",
        handle=split_ticket,
        needs=Permission.CHANGE,
        body=schemas.SplitIn,
        response=TicketOut,
        status=201,
        errors={409: "It was merged, or a message went on elsewhere already."},
        tag="Tickets together",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/undo-split",
        name="undoSplit",
        summary="Have the messages back that went on in this ticket",
        description="Answers with the ticket that they came from, and are in again; this one goes on there.",
        handle=undo_split,
        needs=Permission.CHANGE,
        response=TicketOut,
        errors={409: "It was not split off, or somebody wrote in it since."},
        tag="Tickets together",
    ),
)
