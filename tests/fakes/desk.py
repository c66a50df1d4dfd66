"""The desk's configuration in memory: the twin of `desk.store`."""

from dataclasses import replace

from helpdesk.desk.model import BlockedSender, Desk, General
from helpdesk.kernel.errors import StaleVersion
from helpdesk.people.model import Agent

KINDS = {
    "agent": "agents",
    "blocked": "blocked",
    "brand": "brands",
    "category": "categories",
    "field": "fields",
    "form": "forms",
    "group": "groups",
    "plan": "plans",
    "product": "products",
    "status": "statuses",
    "survey": "surveys",
}


class FakeDeskStore:
    """Reads and writes the configuration."""

    def __init__(self) -> None:
        self.desk = Desk()

    def load(self) -> Desk:
        """All of it."""
        return self.desk

    def save(self, desk: Desk) -> None:
        """Writes all settings of a desk; those it does not name stay."""
        old = self.desk
        named = {policy.id for policy in desk.policies}
        self.desk = Desk(
            general=desk.general,
            agents={**old.agents, **desk.agents},
            groups={**old.groups, **desk.groups},
            categories={**old.categories, **desk.categories},
            mailboxes={**old.mailboxes, **desk.mailboxes},
            policies=(*desk.policies, *(policy for policy in old.policies if policy.id not in named)),
            calendars={**old.calendars, **desk.calendars},
            blocked={**old.blocked, **desk.blocked},
            statuses={**old.statuses, **desk.statuses},
            fields={**old.fields, **desk.fields},
            forms={**old.forms, **desk.forms},
            products={**old.products, **desk.products},
            plans={**old.plans, **desk.plans},
            surveys={**old.surveys, **desk.surveys},
        )

    def save_setting(self, kind: str, setting_id: str, value: object, *, seen: int | None = None) -> int:
        """Writes one setting of a kind that is kept by id."""
        name = KINDS[kind]
        before: dict[str, object] = getattr(self.desk, name)
        self._refuse_if_stale(kind, setting_id, setting_id in before, seen)
        if before.get(setting_id) != value:
            self._count(kind, setting_id, there=setting_id in before)
        self.desk = replace(self.desk, **{name: {**before, setting_id: value}})
        return self.desk.versions.get((kind, setting_id), 1)

    def save_general(self, general: General, *, seen: int | None = None) -> int:
        """Writes the desk's own settings."""
        del seen
        self.desk = replace(self.desk, general=general)
        return 1

    def remove_setting(self, kind: str, setting_id: str, *, seen: int | None = None) -> bool:
        """Takes one setting away; False if it was not there."""
        name = KINDS[kind]
        kept = dict(getattr(self.desk, name))
        if setting_id not in kept:
            return False
        self._refuse_if_stale(kind, setting_id, True, seen)
        self._count(kind, setting_id, there=True)
        del kept[setting_id]
        self.desk = replace(self.desk, **{name: kept})
        return True

    def _refuse_if_stale(self, kind: str, setting_id: str, there: bool, seen: int | None) -> None:  # noqa: FBT001
        now = self.desk.versions.get((kind, setting_id), 1) if there else 0
        if seen is not None and seen != now:
            raise StaleVersion(f"You saw version {seen}; it is at {now} now.", current=now)

    def _count(self, kind: str, setting_id: str, *, there: bool) -> None:
        now = self.desk.versions.get((kind, setting_id), 1 if there else 0)
        self.desk = replace(self.desk, versions={**self.desk.versions, (kind, setting_id): now + 1})

    def save_agent(self, agent: Agent) -> None:
        """Writes one agent."""
        self.save_setting("agent", agent.id, agent)

    def save_blocked(self, sender: BlockedSender) -> None:
        """Writes one blocked sender."""
        self.save_setting("blocked", sender.id, sender)

    def blocked(self) -> dict[str, BlockedSender]:
        """All blocked senders as they are now, by id."""
        return dict(self.desk.blocked)

    def remove_blocked(self, sender_id: str) -> bool:
        """Takes one blocked sender away; False if it was not there."""
        return self.remove_setting("blocked", sender_id)
