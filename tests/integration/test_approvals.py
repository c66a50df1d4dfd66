"""Approvals, from asking to the last word: by mail and by page, and by nobody who was not asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk import bootstrap
from helpdesk.people.service import mark_address
from helpdesk.platform.signing import Purpose
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import DeliveryFailed
from helpdesk.tickets.rules import fold
from helpdesk.tickets.todo import ApprovalAnswered, ApprovalRequested, ApprovalSettled
from tests.support.desk import ADMIN, AGENT, AGENT2, LINK_VALID_SECONDS, SUPERVISOR, desk_for_tests
from tests.support.raw_mails import a_mail
from tests.support.world import Answered, World, a_world

BOSS, CFO = "boss@customer.example", "cfo@customer.example"
QUESTION = "May we refund 90,000 won?"


@pytest.fixture
def ticket_id(world: World) -> str:
    opened = world.open("minsu@example.com", subject="My secret order", body="Nobody else may read this.")
    found: str = opened["ticket"]["id"]
    world.answer(found, AGENT.id, "He seems to lie.", visibility="internal").ok()
    world.settle()
    return found


def ask(world: World, ticket_id: str, *approvers: str, agent: str = AGENT.id, **more: Any) -> Answered:
    body = {"approvers": approvers, "question": QUESTION, "shown": "The device came back broken."} | more
    return world.api("POST", f"/v1/tickets/{ticket_id}/approvals", body, agent=agent)


def asked(world: World, ticket_id: str, *approvers: str, **more: Any) -> str:
    found: str = ask(world, ticket_id, *approvers, **more).ok()["id"]
    world.settle()
    return found


def token_of(world: World, address: str) -> str:
    return world.sent_to(address)[-1].link("/portal/approvals/").rpartition("/")[2]


def reply(world: World, token: str, verdict: str, comment: str = "") -> Answered:
    return world.api("POST", f"/v1/approvals/{token}", {"verdict": verdict, "comment": comment})


def answer(world: World, ticket_id: str, approval_id: str, agent: str, verdict: str = "approved") -> Answered:
    path = f"/v1/tickets/{ticket_id}/approvals/{approval_id}/answer"
    return world.api("POST", path, {"verdict": verdict}, agent=agent)


def shown(world: World, ticket_id: str) -> dict[str, Any]:
    (approval,) = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()["approvals"]
    found: dict[str, Any] = approval
    return found


def test_two_people_outside_and_a_colleague_are_asked_and_all_must_agree(world: World, ticket_id: str) -> None:
    approval_id = asked(world, ticket_id, BOSS, SUPERVISOR.id, CFO.upper())
    path = f"/v1/approvals/{token_of(world, BOSS)}"
    seen = world.api("GET", path).ok()
    assert (seen["question"], seen["shown"]) == (QUESTION, "The device came back broken.")
    assert (seen["asked_by"], seen["state"], seen["verdict"]) == (AGENT.name, "open", None)
    done = reply(world, token_of(world, BOSS), "approved", " He is right. ").ok()
    assert (done["state"], done["verdict"], done["comment"]) == ("open", "approved", "He is right.")
    answer(world, ticket_id, approval_id, SUPERVISOR.id).ok()
    assert shown(world, ticket_id)["state"] == "pending"
    assert reply(world, token_of(world, CFO), "approved").ok()["state"] == "approved"
    approval = shown(world, ticket_id)
    assert approval["state"] == "approved"
    assert [(one["email"], one["name"], one["verdict"]) for one in approval["approvers"]] == [
        (BOSS, None, "approved"),
        (None, SUPERVISOR.name, "approved"),
        (CFO, None, "approved"),
    ]
    assert [one["comment"] for one in approval["approvers"]] == ["He is right.", None, None]
    world.settle()
    told = world.sent_to(AGENT.address)[-1]
    assert "승인되었어요" in told.text
    assert "He is right." in told.text
    ticket, events = world.ticket(ticket_id), world.events(ticket_id)
    assert fold(events).approvals == ticket.approvals
    assert verify(events, ticket.chain) is None


def test_people_outside_read_what_was_shown_and_nothing_else_of_the_ticket(world: World, ticket_id: str) -> None:
    before = len(world.sent)
    asked(world, ticket_id, BOSS, AGENT2.id)
    (mail,) = world.sent_to(BOSS)
    page = world.api("GET", f"/v1/approvals/{token_of(world, BOSS)}").ok().raw
    for words in (mail.mail.as_string() + mail.text + mail.html, page):
        for secret in ("secret order", "Nobody else", "seems to lie", "minsu", AGENT.address, AGENT2.address):
            assert secret not in words
    assert QUESTION in mail.text
    assert AGENT.name in mail.text
    assert len(world.sent) == before + 2


def test_customers_are_told_nothing_of_approvals(world: World) -> None:
    opened = world.open("minsu@example.com")
    ticket_id = opened["ticket"]["id"]
    asked(world, ticket_id, BOSS)
    reply(world, token_of(world, BOSS), "declined", "Never.").ok()
    world.settle()
    seen = world.api("GET", f"/v1/requests/{ticket_id}", token=opened["access_token"]).ok().raw
    for secret in (BOSS, QUESTION, "Never."):
        assert secret not in seen
        assert not any(secret in mail.text for mail in world.sent_to("minsu@example.com"))


def test_history_and_the_bus_hold_ids_alone(world: World, ticket_id: str) -> None:
    approval_id = asked(world, ticket_id, BOSS)
    reply(world, token_of(world, BOSS), "declined", "Too much.").ok()
    world.settle()
    told = str(world.published) + world.log.getvalue()
    assert not any(words in told for words in (BOSS, QUESTION, "Too much.", "broken"))
    (request,), (said,) = world.facts(ticket_id, ApprovalRequested), world.facts(ticket_id, ApprovalAnswered)
    assert request.fact.approval_id == approval_id
    assert said.actor.id == request.fact.approvers[0].id
    assert len(world.facts(ticket_id, ApprovalSettled)) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_following_a_link_answers_nothing(world: World, ticket_id: str, method: str) -> None:
    asked(world, ticket_id, BOSS)
    before, token = world.items, token_of(world, BOSS)
    for _ in range(3):
        world.api(method, f"/v1/approvals/{token}")
    assert world.items == before


def test_a_changed_mind_counts_until_it_is_settled_and_the_same_click_again_is_no_fault(
    world: World, ticket_id: str
) -> None:
    asked(world, ticket_id, BOSS, CFO, mode="any")
    token = token_of(world, BOSS)
    reply(world, token, "declined", "No.").ok()
    assert reply(world, token, "declined", "No.").ok()["state"] == "open"
    assert reply(world, token, "approved").ok()["state"] == "approved"
    assert reply(world, token, "approved").ok()["state"] == "approved"
    reply(world, token, "declined").refused(409)
    reply(world, token_of(world, CFO), "declined").refused(409)
    assert world.api("GET", f"/v1/approvals/{token_of(world, CFO)}").ok()["state"] == "approved"


# --- who may not ---


def test_forged_foreign_and_other_links_open_nothing(world: World, ticket_id: str) -> None:
    approval_id = asked(world, ticket_id, BOSS)
    token = token_of(world, BOSS)
    signer, expires = bootstrap.signer(), world.clock.now + timedelta(days=1)
    person = bootstrap.people_store().by_address(BOSS)
    assert person is not None
    claims = {"t": ticket_id, "v": approval_id, "p": person.id}
    forged = [token[:-3] + "abc", token[:10] + "x" + token[11:], "x", signer.sign(Purpose.SURVEY, claims, expires)]
    for one in forged:
        world.api("GET", f"/v1/approvals/{one}").refused(401)
        reply(world, one, "approved").refused(401)
    stranger = world.ticket(ticket_id).requester_id
    other = world.open("eve@example.org")["ticket"]["id"]
    for wrong in ({"p": stranger}, {"p": AGENT.id}, {"v": ticket_id}, {"t": other}, {"t": "x"}, {"p": 1}):
        named = signer.sign(Purpose.APPROVAL, claims | wrong, expires)
        world.api("GET", f"/v1/approvals/{named}").refused(404)
        reply(world, named, "approved").refused(404)
    world.api("GET", f"/v1/requests/{ticket_id}", token=token).refused(401)
    assert shown(world, ticket_id)["approvers"][0]["verdict"] is None


def test_a_link_is_over_when_it_has_expired(world: World, ticket_id: str) -> None:
    asked(world, ticket_id, BOSS)
    token = token_of(world, BOSS)
    world.advance(seconds=LINK_VALID_SECONDS - 1)
    world.api("GET", f"/v1/approvals/{token}").ok()
    world.advance(days=1)
    world.api("GET", f"/v1/approvals/{token}").refused(410)
    reply(world, token, "approved").refused(410)


def test_a_colleague_answers_only_what_they_were_asked(world: World, ticket_id: str) -> None:
    approval_id = asked(world, ticket_id, AGENT2.id, BOSS)
    for agent in (AGENT.id, SUPERVISOR.id, ADMIN.id):
        answer(world, ticket_id, approval_id, agent).refused(403)
    answer(world, ticket_id, "01JD0000000000000000000000", AGENT2.id).refused(404)
    other = world.open("eve@example.org")["ticket"]["id"]
    answer(world, other, approval_id, AGENT2.id).refused(404)
    assert answer(world, ticket_id, approval_id, AGENT2.id, "declined").ok()["state"] == "declined"


def test_who_asked_and_supervisors_withdraw_it_and_its_links_say_so(world: World, ticket_id: str) -> None:
    approval_id = asked(world, ticket_id, BOSS)
    path = f"/v1/tickets/{ticket_id}/approvals/{approval_id}"
    world.api("DELETE", path, agent=AGENT2.id).refused(403)
    assert world.api("DELETE", path, agent=SUPERVISOR.id).ok()["state"] == "withdrawn"
    assert world.api("DELETE", path, agent=AGENT.id).ok()["state"] == "withdrawn"
    assert world.api("GET", f"/v1/approvals/{token_of(world, BOSS)}").ok()["state"] == "withdrawn"
    reply(world, token_of(world, BOSS), "approved").refused(409)


def test_nobody_waits_for_an_answer_on_a_closed_ticket(world: World, ticket_id: str) -> None:
    asked(world, ticket_id, BOSS)
    world.patch(ticket_id, AGENT.id, status="closed").ok()
    assert world.api("GET", f"/v1/approvals/{token_of(world, BOSS)}").ok()["state"] == "withdrawn"
    reply(world, token_of(world, BOSS), "approved").refused(409)
    ask(world, ticket_id, CFO).refused(409)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"approvers": [AGENT.id]}, "/approvers/0"),
        ({"approvers": [AGENT.address]}, "/approvers/0"),
        ({"approvers": [BOSS, "stranger"]}, "/approvers/1"),
        ({"approvers": ["support@desk.test"]}, "/approvers/0"),
        ({"approvers": []}, "/approvers"),
        ({"question": "  "}, "/question"),
        ({"due_at": "2026-11-22T00:00:00Z"}, "/due_at"),
        ({"mode": "most"}, "/mode"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_is_wrong(
    world: World, ticket_id: str, change: dict[str, Any], pointer: str
) -> None:
    wish = {"approvers": [BOSS], **change}
    refused = ask(world, ticket_id, *wish.pop("approvers"), **wish).refused(400)
    assert refused.pointers == {pointer}
    assert world.ticket(ticket_id).approvals == ()


def test_a_colleagues_address_is_the_colleague_and_nobody_is_asked_twice(world: World, ticket_id: str) -> None:
    asked(world, ticket_id, AGENT2.id, AGENT2.address, BOSS, f" {BOSS.title()}")
    assert [one["kind"] for one in shown(world, ticket_id)["approvers"]] == ["agent", "person"]
    assert len(world.sent_to(BOSS)) == 1
    (mail,) = [one for one in world.sent_to(AGENT2.address) if QUESTION in one.text]
    assert f"/tickets/{ticket_id}" in mail.text
    assert "/portal/approvals/" not in mail.text


def test_a_repetition_with_its_key_asks_nobody_again(world: World, ticket_id: str) -> None:
    path, headers = f"/v1/tickets/{ticket_id}/approvals", {"Idempotency-Key": "k"}
    body = {"approvers": [BOSS], "question": QUESTION}
    first = world.api("POST", path, body, agent=AGENT.id, headers=headers).ok()
    again = world.api("POST", path, body, agent=AGENT.id, headers=headers).ok()
    assert again["id"] == first["id"]
    world.api("POST", path, body | {"question": "And this?"}, agent=AGENT.id, headers=headers).refused(422)
    world.settle()
    world.replay(world.published)
    world.settle()
    assert len(world.sent_to(BOSS)) == 1


def test_who_has_not_answered_is_reminded_once(world: World, ticket_id: str) -> None:
    asked(world, ticket_id, BOSS, CFO, due_at="2026-11-23T03:00:00Z")
    reply(world, token_of(world, BOSS), "approved").ok()
    world.settle()
    world.pass_time(hours=3)
    world.pass_time(hours=3)
    assert [len(world.sent_to(address)) for address in (BOSS, CFO)] == [1, 2]
    reminder = world.sent_to(CFO)[-1]
    assert "reminder" in reminder.text
    assert "23 Nov 2026 03:00" in reminder.text
    reply(world, token_of(world, CFO), "approved").ok()


def test_an_answer_by_mail_opens_a_ticket_of_its_own_that_mentions_the_other(world: World, ticket_id: str) -> None:
    asked(world, ticket_id, BOSS)
    (mail,) = world.sent_to(BOSS)
    headers = {"In-Reply-To": str(mail.mail["message-id"]), "References": str(mail.mail["references"])}
    world.mail(a_mail(BOSS, f"Re: {mail.subject}", "Yes, do.", to=mail.reply_to, headers=headers))
    assert len(world.ticket_ids) == 2
    assert [link.ticket_id for link in world.ticket(world.ticket_ids[-1]).links] == [ticket_id]
    assert len(world.messages(ticket_id)) == 2
    assert shown(world, ticket_id)["state"] == "pending"


def test_somebody_whose_mail_comes_back_is_not_asked_and_history_tells_of_a_mail_that_did(
    world: World, ticket_id: str
) -> None:
    asked(world, ticket_id, BOSS)
    person = bootstrap.people_store().by_address(BOSS)
    assert person is not None
    mark_address(bootstrap.people_store(), person.id, undeliverable=True)
    assert ask(world, ticket_id, BOSS).refused(400).pointers == {"/approvers/0"}
    assert world.facts(ticket_id, DeliveryFailed) == []


def test_a_mailbox_that_does_not_tell_who_answers_does_not_tell_who_asks() -> None:
    desk = desk_for_tests()
    box = desk.mailboxes["support"]
    hidden = replace(box, letterhead=replace(box.letterhead, show_agent=False))
    with a_world(replace(desk, mailboxes={"support": hidden})) as world:
        ticket_id = world.open("ann@example.com")["ticket"]["id"]
        asked(world, ticket_id, BOSS)
        (mail,) = world.sent_to(BOSS)
        assert AGENT.name not in mail.text
        assert world.api("GET", f"/v1/approvals/{token_of(world, BOSS)}").ok()["asked_by"] is None
