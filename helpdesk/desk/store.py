"""The desk's configuration in the table: one partition, one query, kept for a few seconds."""

from collections.abc import Callable, Sequence
from typing import Final, cast

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.automation.model import Rule
from helpdesk.contracts import table as keys
from helpdesk.desk.model import BlockedSender, Category, Desk, General, Mailbox, Plan, Product
from helpdesk.forms.model import FieldDefinition, FormDefinition
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion, Unavailable
from helpdesk.knowledge.model import Section
from helpdesk.people.model import Agent, Group
from helpdesk.people.roles import RoleDefinition
from helpdesk.platform.audit import tell
from helpdesk.platform.table import Contended, DocumentAttribute, Item, Refused, Transaction, table_errors
from helpdesk.platform.versions import newest_version, version_item
from helpdesk.portal.brands import Brand
from helpdesk.privacy.model import RetentionRule
from helpdesk.routing.model import GroupAssignment, TriageSetting
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.surveys.plans import SurveyPlan
from helpdesk.tickets.workflow import StatusDefinition
from helpdesk.webhooks.model import Webhook

KEPT_SECONDS: Final = 5.0
"""How old a container's copy of the configuration may be."""
_ATTEMPTS: Final = 5


class SettingItem(Item):
    """One setting: a group, an agent, a category, a mailbox, a policy, a revision of a calendar, the desk's own."""

    setting = DocumentAttribute()
    version = NumberAttribute(null=True)
    tally = NumberAttribute(null=True)


class DynamoDeskStore:
    """Reads and writes the configuration. Every setting has a version, all of them are kept, and the trail tells of each."""

    def load(self) -> Desk:
        """All of it."""
        found: dict[str, dict[str, Document]] = {}
        versions: dict[tuple[str, str], int] = {}
        moved: dict[str, int] = {}
        for item in _queried(keys.SETTINGS_PREFIX):
            kind, setting_id = _name(item)
            if kind == keys.MOVED_KIND:
                moved[setting_id] = int(item.tally)
                continue
            found.setdefault(kind, {})[setting_id] = item.setting
            versions[kind, setting_id] = _version(item)
        calendars = [from_document(BusinessCalendar, document) for document in found.get("calendar", {}).values()]
        general = found.get("general", {}).get("desk")
        return Desk(
            general=from_document(General, general) if general is not None else General(),
            agents=_all(Agent, found.get("agent")),
            groups=_all(Group, found.get("group")),
            categories=_all(Category, found.get("category")),
            mailboxes=_all(Mailbox, found.get("mailbox")),
            policies=_policies(found.get("policy", {})),
            calendars={(calendar.id, calendar.revision): calendar for calendar in calendars},
            blocked=_all(BlockedSender, found.get("blocked")),
            statuses=_all(StatusDefinition, found.get("status")),
            fields=_all(FieldDefinition, found.get("field")),
            forms=_all(FormDefinition, found.get("form")),
            products=_all(Product, found.get("product")),
            roles=_all(RoleDefinition, found.get("role")),
            rules=_all(Rule, found.get("rule")),
            plans=_all(Plan, found.get("plan")),
            surveys=_all(SurveyPlan, found.get("survey")),
            triage=_all(TriageSetting, found.get("triage")),
            versions=versions,
            moved=moved,
            assignments=_all(GroupAssignment, found.get("assignment")),
            webhooks=_all(Webhook, found.get("webhook")),
            retention=_all(RetentionRule, found.get("retention")),
            sections=_all(Section, found.get("section")),
            brands=_all(Brand, found.get("brand")),
        )

    def save(self, desk: Desk) -> None:
        """Writes all settings of a desk; those it does not name stay."""
        items = [_general(desk.general)]
        items += [_item("agent", agent.id, agent) for agent in desk.agents.values()]
        items += [_item("group", group.id, group) for group in desk.groups.values()]
        items += [_item("category", category.id, category) for category in desk.categories.values()]
        items += [_item("mailbox", mailbox.id, mailbox) for mailbox in desk.mailboxes.values()]
        items += [_policy(place, policy) for place, policy in enumerate(desk.policies)]
        items += [_policy_version(policy) for policy in desk.policies]
        items += [
            _item("calendar", f"{calendar.id}@{calendar.revision:06d}", calendar)
            for calendar in desk.calendars.values()
        ]
        items += [_item("blocked", sender.id, sender) for sender in desk.blocked.values()]
        items += [_item("status", status.id, status) for status in desk.statuses.values()]
        items += [_item("field", field.id, field) for field in desk.fields.values()]
        items += [_item("form", form.id, form) for form in desk.forms.values()]
        items += [_item("product", product.id, product) for product in desk.products.values()]
        items += [_item("role", role.id, role) for role in desk.roles.values()]
        items += [_item("rule", rule.id, rule) for rule in desk.rules.values()]
        items += [_item("plan", plan.id, plan) for plan in desk.plans.values()]
        items += [_item("survey", one.id, one) for one in desk.surveys.values()]
        items += [_item("triage", one.id, one) for one in desk.triage.values()]
        items += [_item("assignment", one.id, one) for one in desk.assignments.values()]
        items += [_item("webhook", one.id, one) for one in desk.webhooks.values()]
        items += [_item("retention", one.id, one) for one in desk.retention.values()]
        items += [_item("section", one.id, one) for one in desk.sections.values()]
        items += [_item("brand", one.id, one) for one in desk.brands.values()]
        for start in range(0, len(items), 100):
            transaction = Transaction()
            for item in items[start : start + 100]:
                transaction.put(item)
            transaction.commit()

    def save_setting(self, kind: str, setting_id: str, value: object, *, seen: int | None = None) -> int:
        """Writes one setting of any kind: `field`, `form`, `status`, `product`, `category` ...

        Args:
            kind: of settings.
            setting_id: of its kind.
            value: a dataclass of that kind.
            seen: the version that was decided upon, 0 for something new; None: whatever it is now.

        Returns:
            The version that it has now.

        Raises:
            StaleVersion: it is not at the version that was seen.
        """
        return self.write(kind, setting_id, to_document(value), seen=seen)

    def save_general(self, general: General, *, seen: int | None = None) -> int:
        """Writes the desk's own settings. See `save_setting`."""
        return self.write("general", "desk", general_document(general), seen=seen)

    def remove_setting(self, kind: str, setting_id: str, *, seen: int | None = None) -> bool:
        """Takes one setting away; False if it was not there.

        Raises:
            StaleVersion: it is not at the version that was seen.
        """
        if _read(kind, setting_id) is None:
            return False
        self.write(kind, setting_id, None, seen=seen)
        return True

    def write(self, kind: str, setting_id: str, document: Document | None, *, seen: int | None = None) -> int:
        """Writes one setting as it is kept, or takes it away (None). See `save_setting`."""
        for _ in range(_ATTEMPTS):
            before = _read(kind, setting_id)
            there = _version(before) if before is not None else 0
            if seen is not None and seen != there:
                raise StaleVersion(f"You saw version {seen}; it is at {there} now.", current=there)
            if (before.setting if before is not None else None) == document:
                return there
            transaction = Transaction()
            version = self.stage(transaction, kind, setting_id, before, document)
            try:
                with table_errors():
                    transaction.commit()
            except (Refused, Contended):
                continue
            return version
        raise Unavailable("Others are changing the same setting; try again in a moment.")

    def stage(
        self,
        transaction: Transaction,
        kind: str,
        setting_id: str,
        before: "SettingItem | None",
        document: Document | None,
        *,
        last: int | None = None,
    ) -> int:
        """Adds to a transaction what changes one setting: itself, its version, and what the trail tells of it.

        Args:
            transaction: is refused if the setting is not as `before` any more.
            kind: of settings.
            setting_id: of its kind.
            before: as it is; None: it is not there.
            document: as it shall be; None: it is taken away.
            last: the newest version that something which is not there ever had; None: it is looked up.

        Returns:
            The version that it will have.
        """
        key, label = Item.at(keys.setting_key(kind, setting_id)), f"{kind}#{setting_id}"
        unchanged: Condition
        if before is None:
            last = newest_version(kind, setting_id) if last is None else last
            version, unchanged = last + 1, SettingItem.pk.does_not_exist()
        elif not before.version:  # from before versions were kept
            version, unchanged = 2, SettingItem.pk.exists() & SettingItem.version.does_not_exist()
            transaction.put(version_item(kind, setting_id, 1, before.setting, new=False))
        else:
            version, unchanged = int(before.version) + 1, SettingItem.version == before.version
        if document is None:
            transaction.delete(SettingItem(*key), condition=unchanged, label=label)
        else:
            transaction.put(SettingItem(*key, setting=document, version=version), condition=unchanged, label=label)
        self._log(transaction, kind, setting_id, version, before.setting if before is not None else None, document)
        return version

    def save_calendar(self, calendar: BusinessCalendar) -> None:
        """Writes a revision of a calendar, which is its version.

        Raises:
            StaleVersion: there is such a revision already.
        """
        transaction = Transaction()
        setting_id, document = f"{calendar.id}@{calendar.revision:06d}", to_document(calendar)
        item = SettingItem(*Item.at(keys.setting_key("calendar", setting_id)), setting=document, version=1)
        transaction.create(item, label="calendar")
        former = _read("calendar", f"{calendar.id}@{calendar.revision - 1:06d}")
        was = former.setting if former is not None else None
        self._log(transaction, "calendar", calendar.id, calendar.revision, was, document)
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("Somebody else changed the calendar first.") from refused

    def save_policies(self, policies: Sequence[SlaPolicy]) -> None:
        """Writes all policies in their order, and keeps a copy of each version."""
        before = {_name(item)[1]: item.setting for item in _items("policy")}
        transaction = Transaction()
        for place, policy in enumerate(policies):
            transaction.put(_policy(place, policy))
            transaction.put(_policy_version(policy))
            document = to_document(policy)
            was = cast("Document | None", before.get(policy.id, {}).get("policy"))
            if was != document:
                self._log(transaction, "policy", policy.id, policy.version, was, document)
        with table_errors():
            transaction.commit()

    def newest_policy_version(self, policy_id: str) -> int:
        """The greatest version that a policy ever had; 0: there was none."""
        item = _read("policy", policy_id)
        there = cast("int", cast("Document", item.setting["policy"])["version"]) if item is not None else 0
        return max(newest_version("policy", policy_id), there)

    def remove_policy(self, policy_id: str) -> bool:
        """Takes a policy away; False if it was not there. Its versions stay."""
        item = _read("policy", policy_id)
        if item is None:
            return False
        transaction = Transaction()
        transaction.delete(item, condition=SettingItem.pk.exists(), label="policy")
        was, version = cast("Document", item.setting["policy"]), self.newest_policy_version(policy_id) + 1
        self._log(transaction, "policy", policy_id, version, was, None)
        with table_errors():
            transaction.commit()
        return True

    @staticmethod
    def _log(
        transaction: Transaction,
        kind: str,
        setting_id: str,
        version: int,
        before: Document | None,
        document: Document | None,
    ) -> None:
        """Keeps the version, and lets the trail tell of it."""
        transaction.create(version_item(kind, setting_id, version, document), label=f"{kind}#{setting_id}")
        tell(transaction, Told(kind, setting_id, before, document))

    def items(self) -> dict[tuple[str, str], SettingItem]:
        """All settings as they are kept, by kind and id."""
        return {_name(item): item for item in _items()}

    def policy_version(self, policy_id: str, version: int) -> SlaPolicy | None:
        """A policy as it once was."""
        try:
            with table_errors():
                item = SettingItem.get(*Item.at(keys.policy_version_key(policy_id, version)))
        except DoesNotExist:
            return None
        return from_document(SlaPolicy, item.setting)

    def save_agent(self, agent: Agent) -> None:
        """Writes one agent."""
        self.save_setting("agent", agent.id, agent)

    def save_mailbox(self, mailbox: Mailbox, *, seen: int | None = None) -> int:
        """Writes one mailbox. See `save_setting`."""
        return self.save_setting("mailbox", mailbox.id, mailbox, seen=seen)

    def save_blocked(self, sender: BlockedSender) -> None:
        """Writes one blocked sender."""
        self.save_setting("blocked", sender.id, sender)

    def blocked(self) -> dict[str, BlockedSender]:
        """All blocked senders as they are now, by id."""
        found = [from_document(BlockedSender, item.setting) for item in _items("blocked")]
        return {sender.id: sender for sender in found}

    def remove_blocked(self, sender_id: str) -> bool:
        """Takes one blocked sender away; False if it was not there."""
        return self.remove_setting("blocked", sender_id)


class KeptDesk:
    """The configuration as a container last saw it, at most `KEPT_SECONDS` old.

    Args:
        load: reads the configuration.
        monotonic: a stopwatch in seconds (not the desk's clock, which can be moved).
    """

    def __init__(self, load: Callable[[], Desk], monotonic: Callable[[], float]) -> None:
        self._load = load
        self._monotonic = monotonic
        self._kept: tuple[float, Desk] | None = None

    def __call__(self) -> Desk:
        """The configuration."""
        now = self._monotonic()
        if self._kept is None or now - self._kept[0] > KEPT_SECONDS:
            self._kept = now, self._load()
        return self._kept[1]

    def forget(self) -> None:
        """Reads it anew next time: it was changed here just now."""
        self._kept = None


def _all[T](kind: type[T], documents: dict[str, Document] | None) -> dict[str, T]:
    made = {setting_id: from_document(kind, document) for setting_id, document in sorted((documents or {}).items())}
    return {getattr(value, "id"): value for value in made.values()}  # noqa: B009 - all kinds have one, mypy cannot say it


def _items(kind: str | None = None) -> list[SettingItem]:
    """All settings, or all of a kind."""
    if kind is not None:
        return _queried(keys.setting_key(kind, "").sk)
    return [item for item in _queried(keys.SETTINGS_PREFIX) if _name(item)[0] != keys.MOVED_KIND]


def _queried(prefix: str) -> list[SettingItem]:
    condition: Condition = SettingItem.sk.startswith(prefix)
    with table_errors():
        return list(SettingItem.query(keys.DESK_PARTITION, condition, consistent_read=True))


def _name(item: SettingItem) -> tuple[str, str]:
    """A setting's kind and id."""
    kind, _, setting_id = item.sk.removeprefix(keys.SETTINGS_PREFIX).partition("#")
    return kind, setting_id


def _version(item: SettingItem) -> int:
    """A setting's version; what was there before versions were kept is at its first."""
    return int(item.version or 1)


def _read(kind: str, setting_id: str) -> SettingItem | None:
    try:
        with table_errors():
            return SettingItem.get(*Item.at(keys.setting_key(kind, setting_id)), consistent_read=True)
    except DoesNotExist:
        return None


def general_document(general: General) -> Document:
    """The desk's own settings, with what is switched off (None) said: left out would mean the default."""
    unset: Document = {name: None for name in General.__dataclass_fields__ if getattr(general, name) is None}
    return unset | to_document(general)


def _general(general: General) -> SettingItem:
    return SettingItem(*Item.at(keys.setting_key("general", "desk")), setting=general_document(general))


def _policy(place: int, policy: SlaPolicy) -> SettingItem:
    """A policy and its place: the first whose conditions hold is the one applied."""
    document: Document = {"place": place, "policy": to_document(policy)}
    return SettingItem(*Item.at(keys.setting_key("policy", policy.id)), setting=document)


def _policy_version(policy: SlaPolicy) -> SettingItem:
    key = keys.policy_version_key(policy.id, policy.version)
    return SettingItem(*Item.at(key), setting=to_document(policy))


def _policies(documents: dict[str, Document]) -> tuple[SlaPolicy, ...]:
    placed = sorted(documents.values(), key=lambda document: cast("int", document["place"]))
    return tuple(from_document(SlaPolicy, cast("Document", document["policy"])) for document in placed)


def _item(kind: str, setting_id: str, value: object) -> SettingItem:
    return SettingItem(*Item.at(keys.setting_key(kind, setting_id)), setting=to_document(value))
