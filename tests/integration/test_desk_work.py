"""What agents do beside answering, through the front door: open, hand over, follow, put aside, schedule, count time."""

from datetime import timedelta

import pytest

from helpdesk.kernel.clock import format_instant
from helpdesk.tickets.facts import TicketOpened, TicketRequesterChanged
from tests.support.desk import AGENT, AGENT2, SUPERVISOR
from tests.support.raw_mails import an_answer
from tests.support.world import Answered, World

ANN, KIM = "ann@example.com", "kim@example.com"


def opened(world: World, **fields: object) -> Answered:
    body = {"requester": {"email": ANN, "name": "Ann Lee"}, "subject": "A call", "body": "It is broken.", **fields}
    headers = {"Idempotency-Key": str(body.pop("key"))} if "key" in body else {}
    return world.api("POST", "/v1/tickets", body, agent=AGENT.id, headers=headers)


def in_time(world: World, **length: float) -> str:
    return format_instant(world.clock.now + timedelta(**length))


def listed(world: World, query: str) -> list[str]:
    return [row["id"] for row in world.api("GET", f"/v1/tickets?{query}", agent=AGENT.id).ok()["items"]]


# --- opening ---------------------------------------------------------------------------------------------------------


def test_an_agent_writes_a_call_down_and_history_says_who_did_it_for_whom(world: World) -> None:
    answer = opened(world, assignee="me", tags=["vip"], priority="high", category="billing").ok()
    assert answer.status == 201
    assert answer.headers["location"] == f"/v1/tickets/{answer['id']}"
    assert (answer["channel"], answer["assignee"], answer["tags"]) == ("phone", AGENT.id, ["vip"])
    assert (answer["status"], answer["requester"]["email"], answer["group"]) == ("new", ANN, "support")
    (event,) = world.facts(answer["id"], TicketOpened)
    assert event.actor.id == AGENT.id
    assert event.fact.requester_id == event.fact.author.id == answer["requester"]["id"]
    (message,) = world.api("GET", f"/v1/tickets/{answer['id']}/messages", agent=AGENT.id).ok()["items"]
    assert (message["author"]["kind"], message["recorded_by"]) == ("requester", AGENT.id)
    world.settle()
    assert [mail.subject for mail in world.sent_to(ANN)] == [f"[#{answer['number']}] A call"]


def test_a_requester_is_not_told_where_the_agent_wants_it_so(world: World) -> None:
    opened(world, acknowledge=False).ok()
    world.settle()
    assert world.sent_to(ANN) == []


def test_a_first_message_of_ours_reaches_the_requester_and_their_answer_comes_back(world: World) -> None:
    answer = opened(world, written_by="agent", channel="email", body="Your contract ends in May.").ok()
    world.settle()
    (mail,) = world.sent_to(ANN)
    assert mail.subject == f"[#{answer['number']}] A call"
    assert "Your contract ends in May." in mail.text
    assert answer["status"] == "open"
    world.mail(an_answer(mail, ANN, "Thank you."))
    assert [message.text for message in world.messages(answer["id"])][-1] == "Thank you."


def test_a_ticket_that_begins_with_a_note_shows_its_requester_nothing(world: World) -> None:
    answer = opened(world, written_by="agent", visibility="internal", body="Watch this one.").ok()
    world.settle()
    assert world.sent_to(ANN) == []
    assert world.messages(answer["id"])[0].public is False


def test_opening_again_with_the_same_key_gives_the_same_ticket(world: World) -> None:
    first = opened(world, key="k").ok()
    assert opened(world, key="k").ok()["id"] == first["id"]
    opened(world, key="k", subject="Another").refused(422)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"requester": {"email": AGENT.address}}, "/requester/email"),
        ({"requester": {}}, "/requester"),
        ({"requester": {"id": "01JD00000000000000000000ZZ"}}, "/requester/id"),
        ({"visibility": "internal"}, "/visibility"),
        ({"group": "nowhere"}, "/group"),
        ({"subject": " "}, "/subject"),
        ({"participants": [{"email": "no address"}]}, "/participants/0/email"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "/due_at"),
        ({"due_at": "2026-11-23T09:00:00"}, "/due_at"),
    ],
)
def test_what_names_nobody_or_nothing_opens_nothing(world: World, fields: dict[str, object], pointer: str) -> None:
    assert opened(world, **fields).refused(400, "invalid").pointers == {pointer}
    assert listed(world, "") == []


def test_participants_come_along_once_each(world: World) -> None:
    wanted = [{"email": KIM, "name": "Kim"}, {"email": KIM.upper()}, {"email": ANN}]
    answer = opened(world, participants=wanted).ok()
    assert [one["email"] for one in answer["participants"]] == [KIM]


# --- another requester -----------------------------------------------------------------------------------------------


def test_links_of_the_former_requester_stop_working_and_lists_follow(world: World) -> None:
    mine = world.open(ANN, key="k")
    ticket_id, former = mine["ticket"]["id"], world.ticket(mine["ticket"]["id"]).requester_id
    path = f"/v1/requests/{ticket_id}"
    world.api("GET", path, token=mine["access_token"]).ok()
    answer = world.api("PUT", f"/v1/tickets/{ticket_id}/requester", {"email": KIM}, agent=AGENT.id).ok()
    assert answer["requester"]["email"] == KIM
    assert answer["participants"] == []
    world.api("GET", path, token=mine["access_token"]).refused(404)
    world.api("POST", f"{path}/messages", {"body": "Hi"}, token=mine["access_token"]).refused(404)
    again = world.open(ANN, key="k")
    world.api("GET", path, token=again["access_token"]).refused(404)
    assert listed(world, f"requester={former}") == []
    assert listed(world, f"requester={answer['requester']['id']}") == [ticket_id]
    (event,) = world.facts(ticket_id, TicketRequesterChanged)
    assert event.fact == TicketRequesterChanged(former, answer["requester"]["id"])


def test_mail_of_the_former_requester_opens_another_ticket_unless_they_stay(world: World) -> None:
    for keep in (False, True):
        world.open(ANN)
        world.settle()
        ticket_id = listed(world, "")[0]
        told = world.sent_to(ANN)[-1]
        world.api("PUT", f"/v1/tickets/{ticket_id}/requester", {"email": KIM, "keep_former": keep}, agent=AGENT.id).ok()
        world.mail(an_answer(told, ANN, "Still me."))
        assert (len(world.messages(ticket_id)) == 2) is keep


def test_answers_after_the_change_go_to_the_new_requester_alone(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "For Ann").ok()
    world.settle()
    world.api("PUT", f"/v1/tickets/{ticket_id}/requester", {"email": KIM}, agent=AGENT.id).ok()
    world.answer(ticket_id, AGENT.id, "For Kim").ok()
    world.settle()
    assert "For Kim" in world.sent_to(KIM)[-1].text
    assert not any("For Kim" in mail.text for mail in world.sent_to(ANN))
    told = world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok()["items"]
    assert [one["delivery"] for one in told] == ["sent", "sent", None]


# --- put aside, due, followed ----------------------------------------------------------------------------------------


def test_lists_leave_out_what_is_put_aside_until_it_comes_back(world: World) -> None:
    ticket_id, other = world.open(ANN)["ticket"]["id"], world.open(KIM)["ticket"]["id"]
    until = in_time(world, hours=2)
    answer = world.api("POST", f"/v1/tickets/{ticket_id}/snooze", {"until": until}, agent=AGENT.id).ok()
    assert (answer["snoozed"], answer["snoozed_until"], answer["snoozed_by"]) == (True, until, AGENT.id)
    assert listed(world, "snoozed=exclude&status=active") == [other]
    assert listed(world, "snoozed=only") == [ticket_id]
    assert set(listed(world, "")) == {ticket_id, other}
    world.pass_time(hours=3)
    assert set(listed(world, "snoozed=exclude")) == {ticket_id, other}


def test_the_requesters_mail_brings_a_ticket_back_and_an_agent_can_too(world: World) -> None:
    mine = world.open(ANN)
    ticket_id = mine["ticket"]["id"]
    path = f"/v1/tickets/{ticket_id}/snooze"
    world.api("POST", path, {"until": None}, agent=AGENT.id).ok()
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "Hi"}, token=mine["access_token"]).ok()
    assert world.ticket(ticket_id).snooze is None
    world.api("POST", path, {"until": None}, agent=AGENT.id).ok()
    assert world.api("DELETE", path, agent=AGENT2.id).ok()["snoozed"] is False
    world.api("POST", path, {"until": in_time(world, days=400)}, agent=AGENT.id).refused(400)
    world.api("POST", path, {}, agent=AGENT.id).refused(400)


def test_a_due_date_and_an_organization_are_set_and_taken_away(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    due_at = in_time(world, days=1)
    answer = world.patch(ticket_id, AGENT.id, due_at=due_at, organization="acme").ok()
    assert (answer["due_at"], answer["organization"]) == (due_at, "acme")
    assert world.api("GET", "/v1/tickets", agent=AGENT.id).ok()["items"][0]["due_at"] == due_at
    answer = world.patch(ticket_id, AGENT.id, due_at=None, organization=None).ok()
    assert (answer["due_at"], answer["organization"]) == (None, None)


def test_agents_follow_for_themselves_and_for_others(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    path = f"/v1/tickets/{ticket_id}/followers"
    world.api("PUT", f"{path}/me", agent=AGENT.id).ok()
    assert world.api("PUT", f"{path}/{AGENT2.id}", agent=AGENT.id).ok()["followers"] == [AGENT.id, AGENT2.id]
    assert world.api("DELETE", f"{path}/me", agent=AGENT2.id).ok()["followers"] == [AGENT.id]
    world.api("PUT", f"{path}/nobody", agent=AGENT.id).refused(404)


def test_a_note_calls_colleagues_by_their_names(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    text = f"@{AGENT2.name} and @{SUPERVISOR.id}: mail@{AGENT.id}.example is none, @박지우님 wrote this"
    world.answer(ticket_id, AGENT.id, text, visibility="internal").ok()
    assert world.ticket(ticket_id).followers == (AGENT2.id, SUPERVISOR.id)
    world.answer(ticket_id, AGENT.id, "See", mentions=[AGENT2.id]).refused(400)
    world.answer(ticket_id, AGENT.id, "See", visibility="internal", mentions=["nobody"]).refused(400)


# --- scheduled answers -----------------------------------------------------------------------------------------------


def test_a_scheduled_answer_is_listed_changed_and_sent_in_its_new_words_at_its_new_time(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    first, then = in_time(world, days=1), in_time(world, days=2)
    message_id = world.answer(ticket_id, AGENT.id, "First words", send_at=first, status="pending").ok()["id"]
    path = f"/v1/tickets/{ticket_id}/messages/{message_id}"
    (held,) = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT2.id).ok()["held"]
    assert (held["message_id"], held["send_at"], held["status"]) == (message_id, first, "pending")
    world.api("PATCH", path, {"body": "No"}, agent=AGENT2.id).refused(403)
    changed = world.api("PATCH", path, {"body": "Other words", "send_at": then}, agent=AGENT.id).ok()
    assert (changed["body_text"], changed["send_at"], changed["delivery"]) == ("Other words", then, "queued")
    world.pass_time(days=1, hours=1)
    assert not any("words" in mail.text for mail in world.sent_to(ANN))
    world.pass_time(days=1)
    assert "Other words" in world.sent_to(ANN)[-1].text
    assert world.ticket(ticket_id).status.value == "pending"
    world.api("PATCH", path, {"body": "Late"}, agent=AGENT.id).refused(409)


def test_an_answer_that_only_holds_without_one_of_theirs_is_never_seen_by_them(world: World) -> None:
    mine = world.open(ANN)
    ticket_id = mine["ticket"]["id"]
    at = in_time(world, days=1)
    message_id = world.answer(
        ticket_id, AGENT.id, "Are you still there?", send_at=at, unless_requester_replies=True
    ).ok()["id"]
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "Hi"}, token=mine["access_token"]).ok()
    world.pass_time(days=2)
    seen = world.api("GET", f"/v1/requests/{ticket_id}", token=mine["access_token"]).ok()["messages"]
    assert [one["body_text"] for one in seen] == ["It says 0x8007.", "Hi"]
    assert not any("still there" in mail.text for mail in world.sent_to(ANN))
    told = world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok()["items"]
    assert {one["id"]: one["delivery"] for one in told}[message_id] == "withdrawn"


@pytest.mark.parametrize(
    "fields",
    [
        {"send_at": "2026-11-22T00:00:00Z"},
        {"send_at": "2028-01-01T00:00:00Z"},
        {"send_at": "2026-12-01T00:00:00Z", "visibility": "internal"},
        {"unless_requester_replies": True},
    ],
)
def test_only_a_public_answer_is_scheduled_within_a_year(world: World, fields: dict[str, object]) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "Later", **fields).refused(400)


# --- time ------------------------------------------------------------------------------------------------------------


def test_time_is_logged_corrected_and_removed_and_its_words_are_in_no_event(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    path = f"/v1/tickets/{ticket_id}/time"

    def totals() -> tuple[int, int]:
        ticket = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
        return ticket["time_seconds"], ticket["billable_seconds"]

    first = world.api("POST", path, {"seconds": 600, "billable": True, "note": "Rang them"}, agent=AGENT.id).ok()
    world.api("POST", path, {"seconds": 60}, agent=AGENT2.id).ok()
    assert totals() == (660, 600)
    entry = world.api("PATCH", f"{path}/{first['id']}", {"seconds": 300}, agent=AGENT.id).ok()
    assert (entry["seconds"], entry["billable"], entry["note"]) == (300, True, "Rang them")
    world.api("PATCH", f"{path}/{first['id']}", {"billable": False}, agent=SUPERVISOR.id).ok()
    assert totals() == (360, 0)
    world.api("DELETE", f"{path}/{first['id']}", agent=AGENT2.id).refused(403)
    listed_entries = world.api("GET", path, agent=AGENT.id).ok()["items"]
    assert [one["seconds"] for one in listed_entries] == [60, 300]
    assert world.api("DELETE", f"{path}/{first['id']}", agent=AGENT.id).status == 204
    world.api("DELETE", f"{path}/{first['id']}", agent=AGENT.id).refused(404)
    assert totals() == (60, 0)
    world.settle()
    assert "Rang" not in str(world.published)


def test_time_logged_again_with_the_same_key_counts_once(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    path = f"/v1/tickets/{ticket_id}/time"
    answers = [
        world.api("POST", path, {"seconds": 60}, agent=AGENT.id, headers={"Idempotency-Key": "k"}).ok()
        for _ in range(2)
    ]
    assert answers[0].body == answers[1].body
    assert world.ticket(ticket_id).time_seconds == 60
    world.api("POST", path, {"seconds": 61}, agent=AGENT.id, headers={"Idempotency-Key": "k"}).refused(422)


def test_anothers_time_is_for_supervisors_to_write_down(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    path, wish = f"/v1/tickets/{ticket_id}/time", {"seconds": 60, "agent": AGENT2.id}
    world.api("POST", path, wish, agent=AGENT.id).refused(403)
    entry = world.api("POST", path, wish, agent=SUPERVISOR.id).ok()
    assert (entry["agent"], entry["logged_by"]) == (AGENT2.id, SUPERVISOR.id)
    world.api("POST", path, {"seconds": 60, "agent": "nobody"}, agent=SUPERVISOR.id).refused(400)
