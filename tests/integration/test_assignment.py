"""Tickets reach people as their groups share them out, wait where nobody can take them, and move when somebody is away."""

from datetime import timedelta

from helpdesk import bootstrap
from helpdesk.contracts import topology
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR
from tests.support.world import World


def _assign(world: World, group: str, **how: object) -> None:
    world.api("PUT", f"/v1/assignments/{group}", how, agent=ADMIN.id).ok()
    world.restart()


def _opened(world: World, **fields: object) -> str:
    ticket_id = world.open(**fields)["ticket"]["id"]
    world.settle()
    return str(ticket_id)


def _absent_today(world: World, agent_id: str, substitute: str | None = None) -> None:
    today = world.clock.now.date()
    absence = {"first_day": f"{today}", "last_day": f"{today + timedelta(days=1)}", "substitute": substitute}
    body = {"absences": [absence]}
    world.api("PATCH", "/v1/me", body, agent=agent_id).ok()
    world.restart()


def test_a_group_shares_by_turns_from_its_setting_on(world: World) -> None:
    _assign(world, "support", method="round_robin")
    tickets = [world.ticket(_opened(world)) for _ in range(4)]
    assert [one.assignee for one in tickets[:2]] == [one.assignee for one in tickets[2:]]
    assert {one.assignee for one in tickets} == {AGENT.id, AGENT2.id}


def test_what_nobody_can_take_waits_until_somebody_is_there(world: World) -> None:
    for one in (AGENT, AGENT2):
        _absent_today(world, one.id)
    ticket_id = _opened(world)
    assert world.ticket(ticket_id).assignee is None
    assert "given" not in world.invoke(topology.INDEX_KEEPER, {})
    world.advance(days=2)
    assert world.invoke(topology.INDEX_KEEPER, {})["given"] == 1
    assert world.ticket(ticket_id).assignee in {AGENT.id, AGENT2.id}


def test_tickets_of_somebody_absent_move_where_their_group_lets_them_and_else_when_a_supervisor_says_so(
    world: World,
) -> None:
    ticket_id = _opened(world)
    owner = world.ticket(ticket_id).assignee
    assert owner is not None
    other = AGENT2.id if owner == AGENT.id else AGENT.id
    _absent_today(world, owner, substitute=SUPERVISOR.id)
    for _ in range(2):  # asked once an absence, however often it is looked
        assert "moved" not in world.invoke(topology.INDEX_KEEPER, {})
    world.settle()
    told = world.api("GET", "/v1/notifications", agent=SUPERVISOR.id).ok()["items"]
    assert sum("absent" in mail.subject + mail.text for mail in world.sent_to(SUPERVISOR.address)) == 1
    asked = [(one["actor"]["id"], one["ticket_id"]) for one in told if one["kind"] == "hand_over_asked"]
    assert asked == [(owner, ticket_id)]
    assert world.api("POST", f"/v1/agents/{owner}/hand-over", agent=SUPERVISOR.id).ok()["taken"] == 1
    assert world.ticket(ticket_id).assignee == other
    world.api("POST", f"/v1/agents/{owner}/hand-over", agent=AGENT.id).refused(403)
    world.api("POST", "/v1/agents/nobody/hand-over", agent=SUPERVISOR.id).refused(404)

    _assign(world, "support", method="least_busy", on_absence="move")
    _absent_today(world, other)
    assert world.invoke(topology.INDEX_KEEPER, {})["moved"] == 1
    assert world.ticket(ticket_id).assignee is None
    assert bootstrap.people_store().loads([owner, other]) == {owner: 0, other: 0}


def test_what_can_be_wrong_with_how_a_group_shares_is_refused(world: World) -> None:
    wrong = {"method": "skills", "skills": {"nobody": {"language:ko": 3}, AGENT.id: {"category:gone": 3}}}
    refused = world.api("PUT", "/v1/assignments/support", wrong, agent=ADMIN.id).refused(400)
    assert refused.pointers == {"/skills/nobody", f"/skills/{AGENT.id}/category:gone"}
    world.api("PUT", "/v1/assignments/nowhere", {"method": "manual"}, agent=ADMIN.id).refused(400)
