"""Likely duplicates and possible incidents, as agents see them."""

from typing import Annotated

from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Id, Instant, TicketRowOut


class SuspicionOut(Struct, frozen=True):
    """Several people wrote the same in a short time."""

    id: Id
    at: Annotated[Instant, Meta(description="When it was noticed.")]
    people: Annotated[int, Meta(description="How many wrote until now.")]
    tickets: Annotated[list[TicketRowOut], Meta(description="What they wrote, as far as you may see it, oldest first.")]
    incident: Annotated[Id | None, Meta(description="The incident's ticket that was made of it.")]
    settled_by: Annotated[Id | None, Meta(description="Who made it, or said that it is none; null: nobody yet.")]


class SuspicionsOut(Struct, frozen=True):
    """What nobody has decided on, newest first."""

    items: list[SuspicionOut]


class AlikeOut(Struct, frozen=True):
    """What is said by a ticket and by others, too."""

    duplicates: Annotated[
        list[TicketRowOut],
        Meta(description="Open tickets of the same requester or organization, the most alike first; newest week only."),
    ]
    suspicion: Annotated[SuspicionOut | None, Meta(description="The possible incident that it belongs to.")]


class IncidentIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the incident's ticket is called."""

    subject: (
        Annotated[str, Meta(min_length=1, max_length=300, description="Left out: as its first report is.")] | None
    ) = None
