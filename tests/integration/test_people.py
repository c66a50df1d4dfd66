"""People and organizations, through the API and the mail."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.meter import metering
from helpdesk import bootstrap
from helpdesk.people.model import Group, Organization, Person
from helpdesk.portal.model import Visitor
from helpdesk.portal.rules import identity_on
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR, SURVEY_DELAY_SECONDS
from tests.support.desks import RULES
from tests.support.lives import Life
from tests.support.raw_mails import a_mail, an_answer
from tests.support.world import MONDAY_MORNING as MONDAY
from tests.support.world import Answered, Mischief, World, a_world

KIM, ALSO = "kim@acme.test", "k@home.test"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


def a_person(world: World, *emails: str, **known: object) -> Answered:
    return world.api("POST", "/v1/people", {"emails": [*emails], **known}, agent=AGENT.id).ok()


def changed(world: World, person_id: str, version: int, **wish: object) -> Answered:
    headers = {"If-Match": f'"{version}"'}
    return world.api("PATCH", f"/v1/people/{person_id}", wish, agent=AGENT.id, headers=headers)


def an_organization(world: World, name: str = "Acme", **known: object) -> str:
    body = {"name": name, **known}
    return str(world.api("POST", "/v1/organizations", body, agent=AGENT.id).ok()["id"])


def names(world: World, query: str) -> list[str]:
    found = world.api("GET", f"/v1/people?{query}", agent=AGENT.id).ok()
    return [one["name"] or one["email"] for one in found["items"]]


def numbers_of(world: World, query: str) -> list[int]:
    found = world.api("GET", f"/v1/tickets?{query}&limit=2", agent=AGENT.id).ok()
    numbers = [one["number"] for one in found["items"]]
    while found["next_cursor"]:
        found = world.api("GET", f"/v1/tickets?{query}&limit=2&cursor={found['next_cursor']}", agent=AGENT.id).ok()
        numbers += [one["number"] for one in found["items"]]
    return numbers


def test_a_person_is_made_known_described_and_changed_against_the_version_that_was_seen(world: World) -> None:
    made = a_person(
        world,
        " Kim@Acme.test",
        ALSO,
        name=" Kim  Min-su ",
        phones=["+82 10-1234-5678"],
        locale="ko",
        time_zone="Asia/Seoul",
        tags=["vip", "vip"],
        notes="Calls late.",
        fields={"customer": "C-7"},
    )
    assert made.status == 201
    assert (made["email"], made["emails"], made["name"]) == (KIM, [KIM, ALSO], "Kim Min-su")
    assert (made["phones"], made["tags"], made["fields"]) == (["+821012345678"], ["vip"], {"customer": "C-7"})
    after = changed(world, made["id"], made["version"], emails=[ALSO], notes="", time_zone="Asia/Tokyo").ok()
    assert (after["emails"], after["notes"], after["time_zone"], after["tags"]) == ([ALSO], None, "Asia/Tokyo", ["vip"])
    assert after.headers["etag"] == f'"{after["version"]}"'
    changed(world, made["id"], made["version"], notes="Late").refused(409, "stale_version")
    assert world.api("GET", f"/v1/people/{made['id']}", agent=AGENT.id).ok().body == after.body
    world.api("PATCH", f"/v1/people/{made['id']}", {"notes": "x"}, agent=AGENT.id).refused(400)
    marked = world.api("PATCH", f"/v1/people/{made['id']}", {"undeliverable": True}, agent=AGENT.id).ok()
    assert marked["undeliverable"]
    assert not changed(world, made["id"], marked["version"], emails=[KIM, ALSO]).ok()["undeliverable"]


def test_what_is_wrong_with_a_person_is_named_field_by_field(world: World) -> None:
    a_person(world, KIM)
    bad = {"emails": ["no", AGENT.address], "phones": ["call me"], "time_zone": "Mars/Base", "organization": "x" * 26}
    refused = world.api("POST", "/v1/people", bad, agent=AGENT.id).refused(400)
    assert refused.pointers == {"/emails/0", "/emails/1", "/phones/0", "/time_zone", "/organization"}
    world.api("POST", "/v1/people", {"emails": [ALSO, KIM]}, agent=AGENT.id).refused(409, "address_in_use")
    world.api("GET", "/v1/people/nobody", agent=AGENT.id).refused(404)


def test_mail_from_a_further_address_is_the_same_persons(world: World) -> None:
    person = a_person(world, KIM, ALSO, name="Kim")
    world.mail(a_mail(ALSO, "The printer", "It stops."))
    world.settle()
    assert len(numbers_of(world, f"requester={person['id']}")) == 1
    assert len(world.sent_to(KIM)) == 1
    assert world.sent_to(ALSO) == []


def test_an_answer_from_a_further_address_joins_the_requesters_ticket(world: World) -> None:
    a_person(world, KIM, ALSO, name="Kim")
    ticket_id = world.open(KIM)["ticket"]["id"]
    world.settle()
    world.mail(an_answer(world.sent_to(KIM)[-1], ALSO, "From home: it works now."))
    assert [message.author.kind for message in world.messages(ticket_id)] == ["requester", "requester"]


def test_people_are_listed_by_name_and_found_by_the_beginning_of_what_leads_to_them(world: World) -> None:
    a_person(world, KIM, name="Kim Min-su", phones=["+82 10-1234-5678"])
    a_person(world, "lee@acme.test", name="LEE Kim")
    a_person(world, "kimchi@shop.test")
    a_person(world, "minji@home.test", name="김민지")
    assert names(world, "") == ["Kim Min-su", "kimchi@shop.test", "LEE Kim", "김민지"]
    assert names(world, "q=KIM") == ["Kim Min-su", "kimchi@shop.test", "LEE Kim"]
    assert names(world, "q=min-su") == ["Kim Min-su"]
    assert names(world, "q=%EA%B9%80") == ["김민지"]
    assert names(world, "q=kim@") == ["Kim Min-su"]
    assert names(world, "q=@acme.test") == ["Kim Min-su", "LEE Kim"]
    assert names(world, "q=010+1234+5678") == names(world, "q=%2B821012345678") == ["Kim Min-su"]
    first = world.api("GET", "/v1/people?q=kim&limit=2", agent=AGENT.id).ok()
    rest = world.api("GET", f"/v1/people?q=kim&limit=2&cursor={first['next_cursor']}", agent=AGENT.id).ok()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["Kim Min-su", None, "LEE Kim"]
    world.api("GET", f"/v1/people?q=lee&cursor={first['next_cursor']}", agent=AGENT.id).refused(400)


def test_of_two_who_are_one_all_tickets_and_mails_are_the_survivors_at_once_and_again_apart_after(world: World) -> None:
    kim = a_person(world, KIM, name="Kim", phones=["+82 10-1234-5678"])
    also = a_person(world, ALSO, name="Min-su Kim", phones=["010 1234 5678"], notes="Likes tea.")
    tickets = [world.open(address)["ticket"]["number"] for address in (KIM, ALSO, KIM, ALSO, ALSO)]
    suggested = world.api("GET", f"/v1/people/{kim['id']}/merges", agent=AGENT.id).ok()["suggested"]
    assert [one["id"] for one in suggested] == [also["id"]]

    merge = {"person": also["id"]}
    one = world.api("POST", f"/v1/people/{kim['id']}/merge", merge, agent=AGENT.id).ok()
    assert (one["emails"], one["notes"], one["merged"]) == ([KIM, ALSO], "Likes tea.", [also["id"]])
    assert world.api("POST", f"/v1/people/{kim['id']}/merge", merge, agent=AGENT.id).ok().body == one.body
    assert world.api("GET", f"/v1/people/{also['id']}", agent=AGENT.id).ok().body == one.body
    assert numbers_of(world, f"requester={kim['id']}") == sorted(tickets, reverse=True)
    assert numbers_of(world, f"requester={also['id']}") == sorted(tickets, reverse=True)
    assert names(world, "") == ["Kim"]

    later = world.open(ALSO)["ticket"]["number"]
    world.mail(a_mail(ALSO, "One more", "Hello."))
    assert len(numbers_of(world, f"requester={kim['id']}")) == len(tickets) + 2

    apart = world.api("POST", f"/v1/people/{kim['id']}/unmerge", merge, agent=SUPERVISOR.id).ok()
    assert (apart["emails"], apart["notes"], apart["merged"]) == ([KIM], None, [])
    assert world.api("GET", f"/v1/people/{also['id']}", agent=AGENT.id).ok()["emails"] == [ALSO]
    assert numbers_of(world, f"requester={also['id']}") == sorted((tickets[1], tickets[3], tickets[4]), reverse=True)
    assert later in numbers_of(world, f"requester={kim['id']}")
    record = world.api("GET", f"/v1/people/{kim['id']}/merges", agent=AGENT.id).ok()["merged"]
    assert [(one["person"], one["by"], one["undone_by"]) for one in record] == [(also["id"], AGENT.id, SUPERVISOR.id)]
    world.api("POST", f"/v1/people/{kim['id']}/unmerge", merge, agent=AGENT.id).refused(404)


def test_an_answer_to_the_ticket_of_somebody_merged_goes_to_the_survivor_and_is_shown_as_sent(world: World) -> None:
    kim, also = a_person(world, KIM, name="Kim"), a_person(world, ALSO)
    ticket_id = world.open(ALSO)["ticket"]["id"]
    world.settle()
    world.api("POST", f"/v1/people/{kim['id']}/merge", {"person": also["id"]}, agent=AGENT.id).ok()
    world.answer(ticket_id, AGENT.id, "It is repaired.").ok()
    world.settle()
    assert "It is repaired." in world.sent_to(KIM)[-1].text
    shown = world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok()["items"]
    assert shown[0]["delivery"] == "sent"
    world.mail(an_answer(world.sent_to(KIM)[-1], KIM, "Thank you."))
    assert len(world.messages(ticket_id)) == 3


def test_newcomers_of_a_domain_join_its_organization_and_so_do_their_tickets(world: World) -> None:
    acme = an_organization(world, domains=["@ACME.test"], notes="Renews in May.", tags=["key"], fields={"crm": 7})
    first = world.open("new@acme.test")["ticket"]["id"]
    world.mail(a_mail("Newer <newer@acme.test>", "Hello", "Hi."))
    world.open("other@sub.acme.test")
    world.open("free@gmail.com")
    assert world.ticket(first).organization_id == acme
    assert names(world, f"organization={acme}") == ["new@acme.test", "Newer"]
    assert len(numbers_of(world, f"organization={acme}")) == 2
    refused = world.api("POST", "/v1/organizations", {"name": "", "domains": ["gmail.com", "x"]}, agent=AGENT.id)
    assert refused.refused(400).pointers == {"/name"}
    refused = world.api("POST", "/v1/organizations", {"name": " ", "domains": ["gmail.com", "x"]}, agent=AGENT.id)
    assert refused.refused(400).pointers == {"/name", "/domains/0", "/domains/1"}
    again = {"name": "Acme 2", "domains": ["acme.test"]}
    world.api("POST", "/v1/organizations", again, agent=AGENT.id).refused(409, "domain_in_use")


def test_who_changes_companies_leaves_old_tickets_where_they_are(world: World) -> None:
    acme, bolt = an_organization(world, domains=["acme.test"]), an_organization(world, "Bolt")
    ticket_id = world.open(KIM)["ticket"]["id"]
    person = world.api("GET", f"/v1/people/{world.ticket(ticket_id).requester_id}", agent=AGENT.id).ok()
    changed(world, person["id"], person["version"], organization=bolt).ok()
    assert world.ticket(ticket_id).organization_id == acme
    assert world.ticket(world.open(KIM)["ticket"]["id"]).organization_id == bolt
    world.api("DELETE", f"/v1/organizations/{bolt}", agent=SUPERVISOR.id).refused(409)
    world.api("DELETE", f"/v1/organizations/{acme}", agent=SUPERVISOR.id).ok()
    world.api("GET", f"/v1/organizations/{acme}", agent=AGENT.id).refused(404)
    assert world.api("GET", "/v1/organizations?q=bo", agent=AGENT.id).ok()["items"][0]["name"] == "Bolt"
    free = changed(world, person["id"], person["version"] + 1, organization="").ok()
    assert free["organization"] is None


def test_the_support_plan_of_an_organization_chooses_the_policy_of_its_tickets(world: World) -> None:
    plan = {"names": {"en": "Gold", "ko": "골드"}, "descriptions": {"en": "Answers within the hour."}}
    world.api("PUT", "/v1/plans/gold", plan, agent=ADMIN.id).ok()
    world.api("PUT", "/v1/plans/gold", plan, agent=AGENT.id).refused(403)
    hour = [{"metric": "first_response", "seconds": 3600}]
    policy = {
        "name": "Gold",
        "calendar_id": "seoul",
        "place": 1,
        "targets": dict.fromkeys(("urgent", "high", "normal", "low"), hour),
        "conditions": {"plans": ["gold"]},
    }
    world.api("PUT", "/v1/sla-policies/gold", policy, agent=ADMIN.id).ok()
    world.restart()  # containers know settings for seconds
    acme = an_organization(world, domains=["acme.test"], plan="gold")
    gold, plain = world.open(KIM)["ticket"]["id"], world.open("else@example.com")["ticket"]["id"]
    assert [world.ticket(one).sla.policy_id for one in (gold, plain)] == ["gold", "standard"]
    moved = world.patch(plain, AGENT.id, organization=acme).ok()
    assert moved["sla"]["policy"] == "gold"
    world.api("DELETE", "/v1/plans/gold", agent=ADMIN.id).refused(409)
    unknown = {"name": "Bolt", "plan": "platinum", "group": "nobody"}
    refused = world.api("POST", "/v1/organizations", unknown, agent=AGENT.id).refused(400)
    assert refused.pointers == {"/plan", "/group"}


def test_colleagues_see_one_anothers_requests_only_where_their_organization_shares_them() -> None:
    acme, closed = Organization("A", "Acme", MONDAY, shared=True), Organization("A", "Acme", MONDAY)
    life = Life(RULES).open(requester_id="Q", organization_id="A")
    asked, elsewhere = life.stands, replace(life.stands, organization_id="B")
    viewer = Visitor(KIM, Person("P", KIM, "en", MONDAY, organization_id="A"))
    assert identity_on(replace(asked, requester_id="P"), viewer, None) == "P"
    assert identity_on(asked, viewer, acme) == "P"
    stranger = Visitor(KIM, Person("P", KIM, "en", MONDAY))
    for ticket, who, organization in (
        (replace(asked, organization_id=None), viewer, acme),
        (elsewhere, viewer, acme),
        (asked, viewer, None),
        (asked, viewer, closed),
        (asked, stranger, acme),
        (asked, Visitor(KIM), acme),
    ):
        assert identity_on(ticket, who, organization) is None


def test_lists_of_people_are_one_query_whatever_is_stored(world: World) -> None:
    for number in range(12):
        a_person(world, f"p{number}@acme.test", name=f"Person {number:02}")
    directory = bootstrap.directory()
    page = directory.find("person", None, limit=5, position=None)
    assert [row.name for row in page.items] == [f"Person {number:02}" for number in range(5)]
    assert page.next_position is not None


def numbers(world: World, path: str, agent: str = AGENT.id) -> dict[str, object]:
    return dict(world.api("GET", f"/v1/{path}/overview", agent=agent).ok()["numbers"])


def test_a_person_and_an_organization_are_seen_at_a_glance_in_three_calls(world: World) -> None:
    acme = an_organization(world, domains=["acme.test"])
    first, second, other = (world.open(one)["ticket"]["id"] for one in (KIM, KIM, "lee@acme.test"))
    kim = world.ticket(first).requester_id
    world.answer(first, AGENT.id, "Done.", status="solved").ok()
    world.api("POST", f"/v1/tickets/{second}/time", {"seconds": 600, "billable": True}, agent=AGENT.id).ok()
    world.settle()
    world.pass_time(seconds=11)
    world.pass_time(seconds=SURVEY_DELAY_SECONDS + 60)
    survey = next(mail for mail in world.sent_to(KIM) if "/portal/survey/" in mail.text).link("/portal/survey/")
    world.api("POST", f"/v1/surveys/{survey.rpartition('/')[2]}", {"rating": 4}).ok()
    world.pass_time(hours=6)  # the other two wait in vain

    with metering(world) as reading:
        seen = world.api("GET", f"/v1/people/{kim}/overview", agent=AGENT.id).ok()
    assert reading.calls["dynamodb.GetItem"] + reading.calls["dynamodb.Query"] <= 2 + 1  # one may be the configuration
    assert reading.calls["dynamodb.BatchGetItem"] == 1
    assert seen["numbers"] == {
        "tickets": 2,
        "open": 1,
        "solved": 1,
        "ratings": 1,
        "satisfaction": 4.0,
        "sla_kept": 2,
        "sla_missed": 1,
        "seconds": 600,
        "billable_seconds": 600,
    }
    assert (seen["person"]["email"], seen["organization"]["id"]) == (KIM, acme)
    assert [one["id"] for one in seen["tickets"]] == [second, first]
    assert seen["last_contact"]["by"] == "agent"
    both = world.api("GET", f"/v1/organizations/{acme}/overview", agent=AGENT.id).ok()
    assert (both["numbers"]["tickets"], both["numbers"]["sla_missed"]) == (3, 2)
    assert [one["id"] for one in both["tickets"]] == [other, second, first]


def test_numbers_follow_whose_a_ticket_is_and_are_the_survivors_after_a_merge(world: World) -> None:
    kim, also = a_person(world, KIM)["id"], a_person(world, ALSO)["id"]
    acme = an_organization(world)
    ticket_id = world.open(KIM)["ticket"]["id"]
    world.open(ALSO)
    world.settle()
    assert numbers(world, f"people/{kim}")["open"] == numbers(world, f"people/{also}")["open"] == 1
    world.api("PUT", f"/v1/tickets/{ticket_id}/requester", {"id": also}, agent=AGENT.id).ok()
    world.patch(ticket_id, AGENT.id, organization=acme).ok()
    world.settle()
    assert numbers(world, f"people/{kim}")["tickets"] == 0
    assert numbers(world, f"people/{also}")["tickets"] == 2
    assert numbers(world, f"organizations/{acme}")["tickets"] == 1
    world.api("POST", f"/v1/people/{kim}/merge", {"person": also}, agent=AGENT.id).ok()
    seen = world.api("GET", f"/v1/people/{kim}/overview", agent=AGENT.id).ok()
    assert seen["numbers"]["tickets"] == len(seen["tickets"]) == 2


@pytest.mark.parametrize("seed", range(3))
def test_numbers_come_to_the_same_whatever_a_network_does_to_events(seed: int) -> None:
    with a_world() as world:
        mischief = Mischief(random.Random(seed), repeats=0.3)
        tickets = [world.open(f"p{number % 2}@acme.test")["ticket"]["id"] for number in range(6)]
        for number, ticket_id in enumerate(tickets):
            world.answer(ticket_id, AGENT.id, "Hello", status="solved" if number % 3 else "pending").ok()
        world.patch(tickets[1], AGENT.id, status="open").ok()
        world.settle(mischief)
        people = {world.ticket(one).requester_id for one in tickets}
        for person in people:
            theirs = [one for one in map(world.ticket, tickets) if one.requester_id == person]
            counted = numbers(world, f"people/{person}")
            assert counted["open"] == sum(not one.done for one in theirs)
            assert counted["solved"] == sum(one.done for one in theirs)


def test_who_does_not_see_all_tickets_is_told_no_sums_of_them(world: World) -> None:
    desk = bootstrap.desk_store()
    desk.save_setting("group", "billing", Group("billing", "Billing", private=True))
    world.restart()
    kim = a_person(world, KIM)["id"]
    hidden, shown = world.open(KIM, category="billing")["ticket"]["id"], world.open(KIM)["ticket"]["id"]
    world.settle()
    assert world.ticket(hidden).group == "billing"
    seen = world.api("GET", f"/v1/people/{kim}/overview", agent=AGENT2.id).ok()
    assert (seen["numbers"], seen["last_contact"]) == (None, None)
    assert [one["id"] for one in seen["tickets"]] == [shown]
    assert numbers(world, f"people/{kim}", ADMIN.id)["tickets"] == 2


def test_all_tickets_that_somebody_was_ever_in_are_found_by_their_id(world: World) -> None:
    boss, cfo = a_person(world, "boss@acme.test")["id"], a_person(world, "cfo@acme.test")["id"]
    first, second, third = (world.open(KIM)["ticket"]["id"] for _ in range(3))
    world.api("POST", f"/v1/tickets/{first}/participants", {"email": "boss@acme.test"}, agent=AGENT.id).ok()
    world.api("DELETE", f"/v1/tickets/{first}/participants/{boss}", agent=AGENT.id).ok()
    asked = {"to": [{"email": "boss@acme.test"}], "subject": "Hi", "body": "Hello"}
    world.api("POST", f"/v1/tickets/{second}/side-conversations", asked, agent=AGENT.id).ok()
    approval = {"approvers": ["cfo@acme.test"], "question": "May we?"}
    world.api("POST", f"/v1/tickets/{third}/approvals", approval, agent=AGENT.id).ok()
    world.settle()
    assert bootstrap.glances().involved(boss, limit=10, position=None).items == (first, second)
    assert bootstrap.glances().involved(cfo, limit=10, position=None).items == (third,)
    page = bootstrap.glances().involved(boss, limit=1, position=None)
    rest = bootstrap.glances().involved(boss, limit=5, position=page.next_position)
    assert page.items + rest.items == (first, second)
    bootstrap.counting().count(first)
    assert bootstrap.glances().share(first).people == (boss,)


def test_tickets_follow_a_person_to_another_organization_by_one_bulk_action(world: World) -> None:
    acme, bolt = an_organization(world, domains=["acme.test"]), an_organization(world, "Bolt")
    kim, also = a_person(world, KIM), a_person(world, ALSO)
    tickets = [world.open(one)["ticket"]["id"] for one in (KIM, ALSO, KIM)]
    other = world.open("lee@acme.test")["ticket"]["id"]
    one = world.api("POST", f"/v1/people/{kim['id']}/merge", {"person": also["id"]}, agent=AGENT.id).ok()
    changed(world, kim["id"], one["version"], organization=bolt).ok()
    action = {"view": {"requester": kim["id"]}, "action": {"change": {"organization": bolt}}}
    world.api("POST", "/v1/bulk", action, agent=AGENT.id).ok()
    world.settle()
    assert {world.ticket(one).organization_id for one in tickets} == {bolt}
    assert world.ticket(other).organization_id == acme
    assert numbers(world, f"organizations/{bolt}")["tickets"] == 3


def test_an_organizations_own_group_answers_its_people(world: World) -> None:
    an_organization(world, domains=["acme.test"], group="billing")
    theirs, others = world.open(KIM)["ticket"]["id"], world.open("else@example.com")["ticket"]["id"]
    world.settle()
    assert [world.ticket(one).group for one in (theirs, others)] == ["billing", "support"]
