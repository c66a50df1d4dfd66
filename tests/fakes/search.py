"""An index in memory: the twin of `search.store`."""

from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import new_id
from helpdesk.search.model import Fresh, Kept, SegmentGone, State


class FakeSegments:
    """See `search.model.Segments`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.revision = 0
        self.kept: tuple[Kept, ...] = ()
        self.fresh: dict[str, bytes] = {}
        self.objects: dict[str, bytes] = {}
        self.marks: dict[str, str] = {}

    def state(self, since: str = "") -> State:
        """What the index consists of."""
        fresh = tuple(Fresh(name, data) for name, data in sorted(self.fresh.items()) if name >= since)
        return State(self.revision, self.kept, fresh)

    def read(self, name: str) -> bytes:
        """The bytes of a segment."""
        if name not in self.objects:
            raise SegmentGone("The segment was merged into another one.")
        return self.objects[name]

    def append(self, fresh: Fresh) -> None:
        """Adds what is new."""
        self.fresh[fresh.name] = fresh.data

    def write(self, name: str, data: bytes) -> None:
        """Writes a segment."""
        self.marks[name] = new_id(self._clock())
        self.objects[name] = data

    def replace(self, before: State, kept: tuple[Kept, ...]) -> bool:
        """Makes other segments count."""
        names = {one.name for one in kept}
        for one in before.kept:
            if one.name not in names:
                self.marks[one.name] = new_id(self._clock())
        if before.revision != self.revision:
            return False
        self.revision += 1
        self.kept = kept
        return True

    def drop(self, fresh: tuple[str, ...]) -> None:
        """Takes away what is fresh no more."""
        for name in fresh:
            self.fresh.pop(name, None)

    def sweep(self, *, before: str, names: frozenset[str] | None = None) -> int:
        """Deletes segments that do not count."""
        counting = {one.name for one in self.kept}
        deleted = 0
        due = [one for one, at in self.marks.items() if at < before and (names is None or one in names)]
        for name in due:
            if name not in counting:
                self.objects.pop(name, None)
                deleted += 1
            del self.marks[name]
        return deleted
