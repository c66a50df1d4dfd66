"""A shelf in memory: the twin of `platform.shelves`."""

from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.shelves import AlreadyThere, Contents, Shelved


class FakeShelf[T: Shelved]:
    """See `kernel.shelves.Shelf`. `loads` counts how often all of it was read."""

    def __init__(self, *items: T) -> None:
        self.items: dict[str, T] = {item.id: item for item in items}
        self.uses: dict[str, int] = {}
        self.changes = 0
        self.loads = 0

    def revision(self) -> int:
        """How often the shelf was changed."""
        return self.changes

    def load(self) -> Contents[T]:
        """All of it."""
        self.loads += 1
        return Contents(self.changes, dict(self.items), dict(self.uses))

    def get(self, item_id: str) -> T | None:
        """One thing as it stands."""
        return self.items.get(item_id)

    def create(self, item: T) -> None:
        """Puts something new on it."""
        if item.id in self.items:
            raise AlreadyThere("There is something of this id.")
        self._put(item)

    def replace(self, item: T, *, expected_version: int) -> None:
        """Writes something in its place."""
        self._check(item.id, expected_version)
        self._put(item)

    def delete(self, item_id: str, *, expected_version: int) -> None:
        """Takes something away."""
        self._check(item_id, expected_version)
        del self.items[item_id]
        self.uses.pop(item_id, None)
        self.changes += 1

    def count_use(self, item_id: str) -> None:
        """Counts one more use."""
        if item_id in self.items:
            self.uses[item_id] = self.uses.get(item_id, 0) + 1

    def _put(self, item: T) -> None:
        self.items[item.id] = item
        self.changes += 1

    def _check(self, item_id: str, expected_version: int) -> None:
        stands = self.items.get(item_id)
        if stands is None or stands.version != expected_version:
            raise StaleVersion("Somebody else changed it.", current=stands.version if stands is not None else None)
