"""Tickets, messages and history as agents see them."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from functions.desk.schemas.todo import ApprovalOut, TaskOut
from helpdesk.kernel.clock import desk_instant, format_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import (
    ActorKind,
    Channel,
    Content,
    Level,
    Priority,
    Relation,
    Status,
    TicketType,
    Visibility,
)
from helpdesk.tickets.views import ClockState

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"], description="RFC 3339 with milliseconds, in UTC.")]
Moment = Annotated[
    datetime, Meta(tz=True, examples=["2026-11-23T09:00:00Z"], description="RFC 3339, with a time zone.")
]
Id = Annotated[str, Meta(max_length=64, examples=["01JDA8Z0W3E6Q1V7N5T9XKRB4C"])]
Tag = Annotated[str, Meta(min_length=1, max_length=60)]
FieldName = Annotated[str, Meta(min_length=1, max_length=100)]
ShortText = Annotated[str, Meta(max_length=2000)]
Delivery = Literal["queued", "sent", "delivered", "delayed", "bounced", "complained", "failed", "withdrawn"]
_FIRST_YEAR, _LAST_YEAR = 2000, 2199
Readers = Literal["public", "internal"]
Files = Annotated[list[Annotated[str, Meta(max_length=1000)]], Meta(max_length=10)]
HoldSeconds = Annotated[
    int,
    Meta(ge=0, le=600, description="How long what leaves the desk can be taken back; at most what `/v1/me` says."),
]
FieldValue = ShortText | int | float | bool | list[ShortText] | None


class FirstPageQuery(Struct, frozen=True):
    """How much of the first page of a list."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class PageQuery(Struct, frozen=True):
    """Which page of a list."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class TicketsFilter(Struct, frozen=True):
    """Which tickets; what is left out does not matter."""

    group: Annotated[str, Meta(max_length=64, description="Id of a group, or `none`.")] | None = None
    assignee: Annotated[str, Meta(max_length=64, description="Id of an agent, `me` or `none`.")] | None = None
    status: (
        Annotated[
            str,
            Meta(
                max_length=200,
                description="Statuses with commas, further ones by their ids; `active` and `done` mean several.",
            ),
        ]
        | None
    ) = None
    category: Annotated[str, Meta(max_length=64)] | None = None
    priority: Priority | None = None
    type: TicketType | None = None
    product: Annotated[str, Meta(max_length=64, description="Id of a product, or `none`.")] | None = None
    field: (
        Annotated[
            str,
            Meta(
                max_length=200,
                examples=["order:HB-20881"],
                description="A field and what it holds: of choices an id, of a checkbox `true`. Short values only.",
            ),
        ]
        | None
    ) = None
    q: (
        Annotated[
            str,
            Meta(
                max_length=200,
                description="A ticket's number, or words of its subject, requester, tags or last message.",
            ),
        ]
        | None
    ) = None
    requester: (
        Annotated[str, Meta(max_length=64, description="Id of a requester, whoever was merged into them.")] | None
    ) = None
    organization: Annotated[str, Meta(max_length=64, description="Id of an organization.")] | None = None
    snoozed: Annotated[
        Literal["include", "exclude", "only"], Meta(description="Whether tickets count that are put aside.")
    ] = "include"
    breaches_within: (
        Annotated[
            str,
            Meta(
                pattern="^[1-9][0-9]{0,3}[mhd]$",
                examples=["2h"],
                description="With a clock that runs out within so many minutes, hours or days, if nobody stops it.",
            ),
        ]
        | None
    ) = None


class TicketsQuery(TicketsFilter, frozen=True):
    """Which tickets, and which page of them."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class RequesterOut(Struct, frozen=True):
    """Who asks."""

    id: str
    name: str | None
    email: str | None


class RequesterDetailsOut(RequesterOut, frozen=True):
    """Who asks, and whether mail reaches them."""

    undeliverable: Annotated[bool, Meta(description="A mail to the address came back for good.")]
    complained: Annotated[bool, Meta(description="Somebody there called the desk's mail spam.")]


class ParticipantIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who shall take part."""

    email: Annotated[str, Meta(min_length=3, max_length=254, examples=["minsu.kim@example.com"])]
    name: Annotated[str, Meta(max_length=200)] | None = None


class LastMessageOut(Struct, frozen=True):
    """The newest message, in short."""

    at: Instant
    author_kind: ActorKind
    visibility: Visibility
    preview: str


class ClockOut(Struct, frozen=True):
    """An SLA clock."""

    metric: Metric
    state: ClockState
    due_at: Instant | None
    remaining_seconds: Annotated[int, Meta(description="Left on a paused clock.")] | None
    met_at: Instant | None
    breached_at: Instant | None


class SlaOut(Struct, frozen=True):
    """The SLA of a ticket."""

    policy: str | None
    next_due_at: Instant | None
    clocks: list[ClockOut]


class NumberedOut(Struct, frozen=True):
    """Another ticket, by its id and number."""

    id: str
    number: int


class TicketRowOut(Struct, frozen=True):
    """A ticket in a list."""

    id: str
    number: int
    subject: str
    status: Status
    custom_status: Annotated[str | None, Meta(description="Id of the admin's status that stands over `status`.")]
    priority: Priority
    impact: Level | None
    urgency: Level | None
    type: TicketType
    channel: Channel
    category: str | None
    product: str | None
    group: str | None
    assignee: str | None
    requester: RequesterOut
    tags: list[str]
    version: int
    created_at: Instant
    updated_at: Instant
    last_message: LastMessageOut | None
    fields: Annotated[dict[str, FieldValue], Meta(description="In lists the short ones only.")]
    sla: SlaOut
    due_at: Annotated[Instant | None, Meta(description="Until when somebody wants it done, whatever the SLA says.")]
    snoozed: Annotated[bool, Meta(description="It is put aside.")]
    snoozed_until: Annotated[Instant | None, Meta(description="Null with `snoozed`: until the requester answers.")]
    snoozed_by: str | None
    cleared: Annotated[list[Content], Meta(description="What a rule of retention took out of it.")]
    legal_hold: Annotated[bool, Meta(description="Nothing may be taken out of it, by whatever rule or erasure.")]


class TicketsOut(Struct, frozen=True):
    """A page of tickets."""

    items: list[TicketRowOut]
    next_cursor: str | None


class LinkedOut(Struct, frozen=True):
    """A tie to another ticket."""

    id: str
    number: int
    relation: Relation


class RatingAnswerOut(Struct, frozen=True):
    """A question of the survey and what was answered."""

    question: str
    answer: str | int | bool


class RatingOut(Struct, frozen=True, omit_defaults=True):
    """What the survey brought."""

    rating: int
    comment: str | None
    answers: Annotated[list[RatingAnswerOut], Meta(description="To the survey's own questions.")] = []


class HeldOut(Struct, frozen=True):
    """An answer, or a message to third parties, that waits to be sent."""

    message_id: str
    author: str
    send_at: Instant
    status: Annotated[Status | None, Meta(description="Set when it is sent.")]
    overtaken: Annotated[bool, Meta(description="The requester wrote meanwhile: `status` will not be set.")]
    unless_requester_replies: bool
    side_id: Annotated[str | None, Meta(description="Of the side conversation it is written in.")]


class SidePersonOut(RequesterDetailsOut, frozen=True):
    """Somebody who is asked."""

    cc: Annotated[bool, Meta(description="In copy only.")]


class SideOut(Struct, frozen=True):
    """A thread of its own with third parties; the requester never sees it."""

    id: str
    number: Annotated[int, Meta(description="Its mails are headed `[#1042-1]`: the ticket's number and this one.")]
    subject: str
    started_by: Annotated[str, Meta(description="Id of an agent.")]
    people: list[SidePersonOut]
    state: Literal["open", "closed"]
    reopen_on_answer: bool
    messages: Annotated[int, Meta(description="How many went out or came in.")]
    last_at: Instant | None
    last_by: Annotated[ActorKind | None, Meta(description="`third_party`: they answered.")]


class TicketOut(TicketRowOut, frozen=True):
    """A ticket. Its participants get every answer by mail and may write to it, as the requester does."""

    requester: RequesterDetailsOut
    participants: list[RequesterDetailsOut]
    language: str
    linked_tickets: list[LinkedOut]
    merged_into: Annotated[NumberedOut | None, Meta(description="It goes on in that ticket.")]
    side_conversations: list[SideOut]
    merged_from: Annotated[list[NumberedOut], Meta(description="Tickets that go on in this one.")]
    solved_at: Instant | None
    closed_at: Instant | None
    rating: RatingOut | None
    tasks: Annotated[list[TaskOut], Meta(description="In order.")]
    approvals: Annotated[list[ApprovalOut], Meta(description="Oldest first.")]
    organization: str | None
    followers: Annotated[list[str], Meta(description="Agents who are told what happens to it.")]
    held: Annotated[list[HeldOut], Meta(description="Answers that wait to be sent, soonest first.")]
    time_seconds: Annotated[int, Meta(description="All time logged on it.")]
    billable_seconds: Annotated[int, Meta(description="The part of it that is billed.")]


class TicketPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be other; what is left out stays."""

    status: Annotated[Status | UnsetType, Meta(description="Takes a further status away.")] = UNSET
    custom_status: Annotated[
        Annotated[str, Meta(max_length=64)] | UnsetType | None,
        Meta(description="Id of a further status; sets `status` too. null: none."),
    ] = UNSET
    type: TicketType | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    impact: Annotated[
        Level | UnsetType | None, Meta(description="With `urgency` chooses the priority, unless that is given too.")
    ] = UNSET
    urgency: Level | UnsetType | None = UNSET
    product: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    assignee: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    group: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    category: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    tags: Annotated[list[Tag], Meta(max_length=50)] | UnsetType = UNSET
    fields: Annotated[dict[FieldName, FieldValue], Meta(max_length=100)] | UnsetType = UNSET
    organization: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType | None = UNSET
    due_at: Moment | UnsetType | None = UNSET


class MessageIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent writes: plain in `body`, or formatted in `html`."""

    body: Annotated[str, Meta(max_length=100_000, description="May be left out with `html`, which says the same.")] = ""
    html: (
        Annotated[
            str,
            Meta(
                max_length=300_000,
                description="With paragraphs, bold, italic, underlined and struck words, lists, links, quotations and code; "
                "all else is taken out, and the plain text is made of it. `cid:upload-0` as the address of an `img` is the "
                "first file of `attachments`, shown in its place.",
                examples=['<p>Take the <strong>left</strong> one:</p><p><img src="cid:upload-0" alt=""></p>'],
            ),
        ]
        | None
    ) = None
    visibility: Readers = "public"
    status: Annotated[Status, Meta(description="Set along with the message.")] | None = None
    custom_status: (
        Annotated[str, Meta(max_length=64, description="Id of a further status to set along with the message.")] | None
    ) = None
    attachments: Files = msgspec.field(default_factory=list)
    hold_seconds: HoldSeconds = 0
    seen_message_id: (
        Annotated[
            str,
            Meta(
                max_length=64,
                description="The newest message that was read before this was written. If somebody else's public message "
                "came after it, a public answer is refused with the code `newer_message`.",
            ),
        ]
        | None
    ) = None
    confirm: Annotated[bool, Meta(description="Send it whatever came after `seen_message_id`.")] = False
    send_at: (
        Annotated[datetime, Meta(tz=True, description="Send a public answer then, at most a year from now.")] | None
    ) = None
    unless_requester_replies: Annotated[
        bool, Meta(description="Of one that is sent later: take it back by itself if the requester writes before.")
    ] = False
    mentions: Annotated[
        list[Id],
        Meta(max_length=50, description="Agents whom a note calls, beside those whom its text calls by `@name`."),
    ] = msgspec.field(default_factory=list)


class MessagePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be other about an answer that waits to be sent; what is left out stays."""

    body: Annotated[str, Meta(min_length=1, max_length=100_000)] | None = None
    send_at: Moment | None = None


class AuthorOut(Struct, frozen=True):
    """Who wrote."""

    kind: ActorKind
    id: str
    name: str | None


class FileOut(Struct, frozen=True):
    """A file of a message."""

    id: str
    filename: str
    content_type: str
    size: int
    inline: bool


class RemarkOut(Struct, frozen=True):
    """What the desk itself notes: `body_text` says it in the caller's language."""

    code: Annotated[str, Meta(examples=["mail_bounced"])]
    params: dict[str, str | int]


class MessageOut(Struct, frozen=True):
    """A message."""

    id: str
    at: Instant
    author: AuthorOut
    visibility: Visibility
    channel: Channel
    automatic: bool
    body_text: str
    body_html: str | None
    quoted_text: str | None
    attachments: list[FileOut]
    delivery: Annotated[
        Delivery | None, Meta(description="What became of the mail that carries it; null where none is sent.")
    ]
    delivery_reason: Annotated[str | None, Meta(description="Why it was not delivered, as a code.")] = None
    send_at: Annotated[Instant | None, Meta(description="It is held until then and can be taken back.")] = None
    remark: Annotated[RemarkOut | None, Meta(description="What the desk notes by itself, as a code and values.")] = None
    from_ticket: Annotated[
        NumberedOut | None, Meta(description="It was written in a ticket that goes on in this one.")
    ] = None
    moved_to: Annotated[NumberedOut | None, Meta(description="It went on in a ticket of its own.")] = None
    recorded_by: Annotated[str | None, Meta(description="Agent who wrote down what its author said.")] = None


class MessagesOut(Struct, frozen=True):
    """A page of messages, newest first."""

    items: list[MessageOut]
    next_cursor: str | None


class OpenedTicketOut(Struct, frozen=True):
    """A ticket with its newest messages."""

    ticket: TicketOut
    messages: MessagesOut


class ReasonOut(Struct, frozen=True):
    """Why the desk did something."""

    code: str
    params: dict[str, str | int]


class EventOut(Struct, frozen=True):
    """One fact of a ticket's history."""

    id: str
    seq: int
    type: str
    at: Instant
    actor: AuthorOut
    data: Annotated[dict[str, msgspec.Raw], Meta(description="Depends on `type`; ids and changed values, never texts.")]
    because: list[ReasonOut]
    via: Annotated[
        Literal["api", "mail", "web", "phone", "desk"],
        Meta(
            description="From where: agents' pages use the API; `web`: the portal; `desk`: the desk itself, by clock or rule."
        ),
    ] = "desk"
    address: Annotated[
        str | None,
        Meta(
            description="The network address it was asked for from, or the host that handed the mail over. Supervisors."
        ),
    ] = None


class HistoryOut(Struct, frozen=True):
    """A page of history, newest first."""

    items: list[EventOut]
    next_cursor: str | None


class LinkOut(Struct, frozen=True):
    """A link that works for some minutes."""

    url: str
    expires_at: Instant


def moment(value: datetime, pointer: str) -> datetime:
    """An instant that a caller gave, as the desk keeps it.

    Raises:
        Invalid: it is none of this century or the next.
    """
    try:
        given = desk_instant(value)
    except ValueError:
        given = None
    if given is None or not _FIRST_YEAR <= given.year <= _LAST_YEAR:
        fault = FieldError(pointer, f"must be of the years {_FIRST_YEAR} to {_LAST_YEAR}")
        raise Invalid("Some fields are not valid.", [fault])
    return given


def instant(value: datetime | None) -> str | None:
    """An instant or nothing, as JSON has it."""
    return format_instant(value) if value is not None else None
