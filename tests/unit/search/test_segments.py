"""Segments hold what was put in, merged or not, and what is newer hides what is older."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.index import Index
from helpdesk.search.segment import FORGOTTEN, BadSegment, Segment, Text, build, merge
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import phrase, wanted

_counts = st.dictionaries(st.sampled_from("abcdef가나다車"), st.integers(1, 300), max_size=6)
_texts = st.builds(
    Text, st.sampled_from(["o1", "o2", "o3"]), st.sampled_from(["", "p", "q"]), st.integers(1, 5), _counts
)
_groups = st.lists(st.lists(_texts, min_size=1, max_size=8), min_size=1, max_size=4)


def contents(index: Index) -> dict[tuple[str, str], Mapping[str, int]]:
    """All that can be found: the counts of each text's terms."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for name, segment in index.segments.items():
        alive = index.alive(name)
        for number, term in enumerate(segment.terms):
            postings = segment.postings(number)
            for text in postings.texts:
                if alive[text]:
                    key = (segment.owners[segment.owner_of[text]], segment.parts[text])
                    found.setdefault(key, {})[term] = postings.repeated.get(text, 1)
    return found


def _newest(groups: list[list[Text]]) -> dict[tuple[str, str], Mapping[str, int]]:
    chosen: dict[tuple[str, str], Text] = {}
    for text in (text for group in groups for text in group):
        known = chosen.get((text.owner, text.part))
        if known is None or known.version <= text.version:
            chosen[text.owner, text.part] = text
    return {key: {t: min(c, 255) for t, c in text.counts.items()} for key, text in chosen.items() if text.counts}


@given(_groups)
def test_an_index_holds_the_newest_of_each_text_in_whatever_segments_it_came(groups: list[list[Text]]) -> None:
    index = Index()
    for number, group in enumerate(groups):
        index.update({f"s{number}": Segment(build(group))}, ())
    assert contents(index) == _newest(groups)


@given(groups=_groups, keep_empty=st.booleans())
def test_merging_changes_nothing_that_is_found(groups: list[list[Text]], *, keep_empty: bool) -> None:
    index = Index({f"s{number}": Segment(build(group)) for number, group in enumerate(groups)})
    names = list(index.segments)
    merged = Segment(
        merge(list(index.segments.values()), alive=[index.alive(name) for name in names], keep_empty=keep_empty)
    )
    assert contents(Index({"merged": merged})) == contents(index) == _newest(groups)
    index.update({"merged": merged}, names)
    assert contents(index) == _newest(groups)


def test_an_older_text_stays_hidden_when_it_comes_late_or_again() -> None:
    index = Index({"new": Segment(build([Text("t", "", 7, count_terms("new words"))]))})
    index.update({"old": Segment(build([Text("t", "", 3, count_terms("old words"))]))}, ())
    assert [hit.owner for hit in index.rank(wanted(("old",)), most=5).hits] == []
    assert [hit.owner for hit in index.rank(wanted(("new",)), most=5).hits] == ["t"]


def test_what_is_forgotten_never_comes_back() -> None:
    index = Index({"gone": Segment(build([Text("t", "m", FORGOTTEN, {})]))})
    index.update({"again": Segment(build([Text("t", "m", 9, count_terms("secret"))]))}, ())
    assert index.rank(wanted(("secret",)), most=5).hits == ()
    assert index.having_all(phrase("secret")) == {}
    assert index.parts_of("t") == ["m"]


def test_a_merge_that_leaves_texts_out_leaves_none_of_their_words() -> None:
    segment = Segment(build([Text("t", "m", 1, count_terms("hunter2")), Text("u", "m", 1, count_terms("other"))]))
    left = merge([segment], alive=[[False, True]])
    assert Segment(left).terms == ["other"]


def test_terms_in_many_texts_and_far_apart_are_read_as_they_were_written() -> None:
    texts = [
        Text(f"{n:06d}", "", 1, {"all": 1 + n % 3, **({"rare": 300} if n % 997 == 0 else {}), f"own{n}": 1})
        for n in range(2500)
    ]
    segment = Segment(build(texts))
    everywhere = segment.find("all")
    assert everywhere is not None
    assert segment.is_dense(everywhere)
    assert list(segment.postings(everywhere).texts) == list(range(2500))
    assert segment.postings(everywhere).repeated[2] == 3
    rare = segment.find("rare")
    assert rare is not None
    assert list(segment.postings(rare).texts) == [0, 997, 1994]
    assert segment.postings(rare).repeated == {0: 255, 997: 255, 1994: 255}
    assert segment.find("own2499") is not None
    assert segment.find("own2500") is None


def test_an_empty_segment_can_be_read() -> None:
    segment = Segment(build([]))
    assert len(segment) == 0
    assert segment.find("a") is None
    assert Index({"s": segment}).rank(wanted(("a",)), most=5).hits == ()


@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes_that_are_no_segment_are_refused(noise: bytes, cut: int) -> None:
    whole = build([Text("t", "m", 1, count_terms("some words 말 言葉"))])
    with pytest.raises(BadSegment):
        Segment(noise)
    if cut < len(whole):
        with pytest.raises(BadSegment):
            Segment(whole[:cut])


def test_phrases_are_proposed_by_all_of_their_words_in_one_text() -> None:
    index = Index(
        {
            "a": Segment(
                build([Text("t", "m", 1, count_terms("비밀번호 오류")), Text("t", "n", 1, count_terms("비밀 이야기"))])
            )
        }
    )
    assert index.having_all(phrase("비밀번호")) == {"t": ["m"]}
    assert index.having_all(phrase("비밀")) == {"t": ["m", "n"]}
    assert index.having_all(phrase("비밀번호 없음")) == {}
