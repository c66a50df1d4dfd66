"""Customers at the portal: signing in by mail, and seeing what is theirs and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from helpdesk.kernel.clock import format_instant
from helpdesk.portal.model import CODE_SECONDS, CODE_TRIES, CODES_PER_ADDRESS_PER_HOUR, SESSION_SECONDS
from tests.support.desk import ADMIN, AGENT, FIRST_RESPONSE_SECONDS, SUPPORT_ADDRESS
from tests.support.world import Answered, World

PAGE = {"X-Helpdesk-Page": "1"}
MINE = "/v1/portal/requests"


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody's browser, signed in."""

    world: World
    cookie: str

    def get(self, path: str) -> Answered:
        return self.world.api("GET", path, cookie=self.cookie)

    def do(self, method: str, path: str, body: object = None, headers: Mapping[str, str] = PAGE) -> Answered:
        return self.world.api(method, path, body, cookie=self.cookie, headers=headers)


def code_of(world: World, address: str) -> str:
    found = re.search(r"\b\d{6}\b", world.sent_to(address)[-1].subject)
    assert found is not None
    return found.group()


def asked(world: World, address: str, **more: Any) -> str:
    return str(world.api("POST", "/v1/portal/sign-in", {"email": address, **more}).ok()["token"])


def browser(world: World, address: str) -> Browser:
    token = asked(world, address)
    entered = world.api("POST", "/v1/portal/session", {"token": token, "code": code_of(world, address)}).ok()
    assert entered["email"] == address
    return Browser(world, entered.cookies[0].partition(";")[0])


def numbers(answer: Answered) -> set[int]:
    return {one["number"] for one in answer.ok()["items"]}


def test_a_code_opens_a_session_that_no_script_can_read_and_that_ends(world: World) -> None:
    number = world.open("minsu@example.com")["ticket"]["number"]
    token = asked(world, "Minsu@example.com", locale="ko-KR")
    mail = world.sent_to("minsu@example.com")[-1]
    assert "인증 코드" in mail.subject
    assert mail.mail["Reply-To"] is None, "an answer to it belongs to no ticket"
    code = code_of(world, "minsu@example.com")
    entered = world.api("POST", "/v1/portal/session", {"token": token, "code": f" {code[:3]} {code[3:]} "}).ok()
    name, *attributes = [part.strip() for part in entered.cookies[0].split(";")]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Secure"} <= set(attributes)
    assert name.startswith("__Host-")
    mine = Browser(world, name)
    assert mine.get("/v1/portal/session").ok()["email"] == "minsu@example.com"
    assert numbers(mine.get(MINE)) == {number}
    for everything in world.items.values():  # neither the address nor the code is kept with it
        if str(everything["pk"]).startswith("PORTAL"):
            assert "minsu" not in str(everything)
            assert code not in str(everything)
    world.api("POST", "/v1/portal/session", {"token": token, "code": code}).refused(410)  # once is once
    mine.do("DELETE", "/v1/portal/session", headers={}).refused(403, "not_from_our_page")
    assert "Max-Age=0" in mine.do("DELETE", "/v1/portal/session").ok().cookies[0]
    mine.get("/v1/portal/session").refused(401)  # the cookie itself is worth nothing any more
    later = browser(world, "minsu@example.com")
    world.clock.advance(seconds=SESSION_SECONDS + 1)
    later.get(MINE).refused(401)


def test_codes_cannot_be_guessed_forged_or_kept_and_tell_nobody_who_is_known(world: World) -> None:
    world.open("known@example.com")
    world.settle()
    before = len(world.sent)
    answers = [world.api("POST", "/v1/portal/sign-in", {"email": f"{who}@example.com"}) for who in ("known", "never")]
    assert [one.status for one in answers] == [202, 202]
    assert [(set(one.body), one["organization"]) for one in answers] == [({"token", "organization"}, None)] * 2
    known, unknown = (len(mail.text) for mail in world.sent[before:])
    assert known == unknown
    token, code = answers[1]["token"], code_of(world, "never@example.com")
    world.api("POST", "/v1/portal/session", {"token": f"{token[:-2]}xx", "code": code}).refused(401)
    for _ in range(CODE_TRIES):
        wrong = f"{(int(code) + 1) % 10**6:06}"
        world.api("POST", "/v1/portal/session", {"token": token, "code": wrong}).refused(401, "wrong_code")
    world.api("POST", "/v1/portal/session", {"token": token, "code": code}).refused(410)
    stranger = browser(world, "stranger@example.com")
    assert stranger.get(MINE).ok()["items"] == []
    stranger.get(f"{MINE}?whose=organization").refused(404)
    forged = Browser(world, stranger.cookie[:-3] + "abc")
    forged.get(MINE).refused(401)

    late = asked(world, "late@example.com")
    world.clock.advance(seconds=CODE_SECONDS)
    world.api("POST", "/v1/portal/session", {"token": late, "code": code_of(world, "late@example.com")}).refused(410)

    asked(world, SUPPORT_ADDRESS)  # the same answer, and no mail into the desk's own mailbox
    assert world.sent_to(SUPPORT_ADDRESS) == []
    world.api("POST", "/v1/portal/sign-in", {"email": "no address"}).refused(400)
    for _ in range(CODES_PER_ADDRESS_PER_HOUR - 1):
        asked(world, "late@example.com")
    world.api("POST", "/v1/portal/sign-in", {"email": "late@example.com"}).refused(429)


def test_a_link_signs_in_once_and_only_when_something_is_pressed(world: World) -> None:
    asked(world, "ann@example.com")
    link = world.sent_to("ann@example.com")[-1].link("/portal/sign-in#").rpartition("#")[2]
    entered = world.api("POST", "/v1/portal/session", {"token": link}).ok()
    assert entered["email"] == "ann@example.com"
    world.api("POST", "/v1/portal/session", {"token": link}).refused(410)


def test_colleagues_see_what_their_organization_shares_and_strangers_see_nothing(world: World) -> None:
    admin = {"agent": ADMIN.id}
    acme = world.api("POST", "/v1/organizations", {"name": "Acme", "domains": ["acme.example"]}, **admin).ok()
    world.api(
        "POST", "/v1/organizations", {"name": "Rival", "domains": ["rival.example"], "shared": True}, **admin
    ).ok()
    ticket = world.open("ann@acme.example", subject="Secret invoice", name="Ann")["ticket"]
    path = f"/v1/requests/{ticket['id']}"
    world.open("bob@acme.example")
    world.open("eve@rival.example")
    ann, bob, eve = (browser(world, who) for who in ("ann@acme.example", "bob@acme.example", "eve@rival.example"))

    assert ann.get(path).ok()["messages"][0]["mine"] is True
    bob.get(path).refused(404)
    bob.get(f"{MINE}?whose=organization").refused(404)
    world.api("PATCH", f"/v1/organizations/{acme['id']}", {"shared": True}, headers={"If-Match": '"0"'}, **admin).ok()
    assert ticket["number"] in numbers(bob.get(f"{MINE}?whose=organization"))
    assert ticket["number"] not in numbers(bob.get(MINE))
    seen = bob.get(path).ok()
    assert seen["messages"][0]["mine"] is False
    assert seen["messages"][0]["author"]["name"] == "Ann"

    attempts = (
        ("GET", "", None),
        ("POST", "/messages", {"body": "Let me in"}),
        ("POST", "/settle", {"solved": True}),
        ("POST", "/people", {"email": "eve@rival.example"}),
        ("DELETE", f"/people/{world.ticket(ticket['id']).requester_id}", None),
    )
    for method, rest, body in attempts:
        refusals = [one.refused(404) for one in (eve.do(method, path + rest, body),)]
        assert "Secret" not in refusals[0].raw
    assert ticket["number"] not in numbers(eve.get(f"{MINE}?whose=organization"))
    cursor = ann.get(f"{MINE}?limit=1")["next_cursor"]
    assert cursor is None or eve.get(f"{MINE}?cursor={cursor}").status == 400

    # who reads along may write, and then takes part; whether it is solved is for those who do
    bob.do("POST", f"{path}/settle", {"solved": True}).refused(403)
    bob.do("POST", f"{path}/messages", {"body": "The same here."}, headers={}).refused(403, "not_from_our_page")
    bob.do("POST", f"{path}/messages", {"body": "The same here."}).ok()
    world.settle()
    shown = {one["number"]: (one["mine"], one["taking_part"]) for one in bob.get(MINE).ok()["items"]}
    assert shown.pop(ticket["number"]) == (False, True)
    assert list(shown.values()) == [(True, False)]
    ours = {one["number"]: one["taking_part"] for one in bob.get(f"{MINE}?whose=organization").ok()["items"]}
    assert ours.pop(ticket["number"])
    assert not any(ours.values())
    assert [one["email"] for one in ann.get(path).ok()["people"]] == ["ann@acme.example", "bob@acme.example"]
    bob.do("POST", f"{path}/settle", {"solved": True}).ok()
    assert ann.get(path)["ticket"]["status"] == "solved"
    ann.do("POST", f"{path}/settle", {"solved": False}).ok()
    assert world.ticket(ticket["id"]).status.value == "open"

    ann.do("POST", f"{path}/people", {"email": AGENT.address}).refused(400)
    ann.do("POST", f"{path}/people", {"email": "cleo@partner.example", "name": "Cleo"}).ok()
    cleo = browser(world, "cleo@partner.example")
    assert cleo.get(path).ok()["ticket"]["number"] == ticket["number"]
    world.settle()
    assert [(one["number"], one["requester_name"]) for one in cleo.get(MINE).ok()["items"]] == [
        (ticket["number"], "Ann")
    ]
    assert ticket["number"] not in numbers(eve.get(MINE))
    cleo_id = next(one["id"] for one in cleo.get(path)["people"] if one["you"])
    world.answer(ticket["id"], AGENT.id, "internal only", visibility="internal").ok()
    assert "internal only" not in cleo.get(path).raw
    bob.do("DELETE", f"{path}/people/{cleo_id}").refused(403)
    ann.do("DELETE", f"{path}/people/{cleo_id}").ok()
    cleo.get(path).refused(404)
    assert numbers(cleo.get(MINE)) == set()
    world.settle()


def test_whose_request_was_merged_into_anothers_sees_nothing_of_that_when_signed_in(world: World) -> None:
    mine, theirs = (world.open(f"{who}@example.com", subject=f"{who}s secret")["ticket"] for who in ("ann", "bob"))
    world.api("POST", f"/v1/tickets/{mine['id']}/merge", {"into": theirs["id"]}, agent=AGENT.id).ok()
    world.settle()
    ann = browser(world, "ann@example.com")
    assert len(world.ticket(theirs["id"]).participants) == 1, "Ann gets its answers by mail"
    assert numbers(ann.get(MINE)) == {mine["number"]}
    ann.get(f"/v1/requests/{theirs['id']}").refused(404)
    own = ann.get(f"/v1/requests/{mine['id']}").ok()
    assert "bobs secret" not in own.raw
    assert own["goes_on"]

    me = own["people"][0]["id"]
    bob = world.ticket(theirs["id"]).requester_id
    ann.do("DELETE", f"/v1/requests/{theirs['id']}/people/{me}").refused(404)
    ann.do("DELETE", f"/v1/requests/{mine['id']}/people/{bob}").refused(409)  # nobody else is taken away by it
    assert "bobs secret" not in ann.do("DELETE", f"/v1/requests/{mine['id']}/people/{me}").ok().raw
    assert world.ticket(theirs["id"]).participants == ()
    assert not ann.get(f"/v1/requests/{mine['id']}").ok()["goes_on"]


def test_who_asks_is_told_at_once_by_when_an_answer_comes(world: World) -> None:
    due = format_instant(world.clock.now + timedelta(seconds=FIRST_RESPONSE_SECONDS))
    opened = world.open("ann@example.com")
    by = opened["ticket"]["expected_reply_by"]
    assert by == due
    path = f"/v1/requests/{opened['ticket']['id']}"
    assert world.api("GET", path, token=opened["access_token"]).ok()["ticket"]["expected_reply_by"] == by
