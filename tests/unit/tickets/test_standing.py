"""Undoing gives back how a ticket stood, whatever had been done to it."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.tickets.commands import RestoreTicket
from helpdesk.tickets.model import Copies, Reason, Standing, Ticket
from helpdesk.tickets.parts.standing import standing_of
from helpdesk.tickets.rules import fold
from tests.support.desks import RULES
from tests.support.lives import MINA, Life, Wish, wishes

KEPT = {
    "id": "it is the same ticket",
    "version": "history goes on",
    "chain": "history goes on",
    "number": "it is the same ticket",
    "channel": "how it came",
    "language": "the requester's",
    "requester_id": "who asks is moved by a command of its own",
    "created_at": "when it came",
    "updated_at": "undoing is a change",
    "mailbox_id": "how it came",
    "links": "ties are cut by commands of their own",
    "survey_id": "a survey that was sent was sent",
    "rating": "a rating that was given was given",
    "automatic": "how it came",
    "participants": "people who were let in may have written",
    "removed": "as for participants",
    "held": "what was written was written",
    "tasks": "what was done was done, and what is to be done still is",
    "approvals": "who was asked was asked",
    "asked_before": "as for requester_id",
    "followers": "who was called or wants to know is still told",
    "time_seconds": "time that was spent was spent",
    "billable_seconds": "as for time_seconds",
    "merged": "un-merging is a command of its own",
    "absorbed": "as for merged",
    "splits": "un-splitting is a command of its own",
    "side": "what was asked was asked",
    "triage": "what was said of it when it came in was said",
    "reassigned": "it went from hand to hand all the same",
    "sla_policy": "a rule chose it, whatever agents did and undid",
    "legal_hold": "a duty to keep it is lifted by a command of its own",
    "cleared": "what was taken out is gone",
    "copies": "fields are given back by the command, the rest follows messages",
}
"""What undoing leaves alone, and why."""


def test_every_part_of_a_ticket_is_given_back_or_left_alone_for_a_reason() -> None:
    parts = {field.name for field in fields(Ticket)}
    given_back = {field.name for field in fields(Standing)}
    assert parts == given_back | set(KEPT)
    assert not given_back & set(KEPT)


@given(st.lists(wishes, max_size=12), st.data())
def test_a_restored_ticket_is_the_one_it_was(story: list[Wish], data: st.DataObject) -> None:
    life = Life(RULES).open()
    cut = data.draw(st.integers(0, len(story)))
    for wish in story[:cut]:
        life.grant(wish)
    before = life.stands
    for wish in story[cut:]:
        life.grant(wish)
    decision = life.do(RestoreTicket(standing_of(before), before.copies.fields, (Reason("undone"),)), MINA)
    assert decision is not None
    assert standing_of(life.stands) == standing_of(before)
    assert life.stands.copies.fields == before.copies.fields
    assert fold(life.events) == replace(life.stands, copies=Copies())
