"""A person's data as one file that they can be given: what they wrote, what they were told, what is known of them."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Final, cast

from helpdesk.contracts.topology import INBOUND_PREFIX, UPLOADS_PREFIX
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, to_document
from helpdesk.people.model import Person
from helpdesk.privacy.model import Erasures
from helpdesk.surveys.rules import survey_id_of
from helpdesk.surveys.store import DynamoSurveyStore
from helpdesk.tickets.model import Message, Ticket, Visibility
from helpdesk.tickets.store import DynamoTicketStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_SECONDS: Final = 900
"""How long a link to an export works; the export itself is gone after a day."""
_IN_MEMORY: Final = 50 * 1024 * 1024


def export_object(person_id: str) -> str:
    """Where a person's export lies: among what the bucket itself forgets after a day."""
    return f"{UPLOADS_PREFIX}exports/{person_id}.zip"


class Portable:
    """Writes exports.

    Args:
        erasures: finds a person's tickets.
        tickets: where tickets are kept.
        s3: gives the client.
        buckets: of files, and of raw mails.
    """

    def __init__(
        self, erasures: Erasures, tickets: DynamoTicketStore, s3: "Callable[[], S3Client]", buckets: tuple[str, str]
    ) -> None:
        self._erasures = erasures
        self._tickets = tickets
        self._s3 = s3
        self._files, self._mails = buckets

    def write(self, person: Person) -> None:
        """Writes a person's export, in place of an earlier one."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                self._fill(archive, person)
            file.seek(0)
            self._s3().upload_fileobj(file, self._files, export_object(person.id))

    def link(self, person_id: str) -> str | None:
        """An address that gives the export for a while; None: there is none, or no longer."""
        found = self._s3().list_objects_v2(Bucket=self._files, Prefix=export_object(person_id), MaxKeys=1)
        if not found.get("Contents"):
            return None
        asked = {"Bucket": self._files, "Key": export_object(person_id)}
        return self._s3().generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_SECONDS)

    def _fill(self, archive: zipfile.ZipFile, person: Person) -> None:
        _put(archive, "person.json", to_document(person))
        ids = {person.id, *(alias.id for alias in person.aliases)}
        for ticket in self._all(person):
            own = ticket.requester_id in ids
            held = {one.message_id for one in ticket.held}
            said = (one for one in self._said(ticket, ids) if one.id not in held)
            messages = [one for one in said if one.author.id in ids or (own and one.public)]
            if not own and not messages:
                continue
            folder = f"tickets/{ticket.number}"
            told: Document = {
                "number": ticket.number,
                "opened_at": format_instant(ticket.created_at),
                "messages": [_told(one) for one in messages],
            }
            if own:
                told |= {"subject": ticket.copies.subject, "status": ticket.status.value}
                told |= {"fields": cast("Document", dict(ticket.copies.fields)), "survey": self._survey(ticket)}
            _put(archive, f"{folder}/ticket.json", told)
            for message in messages:
                self._enclose(archive, folder, message)

    def _all(self, person: Person) -> Iterator[Ticket]:
        position: dict[str, str] | None = None
        while True:
            page = self._erasures.all(person, position)
            wanted = [one.id for one in page.items if one.whole or one.touched]
            yield from self._tickets.get_all(wanted).values()
            position = page.next_position
            if position is None:
                return

    def _said(self, ticket: Ticket, ids: set[str]) -> Iterator[Message]:
        """All messages of a ticket, and what they wrote in its side conversations."""
        position: dict[str, str] | None = None
        while True:
            page = self._tickets.messages(ticket.id, limit=100, position=position)
            yield from (one for one in page.items if one.withdrawn_at is None)
            position = page.next_position
            if position is None:
                break
        for side_id in ticket.copies.side:
            aside = self._tickets.side_messages(ticket.id, side_id, limit=100, position=None)
            yield from (one for one in aside.items if one.author.id in ids)

    def _survey(self, ticket: Ticket) -> Document | None:
        found = DynamoSurveyStore().find(survey_id_of(ticket))
        return to_document(found.answer) if found is not None and found.answer is not None else None

    def _enclose(self, archive: zipfile.ZipFile, folder: str, message: Message) -> None:
        for one in message.attachments:
            name = f"{folder}/files/{one.id}-{one.filename.replace('/', '_')}"
            self._copy(archive, name, self._files, one.object_key)
        if message.raw_mail_id is not None:
            self._copy(
                archive, f"{folder}/mails/{message.raw_mail_id}.eml", self._mails, INBOUND_PREFIX + message.raw_mail_id
            )

    def _copy(self, archive: zipfile.ZipFile, name: str, bucket: str, key: str) -> None:
        with archive.open(name, "w") as into:
            target: IO[bytes] = into
            body = self._s3().get_object(Bucket=bucket, Key=key)["Body"]
            for chunk in body.iter_chunks(1024 * 1024):
                target.write(chunk)


def _told(message: Message) -> Document:
    return {
        "at": format_instant(message.at),
        "from": message.author.kind.value,
        "name": message.author_name,
        "visibility": Visibility(message.visibility).value,
        "text": message.text,
        "quoted": message.quoted,
        "files": [one.filename for one in message.attachments],
    }


def _put(archive: zipfile.ZipFile, name: str, document: Document) -> None:
    archive.writestr(name, json.dumps(document, ensure_ascii=False, indent=2))
