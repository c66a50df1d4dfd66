"""Who asks and who answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from helpdesk.sla.model import Window

type CustomValue = str | int | float | bool | list[str]
"""What a desk keeps of a person or an organization under a name of its own."""
ERASED: Final = "@erased.invalid"
"""How the addresses of people end who were erased."""


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
class Alias:
    """A person who was merged into another. Their tickets keep their id and are found by it.

    Attributes:
        id: under which they were known.
        tickets: their newest tickets, newest first; there are no newer ones, as all that comes is the survivor's.
    """

    id: str
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the desk.

    Attributes:
        address: the address that they are written to.
        language: of ours, in which they are written to.
        undeliverable: a mail to the address came back for good; the desk writes nothing there by itself.
        complained: somebody there called the desk's mail spam; the same.
        more: further addresses that they write from, as they are compared.
        unreachable: those of them where mail came back.
        phones: as `rules.normal_phone` writes them.
        time_zone: IANA's name.
        notes: what colleagues know of them; for colleagues only.
        fields: what the desk keeps under names of its own.
        aliases: who was merged into them.
        version: counts changes.
    """

    id: str
    address: str
    language: str
    created_at: datetime
    name: str | None = None
    organization_id: str | None = None
    undeliverable: bool = False
    complained: bool = False
    more: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    time_zone: str | None = None
    tags: tuple[str, ...] = ()
    notes: str | None = None
    fields: Mapping[str, CustomValue] = field(default_factory=dict, hash=False)
    aliases: tuple[Alias, ...] = ()
    version: int = 0

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of their addresses; they are written to the first."""
        return (self.address, *self.more)

    @property
    def erased(self) -> bool:
        """Whether nothing is known of them any more; tickets keep their id."""
        return self.address.endswith(ERASED)

    @property
    def ids(self) -> tuple[str, ...]:
        """Their id and those of the people who were merged into them: tickets hold any of these."""
        return (self.id, *(alias.id for alias in self.aliases))


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What a list shows of a person."""

    id: str
    address: str
    language: str
    name: str | None = None
    organization_id: str | None = None
    undeliverable: bool = False
    complained: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """What was merged, whole: from it the two can be told apart again.

    Attributes:
        id: sorts by time.
        by: id of the agent who did it.
        survivor: the person who stays, as they were.
        result: the same as they were after it.
        merged: the other, as they were.
        undone_at, undone_by: it was taken back.
    """

    id: str
    by: str
    at: datetime
    survivor: Person
    result: Person
    merged: Person
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """A company or the like that people belong to.

    Attributes:
        domains: whoever is new and writes from one of them belongs to it.
        shared: its people may see one another's requests.
        plan: id of the support plan that was agreed on.
        notes: what colleagues know of it; for colleagues only.
        group: answers its people where nothing about a ticket says who.
        version: counts changes.
    """

    id: str
    name: str
    created_at: datetime
    domains: tuple[str, ...] = ()
    shared: bool = False
    plan: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()
    fields: Mapping[str, CustomValue] = field(default_factory=dict, hash=False)
    group: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """What a list shows of an organization."""

    id: str
    name: str
    plan: str | None = None
    domains: tuple[str, ...] = ()


class AgentStatus(StrEnum):
    """What a colleague says of themselves."""

    ONLINE = "online"
    AWAY = "away"
    BUSY = "busy"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole days on which a colleague does not work, the last of them included.

    Attributes:
        reason: for those who plan, and themselves.
        substitute: id of the agent who stands in.
    """

    first_day: date
    last_day: date
    reason: str | None = None
    substitute: str | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """A colleague. Their id is their user name at the identity provider.

    Attributes:
        groups: ids of the groups they are in.
        capacity: how many open tickets they are given at most by the router.
        available: whether the router may give them tickets now.
        custom_role: id of a role that admins made; it says alone what they may and see.
        skills: what they know, each 1 (a little) to 5.
        languages: that they answer in, as BCP 47 tags.
        time_zone: IANA's name; None: UTC.
        calendar_id: of the business calendar that is theirs.
        hours: their own instead: the windows of each of seven weekdays, Monday first, in their time zone.
        absences: by their first days.
        status: what they say of themselves.
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
    skills: Mapping[str, int] = field(default_factory=dict, hash=False)
    languages: tuple[str, ...] = ()
    time_zone: str | None = None
    calendar_id: str | None = None
    hours: tuple[tuple[Window, ...], ...] = ()
    absences: tuple[Absence, ...] = ()
    status: AgentStatus = AgentStatus.ONLINE


@dataclass(frozen=True, slots=True)
class Group:
    """A set of agents who answer a kind of matter.

    Attributes:
        private: its tickets are seen by its members, and by those whose role sees private groups.
    """

    id: str
    name: str
    private: bool = False
