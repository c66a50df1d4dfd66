"""The desk's configuration in memory: the twin of `desk.store`."""

from dataclasses import replace

from helpdesk.desk.model import BlockedSender, Desk, General
from helpdesk.people.model import Agent

KINDS = {
    "agent": "agents",
    "blocked": "blocked",
    "category": "categories",
    "field": "fields",
    "form": "forms",
    "group": "groups",
    "plan": "plans",
    "product": "products",
    "status": "statuses",
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
        )

    def save_setting(self, kind: str, setting_id: str, value: object) -> None:
        """Writes one setting of a kind that is kept by id."""
        name = KINDS[kind]
        self.desk = replace(self.desk, **{name: {**getattr(self.desk, name), setting_id: value}})

    def save_general(self, general: General) -> None:
        """Writes the desk's own settings."""
        self.desk = replace(self.desk, general=general)

    def remove_setting(self, kind: str, setting_id: str) -> bool:
        """Takes one setting away; False if it was not there."""
        name = KINDS[kind]
        kept = dict(getattr(self.desk, name))
        there = kept.pop(setting_id, None) is not None
        self.desk = replace(self.desk, **{name: kept})
        return there

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
