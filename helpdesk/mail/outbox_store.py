"""Mail out on AWS: SES sends, the table remembers what was sent, the bucket holds what goes along."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.contracts.metrics import NAMESPACE, Metric
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.errors import Unavailable
from helpdesk.mail.delivery import Claim, Delivery, DeliveryState, Envelope, Feedback, Rejected, Slot, Verdict
from helpdesk.mail.letters import Kind, Letter
from helpdesk.platform.observability import logger
from helpdesk.platform.table import Item, table_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef

REMEMBERED: Final = timedelta(days=400)
"""How long it is known that a mail was sent. Events are not handled again after that."""
LONGEST_REASON: Final = 500
_ATTEMPTS: Final = 5
_FRESH_SECONDS: Final = 5.0
"""For how long a connection that nothing went over is trusted. Services drop those that are idle, mostly while a function is
frozen; what is written to one of them is lost, and nobody knows whether it was a mail that left."""

_NEVER: Final = frozenset({"MessageRejected", "BadRequestException", "ValidationException"})
_UNSURE_FROM: Final = 500  # HTTP: the service failed, and may have sent the mail or not
_CONDITION_FAILED: Final = "ConditionalCheckFailedException"


def ses_client() -> "SESV2Client":
    """A client that never tries again by itself: a second try after a timeout could be a second mail."""
    import boto3  # noqa: PLC0415 - only functions that send pay for it
    from botocore.config import Config  # noqa: PLC0415

    config = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=12)
    return boto3.client("sesv2", config=config)


class SesMailSender:
    """See `mail.delivery.MailSender`.

    Args:
        client: gives the client, made when the first mail is sent. It must not retry (`ses_client`).
        configuration_set: of SES; empty for none.
        monotonic: a stopwatch in seconds.
    """

    def __init__(
        self,
        client: Callable[[], "SESV2Client"],
        configuration_set: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._configuration_set = configuration_set
        self._monotonic = monotonic
        self._used_at = monotonic()

    def send(self, raw: bytes, envelope: Envelope) -> str:
        """Sends a mail and gives SES's id of it."""
        from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError  # noqa: PLC0415

        request: SendEmailRequestTypeDef = {
            "Destination": {"ToAddresses": [envelope.to, *envelope.also]},
            "Content": {"Raw": {"Data": raw}},
        }
        if envelope.cc:
            request["Destination"]["CcAddresses"] = list(envelope.cc)
        if envelope.tags:
            request["EmailTags"] = [{"Name": name, "Value": value} for name, value in envelope.tags.items()]
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        client = self._client()
        if self._monotonic() - self._used_at > _FRESH_SECONDS:
            client.close()  # its connections; the next call makes one
        try:
            answer = client.send_email(**request)
        except (EndpointConnectionError, ConnectTimeoutError) as error:
            raise Unavailable("The mail service cannot be reached.") from error
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _NEVER:
                raise Rejected(f"{code}: {error.response['Error'].get('Message', '')}"[:LONGEST_REASON]) from error
            if error.response["ResponseMetadata"].get("HTTPStatusCode", 0) >= _UNSURE_FROM:
                raise
            # Without the cause: what SES says can name addresses, and a refusal to try again is logged.
            raise Unavailable(f"The mail service does not take mails now ({code}).") from None
        finally:
            self._used_at = self._monotonic()
        return answer["MessageId"]


class NoticeItem(Item):
    """One mail: who is at it until when, or how it ended; or what was heard of it later, under a key of its own.

    Ids only: addresses are the people's.
    """

    state = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    leased_until = UnicodeAttribute(null=True)
    ticket_id = UnicodeAttribute()
    mail_id = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


class DynamoNoticeLog:
    """See `mail.delivery.NoticeLog`."""

    def claim(self, slot: Slot, *, now: datetime, lease: timedelta, again: bool) -> Claim:
        """Takes a slot if it is free, or if its last holder is long silent and `again` allows it."""
        wanted = _item(slot, DeliveryState.SENDING, now)
        wanted.leased_until = format_instant(now + lease)
        if _saved(wanted, NoticeItem.pk.does_not_exist()):
            return Claim.MINE
        held = _find(slot)
        if held is None:
            return Claim.BUSY  # given back just now: the next try finds it free
        if held.state != DeliveryState.SENDING:
            return Claim.SETTLED
        if held.leased_until > format_instant(now):
            return Claim.BUSY
        if not again:
            return Claim.UNKNOWN
        unchanged = _is(NoticeItem.state, DeliveryState.SENDING) & _is(NoticeItem.leased_until, held.leased_until)
        return Claim.MINE if _saved(wanted, unchanged) else Claim.BUSY

    def settle(self, slot: Slot, delivery: Delivery) -> None:
        """Writes how it ended; that it was sent is never unwritten."""
        item = _item(slot, delivery.state, delivery.at)
        item.mail_id = delivery.mail_id
        item.reason = delivery.reason[:LONGEST_REASON] if delivery.reason else None
        if delivery.state is DeliveryState.SENT:
            with table_errors():
                item.save()
            return
        _saved(item, NoticeItem.pk.does_not_exist() | (NoticeItem.state != DeliveryState.SENT.value))

    def release(self, slot: Slot) -> None:
        """Gives a claimed slot back."""
        with table_errors():
            try:
                NoticeItem(*Item.at(_key(slot))).delete(condition=_is(NoticeItem.state, DeliveryState.SENDING))
            except DeleteError as error:
                if error.cause_response_code != _CONDITION_FAILED:
                    raise

    def find(self, slot: Slot) -> Delivery | None:
        """What is known of a slot."""
        item = _find(slot)
        if item is None:
            return None
        return _delivery(item)

    def find_all(self, slots: Iterable[Slot]) -> dict[Slot, Delivery]:
        """What is known of several slots, with what was heard of them later, in one call for fifty."""
        wanted = list(dict.fromkeys(slots))
        if not wanted:
            return {}
        both = [Item.at(key) for slot in wanted for key in (_key(slot), _feedback_key(slot))]
        with table_errors():
            found = {(item.pk, item.sk): item for item in NoticeItem.batch_get(both)}
        known: dict[Slot, Delivery] = {}
        for slot in wanted:
            notice, heard = found.get(Item.at(_key(slot))), found.get(Item.at(_feedback_key(slot)))
            feedback = _feedback(heard) if heard is not None else None
            if notice is not None:
                known[slot] = replace(_delivery(notice), feedback=feedback)
            elif feedback is not None:  # who sent it never came to write so down
                known[slot] = Delivery(DeliveryState.SENT, feedback.at, feedback=feedback)
        return known

    def hear(self, slot: Slot, feedback: Feedback) -> None:
        """Keeps what the mail service says of a mail, if it outweighs what it said before.

        Raises:
            Unavailable: others kept writing the same; trying again is safe.
        """
        key = Item.at(_feedback_key(slot))
        for _ in range(_ATTEMPTS):
            held = _get(key)
            if held is not None and _feedback(held).or_(feedback) == _feedback(held):
                return
            item = _item(slot, DeliveryState.SENT, feedback.at)
            item.sk, item.state, item.reason = key[1], feedback.verdict.value, feedback.reason
            unchanged = (
                NoticeItem.pk.does_not_exist()
                if held is None
                else _is(NoticeItem.state, held.state) & _is(NoticeItem.changed_at, held.changed_at)
            )
            if _saved(item, unchanged):
                return
        raise Unavailable("Much is being said of the same mail; try again in a moment.")


class S3Files:
    """Attachments in the bucket; see `mail.notices.Files`.

    Args:
        client: gives the client.
        bucket: the files bucket.
    """

    def __init__(self, client: Callable[[], "S3Client"], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, object_key: str) -> bytes | None:
        """A file; None when it is not there."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        try:
            return self._client().get_object(Bucket=self._bucket, Key=object_key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                return None
            raise


def count_sent(kind: Kind) -> None:
    """Counts a mail that left in the desk's metrics."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415

    with single_metric(name=Metric.MAILS_SENT, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        metric.add_dimension("kind", kind.value)


def tell_of_trouble(letter: Letter, trouble: str) -> None:
    """Says that an admin's template or signature could not be used, so that the shipped one was: in the log, and counted."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415

    logger().warning(
        "template_not_used", kind=letter.kind.value, language=letter.language, trouble=trouble[:LONGEST_REASON]
    )
    with single_metric(name=Metric.TEMPLATES_NOT_USED, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        metric.add_dimension("kind", letter.kind.value)


def _delivery(item: NoticeItem) -> Delivery:
    return Delivery(DeliveryState(item.state), parse_instant(item.changed_at), item.mail_id, item.reason)


def _key(slot: Slot) -> keys.Key:
    return keys.notice_key(slot.cause, slot.kind, slot.recipient)


def _item(slot: Slot, state: DeliveryState, at: datetime) -> NoticeItem:
    return NoticeItem(
        *Item.at(_key(slot)),
        state=state.value,
        changed_at=format_instant(at),
        ticket_id=slot.ticket_id,
        expires_at=int((at + REMEMBERED).timestamp()),
    )


def _feedback_key(slot: Slot) -> keys.Key:
    return keys.feedback_key(slot.cause, slot.kind, slot.recipient)


def _feedback(item: NoticeItem) -> Feedback:
    return Feedback(Verdict(item.state), parse_instant(item.changed_at), item.reason)


def _find(slot: Slot) -> NoticeItem | None:
    return _get(Item.at(_key(slot)))


def _get(key: tuple[str, str]) -> NoticeItem | None:
    try:
        with table_errors():
            return NoticeItem.get(*key, consistent_read=True)
    except DoesNotExist:
        return None


def _is(attribute: UnicodeAttribute, value: str) -> Condition:
    return cast("Condition", attribute == str(value))


def _saved(item: NoticeItem, condition: Condition) -> bool:
    """Writes an item if a condition holds."""
    with table_errors():
        try:
            item.save(condition=condition)
        except PutError as error:
            if error.cause_response_code != _CONDITION_FAILED:
                raise
            return False
    return True
