"""THE parts of the file of settings: a new kind of settings costs one entry of `PARTS`. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from helpdesk.automation.checks import RULE_KIND
from helpdesk.automation.model import Rule
from helpdesk.canned.model import CannedResponse, Scope, Sharing
from helpdesk.canned.rules import checked_bodies, folder_of, title_of
from helpdesk.checklists.model import Checklist
from helpdesk.checklists.rules import checked_items, checked_titles
from helpdesk.community.rules import community_faults
from helpdesk.conditions.rules import parse
from helpdesk.configuration.model import Identity, Part, Shelf, World
from helpdesk.desk import settings
from helpdesk.desk.model import BlockedSender, Category, Desk, General, Mailbox, Plan, Product
from helpdesk.desk.settings import Kind
from helpdesk.forms.model import FieldDefinition, FormDefinition
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import LANGUAGES, clean_line, is_address, normal_address
from helpdesk.knowledge.model import Section
from helpdesk.macros.model import Macro
from helpdesk.macros.rules import checked_changes, refuse_if_idle, unknown_in
from helpdesk.mail.letterhead import MAILBOX_KIND
from helpdesk.mail.letters import Kind as MailKind
from helpdesk.mail.letters import Template
from helpdesk.mail.registry import block_fault, blocked_id
from helpdesk.mail.wording import check as check_template
from helpdesk.people.model import Agent, Group
from helpdesk.people.roles import RoleDefinition
from helpdesk.people.rules import is_zone
from helpdesk.portal.branding import BRAND_KIND
from helpdesk.portal.brands import Brand
from helpdesk.privacy.checks import MOST_ADDRESSES_DAYS, RETENTION_KIND
from helpdesk.privacy.model import RetentionRule
from helpdesk.routing.model import GroupAssignment, TriageSetting
from helpdesk.sla.calendars import compile_calendar
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.sla.promises import checked_policy, feed_faults
from helpdesk.surveys.plans import SurveyPlan
from helpdesk.tickets.workflow import StatusDefinition
from helpdesk.views.model import View
from helpdesk.views.rules import known_to, refuse_unless_sortable
from helpdesk.webhooks.checks import WEBHOOK_KIND
from helpdesk.webhooks.model import Webhook

_BOOKKEEPING: Final = frozenset({"version", "created_by", "created_at", "updated_by", "updated_at", "made_from"})
_LONGEST_TITLE: Final = 200


def of_kind[T](kind: Kind[T], held: str, make: type[T], says: str) -> Part[T]:
    """The part of a kind that `desk.settings` knows: its checks are the same."""

    def check(value: T, before: T | None, world: World) -> list[FieldError]:
        return kind.faults(value, before, world.desk)

    return Part(
        name=held,
        kind=kind.name,
        says=says,
        make=make,
        held=held,
        check=check,
        tidied=lambda value, world: kind.tidied(value),  # noqa: ARG005 - no kind looks further than itself
    )


def _said(check: Callable[[], object]) -> list[FieldError]:
    """What a check that raises has to say."""
    try:
        check()
    except Invalid as error:
        return list(error.errors) or [FieldError("", str(error))]
    return []


def _in_desk(name: str | None, known: Mapping[str, object], pointer: str, what: str) -> list[FieldError]:
    return [FieldError(pointer, f"is not {what} of this desk")] if name is not None and name not in known else []


def _language(language: str) -> list[FieldError]:
    return [] if language in LANGUAGES else [FieldError("/language", f"must be one of {', '.join(LANGUAGES)}")]


def _named(name: str, pointer: str = "/name") -> list[FieldError]:
    if not clean_line(name):
        return [FieldError(pointer, "is empty")]
    return [FieldError(pointer, "has more than 200 characters")] if len(name) > _LONGEST_TITLE else []


def general_faults(general: General, desk: Desk) -> list[FieldError]:
    """All that is wrong with the desk's own settings."""
    faults = _named(general.name) + _language(general.language)
    faults += _in_desk(general.default_group, desk.groups, "/default_group", "a group")
    if not 1 <= general.addresses_days <= MOST_ADDRESSES_DAYS:
        faults.append(FieldError("/addresses_days", f"must be 1 to {MOST_ADDRESSES_DAYS}"))
    if not is_zone(general.time_zone):
        faults.append(FieldError("/time_zone", "is no time zone of IANA's, such as Asia/Seoul"))
    lengths = {
        "survey_delay_seconds": general.survey_delay_seconds,
        "survey_valid_seconds": general.survey_valid_seconds,
        "close_after_seconds": general.close_after_seconds,
        "link_valid_seconds": general.link_valid_seconds,
        "hold_seconds": general.hold_seconds,
    }
    limits = {
        "limits/requests_per_address_per_hour": general.limits.requests_per_address_per_hour,
        "limits/requests_per_ip_per_minute": general.limits.requests_per_ip_per_minute,
        "limits/notices_per_address_per_hour": general.limits.notices_per_address_per_hour,
    }
    numbers = {**lengths, **limits}
    known = {calendar_id for calendar_id, _ in desk.calendars}
    faults += [
        FieldError(f"/community{one.pointer}", one.message)
        for one in community_faults(general.community, desk.categories, known)
    ]
    return faults + [
        FieldError(f"/{name}", "must be 0 or more, and no more than ten years of seconds")
        for name, number in numbers.items()
        if number is not None and not 0 <= number <= 10 * 366 * 86_400
    ]


def _agent(agent: Agent, before: Agent | None, world: World) -> list[FieldError]:
    del before
    faults = _named(agent.name) + _language(agent.language)
    if not is_address(agent.address):
        faults.append(FieldError("/address", "is not an address"))
    faults += [
        FieldError(f"/groups/{place}", "is not a group of this desk")
        for place, group in enumerate(agent.groups)
        if group not in world.desk.groups
    ]
    faults += _in_desk(agent.custom_role, world.desk.roles, "/custom_role", "a role")
    same = [
        one.id for one in world.desk.agents.values() if normal_address(one.address) == normal_address(agent.address)
    ]
    if len(same) > 1:
        faults.append(FieldError("/address", f"belongs to several agents: {', '.join(sorted(same))}"))
    return faults


def _policy(policy: SlaPolicy, before: SlaPolicy | None, world: World) -> list[FieldError]:
    del before
    return _named(policy.name) + _said(lambda: checked_policy(policy, world.desk))


def _calendar(calendar: BusinessCalendar, before: BusinessCalendar | None, world: World) -> list[FieldError]:
    del before, world
    faults = _named(calendar.name) + _said(lambda: compile_calendar(calendar))
    return faults + list(feed_faults(calendar, local=True))


def _blocked(sender: BlockedSender, before: BlockedSender | None, world: World) -> list[FieldError]:
    del before
    fault = block_fault(sender.pattern, world.desk, world.now)
    return [FieldError("/pattern", fault)] if fault is not None else []


def _sharing(sharing: Sharing, desk: Desk) -> list[FieldError]:
    known: Mapping[Scope, Mapping[str, object]] = {Scope.GROUP: desk.groups, Scope.PERSONAL: desk.agents}
    if sharing.scope is Scope.SHARED:
        return [] if sharing.owner is None else [FieldError("/sharing/owner", "goes with group and personal only")]
    what = "a group" if sharing.scope is Scope.GROUP else "an agent"
    there = sharing.owner in known[sharing.scope]
    return [] if there else [FieldError("/sharing/owner", f"is not {what} of this desk")]


def _canned(item: CannedResponse, before: CannedResponse | None, world: World) -> list[FieldError]:
    del before
    tools = world.tools
    return (
        _named(item.title, "/title")
        + _sharing(item.sharing, world.desk)
        + _said(lambda: checked_bodies(item.bodies, "/bodies", sanitize=tools.sanitize, to_text=tools.to_text))
    )


def _tidied_canned(item: CannedResponse, world: World) -> CannedResponse:
    tools = world.tools
    bodies = checked_bodies(item.bodies, "/bodies", sanitize=tools.sanitize, to_text=tools.to_text)
    return replace(item, title=title_of(item.title), folder=folder_of(item.folder), bodies=bodies)


def _macro(item: Macro, before: Macro | None, world: World) -> list[FieldError]:
    del before
    tools, reply = world.tools, item.reply
    faults = _named(item.title, "/title") + _sharing(item.sharing, world.desk)
    faults += _said(lambda: refuse_if_idle(item)) + _said(lambda: checked_changes(item.changes, "/changes"))
    faults += unknown_in(item.changes, world.desk)
    if reply is not None and reply.canned_response_id is not None:
        if reply.canned_response_id not in world.values["canned"]:
            faults.append(FieldError("/reply/canned_response_id", "is not a canned response of this desk"))
    elif reply is not None:
        bodies = reply.bodies
        faults += _said(lambda: checked_bodies(bodies, "/reply/bodies", sanitize=tools.sanitize, to_text=tools.to_text))
    return faults


def _tidied_macro(item: Macro, world: World) -> Macro:
    tools, reply = world.tools, item.reply
    if reply is not None and reply.canned_response_id is None:
        bodies = checked_bodies(reply.bodies, "/reply/bodies", sanitize=tools.sanitize, to_text=tools.to_text)
        reply = replace(reply, bodies=bodies)
    return replace(
        item,
        title=title_of(item.title),
        folder=folder_of(item.folder),
        description=clean_line(item.description),
        reply=reply,
        changes=checked_changes(item.changes, "/changes"),
    )


def _checklist(item: Checklist, before: Checklist | None, world: World) -> list[FieldError]:
    del before
    faults = _named(item.title, "/title") + _sharing(item.sharing, world.desk)
    faults += checked_titles(item.titles, "/titles")[1]
    return faults + _said(lambda: checked_items(item.items, world.desk.agents.keys()))


def _tidied_checklist(item: Checklist, world: World) -> Checklist:
    return replace(
        item,
        title=title_of(item.title),
        titles=checked_titles(item.titles, "/titles")[0],
        folder=folder_of(item.folder),
        items=checked_items(item.items, world.desk.agents.keys()),
    )


def _rule(rule: Rule, before: Rule | None, world: World) -> list[FieldError]:
    faults = RULE_KIND.faults(rule, before, world.desk)
    return faults + _in_desk(rule.actions.macro, world.values["macros"], "/actions/macro", "a macro")


def _view(view: View, before: View | None, world: World) -> list[FieldError]:
    del before
    faults = _named(view.title, "/title") + _sharing(view.sharing, world.desk)
    faults += _said(lambda: refuse_unless_sortable(view.sort, view.group_by, view.columns))
    if view.built_in:
        faults.append(FieldError("/built_in", "cannot be true: those come with the desk"))
    try:
        parse(msgspec.json.decode(view.conditions), known_to(world.desk))
    except msgspec.DecodeError:
        faults.append(FieldError("/conditions", "is not JSON"))
    except Invalid as error:
        faults += [FieldError("/conditions", f"{one.pointer}: {one.message}") for one in error.errors]
    return faults


def template_faults(template_id: str, template: Template, desk: Desk) -> list[FieldError]:
    """What is wrong with an admin's words for a mail, whose id is like `reply/en` or `reply/en/support`."""
    kind, _, rest = template_id.partition("/")
    language, _, mailbox = rest.partition("/")
    if kind not in set(MailKind) or language not in LANGUAGES:
        return [FieldError("", "must be called by a kind of mail and a language, such as reply/en")]
    faults = _in_desk(mailbox or None, desk.mailboxes, "", "called by a mailbox")
    return faults + [
        FieldError(f"/{fault.part}", f"line {fault.line} of it: {fault.message}")
        for fault in check_template(MailKind(kind), template)
    ]


GENERAL: Final = Part(
    "general",
    "general",
    "The desk itself. null switches a thing off.",
    General,
    held="general",
    single=True,
    check=lambda one, before, world: general_faults(one, world.desk),  # noqa: ARG005 - what was there says nothing
)
GROUPS: Final = Part(
    "groups",
    "group",
    "Who answers what: sets of agents.",
    Group,
    held="groups",
    check=lambda one, before, world: _named(one.name),  # noqa: ARG005 - a name is all there is
    tidied=lambda one, world: replace(one, name=clean_line(one.name)),  # noqa: ARG005
)
ROLES: Final = of_kind(
    settings.ROLE_KIND, "roles", RoleDefinition, "Roles beside those that every desk has: what they may do and see."
)
AGENTS: Final = Part(
    "agents",
    "agent",
    "Colleagues, by their user name at the identity provider. Take this part out to keep those of the other desk.",
    Agent,
    held="agents",
    identity=Identity.NAME,
    check=_agent,
)
MAILBOXES: Final = of_kind(
    MAILBOX_KIND, "mailboxes", Mailbox, "Addresses that customers write to, and how mails from there look."
)
POLICIES: Final = Part(
    "sla_policies",
    "policy",
    "Promises of time, in order: the first whose conditions hold is put on a ticket.",
    SlaPolicy,
    held="policies",
    shelf=Shelf.POLICIES,
    left_out=frozenset({"version"}),
    check=_policy,
)
CALENDARS: Final = Part(
    "calendars",
    "calendar",
    "Business hours. Public holidays are looked up when it is imported, and feeds read soon after.",
    BusinessCalendar,
    held="calendars",
    shelf=Shelf.CALENDARS,
    left_out=frozenset({"revision", "resolved_years", "resolved_holidays", "feed_days", "feed_hours"}),
    check=_calendar,
)
BLOCKED: Final = Part(
    "blocked_senders",
    "blocked",
    "Addresses and domains whose mail is held back, by an id that follows from the pattern.",
    BlockedSender,
    held="blocked",
    identity=Identity.DERIVED,
    left_out=frozenset({"blocked_by", "at"}),
    check=_blocked,
    tidied=lambda one, world: replace(one, pattern=normal_address(one.pattern)),  # noqa: ARG005
    id_of=lambda one: blocked_id(normal_address(one.pattern)),
)
WEBHOOKS: Final = replace(
    of_kind(
        WEBHOOK_KIND,
        "webhooks",
        Webhook,
        "Destinations that rules and escalations may call. Their secrets follow from the desk's own, and values of headers are never told: another desk has others.",
    ),
    left_out=frozenset({"generation", "rotated_at", "stopped_at"}),
)
CANNED: Final = Part(
    "canned_responses",
    "canned",
    "Texts that agents answer with, those of single agents and groups among them.",
    CannedResponse,
    shelf=Shelf.ITEMS,
    identity=Identity.ULID,
    left_out=_BOOKKEEPING,
    check=_canned,
    tidied=_tidied_canned,
)
MACROS: Final = Part(
    "macros",
    "macros",
    "Answers and changes that agents run.",
    Macro,
    shelf=Shelf.ITEMS,
    identity=Identity.ULID,
    left_out=_BOOKKEEPING,
    check=_macro,
    tidied=_tidied_macro,
)
CHECKLISTS: Final = Part(
    "checklists",
    "checklists",
    "Lists of tasks that are put on tickets.",
    Checklist,
    shelf=Shelf.ITEMS,
    identity=Identity.ULID,
    left_out=_BOOKKEEPING,
    check=_checklist,
    tidied=_tidied_checklist,
)
RULES: Final = replace(
    of_kind(RULE_KIND, "rules", Rule, "Triggers and automations: what the desk does by itself."),
    left_out=frozenset({"version"}),
    check=_rule,
)
VIEWS: Final = Part(
    "views",
    "views",
    "Lists of tickets by conditions, those of single agents and groups among them. The desk's own are no part of it.",
    View,
    shelf=Shelf.ITEMS,
    identity=Identity.ULID,
    left_out=_BOOKKEEPING,
    check=_view,
    tidied=lambda one, world: replace(one, title=title_of(one.title), folder=folder_of(one.folder)),  # noqa: ARG005
)
TEMPLATES: Final = Part(
    "mail_templates",
    "template",
    "Your own words for mails, by kind and language, and perhaps a mailbox; all others are those that come with the desk.",
    Template,
    shelf=Shelf.TEMPLATES,
    identity=Identity.NAME,
)

PARTS: Final[Sequence[Part[Any]]] = (
    GENERAL,
    GROUPS,
    ROLES,
    AGENTS,
    of_kind(settings.CATEGORY_KIND, "categories", Category, "What tickets can be about."),
    of_kind(settings.PRODUCT_KIND, "products", Product, "What tickets can be about beside their category."),
    of_kind(settings.PLAN_KIND, "plans", Plan, "Support plans that organizations have."),
    of_kind(settings.FIELD_KIND, "fields", FieldDefinition, "Typed fields that tickets can have."),
    of_kind(settings.FORM_KIND, "forms", FormDefinition, "What is asked, one thing after another."),
    of_kind(
        settings.STATUS_KIND, "statuses", StatusDefinition, "Names and limits of the six statuses, and further ones."
    ),
    MAILBOXES,
    of_kind(BRAND_KIND, "brands", Brand, "Names that the desk answers under: looks, words, addresses, mailboxes."),
    TEMPLATES,
    CALENDARS,
    WEBHOOKS,
    POLICIES,
    BLOCKED,
    of_kind(
        settings.TRIAGE_KIND, "triage", TriageSetting, "What triage does about each field, and how sure it must be."
    ),
    of_kind(
        settings.ASSIGNMENT_KIND,
        "assignments",
        GroupAssignment,
        "How groups share their tickets out, by the group's id.",
    ),
    of_kind(
        RETENTION_KIND,
        "retention",
        RetentionRule,
        "For how long tickets keep what is in them. What is taken out is gone for good: import it switched off, and look.",
    ),
    of_kind(settings.SECTION_KIND, "sections", Section, "Where articles stand. Articles themselves are no settings."),
    of_kind(settings.SURVEY_KIND, "surveys", SurveyPlan, "Who is asked how it went, how often, and what beside it."),
    CANNED,
    MACROS,
    CHECKLISTS,
    RULES,
    VIEWS,
)
"""In the order in which they stand in the file and are written: what is named stands before what names it."""

BY_NAME: Final[Mapping[str, Part[Any]]] = {part.name: part for part in PARTS}
