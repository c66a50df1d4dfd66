"""A desk in memory that bulk actions are done at: the product's own services over the stores' twins."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from helpdesk.bulk.model import BulkMessage, Job, Result, Wish
from helpdesk.bulk.rules import change_text
from helpdesk.bulk.service import BulkService
from helpdesk.bulk.worker import BulkWorker, Ports
from helpdesk.canned.library import Library
from helpdesk.canned.service import CannedService, Pen
from helpdesk.kernel.errors import HelpdeskError
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.macros.service import MacroService, Tickets
from helpdesk.tickets.commands import UNSET, ChangeTicket
from helpdesk.tickets.model import Priority, Status, Ticket, TicketType, Visibility
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import NOTHING, TicketService
from helpdesk.tickets.working import AgentDesk
from tests.fakes.bulk import FakeBulk
from tests.fakes.shelves import FakeShelf
from tests.fakes.tickets import FakeTickets
from tests.fakes.together import FakeSignatures
from tests.support.desks import DESK, RULES
from tests.support.lives import MONDAY_TEN_IN_SEOUL, REQUESTER, opening
from tests.support.lives import Wish as Step

MINA = DESK.agents["mina"]


class BulkDesk:
    """Tickets with lives of their own, and what acts upon many of them.

    Attributes:
        now: the desk's time.
        faults: what was not foreseen.
    """

    def __init__(self) -> None:
        self.now: datetime = MONDAY_TEN_IN_SEOUL
        self.tickets = FakeTickets()
        self.jobs = FakeBulk(self.tickets)
        self.faults: list[Exception] = []
        self.service = TicketService(self.tickets, self.clock, lambda: RULES, lambda attempt: None)
        desk = AgentDesk(self.service, self.tickets, lambda: DESK, self.clock)
        self.pen = Pen(lambda: DESK, self.clock, lambda one: f"https://desk.test/{one}", str, FakeSignatures())
        macros = self._macros(desk)
        self.bulk = BulkService(self.jobs, desk, macros, self.clock)
        self.ports = Ports(
            jobs=self.jobs,
            tickets=self.tickets,
            service=self.service,
            desk=desk,
            macros=macros,
            pen=self.pen,
            config=lambda: DESK,
            clock=self.clock,
            monotonic=lambda: 0.0,
            pause=lambda attempt: None,
            fault=lambda about, error: self.faults.append(error),
        )

    def clock(self) -> datetime:
        return self.now

    def _macros(self, desk: AgentDesk) -> MacroService:
        def library(name: str) -> Library:
            shelf = FakeShelf()
            return Library(shelf, KeptShelf(shelf, lambda: 0.0), self.clock, name)

        canned = CannedService(library("canned response"), self.pen, str)
        return MacroService(
            library("macro"), canned, self.pen, str, Tickets(self.service, self.tickets, desk, lambda: RULES)
        )

    def live(self, ticket_id: str, story: Sequence[Step]) -> None:
        """Lets things happen to a ticket; what is refused does not happen."""
        for step in story:
            self.now += step.after
            command = step.command
            before = self.tickets.get(ticket_id)
            try:
                decision = decide(before, command, RULES, actor=step.actor, now=self.now)
            except HelpdeskError:
                continue
            if decision.events:
                self.tickets.commit(before, decision, NOTHING)

    def open(self, number: int, story: Sequence[Step]) -> str:
        """A ticket with a life behind it."""
        ticket_id = f"01JD{number:022d}"
        first = Step(timedelta(0), REQUESTER, opening(ticket_id, number=1000 + number))
        self.live(ticket_id, [first, *story])
        return ticket_id

    def act(self, wish: Wish, tickets: Sequence[str]) -> Job:
        """Acts upon tickets, to the end."""
        return self.settle(self.bulk.start(wish, tickets, MINA))

    def undo(self, job: Job) -> Job:
        """Takes it back, to the end."""
        return self.settle(self.bulk.undo(job.id, MINA))

    def settle(self, job: Job) -> Job:
        """Lets workers take all steps there are."""
        while self.jobs.events:
            BulkWorker(self.ports).handle(self.jobs.events.pop(0))
        found = self.jobs.find(job.id)
        assert found is not None
        return found

    def results(self, job: Job, after: int = 0) -> dict[str, Result]:
        """What became of each ticket."""
        told = self.jobs.results(job.id, after, limit=1000)
        return {one.ticket_id: one for _, chunk in told for one in chunk}

    def stands(self, ticket_id: str) -> Ticket:
        """A ticket, with all recorded that fell due."""
        ticket = self.tickets.get(ticket_id)
        assert ticket is not None
        return ticket


def _maybe[T](values: st.SearchStrategy[T]) -> st.SearchStrategy[object]:
    return st.one_of(st.just(UNSET), values)


_changes = st.builds(
    ChangeTicket,
    status=_maybe(st.sampled_from([Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED])),
    type=_maybe(st.sampled_from(list(TicketType))),
    priority=_maybe(st.sampled_from(list(Priority))),
    category=_maybe(st.sampled_from(["billing", "other", None])),
    group=_maybe(st.sampled_from(["support", "billing", None])),
    assignee=_maybe(st.sampled_from(["mina", "jun", None])),
    product=_maybe(st.sampled_from(["chair", "lamp", None])),
    due_at=_maybe(st.integers(1, 200).map(lambda hours: MONDAY_TEN_IN_SEOUL + timedelta(hours=hours))),
    fields=_maybe(
        st.dictionaries(st.sampled_from(["order", "shop"]), st.sampled_from(["7", "north", None, 7]), max_size=2)
    ),
)
_bodies = st.sampled_from(["It works again.", "Dear {{requester.name|customer}}, it works again."])
_messages = st.builds(
    BulkMessage, _bodies, st.sampled_from(Visibility), st.none() | st.sampled_from([Status.PENDING, Status.SOLVED])
)
_tags = st.lists(st.sampled_from(["vip", "refund", "한글", "outage"]), max_size=2, unique=True)
wishes = st.builds(
    lambda change, tags, more, message, snooze: Wish(
        change=change_text(change),
        add_tags=tuple(tags),
        remove_tags=tuple(one for one in more if one not in tags),
        message=message,
        snooze=snooze,
    ),
    _changes,
    _tags,
    _tags,
    st.none() | _messages,
    st.booleans(),
).filter(lambda wish: any((wish.change, wish.add_tags, wish.remove_tags, wish.message, wish.snooze)))
"""What somebody may wish of many tickets; never a macro, whose changes are these."""

ids = itertools.count(1)
