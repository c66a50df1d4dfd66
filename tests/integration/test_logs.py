"""What the logs must never hold: whoever reads them learns ids and counts, not who wrote what."""

import logging
import traceback
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.support.desk import AGENT, CLOSE_AFTER_SECONDS, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.wire import AwsCall, Proceed, observing
from tests.support.world import FILES_BUCKET, World

MARK = "zqxmark"
ADDRESS = f"{MARK}-address@{MARK}-domain.example"
OTHER = f"{MARK}-other@{MARK}-domain.example"


def everything_said(world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    """All that was logged or printed: as Lambda would write it, by any logger, on both streams."""
    records = "".join(str(record.__dict__) + record.getMessage() for record in caplog.records)
    printed = capfd.readouterr()
    return world.log.getvalue() + records + printed.out + printed.err


def live(world: World) -> list[str]:
    """Does all that there is to do with marked names, addresses, texts and files; gives the tokens it came by."""
    upload = world.api(
        "POST", "/v1/uploads", {"filename": f"{MARK}-file.txt", "content_type": "text/plain", "size": 3}
    ).ok()
    boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=b"abc")
    opened = world.open(
        ADDRESS,
        name=f"{MARK} name",
        subject=f"{MARK} subject",
        body=f"{MARK} body",
        fields={"serial": f"{MARK}-field"},
        attachments=[upload["id"]],
        key=f"{MARK}-key",
    )
    ticket_id, token = opened["ticket"]["id"], opened["access_token"]
    world.settle()
    world.api("GET", f"/v1/requests/{ticket_id}", token=token).ok()
    world.api("GET", f"/v1/requests/{ticket_id}", token=f"{token}x")
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": f"{MARK} reply"}, token=token).ok()
    world.api("POST", "/v1/requests", {"subject": f"{MARK} wrong", "requester": {"email": f"{MARK} no address"}})
    world.api("POST", "/v1/requests", f'{{"{MARK}'.encode())
    world.answer(ticket_id, AGENT.id, f"{MARK} answer").ok()
    world.api("GET", f"/v1/tickets?q={MARK}", agent=AGENT.id).ok()
    mail = a_mail(OTHER, f"{MARK} mail", f"{MARK} text", name=f"{MARK} sender", headers={f"X-{MARK}": MARK})
    mail.add_attachment(b"abc", maintype="text", subtype=MARK, filename=f"{MARK}.txt")
    world.mail(mail)
    world.mail(mail)
    world.mail(a_mail(OTHER, f"{MARK} spam", f"{MARK} text"), verdicts={"spam": "FAIL"})
    world.mail(f"{MARK}\x00{MARK}".encode())
    world.settle()
    world.mail(an_answer(world.sent_to(OTHER)[-1], OTHER, f"{MARK} answer by mail"))
    world.patch(ticket_id, AGENT.id, status="solved", tags=[f"{MARK}-tag"]).ok()
    world.pass_time(seconds=SURVEY_DELAY_SECONDS)
    survey = next(one for one in world.sent_to(ADDRESS) if "/portal/survey/" in one.text)
    survey_token = survey.link("/portal/survey/").rpartition("/")[2]
    world.api("GET", f"/v1/surveys/{survey_token}").ok()
    world.api("POST", f"/v1/surveys/{survey_token}", {"rating": 2, "comment": f"{MARK} comment"}).ok()
    world.pass_time(seconds=CLOSE_AFTER_SECONDS)
    reply_tag = survey.reply_to.partition("+")[2].partition("@")[0].rpartition("-")[2]
    return [token, upload["id"], survey_token, reply_tag]


def test_nothing_that_people_wrote_is_ever_logged(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    secrets = live(world)
    said = everything_said(world, caplog, capfd)
    assert "event_handled" in said
    assert "mail_received" in said
    assert MARK not in said.lower()
    for secret in secrets:
        assert secret not in said
    assert "desk.test" not in said, "colleagues have addresses, too"
    assert "198.51.100.7" not in said, "and callers have theirs"


def test_faults_are_logged_with_their_place_but_not_with_what_they_were_about(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Services put addresses and keys into the sentences they fail with."""

    def failing(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        if call.name in {"sesv2.SendEmail", "dynamodb.TransactWriteItems"}:
            error = {"Code": "InternalServerError", "Message": f"{ADDRESS} could not be written to"}
            raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 500}}, call.operation)
        return proceed()

    caplog.set_level(logging.INFO)
    opened = world.open(ADDRESS, name=f"{MARK} name", subject=f"{MARK} subject", body=f"{MARK} body")
    with observing(failing):
        world.publish()
        for queue in world.queues:
            world.deliver(queue)
        path = f"/v1/requests/{opened['ticket']['id']}/messages"
        refusal = world.api("POST", path, {"body": f"{MARK} reply"}, token=opened["access_token"])
        refusal.refused(500)
        assert MARK not in refusal.raw
        world.advance(days=2)
        with pytest.raises(RuntimeError, match="1 of 1"):
            world.sweep()
        with pytest.raises(RuntimeError) as raised:
            world.mail(a_mail(OTHER, f"{MARK} mail", f"{MARK} text"))
        assert MARK not in "".join(traceback.format_exception(raised.value)), "Lambda logs what is raised"
    said = everything_said(world, caplog, capfd)
    assert said.count("event_failed") >= 2
    assert "call_failed" in said
    assert "tick_failed" in said
    assert "mail_failed" in said
    assert "InternalServerError" in said
    assert "store.py" in said or "outbox_store.py" in said, "where it failed can be read"
    assert MARK not in said.lower()
    world.settle()
