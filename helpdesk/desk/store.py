"""The desk's configuration in the table: one partition, one query, kept for a few seconds."""

from collections.abc import Callable, Sequence
from typing import Final, cast

from pynamodb.exceptions import DeleteError, DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.automation.model import Rule
from helpdesk.contracts import table as keys
from helpdesk.desk.model import BlockedSender, Category, Desk, General, Mailbox, Plan, Product
from helpdesk.forms.model import FieldDefinition, FormDefinition
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.people.model import Agent, Group
from helpdesk.people.roles import RoleDefinition
from helpdesk.platform.table import CONDITION_FAILED, DocumentAttribute, Item, Transaction, table_errors
from helpdesk.routing.model import TriageSetting
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.tickets.workflow import StatusDefinition

KEPT_SECONDS: Final = 5.0
"""How old a container's copy of the configuration may be."""


class SettingItem(Item):
    """One setting: a group, an agent, a category, a mailbox, a policy, a revision of a calendar, the desk's own."""

    setting = DocumentAttribute()


class DynamoDeskStore:
    """Reads and writes the configuration."""

    def load(self) -> Desk:
        """All of it."""
        found: dict[str, dict[str, Document]] = {}
        prefix = keys.SETTINGS_PREFIX
        condition: Condition = SettingItem.sk.startswith(prefix)
        with table_errors():
            for item in SettingItem.query(keys.DESK_PARTITION, condition, consistent_read=True):
                kind, _, setting_id = item.sk.removeprefix(prefix).partition("#")
                found.setdefault(kind, {})[setting_id] = item.setting
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
            triage=_all(TriageSetting, found.get("triage")),
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
        items += [_item("triage", one.id, one) for one in desk.triage.values()]
        for start in range(0, len(items), 100):
            transaction = Transaction()
            for item in items[start : start + 100]:
                transaction.put(item)
            transaction.commit()

    def save_setting(self, kind: str, setting_id: str, value: object) -> None:
        """Writes one setting of any kind: `field`, `form`, `status`, `product`, `category` ..."""
        with table_errors():
            _item(kind, setting_id, value).save()

    def save_general(self, general: General) -> None:
        """Writes the desk's own settings."""
        with table_errors():
            _general(general).save()

    def remove_setting(self, kind: str, setting_id: str) -> bool:
        """Takes one setting away; False if it was not there."""
        there: Condition = Item.pk.exists()
        try:
            with table_errors():
                SettingItem(*Item.at(keys.setting_key(kind, setting_id))).delete(condition=there)
        except DeleteError as error:
            if error.cause_response_code == f"{CONDITION_FAILED}Exception":
                return False
            raise
        return True

    def save_policies(self, policies: Sequence[SlaPolicy]) -> None:
        """Writes all policies in their order, and keeps a copy of each version."""
        transaction = Transaction()
        for place, policy in enumerate(policies):
            transaction.put(_policy(place, policy))
            transaction.put(_policy_version(policy))
        with table_errors():
            transaction.commit()

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

    def save_mailbox(self, mailbox: Mailbox) -> None:
        """Writes one mailbox."""
        self.save_setting("mailbox", mailbox.id, mailbox)

    def save_blocked(self, sender: BlockedSender) -> None:
        """Writes one blocked sender."""
        self.save_setting("blocked", sender.id, sender)

    def blocked(self) -> dict[str, BlockedSender]:
        """All blocked senders as they are now, by id."""
        condition: Condition = SettingItem.sk.startswith(keys.setting_key("blocked", "").sk)
        with table_errors():
            items = list(SettingItem.query(keys.DESK_PARTITION, condition, consistent_read=True))
        found = [from_document(BlockedSender, item.setting) for item in items]
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


def _general(general: General) -> SettingItem:
    """The desk's own settings, with what is switched off (None) said: left out would mean the default."""
    unset: Document = {name: None for name in General.__dataclass_fields__ if getattr(general, name) is None}
    return SettingItem(*Item.at(keys.setting_key("general", "desk")), setting=unset | to_document(general))


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
