"""An incident's reports are answered at once, and only they."""

from tests.support.desk import AGENT
from tests.support.world import World


def reports_of(world: World, incident: str, count: int) -> list[str]:
    found = []
    for number in range(count):
        ticket_id = world.open(f"payer{number}@example.com")["ticket"]["id"]
        link = {"relation": "part_of", "ticket": incident}
        world.api("POST", f"/v1/tickets/{ticket_id}/links", link, agent=AGENT.id).ok()
        found.append(ticket_id)
    return found


def test_all_parts_of_an_incident_get_one_message_and_one_status(world: World) -> None:
    incident = world.open("watch@example.com")["ticket"]["id"]
    reports = reports_of(world, incident, 3)
    stranger = world.open("other@example.com")["ticket"]["id"]
    action = {"message": {"body": "It is up again.", "status": "solved"}}
    job = world.api("POST", "/v1/bulk", {"incident": incident, "action": action}, agent=AGENT.id).ok()
    world.settle()
    world.pass_time(minutes=2)
    done = world.api("GET", f"/v1/bulk/{job['id']}", agent=AGENT.id).ok()
    assert (done["total"], done["tally"]["changed"]) == (3, 3)
    for ticket_id in reports:
        assert world.messages(ticket_id)[-1].text.startswith("It is up again.")
        assert world.ticket(ticket_id).status == "solved"
    for ticket_id in (incident, stranger):
        assert len(world.messages(ticket_id)) == 1
    assert [mail for mail in world.sent_to("payer2@example.com") if "It is up again." in mail.text]


def test_a_broadcast_to_a_ticket_that_is_not_there_or_beside_a_selection_is_refused(world: World) -> None:
    ticket_id = world.open("watch@example.com")["ticket"]["id"]
    action = {"change": {"priority": "low"}}
    for body, pointer in (
        ({"incident": "01JDA8Z0W3E6Q1V7N5T9XKRB4C"}, "/incident"),
        ({"incident": ticket_id, "tickets": [ticket_id]}, "/tickets"),
    ):
        refused = world.api("POST", "/v1/bulk", {**body, "action": action}, agent=AGENT.id).refused(400)
        assert pointer in refused.pointers


def test_a_broadcast_of_an_incident_without_parts_ends_having_done_nothing(world: World) -> None:
    incident = world.open("watch@example.com")["ticket"]["id"]
    body = {"incident": incident, "action": {"change": {"priority": "low"}}}
    job = world.api("POST", "/v1/bulk", body, agent=AGENT.id).ok()
    world.settle()
    done = world.api("GET", f"/v1/bulk/{job['id']}", agent=AGENT.id).ok()
    assert (done["state"], done["total"]) == ("done", 0)
