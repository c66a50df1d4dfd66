"""What keeps bulk actions keeps all of them, whole, and lets nobody write over what somebody else wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.bulk.model import KEPT, BulkMessage, Job, Outcome, Result, State, Stop, Tally, Wish
from helpdesk.contracts.table import bulk_journal_key
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import Priority, Status, Visibility
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import Extras, Record
from helpdesk.tickets.views import TicketQuery
from tests.contract.conftest import Stores
from tests.support.lives import REQUESTER, opening

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WISH = Wish(
    change='{"assignee":null}',
    add_tags=("a",),
    message=BulkMessage("Hello", Visibility.INTERNAL, Status.PENDING),
    snooze=True,
    snooze_until=NOW,
    view=TicketQuery(group="support", statuses=frozenset({Status.OPEN}), priority=Priority.HIGH, words=("x",)),
)


def a_job(job_id: str = "01JD0000000000000000000J0B", **changes: object) -> Job:
    parts: dict[str, object] = {
        "id": job_id,
        "version": 1,
        "agent": "mina",
        "state": State.RUNNING,
        "created_at": NOW,
        "does": ("change", "message"),
        "parts": 2,
        "total": 3,
    }
    return Job(**(parts | changes))


def test_what_is_started_is_found_as_it_was_wished(stores: Stores) -> None:
    job = a_job()
    stores.bulk.create(job, WISH, [("t1", "t2"), ("t3",)])
    assert stores.bulk.find(job.id) == job
    assert stores.bulk.wish(job.id) == WISH
    assert [stores.bulk.part(job.id, number) for number in (0, 1)] == [("t1", "t2"), ("t3",)]
    assert stores.bulk.listed(job.id) == {"t1", "t2", "t3"}
    assert stores.bulk.results(job.id, 0, limit=9) == []
    assert stores.bulk.find("01JD0000000000000000000N0T") is None


def test_the_same_is_not_started_twice(stores: Stores) -> None:
    stores.bulk.create(a_job(), WISH, [("t1",)])
    with pytest.raises(AlreadyThere):
        stores.bulk.create(a_job(agent="jun"), Wish(), [("t2",)])
    assert stores.bulk.find(a_job().id).agent == "mina"
    assert stores.bulk.part(a_job().id, 0) == ("t1",)


def test_progress_is_kept_with_its_results_and_a_new_part(stores: Stores) -> None:
    job = a_job(state=State.LISTING, parts=0, total=0)
    stores.bulk.create(job, WISH, [])
    listed = replace(job, version=2, parts=1, total=2, position={"pk": "x", "sk": "y"})
    stores.bulk.save(job, listed, tickets=("t1", "t2"))
    results = (
        Result("t1", Outcome.CHANGED, 1001),
        Result("t2", Outcome.FAILED, None, "not_found", "There is no such ticket."),
    )
    after = replace(
        listed, version=3, sequence=1, tally=Tally(changed=1, failed=1), busy_until=NOW, stop=Stop.UNDO, position={}
    )
    stores.bulk.save(listed, after, results=results)
    last = replace(after, version=4, sequence=2, step=2, finished_at=NOW + timedelta(seconds=1))
    stores.bulk.save(after, last, results=(Result("t1", Outcome.PARTLY_UNDONE, 1001, stays=("tags",)),))
    assert stores.bulk.find(job.id) == last
    assert stores.bulk.listed(job.id) == {"t1", "t2"}
    assert stores.bulk.results(job.id, 0, limit=1) == [(1, results)]
    assert stores.bulk.results(job.id, 1, limit=9) == [
        (2, (Result("t1", Outcome.PARTLY_UNDONE, 1001, stays=("tags",)),))
    ]


def test_whoever_saw_an_older_one_writes_nothing(stores: Stores) -> None:
    job = a_job()
    stores.bulk.create(job, WISH, [("t1",)])
    stores.bulk.save(job, replace(job, version=2, stop=Stop.CANCEL))
    late = replace(job, version=2, sequence=1, step=2)
    with pytest.raises(StaleVersion):
        stores.bulk.save(job, late, results=(Result("t1", Outcome.CHANGED, 1),), tickets=("t9",))
    assert stores.bulk.find(job.id).stop is Stop.CANCEL
    assert stores.bulk.results(job.id, 0, limit=9) == []
    assert stores.bulk.listed(job.id) == {"t1"}


def test_an_agents_own_are_listed_newest_first_page_by_page(stores: Stores) -> None:
    jobs = [a_job(f"01JD0000000000000000000J0{n}", created_at=NOW + timedelta(minutes=n)) for n in range(3)]
    for job in (*jobs, a_job("01JD0000000000000000000J0X", agent="jun")):
        stores.bulk.create(job, WISH, [])
    page = stores.bulk.of_agent("mina", limit=2, position=None)
    assert page.items == (jobs[2], jobs[1])
    rest = stores.bulk.of_agent("mina", limit=2, position=page.next_position)
    assert rest.items == (jobs[0],)
    assert stores.bulk.of_agent("sana", limit=2, position=None).items == ()


def test_marks_of_tickets_are_found_part_by_part(stores: Stores) -> None:
    job = a_job()
    stores.bulk.create(job, WISH, [])
    decision = decide(None, opening(), DeskRules(), actor=REQUESTER, now=NOW)
    ticket_id = decision.ticket.id
    keys = [
        bulk_journal_key(job.id, part, ticket_id, undone=undone) for part, undone in ((0, False), (1, False), (1, True))
    ]
    records = tuple(
        Record(key, {"number": number}, once="bulk", expires_at=NOW + KEPT) for number, key in enumerate(keys)
    )
    stores.tickets.commit(None, decision, Extras(records=records))
    assert stores.bulk.journal(job.id, 0) == {ticket_id: {"number": 0}}
    assert stores.bulk.journal(job.id, 1) == {ticket_id: {"number": 1}}
    assert stores.bulk.journal(job.id, 1, undone=True) == {ticket_id: {"number": 2}}
    assert stores.bulk.journal(job.id, 0, undone=True) == stores.bulk.journal(job.id, 2) == {}
