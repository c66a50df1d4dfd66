"""Who asks and who answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self


class Role(StrEnum):
    """What a signed-in colleague may do. Each may all that the one before it may; `people.roles` says what that is."""

    LIGHT = "light"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    def includes(self, other: Self) -> bool:
        """Whether this role may what another may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the desk.

    Attributes:
        address: the address they first wrote from; more come with merging.
        language: of ours, in which they are written to.
        undeliverable: a mail to the address came back for good; the desk writes nothing there by itself.
        complained: somebody there called the desk's mail spam; the same.
    """

    id: str
    address: str
    language: str
    created_at: datetime
    name: str | None = None
    organization_id: str | None = None
    undeliverable: bool = False
    complained: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """A colleague. Their id is their user name at the identity provider.

    Attributes:
        groups: ids of the groups they are in.
        capacity: how many open tickets they are given at most by the router.
        available: whether the router may give them tickets now.
        custom_role: id of a role that admins made; it says alone what they may and see.
    """

    id: str
    name: str
    address: str
    role: Role
    groups: tuple[str, ...] = ()
    capacity: int = 20
    available: bool = True
    language: str = "en"
    custom_role: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A set of agents who answer a kind of matter.

    Attributes:
        private: its tickets are seen by its members, and by those whose role sees private groups.
    """

    id: str
    name: str
    private: bool = False
