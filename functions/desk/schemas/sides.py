"""Side conversations as agents see them."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Files, HoldSeconds, MessageOut, SideOut
from helpdesk.tickets.model import Status

Body = Annotated[str, Meta(min_length=1, max_length=100_000, description="Plain text.")]


class AddressIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody by address."""

    email: Annotated[str, Meta(min_length=3, max_length=254, examples=["parts@supplier.example"])]
    name: Annotated[str, Meta(max_length=200)] | None = None


class SideMessageIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent writes to third parties."""

    body: Body
    status: Annotated[Status, Meta(description="Set along with the message, such as `on_hold`.")] | None = None
    custom_status: (
        Annotated[str, Meta(max_length=64, description="Id of a further status to set along with the message.")] | None
    ) = None
    attachments: Files = msgspec.field(default_factory=list)
    hold_seconds: HoldSeconds = 0


class SideIn(SideMessageIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a side conversation begins with."""

    to: Annotated[list[AddressIn], Meta(min_length=1, max_length=10, description="With those in Cc at most 10.")]
    cc: Annotated[list[AddressIn], Meta(max_length=10)] = msgspec.field(default_factory=list)
    subject: Annotated[str, Meta(min_length=1, max_length=300)]
    reopen_on_answer: Annotated[
        bool, Meta(description="An answer opens the ticket again if it is on hold by then.")
    ] = True


class SidePersonIn(AddressIn, frozen=True, forbid_unknown_fields=True):
    """Who shall get its mails."""

    cc: Annotated[bool, Meta(description="In copy only.")] = False


class SideStartedOut(Struct, frozen=True):
    """A side conversation that was begun."""

    conversation: SideOut
    message: MessageOut


class SidesOut(Struct, frozen=True):
    """A ticket's side conversations, oldest first."""

    items: list[SideOut]
    next_cursor: str | None = None
