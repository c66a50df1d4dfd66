"""How a worker takes its steps: in time, one at a time, over whatever stands in its way."""

import itertools
from dataclasses import replace

import pytest

from helpdesk.bulk import model, worker
from helpdesk.bulk.model import CHUNK, LEASE, State, Wish
from helpdesk.bulk.service import BulkService
from helpdesk.bulk.worker import STEP_SECONDS, BulkWorker
from helpdesk.kernel.errors import StaleVersion, Unavailable
from helpdesk.tickets.model import Status
from helpdesk.tickets.views import TicketQuery
from tests.support.bulk import MINA, BulkDesk
from tests.support.desks import DESK

TAG = Wish(add_tags=("outage",))


def a_desk(count: int) -> tuple[BulkDesk, list[str]]:
    desk = BulkDesk()
    return desk, [desk.open(number, []) for number in range(count)]


def tagged(desk: BulkDesk, tickets: list[str]) -> int:
    return sum("outage" in desk.stands(one).tags for one in tickets)


def test_a_step_ends_when_its_time_is_up_and_the_next_event_goes_on() -> None:
    desk, tickets = a_desk(9)
    ticks = itertools.count()
    desk.ports = replace(desk.ports, monotonic=lambda: next(ticks) * STEP_SECONDS / 4)
    job = desk.bulk.start(TAG, tickets, MINA)
    told = []
    while desk.jobs.events:
        BulkWorker(desk.ports).handle(desk.jobs.events.pop(0))
        told.append(tagged(desk, tickets))
    assert told == sorted(told)
    assert len(set(told)) > 2
    found = desk.settle(job)
    assert (found.state, found.tally.changed, found.step) == (State.DONE, 9, len(told))


def test_an_old_event_and_one_of_no_action_do_nothing() -> None:
    desk, tickets = a_desk(2)
    job = desk.act(TAG, tickets)
    for detail in ({"job_id": job.id, "step": 1}, {"job_id": "01JD0000000000000000000N0T", "step": 1}):
        BulkWorker(desk.ports).handle(detail)
    assert desk.jobs.jobs[job.id] == job


def test_only_one_worker_is_at_it_until_its_time_is_over() -> None:
    desk, tickets = a_desk(2)
    job = desk.bulk.start(TAG, tickets, MINA)
    desk.jobs.jobs[job.id] = replace(job, busy_until=desk.now + LEASE)
    with pytest.raises(Unavailable):
        BulkWorker(desk.ports).handle({"job_id": job.id, "step": 1})
    assert tagged(desk, tickets) == 0
    desk.now += LEASE
    assert desk.settle(job).tally.changed == 2


def test_progress_is_told_although_others_are_at_the_action_in_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tickets = a_desk(CHUNK + 1)
    job = desk.bulk.start(TAG, tickets, MINA)
    save, tries = desk.jobs.save, itertools.count()

    def contended(*args: object, **more: object) -> None:
        if next(tries) % 2 == 0:
            raise Unavailable("Somebody else is changing the same thing.")
        save(*args, **more)

    monkeypatch.setattr(desk.jobs, "save", contended)
    found = desk.settle(job)
    assert (found.state, found.tally.changed) == (State.DONE, CHUNK + 1)
    assert sorted(desk.results(found)) == sorted(tickets)


def test_a_worker_that_was_overtaken_leaves_the_action_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tickets = a_desk(2)
    job = desk.bulk.start(TAG, tickets, MINA)
    save, saves = desk.jobs.save, itertools.count()

    def overtaken(*args: object, **more: object) -> None:
        if next(saves) == 1:
            now = desk.jobs.jobs[job.id]
            desk.jobs.jobs[job.id] = replace(now, version=now.version + 1, step=7)
            raise StaleVersion("The action has moved on in the meantime.")
        save(*args, **more)

    monkeypatch.setattr(desk.jobs, "save", overtaken)
    desk.settle(job)
    assert desk.jobs.jobs[job.id].step == 7
    assert desk.jobs.told[job.id] == {}


def test_stopping_is_seen_with_the_next_progress_and_what_was_done_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tickets = a_desk(3 * CHUNK)
    job = desk.bulk.start(TAG, tickets, MINA)
    commit, commits = desk.tickets.commit_all, itertools.count(1)

    def watched(changes: object) -> None:
        commit(changes)
        if next(commits) == CHUNK + 3:
            desk.bulk.cancel(job.id, MINA)

    monkeypatch.setattr(desk.tickets, "commit_all", watched)
    found = desk.settle(job)
    assert (found.state, found.tally.changed) == (State.CANCELLED, 2 * CHUNK)
    assert tagged(desk, tickets) == len(desk.results(found)) == 2 * CHUNK


def test_a_view_with_too_many_tickets_is_refused_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tickets = a_desk(5)
    monkeypatch.setattr(worker, "MAX_IN_VIEW", 4)
    job = desk.settle(desk.bulk.start(replace(TAG, view=TicketQuery()), (), MINA))
    assert job.state is State.REFUSED
    assert tagged(desk, tickets) == 0
    assert desk.undo(job).state is State.REFUSED


def test_a_view_is_written_down_part_by_part_and_each_ticket_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tickets = a_desk(7)
    monkeypatch.setattr(worker, "PART", 3)
    ticks = itertools.count()
    desk.ports = replace(desk.ports, monotonic=lambda: next(ticks) * STEP_SECONDS / 3)
    job = desk.bulk.start(replace(TAG, view=TicketQuery(statuses=frozenset({Status.NEW}))), (), MINA)
    found = desk.settle(job)
    assert (found.state, found.total, found.tally.changed) == (State.DONE, 7, 7)
    assert sorted(one for part in desk.jobs.parts[job.id] for one in part) == sorted(tickets)


def test_what_somebody_may_not_do_any_more_is_not_done_in_their_name() -> None:
    desk, tickets = a_desk(2)
    job = desk.bulk.start(TAG, tickets, MINA)
    without = replace(DESK, agents={name: one for name, one in DESK.agents.items() if name != MINA.id})
    desk.ports = replace(desk.ports, config=lambda: without)
    found = desk.settle(job)
    assert found.tally.failed == 2
    assert {one.problem for one in desk.results(found).values()} == {"forbidden"}
    assert tagged(desk, tickets) == 0


def test_what_was_not_foreseen_is_told_of_its_ticket_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tickets = a_desk(3)
    fitted = desk.ports.desk.fitted

    def broken(change: object, ticket: object) -> object:
        if ticket.id == tickets[1]:
            raise ZeroDivisionError
        return fitted(change, ticket)

    monkeypatch.setattr(desk.ports.desk, "fitted", broken)
    found = desk.act(TAG, tickets)
    assert (found.tally.changed, found.tally.failed) == (2, 1)
    assert desk.results(found)[tickets[1]].problem == "error"
    assert [type(one) for one in desk.faults] == [ZeroDivisionError]


def test_limits_fit_one_another() -> None:
    assert model.CHUNK <= model.PART <= 100, "one BatchGetItem"
    assert model.MAX_SELECTED / model.PART + 3 <= 100, "one transaction starts a selection"
    assert LEASE.total_seconds() > STEP_SECONDS * 2
    assert isinstance(BulkDesk().bulk, BulkService)
