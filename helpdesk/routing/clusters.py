"""Possible incidents: noticed as tickets come in, told to the supervisors, and made an incident's ticket if they say so."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.contracts.table import cluster_key, idempotency_key
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import to_document
from helpdesk.kernel.errors import Conflict, NotFound, Unavailable
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.text import clean_line, preview
from helpdesk.people.model import Agent
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.routing.alike import REMEMBERED, Cluster, Seen, fingerprint, saying_the_same
from helpdesk.routing.triage import text_of
from helpdesk.tickets.commands import ChangeTicket, OpenTicket, SuspectIncident
from helpdesk.tickets.facts import Event, TicketOpened
from helpdesk.tickets.model import (
    ROUTER,
    Actor,
    ActorKind,
    Channel,
    Message,
    Priority,
    Relation,
    Ticket,
    TicketType,
    Visibility,
)
from helpdesk.tickets.service import AlreadyDone, Extras, Guard, Record, TicketService, TicketStore
from helpdesk.tickets.together import Together
from helpdesk.tickets.views import TicketRow

MOST_SEEN: Final = 400
"""Tickets of the day, the newest, that a new one is held against."""
MOST_LINKED: Final = 60
"""Reports that one call ties to an incident; asked again, it goes on with the others."""
KEPT: Final = timedelta(days=30)
_ONCE: Final = "cluster"


class ClusterStore(Protocol):
    """What is remembered of tickets that came in, and of possible incidents."""

    def note(self, seen: Seen, expires_at: datetime) -> None:
        """Remembers a ticket; again: the same, and what it belongs to stays."""
        ...

    def seen(self, since: datetime, *, limit: int) -> list[Seen]:
        """The newest tickets since an instant, newest first, read consistently."""
        ...

    def one_seen(self, ticket_id: str) -> Seen | None:
        """What is remembered of a ticket; None: it is forgotten."""
        ...

    def gather(self, ticket_ids: Collection[str], cluster_id: str) -> None:
        """Notes that tickets belong to a possible incident; what is forgotten stays so."""
        ...

    def cluster(self, cluster_id: str) -> Cluster | None:
        """A possible incident."""
        ...

    def clusters(self, since: datetime) -> list[Cluster]:
        """Those since an instant, newest first."""
        ...

    def settle(self, cluster: Cluster, expires_at: datetime) -> None:
        """Writes what became of it."""
        ...


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A possible incident, with who wrote until now, and the tickets of it that whoever asks may know of, oldest first."""

    cluster: Cluster
    rows: tuple[TicketRow, ...]


@dataclass(frozen=True, slots=True)
class Ports:
    """What possible incidents stand on.

    Attributes:
        store: remembers.
        tickets: writes tickets.
        reader: reads them, for whoever is calling.
        together: ties them.
        people: who asks.
        clock: the desk's time.
    """

    store: ClusterStore
    tickets: TicketService
    reader: TicketStore
    together: Together
    people: Callable[[], PeopleStore]
    clock: Clock


class ClusterService:
    """Notices possible incidents and lets supervisors decide on them.

    Args:
        ports: what it stands on.
    """

    def __init__(self, ports: Ports) -> None:
        self._on = ports

    # --- noticing ---

    def handle(self, event: Event) -> None:
        """Holds a new ticket against those of the day; whom it concerns is told through the ticket's own event.

        Bears any order and any repetition: whoever comes last sees all others.

        Raises:
            Unavailable: something did not answer; handling the event again is safe.
        """
        fact = event.fact
        if not isinstance(fact, TicketOpened) or fact.automatic or fact.visibility is Visibility.INTERNAL:
            return
        ticket = self._on.reader.get(event.ticket_id)
        message = self._on.reader.message(event.ticket_id, fact.message_id) if ticket is not None else None
        if ticket is None or message is None or message.author.kind is not ActorKind.REQUESTER:
            return
        new = Seen(ticket.id, ticket.requester_id, event.at, fingerprint(text_of(ticket, message)))
        self._on.store.note(new, event.at + 2 * REMEMBERED)
        alike = saying_the_same(new, self._on.store.seen(event.at - REMEMBERED, limit=MOST_SEEN))
        if alike:
            self._gather(ticket, alike)

    def _gather(self, ticket: Ticket, alike: Sequence[Seen]) -> None:
        known = [one.cluster for one in alike if one.cluster is not None]
        cluster_id = (
            max(set(known), key=lambda one: (known.count(one), one)) if known else min(one.ticket_id for one in alike)
        )
        if not known:
            people = len({one.requester_id for one in alike})
            document = to_document(Cluster(cluster_id, self._on.clock(), people))
            record = Record(cluster_key(cluster_id), document, once=_ONCE, expires_at=self._on.clock() + KEPT)
            with suppress(AlreadyDone):  # somebody else noticed it too, or this event was not handled to its end before
                self._on.tickets.run(
                    ticket.id, SuspectIncident(cluster_id, people), actor=ROUTER, extras=Extras(records=(record,))
                )
        self._on.store.gather([one.ticket_id for one in alike if one.cluster is None], cluster_id)

    # --- deciding ---

    def open(self) -> list[Suspicion]:
        """Possible incidents of the day that nobody has decided on, newest first."""
        since = self._on.clock() - REMEMBERED
        waiting = [one for one in self._on.store.clusters(since) if one.settled_by is None]
        return [one for one in self._with_tickets(waiting) if one.rows] if waiting else []

    def of_ticket(self, ticket_id: str) -> Suspicion | None:
        """The possible incident that a ticket belongs to, whatever was decided; one read where there is none."""
        seen = self._on.store.one_seen(ticket_id) if is_id(ticket_id) else None
        cluster = self._on.store.cluster(seen.cluster) if seen is not None and seen.cluster is not None else None
        return next(iter(self._with_tickets([cluster])), None) if cluster is not None else None

    def dismiss(self, cluster_id: str, agent: Agent) -> None:
        """It is no incident.

        Raises:
            NotFound: there is none of this id.
            Conflict: it was made one.
        """
        cluster = self._found(cluster_id)
        if cluster.incident is not None:
            raise Conflict("An incident's ticket was made of it.")
        self._settle(cluster, agent, None)

    def make_incident(self, cluster_id: str, agent: Agent, *, subject: str | None = None) -> Ticket:
        """Opens an incident's ticket, asked by the agent, and makes the reports part of it.

        Asked again it gives the same ticket, and ties what came in since.

        Args:
            cluster_id: of which possible incident.
            agent: who does it.
            subject: None: that of the first report.

        Raises:
            NotFound: there is none of this id, or none of its tickets is in sight.
        """
        (found,) = self._with_tickets([self._found(cluster_id)])
        if not found.rows:
            raise NotFound("There is no such possible incident.")
        incident = self._incident_of(found, agent, clean_line(subject or found.rows[0].subject))
        self._settle(found.cluster, agent, incident.id)
        self._tie(found.rows, incident, agent)
        return incident

    def _incident_of(self, found: Suspicion, agent: Agent, subject: str) -> Ticket:
        """The ticket of an incident, opened if nobody has opened it yet."""
        guard = Guard("incident", idempotency_key("clusters", found.cluster.id))
        done = self._on.reader.done_before(guard.key)
        if done is None:
            try:
                return self._opened(found, agent, subject, guard)
            except AlreadyDone:
                done = self._on.reader.done_before(guard.key)
        if done is None:
            raise Unavailable("The incident's ticket is still being written.")
        return self._on.tickets.get(done.ticket_id)

    def _opened(self, found: Suspicion, agent: Agent, subject: str, guard: Guard) -> Ticket:
        now = self._on.clock()
        people = self._on.people()
        known = people.by_address(agent.address)
        person = known or newcomer(people, agent.address, agent.name, agent.language, now)
        actor = Actor(ActorKind.AGENT, agent.id)
        text = ", ".join(f"#{row.number}" for row in found.rows)
        ticket_id, message_id = new_id(now), new_id(now)
        note = Message(
            id=message_id,
            ticket_id=ticket_id,
            at=now,
            author=actor,
            author_name=agent.name,
            visibility=Visibility.INTERNAL,
            channel=Channel.WEB,
            text=text,
        )
        command = OpenTicket(
            ticket_id=ticket_id,
            number=self._on.reader.next_number(),
            requester_id=person.id,
            subject=subject,
            message_id=message_id,
            preview=preview(text),
            channel=Channel.WEB,
            language=person.language,
            requester_name=person.name,
            requester_address=person.address,
            type=TicketType.INCIDENT,
            priority=Priority.HIGH,
            automatic=True,
            author=actor,
            visibility=Visibility.INTERNAL,
            silent=True,
            change=ChangeTicket(assignee=agent.id),
        )
        extras = Extras(message=note, people=() if known else (person,), guards=(guard,))
        return self._on.tickets.open(command, extras, actor=actor).ticket

    def _tie(self, rows: Sequence[TicketRow], incident: Ticket, agent: Agent) -> None:
        tickets = self._on.reader.get_all([row.id for row in rows])
        loose = [
            one.id
            for one in tickets.values()
            if one.merged is None and all(link.relation is not Relation.PART_OF for link in one.links)
        ]
        for ticket_id in sorted(loose)[:MOST_LINKED]:
            try:
                self._on.together.link(ticket_id, incident.id, Relation.PART_OF, agent)
            except Conflict:
                continue  # it became part of another one meanwhile, or has no room for a link

    def _settle(self, cluster: Cluster, agent: Agent, incident: str | None) -> None:
        settled = Cluster(cluster.id, cluster.at, cluster.people, incident, agent.id)
        self._on.store.settle(settled, cluster.at + KEPT)

    def _found(self, cluster_id: str) -> Cluster:
        cluster = self._on.store.cluster(cluster_id) if is_id(cluster_id) else None
        if cluster is None:
            raise NotFound("There is no such possible incident.")
        return cluster

    def _with_tickets(self, clusters: Sequence[Cluster]) -> list[Suspicion]:
        since = min(one.at for one in clusters) - REMEMBERED
        members: dict[str, list[str]] = {one.id: [] for one in clusters}
        people: dict[str, set[str]] = {one.id: set() for one in clusters}
        for one in self._on.store.seen(since, limit=MOST_SEEN):
            if one.cluster in members:
                members[one.cluster].append(one.ticket_id)
                people[one.cluster].add(one.requester_id)
        rows = self._on.reader.rows_of([ticket_id for ids in members.values() for ticket_id in ids])
        return [
            Suspicion(
                replace(one, people=max(one.people, len(people[one.id]))),
                tuple(rows[ticket_id] for ticket_id in sorted(members[one.id]) if ticket_id in rows),
            )
            for one in clusters
        ]
