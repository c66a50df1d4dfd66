"""What admins do with settings that are kept one by one: list, write, take away; the same for every kind of them.

A kind says what can be wrong with one of it and what would miss it. The store keeps them all alike, so another kind
costs a `Kind` and its routes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from helpdesk.community.model import CommunitySettings
from helpdesk.community.rules import community_faults
from helpdesk.community.rules import tidied as tidied_community
from helpdesk.desk.model import Category, Desk, General, Plan, Product
from helpdesk.forms.checks import ID_PATTERN, check_field, check_form, is_setting_id, names_faults, words_faults
from helpdesk.forms.model import FIELDS, FieldDefinition, FormDefinition, UnknownFields
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound
from helpdesk.kernel.text import LANGUAGES, clean, clean_line
from helpdesk.knowledge.model import Section
from helpdesk.people.model import Role
from helpdesk.people.roles import BUILT_IN, Permission, RoleDefinition
from helpdesk.routing.model import GroupAssignment, TriageMode, TriageSetting
from helpdesk.surveys.model import BEST_RATING
from helpdesk.surveys.plans import FEWEST_ANSWERS, Question, QuestionKind, SurveyPlan
from helpdesk.tickets.model import Status, TicketType
from helpdesk.tickets.triaging import TriageField
from helpdesk.tickets.workflow import BASES, PriorityMatrix, StatusDefinition

MOST_OF_A_KIND: Final = 300
"""All settings are read by one query, so there is an end to how many there can be."""
BUILT_IN_NAMES: Final[Mapping[Role, Mapping[str, str]]] = {
    Role.LIGHT: {"en": "Light agent", "ko": "라이트 상담원", "ja": "ライトエージェント"},
    Role.AGENT: {"en": "Agent", "ko": "상담원", "ja": "エージェント"},
    Role.SUPERVISOR: {"en": "Supervisor", "ko": "슈퍼바이저", "ja": "スーパーバイザー"},
    Role.ADMIN: {"en": "Admin", "ko": "관리자", "ja": "管理者"},
}
RESERVED: Final = frozenset({"active", "done", "none", "me"})
"""Words that mean something else where an id can stand."""
MOST_PAUSE_DAYS: Final = 366
MOST_QUESTIONS: Final = 10
LEAST_EVERY_DAYS: Final = 7
MOST_LEAST_ANSWERS: Final = 100
LONGEST_DELAY_SECONDS: Final = 30 * 86_400
LEAST_PRECISION: Final = 80
MOST_PRECISION: Final = 99
TYPES: Final = tuple(kind.value for kind in TicketType)


class SettingStore(Protocol):
    """Where settings are kept."""

    def load(self) -> Desk:
        """All of them."""
        ...

    def save_setting(self, kind: str, setting_id: str, value: object, *, seen: int | None = None) -> int:
        """Writes one; gives the version that it has now.

        Raises:
            StaleVersion: it is not at the version that was seen (0: not there); None: whatever it is.
        """
        ...

    def remove_setting(self, kind: str, setting_id: str, *, seen: int | None = None) -> bool:
        """Takes one away; False if it was not there. Raises what `save_setting` raises."""
        ...

    def save_general(self, general: General, *, seen: int | None = None) -> int:
        """Writes the desk's own. See `save_setting`."""
        ...


@dataclass(frozen=True, slots=True)
class Kind[T]:
    """A kind of settings.

    Attributes:
        name: as it is kept.
        noun: as refusals call one.
        of: all there are, by id.
        tidied: one as it is kept.
        faults: what is wrong with one, given the one that was there before, and the desk.
        users: what would miss it, in words.
    """

    name: str
    noun: str
    of: Callable[[Desk], Mapping[str, T]]
    tidied: Callable[[T], T]
    faults: Callable[[T, T | None, Desk], list[FieldError]]
    users: Callable[[str, Desk], list[str]]


class Settings:
    """What can be done with settings of any kind.

    Args:
        store: where they are kept.
        changed: told after every change, so that a copy in memory is read anew.
    """

    def __init__(self, store: SettingStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    def put[T](self, kind: Kind[T], setting_id: str, value: T, *, seen: int | None = None) -> T:
        """Writes one, new or changed.

        Args:
            kind: of settings.
            setting_id: of its kind.
            value: as it shall be.
            seen: the version that was decided upon, 0 for something new; None: whatever it is now.

        Raises:
            Invalid: all that is wrong with it, by pointer.
            Conflict: there are too many already.
            StaleVersion: it is not at the version that was seen.
        """
        value = self.tried(kind, setting_id, value)
        self._store.save_setting(kind.name, setting_id, value, seen=seen)
        self._changed()
        return value

    def tried[T](self, kind: Kind[T], setting_id: str, value: T) -> T:
        """One as it would be kept, without keeping it.

        Raises:
            Invalid: all that is wrong with it, by pointer.
            Conflict: there are too many already.
        """
        desk = self._store.load()
        there = kind.of(desk)
        value = kind.tidied(value)
        before = there.get(setting_id)
        faults = kind.faults(value, before, desk)
        if before is None and (not is_setting_id(setting_id) or setting_id in RESERVED):
            faults.insert(0, FieldError("/id", f"must be like {ID_PATTERN}, and none of {', '.join(sorted(RESERVED))}"))
        if faults:
            raise Invalid(f"The {kind.noun} is not valid.", faults)
        if before is None and len(there) >= MOST_OF_A_KIND:
            raise Conflict(f"There are {MOST_OF_A_KIND} already.")
        return value

    def remove[T](self, kind: Kind[T], setting_id: str, *, seen: int | None = None) -> None:
        """Takes one away. Tickets that name it keep the name.

        Raises:
            NotFound: it is not there.
            Conflict: something else needs it.
            StaleVersion: it is not at the version that was seen.
        """
        desk = self._store.load()
        if setting_id not in kind.of(desk):
            raise NotFound(f"There is no such {kind.noun}.")
        users = kind.users(setting_id, desk)
        if users:
            raise Conflict(f"The {kind.noun} is used by {', '.join(users)}; change that first.")
        self._store.remove_setting(kind.name, setting_id, seen=seen)
        self._changed()

    def set_general(self, general: General, *, seen: int | None = None) -> None:
        """Says how the desk itself is set, what is checked already."""
        self._store.save_general(general, seen=seen)
        self._changed()

    def set_matrix(self, matrix: PriorityMatrix, *, seen: int | None = None) -> None:
        """Says what impact and urgency lead to from now on."""
        self._store.save_general(replace(self._store.load().general, priority_matrix=matrix), seen=seen)
        self._changed()

    def set_unknown_fields(self, unknown: UnknownFields, *, seen: int | None = None) -> None:
        """Says what becomes of values without a definition from now on."""
        self._store.save_general(replace(self._store.load().general, unknown_fields=unknown), seen=seen)
        self._changed()

    def set_community(self, community: CommunitySettings, *, seen: int | None = None) -> None:
        """Says how the community is set from now on.

        Raises:
            Invalid: all that is wrong with it, by pointer.
        """
        desk, tidied = self._store.load(), tidied_community(community)
        calendars = {calendar_id for calendar_id, _ in desk.calendars}
        if faults := community_faults(tidied, desk.categories, calendars):
            raise Invalid("Some fields are not valid.", faults)
        self._store.save_general(replace(desk.general, community=tidied), seen=seen)
        self._changed()

    def set_addresses_days(self, days: int, *, seen: int | None = None) -> None:
        """Changes for how long it is kept from where something was asked for."""
        self._store.save_general(replace(self._store.load().general, addresses_days=days), seen=seen)
        self._changed()


# --- the kinds -------------------------------------------------------------------------------------------------------


def tidied_lines(words: Mapping[str, str]) -> dict[str, str]:
    """Words by language as they are kept: each in one line, none of them empty."""
    tidied = {language: clean_line(text) for language, text in words.items()}
    return {language: text for language, text in tidied.items() if text}


def _texts(words: Mapping[str, str]) -> dict[str, str]:
    tidied = {language: clean(text).strip() for language, text in words.items()}
    return {language: text for language, text in tidied.items() if text}


def _tidied_field(definition: FieldDefinition) -> FieldDefinition:
    choices = tuple(replace(choice, names=tidied_lines(choice.names)) for choice in definition.choices)
    pattern = definition.pattern or None
    return replace(
        definition, names=tidied_lines(definition.names), help=_texts(definition.help), choices=choices, pattern=pattern
    )


def _field_faults(definition: FieldDefinition, before: FieldDefinition | None, desk: Desk) -> list[FieldError]:
    faults = check_field(definition)
    if before is not None and before.type is not definition.type:
        faults.append(FieldError("/type", f"cannot change from {before.type}: tickets may hold values"))
    if faults:
        return faults
    fields = {**desk.fields, definition.id: definition}
    for form in desk.forms.values():
        if _uses(form, definition.id):
            broken = check_form(form, fields, desk.categories, TYPES, ())
            faults += [FieldError("", f"form {form.id}: {one.pointer} {one.message}") for one in broken]
    return faults


def _uses(form: FormDefinition, field: str) -> bool:
    return any(
        element.field == field or any(condition.of == f"{FIELDS}{field}" for condition in element.when)
        for element in form.elements
    )


def _field_users(field: str, desk: Desk) -> list[str]:
    forms = [f"form {form.id}" for form in desk.forms.values() if _uses(form, field)]
    return forms + [f"SLA policy {one.id}" for one in desk.policies if field in one.conditions.fields]


def _tidied_form(form: FormDefinition) -> FormDefinition:
    elements = tuple(replace(element, texts=_texts(element.texts)) for element in form.elements)
    return replace(form, names=tidied_lines(form.names), elements=elements)


def _form_faults(form: FormDefinition, before: FormDefinition | None, desk: Desk) -> list[FieldError]:
    del before
    return check_form(form, desk.fields, desk.categories, TYPES, desk.forms.values())


def _status_faults(status: StatusDefinition, before: StatusDefinition | None, desk: Desk) -> list[FieldError]:
    own = status.id in set(Status)
    faults = words_faults(status.names, "/names", longest=60)
    faults += words_faults(status.customer_names, "/customer_names", longest=60)
    if own:
        if status.base.value != status.id:
            faults.append(FieldError("/base", f"must be {status.id}: it is one of the desk's own"))
        if not status.active:
            faults.append(FieldError("/active", "must be true: it is one of the desk's own"))
    else:
        if not any(status.names.values()):
            faults.append(FieldError("/names", "is missing"))
        if status.base not in BASES:
            faults.append(FieldError("/base", f"must be one of {', '.join(BASES)}"))
        if before is not None and before.base is not status.base:
            faults.append(FieldError("/base", f"cannot change from {before.base}: tickets may stand in it"))
    return faults + _next_faults(status, desk)


def _next_faults(status: StatusDefinition, desk: Desk) -> list[FieldError]:
    if status.to is None:
        return []
    if status.base is Status.CLOSED:
        return [FieldError("/to", "must be left out: closed is final")]
    if not status.to:
        return [FieldError("/to", "must name one at least; null: any")]
    known = {*(one.value for one in Status if one is not Status.NEW), *desk.statuses, status.id} - {Status.NEW.value}
    return [
        FieldError(f"/to/{place}", "is no status that can follow")
        for place, one in enumerate(status.to)
        if one not in known
    ]


def _status_users(status_id: str, desk: Desk) -> list[str]:
    if status_id in set(Status):
        return []  # the status itself stays: what goes is what was said about it
    return [f"status {one.id}" for one in desk.statuses.values() if status_id in (one.to or ()) and one.id != status_id]


def _grouped_faults(group: str | None, desk: Desk) -> list[FieldError]:
    unknown = group is not None and group not in desk.groups
    return [FieldError("/group", "is not a group of this desk")] if unknown else []


def _product_faults(product: Product, before: Product | None, desk: Desk) -> list[FieldError]:
    del before
    return names_faults(product.names, "/names") + _grouped_faults(product.group, desk)


def _category_faults(category: Category, before: Category | None, desk: Desk) -> list[FieldError]:
    del before
    words = names_faults(category.names, "/names") + words_faults(category.descriptions, "/descriptions", longest=500)
    return words + _grouped_faults(category.group, desk)


def _triage_faults(setting: TriageSetting, before: TriageSetting | None, desk: Desk) -> list[FieldError]:
    del before, desk
    faults: list[FieldError] = []
    if not LEAST_PRECISION <= setting.precision <= MOST_PRECISION:
        faults.append(FieldError("/precision", f"must be {LEAST_PRECISION} to {MOST_PRECISION}"))
    if setting.id is TriageField.LANGUAGE and setting.mode is TriageMode.ACT:
        faults.append(FieldError("/mode", "must be off or suggest: people say which language they are written in"))
    return faults


def _tidied_survey(plan: SurveyPlan) -> SurveyPlan:
    questions = tuple(
        replace(
            one,
            texts=tidied_lines(one.texts),
            choices=tuple(replace(choice, names=tidied_lines(choice.names)) for choice in one.choices),
        )
        for one in plan.questions
    )
    return replace(plan, names=tidied_lines(plan.names), questions=questions)


def _survey_faults(plan: SurveyPlan, before: SurveyPlan | None, desk: Desk) -> list[FieldError]:
    del before
    faults = names_faults(plan.names, "/names")
    among: tuple[tuple[str, tuple[str, ...], Collection[str]], ...] = (
        ("groups", plan.groups, desk.groups),
        ("mailboxes", plan.mailboxes, desk.mailboxes),
        ("categories", plan.categories, desk.categories),
        ("languages", plan.languages, LANGUAGES),
    )
    for name, wanted, known in among:
        faults += [
            FieldError(f"/{name}/{place}", "is not known to this desk")
            for place, one in enumerate(wanted)
            if one not in known
        ]
    if not 0 <= plan.sample_percent <= 100:
        faults.append(FieldError("/sample_percent", "must be 0 to 100"))
    if not 0 <= plan.pause_days <= MOST_PAUSE_DAYS:
        faults.append(FieldError("/pause_days", f"must be 0 to {MOST_PAUSE_DAYS}"))
    if not LEAST_EVERY_DAYS <= plan.every_days <= MOST_PAUSE_DAYS:
        faults.append(FieldError("/every_days", f"must be {LEAST_EVERY_DAYS} to {MOST_PAUSE_DAYS}"))
    if not 1 <= plan.open_days <= plan.every_days:
        faults.append(FieldError("/open_days", "must be 1 to as many as every_days"))
    if not FEWEST_ANSWERS <= plan.least_answers <= MOST_LEAST_ANSWERS:
        faults.append(FieldError("/least_answers", f"must be {FEWEST_ANSWERS} to {MOST_LEAST_ANSWERS}"))
    if plan.delay_seconds is not None and not 0 <= plan.delay_seconds <= LONGEST_DELAY_SECONDS:
        faults.append(FieldError("/delay_seconds", f"must be 0 to {LONGEST_DELAY_SECONDS}, or nothing"))
    if len({one.id for one in plan.questions}) < len(plan.questions) or len(plan.questions) > MOST_QUESTIONS:
        faults.append(FieldError("/questions", f"must be {MOST_QUESTIONS} at most, each with an id of its own"))
    for place, question in enumerate(plan.questions):
        faults += _question_faults(question, f"/questions/{place}")
    return faults


def _question_faults(question: Question, pointer: str) -> list[FieldError]:
    faults = names_faults(question.texts, f"{pointer}/texts", longest=300)
    if not is_setting_id(question.id):
        faults.append(FieldError(f"{pointer}/id", f"must be like {ID_PATTERN}"))
    if (question.kind is QuestionKind.CHOICE) != bool(question.choices):
        faults.append(FieldError(f"{pointer}/choices", "go with a choice, and a choice has some"))
    if not 1 <= question.rating_from <= question.rating_to <= BEST_RATING:
        faults.append(FieldError(f"{pointer}/rating_from", "must be 1 to 5, and not above rating_to"))
    for number, choice in enumerate(question.choices):
        faults += names_faults(choice.names, f"{pointer}/choices/{number}/names")
    return faults


def _category_users(category: str, desk: Desk) -> list[str]:
    forms = [f"form {form.id}" for form in desk.forms.values() if _asks_about(form, category)]
    forms += [f"brand {one.id}" for one in desk.brands.values() if category in one.categories]
    return forms + [f"SLA policy {one.id}" for one in desk.policies if category in one.conditions.categories]


def _asks_about(form: FormDefinition, category: str) -> bool:
    named = (
        condition.equals == category or category in condition.one_of
        for element in form.elements
        for condition in element.when
        if condition.of == "category"
    )
    return form.category == category or any(named)


def _tidied_role(role: RoleDefinition) -> RoleDefinition:
    granted = {Permission.READ, *role.permissions}
    return replace(role, names=tidied_lines(role.names), permissions=tuple(one for one in Permission if one in granted))


def _role_faults(role: RoleDefinition, before: RoleDefinition | None, desk: Desk) -> list[FieldError]:
    del before, desk
    faults = names_faults(role.names, "/names")
    if role.id in set(Role):
        faults.append(FieldError("/id", "is one of the desk's own roles, which cannot be changed"))
    return faults


def _role_users(role_id: str, desk: Desk) -> list[str]:
    return [f"agent {agent.id}" for agent in desk.agents.values() if agent.custom_role == role_id]


FIELD_KIND: Final = Kind(
    "field",
    "field",
    lambda desk: desk.fields,
    _tidied_field,
    _field_faults,
    _field_users,
)
FORM_KIND: Final = Kind("form", "form", lambda desk: desk.forms, _tidied_form, _form_faults, lambda *_: [])
STATUS_KIND: Final = Kind(
    "status",
    "status",
    lambda desk: desk.statuses,
    lambda one: replace(one, names=tidied_lines(one.names), customer_names=tidied_lines(one.customer_names)),
    _status_faults,
    _status_users,
)
PRODUCT_KIND: Final = Kind(
    "product",
    "product",
    lambda desk: desk.products,
    lambda one: replace(one, names=tidied_lines(one.names)),
    _product_faults,
    lambda *_: [],
)
SURVEY_KIND: Final = Kind("survey", "survey", lambda desk: desk.surveys, _tidied_survey, _survey_faults, lambda *_: [])
CATEGORY_KIND: Final = Kind(
    "category",
    "category",
    lambda desk: desk.categories,
    lambda one: replace(one, names=tidied_lines(one.names), descriptions=tidied_lines(one.descriptions)),
    _category_faults,
    _category_users,
)

ROLE_KIND: Final = Kind("role", "role", lambda desk: desk.roles, _tidied_role, _role_faults, _role_users)


def _plan_faults(plan: Plan, before: Plan | None, desk: Desk) -> list[FieldError]:
    del before, desk
    return names_faults(plan.names, "/names") + words_faults(plan.descriptions, "/descriptions")


def _plan_users(plan: str, desk: Desk) -> list[str]:
    return [f"SLA policy {one.id}" for one in desk.policies if plan in one.conditions.plans]


PLAN_KIND: Final = Kind(
    "plan",
    "support plan",
    lambda desk: desk.plans,
    lambda one: replace(one, names=tidied_lines(one.names), descriptions=_texts(one.descriptions)),
    _plan_faults,
    _plan_users,
)


def _section_faults(section: Section, before: Section | None, desk: Desk) -> list[FieldError]:
    del before
    faults = names_faults(section.names, "/names") + words_faults(section.descriptions, "/descriptions")
    faults += [
        FieldError(f"/brands/{place}", "is not a brand of this desk")
        for place, one in enumerate(section.brands)
        if one not in desk.brands
    ]
    if section.parent is None:
        return faults
    parent = desk.sections.get(section.parent)
    if parent is None or parent.id == section.id:
        faults.append(FieldError("/parent", "is not another section of this desk"))
    elif parent.parent is not None or any(one.parent == section.id for one in desk.sections.values()):
        faults.append(FieldError("/parent", "would put sections more than two deep"))
    return faults


def _section_users(section_id: str, desk: Desk) -> list[str]:
    return [f"section {one.id}" for one in desk.sections.values() if one.parent == section_id]


SECTION_KIND: Final = Kind(
    "section",
    "section",
    lambda desk: desk.sections,
    lambda one: replace(one, names=tidied_lines(one.names), descriptions=_texts(one.descriptions)),
    _section_faults,
    _section_users,
)


def _assignment_faults(setting: GroupAssignment, before: GroupAssignment | None, desk: Desk) -> list[FieldError]:
    del before
    if setting.id not in desk.groups:
        return [FieldError("/id", "is not a group of this desk")]
    known = {
        "language": set(LANGUAGES),
        "category": set(desk.categories),
        "product": set(desk.products),
    }
    faults: list[FieldError] = []
    for agent_id, skills in setting.skills.items():
        if agent_id not in desk.agents:
            faults.append(FieldError(f"/skills/{agent_id}", "is not an agent of this desk"))
        for skill, level in skills.items():
            kind, _, value = skill.partition(":")
            if value not in known.get(kind, ()):
                faults.append(FieldError(f"/skills/{agent_id}/{skill}", "names no language, category or product"))
            elif not 1 <= level <= 5:
                faults.append(FieldError(f"/skills/{agent_id}/{skill}", "must be 1 to 5"))
    return faults


ASSIGNMENT_KIND: Final = Kind(
    "assignment",
    "assignment of a group",
    lambda desk: desk.assignments,
    lambda one: one,
    _assignment_faults,
    lambda *_: [],
)

TRIAGE_KIND: Final = Kind(
    "triage",
    "triage setting",
    lambda desk: desk.triage,
    lambda one: one,
    _triage_faults,
    lambda *_: [],
)


def statuses_of(desk: Desk) -> list[StatusDefinition]:
    """All statuses: the desk's own six, as configured or as they are by themselves, and the further ones, in order."""
    six = [desk.statuses.get(status.value, StatusDefinition(status.value, status)) for status in Status]
    further = sorted((one for one in desk.statuses.values() if one.further), key=lambda one: (one.order, one.id))
    return [*six, *further]


def roles_of(desk: Desk) -> list[RoleDefinition]:
    """All roles: those that every desk has, least first, and those that admins made, by id."""
    built_in = [
        RoleDefinition(role.value, BUILT_IN_NAMES[role], tuple(one for one in Permission if one in BUILT_IN[role]))
        for role in Role
    ]
    return [*built_in, *(role for _, role in sorted(desk.roles.items()))]
