"""Asking third parties beside a ticket: they are written to, their answers come back there, and the requester sees nothing."""

from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import DeliveryFailed, SidePersonAdded
from helpdesk.tickets.model import ActorKind, Relation, Status, Visibility
from helpdesk.tickets.rules import fold
from tests.support.desk import AGENT, AGENT2, CLOSE_AFTER_SECONDS, SUPPORT_ADDRESS, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.wire import counting
from tests.support.world import FILES_BUCKET, Answered, SentMail, World

ANN, BOB, EVE = "ann@example.com", "bob@example.com", "eve@elsewhere.example"
PARTS, KIM, BOSS = "parts@supplier.example", "kim@supplier.example", "boss@example.com"
QUESTION, REPLY = "Can you deliver by Monday?", "On Tuesday, for 4,000 won."


def opened(world: World, *cc: str) -> str:
    mail = a_mail(ANN, "It stops", "It stops with an error.", name="Ann", message_id="<first@example.com>")
    if cc:
        mail["Cc"] = ", ".join(cc)
    world.mail(mail)
    world.settle()
    world.patch(world.ticket_ids[-1], AGENT.id, assignee=AGENT.id).ok()
    world.settle()
    return world.ticket_ids[-1]


def path_of(ticket_id: str, side_id: str = "") -> str:
    return f"/v1/tickets/{ticket_id}/side-conversations" + (f"/{side_id}" if side_id else "")


def ask(world: World, ticket_id: str, *to: str, agent: str = AGENT.id, **fields: Any) -> Answered:
    body = {"to": [{"email": one} for one in to or (PARTS,)], "subject": "Delivery", "body": QUESTION, **fields}
    headers = {"Idempotency-Key": body.pop("key")} if "key" in body else {}
    return world.api("POST", path_of(ticket_id), body, agent=agent, headers=headers)


def asked(world: World, ticket_id: str, *to: str, **fields: Any) -> str:
    """A side conversation whose question has gone out."""
    made = ask(world, ticket_id, *to, **fields).ok()
    world.settle()
    return str(made["conversation"]["id"])


def words(world: World, ticket_id: str, side_id: str) -> list[tuple[str, str]]:
    """What was said in a side conversation, oldest first: by what kind of author, and what."""
    page = world.api("GET", f"{path_of(ticket_id, side_id)}/messages", agent=AGENT.id).ok()
    assert all(one["visibility"] == "side" for one in page["items"])
    return [(one["author"]["kind"], one["body_text"]) for one in reversed(page["items"])]


def conversation(world: World, ticket_id: str) -> Mapping[str, Any]:
    """The newest side conversation, as the ticket shows it."""
    shown = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()["side_conversations"]
    assert shown == world.api("GET", path_of(ticket_id), agent=AGENT.id).ok()["items"]
    return dict(shown[-1])


def question_to(world: World, address: str = PARTS) -> SentMail:
    return world.sent_to(address)[-1]


# --- by mail out -----------------------------------------------------------------------------------------------------


def test_a_question_goes_out_in_a_thread_of_its_own_that_knows_nothing_of_the_request(world: World) -> None:
    ticket_id = opened(world)
    world.answer(ticket_id, AGENT.id, "We look into it.").ok()
    asked(world, ticket_id, PARTS, KIM, cc=[{"email": EVE, "name": "Eve"}])
    (mail,) = world.sent_to(PARTS)
    assert mail.subject == f"[#{world.ticket(ticket_id).number}-1] Delivery"
    assert (str(mail.mail["To"]), str(mail.mail["Cc"])) == (f"{PARTS}, {KIM}", f"Eve <{EVE}>")
    assert QUESTION in mail.text
    assert mail.mail["Auto-Submitted"] is None
    whole = mail.mail.as_string() + mail.text + mail.html
    for part in ("portal", "/tickets/", "first@example.com", "It stops", "Ann", ANN, "We look into it", AGENT.address):
        assert part not in whole, part
    assert mail.reply_to != world.sent_to(ANN)[0].reply_to


def test_the_ticket_shows_who_is_asked_and_what_became_of_the_mail(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id, PARTS, cc=[{"email": KIM, "name": "Kim"}])
    shown = conversation(world, ticket_id)
    assert (shown["number"], shown["subject"], shown["started_by"]) == (1, "Delivery", AGENT.id)
    assert (shown["state"], shown["messages"], shown["last_by"]) == ("open", 1, "agent")
    people = [(one["email"], one["name"], one["cc"], one["undeliverable"]) for one in shown["people"]]
    assert people == [(PARTS, None, False, False), (KIM, "Kim", True, False)]
    (message,) = world.api("GET", f"{path_of(ticket_id, side_id)}/messages", agent=AGENT2.id).ok()["items"]
    assert message["delivery"] == "sent"


def test_a_second_message_refers_to_the_answer_before_it(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    answer = an_answer(question_to(world), PARTS, REPLY)
    world.mail(answer)
    world.api("POST", f"{path_of(ticket_id, side_id)}/messages", {"body": "Fine."}, agent=AGENT2.id).ok()
    world.settle()
    second = question_to(world)
    assert second.subject == f"Re: [#{world.ticket(ticket_id).number}-1] Delivery"
    assert second.mail["In-Reply-To"] == answer["Message-ID"]
    assert second.reply_to == world.sent_to(PARTS)[0].reply_to


def test_what_is_held_is_not_sent_until_it_is_let_go_and_can_be_taken_back(world: World) -> None:
    ticket_id = opened(world)
    made = ask(world, ticket_id, hold_seconds=10, status="on_hold").ok()
    side_id, first = made["conversation"]["id"], made["message"]["id"]
    assert made["message"]["send_at"] is not None
    world.settle()
    assert world.sent_to(PARTS) == []
    assert world.ticket(ticket_id).status is not Status.ON_HOLD
    target = f"{path_of(ticket_id, side_id)}/messages"
    world.api("POST", f"{target}/{first}/undo", agent=AGENT2.id).refused(403)
    for _ in range(2):
        assert world.api("POST", f"{target}/{first}/undo", agent=AGENT.id).ok()["delivery"] == "withdrawn"
    world.pass_time(seconds=60)
    assert world.sent_to(PARTS) == []
    assert conversation(world, ticket_id)["state"] == "closed", "it never began"
    second = world.api("POST", target, {"body": QUESTION, "hold_seconds": 10}, agent=AGENT.id).ok()["id"]
    world.api("POST", f"{target}/{second}/send", agent=AGENT.id).ok()
    world.settle()
    assert question_to(world).subject.startswith("[#"), "nothing was said before"
    assert conversation(world, ticket_id)["state"] == "open"
    world.api("POST", f"{target}/{second}/undo", agent=AGENT.id).refused(409)
    third = world.api("POST", target, {"body": "By the way.", "hold_seconds": 5}, agent=AGENT.id).ok()["id"]
    world.pass_time(seconds=60)
    assert "By the way." in question_to(world).text
    assert world.api("POST", f"{target}/{third}/send", agent=AGENT.id).ok()["delivery"] == "sent"


def test_files_go_along_and_those_too_large_are_links_that_work_for_third_parties(world: World) -> None:
    ticket_id = opened(world)
    uploads = []
    for name, size in (("plan.txt", 3), ("film.bin", 10 * 1024 * 1024)):
        upload = world.api("POST", "/v1/uploads", {"filename": name, "content_type": "text/plain", "size": size}).ok()
        boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=b"x" * size)
        uploads.append(upload["id"])
    made = ask(world, ticket_id, attachments=uploads).ok()
    world.settle()
    mail = question_to(world)
    assert [part.get_filename() for part in mail.mail.iter_attachments()] == ["plan.txt"]
    token = mail.link("/v1/files/").rpartition("/")[2]
    assert world.api("GET", f"/v1/files/{token}").status == 302
    message = made["message"]
    target = f"{path_of(ticket_id, made['conversation']['id'])}/messages/{message['id']}/attachments"
    assert "http" in world.api("GET", f"{target}/{message['attachments'][0]['id']}", agent=AGENT2.id).ok()["url"]


def test_asking_again_with_the_same_key_asks_once(world: World) -> None:
    ticket_id = opened(world)
    first, again = ask(world, ticket_id, key="k").ok(), ask(world, ticket_id, key="k").ok()
    assert again.body == first.body
    ask(world, ticket_id, key="k", subject="Another").refused(422)
    target = f"{path_of(ticket_id, first['conversation']['id'])}/messages"
    sent = [
        world.api("POST", target, {"body": "One."}, agent=AGENT.id, headers={"Idempotency-Key": "k"}).ok()["id"]
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    world.settle()
    assert len(world.sent_to(PARTS)) == 2
    assert len(world.ticket(ticket_id).side) == 1


# --- by mail in ------------------------------------------------------------------------------------------------------


def test_an_answer_comes_back_to_it_opens_what_waits_and_tells_who_asked_and_who_has_the_ticket(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id, agent=AGENT2.id, status="on_hold")
    assert world.ticket(ticket_id).status is Status.ON_HOLD
    told = {one.address: len(world.sent_to(one.address)) for one in (AGENT, AGENT2)}
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    world.settle()
    assert words(world, ticket_id, side_id) == [("agent", QUESTION), ("third_party", REPLY)]
    assert world.ticket(ticket_id).status is Status.OPEN
    assert conversation(world, ticket_id)["last_by"] == "third_party"
    assert len(world.messages(ticket_id)) == 1
    for one, number in told.items():
        (mail,) = world.sent_to(one)[number:]
        assert REPLY in mail.text
        assert mail.reply_to == question_to(world).reply_to


@pytest.mark.parametrize("status", ["pending", "on_hold", "solved"])
def test_an_answer_moves_no_status_but_the_one_that_waits_for_it(world: World, status: str) -> None:
    ticket_id = opened(world)
    asked(world, ticket_id, reopen_on_answer=False)
    world.patch(ticket_id, AGENT.id, status=status).ok()
    before = world.ticket(ticket_id)
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    after = world.ticket(ticket_id)
    assert (after.status, after.sla, after.survey_at) == (before.status, before.sla, before.survey_at)
    assert after.version > before.version


def test_nothing_in_it_moves_a_clock(world: World) -> None:
    ticket_id = opened(world)
    before = world.ticket(ticket_id)
    side_id = asked(world, ticket_id)
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    world.api("POST", f"{path_of(ticket_id, side_id)}/messages", {"body": "Fine."}, agent=AGENT.id).ok()
    after = world.ticket(ticket_id)
    assert (after.sla, after.status, after.copies.last_message) == (
        before.sla,
        before.status,
        before.copies.last_message,
    )


@pytest.mark.parametrize(
    ("by_address", "by_headers"), [(True, True), (True, False), (False, True)], ids=["both", "address", "headers"]
)
def test_an_answer_finds_its_way_by_address_or_by_headers(world: World, by_address: bool, by_headers: bool) -> None:  # noqa: FBT001
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    world.mail(an_answer(question_to(world), PARTS, REPLY, by_address=by_address, by_headers=by_headers))
    assert words(world, ticket_id, side_id)[-1] == ("third_party", REPLY)


@pytest.mark.parametrize("verdict", ["PASS", "GRAY"])
def test_the_number_alone_leads_there_if_the_sender_is_the_proof(world: World, verdict: str) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    bare = an_answer(question_to(world), PARTS, REPLY, by_address=False, by_headers=False)
    world.mail(bare, verdicts=dict.fromkeys(("spf", "dkim", "dmarc"), verdict))
    assert (len(words(world, ticket_id, side_id)) == 2) is (verdict == "PASS")
    assert len(world.ticket_ids) == 1 + (verdict != "PASS")


def test_who_is_on_the_ticket_too_is_sorted_by_thread_and_by_the_side_where_both_are_named(world: World) -> None:
    ticket_id = opened(world, BOSS)
    world.answer(ticket_id, AGENT.id, "We look into it.").ok()
    side_id = asked(world, ticket_id, BOSS)
    public, aside = (world.sent_to(one)[-1] for one in (ANN, BOSS))
    world.mail(an_answer(aside, BOSS, "Yes, but do not tell."))
    world.mail(an_answer(public, BOSS, "Thank you all."))
    both = an_answer(aside, BOSS, "Twice.", by_address=False)
    both.replace_header("References", f"{both['References']} {public.mail['References']} {public.message_id}")
    world.mail(both)
    bare = an_answer(aside, BOSS, "Bare.", by_address=False, by_headers=False)
    world.mail(bare)
    said = [one[1] for one in words(world, ticket_id, side_id)]
    assert said == [QUESTION, "Yes, but do not tell.", "Twice.", "Bare."]
    assert [one.text for one in world.messages(ticket_id)][1:] == ["We look into it.", "Thank you all."]


def test_the_requester_who_got_it_forwarded_is_no_third_party(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id, BOSS)
    world.mail(an_answer(question_to(world, BOSS), ANN, "What is this?"))
    world.mail(an_answer(question_to(world, BOSS), "ann.private@example.com", "And this?"))
    assert len(words(world, ticket_id, side_id)) == 1
    assert [world.ticket(one).links[0].relation for one in world.ticket_ids[1:]] == [Relation.MENTIONS] * 2
    assert len(world.messages(ticket_id)) == 1


def test_somebody_else_of_the_same_company_answers_for_them_and_gets_what_follows(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    world.mail(an_answer(question_to(world), KIM, REPLY))
    assert words(world, ticket_id, side_id)[-1] == ("third_party", REPLY)
    assert [(one["email"], one["cc"]) for one in conversation(world, ticket_id)["people"]] == [
        (PARTS, False),
        (KIM, True),
    ]
    world.mail(an_answer(question_to(world), EVE, "Me, too."))
    assert len(words(world, ticket_id, side_id)) == 2
    assert world.ticket(world.ticket_ids[-1]).links[0].relation is Relation.MENTIONS


def test_whom_a_third_party_names_in_cc_gets_what_follows_but_nobody_of_the_ticket(world: World) -> None:
    ticket_id = opened(world, BOB)
    side_id = asked(world, ticket_id)
    answer = an_answer(question_to(world), PARTS, REPLY)
    answer["Cc"] = f"{EVE}, {ANN}, {BOB}, {AGENT2.address}, {SUPPORT_ADDRESS}"
    world.mail(answer)
    assert [one["email"] for one in conversation(world, ticket_id)["people"]] == [PARTS, EVE]
    assert len(world.facts(ticket_id, SidePersonAdded)) == 1
    world.api("POST", f"{path_of(ticket_id, side_id)}/messages", {"body": "Fine."}, agent=AGENT.id).ok()
    world.settle()
    assert str(question_to(world).mail["Cc"]) == EVE


def test_an_agent_writes_on_by_mail_to_the_third_party_and_to_nobody_else(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    world.settle()
    before = len(world.sent_to(ANN))
    world.mail(an_answer(world.sent_to(AGENT.address)[-1], AGENT.address, "Fine, do."))
    world.settle()
    assert words(world, ticket_id, side_id)[-1] == ("agent", "Fine, do.")
    assert "Fine, do." in question_to(world).text
    assert len(world.sent_to(ANN)) == before
    assert len(world.messages(ticket_id)) == 1


def test_a_machines_answer_is_noted_there_and_moves_nothing(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id, status="on_hold")
    told = len(world.sent)
    away = an_answer(question_to(world), PARTS, "I am away until Monday.")
    away["Auto-Submitted"] = "auto-replied"
    world.mail(away)
    world.settle()
    assert words(world, ticket_id, side_id)[-1] == ("system", "I am away until Monday.")
    assert world.ticket(ticket_id).status is Status.ON_HOLD
    assert len(world.sent) == told
    assert conversation(world, ticket_id)["last_by"] == "system"


def a_bounce(of: SentMail, address: str) -> EmailMessage:
    report = (
        "Reporting-MTA: dns; mx.supplier.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
    )
    raw = (
        f"From: MAILER-DAEMON@mx.supplier.example\r\nTo: {of.reply_to}\r\nSubject: Undelivered Mail\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{report}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of.message_id}\r\n"
        f"References: {of.mail['References']}\r\n\r\n--b--\r\n"
    )
    from email import message_from_string  # noqa: PLC0415
    from email.policy import default  # noqa: PLC0415

    mail = message_from_string(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_bounce_is_noted_there_and_marks_the_address(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    world.mail(a_bounce(question_to(world), PARTS))
    kind, said = words(world, ticket_id, side_id)[-1]
    assert kind == "system"
    assert PARTS in said
    assert conversation(world, ticket_id)["people"][0]["undeliverable"]
    assert len(world.messages(ticket_id)) == 1


def test_what_the_mail_service_says_of_it_is_told_by_history_with_the_message_it_is_of(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id, PARTS, KIM)
    (message,) = bootstrap.ticket_store().side_messages(ticket_id, side_id, limit=5, position=None).items
    report = {
        "eventType": "Bounce",
        "mail": {
            "timestamp": "2026-11-23T01:00:10.000Z",
            "tags": {"cause": [message.id], "kind": ["side"], "recipient": [side_id], "ticket": [ticket_id]},
        },
        "bounce": {
            "bounceType": "Permanent",
            "timestamp": "2026-11-23T01:00:10.000Z",
            "bouncedRecipients": [{"emailAddress": KIM, "status": "5.1.1"}],
        },
    }
    from helpdesk.mail.feedback import read_reports  # noqa: PLC0415

    for _ in range(2):
        for one in read_reports(report):
            bootstrap.feedback().take(one)
    (event,) = world.facts(ticket_id, DeliveryFailed)
    kim = bootstrap.people_store().by_address(KIM)
    assert kim is not None
    assert event.fact == DeliveryFailed("side", "bounced", "5.1.1", kim.id, message.id, side_id)
    assert kim.undeliverable
    (shown,) = world.api("GET", f"{path_of(ticket_id, side_id)}/messages", agent=AGENT.id).ok()["items"]
    assert (shown["delivery"], shown["delivery_reason"]) == ("bounced", "5.1.1")


# --- what agents decide ----------------------------------------------------------------------------------------------


def test_it_is_closed_and_open_again_by_hand_or_by_an_answer(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    for _ in range(2):
        assert world.api("POST", f"{path_of(ticket_id, side_id)}/close", agent=AGENT.id).ok()["state"] == "closed"
    assert world.api("POST", f"{path_of(ticket_id, side_id)}/reopen", agent=AGENT.id).ok()["state"] == "open"
    world.api("POST", f"{path_of(ticket_id, side_id)}/close", agent=AGENT.id).ok()
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    assert conversation(world, ticket_id)["state"] == "open"
    ticket, events = world.ticket(ticket_id), world.events(ticket_id)
    assert verify(events, ticket.chain) is None
    assert fold(events).side == ticket.side


def test_people_are_added_and_removed_and_a_cc_does_not_bring_them_back(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    target = f"{path_of(ticket_id, side_id)}/participants"
    shown = world.api("POST", target, {"email": KIM, "name": "Kim"}, agent=AGENT.id).ok()
    kim = shown["people"][1]
    assert (kim["email"], kim["name"], kim["cc"]) == (KIM, "Kim", False)
    assert len(world.api("DELETE", f"{target}/{kim['id']}", agent=AGENT.id).ok()["people"]) == 1
    answer = an_answer(question_to(world), PARTS, REPLY)
    answer["Cc"] = KIM
    world.mail(answer)
    assert [one["email"] for one in conversation(world, ticket_id)["people"]] == [PARTS]
    world.api("DELETE", f"{target}/{shown['people'][0]['id']}", agent=AGENT.id).refused(409)
    world.api("POST", target, {"email": ANN}, agent=AGENT.id).refused(400)
    assert [one["email"] for one in world.api("POST", target, {"email": KIM}, agent=AGENT.id).ok()["people"]] == [
        PARTS,
        KIM,
    ]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"to": [{"email": "nonsense"}]}, "/to/0/email"),
        ({"to": [{"email": PARTS}, {"email": SUPPORT_ADDRESS}]}, "/to/1/email"),
        ({"cc": [{"email": "지우@example.com"}]}, "/cc/0/email"),
        ({"to": [{"email": ANN}]}, "/to"),
        ({"cc": [{"email": ANN}]}, "/cc"),
        ({"subject": " \n"}, "/subject"),
        ({"body": " "}, "/body"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_left_of_it(
    world: World, fields: dict[str, Any], pointer: str
) -> None:
    ticket_id = opened(world)
    before = world.ticket(ticket_id).version
    assert pointer in ask(world, ticket_id, **fields).refused(400).pointers
    assert world.ticket(ticket_id).version == before


def test_a_ticket_has_room_for_so_many_people_in_a_conversation(world: World) -> None:
    ticket_id = opened(world)
    everybody = [f"p{n}@supplier.example" for n in range(10)]
    ask(world, ticket_id, *everybody, cc=[{"email": KIM}]).refused(400)
    side_id = asked(world, ticket_id, *everybody)
    target = f"{path_of(ticket_id, side_id)}/participants"
    world.api("POST", target, {"email": KIM}, agent=AGENT.id).refused(409)


def test_what_is_not_there_is_not_found(world: World) -> None:
    ticket_id, other = opened(world), world.open(BOB)["ticket"]["id"]
    side_id = asked(world, ticket_id)
    message_id = bootstrap.ticket_store().side_messages(ticket_id, side_id, limit=1, position=None).items[0].id
    for wrong in (path_of(other, side_id), path_of(ticket_id, other), path_of(ticket_id, "x")):
        world.api("GET", f"{wrong}/messages", agent=AGENT.id).refused(404)
        world.api("POST", f"{wrong}/messages", {"body": "Hello"}, agent=AGENT.id).refused(404)
        world.api("POST", f"{wrong}/messages/{message_id}/undo", agent=AGENT.id).refused(404)
        world.api("POST", f"{wrong}/close", agent=AGENT.id).refused(404)
        world.api("POST", f"{wrong}/participants", {"email": KIM}, agent=AGENT.id).refused(404)
    ask(world, other[:-1] + "0").refused(404)
    world.api("POST", f"/v1/tickets/{ticket_id}/messages/{message_id}/undo", agent=AGENT.id).refused(404)
    sneaky = {"body": "Hello", "visibility": "side"}
    world.api("POST", f"/v1/tickets/{ticket_id}/messages", sneaky, agent=AGENT.id).refused(400)


def test_what_was_asked_goes_on_when_the_ticket_is_closed_but_nothing_new_is_asked(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(seconds=CLOSE_AFTER_SECONDS + 3600)
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    target = f"{path_of(ticket_id, side_id)}/messages"
    world.api("POST", target, {"body": "Thanks."}, agent=AGENT.id).ok()
    world.settle()
    assert "Thanks." in question_to(world).text
    assert len(words(world, ticket_id, side_id)) == 3
    assert world.ticket(ticket_id).status is Status.CLOSED
    ask(world, ticket_id).refused(409)
    world.api("POST", target, {"body": "Thanks.", "status": "open"}, agent=AGENT.id).refused(409)


def test_an_answer_stays_with_a_ticket_that_was_merged(world: World) -> None:
    ticket_id = opened(world)
    side_id = asked(world, ticket_id)
    other = world.open(BOB)["ticket"]["id"]
    world.api("POST", f"/v1/tickets/{ticket_id}/merge", {"into": other}, agent=AGENT.id).ok()
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    world.settle()
    assert words(world, ticket_id, side_id)[-1] == ("third_party", REPLY)
    assert any(REPLY in mail.text for mail in world.sent_to(AGENT.address))


def test_two_conversations_of_a_ticket_stay_apart(world: World) -> None:
    ticket_id = opened(world)
    first, second = asked(world, ticket_id, PARTS), asked(world, ticket_id, BOSS, subject="Budget")
    world.mail(an_answer(question_to(world, BOSS), BOSS, "Yes."))
    world.mail(an_answer(question_to(world, PARTS), PARTS, REPLY))
    world.mail(an_answer(question_to(world, BOSS), PARTS, "Not mine."))
    assert [one[1] for one in words(world, ticket_id, first)] == [QUESTION, REPLY]
    assert [one[1] for one in words(world, ticket_id, second)] == [QUESTION, "Yes."]
    assert conversation(world, ticket_id)["number"] == 2


def test_opening_a_tickets_page_costs_no_more_for_its_side_conversations(world: World) -> None:
    ticket_id = opened(world)
    for _ in range(3):
        asked(world, ticket_id)
    with counting() as calls:
        world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
        world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok()
    table = [call.name for call in calls if call.name.startswith("dynamodb.")]
    plain = world.open(BOB)["ticket"]["id"]
    with counting() as fewer:
        world.api("GET", f"/v1/tickets/{plain}", agent=AGENT.id).ok()
        world.api("GET", f"/v1/tickets/{plain}/messages", agent=AGENT.id).ok()
    assert table == [call.name for call in fewer if call.name.startswith("dynamodb.")]


def test_events_hold_neither_words_nor_addresses(world: World) -> None:
    ticket_id = opened(world)
    asked(world, ticket_id, PARTS, cc=[{"email": KIM, "name": "Kim Supplier"}])
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    world.settle()
    told = str(world.published)
    assert "SideStarted" in told
    for part in (PARTS, KIM, "Kim Supplier", "Delivery", QUESTION, REPLY):
        assert part not in told
    (first, *_) = (
        bootstrap.ticket_store()
        .side_messages(ticket_id, world.ticket(ticket_id).side[0].id, limit=5, position=None)
        .items
    )
    assert (first.visibility, first.author.kind) == (Visibility.SIDE, ActorKind.THIRD_PARTY)


def test_nothing_of_it_is_in_the_portal_in_a_survey_or_behind_a_link_of_the_requesters(world: World) -> None:
    opened_request = world.open(ANN)
    ticket_id, token = opened_request["ticket"]["id"], opened_request["access_token"]
    world.settle()
    upload = world.api("POST", "/v1/uploads", {"filename": "offer.txt", "content_type": "text/plain", "size": 3}).ok()
    boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=b"abc")
    made = ask(world, ticket_id, attachments=[upload["id"]]).ok()
    world.settle()
    world.mail(an_answer(question_to(world), PARTS, REPLY))
    world.answer(ticket_id, AGENT.id, "Done.", status="solved").ok()
    world.pass_time(seconds=SURVEY_DELAY_SECONDS)
    message, file_id = made["message"]["id"], made["message"]["attachments"][0]["id"]
    survey = world.sent_to(ANN)[-1].link("/portal/survey/").rpartition("/")[2]
    shown = [
        world.api("GET", f"/v1/requests/{ticket_id}", token=token).ok().raw,
        world.api("GET", f"/v1/surveys/{survey}").ok().raw,
        *(mail.mail.as_string() + mail.text + mail.html for mail in world.sent_to(ANN)),
    ]
    for part in (QUESTION, REPLY, "Delivery", "offer.txt", PARTS, message, made["conversation"]["id"]):
        assert not any(part in one for one in shown), part
    world.api("GET", f"/v1/requests/{ticket_id}/attachments/{file_id}", token=token).refused(404)
    stored = bootstrap.ticket_store().message(ticket_id, message, made["conversation"]["id"])
    assert stored is not None
    person_id = world.ticket(ticket_id).requester_id
    without_side = bootstrap.links().file(replace(stored, side_id=None), file_id, person_id).rpartition("/")[2]
    world.api("GET", f"/v1/files/{without_side}").refused(404)
    for route in (path_of(ticket_id), f"{path_of(ticket_id, made['conversation']['id'])}/messages"):
        assert world.api("GET", route, token=token).status == 401


def test_what_an_agent_is_writing_is_kept_for_each_side_conversation(world: World) -> None:
    ticket_id = opened(world)
    first, second = asked(world, ticket_id), asked(world, ticket_id, BOSS)
    target, new = f"/v1/tickets/{ticket_id}/draft", {"If-Match": '"0"'}
    for side_id in (first, second):
        body = {"kind": "side", "side_id": side_id, "body": f"Dear {side_id}"}
        world.api("PUT", target, body, agent=AGENT.id, headers=new).ok()
    kept = world.api("GET", target, agent=AGENT.id).ok()
    assert (kept["reply"], {one["side_id"] for one in kept["sides"]}) == (None, {first, second})
    world.api("DELETE", f"{target}?kind=side&side_id={first}", agent=AGENT.id).ok()
    assert [one["side_id"] for one in world.api("GET", target, agent=AGENT.id).ok()["sides"]] == [second]
    begun = {"kind": "side", "body": "Dear all", "to": "Parts <parts@supplier.example>, b", "subject": "A hinge"}
    world.api("PUT", target, begun, agent=AGENT.id, headers=new).ok()
    stale = world.api("PUT", target, {**begun, "body": "Hi"}, agent=AGENT.id, headers=new).refused(409, "stale_version")
    assert stale["current_version"] == 1
    world.api("PUT", target, {**begun, "body": "Hi all"}, agent=AGENT.id, headers={"If-Match": '"1"'}).ok()
    kept = world.api("GET", target, agent=AGENT.id).ok()["sides"]
    (own,) = [one for one in kept if one["side_id"] is None]
    assert (own["body"], own["to"], own["subject"], len(kept)) == ("Hi all", begun["to"], begun["subject"], 2)
    assert world.api("GET", target, agent=AGENT2.id).ok()["sides"] == []
    for wrong, status in (
        ({"side_id": first}, 400),
        ({"kind": "side", "side_id": "x"}, 404),
        ({"to": "b@example.com"}, 400),
        ({"kind": "side", "side_id": first, "subject": "Other"}, 400),
    ):
        world.api("PUT", target, {"body": "Dear", **wrong}, agent=AGENT.id, headers=new).refused(status)
    world.api("DELETE", f"{target}?kind=side", agent=AGENT.id).ok()
    assert [one["side_id"] for one in world.api("GET", target, agent=AGENT.id).ok()["sides"]] == [second]
    world.api("DELETE", target, agent=AGENT.id).ok()
    assert world.api("GET", target, agent=AGENT.id).ok()["sides"] == []
