"""Tasks and checklists as agents use them, through the real handlers."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.meter import metering
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import TicketStatusChanged
from helpdesk.tickets.rules import fold
from helpdesk.tickets.todo import MAX_TASKS, ChecklistAdded, TasksDue
from tests.support.desk import ADMIN, AGENT, AGENT2, CLOSE_AFTER_SECONDS, SUPERVISOR, desk_for_tests
from tests.support.world import Answered, World, a_world

RETURNS: dict[str, Any] = {
    "title": "Return of a device",
    "titles": {"ko": "기기 반품"},
    "folder": "Orders",
    "items": [
        {"titles": {"en": "Check the warranty", "ko": "보증 확인"}, "assignee": "me", "due_after_seconds": 3600},
        {"titles": {"en": "Send the label"}, "assignee": AGENT2.id},
        {"titles": {"en": "Refund", "ko": "환불"}},
    ],
}


@pytest.fixture
def ticket_id(world: World) -> str:
    found: str = world.open("minsu@example.com")["ticket"]["id"]
    world.settle()
    return found


def add(world: World, ticket_id: str, title: str, agent: str = AGENT.id, **more: object) -> Answered:
    return world.api("POST", f"/v1/tickets/{ticket_id}/tasks", {"title": title, **more}, agent=agent)


def patch(world: World, ticket_id: str, task_id: str, **change: object) -> Answered:
    return world.api("PATCH", f"/v1/tickets/{ticket_id}/tasks/{task_id}", change, agent=AGENT.id)


def titles(answered: Answered) -> list[str]:
    return [task["title"] for task in answered.ok()["items"]]


def mine(world: World, agent: str, query: str = "") -> list[str]:
    return titles(world.api("GET", f"/v1/tasks{query}", agent=agent))


def test_tasks_are_added_changed_done_ordered_and_removed(world: World, ticket_id: str) -> None:
    path = f"/v1/tickets/{ticket_id}/tasks"
    call = add(world, ticket_id, "  Call  Mr Kim ", assignee="me", due_at="2026-11-24T18:00:00+09:00").ok()
    assert call.status == 201
    assert (call["title"], call["assignee"], call["due_at"]) == ("Call Mr Kim", AGENT.id, "2026-11-24T09:00:00.000Z")
    write = add(world, ticket_id, "Write it down").ok()
    assert titles(world.api("GET", path, agent=AGENT2.id)) == ["Call Mr Kim", "Write it down"]
    changed = patch(world, ticket_id, call["id"], title="Ring Mr Kim", assignee=AGENT2.id, due_at=None).ok()
    assert (changed["title"], changed["assignee"], changed["due_at"]) == ("Ring Mr Kim", AGENT2.id, None)
    done = patch(world, ticket_id, write["id"], done=True).ok()
    assert done["done_by"] == AGENT.id
    assert done["done_at"] is not None
    assert patch(world, ticket_id, write["id"], done=False).ok()["done_at"] is None
    wanted = [write["id"], call["id"]]
    ordered = world.api("PUT", f"{path}/order", {"task_ids": wanted}, agent=AGENT.id)
    assert titles(ordered) == ["Write it down", "Ring Mr Kim"]
    world.api("PUT", f"{path}/order", {"task_ids": wanted[:1]}, agent=AGENT.id).refused(409, "conflict")
    world.api("DELETE", f"{path}/{write['id']}", agent=AGENT.id).ok()
    world.api("DELETE", f"{path}/{write['id']}", agent=AGENT.id).refused(404)
    seen = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
    assert [task["id"] for task in seen["tasks"]] == [call["id"]]
    ticket, events = world.ticket(ticket_id), world.events(ticket_id)
    assert fold(events).tasks == ticket.tasks
    assert verify(events, ticket.chain) is None
    assert "Kim" not in str(world.api("GET", f"/v1/tickets/{ticket_id}/history", agent=AGENT.id).raw)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": " "}, "/title"),
        ({"title": "x", "assignee": "stranger"}, "/assignee"),
        ({"title": "x", "due_at": "0001-01-01T00:00:00+14:00"}, "/due_at"),
        ({"title": "x", "due_at": "2026-11-24T18:00:00"}, "/due_at"),
        ({"title": "x", "done": True}, "/done"),
    ],
)
def test_a_task_that_cannot_be_is_refused_with_what_is_wrong(
    world: World, ticket_id: str, body: dict[str, object], pointer: str
) -> None:
    refused = world.api("POST", f"/v1/tickets/{ticket_id}/tasks", body, agent=AGENT.id).refused(400)
    assert refused.pointers == {pointer}


def test_a_repetition_with_its_key_adds_nothing_and_another_body_is_refused(world: World, ticket_id: str) -> None:
    path, headers = f"/v1/tickets/{ticket_id}/tasks", {"Idempotency-Key": "k"}
    first = world.api("POST", path, {"title": "Once"}, agent=AGENT.id, headers=headers).ok()
    again = world.api("POST", path, {"title": "Once"}, agent=AGENT.id, headers=headers).ok()
    assert again["id"] == first["id"]
    world.api("POST", path, {"title": "Twice"}, agent=AGENT.id, headers=headers).refused(422)
    world.api("POST", path, {"title": "Once"}, agent=AGENT2.id, headers=headers).ok()
    assert titles(world.api("GET", path, agent=AGENT.id)) == ["Once", "Once"], "another's key is another key"


def test_an_agents_tasks_over_all_tickets_are_one_query_in_the_order_they_fall_due(world: World) -> None:
    tickets = [world.open(f"p{n}@example.com")["ticket"]["id"] for n in range(3)]
    world.settle()
    add(world, tickets[0], "no hurry", assignee="me").ok()
    add(world, tickets[1], "tomorrow", assignee="me", due_at="2026-11-24T00:00:00Z").ok()
    today = add(world, tickets[2], "today", assignee="me", due_at="2026-11-23T08:00:00Z").ok()
    add(world, tickets[2], "another's", assignee=AGENT2.id).ok()
    add(world, tickets[2], "nobody's").ok()
    with metering(world) as reading:
        assert mine(world, AGENT.id) == ["today", "tomorrow", "no hurry"]
    assert reading.calls == {"dynamodb.Query": 1}
    shown = world.api("GET", "/v1/tasks", agent=AGENT.id)["items"][0]["ticket"]
    number = world.ticket(tickets[2]).number
    assert shown == {"id": tickets[2], "number": number, "subject": "It does not print"}
    assert mine(world, SUPERVISOR.id, f"?assignee={AGENT2.id}") == ["another's"]
    patch(world, tickets[2], today["id"], done=True).ok()
    assert mine(world, AGENT.id) == ["tomorrow", "no hurry"]
    assert mine(world, AGENT.id, "?done=true") == ["today"]
    patch(world, tickets[2], today["id"], assignee=None).ok()
    assert mine(world, AGENT.id, "?done=true") == []
    page = world.api("GET", "/v1/tasks?limit=1", agent=AGENT.id).ok()
    assert mine(world, AGENT.id, f"?limit=1&cursor={page['next_cursor']}") == ["no hurry"]
    world.api("GET", f"/v1/tasks?cursor={page['next_cursor']}", agent=AGENT2.id).refused(400)


def test_open_tasks_of_a_closed_ticket_are_in_nobodys_way(world: World, ticket_id: str) -> None:
    task = add(world, ticket_id, "Left", assignee="me").ok()
    world.patch(ticket_id, AGENT.id, status="closed").ok()
    assert mine(world, AGENT.id) == []
    patch(world, ticket_id, task["id"], done=True).refused(409)


def test_the_sweep_tells_once_that_a_task_is_due(world: World, ticket_id: str) -> None:
    add(world, ticket_id, "Soon", assignee="me", due_at="2026-11-23T01:30:00Z").ok()
    world.pass_time(minutes=40)
    world.pass_time(minutes=10)
    (due,) = world.facts(ticket_id, TasksDue)
    assert due.actor.id == "sweeper"


def test_a_ticket_takes_fifty_tasks_in_one_transaction_and_they_stay_in_their_order(
    world: World, ticket_id: str
) -> None:
    items = [{"titles": {"en": f"Step {n}"}, "assignee": "me"} for n in range(MAX_TASKS)]
    made = world.api("POST", "/v1/checklists", {"title": "Long", "items": items}, agent=ADMIN.id).ok()
    body = {"checklist_id": made["id"]}
    applied = world.api("POST", f"/v1/tickets/{ticket_id}/checklists", body, agent=AGENT.id)
    assert titles(applied) == [f"Step {n}" for n in range(MAX_TASKS)]
    assert len(world.facts(ticket_id, ChecklistAdded)) == 1
    assert len(mine(world, AGENT.id, "?limit=100")) == MAX_TASKS
    world.api("POST", f"/v1/tickets/{ticket_id}/checklists", body, agent=AGENT.id).refused(409)
    add(world, ticket_id, "One more").refused(409)
    world.patch(ticket_id, AGENT.id, status="closed").ok()
    assert mine(world, AGENT.id, "?limit=100") == []


def test_opening_a_tickets_page_takes_three_calls_with_tasks_too(world: World, ticket_id: str) -> None:
    for n in range(5):
        add(world, ticket_id, f"Step {n}", assignee="me").ok()
    with metering(world) as reading:
        world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
    assert reading.cost.calls <= 2, "its messages are the third"


# --- checklists ---


def test_a_checklist_is_written_once_and_put_on_tickets_in_the_agents_language(world: World, ticket_id: str) -> None:
    made = world.api("POST", "/v1/checklists", RETURNS, agent=SUPERVISOR.id).ok()
    assert (made["title"], made["titles"], made["editable"]) == ("Return of a device", {"ko": "기기 반품"}, True)
    path = f"/v1/tickets/{ticket_id}/checklists"
    applied = world.api("POST", path, {"checklist_id": made["id"]}, agent=AGENT.id, headers={"Idempotency-Key": "k"})
    assert titles(applied) == ["보증 확인", "Send the label", "환불"]
    assert [task["assignee"] for task in applied["items"]] == [AGENT.id, AGENT2.id, None]
    assert applied["items"][0]["due_at"] == "2026-11-23T02:00:00.002Z"
    assert {task["checklist_id"] for task in applied["items"]} == {made["id"]}
    again = world.api("POST", path, {"checklist_id": made["id"]}, agent=AGENT.id, headers={"Idempotency-Key": "k"})
    assert len(titles(again)) == 3
    listed = world.api("GET", "/v1/checklists?q=warranty", agent=AGENT.id).ok()
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    assert listed["folders"] == ["Orders"]
    assert not listed["items"][0]["editable"]
    world.restart()
    assert world.api("GET", f"/v1/checklists/{made['id']}", agent=AGENT.id)["uses"] == 2


def test_a_checklist_changes_for_tickets_to_come_and_not_for_those_it_was_put_on(world: World, ticket_id: str) -> None:
    made = world.api("POST", "/v1/checklists", RETURNS, agent=SUPERVISOR.id).ok()
    world.api("POST", f"/v1/tickets/{ticket_id}/checklists", {"checklist_id": made["id"]}, agent=AGENT.id).ok()
    path, seen = f"/v1/checklists/{made['id']}", {"If-Match": '"1"'}
    other = RETURNS | {"items": [{"titles": {"en": "Nothing"}}]}
    assert world.api("PUT", path, other, agent=SUPERVISOR.id, headers=seen).ok()["version"] == 2
    world.api("PUT", path, other, agent=SUPERVISOR.id, headers=seen).refused(409, "stale_version")
    world.api("DELETE", path, agent=SUPERVISOR.id, headers={"If-Match": '"2"'}).ok()
    world.api("POST", f"/v1/tickets/{ticket_id}/checklists", {"checklist_id": made["id"]}, agent=AGENT.id).refused(404)
    assert len(world.ticket(ticket_id).tasks) == 3


def test_a_groups_checklist_is_for_the_group(world: World, ticket_id: str) -> None:
    made = world.api("POST", "/v1/checklists", RETURNS | {"scope": "group", "group": "billing"}, agent=ADMIN.id).ok()
    body = {"checklist_id": made["id"]}
    world.api("POST", f"/v1/tickets/{ticket_id}/checklists", body, agent=AGENT2.id).refused(404)
    world.api("POST", f"/v1/tickets/{ticket_id}/checklists", body, agent=AGENT.id).ok()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"items": []}, "/items"),
        ({"items": [{"titles": {}}]}, "/items/0/titles"),
        ({"items": [{"titles": {"Esperanto!": "Fari"}}]}, "/items/0/titles/Esperanto!"),
        ({"items": [{"titles": {"en": "x"}, "assignee": "stranger"}]}, "/items/0/assignee"),
        ({"items": [{"titles": {"en": "x"}, "due_after_seconds": -1}]}, "/items/0/due_after_seconds"),
        ({"titles": {"ko": " "}}, "/titles/ko"),
        ({"scope": "group"}, "/group"),
    ],
)
def test_a_checklist_that_cannot_be_is_refused_with_what_is_wrong(
    world: World, change: dict[str, object], pointer: str
) -> None:
    refused = world.api("POST", "/v1/checklists", RETURNS | change, agent=ADMIN.id).refused(400)
    assert pointer in refused.pointers


def test_a_desk_that_wants_it_keeps_a_ticket_open_until_its_tasks_are_done() -> None:
    desk = desk_for_tests()
    with a_world(replace(desk, general=replace(desk.general, tasks_before_solving=True))) as world:
        ticket_id = world.open("ann@example.com")["ticket"]["id"]
        task = add(world, ticket_id, "Refund").ok()
        refused = world.patch(ticket_id, AGENT.id, status="solved").refused(409, "not_ready")
        assert "“Refund”" in refused["errors"][0]["message"]
        world.answer(ticket_id, AGENT.id, "Done.", status="solved").refused(409, "not_ready")
        assert len(world.messages(ticket_id)) == 1
        patch(world, ticket_id, task["id"], done=True).ok()
        world.answer(ticket_id, AGENT.id, "Done.", status="solved").ok()
        world.pass_time(seconds=CLOSE_AFTER_SECONDS)
        assert [event.fact.new for event in world.facts(ticket_id, TicketStatusChanged)][-1] == "closed"
