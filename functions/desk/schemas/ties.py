"""Tickets tied together, merged and split, as agents see them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Id, TicketRowOut
from helpdesk.tickets.model import Relation

TicketName = Annotated[
    str, Meta(min_length=1, max_length=64, examples=["1042"], description="A ticket's id or its number.")
]


class LinkIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A tie to another ticket, read from this one: this one `relation` that one."""

    relation: Literal["relates_to", "child_of", "parent_of", "part_of"]
    ticket: TicketName


class TiedOut(Struct, frozen=True):
    """A ticket that another is tied to, as it stands now."""

    relation: Relation
    ticket: TicketRowOut


class TiesOut(Struct, frozen=True):
    """All tickets that one is tied to."""

    items: list[TiedOut]


class MergeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a ticket shall go on."""

    into: TicketName


class SplitIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall go on in a ticket of its own."""

    messages: Annotated[list[Id], Meta(min_length=1, max_length=20)]
    subject: Annotated[str, Meta(max_length=300, description="Left out: the ticket's own.")] | None = None
