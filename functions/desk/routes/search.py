"""Finding tickets by what was written."""

from functions.desk.schemas import search as schemas
from functions.desk.shapes import row_out
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.search.excerpt import Excerpt
from helpdesk.search.service import Found


def search_tickets(call: Call) -> Reply:
    """A page of what fits a query."""
    query: schemas.SearchQuery = call.query
    signer = bootstrap.signer()
    position = signer.read_cursor("search", query.cursor, call.now)
    page = bootstrap.search().search(query.q, call.agent, limit=query.limit, position=position)
    items = [_found_out(found, call) for found in page.items]
    return Reply(schemas.FoundPageOut(items, signer.sign_cursor("search", page.next_position)))


def similar_tickets(call: Call) -> Reply:
    """Done tickets like one."""
    query: schemas.SimilarQuery = call.query
    found = bootstrap.search().similar(call.params["id"], call.agent, limit=query.limit)
    return Reply(schemas.SimilarOut([_found_out(one, call) for one in found]))


def _found_out(found: Found, call: Call) -> schemas.FoundOut:
    message = found.message
    excerpt = None
    if found.excerpt is not None:
        excerpt = schemas.ExcerptOut(
            text=found.excerpt.text,
            ranges=_ranges(found.excerpt),
            message_id=message.id if message is not None else None,
            at=format_instant(message.at) if message is not None else None,
            author_kind=message.author.kind if message is not None else None,
            visibility=message.visibility if message is not None else None,
            side_id=message.side_id if message is not None else None,
        )
    subject = schemas.MarkedOut(found.subject.text, _ranges(found.subject))
    return schemas.FoundOut(row_out(found.row, call), subject, excerpt)


def _ranges(excerpt: Excerpt) -> list[list[int]]:
    return [[begin, end] for begin, end in excerpt.ranges]


ENDPOINTS = (
    Endpoint(
        "GET /v1/search",
        name="searchTickets",
        summary="Find tickets by what was written in them, best first",
        description="Finds Korean and Japanese words inside words and Latin ones also misspelt, in subjects, messages, names "
        "and addresses of people, tags, fields and names of files. With filters alone it lists.",
        handle=search_tickets,
        needs=Permission.READ,
        query=schemas.SearchQuery,
        response=schemas.FoundPageOut,
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/similar",
        name="similarTickets",
        summary="Done tickets that are most like a ticket",
        handle=similar_tickets,
        needs=Permission.READ,
        query=schemas.SimilarQuery,
        response=schemas.SimilarOut,
        tag="Tickets",
    ),
)
