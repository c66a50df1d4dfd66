"""What a search asks, and what it finds."""

from typing import Annotated

from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Instant, TicketRowOut
from helpdesk.search.query import LONGEST_QUERY
from helpdesk.tickets.model import ActorKind, Visibility

Range = Annotated[list[int], Meta(min_length=2, max_length=2, examples=[[4, 11]])]


class SearchQuery(Struct, frozen=True):
    """What is looked for."""

    q: Annotated[
        str,
        Meta(
            max_length=LONGEST_QUERY,
            description='Words, `"exact phrases"`, `-excluded` ones, a ticket\'s number, and filters: `status:open`, '
            "`group:billing`, `assignee:me`, `from:kim@`, `tag:vip`, `category:`, `priority:`, `channel:`, `type:`, "
            "`requester:`, `organization:`, `after:2026-11-01`, `before:2026-11-30`. Several values of a filter stand with "
            "commas; a filter with `-` in front leaves out.",
            examples=["printer status:open from:kim@"],
        ),
    ]
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class SimilarQuery(Struct, frozen=True):
    """How many are wanted."""

    limit: Annotated[int, Meta(ge=1, le=20)] = 5


class MarkedOut(Struct, frozen=True):
    """A text, and what of it is to be marked."""

    text: str
    ranges: Annotated[
        list[Range],
        Meta(description="Begin and end of each place, in UTF-16 units as JavaScript counts; in order, apart."),
    ]


class ExcerptOut(MarkedOut, frozen=True):
    """The piece of a message, or of what else a ticket says, that fits best."""

    message_id: Annotated[str | None, Meta(description="Null: it is of the ticket itself: people, tags, fields.")]
    at: Instant | None
    author_kind: ActorKind | None
    visibility: Visibility | None
    side_id: Annotated[str | None, Meta(description="The side conversation that the message is in.")] = None


class FoundOut(Struct, frozen=True):
    """A ticket that was found."""

    ticket: TicketRowOut
    subject: MarkedOut
    excerpt: ExcerptOut | None


class FoundPageOut(Struct, frozen=True):
    """A page of what was found, best first."""

    items: list[FoundOut]
    next_cursor: Annotated[
        str | None,
        Meta(
            description="A page may be short, or empty, and still have one: where filters leave out most of what fits."
        ),
    ]


class SimilarOut(Struct, frozen=True):
    """Done tickets, the most similar first."""

    items: list[FoundOut]
