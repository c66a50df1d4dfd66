"""Two agents at one ticket at the same time, a thousand times: nothing is lost, and who was second is told so."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.e2e.desk import RunningDesk

ROUNDS = 500
"""Each agent's; a thousand changes together."""
TRIES = 60
AGENTS = ("agent@desk.test", "agent2@desk.test")


def work(desk: RunningDesk, agent: str, ticket_id: str) -> list[int]:
    """Changes a ticket again and again: reads it, puts a tag beside those that are there, retries when told to.

    Returns:
        How many tries each change took.
    """
    counts = []
    for number in range(ROUNDS):
        mine = f"{agent[:6]}-{number % 20}"
        for attempt in range(1, TRIES + 1):
            seen = desk.as_agent(agent, "GET", f"/v1/tickets/{ticket_id}")
            assert seen.status == 200, seen
            told = _change(desk, agent, seen.body, mine)
            if told is None:
                counts.append(attempt)
                break
        else:
            raise AssertionError(f"{agent} never got through: {told}")
    return counts


def _change(desk: RunningDesk, agent: str, ticket: dict[str, Any], tag: str) -> str | None:
    """One change; what the refusal says, or None when it went through."""
    tags = sorted(set(ticket["tags"]) ^ {tag})
    path = f"/v1/tickets/{ticket['id']}"
    done = desk.as_agent(agent, "PATCH", path, {"tags": tags}, if_match=f'"{ticket["version"]}"')
    if done.status == 200:
        assert done.body["version"] > ticket["version"]
        return None
    assert done.status == 409, done
    assert done.headers["content-type"] == "application/problem+json"
    assert done.body["code"] == "stale_version", done
    assert str(ticket["version"]) in done.body["detail"], done
    return str(done.body["detail"])


def changes_of(desk: RunningDesk, ticket_id: str) -> list[dict[str, Any]]:
    """All changes of tags in the ticket's history, oldest first."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = desk.as_agent(AGENTS[0], "GET", f"/v1/tickets/{ticket_id}/history?limit=100{cursor}").body
        found += page["items"]
        if page["next_cursor"] is None:
            return [one for one in reversed(found) if one["type"] == "TicketTagsChanged"]
        cursor = f"&cursor={page['next_cursor']}"


def test_two_agents_change_one_ticket_a_thousand_times_and_no_change_is_lost(bare_desk: RunningDesk) -> None:
    request = {"requester": {"email": "two@example.com"}, "subject": "Both at once", "body": "Hello"}
    ticket_id = bare_desk.call("POST", "/v1/requests", request).body["ticket"]["id"]
    bare_desk.settle()
    with ThreadPoolExecutor(2) as pool:
        tries = [*pool.map(lambda agent: work(bare_desk, agent, ticket_id), AGENTS)]
    changes = changes_of(bare_desk, ticket_id)
    assert len(changes) == 2 * ROUNDS
    for agent in AGENTS:
        mine = [
            tag
            for one in changes
            for tag in (*one["data"].get("added", ()), *one["data"].get("removed", ()))
            if tag.startswith(agent[:6] + "-")
        ]
        assert mine == [f"{agent[:6]}-{number % 20}" for number in range(ROUNDS)]
    tags: set[str] = set()
    for one in changes:
        assert not tags & set(one["data"].get("added", ())), (
            "a change was made on a ticket that its author had not seen"
        )
        tags = (tags | set(one["data"].get("added", ()))) - set(one["data"].get("removed", ()))
    assert sorted(tags) == bare_desk.as_agent(AGENTS[0], "GET", f"/v1/tickets/{ticket_id}").body["tags"]
    assert sum(map(len, tries)) == 2 * ROUNDS
