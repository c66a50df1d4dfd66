"""Where a person's traces lie apart from tickets, and how each is taken out: bulk actions, webhooks, what readers said.

A round goes through the places in order, one place or one page of it at a time; each can be gone through twice.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import msgspec
from pynamodb.expressions.condition import Condition

from helpdesk.bulk.store import DynamoBulkStore
from helpdesk.community.traces import CommunityTraces, blotting
from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import StaleVersion
from helpdesk.knowledge.gaps import KEPT as SEARCHES_KEPT
from helpdesk.knowledge.store import DynamoArticles
from helpdesk.people.model import Person
from helpdesk.people.store import DynamoPeopleStore
from helpdesk.platform.table import IndexedItem, Item, table_errors
from helpdesk.search.text import fold
from helpdesk.tickets.store import DynamoTicketStore, RecordItem
from helpdesk.webhooks.model import Delivery
from helpdesk.webhooks.store import DynamoDeliveries

_PAGE: Final = 50
_MOST: Final = 5_000
_TELLING: Final = 4
"""Letters from which on one word of a name alone tells of somebody."""

type Place = tuple[str, str]
"""What kind of place it is, and which one."""


class Elsewhere:
    """Takes a person out of what lies apart from tickets.

    Args:
        tickets: where tickets are kept.
        people: where people are kept.
        clock: the desk's time.
        community: what people left there.
    """

    def __init__(
        self, tickets: DynamoTicketStore, people: DynamoPeopleStore, clock: Clock, community: CommunityTraces
    ) -> None:
        self._tickets = tickets
        self._people = people
        self._clock = clock
        self._deliveries = DynamoDeliveries(clock)
        self._articles = DynamoArticles(clock)
        self._community = community

    def forget(self, person: Person, position: dict[str, str] | None) -> dict[str, str] | None:
        """Takes them out of one place, or a page of it; gives where to go on, None at the end."""
        at = dict(position) if position is not None else {}
        done = (at.pop("kind", ""), at.pop("id", ""))
        places = sorted(self._places())
        here = next((one for one in places if one == done if at), None)
        here = here or next((one for one in places if one > done), None)
        if here is None:
            return None
        more = self._forget_at(here, person, at or None)
        return {"kind": here[0], "id": here[1], **(more or {})}

    def _places(self) -> Iterator[Place]:
        with table_errors():
            for item in IndexedItem.by_group.query(keys.BULK_LIST):
                yield "bulk", item.pk.removeprefix(keys.bulk_partition(""))
        yield from (("webhook", one) for one in self._deliveries.healths())
        yield "community", "all"
        yield from (("article", one) for one in self._articles.load().items)
        at, now = self._clock() - SEARCHES_KEPT, self._clock()
        while at.strftime("%Y-%m") <= now.strftime("%Y-%m"):
            yield "searched", at.strftime("%Y-%m")
            at = (at.replace(day=1) + timedelta(days=32)).replace(day=1)

    def _forget_at(self, place: Place, person: Person, position: dict[str, str] | None) -> dict[str, str] | None:
        match place:
            case "bulk", job_id:
                self._forget_fields(job_id, person)
            case "webhook", webhook_id:
                return self._forget_answers(webhook_id, person, position)
            case "community", _:
                more = self._community.forget(person.ids, blotting(self._names(person).are_in))
                return {"more": "1"} if more else None
            case "article", article_id:
                self._forget_comments(article_id, self._names(person))
            case _, month:
                self._forget_searches(month, self._names(person))
        return None

    # --- what bulk actions know of fields ---

    def _forget_fields(self, job_id: str, person: Person) -> None:
        journal = [item for item in _journal(job_id) if item.record.get("fields")]
        touched = False
        for start in range(0, len(journal), _PAGE):
            some = {str(item.record["ticket_id"]): item for item in journal[start : start + _PAGE]}
            for ticket_id in self._asked_by(some, person):
                kept = {name: value for name, value in some[ticket_id].record.items() if name != "fields"}
                with table_errors():
                    some[ticket_id].update(actions=[RecordItem.record.set(kept)])
                touched = True
        if touched:
            _forget_wish(job_id)

    def _asked_by(self, ticket_ids: Iterable[str], person: Person) -> set[str]:
        """Those of some tickets that they ask, or asked."""
        ids = frozenset(person.ids)
        found = self._tickets.get_all([*ticket_ids]).values()
        return {one.id for one in found if not ids.isdisjoint({one.requester_id, *one.asked_before})}

    # --- what receivers of webhooks answered, which may repeat what they were sent ---

    def _forget_answers(
        self, webhook_id: str, person: Person, position: dict[str, str] | None
    ) -> dict[str, str] | None:
        page = self._deliveries.page(webhook_id, limit=_PAGE, position=position)
        told = [one for one in page.items if one.ticket_id and any(attempt.answer for attempt in one.attempts)]
        theirs = self._theirs({one.ticket_id for one in told}, person)
        for one in told:
            if one.ticket_id in theirs:
                self._forget_answer(one)
        return page.next_position

    def _forget_answer(self, delivery: Delivery) -> None:
        silent = tuple(replace(attempt, answer="") for attempt in delivery.attempts)
        try:
            self._deliveries.save(replace(delivery, attempts=silent, version=delivery.version + 1))
        except StaleVersion:  # it was tried once more meanwhile
            now = self._deliveries.find(delivery.webhook, delivery.id)
            if now is not None:
                self._forget_answer(now)

    def _theirs(self, ticket_ids: Collection[str], person: Person) -> set[str]:
        """Those of some tickets that they ask, or are or were in."""
        if not ticket_ids:
            return set()
        places = [keys.involvement_key(one, ticket_id) for one in person.ids for ticket_id in sorted(ticket_ids)]
        found: set[str] = set()
        with table_errors():
            for start in range(0, len(places), 100):
                some = [Item.at(place) for place in places[start : start + 100]]
                found |= {keys.ticket_id_of(item.sk) for item in Item.batch_get(some)}
        return found | self._asked_by(sorted(ticket_ids), person)

    # --- what readers said and searched, which names nobody unless they did it themselves ---

    def _forget_comments(self, article_id: str, names: "Names") -> None:
        for one in self._articles.feedback(article_id, limit=_MOST):
            if one.comment and names.are_in(one.comment):
                self._articles.forget_feedback(article_id, one.id)

    def _forget_searches(self, month: str, names: "Names") -> None:
        for one in self._articles.asked(month, most=_MOST):
            if names.are_in(one.words):
                with table_errors():
                    Item(*Item.at(keys.asked_key(month, one.language, one.words))).delete()

    def _names(self, person: Person) -> "Names":
        merged = [merge.merged for one in person.ids for merge in self._people.merges(one)]
        return Names([person, *merged])


class Names:
    """What somebody is called and reached at, as it may be found in what others wrote down.

    Args:
        people: one person, and who was merged into them.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._whole: set[str] = set()
        self._words: set[str] = set()
        for person in people:
            name = fold(person.name or "").strip()
            self._whole |= {fold(one) for one in (*person.addresses, *person.phones)} | ({name} if name else set())
            self._words |= {word for word in name.split() if len(word) >= _TELLING}

    def are_in(self, text: str) -> bool:
        """Whether a text tells of them: an address, the whole name, or a word of it that is long enough."""
        folded = fold(text)
        return any(one in folded for one in self._whole) or any(one in folded for one in self._words)


def _journal(job_id: str) -> Iterator[RecordItem]:
    """The marks of all tickets that a bulk action changed, or gave back."""
    for prefix in keys.BULK_JOURNALS:
        condition: Condition = RecordItem.sk.startswith(prefix)
        with table_errors():
            yield from RecordItem.query(keys.bulk_partition(job_id), condition, consistent_read=True)


def _forget_wish(job_id: str) -> None:
    """Takes out of what a bulk action was to do the values of fields; while it is at work, they are still needed."""
    job = DynamoBulkStore().find(job_id)
    if job is None or job.state.at_work:
        return
    item = RecordItem.get(*Item.at(keys.bulk_wish_key(job_id)), consistent_read=True)
    change = msgspec.json.decode(str(item.record.get("change") or "{}"))
    if isinstance(change, dict) and change.pop("fields", None):
        with table_errors():
            item.update(
                actions=[RecordItem.record.set({**item.record, "change": msgspec.json.encode(change).decode()})]
            )
