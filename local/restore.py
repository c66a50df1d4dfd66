"""Writes tickets into the desk as if they had been there for long: what the demo desk lived through, and a crowd to try it with.

All is written that the desk would have kept of them by now: snapshots, histories, messages, loads, what reports and people's
numbers count, the search, the board of views. Nothing goes through the table's stream: nobody is told of them.
"""

import json
import os
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from helpdesk import bootstrap
from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import to_document
from helpdesk.people.model import Person
from helpdesk.people.overview import contact_of
from helpdesk.people.store import person_items
from helpdesk.people.tally import NOTHING, Contact, Numbers, Owner, Share, changes, share_of
from helpdesk.people.tally_store import shard_of, share_item, tally_item
from helpdesk.platform.table import CounterItem, Item
from helpdesk.reports.model import Bucket, Counted, Line, Sums
from helpdesk.reports.rules import counted
from helpdesk.reports.store import add_to_bucket, counted_item
from helpdesk.search.segment import Text
from helpdesk.search.tickets import texts_of
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import StatusCategory
from helpdesk.tickets.store import MessageItem, event_item, ticket_item
from helpdesk.tickets.views import TicketRow, summarize
from local.demo_past import Past

type PutAll = Callable[[Iterator[str]], None]
"""Takes items, each as JSON of DynamoDB."""
AT_ONCE: Final = 2_000
"""Items that are handed over together: some two megabytes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the desk keeps of one ticket.

    Attributes:
        lines: its items, each as JSON of DynamoDB.
        row: as views show it.
        share: what it adds to the numbers of people.
        contact: when its requester last wrote or was written to.
        counted: what it adds to reports.
        texts: as the search finds it.
    """

    lines: tuple[str, ...]
    row: TicketRow
    share: Share
    contact: Contact
    counted: Counted
    texts: tuple[Text, ...]


@dataclass(slots=True)
class _Sums:
    """What comes together over all tickets, and is written when they are.

    Attributes:
        loads: open tickets by agent.
        buckets: of reports.
        numbers, contacts: of people, by the shard of their numbers.
        rows: as views show tickets.
        texts: as the search finds them.
    """

    loads: dict[str, int] = field(default_factory=dict)
    buckets: dict[Bucket, Sums] = field(default_factory=dict)
    numbers: dict[tuple[Owner, int], Numbers] = field(default_factory=dict)
    contacts: dict[tuple[Owner, int], Contact] = field(default_factory=dict)
    rows: list[TicketRow] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def add(self, kept: Kept) -> Iterator[str]:
        """Takes one ticket in; gives its items."""
        row = kept.row
        if row.assignee is not None and row.status.category is not StatusCategory.DONE:
            self.loads[row.assignee] = self.loads.get(row.assignee, 0) + 1
        for line in kept.counted.lines:
            self.buckets[line.bucket] = self.buckets.get(line.bucket, Sums()) + line.sums
        for owner, numbers in changes(None, kept.share).items():
            of = (owner, shard_of(row.id))
            self.numbers[of] = self.numbers.get(of, NOTHING) + numbers
            known = self.contacts.get(of, kept.contact)
            self.contacts[of] = max(known, kept.contact, key=lambda one: one.at)
        self.rows.append(row)
        self.texts += kept.texts
        yield from kept.lines


def line_of(item: Item) -> str:
    """An item as JSON of DynamoDB."""
    return json.dumps(item.to_dynamodb_dict(), ensure_ascii=False)


def take_numbers(count: int) -> int:
    """Takes so many tickets' numbers; gives the first."""
    bootstrap.begin()
    bootstrap.desk()  # binds the table
    counter = CounterItem(*Item.at(keys.counter_key("ticket-number")))
    counter.update(actions=[CounterItem.tally.add(count)])
    return 1001 + int(counter.tally) - count


def kept_of(past: Past, rules: DeskRules) -> Kept:
    """What the desk keeps of a ticket, by its own writers."""
    ticket, share, seen = past.ticket, share_of(past.ticket), counted(past.events, rules)
    messages = [
        MessageItem(*Item.at(keys.message_key(ticket.id, message.id)), message=to_document(message))
        for message in past.messages
    ]
    items = [ticket_item(ticket), counted_item(ticket.id, seen), share_item(ticket.id, share), *messages]
    contacts = [contact for event in past.events if (contact := contact_of(event)) is not None]
    return Kept(
        lines=tuple(line_of(item) for item in (*items, *map(event_item, past.events))),
        row=summarize(ticket),
        share=share,
        contact=max(contacts, key=lambda one: one.at),
        counted=seen,
        texts=tuple(texts_of(ticket, past.messages)),
    )


def to_emulator(lines: Iterator[str]) -> None:
    """Hands items to the desk's emulator, past the table's stream."""
    address = f"{os.environ['AWS_ENDPOINT_URL']}/_desk/items/{Item.Meta.table_name}"
    while some := "\n".join(islice(lines, AT_ONCE)):
        with urllib.request.urlopen(address, some.encode(), timeout=60) as answer:  # noqa: S310 - our own
            answer.read()


def restore(people: Iterable[Person], tickets: Iterable[Kept], put_all: PutAll = to_emulator) -> int:
    """Writes newcomers and their tickets. Nothing may be in flight, and functions have to begin anew afterwards.

    Args:
        people: whom the desk does not know yet.
        tickets: theirs, with numbers that were taken for them.
        put_all: writes items past the table's stream.

    Returns:
        How many tickets there were.
    """
    bootstrap.begin()
    found = _Sums()
    put_all(line_of(item) for person in people for item in person_items(person))
    put_all(line for kept in tickets for line in found.add(kept))
    tallies = (tally_item(*of, numbers, found.contacts[of]) for of, numbers in found.numbers.items())
    put_all(map(line_of, tallies))
    for agent, delta in found.loads.items():
        CounterItem(*Item.at(keys.load_key(agent))).update(actions=[CounterItem.tally.add(delta)])
    for bucket, sums in found.buckets.items():
        add_to_bucket(Line(bucket, sums))
    bootstrap.search_upkeep().add(found.texts)
    bootstrap.board_keeper().add(found.rows)
    return len(found.rows)
