"""What callers get wrong, by accident or on purpose, is refused in one form, changes nothing, and is never a fault of ours."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.desk.model import Limits
from helpdesk.platform.signing import Purpose
from helpdesk.tickets.model import Status
from tests.support.desk import (
    AGENT,
    AGENT2,
    CLOSE_AFTER_SECONDS,
    LINK_VALID_SECONDS,
    SURVEY_DELAY_SECONDS,
    desk_for_tests,
)
from tests.support.world import World, a_world, api_event, find_route, handler_of

GOOD: dict[str, Any] = {
    "requester": {"email": "minsu@example.com"},
    "subject": "It does not print",
    "body": "It says 0x8007.",
}
UNKNOWN_ID = "01JDA8Z0W3E6Q1V7N5T9XKRB4C"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


def ticket_with_survey(world: World) -> tuple[str, str]:
    """A solved ticket whose survey was sent: the ticket's id and the survey's path in the API."""
    ticket_id = world.open()["ticket"]["id"]
    world.settle()
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(seconds=SURVEY_DELAY_SECONDS)
    return ticket_id, "/v1/surveys/" + world.sent[-1].link("/portal/survey/").rpartition("/")[2]


# --- bodies ---


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"subject": }',
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"fields":' + b"[" * 100_000,
        b'{"subject": "\\ud800"',
        "{“subject”: 1}".encode(),
    ],
    ids=[
        "empty",
        "open",
        "no value",
        "null",
        "list",
        "text",
        "not utf-8",
        "deep",
        "deep inside",
        "cut",
        "curly quotes",
    ],
)
def test_what_is_no_json_object_is_refused_and_opens_nothing(world: World, body: bytes) -> None:
    world.api("POST", "/v1/requests", body).refused(400, "invalid")
    assert world.ticket_ids == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (without("requester"), "/requester"),
        (without("subject"), "/subject"),
        (without("body"), "/body"),
        (GOOD | {"requester": {}}, "/requester"),
        (GOOD | {"requester": {"email": "no address"}}, "/requester/email"),
        (GOOD | {"requester": {"email": "a@b@c"}}, "/requester/email"),
        (GOOD | {"requester": {"email": "a\n@example.com"}}, "/requester/email"),
        (GOOD | {"requester": {"email": f"{'a' * 65}@example.com"}}, "/requester/email"),
        (GOOD | {"requester": {"email": "x@example.com", "name": "n" * 201}}, "/requester/name"),
        (GOOD | {"subject": ""}, "/subject"),
        (GOOD | {"subject": "   \u202e "}, "/subject"),
        (GOOD | {"subject": "s" * 301}, "/subject"),
        (GOOD | {"subject": 7}, "/subject"),
        (GOOD | {"body": "\n\n"}, "/body"),
        (GOOD | {"body": "b" * 100_001}, "/body"),
        (GOOD | {"category": "no-such-category"}, "/category"),
        (GOOD | {"priority": "very"}, "/priority"),
        (GOOD | {"fields": {"f": {"deep": 1}}}, "/fields"),
        (GOOD | {"fields": {str(n): n for n in range(101)}}, "/fields"),
        (GOOD | {"fields": {"f": "v" * 2001}}, "/fields"),
        (GOOD | {"attachments": ["not an upload"]}, "/attachments/0"),
        (GOOD | {"attachments": ["x"] * 11}, "/attachments"),
        (GOOD | {"assignee": "ada"}, "/assignee"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_names_each_field_that_is_missing_or_wrong(world: World, body: dict[str, Any], pointer: str) -> None:
    refusal = world.api("POST", "/v1/requests", body).refused(400, "invalid")
    assert any(found.startswith(pointer) for found in refusal.pointers), refusal.raw
    assert world.ticket_ids == []


def test_all_that_is_wrong_with_a_request_is_said_at_once(world: World) -> None:
    refusal = world.api("POST", "/v1/requests", {"subject": "", "priority": "very"}).refused(400)
    assert refusal.pointers == {"/requester", "/subject", "/body", "/priority"}


def test_a_body_over_the_limit_is_too_large_however_good_it_is(world: World) -> None:
    padded = json.dumps(GOOD).encode() + b" " * (512 * 1024)
    world.api("POST", "/v1/requests", padded).refused(413, "too_large")
    assert world.ticket_ids == []


def test_a_body_that_is_not_the_base_64_it_claims_to_be_is_refused(world: World) -> None:
    function, route, params = find_route("POST", "/v1/requests")
    event = api_event("POST", "/v1/requests", "", route, params) | {"body": "a", "isBase64Encoded": True}
    assert handler_of(function)(event, None)["statusCode"] == 400


def test_text_that_no_text_should_hold_is_cleaned_or_refused(world: World) -> None:
    answer = world.api(
        "POST", "/v1/requests", b'{"requester":{"email":"a@example.com"},"subject":"\\u0000x","body":"\\ud800y"}'
    )
    assert answer.status in {201, 400}
    if answer.status == 201:
        assert answer["ticket"]["subject"] == "x"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_no_json_whatever_makes_the_desk_fail(world: World) -> None:
    names = st.sampled_from(["requester", "subject", "body", "category", "priority", "fields", "attachments", "x"])

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(change=st.dictionaries(names, JSON, max_size=3), query=st.text(max_size=10))
    def never_fails(change: dict[str, Any], query: str) -> None:
        answer = world.api("POST", "/v1/requests", json.dumps(GOOD | change).encode())
        assert answer.status in {201, 400}, answer.raw
        assert world.api("PATCH", f"/v1/tickets/{UNKNOWN_ID}", change, agent=AGENT.id).status in {400, 404}

    never_fails()


# --- ids, tokens, links ---


@pytest.mark.parametrize(
    "bad", [UNKNOWN_ID, UNKNOWN_ID.lower(), "1", "%00", "TICKET%23x", "x" * 2000, "%E3%81%82", ".."]
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/tickets/{}", None),
        ("PATCH", "/v1/tickets/{}", {"status": "open"}),
        ("GET", "/v1/tickets/{}/messages", None),
        ("POST", "/v1/tickets/{}/messages", {"body": "Hello"}),
        ("GET", "/v1/tickets/{}/history", None),
        ("GET", "/v1/tickets/{}/attachments/1", None),
        ("POST", "/v1/suspended-mails/{}/release", None),
    ],
)
def test_an_id_that_names_nothing_is_not_found(world: World, method: str, path: str, body: object, bad: str) -> None:
    headers = {"If-Match": '"1"'}
    world.api(method, path.format(bad), body, agent=AGENT.id, headers=headers).refused(404, "not_found")


def test_no_token_opens_somebody_elses_ticket(world: World) -> None:
    mine, theirs = world.open("me@example.com"), world.open("they@example.com")
    ticket_id, token = theirs["ticket"]["id"], mine["access_token"]
    world.api("GET", f"/v1/requests/{ticket_id}", token=token).refused(404)
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "mine now"}, token=token).refused(404)
    world.api("GET", f"/v1/requests/{ticket_id}/attachments/{UNKNOWN_ID}", token=token).refused(404)
    signed = bootstrap.signer().sign(
        Purpose.REQUEST, {"t": ticket_id, "p": world.ticket(mine["ticket"]["id"]).requester_id}
    )
    world.api("GET", f"/v1/requests/{ticket_id}", token=signed).refused(404)
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "mine now"}, token=signed).refused(404)
    assert len(world.messages(ticket_id)) == 1


def test_a_requesters_token_shows_nothing_that_is_internal(world: World) -> None:
    opened = world.open()
    ticket_id = opened["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "He is difficult.", visibility="internal").ok()
    seen = world.api("GET", f"/v1/requests/{ticket_id}", token=opened["access_token"]).ok()
    assert "difficult" not in seen.raw
    assert "desk.test" not in seen.raw, "agents are shown by name, never by address"


def test_an_expired_link_is_gone(world: World) -> None:
    opened = world.open()
    path = f"/v1/requests/{opened['ticket']['id']}"
    world.advance(seconds=LINK_VALID_SECONDS - 60)
    world.api("GET", path, token=opened["access_token"]).ok()
    world.advance(seconds=120)
    world.api("GET", path, token=opened["access_token"]).refused(410, "gone")
    world.api("POST", f"{path}/messages", {"body": "too late"}, token=opened["access_token"]).refused(410)


def test_forged_tokens_are_refused_wherever_they_are_changed(world: World) -> None:
    opened = world.open()
    path, token = f"/v1/requests/{opened['ticket']['id']}", opened["access_token"]
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        forged = token[:place] + other + token[place + 1 :]
        # The last letter of a base-64 text has spare bits, so one change there may spell the same signature.
        if place < len(token) - 1:
            world.api("GET", path, token=forged).refused(401, "unauthenticated")
    for forged in ("", "x", ".", "..", token + "x", token[:-5], "e30.e30", "é", "a" * 10_000, f"{token} {token}"):
        world.api("GET", path, token=forged).refused(401)
    world.api("GET", path).refused(401)
    world.api("GET", path, headers={"Authorization": f"Basic {token}"}).refused(401)


def test_a_token_is_good_for_what_it_was_made_for_and_nothing_else(world: World) -> None:
    ticket_id, survey = ticket_with_survey(world)
    survey_token = survey.rpartition("/")[2]
    request_token = world.sent[0].link("/portal/requests/").partition("#t=")[2]
    world.api("GET", f"/v1/requests/{ticket_id}", token=survey_token).refused(401)
    world.api("GET", f"/v1/surveys/{request_token}").refused(401)
    world.api("POST", "/v1/requests", GOOD | {"attachments": [request_token]}).refused(400)
    world.api("GET", f"/v1/tickets?cursor={request_token}", agent=AGENT.id).refused(400)


def test_survey_links_that_are_forged_or_over_record_nothing(world: World) -> None:
    ticket_id, survey = ticket_with_survey(world)
    before = world.items
    for forged in (survey[:-3], survey.replace("/v1/surveys/", "/v1/surveys/x"), "/v1/surveys/x"):
        world.api("GET", forged).refused(401)
        world.api("POST", forged, {"rating": 5}).refused(401)
    gone = bootstrap.links().survey(UNKNOWN_ID, bootstrap.tickets().get(ticket_id)).rpartition("/")[2]
    world.api("POST", f"/v1/surveys/{gone}", {"rating": 5}).refused(404)
    for rating in (0, 6, -1, 2.5, "5", True, None):
        world.api("POST", survey, {"rating": rating}).refused(400)
    world.api("POST", survey, {"rating": 5, "comment": "c" * 4001}).refused(400)
    world.api("POST", survey, {}).refused(400)
    assert world.items == before
    world.advance(days=15)
    assert world.api("GET", survey).ok()["state"] == "expired"
    world.api("POST", survey, {"rating": 5}).refused(410)
    assert world.items == before


def test_only_access_tokens_of_known_colleagues_open_the_agents_api(world: World) -> None:
    world.api("GET", "/v1/tickets", agent="somebody-else").refused(403, "forbidden")
    function, route, params = find_route("GET", "/v1/tickets")
    event = api_event("GET", "/v1/tickets", "", route, params)
    assert handler_of(function)(event, None)["statusCode"] == 401
    event["requestContext"]["authorizer"] = {"jwt": {"claims": {"username": AGENT.id, "token_use": "id"}}}
    assert handler_of(function)(event, None)["statusCode"] == 401


# --- versions, states, repetitions ---


def test_a_change_to_a_stale_version_is_refused_and_changes_nothing(world: World) -> None:
    ticket_id = world.open()["ticket"]["id"]
    seen = world.ticket(ticket_id).version
    path = f"/v1/tickets/{ticket_id}"
    world.api("PATCH", path, {"priority": "high"}, agent=AGENT.id, headers={"If-Match": f'"{seen}"'}).ok()
    refusal = world.api("PATCH", path, {"priority": "low"}, agent=AGENT2.id, headers={"If-Match": f'"{seen}"'})
    refusal.refused(409, "stale_version")
    assert world.ticket(ticket_id).priority == "high"


@pytest.mark.parametrize("tag", [None, "", "x", "*", '"-1"', '"1" "2"', "9" * 10, "\u0661"])
def test_a_change_says_which_version_it_is_made_against(world: World, tag: str | None) -> None:
    ticket_id = world.open()["ticket"]["id"]
    headers = {} if tag is None else {"If-Match": tag}
    world.api("PATCH", f"/v1/tickets/{ticket_id}", {"priority": "low"}, agent=AGENT.id, headers=headers).refused(400)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"status": "finished"}, "/status"),
        ({"status": "new"}, "/status"),
        ({"priority": None}, "/priority"),
        ({"group": "nobody"}, "/group"),
        ({"assignee": "nobody"}, "/assignee"),
        ({"category": "nothing"}, "/category"),
        ({"tags": ["t" * 61]}, "/tags"),
        ({"tags": [""]}, "/tags"),
        ({"tags": [" "]}, "/tags"),
        ({"tags": [str(n) for n in range(51)]}, "/tags"),
        ({"number": 1}, "/number"),
        ({"version": 1}, "/version"),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_a_change_to_what_cannot_be_is_refused(world: World, change: dict[str, Any], pointer: str) -> None:
    ticket_id = world.open()["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "Hello").ok()
    before = world.ticket(ticket_id)
    refusal = world.patch(ticket_id, AGENT.id, **change).refused(400, "invalid")
    assert any(found.startswith(pointer) for found in refusal.pointers), refusal.raw
    assert world.ticket(ticket_id) == before


def test_a_closed_ticket_takes_no_change_and_no_answer(world: World) -> None:
    ticket_id = world.open()["ticket"]["id"]
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(seconds=CLOSE_AFTER_SECONDS)
    before = world.ticket(ticket_id)
    assert before.status is Status.CLOSED
    world.patch(ticket_id, AGENT.id, status="open").refused(409)
    world.answer(ticket_id, AGENT.id, "One more thing").refused(409)
    assert world.ticket(ticket_id) == before


def test_a_key_that_comes_back_with_the_same_body_gives_the_same_ticket(world: World) -> None:
    first = world.open(key="k-1")
    world.restart()
    again = world.open(key="k-1")
    assert (again["ticket"]["id"], again["access_token"]) == (first["ticket"]["id"], first["access_token"])
    assert len(world.ticket_ids) == 1
    other = world.open(key="k-2")
    assert other["ticket"]["id"] != first["ticket"]["id"]


def test_a_key_that_comes_back_with_another_body_is_refused(world: World) -> None:
    world.open(key="k-1")
    refusal = world.api("POST", "/v1/requests", GOOD | {"subject": "Another"}, headers={"Idempotency-Key": "k-1"})
    refusal.refused(422, "idempotency_key_reused")
    assert len(world.ticket_ids) == 1


def test_replies_and_answers_are_written_once_a_key(world: World) -> None:
    opened = world.open()
    ticket_id, token = opened["ticket"]["id"], opened["access_token"]
    replies, answers = f"/v1/requests/{ticket_id}/messages", f"/v1/tickets/{ticket_id}/messages"
    key = {"Idempotency-Key": "k"}
    first = world.api("POST", replies, {"body": "Hello?"}, token=token, headers=key).ok()
    assert world.api("POST", replies, {"body": "Hello?"}, token=token, headers=key).ok()["message"] == first["message"]
    world.api("POST", replies, {"body": "Hello??"}, token=token, headers=key).refused(422)
    written = world.api("POST", answers, {"body": "Hello!"}, agent=AGENT.id, headers=key).ok()
    assert world.api("POST", answers, {"body": "Hello!"}, agent=AGENT.id, headers=key).ok()["id"] == written["id"]
    world.api("POST", answers, {"body": "Hello!!"}, agent=AGENT.id, headers=key).refused(422)
    assert [message.text for message in world.messages(ticket_id)] == ["It says 0x8007.", "Hello?", "Hello!"]


@pytest.mark.parametrize("key", ["", " ", "k" * 256])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    world.api("POST", "/v1/requests", GOOD, headers={"Idempotency-Key": key}).refused(400)
    assert world.ticket_ids == []


# --- lists, routes, limits ---


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1e3", "cursor=x", "status=finished", "priority=very", "q=" + "q" * 201],
)
def test_a_query_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    world.api("GET", f"/v1/tickets?{query}", agent=AGENT.id).refused(400, "invalid")


def test_a_cursor_goes_on_in_the_list_that_gave_it_and_in_no_other(world: World) -> None:
    one, other = (world.open(f"p{n}@example.com")["ticket"]["id"] for n in range(2))
    for n in range(3):
        world.answer(one, AGENT.id, f"Message {n}").ok()
    page = world.api("GET", f"/v1/tickets/{one}/messages?limit=2", agent=AGENT.id).ok()
    cursor = page["next_cursor"]
    rest = world.api("GET", f"/v1/tickets/{one}/messages?cursor={cursor}", agent=AGENT.id).ok()
    assert [m["body_text"] for m in (*page["items"], *rest["items"])][:3] == ["Message 2", "Message 1", "Message 0"]
    world.api("GET", f"/v1/tickets/{other}/messages?cursor={cursor}", agent=AGENT.id).refused(400)
    world.api("GET", f"/v1/tickets/{one}/history?cursor={cursor}", agent=AGENT.id).refused(400)
    world.api("GET", f"/v1/tickets?cursor={cursor}", agent=AGENT.id).refused(400)


def test_a_cursor_of_one_filter_reads_nothing_else(world: World) -> None:
    for n in range(3):
        world.open(f"p{n}@example.com")
    world.settle()
    cursor = world.api("GET", "/v1/tickets?group=support&status=active&limit=1", agent=AGENT.id).ok()["next_cursor"]
    world.api("GET", f"/v1/tickets?group=billing&status=active&limit=1&cursor={cursor}", agent=AGENT.id).refused(400)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/requests/x/y/z", "/_local/clock", "/v1/tickets/"])
def test_an_address_that_is_none_is_not_found_in_the_desks_words(world: World, path: str) -> None:
    world.api("GET", path, agent=AGENT.id).refused(404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/tickets/1"), ("PUT", "/v1/requests"), ("GET", "/v1/uploads")]
)
def test_a_method_that_cannot_be_used_is_named_as_such(world: World, method: str, path: str) -> None:
    world.api(method, path, agent=AGENT.id).refused(405, "method_not_allowed")


def test_who_is_not_signed_in_is_not_told_which_addresses_of_the_api_there_are(world: World) -> None:
    for method, path in (("GET", "/v1/nothing"), ("GET", "/v1/tickets"), ("DELETE", "/v1/tickets/1")):
        assert world.api(method, path).status == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"filename": "a.txt", "content_type": "text/plain", "size": 0}, "/size"),
        ({"filename": "a.txt", "content_type": "text/plain", "size": 26_214_401}, "/size"),
        ({"filename": "", "content_type": "text/plain", "size": 1}, "/filename"),
        ({"filename": "a.txt", "content_type": "text plain\r\nx: y", "size": 1}, "/content_type"),
    ],
)
def test_an_upload_that_cannot_be_taken_is_refused(world: World, body: dict[str, Any], pointer: str) -> None:
    assert world.api("POST", "/v1/uploads", body).refused(400).pointers == {pointer}


def test_a_file_that_was_announced_but_never_sent_opens_nothing(world: World) -> None:
    body = {"filename": "a.txt", "content_type": "text/plain", "size": 3}
    upload = world.api("POST", "/v1/uploads", body).ok()["id"]
    world.api("POST", "/v1/requests", GOOD | {"attachments": [upload]}).refused(400)
    world.advance(days=2)
    world.api("POST", "/v1/requests", GOOD | {"attachments": [upload]}).refused(400)
    assert world.ticket_ids == []


def test_an_address_and_an_ip_can_open_only_so_much_in_a_while() -> None:
    limits = Limits(requests_per_address_per_hour=2, requests_per_ip_per_minute=4, notices_per_address_per_hour=1)
    with a_world(desk_for_tests(limits)) as world:
        for n in range(2):
            world.open("often@example.com", subject=f"No. {n}")
        refusal = world.api("POST", "/v1/requests", GOOD | {"requester": {"email": "OFTEN@example.com"}})
        refusal.refused(429, "too_many_requests")
        assert int(refusal.headers["retry-after"]) > 0
        world.open("once@example.com")
        world.api("POST", "/v1/requests", GOOD).refused(429)
        world.api("POST", "/v1/requests", GOOD, headers={topology.VIEWER_HEADER: "203.0.113.9:4711"}).ok()
        world.settle()
        assert len(world.sent_to("often@example.com")) == 1, "acknowledgements to one address are limited, too"
        world.clock.now += timedelta(hours=1)
        world.open("often@example.com")


def test_a_scanner_that_follows_every_link_of_the_survey_mail_changes_nothing(world: World) -> None:
    ticket_id, survey = ticket_with_survey(world)
    letter = world.sent[-1]
    links = set(re.findall(r"https://desk\.test[^\s\"'<>)]+", f"{letter.text} {letter.html}".replace("&amp;", "&")))
    assert len(links) >= len({"the survey", "each", "of", "five", "ratings"})
    before, ticket = world.items, world.ticket(ticket_id)
    for link in links:
        path = link.removeprefix("https://desk.test")
        if not path.startswith("/portal"):  # those are files: what their script then reads is below
            world.page(path)
        for scanned in (survey, f"{survey}?{path.partition('?')[2]}"):
            assert world.api("GET", scanned).ok()["state"] == "open"
            assert world.page(scanned, method="HEAD").status in {200, 404, 405}
    world.settle()
    assert (world.items, world.ticket(ticket_id)) == (before, ticket)
    other = ticket_with_survey(world)[1]
    world.api("POST", survey, {"rating": 1}).ok()
    world.settle()
    assert world.api("GET", other).ok()["state"] == "open", "a link answers its own survey alone"
    assert world.api("GET", survey).ok()["rating"] == 1
    world.api("POST", survey, {"rating": 5}).ok()
    world.advance(hours=2)
    world.api("POST", survey, {"rating": 2}).refused(409)
    assert world.api("GET", survey).ok()["rating"] == 5
