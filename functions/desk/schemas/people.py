"""Colleagues and groups as agents see them."""

from typing import Annotated

from msgspec import Meta, Struct

from helpdesk.people.model import Role
from helpdesk.people.roles import Permission


class MeOut(Struct, frozen=True):
    """Who is signed in."""

    id: str
    name: str
    email: str
    role: Role
    groups: list[str]
    locale: str
    hold_seconds: Annotated[int, Meta(description="How long answers may be held so that they can be taken back.")]
    permissions: Annotated[list[Permission], Meta(description="What they may do.")]
    custom_role: Annotated[str | None, Meta(description="The role that admins made for them, if they have one.")] = None


class PersonPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be known of a person's address; what is left out stays."""

    undeliverable: bool | None = None
    complained: bool | None = None


class PersonOut(Struct, frozen=True):
    """Somebody who writes to the desk."""

    id: str
    name: str | None
    email: str
    locale: str
    undeliverable: Annotated[bool, Meta(description="A mail to the address came back for good.")]
    complained: Annotated[bool, Meta(description="Somebody there called the desk's mail spam.")]


class AgentOut(Struct, frozen=True):
    """A colleague and what they have to do."""

    id: str
    name: str
    email: str
    role: Role
    groups: list[str]
    available: bool
    open_tickets: int
    capacity: int


class AgentsOut(Struct, frozen=True):
    """All colleagues."""

    items: list[AgentOut]
    next_cursor: str | None = None


class GroupOut(Struct, frozen=True):
    """A group."""

    id: str
    name: str


class GroupsOut(Struct, frozen=True):
    """All groups."""

    items: list[GroupOut]
    next_cursor: str | None = None
