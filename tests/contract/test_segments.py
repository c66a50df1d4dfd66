"""Where an index is kept, in memory and on AWS; and that nothing is lost or left, wherever whoever writes it dies."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from helpdesk.kernel.ids import new_id
from helpdesk.platform.table import bind_table
from helpdesk.search.live import LiveIndex
from helpdesk.search.model import Fresh, Kept, SegmentGone, Segments
from helpdesk.search.segment import Segment, Text, build
from helpdesk.search.store import DynamoSegments
from helpdesk.search.tokens import count_terms
from helpdesk.search.upkeep import FOLD_AFTER_SECONDS, FOLD_FROM, GRACE_SECONDS, Upkeep, unpack
from helpdesk.search.wanted import wanted
from tests.fakes.crashes import Crash, Fate
from tests.fakes.search import FakeSegments
from tests.support.table import create_table

BUCKET = "bucket"
LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrtv")


class HandClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hands() -> HandClock:
    return HandClock()


@pytest.fixture(params=["memory", "aws"])
def segments(request: pytest.FixtureRequest, hands: HandClock, tmp_path: Path) -> Iterator[Segments]:
    if request.param == "memory":
        yield FakeSegments(hands)
        return
    with mock_aws():
        create_table("table")
        bind_table("table")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        yield DynamoSegments("tickets", lambda: s3, BUCKET, hands, folder=tmp_path)


def objects(segments: Segments) -> set[str]:
    """Names of all segments that lie in the bucket."""
    if isinstance(segments, FakeSegments):
        return set(segments.objects)
    found = boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {one["Key"].rpartition("/")[2] for one in found}


def text(number: int, words: str, version: int = 1) -> Text:
    return Text(f"t{number:04d}", "", version, count_terms(words))


def word(number: int) -> str:
    """A word that looks like no other."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:12].translate(LETTERS)


def found(index: LiveIndex, query: str) -> set[str]:
    return {hit.owner for hit in index().rank(wanted((query,)), most=100).hits}


def test_what_is_appended_is_there_at_once_and_in_order(segments: Segments, hands: HandClock) -> None:
    names = [new_id(hands()) for _ in range(3)]
    for name in reversed(names):
        segments.append(Fresh(name, name.encode()))
    state = segments.state()
    assert [one.name for one in state.fresh] == names
    assert [one.data for one in state.fresh] == [name.encode() for name in names]
    assert [one.name for one in segments.state(since=names[1]).fresh] == names[1:]
    segments.drop(tuple(names[:2]))
    segments.drop((names[0],))
    assert [one.name for one in segments.state().fresh] == names[2:]
    assert state.revision == 0


def test_of_two_who_replace_the_list_at_once_one_succeeds(segments: Segments) -> None:
    segments.write("a", b"A")
    segments.write("b", b"B")
    before = segments.state()
    assert segments.replace(before, (Kept("a", 1, 1),))
    assert not segments.replace(before, (Kept("b", 1, 1),))
    after = segments.state()
    assert after.kept == (Kept("a", 1, 1),)
    assert after.revision == before.revision + 1
    assert bytes(segments.read("a")) == b"A"


def test_a_segment_that_is_gone_is_said_to_be(segments: Segments) -> None:
    with pytest.raises(SegmentGone):
        segments.read("never")


def test_only_what_does_not_count_is_swept_and_only_when_it_is_old(segments: Segments, hands: HandClock) -> None:
    for name in ("a", "b", "c"):
        segments.write(name, name.encode())
    assert segments.replace(segments.state(), (Kept("a", 1, 1), Kept("b", 1, 1)))
    assert segments.sweep(before="0") == 0
    assert segments.sweep(before="~", names=frozenset({"b"})) == 0, "it counts"
    assert segments.sweep(before="~") == 1
    assert objects(segments) == {"a", "b"}
    assert segments.replace(segments.state(), (Kept("b", 1, 1),))
    assert segments.sweep(before=new_id(hands() - timedelta(hours=1))) == 0
    assert segments.sweep(before="~") == 1
    assert objects(segments) == {"b"}
    assert bytes(segments.read("b")) == b"b"


def test_many_small_segments_become_few_and_all_is_still_found(segments: Segments, hands: HandClock) -> None:
    upkeep, index = Upkeep(segments, hands), LiveIndex(segments)
    for number in range(FOLD_FROM * 3):
        upkeep.append([text(number, f"{word(number)} common")])
        if number % 50 == 0:
            assert found(index, word(number)) == {f"t{number:04d}"}
            hands.advance(GRACE_SECONDS / 3)
            upkeep.compact()
    upkeep.append([text(3, "another word", version=2)])
    for one in (index, LiveIndex(segments)):
        assert found(one, word(3)) == set()
        assert found(one, "another") == {"t0003"}
        assert all(found(one, word(number)) == {f"t{number:04d}"} for number in (0, 70, 130, 191))
    assert len(segments.state().kept) <= 4
    hands.advance(FOLD_AFTER_SECONDS + 1)
    assert upkeep.compact() > 0
    hands.advance(GRACE_SECONDS + 1)
    upkeep.compact()
    assert objects(segments) == {kept.name for kept in segments.state().kept}
    assert segments.state().fresh == ()


def test_who_reads_while_others_merge_and_sweep_misses_nothing(segments: Segments, hands: HandClock) -> None:
    upkeep, index = Upkeep(segments, hands), LiveIndex(segments)
    upkeep.append([text(1, "one")])
    assert found(index, "one") == {"t0001"}
    upkeep.append([text(2, "two")])
    hands.advance(FOLD_AFTER_SECONDS + 1)
    assert upkeep.compact() == 2
    upkeep.append([text(3, "three")])
    assert [found(index, word) for word in ("one", "two", "three")] == [{"t0001"}, {"t0002"}, {"t0003"}]
    upkeep.forget("t0001")
    assert [found(index, word) for word in ("one", "two", "three")] == [set(), {"t0002"}, {"t0003"}]


def test_a_late_write_of_an_earlier_name_is_not_missed(segments: Segments, hands: HandClock) -> None:
    index = LiveIndex(segments)
    early = new_id(hands())
    hands.advance(30)
    Upkeep(segments, hands).append([text(1, "one")])
    assert found(index, "one") == {"t0001"}
    later = FakeSegments(hands)
    Upkeep(later, hands).append([text(2, "two")])
    segments.append(Fresh(early, later.state().fresh[0].data))
    assert found(index, "two") == {"t0002"}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("work", ["compact", "forget", "rebuild"])
def test_whoever_dies_at_any_call_loses_nothing_and_leaves_nothing(hands: HandClock, work: str, *, after: bool) -> None:
    """Most of all between the writing of a segment and the list that makes it count."""

    def prepared() -> FakeSegments:
        segments = FakeSegments(hands)
        upkeep = Upkeep(segments, hands)
        for number in range(3):
            upkeep.append([text(number, f"word{number}")])
        hands.advance(FOLD_AFTER_SECONDS + 1)
        upkeep.compact()
        upkeep.append([text(4, "word4"), text(0, "word0 secret", version=2)])
        hands.advance(FOLD_AFTER_SECONDS + 1)
        return segments

    def act(segments: Segments) -> object:
        upkeep = Upkeep(segments, hands)
        works: dict[str, Callable[[], object]] = {
            "compact": upkeep.compact,
            "forget": lambda: upkeep.forget("t0000"),
            "rebuild": lambda: upkeep.rebuild(
                [*(text(n, f"word{n}", 3) for n in (1, 2, 4)), text(0, "word0 secret", 3)], segment_texts=2
            ),
        }
        return works[work]()

    whole = Fate()
    act(whole.of(prepared()))
    for call in range(1, whole.calls + 1):
        segments = prepared()
        with pytest.raises(Crash):
            act(Fate(call, after=after).of(segments))
        index = LiveIndex(segments)
        assert [found(index, f"word{n}") for n in (1, 2, 4)] == [{"t0001"}, {"t0002"}, {"t0004"}], call
        act(segments)
        expected = set() if work == "forget" else {"t0000"}
        assert found(index, "secret") == found(LiveIndex(segments), "secret") == expected, call
        hands.advance(GRACE_SECONDS + 1)
        Upkeep(segments, hands).compact()
        assert objects(segments) == {kept.name for kept in segments.state().kept}, call
        if work == "forget":
            data = [*segments.objects.values(), *(unpack(one) for one in segments.fresh.values())]
            assert not any("secret" in Segment(one).terms for one in data), call


def test_of_two_who_merge_at_once_one_does_and_nothing_is_lost(hands: HandClock) -> None:
    segments = FakeSegments(hands)
    upkeep = Upkeep(segments, hands)
    for number in range(4):
        upkeep.append([text(number, f"word{number}")])
    hands.advance(FOLD_AFTER_SECONDS + 1)

    class Slow:
        """Somebody else merges between this one's reading and writing."""

        done = False

        def __getattr__(self, name: str) -> object:
            if name == "replace" and not Slow.done:
                Slow.done = True
                assert upkeep.compact() == 4
                upkeep.append([text(9, "word9")])
            return getattr(segments, name)

    slow: Segments = Slow()  # type: ignore[assignment]
    assert Upkeep(slow, hands).compact() == 0
    index = LiveIndex(segments)
    assert all(found(index, f"word{number}") == {f"t{number:04d}"} for number in (0, 1, 2, 3, 9))
    hands.advance(GRACE_SECONDS + 1)
    upkeep.compact()
    assert objects(segments) == {kept.name for kept in segments.state().kept}


def test_what_comes_in_while_the_index_is_rebuilt_stays(segments: Segments, hands: HandClock) -> None:
    upkeep = Upkeep(segments, hands)
    upkeep.append([text(0, "vanished meanwhile"), text(1, "one")])
    hands.advance(FOLD_AFTER_SECONDS + 1)
    upkeep.compact()

    def everything() -> Iterator[Text]:
        yield text(1, "one")
        upkeep.append([text(2, "two")])
        hands.advance(FOLD_AFTER_SECONDS + 1)
        yield text(3, "three")
        upkeep.append([text(4, "four")])

    assert upkeep.rebuild(everything()) == 2
    index = LiveIndex(segments)
    assert [found(index, word) for word in ("one", "two", "three", "four")] == [
        {f"t{number:04d}"} for number in (1, 2, 3, 4)
    ]
    assert found(index, "vanished") == set()


def test_a_text_of_any_size_can_be_kept(segments: Segments, hands: HandClock) -> None:
    """An item holds 400 KB: the largest text that is looked at stays far below, in whatever script."""
    letters = "".join(chr(0xAC00 + (number * 7919) % 11_172) for number in range(30_000))
    Upkeep(segments, hands).append([text(1, letters)])
    (fresh,) = segments.state().fresh
    assert len(fresh.data) < 300_000
    assert len(Segment(unpack(fresh.data)).terms) > 20_000
    assert len(build([text(1, "short")])) < 400
