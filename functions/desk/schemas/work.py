"""Opening tickets, changing who asks, putting aside, and time: what these endpoints take and give."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from functions.desk.schemas.tickets import FieldName, FieldValue, Id, Instant, Moment, Readers, Tag
from helpdesk.tickets.model import Channel, Level, Priority, Status, TicketType

Seconds = Annotated[int, Meta(ge=1, le=604_800, examples=[900])]
Note = Annotated[str, Meta(max_length=2000)]


class SomebodyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody by id, or by address; who is not known yet becomes known."""

    id: Id | None = None
    email: Annotated[str, Meta(min_length=3, max_length=254, examples=["minsu.kim@example.com"])] | None = None
    name: Annotated[str, Meta(max_length=200)] | None = None
    locale: Annotated[str, Meta(max_length=35)] | None = None


class TicketIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket that an agent opens for somebody."""

    requester: SomebodyIn
    subject: Annotated[str, Meta(min_length=1, max_length=300)]
    body: Annotated[str, Meta(min_length=1, max_length=100_000)]
    channel: Annotated[Channel, Meta(description="How the matter came.")] = Channel.PHONE
    written_by: Annotated[
        Literal["requester", "agent"],
        Meta(
            description="`requester`: the body is what they said, written down. `agent`: it is a first message of ours, "
            "which goes to the requester by mail unless it is internal."
        ),
    ] = "requester"
    visibility: Readers = "public"
    acknowledge: Annotated[bool, Meta(description="Tell the requester that what they said has arrived.")] = True
    priority: Annotated[Priority | None, Meta(description="Left out: by impact and urgency, or else normal.")] = None
    impact: Level | None = None
    urgency: Level | None = None
    product: Id | None = None
    type: TicketType = TicketType.REQUEST
    category: Id | None = None
    group: Id | None = None
    assignee: Annotated[str, Meta(max_length=64, description="Id of an agent, or `me`.")] | None = None
    status: Status | None = None
    custom_status: Id | None = None
    tags: Annotated[list[Tag], Meta(max_length=50)] = msgspec.field(default_factory=list)
    fields: Annotated[dict[FieldName, FieldValue], Meta(max_length=100)] = msgspec.field(default_factory=dict)
    participants: Annotated[list[SomebodyIn], Meta(max_length=20)] = msgspec.field(default_factory=list)
    due_at: Moment | None = None
    attachments: Annotated[list[Annotated[str, Meta(max_length=1000)]], Meta(max_length=10)] = msgspec.field(
        default_factory=list
    )


class RequesterIn(SomebodyIn, frozen=True, forbid_unknown_fields=True):
    """Who shall ask from now on, by id or by address."""

    keep_former: Annotated[bool, Meta(description="Let the one before take part.")] = False


class SnoozeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Until when."""

    until: Annotated[
        Moment | None, Meta(description="At most a year from now; null: until the requester answers, whenever that is.")
    ]


class TimeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Time that somebody spent."""

    seconds: Seconds
    billable: bool = False
    started_at: Moment | None = None
    note: Note = ""
    agent: Annotated[Id | None, Meta(description="Who worked; supervisors write down others' time, too.")] = None


class TimePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What an entry shall say; what is left out stays."""

    seconds: Seconds | UnsetType = UNSET
    billable: bool | UnsetType = UNSET
    started_at: Moment | UnsetType = UNSET
    note: Note | UnsetType = UNSET


class TimeOut(Struct, frozen=True):
    """Time that somebody spent."""

    id: str
    agent: str
    agent_name: str | None
    seconds: int
    billable: bool
    started_at: Instant | None
    note: str
    logged_at: Instant
    logged_by: str
    changed_at: Instant | None


class TimesOut(Struct, frozen=True):
    """A page of entries, newest first; the totals are the ticket's."""

    items: list[TimeOut]
    next_cursor: str | None
