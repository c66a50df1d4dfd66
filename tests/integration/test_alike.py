"""What many say: likely duplicates beside a ticket, and a possible incident told to the supervisors, in one click one ticket."""

import random
from typing import Final

from helpdesk.routing.alike import ENOUGH
from helpdesk.tickets.triaging import IncidentSuspected
from tests.support.desk import AGENT, SUPERVISOR
from tests.support.outages import OUTAGE
from tests.support.world import Mischief, World

EVERYDAY: Final = (
    ("Invoice for March", "Could you send me the invoice for March again?"),
    ("Invoice address", "Please change the address on our invoice."),
    ("Password", "I forgot my password and the reset mail never arrives."),
    ("Password again", "My password is refused since yesterday."),
)


def _reported(world: World) -> list[str]:
    tickets = []
    for number, (subject, body) in enumerate(OUTAGE["en"]):
        tickets.append(world.open(f"en{number}@example.com", subject=subject, body=body)["ticket"]["id"])
        world.settle()
        world.advance(minutes=5)
    return tickets


def _told(world: World, agent: str) -> list[str]:
    items = world.api("GET", "/v1/notifications", agent=agent).ok()["items"]
    return [one["ticket_id"] for one in items if one["kind"] == "incident_suspected"]


def test_many_who_write_the_same_within_an_hour_are_told_to_the_supervisor_once_and_become_an_incident_in_one_click(
    world: World,
) -> None:
    tickets = _reported(world)
    assert _told(world, SUPERVISOR.id) == [tickets[ENOUGH - 1]]
    assert _told(world, AGENT.id) == []
    assert len([mail for mail in world.sent_to(SUPERVISOR.address) if "#" in mail.subject]) == 1
    (found,) = world.api("GET", "/v1/suspected-incidents", agent=SUPERVISOR.id).ok()["items"]
    assert [one["id"] for one in found["tickets"]] == tickets
    assert found["people"] == len(tickets)
    beside = world.api("GET", f"/v1/tickets/{tickets[0]}/alike", agent=AGENT.id).ok()
    assert beside["suspicion"]["id"] == found["id"]

    target = f"/v1/suspected-incidents/{found['id']}"
    world.api("POST", f"{target}/ticket", {}, agent=AGENT.id).refused(403)
    made = world.api("POST", f"{target}/ticket", {}, agent=SUPERVISOR.id).ok()
    assert (made["type"], made["assignee"], made["subject"]) == ("incident", SUPERVISOR.id, OUTAGE["en"][0][0])
    parts = world.api("GET", f"/v1/tickets/{made['id']}/parts", agent=SUPERVISOR.id).ok()["items"]
    assert [one["id"] for one in parts] == tickets
    assert world.api("GET", "/v1/suspected-incidents", agent=SUPERVISOR.id).ok()["items"] == []

    late = world.open("late@example.com", subject=OUTAGE["en"][0][0], body=OUTAGE["en"][1][1])
    world.settle()
    assert len(_told(world, SUPERVISOR.id)) == 1  # what is known is not told again
    beside = world.api("GET", f"/v1/tickets/{tickets[0]}/alike", agent=SUPERVISOR.id).ok()
    assert beside["suspicion"]["people"] == len(tickets) + 1  # but they are counted
    again = world.api("POST", f"{target}/ticket", {"subject": "Other"}, agent=SUPERVISOR.id).ok()
    assert again["id"] == made["id"]
    parts = world.api("GET", f"/v1/tickets/{made['id']}/parts", agent=SUPERVISOR.id).ok()["items"]
    assert [one["id"] for one in parts] == [*tickets, late["ticket"]["id"]]
    world.api("POST", f"{target}/dismiss", agent=SUPERVISOR.id).refused(409)
    assert world.dead == []


def test_events_that_come_twice_and_in_any_order_tell_of_one_incident(world: World) -> None:
    tickets = [
        world.open(f"who{number}@example.com", subject=subject, body=body)["ticket"]["id"]
        for number, (subject, body) in enumerate(OUTAGE["en"])
    ]
    world.settle(Mischief(random.Random(5), repeats=0.5))
    (found,) = world.api("GET", "/v1/suspected-incidents", agent=SUPERVISOR.id).ok()["items"]
    assert [one["id"] for one in found["tickets"]] == tickets
    assert sum(len(world.facts(one, IncidentSuspected)) for one in tickets) == 1


def test_one_who_writes_often_and_what_is_written_every_day_are_no_incident(world: World) -> None:
    for subject, body in OUTAGE["en"]:
        world.open("same@example.com", subject=subject, body=body)
    for number, (subject, body) in enumerate((*EVERYDAY, ("?", "1"))):
        world.open(f"everyday{number}@example.com", subject=subject, body=body)
    world.settle()
    assert world.api("GET", "/v1/suspected-incidents", agent=SUPERVISOR.id).ok()["items"] == []


def test_what_is_no_incident_is_out_of_the_list_and_stays_out(world: World) -> None:
    _reported(world)
    (found,) = world.api("GET", "/v1/suspected-incidents", agent=SUPERVISOR.id).ok()["items"]
    world.api("POST", f"/v1/suspected-incidents/{found['id']}/dismiss", agent=SUPERVISOR.id).ok()
    world.open("late@example.com", subject="VPN down", body="The VPN does not connect.")
    world.settle()
    assert world.api("GET", "/v1/suspected-incidents", agent=SUPERVISOR.id).ok()["items"] == []
    world.api("POST", "/v1/suspected-incidents/01JDA8Z0W3E6Q1V7N5T9XKRB4C/dismiss", agent=SUPERVISOR.id).refused(404)
    world.api("POST", "/v1/suspected-incidents/no-id/ticket", {}, agent=SUPERVISOR.id).refused(404)


def test_who_writes_again_about_the_same_is_flagged_as_a_likely_duplicate(world: World) -> None:
    for number, (subject, body) in enumerate(EVERYDAY):
        world.open(f"everyday{number}@example.com", subject=subject, body=body)
    pairs: dict[str, str] = {}
    for language, reports in OUTAGE.items():
        (subject, body), (_, again) = reports[0], reports[2]
        who = f"{language}@example.com"
        first = world.open(who, subject=subject, body=body)["ticket"]["id"]
        world.open(who, subject=EVERYDAY[0][0], body=EVERYDAY[0][1])
        world.open(f"{language}@example.net", subject=subject, body=body)
        pairs[world.open(who, subject=subject, body=f"{body} {again}")["ticket"]["id"]] = first
    world.settle()
    for second, first in pairs.items():
        found = world.api("GET", f"/v1/tickets/{second}/alike", agent=AGENT.id).ok()
        assert [one["id"] for one in found["duplicates"]] == [first]
    second, first = next(iter(pairs.items()))
    world.api("POST", f"/v1/tickets/{second}/merge", {"into": first}, agent=AGENT.id).ok()
    assert world.api("GET", f"/v1/tickets/{first}/alike", agent=AGENT.id).ok()["duplicates"] == []
    world.api("GET", "/v1/tickets/01JDA8Z0W3E6Q1V7N5T9XKRB4C/alike", agent=AGENT.id).refused(404)
