"""Views as a service over a board that lives: for agents of every sight exactly what a plain filter gives, paged and counted."""

import contextlib
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.canned.model import Scope as Shared
from helpdesk.conditions.fields import COLUMNS
from helpdesk.conditions.rules import matches, parse, plan
from helpdesk.kernel.errors import Invalid, Unavailable
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.model import Status
from helpdesk.tickets.views import TicketRow
from helpdesk.tickets.visibility import Scope
from helpdesk.views import live
from helpdesk.views.board import Part
from helpdesk.views.keeper import WRITE_FROM, BoardKeeper
from helpdesk.views.live import OVERLAP, LiveBoard
from helpdesk.views.model import DONE, OPEN, Order, View
from helpdesk.views.rules import GROUPED_BY, place_of
from helpdesk.views.service import Listing, ViewLibrary, ViewService, ViewWish, viewer_of
from helpdesk.views.sight import plan_of
from tests.fakes.shelves import FakeShelf
from tests.fakes.views import FakeCheckpoints, FakeTickets
from tests.support.conditions import GROUPS, NOW, a_row, a_tree
from tests.support.desk import desk_for_tests
from tests.unit.views.test_board import plainly_sorted, some_orders

AGENT = Agent("jiwoo", "Jiwoo", "jiwoo@desk.test", Role.AGENT, ("support", "billing"))
SCOPES = {
    "everything": Scope(everything=True, agent_id=AGENT.id),
    "groups": Scope(everything=False, groups=frozenset(AGENT.groups), agent_id=AGENT.id),
    "assigned": Scope(everything=False, agent_id=AGENT.id),
    "not private": Scope(
        everything=False, groups=frozenset(GROUPS) - {"shipping"}, agent_id="suki", unassigned_groupless=True
    ),
    "nothing": Scope(everything=False),
}


class Desk:
    """Views over tickets that change, in several containers."""

    def __init__(self, scope: Scope = SCOPES["everything"]) -> None:
        self.now = NOW
        self.scope = scope
        self.tickets = FakeTickets()
        self.checkpoints = FakeCheckpoints()
        self.seconds = 0.0
        self.broken: list[str] = []
        self.restart()

    def restart(self) -> None:
        """A container that has just begun."""
        self.board = self.a_board()
        shelf: FakeShelf[View] = FakeShelf()
        library = ViewLibrary(shelf, KeptShelf(shelf, lambda: 0.0), lambda: self.now, "view")
        self.views = ViewService(
            library, self.board, self.tickets, lambda _: self.scope, desk_for_tests, lambda: self.now
        )

    def a_board(self) -> LiveBoard:
        return LiveBoard(self.tickets, self.tickets, self.checkpoints, lambda: self.seconds, self.broken.append)

    def keep(self) -> int:
        return BoardKeeper(self.a_board(), self.tickets, self.checkpoints, lambda: self.now).keep()

    def all_pages(self, listing: Listing, limit: int) -> tuple[list[str], int, list[tuple[str, int]]]:
        found: list[str] = []
        position: Mapping[str, str] | None = None
        first = None
        while True:
            page = self.views.tickets(listing, AGENT, limit=limit, position=position)
            first = first or page
            found += [row.id for row in page.rows]
            position = page.next_position
            if position is None:
                return found, first.count, [(one.value, one.count) for one in first.headings]

    def ids(self, document: object = None) -> set[str]:
        listing = Listing("x", parse(document or {}), (), None)
        return {row.id for row in self.views.tickets(listing, AGENT, limit=100).rows}


def expected(desk: Desk, listing: Listing) -> list[TicketRow]:
    asked = plan(listing.conditions, viewer_of(AGENT, desk.now))
    rows = [row for row in desk.tickets.rows.values() if desk.scope.allows(row) and matches(asked, row)]
    rows = plainly_sorted(rows, listing.sort or (Order("sla_due_at"), Order("priority")))
    group = listing.group_by
    if group is not None:
        rows.sort(key=lambda row: place_of(group, str(COLUMNS[group].read(row))))
    return rows


def live_a_little(desk: Desk, chance: random.Random) -> None:
    """Some tickets change, some come, and now and then the keeper writes or a container is replaced."""
    desk.now += timedelta(seconds=chance.choice((0, 1, 30, 500)))
    for _ in range(chance.randint(0, 6)):
        number = chance.randint(1, 260)
        row = a_row(chance, number, desk.now)
        before = desk.tickets.rows.get(row.id)
        version = before.version + 1 if before is not None else 1
        desk.tickets.put(replace(row, version=version, updated_at=desk.now))
    if chance.random() < 0.1:
        desk.keep()
    if chance.random() < 0.1:
        desk.restart()


@pytest.mark.parametrize("sight", SCOPES)
def test_views_show_page_and_count_exactly_what_a_plain_filter_gives(sight: str) -> None:
    chance = random.Random(sight)
    desk = Desk(SCOPES[sight])
    desk.tickets.put(*(a_row(chance, number) for number in range(1, 200)))
    found = 0
    for turn in range(100):
        live_a_little(desk, chance)
        group = chance.choice((None, None, *GROUPED_BY))
        listing = Listing(f"list/{turn}", parse(a_tree(chance)), some_orders(chance), group)
        rows = expected(desk, listing)
        ids, count, headings = desk.all_pages(listing, chance.choice((2, 7, 50)))
        assert ids == [row.id for row in rows]
        assert count == len(rows)
        if group is not None:
            words = [str(COLUMNS[group].read(row)) for row in rows]
            assert headings == [(word, words.count(word)) for word in dict.fromkeys(words)]
        found += bool(rows)
    assert found > 50 or sight == "nothing"


@pytest.mark.parametrize("sight", SCOPES)
def test_sight_in_conditions_is_sight(sight: str) -> None:
    chance = random.Random(5)
    scope = SCOPES[sight]
    for number in range(500):
        row = a_row(chance, number)
        assert matches(plan_of(scope), row) is scope.allows(row)


def test_counts_of_all_views_agree_with_their_tickets() -> None:
    chance = random.Random(6)
    desk = Desk(SCOPES["groups"])
    desk.tickets.put(*(a_row(chance, number) for number in range(1, 150)))
    for turn in range(20):
        wish = ViewWish(f"View {turn}", {}, a_tree(chance), (), None, (), turn, Shared.PERSONAL, None, "")
        with contextlib.suppress(Invalid):  # a tree may name what this desk does not have
            desk.views.create(wish, AGENT)
    counted = desk.views.counts(AGENT)
    assert len(counted) > 8
    for view, count in counted:
        assert count == len(expected(desk, desk.views.listing(view.id, AGENT)))


# --- keeping up ---


def an_open_row(number: int, **changed: Any) -> TicketRow:
    row = a_row(random.Random(number), number)
    return replace(row, status=Status.OPEN, solved_at=None, version=1, updated_at=NOW, **changed)


def test_a_change_that_the_feed_tells_late_is_not_missed() -> None:
    desk = Desk()
    desk.tickets.put(an_open_row(1), an_open_row(2))
    assert len(desk.ids()) == 2
    late = an_open_row(3)
    desk.tickets.put(late)
    desk.tickets.late.add(late.id)
    desk.now += timedelta(seconds=80)
    desk.tickets.put(replace(an_open_row(4), updated_at=desk.now))
    assert late.id not in desk.ids()
    desk.tickets.late.clear()  # the index has caught up; others have changed since
    assert late.id in desk.ids()
    assert timedelta(seconds=80) < OVERLAP


def test_what_did_not_change_is_not_read_again_and_looks_ask_once() -> None:
    desk = Desk()
    desk.tickets.put(*(an_open_row(number) for number in range(1, 30)))
    mine = {"field": "status_category", "is": ["open"]}
    desk.ids(mine)
    desk.tickets.queries, desk.tickets.reads = 0, []
    listing = Listing("x", parse(mine), (), None)
    desk.views.tickets(listing, AGENT, limit=5)
    assert (desk.tickets.queries, desk.tickets.reads) == (1, [5])
    desk.tickets.put(replace(an_open_row(7), version=2, updated_at=desk.now))
    desk.views.tickets(listing, AGENT, limit=5)
    assert (desk.tickets.queries, len(desk.tickets.reads)) == (2, 2)  # what changed and the page's rows in one read
    desk.views.counts(AGENT)
    desk.tickets.reads = []
    desk.views.counts(AGENT)
    assert desk.tickets.reads == []


def test_whoever_has_seen_a_version_sees_it_in_a_list_that_has_not_heard_of_it() -> None:
    desk = Desk()
    row = an_open_row(1, assignee=None)
    desk.tickets.put(row)
    mine = Listing("x", parse({"field": "assignee", "is": ["me"]}), (), None)
    assert desk.views.tickets(mine, AGENT, limit=5).count == 0
    desk.tickets.put(replace(row, assignee=AGENT.id, version=2))
    desk.tickets.late.add(row.id)
    desk.board.refresh(done=False)
    assert desk.views.tickets(mine, AGENT, limit=5, seen={row.id: 2}).count == 1
    assert desk.views.tickets(mine, AGENT, limit=5).count == 1  # and it stays so
    desk.views.tickets(mine, AGENT, limit=5, seen={row.id: 999})  # a version that nobody has seen
    desk.tickets.put(replace(row, assignee=None, version=3, updated_at=NOW + timedelta(seconds=1)))
    desk.tickets.late.clear()
    assert desk.views.tickets(mine, AGENT, limit=5).count == 0


def test_a_ticket_is_in_one_part_only_however_old_the_other_is() -> None:
    desk = Desk()
    row = replace(an_open_row(1), status=Status.SOLVED, solved_at=NOW)
    desk.tickets.put(row, *(an_open_row(number) for number in range(2, 5)))
    assert desk.keep() == 4
    desk.restart()
    desk.now += timedelta(hours=2)
    desk.tickets.put(replace(row, status=Status.OPEN, solved_at=None, version=2, updated_at=desk.now))
    active = {"field": "status_category", "is": ["open", "paused"]}
    assert len(desk.ids(active)) == 4
    assert set(desk.board.parts) == {OPEN}  # done tickets were not needed, so not read
    assert len(desk.ids()) == 4
    assert len(desk.board.parts[DONE]) == 0


def test_tickets_that_are_no_more_leave_the_lists() -> None:
    desk = Desk()
    desk.tickets.put(an_open_row(1), an_open_row(2))
    assert len(desk.ids()) == 2
    gone = next(iter(desk.tickets.rows))
    del desk.tickets.rows[gone]
    assert desk.ids() == set(desk.tickets.rows)
    assert desk.views.tickets(Listing("x", parse({}), (), None), AGENT, limit=5).count == 1


def test_a_container_that_slept_for_long_begins_anew_with_the_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "START_ANEW_FROM", 20)
    desk = Desk()
    desk.tickets.put(*(an_open_row(number) for number in range(1, 100)))
    desk.ids()
    desk.now += timedelta(hours=2)
    desk.tickets.put(*(replace(row, version=2, updated_at=desk.now) for row in [*desk.tickets.rows.values()][:50]))
    desk.keep()
    desk.tickets.reads = []
    assert len(desk.ids()) == 99
    assert max(desk.tickets.reads) <= 100
    assert sum(desk.tickets.reads) <= 150


def test_a_desk_without_a_checkpoint_is_read_piece_by_piece_over_several_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "TOGETHER", 20)
    desk = Desk()
    desk.tickets.put(
        *(replace(an_open_row(number), updated_at=NOW + timedelta(hours=number)) for number in range(1, 100))
    )
    real = desk.tickets.rows_of

    def slowly(ids: Any) -> dict[str, TicketRow]:
        desk.seconds += 9.0
        return real(ids)

    monkeypatch.setattr(desk.tickets, "rows_of", slowly)
    refused = 0
    while True:
        try:
            assert len(desk.ids()) == 99
            break
        except Unavailable:
            refused += 1
    assert 1 <= refused < 6


def test_texts_are_read_only_if_conditions_look_at_them() -> None:
    desk = Desk()
    desk.tickets.put(*(an_open_row(number, subject=f"printer {number}") for number in range(1, 10)))
    desk.keep()
    desk.restart()
    desk.views.counts(AGENT)
    assert desk.checkpoints.texts_read == 0
    assert len(desk.ids({"field": "subject", "contains": ["PRINTER 7"]})) == 1
    assert desk.checkpoints.texts_read > 0


def test_broken_checkpoints_are_told_of_and_done_without() -> None:
    desk = Desk()
    desk.tickets.put(*(an_open_row(number) for number in range(1, 10)))
    desk.keep()
    for name in (OPEN, DONE):
        desk.checkpoints.write(name, b"rubbish", b"")
    desk.restart()
    assert len(desk.ids()) == 9
    assert desk.broken == [OPEN, DONE]


def test_the_keeper_writes_when_it_is_worth_it() -> None:
    desk = Desk()
    desk.tickets.put(an_open_row(1))
    keeper = BoardKeeper(desk.a_board(), desk.tickets, desk.checkpoints, lambda: desk.now)
    assert keeper.keep() == 1
    assert keeper.keep() == 0
    desk.now += timedelta(minutes=5)
    more = (replace(an_open_row(number), updated_at=desk.now) for number in range(2, 1 + WRITE_FROM))
    desk.tickets.put(*more)
    assert keeper.keep() == 0
    desk.tickets.put(replace(an_open_row(500), updated_at=desk.now))
    assert keeper.keep() == WRITE_FROM + 1
    desk.now += timedelta(hours=3)
    assert keeper.keep() == 0  # nothing changed


def test_a_past_that_is_written_late_is_there_once_the_board_is_rebuilt() -> None:
    desk = Desk()
    desk.tickets.put(an_open_row(1))
    desk.keep()
    desk.tickets.put(replace(an_open_row(2), updated_at=NOW - timedelta(days=30)))
    desk.restart()
    assert len(desk.ids()) == 1
    assert BoardKeeper(desk.a_board(), desk.tickets, desk.checkpoints, lambda: desk.now).rebuild() == 2
    desk.restart()
    assert len(desk.ids()) == 2


def test_a_part_forgets_no_ticket_when_it_is_asked_by_an_id_between_two() -> None:
    part = Part()
    rows = [an_open_row(number) for number in (1, 3, 5)]
    part.put(rows)
    assert [part.version_of(f"01{number:024d}") for number in range(7)] == [-1, 1, -1, 1, -1, 1, -1]
