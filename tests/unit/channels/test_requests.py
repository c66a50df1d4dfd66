"""What customers can do without a sign-in, over stores in memory."""

from dataclasses import replace

import pytest

from helpdesk.channels.model import Idempotency, NewRequest, Opened, Upload
from helpdesk.channels.service import MAX_ATTACHMENTS, RequestService
from helpdesk.contracts.topology import MAX_UPLOAD_BYTES
from helpdesk.desk.model import Desk, General, Limits
from helpdesk.kernel.errors import Invalid, KeyReused, NotFound, StaleVersion, TooMany, Unavailable
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.people.model import Person
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import ActorKind, Channel, Link, Message, Priority, Relation, Status, Ticket, Visibility
from helpdesk.tickets.service import AddressTaken, TicketService
from tests.conftest import StandingClock
from tests.fakes.files import FakeFiles
from tests.fakes.limits import FakeLimiter
from tests.fakes.people import FakePeople
from tests.fakes.tickets import FakeTickets
from tests.support.desks import RULES, a_desk
from tests.support.lives import MINA, message
from tests.support.messages import a_message, a_person

REQUEST = NewRequest("Minsu@Example.com", "Invoice 4711", "It says 90,000 won.", Channel.WEB, name="Kim Minsu")
KEY = Idempotency("requests", "key", "hash of the body")
PDF = Upload("upload-1", "영수증.pdf", "application/pdf", 7)


class Portal:
    """A request service and what it stands on."""

    def __init__(self, clock: StandingClock) -> None:
        self.people = FakePeople()
        self.store = FakeTickets(self.people)
        self.files = FakeFiles()
        self.limiter = FakeLimiter()
        self.clock = clock
        self.desk = a_desk()
        self.tickets = TicketService(self.store, clock, lambda: RULES, lambda attempt: None)
        self.service = RequestService(
            tickets=self.tickets,
            store=self.store,
            people=self.people,
            files=self.files,
            limiter=self.limiter,
            grant=lambda ticket: f"token of {ticket.id} for {ticket.requester_id}",
            desk=lambda: self.desk,
            clock=clock,
        )

    def limit(self, **limits: int) -> None:
        self.desk: Desk = a_desk(general=General(limits=replace(Limits(), **limits)))

    def open(self, key: Idempotency | None = None, ip: str = "203.0.113.7", **changes: object) -> Opened:
        return self.service.open(replace(REQUEST, **changes), ip=ip, idempotency=key)

    def reply(
        self, ticket: Ticket, body: str = "And another thing.", key: Idempotency | None = None, **more: object
    ) -> tuple[Ticket, Message]:
        usual = {"uploads": (), "ip": "203.0.113.7", "idempotency": key}
        return self.service.reply(ticket.id, ticket.requester_id, body, **(usual | more))

    def change(self, ticket: Ticket, **what: object) -> Ticket:
        return self.tickets.run(ticket.id, ChangeTicket(**what), actor=MINA).ticket

    def note(self, ticket: Ticket, visibility: Visibility) -> None:
        self.clock.advance(minutes=1)
        said = a_message(ticket.id, self.clock(), author=MINA, visibility=visibility, text=visibility.value)
        self.tickets.add_message(said, message(said.id, MINA, visibility))

    def said(self, ticket: Ticket) -> list[Message]:
        return list(self.store.conversations.get(ticket.id, {}).values())


@pytest.fixture
def portal(clock: StandingClock) -> Portal:
    return Portal(clock)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_somebody_new_becomes_known_with_their_first_request(portal: Portal) -> None:
    opened = portal.open()
    ticket = opened.ticket
    person = portal.people.by_address("minsu@example.com")
    assert person is not None
    assert (person.name, person.address, person.language) == ("Kim Minsu", "minsu@example.com", "en")
    assert ticket.requester_id == person.id
    assert (ticket.number, ticket.status, ticket.channel) == (1001, Status.NEW, Channel.WEB)
    assert opened.access_token == f"token of {ticket.id} for {person.id}"
    (first,) = portal.said(ticket)
    assert (first.text, first.author.kind, first.visibility) == (
        "It says 90,000 won.",
        ActorKind.REQUESTER,
        Visibility.PUBLIC,
    )
    assert portal.store.history[ticket.id][0].fact.message_id == first.id


def test_somebody_known_is_not_made_known_twice_and_keeps_their_name(portal: Portal) -> None:
    known = a_person(organization_id="o1")
    portal.people.add(known)
    ticket = portal.open(name="Another name").ticket
    assert ticket.requester_id == known.id
    assert ticket.organization_id == "o1"
    assert ticket.copies.requester_name == known.name
    assert portal.people.by_id(known.id) == known


@pytest.mark.parametrize(
    ("said", "stated", "language"),
    [("청구서가 틀렸어요", None, "ko"), ("Invoice", "ja-JP", "ja"), ("Invoice", None, "en"), ("청구서", "fr", "en")],
)
def test_the_language_is_the_one_stated_or_else_the_one_written(
    portal: Portal, said: str, stated: str | None, language: str
) -> None:
    assert portal.open(subject=said, body=said, language=stated).ticket.language == language


def test_somebody_known_is_answered_in_their_language_unless_they_say_otherwise(portal: Portal) -> None:
    portal.people.add(a_person(language="ko"))
    assert portal.open().ticket.language == "ko"
    assert portal.open(language="en").ticket.language == "en"


def test_what_was_chosen_in_the_form_is_on_the_ticket(portal: Portal) -> None:
    ticket = portal.open(
        category="billing", priority=Priority.HIGH, fields={"order": "4711"}, channel=Channel.API
    ).ticket
    assert (ticket.category, ticket.priority, ticket.channel) == ("billing", Priority.HIGH, Channel.API)
    assert ticket.copies.fields == {"order": "4711"}


def test_text_is_cleaned_as_it_comes_in(portal: Portal) -> None:
    ticket = portal.open(
        subject=" In\u202evoice\n4711 ", body="\r\nline one\r\nline two\x00\r\n", name=" Kim\tMinsu "
    ).ticket
    assert ticket.copies.subject == "Invoice 4711"
    assert portal.said(ticket)[0].text == "line one\nline two"
    assert ticket.copies.requester_name == "Kim Minsu"


def test_everything_that_is_wrong_with_a_request_is_said_at_once_and_nothing_is_written(portal: Portal) -> None:
    with pytest.raises(Invalid) as refusal:
        portal.open(address="not an address", subject=" \u202e ", body="\n", category="gone")
    assert {error.pointer for error in refusal.value.errors} == {"/requester/email", "/subject", "/body", "/category"}
    assert portal.store.tickets == {}
    assert portal.limiter.counts == {}


# --- limits ----------------------------------------------------------------------------------------------------------


def test_an_address_may_open_so_many_requests_an_hour(portal: Portal) -> None:
    portal.limit(requests_per_address_per_hour=2)
    portal.open(ip="a")
    portal.open(ip="b", address="MINSU@example.com")
    with pytest.raises(TooMany) as refusal:
        portal.open(ip="c")
    assert refusal.value.retry_after_seconds > 0
    assert len(portal.store.tickets) == 2
    portal.open(ip="c", address="somebody.else@example.com")
    portal.clock.advance(hours=1)
    portal.open(ip="c")


def test_an_ip_may_write_so_often_a_minute_whatever_it_writes(portal: Portal) -> None:
    portal.limit(requests_per_ip_per_minute=3)
    ticket = portal.open(ip="a").ticket
    portal.reply(ticket, ip="a")
    portal.service.upload("a.pdf", "application/pdf", 1, ip="a")
    for blocked in (
        lambda: portal.open(ip="a"),
        lambda: portal.reply(ticket, ip="a"),
        lambda: portal.service.upload("a.pdf", "application/pdf", 1, ip="a"),
    ):
        with pytest.raises(TooMany):
            blocked()
    portal.reply(ticket, ip="b")
    portal.clock.advance(minutes=1)
    portal.open(ip="a")


# --- doing it again --------------------------------------------------------------------------------------------------


def test_the_same_key_with_the_same_body_gives_the_same_ticket(portal: Portal) -> None:
    first = portal.open(KEY)
    again = portal.open(KEY)
    assert again.ticket.id == first.ticket.id
    assert again.access_token == first.access_token
    assert again.again
    assert not first.again
    assert len(portal.store.tickets) == 1


def test_the_same_key_with_another_body_is_refused(portal: Portal) -> None:
    portal.open(KEY)
    with pytest.raises(KeyReused):
        portal.open(replace(KEY, body_hash="another"))
    assert len(portal.store.tickets) == 1


def test_a_key_is_one_callers_own_matter_only_among_calls_of_its_kind(portal: Portal) -> None:
    portal.open(KEY)
    portal.open(replace(KEY, scope="elsewhere"))
    portal.open(replace(KEY, key="other"))
    portal.open()
    assert len(portal.store.tickets) == 4


def test_two_first_requests_of_one_person_at_once_are_both_taken(portal: Portal) -> None:
    """The other call makes the person known between our look and our writing."""
    other = a_person(id=new_id(portal.clock()))

    class Outrun(FakePeople):
        def by_address(self, address: str) -> Person | None:
            found = super().by_address(address)
            if found is None:
                self.add(other)
            return found

    outrun = Outrun()
    portal.store.people = outrun
    portal.service._people = outrun
    ticket = portal.open().ticket
    assert ticket.requester_id == other.id
    assert list(outrun.people) == [other.id]


def test_an_address_that_is_taken_again_and_again_ends_in_try_later(portal: Portal) -> None:
    portal.store.refusals = [AddressTaken("taken")] * 9
    with pytest.raises(Unavailable):
        portal.open()
    assert portal.store.tickets == {}


# --- files -----------------------------------------------------------------------------------------------------------


def test_an_uploaded_file_goes_with_its_message(portal: Portal) -> None:
    portal.files.uploaded["upload-1"] = b"content"
    ticket = portal.open(uploads=(PDF,)).ticket
    (attachment,) = portal.said(ticket)[0].attachments
    assert (attachment.id, attachment.filename, attachment.size) == ("upload-1", "영수증.pdf", 7)
    link = portal.service.attachment_link(ticket.id, ticket.requester_id, "upload-1")
    assert ticket.id in link
    assert "inline=False" in link


def test_a_file_that_never_came_stops_the_request_before_it_is_a_ticket(portal: Portal) -> None:
    with pytest.raises(Invalid) as refusal:
        portal.open(uploads=(PDF,))
    assert refusal.value.errors[0].pointer == "/attachments"
    assert portal.store.tickets == {}


def test_a_repetition_with_files_moves_no_file_again(portal: Portal) -> None:
    portal.files.uploaded["upload-1"] = b"content"
    first = portal.open(KEY, uploads=(PDF,))
    portal.files.uploaded.clear()
    assert portal.open(KEY, uploads=(PDF,)).ticket.id == first.ticket.id


def test_more_files_than_are_taken_are_refused(portal: Portal) -> None:
    uploads = tuple(replace(PDF, id=str(n)) for n in range(MAX_ATTACHMENTS + 1))
    portal.files.uploaded = {upload.id: b"x" for upload in uploads}
    with pytest.raises(Invalid):
        portal.open(uploads=uploads)
    assert portal.files.stored == {}


@pytest.mark.parametrize("size", [0, -1, MAX_UPLOAD_BYTES + 1])
def test_an_upload_of_no_size_or_too_large_is_refused(portal: Portal, size: int) -> None:
    with pytest.raises(Invalid) as refusal:
        portal.service.upload("a.pdf", "application/pdf", size, ip="a")
    assert refusal.value.errors[0].pointer == "/size"


def test_an_uploads_name_is_cleaned_and_never_empty(portal: Portal) -> None:
    upload, target = portal.service.upload(" in\u202evoice\n.pdf ", "application/pdf", MAX_UPLOAD_BYTES, ip="a")
    assert upload.filename == "invoice .pdf"
    assert is_id(upload.id)
    assert target.fields["key"].endswith(upload.id)
    assert portal.service.upload("\u202e", "text/plain", 1, ip="a")[0].filename == "file"


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_requester_sees_public_messages_alone_oldest_first(portal: Portal) -> None:
    ticket = portal.open().ticket
    portal.note(ticket, Visibility.INTERNAL)
    portal.note(ticket, Visibility.PUBLIC)
    view = portal.service.read(ticket.id, ticket.requester_id)
    assert [said.text for said in view.messages] == ["It says 90,000 won.", "public"]
    assert view.ticket.status is Status.OPEN


def test_a_requester_is_told_when_an_answer_is_due_until_it_came(portal: Portal) -> None:
    ticket = portal.open().ticket
    assert portal.service.read(ticket.id, ticket.requester_id).expected_reply_by is not None
    portal.note(ticket, Visibility.PUBLIC)
    assert portal.service.read(ticket.id, ticket.requester_id).expected_reply_by is None


def test_somebody_elses_ticket_is_not_there(portal: Portal) -> None:
    portal.files.uploaded["upload-1"] = b"content"
    ticket = portal.open(uploads=(PDF,)).ticket
    stranger = portal.open(address="other@example.com").ticket.requester_id
    for look in (
        lambda: portal.service.read(ticket.id, stranger),
        lambda: portal.service.attachment_link(ticket.id, stranger, "upload-1"),
        lambda: portal.reply(replace(ticket, requester_id=stranger)),
        lambda: portal.service.read(new_id(portal.clock()), stranger),
        lambda: portal.service.attachment_link(ticket.id, ticket.requester_id, "other"),
    ):
        with pytest.raises(NotFound):
            look()
    assert len(portal.said(ticket)) == 1


def test_a_file_of_an_internal_note_is_not_there_for_the_requester(portal: Portal) -> None:
    ticket = portal.open().ticket
    portal.files.uploaded["upload-1"] = b"content"
    files = (portal.files.claim(PDF, ticket.id),)
    at = portal.clock.advance(minutes=1)
    said = a_message(ticket.id, at, author=MINA, visibility=Visibility.INTERNAL, attachments=files)
    portal.tickets.add_message(said, message(said.id, MINA, Visibility.INTERNAL))
    with pytest.raises(NotFound):
        portal.service.attachment_link(ticket.id, ticket.requester_id, "upload-1")


# --- replying --------------------------------------------------------------------------------------------------------


def test_a_reply_joins_its_ticket_and_opens_what_was_solved(portal: Portal) -> None:
    ticket = portal.change(portal.open().ticket, status=Status.SOLVED)
    after, said = portal.reply(ticket)
    assert after.id == ticket.id
    assert after.status is Status.OPEN
    assert portal.store.message(ticket.id, said.id) == said
    assert said.author_name == "Kim Minsu"


@pytest.mark.parametrize("body", ["", " \r\n", "\x00"])
def test_an_empty_reply_is_refused_and_opens_nothing(portal: Portal, body: str) -> None:
    ticket = portal.change(portal.open().ticket, status=Status.SOLVED)
    with pytest.raises(Invalid) as refusal:
        portal.reply(ticket, body)
    assert refusal.value.errors[0].pointer == "/body"
    assert portal.store.get(ticket.id).status is Status.SOLVED


def test_a_reply_to_a_closed_ticket_opens_one_that_follows_it(portal: Portal) -> None:
    closed = portal.change(portal.open(category="billing").ticket, status=Status.CLOSED)
    follower, said = portal.reply(closed)
    assert follower.id != closed.id
    assert follower.links == (Link(Relation.FOLLOWS, closed.id, closed.number),)
    assert (follower.status, follower.number) == (Status.NEW, closed.number + 1)
    assert (follower.requester_id, follower.category) == (closed.requester_id, "billing")
    assert follower.copies.subject == closed.copies.subject
    assert portal.said(follower) == [said]
    assert portal.store.get(closed.id) == closed


def test_a_reply_to_a_ticket_that_closes_meanwhile_is_not_lost(portal: Portal) -> None:
    ticket = portal.open().ticket
    add = portal.tickets.add_message

    def too_late(*args: object, **kwargs: object) -> object:
        portal.change(ticket, status=Status.CLOSED)
        return add(*args, **kwargs)

    portal.tickets.add_message = too_late
    follower, said = portal.reply(ticket)
    assert follower.links == (Link(Relation.FOLLOWS, ticket.id, ticket.number),)
    assert portal.said(follower) == [said]


@pytest.mark.parametrize("status", [Status.OPEN, Status.CLOSED])
def test_the_same_reply_with_the_same_key_is_one_message(portal: Portal, status: Status) -> None:
    ticket = portal.change(portal.open().ticket, status=status)
    portal.files.uploaded["upload-1"] = b"content"
    for uploads in ((), (PDF,)):
        key = replace(KEY, scope=f"replies {len(uploads)}")
        first = portal.reply(ticket, key=key, uploads=uploads)
        portal.clock.advance(minutes=5)
        again = portal.reply(ticket, key=key, uploads=uploads)
        assert (again[0].id, again[1]) == (first[0].id, first[1])
        assert len([one for one in portal.said(first[0]) if one.id == first[1].id]) == 1
        with pytest.raises(KeyReused):
            portal.reply(ticket, "Other words", key=replace(key, body_hash="another"), uploads=uploads)
    assert len(portal.store.tickets) == (1 if status is Status.OPEN else 3)


def test_a_reply_under_contention_is_written_once(portal: Portal) -> None:
    ticket = portal.open().ticket
    portal.store.refusals = [StaleVersion("first"), Unavailable("busy")]
    portal.reply(ticket)
    assert len(portal.said(ticket)) == 2
