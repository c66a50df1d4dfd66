"""Drafts kept on the server, so that what was typed at one desk is there at another."""

from datetime import timedelta
from typing import Final, Protocol

from helpdesk.drafts.model import Draft, DraftKind, Writing, place_of
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.kernel.ids import is_id
from helpdesk.kernel.text import clean
from helpdesk.people.model import Agent
from helpdesk.tickets.service import TicketStore
from helpdesk.tickets.visibility import Hidden

KEPT: Final = timedelta(days=30)
"""How long a draft is kept after it was last changed."""


class DraftStore(Protocol):
    """Where drafts are kept."""

    def of_ticket(self, agent_id: str, ticket_id: str) -> list[Draft]:
        """An agent's drafts on a ticket, those that are over included."""
        ...

    def of_agent(self, agent_id: str, limit: int) -> list[Draft]:
        """An agent's drafts, newest ticket first, those that are over included."""
        ...

    def put(self, agent_id: str, draft: Draft, *, expected_version: int) -> None:
        """Writes a draft.

        Args:
            agent_id: whose.
            draft: as it shall be.
            expected_version: 0: there is none, or it is over when this is written.

        Raises:
            StaleVersion: it is not at that version.
        """
        ...

    def delete(self, agent_id: str, ticket_id: str, place: str) -> None:
        """Takes the draft of a place away, if it is there."""
        ...


class DraftService:
    """An agent's drafts; nobody else sees them.

    Args:
        store: keeps them.
        tickets: knows which tickets there are.
        clock: the desk's time.
        hidden: those of some tickets that whoever is calling may not know of.
    """

    def __init__(self, store: DraftStore, tickets: TicketStore, clock: Clock, hidden: Hidden) -> None:
        self._store = store
        self._tickets = tickets
        self._clock = clock
        self._hidden = hidden

    def of_ticket(self, ticket_id: str, agent: Agent) -> dict[str, Draft]:
        """What an agent is writing on a ticket, by place.

        Raises:
            NotFound: the id is none, or that of a ticket out of sight.
        """
        now = self._clock()
        drafts = self._store.of_ticket(agent.id, self._seen(ticket_id))
        return {draft.place: draft for draft in drafts if draft.keep_until > now}

    def of_agent(self, agent: Agent, *, limit: int) -> list[Draft]:
        """What an agent is writing anywhere, newest ticket first."""
        now = self._clock()
        drafts = [draft for draft in self._store.of_agent(agent.id, limit) if draft.keep_until > now]
        hidden = self._hidden(draft.ticket_id for draft in drafts)
        return [draft for draft in drafts if draft.ticket_id not in hidden]

    def put(self, ticket_id: str, writing: Writing, agent: Agent, *, version: int) -> Draft:
        """Keeps what an agent has written so far.

        Args:
            ticket_id: on which ticket.
            writing: plain text as typed; spaces at its ends are kept.
            agent: who writes.
            version: of the draft as the agent has it before them; 0: they begin.

        Raises:
            NotFound: no such ticket or side conversation.
            Invalid: something is said that does not belong to a draft of this kind.
            StaleVersion: it was changed elsewhere (another window); read it before writing over it.
        """
        ticket = self._tickets.get(_checked(ticket_id))
        if ticket is None:
            raise NotFound("There is no such ticket.")
        _check_side(writing.kind, writing.side_id, to=writing.to, subject=writing.subject)
        if writing.side_id is not None and ticket.side_conversation(writing.side_id) is None:
            raise NotFound("There is no such side conversation.")
        now = self._clock()
        draft = Draft(
            ticket_id=ticket_id,
            kind=writing.kind,
            version=version + 1,
            body=clean(writing.body),
            updated_at=now,
            keep_until=now + KEPT,
            based_on=writing.based_on,
            side_id=writing.side_id,
            to=clean(writing.to),
            subject=clean(writing.subject),
        )
        self._store.put(agent.id, draft, expected_version=version)
        return draft

    def delete(self, ticket_id: str, kind: DraftKind | None, agent: Agent, *, side_id: str | None = None) -> None:
        """Forgets a draft, or all of a ticket. Again: the same.

        Raises:
            NotFound: the id is none, or that of a ticket out of sight.
            Invalid: a side conversation is named where none belongs.
        """
        ticket_id = self._seen(ticket_id)
        if kind is None:
            places = [draft.place for draft in self._store.of_ticket(agent.id, ticket_id)]
        else:
            _check_side(kind, side_id)
            places = [place_of(kind, side_id)]
        for place in places:
            self._store.delete(agent.id, ticket_id, place)

    def _seen(self, ticket_id: str) -> str:
        if _checked(ticket_id) in self._hidden((ticket_id,)):
            raise NotFound("There is no such ticket.")
        return ticket_id


def _check_side(kind: DraftKind, side_id: str | None, **begun_with: str) -> None:
    """Only what is of kind `side` is in a side conversation, and only the first of one says to whom, about what."""
    faults = []
    if side_id is not None and kind is not DraftKind.SIDE:
        faults.append(FieldError("/side_id", "belongs to no draft of this kind"))
    if side_id is not None or kind is not DraftKind.SIDE:
        told = [name for name, text in begun_with.items() if text]
        faults += [FieldError(f"/{name}", "belongs to a side conversation that is not begun yet") for name in told]
    if faults:
        raise Invalid("Some fields are not valid.", faults)


def _checked(ticket_id: str) -> str:
    if not is_id(ticket_id):
        raise NotFound("There is no such ticket.")
    return ticket_id
