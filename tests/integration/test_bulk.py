"""Bulk actions through the front door: what is asked for, what becomes of each ticket, and that it can be taken back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from helpdesk import bootstrap
from helpdesk.bulk.model import HOLD
from helpdesk.contracts import topology
from helpdesk.contracts.table import TICKET_SORT_KEY, ticket_partition
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import MessageWithdrawn, TicketPriorityChanged, TicketRestored
from helpdesk.tickets.model import Status, Ticket
from helpdesk.tickets.views import summarize
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR
from tests.support.world import Answered, World

URGENT = {"change": {"priority": "urgent"}}


def some_tickets(world: World, count: int, **fields: Any) -> list[str]:
    """Tickets that have come to rest."""
    made = [world.open(f"p{number}@example.com", **fields)["ticket"]["id"] for number in range(count)]
    world.settle()
    return made


def start(world: World, tickets: Sequence[str], action: object, agent: str = AGENT.id, **rest: Any) -> str:
    """Starts an action upon a selection."""
    return str(world.api("POST", "/v1/bulk", {"tickets": [*tickets], "action": action}, agent=agent, **rest).ok()["id"])


def done(world: World, tickets: Sequence[str], action: object, agent: str = AGENT.id) -> Answered:
    """Does it, and tells how it went."""
    job = start(world, tickets, action, agent)
    world.settle()
    return look(world, job, agent)


def look(world: World, job: str, agent: str = AGENT.id, after: int = 0) -> Answered:
    return world.api("GET", f"/v1/bulk/{job}?after={after}", agent=agent).ok()


def undone(world: World, job: str, agent: str = AGENT.id) -> Answered:
    """Takes it back, and tells how it went."""
    world.api("POST", f"/v1/bulk/{job}/undo", agent=agent).ok()
    world.settle()
    return look(world, job, agent)


def outcomes(progress: Answered) -> dict[str, str]:
    """Of each ticket, the newest."""
    return {one["ticket_id"]: one["outcome"] for one in progress["results"]}


def stands(ticket: Ticket) -> Ticket:
    """All of a ticket that undoing gives back."""
    rest = {"version": 0, "chain": "", "updated_at": ticket.created_at, "reassigned": 0}  # it did go from hand to hand
    return replace(ticket, **rest, copies=replace(ticket.copies, last_message=None))


def test_an_action_is_answered_at_once_and_done_to_each_ticket_by_and_by(world: World) -> None:
    tickets = some_tickets(world, 3)
    answer = world.api("POST", "/v1/bulk", {"tickets": tickets, "action": URGENT}, agent=AGENT.id)
    assert (answer.status, answer["state"], answer["total"], answer["done"]) == (202, "running", 3, 0)
    assert {world.ticket(one).priority for one in tickets} == {"normal"}
    world.settle()
    found = look(world, answer["id"])
    assert (found["state"], found["done"], found["tally"]) == ("done", 3, {"changed": 3, "unchanged": 0, "failed": 0})
    assert outcomes(found) == dict.fromkeys(tickets, "changed")
    assert {one["number"] for one in found["results"]} == {world.ticket(one).number for one in tickets}
    assert {world.ticket(one).priority for one in tickets} == {"urgent"}
    event = world.facts(tickets[0], TicketPriorityChanged)[0]
    assert event.actor.id == AGENT.id
    assert [(one.code, one.params) for one in event.fact.because] == [("bulk", {"job": answer["id"]})]


def test_undoing_gives_back_the_same_tickets_clocks_included_and_history_shows_both(world: World) -> None:
    tickets = some_tickets(world, 3)
    world.patch(tickets[0], AGENT2.id, tags=["vip"], fields={"order": "7"}).ok()
    world.settle()
    before = {one: stands(world.ticket(one)) for one in tickets}
    rows = {one: summarize(world.ticket(one)) for one in tickets}
    change = {
        "status": "solved",
        "priority": "urgent",
        "category": "billing",
        "group": "billing",
        "assignee": AGENT.id,
        "add_tags": ["outage"],
        "remove_tags": ["vip"],
        "fields": {"order": None, "site": "north"},
    }
    job = done(world, tickets, {"change": change})
    assert job["tally"]["changed"] == 3
    world.advance(minutes=20)
    found = undone(world, job["id"])
    assert (found["state"], found["undo"]) == ("undone", {"undone": 3, "partly_undone": 0, "kept": 0, "failed": 0})
    assert {one: stands(world.ticket(one)) for one in tickets} == before
    for one in tickets:
        ticket, events = world.ticket(one), world.events(one)
        assert replace(summarize(ticket), version=0, updated_at=ticket.created_at) == replace(
            rows[one], version=0, updated_at=ticket.created_at
        )
        assert verify(events, ticket.chain) is None
        (restored,) = [event for event in events if isinstance(event.fact, TicketRestored)]
        assert restored.fact.because[0].code == "bulk_undone"
        assert restored.fact.because[0].params == {"job": job["id"]}
    loads = bootstrap.people_store().loads([AGENT.id, AGENT2.id])
    assert loads == {
        agent: sum(world.ticket(one).assignee == agent for one in tickets) for agent in (AGENT.id, AGENT2.id)
    }


def test_public_messages_are_held_so_that_undoing_catches_them_and_notes_stay(world: World) -> None:
    tickets = some_tickets(world, 2)
    letters = len(world.sent)
    message = {"body": "Dear {{requester.name|customer}}, it works again.", "status": "solved"}
    public = done(world, tickets, {"message": message})
    note = done(world, tickets, {"message": {"body": "Outage of Monday", "visibility": "internal"}})
    assert [m.text for m in world.messages(tickets[0])][1:] == ["Dear customer, it works again.", "Outage of Monday"]
    assert {world.ticket(one).status for one in tickets} == {Status.NEW}
    assert undone(world, public["id"])["undo"]["undone"] == 2
    assert undone(world, note["id"])["undo"]["kept"] == 2
    world.pass_time(seconds=HOLD.total_seconds() + 1)
    assert len(world.sent) == letters
    assert {world.ticket(one).status for one in tickets} == {Status.NEW}
    assert world.messages(tickets[0])[1].withdrawn_at is not None
    assert len(world.facts(tickets[0], MessageWithdrawn)) == 1


def test_what_was_sent_stays_sent_and_is_named_while_its_status_is_given_back(world: World) -> None:
    (ticket,) = some_tickets(world, 1)
    job = done(world, [ticket], {"message": {"body": "It works again.", "status": "solved"}})
    world.pass_time(seconds=HOLD.total_seconds() + 1)
    assert world.ticket(ticket).status is Status.SOLVED
    found = undone(world, job["id"])
    assert outcomes(found) == {ticket: "partly_undone"}
    assert found["results"][-1]["stays"] == ["message"]
    assert world.ticket(ticket).status is Status.NEW
    assert world.ticket(ticket).solved_at is None


def test_what_somebody_changed_since_is_kept_and_named_and_the_rest_given_back(world: World) -> None:
    tickets = some_tickets(world, 3)
    was = {one: world.ticket(one) for one in tickets}
    job = done(world, tickets, {"change": {"priority": "urgent", "category": "technical", "add_tags": ["outage"]}})
    world.patch(tickets[0], AGENT2.id, priority="low", tags=["outage", "mine"]).ok()
    world.answer(tickets[1], AGENT2.id, "I look at it", visibility="internal").ok()
    world.patch(tickets[2], AGENT2.id, priority="high", category="billing", tags=[]).ok()
    found = undone(world, job["id"])
    assert outcomes(found) == {tickets[0]: "partly_undone", tickets[1]: "undone", tickets[2]: "kept"}
    first = world.ticket(tickets[0])
    assert (first.priority, first.category, first.tags) == ("low", None, ("mine",))
    assert stands(world.ticket(tickets[1])) == stands(was[tickets[1]])
    assert [m.text for m in world.messages(tickets[1])][-1] == "I look at it"
    third = world.ticket(tickets[2])
    assert (third.priority, third.category, third.tags) == ("high", "billing", ())
    assert {tuple(one["stays"]) for one in found["results"]} == {
        (),
        ("priority",),
        ("priority", "category", "tags"),
    }


def test_a_ticket_that_was_routed_because_of_a_new_group_goes_back_to_who_had_it(world: World) -> None:
    (ticket,) = some_tickets(world, 1)
    world.patch(ticket, AGENT.id, group="support", assignee=AGENT2.id).ok()
    world.settle()
    job = done(world, [ticket], {"change": {"group": "billing"}})
    assert (world.ticket(ticket).group, world.ticket(ticket).assignee) == ("billing", AGENT.id)
    undone(world, job["id"])
    after = world.ticket(ticket)
    assert after.group == "support"
    assert after.assignee in {AGENT.id, AGENT2.id}


def test_a_ticket_that_cannot_be_changed_stops_none_of_the_others(world: World) -> None:
    good, closed, broken = some_tickets(world, 3)
    world.patch(closed, AGENT.id, status="closed").ok()
    world.settle()
    item = world.item(ticket_partition(broken), TICKET_SORT_KEY)
    assert item is not None
    world.plant(item | {"body": {"S": '{"status": 7'}})
    missing = good[:-1] + ("0" if good[-1] != "0" else "1")
    found = done(world, [good, closed, broken, missing], URGENT)
    told = {one["ticket_id"]: (one["outcome"], one["problem"]) for one in found["results"]}
    assert told[good] == ("changed", None)
    assert told[closed] == ("failed", "conflict")
    assert told[missing] == ("failed", "not_found")
    assert told[broken][0] == "failed"
    assert found["tally"] == {"changed": 1, "unchanged": 0, "failed": 3}
    assert outcomes(undone(world, found["id"]))[good] == "undone"


def test_a_whole_view_is_what_it_held_when_it_was_counted(world: World) -> None:
    tickets = some_tickets(world, 5)
    world.patch(tickets[0], AGENT.id, group="billing").ok()
    world.settle()
    body = {"view": {"group": "support", "status": "active"}, "action": {"change": {"group": "billing"}}}
    answer = world.api("POST", "/v1/bulk", body, agent=AGENT.id)
    assert (answer.status, answer["state"], answer["total"]) == (202, "listing", 0)
    world.settle()
    found = look(world, answer["id"])
    assert (found["state"], found["total"], found["tally"]["changed"]) == ("done", 4, 4)
    assert set(outcomes(found)) == set(tickets[1:])
    empty = world.api("POST", "/v1/bulk", {"view": {"q": "no such words"}, "action": URGENT}, agent=AGENT.id)
    world.settle()
    found = look(world, empty["id"])
    assert (found["state"], found["total"], found["undo_until"]) == ("done", 0, None)


def test_a_macro_is_run_on_each_ticket_by_its_own_rules(world: World) -> None:
    tickets = some_tickets(world, 2)
    macro = {
        "title": "Refund",
        "scope": "shared",
        "changes": {"tags": {"add": ["refund"]}, "status": "pending"},
        "reply": {"bodies": {"en": {"text": "Your refund for #{{ticket.number}} is on its way."}}},
    }
    macro_id = world.api("POST", "/v1/macros", macro, agent=SUPERVISOR.id).ok()["id"]
    job = done(world, tickets, {"macro_id": macro_id})
    for one in tickets:
        assert world.ticket(one).tags == ("refund",)
        assert world.messages(one)[-1].text == f"Your refund for #{world.ticket(one).number} is on its way."
    assert undone(world, job["id"])["undo"]["undone"] == 2
    assert {world.ticket(one).tags for one in tickets} == {()}


def test_tickets_are_put_aside_together_and_come_back_together(world: World) -> None:
    tickets = some_tickets(world, 2)
    before = {one: stands(world.ticket(one)) for one in tickets}
    job = done(world, tickets, {"snooze": {"until": "2026-12-01T00:00:00.000Z"}})
    assert all(world.ticket(one).snooze is not None for one in tickets)
    undone(world, job["id"])
    assert {one: stands(world.ticket(one)) for one in tickets} == before


def test_whoever_is_given_many_tickets_by_one_action_gets_one_mail(world: World) -> None:
    tickets = some_tickets(world, 3)
    for one in tickets:
        world.patch(one, AGENT.id, assignee=AGENT.id).ok()
    world.settle()
    before = len(world.sent_to(AGENT2.address))
    done(world, tickets, {"change": {"assignee": AGENT2.id}})
    assert {world.ticket(one).assignee for one in tickets} == {AGENT2.id}
    assert len(world.sent_to(AGENT2.address)) == before + 1


def test_what_was_so_already_is_told_and_not_written(world: World) -> None:
    tickets = some_tickets(world, 2)
    world.patch(tickets[0], AGENT.id, priority="urgent").ok()
    version = world.ticket(tickets[0]).version
    found = done(world, tickets, URGENT)
    assert outcomes(found) == {tickets[0]: "unchanged", tickets[1]: "changed"}
    assert world.ticket(tickets[0]).version == version


def test_undoing_twice_is_the_same_as_once_and_only_within_a_day(world: World) -> None:
    tickets = some_tickets(world, 2)
    first, second = done(world, tickets, URGENT), done(world, tickets, {"change": {"add_tags": ["x"]}})
    undone(world, first["id"])
    versions = [world.ticket(one).version for one in tickets]
    again = undone(world, first["id"])
    assert (again["state"], again["undo"]["undone"]) == ("undone", 2)
    assert [world.ticket(one).version for one in tickets] == versions
    assert second["undo_until"] is not None
    world.advance(hours=24, seconds=1)
    world.api("POST", f"/v1/bulk/{second['id']}/undo", agent=AGENT.id).refused(409, "conflict")


def test_an_action_is_stopped_before_it_began_and_undone_while_it_is_under_way(world: World) -> None:
    tickets = some_tickets(world, 3)
    cancelled, taken_back = start(world, tickets, URGENT), start(world, tickets, {"change": {"add_tags": ["x"]}})
    assert world.api("POST", f"/v1/bulk/{cancelled}/cancel", agent=AGENT.id).ok()["stopping"] is True
    world.api("POST", f"/v1/bulk/{taken_back}/undo", agent=AGENT.id).ok()
    world.api("POST", f"/v1/bulk/{taken_back}/cancel", agent=AGENT.id).refused(409, "conflict")
    world.settle()
    found = look(world, cancelled)
    assert (found["state"], found["done"], found["stopping"]) == ("cancelled", 0, False)
    assert look(world, taken_back)["state"] == "undone"
    assert {(world.ticket(one).priority, world.ticket(one).tags) for one in tickets} == {("normal", ())}


def test_the_same_key_starts_one_action(world: World) -> None:
    tickets = some_tickets(world, 1)
    key = {"Idempotency-Key": "k"}
    first = start(world, tickets, URGENT, headers=key)
    assert start(world, tickets, URGENT, headers=key) == first
    body = {"tickets": tickets, "action": {"change": {"priority": "low"}}}
    world.api("POST", "/v1/bulk", body, agent=AGENT.id, headers=key).refused(422, "idempotency_key_reused")
    assert start(world, tickets, URGENT, agent=AGENT2.id, headers=key) != first


def test_an_action_is_seen_by_its_owner_and_supervisors_and_by_nobody_else(world: World) -> None:
    job = start(world, some_tickets(world, 1), URGENT | {"message": {"body": "We are at it."}})
    for path, method in (("", "GET"), ("/cancel", "POST"), ("/undo", "POST")):
        world.api(method, f"/v1/bulk/{job}{path}", agent=AGENT2.id).refused(404, "not_found")
    world.settle()
    assert look(world, job, SUPERVISOR.id)["agent"] == AGENT.id
    assert [one["id"] for one in world.api("GET", "/v1/bulk", agent=AGENT.id).ok()["items"]] == [job]
    assert world.api("GET", "/v1/bulk", agent=SUPERVISOR.id).ok()["items"] == []
    undone(world, job, ADMIN.id)
    ticket = world.ticket_ids[0]
    assert world.facts(ticket, TicketRestored)[0].actor.id == ADMIN.id
    (withdrawn,) = world.facts(ticket, MessageWithdrawn)
    assert (withdrawn.actor.id, withdrawn.fact.because[0].code) == (ADMIN.id, "bulk_undone")
    assert world.ticket(ticket).held == ()


def test_actions_are_listed_newest_first_page_by_page(world: World) -> None:
    tickets = some_tickets(world, 1)
    jobs = [start(world, tickets, URGENT, headers={"Idempotency-Key": str(number)}) for number in range(3)]
    page = world.api("GET", "/v1/bulk?limit=2", agent=AGENT.id).ok()
    assert [one["id"] for one in page["items"]] == jobs[:0:-1]
    rest = world.api("GET", f"/v1/bulk?limit=2&cursor={page['next_cursor']}", agent=AGENT.id).ok()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == (jobs[:1], None)


def test_progress_is_told_piece_by_piece(world: World) -> None:
    tickets = some_tickets(world, 30)
    job = start(world, tickets, URGENT)
    world.settle()
    whole = look(world, job)
    assert (whole["sequence"], whole["more"], len(whole["results"])) == (2, False, 30)
    later = look(world, job, after=1)
    assert [one["ticket_id"] for one in later["results"]] == sorted(tickets)[25:] or len(later["results"]) == 5
    assert look(world, job, after=2)["results"] == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"tickets": [], "action": URGENT}, {"/tickets"}),
        ({"action": URGENT}, {"/tickets"}),
        ({"tickets": ["x"], "action": URGENT}, {"/tickets/0"}),
        ({"tickets": ["01JD0000000000000000000000"], "view": {}, "action": URGENT}, {"/tickets"}),
        ({"view": {}, "action": {}}, {"/action"}),
        ({"view": {}, "action": {"change": {}}}, {"/action"}),
        ({"view": {}, "action": {"change": {"group": "nowhere"}}}, {"/action/change/group"}),
        ({"view": {}, "action": {"change": {"add_tags": ["a"], "remove_tags": ["a"]}}}, {"/action/remove_tags"}),
        ({"view": {}, "action": {"change": {"tags": [], "add_tags": ["a"]}}}, {"/action/change/tags"}),
        ({"view": {}, "action": {"macro_id": "01JD0000000000000000000000"}}, {"/action/macro_id"}),
        ({"view": {}, "action": {"message": {"body": "Hi {{requester.nmae}}"}}}, {"/action/message/body"}),
        ({"view": {}, "action": {"snooze": {"until": "soon"}}}, {"/action/snooze/until"}),
        ({"view": {"limit": 5}, "action": URGENT}, {"/view"}),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is(world: World, body: object, pointers: set[str]) -> None:
    answer = world.api("POST", "/v1/bulk", body, agent=AGENT.id).refused(400, "invalid")
    assert {pointer for pointer in answer.pointers if any(pointer.startswith(one) for one in pointers)}
    assert world.queues[topology.BULK.name].messages == world.queues[topology.ROUTER.name].messages


def test_all_tickets_that_a_view_holds_are_acted_upon_once_however_often_it_is_asked(world: World) -> None:
    tickets = some_tickets(world, 3)
    world.patch(tickets[0], AGENT.id, tags=["whole"]).ok()
    world.patch(tickets[1], AGENT.id, tags=["whole"]).ok()
    wish = {
        "title": "Whole",
        "conditions": {"all": [{"field": "tags", "is": ["whole"]}, {"field": "priority", "is": ["normal"]}]},
    }
    view = world.api("POST", "/v1/views", wish, agent=AGENT.id).ok()["id"]
    order = {"view_id": view, "action": URGENT}
    key = {"Idempotency-Key": "the-whole-view"}
    job = world.api("POST", "/v1/bulk", order, agent=AGENT.id, headers=key).ok()["id"]
    world.settle()
    assert look(world, job)["tally"]["changed"] == 2
    assert [world.ticket(one).priority for one in tickets] == ["urgent", "urgent", "normal"]
    assert world.api("POST", "/v1/bulk", order, agent=AGENT.id, headers=key).ok()["id"] == job
    assert world.api("POST", "/v1/bulk", order, agent=AGENT.id).refused(400).pointers == {"/view_id"}
    both = {**order, "tickets": tickets}
    assert world.api("POST", "/v1/bulk", both, agent=AGENT.id).refused(400).pointers == {"/view_id"}
    world.api("POST", "/v1/bulk", order, agent=AGENT2.id).refused(404)
    assert undone(world, job)["undo"]["undone"] == 2
