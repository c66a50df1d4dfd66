"""Mail out through the real handlers: held answers, templates, what SES says later, files too large for a mail."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.mail_events.handler import handler as mail_events
from helpdesk import bootstrap
from helpdesk.desk.model import Letterhead
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.text import LANGUAGES
from helpdesk.mail.delivery import Slot
from helpdesk.mail.enclosing import MAX_ENCLOSED_BYTES
from helpdesk.mail.letters import Kind
from helpdesk.tickets.facts import DeliveryFailed, MessageReleased, MessageWithdrawn
from helpdesk.tickets.model import Attachment, Status
from tests.support.desk import ADMIN, AGENT, AGENT2, LINK_VALID_SECONDS, SUPERVISOR, desk_for_tests
from tests.support.raw_mails import a_mail
from tests.support.world import BASE_URL, FILES_BUCKET, World, a_world

REQUESTER = "minsu@example.com"
TEMPLATES = "/v1/mail-templates"


def opened(world: World) -> str:
    ticket_id = str(world.open(REQUESTER, locale="en", name="Minsu Kim")["ticket"]["id"])
    world.settle()
    return ticket_id


def answers(world: World) -> int:
    """How many mails beside the acknowledgement went to the requester."""
    return len(world.sent_to(REQUESTER)) - 1


def shown(world: World, ticket_id: str) -> list[dict[str, Any]]:
    """The agents' messages as the API shows them, oldest first."""
    items = world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok()["items"]
    return [item for item in reversed(items) if item["author"]["kind"] == "agent"]


def seen_by_requester(world: World, ticket_id: str) -> list[str]:
    token = world.sent_to(REQUESTER)[0].link("/portal/requests/").partition("#t=")[2]
    view = world.api("GET", f"/v1/requests/{ticket_id}", token=token).ok()
    return [message["body_text"] for message in view["messages"]][1:]


# --- the hold window --------------------------------------------------------------------------------------------------


def test_a_held_answer_waits_can_be_taken_back_and_is_then_never_sent(world: World) -> None:
    ticket_id = opened(world)
    hold = world.api("GET", "/v1/me", agent=AGENT.id).ok()["hold_seconds"]
    assert hold == 10
    sent = world.answer(ticket_id, AGENT.id, "Oops.", hold_seconds=hold, status="solved").ok()
    assert sent["send_at"] is not None
    world.settle()
    assert answers(world) == 0
    assert seen_by_requester(world, ticket_id) == []
    assert world.ticket(ticket_id).status is Status.NEW
    path = f"/v1/tickets/{ticket_id}/messages/{sent['id']}"
    world.api("POST", f"{path}/undo", agent=AGENT2.id).refused(403)
    undone = world.api("POST", f"{path}/undo", agent=AGENT.id).ok()
    assert (undone["delivery"], undone["body_text"], undone["send_at"]) == ("withdrawn", "Oops.", None)
    assert world.api("POST", f"{path}/undo", agent=AGENT.id).ok()["delivery"] == "withdrawn"  # asked again: the same
    world.api("POST", f"{path}/send", agent=AGENT.id).refused(409)
    world.pass_time(minutes=5)
    assert answers(world) == 0
    assert seen_by_requester(world, ticket_id) == []
    assert [one["delivery"] for one in shown(world, ticket_id)] == ["withdrawn"]
    assert world.ticket(ticket_id).status is Status.NEW


def test_a_held_answer_goes_out_with_the_clock_or_when_its_author_says_so(world: World) -> None:
    ticket_id = opened(world)
    first = world.answer(ticket_id, AGENT.id, "One.", hold_seconds=10).ok()
    second = world.answer(ticket_id, AGENT.id, "Two.", hold_seconds=10, status="pending").ok()
    assert [one["send_at"] for one in shown(world, ticket_id)] == [first["send_at"], second["send_at"]]
    now = world.api("POST", f"/v1/tickets/{ticket_id}/messages/{second['id']}/send", agent=AGENT.id).ok()
    assert (now["delivery"], now["send_at"]) == ("queued", None)
    world.settle()
    assert answers(world) == 1
    assert world.ticket(ticket_id).status is Status.PENDING
    world.pass_time(seconds=60)
    assert answers(world) == 2
    assert [one["delivery"] for one in shown(world, ticket_id)] == ["sent", "sent"]
    world.api("POST", f"/v1/tickets/{ticket_id}/messages/{first['id']}/undo", agent=AGENT.id).refused(409)
    assert [mail.text.split("\n")[0].strip() for mail in world.sent_to(REQUESTER)[1:]] == ["Two.", "One."]


def test_answers_are_sent_at_once_unless_the_caller_asks_and_never_held_longer_than_the_desk_says(world: World) -> None:
    ticket_id = opened(world)
    assert world.answer(ticket_id, AGENT.id, "At once.").ok()["send_at"] is None
    world.settle()
    assert answers(world) == 1
    held = world.answer(ticket_id, AGENT.id, "Long.", hold_seconds=600).ok()
    (waiting,) = world.ticket(ticket_id).held
    assert format_instant(waiting.send_at) == held["send_at"]
    assert (waiting.send_at - world.messages(ticket_id)[-1].at).total_seconds() == 10
    note = world.answer(ticket_id, AGENT.id, "A note.", hold_seconds=10, visibility="internal").ok()
    assert (note["send_at"], note["delivery"]) == (None, None)
    for wrong in (-1, 601, "x"):
        world.answer(ticket_id, AGENT.id, "x", hold_seconds=wrong).refused(400)


def test_a_repeated_call_gives_the_held_answer_again(world: World) -> None:
    ticket_id = opened(world)
    call = {"body": "Once.", "hold_seconds": 10}
    path, headers = f"/v1/tickets/{ticket_id}/messages", {"Idempotency-Key": "k"}
    first = world.api("POST", path, call, agent=AGENT.id, headers=headers).ok()
    assert world.api("POST", path, call, agent=AGENT.id, headers=headers).ok().body == first.body
    world.pass_time(minutes=1)
    assert answers(world) == 1


@settings(max_examples=12, deadline=None)
@given(st.integers(-11_000, 3000), st.booleans())
def test_undo_at_every_instant_around_the_window_means_one_mail_or_none(off: int, sweep_first: bool) -> None:  # noqa: FBT001
    with a_world() as world:
        ticket_id = opened(world)
        sent = world.answer(ticket_id, AGENT.id, "Perhaps.", hold_seconds=10).ok()
        (held,) = world.ticket(ticket_id).held
        instant = held.send_at.timestamp() + off / 1000
        world.advance(seconds=max(0.0, instant - world.clock.now.timestamp()))
        in_time = world.clock.now < held.send_at
        if sweep_first:
            world.sweep()
        answer = world.api("POST", f"/v1/tickets/{ticket_id}/messages/{sent['id']}/undo", agent=AGENT.id)
        assert answer.status == (200 if in_time else 409)
        world.pass_time(minutes=2)
        world.pass_time(minutes=2)
        assert answers(world) == (0 if in_time else 1)
        assert len(world.facts(ticket_id, MessageWithdrawn)) == in_time
        assert len(world.facts(ticket_id, MessageReleased)) == (not in_time)


# --- what SES says later ----------------------------------------------------------------------------------------------


def ses_says(world: World, slot: Slot, kind: str, about: dict[str, Any]) -> None:
    """An event of SES, as EventBridge puts it into the queue."""
    tags = {"ses:configuration-set": ["desk"], **{name: [value] for name, value in slot.tags.items()}}
    name = {"DeliveryDelay": "deliveryDelay"}.get(kind, kind.lower())
    at = format_instant(world.clock.now)
    detail = {"eventType": kind, "mail": {"timestamp": at, "tags": tags}, name: {"timestamp": at, **about}}
    record = {"messageId": "m", "body": json.dumps({"source": "aws.ses", "detail-type": "Email", "detail": detail})}
    assert mail_events({"Records": [record]}, None) == {"batchItemFailures": []}


def test_what_becomes_of_a_mail_is_shown_on_its_message_and_told_on_the_ticket(world: World) -> None:
    ticket_id = opened(world)
    sent = world.answer(ticket_id, AGENT.id, "Hello.").ok()
    world.settle()
    person = world.ticket(ticket_id).requester_id
    slot = Slot(sent["id"], Kind.REPLY, person, ticket_id)
    ses_says(world, slot, "Delivery", {"recipients": [REQUESTER]})
    assert shown(world, ticket_id)[0]["delivery"] == "delivered"
    gone = {"emailAddress": REQUESTER, "status": "5.1.1", "diagnosticCode": f"smtp; no {REQUESTER}"}
    for _ in range(2):
        ses_says(world, slot, "Bounce", {"bounceType": "Permanent", "bouncedRecipients": [gone]})
    (message,) = shown(world, ticket_id)
    assert (message["delivery"], message["delivery_reason"]) == ("bounced", "5.1.1")
    (failure,) = world.facts(ticket_id, DeliveryFailed)
    assert failure.fact == DeliveryFailed("reply", "bounced", "5.1.1", person, sent["id"])
    known = bootstrap.people_store().by_id(person)
    assert known is not None
    assert known.undeliverable
    assert bootstrap.people_store().by_address(REQUESTER) == known
    assert REQUESTER not in world.log.getvalue()
    assert (
        world.api("GET", f"/v1/tickets/{ticket_id}/history", agent=AGENT.id).ok()["items"][0]["type"]
        == "DeliveryFailed"
    )


def test_what_cannot_be_read_comes_again_and_the_others_of_its_batch_are_done(world: World) -> None:
    broken = {"messageId": "x", "body": json.dumps({"detail": {"mail": 1}})}
    fine = {"messageId": "y", "body": json.dumps({"detail": {"eventType": "Open", "mail": {}}})}
    assert mail_events({"Records": [broken, fine]}, None) == {"batchItemFailures": [{"itemIdentifier": "x"}]}


# --- templates --------------------------------------------------------------------------------------------------------

WORDS = {
    "subject": "Got it: {{ subject }}",
    "preview": "",
    "body": "Moin {{ name }}, it is {{ number }}.\n\n[See]({{ link }})\n",
}


def put(world: World, words: dict[str, Any], version: int, kind: str = "acknowledgement", query: str = "") -> Any:
    headers = {"If-Match": f'"{version}"'}
    return world.api("PUT", f"{TEMPLATES}/{kind}/en{query}", words, agent=ADMIN.id, headers=headers)


@pytest.fixture
def later() -> Iterator[World]:
    """A world whose containers are new at each step, so that no copy of the settings is old."""
    with a_world() as made:
        yield made


def test_an_admin_changes_the_words_of_a_mail_and_gives_them_back(later: World) -> None:
    world = later
    before = world.api("GET", f"{TEMPLATES}/acknowledgement/en", agent=ADMIN.id).ok()
    assert (before["overridden"], before["version"], before["words"]) == (False, 0, before["shipped"])
    assert {"name": "number", "meaning": "the ticket's number, such as #1042", "required": False} in before[
        "placeholders"
    ]
    saved = put(world, WORDS, 0).ok()
    assert (saved["overridden"], saved["version"], saved["words"]["body"]) == (True, 1, WORDS["body"])
    assert saved.headers["etag"] == '"1"'
    put(world, WORDS, 0).refused(409)
    world.restart()
    opened(world)
    (mail,) = world.sent_to(REQUESTER)
    assert mail.subject == "[#1001] Got it: It does not print"
    assert mail.text.startswith("Moin Minsu Kim, it is #1001.")
    rows = world.api("GET", TEMPLATES, agent=ADMIN.id).ok()["items"]
    assert [(row["kind"], row["language"]) for row in rows if row["overridden"]] == [("acknowledgement", "en")]
    assert len(rows) == len(Kind) * len(LANGUAGES)
    restored = world.api("DELETE", f"{TEMPLATES}/acknowledgement/en", agent=ADMIN.id, headers={"If-Match": '"1"'}).ok()
    assert (restored["overridden"], restored["version"], restored["words"]) == (False, 2, before["shipped"])
    versions = [(one["version"], one["words"] is not None, one["changed_by"]) for one in restored["versions"]]
    assert versions == [(2, False, ADMIN.id), (1, True, ADMIN.id)]
    assert put(world, WORDS, 2).ok()["version"] == 3


def test_a_mailboxs_own_words_come_before_those_of_all(later: World) -> None:
    world = later
    put(world, WORDS, 0).ok()
    put(world, {**WORDS, "body": "Of this mailbox."}, 0, query="?mailbox=support").ok()
    put(world, WORDS, 0, query="?mailbox=nowhere").refused(404)
    world.restart()
    opened(world)
    assert world.sent_to(REQUESTER)[0].text.startswith("Of this mailbox.")
    listed = world.api("GET", TEMPLATES, agent=ADMIN.id).ok()["items"]
    assert [row["mailbox"] for row in listed if row["overridden"]] == [None, "support"]


def test_all_faults_are_named_with_part_and_line_and_nothing_is_saved(world: World) -> None:
    answer = put(world, {"subject": "{{ a }}", "preview": "", "body": "x\n{{ name.b }}\n[c](http://d)"}, 0).refused(400)
    found = {(error["pointer"], error["message"].partition(":")[0]) for error in answer["errors"]}
    assert found == {("/subject", "line 1"), ("/body", "line 2")}
    assert world.api("GET", f"{TEMPLATES}/acknowledgement/en", agent=ADMIN.id).ok()["version"] == 0
    world.api("GET", f"{TEMPLATES}/nothing/en", agent=ADMIN.id).refused(404)
    world.api("GET", f"{TEMPLATES}/reply/xx", agent=ADMIN.id).refused(404)
    for agent in (AGENT, SUPERVISOR):
        world.api("GET", TEMPLATES, agent=agent.id).refused(403)


def test_a_template_is_tried_out_without_anybody_elses_mail(world: World) -> None:
    sample = world.api("POST", f"{TEMPLATES}/reply/ko/preview", {}, agent=ADMIN.id).ok()
    assert sample["subject"].startswith("Re: [#1042] ")
    assert "고마워요" in sample["text"]
    assert "고마워요" in sample["html"]
    ticket_id = opened(world)
    tried = {"body": "{{ name }}: {{ message }} {{ subject }}", "ticket_id": ticket_id}
    about = world.api("POST", f"{TEMPLATES}/reply/en/preview", tried, agent=ADMIN.id).ok()
    assert "Minsu Kim: It says 0x8007. It does not print" in about["text"]
    world.api("POST", f"{TEMPLATES}/reply/en/preview", {"body": "{{ x }}"}, agent=ADMIN.id).refused(400)
    before = len(world.sent)
    sent = world.api("POST", f"{TEMPLATES}/reply/en/test", tried, agent=ADMIN.id).ok()
    assert sent["to"] == ADMIN.address
    world.settle()
    assert len(world.sent) == before + 1
    assert world.sent[-1].to == ADMIN.address
    assert world.ticket(ticket_id).version == len(world.events(ticket_id))


def test_a_saved_template_that_cannot_be_used_any_more_gives_way_and_is_named(later: World) -> None:
    world = later
    put(world, WORDS, 0).ok()
    from helpdesk.contracts.table import template_key  # noqa: PLC0415
    from helpdesk.mail.template_store import TemplateItem  # noqa: PLC0415

    item = TemplateItem.get(*TemplateItem.at(template_key("acknowledgement", "en", "*")))
    item.setting = {**item.setting, "template": {**WORDS, "body": "{{ gone }}"}}
    item.save()
    world.restart()
    opened(world)
    assert "We have received your request" in world.sent_to(REQUESTER)[0].text
    assert "template_not_used" in world.log.getvalue()
    row = next(row for row in world.api("GET", TEMPLATES, agent=ADMIN.id).ok()["items"] if row["overridden"])
    assert [(fault["part"], fault["line"]) for fault in row["faults"]] == [("body", 1)]


# --- letterhead, files, copies, links ---------------------------------------------------------------------------------


def test_a_mailboxs_letterhead_is_on_its_mails() -> None:
    desk = desk_for_tests()
    letterhead = Letterhead("Acme", "#0a7d32", "https://acme.test/l.png", {"en": "Yours, {{ agent }}"}, True, True, 1)
    boxes = {"support": replace(desk.mailboxes["support"], letterhead=letterhead)}
    with a_world(replace(desk, mailboxes=boxes)) as world:
        ticket_id = opened(world)
        world.answer(ticket_id, AGENT2.id, "Please restart it.").ok()
        world.settle()
        mail = world.sent_to(REQUESTER)[-1]
        assert str(mail.mail["from"].addresses[0].display_name) == "Daniel Weber (Test Support)"
        assert "Yours, Daniel Weber" in mail.text
        assert (
            "Minsu Kim wrote:\r\n> It says 0x8007." in mail.text or "Minsu Kim wrote:\n> It says 0x8007." in mail.text
        )
        assert "https://acme.test/l.png" in mail.html
        assert "Acme" in mail.html


def test_an_admin_adds_a_mailbox_and_takes_it_away(world: World) -> None:
    path = "/v1/mailboxes/billing"
    wanted = {"address": "billing@desk.test", "name": "  Billing ", "group": "support", "language": "ko"}
    made = world.api("PUT", path, wanted, agent=ADMIN.id, headers={"if-match": '"0"'}).ok()
    assert (made["address"], made["name"], made["version"]) == ("billing@desk.test", "Billing", 1)
    world.api("PUT", f"{path}/letterhead", {"brand": "Acme"}, agent=ADMIN.id).ok()
    kept = world.api("PUT", path, {**wanted, "name": "Bills"}, agent=ADMIN.id).ok()
    assert (kept["name"], kept["letterhead"]["brand"]) == ("Bills", "Acme")
    world.api("PUT", path, wanted, agent=ADMIN.id, headers={"if-match": '"1"'}).refused(409)
    wrong = {
        "address": "Support@desk.test",
        "name": " ",
        "group": "none",
        "language": "xx",
        "letterhead": {"logo_url": "x"},
    }
    assert world.api("PUT", path, wrong, agent=ADMIN.id).refused(400).pointers == {
        "/address",
        "/name",
        "/group",
        "/language",
        "/letterhead/logo_url",
    }
    for address in ("nobody", "bills+late@desk.test", AGENT.address):
        assert world.api("PUT", path, {**wanted, "address": address}, agent=ADMIN.id).refused(400).pointers == {
            "/address"
        }
    world.restart()
    world.mail(a_mail(REQUESTER, "Bill", "I was billed twice.", to="billing@desk.test"))
    assert world.ticket(world.ticket_ids[-1]).mailbox_id == "billing"
    world.api("DELETE", path, agent=ADMIN.id).ok()
    world.api("DELETE", path, agent=ADMIN.id).refused(404)
    world.api("DELETE", "/v1/mailboxes/support", agent=ADMIN.id).refused(409)


def test_an_admin_sets_a_letterhead_and_every_fault_of_one_is_named(world: World) -> None:
    path = "/v1/mailboxes/support/letterhead"
    wanted = {"brand": "Acme", "colour": "#0a7d32", "signatures": {"ko": "{{ agent }} 드림"}, "quoted_messages": 2}
    set_to = world.api("PUT", path, wanted, agent=ADMIN.id).ok()
    assert {name: set_to["letterhead"][name] for name in wanted} == wanted
    (listed,) = world.api("GET", "/v1/mailboxes", agent=ADMIN.id).ok()["items"]
    assert (listed["id"], listed["address"]) == ("support", "support@desk.test")
    wrong = {"logo_url": "http://x/y.png", "signatures": {"en": "a\n{{ link }}", "xx": "b"}}
    assert world.api("PUT", path, wrong, agent=ADMIN.id).refused(400).pointers == {
        "/logo_url",
        "/signatures/en",
        "/signatures/xx",
    }
    for colour in ("red", "#12345g", "#fff"):
        assert world.api("PUT", path, {"colour": colour}, agent=ADMIN.id).refused(400).pointers == {"/colour"}
    world.api("PUT", "/v1/mailboxes/nowhere/letterhead", {}, agent=ADMIN.id).refused(404)
    world.restart()
    ticket_id = str(world.open(REQUESTER, locale="ko")["ticket"]["id"])
    world.settle()
    world.answer(ticket_id, AGENT.id, "네.").ok()
    world.settle()
    assert "박지우 드림" in world.sent_to(REQUESTER)[-1].text


def test_a_file_too_large_for_a_mail_is_a_link_that_works_for_whoever_holds_the_mail(world: World) -> None:
    ticket_id = opened(world)
    sent = world.answer(ticket_id, AGENT.id, "Here is the film.").ok()
    message = bootstrap.ticket_store().message(ticket_id, sent["id"])
    assert message is not None
    key = bootstrap.files().put(ticket_id, "01KAQM10M0000000000000F11E", "film.mov", "video/quicktime", b"x")
    film = Attachment("01KAQM10M0000000000000F11E", "film.mov", "video/quicktime", MAX_ENCLOSED_BYTES + 1, key)
    bootstrap.ticket_store().rewrite(replace(message, attachments=(film,)))
    world.settle()
    mail = world.sent_to(REQUESTER)[-1]
    assert "film.mov (10.0 MB): " in mail.text
    target = mail.link("/v1/files/").removeprefix(BASE_URL)
    answer = world.api("GET", target)
    assert answer.status == 302
    assert key in answer.headers["location"]
    world.api("GET", target + "x").refused(401)
    world.advance(seconds=LINK_VALID_SECONDS - 1)
    assert world.api("GET", target).status == 302
    world.advance(days=2)
    world.api("GET", target).refused(410)


def test_a_formatted_answer_reads_the_same_in_mail_and_pages_with_its_picture_in_place(world: World) -> None:
    ticket_id = opened(world)
    asked = {"filename": "lamp.png", "content_type": "image/png", "size": 3}
    upload = world.api("POST", "/v1/uploads", asked).ok()
    boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=b"png")
    body = {
        "html": "<p>Take the <strong>left</strong> one:</p><ul><li>gently</li></ul><script>1</script>"
        '<p onclick="x()"><img src="cid:upload-0" alt="Lamp"><img src="https://spy.example/a.gif"></p>',
        "attachments": [upload["id"]],
        "visibility": "public",
    }
    sent = world.api("POST", f"/v1/tickets/{ticket_id}/messages", body, agent=AGENT.id).ok()
    assert sent["body_text"] == "Take the left one:\n\n- gently\n\n[Lamp]"
    assert "<strong>left</strong>" in sent["body_html"]
    assert not any(word in sent["body_html"] for word in ("script", "onclick", "spy.example", "cid:"))
    assert [file["inline"] for file in sent["attachments"]] == [True]
    world.settle()
    mail = world.sent_to(REQUESTER)[-1]
    assert "Take the left one:" in mail.text
    assert "<strong>left</strong>" in mail.html
    assert f"cid:{sent['attachments'][0]['id']}" in mail.html
    nothing = {"html": "<p> </p>", "visibility": "public"}
    path = f"/v1/tickets/{ticket_id}/messages"
    assert world.api("POST", path, nothing, agent=AGENT.id).refused(400).pointers == {"/body"}


def test_links_in_a_mail_live_from_the_day_of_the_mail_not_of_the_ticket(world: World) -> None:
    first = world.open(REQUESTER, locale="en")
    ticket_id, early = first["ticket"]["id"], first["access_token"]
    world.settle()
    world.advance(seconds=LINK_VALID_SECONDS - 3600)
    world.answer(ticket_id, AGENT.id, "Sorry for the wait.").ok()
    world.settle()
    late = world.sent_to(REQUESTER)[-1].link("/portal/requests/").partition("#t=")[2]
    world.advance(seconds=LINK_VALID_SECONDS)
    world.api("GET", f"/v1/requests/{ticket_id}", token=early).refused(410)
    world.api("GET", f"/v1/requests/{ticket_id}", token=late).ok()


def test_who_takes_part_gets_answers_in_copy_of_the_one_mail(world: World) -> None:
    world.mail(a_mail(REQUESTER, "Printer", "It stops.", headers={"Cc": "Boss <boss@example.com>"}))
    world.settle()
    ticket_id = world.ticket_ids[-1]
    assert len(world.ticket(ticket_id).participants) == 1
    world.answer(ticket_id, AGENT.id, "Which one is it?").ok()
    world.settle()
    mail = world.sent_to(REQUESTER)[-1]
    assert str(mail.mail["cc"]) == "Boss <boss@example.com>"
    assert mail.mail["bcc"] is None
    assert len([one for one in world.sent if one.mail["message-id"] == mail.mail["message-id"]]) == 1
    shared = mail.link("/portal/requests/").partition("#t=")[2]
    world.api("GET", f"/v1/requests/{ticket_id}", token=shared).ok()
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "As them"}, token=shared).refused(403)
    own = world.sent_to(REQUESTER)[0].link("/portal/requests/").partition("#t=")[2]
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "As me"}, token=own).ok()
