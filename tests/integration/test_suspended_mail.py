"""Mail that was held back: looked at safely, let in, thrown away, its sender blocked; and the ledger of all mail."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts.topology import INBOUND_PREFIX, INTAKE_MAIL
from helpdesk.tickets.model import Status
from tests.support.desk import ADMIN, AGENT, SUPERVISOR, SUPPORT_ADDRESS
from tests.support.raw_mails import a_mail
from tests.support.wire import counting
from tests.support.world import MAIL_BUCKET, World, a_world, handler_of

EVE, ANN = "eve@spam.example", "ann@example.com"
SPAM = {"spam": "FAIL"}


def a_nasty_mail() -> EmailMessage:
    mail = a_mail(EVE, "You have won", "Click here.", name="Eve")
    mail.add_alternative(
        '<p onclick="steal()">Click <a href="javascript:steal()">here</a>.</p><script>steal()</script>'
        '<img src="https://spam.example/seen.gif">',
        subtype="html",
    )
    mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="prize.exe")
    return mail


def listed(world: World) -> list[str]:
    return [item["id"] for item in world.api("GET", "/v1/suspended-mails", agent=AGENT.id).ok()["items"]]


def in_bucket(mail_id: str) -> bool:
    found = boto3.client("s3").list_objects_v2(Bucket=MAIL_BUCKET, Prefix=INBOUND_PREFIX + mail_id)
    return found["KeyCount"] > 0


# --- looking ---


def test_a_suspended_mail_can_be_looked_at_without_anything_of_it_coming_alive(world: World) -> None:
    mail_id = world.mail(a_nasty_mail(), verdicts=SPAM)
    seen = world.api("GET", f"/v1/suspended-mails/{mail_id}", agent=AGENT.id).ok()
    assert seen["reasons"] == ["spam"]
    assert seen["verdicts"]["spam"] == "FAIL"
    assert (seen["sender"], seen["sender_name"], seen["subject"]) == (EVE, "Eve", "You have won")
    assert seen["body_text"] == "Click here."
    assert "Click" in seen["body_html"]
    for danger in ("script", "onclick", "javascript:", ' src="http'):
        assert danger not in seen["body_html"]
    assert seen["remote_images"] is True
    assert [(file["filename"], file["size"]) for file in seen["attachments"]] == [("prize.exe", 2)]
    assert {header["name"] for header in seen["headers"]} >= {"From", "To", "Subject", "Message-ID"}
    assert "url" not in seen.raw, "files of suspended mail are not handed out"


def test_only_what_is_suspended_can_be_looked_at_or_deleted(world: World) -> None:
    mail_id = world.mail(a_mail(ANN, "Hello", "It stops."))
    for method in ("GET", "DELETE"):
        world.api(method, f"/v1/suspended-mails/{mail_id}", agent=ADMIN.id).refused(404)
        world.api(method, "/v1/suspended-mails/no-such-mail", agent=ADMIN.id).refused(404)
    assert in_bucket(mail_id)


def test_a_deleted_mail_is_gone_and_its_entry_tells_of_nobody(world: World) -> None:
    mail_id = world.mail(a_nasty_mail(), verdicts=SPAM)
    assert world.api("DELETE", f"/v1/suspended-mails/{mail_id}", agent=AGENT.id).status == 204
    assert not in_bucket(mail_id)
    assert listed(world) == []
    world.api("POST", f"/v1/suspended-mails/{mail_id}/release", agent=AGENT.id).refused(409)
    world.api("POST", f"/v1/mails/{mail_id}/reprocess", agent=ADMIN.id).refused(409)
    item = str(world.items[f"MAIL#{mail_id}", "MAIL"])
    for personal in (EVE, "Eve", "won", SUPPORT_ADDRESS):
        assert personal not in item
    (entry,) = world.api("GET", "/v1/mails?outcome=deleted", agent=SUPERVISOR.id).ok()["items"]
    assert (entry["id"], entry["deleted_by"], entry["reasons"]) == (mail_id, AGENT.id, ["spam"])
    assert world.api("DELETE", f"/v1/suspended-mails/{mail_id}", agent=AGENT.id).status == 204, "again is no harm"


# --- blocking ---


def test_a_blocked_senders_next_mail_is_held_back_until_they_are_unblocked(world: World) -> None:
    mail_id = world.mail(a_nasty_mail(), verdicts=SPAM)
    blocked = world.api("POST", f"/v1/suspended-mails/{mail_id}/block", {}, agent=AGENT.id).ok()
    assert blocked["pattern"] == EVE
    world.restart()
    second = world.mail(a_mail(EVE, "Once more", "Click!"))
    world.mail(a_mail("other@spam.example", "Hello", "It stops."))
    assert len(world.ticket_ids) == 1, "the address is blocked, not its domain"
    assert set(listed(world)) == {mail_id, second}
    (shown,) = world.api("GET", "/v1/blocked-senders", agent=SUPERVISOR.id).ok()["items"]
    assert (shown["id"], shown["blocked_by"]) == (blocked["id"], AGENT.id)
    assert world.api("DELETE", f"/v1/blocked-senders/{shown['id']}", agent=SUPERVISOR.id).status == 204
    world.api("DELETE", f"/v1/blocked-senders/{shown['id']}", agent=SUPERVISOR.id).refused(404)
    world.restart()
    world.mail(a_mail(EVE, "A real question", "How do I pay?"))
    assert len(world.ticket_ids) == 2


def test_a_whole_domain_is_for_supervisors_to_block(world: World) -> None:
    mail_id = world.mail(a_nasty_mail(), verdicts=SPAM)
    path = f"/v1/suspended-mails/{mail_id}/block"
    world.api("POST", path, {"scope": "domain"}, agent=AGENT.id).refused(403)
    assert world.api("POST", path, {"scope": "domain"}, agent=SUPERVISOR.id).ok()["pattern"] == "spam.example"
    world.restart()
    world.mail(a_mail("other@mail.spam.example", "Hello", "Click!"))
    assert world.ticket_ids == []


@pytest.mark.parametrize(
    "pattern",
    ["gmail.com", "desk.test", SUPPORT_ADDRESS, AGENT.address, "test", "a@b@c", "no domain", "@", "naver.com"],
)
def test_what_would_block_customers_or_ourselves_cannot_be_blocked(world: World, pattern: str) -> None:
    answer = world.api("POST", "/v1/blocked-senders", {"pattern": pattern}, agent=ADMIN.id)
    assert answer.refused(400).pointers == {"/pattern"}
    assert world.api("GET", "/v1/blocked-senders", agent=ADMIN.id).ok()["items"] == []


# --- the ledger ---


def test_the_ledger_accounts_for_every_mail_by_outcome(world: World) -> None:
    question = a_mail(ANN, "It stops", "It stops with an error.")
    ids = {"ticket": world.mail(question), "duplicate": world.mail(question)}
    world.settle()
    acknowledgement = world.sent_to(ANN)[0]
    ids["rejected"] = world.mail(acknowledgement.mail.as_bytes())
    answer = a_mail(ANN, "Re: It stops", "It still does.", headers={"In-Reply-To": acknowledgement.message_id})
    ids["message"] = world.mail(answer)
    ids["suspended"] = world.mail(a_nasty_mail(), verdicts=SPAM)
    for outcome, mail_id in ids.items():
        (item,) = world.api("GET", f"/v1/mails?outcome={outcome}", agent=SUPERVISOR.id).ok()["items"]
        assert (item["id"], item["outcome"]) == (mail_id, outcome)
        assert item["settled_at"] >= item["received_at"]
        assert item["reasons"]
    newest_first = [item["id"] for item in world.api("GET", "/v1/mails", agent=SUPERVISOR.id).ok()["items"]]
    assert newest_first == sorted(ids.values(), reverse=True)
    assert world.api("GET", "/v1/mails?month=2025-01", agent=SUPERVISOR.id).ok()["items"] == []
    world.api("GET", "/v1/mails?month=2025-13", agent=SUPERVISOR.id).refused(400)


def test_the_ledger_is_read_page_by_page_and_never_by_a_scan(world: World) -> None:
    ids = [world.mail(a_mail(ANN, f"No. {n}", f"Question {n}")) for n in range(5)]
    found: list[str] = []
    cursor = ""
    with counting() as calls:
        while True:
            page = world.api("GET", f"/v1/mails?limit=2&cursor={cursor}", agent=SUPERVISOR.id).ok()
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = page["next_cursor"]
    assert found == list(reversed(ids))
    assert "dynamodb.Scan" not in {call.name for call in calls}
    world.api("GET", f"/v1/mails?outcome=ticket&cursor={cursor}", agent=SUPERVISOR.id).refused(400)


def test_a_raw_mail_that_nobody_announced_is_found_and_dealt_with_once() -> None:
    with a_world(now=datetime.now(UTC)) as world:  # as the bucket's own times are
        known = world.mail(a_mail(ANN, "Known", "I am known."))
        lost = world.store_mail(
            b"X-SES-Spam-Verdict: PASS\r\n" + a_mail("bob@example.com", "Lost", "Hello?").as_bytes()
        )
        world.advance(minutes=10)
        answer = world.api("GET", "/v1/mails/missing", agent=SUPERVISOR.id).ok()
        assert [(item["id"], item["state"]) for item in answer["items"]] == [(lost, "no_entry")]
        assert answer["looked_at"] == 2
        done = world.api("POST", f"/v1/mails/{lost}/reprocess", agent=SUPERVISOR.id).ok()
        assert done["outcome"] == "ticket"
        assert world.api("GET", "/v1/mails/missing", agent=SUPERVISOR.id).ok()["items"] == []
        handler_of(INTAKE_MAIL)(world.mail_event(lost, [SUPPORT_ADDRESS]), None)  # it is announced after all
        assert len(world.ticket_ids) == 2
        assert known != lost


def test_a_lost_mail_is_judged_by_what_ses_wrote_into_it(world: World) -> None:
    verdicts = (
        b"X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS\r\n"
        b"Authentication-Results: amazonses.com;\r\n spf=fail; dkim=none; dmarc=fail\r\n"
    )
    mail_id = world.store_mail(verdicts + a_mail(EVE, "You have won", "Click!").as_bytes())
    world.api("POST", f"/v1/mails/{mail_id}/reprocess", agent=SUPERVISOR.id).ok()
    assert world.api("GET", f"/v1/suspended-mails/{mail_id}", agent=AGENT.id).ok()["reasons"] == [
        "spam",
        "sender_not_authenticated",
    ]


def test_a_mail_processed_again_after_a_fix_reads_better_and_is_not_doubled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = a_mail(ANN, "It stops", "It stops with an error.")
    mail.add_attachment(b"abc", maintype="text", subtype="plain", filename="log.txt")
    service = bootstrap.inbound_mail()
    good = service._parse
    with monkeypatch.context() as broken:
        broken.setattr(service, "_parse", lambda raw: replace(good(raw), text="?", reply_text="?", attachments=()))
        mail_id = world.mail(mail)
    world.settle()
    (ticket_id,) = world.ticket_ids
    world.patch(ticket_id, AGENT.id, status="pending").ok()
    assert world.messages(ticket_id)[0].text == "?"
    version, letters = world.ticket(ticket_id).version, len(world.sent)
    for _ in range(2):
        done = world.api("POST", f"/v1/mails/{mail_id}/reprocess", agent=SUPERVISOR.id).ok()
        assert (done["outcome"], done["ticket_id"]) == ("ticket", ticket_id)
    world.settle()
    (message,) = world.messages(ticket_id)
    assert message.text == "It stops with an error."
    assert [file.filename for file in message.attachments] == ["log.txt"]
    assert world.ticket_ids == [ticket_id]
    assert (world.ticket(ticket_id).version, world.ticket(ticket_id).status) == (version, Status.PENDING)
    assert len(world.sent) == letters


def test_a_mail_held_back_by_mistake_is_judged_anew_when_it_is_processed_again(world: World) -> None:
    blocked = world.api("POST", "/v1/blocked-senders", {"pattern": ANN}, agent=SUPERVISOR.id).ok()
    world.restart()
    mail_id = world.mail(a_mail(ANN, "It stops", "It stops with an error."))
    assert listed(world) == [mail_id]
    world.api("DELETE", f"/v1/blocked-senders/{blocked['id']}", agent=SUPERVISOR.id)
    world.restart()
    assert world.api("POST", f"/v1/mails/{mail_id}/reprocess", agent=SUPERVISOR.id).ok()["outcome"] == "ticket"
    assert listed(world) == []
