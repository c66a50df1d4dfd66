"""Works bulk actions off: step by step, each as long as a function may take, and again from where a step broke off.

A ticket is changed in a transaction with a mark, which can be written once: whatever is repeated, a ticket is changed
once. Tickets are read before their marks are, so a ticket without one is seen as it was before the action.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from helpdesk.bulk.model import (
    CHUNK,
    HOLD,
    KEPT,
    LEASE,
    MAX_IN_VIEW,
    PART,
    Entry,
    Job,
    Outcome,
    Result,
    State,
    Stop,
    Wish,
)
from helpdesk.bulk.rules import change_for, entry_of, undoing_of
from helpdesk.bulk.service import BulkStore, begun_undoing
from helpdesk.canned.model import Body
from helpdesk.canned.service import Pen
from helpdesk.contracts.table import PART_PREFIX, Key, bulk_journal_key, ticket_partition
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import Forbidden, HelpdeskError, Invalid, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import new_id
from helpdesk.kernel.text import preview
from helpdesk.macros.rules import SETTLE, decide_together
from helpdesk.macros.service import MacroService
from helpdesk.people.model import Agent, Role
from helpdesk.platform.caller import Caller, called_by
from helpdesk.tickets.commands import AddMessage, Command, SnoozeTicket
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.model import Actor, ActorKind, Channel, Message, Reason, Ticket
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import AlreadyDone, Change, Extras, Record, TicketService, TicketStore
from helpdesk.tickets.views import TicketQuery
from helpdesk.tickets.working import AgentDesk

STEP_SECONDS: Final = 20.0
"""How long a step goes on; what it began then is ended, so that a function's minute is never used up."""
_SAVES: Final = 8

type Fault = Callable[[str, Exception], None]


class Overtaken(Exception):
    """Somebody else works on the action by now."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a worker needs.

    Attributes:
        jobs: bulk actions.
        tickets: reads tickets.
        service: decides and writes them.
        desk: checks changes.
        macros: says what a macro wishes.
        pen: fills messages.
        config: the configuration.
        clock: the desk's time.
        monotonic: seconds that pass.
        pause: waits a little before the given try, counted from 1.
        fault: is told of what was not foreseen, with the ticket's id.
    """

    jobs: BulkStore
    tickets: TicketStore
    service: TicketService
    desk: AgentDesk
    macros: MacroService
    pen: Pen
    config: Callable[[], Desk]
    clock: Clock
    monotonic: Callable[[], float]
    pause: Callable[[int], None]
    fault: Fault


class BulkWorker:
    """Takes the steps that events ask for.

    Args:
        ports: what it needs.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def handle(self, detail: Mapping[str, object]) -> None:
        """Takes a step, if it is still the one to take.

        Raises:
            Unavailable: somebody else is at it, or contention did not end; the queue tries again.
        """
        job = self._claim(str(detail["job_id"]), int(str(detail["step"])))
        if job is not None:
            try:
                with called_by(self._caller(job)):
                    _Step(self._ports, job).take()
            except Overtaken:
                return

    def _caller(self, job: Job) -> Caller:
        """Who acts: nothing is done to a ticket that they may not see. Whoever is gone by now sees nothing."""
        who = (job.stopped_by if job.state is State.UNDOING else None) or job.agent
        gone = Agent(who, "", "", Role.LIGHT, custom_role="-")
        return Caller(self._ports.config().agents.get(who, gone))

    def _claim(self, job_id: str, step: int) -> Job | None:
        for attempt in range(1, _SAVES + 1):
            job = self._ports.jobs.find(job_id)
            if job is None or job.step != step or not job.state.at_work:
                return None
            now = self._ports.clock()
            if job.busy_until is not None and now < job.busy_until:
                raise Unavailable("Somebody else is at it.")
            claimed = replace(job, version=job.version + 1, busy_until=now + LEASE)
            try:
                self._ports.jobs.save(job, claimed)
            except (StaleVersion, Unavailable):
                self._ports.pause(attempt)
            else:
                return claimed
        raise Unavailable("Many want the same action at once.")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part at work.

    Attributes:
        ids: its tickets, in order.
        tickets: as they were read.
        marks: of those that were changed.
        undone: marks of those that were given back.
    """

    ids: tuple[str, ...]
    tickets: Mapping[str, Ticket]
    marks: Mapping[str, Document]
    undone: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class _Written:
    """A ticket after an attempt to write it.

    Attributes:
        now: whether it was written by it.
        before: what its mark says, if it had been written before.
    """

    ticket: Ticket
    now: bool
    before: Document | None


class _Step:
    """One step of one action."""

    def __init__(self, ports: Ports, job: Job) -> None:
        self._ports = ports
        self._job = job
        self._mine = job.step, job.busy_until
        self._until = ports.monotonic() + STEP_SECONDS
        self._wish: Wish = ports.jobs.wish(job.id)
        self._part: _Part | None = None
        self._listed: set[str] | None = None

    def take(self) -> None:
        """Works until all is done or the time is up; then the next event goes on."""
        while self._job.state.at_work and self._in_time:
            if self._job.stop is not None:
                self._stop(self._job.stop)
            elif self._job.state is State.LISTING:
                self._list()
            elif self._job.state is State.RUNNING:
                self._advance(self._changed_by(_actor_of(self._job.agent)))
            else:
                self._advance(self._undone_by(_actor_of(self._job.stopped_by or self._job.agent)))
        if self._job.state.at_work:
            self._save(lambda job: replace(job, step=job.step + 1, busy_until=None))

    @property
    def _in_time(self) -> bool:
        return self._ports.monotonic() < self._until

    def _save(
        self, change: Callable[[Job], Job], results: Sequence[Result] = (), tickets: Sequence[str] | None = None
    ) -> None:
        """Writes how far it is. What others may have written meanwhile is what they wish of it, and nothing else."""
        for attempt in range(1, _SAVES + 1):
            after = replace(change(self._job), version=self._job.version + 1)
            try:
                self._ports.jobs.save(self._job, after, results=results, tickets=tickets)
            except Unavailable:  # somebody wishes something of it at this very moment
                self._ports.pause(attempt)
            except StaleVersion:
                fresh = self._ports.jobs.find(self._job.id)
                if fresh is None or (fresh.step, fresh.busy_until) != self._mine:
                    raise Overtaken from None
                self._job = replace(self._job, version=fresh.version, stop=fresh.stop, stopped_by=fresh.stopped_by)
            else:
                self._job = after
                return
        raise Unavailable("Many want the same action at once.")

    def _ended(self, job: Job, state: State) -> Job:
        finished_at = job.finished_at if state is State.UNDONE else self._ports.clock()
        return replace(job, state=state, stop=None, busy_until=None, finished_at=finished_at)

    # --- writing down what a view holds, and stopping ---

    def _list(self) -> None:
        """Writes down one part of the view: what is acted upon is what was counted."""
        if self._listed is None:
            self._listed = set(self._ports.jobs.listed(self._job.id)) if self._job.parts else set()
        found: list[str] = []
        position: dict[str, str] | None = dict(self._job.position)
        while position is not None and len(found) < PART:
            ids, position = self._some(PART - len(found), position or None)
            found += [one for one in dict.fromkeys(ids) if one not in self._listed]
            self._listed |= set(found)
            if not self._in_time:
                break
        total, at = self._job.total + len(found), position
        if total > MAX_IN_VIEW:
            self._save(lambda job: replace(self._ended(job, State.REFUSED), total=total))
            return
        parts = self._job.parts + (1 if found else 0)

        def listed(job: Job) -> Job:
            after = replace(job, total=total, parts=parts, position=at or {})
            if at is not None:
                return after
            return replace(after, state=State.RUNNING) if total else self._ended(after, State.DONE)

        self._save(listed, tickets=found or None)

    def _some(self, limit: int, position: dict[str, str] | None) -> tuple[list[str], dict[str, str] | None]:
        """Some tickets of the view, or some parts of the incident, and where the next ones begin."""
        store, incident = self._ports.tickets, self._wish.incident
        if incident is None:
            rows = store.rows(self._wish.view or TicketQuery(), limit=limit, position=position)
            return [row.id for row in rows.items], rows.next_position
        parts = store.records(ticket_partition(incident), PART_PREFIX, limit=limit, position=position)
        return [key.sk.removeprefix(PART_PREFIX) for key, _ in parts.items], parts.next_position

    def _stop(self, stop: Stop) -> None:
        """Ends it as somebody wished; what a step that broke off did is told first."""
        results: list[Result] = []
        if self._job.state is State.RUNNING and self._part is None and self._job.part < self._job.parts:
            part = self._opened()
            results = [_repeated(part, one) for one in part.ids[self._job.place :] if one in part.marks]
        self._part = None

        def stopped(job: Job) -> Job:
            after = self._ended(self._told(job, results), State.CANCELLED)
            if stop is Stop.CANCEL:
                return after
            return replace(begun_undoing(after, job.stopped_by or job.agent), busy_until=job.busy_until)

        self._save(stopped, results)

    # --- acting ---

    def _advance(self, act: Callable[[_Part, str], Result]) -> None:
        """Acts upon one chunk, and tells what became of it."""
        if self._job.part >= self._job.parts:
            self._save(lambda job: self._ended(job, self._end_state))
            return
        if self._part is None:
            self._part = self._opened()
        part, results = self._part, list[Result]()
        for ticket_id in part.ids[self._job.place : self._job.place + CHUNK]:
            if results and not self._in_time:
                break
            results.append(self._acted(act, part, ticket_id))
        place = self._job.place + len(results)
        over = place >= len(part.ids)
        if over:
            self._part = None

        def further(job: Job) -> Job:
            after = self._told(job, results)
            after = replace(after, part=job.part + 1, place=0) if over else replace(after, place=place)
            return (
                self._ended(after, self._end_state)
                if after.part >= after.parts and job.stop is not Stop.UNDO
                else after
            )

        self._save(further, results)

    @property
    def _end_state(self) -> State:
        return State.UNDONE if self._job.state is State.UNDOING else State.DONE

    @staticmethod
    def _told(job: Job, results: Sequence[Result]) -> Job:
        if not results:
            return job
        undoing = job.state is State.UNDOING
        tally = job.undo_tally if undoing else job.tally
        for result in results:
            tally = tally.with_one(result.outcome)
        after = replace(job, sequence=job.sequence + 1)
        return replace(after, undo_tally=tally) if undoing else replace(after, tally=tally)

    def _opened(self) -> _Part:
        jobs, job = self._ports.jobs, self._job
        if job.state is not State.UNDOING:
            ids = jobs.part(job.id, job.part)
            tickets = self._tickets(ids)
            return _Part(ids, tickets, jobs.journal(job.id, job.part), {})
        marks = jobs.journal(job.id, job.part)
        if not marks:
            return _Part((), {}, {}, {})
        ids = tuple(sorted(marks))
        tickets = self._tickets(ids)
        return _Part(ids, tickets, marks, jobs.journal(job.id, job.part, undone=True))

    def _tickets(self, ids: Sequence[str]) -> dict[str, Ticket]:
        """All at once; one by one if one of them cannot be read, so that it stops none of the others."""
        try:
            return self._ports.tickets.get_all(ids)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one of them is told of that one, below
            self._ports.fault(self._job.id, error)
        found: dict[str, Ticket] = {}
        for one in ids:
            try:
                found |= self._ports.tickets.get_all((one,))
            except Exception as error:  # noqa: BLE001 - as above
                self._ports.fault(one, error)
        return found

    def _acted(self, act: Callable[[_Part, str], Result], part: _Part, ticket_id: str) -> Result:
        """What became of one ticket; nothing that is wrong with it stops the others."""
        seen = part.tickets.get(ticket_id)
        number = seen.number if seen is not None else None
        try:
            return act(part, ticket_id)
        except HelpdeskError as error:
            return Result(ticket_id, Outcome.FAILED, number, error.code, str(error))
        except Exception as error:  # noqa: BLE001 - as it says
            self._ports.fault(ticket_id, error)
            return Result(
                ticket_id, Outcome.FAILED, number, HelpdeskError.code, "The desk could not do this; it was noted."
            )

    # --- one ticket ---

    def _changed_by(self, actor: Actor) -> Callable[[_Part, str], Result]:
        because = Reason("bulk", {"job": self._job.id} | ({"macro": macro} if (macro := self._wish.macro_id) else {}))

        def act(part: _Part, ticket_id: str) -> Result:
            if ticket_id in part.marks:
                return _repeated(part, ticket_id)
            agent = self._ports.config().agents.get(self._job.agent)
            if agent is None:
                raise Forbidden("Who started the action is no colleague any more.")
            key = bulk_journal_key(self._job.id, self._job.part, ticket_id)

            def change_of(ticket: Ticket, rules: DeskRules, now: datetime) -> Change:
                settled = decide(ticket, SETTLE, rules, actor=actor, now=now)
                commands, message = self._commands(settled.ticket, agent, now)
                decision = decide_together(ticket, commands, because, rules, actor=actor, now=now)
                if len(decision.events) == len(settled.events):
                    return Change(ticket, Decision(ticket, ()))
                entry = entry_of(settled.ticket, decision.ticket, message)
                record = self._record(key, to_document(entry), "bulk")
                return Change(ticket, decision, Extras(message=message, records=(record,)))

            written = self._write(part, ticket_id, key, change_of)
            outcome = Outcome.CHANGED if written.now or written.before else Outcome.UNCHANGED
            return Result(ticket_id, outcome, written.ticket.number)

        return act

    def _commands(self, ticket: Ticket, agent: Agent, now: datetime) -> tuple[list[Command], Message | None]:
        """What the wish means for a ticket."""
        wish = self._wish
        send_at = now + max(HOLD, seconds(self._ports.config().general.hold_seconds))
        if wish.macro_id is not None:
            return self._ports.macros.doing(wish.macro_id, ticket, agent, send_at)
        commands: list[Command] = []
        change = change_for(wish, ticket)
        if change is not None:
            commands.append(self._ports.desk.fitted(change, ticket))
        message = self._message(ticket, agent, now, send_at)
        if message is not None and (wanted := wish.message) is not None:
            commands.append(
                AddMessage(
                    message.id,
                    message.author,
                    message.visibility,
                    message.channel,
                    preview(message.text),
                    status=wanted.status,
                    custom_status=wanted.custom_status,
                    send_at=message.send_at,
                )
            )
        if wish.snooze:
            commands.append(SnoozeTicket(wish.snooze_until))
        return commands, message

    def _message(self, ticket: Ticket, agent: Agent, now: datetime, send_at: datetime) -> Message | None:
        wanted = self._wish.message
        if wanted is None:
            return None
        body = self._ports.pen.write({ticket.language or "en": Body(wanted.body)}, ticket, agent).body
        if not body.text.strip():
            raise Invalid("The message is empty once its placeholders are filled for this ticket.")
        message = Message(
            id=new_id(now),
            ticket_id=ticket.id,
            at=now,
            author=_actor_of(agent.id),
            author_name=agent.name,
            visibility=wanted.visibility,
            channel=Channel.WEB,
            text=body.text.strip(),
        )
        return replace(message, send_at=send_at) if message.public else message

    def _undone_by(self, actor: Actor) -> Callable[[_Part, str], Result]:
        because = Reason("bulk_undone", {"job": self._job.id})

        def act(part: _Part, ticket_id: str) -> Result:
            if ticket_id in part.undone:
                return from_document(Result, part.undone[ticket_id])
            entry = from_document(Entry, part.marks[ticket_id])
            key = bulk_journal_key(self._job.id, self._job.part, ticket_id, undone=True)
            results: list[Result] = []

            def change_of(ticket: Ticket, rules: DeskRules, now: datetime) -> Change:
                settled = decide(ticket, SETTLE, rules, actor=actor, now=now).ticket
                undoing = undoing_of(entry, settled, because, self._fits)
                results[:] = [Result(ticket_id, undoing.outcome, entry.number, stays=undoing.stays)]
                if not undoing.commands:
                    return Change(ticket, Decision(ticket, ()))
                decision = decide_together(ticket, undoing.commands, because, rules, actor=actor, now=now)
                record = self._record(key, to_document(results[0]), "bulk_undo")
                return Change(ticket, decision, Extras(records=(record,)))

            written = self._write(part, ticket_id, key, change_of)
            return from_document(Result, written.before) if written.before is not None else results[-1]

        return act

    def _fits(self, group: str | None, agent_id: str) -> bool:
        agent = self._ports.config().agents.get(agent_id)
        return agent is not None and (group is None or group in agent.groups)

    def _write(
        self, part: _Part, ticket_id: str, key: Key, change_of: Callable[[Ticket, DeskRules, datetime], Change]
    ) -> _Written:
        """Writes one ticket and its mark."""
        seen = part.tickets.get(ticket_id)
        if seen is None:
            raise NotFound("There is no such ticket.")
        tries: list[Change] = []

        def changes_of(tickets: tuple[Ticket, ...], rules: DeskRules, now: datetime) -> Sequence[Change]:
            tries.append(change_of(tickets[0], rules, now))
            return tries[-1:]

        try:
            (ticket,) = self._ports.service.carry_out_together((ticket_id,), changes_of, seen={ticket_id: seen})
        except AlreadyDone:
            return _Written(seen, now=False, before=self._ports.tickets.record(key))
        now = bool(tries[-1].decision.events)
        # Decided anew, there may be nothing to do because an earlier try was written although it seemed refused.
        repeated = not now and len(tries) > 1
        return _Written(ticket, now=now, before=self._ports.tickets.record(key) if repeated else None)

    def _record(self, key: Key, document: Document, once: str) -> Record:
        return Record(key, document, once=once, expires_at=self._job.created_at + KEPT)


def _actor_of(agent_id: str) -> Actor:
    return Actor(ActorKind.AGENT, agent_id)


def _repeated(part: _Part, ticket_id: str) -> Result:
    """What became of a ticket that was changed before."""
    return Result(ticket_id, Outcome.CHANGED, from_document(Entry, part.marks[ticket_id]).number)
