"""Who writes to the desk, found or made known."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from helpdesk.kernel.ids import new_id
from helpdesk.kernel.text import clean_line, normal_address, supported_language
from helpdesk.people.model import Person


class PeopleStore(Protocol):
    """Where people are kept."""

    def by_address(self, address: str) -> Person | None:
        """Who writes from an address."""
        ...

    def by_id(self, person_id: str) -> Person | None:
        """A person."""
        ...

    def loads(self, agent_ids: Iterable[str]) -> dict[str, int]:
        """How many open tickets agents have."""
        ...


def new_person(address: str, name: str | None, language: str, now: datetime) -> Person:
    """Somebody who writes for the first time. They are stored with their first ticket, in its transaction."""
    shown = clean_line(name or "")[:200]
    return Person(
        id=new_id(now),
        address=normal_address(address),
        name=shown or None,
        language=supported_language(language),
        created_at=now,
    )
