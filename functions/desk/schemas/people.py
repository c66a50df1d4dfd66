"""People, organizations, colleagues and groups as agents see them."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.promises import WindowIO
from functions.desk.schemas.tickets import Id, Instant, TicketRowOut
from helpdesk.people.model import AgentStatus, Role
from helpdesk.people.roles import Permission
from helpdesk.tickets.model import ActorKind

Email = Annotated[str, Meta(max_length=254, examples=["kim@example.com"])]
Name = Annotated[str, Meta(max_length=400)]
Locale = Annotated[str, Meta(max_length=35, examples=["ko"])]
Zone = Annotated[str, Meta(max_length=64, examples=["Asia/Seoul"])]
Phone = Annotated[str, Meta(max_length=40, examples=["+82 10-1234-5678"])]
Tag = Annotated[str, Meta(min_length=1, max_length=60)]
Notes = Annotated[str, Meta(max_length=10_000, description="For colleagues only.")]
CustomValue = Annotated[str, Meta(max_length=1000)] | int | float | bool | list[Annotated[str, Meta(max_length=200)]]
Custom = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=60)], CustomValue],
    Meta(max_length=50, description="What the desk keeps under names of its own, such as a customer number."),
]
Emails = Annotated[list[Email], Meta(max_length=20, description="They are written to the first.")]
Phones = Annotated[list[Phone], Meta(max_length=20)]
Tags = Annotated[list[Tag], Meta(max_length=50)]
Domains = Annotated[
    list[Annotated[str, Meta(max_length=253)]],
    Meta(max_length=50, description="Whoever is new and writes from one of them belongs to it."),
]


class AbsenceIO(Struct, frozen=True, forbid_unknown_fields=True):
    """Whole days on which a colleague does not work."""

    first_day: date
    last_day: Annotated[date, Meta(description="The last one that they are away.")]
    reason: Annotated[str | None, Meta(description="Shown to themselves and to who plans.")] = None
    substitute: Annotated[str | None, Meta(description="Id of the agent who stands in.")] = None


class MeOut(Struct, frozen=True):
    """Who is signed in."""

    id: str
    name: str
    email: str
    role: Role
    groups: list[str]
    locale: str
    desk: Annotated[str, Meta(description="What the desk is called, as in its mails and at its portal.")]
    hold_seconds: Annotated[int, Meta(description="How long answers may be held so that they can be taken back.")]
    permissions: Annotated[list[Permission], Meta(description="What they may do.")]
    custom_role: Annotated[str | None, Meta(description="The role that admins made for them, if they have one.")] = None
    status: AgentStatus = AgentStatus.ONLINE
    time_zone: str | None = None
    languages: list[str] = msgspec.field(default_factory=list)
    absences: list[AbsenceIO] = msgspec.field(default_factory=list)


# --- people ----------------------------------------------------------------------------------------------------------


class PersonPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be known of a person; what is left out stays. Lists and notes are given whole."""

    name: Name | None = None
    emails: Emails | None = None
    phones: Phones | None = None
    locale: Locale | None = None
    time_zone: Zone | None = None
    organization: Annotated[Id, Meta(description="An empty one: they belong to none any more.")] | None = None
    tags: Tags | None = None
    notes: Notes | None = None
    fields: Custom | None = None
    undeliverable: bool | None = None
    complained: bool | None = None

    @property
    def about_mail_only(self) -> bool:
        """Whether nothing is said but whether mail arrives."""
        given = {name for name in self.__struct_fields__ if getattr(self, name) is not None}
        return given <= {"undeliverable", "complained"}


class PersonIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is made known."""

    emails: Annotated[Emails, Meta(min_length=1)]
    name: Name | None = None
    phones: Phones = msgspec.field(default_factory=list)
    locale: Locale | None = None
    time_zone: Zone | None = None
    organization: Annotated[Id, Meta(description="Left out: the one of their address, if there is one.")] | None = None
    tags: Tags = msgspec.field(default_factory=list)
    notes: Notes | None = None
    fields: Custom | None = None


class PersonOut(Struct, frozen=True):
    """Somebody who writes to the desk."""

    id: str
    name: str | None
    email: str
    emails: list[str]
    phones: list[str]
    locale: str
    time_zone: str | None
    organization: str | None
    tags: list[str]
    notes: str | None
    fields: dict[str, CustomValue]
    undeliverable: Annotated[bool, Meta(description="A mail to the first address came back for good.")]
    complained: Annotated[bool, Meta(description="Somebody there called the desk's mail spam.")]
    unreachable: Annotated[list[str], Meta(description="Further addresses where mail came back.")]
    blocked: Annotated[bool, Meta(description="Mail from one of the addresses is held back unseen.")]
    merged: Annotated[list[str], Meta(description="Ids of people who were merged into them; they lead here.")]
    version: int
    created_at: Instant


class PersonRowOut(Struct, frozen=True):
    """A person in a list."""

    id: str
    name: str | None
    email: str
    locale: str
    organization: str | None
    undeliverable: bool
    complained: bool


class PeopleOut(Struct, frozen=True):
    """A page of people."""

    items: list[PersonRowOut]
    next_cursor: str | None = None


class PeopleQuery(Struct, frozen=True):
    """Which people."""

    q: (
        Annotated[
            str,
            Meta(
                max_length=200,
                examples=["kim", "kim@exam", "@example.com", "010-1234-5678"],
                description="What a name, its last word or an address begins with; `@` and a domain; or a telephone number.",
            ),
        ]
        | None
    ) = None
    organization: Annotated[Id, Meta(description="Only its people; `q` is then a name's beginning.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class MergeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is the same person."""

    person: Id


class MergeOut(Struct, frozen=True):
    """Somebody who was merged into a person."""

    person: str
    name: str | None
    emails: list[str]
    at: Instant
    by: str
    undone_at: Instant | None
    undone_by: str | None


class MergesOut(Struct, frozen=True):
    """Who is perhaps the same person, and who was found to be."""

    suggested: list[PersonRowOut]
    merged: list[MergeOut]


# --- organizations ---------------------------------------------------------------------------------------------------


class OrganizationPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What an organization shall be; what is left out stays. Lists and notes are given whole."""

    name: Name | None = None
    domains: Domains | None = None
    shared: Annotated[bool, Meta(description="Its people may see one another's requests.")] | None = None
    plan: Annotated[str, Meta(max_length=64, description="Id of a support plan; empty: none.")] | None = None
    notes: Notes | None = None
    tags: Tags | None = None
    fields: Custom | None = None
    group: Annotated[str, Meta(max_length=64, description="Id of a group; empty: none.")] | None = None


class OrganizationIn(OrganizationPatch, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organization that is added."""

    name: Annotated[str, Meta(min_length=1, max_length=400)]


class OrganizationOut(Struct, frozen=True):
    """An organization."""

    id: str
    name: str
    domains: list[str]
    shared: bool
    plan: str | None
    notes: str | None
    tags: list[str]
    fields: dict[str, CustomValue]
    group: Annotated[str | None, Meta(description="Answers its people where nothing about a ticket says who.")]
    version: int
    created_at: Instant


class OrganizationRowOut(Struct, frozen=True):
    """An organization in a list."""

    id: str
    name: str
    plan: str | None
    domains: Annotated[list[str], Meta(description="The first five.")]


class OrganizationsOut(Struct, frozen=True):
    """A page of organizations."""

    items: list[OrganizationRowOut]
    next_cursor: str | None = None


class OrganizationsQuery(Struct, frozen=True):
    """Which organizations."""

    q: Annotated[str, Meta(max_length=200, description="What the name begins with.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=2000)] | None = None


class NumbersOut(Struct, frozen=True):
    """What comes together over all tickets; a moment old."""

    tickets: int
    open: int
    solved: int
    ratings: int
    satisfaction: Annotated[float | None, Meta(description="Mean of the ratings, 1 to 5.")]
    sla_kept: Annotated[int, Meta(description="First answers and solutions in time.")]
    sla_missed: int
    seconds: Annotated[int, Meta(description="Time that was logged.")]
    billable_seconds: int


class ContactOut(Struct, frozen=True):
    """The last public message in either direction."""

    at: Instant
    by: ActorKind


class PersonOverviewOut(Struct, frozen=True):
    """A person at a glance."""

    person: PersonOut
    organization: OrganizationOut | None
    numbers: Annotated[NumbersOut | None, Meta(description="null for who does not see all tickets.")]
    last_contact: ContactOut | None
    tickets: Annotated[list[TicketRowOut], Meta(description="The newest five.")]


class OrganizationOverviewOut(Struct, frozen=True):
    """An organization at a glance."""

    organization: OrganizationOut
    numbers: Annotated[NumbersOut | None, Meta(description="null for who does not see all tickets.")]
    last_contact: ContactOut | None
    tickets: Annotated[list[TicketRowOut], Meta(description="The newest five.")]


# --- colleagues ------------------------------------------------------------------------------------------------------


Skills = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=60)], Annotated[int, Meta(ge=1, le=5)]],
    Meta(max_length=50, description="What they know, each 1 (a little) to 5.", examples=[{"billing": 4}]),
]
Languages = Annotated[list[Annotated[str, Meta(min_length=2, max_length=35)]], Meta(max_length=20)]
Hours = Annotated[
    list[Annotated[list[WindowIO], Meta(max_length=10)]],
    Meta(max_length=7, description="Windows of each of seven weekdays, Monday first; empty: as the calendar says."),
]


Absences = Annotated[list[AbsenceIO], Meta(max_length=50)]


class AvailabilityPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a colleague is there; what is left out stays."""

    status: AgentStatus | None = None
    absences: Absences | None = None


class MePatch(AvailabilityPatch, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one says of oneself; what is left out stays."""

    locale: Locale | None = None
    languages: Languages | None = None
    time_zone: Zone | None = None


class AgentIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a colleague shall be."""

    name: Annotated[str, Meta(min_length=1, max_length=400)]
    email: Email
    role: Role
    custom_role: Annotated[str, Meta(max_length=64)] | None = None
    groups: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    capacity: Annotated[int, Meta(description="How many open tickets the desk gives them at most.")] = 20
    available: Annotated[bool, Meta(description="The desk gives them tickets.")] = True
    locale: Locale = "en"
    skills: Skills = msgspec.field(default_factory=dict)
    languages: Languages = msgspec.field(default_factory=list)
    time_zone: Zone | None = None
    calendar: Annotated[str, Meta(max_length=64, description="Id of a business calendar.")] | None = None
    hours: Hours = msgspec.field(default_factory=list)


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
    custom_role: str | None
    locale: str
    skills: dict[str, int]
    languages: list[str]
    time_zone: str | None
    calendar: str | None
    hours: list[list[WindowIO]]
    status: AgentStatus
    absences: list[AbsenceIO]
    working: Annotated[bool, Meta(description="Online, not absent, and within their hours now.")]
    substitute: Annotated[str | None, Meta(description="Who stands in for them now.")]


class AgentsOut(Struct, frozen=True):
    """All colleagues."""

    items: list[AgentOut]
    next_cursor: str | None = None


class GroupIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a group shall be."""

    name: Annotated[str, Meta(min_length=1, max_length=400)]
    private: Annotated[
        bool, Meta(description="Its tickets are seen by its members, and by who sees private groups.")
    ] = False


class GroupOut(Struct, frozen=True):
    """A group."""

    id: str
    name: str
    private: bool


class GroupsOut(Struct, frozen=True):
    """All groups."""

    items: list[GroupOut]
    next_cursor: str | None = None
