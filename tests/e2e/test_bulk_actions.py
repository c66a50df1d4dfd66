"""A bulk action on the running desk: followed as it goes, waited for, and taken back; under the real stream, bus and queue."""

from typing import Any

from tests.e2e.desk import RunningDesk

AGENT = "agent@desk.test"
COUNT = 8
GIVEN_BACK = ("status", "priority", "group", "assignee", "tags", "sla", "solved_at", "last_message")


def tickets_of(desk: RunningDesk, ids: list[str]) -> list[dict[str, Any]]:
    """What a page shows of tickets, as far as an action moves it."""
    found = [desk.as_agent(AGENT, "GET", f"/v1/tickets/{one}").body for one in ids]
    return [{name: ticket[name] for name in GIVEN_BACK} for ticket in found]


def test_an_action_on_a_view_is_followed_to_its_end_and_taken_back(bare_desk: RunningDesk) -> None:
    word = "bulkscene"
    for number in range(COUNT):
        body = {"requester": {"email": f"b{number}@example.com"}, "subject": f"{word} {number}", "body": "It stops."}
        assert bare_desk.call("POST", "/v1/requests", body).status == 201
    bare_desk.settle()
    view = {"q": word, "status": "active"}
    rows = bare_desk.as_agent(AGENT, "GET", f"/v1/tickets?q={word}&status=active&limit=100").body["items"]
    ids = [row["id"] for row in rows]
    assert len(ids) == COUNT
    before = tickets_of(bare_desk, ids)
    action = {"change": {"priority": "urgent", "add_tags": ["outage"], "status": "on_hold"}}
    started = bare_desk.as_agent(AGENT, "POST", "/v1/bulk", {"view": view, "action": action})
    assert (started.status, started.body["state"]) == (202, "listing")
    job = f"/v1/bulk/{started.body['id']}"
    results, sequence = [], 0
    while True:  # as a page does it
        progress = bare_desk.as_agent(AGENT, "GET", f"{job}?after={sequence}").body
        results += progress["results"]
        sequence = progress["sequence"]
        if progress["state"] == "done" and not progress["more"]:
            break
        assert progress["state"] in {"listing", "running"}, progress
    assert sorted(one["ticket_id"] for one in results) == sorted(ids)
    assert {one["outcome"] for one in results} == {"changed"}
    assert all(one["priority"] == "urgent" and "outage" in one["tags"] for one in tickets_of(bare_desk, ids))
    assert bare_desk.as_agent(AGENT, "POST", f"{job}/undo").status == 202
    bare_desk.settle()  # waits for actions under way, too
    undone = bare_desk.as_agent(AGENT, "GET", job).body
    assert (undone["state"], undone["undo"]["undone"]) == ("undone", COUNT)
    assert tickets_of(bare_desk, ids) == before
    history = bare_desk.as_agent(AGENT, "GET", f"/v1/tickets/{ids[0]}/history").body["items"]
    codes = {reason["code"] for event in history for reason in event["because"]}
    assert {"bulk", "bulk_undone"} <= codes
    assert bare_desk.dead_letters() == []
