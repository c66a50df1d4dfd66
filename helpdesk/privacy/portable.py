"""A person's data as one file that they can be given: what they wrote, what they were told, what is known of them."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from typing import IO, TYPE_CHECKING, Final, cast

from helpdesk.contracts.topology import INBOUND_PREFIX, UPLOADS_PREFIX
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, Plain, to_document
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Person
from helpdesk.people.store import DynamoPeopleStore
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
        erasures: finds a person's tickets and mails.
        tickets: where tickets are kept.
        people: where people are kept.
        s3: gives the client.
        buckets: of files, and of raw mails.
        community: all that somebody left there, by their ids.
    """

    def __init__(
        self,
        erasures: Erasures,
        tickets: DynamoTicketStore,
        people: DynamoPeopleStore,
        s3: "Callable[[], S3Client]",
        buckets: tuple[str, str],
        community: Callable[[Collection[str]], Document],
    ) -> None:
        self._erasures = erasures
        self._tickets = tickets
        self._people = people
        self._s3 = s3
        self._files, self._mails = buckets
        self._community = community

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
        merges = {merge.id: merge for one in person.ids for merge in self._people.merges(one)}
        _put(archive, "person.json", to_document(person))
        if merges:
            _put(archive, "merges.json", {"merges": [to_document(merge) for merge in merges.values()]})
        left = self._community(person.ids)
        if any(left.values()):
            _put(archive, "community.json", left)
        for ticket in self._all(person):
            self._tell(archive, person, ticket)
        self._mails_apart(archive, person)

    def _tell(self, archive: zipfile.ZipFile, person: Person, ticket: Ticket) -> None:
        """What of a ticket is theirs: see docs/privacy.md."""
        ids = frozenset(person.ids)
        own = ticket.requester_id in ids
        opened = own or (ticket.asked_before[:1] and ticket.asked_before[0] in ids)
        said = list(self._said(ticket, ids, own=own))
        folder = f"tickets/{ticket.number}"
        told: Document = {
            "number": ticket.number,
            "role": "requester" if own else "participant",
            "opened_at": format_instant(ticket.created_at),
            "messages": [_told(one) for one in said],
            "side_conversations": [
                {"subject": ticket.copies.side[side.id].subject, "begun_by": side.by}
                for side in ticket.side
                if not ids.isdisjoint(side.people) and side.id in ticket.copies.side
            ],
            "approvals": list(_approvals(ticket, ids)),
            "came_from": self._came_from(ticket, ids),
        }
        if opened:
            told |= {"subject": ticket.copies.subject, "fields": cast("Document", dict(ticket.copies.fields))}
        if own:
            told |= {"status": ticket.status.value, "tags": list(ticket.tags), "survey": self._survey(ticket)}
        _put(archive, f"{folder}/ticket.json", told)
        for message in said:
            self._enclose(archive, folder, message, raw=message.author.id in ids)

    def _all(self, person: Person) -> Iterator[Ticket]:
        """All tickets that they opened, or are or were in, each once."""
        seen: set[str] = set()
        for pages in (self._own, self._others):
            position: dict[str, str] | None = None
            while True:
                page = pages(person, position)
                ids = [one for one in page.items if one not in seen]
                seen.update(ids)
                yield from self._tickets.get_all(ids).values()
                position = page.next_position
                if position is None:
                    break

    def _own(self, person: Person, position: dict[str, str] | None) -> Page[str]:
        page = self._erasures.own(person, position)
        return Page(tuple(row.id for row in page.items), page.next_position)

    def _others(self, person: Person, position: dict[str, str] | None) -> Page[str]:
        page = self._erasures.others(person, position)
        return Page(tuple(one.id for one in page.items), page.next_position)

    def _came_from(self, ticket: Ticket, ids: frozenset[str]) -> list[Plain]:
        """From where they wrote or acted."""
        found: list[Plain] = []
        position: dict[str, str] | None = None
        while True:
            page = self._tickets.events(ticket.id, limit=100, position=position)
            found += [
                {"at": format_instant(event.at), "from": event.came_from}
                for event in page.items
                if event.came_from and event.actor.id in ids
            ]
            position = page.next_position
            if position is None:
                return found

    def _mails_apart(self, archive: zipfile.ZipFile, person: Person) -> None:
        """Mails of theirs that never became a ticket's: held back, refused."""
        for entry in self._erasures.mails_of(person):
            if entry.ticket_id is not None:
                continue  # it is where its message is
            name = f"mails/{entry.arrival.id}"
            _put(archive, f"{name}.json", to_document(entry))
            self._copy(archive, f"{name}.eml", self._mails, INBOUND_PREFIX + entry.arrival.id)

    def _said(self, ticket: Ticket, ids: frozenset[str], *, own: bool) -> Iterator[Message]:
        """Messages that they wrote, or that are for them: in their own ticket, and where they are asked aside."""
        held = {one.message_id for one in ticket.held}
        position: dict[str, str] | None = None
        while True:
            page = self._tickets.messages(ticket.id, limit=100, position=position)
            yield from (
                one
                for one in page.items
                if one.withdrawn_at is None
                and one.id not in held
                and (one.author.id in ids or (own and one.visibility is Visibility.PUBLIC))
            )
            position = page.next_position
            if position is None:
                break
        for side in ticket.side:
            asked = not ids.isdisjoint(side.people)
            for one in self._said_aside(ticket, side.id):
                if one.withdrawn_at is None and one.id not in held and (asked or one.author.id in ids):
                    yield one

    def _said_aside(self, ticket: Ticket, side_id: str) -> Iterator[Message]:
        position: dict[str, str] | None = None
        while True:
            page = self._tickets.side_messages(ticket.id, side_id, limit=100, position=position)
            yield from page.items
            position = page.next_position
            if position is None:
                return

    def _survey(self, ticket: Ticket) -> Document | None:
        found = DynamoSurveyStore().find(survey_id_of(ticket))
        return to_document(found.answer) if found is not None and found.answer is not None else None

    def _enclose(self, archive: zipfile.ZipFile, folder: str, message: Message, *, raw: bool) -> None:
        for one in message.attachments:
            name = f"{folder}/files/{one.id}-{one.filename.replace('/', '_')}"
            self._copy(archive, name, self._files, one.object_key)
        if raw and message.raw_mail_id is not None:  # others' headers name others
            self._copy(
                archive, f"{folder}/mails/{message.raw_mail_id}.eml", self._mails, INBOUND_PREFIX + message.raw_mail_id
            )

    def _copy(self, archive: zipfile.ZipFile, name: str, bucket: str, key: str) -> None:
        try:
            body = self._s3().get_object(Bucket=bucket, Key=key)["Body"]
        except self._s3().exceptions.NoSuchKey:
            return  # it went meanwhile: its time was over
        with archive.open(name, "w") as into:
            target: IO[bytes] = into
            for chunk in body.iter_chunks(1024 * 1024):
                target.write(chunk)


def _approvals(ticket: Ticket, ids: frozenset[str]) -> Iterator[Plain]:
    """What they were asked to approve, and what they said to that."""
    for approval_id, words in ticket.copies.approvals.items():
        if ids.isdisjoint(one.id for one in words.people):
            continue
        said: list[Plain] = [text for key, text in words.comments.items() if key.endswith(tuple(ids))]
        yield {"id": approval_id, "question": words.question, "shown": words.shown, "comments": said}


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
