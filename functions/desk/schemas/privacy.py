"""Erasing a person."""

from typing import Annotated

from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Instant
from helpdesk.privacy.model import Phase


class ErasureIn(Struct, frozen=True, forbid_unknown_fields=True):
    """That it is meant."""

    tickets: Annotated[
        int, Meta(ge=0, description="How many tickets they opened, as `GET` says: so many lose every word.")
    ]


class ExportOut(Struct, frozen=True):
    """An export of a person's data."""

    person_id: str
    ordered_at: Instant | None
    ready_at: Annotated[Instant | None, Meta(description="null: it is being written, or nobody ordered one.")]
    url: Annotated[
        str | None, Meta(description="Gives the ZIP file for 15 minutes; null: not ready, or gone after a day.")
    ]


class ErasureOut(Struct, frozen=True):
    """How far a person's erasure is; nothing of the person."""

    person_id: str
    tickets: Annotated[int, Meta(description="How many they opened; 1000: perhaps more.")]
    phase: Annotated[Phase | None, Meta(description="null: nobody ordered it.")]
    emptied: Annotated[int, Meta(description="Tickets that were emptied so far, those they took part in among them.")]
    by: Annotated[str | None, Meta(description="Id of the agent who ordered it.")]
    started_at: Instant | None
    finished_at: Instant | None
