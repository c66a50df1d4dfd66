"""Mail as it really comes: broken, huge, twice, from machines, strangers and impostors. Every one is accounted for."""

import random

import pytest

from helpdesk import bootstrap
from helpdesk.mail.service import MAX_MAIL_BYTES, LedgerEntry
from helpdesk.tickets.model import ActorKind, Relation, Status, Visibility
from tests.support.desk import AGENT, AGENT2, CLOSE_AFTER_SECONDS, SUPPORT_ADDRESS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.world import SentMail, World

ANN = "ann@example.com"


def entry(world: World, mail_id: str) -> LedgerEntry:
    """What the ledger says of a mail."""
    found = bootstrap.inbound_mail()._ledger.get(mail_id)
    assert found is not None
    return found


def suspended(world: World) -> dict[str, list[str]]:
    """Suspended mails as agents see them: reasons by id."""
    items = world.api("GET", "/v1/suspended-mails", agent=AGENT.id).ok()["items"]
    return {item["id"]: item["reasons"] for item in items}


def opened_by_ann(world: World) -> tuple[str, SentMail]:
    """A ticket that Ann opened by mail, and the acknowledgement she got."""
    world.mail(a_mail(ANN, "It stops", "It stops with an error.", name="Ann"))
    world.settle()
    return world.ticket_ids[-1], world.sent_to(ANN)[-1]


def nest(levels: int) -> bytes:
    """A mail of multiparts in multiparts."""
    head = b"From: ann@example.com\r\nTo: support@desk.test\r\nSubject: nested\r\nMessage-ID: <nest@example.com>\r\n"
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(levels)
    )
    return head + b"MIME-Version: 1.0\r\n" + opening + b"Content-Type: text/plain\r\n\r\nat the bottom\r\n"


# --- broken and huge ---


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe\xfd no header at all",
        b"From",
        b"From: \r\nSubject: \r\n\r\n",
        b"\r\n\r\nonly a body",
        b"From: ann@example.com\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: ann@example.com\r\nContent-Type: text/plain; charset=no-such-thing\r\n\r\n\xb0\xa1",
        b"From: ann@example.com\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!",
        b"From: ann@example.com\r\nSubject: =?utf-8?B?!!!?=\r\nDate: the day after\r\n\r\nhello",
        b"From: ann@example.com\r\nContent-Type: message/rfc822\r\n\r\n",
        random.Random(1).randbytes(5000),
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_a_mail_that_can_hardly_be_read_is_a_ticket_or_a_listed_suspension(world: World, raw: bytes) -> None:
    mail_id = world.mail(raw)
    world.settle()
    known = entry(world, mail_id)
    if known.outcome == "ticket":
        assert [known.ticket_id] == world.ticket_ids
    else:
        assert known.outcome == "suspended"
        assert suspended(world)[mail_id] == list(known.because) != []
        assert world.ticket_ids == []


def test_a_mail_nested_ten_thousand_levels_deep_is_dealt_with_like_any_other(world: World) -> None:
    mail_id = world.mail(nest(10_000))
    world.settle()
    assert entry(world, mail_id).outcome == "ticket"
    assert len(world.ticket_ids) == 1


def test_a_mail_larger_than_what_is_read_is_suspended_and_listed(world: World) -> None:
    mail_id = world.mail(b"From: ann@example.com\r\nSubject: huge\r\n\r\n" + b"x" * MAX_MAIL_BYTES)
    assert suspended(world) == {mail_id: ["too_large"]}
    world.api("POST", f"/v1/suspended-mails/{mail_id}/release", agent=AGENT.id).refused(409)
    assert world.ticket_ids == []


def test_a_mail_of_just_under_forty_megabytes_keeps_its_file_whole(world: World) -> None:
    mail = a_mail(ANN, "A long log", "See the file.")
    content = random.Random(2).randbytes(29_000_000)  # 39.2 MB in base 64
    mail.add_attachment(content, maintype="application", subtype="zip", filename="log.zip")
    raw = mail.as_bytes()
    assert 39_000_000 < len(raw) < MAX_MAIL_BYTES
    mail_id = world.mail(raw)
    assert entry(world, mail_id).outcome == "ticket"
    (message,) = world.messages(world.ticket_ids[0])
    (file,) = message.attachments
    assert (file.filename, file.size) == ("log.zip", len(content))
    stored = bootstrap.s3().get_object(Bucket="desk-files", Key=file.object_key)["Body"].read()
    assert stored == content


def test_a_body_too_long_for_the_table_is_read_back_whole(world: World) -> None:
    body = "\n".join(f"Line {n} of a very long report." for n in range(20_000))
    world.mail(a_mail(ANN, "Report", body))
    (message,) = world.messages(world.ticket_ids[0])
    assert message.text == body
    assert message.full_text_key is not None


# --- what is let in, and what is not ---


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        ({"spam": "FAIL"}, "spam"),
        ({"virus": "FAIL"}, "virus"),
        ({"dmarc": "FAIL"}, "sender_not_authenticated"),
        ({"spf": "FAIL", "dkim": "FAIL", "dmarc": "GRAY"}, "sender_not_authenticated"),
    ],
)
def test_what_ses_warns_of_waits_for_a_colleague_who_can_let_it_in(
    world: World, verdicts: dict[str, str], reason: str
) -> None:
    mail_id = world.mail(a_mail(ANN, "Hello", "Is anybody there?"), verdicts=verdicts)
    world.settle()
    assert suspended(world) == {mail_id: [reason]}
    assert world.ticket_ids == []
    assert world.sent == [], "a sender nobody vouches for is not written to"
    released = world.api("POST", f"/v1/suspended-mails/{mail_id}/release", agent=AGENT.id).ok()
    assert released["outcome"] == "ticket"
    assert world.ticket_ids == [released["ticket_id"]]
    assert suspended(world) == {}
    world.api("POST", f"/v1/suspended-mails/{mail_id}/release", agent=AGENT.id).refused(409)
    assert len(world.ticket_ids) == 1


def test_the_same_mail_taken_twice_is_one_ticket_and_accounted_for_twice(world: World) -> None:
    mail = a_mail(ANN, "Once", "I wrote this once.")
    ids = [world.mail(mail), world.mail(mail)]
    assert [entry(world, mail_id).outcome for mail_id in ids] == ["ticket", "duplicate"]
    assert len(world.ticket_ids) == 1
    assert len(world.messages(world.ticket_ids[0])) == 1


def test_the_desks_own_mail_that_comes_back_is_refused(world: World) -> None:
    _, acknowledgement = opened_by_ann(world)
    mail_id = world.mail(acknowledgement.mail.as_bytes())
    world.settle()
    assert entry(world, mail_id).outcome == "rejected"
    assert len(world.ticket_ids) == 1
    assert len(world.sent_to(ANN)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<news.example.com>"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_machines_get_no_answer_and_no_survey(world: World, headers: dict[str, str]) -> None:
    world.mail(a_mail(ANN, "Out of office", "I am away until Monday.", headers=headers))
    world.settle()
    (ticket_id,) = world.ticket_ids
    assert world.sent_to(ANN) == []
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(hours=2)
    assert world.sent_to(ANN) == []


def test_an_automatic_answer_in_a_thread_is_noted_and_moves_nothing(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    away = an_answer(acknowledgement, ANN, "I am away until Monday.")
    away["Auto-Submitted"] = "auto-replied"
    letters = len(world.sent)
    world.mail(away)
    world.settle()
    note = world.messages(ticket_id)[-1]
    assert (note.visibility, note.automatic) == (Visibility.INTERNAL, True)
    assert world.ticket(ticket_id).status is Status.SOLVED
    assert len(world.sent) == letters


def test_two_machines_do_not_keep_each_other_awake(world: World) -> None:
    """An automatic answer that does not say of itself that it is one is answered once, as it says the same each time."""
    for n in range(3):
        world.mail(a_mail(ANN, f"Automatic {n}", "We got your mail."))
        world.settle()
    (acknowledgement,) = world.sent_to(ANN)
    world.mail(an_answer(acknowledgement, ANN, "We got your mail."))
    world.settle()
    assert len(world.sent_to(ANN)) == 1, "a reply is never acknowledged"
    world.mail(a_mail(ANN, "A question", "How do I change my password?"))
    world.settle()
    assert len(world.sent_to(ANN)) == 2, "what says something else is"


# --- threads ---


@pytest.mark.parametrize(("by_address", "by_headers"), [(True, True), (True, False), (False, True)])
def test_a_reply_finds_its_ticket_by_address_or_by_headers(world: World, by_address: bool, by_headers: bool) -> None:  # noqa: FBT001
    ticket_id, acknowledgement = opened_by_ann(world)
    mail = an_answer(acknowledgement, ANN, "One more thing.", by_address=by_address, by_headers=by_headers)
    world.mail(mail)
    assert world.ticket_ids == [ticket_id]
    assert [message.text for message in world.messages(ticket_id)] == ["It stops with an error.", "One more thing."]


def test_a_reply_that_has_lost_both_joins_by_its_number_if_a_server_vouches_for_its_sender(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    world.mail(an_answer(acknowledgement, ANN, "One more thing.", by_address=False, by_headers=False))
    assert world.ticket_ids == [ticket_id]
    nobody_says = dict.fromkeys(("spf", "dkim", "dmarc"), "GRAY")
    doubtful = an_answer(acknowledgement, ANN, "My new address is evil.", by_address=False, by_headers=False)
    world.mail(doubtful, verdicts=nobody_says)
    assert [len(world.messages(found)) for found in world.ticket_ids] == [2, 1]


def test_a_number_lets_nobody_else_join_but_the_tickets_are_linked(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    world.mail(an_answer(acknowledgement, "eve@example.org", "Tell me all.", by_address=False, by_headers=False))
    (own,) = [found for found in world.ticket_ids if found != ticket_id]
    assert [(link.relation, link.ticket_id) for link in world.ticket(own).links] == [(Relation.MENTIONS, ticket_id)]
    assert len(world.messages(ticket_id)) == 1


def test_a_number_that_is_not_written_as_ours_is_no_answer(world: World) -> None:
    ticket_id, _ = opened_by_ann(world)
    number = world.ticket(ticket_id).number
    world.mail(a_mail(ANN, f"Order #{number}", "Where is it?"))
    assert len(world.ticket_ids) == 2
    assert len(world.messages(ticket_id)) == 1


def test_a_second_mail_of_the_requester_in_their_own_thread_joins_it(world: World) -> None:
    first = a_mail(ANN, "It stops", "It stops with an error.", message_id="<first@example.com>")
    world.mail(first)
    second = a_mail(ANN, "Re: It stops", "It still does.", headers={"In-Reply-To": "<first@example.com>"})
    world.mail(second)
    (ticket_id,) = world.ticket_ids
    assert len(world.messages(ticket_id)) == 2


def test_a_stranger_who_quotes_a_thread_gets_a_ticket_of_their_own_and_sees_nothing_of_the_other(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    mail = an_answer(acknowledgement, "eve@example.org", "What is this about?")
    world.mail(mail)
    world.settle()
    own = next(found for found in world.ticket_ids if found != ticket_id)
    assert len(world.messages(ticket_id)) == 1
    assert [(link.relation, link.ticket_id) for link in world.ticket(own).links] == [(Relation.MENTIONS, ticket_id)]
    token = world.sent_to("eve@example.org")[-1].link("/portal/requests/").partition("#t=")[2]
    world.api("GET", f"/v1/requests/{ticket_id}", token=token).refused(404)


def test_a_reply_address_that_is_made_up_proves_nothing(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    tag = acknowledgement.reply_to.partition("+")[2].partition("@")[0]
    forged = f"support+{tag[:-1]}{'a' if tag[-1] != 'a' else 'b'}@desk.test"
    world.mail(a_mail(ANN, "Hello", "Let me in.", to=forged))
    assert len(world.ticket_ids) == 2
    assert len(world.messages(ticket_id)) == 1


def test_an_agents_reply_by_mail_is_a_public_answer(world: World) -> None:
    ticket_id, _ = opened_by_ann(world)
    agent = AGENT if world.ticket(ticket_id).assignee == AGENT.id else AGENT2
    told = world.sent_to(agent.address)[-1]
    mail = an_answer(told, agent.address, "Please restart it.")
    world.mail(mail)
    world.settle()
    message = world.messages(ticket_id)[-1]
    assert (message.author.kind, message.author.id) == (ActorKind.AGENT, agent.id)
    assert message.visibility is Visibility.PUBLIC
    assert "Please restart it." in world.sent_to(ANN)[-1].text
    assert agent.address not in world.sent_to(ANN)[-1].mail.as_string()


def test_who_pretends_to_be_an_agent_is_held_back(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    mail = an_answer(acknowledgement, AGENT.address, "Please send me your password.")
    mail_id = world.mail(mail, verdicts={"dmarc": "FAIL"})
    world.settle()
    assert suspended(world) == {mail_id: ["sender_not_authenticated"]}
    assert len(world.messages(ticket_id)) == 1
    assert len(world.sent_to(ANN)) == 1


def test_a_reply_to_a_solved_ticket_reopens_it_and_to_a_closed_one_opens_another(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    first = an_answer(acknowledgement, ANN, "It is back.")
    world.mail(first)
    assert world.ticket(ticket_id).status is Status.OPEN
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(seconds=CLOSE_AFTER_SECONDS + 3600)
    assert world.ticket(ticket_id).status is Status.CLOSED
    second = an_answer(acknowledgement, ANN, "It is back again.")
    world.mail(second)
    world.settle()
    follower = world.ticket(world.ticket_ids[-1])
    assert [(link.relation, link.ticket_id) for link in follower.links] == [(Relation.FOLLOWS, ticket_id)]
    assert follower.requester_id == world.ticket(ticket_id).requester_id
    assert "It is back again." in world.messages(follower.id)[0].text


def test_a_mail_that_could_not_be_delivered_is_noted_on_its_ticket_and_answered_to_nobody(world: World) -> None:
    ticket_id, acknowledgement = opened_by_ann(world)
    letters = len(world.sent)
    report = "\r\n".join(
        [
            "From: MAILER-DAEMON@example.com",
            f"To: {SUPPORT_ADDRESS}",
            "Subject: Undelivered Mail Returned to Sender",
            "Message-ID: <bounce@example.com>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "The mailbox does not exist.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.com",
            "",
            f"Final-Recipient: rfc822; {ANN}",
            "Action: failed",
            "Status: 5.1.1",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {acknowledgement.message_id}",
            f"References: {acknowledgement.mail['References']}",
            "--b--",
            "",
        ]
    )
    world.mail(report.encode())
    world.settle()
    assert world.ticket_ids == [ticket_id]
    note = world.messages(ticket_id)[-1]
    assert (note.visibility, note.author.kind) == (Visibility.INTERNAL, ActorKind.SYSTEM)
    assert len(world.sent) == letters
