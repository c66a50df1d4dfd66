"""A person or an organization at a glance: what is kept as numbers, and the newest tickets. Three calls, whatever is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from helpdesk.kernel.errors import NotFound, Unavailable
from helpdesk.kernel.ids import is_id
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Organization, Person
from helpdesk.people.tally import Contact, Numbers, Owner, Share, changes, people_in, share_of
from helpdesk.tickets.facts import Event, MessageAdded, MessageReleased, TicketOpened
from helpdesk.tickets.model import ActorKind, Ticket, Visibility
from helpdesk.tickets.views import TicketRow

SHOWN: Final = 5
"""Newest tickets that an overview shows."""
_LOOKED_AT: Final = 10
"""Of which it shows those that who is looking may see."""
_ATTEMPTS: Final = 8
_NOTED_AT_ONCE: Final = 50
"""People whose being in a ticket is noted in one transaction."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What is read for an overview.

    Attributes:
        numbers: of all tickets.
        contact: the last one there was.
        rows: of the tickets asked for, by id.
        organization: the one asked for.
    """

    numbers: Numbers
    contact: Contact | None
    rows: dict[str, TicketRow]
    organization: Organization | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A person or an organization at a glance.

    Attributes:
        numbers: None for who may not know of all tickets: they would tell of those.
        tickets: the newest that they may know of, newest first.
    """

    organization: Organization | None
    numbers: Numbers | None
    contact: Contact | None
    tickets: tuple[TicketRow, ...]
    person: Person | None = None


class GlanceStore(Protocol):
    """Where numbers are kept."""

    def glance(self, owners: Sequence[Owner], ticket_ids: Sequence[str], organization_id: str | None) -> Glance:
        """Numbers of some owners together, rows of tickets and an organization: one call."""
        ...

    def share(self, ticket_id: str) -> Share | None:
        """What of a ticket was counted."""
        ...

    def count(self, ticket_id: str, before: Share | None, after: Share) -> bool:
        """Counts a ticket's share in place of what was counted of it; False if that is not `before` any more."""
        ...

    def involved(self, person_id: str, *, limit: int, position: dict[str, str] | None) -> Page[str]:
        """Ids of tickets that somebody is or was in beside the requester, a page: one query."""
        ...

    def touch(self, owner: Owner, ticket_id: str, contact: Contact) -> None:
        """Notes a contact, unless a later one is known."""
        ...


class NewestTickets(Protocol):
    """Finds tickets."""

    def newest_of(self, person: Person, *, limit: int) -> tuple[str, ...]:
        """Ids of a person's newest tickets, newest first: one query."""
        ...

    def newest_within(self, organization_id: str, *, limit: int) -> tuple[str, ...]:
        """Ids of an organization's newest tickets, newest first: one query."""
        ...


class Overviews:
    """Makes overviews.

    Args:
        store: numbers.
        tickets: finds the newest.
        people: a person by id.
        organizations: an organization by id.
        sees_all: whether who is looking may know of all tickets.
        sees: whether they may know of one.
    """

    def __init__(
        self,
        store: GlanceStore,
        tickets: NewestTickets,
        people: Callable[[str], Person | None],
        organizations: Callable[[str], Organization | None],
        *,
        sees_all: Callable[[], bool],
        sees: Callable[[TicketRow], bool],
    ) -> None:
        self._store = store
        self._tickets = tickets
        self._people = people
        self._organizations = organizations
        self._sees_all = sees_all
        self._sees = sees

    def of_person(self, person_id: str) -> Overview:
        """A person at a glance.

        Raises:
            NotFound: there is none.
        """
        person = self._people(person_id) if is_id(person_id) else None
        if person is None:
            raise NotFound("There is no such person.")
        newest = self._tickets.newest_of(person, limit=_LOOKED_AT)
        glance = self._store.glance([Owner(one) for one in person.ids], newest, person.organization_id)
        return self._made(glance, newest, glance.organization, person)

    def of_organization(self, organization_id: str) -> Overview:
        """An organization at a glance.

        Raises:
            NotFound: there is none.
        """
        organization = self._organizations(organization_id) if is_id(organization_id) else None
        if organization is None:
            raise NotFound("There is no such organization.")
        newest = self._tickets.newest_within(organization.id, limit=_LOOKED_AT)
        glance = self._store.glance([Owner(organization.id, organization=True)], newest, None)
        return self._made(glance, newest, organization, None)

    def _made(
        self, glance: Glance, newest: Sequence[str], organization: Organization | None, person: Person | None
    ) -> Overview:
        rows = [glance.rows[one] for one in newest if one in glance.rows]
        all_of_it = self._sees_all()
        return Overview(
            organization,
            glance.numbers if all_of_it else None,
            glance.contact if all_of_it else None,
            tuple(row for row in rows if self._sees(row))[:SHOWN],
            person,
        )


class Counting:
    """Keeps numbers up with what happens to tickets: a consumer of events, each of which says only "look at this ticket".

    What was counted of a ticket is kept with it, and replaced in the transaction that counts. So repetitions count
    nothing, any order comes to the same, and one event too few is made good by the next.

    Args:
        store: numbers.
        tickets: a ticket as it stands.
        pause: waits a little before the given try (counted from 1).
    """

    def __init__(
        self, store: GlanceStore, tickets: Callable[[str], Ticket | None], pause: Callable[[int], None]
    ) -> None:
        self._store = store
        self._tickets = tickets
        self._pause = pause

    def handle(self, event: Event) -> None:
        """Counts the ticket of an event.

        Raises:
            Unavailable: others were always faster; the queue tries again.
        """
        ticket = self.count(event.ticket_id)
        contact = contact_of(event)
        if ticket is not None and contact is not None:
            for owner in changes(None, share_of(ticket)):
                self._store.touch(owner, ticket.id, contact)

    def count(self, ticket_id: str) -> Ticket | None:
        """Counts a ticket as it stands.

        Raises:
            Unavailable: others were always faster.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            # What was counted is read first: the ticket is then at least as new.
            before, ticket = self._store.share(ticket_id), self._tickets(ticket_id)
            if ticket is None:
                return None
            noted = before.people if before is not None else ()
            missing = sorted(people_in(ticket).difference(noted))
            after = replace(share_of(ticket), people=(*noted, *missing[:_NOTED_AT_ONCE]))
            if before is not None and not missing and not changes(before, after):
                return ticket
            try:
                if self._store.count(ticket_id, before, after) and len(missing) <= _NOTED_AT_ONCE:
                    return ticket
            except Unavailable:
                if attempt == _ATTEMPTS:
                    raise
            self._pause(attempt)
        raise Unavailable("Many are counting this ticket at once; try again in a moment.")


def contact_of(event: Event) -> Contact | None:
    """The contact that an event tells of: a public message that was written or, where it was held, sent."""
    fact = event.fact
    if isinstance(fact, TicketOpened):
        author = fact.author or event.actor
        public = fact.visibility in {None, Visibility.PUBLIC}
        return Contact(event.at, author.kind.value) if public and not fact.automatic else None
    if isinstance(fact, MessageAdded):
        held = fact.send_at is not None
        public = fact.visibility is Visibility.PUBLIC and not held and not fact.automatic
        return Contact(event.at, fact.author.kind.value) if public else None
    if isinstance(fact, MessageReleased) and fact.side_id is None:
        return Contact(event.at, ActorKind.AGENT.value)
    return None
