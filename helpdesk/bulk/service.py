"""What agents do with bulk actions: start one, look how far it is, stop it, undo it. `worker` does what they wish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from helpdesk.bulk.model import MAX_SELECTED, PART, Job, Result, State, Stop, Wish
from helpdesk.bulk.rules import change_from
from helpdesk.canned.placeholders import unknown_names
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, KeyReused, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.kernel.text import clean
from helpdesk.macros.service import MacroService
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.working import AgentDesk

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ATTEMPTS: Final = 8


class BulkStore(Protocol):
    """Where bulk actions are kept. What a ticket's mark says is written in the ticket's own transaction."""

    def create(self, job: Job, wish: Wish, parts: Sequence[Sequence[str]]) -> None:
        """Adds one with the tickets of a selection, and tells that it was started.

        Raises:
            AlreadyThere: there is one of this id.
        """
        ...

    def find(self, job_id: str) -> Job | None:
        """How far one is, read consistently."""
        ...

    def wish(self, job_id: str) -> Wish:
        """What one does."""
        ...

    def part(self, job_id: str, part: int) -> tuple[str, ...]:
        """The tickets of one part."""
        ...

    def listed(self, job_id: str) -> frozenset[str]:
        """The tickets of all parts."""
        ...

    def journal(self, job_id: str, part: int, *, undone: bool = False) -> dict[str, Document]:
        """The marks of a part's tickets, by ticket: of those that were changed, or of those given back."""
        ...

    def save(
        self, before: Job, after: Job, *, results: Sequence[Result] = (), tickets: Sequence[str] | None = None
    ) -> None:
        """Writes how far one is, with what became of tickets or with a new part; a new step is told of as an event.

        Args:
            before: as it was read.
            after: as it is from now on; its version is one more. Results are the `after.sequence`-th.
            results: what became of tickets.
            tickets: of the part `before.parts`.

        Raises:
            StaleVersion: it is not as `before` any more.
        """
        ...

    def results(self, job_id: str, after: int, *, limit: int) -> list[tuple[int, tuple[Result, ...]]]:
        """What became of tickets since a sequence number, chunk by chunk, each with its own number."""
        ...

    def of_agent(self, agent_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Job]:
        """An agent's actions, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one is, and what became of tickets since.

    Attributes:
        sequence: number to ask with next.
        more: there is more already.
    """

    job: Job
    results: tuple[Result, ...]
    sequence: int
    more: bool


class BulkService:
    """Bulk actions.

    Args:
        store: keeps them.
        desk: checks the names of a change.
        macros: finds macros.
        clock: the desk's time.
    """

    def __init__(self, store: BulkStore, desk: AgentDesk, macros: MacroService, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._macros = macros
        self._clock = clock

    def start(
        self,
        wish: Wish,
        ticket_ids: Sequence[str],
        agent: Agent,
        *,
        most: int = MAX_SELECTED,
        key: str | None = None,
        made_from: str = "",
    ) -> Job:
        """Starts an action; it is done by and by.

        Args:
            wish: what is done to each ticket, and perhaps the list they are of.
            ticket_ids: of a selection.
            agent: who wishes it.
            most: how many tickets a selection may name.
            key: the caller's Idempotency-Key: with the same one, the action of the first time is answered.
            made_from: hash of the call.

        Raises:
            Invalid: nothing is to be done, to nothing, or to too many; a name that is not of this desk.
            KeyReused: the key came with another body before.
        """
        chosen = tuple(dict.fromkeys(ticket_ids))
        self._check(wish, chosen, agent, most)
        now = self._clock()
        parts = [chosen[start : start + PART] for start in range(0, len(chosen), PART)]
        job = Job(
            id=new_id(now) if key is None else _id_for(agent, key),
            version=1,
            agent=agent.id,
            state=State.RUNNING if wish.selects else State.LISTING,
            created_at=now,
            does=_does(wish),
            made_from=made_from,
            parts=len(parts),
            total=len(chosen),
        )
        try:
            self._store.create(job, wish, parts)
        except AlreadyThere:
            before = self.started(agent, key or "", made_from)
            if before is None:
                raise
            return before
        if wish.macro_id is not None:
            self._macros.library.count_use(wish.macro_id)
        return job

    def started(self, agent: Agent, key: str, made_from: str) -> Job | None:
        """The action that was started with an Idempotency-Key before; None: there is none.

        Raises:
            KeyReused: the key came with another body.
        """
        before = self._store.find(_id_for(agent, key))
        if before is not None and before.made_from != made_from:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        return before

    def progress(self, job_id: str, agent: Agent, *, after: int, limit: int) -> Progress:
        """How far one is, and what became of tickets after a sequence number.

        Args:
            job_id: which.
            agent: who asks.
            after: the sequence number of the last answer; 0: from the beginning.
            limit: chunks of results at most.

        Raises:
            NotFound: there is none of this id that the colleague may see.
        """
        job = self.get(job_id, agent)
        chunks = self._store.results(job.id, after, limit=limit) if after < job.sequence else []
        sequence = chunks[-1][0] if chunks else min(after, job.sequence)
        results = tuple(result for _, chunk in chunks for result in chunk)
        return Progress(job, results, sequence, more=sequence < job.sequence)

    def get(self, job_id: str, agent: Agent) -> Job:
        """How far one is; its owner and supervisors may see it.

        Raises:
            NotFound: there is none of this id that the colleague may see.
        """
        job = self._store.find(job_id) if is_id(job_id) else None
        if job is None or not (job.agent == agent.id or agent.role.includes(Role.SUPERVISOR)):
            raise NotFound("There is no such bulk action.")
        return job

    def page(self, agent: Agent, *, limit: int, position: dict[str, str] | None) -> Page[Job]:
        """An agent's own, newest first."""
        return self._store.of_agent(agent.id, limit=limit, position=position)

    def cancel(self, job_id: str, agent: Agent) -> Job:
        """Stops one: what was done stays done, nothing more is. Again, or when it is over: the same.

        Raises:
            NotFound: there is none of this id that the colleague may see.
            Conflict: it is being undone.
        """

        def wish(job: Job) -> Job:
            if job.state is State.UNDOING or job.stop is Stop.UNDO:
                raise Conflict("The action is being undone; that cannot be stopped.")
            return replace(job, stop=Stop.CANCEL, stopped_by=agent.id) if job.state.at_work else job

        return self._wish(job_id, agent, wish)

    def undo(self, job_id: str, agent: Agent) -> Job:
        """Takes one back, by and by; if it is under way it is stopped first. Again: the same.

        Raises:
            NotFound: there is none of this id that the colleague may see.
            Conflict: it ended too long ago.
        """

        def wish(job: Job) -> Job:
            if job.state in {State.UNDOING, State.UNDONE, State.REFUSED} or job.stop is Stop.UNDO:
                return job
            if job.state.at_work:
                return replace(job, stop=Stop.UNDO, stopped_by=agent.id)
            if job.undo_until is not None and self._clock() >= job.undo_until:
                raise Conflict("An action can be undone for a day after it ended.")
            return begun_undoing(job, agent.id)

        return self._wish(job_id, agent, wish)

    def _wish(self, job_id: str, agent: Agent, wish: Callable[[Job], Job]) -> Job:
        """Writes a wish, and starts a worker unless one is at it, who will see the wish when it tells of its progress."""
        for _ in range(_ATTEMPTS):
            job = self.get(job_id, agent)
            after = wish(job)
            if after == job:
                return job
            at_it = job.busy_until is not None and self._clock() < job.busy_until
            after = replace(after, version=job.version + 1)
            if not at_it:
                after = replace(after, step=job.step + 1, busy_until=None)
            try:
                self._store.save(job, after)
            except (StaleVersion, Unavailable):
                continue
            return after
        raise Unavailable("Try again in a moment.")

    def _is_ticket(self, ticket_id: str) -> bool:
        try:
            self._desk.get(ticket_id)
        except NotFound:
            return False
        return True

    def _target_faults(self, wish: Wish, chosen: tuple[str, ...], most: int) -> list[FieldError]:
        """What is wrong with the tickets it names."""
        faults: list[FieldError] = []
        if (wish.view is not None) + (wish.incident is not None) + bool(chosen) != 1:
            faults.append(FieldError("/tickets", "must be given, or view, or incident, and one of them alone"))
        if wish.incident is not None and not self._is_ticket(wish.incident):
            faults.append(FieldError("/incident", "is not a ticket of this desk"))
        if len(chosen) > most:
            faults.append(FieldError("/tickets", f"at most {most}"))
        faults += [FieldError(f"/tickets/{at}", "is no ticket's id") for at, one in enumerate(chosen) if not is_id(one)]
        return faults

    def _check(self, wish: Wish, chosen: tuple[str, ...], agent: Agent, most: int) -> None:
        faults: list[FieldError] = []
        faults += self._target_faults(wish, chosen, most)
        if not _does(wish):
            faults.append(FieldError("/action", "does nothing"))
        if wish.macro_id is not None and len(_does(wish)) > 1:
            faults.append(FieldError("/action/macro_id", "cannot be given beside anything else"))
        if set(wish.add_tags) & set(wish.remove_tags):
            faults.append(FieldError("/action/remove_tags", "removes a tag that add_tags adds"))
        change = change_from(wish.change)
        if (wish.add_tags or wish.remove_tags) and isinstance(change.tags, tuple):
            faults.append(FieldError("/action/change/tags", "sets tags beside adding or removing some"))
        if wish.macro_id is not None:
            faults += self._macro_faults(wish.macro_id, agent)
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        self._check_names(change)
        if wish.message is not None:
            self._check_body(clean(wish.message.body).strip())

    @staticmethod
    def _check_body(text: str) -> None:
        faults = [f"{{{{{name}}}}} is no placeholder" for name in unknown_names(text)]
        if not text:
            faults.append("is empty")
        if faults:
            at = "/action/message/body"
            raise Invalid("The message is not valid.", [FieldError(at, fault) for fault in faults])

    def _macro_faults(self, macro_id: str, agent: Agent) -> list[FieldError]:
        try:
            self._macros.library.get(macro_id, agent)
        except NotFound:
            return [FieldError("/action/macro_id", "is not a macro that you may run")]
        return []

    def _check_names(self, change: ChangeTicket) -> None:
        try:
            self._desk.check_names(change)
        except Invalid as error:
            faults = [FieldError(f"/action/change{one.pointer}", one.message) for one in error.errors]
            raise Invalid(str(error), faults) from error


def _id_for(agent: Agent, key: str) -> str:
    return derived_id(_EPOCH, "bulk", agent.id, key)


def begun_undoing(job: Job, agent_id: str) -> Job:
    """An action that is undone from now on."""
    return replace(
        job,
        state=State.UNDOING,
        part=0,
        place=0,
        stop=None,
        stopped_by=agent_id,
    )


def _does(wish: Wish) -> tuple[str, ...]:
    does = {
        "change": bool(wish.change or wish.add_tags or wish.remove_tags),
        "macro": wish.macro_id is not None,
        "message": wish.message is not None,
        "snooze": wish.snooze,
    }
    return tuple(name for name, wished in does.items() if wished)
