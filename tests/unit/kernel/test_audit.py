"""The trail: what entries say, what they keep to themselves, and that a changed past shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.audit import AuditEntry, Told, TrailHead, entries_of, entry_hash, trail_fault

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def told(*what: Told, head: TrailHead | None = None) -> list[AuditEntry]:
    return entries_of(what, head or TrailHead(), actor="ada", via="api", at=NOW)


def head_of(entries: list[AuditEntry]) -> TrailHead:
    return TrailHead(entries[-1].seq, entries[-1].at, entry_hash(entries[-1]))


def test_an_entry_names_only_the_values_that_differ() -> None:
    (entry,) = told(
        Told("role", "own", {"sees": "assigned", "names": {"en": "A"}}, {"sees": "own_groups", "names": {"en": "A"}})
    )
    assert (entry.action, entry.before, entry.after) == ("changed", {"sees": "assigned"}, {"sees": "own_groups"})


@pytest.mark.parametrize(
    ("before", "after", "action"), [(None, {"a": 1}, "created"), ({"a": 1}, None, "removed"), ({}, {"a": 1}, "changed")]
)
def test_what_was_done_follows_from_what_was_there(
    before: dict[str, int] | None, after: dict[str, int] | None, action: str
) -> None:
    (entry,) = told(Told("field", "x", before, after))
    assert entry.action == action


def test_what_changed_nothing_is_no_entry() -> None:
    assert told(Told("field", "x", {"a": 1}, {"a": 1})) == []


def test_secrets_and_requesters_addresses_stay_out_and_long_values_are_named_by_their_hash() -> None:
    after = {"secret": "s3cret", "hook": {"token": "t0ken"}, "pattern": "eve@example.org", "text": "x" * 3000}
    (entry,) = told(Told("hook", "x", None, after))
    assert "s3cret" not in str(entry)
    assert "t0ken" not in str(entry)
    assert "eve@example.org" not in str(entry)
    assert entry.after is not None
    assert entry.after["text"] == {"characters": 3007, "sha256": entry.after["text"]["sha256"]}  # type: ignore[index,call-overload]


def test_entries_go_on_behind_the_last_one_and_never_before_it_in_time() -> None:
    first = told(Told("a", "1", None, {}, "seen"))
    later = replace(head_of(first), at=NOW + timedelta(seconds=5))
    (second,) = told(Told("a", "2", None, {}, "seen"), head=later)
    assert (second.seq, second.prev, second.at) == (2, entry_hash(first[0]), NOW + timedelta(seconds=5))


changes = st.lists(
    st.builds(Told, st.sampled_from("ab"), st.text(max_size=3), st.none(), st.just({"x": 1})), min_size=1, max_size=6
)


@given(changes, st.data())
def test_whatever_is_changed_in_a_month_shows(what: list[Told], data: st.DataObject) -> None:
    entries = told(*what)
    head = head_of(entries)
    assert trail_fault(entries, head) is None
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries]
    changed[place] = replace(entries[place], actor="eve")
    assert trail_fault(changed, head) is not None
    assert trail_fault(entries[:place] + entries[place + 1 :], head) is not None
