"""How files, words and people are taken out of one ticket, wherever of it they lie: for erasures and for retention.

Each piece can be done twice. What names an object goes after the object.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import msgspec
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import INBOUND_PREFIX
from helpdesk.kernel.codec import Document
from helpdesk.mail.ledger import LedgerEntry
from helpdesk.mail.outbox_store import NoticeItem
from helpdesk.mail.store import DynamoLedger
from helpdesk.platform.table import Item, table_errors
from helpdesk.surveys.plans import QuestionKind
from helpdesk.surveys.rules import survey_id_of
from helpdesk.surveys.store import SurveyItem
from helpdesk.tickets.model import ActorKind, Content, Ticket
from helpdesk.tickets.store import DynamoTicketStore, EventItem, MessageItem, RecordItem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GOES: Final[dict[Content, frozenset[str]]] = {
    Content.FILES: frozenset({"attachments", "raw_mail_id"}),
    Content.WORDS: frozenset({"html", "quoted", "full_text_key", "remark"}),
    # Quotes begin with who wrote what, a mail's headers name everybody, a Message-ID can hold a name.
    Content.PEOPLE: frozenset({"author_name", "quoted", "raw_mail_id", "mail_message_id"}),
}


class Clearing:
    """Takes things out of tickets.

    Args:
        tickets: where tickets are kept.
        s3: gives the client for files and raw mails.
        buckets: of files, and of raw mails.
    """

    def __init__(self, tickets: DynamoTicketStore, s3: "Callable[[], S3Client]", buckets: tuple[str, str]) -> None:
        self._tickets = tickets
        self._s3 = s3
        self._files, self._mails = buckets

    def clear(self, ticket_id: str, content: frozenset[Content]) -> None:
        """Takes something out of all that lies beside a ticket's snapshot."""
        self.messages(ticket_id, content)
        self.around(ticket_id, content)

    def messages(self, ticket_id: str, content: frozenset[Content]) -> None:
        """Takes something out of all messages of a ticket, those of side conversations among them."""
        for item in messages_in(ticket_id):
            self.message(item, content)

    def message(self, item: MessageItem, content: frozenset[Content]) -> None:
        """Takes something out of one message. Its shell stays: when, by which id, who may read it."""
        document = item.message
        goes = frozenset(name for one in content for name in _GOES[one])
        self._remove_objects(document, goes)
        after: Document = {name: value for name, value in document.items() if name not in goes}
        if Content.WORDS in content:
            after["text"] = ""
        _save(item, after)

    def mentions(self, item: MessageItem) -> None:
        """Takes out of a message of somebody else what may repeat a person: quotes, and a raw mail's headers."""
        mail_id = item.message.get("raw_mail_id")
        if isinstance(mail_id, str):
            self._s3().delete_object(Bucket=self._mails, Key=INBOUND_PREFIX + mail_id)
        self._unquote(item.message)
        _save(item, {name: value for name, value in item.message.items() if name not in {"quoted", "raw_mail_id"}})

    def around(self, ticket_id: str, content: frozenset[Content]) -> None:
        """Takes out what lies beside a ticket: what notices say, notes of time, what was said in its survey."""
        if not content.isdisjoint({Content.WORDS, Content.PEOPLE}):
            _empty_events(ticket_id)
        if Content.WORDS not in content:
            return
        prefix: Condition = RecordItem.sk.startswith(keys.TIME_PREFIX)
        with table_errors():
            for item in RecordItem.query(keys.ticket_partition(ticket_id), prefix, consistent_read=True):
                if item.record.get("note"):
                    item.update(actions=[RecordItem.record.set({**item.record, "note": ""})])
        with table_errors():
            Item(*Item.at(keys.seen_key(ticket_id))).delete()  # by which alike tickets are noticed
        ticket = self._tickets.get(ticket_id)
        if ticket is not None:
            _empty_survey(ticket)

    def addresses(self, ticket_id: str) -> None:
        """Takes out from where anything was asked for on a ticket, by whomever."""
        events: Condition = EventItem.sk.startswith(keys.EVENT_PREFIX)
        with table_errors():
            for event in EventItem.query(keys.ticket_partition(ticket_id), events, EventItem.came_from.exists()):
                event.update(actions=[EventItem.came_from.remove()])

    def mail(self, entry: LedgerEntry) -> None:
        """Takes a raw mail away, and out of the ledger who sent it, to whom and about what."""
        self._s3().delete_object(Bucket=self._mails, Key=INBOUND_PREFIX + entry.arrival.id)
        arrival = replace(entry.arrival, recipients=())
        DynamoLedger().record(replace(entry, arrival=arrival, sender=None, sender_name=None, subject=None))

    def _remove_objects(self, document: Document, goes: frozenset[str]) -> None:
        """Takes a message's objects out of the buckets, before what names them goes."""
        attachments = cast("Sequence[Document]", document.get("attachments") or ()) if "attachments" in goes else ()
        objects = [str(one["object_key"]) for one in attachments]
        if "full_text_key" in goes and document.get("full_text_key"):
            objects.append(str(document["full_text_key"]))
        elif "quoted" in goes:
            self._unquote(document)
        for key in objects:
            self._s3().delete_object(Bucket=self._files, Key=key)
        mail_id = document.get("raw_mail_id")
        if "raw_mail_id" in goes and isinstance(mail_id, str):
            entry = DynamoLedger().get(mail_id)
            if entry is not None:
                self.mail(entry)

    def _unquote(self, document: Document) -> None:
        """Takes the quoted rest out of a long body, which lies in the bucket whole."""
        key = document.get("full_text_key")
        if not isinstance(key, str):
            return
        try:
            body = msgspec.json.decode(self._s3().get_object(Bucket=self._files, Key=key)["Body"].read())
        except self._s3().exceptions.NoSuchKey:
            return
        if body.pop("quoted", None):
            self._s3().put_object(Bucket=self._files, Key=key, Body=msgspec.json.encode(body))


def messages_in(ticket_id: str) -> Iterator[MessageItem]:
    """All messages of a ticket, those of side conversations among them, as they are kept."""
    for prefix in (keys.MESSAGE_PREFIX, keys.SIDE_MESSAGES_PREFIX):
        condition: Condition = MessageItem.sk.startswith(prefix)
        with table_errors():
            yield from list(MessageItem.query(keys.ticket_partition(ticket_id), condition, consistent_read=True))


def agents_at(ticket_id: str) -> set[str]:
    """Ids of colleagues who ever did something to a ticket."""
    events: Condition = EventItem.sk.startswith(keys.EVENT_PREFIX)
    with table_errors():
        actors = [
            cast("Document", item.event["actor"]) for item in EventItem.query(keys.ticket_partition(ticket_id), events)
        ]
    return {str(one["id"]) for one in actors if one["kind"] == ActorKind.AGENT}


def _save(item: MessageItem, after: Document) -> None:
    if after != item.message:
        with table_errors():
            item.update(actions=[MessageItem.message.set(after)])


def _empty_events(ticket_id: str) -> None:
    """Takes out what lies beside events: what mail services say of a mail that came back can name its address.

    And from where people outside wrote, whoever of them it was.
    """
    events: Condition = EventItem.sk.startswith(keys.EVENT_PREFIX)
    with table_errors():
        for event in EventItem.query(keys.ticket_partition(ticket_id), events, consistent_read=True):
            if event.came_from and cast("Document", event.event["actor"])["kind"] != ActorKind.AGENT:
                event.update(actions=[EventItem.came_from.remove()])
            partition = keys.notice_key(str(event.event["id"]), "", "").pk
            for notice in NoticeItem.query(partition, consistent_read=True):
                if "reason" in notice.attribute_values:
                    notice.update(actions=[NoticeItem.reason.remove()])


def _questions(survey: Document) -> Sequence[Document]:
    return cast("Sequence[Document]", survey.get("questions") or ())


def _empty_survey(ticket: Ticket) -> None:
    try:
        with table_errors():
            item = SurveyItem.get(*Item.at(keys.survey_key(survey_id_of(ticket))), consistent_read=True)
            answer: Document | None = item.answer
            if answer is None:
                return
            kept = {name: value for name, value in answer.items() if name != "comment"}
            if isinstance(said := answer.get("answers"), dict):
                written = {
                    question["id"] for question in _questions(item.survey) if question["kind"] == QuestionKind.TEXT
                }
                kept["answers"] = {name: value for name, value in said.items() if name not in written}
            if kept != answer:
                item.update(actions=[SurveyItem.answer.set(kept)])
    except DoesNotExist:
        return
