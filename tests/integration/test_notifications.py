"""What agents are told, through the front door: who, of what, once, on their page and by mail as each likes it."""

from datetime import timedelta

import pytest

from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from tests.support.desk import ADMIN, AGENT, AGENT2, FIRST_RESPONSE_SECONDS, SUPERVISOR
from tests.support.world import World

ANN = "ann@example.com"
PATH = "/v1/notifications"


def told(world: World, agent: str) -> list[tuple[str, str]]:
    """Kinds of what an agent was told, and of which ticket, oldest first."""
    items = world.api("GET", PATH, agent=agent).ok()["items"]
    return [(one["kind"], one["ticket_id"]) for one in reversed(items)]


def kinds(world: World, agent: str) -> list[str]:
    return [kind for kind, _ in told(world, agent)]


@pytest.fixture
def ticket_id(world: World) -> str:
    """A ticket that the router has given to an agent."""
    found = str(world.open(ANN)["ticket"]["id"])
    world.settle()
    return found


def assigned_to(world: World, ticket_id: str, agent: str) -> None:
    world.patch(ticket_id, ADMIN.id, assignee=agent).ok()
    world.settle()


def follow(world: World, ticket_id: str, agent: str) -> None:
    world.api("PUT", f"/v1/tickets/{ticket_id}/followers/me", agent=agent).ok()


def mails(world: World, address: str) -> list[str]:
    return [mail.text.splitlines()[0] for mail in world.sent_to(address)]


def test_who_is_called_in_a_note_is_told_once_on_the_page_and_by_mail(world: World, ticket_id: str) -> None:
    world.settle()
    before, published = kinds(world, AGENT2.id), len(world.published)
    world.answer(ticket_id, AGENT.id, f"@{AGENT2.name}, @{AGENT.id}: can you look?", visibility="internal").ok()
    world.settle()
    world.replay(world.published[published:])
    world.settle()
    assert sorted(kinds(world, AGENT2.id)) == sorted([*before, "mentioned"])
    assert "mentioned" not in kinds(world, AGENT.id), "nobody calls themselves"
    (mail,) = [mail for mail in world.sent_to(AGENT2.address) if "mentioned" in mail.text]
    assert "can you look?" in mail.text
    assert f"/tickets/{ticket_id}" in mail.text


def test_an_assignee_is_told_of_the_ticket_and_of_the_requesters_answers(world: World) -> None:
    mine = world.open(ANN)
    ticket_id = mine["ticket"]["id"]
    assigned_to(world, ticket_id, SUPERVISOR.id)
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "Hi"}, token=mine["access_token"]).ok()
    world.settle()
    assert kinds(world, SUPERVISOR.id) == ["assigned", "requester_replied"]
    assert len(world.sent_to(SUPERVISOR.address)) == 2


def test_followers_are_told_of_what_others_do_and_not_of_notes(world: World, ticket_id: str) -> None:
    assigned_to(world, ticket_id, SUPERVISOR.id)
    follow(world, ticket_id, AGENT2.id)
    world.settle()
    before = kinds(world, AGENT2.id)
    world.answer(ticket_id, SUPERVISOR.id, "We look into it.").ok()
    world.answer(ticket_id, SUPERVISOR.id, "A note", visibility="internal").ok()
    world.answer(ticket_id, AGENT2.id, "Mine").ok()
    world.patch(ticket_id, SUPERVISOR.id, status="pending").ok()
    world.patch(ticket_id, AGENT2.id, status="open").ok()
    world.settle()
    new = kinds(world, AGENT2.id)[len(before) :]
    assert sorted(new) == ["followed_change", "followed_change", "followed_message"]  # the first answer opened it, too
    assert len(world.sent_to(AGENT2.address)) == before.count("assigned"), "usually not by mail"


def test_a_held_answer_is_told_of_when_it_goes_out(world: World, ticket_id: str) -> None:
    world.settle()
    follow(world, ticket_id, SUPERVISOR.id)
    at = format_instant(world.clock.now + timedelta(hours=2))
    world.answer(ticket_id, AGENT.id, "Later", send_at=at).ok()
    world.settle()
    assert "followed_message" not in kinds(world, SUPERVISOR.id)
    world.pass_time(hours=2, minutes=1)
    assert kinds(world, SUPERVISOR.id).count("followed_message") == 1


def test_who_put_a_ticket_aside_is_told_when_it_is_back_and_whose_answer_took_itself_back(world: World) -> None:
    mine = world.open(ANN)
    ticket_id = mine["ticket"]["id"]
    world.api("POST", f"/v1/tickets/{ticket_id}/snooze", {"until": None}, agent=SUPERVISOR.id).ok()
    at = format_instant(world.clock.now + timedelta(days=1))
    world.answer(ticket_id, ADMIN.id, "Still there?", send_at=at, unless_requester_replies=True).ok()
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "Hi"}, token=mine["access_token"]).ok()
    world.settle()
    assert kinds(world, SUPERVISOR.id) == ["woke"]
    assert kinds(world, ADMIN.id) == ["answer_cancelled"]
    assert any("was not sent" in mail.text for mail in world.sent_to(ADMIN.address))
    world.api("POST", f"/v1/tickets/{ticket_id}/snooze", {"until": None}, agent=SUPERVISOR.id).ok()
    world.api("DELETE", f"/v1/tickets/{ticket_id}/snooze", agent=ADMIN.id).ok()
    world.settle()
    assert kinds(world, SUPERVISOR.id) == ["woke"], "a colleague who takes it back knows of it"


def test_a_due_date_that_passed_is_told_once_to_assignee_and_followers(world: World, ticket_id: str) -> None:
    assigned_to(world, ticket_id, SUPERVISOR.id)
    follow(world, ticket_id, ADMIN.id)
    world.patch(ticket_id, ADMIN.id, due_at=format_instant(world.clock.now + timedelta(hours=1))).ok()
    for _ in range(2):
        world.pass_time(hours=1)
    assert kinds(world, SUPERVISOR.id).count("due") == kinds(world, ADMIN.id).count("due") == 1


def test_a_missed_target_is_told_to_supervisors_by_mail_and_to_the_assignee(world: World, ticket_id: str) -> None:
    assigned_to(world, ticket_id, AGENT2.id)
    world.pass_time(seconds=FIRST_RESPONSE_SECONDS)
    world.pass_time(minutes=5)
    assert "sla_breached" in kinds(world, SUPERVISOR.id)
    assert {"sla_warned", "sla_breached"} <= set(kinds(world, AGENT2.id))
    assert len(world.sent_to(SUPERVISOR.address)) == 1


def test_each_agent_is_told_as_they_like_it(world: World, ticket_id: str) -> None:
    path = "/v1/me/notification-preferences"
    usual = {one["kind"]: one for one in world.api("GET", path, agent=SUPERVISOR.id).ok()["items"]}
    assert usual["mentioned"] == {"kind": "mentioned", "page": True, "mail": True}
    assert usual["sla_breached"]["mail"] is True
    wish = [
        {"kind": "mentioned", "page": True, "mail": False},
        {"kind": "followed_message", "page": False, "mail": True},
    ]
    answer = world.api("PUT", path, {"items": wish}, agent=SUPERVISOR.id).ok()
    assert [one for one in answer["items"] if one["kind"] in {"mentioned", "followed_message"}] == wish
    world.answer(ticket_id, AGENT.id, f"@{SUPERVISOR.id}", visibility="internal").ok()
    world.answer(ticket_id, AGENT.id, "Hello").ok()
    world.settle()
    assert set(kinds(world, SUPERVISOR.id)) == {"mentioned", "followed_change"}
    assert len(world.sent_to(SUPERVISOR.address)) == 1
    world.api("PUT", path, {"items": [{"kind": "nonsense", "page": True, "mail": True}]}, agent=AGENT.id).refused(400)


def test_what_was_read_is_marked_and_the_rest_is_counted(world: World, ticket_id: str) -> None:
    for number in range(3):
        world.answer(ticket_id, AGENT.id, f"@{SUPERVISOR.id} {number}", visibility="internal").ok()
    world.settle()
    first = world.api("GET", f"{PATH}?limit=2", agent=SUPERVISOR.id).ok()
    assert (first["unread"], len(first["items"])) == (3, 2)
    rest = world.api("GET", f"{PATH}?limit=2&cursor={first['next_cursor']}", agent=SUPERVISOR.id).ok()
    assert [one["read_at"] for one in (*first["items"], *rest["items"])] == [None] * 3
    other = world.api("GET", PATH, agent=ADMIN.id).ok()
    assert (other["items"], other["unread"]) == ([], 0)
    ids = [first["items"][0]["id"], "01JD00000000000000000000ZZ"]
    assert world.api("POST", f"{PATH}/read", {"ids": ids}, agent=ADMIN.id).ok()["unread"] == 0
    assert world.api("POST", f"{PATH}/read", {"ids": ids}, agent=SUPERVISOR.id).ok()["unread"] == 2
    assert world.api("POST", f"{PATH}/read", {"all": True}, agent=SUPERVISOR.id).ok()["unread"] == 0
    world.replay([one for one in world.published if one["detail"]["type"] == "MessageAdded"])
    world.settle()
    assert world.api("GET", PATH, agent=SUPERVISOR.id).ok()["unread"] == 0, "told again it stays read"
    world.api("GET", f"{PATH}?cursor={first['next_cursor']}", agent=ADMIN.id).refused(400)


def test_notifications_hold_no_words_but_the_tickets_subject(world: World, ticket_id: str) -> None:
    world.answer(ticket_id, AGENT.id, f"@{SUPERVISOR.id} confidential", visibility="internal").ok()
    world.settle()
    (kept,) = bootstrap.notification_store().page(SUPERVISOR.id, limit=10, position=None).items
    assert "confidential" not in str(kept)
    assert ANN not in str(kept)


# --- tasks and approvals ---


def test_who_gets_a_task_and_whose_task_falls_due_is_told_and_nobody_of_their_own_doing(
    world: World, ticket_id: str
) -> None:
    before = {agent: kinds(world, agent) for agent in (AGENT.id, AGENT2.id)}
    path = f"/v1/tickets/{ticket_id}/tasks"
    due_at = format_instant(world.clock.now + timedelta(minutes=30))
    world.api("POST", path, {"title": "Call", "assignee": AGENT2.id, "due_at": due_at}, agent=AGENT.id).ok()
    mine = world.api("POST", path, {"title": "Write", "assignee": "me"}, agent=AGENT.id).ok()
    world.settle()
    assert kinds(world, AGENT2.id) == [*before[AGENT2.id], "task_assigned"]
    world.pass_time(hours=1)
    assert kinds(world, AGENT2.id) == [*before[AGENT2.id], "task_assigned", "task_due"]
    assert any("A task of yours is due" in mail.text for mail in world.sent_to(AGENT2.address))
    assert kinds(world, AGENT.id) == before[AGENT.id]
    world.api("PATCH", f"{path}/{mine['id']}", {"assignee": AGENT2.id}, agent=AGENT.id).ok()
    world.settle()
    assert kinds(world, AGENT2.id)[-1] == "task_assigned"


def test_a_colleague_who_is_asked_for_a_yes_and_who_asked_for_it_are_told_with_one_mail_each(
    world: World, ticket_id: str
) -> None:
    path = f"/v1/tickets/{ticket_id}/approvals"
    body = {"approvers": [AGENT2.id], "question": "May we refund?"}
    asked = world.api("POST", path, body, agent=AGENT.id).ok()
    world.settle()
    assert kinds(world, AGENT2.id).count("approval_asked") == 1
    world.api("POST", f"{path}/{asked['id']}/answer", {"verdict": "approved"}, agent=AGENT2.id).ok()
    world.settle()
    assert kinds(world, AGENT.id).count("approval_settled") == 1
    for agent in (AGENT, AGENT2):
        assert len([mail for mail in world.sent_to(agent.address) if "May we refund?" in mail.text]) == 1
