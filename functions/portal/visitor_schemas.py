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
    by_code: Annotated[
        bool, Meta(description="A code is wanted even where the address's organization has a sign-in of its own.")
    ] = False


class OrganizationSignInOut(Struct, frozen=True):
    """A sign-in of the organization whose people have such addresses."""

    name: Annotated[str, Meta(description="The organization's.")]
    required: Annotated[bool, Meta(description="Its people get no codes.")]


class SignInOut(Struct, frozen=True):
    """What the mailed code is worth something together with; or where to sign in instead."""

    token: Annotated[str | None, Meta(description="Send it with the code; null: none was mailed.")]
    organization: Annotated[
        OrganizationSignInOut | None,
        Meta(description="Go on at `POST /v1/portal/single-sign-on`; null: a code was mailed."),
    ] = None


class SignOnStartIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to sign in at their organization."""

    email: Email
    locale: Locale | None = None


class SignOnStartOut(Struct, frozen=True):
    """Where to go."""

    url: str


class SignOnFinishIn(Struct, frozen=True, forbid_unknown_fields=True):
    """With what a browser came back from the organization's provider."""

    code: Annotated[str, Meta(min_length=1, max_length=4000)]
    state: Annotated[str, Meta(min_length=1, max_length=200)]
    iss: Annotated[str, Meta(max_length=500, description="As the provider named itself.")] | None = None


class SignedOnOut(Struct, frozen=True):
    """Who has signed in."""

    email: str


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
    taking_part: Annotated[bool, Meta(description="It is another's, and you take part in it.")]

    @classmethod
    def of(
        cls,
        row: TicketRow,
        statuses: Mapping[str, StatusDefinition],
        ids: Collection[str],
        query: RequestsQuery,
        *,
        part: bool,
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
            taking_part=part and not mine,
        )


class RequestsOut(Struct, frozen=True):
    """A page of requests."""

    items: list[RequestRowOut]
    next_cursor: str | None
