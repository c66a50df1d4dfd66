"""An index as one container knows it: what it has read stays, and one query says what is new."""

from typing import Final

from helpdesk.search.index import Index
from helpdesk.search.model import SegmentGone, Segments, State
from helpdesk.search.segment import Segment, merge
from helpdesk.search.upkeep import earlier, unpack

OVERLAP_SECONDS: Final = 120
"""A name tells when its text was begun to be written. Longer than a function runs: nothing that is late is missed."""
_TOGETHER_FROM: Final = 8
"""Small segments that are searched one by one before they are put together."""
_ATTEMPTS: Final = 3


class LiveIndex:
    """Keeps an index up to date.

    Args:
        segments: where it is kept.
    """

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._index = Index()
        self._revision = -1
        self._fresh: set[str] = set()
        self._together = 0

    def __call__(self) -> Index:
        """The index as it stands: one query; what it names for the first time is fetched."""
        for _ in range(_ATTEMPTS):
            try:
                return self._refreshed()
            except SegmentGone:  # merged while we were reading: the list has changed
                self._revision = -1
        raise SegmentGone("The index changes faster than it can be read.")

    def _refreshed(self) -> Index:
        whole = self._revision < 0
        state = self._segments.state("" if whole else earlier(max(self._fresh, default=""), OVERLAP_SECONDS))
        if state.revision != self._revision:
            if not whole:
                state = self._segments.state()
            self._begin(state)
        added = {one.name: Segment(unpack(one.data)) for one in state.fresh if one.name not in self._fresh}
        self._fresh |= added.keys()
        if added:
            self._index.update(added, ())
            self._put_together()
        return self._index

    def _begin(self, state: State) -> None:
        """Takes over another list of segments; those that stay are not read again."""
        names = {kept.name for kept in state.kept}
        known = self._index.segments.keys()
        added = {name: Segment(self._segments.read(name)) for name in sorted(names - known)}
        self._index.update(added, known - names)
        self._fresh = set()
        self._revision = state.revision

    def _put_together(self) -> None:
        """Makes one segment of the small ones, so that a search has few to look through."""
        small = [name for name in self._index.segments if name in self._fresh or name.startswith("together")]
        if len(small) < _TOGETHER_FROM:
            return
        segments = [self._index.segments[name] for name in small]
        data = merge(segments, alive=[self._index.alive(name) for name in small])
        self._together += 1
        self._index.update({f"together{self._together}": Segment(data)}, small)
