"""Approvals by mail: who is asked gets the question and a way to answer, and who asked hears how it was settled.

Somebody outside the desk gets what the asker chose to show and nothing else of the ticket: neither its subject nor its
conversation, nor a tag by which mail would come into it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk.kernel.text import preview
from helpdesk.mail import threads
from helpdesk.mail.delivery import Outbox, Slot
from helpdesk.mail.letters import ApprovalAsked, ApprovalTold, Details, Kind, Party, Said
from helpdesk.mail.stationery import Stationery, is_own, sending_mailbox
from helpdesk.people.model import Person
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.parts.approvals import find_approval
from helpdesk.tickets.todo import (
    Approval,
    ApprovalDue,
    ApprovalRequested,
    ApprovalSettled,
    ApprovalWords,
    Approver,
    ApproverKind,
)

if TYPE_CHECKING:
    from helpdesk.mail.notices import Ports


class ApprovalLetters:
    """Writes the mails of approvals.

    Args:
        ports: what it reads.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: "Ports", stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox

    def handle(self, event: Event) -> None:
        """Sends the mails that an approval's event calls for, each at most once."""
        match event.fact:
            case ApprovalRequested(approval_id=approval_id):
                self.ask(event, approval_id)
            case ApprovalDue(approval_id=approval_id):
                self.ask(event, approval_id, again=True)
            case ApprovalSettled(approval_id=approval_id):
                self.tell(event, approval_id)
            case _:
                pass

    def ask(self, event: Event, approval_id: str, *, again: bool = False) -> None:
        """Asks everybody who has not answered, each by a mail of their own; `again`: they were asked before."""
        ticket = self._ports.tickets.get(event.ticket_id)
        approval = find_approval(ticket, approval_id) if ticket is not None else None
        if ticket is None or approval is None or not approval.pending:
            return
        waiting = [one for one in approval.approvers if approval.answer_of(one) is None]
        persons = self._ports.people.by_ids(one.id for one in waiting if one.kind is ApproverKind.PERSON)

        def write(approver: Approver) -> None:
            if approver.kind is ApproverKind.AGENT:
                self._ask_agent(event, ticket, approval, approver.id, again=again)
            elif approver.id in persons:
                # Who was merged into another is asked there; to the ticket they are who was asked.
                asked = replace(persons[approver.id], id=approver.id)
                self._ask_person(event, ticket, approval, asked, again=again)

        _each(waiting, write)

    def tell(self, event: Event, approval_id: str) -> None:
        """Tells who asked how it was settled."""
        ticket = self._ports.tickets.get(event.ticket_id)
        approval = find_approval(ticket, approval_id) if ticket is not None else None
        if ticket is None or approval is None:
            return
        agent = self._ports.desk().agents.get(approval.asked_by)
        if agent is None:
            return
        words = _words(ticket, approval)
        names = {one.id: one.name or one.address for one in words.people}
        names |= {one.id: one.name for one in self._ports.desk().agents.values()}
        said = tuple(
            Said(names.get(one.approver.id, "?"), one.verdict, words.comments.get(one.approver.key, ""))
            for one in approval.answers
        )
        details = ApprovalTold(self._ports.links.ticket(ticket.id), words.question, approval.state, said)
        slot = Slot(event.id, Kind.APPROVAL_SETTLED, agent.id, ticket.id)
        self._send(ticket, approval, slot, Party(agent.name, agent.address), agent.language, details)

    # --- parts ---

    def _ask_agent(self, event: Event, ticket: Ticket, approval: Approval, agent_id: str, *, again: bool) -> None:
        agent = self._ports.desk().agents.get(agent_id)
        if agent is None:
            return
        details = self._asked(ticket, approval, self._ports.links.ticket(ticket.id), again=again)
        slot = Slot(event.id, Kind.APPROVAL, agent.id, ticket.id)
        self._send(ticket, approval, slot, Party(agent.name, agent.address), agent.language, details)

    def _ask_person(self, event: Event, ticket: Ticket, approval: Approval, person: Person, *, again: bool) -> None:
        slot = Slot(event.id, Kind.APPROVAL, person.id, ticket.id)
        if person.undeliverable or person.complained or not threads.takes_mail(person.address):
            self._outbox.refuse(slot, "unreachable")
            return
        link, expires_at = self._ports.links.approval(ticket, approval.id, person.id)
        details = replace(self._asked(ticket, approval, link, again=again), expires_at=expires_at)
        mailbox = sending_mailbox(self._ports.desk(), ticket)
        if mailbox is not None and not mailbox.letterhead.show_agent:
            details = replace(details, asker=None)
        self._send(ticket, approval, slot, Party(person.name, person.address), person.language, details)

    def _asked(self, ticket: Ticket, approval: Approval, link: str, *, again: bool) -> ApprovalAsked:
        words, asker = _words(ticket, approval), self._ports.desk().agents.get(approval.asked_by)
        return ApprovalAsked(
            link,
            words.question,
            words.shown,
            asker=asker.name if asker is not None else None,
            due_at=approval.due_at,
            again=again,
        )

    def _send(self, ticket: Ticket, approval: Approval, slot: Slot, to: Party, language: str, details: Details) -> None:
        if is_own(self._ports.desk(), to.address):
            self._outbox.refuse(slot, "own_mailbox")
            return
        letter = self._stationery.letter(ticket, slot, to, language, details)
        if letter is None:
            self._outbox.refuse(slot, "no_mailbox")
            return
        # The approval's id in place of the ticket's: an answer by mail proves nothing, and opens a ticket of its own.
        tag = self._stationery.tag(approval.id, 0)
        subject = preview(_words(ticket, approval).question)
        self._outbox.deliver(slot, replace(letter, tag=tag, subject=subject))


def _words(ticket: Ticket, approval: Approval) -> ApprovalWords:
    return ticket.copies.approvals.get(approval.id, ApprovalWords(""))


def _each(approvers: Iterable[Approver], write: Callable[[Approver], None]) -> None:
    """Writes to all of them, whatever happens to one; then it is raised."""
    failed: Exception | None = None
    for approver in approvers:
        try:
            write(approver)
        except Exception as error:  # noqa: BLE001 - the others are asked first
            failed = failed or error
    if failed is not None:
        raise failed
