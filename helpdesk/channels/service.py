"""Requests from customers without a sign-in: opening one, reading it by its link, writing to it, attaching files."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.channels.model import FileNamed, Idempotency, NewRequest, Opened, RequestView, Upload, UploadTarget
from helpdesk.contracts.table import idempotency_key
from helpdesk.contracts.topology import MAX_UPLOAD_BYTES
from helpdesk.desk.model import Desk
from helpdesk.desk.rules import catalogue_of
from helpdesk.forms.model import FormChannel
from helpdesk.forms.rules import Matter, submitted
from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, KeyReused, NotFound, TooMany, Unavailable
from helpdesk.kernel.ids import new_id
from helpdesk.kernel.text import (
    clean,
    clean_line,
    is_address,
    language_of,
    normal_address,
    preview,
    supported_language,
)
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.tickets import conversation
from helpdesk.tickets.commands import AddMessage, AddParticipant, FieldValue, OpenTicket, SettleForRequester
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Attachment,
    Channel,
    Link,
    Message,
    Participant,
    Relation,
    Status,
    Ticket,
    TicketType,
    Visibility,
)
from helpdesk.tickets.rules import expected_reply_by
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Guard, TicketService, TicketStore

KEY_KEPT_SECONDS: Final = 24 * 3600
"""For how long at least an Idempotency-Key is remembered."""
_TRIES: Final = 5
"""How often a ticket that is closed or merged in the very moment is looked for anew."""
MAX_ATTACHMENTS: Final = 10


class RateLimiter(Protocol):
    """Counts what somebody does in a window of time."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window."""
        ...


class FileStore(Protocol):
    """Where files lie."""

    def upload_target(self, upload: Upload) -> UploadTarget:
        """Where a browser sends this file."""
        ...

    def claim(self, upload: Upload, ticket_id: str) -> Attachment:
        """Makes an uploaded file an attachment of a ticket; doing it again gives the same.

        Raises:
            Invalid: nothing was uploaded.
        """
        ...

    def put(self, ticket_id: str, attachment_id: str, filename: str, content_type: str, content: bytes) -> str:
        """Stores an attachment's bytes; gives the object key."""
        ...

    def link(self, attachment: Attachment, *, inline: bool) -> str:
        """A link to an attachment that works for some minutes."""
        ...


class RequestService:
    """What customers can do.

    Args:
        tickets: decides and writes.
        store: reads tickets and messages.
        people: who asks.
        files: attachments.
        limiter: counts calls.
        grant: gives an access token for a ticket to its requester.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(
        self,
        *,
        tickets: TicketService,
        store: TicketStore,
        people: PeopleStore,
        files: FileStore,
        limiter: RateLimiter,
        grant: Callable[[Ticket], str],
        desk: Callable[[], Desk],
        clock: Clock,
    ) -> None:
        self._tickets = tickets
        self._store = store
        self._people = people
        self._files = files
        self._limiter = limiter
        self._grant = grant
        self._desk = desk
        self._clock = clock

    def open(self, request: NewRequest, *, ip: str, idempotency: Idempotency | None) -> Opened:
        """Opens a ticket for a request.

        Raises:
            Invalid: an address that is none, an unknown category, a file that was not uploaded, fields that are missing
                in the category's form or do not fit.
            TooMany: too many calls from this IP, or too many requests for this address.
            KeyReused: the Idempotency-Key came with another body before.
            Unavailable: contention that did not end.
        """
        request = replace(request, fields=self._checked(request))
        # The guard in the transaction is what counts. Looking first is only worth a read where files would be claimed.
        if (
            idempotency is not None
            and request.uploads
            and (again := self._opened_before(idempotency, request)) is not None
        ):
            return again
        self._limit_ip(ip)
        self._limit_address(request.address)
        for _ in range(3):
            try:
                return self._open(request, idempotency)
            except AddressTaken:
                continue  # the same new person wrote twice at once: by now they are known
            except AlreadyDone:
                if idempotency is not None and (again := self._opened_before(idempotency, request)) is not None:
                    return again
        raise Unavailable("The desk is very busy; try again in a moment.")

    def _open(self, request: NewRequest, idempotency: Idempotency | None) -> Opened:
        now = self._clock()
        desk = self._desk()
        known = self._people.by_address(request.address)
        language = request.language and supported_language(request.language)
        guess = language_of(f"{request.subject} {request.body}", desk.general.language)
        person = known or newcomer(self._people, request.address, request.name, language or guess, now)
        ticket_id, message_id = new_id(now), new_id(now)
        attachments = self._claim(request.uploads, ticket_id)
        body = clean(request.body).strip()
        message = Message(
            id=message_id,
            ticket_id=ticket_id,
            at=now,
            author=Actor(ActorKind.REQUESTER, person.id),
            author_name=person.name,
            visibility=Visibility.PUBLIC,
            channel=request.channel,
            text=body,
            attachments=attachments,
        )
        command = OpenTicket(
            ticket_id=ticket_id,
            number=self._store.next_number(),
            requester_id=person.id,
            subject=clean_line(request.subject),
            message_id=message_id,
            preview=preview(body),
            channel=request.channel,
            language=language or (known.language if known else guess),
            requester_name=person.name,
            requester_address=person.address,
            priority=request.priority,
            category=request.category,
            organization_id=person.organization_id,
            fields=request.fields,
            mailbox_id=request.mailbox_id,
        )
        extras = Extras(
            message=message,
            people=() if known else (person,),
            guards=self._guards(idempotency),
        )
        ticket = self._tickets.open(command, extras, actor=message.author).ticket
        return Opened(ticket, self._grant(ticket))

    def read(self, ticket_id: str, person_id: str) -> RequestView:
        """A requester's ticket with its public messages.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        found = conversation.newest(self._store, ticket_id, limit=100, of_requester=person_id)
        if found is None or found[0].requester_id != person_id:
            raise NotFound("There is no such request.")
        if found[0].merged is not None:
            onward = conversation.followed(self._store, found[0])
            if onward.requester_id == person_id and onward.id != ticket_id:
                return self.read(onward.id, person_id)
        ticket, page = found
        public = tuple(m for m in reversed(page.items) if m.public and not ticket.holds(m.id))
        return RequestView(ticket, public, expected_reply_by(ticket))

    def goes_on_in(self, ticket_id: str, person_id: str) -> Ticket | None:
        """Another's ticket that somebody's was merged into and whose answers they get by mail; None: there is none (any more)."""
        ticket = self._store.get(ticket_id)
        if ticket is None or ticket.merged is None or ticket.requester_id != person_id:
            return None
        onward = conversation.followed(self._store, ticket)
        return onward if person_id in onward.participants else None

    def reply(
        self,
        ticket_id: str,
        person_id: str,
        body: str,
        *,
        uploads: Sequence[Upload],
        ip: str,
        idempotency: Idempotency | None,
        speaker: Participant | None = None,
    ) -> tuple[Ticket, Message]:
        """A requester writes to their ticket; to a closed one: opens another that follows it.

        Args:
            ticket_id: which.
            person_id: its requester.
            body: what they write.
            uploads: files that go with it.
            ip: the caller's.
            idempotency: the caller's key.
            speaker: who writes in their stead, if others may read it and write to it: they take part from then on.

        Returns:
            The ticket the message is in, and the message.

        Raises:
            Conflict: it is closed, and who writes is not who asked.
            NotFound: there is no such ticket, or it is somebody else's.
            TooMany, KeyReused, Invalid, Unavailable: as `open`.
        """
        if not clean(body).strip():
            raise Invalid("Some fields are not valid.", [FieldError("/body", "is empty")])
        ticket = self._tickets.get(ticket_id)
        _own(ticket, person_id)
        if idempotency is not None and uploads and (before := self._replied_before(idempotency)) is not None:
            return self._as_theirs(before, ticket_id, person_id)
        self._limit_ip(ip)
        try:
            done = self._reply_or_follow(ticket, body, uploads, idempotency, speaker)
        except AlreadyDone:
            before = self._replied_before(idempotency) if idempotency is not None else None
            if before is None:
                raise
            done = before
        return self._as_theirs(done, ticket_id, person_id)

    def _as_theirs(self, done: tuple[Ticket, Message], ticket_id: str, person_id: str) -> tuple[Ticket, Message]:
        """What somebody may see of where their message is: a ticket that theirs was merged into may be another's."""
        ticket, message = done
        return (ticket if ticket.requester_id == person_id else self._tickets.get(ticket_id)), message

    def _reply_or_follow(
        self,
        own: Ticket,
        body: str,
        uploads: Sequence[Upload],
        idempotency: Idempotency | None,
        speaker: Participant | None,
    ) -> tuple[Ticket, Message]:
        """Writes to where the requester's ticket goes on, as far as they take part there."""
        ticket = conversation.followed(self._store, own)
        if speaker is not None:
            ticket = self._let_in(ticket, speaker)
        for _ in range(_TRIES):
            author = _part_of(ticket, speaker.id if speaker is not None else own.requester_id)
            if ticket.status is Status.CLOSED or author is None:
                break
            try:
                return self._reply(ticket, body, author, uploads, idempotency)
            except Conflict:  # closed or merged in this moment
                ticket = conversation.followed(self._store, self._tickets.get(ticket.id))
        if speaker is not None:
            raise Conflict("This request is closed. Please send a new one.")
        closed = ticket if ticket.requester_id == own.requester_id else own
        return self._follow(closed, body, uploads, idempotency)

    def _let_in(self, ticket: Ticket, speaker: Participant) -> Ticket:
        if _part_of(ticket, speaker.id) is not None or ticket.status is Status.CLOSED:
            return ticket
        actor = Actor(ActorKind.REQUESTER, speaker.id)
        return self._tickets.run(ticket.id, AddParticipant(speaker), actor=actor).ticket

    def settle(self, ticket_id: str, person_id: str, *, solved: bool, unanswered: bool = False) -> Ticket:
        """Who asked, or takes part, says that it is solved, or that it is not after all, or that no article helped.

        Raises:
            NotFound: there is no such ticket.
            Conflict: it is closed.
        """
        actor = Actor(ActorKind.REQUESTER, person_id)
        return self._tickets.run(ticket_id, SettleForRequester(solved, unanswered), actor=actor).ticket

    def _reply(
        self,
        ticket: Ticket,
        body: str,
        author: Participant,
        uploads: Sequence[Upload],
        idempotency: Idempotency | None,
    ) -> tuple[Ticket, Message]:
        now = self._clock()
        text = clean(body).strip()
        message = Message(
            id=new_id(now),
            ticket_id=ticket.id,
            at=now,
            author=Actor(ActorKind.REQUESTER, author.id),
            author_name=author.name,
            visibility=Visibility.PUBLIC,
            channel=Channel.WEB,
            text=text,
            attachments=self._claim(uploads, ticket.id),
        )
        command = AddMessage(message.id, message.author, message.visibility, message.channel, preview(text))
        outcome = self._tickets.add_message(message, command, guards=self._guards(idempotency))
        return outcome.ticket, message

    def attachment_link(self, ticket_id: str, person_id: str, attachment_id: str) -> str:
        """A link to a file of a public message of a requester's ticket.

        Raises:
            NotFound: no such file that the requester may see.
        """
        view = self.read(ticket_id, person_id)
        return self._files.link(find_attachment(view.messages, attachment_id), inline=False)

    def file_link(self, named: FileNamed) -> str:
        """A link to the file that a link in a mail named.

        Raises:
            NotFound: there is none, whom the mail was for may not see it, or whoever asked then takes no part any more.
        """
        ticket_id, message_id, attachment_id, person_id, side_id = named
        message, ticket = self._store.message(ticket_id, message_id, side_id), self._store.get(ticket_id)
        # What has gone on in another ticket since was sent to whoever has the link, and is theirs to read.
        wanted = Visibility.PUBLIC if side_id is None else Visibility.SIDE
        if message is None or message.visibility is not wanted or message.withdrawn_at is not None:
            raise NotFound("There is no such file.")
        if ticket is None or ticket.holds(message_id):
            raise NotFound("There is no such file.")
        if side_id is None and person_id not in (ticket.requester_id, *ticket.participants):
            raise NotFound("There is no such file.")
        return self._files.link(find_attachment((message,), attachment_id), inline=False)

    def upload(self, filename: str, content_type: str, size: int, *, ip: str) -> tuple[Upload, UploadTarget]:
        """Prepares an upload.

        Raises:
            Invalid: a size that is not taken.
            TooMany: too many calls from this IP.
        """
        if not 0 < size <= MAX_UPLOAD_BYTES:
            message = f"must be 1 to {MAX_UPLOAD_BYTES} bytes"
            raise Invalid("The file cannot be taken.", [FieldError("/size", message)])
        self._limit_ip(ip)
        upload = Upload(new_id(self._clock()), clean_line(filename)[:200] or "file", content_type, size)
        return upload, self._files.upload_target(upload)

    # --- parts ---

    def _checked(self, request: NewRequest) -> Mapping[str, FieldValue]:
        """The request's fields as they are kept.

        Raises:
            Invalid: all that is wrong with the request.
        """
        errors = []
        if not is_address(request.address.strip()):
            errors.append(FieldError("/requester/email", "is not an e-mail address"))
        if not clean_line(request.subject):
            errors.append(FieldError("/subject", "is empty"))
        if not clean(request.body).strip():
            errors.append(FieldError("/body", "is empty"))
        if request.category is not None and request.category not in self._desk().categories:
            errors.append(FieldError("/category", "is not a category of this desk"))
        matter = Matter(request.category, TicketType.REQUEST.value)
        fields: Mapping[str, FieldValue] = {}
        try:
            fields = submitted(catalogue_of(self._desk()), matter, request.fields, FormChannel.WEB, by_customer=True)
        except Invalid as refusal:
            errors += refusal.errors
        if errors:
            raise Invalid("Some fields are not valid.", errors)
        return fields

    def _limit_ip(self, ip: str) -> None:
        limit = self._desk().general.limits.requests_per_ip_per_minute
        if self._limiter.count("ip", ip, 60, self._clock()) > limit:
            raise TooMany("Too many calls from your network; try again in a minute.", retry_after_seconds=60)

    def _limit_address(self, address: str) -> None:
        limit = self._desk().general.limits.requests_per_address_per_hour
        if self._limiter.count("request", normal_address(address), 3600, self._clock()) > limit:
            raise TooMany("Too many requests for this address; try again later.", retry_after_seconds=600)

    def _claim(self, uploads: Sequence[Upload], ticket_id: str) -> tuple[Attachment, ...]:
        if len(uploads) > MAX_ATTACHMENTS:
            raise Invalid("Too many files.", [FieldError("/attachments", f"at most {MAX_ATTACHMENTS}")])
        return tuple(self._files.claim(upload, ticket_id) for upload in uploads)

    def _guards(self, idempotency: Idempotency | None) -> tuple[Guard, ...]:
        if idempotency is None:
            return ()
        key = idempotency_key(idempotency.scope, idempotency.key)
        expires = self._clock() + seconds(KEY_KEPT_SECONDS)
        return (Guard("idempotency", key, note=idempotency.body_hash, expires_at=expires),)

    def _opened_before(self, idempotency: Idempotency, request: NewRequest) -> Opened | None:
        """What came of it then. Who asked gets their own token again, which opens nothing once somebody else asks."""
        done = self._store.done_before(idempotency_key(idempotency.scope, idempotency.key))
        if done is None:
            return None
        _same_body(done.note, idempotency)
        ticket = self._tickets.get(done.ticket_id)
        asker = self._people.by_address(request.address)
        as_theirs = replace(ticket, requester_id=asker.id if asker is not None else "")
        return Opened(ticket, self._grant(as_theirs), again=True)

    def _replied_before(self, idempotency: Idempotency) -> tuple[Ticket, Message] | None:
        done = self._store.done_before(idempotency_key(idempotency.scope, idempotency.key))
        if done is None:
            return None
        _same_body(done.note, idempotency)
        message = self._store.message(done.ticket_id, done.message_id or "")
        if message is None:
            raise Unavailable("The message is still being written.")
        return self._tickets.get(done.ticket_id), message

    def _follow(
        self, closed: Ticket, body: str, uploads: Sequence[Upload], idempotency: Idempotency | None
    ) -> tuple[Ticket, Message]:
        """Opens a ticket that follows a closed one."""
        now = self._clock()
        ticket_id, message_id = new_id(now), new_id(now)
        text = clean(body).strip()
        message = Message(
            id=message_id,
            ticket_id=ticket_id,
            at=now,
            author=Actor(ActorKind.REQUESTER, closed.requester_id),
            author_name=closed.copies.requester_name,
            visibility=Visibility.PUBLIC,
            channel=Channel.WEB,
            text=text,
            attachments=self._claim(uploads, ticket_id),
        )
        command = following(closed, message, number=self._store.next_number())
        extras = Extras(message=message, guards=self._guards(idempotency))
        return self._tickets.open(command, extras, actor=message.author).ticket, message


def following(closed: Ticket, message: Message, *, number: int) -> OpenTicket:
    """The command that opens a ticket which follows a closed one, with the same requester, category and mailbox."""
    return OpenTicket(
        ticket_id=message.ticket_id,
        number=number,
        requester_id=closed.requester_id,
        subject=closed.copies.subject,
        message_id=message.id,
        preview=preview(message.text),
        channel=message.channel,
        language=closed.language,
        requester_name=closed.copies.requester_name,
        requester_address=closed.copies.requester_address,
        category=closed.category,
        organization_id=closed.organization_id,
        mailbox_id=closed.mailbox_id,
        links=(Link(Relation.FOLLOWS, closed.id, closed.number),),
        participants=closed.copies.participants,
    )


def as_opened(ticket: Ticket) -> Ticket:
    """A ticket as it was when it was opened: what a repeated call is told, whatever happened since."""
    return replace(ticket, status=Status.NEW, custom_status=None, updated_at=ticket.created_at)


def find_attachment(messages: Sequence[Message], attachment_id: str) -> Attachment:
    """A file of some messages.

    Raises:
        NotFound: none of them has it.
    """
    for message in messages:
        for attachment in message.attachments:
            if attachment.id == attachment_id:
                return attachment
    raise NotFound("There is no such file.")


def body_hash(raw: bytes) -> str:
    """What an Idempotency-Key is bound to."""
    return hashlib.sha256(raw).hexdigest()


def _same_body(note: str, idempotency: Idempotency) -> None:
    if note != idempotency.body_hash:
        raise KeyReused("The Idempotency-Key was used with another body before.")


def _part_of(ticket: Ticket, person_id: str) -> Participant | None:
    """Somebody as they take part in a ticket; None if they do not."""
    if ticket.requester_id == person_id:
        return Participant(person_id, ticket.copies.requester_address or "", ticket.copies.requester_name)
    return next((one for one in ticket.copies.participants if one.id == person_id), None)


def _own(ticket: Ticket, person_id: str) -> None:
    if ticket.requester_id != person_id:
        raise NotFound("There is no such request.")
