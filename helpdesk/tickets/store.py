"""Tickets in the table and long bodies in the bucket: the port of `tickets.service` on DynamoDB and S3."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import BODIES_PREFIX
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import Document, Plain, from_document, to_document
from helpdesk.kernel.errors import Invalid, NotFound, StaleVersion
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Person
from helpdesk.people.store import make_known
from helpdesk.platform.table import (
    CONDITION_FAILED,
    CountedItem,
    CounterItem,
    DocumentAttribute,
    IndexedItem,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)
from helpdesk.sla.ticks import DueTicket
from helpdesk.tickets.chain import event_document, event_from_document
from helpdesk.tickets.core import Decision
from helpdesk.tickets.facts import Event, TicketOpened
from helpdesk.tickets.model import Copies, Message, Ticket, side_of
from helpdesk.tickets.rules import load_changes, next_due
from helpdesk.tickets.service import (
    AddressTaken,
    AgentFull,
    AlreadyDone,
    Change,
    Done,
    Extras,
    Guard,
    Record,
    Thread,
    came_from_of,
    withdrawn_by_rule,
)
from helpdesk.tickets.views import TaskRow, TicketQuery, TicketRow, summarize, task_rows

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LONGEST_BODY_IN_TABLE: Final = 32 * 1024
"""Characters of a message's text, HTML and quoted rest together, above which they live in the bucket."""
ROWS_READ_AT_MOST: Final = 1000
"""How many rows one page of a filtered list may look at before it answers with what it has and a cursor."""
_TICKET: Final = "ticket"
_ADDRESS: Final = "address"
_LOAD: Final = "load"
_GUARD: Final = "guard:"
_BEHIND: Final = "behind"

_IN_ROW: Final = frozenset(
    {
        "id",
        "number",
        "status",
        "priority",
        "type",
        "channel",
        "requester_id",
        "created_at",
        "updated_at",
        "version",
        "category",
        "group",
        "assignee",
        "organization_id",
        "tags",
        "due_at",
        "snooze",
        "solved_at",
        "cleared",
        "legal_hold",
        "custom_status",
        "impact",
        "urgency",
        "product",
    }
)
_USUALLY_NOTHING: Final = ("automatic", "time_seconds", "billable_seconds", "reassigned")
_USUAL_CLOCK: Final[dict[str, Plain]] = {"business": True, "used_ms": 0}
_COPIES_IN_ROW: Final = ("subject", "requester_name", "requester_address", "last_message")
_COPIES_IN_BODY: Final = ("fields", "participants", "held", "swapped", "side", "tasks", "approvals")


class TicketItem(IndexedItem):
    """A ticket's snapshot: `row` as lists show it, `body` what it has beyond that."""

    body = DocumentAttribute()


class EventItem(IndexedItem):
    """One event, as it is hashed and published. The first one carries the ticket's number into an index.

    Where it came from lies beside it, so that it can be taken away without touching history.
    """

    event = DocumentAttribute()
    came_from = UnicodeAttribute(null=True)


class MessageItem(Item):
    """One message. Whether it was withdrawn by a rule stands beside it: the rule does not have its words."""

    message = DocumentAttribute()
    withdrawn_at = UnicodeAttribute(null=True)


class GuardItem(Item):
    """Something that may happen once."""

    ticket_id = UnicodeAttribute()
    message_id = UnicodeAttribute(null=True)
    side_id = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)


class RecordItem(IndexedItem):
    """A further item of a ticket's transaction; see `tickets.service.Record`."""

    record = DocumentAttribute()


class DynamoTicketStore:
    """See `tickets.service.TicketStore`.

    Args:
        s3: gives the client for long bodies; asked only when there is one.
        bucket: the files bucket.
        written: is told of tickets that were written, once they are.
    """

    def __init__(
        self,
        s3: Callable[[], "S3Client"],
        bucket: str,
        written: Callable[[Sequence[Ticket]], None] = lambda _: None,
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._written = written

    # --- writing ---

    def commit(self, before: Ticket | None, decision: Decision, extras: Extras) -> None:
        """Writes a decision and its extras in one transaction."""
        self.commit_all((Change(before, decision, extras),))

    def commit_all(self, changes: Sequence[Change]) -> None:
        """Writes what comes of several tickets in one transaction."""
        transaction = Transaction()
        for change in changes:
            self._write_ticket(transaction, change)
            self._write_extras(transaction, change.decision.ticket.id, change.extras)
        _change_loads(transaction, changes)
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise _refusal(refused) from refused
        self._written([change.decision.ticket for change in changes])

    def _write_ticket(self, transaction: Transaction, change: Change) -> None:
        before = change.before
        unchanged: Condition = (
            Item.pk.does_not_exist() if before is None else cast("Condition", TicketItem.version == before.version)
        )
        transaction.put(ticket_item(change.decision.ticket), condition=unchanged, label=_TICKET)
        for event in change.decision.events:
            transaction.create(event_item(event), label=_TICKET)
        for message_id, at in withdrawn_by_rule(change):
            item = MessageItem(*Item.at(keys.message_key(change.decision.ticket.id, message_id)))
            transaction.update(item, [MessageItem.withdrawn_at.set(format_instant(at))])
        _write_tasks(transaction, change)

    def _write_extras(self, transaction: Transaction, ticket_id: str, extras: Extras) -> None:
        for message in ((extras.message,) if extras.message is not None else ()) + extras.messages:
            transaction.put(self._message_item(message))
        for guard in extras.guards:
            transaction.create(_guard_item(guard, ticket_id, extras.message), label=f"{_GUARD}{guard.name}")
        side_id = extras.message.side_id if extras.message is not None else None
        for thread in extras.threads:
            transaction.put(_thread_item(thread, ticket_id, side_id))
        for person in extras.people:
            make_known(transaction, person, label=_ADDRESS)
        for count in extras.counts:
            last = CountedItem.last_at.set(format_instant(count.at))
            transaction.update(CountedItem(*Item.at(count.key)), [CountedItem.tally.add(1), last])
        for record in extras.records:
            if record.document is None:
                transaction.delete(RecordItem(*Item.at(record.key)))
            elif record.once:
                transaction.create(_record_item(record), label=f"{_GUARD}{record.once}")
            else:
                transaction.put(_record_item(record))

    def _message_item(self, message: Message) -> MessageItem:
        document = to_document(message)
        parts = {name: document.get(name) for name in ("text", "html", "quoted")}
        if sum(len(str(part)) for part in parts.values() if part) > LONGEST_BODY_IN_TABLE:
            key = f"{BODIES_PREFIX}{message.ticket_id}/{message.id}.json"
            self._s3().put_object(
                Bucket=self._bucket, Key=key, Body=msgspec.json.encode(parts), ContentType="application/json"
            )
            document = {name: value for name, value in document.items() if name not in parts}
            document |= {"text": message.text[:2000], "full_text_key": key}
        return MessageItem(*Item.at(_message_key(message.ticket_id, message.id, message.side_id)), message=document)

    def next_number(self) -> int:
        """A number that no other ticket has; the first is 1001."""
        item = CounterItem(*Item.at(keys.counter_key("ticket-number")))
        with table_errors():
            item.update(actions=[CounterItem.tally.add(1)])
        return 1000 + int(item.tally)

    # --- reading ---

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket as it stands."""
        try:
            with table_errors():
                item = TicketItem.get(*Item.at(keys.ticket_key(ticket_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return ticket_of(item)

    def get_all(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Tickets as they stand, by id."""
        wanted = [Item.at(keys.ticket_key(one)) for one in dict.fromkeys(ticket_ids)]
        with table_errors():
            items = list(TicketItem.batch_get(wanted, consistent_read=True)) if wanted else []
        return {keys.ticket_id_of(item.pk): ticket_of(item) for item in items}

    def taken_part_in(self, person_ids: Sequence[str], ticket_ids: Sequence[str]) -> frozenset[str]:
        """Those of some tickets (at most 100) that somebody takes part in now: two batch reads, one where they are in none."""
        marks = [Item.at(keys.involvement_key(person, one)) for person in person_ids for one in ticket_ids]
        with table_errors():
            were_in = {keys.ticket_id_of(item.sk) for item in Item.batch_get(marks)} if marks else set()
            found = TicketItem.batch_get([Item.at(keys.ticket_key(one)) for one in were_in]) if were_in else ()
            tickets = [ticket_of(item) for item in found]
        return frozenset(one.id for one in tickets if not set(person_ids).isdisjoint(one.let_in))

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """The rows of tickets as they stand, by id; what else a snapshot has is not sent."""
        wanted = [Item.at(keys.ticket_key(one)) for one in dict.fromkeys(ticket_ids)]
        with table_errors():
            found = IndexedItem.batch_get(wanted, consistent_read=True, attributes_to_get=["pk", "sk", "row"])
            return {keys.ticket_id_of(item.pk): row_of(item) for item in found} if wanted else {}

    def messages_of(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Message]:
        """Messages by their ticket and their place in it."""
        wanted = [Item.at(_key_of_place(*place)) for place in dict.fromkeys(places)]
        with table_errors():
            items = list(MessageItem.batch_get(wanted, consistent_read=True)) if wanted else []
        messages = [self._message_of(item) for item in items]
        return {(message.ticket_id, message.place): message for message in messages}

    def record(self, key: keys.Key) -> Document | None:
        """What a record says."""
        try:
            with table_errors():
                item = RecordItem.get(*Item.at(key), consistent_read=True)
        except DoesNotExist:
            return None
        document: Document = item.record
        return document

    def records(
        self, partition: str, prefix: str, *, limit: int, position: dict[str, str] | None, newest_first: bool = False
    ) -> Page[tuple[keys.Key, Document]]:
        """A page of the records in a partition whose sort keys begin with a prefix."""
        with table_errors():
            result = RecordItem.query(
                partition,
                RecordItem.sk.startswith(prefix),
                scan_index_forward=not newest_first,
                limit=limit,
                last_evaluated_key=last_key_of(position),
                consistent_read=True,
            )
            found = tuple((keys.Key(item.pk, item.sk), item.record) for item in result)
        return Page(found, position_of(result.last_evaluated_key))

    def done_before(self, key: keys.Key) -> Done | None:
        """What a guard remembers."""
        try:
            with table_errors():
                item = GuardItem.get(*Item.at(key), consistent_read=True)
        except DoesNotExist:
            return None
        return Done(item.ticket_id, item.message_id, item.note or "", item.side_id)

    def thread_of(self, message_ids: Iterable[str]) -> Thread | None:
        """What the first known of some Message-IDs belongs to; one of a side conversation comes before all others."""
        # References may name a mail twice, and the table refuses to look for one thing twice.
        wanted = list(dict.fromkeys(keys.mail_thread_key(message_id) for message_id in message_ids))
        if not wanted:
            return None
        with table_errors():
            found = {item.pk: item for item in GuardItem.batch_get([Item.at(key) for key in wanted])}
        known = [Thread(found[key.pk].ticket_id, found[key.pk].side_id) for key in wanted if key.pk in found]
        return min(known, key=lambda one: one.side_id is None, default=None)

    def remember_thread(self, message_id: str, ticket_id: str, side_id: str | None = None) -> None:
        """Lets a Message-ID lead to a ticket, or to a side conversation, from now on."""
        with table_errors():
            _thread_item(message_id, ticket_id, side_id).save()

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        """One message, complete."""
        try:
            with table_errors():
                item = MessageItem.get(*Item.at(_message_key(ticket_id, message_id, side_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return self._message_of(item)

    def rewrite(self, message: Message) -> None:
        """Writes a message anew in its place."""
        try:
            with table_errors():
                self._message_item(message).save(condition=Item.pk.exists())
        except PutError as error:
            if error.cause_response_code == f"{CONDITION_FAILED}Exception":
                raise NotFound("There is no such message.") from error
            raise

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Message]:
        """A ticket's messages, newest first."""
        return self._messages(ticket_id, keys.MESSAGE_PREFIX, limit, position)

    def side_messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> Page[Message]:
        """A side conversation's messages, newest first."""
        return self._messages(ticket_id, keys.side_messages_prefix(side_id), limit, position)

    def _messages(self, ticket_id: str, prefix: str, limit: int, position: dict[str, str] | None) -> Page[Message]:
        with table_errors():
            result = MessageItem.query(
                keys.ticket_partition(ticket_id),
                MessageItem.sk.startswith(prefix),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
                consistent_read=True,
            )
            messages = tuple(self._message_of(item) for item in result)
        return Page(messages, position_of(result.last_evaluated_key))

    def messages_before(self, ticket_id: str, message_id: str | None, *, limit: int) -> tuple[Message, ...]:
        """A ticket's messages older than one, newest first."""
        key = keys.message_key(ticket_id, message_id) if message_id is not None else None
        condition: Condition = MessageItem.sk.startswith(keys.MESSAGE_PREFIX)
        if key is not None:
            condition = MessageItem.sk.between(keys.MESSAGE_PREFIX, key.sk)
        with table_errors():
            # "Between" takes its ends in: one more than wanted, and without the one that is known.
            result = MessageItem.query(
                keys.ticket_partition(ticket_id),
                condition,
                scan_index_forward=False,
                limit=limit + (key is not None),
                consistent_read=True,
            )
            found = [self._message_of(item) for item in result if key is None or item.sk != key.sk]
        return tuple(found[:limit])

    def first_message(self, ticket_id: str) -> Message | None:
        """The message that a ticket was opened with."""
        with table_errors():
            items = MessageItem.query(
                keys.ticket_partition(ticket_id), MessageItem.sk.startswith(keys.MESSAGE_PREFIX), limit=1
            )
            return next((self._message_of(item) for item in items), None)

    def with_messages(self, ticket_id: str, *, limit: int) -> tuple[Ticket, Page[Message]] | None:
        """A ticket and its newest messages: one query, as the snapshot sorts right behind them."""
        with table_errors():
            result = ConversationItem.query(
                keys.ticket_partition(ticket_id),
                ConversationItem.sk.between(keys.CONVERSATION_FIRST, keys.CONVERSATION_LAST),
                scan_index_forward=False,
                limit=limit + 1,
                consistent_read=True,
            )
            items = list(result)
        if not items or items[0].sk != keys.TICKET_SORT_KEY:
            return None
        messages = tuple(self._message_of(item) for item in items[1:])
        return ticket_of(items[0]), Page(messages, position_of(result.last_evaluated_key))

    def events(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first."""
        with table_errors():
            result = EventItem.query(
                keys.ticket_partition(ticket_id),
                EventItem.sk.startswith(keys.EVENT_PREFIX),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
                consistent_read=True,
            )
            events = tuple(_event_of(item) for item in result)
        return Page(events, position_of(result.last_evaluated_key))

    def due(self, shard: int, until: datetime) -> Iterator[DueTicket]:
        """Tickets in a shard with something due, soonest first; more pages only if they are asked for."""
        with table_errors():
            for item in IndexedItem.by_due.query(
                keys.due_partition(shard),
                IndexedItem.due_sk <= keys.due_sort(format_instant(until), "~"),
                page_size=100,
            ):
                yield DueTicket(
                    keys.ticket_id_of(item.pk), parse_instant(keys.due_instant_of(cast("IndexedItem", item).due_sk))
                )

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list: reads the narrowest index, keeps what matches, and looks at a bounded number of rows."""
        return TicketLists(query).page(limit, position)

    def newest_of(self, person: Person, *, limit: int) -> tuple[str, ...]:
        """Ids of a person's newest tickets, newest first: one query, whoever was merged into them."""
        with table_errors():
            found = IndexedItem.by_requester.query(
                keys.requester_list(person.id), scan_index_forward=False, limit=limit
            )
            ids = {keys.ticket_id_of(item.pk) for item in found}
        ids.update(one for alias in person.aliases for one in alias.tickets)
        return tuple(sorted(ids, reverse=True)[:limit])

    def newest_within(self, organization_id: str, *, limit: int) -> tuple[str, ...]:
        """Ids of an organization's newest tickets, newest first: one query."""
        with table_errors():
            found = IndexedItem.by_reference.query(
                keys.organization_list(organization_id), scan_index_forward=False, limit=limit
            )
            return tuple(keys.ticket_id_of(item.pk) for item in found)

    def solved_in(self, month: str, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of the tickets solved in a month, those solved last first: one query."""
        with table_errors():
            result = IndexedItem.by_state.query(
                keys.state_list_done(month),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            rows = tuple(row_of(cast("IndexedItem", item)) for item in result)
        return Page(rows, position_of(result.last_evaluated_key))

    def solved_after(self, month: str, place: str, until: datetime, *, limit: int) -> list[tuple[str, TicketRow]]:
        """Rows of a month's done tickets behind a place, those solved first, each with its own place: one query."""
        last = keys.done_sort(format_instant(until), "~")
        after: Condition = IndexedItem.state_sk.between(f"{place}\x00" if place else "0", last)
        if place > last:
            return []
        with table_errors():
            found = IndexedItem.by_state.query(keys.state_list_done(month), after, limit=limit)
            return [(cast("IndexedItem", item).state_sk, row_of(cast("IndexedItem", item))) for item in found]

    def tasks(self, agent_id: str, *, done: bool, limit: int, position: dict[str, str] | None) -> Page[TaskRow]:
        """A page of an agent's tasks over all tickets: one query."""
        with table_errors():
            result = IndexedItem.by_assignee.query(
                keys.task_list(agent_id, done=done),
                scan_index_forward=not done,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            rows = tuple(from_document(TaskRow, cast("IndexedItem", item).row or {}) for item in result)
        return Page(rows, position_of(result.last_evaluated_key))

    def _message_of(self, item: "MessageItem | ConversationItem") -> Message:
        document: Document = item.message or {}
        if item.withdrawn_at is not None:
            document = {**document, "withdrawn_at": item.withdrawn_at}
        key = document.get("full_text_key")
        if isinstance(key, str):
            body = self._s3().get_object(Bucket=self._bucket, Key=key)["Body"].read()
            document = {**document, **msgspec.json.decode(body)}
        return from_document(Message, document)


class ConversationItem(TicketItem):
    """A snapshot or a message, as one query finds them."""

    body = DocumentAttribute(null=True)
    message = DocumentAttribute(null=True)
    withdrawn_at = UnicodeAttribute(null=True)


# --- snapshots as items ----------------------------------------------------------------------------------------------


def ticket_item(ticket: Ticket) -> TicketItem:
    """A snapshot with the index keys that place it in the lists it belongs to."""
    document = to_document(ticket)
    row = to_document(summarize(ticket))
    body = _body_of(document, row)
    due = next_due(ticket)
    done, tid = ticket.done, ticket.id
    solved = format_instant(ticket.solved_at) if ticket.solved_at is not None else ""
    clock = min((clock.due_at for clock in summarize(ticket).clocks if clock.due_at and not clock.met_at), default=None)
    urgency = keys.urgency_sort(format_instant(clock) if clock else None, ticket.priority.rank, tid)
    sort = keys.done_sort(solved, tid) if done else urgency
    assigned = ticket.assignee is not None or not done
    organization = ticket.organization_id
    return TicketItem(
        *Item.at(keys.ticket_key(tid)),
        version=ticket.version,
        row=row,
        body=body,
        group_pk=keys.group_list(ticket.group, done=done),
        group_sk=sort,
        assignee_pk=keys.assignee_list(ticket.assignee, done=done) if assigned else None,
        assignee_sk=sort if assigned else None,
        state_pk=keys.state_list_done(solved[:7]) if done else keys.state_list_open(),
        state_sk=sort,
        requester_pk=keys.requester_list(ticket.requester_id),
        requester_sk=tid,
        reference_pk=keys.organization_list(organization) if organization else None,
        reference_sk=tid if organization else None,
        due_pk=keys.due_partition(keys.due_shard(tid)) if due is not None else None,
        due_sk=keys.due_sort(format_instant(due), tid) if due is not None else None,
        change_pk=keys.change_partition(),
        change_sk=keys.change_sort(format_instant(ticket.updated_at), tid, ticket.version),
    )


def _body_of(document: Document, row: Document) -> Document:
    """What a snapshot has beyond its row, without what reading gives back by itself.

    A snapshot is written with every step of its ticket, twice a kilobyte that it has begun: the usual one of a ticket
    with three clocks fits into two because of this.
    """
    body = {name: value for name, value in document.items() if name not in _IN_ROW and name != "copies"}
    copies = document.get("copies")
    if isinstance(copies, dict):
        kept: Document = {name: copies[name] for name in _COPIES_IN_BODY if name in copies}
        fields, shown = kept.pop("fields", None), row.get("fields")
        if isinstance(fields, dict):
            long = {name: fields[name] for name in fields.keys() - (shown if isinstance(shown, dict) else {})}
            kept |= {"fields": long} if long else {}
        body |= {"copies": kept} if kept else {}
    for name in _USUALLY_NOTHING:
        if not body.get(name):
            body.pop(name, None)
    sla = body.get("sla")
    if isinstance(sla, dict) and isinstance(clocks := sla.get("clocks"), list):
        body["sla"] = {**sla, "clocks": [_lean(clock) for clock in clocks]}
    return body


def _lean(clock: Plain) -> Plain:
    """A clock without what `sla.model.Clock` says by default."""
    if not isinstance(clock, dict):
        return clock
    return {name: value for name, value in clock.items() if name not in _USUAL_CLOCK or value != _USUAL_CLOCK[name]}


def ticket_of(item: TicketItem | ConversationItem) -> Ticket:
    """The snapshot that an item holds."""
    row: Document = item.row or {}
    body: Document = item.body or {}
    copies: dict[str, object] = {name: row[name] for name in _COPIES_IN_ROW if name in row}
    kept = body.pop("copies", None)
    copies |= kept if isinstance(kept, dict) else {}
    fields = row.get("fields")
    if isinstance(fields, dict):
        long = copies.get("fields")
        copies["fields"] = fields | (long if isinstance(long, dict) else {})
    document: dict[str, object] = {name: row[name] for name in _IN_ROW if name in row}
    document |= body
    document["copies"] = from_document(Copies, copies)
    return from_document(Ticket, document)


def event_item(event: Event) -> EventItem:
    """An event in its place."""
    item = EventItem(*Item.at(keys.event_key(event.ticket_id, event.seq)), event=event_document(event))
    item.came_from = came_from_of(event) or None
    if isinstance(event.fact, TicketOpened):
        item.reference_pk, item.reference_sk = keys.number_reference(event.fact.number), event.ticket_id
    return item


def _event_of(item: EventItem) -> Event:
    event = event_from_document(item.event)
    return replace(event, came_from=item.came_from) if item.came_from else event


def _key_of_place(ticket_id: str, place: str) -> keys.Key:
    side_id, message_id = side_of(place)
    return _message_key(ticket_id, message_id, side_id)


def _message_key(ticket_id: str, message_id: str, side_id: str | None) -> keys.Key:
    if side_id is None:
        return keys.message_key(ticket_id, message_id)
    return keys.side_message_key(ticket_id, side_id, message_id)


def _thread_item(message_id: str, ticket_id: str, side_id: str | None) -> GuardItem:
    return GuardItem(*Item.at(keys.mail_thread_key(message_id)), ticket_id=ticket_id, side_id=side_id)


def _guard_item(guard: Guard, ticket_id: str, message: Message | None) -> GuardItem:
    return GuardItem(
        *Item.at(guard.key),
        ticket_id=ticket_id,
        message_id=message.id if message is not None else None,
        side_id=message.side_id if message is not None else None,
        note=guard.note or None,
        expires_at=int(guard.expires_at.timestamp()) if guard.expires_at is not None else None,
    )


def _record_item(record: Record) -> RecordItem:
    item = RecordItem(*Item.at(record.key), record=record.document)
    if record.expires_at is not None:
        item.expires_at = int(record.expires_at.timestamp())
    for name, value in record.places.items():
        setattr(item, name, value)
    return item


def _write_tasks(transaction: Transaction, change: Change) -> None:
    """Brings the lists of tasks up to date with their ticket, whatever it was that changed it."""
    before = task_rows(change.before) if change.before is not None else {}
    after = task_rows(change.decision.ticket)
    for task_id in before.keys() - after.keys():
        transaction.delete(IndexedItem(*Item.at(keys.task_key(change.decision.ticket.id, task_id))))
    for task_id, row in after.items():
        if before.get(task_id) != row:
            transaction.put(_task_item(row))


def _task_item(row: TaskRow) -> IndexedItem:
    task = row.task
    at = task.due_at if task.done_at is None else task.done_at
    return IndexedItem(
        *Item.at(keys.task_key(row.ticket_id, task.id)),
        row=to_document(row),
        assignee_pk=keys.task_list(task.assignee or "", done=not task.open),
        assignee_sk=keys.task_sort(format_instant(at) if at is not None else None, row.ticket_id, task.id),
    )


def _change_loads(transaction: Transaction, changes: Sequence[Change]) -> None:
    """Counts agents' open tickets, each agent once: an item may be in a transaction only once."""
    deltas: dict[str, int] = {}
    limits: dict[str, int] = {}
    for change in changes:
        for agent, delta in load_changes(change.before, change.decision.ticket).items():
            deltas[agent] = deltas.get(agent, 0) + delta
            if delta > 0 and change.extras.assignee_limit is not None:
                limits[agent] = change.extras.assignee_limit
    for agent, delta in deltas.items():
        if not delta:
            continue
        condition: Condition | None = None
        if delta > 0 and agent in limits:
            condition = CounterItem.tally.does_not_exist() | (CounterItem.tally < limits[agent])
        item = CounterItem(*Item.at(keys.load_key(agent)))
        transaction.update(item, [CounterItem.tally.add(delta)], condition=condition, label=f"{_LOAD}:{agent}")


def _refusal(refused: Refused) -> Exception:
    """The desk's word for the most telling of the conditions that failed: what was done before is not done again."""
    for label in sorted(refused.labels):
        if label.startswith(_GUARD):
            return AlreadyDone(label.removeprefix(_GUARD))
    if _ADDRESS in refused.labels:
        return AddressTaken("The address belongs to somebody by now.")
    if any(label.startswith(_LOAD) for label in refused.labels):
        return AgentFull("The agent has as many tickets as they take.")
    return StaleVersion("The ticket has changed in the meantime.")


# --- lists -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a list is read: an index, its partitions one after the other, and the direction.

    Attributes:
        woven: the partitions are read side by side instead, as one list; their sort keys are tickets' ids.
        people: ids of who may take part in tickets: those are woven in, as far as they take part in them now.
    """

    index: keys.Index
    partitions: tuple[str, ...]
    forward: bool
    woven: bool = False
    people: tuple[str, ...] = ()


class TicketLists:
    """Pages of a list of tickets, from the narrowest index that holds all of them.

    Where a filter cannot be read off an index, rows are looked at and left out, but no more than `ROWS_READ_AT_MOST`
    for one page: the page may then be short, and its cursor goes on.

    Args:
        query: which list.
        wanted: whether a row is shown; None: whether it matches the query.
    """

    def __init__(self, query: TicketQuery, wanted: Callable[[TicketRow], bool] | None = None) -> None:
        self._source = _source_of(query)
        # Whose a ticket is, is seen where its snapshot is read: its row does not tell who takes part.
        beside = replace(query, requester_id=None, aliases=()) if self._source.people else query
        self._wanted = wanted or beside.matches
        by_urgency = query.done is False and self._source.index in (keys.BY_ASSIGNEE, keys.BY_GROUP, keys.BY_STATE)
        self._ends_before = query.ends_before if by_urgency else lambda _: False

    def page(self, limit: int, position: Mapping[str, str] | None) -> Page[TicketRow]:
        """Up to `limit` rows that match, from a position on."""
        found: list[TicketRow] = []
        looked = 0
        at = dict(position) if position else self._start(0)
        while at is not None and looked < ROWS_READ_AT_MOST:
            chunk, behind = self._chunk(at, min(100, max(limit, 25)))
            for index, (row, key) in enumerate(chunk):
                looked += 1
                if row is not None and self._ends_before(row):
                    return Page(tuple(found), None)
                if row is not None and self._wanted(row):
                    found.append(row)
                if len(found) == limit:
                    return Page(tuple(found), behind if index == len(chunk) - 1 else key)
            at = behind
        return Page(tuple(found), at)

    def _start(self, number: int) -> dict[str, str] | None:
        """The position before a partition; None behind the last."""
        partitions = self._source.partitions
        return {self._source.index.partition_key: partitions[number]} if number < len(partitions) else None

    def _chunk(
        self, at: dict[str, str], size: int
    ) -> tuple[list[tuple[TicketRow | None, dict[str, str]]], dict[str, str] | None]:
        """Some rows, each with the position behind it, and the position behind all of them."""
        source = self._source
        if source.woven:
            return self._woven_chunk(at, size)
        partition_key, sort_key = source.index.partition_key, source.index.sort_key
        partition = at.get(partition_key)
        if partition is None or partition not in source.partitions:
            raise Invalid("The cursor belongs to another list.")
        with table_errors():
            result = getattr(IndexedItem, source.index.name).query(
                partition,
                scan_index_forward=source.forward,
                limit=size,
                last_evaluated_key=last_key_of(at) if "pk" in at else None,
            )
            items = list(result)
        rows = self._rows(items)
        positions = [
            {"pk": item.pk, "sk": item.sk, partition_key: partition, sort_key: getattr(item, sort_key)}
            for item in items
        ]
        behind = position_of(result.last_evaluated_key)
        if behind is None:
            behind = self._start(source.partitions.index(partition) + 1)
        return list(zip(rows, positions, strict=True)), behind

    def _woven_chunk(
        self, at: dict[str, str], size: int
    ) -> tuple[list[tuple[TicketRow | None, dict[str, str]]], dict[str, str] | None]:
        """As `_chunk`, of all partitions at once: the newest of each are read, and of those the newest are taken.

        A position is the id of the ticket it lies behind, whatever partition that is in.
        """
        if "pk" in at:
            raise Invalid("The cursor belongs to another list.")
        behind = at.get(_BEHIND)
        newest = [self._newest_asked(partition, behind, size) for partition in self._source.partitions]
        newest += [_newest_involved(person_id, behind, size) for person_id in self._source.people]
        ids = sorted({one for some in newest for one in some}, reverse=True)
        more = len(ids) > size or any(len(some) == size for some in newest)
        positions = [{_BEHIND: one} for one in ids[:size]]
        return list(zip(self._snapshot_rows(ids[:size]), positions, strict=True)), positions[-1] if more else None

    def _newest_asked(self, partition: str, behind: str | None, size: int) -> list[str]:
        """Ids of the newest tickets in one of the partitions, older than one."""
        index = self._source.index
        sort_key = getattr(IndexedItem, index.sort_key)
        older: Condition | None = sort_key < behind if behind is not None else None
        with table_errors():
            found = getattr(IndexedItem, index.name).query(partition, older, scan_index_forward=False, limit=size)
            return [str(getattr(item, index.sort_key)) for item in found]

    def _rows(self, items: list[IndexedItem]) -> list[TicketRow | None]:
        if self._source.index.projection is keys.Projection.INCLUDE:
            return [row_of(item) for item in items]
        return self._snapshot_rows([keys.ticket_id_of(item.pk) for item in items])

    def _snapshot_rows(self, ticket_ids: Sequence[str]) -> list[TicketRow | None]:
        wanted = [Item.at(keys.ticket_key(one)) for one in ticket_ids]
        with table_errors():
            items = list(TicketItem.batch_get(wanted)) if wanted else []
        found = {keys.ticket_id_of(item.pk): row_of(item) for item in items if self._is_theirs(item)}
        return [found.get(one) for one in ticket_ids]

    def _is_theirs(self, item: TicketItem) -> bool:
        """Whether somebody asks in a ticket or takes part in it now; that they were in it once is not enough."""
        people = self._source.people
        if not people or row_of(item).requester_id in people:
            return True
        return not set(people).isdisjoint(ticket_of(item).let_in)


def _newest_involved(person_id: str, behind: str | None, size: int) -> list[str]:
    """Ids of the newest tickets, older than one, that somebody is or was in beside the requester."""
    condition: Condition = Item.sk.startswith(keys.INVOLVEMENT_PREFIX)
    if behind is not None:
        condition = Item.sk.between(keys.INVOLVEMENT_PREFIX, keys.involvement_key(person_id, behind).sk)
    with table_errors():
        # "Between" takes its ends in: one more than wanted, and without the one that is known.
        found = Item.query(
            keys.person_key(person_id).pk, condition, scan_index_forward=False, limit=size + (behind is not None)
        )
        return [one for item in found if (one := keys.ticket_id_of(item.sk)) != behind][:size]


def _source_of(query: TicketQuery) -> _Source:
    if (whose := _whose(query)) is not None:
        return whose
    sides = (False, True) if query.done is None else (query.done,)
    if query.assignee is not None and not (query.assignee == "none" and True in sides):
        who = None if query.assignee == "none" else query.assignee
        partitions = tuple(keys.assignee_list(who, done=done) for done in sides)
        return _Source(keys.BY_ASSIGNEE, partitions, forward=query.done is not True)
    if query.group is not None:
        group = None if query.group == "none" else query.group
        partitions = tuple(keys.group_list(group, done=done) for done in sides)
        return _Source(keys.BY_GROUP, partitions, forward=query.done is not True)
    if query.done is False:
        return _Source(keys.BY_STATE, (keys.state_list_open(),), forward=True)
    return _Source(keys.BY_CHANGE, (keys.change_partition(),), forward=False)


def _whose(query: TicketQuery) -> _Source | None:
    """Where one ticket, or those of one person or organization are; None where they are not asked for."""
    if query.number is not None:
        return _Source(keys.BY_REFERENCE, (keys.number_reference(query.number),), forward=True)
    if query.requester_id is not None:
        of = tuple(keys.requester_list(one) for one in (query.requester_id, *query.aliases))
        people = (query.requester_id, *query.aliases) if query.taking_part else ()
        return _Source(keys.BY_REQUESTER, of, forward=False, woven=len(of) > 1 or bool(people), people=people)
    if query.organization_id is not None:
        return _Source(keys.BY_REFERENCE, (keys.organization_list(query.organization_id),), forward=False)
    return None


def row_of(item: IndexedItem) -> TicketRow:
    """The row an index carries."""
    row: Document = item.row or {}
    return from_document(TicketRow, row)
