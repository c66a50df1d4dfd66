"""Bulk actions in memory: the twin of `bulk.store`, held to the same contract by tests/contract."""

from collections.abc import Sequence

from helpdesk.bulk.model import Job, Result, Wish
from helpdesk.contracts.table import bulk_journal_prefix, bulk_partition
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from tests.fakes.tickets import FakeTickets


class FakeBulk:
    """See `bulk.service.BulkStore`.

    Attributes:
        events: steps that are to be taken, as they are published.
    """

    def __init__(self, tickets: FakeTickets) -> None:
        self._tickets = tickets
        self.jobs: dict[str, Job] = {}
        self.wishes: dict[str, Wish] = {}
        self.parts: dict[str, list[tuple[str, ...]]] = {}
        self.told: dict[str, dict[int, tuple[Result, ...]]] = {}
        self.events: list[dict[str, object]] = []

    def create(self, job: Job, wish: Wish, parts: Sequence[Sequence[str]]) -> None:
        """Adds one."""
        if job.id in self.jobs:
            raise AlreadyThere("There is an action of this id.")
        self.jobs[job.id], self.wishes[job.id] = job, wish
        self.parts[job.id] = [tuple(part) for part in parts]
        self.told[job.id] = {}
        self._tell(job)

    def save(
        self, before: Job, after: Job, *, results: Sequence[Result] = (), tickets: Sequence[str] | None = None
    ) -> None:
        """Writes how far one is."""
        if self.jobs[before.id].version != before.version:
            raise StaleVersion("The action has moved on in the meantime.")
        self.jobs[after.id] = after
        if results:
            self.told[after.id][after.sequence] = tuple(results)
        if tickets is not None:
            self.parts[after.id].append(tuple(tickets))
        if after.step != before.step:
            self._tell(after)

    def find(self, job_id: str) -> Job | None:
        """How far one is."""
        return self.jobs.get(job_id)

    def wish(self, job_id: str) -> Wish:
        """What one does."""
        return self.wishes[job_id]

    def part(self, job_id: str, part: int) -> tuple[str, ...]:
        """The tickets of one part."""
        return self.parts[job_id][part]

    def listed(self, job_id: str) -> frozenset[str]:
        """The tickets of all parts."""
        return frozenset(one for part in self.parts[job_id] for one in part)

    def journal(self, job_id: str, part: int, *, undone: bool = False) -> dict[str, Document]:
        """The marks of a part's tickets."""
        prefix = bulk_journal_prefix(part, undone=undone)
        page = self._tickets.records(bulk_partition(job_id), prefix, limit=10_000, position=None)
        return {key.sk.removeprefix(prefix): document for key, document in page.items}

    def results(self, job_id: str, after: int, *, limit: int) -> list[tuple[int, tuple[Result, ...]]]:
        """What became of tickets."""
        return [(number, told) for number, told in sorted(self.told[job_id].items()) if number > after][:limit]

    def of_agent(self, agent_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Job]:
        """An agent's actions, newest first."""
        mine = sorted((job for job in self.jobs.values() if job.agent == agent_id), key=lambda job: job.created_at)
        start = int(position["start"]) if position is not None else 0
        found = list(reversed(mine))[start : start + limit]
        return Page(tuple(found), {"start": str(start + limit)} if start + limit < len(mine) else None)

    def _tell(self, job: Job) -> None:
        self.events.append({"job_id": job.id, "step": job.step})
