"""Furnishes a new desk: its people and settings, and requests in three languages to try it with."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from local import product
from local.build import Say
from local.people import People
from local.quiet import Quiet

DAY_ONE: Final = datetime(2026, 1, 1, tzinfo=UTC)
FILLED: Final = "filled"
"""File in the data directory that says the demo requests were made."""


async def furnish(people: People, say: Say) -> None:
    """Makes sure that the desk has people and settings, and that its agents can sign in."""
    if await asyncio.to_thread(_settings):
        say("Setting the desk up")
    await asyncio.to_thread(lambda: people.admit(product.agents()))


async def fill(data_dir: Path, quiet: Quiet, say: Say) -> None:
    """Makes the demo requests, once in the life of a data directory."""
    if (data_dir / FILLED).exists():
        return
    say("Making demo requests")
    await asyncio.to_thread(_requests)
    await quiet.wait(60)
    (data_dir / FILLED).touch()


def _settings() -> bool:
    """Writes people and settings into a desk that has none; says whether it did."""
    from helpdesk.desk.model import Category, Desk, General, Mailbox  # noqa: PLC0415 - needs the environment to be set
    from helpdesk.desk.store import DynamoDeskStore  # noqa: PLC0415
    from helpdesk.kernel.ids import derived_id  # noqa: PLC0415
    from helpdesk.people.model import Agent, Group, Role  # noqa: PLC0415

    store = DynamoDeskStore()
    if store.load().agents:
        return False
    people = {
        "admin@desk.test": ("Ada Admin", Role.ADMIN, ()),
        "supervisor@desk.test": ("Suyin Supervisor", Role.SUPERVISOR, ("support",)),
        "agent@desk.test": ("Alex Agent", Role.AGENT, ("support",)),
        "agent2@desk.test": ("Bo Agent", Role.AGENT, ("support",)),
    }
    agents = [
        Agent(id=derived_id(DAY_ONE, "demo", address), name=name, address=address, role=role, groups=groups)
        for address, (name, role, groups) in people.items()
    ]
    store.save(
        Desk(
            general=General(default_group="support"),
            agents={agent.id: agent for agent in agents},
            groups={"support": Group("support", "Support")},
            categories={
                "other": Category("other", {"en": "Something else", "ko": "기타", "ja": "その他"}, group="support")
            },
            mailboxes={"support": Mailbox("support", "support@desk.test", "Support", group="support")},
        )
    )
    return True


def _requests() -> None:
    """Makes requests through the desk's own services."""
