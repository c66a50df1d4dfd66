"""Where a person's traces lie, in the table and the buckets, and how each is taken out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.community.traces import CommunityTraces
from helpdesk.contracts import table as keys
from helpdesk.contracts.events import DeskEventType
from helpdesk.desk.model import Desk
from helpdesk.drafts.store import DraftItem
from helpdesk.kernel.clock import Clock, format_instant
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.mail.ledger import WAITING, LedgerEntry
from helpdesk.mail.rules import Outcome
from helpdesk.mail.store import DynamoLedger
from helpdesk.notifications.store import NotificationItem
from helpdesk.people.model import ERASED, Alias, Person
from helpdesk.people.store import DynamoPeopleStore, MergeItem
from helpdesk.people.tally_store import DynamoGlanceStore
from helpdesk.platform.table import DocumentAttribute, Item, Refused, Transaction, table_errors
from helpdesk.privacy.clearing import Clearing, agents_at, messages_in
from helpdesk.privacy.elsewhere import Elsewhere
from helpdesk.privacy.model import Erasure, Export, TicketAbout
from helpdesk.privacy.portable import export_object
from helpdesk.tickets.model import Content
from helpdesk.tickets.store import DynamoTicketStore
from helpdesk.tickets.views import TicketQuery, TicketRow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PAGE: Final = 50
_BEFORE_KNOWN: Final = timedelta(days=400)
"""How long before somebody was known a mail of theirs may have been held back."""


class ErasureItem(Item):
    """How far an erasure is."""

    record = DocumentAttribute()
    version = NumberAttribute()


class ErasureEventItem(Item):
    """What is published of an erasure, by the way that ticket events go."""

    event = DocumentAttribute()


class DynamoErasures:
    """See `privacy.model.Erasures`.

    Args:
        tickets: where tickets are kept.
        people: where people are kept.
        s3: gives the client for files and raw mails.
        buckets: of files, and of raw mails.
        desk: the configuration.
        clock: the desk's time.
        clearing: takes things out of tickets.
        community: what people left there.
    """

    def __init__(
        self,
        tickets: DynamoTicketStore,
        people: DynamoPeopleStore,
        s3: "Callable[[], S3Client]",
        buckets: tuple[str, str],
        desk: Callable[[], Desk],
        clock: Clock,
        clearing: Clearing,
        community: CommunityTraces,
    ) -> None:
        self._tickets = tickets
        self._people = people
        self._s3 = s3
        self._files, _ = buckets
        self._desk = desk
        self._clock = clock
        self._clearing = clearing
        self._glances = DynamoGlanceStore()
        self._elsewhere = Elsewhere(tickets, people, clock, community)

    # --- how far it is ---

    def find(self, person_id: str) -> Erasure | None:
        """A person's erasure."""
        try:
            with table_errors():
                item = ErasureItem.get(*Item.at(keys.erasure_key(person_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Erasure, item.record)

    def start(self, erasure: Erasure) -> Erasure:
        """Writes one down and starts it; one that ended is begun anew."""
        there = self.find(erasure.id)
        if there is not None:
            erasure = replace(erasure, step=there.step + 1, version=there.version + 1)
        try:
            self._write(erasure, there, DeskEventType.ERASURE_STARTED)
        except StaleVersion:
            return self.find(erasure.id) or erasure
        return erasure

    def save(self, before: Erasure, after: Erasure) -> None:
        """Writes how far one is; a new step is started."""
        self._write(after, before, DeskEventType.ERASURE_CONTINUED if after.step != before.step else None)

    def _write(self, erasure: Erasure, before: Erasure | None, kind: DeskEventType | None) -> None:
        transaction = Transaction()
        item = ErasureItem(*Item.at(keys.erasure_key(erasure.id)), record=to_document(erasure), version=erasure.version)
        unchanged: Condition = (
            Item.pk.does_not_exist() if before is None else cast("Condition", ErasureItem.version == before.version)
        )
        transaction.put(item, condition=unchanged, label="erasure")
        if kind is not None:
            event: Document = {
                "id": derived_id(erasure.started_at, "erasure", erasure.id, str(erasure.step)),
                "type": kind.value,
                "person_id": erasure.id,
                "step": erasure.step,
            }
            key = keys.erasure_event_key(erasure.id, erasure.step)
            transaction.put(ErasureEventItem(*Item.at(key), event=event))
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("Somebody else took this erasure further.") from refused

    def find_export(self, person_id: str) -> Export | None:
        """The newest export of a person."""
        try:
            with table_errors():
                item = ErasureItem.get(*Item.at(keys.export_key(person_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Export, item.record)

    def save_export(self, export: Export, *, ordered: bool) -> None:
        """Writes one down; an ordered one is started."""
        transaction = Transaction()
        key = Item.at(keys.export_key(export.id))
        transaction.put(ErasureItem(*key, record=to_document(export), version=export.number))
        if ordered:
            event: Document = {
                "id": derived_id(export.ordered_at, "export", export.id, str(export.number)),
                "type": DeskEventType.EXPORT_ORDERED.value,
                "person_id": export.id,
                "step": export.number,
            }
            at = Item.at(keys.export_event_key(export.id, export.number))
            transaction.put(ErasureEventItem(*at, event=event))
        with table_errors():
            transaction.commit()

    # --- tickets ---

    def own(self, person: Person, position: dict[str, str] | None) -> Page[TicketRow]:
        """Tickets that a person opened, a page."""
        query = TicketQuery(requester_id=person.id, aliases=tuple(alias.id for alias in person.aliases))
        return self._tickets.rows(query, limit=_PAGE, position=position)

    def others(self, person: Person, position: dict[str, str] | None) -> Page[TicketAbout]:
        """Tickets in which they are or were, a page: what is noted under each of their ids."""
        ids = sorted(_ids(person))
        at = dict(position) if position is not None else {"of": "0"}
        number = int(at.pop("of"))
        page = self._glances.involved(ids[number], limit=_PAGE, position=at or None)
        found = tuple(
            TicketAbout(
                ticket.id,
                ticket.requester_id in ids,
                held=ticket.number if ticket.legal_hold else None,
                cleared=set(Content) <= set(ticket.cleared),
            )
            for ticket in self._tickets.get_all(page.items).values()
        )
        if page.next_position is not None:
            return Page(found, {"of": str(number), **page.next_position})
        return Page(found, {"of": str(number + 1)} if number + 1 < len(ids) else None)

    def people_in(self, ticket_id: str) -> frozenset[str]:
        """Ids of all who ask, are or were in a ticket."""
        ticket, share = self._tickets.get(ticket_id), self._glances.share(ticket_id)
        asking = (ticket.requester_id, *ticket.asked_before) if ticket is not None else ()
        return frozenset({*asking, *(share.people if share is not None else ())})

    def empty_messages(self, ticket_id: str, person: Person, *, whole: bool) -> None:
        """Takes words, files and raw mails out; what others wrote in another's ticket loses quotes and raw mails."""
        if whole:
            self._clearing.messages(ticket_id, frozenset(Content))
            return
        ids = _ids(person)
        for item in messages_in(ticket_id):
            if _author(item.message) in ids:
                self._clearing.message(item, frozenset(Content))
            else:  # what others wrote stays; what they quote, and a raw mail whose headers name everybody, does not
                self._clearing.mentions(item)

    def empty_around(self, ticket_id: str, *, whole: bool) -> None:
        """Takes out what lies beside a ticket."""
        for agent_id in self._agents(ticket_id):
            _remove_notifications(agent_id, ticket_id)
            _remove_drafts(agent_id, ticket_id)
        self._clearing.around(ticket_id, frozenset(Content) if whole else frozenset({Content.PEOPLE}))

    def _agents(self, ticket_id: str) -> set[str]:
        """Colleagues who may have been told of a ticket, or be writing on it: whoever was at it may have left the desk."""
        ticket = self._tickets.get(ticket_id)
        return {*self._desk().agents, *(ticket.followers if ticket is not None else ()), *agents_at(ticket_id)}

    # --- what is kept for a while ---

    def records(self, person: Person, position: dict[str, str] | None) -> dict[str, str] | None:
        """Takes them out of one place apart from tickets; gives where to go on, None at the end."""
        return self._elsewhere.forget(person, position)

    # --- mails ---

    def mails(self, person: Person, position: dict[str, str] | None) -> dict[str, str] | None:
        """Empties a part of the ledger: what waits, then month by month since before they were known."""
        lists = list(self._lists(person))
        at = dict(position) if position is not None else {"list": "0"}
        number = int(at.pop("list"))
        outcome, month = lists[number]
        page = DynamoLedger().entries(outcome, month=month, limit=100, position=at or None)
        addresses = {normal_address(one) for one in person.addresses}
        for entry in page.items:
            if entry.sender is not None and normal_address(entry.sender) in addresses:
                self._clearing.mail(entry)
        if page.next_position is not None:
            return {"list": str(number), **page.next_position}
        return {"list": str(number + 1)} if number + 1 < len(lists) else None

    def mails_of(self, person: Person) -> Iterator[LedgerEntry]:
        """Entries of the ledger for mails that a person sent."""
        addresses = {normal_address(one) for one in person.addresses}
        seen: set[str] = set()
        for outcome, month in self._lists(person):
            at: dict[str, str] | None = None
            while True:
                page = DynamoLedger().entries(outcome, month=month, limit=100, position=at)
                for entry in page.items:
                    theirs = entry.sender is not None and normal_address(entry.sender) in addresses
                    if theirs and entry.arrival.id not in seen:
                        seen.add(entry.arrival.id)
                        yield entry
                at = page.next_position
                if at is None:
                    break

    def _lists(self, person: Person) -> Iterator[tuple[Outcome | None, str | None]]:
        yield from ((outcome, None) for outcome in sorted(WAITING))
        month = (person.created_at - _BEFORE_KNOWN).replace(day=1)
        while month <= self._clock():
            yield None, format_instant(month)[:7]
            month = (month + timedelta(days=32)).replace(day=1)

    # --- the person ---

    def remove_export(self, person_id: str) -> None:
        """Deletes the file that an export made."""
        self._s3().delete_object(Bucket=self._files, Key=export_object(person_id))

    def replace_person(self, person: Person) -> None:
        """Puts somebody without name and addresses in a person's place: tickets keep their id, and it leads somewhere."""
        nobody = Person(
            id=person.id,
            address=f"{person.id.lower()}{ERASED}",
            language=person.language,
            created_at=person.created_at,
            undeliverable=True,
            aliases=tuple(Alias(alias.id, alias.tickets) for alias in person.aliases),
            version=person.version + 1,
        )
        self.remove_export(person.id)
        if person.address != nobody.address:
            self._people.rewrite((person,), (nobody,))
        for person_id in _ids(person):
            records: Condition = MergeItem.sk.startswith(keys.MERGE_PREFIX)
            with table_errors():
                for item in MergeItem.query(keys.person_key(person_id).pk, records, consistent_read=True):
                    item.delete()


def _ids(person: Person) -> frozenset[str]:
    return frozenset({person.id, *(alias.id for alias in person.aliases)})


def _author(document: Document) -> str:
    return str(cast("Document", document["author"])["id"])


def _remove_notifications(agent_id: str, ticket_id: str) -> None:
    with table_errors():
        for item in NotificationItem.query(keys.notifications_partition(agent_id), consistent_read=True):
            if item.notification.get("ticket_id") == ticket_id:
                item.delete()


def _remove_drafts(agent_id: str, ticket_id: str) -> None:
    prefix: Condition = DraftItem.sk.startswith(keys.draft_key(agent_id, ticket_id, "").sk)
    with table_errors():
        for item in DraftItem.query(keys.drafts_partition(agent_id), prefix, consistent_read=True):
            item.delete()
