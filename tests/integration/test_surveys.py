"""Surveys through the front door: asked when their plan says, counted once, and read where they matter."""

import json
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.meter import metering
from functions.automation import clock
from helpdesk.people.model import Absence, Agent, Role
from helpdesk.surveys.plans import Asks, Question, QuestionKind, SurveyPlan
from tests.support.contention import contended
from tests.support.desk import AGENT, AGENT2, SUPERVISOR, SURVEY_DELAY_SECONDS, desk_for_tests
from tests.support.world import World, a_world

LATER = 6 * 3600
RECOMMEND = Question("recommend", QuestionKind.NPS, {"en": "Would you recommend us?", "ko": "추천하시겠어요?"})
BILLING = SurveyPlan("billing", {"en": "Billing"}, groups=("billing",), delay_seconds=LATER, questions=(RECOMMEND,))


def solved(world: World, address: str, **fields: object) -> str:
    ticket_id = str(world.open(address, **fields)["ticket"]["id"])
    world.settle()
    world.patch(ticket_id, AGENT.id, assignee=AGENT.id, status="solved").ok()
    world.settle()
    return ticket_id


def survey_of(world: World, address: str) -> str:
    mail = next(mail for mail in reversed(world.sent_to(address)) if "/portal/survey/" in mail.text)
    return "/v1/surveys/" + mail.link("/portal/survey/").rpartition("/")[2]


def test_answers_are_asked_for_when_their_plan_says_counted_once_and_shown_where_they_matter() -> None:
    desk = replace(desk_for_tests(), surveys={"billing": BILLING})
    with a_world(desk) as world:
        technical = solved(world, "ann@example.com", category="technical")
        billing = solved(world, "bob@example.com", category="billing")
        assert world.ticket(billing).survey_at == world.ticket(billing).updated_at + timedelta(seconds=LATER)
        world.pass_time(seconds=SURVEY_DELAY_SECONDS + 60)
        assert [bool(world.ticket(one).survey_id) for one in (technical, billing)] == [True, False]
        world.pass_time(seconds=LATER)

        said = {"rating": 2, "comment": "Slow.", "answers": {"recommend": 3}}
        world.api("POST", survey_of(world, "bob@example.com"), {**said, "rating": 5, "answers": {"recommend": 10}}).ok()
        for _ in range(2):
            world.api("POST", survey_of(world, "bob@example.com"), said).ok()
        with contended(2):  # many answers are counted in the same buckets
            world.api("POST", survey_of(world, "ann@example.com"), {"rating": 5}).ok()
        world.settle()

        def report(who: str = SUPERVISOR.id, **query: str) -> list[dict[str, object]]:
            asked = "&".join(f"{name}={value}" for name, value in query.items())
            return list(world.api("GET", f"/v1/reports/surveys?{asked}", agent=who).ok()["items"])

        (whole,) = report()
        assert (whole["ratings"], whole["nps"], whole["mean"]) == ([0, 1, 0, 0, 1], -100.0, 3.5)
        for by, keys in (
            ("group", {"support", "billing"}),
            ("plan", {"", "billing"}),
            ("agent", {AGENT.id}),
            ("day", {"2026-11-23"}),
            ("week", {"2026-W48"}),
        ):
            found = report(by=by)
            assert {one["key"] for one in found} == keys
            assert sum(int(str(one["answers"])) for one in found) == 2
        assert report(until="2026-11-22") == []

        # One's own are anybody's to see, others' are not.
        assert report(AGENT.id, agent="me")[0]["ratings"] == [0, 1, 0, 0, 1]
        assert report(AGENT2.id, agent="me") == []
        world.api("GET", f"/v1/reports/surveys?agent={AGENT.id}", agent=AGENT2.id).refused(403)
        world.api("GET", "/v1/reports/surveys?agent=me&by=group", agent=AGENT.id).refused(400)

        def answers(query: str, who: str = SUPERVISOR.id) -> list[dict[str, object]]:
            items: list[dict[str, object]] = []
            cursor = ""
            while True:
                page = world.api("GET", f"/v1/reports/surveys/answers?limit=1&{query}{cursor}", agent=who).ok()
                items += page["items"]
                if page["next_cursor"] is None:
                    return items
                cursor = f"&cursor={page['next_cursor']}"

        assert [(one["ticket"], one["rating"], one["comment"]) for one in answers("")] == [
            ({"id": technical, "number": world.ticket(technical).number}, 5, None),
            ({"id": billing, "number": world.ticket(billing).number}, 2, "Slow."),
        ]
        (low,) = answers("rating_to=2")
        assert low["answers"] == [{"question": "Would you recommend us?", "answer": 3}]
        assert len(answers("agent=me", AGENT.id)) == 2
        assert len(answers(f"person={world.ticket(billing).requester_id}", AGENT.id)) == 1
        assert answers(f"person={world.ticket(billing).requester_id}", AGENT2.id)[0]["comment"] == "Slow."
        world.api("GET", "/v1/reports/surveys/answers", agent=AGENT.id).refused(403)

        # Who was merged into somebody answered as them, and is left in peace with them.
        ann, bob = (world.ticket(one).requester_id for one in (technical, billing))
        world.api("POST", f"/v1/people/{bob}/merge", {"person": ann}, agent=SUPERVISOR.id).ok()
        for person in (bob, ann):
            assert [one["rating"] for one in answers(f"person={person}")] == [5, 2]

        # Whoever has the ticket, and who looks after them, are told of the low one with its words, and of no other.
        for agent in (AGENT, SUPERVISOR):
            told = world.api("GET", "/v1/notifications", agent=agent.id).ok()["items"]
            assert [one["ticket_id"] for one in told if one["kind"] == "rated_low"] == [billing]
            (mail,) = [mail for mail in world.sent_to(agent.address) if "Slow." in mail.text]
            assert f"/tickets/{billing}" in mail.text

        # A report costs its days, however many answers there are.
        with metering(world) as reading:
            report(by="group")
        assert reading.calls["dynamodb.Query"] <= 2, "a query for each month"


WHY = Question("why", QuestionKind.TEXT, {"en": "What would help?"}, rating_to=3)
PULSE = SurveyPlan(
    "pulse",
    {"en": "How was your week?", "ko": "이번 주는 어땠나요?"},
    groups=("support",),
    questions=(RECOMMEND, WHY),
    asks=Asks.TEAM,
    every_days=7,
    open_days=5,
)


def test_colleagues_answer_without_a_name_and_results_are_told_once_enough_have_and_the_round_is_over() -> None:
    more = tuple(
        Agent(f"colleague-{number}", f"A {number}", f"a{number}@desk.test", Role.AGENT, ("support",))
        for number in range(6)
    )
    more = (*more[:5], replace(more[5], absences=(Absence(date(2026, 11, 23), date(2026, 11, 24)),)))
    desk = desk_for_tests()
    agents = {**desk.agents, **{one.id: one for one in more}, "bo": Agent("bo", "Bo", "bo@desk.test", Role.AGENT)}
    with a_world(replace(desk, surveys={"pulse": PULSE}, agents=agents)) as world:

        def waiting(agent: str) -> list[dict[str, object]]:
            return list(world.api("GET", "/v1/me/pulses", agent=agent).ok()["items"])

        def say(agent: str, rating: int = 4, **more: object) -> None:
            round_id = waiting(agent)[0]["id"]
            world.api("POST", f"/v1/me/pulses/{round_id}", {"rating": rating, **more}, agent=agent).ok()

        def told() -> dict[str, object]:
            return dict(world.api("GET", "/v1/reports/pulses", agent=SUPERVISOR.id).ok()["items"][0])

        # They are told by mail once, by day, unless they want none; whoever is away when they are back.
        def told_by_mail() -> set[str]:
            before = len(world.sent)
            clock.handler({}, None)
            found = [mail.to for mail in world.sent[before:] if "/satisfaction" in mail.text]
            assert len(found) == len(set(found))
            return set(found)

        no_mail = {"items": [{"kind": "pulse_asked", "page": True, "mail": False}]}
        world.api("PUT", "/v1/me/notification-preferences", no_mail, agent=AGENT2.id).ok()
        assert told_by_mail() == set(), "it is night"
        world.advance(hours=8)
        assert told_by_mail() == {AGENT.address, SUPERVISOR.address, *(one.address for one in more[:5])}
        assert told_by_mail() == set()

        assert waiting("bo") == []
        (asked,) = waiting(AGENT.id)
        assert (asked["id"], asked["name"], asked["until"]) == ("pulse.2026-11-23", "이번 주는 어땠나요?", "2026-11-27")
        path = f"/v1/me/pulses/{asked['id']}"
        world.api("POST", path, {"rating": 4}, agent="bo").refused(404)
        world.api("POST", path, {"rating": 9}, agent=AGENT.id).refused(400)
        for one in more[:4]:
            say(one.id, 2, comment=f"Comment of {one.id}", answers={"recommend": 3, "why": "Fewer mails"})
        say(AGENT.id, 5, comment="It was me", named=True)
        assert waiting(AGENT.id) == []
        world.api("POST", path, {"rating": 1}, agent=AGENT.id).refused(409, "already_answered")

        # Five answered, four of them without a name: who knows the fifth would know the others.
        assert (told()["answers"], told()["asked"], told()["results"]) == (5, 9, None)
        world.advance(days=5)
        assert told()["results"] is None
        world.advance(days=-1)
        assert told_by_mail() == {more[5].address}
        say(more[4].id, 1)
        assert told()["results"] is None, "the round is not over"
        world.advance(days=1)
        world.api("POST", path, {"rating": 1}, agent=AGENT2.id).refused(410)
        results = dict(told()["results"])  # type: ignore[call-overload]
        assert results["ratings"] == [1, 4, 0, 0, 1]
        assert results["nps"] == -100.0
        assert sorted(one["text"] for one in results["comments"] if one["agent"] is None) == [
            f"Comment of {one.id}" for one in more[:4]
        ]
        assert [one for one in results["comments"] if one["agent"] is not None] == [
            {"text": "It was me", "agent": AGENT.id}
        ]
        recommend, why = results["questions"]
        assert recommend["counts"] == [{"answer": 3, "count": 4}]
        assert [one["text"] for one in why["texts"]] == ["Fewer mails"] * 4

        # Nothing that is kept beside a colleague says what they said, and nothing beside an answer whose it is.
        answers = {sk: item for (pk, sk), item in world.items.items() if pk.startswith("PULSE#")}
        receipts = {sk: item for (pk, sk), item in world.items.items() if pk.startswith("ANSWERED#")}
        assert set(receipts) == {f"AGENT#{one.id}" for one in (*more[:5], AGENT)}
        assert {json.dumps(item["document"]) for item in receipts.values()} == {json.dumps({"S": "{}"})}
        for item in answers.values():
            words = json.dumps(item, ensure_ascii=False)
            assert (AGENT.id in words) is ("It was me" in words)
            assert not [one.id for one in more if one.id in words.replace(f"Comment of {one.id}", "")]

        world.advance(days=2)
        assert waiting(AGENT.id)[0]["id"] == "pulse.2026-11-30"
        world.api("GET", "/v1/reports/pulses", agent=AGENT.id).refused(403)
