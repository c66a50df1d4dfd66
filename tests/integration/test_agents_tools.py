"""Canned responses, macros, drafts and presence as agents use them, through the real handlers."""

from typing import Any

import pytest

from helpdesk import bootstrap
from helpdesk.tickets.facts import TicketAssigned, TicketStatusChanged
from helpdesk.tickets.model import Status
from helpdesk.wiring import ground
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR
from tests.support.wire import AwsCall, counting
from tests.support.world import Answered, World

HELLO = {
    "title": "Ask for the serial number",
    "folder": "Printers",
    "scope": "shared",
    "bodies": {
        "en": {"text": "Hi {{requester.first_name|there}}, which serial number does #{{ticket.number}} concern?"},
        "ko": {"text": "{{requester.name|고객}}님, 시리얼 번호가 무엇인가요?\n{{agent.signature}}"},
    },
}
SOLVE: dict[str, Any] = {
    "title": "Solved with thanks",
    "scope": "shared",
    "reply": {
        "bodies": {"en": {"html": "<p>Thank you, <b>{{requester.first_name|friend}}</b>!<script>x()</script></p>"}}
    },
    "changes": {"status": "solved", "assignee": "me", "priority": "low", "tags": {"add": ["thanks"]}},
}


def add(world: World, what: dict[str, Any], agent: str = SUPERVISOR.id, path: str = "canned-responses") -> Answered:
    return world.api("POST", f"/v1/{path}", what, agent=agent)


def run(
    world: World, ticket_id: str, macro_id: str, *, version: int | None = None, key: str | None = None, **fields: object
) -> Answered:
    seen = version if version is not None else world.ticket(ticket_id).version
    headers = {"If-Match": f'"{seen}"'} | ({"Idempotency-Key": key} if key is not None else {})
    body = {"macro_id": macro_id, **fields}
    return world.api("POST", f"/v1/tickets/{ticket_id}/macros", body, agent=AGENT.id, headers=headers)


def of_the_table(calls: list[AwsCall]) -> list[str]:
    return [call.operation for call in calls if call.service == "dynamodb"]


@pytest.fixture
def ticket_id(world: World) -> str:
    found: str = world.open("minsu@example.com", name="Minsu Kim", locale="en")["ticket"]["id"]
    world.settle()
    return found


# --- canned responses ---


def test_a_response_is_written_once_and_put_into_answers_in_the_requesters_language(
    world: World, ticket_id: str
) -> None:
    made = add(world, HELLO).ok()
    assert made.headers["etag"] == '"1"'
    world.api("PUT", "/v1/me/signature", {"text": "박지우 드림 "}, agent=AGENT.id).ok()
    assert world.api("GET", "/v1/me/signature", agent=AGENT.id)["text"] == "박지우 드림"
    path = f"/v1/canned-responses/{made['id']}"
    number = world.ticket(ticket_id).number
    shown = world.api("POST", f"{path}/preview", {"ticket_id": ticket_id, "insert": True}, agent=AGENT.id).ok()
    assert shown["text"] == f"Hi Minsu, which serial number does #{number} concern?"
    assert (shown["language"], shown["empty"], shown["fallbacks"]) == ("en", [], [])
    korean = world.open("yuna@example.com", locale="ko")["ticket"]["id"]
    shown = world.api("POST", f"{path}/preview", {"ticket_id": korean}, agent=AGENT.id).ok()
    assert shown["text"] == "고객님, 시리얼 번호가 무엇인가요?\n박지우 드림"
    assert shown["fallbacks"] == ["requester.name"]
    world.restart()
    assert world.api("GET", path, agent=AGENT.id)["uses"] == 1


def test_who_may_not_edit_is_told_so_and_what_is_not_theirs_is_not_there(world: World) -> None:
    mine = add(world, HELLO | {"scope": "personal"}, AGENT.id).ok()
    assert mine["editable"]
    path = f"/v1/canned-responses/{mine['id']}"
    for other in (AGENT2.id, SUPERVISOR.id, ADMIN.id):
        world.api("GET", path, agent=other).refused(404, "not_found")
        world.api("DELETE", path, agent=other, headers={"If-Match": '"1"'}).refused(404)
    add(world, HELLO | {"scope": "group", "group": "support"}, AGENT.id).refused(403, "forbidden")
    add(world, HELLO | {"scope": "group", "group": "billing"}).refused(403)
    of_group = add(world, HELLO | {"scope": "group", "group": "billing"}, ADMIN.id).ok()
    world.api("GET", f"/v1/canned-responses/{of_group['id']}", agent=AGENT2.id).refused(404)
    seen = world.api("GET", f"/v1/canned-responses/{of_group['id']}", agent=AGENT.id).ok()
    assert (seen["editable"], seen["group"]) == (False, "billing")


def test_a_change_needs_the_version_that_was_seen_and_a_removal_too(world: World) -> None:
    made = add(world, HELLO).ok()
    path = f"/v1/canned-responses/{made['id']}"
    changed = HELLO | {"title": "Serial number"}
    world.api("PUT", path, changed, agent=SUPERVISOR.id).refused(400)
    assert world.api("PUT", path, changed, agent=SUPERVISOR.id, headers={"If-Match": '"1"'}).ok()["version"] == 2
    refusal = world.api("PUT", path, HELLO, agent=SUPERVISOR.id, headers={"If-Match": '"1"'})
    assert refusal.refused(409, "stale_version")["current_version"] == 2
    world.api("DELETE", path, agent=SUPERVISOR.id, headers={"If-Match": '"1"'}).refused(409, "stale_version")
    gone = world.api("DELETE", path, agent=SUPERVISOR.id, headers={"If-Match": '"2"'}).ok()
    assert (gone.status, gone.raw) == (204, "")
    world.api("GET", path, agent=SUPERVISOR.id).refused(404)
    assert world.api("GET", "/v1/canned-responses", agent=SUPERVISOR.id)["items"] == []


def test_a_list_is_paged_and_knows_its_folders(world: World) -> None:
    for number in range(5):
        add(world, HELLO | {"title": f"No {number}", "folder": f"F{number % 2}"}).ok()
    first = world.api("GET", "/v1/canned-responses?limit=3", agent=AGENT.id).ok()
    rest = world.api("GET", f"/v1/canned-responses?limit=3&cursor={first['next_cursor']}", agent=AGENT.id).ok()
    titles = [one["title"] for one in (*first["items"], *rest["items"])]
    assert titles == ["No 0", "No 2", "No 4", "No 1", "No 3"]
    assert rest["next_cursor"] is None
    assert first["folders"] == ["F0", "F1"]
    world.api("GET", f"/v1/macros?cursor={first['next_cursor']}", agent=AGENT.id).refused(400)
    found = world.api("GET", "/v1/canned-responses?folder=F1&q=no+3", agent=AGENT.id).ok()
    assert [one["title"] for one in found["items"]] == ["No 3"]


def test_a_misspelt_placeholder_is_refused_when_it_is_saved_not_when_a_customer_reads_it(world: World) -> None:
    wrong = HELLO | {"bodies": {"en": {"text": "Hi {{requester.nmae}}"}}}
    assert add(world, wrong).refused(400, "invalid").pointers == {"/bodies/en"}
    names = {one["name"] for one in world.api("GET", "/v1/placeholders", agent=AGENT.id).ok()["items"]}
    assert "requester.name" in names


def test_creating_again_with_the_same_key_makes_one(world: World) -> None:
    headers = {"Idempotency-Key": "k"}
    first = world.api("POST", "/v1/canned-responses", HELLO, agent=SUPERVISOR.id, headers=headers).ok()
    again = world.api("POST", "/v1/canned-responses", HELLO, agent=SUPERVISOR.id, headers=headers).ok()
    assert again["id"] == first["id"]
    other = world.api("POST", "/v1/canned-responses", HELLO | {"title": "x"}, agent=SUPERVISOR.id, headers=headers)
    other.refused(422, "idempotency_key_reused")


# --- macros ---


def test_a_macro_answers_and_changes_at_once_and_history_says_that_it_did(world: World, ticket_id: str) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    assert macro["reply"]["bodies"]["en"] == {
        "text": "Thank you, {{requester.first_name|friend}}!",
        "html": "<p>Thank you, <b>{{requester.first_name|friend}}</b>!</p>",
    }
    world.patch(ticket_id, AGENT2.id, assignee=AGENT2.id).ok()
    before = world.ticket(ticket_id)
    plan = world.api("POST", f"/v1/macros/{macro['id']}/preview", {"ticket_id": ticket_id}, agent=AGENT.id).ok()
    assert plan["reply"]["text"] == "Thank you, Minsu!"
    assert world.ticket(ticket_id) == before, "a preview changes nothing"
    ran = run(world, ticket_id, macro["id"], version=plan["version"]).ok()
    assert ran["changes"] == plan["changes"]
    assert {one["name"]: one["new"] for one in ran["changes"]} == {
        "status": "solved",
        "priority": "low",
        "assignee": AGENT.id,
        "tags": ["thanks"],
    }
    ticket = world.ticket(ticket_id)
    assert (ticket.status, ticket.assignee, ticket.version) == (Status.SOLVED, AGENT.id, ran["version"])
    assert ran.headers["etag"] == f'"{ran["version"]}"'
    because = {"code": "macro", "params": {"macro": macro["id"]}}
    history = world.api("GET", f"/v1/tickets/{ticket_id}/history", agent=AGENT.id).ok()["items"]
    newest = [one for one in history if one["seq"] > before.version]
    told = {one["type"]: one["because"] for one in newest if one["actor"]["kind"] == "agent"}
    told = {kind: why for kind, why in told.items() if not kind.startswith("Sla")}
    assert set(told) == {
        "MessageAdded",
        "TicketAssigned",
        "TicketPriorityChanged",
        "TicketStatusChanged",
        "TicketTagsChanged",
    }
    assert all(why == [because] for why in told.values()), told
    world.settle()
    mail = world.sent_to("minsu@example.com")[-1]
    assert "Thank you, Minsu!" in mail.text
    assert "<b>Minsu</b>" in mail.html
    assert world.api("GET", f"/v1/macros/{macro['id']}", agent=AGENT.id)["reply"] == macro["reply"]


def test_a_macro_can_be_held_and_taken_back_with_its_answer_unsent(world: World, ticket_id: str) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    ran = run(world, ticket_id, macro["id"], hold_seconds=10).ok()
    assert world.ticket(ticket_id).status is not Status.SOLVED, "the status goes with the answer"
    message = ran["message"]["id"]
    world.api("POST", f"/v1/tickets/{ticket_id}/messages/{message}/undo", agent=AGENT.id).ok()
    world.pass_time(seconds=60)
    assert world.ticket(ticket_id).status is not Status.SOLVED
    assert all("Thank you, Minsu" not in mail.text for mail in world.sent_to("minsu@example.com"))


def test_an_agent_may_edit_the_answer_before_it_is_sent(world: World, ticket_id: str) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    ran = run(world, ticket_id, macro["id"], body="Thanks a lot!").ok()
    assert (ran["message"]["body_text"], ran["message"]["body_html"]) == ("Thanks a lot!", None)
    run(world, ticket_id, macro["id"], body=" \n ").refused(400)


def test_a_repetition_does_nothing_and_gives_the_first_message(world: World, ticket_id: str) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    version = world.ticket(ticket_id).version
    first = run(world, ticket_id, macro["id"], version=version, key="k").ok()
    again = run(world, ticket_id, macro["id"], version=version, key="k").ok()
    assert again["message"]["id"] == first["message"]["id"]
    assert (again["changes"], again["version"]) == ([], first["version"])
    assert len(world.messages(ticket_id)) == 2
    run(world, ticket_id, macro["id"], version=version, key="k", body="Other").refused(422)


def test_a_macro_against_an_older_version_does_nothing_and_says_what_happened_since(
    world: World, ticket_id: str
) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    version = world.ticket(ticket_id).version
    world.patch(ticket_id, AGENT2.id, priority="urgent").ok()
    refusal = run(world, ticket_id, macro["id"], version=version).refused(409, "stale_version")
    assert f"TicketPriorityChanged by {AGENT2.name}" in refusal["detail"]
    assert refusal["current_version"] == world.ticket(ticket_id).version
    assert len(world.messages(ticket_id)) == 1
    assert world.ticket(ticket_id).tags == ()


def test_a_macro_that_answers_is_refused_when_somebody_wrote_since(world: World) -> None:
    opened = world.open()
    ticket_id = opened["ticket"]["id"]
    macro = add(world, SOLVE, path="macros").ok()
    seen = world.messages(ticket_id)[-1].id
    path = f"/v1/requests/{ticket_id}/messages"
    world.api("POST", path, {"body": "It broke again"}, token=opened["access_token"]).ok()
    refusal = run(world, ticket_id, macro["id"], seen_message_id=seen).refused(409, "newer_message")
    assert refusal["message_id"] == world.messages(ticket_id)[-1].id
    assert run(world, ticket_id, macro["id"], seen_message_id=seen, confirm=True).ok()["message"] is not None


def test_a_macro_of_changes_alone_writes_nothing_and_one_for_colleagues_moves_nothing(
    world: World, ticket_id: str
) -> None:
    quiet = add(world, {"title": "Bill", "scope": "shared", "changes": {"group": "billing"}}, path="macros").ok()
    assert run(world, ticket_id, quiet["id"]).ok()["message"] is None
    assert world.ticket(ticket_id).group == "billing"
    note = {"title": "Note", "scope": "shared", "reply": {"visibility": "internal", "bodies": {"en": {"text": "Seen"}}}}
    written = add(world, note, path="macros").ok()
    ran = run(world, ticket_id, written["id"]).ok()
    world.settle()
    assert (ran["changes"], ran["message"]["visibility"]) == ([], "internal")
    assert all("Seen" not in mail.text for mail in world.sent_to("minsu@example.com"))


def test_a_macro_may_answer_with_a_canned_response_until_that_is_gone(world: World, ticket_id: str) -> None:
    response = add(world, HELLO).ok()
    wish = {"title": "Ask", "scope": "shared", "reply": {"canned_response_id": response["id"]}}
    macro = add(world, wish, path="macros").ok()
    assert run(world, ticket_id, macro["id"]).ok()["message"]["body_text"].startswith("Hi Minsu, which")
    path = f"/v1/canned-responses/{response['id']}"
    assert world.api("GET", path, agent=AGENT.id).ok()["id"] == response["id"]
    world.api("DELETE", path, agent=SUPERVISOR.id, headers={"If-Match": '"1"'}).ok()
    plan = world.api("POST", f"/v1/macros/{macro['id']}/preview", {"ticket_id": ticket_id}, agent=AGENT.id).ok()
    assert (plan["problem"]["code"], plan["reply"]) == ("invalid", None)
    run(world, ticket_id, macro["id"]).refused(400, "invalid")


def test_a_closed_ticket_is_said_to_be_so_in_the_preview_and_is_left_alone(world: World, ticket_id: str) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    world.patch(ticket_id, AGENT.id, status="closed").ok()
    plan = world.api("POST", f"/v1/macros/{macro['id']}/preview", {"ticket_id": ticket_id}, agent=AGENT.id).ok()
    assert (plan["problem"]["code"], plan["changes"]) == ("conflict", [])
    run(world, ticket_id, macro["id"]).refused(409, "conflict")


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"changes": {}, "reply": None}, {"/changes"}),
        ({"changes": {"group": "nobody"}}, {"/changes/group"}),
        ({"changes": {"assignee": "nobody", "category": "none"}}, {"/changes/assignee"}),
        ({"changes": {"tags": {"set": [], "add": ["x"]}}}, {"/changes/tags"}),
        ({"reply": {"canned_response_id": "01JD0000000000000000000001"}}, {"/reply/canned_response_id"}),
        ({"reply": {"bodies": {}}}, {"/reply/bodies"}),
        ({"scope": "group"}, {"/group"}),
        ({"group": "support"}, {"/group"}),
    ],
)
def test_a_macro_that_could_never_be_run_is_refused(world: World, change: dict[str, Any], pointers: set[str]) -> None:
    assert add(world, SOLVE | change, path="macros").refused(400, "invalid").pointers == pointers


def test_a_macro_is_read_as_it_was_written(world: World) -> None:
    changes = {
        "category": "none",
        "assignee": "none",
        "group": "billing",
        "tags": {"set": []},
        "fields": {"order": None, "gift": True, "sizes": ["S"]},
    }
    made = add(world, {"title": "All", "scope": "shared", "changes": changes}, path="macros").ok()
    world.restart()
    path = f"/v1/macros/{made['id']}"
    assert world.api("GET", path, agent=AGENT.id).ok()["changes"] == changes
    wish = {"title": "Less", "scope": "shared", "changes": {"tags": {"remove": ["x"]}}}
    changed = world.api("PUT", path, wish, agent=SUPERVISOR.id, headers={"If-Match": '"1"'}).ok()
    assert (changed["changes"], changed["title"]) == ({"tags": {"remove": ["x"]}}, "Less")
    world.api("DELETE", path, agent=SUPERVISOR.id, headers={"If-Match": '"2"'}).ok()
    assert world.api("GET", "/v1/macros", agent=AGENT.id).ok()["items"] == []


# --- finding both ---


def test_the_quick_search_finds_both_and_fills_them_for_the_ticket(world: World, ticket_id: str) -> None:
    add(world, HELLO).ok()
    add(world, SOLVE, path="macros").ok()
    add(world, HELLO | {"title": "Sold out", "scope": "personal"}, AGENT2.id).ok()
    found = world.api("GET", f"/v1/quick?q=sol&ticket={ticket_id}", agent=AGENT.id).ok()["items"]
    assert [(one["kind"], one["preview"]) for one in found] == [("macro", "Thank you, Minsu!")]
    found = world.api("GET", f"/v1/quick?q=serial&ticket={ticket_id}", agent=AGENT.id).ok()["items"]
    assert found[0]["preview"].startswith("Hi Minsu, which serial number does #")
    both = world.api("GET", "/v1/quick", agent=AGENT.id).ok()["items"]
    assert {one["kind"] for one in both} == {"canned_response", "macro"}
    assert world.api("GET", "/v1/quick?q=nothing+like+it", agent=AGENT.id).ok()["items"] == []


def test_a_search_while_typing_reads_the_ticket_alone(world: World, ticket_id: str) -> None:
    add(world, HELLO).ok()
    world.api("GET", "/v1/quick?q=a", agent=AGENT.id).ok()
    with counting() as calls:
        world.api("GET", f"/v1/quick?q=ser&ticket={ticket_id}", agent=AGENT.id).ok()
    assert of_the_table(calls) == ["GetItem"]


# --- drafts and presence ---


def test_a_draft_is_kept_until_it_is_sent(world: World, ticket_id: str) -> None:
    path = f"/v1/tickets/{ticket_id}/draft"
    seen = world.messages(ticket_id)[-1].id
    assert world.api("GET", path, agent=AGENT.id).ok().body == {"reply": None, "note": None, "sides": []}
    wish = {"body": "Dear ", "based_on": seen}
    first = world.api("PUT", path, wish, agent=AGENT.id, headers={"If-Match": '"0"'}).ok()
    assert (first["kind"], first["version"], first.headers["etag"]) == ("reply", 1, '"1"')
    note = {"body": "Known", "kind": "note"}
    world.api("PUT", path, note, agent=AGENT.id, headers={"If-Match": '"0"'}).ok()
    stale = world.api("PUT", path, wish, agent=AGENT.id, headers={"If-Match": '"0"'}).refused(409, "stale_version")
    assert stale["current_version"] == 1
    world.restart()
    kept = world.api("GET", path, agent=AGENT.id).ok()
    assert (kept["reply"]["body"], kept["reply"]["based_on"], kept["note"]["body"]) == ("Dear ", seen, "Known")
    assert len(world.api("GET", "/v1/drafts", agent=AGENT.id).ok()["items"]) == 2
    assert world.api("GET", "/v1/drafts", agent=AGENT2.id).ok()["items"] == []
    world.api("DELETE", f"{path}?kind=reply", agent=AGENT.id).ok()
    assert world.api("GET", path, agent=AGENT.id).ok()["reply"] is None
    world.api("DELETE", path, agent=AGENT.id).ok()
    assert world.api("GET", "/v1/drafts", agent=AGENT.id).ok()["items"] == []
    world.api(
        "PUT", "/v1/tickets/01JD0000000000000000000001/draft", wish, agent=AGENT.id, headers={"If-Match": '"0"'}
    ).refused(404)


def test_colleagues_see_one_another_at_a_ticket_for_two_calls_of_the_table(world: World, ticket_id: str) -> None:
    path = f"/v1/tickets/{ticket_id}/presence"
    assert world.api("PUT", path, {"state": "viewing"}, agent=AGENT.id).ok()["items"] == []
    with counting() as calls:
        seen = world.api("PUT", path, {"state": "writing"}, agent=AGENT2.id).ok()
    assert sorted(of_the_table(calls)) == ["PutItem", "Query"]
    assert [(one["name"], one["state"]) for one in seen["items"]] == [(AGENT.name, "viewing")]
    assert world.api("PUT", path, {"state": "viewing"}, agent=AGENT.id).ok()["items"][0]["state"] == "writing"
    world.advance(seconds=3 * seen["heartbeat_seconds"])
    assert world.api("PUT", path, {"state": "viewing"}, agent=AGENT.id).ok()["items"] == []
    assert world.api("PUT", path, {"state": "gone"}, agent=AGENT.id).ok()["items"] == []
    assert world.api("PUT", path, {"state": "viewing"}, agent=AGENT2.id).ok()["items"] == []
    world.api("PUT", path, {"state": "asleep"}, agent=AGENT.id).refused(400)


def test_being_looked_at_is_no_change_of_a_ticket(world: World, ticket_id: str) -> None:
    before = world.ticket(ticket_id)
    world.api("PUT", f"/v1/tickets/{ticket_id}/presence", {"state": "writing"}, agent=AGENT.id).ok()
    world.api("PUT", f"/v1/tickets/{ticket_id}/draft", {"body": "x"}, agent=AGENT.id, headers={"If-Match": '"0"'}).ok()
    assert world.ticket(ticket_id) == before
    assert world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok()["items"][0]["body_text"]
    assert world.stream_records() == []


def test_history_can_be_checked_after_a_macro(world: World, ticket_id: str) -> None:
    macro = add(world, SOLVE, path="macros").ok()
    run(world, ticket_id, macro["id"]).ok()
    moved = world.facts(ticket_id, TicketStatusChanged)[-1]
    assert moved.fact.because.params == {"macro": macro["id"]}
    assert world.facts(ticket_id, TicketAssigned)[-1].fact.new_assignee == AGENT.id
    assert world.ticket(ticket_id).version == len(world.events(ticket_id))


def test_what_another_container_wrote_is_there_for_whoever_says_that_something_was_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def titles(**headers: str) -> list[str]:
        found = world.api("GET", "/v1/canned-responses", agent=AGENT.id, headers=headers).ok()["items"]
        return [one["title"] for one in found]

    def names(**headers: str) -> list[str]:
        found = world.api("GET", "/v1/groups", agent=AGENT.id, headers=headers).ok()["items"]
        return [one["name"] for one in found]

    monkeypatch.setattr("helpdesk.desk.store.KEPT_SECONDS", ground.KEPT_SECONDS)
    begun = bootstrap.stopwatch()
    monkeypatch.setattr(bootstrap.stopwatch, "_seconds", lambda: begun)  # no copy grows old by itself
    assert titles() == []
    before, shelf, desk = names(), bootstrap.canned().library._kept, bootstrap.kept_desk()
    as_it_was, desk_as_it_was = shelf._contents, desk._kept
    add(world, HELLO).ok()
    world.api("PUT", "/v1/groups/returns", {"name": "Returns"}, agent=ADMIN.id).ok()
    shelf._contents, desk._kept = as_it_was, desk_as_it_was  # as in a container that did not write
    assert (titles(), names()) == ([], before)
    fresh = {"cache-control": "no-cache"}
    assert titles(**fresh) == [HELLO["title"]]
    assert "Returns" in names()
