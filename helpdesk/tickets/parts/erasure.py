"""Taking a person out of a ticket: history keeps that it was done and nothing of them."""

from collections.abc import Mapping
from dataclasses import replace

from helpdesk.tickets.commands import ErasePerson
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import PersonErased
from helpdesk.tickets.model import ActorKind, Copies, LastMessage, Participant, SideCopy, Swapped, Ticket
from helpdesk.tickets.todo import ApprovalWords


@apply.register
def _(fact: PersonErased, ticket: Ticket) -> Ticket:
    del fact
    return ticket  # what was taken out is no part of history


@decide_on.register
def _(command: ErasePerson, draft: Draft) -> None:
    before = draft.ticket.copies
    after = without_words(before) if command.whole else without_person(before, command.person_id)
    if after != before:
        draft.state(PersonErased(command.person_id, command.whole))
        draft.ticket = replace(draft.ticket, copies=after)


def without_words(copies: Copies) -> Copies:
    """A snapshot's copies without a word that anybody wrote, and without names and addresses of whoever took part."""
    return Copies(
        last_message=_unsaid(copies.last_message),
        held={one: replace(said, preview="") for one, said in copies.held.items()},
        participants=tuple(Participant(one.id, "") for one in copies.participants),
        swapped={one: Swapped(_unsaid(said.before), _unsaid(said.after)) for one, said in copies.swapped.items()},
        side={
            one: SideCopy("", tuple(Participant(person.id, "") for person in said.people))
            for one, said in copies.side.items()
        },
        tasks=dict.fromkeys(copies.tasks, ""),
        approvals={
            one: ApprovalWords("", people=tuple(replace(person, address="", name=None) for person in said.people))
            for one, said in copies.approvals.items()
        },
    )


def without_person(copies: Copies, person_id: str) -> Copies:
    """A snapshot's copies of somebody else's ticket without the name, the address and the last words of a person."""
    said = copies.last_message
    theirs = said is not None and said.author_kind in {ActorKind.REQUESTER, ActorKind.THIRD_PARTY}
    took_part = any(one.id == person_id for one in copies.participants)
    return replace(
        copies,
        last_message=_unsaid(said) if theirs and took_part else said,
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


def _unsaid(said: LastMessage | None) -> LastMessage | None:
    return replace(said, preview="") if said is not None else None
