"""A shelf with its rules of sharing: what canned responses and macros are both kept by."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from helpdesk.canned.model import Begun, Scope, Template
from helpdesk.canned.rules import may_read, refuse_unless_editable
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, KeyReused, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.kernel.shelves import MAX_ITEMS, AlreadyThere, KeptShelf, Shelf
from helpdesk.people.model import Agent

MAX_PERSONAL: Final = 500
"""Personal things of one agent on one shelf."""
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


class Library[T: Template]:
    """What agents may see, add, change and remove.

    Args:
        shelf: where it is kept.
        kept: a copy of all of it, at most seconds old.
        clock: the desk's time.
        name: of one thing, for sentences: "canned response".
    """

    def __init__(self, shelf: Shelf[T], kept: KeptShelf[T], clock: Clock, name: str) -> None:
        self._shelf = shelf
        self._kept = kept
        self._clock = clock
        self._name = name

    def readable(self, agent: Agent) -> list[T]:
        """All that a colleague may read, by folder and title."""
        found = [item for item in self._kept().items.values() if may_read(item.sharing, agent)]
        return sorted(found, key=lambda item: (item.folder.casefold(), item.title.casefold(), item.id))

    def uses(self, item_id: str) -> int:
        """How often something was used; at most minutes old."""
        return self._kept().uses.get(item_id, 0)

    def get(self, item_id: str, agent: Agent) -> T:
        """One of them, as it stands.

        Raises:
            NotFound: there is none of this id that the colleague may read.
        """
        found = self._shelf.get(item_id) if is_id(item_id) else None
        if found is None or not may_read(found.sharing, agent):
            raise NotFound(f"There is no such {self._name}.")
        return found

    def peek(self, item_id: str, agent: Agent) -> T:
        """One of them, at most seconds old: enough for using it, and free. Raises what `get` raises."""
        found = self._kept().items.get(item_id)
        return found if found is not None and may_read(found.sharing, agent) else self.get(item_id, agent)

    def create(self, make: Callable[[Begun], T], agent: Agent, *, key: str | None = None, made_from: str = "") -> T:
        """Adds something.

        Args:
            make: makes it of how it begins.
            agent: who adds it.
            key: the caller's Idempotency-Key: with the same one, what was added the first time is answered.
            made_from: hash of the request, where that had a key.

        Raises:
            Forbidden: the colleague may not share it so.
            KeyReused: the key came with another body before.
            Conflict: there are too many.
        """
        now = self._clock()
        item_id = new_id(now) if key is None else derived_id(_EPOCH, self._name, agent.id, key)
        made = make(
            Begun(
                id=item_id,
                version=1,
                created_by=agent.id,
                created_at=now,
                updated_by=agent.id,
                updated_at=now,
                made_from=made_from,
            )
        )
        refuse_unless_editable(made.sharing, agent)
        self._refuse_if_full(made)
        try:
            self._shelf.create(made)
        except AlreadyThere:
            before = self._shelf.get(item_id)
            if before is None or before.made_from != made.made_from:
                raise KeyReused("The Idempotency-Key was used with another body before.") from None
            return before
        self._kept.forget()
        return made

    def change(self, item_id: str, change: Callable[[T], T], agent: Agent, *, version: int) -> T:
        """Changes something.

        Raises:
            NotFound: there is none of this id that the colleague may read.
            Forbidden: they may read it only, or may not share it as they wish.
            StaleVersion: it is not at `version` any more.
        """
        before = self._editable(item_id, agent, version)
        wished = change(before)
        refuse_unless_editable(wished.sharing, agent)
        after = replace(wished, version=version + 1, updated_by=agent.id, updated_at=self._clock())
        self._shelf.replace(after, expected_version=version)
        self._kept.forget()
        return after

    def delete(self, item_id: str, agent: Agent, *, version: int) -> None:
        """Removes something. Raises what `change` raises."""
        self._editable(item_id, agent, version)
        self._shelf.delete(item_id, expected_version=version)
        self._kept.forget()

    def count_use(self, item_id: str) -> None:
        """Counts one more use; what was done is done, so a table that is busy is not asked twice."""
        with contextlib.suppress(Unavailable):
            self._shelf.count_use(item_id)

    def _editable(self, item_id: str, agent: Agent, version: int) -> T:
        before = self.get(item_id, agent)
        refuse_unless_editable(before.sharing, agent)
        if before.version != version:
            raise StaleVersion(f"You saw version {version}; it is at {before.version} now.", current=before.version)
        return before

    def _refuse_if_full(self, made: T) -> None:
        items = self._kept().items
        personal = made.sharing.scope is Scope.PERSONAL
        own = sum(1 for item in items.values() if item.sharing == made.sharing) if personal else 0
        if len(items) >= MAX_ITEMS or own >= MAX_PERSONAL:
            raise Conflict(
                f"There are {MAX_PERSONAL if own >= MAX_PERSONAL else MAX_ITEMS} already; remove one that nobody needs."
            )
