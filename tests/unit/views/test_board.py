"""The board against a plain filter over all rows: a hundred trees at random, the same rows, the same order, the same pages."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from helpdesk.conditions.fields import COLUMNS
from helpdesk.conditions.model import Viewer
from helpdesk.conditions.rules import matches, parse, plan
from helpdesk.tickets.model import Status
from helpdesk.tickets.views import TicketRow
from helpdesk.views.board import BrokenCheckpoint, Part, read_part, read_texts
from helpdesk.views.model import Order
from helpdesk.views.planes import bits_of, planes_of, slots_of, spans_of, squeezed
from helpdesk.views.rules import SORTED_BY, may_be_done
from tests.support.conditions import NOW, a_row, a_tree

ME = Viewer("jiwoo", frozenset({"support", "billing"}), NOW)


def plainly_sorted(rows: list[TicketRow], orders: Sequence[Order]) -> list[TicketRow]:
    """As a list should be sorted, said as plainly as can be: by the last order first, as sorting is stable."""
    rows = sorted(rows, key=lambda row: row.number)
    for order in reversed(orders):
        column = COLUMNS[order.field]
        cells = {row.id: column.read(row) for row in rows}
        known = [row for row in rows if cells[row.id] not in {None, ""}]
        unknown = [row for row in rows if cells[row.id] in {None, ""}]

        def rank(row: TicketRow) -> int:
            cell = cells[row.id]  # noqa: B023 - used before the next turn
            return column.words.index(str(cell)) if column.words else int(str(cell))  # noqa: B023

        known.sort(key=rank, reverse=order.descending)
        rows = known + unknown
    return rows


def some_orders(chance: random.Random) -> tuple[Order, ...]:
    return tuple(Order(chance.choice(SORTED_BY), chance.random() < 0.5) for _ in range(chance.randint(0, 3)))


def reread(part: Part) -> Part:
    columns, texts = part.store()
    return Part(read_part(columns), lambda: read_texts(texts))


def shaken(chance: random.Random, rows: list[TicketRow]) -> tuple[Part, list[TicketRow]]:
    """A board that has lived: written down in the middle, tickets changed and gone before and after."""
    part = Part()
    half = len(rows) // 2
    part.put([replace(row, subject="before", tags=("before",), version=0) for row in rows[: half + 50]])
    part.put(rows[:half])
    part.remove(row.id for row in rows[half : half + 20])
    if chance.random() < 0.7:
        part = reread(part)
    for start in range(half, len(rows), 40):
        part.put(rows[start : start + 40])
    changed = [a_row(chance, row.number) for row in chance.sample(rows, 30)]
    part.put(changed)
    gone = {row.id for row in chance.sample(rows, 25)}
    part.remove(gone)
    if chance.random() < 0.5:
        part = reread(part)
    now = {row.id: row for row in (*rows, *changed)}
    return part, [row for row in now.values() if row.id not in gone]


@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_trees_find_what_a_plain_filter_finds_in_the_same_order_and_pages(seed: int) -> None:
    chance = random.Random(seed)
    part, rows = shaken(chance, [a_row(chance, number) for number in range(1, 401)])
    assert len(part) == len(rows)
    found = 0
    for _ in range(100):
        asked = plan(parse(a_tree(chance)), ME)
        orders = some_orders(chance)
        expected = [row.id for row in plainly_sorted([row for row in rows if matches(asked, row)], orders)]
        selected = part.select(asked)
        assert selected.bit_count() == len(expected)
        size = chance.choice((1, 7, 50, 1000))
        paged: list[str] = []
        after = None
        while True:
            page = part.page(selected, orders, size, after=after)
            paged += [place.ticket_id for place in page]
            if len(page) < size:
                break
            after = page[-1].key
        assert paged == expected
        found += bool(expected)
        if any(row.status.category == "done" for row in rows if row.id in set(expected)):
            assert may_be_done(asked)
    assert found > 50


def test_most_conditions_that_agents_use_need_no_done_tickets() -> None:
    def needed(document: object) -> bool:
        return may_be_done(plan(parse(document), ME))

    active = {"field": "status_category", "is_not": ["done"]}
    assert not needed({"all": [active, {"field": "assignee", "is": ["me"]}]})
    assert not needed({"field": "status", "is": ["new", "open"]})
    assert not needed(
        {"all": [{"any": [active, {"field": "waiting_on", "is": "us"}]}, {"field": "snoozed", "is": False}]}
    )
    assert needed({"field": "assignee", "is": ["me"]})
    assert needed({"any": [active, {"field": "solved_at", "within": "3d"}]})
    assert needed({"not": {"all": [active, {"field": "priority", "is": "low"}]}})
    assert needed({})


def test_a_checkpoint_of_another_form_or_cut_off_is_not_read() -> None:
    part = Part()
    part.put([replace(a_row(random.Random(1), 1), status=Status.OPEN)])
    columns, texts = part.store()
    for broken in (b"", b"rubbish", columns[:-3], texts):
        with pytest.raises(BrokenCheckpoint):
            read_part(broken)
    with pytest.raises(BrokenCheckpoint):
        read_texts(texts[:5])


def test_what_was_replaced_leaves_no_word_in_a_checkpoint() -> None:
    chance = random.Random(3)
    row = replace(a_row(chance, 1), subject="Geheimnis", tags=("geheim",), requester_name="Erika Geheim")
    part = Part()
    part.put([row, a_row(chance, 2)])
    part.put([replace(row, subject="-", tags=(), requester_name=None)])
    columns, texts = part.store()
    assert "geheim" not in read_part(columns).labels["tags"]
    assert "geheim" not in str(read_texts(texts))


def test_planes_hold_what_they_were_made_of() -> None:
    chance = random.Random(4)
    values = [chance.getrandbits(chance.choice((1, 8, 43))) for _ in range(500)]
    planes = planes_of(values)
    assert [sum((plane >> slot & 1) << bit for bit, plane in enumerate(planes)) for slot in range(500)] == values
    slots = sorted(chance.sample(range(500), 120))
    bits = bits_of(slots, 500)
    assert slots_of(bits) == slots
    spans = spans_of(bits, 500)
    assert [slot for begin, end in spans for slot in range(begin, end)] == slots
    squeezed_planes = [squeezed(plane, spans, 500) for plane in planes]
    kept = [sum((plane >> place & 1) << bit for bit, plane in enumerate(squeezed_planes)) for place in range(120)]
    assert kept == [values[slot] for slot in slots]
