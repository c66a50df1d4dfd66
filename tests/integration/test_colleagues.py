"""Agents, groups and what they say of themselves, through the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR
from tests.support.world import Answered, World, a_world

NORA = {
    "name": "Nora  Berg",
    "email": "Nora@desk.test",
    "role": "agent",
    "groups": ["support"],
    "capacity": 5,
    "locale": "en",
    "skills": {"SSO": 4},
    "languages": ["no", "en"],
    "time_zone": "Europe/Oslo",
    "hours": [[{"start": 540, "end": 1020}]] * 5 + [[], []],
}
LEAVE = {"first_day": "2026-11-23", "last_day": "2026-11-27", "reason": "Surgery", "substitute": AGENT.id}


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


def put(world: World, path: str, body: object, agent: str = ADMIN.id) -> Answered:
    return world.api("PUT", f"/v1/{path}", body, agent=agent)


def seen(world: World, agent_id: str, by: str = AGENT2.id) -> dict[str, Any]:
    listed = world.api("GET", "/v1/agents", agent=by).ok()["items"]
    return next(one for one in listed if one["id"] == agent_id)


def test_an_admin_adds_describes_and_takes_away_a_colleague(world: World) -> None:
    made = put(world, "agents/nora", NORA).ok()
    assert (made["name"], made["email"], made["skills"]) == ("Nora Berg", "nora@desk.test", {"sso": 4})
    assert (made["working"], made["status"]) == (False, "online")  # two in the morning in Oslo
    world.advance(hours=8)
    assert seen(world, "nora")["working"]
    assert put(world, "agents/nora", {**NORA, "groups": []}).ok()["groups"] == []
    assert world.api("GET", "/v1/me", agent="nora").ok()["time_zone"] == "Europe/Oslo"
    world.api("DELETE", "/v1/agents/nora", agent=ADMIN.id).ok()
    world.api("GET", "/v1/me", agent="nora").refused(403)
    world.api("DELETE", "/v1/agents/nora", agent=ADMIN.id).refused(404)


def test_what_is_wrong_with_a_colleague_is_named_field_by_field(world: World) -> None:
    wrong = {
        **NORA,
        "email": AGENT.address,
        "groups": ["nowhere"],
        "capacity": 0,
        "locale": "tlh",
        "time_zone": "Mars/Base",
        "calendar": "lunar",
        "custom_role": "king",
    }
    refused = put(world, "agents/nora", wrong).refused(400)
    assert refused.pointers == {
        "/email",
        "/groups/0",
        "/capacity",
        "/locale",
        "/time_zone",
        "/calendar",
        "/custom_role",
    }


def test_nobody_can_lock_all_out_or_take_away_who_has_work_or_stands_in(world: World) -> None:
    own = {"name": ADMIN.name, "email": ADMIN.address, "role": "agent"}
    assert put(world, f"agents/{ADMIN.id}", own).refused(400).pointers == {"/role"}
    world.api("DELETE", f"/v1/agents/{ADMIN.id}", agent=ADMIN.id).refused(409)
    put(world, "agents/nora", {**NORA, "role": "admin"}).ok()
    world.patch(world.open()["ticket"]["id"], AGENT2.id, assignee=AGENT2.id).ok()
    world.api("DELETE", f"/v1/agents/{AGENT2.id}", agent=ADMIN.id).refused(409)
    world.api("PATCH", "/v1/me", {"absences": [{**LEAVE, "substitute": "nora"}]}, agent=AGENT2.id).ok()
    world.api("DELETE", "/v1/agents/nora", agent=ADMIN.id).refused(409)


def test_a_colleague_says_of_themselves_when_they_are_there_and_an_admins_change_leaves_it(world: World) -> None:
    own = world.api("PATCH", "/v1/me", {"absences": [LEAVE], "locale": "ja"}, agent=AGENT2.id).ok()
    assert (own["absences"], own["locale"]) == ([LEAVE], "ja")
    assert seen(world, AGENT2.id, SUPERVISOR.id)["absences"][0]["reason"] == "Surgery"
    shown = seen(world, AGENT2.id, AGENT.id)
    assert (shown["working"], shown["substitute"]) == (False, AGENT.id)
    assert shown["absences"] == [{**LEAVE, "reason": None}]
    body = {"name": "Dan", "email": AGENT2.address, "role": "agent", "groups": ["support"]}
    assert put(world, f"agents/{AGENT2.id}", body).ok()["absences"] == [LEAVE | {"reason": "Surgery"}]
    back = world.api("PATCH", f"/v1/agents/{AGENT2.id}", {"absences": [], "status": "away"}, agent=SUPERVISOR.id).ok()
    assert (back["absences"], back["status"], back["working"]) == ([], "away", False)
    assert world.api("PATCH", "/v1/me", {"status": "online"}, agent=AGENT2.id).ok()["status"] == "online"
    assert seen(world, AGENT2.id)["working"]
    world.api("PATCH", "/v1/me", {"role": "admin"}, agent=AGENT2.id).refused(400)


def test_a_group_is_taken_away_only_when_nothing_needs_it(world: World) -> None:
    assert put(world, "groups/night", {"name": "Night shift", "private": True}).ok()["private"]
    put(world, "groups/night", {"name": " "}).refused(400)
    put(world, "groups/late", {"name": "night SHIFT"}).refused(400)
    put(world, "agents/nora", {**NORA, "groups": ["night"]}).ok()
    refused = world.api("DELETE", "/v1/groups/night", agent=ADMIN.id).refused(409)
    assert "agent nora" in refused["detail"]
    put(world, "agents/nora", NORA).ok()
    world.api("DELETE", "/v1/groups/night", agent=ADMIN.id).ok()
    listed = world.api("GET", "/v1/groups", agent=AGENT.id).ok()["items"]
    assert [one["id"] for one in listed] == ["billing", "support"]
