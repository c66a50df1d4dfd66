"""What views cost at a thousand tickets and at a hundred thousand: calls of AWS, processor time."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.bulk import DESKS, plant
from benchmarks.meter import metering
from benchmarks.sweeps import opened_at
from benchmarks.tables import table
from helpdesk import bootstrap
from helpdesk.canned.model import Scope as Shared
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.tickets.model import Priority, Status, TicketType
from helpdesk.tickets.views import TicketRow, summarize
from helpdesk.tickets.visibility import Scope
from helpdesk.views.board import Part
from helpdesk.views.live import LiveBoard
from helpdesk.views.model import DONE, OPEN, Changed, View
from helpdesk.views.service import ViewLibrary, ViewService, ViewWish
from helpdesk.views.store import S3Checkpoints
from tests.fakes.shelves import FakeShelf
from tests.fakes.views import FakeCheckpoints
from tests.support.desk import AGENT, AGENT2, SUPERVISOR, desk_for_tests
from tests.support.world import FILES_BUCKET, World, a_world

BUDGETS: Final = {"a view's first page of 50": 2, "counts of all views": 2, "changes, nothing new": 1}
FURTHER_VIEWS: Final = 20
"""Views of an agent beside those of every desk."""
TURNS: Final = 15
_NOON: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
_WORDS: Final = ("The printer stops", "환불 요청드립니다", "請求書について", "Password forgotten", "Delivery is late")


def views() -> str:
    """The tables of views."""
    return f"{_calls()}\n{_work()}"


# --- calls ---


def _calls() -> str:
    rows: list[list[object]] = []
    for size in DESKS:
        with a_world() as world:
            ticket_id = _prepare(world, size)
            for name, act in _acts(world, ticket_id):
                with metering(world) as reading:
                    act()
                cost = [reading.table_calls, BUDGETS.get(name), reading.others["s3"], reading.cost.reads]
                rows.append([name, size, *cost])
    names = list(dict.fromkeys(row[0] for row in rows))
    return table(
        "Views: what they ask of AWS",
        ["what", "open tickets", "table calls", "budget", "S3", "read units"],
        sorted(rows, key=lambda row: names.index(row[0])),
        "A new container reads the checkpoint and, as views are asked for, their shelf; after that each call asks what has "
        "changed since the one before.",
    )


def _prepare(world: World, size: int) -> str:
    """A desk of that size with a checkpoint, and a ticket of today."""
    row = summarize(opened_at(world.clock.now))
    ids = plant(world, size)
    part = Part()
    for start in range(0, size, 5000):
        part.put([replace(row, id=ids[at], number=10_000 + at) for at in range(start, min(start + 5000, size))])
    world.advance(hours=24)
    part.watermark = format_instant(world.clock.now)
    checkpoints = S3Checkpoints(bootstrap.s3, FILES_BUCKET)  # past the keeper, which would read ticket by ticket
    checkpoints.write(OPEN, *part.store())
    nothing = Part()
    nothing.watermark = part.watermark
    checkpoints.write(DONE, *nothing.store())
    ticket_id: str = world.open("ann@example.com")["ticket"]["id"]
    world.settle()
    bootstrap.live_board.cache_clear()
    bootstrap.views.cache_clear()
    return ticket_id


def _acts(world: World, ticket_id: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is done, one after another."""

    def get(target: str) -> Callable[[], object]:
        return lambda: world.api("GET", target, agent=AGENT.id).ok()

    page, count = get("/v1/views/all-open/tickets?limit=50"), get("/v1/views/counts")
    cursor = world.api("GET", "/v1/changes", agent=AGENT.id).ok()["next_cursor"]
    changes = get(f"/v1/changes?cursor={cursor}")
    yield "a new container's first page", page
    yield "a view's first page of 50", page
    count()  # reads the shelf of views, and done tickets
    yield "counts of all views", count
    yield "changes, nothing new", changes
    board = bootstrap.live_board()
    bootstrap.live_board.cache_clear()  # whoever changes the ticket is another container
    world.patch(ticket_id, AGENT.id, tags=["vip"]).ok()
    world.settle()
    yield "changes, one ticket", changes
    yield "the first page after a change elsewhere", lambda: _page_of(world, board)


def _page_of(world: World, board: LiveBoard) -> None:
    """A page as the container of a board would give it."""
    service = bootstrap.views()
    service._board = board  # noqa: SLF001 - the container that did not write
    world.api("GET", "/v1/views/all-open/tickets?limit=50", agent=AGENT.id).ok()


# --- processor time ---


@dataclass
class _Tickets:
    """Tickets in memory with a feed that tells those of the last minutes: what the table's index would do."""

    rows: dict[str, TicketRow]
    recent: list[Changed] = field(default_factory=list)

    def since(self, at: str) -> Iterator[Changed]:
        """All changes from an instant on."""
        return (change for change in self.recent if change.at >= at)

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """Rows as they stand."""
        return {one: self.rows[one] for one in ticket_ids}

    def change(self, row: TicketRow, at: datetime) -> None:
        """Writes a ticket anew."""
        changed = replace(row, version=row.version + 1, updated_at=at)
        self.rows[row.id] = changed
        self.recent.append(Changed(format_instant(at), row.id, changed.version))


def _rows(count: int) -> Iterator[TicketRow]:
    """Tickets as a desk has them: each another one, a third of them done."""
    chance = random.Random(7)
    pattern = summarize(opened_at(_NOON - timedelta(hours=1)))
    for number in range(count):
        created = _NOON - timedelta(seconds=chance.randrange(3600, 60 * 86_400))
        done = chance.random() < 1 / 3
        clocks = tuple(
            replace(clock, due_at=created + timedelta(seconds=chance.randrange(3600, 90 * 86_400)))
            for clock in pattern.clocks
        )
        yield replace(
            pattern,
            id=f"01{number:024d}",
            number=1001 + number,
            subject=f"{_WORDS[number % 5]} {number}",
            status=Status.SOLVED if done else chance.choice((Status.NEW, Status.OPEN, Status.PENDING)),
            priority=chance.choice([*Priority]),
            type=chance.choice([*TicketType]),
            requester_id=f"R{number % (count // 4 + 1):025d}",
            requester_name=f"Kim {number}",
            requester_address=f"kim{number}@example.com",
            created_at=created,
            updated_at=created,
            solved_at=created if done else None,
            group=chance.choice((None, "support", "billing")),
            assignee=chance.choice((None, AGENT.id, AGENT2.id, SUPERVISOR.id)),
            tags=tuple(chance.sample(("vip", "outage", "refund", "beta"), chance.choice((0, 0, 1, 2)))),
            fields={"order": f"HB-{number}"} if number % 3 == 0 else {},
            clocks=() if done else clocks,
        )


def _work() -> str:
    rows = [_figures(size) for size in DESKS]
    head = [
        "tickets",
        "open part MB",
        "texts MB",
        "begin ms",
        "page ms",
        "with text ms",
        "counts ms",
        "change ms",
    ]
    return table(
        "Views: processor time of the board",
        head,
        rows,
        f"Of the checkpoint's objects, compressed; of beginning with them; of a first page of 50 grouped by nothing and sorted by "
        f"two things; of one that looks through subjects; of the counts of {FURTHER_VIEWS + 8} views; of taking over one change. "
        "A third of the tickets are done.",
    )


def _figures(size: int) -> list[object]:
    parts = {OPEN: Part(), DONE: Part()}
    some: list[TicketRow] = []
    all_rows: dict[str, TicketRow] = {}
    for row in _rows(size):
        all_rows[row.id] = row
        some.append(row)
        if len(some) == 5000 or len(all_rows) == size:
            parts[OPEN].put([one for one in some if one.solved_at is None])
            parts[DONE].put([one for one in some if one.solved_at is not None])
            some = []
    checkpoints = FakeCheckpoints()
    for name, part in parts.items():
        part.watermark = format_instant(_NOON)
        checkpoints.write(name, *part.store())
    _, columns, texts = checkpoints.written[OPEN]
    sizes = [len(columns) / 1e6, len(texts) / 1e6]
    del parts, part
    tickets = _Tickets(all_rows)
    board = LiveBoard(tickets, tickets, checkpoints, time.monotonic)
    service = _service(tickets, board)
    begin = _spent(lambda: board.refresh(done=True))
    paged = _median(lambda: service.tickets(service.listing("all-open", AGENT), AGENT, limit=50))
    worded = next(view for view in service.all(AGENT) if "subject" in view.conditions)
    texted = _median(lambda: service.tickets(service.listing(worded.id, AGENT), AGENT, limit=50))
    counted = _median(lambda: service.counts(AGENT))

    def change() -> None:
        tickets.change(tickets.rows[f"01{len(tickets.recent) * 7:024d}"], _NOON + timedelta(seconds=1))
        board.refresh(done=True)

    changed = _median(change)
    return [size, *sizes, begin, paged, texted, counted, changed]


def _service(tickets: _Tickets, board: LiveBoard) -> ViewService:
    shelf: FakeShelf[View] = FakeShelf()
    library = ViewLibrary(shelf, KeptShelf(shelf, lambda: 0.0), lambda: _NOON, "view")
    service = ViewService(
        library, board, tickets, lambda _: Scope(everything=True), desk_for_tests, lambda: _NOON + timedelta(seconds=5)
    )
    texts = {"field": "subject", "contains": ["printer 7", "환불"]}
    for number in range(FURTHER_VIEWS):
        conditions = {
            "all": [
                {"field": "status_category", "is_not": ["done"]},
                {"field": "group", "is": ["my_groups"]},
                {"any": [{"field": "priority", "is": ["urgent", "high"]}, {"field": "tags", "is": ["vip", "beta"]}]},
                texts if number == 0 else {"field": "created_at", "within": f"{number}d"},
            ]
        }
        service.create(
            ViewWish(f"View {number}", {}, conditions, (), None, (), number, Shared.PERSONAL, None, ""), AGENT
        )
    return service


def _spent(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return 1000 * (time.process_time() - began)


def _median(act: Callable[[], object]) -> float:
    act()
    return sorted(_spent(act) for _ in range(TURNS))[TURNS // 2]
