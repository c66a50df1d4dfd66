"""Whatever lives tickets had and whatever was done to all of them, undoing gives back what they were."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.bulk.model import Outcome, State, Wish
from helpdesk.bulk.rules import change_from, change_text
from helpdesk.macros.rules import SETTLE
from helpdesk.tickets.chain import verify
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import SWEEPER, Copies, Ticket
from helpdesk.tickets.rules import decide, fold, next_due
from helpdesk.tickets.store import ticket_item
from helpdesk.tickets.views import summarize
from tests.support import lives
from tests.support.bulk import BulkDesk, wishes
from tests.support.desks import RULES
from tests.support.lives import Wish as Step

stories = st.lists(lives.wishes, max_size=8)
BY_CHANCE = {"version", "row", "body", "change_sk"}
"""Of an item: what tells when it was written, and the ticket itself."""


def told(ticket: Ticket) -> Ticket:
    """All of a ticket that undoing gives back: how it stands, its fields, its held messages; not that it went round."""
    rest = {"version": 0, "chain": "", "updated_at": ticket.created_at, "reassigned": 0}
    return replace(ticket, **rest, copies=replace(ticket.copies, last_message=None))


def places(ticket: Ticket) -> dict[str, object]:
    """Where lists have it."""
    item = ticket_item(ticket)
    row = replace(summarize(ticket), version=0, updated_at=ticket.created_at, last_message=None)
    return {"row": row} | {name: value for name, value in item.attribute_values.items() if name not in BY_CHANCE}


def settled(desk: BulkDesk, ticket_id: str) -> Ticket:
    """A ticket with all recorded that fell due."""
    return decide(desk.stands(ticket_id), SETTLE, RULES, actor=SWEEPER, now=desk.now).ticket


def is_whole(desk: BulkDesk, ticket_id: str) -> None:
    """Its history holds, and makes the ticket."""
    ticket, events = desk.stands(ticket_id), desk.tickets.history[ticket_id]
    assert verify(events, ticket.chain) is None
    assert fold(events) == replace(ticket, copies=Copies())


@given(st.lists(stories, min_size=1, max_size=3), wishes, st.integers(0, 50))
def test_a_ticket_is_what_it_was_before_it_was_acted_upon(
    stories: list[list[Step]], wish: Wish, after_seconds: int
) -> None:
    desk = BulkDesk()
    tickets = [desk.open(number, story) for number, story in enumerate(stories)]
    before = {one: settled(desk, one) for one in tickets}
    job = desk.act(wish, tickets)
    acted = {one: desk.stands(one) for one in tickets}
    desk.now += timedelta(seconds=after_seconds)
    job = desk.undo(job)
    assert job.state is State.UNDONE
    assert desk.faults == []
    for one in tickets:
        is_whole(desk, one)
        due = next_due(acted[one])
        if due is not None and due <= desk.now:
            continue  # time did something to it in between, which undoing the action does not undo
        if desk.results(job, after=1).get(one) is None:
            assert told(desk.stands(one)) in (told(before[one]), told(acted[one]))
            continue
        assert told(desk.stands(one)) == told(before[one])
        assert places(desk.stands(one)) == places(before[one])
    assert sum(desk.tickets.people.tallies.values()) == sum(
        ticket.assignee is not None and not ticket.done for ticket in map(desk.stands, tickets)
    )


@given(stories, wishes, stories)
def test_what_others_did_since_is_never_lost(story: list[Step], wish: Wish, since: list[Step]) -> None:
    desk = BulkDesk()
    ticket_id = desk.open(0, story)
    before = settled(desk, ticket_id)
    job = desk.act(wish, [ticket_id])
    acted = desk.stands(ticket_id)
    desk.live(ticket_id, since)
    stood = settled(desk, ticket_id)
    desk.jobs.jobs[job.id] = replace(job, finished_at=desk.now)  # days may have passed; here that does not matter
    job = desk.undo(job)
    after, result = desk.stands(ticket_id), desk.results(job, after=1).get(ticket_id)
    is_whole(desk, ticket_id)
    assert desk.faults == []
    assert result is None or result.outcome is not Outcome.FAILED
    assert (after.participants, after.links, after.followers, after.rating) == (
        stood.participants,
        stood.links,
        stood.followers,
        stood.rating,
    )
    mine = {one.message_id for one in acted.held} - {one.message_id for one in before.held}
    assert [one for one in stood.held if one.message_id not in mine] == list(after.held)
    for name in ("type", "priority", "category", "product", "organization_id", "due_at", "snooze"):
        was, made, now = (getattr(one, name) for one in (before, acted, stood))
        expected = was if result is not None and was != made and now == made else now
        assert getattr(after, name) == expected, name
    names = {*stood.copies.fields, *after.copies.fields}
    for name in names:
        was, made, now = (one.copies.fields.get(name) for one in (before, acted, stood))
        expected = was if result is not None and was != made and now == made else now
        assert after.copies.fields.get(name) == expected, name
    assert set(stood.tags) - set(acted.tags) <= set(after.tags), "tags that came since stay"


@given(wishes)
def test_a_change_is_kept_as_text_and_read_again(wish: Wish) -> None:
    change = change_from(wish.change)
    assert change_text(change) == wish.change
    assert change_from(change_text(change)) == change


def test_taking_away_is_another_wish_than_leaving_alone() -> None:
    assert change_from(change_text(ChangeTicket(assignee=None))) == ChangeTicket(assignee=None)
    assert change_text(ChangeTicket()) == ""
    assert change_from("") == ChangeTicket()
