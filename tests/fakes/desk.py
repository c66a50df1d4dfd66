"""The desk's configuration in memory: the twin of `desk.store`."""

from dataclasses import replace

from helpdesk.desk.model import BlockedSender, Desk
from helpdesk.people.model import Agent


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
        )

    def save_agent(self, agent: Agent) -> None:
        """Writes one agent."""
        self.desk = replace(self.desk, agents={**self.desk.agents, agent.id: agent})

    def save_blocked(self, sender: BlockedSender) -> None:
        """Writes one blocked sender."""
        self.desk = replace(self.desk, blocked={**self.desk.blocked, sender.id: sender})

    def blocked(self) -> dict[str, BlockedSender]:
        """All blocked senders as they are now, by id."""
        return dict(self.desk.blocked)

    def remove_blocked(self, sender_id: str) -> bool:
        """Takes one blocked sender away; False if it was not there."""
        there = sender_id in self.desk.blocked
        self.desk = replace(self.desk, blocked={key: one for key, one in self.desk.blocked.items() if key != sender_id})
        return there
