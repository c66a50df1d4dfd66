"""What the endpoints of customers who sign in take and give."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from helpdesk.channels.schemas import BrandId, Email, Instant, Locale
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.text import LANGUAGES
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Status
from helpdesk.tickets.views import TicketRow
from helpdesk.tickets.workflow import StatusDefinition

_ANSWERS = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE})


class SignInIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to sign in."""

    email: Email
    locale: Locale | None = None
    brand: BrandId | None = None


class SignInOut(Struct, frozen=True):
    """What the mailed code is worth something together with."""

    token: Annotated[str, Meta(description="Send it with the code.")]


class SessionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A code, or a link that has it in it."""

    token: Annotated[str, Meta(max_length=1000, description="As `POST /v1/portal/sign-in` gave it; or the link's.")]
    code: Annotated[str, Meta(max_length=40)] | None = None


class VisitorOut(Struct, frozen=True):
    """Who is signed in."""

    email: str
    name: str | None
    organization: Annotated[str | None, Meta(description="Whose requests they may see beside their own.")]


class RequestsQuery(Struct, frozen=True):
    """Which requests."""

    whose: Literal["mine", "organization"] = "mine"
    state: Literal["open", "done", "all"] = "all"
    locale: Locale = LANGUAGES[0]
    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class RequestRowOut(Struct, frozen=True):
    """A request in a list."""

    id: str
    number: int
    subject: str
    status: Status
    status_name: str | None
    created_at: Instant
    updated_at: Instant
    expected_reply_by: Instant | None
    mine: bool
    requester_name: Annotated[str | None, Meta(description="Whose it is, if not yours.")]
    taking_part: Annotated[bool, Meta(description="It is among yours because you take part in it.")]

    @classmethod
    def of(
        cls, row: TicketRow, statuses: Mapping[str, StatusDefinition], ids: Collection[str], query: RequestsQuery
    ) -> Self:
        """A row as its requester sees it, who takes part in it, or somebody of their organization."""
        stands = statuses.get(row.custom_status or row.status.value)
        waits = row.status.category.value != "done"
        due = min(
            (c.due_at for c in row.clocks if waits and c.metric in _ANSWERS and c.due_at and not c.met_at), default=None
        )
        mine = row.requester_id in ids
        return cls(
            id=row.id,
            number=row.number,
            subject=row.subject,
            status=row.status,
            status_name=stands.told(query.locale) if stands is not None else None,
            created_at=format_instant(row.created_at),
            updated_at=format_instant(row.updated_at),
            expected_reply_by=format_instant(due) if due is not None else None,
            mine=mine,
            requester_name=None if mine else row.requester_name,
            taking_part=not mine and query.whose == "mine",
        )


class RequestsOut(Struct, frozen=True):
    """A page of requests."""

    items: list[RequestRowOut]
    next_cursor: str | None
