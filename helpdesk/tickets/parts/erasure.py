"""Taking a person, or what need not be kept, out of a ticket: history keeps that it was done and nothing of them."""

from collections.abc import Mapping
from dataclasses import replace

from helpdesk.tickets.commands import ClearTicket, ErasePerson, SetLegalHold
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import LegalHoldChanged, PersonErased, TicketCleared
from helpdesk.tickets.model import ActorKind, Content, Copies, LastMessage, Participant, Swapped, Ticket
from helpdesk.tickets.todo import ApprovalWords


@apply.register
def _(fact: PersonErased, ticket: Ticket) -> Ticket:
    del fact
    return ticket  # what was taken out is no part of history


@apply.register
def _(fact: TicketCleared, ticket: Ticket) -> Ticket:
    return replace(ticket, cleared=tuple(one for one in Content if one in {*ticket.cleared, *fact.content}))


@apply.register
def _(fact: LegalHoldChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, legal_hold=fact.held)


@decide_on.register
def _(command: SetLegalHold, draft: Draft) -> None:
    if command.held is not draft.ticket.legal_hold:
        draft.state(LegalHoldChanged(command.held))


@decide_on.register
def _(command: ClearTicket, draft: Draft) -> None:
    ticket = draft.ticket
    if not ticket.done or ticket.legal_hold or set(command.content) <= set(ticket.cleared):
        return
    copies = without_words(ticket.copies) if Content.WORDS in command.content else ticket.copies
    copies = without_people(copies) if Content.PEOPLE in command.content else copies
    draft.state(TicketCleared(command.rule, command.content))
    draft.ticket = replace(draft.ticket, copies=copies)


@decide_on.register
def _(command: ErasePerson, draft: Draft) -> None:
    before, ticket = draft.ticket.copies, draft.ticket
    if command.whole:
        after = without_people(without_words(before))
    else:
        opened = ticket.asked_before[:1] == (command.person_id,)
        after = without_person(before, command.person_id, opened=opened)
    if after != before and not ticket.legal_hold:
        draft.state(PersonErased(command.person_id, command.whole))
        draft.ticket = replace(draft.ticket, copies=after)


def without_words(copies: Copies) -> Copies:
    """A snapshot's copies without a word that anybody wrote."""
    return replace(
        copies,
        subject="",
        last_message=_unsaid(copies.last_message),
        held={one: replace(said, preview="") for one, said in copies.held.items()},
        fields={},
        swapped={one: Swapped(_unsaid(said.before), _unsaid(said.after)) for one, said in copies.swapped.items()},
        side={one: replace(said, subject="") for one, said in copies.side.items()},
        tasks=dict.fromkeys(copies.tasks, ""),
        approvals={one: ApprovalWords("", people=said.people) for one, said in copies.approvals.items()},
    )


def without_people(copies: Copies) -> Copies:
    """A snapshot's copies without names and addresses of whoever asked, took part or was asked beside."""
    return replace(
        copies,
        requester_name=None,
        requester_address=None,
        participants=_nameless(copies.participants),
        side={one: replace(said, people=_nameless(said.people)) for one, said in copies.side.items()},
        approvals={
            one: replace(said, people=tuple(replace(person, address="", name=None) for person in said.people))
            for one, said in copies.approvals.items()
        },
    )


def _nameless(people: tuple[Participant, ...]) -> tuple[Participant, ...]:
    return tuple(Participant(one.id, "") for one in people)


def without_person(copies: Copies, person_id: str, *, opened: bool = False) -> Copies:
    """A snapshot's copies of somebody else's ticket without the name, the address and the last words of a person.

    Args:
        copies: of the ticket.
        person_id: who.
        opened: they asked here first: subject and fields are theirs.
    """
    return replace(
        copies,
        subject="" if opened else copies.subject,
        fields={} if opened else copies.fields,
        last_message=_unsaid_outside(copies.last_message),
        swapped={
            one: Swapped(_unsaid_outside(said.before), _unsaid_outside(said.after))
            for one, said in copies.swapped.items()
        },
        participants=_others(copies.participants, person_id),
        side={one: replace(kept, people=_others(kept.people, person_id)) for one, kept in copies.side.items()},
        approvals=_unapproved(copies.approvals, person_id),
    )


def _others(people: tuple[Participant, ...], person_id: str) -> tuple[Participant, ...]:
    return tuple(Participant(one.id, "") if one.id == person_id else one for one in people)


def _unapproved(approvals: Mapping[str, ApprovalWords], person_id: str) -> dict[str, ApprovalWords]:
    return {
        one: replace(
            said,
            people=tuple(
                replace(person, address="", name=None) if person.id == person_id else person for person in said.people
            ),
            comments={key: words for key, words in said.comments.items() if not key.endswith(person_id)},
        )
        for one, said in approvals.items()
    }


def _unsaid_outside(said: LastMessage | None) -> LastMessage | None:
    """What lists show of the newest message, if it is no colleague's: whose of those outside it is, they do not say."""
    outside = said is not None and said.author_kind in {ActorKind.REQUESTER, ActorKind.THIRD_PARTY}
    return _unsaid(said) if outside else said


def _unsaid(said: LastMessage | None) -> LastMessage | None:
    return replace(said, preview="") if said is not None else None
