"""Erasing a person: ordered by an admin, done step by step, and done again from where it stood if it was interrupted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from helpdesk.kernel.ids import is_id
from helpdesk.people.model import Agent, Person
from helpdesk.privacy.model import Erasure, Erasures, Export, Phase
from helpdesk.tickets.commands import ErasePerson
from helpdesk.tickets.model import Actor, ActorKind, Content
from helpdesk.tickets.service import TicketService

STEP_SECONDS: Final = 25.0
"""How long a step works before it hands over to the next; its function has 60 seconds."""
PRIVACY: Final = Actor(ActorKind.SYSTEM, "privacy")
COUNTED: Final = 1000
"""Tickets that are counted before somebody is erased."""


class KnownPeople(Protocol):
    """Where people are kept."""

    def by_id(self, person_id: str) -> Person | None:
        """A person."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What erasing needs.

    Attributes:
        erasures: where they are written down, and what they reach.
        people: where people are kept.
        tickets: what is done with tickets.
        write_export: writes all that is kept of a person into a file.
        renew: lets the search forget all of a ticket but what the table has now.
        renew_lists: the same of what lists are read from, for all tickets at once.
        clock: the desk's time.
        monotonic: a stopwatch in seconds.
    """

    erasures: Erasures
    people: KnownPeople
    tickets: TicketService
    renew: Callable[[str], None]
    write_export: Callable[[Person], None]
    renew_lists: Callable[[], None]
    clock: Clock
    monotonic: Callable[[], float]


class ErasureService:
    """Erasing people.

    Args:
        ports: see `Ports`.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def look(self, person_id: str) -> tuple[int, tuple[int, ...], Erasure | None]:
        """How many tickets a person opened (at most `COUNTED` are counted), and how far their erasure is.

        Returns:
            How many; the numbers of those that are under legal hold, others' tickets in which they are among them; the erasure.

        Raises:
            NotFound: there is no such person.
        """
        person = self._person(person_id)
        count, held, position = 0, list[int](), None
        while count < COUNTED:
            page = self._ports.erasures.own(person, position)
            count, position = count + len(page.items), page.next_position
            held += [row.number for row in page.items if row.legal_hold]
            if position is None:
                break
        held += self._held_beside(person)
        return count, tuple(dict.fromkeys(held)), self._ports.erasures.find(person.id)

    def _held_beside(self, person: Person) -> list[int]:
        """Numbers of others' tickets in which they are or were that are under legal hold."""
        found, position = list[int](), None
        for _ in range(COUNTED // 50):
            page = self._ports.erasures.others(person, position)
            found += [one.held for one in page.items if one.held is not None]
            position = page.next_position
            if position is None:
                break
        return found

    def order(self, person_id: str, tickets: int, agent: Agent) -> Erasure:
        """Begins to erase a person. Asked again, the erasure that is under way is answered.

        Raises:
            NotFound: there is no such person.
            Invalid: they opened another number of tickets than whoever orders it believes.
            Conflict: a ticket of theirs, or one that they are in, is under legal hold.
        """
        person = self._person(person_id)
        count, held, there = self.look(person_id)
        if there is not None and there.phase is not Phase.DONE:
            return there
        if count != tickets:
            raise Invalid(
                "This cannot be undone.", [FieldError("/tickets", f"must be {count}: so many lose every word")]
            )
        if held:
            raise Conflict(f"Under legal hold: {', '.join(f'#{number}' for number in held)}. End that first.")
        if there is not None and count == 0 and not person.name:
            return there
        return self._ports.erasures.start(Erasure(person.id, agent.id, self._ports.clock()))

    def forget_those_in(self, ticket_id: str) -> None:
        """Begins to erase those of a ticket of whom no other tells any more, as a rule of retention says."""
        for person_id in self._ports.erasures.people_in(ticket_id):
            person = self._ports.people.by_id(person_id)
            if person is None or person.erased or not self._untold(person):
                continue
            there = self._ports.erasures.find(person.id)
            if there is None or there.phase is Phase.DONE:
                self._ports.erasures.start(Erasure(person.id, PRIVACY.id, self._ports.clock()))

    def _untold(self, person: Person) -> bool:
        """Whether all has been taken out of all tickets that they opened, or are or were in."""
        position = None
        while True:
            page = self._ports.erasures.own(person, position)
            if any(not set(Content) <= set(row.cleared or ()) for row in page.items):
                return False
            position = page.next_position
            if position is None:
                break
        while True:
            others = self._ports.erasures.others(person, position)
            if any(not one.cleared for one in others.items):
                return False
            position = others.next_position
            if position is None:
                return True

    def step(self, person_id: str) -> None:
        """Works on an erasure for a while; what is left is another step's."""
        before = self._ports.erasures.find(person_id)
        if before is None or before.phase is Phase.DONE:
            return
        person = self._ports.people.by_id(person_id)
        if person is None:
            raise NotFound("There is no such person.")
        ends = self._ports.monotonic() + STEP_SECONDS
        now = before
        while now.phase is not Phase.DONE:
            after = self._further(now, person)
            over = self._ports.monotonic() > ends and after.phase is not Phase.DONE
            after = replace(after, version=now.version + 1, step=now.step + over)
            try:
                self._ports.erasures.save(now, after)
            except StaleVersion:
                return  # another worker is at it
            now = after
            if over:
                return

    # --- exports ---

    def order_export(self, person_id: str, agent: Agent) -> Export:
        """Begins an export of all that is kept of a person.

        Raises:
            NotFound: there is no such person.
        """
        person = self._person(person_id)
        there = self._ports.erasures.find_export(person.id)
        export = Export(person.id, agent.id, self._ports.clock(), (there.number if there is not None else 0) + 1)
        self._ports.erasures.save_export(export, ordered=True)
        return export

    def find_export(self, person_id: str) -> Export | None:
        """The newest export of a person.

        Raises:
            NotFound: there is no such person.
        """
        return self._ports.erasures.find_export(self._person(person_id).id)

    def export(self, person_id: str, number: int) -> None:
        """Writes an export, if it is the newest and not there yet."""
        found, person = self._ports.erasures.find_export(person_id), self._ports.people.by_id(person_id)
        if found is None or person is None or found.number != number or found.ready_at is not None:
            return
        self._ports.write_export(person)
        self._ports.erasures.save_export(replace(found, ready_at=self._ports.clock()), ordered=False)

    def _further(self, now: Erasure, person: Person) -> Erasure:
        """One piece of a phase."""
        match now.phase:
            case Phase.TICKETS | Phase.LATE:
                page = self._ports.erasures.own(person, now.position)
                for row in page.items:
                    self._empty(row.id, person, whole=True)
                following = Phase.OTHERS if now.phase is Phase.TICKETS else Phase.LATE_OTHERS
                done = replace(now, tickets=now.tickets + len(page.items))
                return self._next(done, page.next_position, following)
            case Phase.OTHERS | Phase.LATE_OTHERS:
                found = self._ports.erasures.others(person, now.position)
                for one in found.items:
                    self._empty(one.id, person, whole=one.whole)
                following = Phase.MAILS if now.phase is Phase.OTHERS else Phase.DONE
                done = replace(now, tickets=now.tickets + len(found.items))
                return self._next(done, found.next_position, following)
            case Phase.MAILS:
                return self._next(now, self._ports.erasures.mails(person, now.position), Phase.RECORDS)
            case Phase.RECORDS:
                return self._next(now, self._ports.erasures.records(person, now.position), Phase.PERSON)
            case Phase.PERSON:
                self._ports.erasures.replace_person(person)
                return self._next(now, None, Phase.LATE)
            case Phase.DONE:
                return now

    def _next(self, now: Erasure, position: dict[str, str] | None, following: Phase) -> Erasure:
        if position is not None:
            return replace(now, position=position)
        if following is Phase.DONE:  # before it is said to be done: whoever takes over from a crash does it again
            self._ports.erasures.remove_export(now.id)  # one may have been under way
            self._ports.renew_lists()
        finished: datetime | None = self._ports.clock() if following is Phase.DONE else None
        return replace(now, position=None, phase=following, finished_at=finished)

    def _empty(self, ticket_id: str, person: Person, *, whole: bool) -> None:
        """Takes a person out of one ticket. The snapshot comes first: what it copies must not come back from messages."""
        ids = (person.id, *(alias.id for alias in person.aliases))
        for person_id in ids[:1] if whole else ids:
            if self._ports.tickets.run(ticket_id, ErasePerson(person_id, whole), actor=PRIVACY).ticket.legal_hold:
                return
        self._ports.erasures.empty_messages(ticket_id, person, whole=whole)
        self._ports.erasures.empty_around(ticket_id, whole=whole)
        self._ports.renew(ticket_id)

    def _person(self, person_id: str) -> Person:
        person = self._ports.people.by_id(person_id) if is_id(person_id) else None
        if person is None:
            raise NotFound("There is no such person.")
        return person
