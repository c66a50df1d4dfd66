"""What shelves, drafts, signs of life and signatures promise, wherever they are kept."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from helpdesk.canned.model import Body, CannedResponse, Scope, Sharing
from helpdesk.canned.store import DynamoSignatures, canned_shelf
from helpdesk.contracts import table as keys
from helpdesk.drafts.model import Draft, DraftKind
from helpdesk.drafts.store import DynamoDraftStore
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.macros.model import Macro, MacroChanges, MacroReply, TagChange
from helpdesk.macros.store import macro_shelf
from helpdesk.platform.table import Contended, Transaction, bind_table
from helpdesk.presence.model import Presence, PresenceState
from helpdesk.presence.store import DynamoPresenceStore
from helpdesk.tickets.model import Priority, Status, Visibility
from tests.fakes.shelves import FakeShelf
from tests.fakes.together import FakeDrafts, FakePresence, FakeSignatures
from tests.support.lives import MONDAY_TEN_IN_SEOUL as NOW
from tests.support.table import create_table


@dataclass(frozen=True)
class Tools:
    """All of one kind."""

    canned: Any
    macros: Any
    drafts: Any
    presence: Any
    signatures: Any


@pytest.fixture(params=["dynamodb", "memory"])
def tools(request: pytest.FixtureRequest) -> Iterator[Tools]:
    with ExitStack() as stack:
        if request.param == "memory":
            yield Tools(FakeShelf(), FakeShelf(), FakeDrafts(), FakePresence(), FakeSignatures())
            return
        stack.enter_context(mock_aws())
        create_table("table")
        bind_table("table")
        yield Tools(canned_shelf(), macro_shelf(), DynamoDraftStore(), DynamoPresenceStore(), DynamoSignatures())


def named(item_id: str, title: str = "Hello") -> dict[str, Any]:
    made = {"created_by": "mina", "created_at": NOW, "updated_by": "mina", "updated_at": NOW}
    return {"id": item_id, "version": 1, "title": title, "sharing": Sharing(Scope.SHARED), **made}


def response(item_id: str = "a", title: str = "Hello") -> CannedResponse:
    return CannedResponse(
        **named(item_id, title), bodies={"ko": Body("안녕하세요", "<p>안녕하세요</p>"), "en": Body("Hi")}
    )


# --- shelves ---------------------------------------------------------------------------------------------------------


def test_an_empty_shelf_has_never_been_changed(tools: Tools) -> None:
    assert tools.canned.revision() == 0
    assert tools.canned.load().items == {}
    assert tools.canned.get("a") is None


def test_what_is_put_on_a_shelf_is_read_as_it_was(tools: Tools) -> None:
    tools.canned.create(response())
    macro = Macro(
        **named("m") | {"sharing": Sharing(Scope.GROUP, "support")},
        description="Closes",
        reply=MacroReply(Visibility.INTERNAL, None, {"en": Body("Done")}),
        changes=MacroChanges(
            Status.SOLVED,
            Priority.LOW,
            "none",
            "support",
            "me",
            TagChange(exactly=True),
            {"a": True, "b": ["x"]},
            ("c",),
        ),
    )
    tools.macros.create(macro)
    assert tools.canned.get("a") == response()
    assert tools.macros.get("m") == macro
    assert tools.macros.load().items == {"m": macro}
    assert tools.canned.load().items == {"a": response()}


def test_an_id_is_given_once(tools: Tools) -> None:
    tools.canned.create(response())
    with pytest.raises(AlreadyThere):
        tools.canned.create(response(title="Other"))
    assert tools.canned.get("a").title == "Hello"
    assert tools.canned.revision() == 1


def test_only_who_saw_the_newest_version_can_change_or_remove_it(tools: Tools) -> None:
    tools.canned.create(response())
    second = replace(response(title="Second"), version=2)
    tools.canned.replace(second, expected_version=1)
    for refused in (
        lambda: tools.canned.replace(replace(response(title="Late"), version=2), expected_version=1),
        lambda: tools.canned.delete("a", expected_version=1),
    ):
        with pytest.raises(StaleVersion) as refusal:
            refused()
        assert refusal.value.current == 2
    assert tools.canned.get("a") == second
    tools.canned.delete("a", expected_version=2)
    assert tools.canned.get("a") is None
    for gone in (
        lambda: tools.canned.replace(second, expected_version=2),
        lambda: tools.canned.delete("a", expected_version=2),
    ):
        with pytest.raises(StaleVersion) as refusal:
            gone()
        assert refusal.value.current is None
    assert tools.canned.load().items == {}


def test_every_change_moves_the_revision_and_a_refused_one_does_not(tools: Tools) -> None:
    tools.canned.create(response())
    tools.canned.create(response("b"))
    tools.canned.replace(replace(response(), version=2), expected_version=1)
    with pytest.raises(StaleVersion):
        tools.canned.delete("b", expected_version=7)
    tools.canned.delete("b", expected_version=1)
    assert tools.canned.revision() == tools.canned.load().revision == 4
    assert tools.macros.revision() == 0


def test_uses_are_counted_without_a_new_version_and_outlive_a_change(tools: Tools) -> None:
    tools.canned.create(response())
    for _ in range(3):
        tools.canned.count_use("a")
    tools.canned.count_use("gone")
    tools.canned.replace(replace(response(), version=2), expected_version=1)
    contents = tools.canned.load()
    assert contents.uses == {"a": 3}
    assert list(contents.items) == ["a"]
    assert contents.revision == 2
    assert tools.canned.get("gone") is None


def test_a_large_shelf_is_read_whole(tools: Tools) -> None:
    for number in range(30):
        long = {"en": Body(f"{number} " + "가" * 20_000)}
        tools.canned.create(replace(response(f"{number:02}"), bodies=long))
    contents = tools.canned.load()
    assert len(contents.items) == 30, "one answer of the table holds a megabyte"
    assert contents.revision == 30


def test_two_who_write_at_once_are_both_served(monkeypatch: pytest.MonkeyPatch) -> None:
    commit, refusals = Transaction.commit, iter([True, True, False])

    def contended(self: Transaction) -> None:
        if next(refusals):
            raise Contended("Somebody else is changing the same thing.")
        commit(self)

    with mock_aws():
        create_table("table")
        bind_table("table")
        monkeypatch.setattr(Transaction, "commit", contended)
        canned_shelf().create(response())
        assert canned_shelf().get("a") == response()


# --- drafts ----------------------------------------------------------------------------------------------------------


def draft(ticket_id: str = "t1", kind: DraftKind = DraftKind.REPLY, version: int = 1, **changes: Any) -> Draft:
    return replace(Draft(ticket_id, kind, version, " Dear ", NOW, NOW + timedelta(days=30), "m1"), **changes)


def test_drafts_are_kept_by_author_ticket_and_kind(tools: Tools) -> None:
    reply, note = draft(), draft(kind=DraftKind.NOTE, based_on=None, body="")
    other = draft("t2")
    for one in (reply, note, other):
        tools.drafts.put("mina", one, expected_version=0)
    tools.drafts.put("jun", draft(body="Mine"), expected_version=0)
    assert sorted(tools.drafts.of_ticket("mina", "t1"), key=lambda one: one.kind) == [note, reply]
    assert tools.drafts.of_agent("mina", 9) == [other, reply, note]
    assert tools.drafts.of_agent("mina", 1) == [other]
    tools.drafts.delete("mina", "t1", DraftKind.REPLY)
    tools.drafts.delete("mina", "t1", DraftKind.REPLY)
    assert tools.drafts.of_ticket("mina", "t1") == [note]
    assert tools.drafts.of_ticket("mina", "t") == []
    asides = [draft(kind=DraftKind.SIDE, side_id=side_id, body=side_id) for side_id in ("s1", "s2")]
    asides.insert(0, draft(kind=DraftKind.SIDE, body="", to="parts@supplier.example", subject="A hinge"))
    for one in asides:
        tools.drafts.put("mina", one, expected_version=0)
    assert sorted(tools.drafts.of_ticket("mina", "t1"), key=lambda one: one.place) == [note, *asides]
    tools.drafts.delete("mina", "t1", asides[1].place)
    assert sorted(tools.drafts.of_ticket("mina", "t1"), key=lambda one: one.place) == [note, asides[0], asides[2]]
    tools.drafts.delete("mina", "t1", asides[0].place)
    assert sorted(tools.drafts.of_ticket("mina", "t1"), key=lambda one: one.place) == [note, asides[2]]


def test_a_draft_is_written_only_over_the_version_that_was_seen(tools: Tools) -> None:
    tools.drafts.put("mina", draft(), expected_version=0)
    tools.drafts.put("mina", draft(version=2), expected_version=1)
    for version in (0, 1, 3):
        with pytest.raises(StaleVersion) as refusal:
            tools.drafts.put("mina", draft(version=version + 1, body="Other"), expected_version=version)
        assert refusal.value.current == 2
    with pytest.raises(StaleVersion) as refusal:
        tools.drafts.put("jun", draft(version=2), expected_version=1)
    assert refusal.value.current == 0


def test_a_draft_that_is_over_is_in_nobodys_way(tools: Tools) -> None:
    tools.drafts.put("mina", draft(), expected_version=0)
    later = NOW + timedelta(days=31)
    new = draft(updated_at=later, keep_until=later + timedelta(days=30), body="New")
    tools.drafts.put("mina", new, expected_version=0)
    assert tools.drafts.of_ticket("mina", "t1") == [new]


# --- presence --------------------------------------------------------------------------------------------------------


def test_the_last_sign_of_life_counts_for_each_colleague_and_ticket(tools: Tools) -> None:
    first = Presence("mina", PresenceState.VIEWING, NOW, NOW + timedelta(seconds=50))
    second = replace(first, state=PresenceState.WRITING, seen_at=NOW + timedelta(seconds=5))
    jun = replace(first, agent_id="jun")
    for one in (first, jun, second):
        tools.presence.put("t1", one)
    tools.presence.put("t2", first)
    assert sorted(tools.presence.at("t1"), key=lambda one: one.agent_id) == [jun, second]
    tools.presence.remove("t1", "mina")
    tools.presence.remove("t1", "mina")
    assert tools.presence.at("t1") == [jun]
    assert tools.presence.at("t2") == [first]


def test_signs_of_life_are_no_part_of_a_tickets_own_partition() -> None:
    assert keys.presence_partition("t1") != keys.ticket_partition("t1")


# --- signatures ------------------------------------------------------------------------------------------------------


def test_a_signature_is_ones_own_and_can_be_taken_away(tools: Tools) -> None:
    assert tools.signatures.get("mina") == ""
    tools.signatures.put("mina", "Mina\nAcme")
    assert tools.signatures.get("mina") == "Mina\nAcme"
    assert tools.signatures.get("jun") == ""
    tools.signatures.put("mina", "")
    tools.signatures.put("mina", "")
    assert tools.signatures.get("mina") == ""
