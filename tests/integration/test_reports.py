"""Mails of ours that come back or are called spam: told to colleagues, marked on the address, answered to nobody."""

import pytest

from helpdesk import bootstrap
from helpdesk.people.model import Person
from helpdesk.tickets.model import ActorKind, Status, Visibility
from tests.support.desk import AGENT, AGENT2
from tests.support.raw_mails import a_mail, an_answer
from tests.support.reports import a_bounce, a_complaint
from tests.support.world import SentMail, World

ANN, BOB = "ann@example.com", "bob@example.com"


def opened(world: World) -> tuple[str, SentMail]:
    mail = a_mail(ANN, "It stops", "It stops with an error.", name="Ann")
    mail["Cc"] = BOB
    world.mail(mail)
    world.settle()
    return world.ticket_ids[-1], world.sent_to(ANN)[-1]


def person(address: str) -> Person:
    found = bootstrap.people_store().by_address(address)
    assert found is not None
    assert bootstrap.people_store().by_id(found.id) == found
    return found


def test_a_mail_that_came_back_is_told_in_each_colleagues_language_and_marks_the_address(world: World) -> None:
    ticket_id, acknowledgement = opened(world)
    letters, status = len(world.sent), world.ticket(ticket_id).status
    clocks = world.ticket(ticket_id).sla
    world.mail(a_bounce(acknowledgement, ANN))
    world.settle()
    note = world.messages(ticket_id)[-1]
    assert (note.visibility, note.author.kind, note.automatic) == (Visibility.INTERNAL, ActorKind.SYSTEM, True)
    shown = {
        agent: world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=agent).ok()["items"][0]
        for agent in (AGENT.id, AGENT2.id)
    }
    korean, english = shown[AGENT.id]["body_text"], shown[AGENT2.id]["body_text"]
    assert english.startswith(f"A mail to {ANN} came back: there is no such address (5.1.1).")
    assert korean.startswith(f"{ANN} 앞으로 보낸 메일이 반송되었습니다: 없는 주소입니다 (5.1.1).")
    assert "no such user" in english, "what the other server said"
    assert shown[AGENT.id]["remark"]["code"] == "mail_bounced"
    assert "This is what happened" in shown[AGENT.id]["quoted_text"], "the whole report is a click away"
    assert person(ANN).undeliverable
    ticket = world.ticket(ticket_id)
    assert (ticket.status, ticket.sla) == (status, clocks)
    assert len(world.sent) == letters
    assert world.ticket_ids == [ticket_id]


def test_an_undeliverable_address_is_shown_and_can_be_said_to_work_again(world: World) -> None:
    ticket_id, acknowledgement = opened(world)
    world.mail(a_bounce(acknowledgement, BOB))
    seen = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
    assert seen["requester"]["undeliverable"] is False
    assert [one["undeliverable"] for one in seen["participants"]] == [True]
    changed = world.api("PATCH", f"/v1/people/{person(BOB).id}", {"undeliverable": False}, agent=AGENT.id).ok()
    assert (changed["email"], changed["undeliverable"]) == (BOB, False)
    assert not person(BOB).undeliverable
    world.api("PATCH", "/v1/people/01JDA8Z0W3E6Q1V7N5T9XKRB4C", {}, agent=AGENT.id).refused(404)
    world.api("PATCH", "/v1/people/nobody", {}, agent=AGENT.id).refused(404)


def test_a_mail_that_is_only_late_marks_nobody(world: World) -> None:
    ticket_id, acknowledgement = opened(world)
    world.mail(a_bounce(acknowledgement, ANN, status="4.2.2", said="mailbox full"))
    note = world.messages(ticket_id)[-1]
    assert note.remark is not None
    assert (note.remark.code, note.remark.params["cause"]) == ("mail_delayed", "mailbox_full")
    assert not person(ANN).undeliverable


def test_a_report_about_somebody_who_is_not_on_the_ticket_marks_nobody(world: World) -> None:
    ticket_id, acknowledgement = opened(world)
    world.mail(a_mail("carol@example.com", "Another matter", "Hello?"))
    world.settle()
    world.mail(a_bounce(acknowledgement, "carol@example.com"))
    assert not person("carol@example.com").undeliverable
    assert len(world.messages(ticket_id)) == 2


def test_a_complaint_is_noted_and_its_address_gets_nothing_unasked_any_more(world: World) -> None:
    ticket_id, acknowledgement = opened(world)
    letters = len(world.sent)
    world.mail(a_complaint(acknowledgement, ANN))
    world.settle()
    note = world.messages(ticket_id)[-1]
    assert note.remark is not None
    assert note.remark.code == "mail_complained"
    assert person(ANN).complained
    assert len(world.sent) == letters
    world.mail(a_mail(ANN, "Another matter", "Something else."))
    world.settle()
    assert len(world.sent_to(ANN)) == 1, "no acknowledgement to somebody who calls ours spam"


def test_reports_about_mails_that_are_not_ours_wait_in_the_list(world: World) -> None:
    _, acknowledgement = opened(world)
    foreign = SentMail("unknown", ANN, a_mail(ANN, "x", "y"))
    ids = [world.mail(a_bounce(foreign, ANN)), world.mail(a_complaint(foreign, ANN))]
    items = world.api("GET", "/v1/suspended-mails", agent=AGENT.id).ok()["items"]
    assert {item["id"]: item["reasons"] for item in items} == {
        ids[0]: ["bounce_of_unknown_mail"],
        ids[1]: ["abuse_report"],
    }
    assert not person(ANN).undeliverable
    assert not person(ANN).complained
    assert len(world.ticket_ids) == 1
    assert world.api("POST", f"/v1/suspended-mails/{ids[0]}/release", agent=AGENT.id).ok()["outcome"] == "ticket"
    assert acknowledgement.to == ANN


@pytest.mark.parametrize("kind", ["bounce", "late", "complaint", "away"])
def test_no_machine_reopens_a_ticket_or_stops_a_clock(world: World, kind: str) -> None:
    ticket_id, acknowledgement = opened(world)
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.settle()
    before, letters = world.ticket(ticket_id), len(world.sent)
    away = an_answer(acknowledgement, ANN, "I am away until Monday.")
    away["Auto-Submitted"] = "auto-replied"
    raw = {
        "bounce": a_bounce(acknowledgement, ANN),
        "late": a_bounce(acknowledgement, ANN, status="4.4.1", said="timed out"),
        "complaint": a_complaint(acknowledgement, ANN),
        "away": away.as_bytes(),
    }[kind]
    world.mail(raw)
    world.settle()
    after = world.ticket(ticket_id)
    assert after.status is Status.SOLVED
    assert (after.sla, after.survey_at, after.close_at) == (before.sla, before.survey_at, before.close_at)
    assert after.version == before.version + 1
    assert len(world.sent) == letters
