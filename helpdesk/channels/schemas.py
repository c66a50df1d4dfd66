"""What customers' endpoints take and give, as JSON: the shapes behind the API reference."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from helpdesk.forms.model import FieldType, name_in
from helpdesk.forms.shown import Shown, Told
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.text import LANGUAGES
from helpdesk.tickets.model import ActorKind, Message, Priority, Status, Ticket
from helpdesk.tickets.workflow import StatusDefinition

Email = Annotated[str, Meta(min_length=3, max_length=254, examples=["minsu.kim@example.com"])]
Subject = Annotated[str, Meta(min_length=1, max_length=300, examples=["Invoice 4711 shows the wrong amount"])]
Body = Annotated[str, Meta(min_length=1, max_length=100_000, examples=["It says 90,000 won instead of 70,000."])]
Name = Annotated[str, Meta(max_length=200, examples=["Kim Minsu"])]
Locale = Annotated[str, Meta(max_length=35, examples=["ko-KR"], description="BCP 47 language tag.")]
UploadId = Annotated[str, Meta(max_length=1000, description="`id` that `POST /v1/uploads` gave.")]
BrandId = Annotated[str, Meta(max_length=64, description="Of the pages it is asked on.")]
Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"], description="RFC 3339 with milliseconds, in UTC.")]
FieldName = Annotated[str, Meta(min_length=1, max_length=100)]
ShortText = Annotated[str, Meta(max_length=2000)]


class Requester(Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks."""

    email: Email
    name: Name | None = None
    locale: Locale | None = None


class RequestIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A new request."""

    requester: Requester
    subject: Subject
    body: Body
    category: Annotated[str, Meta(max_length=64)] | None = None
    priority: Priority | None = None
    fields: Annotated[
        dict[FieldName, ShortText | int | float | bool | list[ShortText] | None], Meta(max_length=100)
    ] = msgspec.field(default_factory=dict)
    attachments: Annotated[list[UploadId], Meta(max_length=10)] = msgspec.field(default_factory=list)
    brand: BrandId | None = None


class ReplyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a requester adds."""

    body: Body
    attachments: Annotated[list[UploadId], Meta(max_length=10)] = msgspec.field(default_factory=list)


class RequestOut(Struct, frozen=True):
    """A request as its requester sees it."""

    id: str
    number: int
    status: Status
    subject: str
    created_at: Instant
    updated_at: Instant
    expected_reply_by: Instant | None = None
    status_name: Annotated[
        str | None,
        Meta(description="The desk's own word for where it stands, in the request's language, if it has one."),
    ] = None


class AuthorOut(Struct, frozen=True):
    """Who wrote: agents by name, never by address."""

    kind: ActorKind
    name: str | None


class FileOut(Struct, frozen=True):
    """A file of a message."""

    id: str
    filename: str
    content_type: str
    size: Annotated[int, Meta(ge=0, description="Bytes.")]


class RequestMessageOut(Struct, frozen=True):
    """A public message."""

    id: str
    at: Instant
    author: AuthorOut
    body_text: str
    body_html: str | None
    attachments: list[FileOut]
    mine: Annotated[bool, Meta(description="Who is calling wrote it.")]


class OpenedOut(Struct, frozen=True):
    """A request that was opened, and the token that lets its requester come back to it."""

    ticket: RequestOut
    access_token: str


class RequestFieldOut(Struct, frozen=True):
    """What a field of the request holds; `text` has it in words."""

    id: str
    type: FieldType
    name: str
    value: ShortText | int | float | bool | list[ShortText] | None
    text: str


class RequestPersonOut(Struct, frozen=True):
    """Who takes part in a request."""

    id: str
    name: str | None
    email: str | None
    asks: Annotated[bool, Meta(description="They asked.")]
    you: bool


class PersonIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who shall take part."""

    email: Email
    name: Name | None = None


class SettleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether it is solved."""

    solved: bool


class RequestViewOut(Struct, frozen=True):
    """A request and its public messages, oldest first."""

    ticket: RequestOut
    messages: list[RequestMessageOut]
    fields: Annotated[list[RequestFieldOut], Meta(description="Those that customers may see.")]
    people: Annotated[
        list[RequestPersonOut], Meta(description="Who takes part; nobody where the link is of a mail that others got.")
    ]
    may_write: Annotated[bool, Meta(description="Whether who is calling can write to it.")]
    goes_on: Annotated[
        bool,
        Meta(description="It was merged into another's, whose answers who is calling gets by mail until they leave."),
    ] = False


class RepliedOut(Struct, frozen=True):
    """A message that was added.

    `ticket` is another one than was written to where that one was closed: then `access_token` opens the new one.
    """

    ticket: RequestOut
    message: RequestMessageOut
    access_token: str | None = None


class UploadIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that shall be attached."""

    filename: Annotated[str, Meta(min_length=1, max_length=255)]
    content_type: Annotated[str, Meta(pattern=r"^[a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+$", max_length=127)]
    size: Annotated[int, Meta(ge=1, le=26_214_400, description="Bytes.")]


class UploadOut(Struct, frozen=True):
    """Where to send the file: a `multipart/form-data` post of `fields` and then `file`, to `url`."""

    id: str
    url: str
    fields: dict[str, str]


class LinkOut(Struct, frozen=True):
    """A link that works for some minutes."""

    url: str
    expires_at: Instant


class CategoryOut(Struct, frozen=True):
    """What a request can be about."""

    id: str
    name: str
    description: str | None


class CategoriesOut(Struct, frozen=True):
    """All that requests can be about, in the language asked for."""

    items: list[CategoryOut]
    next_cursor: str | None = None


class FormQuery(Struct, frozen=True):
    """Whose form, and in which language."""

    category: Annotated[str, Meta(max_length=64)] | None = None
    locale: Locale = LANGUAGES[0]


class FormChoiceOut(Struct, frozen=True):
    """One thing that can be chosen."""

    id: str
    name: str


class FormFieldOut(Struct, frozen=True):
    """A field to fill in; its value goes into `fields` of the request, under its id."""

    id: str
    type: FieldType
    name: str
    help: str | None
    choices: list[FormChoiceOut]
    pattern: Annotated[str | None, Meta(description="What a text must be like as a whole.")]
    min: Annotated[float | None, Meta(description="The least number, the fewest characters or choices.")]
    max: Annotated[float | None, Meta(description="The greatest number, the most characters or choices.")]


class FormConditionOut(Struct, frozen=True):
    """Has one of `equals`, `one_of`, `filled`; of several choices, one of them counts."""

    of: Annotated[str, Meta(examples=["fields/problem"], description="`category`, `type` or `fields/` and an id.")]
    equals: str | int | float | bool | None
    one_of: list[str]
    filled: bool | None


class FormElementOut(Struct, frozen=True):
    """A field or words to read, shown when all conditions hold. What is not shown is not required, and not kept."""

    field: FormFieldOut | None
    text: str | None
    required: bool
    when: list[FormConditionOut]


class RequestFormOut(Struct, frozen=True):
    """What is asked about a request, in order."""

    category: str | None
    elements: list[FormElementOut]


class CategoriesQuery(Struct, frozen=True):
    """Whose categories, and in which language."""

    locale: Locale = LANGUAGES[0]
    brand: BrandId | None = None


def request_out(
    ticket: Ticket, statuses: Mapping[str, StatusDefinition], expected_reply_by: str | None = None
) -> RequestOut:
    """A ticket as its requester sees it; `statuses` are the desk's, by id."""
    stands = statuses.get(ticket.custom_status or ticket.status.value)
    return RequestOut(
        id=ticket.id,
        number=ticket.number,
        status=ticket.status,
        subject=ticket.copies.subject,
        created_at=format_instant(ticket.created_at),
        updated_at=format_instant(ticket.updated_at),
        expected_reply_by=expected_reply_by,
        status_name=stands.told(ticket.language) if stands is not None else None,
    )


def request_form_out(category: str | None, elements: Iterable[Shown], language: str) -> RequestFormOut:
    """A form as customers see it."""
    return RequestFormOut(category, [_element_out(element, language) for element in elements])


def _element_out(element: Shown, language: str) -> FormElementOut:
    when = [FormConditionOut(one.of, one.equals, list(one.one_of), one.filled) for one in element.when]
    definition = element.field
    if definition is None:
        return FormElementOut(None, element.text, element.required, when)
    choices = [
        FormChoiceOut(choice.id, name_in(choice.names, language, choice.id))
        for choice in definition.choices
        if choice.active
    ]
    field = FormFieldOut(
        id=definition.id,
        type=definition.type,
        name=name_in(definition.names, language, definition.id),
        help=name_in(definition.help, language, "") or None,
        choices=choices,
        pattern=definition.pattern,
        min=definition.min,
        max=definition.max,
    )
    return FormElementOut(field, None, element.required, when)


def request_people_out(ticket: Ticket, reader_id: str) -> list[RequestPersonOut]:
    """Who takes part in a request, whoever asked first."""
    asks = RequestPersonOut(
        ticket.requester_id,
        ticket.copies.requester_name,
        ticket.copies.requester_address,
        asks=True,
        you=ticket.requester_id == reader_id,
    )
    others = [
        RequestPersonOut(one.id, one.name, one.address, asks=False, you=one.id == reader_id)
        for one in ticket.copies.participants
    ]
    return [asks, *others]


def request_field_out(told: Told, language: str) -> RequestFieldOut:
    """A field of a request as its requester sees it."""
    definition = told.definition
    name = name_in(definition.names, language, definition.id)
    return RequestFieldOut(definition.id, definition.type, name, told.value, told.text)


def request_message_out(message: Message, html: str | None, reader_id: str) -> RequestMessageOut:
    """A public message as a requester sees it, or who takes part; `html` with its pictures' addresses in it."""
    return RequestMessageOut(
        id=message.id,
        at=format_instant(message.at),
        author=AuthorOut(message.author.kind, message.author_name),
        body_text=message.text,
        body_html=html,
        attachments=[FileOut(a.id, a.filename, a.content_type, a.size) for a in message.attachments if not a.inline],
        mine=message.author.kind is ActorKind.REQUESTER and message.author.id == reader_id,
    )
