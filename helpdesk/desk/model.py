"""All that admins configure, as one frozen whole: read by one query, kept for seconds, handed to rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.automation.model import Rule
from helpdesk.community.model import CommunitySettings
from helpdesk.forms.model import FieldDefinition, FormDefinition, UnknownFields, name_in
from helpdesk.knowledge.model import Section
from helpdesk.people.model import Agent, Group, Role
from helpdesk.people.roles import Permission, RoleDefinition, permissions_of
from helpdesk.portal.brands import Brand
from helpdesk.privacy.model import RetentionRule
from helpdesk.routing.model import GroupAssignment, TriageSetting
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.surveys.plans import SurveyPlan
from helpdesk.tickets.workflow import PriorityMatrix, StatusDefinition
from helpdesk.webhooks.model import Webhook


@dataclass(frozen=True, slots=True)
class Letterhead:
    """How the mails of a mailbox look and are signed.

    Attributes:
        brand: what they call the desk; None: the desk's name.
        colour: of buttons and links, as `#2f4fd0`; made legible where it is not.
        logo_url: https address of a picture.
        signatures: by language, in the little language of templates; what is missing is the agent's name and the brand.
        show_agent: whether requesters are told who answers.
        agent_in_sender: whether the sender's name of an answer begins with the agent's.
        quoted_messages: how many earlier messages are repeated below an answer.
    """

    brand: str | None = None
    colour: str | None = None
    logo_url: str | None = None
    signatures: Mapping[str, str] = field(default_factory=dict)
    show_agent: bool = True
    agent_in_sender: bool = False
    quoted_messages: int = 0


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An inbound address that maps to a group.

    Attributes:
        name: what stands before the address in mails from it.
        language: in which it answers people whose language is not known.
        letterhead: how its mails look.
    """

    id: str
    address: str
    name: str
    group: str | None = None
    language: str = "en"
    letterhead: Letterhead = field(default_factory=Letterhead)


@dataclass(frozen=True, slots=True)
class Category:
    """What matters can be about.

    Attributes:
        names: by language; `en` is the one used where another is missing.
        descriptions: the same, a sentence for the portal's card.
        group: who answers.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    public: bool = True

    def name(self, language: str) -> str:
        """The name in a language, or the nearest there is."""
        return self.names.get(language) or self.names.get("en") or self.id

    def description(self, language: str) -> str | None:
        """The description in a language, or the nearest there is."""
        return self.descriptions.get(language) or self.descriptions.get("en")


@dataclass(frozen=True, slots=True)
class Product:
    """What matters can be about beside their category: something the desk's people sell or run.

    Attributes:
        names: by language.
        group: who answers where the category sends a matter nowhere.
        active: it can be chosen; tickets that name it keep it.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    active: bool = True
    order: int = 0

    def name(self, language: str) -> str:
        """The name in a language, or the nearest there is."""
        return name_in(self.names, language, self.id)


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan that organizations can have: SLA policies can be for some plans only.

    Attributes:
        names: by language.
        descriptions: the same, what it promises in words.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    order: int = 0

    def name(self, language: str) -> str:
        """The name in a language, or the nearest there is."""
        return name_in(self.names, language, self.id)


@dataclass(frozen=True, slots=True)
class BlockedSender:
    """A sender whose mail is held back unseen.

    Attributes:
        id: follows from the pattern.
        pattern: an address in lower case, or a domain, which stands for its subdomains too.
        blocked_by: id of the agent who did it.
    """

    id: str
    pattern: str
    blocked_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What callers without a sign-in may do.

    Attributes:
        requests_per_address_per_hour: requests opened for one e-mail address.
        requests_per_ip_per_minute: calls that write, from one IP address.
        notices_per_address_per_hour: mails the desk sends by itself (acknowledgements) to one address.
    """

    requests_per_address_per_hour: int = 30
    requests_per_ip_per_minute: int = 30
    notices_per_address_per_hour: int = 20


@dataclass(frozen=True, slots=True)
class General:
    """The desk's own settings.

    Attributes:
        default_group: takes what neither category nor mailbox sends elsewhere.
        survey_delay_seconds: from solving to asking; None: no surveys.
        survey_valid_seconds: how long a survey's link works.
        close_after_seconds: from solving to closing; None: never.
        organization_may_join: whether people of the requester's organization may write to a ticket by answering its mails.
        link_valid_seconds: how long the links in a mail work, from the day it was sent.
        tasks_before_solving: whether all tasks of a ticket must be done before it is solved.
        hold_seconds: how long an agent may take an answer back before it is sent; 0: answers are sent at once.
        unknown_fields: what becomes of values under names that are no field of this desk.
        priority_matrix: the priority that impact and urgency lead to.
        articles_in_acknowledgement: whether the mail that says a request has come names articles likely to answer it.
        time_zone: IANA's name; whose days reports count by.
        addresses_days: for how long it is kept from which network address something was asked for.
        community: where customers ask one another.
    """

    name: str = "Help desk"
    language: str = "en"
    default_group: str | None = None
    survey_delay_seconds: int | None = 3600
    survey_valid_seconds: int = 14 * 86_400
    close_after_seconds: int | None = 4 * 86_400
    link_valid_seconds: int = 90 * 86_400
    hold_seconds: int = 10
    organization_may_join: bool = False
    tasks_before_solving: bool = False
    limits: Limits = field(default_factory=Limits)
    unknown_fields: UnknownFields = UnknownFields.KEEP
    priority_matrix: PriorityMatrix = field(default_factory=PriorityMatrix)
    articles_in_acknowledgement: bool = True
    time_zone: str = "UTC"
    addresses_days: int = 90
    community: CommunitySettings = field(default_factory=CommunitySettings)


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole configuration at one moment.

    Attributes:
        calendars: every revision there ever was, by (id, revision): clocks keep the one they were started with.
        blocked: senders whose mail is held back, by id.
        roles: those that admins made, by id.
        rules: triggers and automations, by id.
        webhooks: destinations outside that rules and escalations may call, by id.
        retention: for how long tickets keep what is in them, by id.
        versions: of each setting, by kind and id as they are kept.
        moved: how often what is no setting was changed (people, views ...), by kind: pages keep copies of those too.
    """

    general: General = field(default_factory=General)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    policies: tuple["SlaPolicy", ...] = ()
    calendars: Mapping[tuple[str, int], BusinessCalendar] = field(default_factory=dict)
    blocked: Mapping[str, BlockedSender] = field(default_factory=dict)
    statuses: Mapping[str, StatusDefinition] = field(default_factory=dict)
    fields: Mapping[str, FieldDefinition] = field(default_factory=dict)
    forms: Mapping[str, FormDefinition] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    roles: Mapping[str, RoleDefinition] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    triage: Mapping[str, TriageSetting] = field(default_factory=dict)
    versions: Mapping[tuple[str, str], int] = field(default_factory=dict, compare=False)
    moved: Mapping[str, int] = field(default_factory=dict, compare=False)
    assignments: Mapping[str, GroupAssignment] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    retention: Mapping[str, RetentionRule] = field(default_factory=dict)
    sections: Mapping[str, Section] = field(default_factory=dict)
    surveys: Mapping[str, SurveyPlan] = field(default_factory=dict)
    brands: Mapping[str, Brand] = field(default_factory=dict)

    def members(self, group: str) -> tuple["Agent", ...]:
        """The agents of a group, in order of id."""
        return tuple(agent for _, agent in sorted(self.agents.items()) if group in agent.groups)

    def takes_tickets(self, agent: "Agent") -> bool:
        """Whether tickets and tasks can be given to a colleague: who may not change them only reads along."""
        return Permission.CHANGE in permissions_of(agent, self.roles)

    def takers(self, group: str) -> tuple["Agent", ...]:
        """The agents of a group who take tickets, in order of id."""
        return tuple(agent for agent in self.members(group) if self.takes_tickets(agent))

    def with_role(self, role: Role) -> tuple["Agent", ...]:
        """The agents who have a role itself (not one above it)."""
        return tuple(agent for _, agent in sorted(self.agents.items()) if agent.role is role)

    def agent_by_address(self, address: str) -> Agent | None:
        """The agent who writes from an address, compared without case."""
        wanted = address.lower()
        return next((agent for agent in self.agents.values() if agent.address.lower() == wanted), None)

    def has_mailbox(self, address: str) -> bool:
        """Whether an address is one of the desk's own, with or without a tag after a `+`."""
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return any(mailbox.address.lower() in {address.lower(), plain} for mailbox in self.mailboxes.values())

    def blocks(self, address: str) -> bool:
        """Whether mail from an address is held back: the address itself, its domain, or one above that."""
        if not self.blocked:
            return False
        patterns = {one.pattern for one in self.blocked.values()}
        labels = address.lower().rpartition("@")[2].split(".")
        return address.lower() in patterns or any(".".join(labels[place:]) in patterns for place in range(len(labels)))
