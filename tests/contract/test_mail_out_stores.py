"""What fakes and stores of mail out and surveys both keep to."""

import random
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Never

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sesv2.models import sesv2_backends

from helpdesk.kernel.errors import Unavailable
from helpdesk.mail.delivery import (
    LEASE,
    Claim,
    Delivery,
    DeliveryState,
    Envelope,
    Feedback,
    NoticeLog,
    Rejected,
    Slot,
    Verdict,
    fate_of,
)
from helpdesk.mail.letters import Kind
from helpdesk.mail.notices import Files
from helpdesk.mail.outbox_store import DynamoNoticeLog, NoticeItem, S3Files, SesMailSender, count_sent, ses_client
from helpdesk.platform.table import bind_table
from helpdesk.surveys.model import Answer, Rated, Survey
from helpdesk.surveys.service import SurveyStore
from helpdesk.surveys.store import DynamoSurveyStore
from tests.fakes.mail_out import NOW, FakeFiles, FakeNoticeLog, FakeSurveyStore
from tests.support.table import create_table

SLOT = Slot("01KAQM10M0000000000000000A", Kind.REPLY, "01KAQM10M0000000000000000B", "01KAQM10M0000000000000000C")
OTHER = Slot("01KAQM10M0000000000000000A", Kind.REPLY, "01KAQM10M0000000000000000D", "01KAQM10M0000000000000000C")
ENVELOPE = Envelope("a@example.com", ("b@example.com",), SLOT.tags)
SENT = Delivery(DeliveryState.SENT, NOW, "ses-1")
FAILED = Delivery(DeliveryState.FAILED, NOW, reason="MessageRejected")


@pytest.fixture
def table() -> Iterator[None]:
    with mock_aws():
        create_table("desk")
        bind_table("desk")
        yield


@pytest.fixture(params=["fake", "dynamo"])
def log(request: pytest.FixtureRequest) -> NoticeLog:
    if request.param == "fake":
        return FakeNoticeLog()
    request.getfixturevalue("table")
    return DynamoNoticeLog()


@pytest.fixture(params=["fake", "dynamo"])
def surveys(request: pytest.FixtureRequest) -> SurveyStore:
    if request.param == "fake":
        return FakeSurveyStore()
    request.getfixturevalue("table")
    return DynamoSurveyStore()


def claim(log: NoticeLog, slot: Slot = SLOT, *, at: datetime = NOW, again: bool = False) -> Claim:
    return log.claim(slot, now=at, lease=LEASE, again=again)


def test_a_free_slot_is_claimed_once_and_each_recipient_has_their_own(log: NoticeLog) -> None:
    assert log.find(SLOT) is None
    assert claim(log) is Claim.MINE
    assert claim(log) is Claim.BUSY
    assert claim(log, again=True) is Claim.BUSY
    assert claim(log, OTHER) is Claim.MINE
    assert log.find(SLOT) == Delivery(DeliveryState.SENDING, NOW)


def test_a_claim_whose_holder_is_silent_is_taken_over_only_where_sending_again_is_allowed(log: NoticeLog) -> None:
    claim(log)
    later = NOW + LEASE
    assert claim(log, at=later - timedelta(seconds=1), again=True) is Claim.BUSY
    assert claim(log, at=later) is Claim.UNKNOWN
    assert claim(log, at=later, again=True) is Claim.MINE
    assert claim(log, at=later, again=True) is Claim.BUSY


@pytest.mark.parametrize("ending", [SENT, FAILED, Delivery(DeliveryState.SUPPRESSED, NOW, reason="too_many")])
def test_what_is_settled_stays_so_and_is_found(log: NoticeLog, ending: Delivery) -> None:
    claim(log)
    log.settle(SLOT, ending)
    assert log.find(SLOT) == ending
    for again in (False, True):
        assert claim(log, at=NOW + timedelta(days=399), again=again) is Claim.SETTLED


def test_that_it_was_sent_is_never_unwritten(log: NoticeLog) -> None:
    claim(log)
    log.settle(SLOT, SENT)
    log.settle(SLOT, FAILED)
    log.release(SLOT)
    assert log.find(SLOT) == SENT
    log.settle(OTHER, FAILED)
    log.settle(OTHER, SENT)
    assert log.find(OTHER) == SENT


def test_a_slot_given_back_is_free(log: NoticeLog) -> None:
    claim(log)
    log.release(SLOT)
    assert log.find(SLOT) is None
    assert claim(log) is Claim.MINE
    log.release(OTHER)  # giving back what nobody has is nothing


def test_a_notice_is_remembered_for_more_than_a_year(table: None) -> None:
    log = DynamoNoticeLog()
    claim(log)
    log.settle(SLOT, SENT)
    (item,) = NoticeItem.query(f"NOTICE#{SLOT.cause}")
    assert item.expires_at >= (NOW + timedelta(days=400)).timestamp()


# --- surveys ----------------------------------------------------------------------------------------------------------

SURVEY = Survey("s1", "t1", "p1", 1042, "ko", NOW, NOW + timedelta(days=14))
ANSWER = Answer(4, NOW + timedelta(days=1), "잘 되었어요")


def test_a_survey_is_made_once(surveys: SurveyStore) -> None:
    assert surveys.find("s1") is None
    assert surveys.create(SURVEY)
    assert not surveys.create(Survey("s1", "t1", "p1", 1042, "ko", NOW + timedelta(days=1), NOW))
    assert surveys.find("s1") == SURVEY


def test_a_survey_keeps_an_answer_in_place_of_the_one_that_was_seen(surveys: SurveyStore) -> None:
    row = Rated("s1", NOW, 4, "ko")
    assert not surveys.answer("s1", ANSWER, row)
    surveys.create(SURVEY)
    first = Answer(1, NOW, "Hm", {"recommend": 3, "again": False})
    assert surveys.answer("s1", first, row)
    assert not surveys.answer("s1", ANSWER, row)
    assert not surveys.answer("s1", ANSWER, row, replace(first, comment="Hmm"))
    assert surveys.answer("s1", ANSWER, row, first)
    found = surveys.find("s1")
    assert found is not None
    assert found.answer == ANSWER
    assert (found.id, found.expires_at) == (SURVEY.id, SURVEY.expires_at)


def test_nobody_is_asked_again_before_they_have_rested(surveys: SurveyStore) -> None:
    month = timedelta(days=30)
    assert surveys.may_ask("p1", "s1", NOW, NOW - month)
    assert surveys.may_ask("p1", "s1", NOW + timedelta(minutes=5), NOW - month), "the same again is no other"
    assert not surveys.may_ask("p1", "s2", NOW + month, NOW)
    assert surveys.may_ask("p2", "s2", NOW + month, NOW)
    assert surveys.may_ask("p1", "s2", NOW + month + timedelta(hours=1), NOW + timedelta(hours=1))


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["fake", "s3"])
def files(request: pytest.FixtureRequest) -> Iterator[Files]:
    if request.param == "fake":
        yield FakeFiles(files={"attachments/a": b"abc"})
        return
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="files")
        s3.put_object(Bucket="files", Key="attachments/a", Body=b"abc")
        yield S3Files(lambda: s3, "files")


def test_a_file_is_read_and_one_that_is_not_there_is_none(files: Files) -> None:
    assert files.read("attachments/a") == b"abc"
    assert files.read("attachments/b") is None


# --- SES --------------------------------------------------------------------------------------------------------------

RAW = b"From: support@desk.test\r\nTo: a@example.com\r\nSubject: x\r\n\r\nx\r\n"


class RefusingClient:
    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked: list[dict] = []

    def send_email(self, **request: object) -> Never:
        self.asked.append(request)
        raise self.error


def refusal(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "no: a@example.com"}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "SendEmail",
    )


def test_a_mail_goes_to_whom_it_is_for_as_it_was_made() -> None:
    with mock_aws():
        boto3.client("ses").verify_domain_identity(Domain="desk.test")
        sender = SesMailSender(ses_client, "desk")
        mail_id = sender.send(RAW, ENVELOPE)
        (message,) = sesv2_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].core_backend.sent_messages
        assert set(message.destinations) == {"a@example.com", "b@example.com"}  # moto adds the header to the envelope
        assert message.raw_data.encode() == RAW
        assert mail_id == message.id


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_what_ses_will_never_take_is_rejected(code: str) -> None:
    with pytest.raises(Rejected, match=code):
        SesMailSender(lambda: RefusingClient(refusal(code)), "").send(RAW, ENVELOPE)


@pytest.mark.parametrize(
    "error",
    [
        refusal("TooManyRequestsException", 429),
        refusal("LimitExceededException"),
        refusal("SendingPausedException"),
        refusal("MailFromDomainNotVerifiedException"),
        EndpointConnectionError(endpoint_url="https://email.test"),
    ],
)
def test_what_ses_does_not_take_now_can_be_tried_again_and_no_address_gets_into_the_log(error: Exception) -> None:
    with pytest.raises(Unavailable) as refused:
        SesMailSender(lambda: RefusingClient(error), "").send(RAW, ENVELOPE)
    assert "@" not in "".join(traceback.format_exception(refused.value, limit=0))


def test_a_failure_of_ses_leaves_open_whether_the_mail_left() -> None:
    with pytest.raises(ClientError):
        SesMailSender(lambda: RefusingClient(refusal("InternalFailure", 500)), "").send(RAW, ENVELOPE)


def test_ses_is_asked_once_and_for_the_configuration_set_if_there_is_one() -> None:
    assert ses_client().meta.config.retries["total_max_attempts"] == 1
    for name, expected in (("desk", "desk"), ("", None)):
        client = RefusingClient(refusal("MessageRejected"))
        with pytest.raises(Rejected):
            SesMailSender(lambda: client, name).send(RAW, ENVELOPE)  # noqa: B023 - called at once
        assert [request.get("ConfigurationSetName") for request in client.asked] == [expected]


class _OneForEachConnection(StreamRequestHandler):
    """Answers once on a connection and keeps it; what comes on it later is dropped, as on one that the other side has given up."""

    def handle(self) -> None:
        length = 0
        while (line := self.rfile.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.rfile.read(length)
        answer = b'{"MessageId": "%d"}' % self.client_address[1]
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
        self.rfile.read(1)


def test_no_mail_is_lost_on_a_connection_that_was_dropped_while_nothing_went_over_it() -> None:
    now = 0.0
    with ThreadingTCPServer(("127.0.0.1", 0), _OneForEachConnection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        client = boto3.client("sesv2", endpoint_url=endpoint, config=ses_client().meta.config)
        sender = SesMailSender(lambda: client, "", lambda: now)
        first = sender.send(RAW, ENVELOPE)
        now = 60.0
        assert sender.send(RAW, ENVELOPE) != first
        now = 61.0
        with pytest.raises(ConnectionClosedError):  # the one that is in use is used again
            sender.send(RAW, ENVELOPE)
        client.close()
        server.shutdown()


def test_ses_is_told_by_tags_which_mail_of_ours_it_is_and_gives_that_back() -> None:
    client = RefusingClient(refusal("MessageRejected"))
    with pytest.raises(Rejected):
        SesMailSender(lambda: client, "").send(RAW, ENVELOPE)
    tags = {tag["Name"]: tag["Value"] for tag in client.asked[0]["EmailTags"]}
    assert Slot.of_tags(tags) == SLOT
    assert Slot("a cause", Kind.REPLY, "b", "c").tags == {}  # what SES would refuse is left away
    assert Slot.of_tags({"cause": "x"}) is None


# --- what is heard of mails later -------------------------------------------------------------------------------------

FEEDBACKS = [
    Feedback(verdict, NOW + timedelta(minutes=minute), reason)
    for verdict in Verdict
    for minute in (0, 1)
    for reason in (None, "mailboxfull")
]


@settings(max_examples=15)
@given(heard=st.lists(st.sampled_from(FEEDBACKS), min_size=1, max_size=6), order=st.randoms(), sent_first=st.booleans())
def test_what_is_said_of_a_mail_in_any_order_and_any_number_of_times_ends_the_same(
    heard: list[Feedback], order: random.Random, *, sent_first: bool
) -> None:
    with mock_aws():
        create_table("desk")
        bind_table("desk")
        ends = []
        repeated = [*heard, *order.choices(heard, k=3)]
        order.shuffle(repeated)
        for log, story in ((DynamoNoticeLog(), repeated), (FakeNoticeLog(), heard)):
            for moment, feedback in enumerate(story):
                if moment == 0 and sent_first:
                    log.settle(SLOT, SENT)
                log.hear(SLOT, feedback)
            log.settle(SLOT, SENT)
            ends.append(log.find_all([SLOT, OTHER]))
        assert ends[0] == ends[1]
        assert set(ends[0]) == {SLOT}
        assert fate_of(ends[0][SLOT]) != ("sent", None)


def test_of_a_mail_that_was_heard_of_but_never_noted_as_sent_what_was_heard_counts(log: DynamoNoticeLog) -> None:
    log.hear(SLOT, Feedback(Verdict.BOUNCED, NOW, "5.1.1"))
    assert fate_of(log.find_all([SLOT])[SLOT]) == ("bounced", "5.1.1")
    assert fate_of(log.find_all([OTHER]).get(OTHER)) == ("queued", None)


def test_a_sent_mail_is_counted_by_kind_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    count_sent(Kind.SURVEY)
    line = capsys.readouterr().out
    assert '"MailsSent":[1.0]' in line
    assert '"kind":"survey"' in line
