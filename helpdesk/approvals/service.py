"""Asking for approvals and answering them: colleagues in the page, people outside by a link that is theirs alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Forbidden, Invalid, KeyReused, NotFound, Unavailable
from helpdesk.kernel.ids import derived_id, new_id
from helpdesk.kernel.text import clean, is_address, normal_address, supported_language
from helpdesk.mail import threads
from helpdesk.mail.stationery import sending_mailbox
from helpdesk.people.model import Agent, Person, Role
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.tickets.commands import AnswerApproval, AskApproval, WithdrawApproval
from helpdesk.tickets.model import Actor, ActorKind, Status, Ticket
from helpdesk.tickets.parts.approvals import find_approval
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Guard, TicketService, TicketStore
from helpdesk.tickets.todo import (
    Approval,
    ApprovalMode,
    ApprovalState,
    ApprovalWords,
    Approver,
    ApproverKind,
    Asked,
    Verdict,
)

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ATTEMPTS: Final = 3


class ApprovalLinks(Protocol):
    """Reads what a link proves: `mail.links.SignedLinks`."""

    def read_approval(self, token: str, now: datetime) -> tuple[str, str, str]:
        """The ticket, the approval and the person that a token names."""
        ...


@dataclass(frozen=True, slots=True)
class ApprovalWish:
    """What shall be asked.

    Attributes:
        approvers: ids of agents and e-mail addresses.
        shown: what they see beside the question.
    """

    approvers: Sequence[str]
    question: str
    mode: ApprovalMode = ApprovalMode.ALL
    shown: str = ""
    due_at: datetime | None = None


class ViewState(StrEnum):
    """How an approval stands for whoever holds its link."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What whoever holds the link may see: nothing of the ticket but its number, nothing of others who were asked.

    Attributes:
        asked_by: the agent's name; None where the mailbox does not tell it.
        verdict: what they answered, last; None: nothing yet.
        language: in which they are written to.
    """

    number: int
    question: str
    shown: str
    asked_by: str | None
    asked_at: datetime
    due_at: datetime | None
    state: ViewState
    verdict: Verdict | None
    comment: str
    language: str


@dataclass(frozen=True, slots=True)
class _Asking:
    """Whom a wish names: those who answer, people as agents see them, and those nobody knew."""

    approvers: tuple[Approver, ...]
    people: tuple[Asked, ...]
    new: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class _Ways:
    """How those are reached whom a wish names: by id or by address, each with their place in it."""

    agents: tuple[tuple[int, str], ...]
    addresses: tuple[tuple[int, str], ...]
    faults: tuple[FieldError, ...]


def ways_to(named: Sequence[str], asker: Agent, desk: Desk) -> _Ways:
    """Who is a colleague, who is outside, and who cannot be asked. A colleague's address is the colleague."""
    agents: dict[str, int] = {}
    addresses: dict[str, int] = {}
    faults: list[FieldError] = []
    for place, name in enumerate(named):
        address = normal_address(name)
        colleague = desk.agents.get(name) or desk.agent_by_address(address)
        fault = None
        if colleague is not None:
            if colleague.id == asker.id:
                fault = "is you: somebody else must approve"
            agents.setdefault(colleague.id, place)
        elif not is_address(address) or not threads.takes_mail(address):
            fault = "is neither an agent of this desk nor an address that takes mail"
        elif desk.has_mailbox(address):
            fault = "is the desk's own"
        else:
            addresses.setdefault(address, place)
        if fault is not None:
            faults.append(FieldError(f"/approvers/{place}", fault))
    return _Ways(
        tuple((place, one) for one, place in agents.items()),
        tuple((place, one) for one, place in addresses.items()),
        tuple(faults),
    )


class ApprovalService:
    """Approvals.

    Args:
        tickets: decides and writes.
        store: reads.
        people: who is asked outside the desk.
        desk: the configuration.
        links: reads tokens.
        clock: the desk's time.
    """

    def __init__(
        self,
        tickets: TicketService,
        store: TicketStore,
        people: PeopleStore,
        desk: Callable[[], Desk],
        links: Callable[[], ApprovalLinks],
        clock: Clock,
    ) -> None:
        self._tickets = tickets
        self._store = store
        self._people = people
        self._desk = desk
        self._links = links
        self._clock = clock

    # --- colleagues ---

    def ask(
        self, ticket_id: str, wish: ApprovalWish, agent: Agent, *, guard: Guard | None = None
    ) -> tuple[Ticket, Approval]:
        """Asks for approval; everybody who is asked gets a mail.

        Raises:
            NotFound: no such ticket.
            Invalid: nobody is asked, or somebody who cannot be; no question; an instant that is over.
            Conflict: the ticket is closed, or has too many approvals.
            KeyReused: the guard's key came with another body before.
            Unavailable: contention that did not end.
        """
        ticket, now = self._tickets.get(ticket_id), self._clock()
        question, shown = clean(wish.question).strip(), clean(wish.shown).strip()
        faults = [] if question else [FieldError("/question", "is empty")]
        if wish.due_at is not None and wish.due_at <= now:
            faults.append(FieldError("/due_at", "is over"))
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        approval_id = new_id(now) if guard is None else derived_id(_EPOCH, "approval", guard.key.pk)
        if guard is not None and self._repeats(guard):
            return self._found(ticket, approval_id)
        for _ in range(_ATTEMPTS):
            asking = self._asking(wish.approvers, agent, ticket, now)
            words = ApprovalWords(question, shown, asking.people)
            command = AskApproval(approval_id, wish.mode, asking.approvers, words, wish.due_at)
            extras = Extras(people=asking.new, guards=(guard,) if guard is not None else ())
            try:
                outcome = self._tickets.run(ticket_id, command, actor=_agent(agent), extras=extras)
            except AddressTaken:
                continue  # they wrote in this moment: by now they are known
            except AlreadyDone:
                if guard is None or not self._repeats(guard):
                    raise
                return self._found(self._tickets.get(ticket_id), approval_id)
            return self._found(outcome.ticket, approval_id)
        raise Unavailable("The desk is very busy; try again in a moment.")

    def answer(
        self, ticket_id: str, approval_id: str, verdict: Verdict, comment: str, agent: Agent
    ) -> tuple[Ticket, Approval]:
        """Answers as a colleague who was asked.

        Raises:
            NotFound: no such ticket or approval.
            Forbidden: they were not asked.
            Conflict: it is settled, or the ticket is closed.
            Unavailable: contention that did not end.
        """
        command = AnswerApproval(approval_id, Approver(ApproverKind.AGENT, agent.id), verdict, clean(comment).strip())
        return self._found(self._tickets.run(ticket_id, command, actor=_agent(agent)).ticket, approval_id)

    def withdraw(self, ticket_id: str, approval_id: str, agent: Agent) -> tuple[Ticket, Approval]:
        """Asks no more.

        Raises:
            NotFound: no such ticket or approval.
            Forbidden: somebody else asked, and the agent is no supervisor.
            Conflict: it is settled, or the ticket is closed.
            Unavailable: contention that did not end.
        """

        def allowed(ticket: Ticket) -> None:
            _, approval = self._found(ticket, approval_id)
            if approval.asked_by != agent.id and not agent.role.includes(Role.SUPERVISOR):
                raise Forbidden("Only who asked, supervisors and admins can withdraw it.")

        command = WithdrawApproval(approval_id)
        outcome = self._tickets.run(ticket_id, command, actor=_agent(agent), allowed=allowed)
        return self._found(outcome.ticket, approval_id)

    # --- people outside ---

    def look(self, token: str) -> ApprovalView:
        """What a link's holder may see. Records nothing: mail programs and scanners open links, too.

        Raises:
            Unauthenticated: the token was not made here.
            Gone: it is over.
            NotFound: there is no such approval, or its holder is not asked.
        """
        ticket_id, approval_id, person_id = self._links().read_approval(token, self._clock())
        return self._view(self._tickets.get(ticket_id), approval_id, person_id)

    def say(self, token: str, verdict: Verdict, comment: str) -> ApprovalView:
        """Takes an answer: again and otherwise as long as it is not settled. The same answer again succeeds.

        Raises:
            Unauthenticated, Gone, NotFound: see `look`.
            Conflict: it is settled or withdrawn, or the ticket is closed.
            Unavailable: contention that did not end.
        """
        ticket_id, approval_id, person_id = self._links().read_approval(token, self._clock())
        approver = Approver(ApproverKind.PERSON, person_id)
        command = AnswerApproval(approval_id, approver, verdict, clean(comment).strip())
        actor = Actor(ActorKind.REQUESTER, person_id)

        def allowed(ticket: Ticket) -> None:
            _asked_of(ticket, approval_id, approver)

        outcome = self._tickets.run(ticket_id, command, actor=actor, allowed=allowed)
        return self._view(outcome.ticket, approval_id, person_id)

    # --- parts ---

    def _asking(self, named: Sequence[str], agent: Agent, ticket: Ticket, now: datetime) -> _Asking:
        """Whom a wish names, each once.

        Raises:
            Invalid: nobody, or somebody who cannot be asked; each is named.
        """
        ways = ways_to(named, agent, self._desk())
        addresses = {address: place for place, address in ways.addresses}
        known = self._people.by_addresses(addresses) if addresses else {}
        unreachable = (address for address, person in known.items() if person.undeliverable or person.complained)
        faults = [
            *ways.faults,
            *(
                FieldError(f"/approvers/{addresses[one]}", "takes no mail of this desk: it came back before")
                for one in unreachable
            ),
        ]
        if faults or not (ways.agents or addresses):
            raise Invalid("Some fields are not valid.", faults or [FieldError("/approvers", "is empty")])
        new = {one: newcomer(self._people, one, None, ticket.language, now) for one in addresses if one not in known}
        people = {**known, **new}
        asked = {place: Approver(ApproverKind.AGENT, agent_id) for place, agent_id in ways.agents}
        asked |= {place: Approver(ApproverKind.PERSON, people[one].id) for place, one in ways.addresses}
        return _Asking(
            tuple(approver for _, approver in sorted(asked.items())),
            tuple(Asked(people[one].id, people[one].address, people[one].name) for one in addresses),
            tuple(new.values()),
        )

    def _view(self, ticket: Ticket, approval_id: str, person_id: str) -> ApprovalView:
        approver = Approver(ApproverKind.PERSON, person_id)
        approval = _asked_of(ticket, approval_id, approver)
        words = ticket.copies.approvals.get(approval_id, ApprovalWords(""))
        desk = self._desk()
        mailbox = sending_mailbox(desk, ticket)
        told = mailbox is None or mailbox.letterhead.show_agent
        asker = desk.agents.get(approval.asked_by) if told else None
        answer, person = approval.answer_of(approver), self._people.by_id(person_id)
        state = ViewState.OPEN if approval.pending else ViewState(approval.state.value)
        if approval.state is ApprovalState.PENDING and ticket.status is Status.CLOSED:
            state = ViewState.WITHDRAWN  # nobody waits for it any more
        return ApprovalView(
            number=ticket.number,
            question=words.question,
            shown=words.shown,
            asked_by=asker.name if asker is not None else None,
            asked_at=approval.asked_at,
            due_at=approval.due_at,
            state=state,
            verdict=answer.verdict if answer is not None else None,
            comment=words.comments.get(approver.key, ""),
            language=supported_language(person.language if person is not None else ticket.language),
        )

    def _found(self, ticket: Ticket, approval_id: str) -> tuple[Ticket, Approval]:
        approval = find_approval(ticket, approval_id)
        if approval is None:
            raise NotFound("There is no such approval.")
        return ticket, approval

    def _repeats(self, guard: Guard) -> bool:
        done = self._store.done_before(guard.key)
        if done is not None and done.note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        return done is not None


def _asked_of(ticket: Ticket, approval_id: str, approver: Approver) -> Approval:
    """An approval that somebody is asked for; for all others it does not exist.

    Raises:
        NotFound: it is not there, or they are not asked.
    """
    approval = find_approval(ticket, approval_id)
    if approval is None or approver not in approval.approvers:
        raise NotFound("There is no such approval.")
    return approval


def _agent(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.id)
