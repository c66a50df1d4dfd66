"""What roles mean beyond single routes: who is given tickets, who is told, what mails of colleagues become."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from helpdesk.tickets.model import ActorKind, Visibility
from tests.support.ownership import ADMIN, CALLERS, a_desk
from tests.support.raw_mails import a_mail
from tests.support.world import World, a_world

LIGHT, AGENT, GROUPED, ASSIGNED = (CALLERS[name] for name in ("light", "agent", "grouped", "assigned"))


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(a_desk()) as made:
        yield made


def opened(world: World, group: str, **change: object) -> str:
    ticket_id = str(world.open("ann@example.com")["ticket"]["id"])
    world.patch(ticket_id, ADMIN, group=group, **{"assignee": None, **change}).ok()
    return ticket_id


def test_a_light_agent_notes_and_is_told_which_permission_more_would_need(world: World) -> None:
    ticket_id = opened(world, "support")
    world.answer(ticket_id, LIGHT.id, "Seen", visibility="internal").ok()
    assert world.answer(ticket_id, LIGHT.id, "Hello").refused(403)["permission"] == "reply"
    with_status = world.answer(ticket_id, LIGHT.id, "Done", visibility="internal", status="solved")
    assert with_status.refused(403)["permission"] == "change_tickets"
    assert world.patch(ticket_id, LIGHT.id, status="solved").refused(403)["permission"] == "change_tickets"
    draft = world.api(
        "PUT", f"/v1/tickets/{ticket_id}/draft", {"body": "Dear"}, agent=LIGHT.id, headers={"If-Match": '"0"'}
    )
    assert draft.refused(403)["permission"] == "reply"
    follow = world.api("PUT", f"/v1/tickets/{ticket_id}/followers/{AGENT.id}", agent=LIGHT.id)
    assert follow.refused(403)["permission"] == "change_tickets"


def test_who_takes_no_tickets_is_given_none_by_hand_or_by_the_router(world: World) -> None:
    ticket_id = opened(world, "billing")
    assert world.patch(ticket_id, ADMIN, assignee=LIGHT.id).refused(400).pointers == {"/assignee"}
    task = {"title": "Call", "assignee": LIGHT.id}
    assert world.api("POST", f"/v1/tickets/{ticket_id}/tasks", task, agent=ADMIN).refused(400).pointers == {"/assignee"}
    for _ in range(8):
        world.open("eve@example.com")
    world.settle()
    assert LIGHT.id not in {world.ticket(one).assignee for one in world.ticket_ids}


def test_a_mention_tells_nobody_of_a_ticket_they_may_not_see(world: World) -> None:
    hidden, shown = opened(world, "hr"), opened(world, "billing")
    for ticket_id in (hidden, shown):
        world.answer(ticket_id, ADMIN, f"Look, @{AGENT.id} and @{GROUPED.id}", visibility="internal").ok()
    named = world.answer(hidden, ADMIN, "Look", visibility="internal", mentions=[ADMIN, AGENT.id])
    assert named.refused(400).pointers == {"/mentions/1"}
    world.settle()

    def told(agent: str) -> set[str]:
        found = world.api("GET", "/v1/notifications", agent=agent).ok()
        assert found["unread"] == len(found["items"])
        return {one["ticket_id"] for one in found["items"] if one["kind"] == "mentioned"}

    assert told(AGENT.id) == {shown}
    assert told(GROUPED.id) == set()
    assert AGENT.id not in world.ticket(hidden).followers
    assert not [mail for mail in world.sent_to(GROUPED.address) if "Look" in mail.text]


def test_a_follower_may_open_what_no_list_shows_them(world: World) -> None:
    ticket_id = opened(world, "hr")
    world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).refused(404)
    world.api("PUT", f"/v1/tickets/{ticket_id}/followers/{AGENT.id}", agent=ADMIN).ok()
    world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
    assert ticket_id not in world.api("GET", "/v1/tickets?limit=100", agent=AGENT.id).ok().raw


def test_links_to_tickets_out_of_sight_are_not_shown(world: World) -> None:
    hidden, shown = opened(world, "hr"), opened(world, "support")
    world.api("POST", f"/v1/tickets/{shown}/links", {"relation": "relates_to", "ticket": hidden}, agent=ADMIN).ok()
    path = f"/v1/tickets/{shown}"
    assert [one["id"] for one in world.api("GET", path, agent=ADMIN).ok()["linked_tickets"]] == [hidden]
    assert world.api("GET", path, agent=AGENT.id).ok()["linked_tickets"] == []


def a_reply(sender: str, body: str) -> EmailMessage:
    return a_mail(sender, "Re: It stops", body, headers={"In-Reply-To": "<first@example.com>"})


def mailed_in(world: World, group: str) -> str:
    world.mail(a_mail("ann@example.com", "It stops", "It stops.", message_id="<first@example.com>"))
    ticket_id = world.ticket_ids[-1]
    world.patch(ticket_id, ADMIN, group=group, assignee=None).ok()
    return ticket_id


def test_a_mail_of_a_colleague_who_may_not_reply_is_a_note(world: World) -> None:
    ticket_id = mailed_in(world, "support")
    world.mail(a_reply(LIGHT.address, "I think it is the fuse."))
    note = world.messages(ticket_id)[-1]
    assert (note.author.kind, note.author.id, note.visibility) == (ActorKind.AGENT, LIGHT.id, Visibility.INTERNAL)
    world.mail(a_reply(AGENT.address, "It is the fuse."))
    assert world.messages(ticket_id)[-1].visibility is Visibility.PUBLIC


def test_a_colleague_who_may_not_see_a_ticket_is_a_stranger_to_its_thread(world: World) -> None:
    ticket_id, before = mailed_in(world, "hr"), 1
    world.mail(a_reply(AGENT.address, "Let me in."))
    assert len(world.messages(ticket_id)) == before
    assert len(world.ticket_ids) == 2


def test_everybody_is_told_what_they_may(world: World) -> None:
    me = world.api("GET", "/v1/me", agent=LIGHT.id).ok()
    assert (me["role"], me["permissions"]) == ("light", ["read", "write_notes"])
    assert world.api("GET", "/v1/me", agent=ASSIGNED.id).ok()["custom_role"] == "assigned"


def test_a_role_that_somebody_has_cannot_be_taken_away_nor_one_of_the_desks_own_be_changed(world: World) -> None:
    world.api("DELETE", "/v1/roles/grouped", agent=ADMIN).refused(409)
    shown = world.api("GET", "/v1/roles", agent=ADMIN).ok()["items"]
    assert {one["id"] for one in shown if one["built_in"]} == {"light", "agent", "supervisor", "admin"}
    world.api("PUT", "/v1/roles/agent", {"names": {"en": "Other"}}, agent=ADMIN).refused(400)
    roles = world.api("GET", "/v1/roles", agent=LIGHT.id).ok()["items"]
    assert [one["id"] for one in roles] == ["light", "agent", "supervisor", "admin", "assigned", "grouped"]
    world.api("PUT", "/v1/roles/readers", {"names": {"en": "Readers"}, "permissions": ["fly"]}, agent=ADMIN).refused(
        400
    )
