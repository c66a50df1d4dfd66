"""Keeps an index in shape: appends what is new, merges what has become many, and takes out what shall be forgotten."""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ulid import ULID

from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Unavailable
from helpdesk.kernel.ids import new_id
from helpdesk.search.index import Index
from helpdesk.search.model import Fresh, Kept, Segments, State
from helpdesk.search.segment import FORGOTTEN, Segment, Text, build, merge

FOLD_FROM: Final = 64
"""Fresh segments that are worth a segment in the bucket."""
FOLD_AFTER_SECONDS: Final = 3600
"""Even one is folded in when it is so old."""
LARGEST: Final = 200_000
"""Texts of a segment that is not merged any further: more would not fit into a function's time."""
GRACE_SECONDS: Final = 900
"""How long a segment that counts no more is kept for those who read it. Longer than any function runs."""
_ATTEMPTS: Final = 5


class Upkeep:
    """Writes an index.

    Args:
        segments: where it is kept.
        clock: the desk's time; names sort by it.
    """

    def __init__(self, segments: Segments, clock: Clock) -> None:
        self._segments = segments
        self._clock = clock

    @property
    def segments(self) -> Segments:
        """Where the index is kept."""
        return self._segments

    def append(self, texts: Iterable[Text]) -> None:
        """Lets texts be found as they now are: one write to the table."""
        data = build(texts)
        self._segments.append(Fresh(new_id(self._clock()), zlib.compress(data, 6)))

    def compact(self) -> int:
        """Merges what has become many, if it has, and sweeps what counts no more.

        Of two who do this at once one succeeds and the other's work is swept away later.

        Returns:
            How many segments became one; 0: there was nothing to do.
        """
        now = self._clock()
        self._segments.sweep(before=new_id(now - timedelta(seconds=GRACE_SECONDS)))
        state = self._segments.state()
        if not self._is_due(state, now):
            return 0
        fresh = [Segment(unpack(one.data)) for one in state.fresh]
        chosen = _worth_merging(state.kept, sum(len(segment) for segment in fresh))
        if not self._fold(state, fresh, chosen, lambda _owner, _part: True):
            return 0
        return len(fresh) + len(chosen)

    def forget(self, owner: str, parts: Collection[str] | None = None) -> None:
        """Takes an owner, or some parts of it, out for good: no later event brings it back, and no byte of it stays.

        Raises:
            Unavailable: others kept changing the index.
        """
        self._rewrite(owner, parts, lambda found: [Text(owner, part, FORGOTTEN, {}) for part in found])

    def renew(self, owner: str, texts: Callable[[], Sequence[Text]]) -> None:
        """Puts texts in the place of all that is kept of an owner; of what was there before no byte stays.

        Args:
            owner: whose texts.
            texts: reads them from their truth; asked after the index was read, so that they are no older than it.

        Raises:
            Unavailable: others kept changing the index.
        """
        self._rewrite(owner, None, lambda _: list(texts()))

    def add(self, texts: Iterable[Text], *, segment_texts: int = 5000) -> None:
        """Lets very many texts be found at once, beside all there are: after tickets came that no event tells of.

        Raises:
            Unavailable: others kept changing the index.
        """
        written = tuple(self._write(build(some)) for some in _some(texts, segment_texts))
        for _ in range(_ATTEMPTS):
            state = self._segments.state()
            if self._segments.replace(state, (*state.kept, *written)):
                return
        raise Unavailable("The index is being changed by others; try again.")

    def rebuild(self, texts: Iterable[Text], *, segment_texts: int = 5000) -> int:
        """Writes the index anew from its truth; what came in meanwhile stays.

        Args:
            texts: all there are.
            segment_texts: how many go into one segment.

        Returns:
            How many texts were written.

        Raises:
            Unavailable: others kept changing the index.
        """
        begun = new_id(self._clock() - timedelta(seconds=GRACE_SECONDS))
        before = {kept.name for kept in self._segments.state().kept}
        written = [self._write(build(some)) for some in _some(texts, segment_texts)]
        for _ in range(_ATTEMPTS):
            state = self._segments.state()
            meanwhile = tuple(kept for kept in state.kept if kept.name not in before)
            if self._segments.replace(state, (*written, *meanwhile)):
                self._segments.drop(tuple(one.name for one in state.fresh if one.name < begun))
                return sum(kept.texts for kept in written)
        raise Unavailable("The index is being changed by others; try again.")

    def _is_due(self, state: State, now: datetime) -> bool:
        if not state.fresh:
            return False
        return len(state.fresh) >= FOLD_FROM or state.fresh[0].name < new_id(
            now - timedelta(seconds=FOLD_AFTER_SECONDS)
        )

    def _rewrite(
        self, owner: str, parts: Collection[str] | None, replacement: Callable[[list[str]], list[Text]]
    ) -> None:
        """Merges all that has something of an owner, without it and with something else in its place."""
        for _ in range(_ATTEMPTS):
            state = self._segments.state()
            fresh = [Segment(unpack(one.data)) for one in state.fresh]
            with_it = tuple(kept for kept in state.kept if owner in Segment(self._segments.read(kept.name)).owners)
            index = Index({f"{at:08d}": segment for at, segment in enumerate(fresh)})
            index.update({kept.name: Segment(self._segments.read(kept.name)) for kept in with_it}, ())
            gone = index.parts_of(owner) if parts is None else sorted(parts)
            new = Segment(build(replacement(gone)))
            if self._fold(
                state,
                fresh,
                with_it,
                lambda found, part: found != owner or (parts is not None and part not in parts),
                new,
            ):
                self._segments.sweep(before="~", names=frozenset(kept.name for kept in with_it))
                return
        raise Unavailable("The index is being changed by others; try again.")

    def _fold(
        self,
        state: State,
        fresh: Sequence[Segment],
        chosen: tuple[Kept, ...],
        stays: Callable[[str, str], bool],
        new: Segment | None = None,
    ) -> bool:
        """Makes one segment of all that is fresh and some in the bucket; False: somebody else was faster.

        Args:
            state: what was read.
            fresh: its fresh segments.
            chosen: segments in the bucket.
            stays: whether a text of an owner and part is kept.
            new: what comes in addition, whatever `stays` says; of equal versions it counts.
        """
        segments = [*(Segment(self._segments.read(kept.name)) for kept in chosen), *fresh]
        index = Index({f"{at:08d}": segment for at, segment in enumerate((*segments, *((new,) if new else ())))})
        alive = [
            [
                counts and stays(segment.owners[owner], part)
                for counts, owner, part in zip(index.alive(f"{at:08d}"), segment.owner_of, segment.parts, strict=True)
            ]
            for at, segment in enumerate(segments)
        ]
        if new is not None:
            segments.append(new)
            alive.append(index.alive(f"{len(segments) - 1:08d}"))
        made = self._write(merge(segments, alive=alive))
        others = tuple(kept for kept in state.kept if kept not in chosen)
        if not self._segments.replace(state, (*others, made)):
            return False
        self._segments.drop(tuple(one.name for one in state.fresh))
        return True

    def _write(self, data: bytes) -> Kept:
        name = new_id(self._clock())
        self._segments.write(name, data)
        return Kept(name, len(Segment(data)), len(data))


def _worth_merging(kept: tuple[Kept, ...], texts: int) -> tuple[Kept, ...]:
    """The segments to merge with so many new texts: each that is not larger than all smaller ones together.

    So there are never more segments than the size of the index has binary digits, and a text is written as often.
    """
    chosen = []
    for one in sorted(kept, key=lambda one: (one.texts, one.name)):
        if one.texts > texts or texts + one.texts > LARGEST:
            break
        chosen.append(one)
        texts += one.texts
    return tuple(chosen)


def unpack(data: bytes) -> bytes:
    """The segment that a fresh one holds."""
    return zlib.decompress(data)


def earlier(name: str, seconds: int) -> str:
    """A name that sorts before all that were made so many seconds before another one."""
    if not name:
        return ""
    at = ULID.from_str(name).datetime - timedelta(seconds=seconds)
    return str(ULID.from_datetime(max(at, datetime.fromtimestamp(0, UTC))))[:10]


def _some(texts: Iterable[Text], most: int) -> Iterator[list[Text]]:
    some: list[Text] = []
    for text in texts:
        some.append(text)
        if len(some) == most:
            yield some
            some = []
    if some:
        yield some
