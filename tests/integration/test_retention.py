"""Rules of retention: what a preview says goes is what goes, once, on time; history, reports and all the rest stay."""

import json
from typing import Any

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.privacy import retention
from helpdesk.privacy.clearing import Clearing
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import Event, TicketCleared
from helpdesk.tickets.rules import fold
from tests.support.desk import ADMIN, AGENT, SUPERVISOR, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail
from tests.support.traces import places_of
from tests.support.world import MAIL_BUCKET, World, a_world, handler_of

PEOPLE = ("xylophina", "quuxberg", "quuxmail")
WORDS = ("zebrafisch", "kumquattig", "narwaling")
FILES = ("plumbata",)
RULE = {
    "name": "Technical matters",
    "after_days": 90,
    "removes": ["files", "words", "people"],
    "conditions": {"field": "category", "is": ["technical"]},
    "enabled": True,
}


@pytest.fixture(autouse=True)
def _young_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that is a year old: looking through empty months takes time here."""
    monkeypatch.setattr(retention, "FIRST_MONTHS", 12)


def run(world: World) -> dict[str, Any]:
    """The schedule starts retention."""
    found: dict[str, Any] = world.invoke(topology.RETENTION, {})
    world.settle()
    return found


def history(ticket_id: str) -> list[Event]:
    return list(bootstrap.agent_desk().whole_history(ticket_id))


def by_mail(world: World) -> str:
    """A ticket that has something of everything, solved and rated; its requester has it for themselves."""
    mail = a_mail(
        "xylophina@quuxmail.example",
        "Zebrafisch is ill",
        "The zebrafisch does not swim. " + "It rests. " * 5000,
        name="Xylophina Quuxberg",
        message_id="<z1@quuxmail.example>",
    )
    mail.add_attachment(b"plumbata: all of it", maintype="application", subtype="pdf", filename="plumbata.pdf")
    world.mail(mail)
    world.settle()
    ticket_id = world.ticket_ids[-1]
    path = f"/v1/tickets/{ticket_id}"
    world.patch(ticket_id, AGENT.id, category="technical", assignee=AGENT.id, fields={"animal": "zebrafisch"}).ok()
    world.answer(ticket_id, AGENT.id, "Dear Xylophina, is it kumquattig?").ok()
    aside = {"to": [{"email": "vet@quuxmail.example"}], "subject": "Zebrafisch", "body": "What does a zebrafisch eat?"}
    world.api("POST", f"{path}/side-conversations", aside, agent=AGENT.id).ok()
    world.api("POST", f"{path}/tasks", {"title": "Call Xylophina", "assignee": AGENT.id}, agent=AGENT.id).ok()
    world.api("POST", f"{path}/time", {"seconds": 60, "note": "zebrafisch, twice"}, agent=AGENT.id).ok()
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.settle()
    world.pass_time(seconds=SURVEY_DELAY_SECONDS + 60)
    link = next(one for one in world.sent if "/portal/survey/" in one.text).link("/portal/survey/")
    rated = {"rating": 5, "comment": "Narwaling good"}
    world.api("POST", "/v1/surveys/" + link.rpartition("/")[2], rated).ok()
    world.settle()
    return ticket_id


def solved(world: World, category: str, body: str = "It says 0x8007.") -> str:
    ticket_id = str(world.open("ann@example.com", subject="Printer", body=body)["ticket"]["id"])
    world.settle()
    world.patch(ticket_id, AGENT.id, category=category, status="solved").ok()
    world.settle()
    return ticket_id


def text_of(world: World, ticket_id: str) -> str:
    return " ".join(one.text for one in world.messages(ticket_id))


def preview(world: World, **rule: object) -> dict[str, Any]:
    body = {"rule": RULE | rule}
    found: dict[str, Any] = world.api("POST", "/v1/retention-rules/preview", body, agent=ADMIN.id).ok().body
    return found


def begin(world: World, rule_id: str = "technical", **rule: object) -> None:
    """A rule is written, and its day of grace is over."""
    world.api("PUT", f"/v1/retention-rules/{rule_id}", RULE | rule, agent=ADMIN.id).ok()
    run(world)
    world.pass_time(days=1, minutes=1)


def test_what_a_preview_names_goes_once_and_nothing_else_does() -> None:
    with a_world() as world:
        mine = by_mail(world)
        other, held = solved(world, "billing"), solved(world, "technical", "Keep this for the court.")
        world.pass_time(days=5)  # they are closed by now
        world.api("PUT", f"/v1/tickets/{held}/legal-hold", agent=SUPERVISOR.id).refused(403)
        assert world.api("PUT", f"/v1/tickets/{held}/legal-hold", agent=ADMIN.id).ok()["legal_hold"] is True
        assert preview(world)["tickets"] == 0
        world.pass_time(days=65)
        assert (preview(world)["tickets"], preview(world)["soon"]) == (0, 1)
        world.pass_time(days=25)
        shown = preview(world)
        assert (shown["tickets"], shown["held"], [one["ticket_id"] for one in shown["items"]]) == (1, 1, [mine])
        assert (shown["items"][0]["files"], shown["items"][0]["mails"], shown["items"][0]["bytes"]) == (1, 1, 19)
        facts = {one: [event.fact for event in history(one)] for one in (mine, other, held)}
        ratings = world.ticket(mine).rating, world.ticket(mine).time_seconds

        world.api("PUT", "/v1/retention-rules/technical", RULE, agent=ADMIN.id).ok()
        assert run(world) == {"tickets": 0, "complete": True}  # its day of grace begins
        begins = world.api("GET", "/v1/retention-rules", agent=ADMIN.id).ok()["items"][0]["begins_at"]
        world.pass_time(hours=23)
        assert run(world)["tickets"] == 0
        world.pass_time(hours=2)
        assert run(world) == {"tickets": 1, "complete": True}

        handler_of(topology.INDEX_KEEPER)({}, None)
        left = places_of(world, (*WORDS, *FILES))
        assert left == {}
        assert {place.partition("#")[0] for place in places_of(world, PEOPLE)} == {"ADDRESS", "PERSON"}
        assert mine not in json.dumps([*places_of(world, PEOPLE)])
        assert not boto3.client("s3").list_objects_v2(Bucket=MAIL_BUCKET, Prefix="inbound/").get("Contents")
        assert world.api("GET", "/v1/search?q=zebrafisch", agent=AGENT.id).ok()["items"] == []
        for one in (mine, other, held):
            events, ticket = history(one), world.ticket(one)
            assert verify(events, ticket.chain) is None
            assert fold(events).chain == ticket.chain
            ours = [event.fact for event in events if not isinstance(event.fact, TicketCleared)]
            assert ours == facts[one]
        assert (world.ticket(mine).rating, world.ticket(mine).time_seconds) == ratings
        assert "0x8007" in text_of(world, other)
        assert "court" in text_of(world, held)
        seen = world.api("GET", f"/v1/tickets/{mine}", agent=AGENT.id).ok()
        assert (seen["cleared"], seen["subject"]) == (["files", "words", "people"], "")
        assert preview(world)["tickets"] == 0

        version = world.ticket(mine).version
        assert run(world)["tickets"] == 0
        assert world.ticket(mine).version == version
        rule = world.api("GET", "/v1/retention-rules", agent=ADMIN.id).ok()["items"][0]
        assert (rule["tickets"], rule["begins_at"], rule["failed"]) == (1, begins, 0)
        trail = world.api("GET", "/v1/audit?kind=retention", agent=ADMIN.id).ok()["items"]
        assert [(one["action"], one["from"]["via"]) for one in trail] == [
            ("carried_out", "schedule"),
            ("created", "api"),
        ]
        assert trail[0]["after"] == {"tickets": 1, "complete": True}

        world.api("DELETE", f"/v1/tickets/{held}/legal-hold", agent=ADMIN.id).ok()
        assert run(world)["tickets"] == 1
        assert text_of(world, held).strip() == ""


def test_a_rule_takes_only_what_it_names_and_new_words_go_in_their_turn() -> None:
    with a_world() as world:
        mine = by_mail(world)
        world.pass_time(days=91)
        begin(world, "files", removes=["files"])
        assert run(world)["tickets"] == 1
        assert places_of(world, FILES) == {}
        assert {word for hits in places_of(world, WORDS).values() for word in hits} == set(WORDS)
        begin(world, "people", removes=["people"], after_days=91)
        assert run(world)["tickets"] == 1
        assert world.ticket(mine).copies.requester_name is None
        assert world.ticket(mine).copies.subject == "Zebrafisch is ill"
        assert world.ticket(mine).cleared == ("files", "people")
        begin(world, "words", removes=["words"])
        run(world)
        assert places_of(world, WORDS) == {}
        world.api("POST", f"/v1/tickets/{mine}/time", {"seconds": 60, "note": "zebrafisch"}, agent=AGENT.id).ok()
        world.settle()
        assert run(world)["tickets"] == 3  # each rule finds it changed
        assert places_of(world, WORDS) == {}


def test_a_ticket_that_another_went_on_in_decides_for_both_and_what_is_opened_again_keeps_its_words() -> None:
    with a_world() as world:
        gone, target = solved(world, "technical", "Zebrafisch one"), str(world.open()["ticket"]["id"])
        again = solved(world, "technical", "Kumquattig")
        world.settle()
        other = str(world.open("ann@example.com", body="Zebrafisch two")["ticket"]["id"])
        world.api("POST", f"/v1/tickets/{other}/merge", {"into": target}, agent=AGENT.id).ok()
        world.settle()
        world.patch(again, AGENT.id, status="open").ok()
        world.pass_time(days=91)
        begin(world, conditions={})
        assert run(world)["tickets"] == 1
        assert text_of(world, gone).strip() == ""
        assert "Zebrafisch two" in text_of(world, other)
        assert "Kumquattig" in text_of(world, again)
        world.patch(target, AGENT.id, category="technical", status="solved").ok()
        world.settle()
        world.pass_time(days=91)
        run(world)
        assert text_of(world, other).strip() == ""


def test_what_a_run_could_not_finish_the_next_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_world() as world:
        tickets = [solved(world, "technical", f"Zebrafisch {number}") for number in range(3)]
        world.pass_time(days=91)
        begin(world)
        clear, calls = Clearing.clear, iter(range(100))

        def breaks_once(self: Clearing, ticket_id: str, content: Any) -> None:
            if next(calls) == 0:
                raise OSError("no bucket")
            clear(self, ticket_id, content)

        monkeypatch.setattr(Clearing, "clear", breaks_once)
        with pytest.raises(RuntimeError, match="1 tickets"):
            run(world)
        assert len(places_of(world, ("zebrafisch",))) >= 1
        assert world.api("GET", "/v1/retention-rules", agent=ADMIN.id).ok()["items"][0]["failed"] == 1
        assert run(world) == {"tickets": 1, "complete": True}
        assert places_of(world, ("zebrafisch",)) == {}
        more = [solved(world, "technical", f"Zebrafisch {number}") for number in range(3)]
        world.pass_time(days=91)
        with monkeypatch.context() as hurried:
            hurried.setattr(retention, "RUN_SECONDS", -1.0)
            assert run(world) == {"tickets": 0, "complete": False}
        assert run(world) == {"tickets": 3, "complete": True}
        assert all(world.ticket(one).cleared for one in (*tickets, *more))


def test_whose_last_ticket_was_cleared_is_forgotten_themselves_and_nobody_before() -> None:
    with a_world() as world:
        mine = by_mail(world)
        person_id = world.ticket(mine).requester_id
        known = {"notes": "Likes kumquattig tea."}
        headers = {"If-Match": '"0"'}
        world.api("PATCH", f"/v1/people/{person_id}", known, agent=AGENT.id, headers=headers).ok()
        later = world.open("xylophina@quuxmail.example", subject="And now?", body="It rests.")["ticket"]["id"]
        world.settle()
        begin(world, conditions={}, forgets=True)
        world.pass_time(days=91)
        run(world)
        assert world.ticket(mine).cleared
        assert not world.ticket(later).cleared  # it is open
        assert world.api("GET", f"/v1/people/{person_id}", agent=AGENT.id).ok()["notes"] == known["notes"]
        world.patch(str(later), AGENT.id, status="solved").ok()
        world.settle()
        world.pass_time(days=96)
        run(world)
        assert places_of(world, (*PEOPLE, *WORDS, *FILES)) == {}
        person = world.api("GET", f"/v1/people/{person_id}", agent=AGENT.id).ok()
        assert (person["name"], person["notes"]) == (None, None)
        assert run(world) == {"tickets": 0, "complete": True}


def test_from_where_anything_was_asked_for_is_forgotten_in_time_whoever_it_was() -> None:
    with a_world() as world:
        ticket_id = str(world.open("ann@example.com")["ticket"]["id"])
        world.settle()
        world.api("PUT", "/v1/kept-addresses", {"days": 0}, agent=ADMIN.id).refused(400)
        world.api("PUT", "/v1/kept-addresses", {"days": 30}, agent=SUPERVISOR.id).refused(403)
        assert world.api("PUT", "/v1/kept-addresses", {"days": 30}, agent=ADMIN.id).ok()["days"] == 30

        def known() -> set[str]:
            return {event.actor.kind.value for event in history(ticket_id) if event.came_from}

        world.patch(ticket_id, AGENT.id, tags=["a"]).ok()
        world.settle()
        assert known() == {"requester", "agent"}
        world.advance(days=29)
        run(world)
        assert known() == {"requester", "agent"}
        world.advance(days=2)
        run(world)
        assert known() == set()
        assert verify(history(ticket_id), world.ticket(ticket_id).chain) is None
        world.patch(ticket_id, AGENT.id, tags=["b"]).ok()
        run(world)
        assert known() == {"agent"}
        world.advance(days=31)
        run(world)
        assert known() == set()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"removes": ["words"], "forgets": True}, "/forgets"),
        ({"removes": []}, "/removes"),
        ({"conditions": {"field": "created_at", "older_than": "3d"}}, "/conditions"),
        ({"conditions": {"field": "subject", "contains": ["x"]}}, "/conditions"),
        ({"conditions": {"field": "assignee", "is": ["me"]}}, "/conditions"),
        ({"conditions": {"any": []}}, "/conditions/any"),
        ({"conditions": {"field": "category", "is": ["nothing"]}}, "/conditions/is/0"),
    ],
)
def test_a_rule_that_would_not_do_what_it_says_is_refused(wrong: dict[str, object], pointer: str) -> None:
    with a_world() as world:
        answer = world.api("PUT", "/v1/retention-rules/x", RULE | wrong, agent=ADMIN.id).refused(400)
        assert pointer in answer.pointers
