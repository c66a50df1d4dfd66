"""One inbound mail on its way to a conversation: the ids that follow from it, and what is made of its words and files."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from helpdesk.channels.service import FileStore
from helpdesk.contracts.table import mail_seen_key
from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import clean_line, normal_address, supported_language
from helpdesk.mail.ledger import Arrival
from helpdesk.mail.model import Attachment as MailAttachment
from helpdesk.mail.model import InboundMail
from helpdesk.mail.rules import is_machine, people_named
from helpdesk.people.model import Person
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.tickets.model import Actor, Attachment, Channel, Message, Participant, Visibility
from helpdesk.tickets.service import Guard

MAX_FILES: Final = 100


@dataclass(frozen=True, slots=True)
class Author:
    """As whose words a mail is written down."""

    actor: Actor
    name: str | None
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class Work:
    """One mail on its way in, and the ids that follow from it."""

    arrival: Arrival
    mail: InboundMail
    mailbox: Mailbox | None

    @property
    def sender(self) -> str:
        """The sender's address; empty if it names none."""
        return self.mail.from_.address if self.mail.from_ is not None else ""

    @property
    def ticket_id(self) -> str:
        """Of the ticket that it opens, if it opens one."""
        return derived_id(self.arrival.at, self.arrival.id, "ticket")

    @property
    def message_id(self) -> str:
        """Of the message that it becomes."""
        return derived_id(self.arrival.at, self.arrival.id, "message")

    @property
    def guard(self) -> Guard:
        """Seen before: the same Message-ID, words and files in the same mailbox.

        Delivered again, a mail differs in its trace headers only. Another mail under a Message-ID that some program uses
        for all it sends is another mail, and not lost.
        """
        box = self.mailbox.id if self.mailbox is not None else ""
        return Guard("mail", mail_seen_key(_identity(self.mail), box), note=self.arrival.id)

    @property
    def threads(self) -> tuple[str, ...]:
        """Message-IDs by which answers to it find where it went."""
        return (self.mail.message_id,) if self.mail.message_id else ()


def _identity(mail: InboundMail) -> str:
    """What is the same when a mail comes twice."""
    sender = mail.from_.address if mail.from_ is not None else ""
    files = [f"{file.filename} {hashlib.sha256(file.content).hexdigest()}" for file in mail.attachments]
    parts = (mail.message_id or "", sender, mail.subject, mail.text, *files)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def recipients_of(arrival: Arrival, mail: InboundMail) -> tuple[str, ...]:
    """All addresses that it came to us by."""
    boxes = (*mail.to, *mail.cc)
    return (*arrival.recipients, *mail.delivered_to, *(box.address for box in boxes))


class Scribe:
    """Makes messages of mails, and finds out whom they name.

    Args:
        people, files, desk, clock: as for `mail.service.InboundMailService`.
    """

    def __init__(self, people: PeopleStore, files: FileStore, desk: Callable[[], Desk], clock: Clock) -> None:
        self._people = people
        self._files = files
        self._desk = desk
        self._clock = clock

    def message(self, work: Work, ticket_id: str, author: Author, *, is_reply: bool) -> Message:
        """The message that a mail becomes on a ticket; its files are stored."""
        mail = work.mail
        shown = mail.reply_text if is_reply and mail.reply_text.strip() else mail.text
        html = mail.reply_html if is_reply and mail.reply_html else mail.html_sanitized
        files = tuple(
            self._file(ticket_id, work, place, file) for place, file in enumerate(mail.attachments[:MAX_FILES])
        )
        return Message(
            id=work.message_id,
            ticket_id=ticket_id,
            at=self._clock(),
            author=author.actor,
            author_name=author.name,
            visibility=author.visibility,
            channel=Channel.EMAIL,
            text=shown.strip(),
            html=html,
            quoted=mail.text if shown != mail.text else None,
            attachments=files,
            automatic=is_machine(mail),
            mail_message_id=mail.message_id,
            raw_mail_id=work.arrival.id,
        )

    def _file(self, ticket_id: str, work: Work, place: int, file: MailAttachment) -> Attachment:
        file_id = derived_id(work.arrival.at, work.arrival.id, "file", str(place))
        name = clean_line(file.filename or "")[:200] or f"attachment-{place + 1}"
        key = self._files.put(ticket_id, file_id, name, file.content_type, file.content)
        return Attachment(
            id=file_id,
            filename=name,
            content_type=file.content_type,
            size=file.size,
            object_key=key,
            inline=file.inline,
            content_id=file.content_id,
        )

    def language(self, work: Work, known: Person | None) -> str:
        """In which language its sender is written to."""
        fallback = work.mailbox.language if work.mailbox is not None else self._desk().general.language
        return supported_language(work.mail.language, known.language if known is not None else fallback)

    def known_or_new(self, work: Work) -> tuple[Person, bool]:
        """The sender as a person, and whether nobody knew them."""
        known = self._people.by_address(work.sender)
        name = work.mail.from_.name if work.mail.from_ is not None else None
        if known is not None:
            return known, False
        return newcomer(self._people, work.sender, name, self.language(work, None), work.arrival.at), True

    def joining(
        self, work: Work, present: Iterable[str], room: int
    ) -> tuple[tuple[Participant, ...], tuple[Person, ...]]:
        """Whom a mail names beside us, who are not there yet; and those of them whom nobody knows.

        Args:
            work: the mail.
            present: addresses of those who are there.
            room: for how many there is.
        """
        there = {normal_address(address) for address in present}
        named = people_named(work.mail, self._desk(), work.arrival.recipients)
        boxes = [box for box in named if box.address not in there][:room]
        known = self._people.by_addresses(box.address for box in boxes) if boxes else {}
        language = self.language(work, None)
        people = [
            known.get(box.address) or newcomer(self._people, box.address, box.name, language, work.arrival.at)
            for box in boxes
        ]
        there_already = {one.id for one in known.values()}
        return (
            tuple(Participant(one.id, one.address, one.name) for one in people if not one.undeliverable),
            tuple(one for one in people if one.id not in there_already),
        )
