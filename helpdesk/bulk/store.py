"""Bulk actions in the table: a partition each, and an entry in the list of who started it."""

from collections.abc import Sequence
from typing import Final

from pynamodb.exceptions import DoesNotExist

from helpdesk.bulk.model import KEPT, Job, Result, Wish
from helpdesk.contracts import table as keys
from helpdesk.contracts.events import DeskEventType
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import NotFound, StaleVersion
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.platform.table import (
    DocumentAttribute,
    IndexedItem,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)

_JOB: Final = "job"


class JobItem(IndexedItem):
    """How far an action is."""

    job = DocumentAttribute()


class PlainItem(Item):
    """Anything else of an action: its wish, a part, what became of some tickets, a ticket's mark."""

    record = DocumentAttribute()


class BulkEventItem(Item):
    """What is published of an action, by the way that ticket events go."""

    event = DocumentAttribute()


class DynamoBulkStore:
    """See `bulk.service.BulkStore`."""

    def create(self, job: Job, wish: Wish, parts: Sequence[Sequence[str]]) -> None:
        """Adds one with the tickets of a selection."""
        transaction = Transaction()
        transaction.create(_job_item(job), label=_JOB)
        transaction.put(_plain(keys.bulk_wish_key(job.id), to_document(wish), job))
        for number, tickets in enumerate(parts):
            transaction.put(_plain(keys.bulk_part_key(job.id, number), {"tickets": [*tickets]}, job))
        transaction.put(_event(job, DeskEventType.BULK_STARTED))
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise AlreadyThere("There is an action of this id.") from refused

    def save(
        self, before: Job, after: Job, *, results: Sequence[Result] = (), tickets: Sequence[str] | None = None
    ) -> None:
        """Writes how far one is."""
        transaction = Transaction()
        transaction.put(_job_item(after), condition=JobItem.version == before.version, label=_JOB)
        if results:
            told: Document = {"results": [to_document(one) for one in results]}
            transaction.put(_plain(keys.bulk_result_key(after.id, after.sequence), told, after))
        if tickets is not None:
            transaction.put(_plain(keys.bulk_part_key(after.id, before.parts), {"tickets": [*tickets]}, after))
        if after.step != before.step:
            transaction.put(_event(after, DeskEventType.BULK_CONTINUED))
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("The action has moved on in the meantime.") from refused

    def find(self, job_id: str) -> Job | None:
        """How far one is."""
        try:
            with table_errors():
                item = JobItem.get(*Item.at(keys.bulk_key(job_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Job, item.job)

    def wish(self, job_id: str) -> Wish:
        """What one does."""
        return from_document(Wish, _read(keys.bulk_wish_key(job_id)))

    def part(self, job_id: str, part: int) -> tuple[str, ...]:
        """The tickets of one part."""
        return _tickets(_read(keys.bulk_part_key(job_id, part)))

    def listed(self, job_id: str) -> frozenset[str]:
        """The tickets of all parts."""
        with table_errors():
            items = PlainItem.query(
                keys.bulk_partition(job_id),
                PlainItem.sk.startswith(keys.BULK_PART_PREFIX),
                consistent_read=True,
            )
            return frozenset(one for item in items for one in _tickets(item.record))

    def journal(self, job_id: str, part: int, *, undone: bool = False) -> dict[str, Document]:
        """The marks of a part's tickets."""
        prefix = keys.bulk_journal_prefix(part, undone=undone)
        with table_errors():
            items = PlainItem.query(keys.bulk_partition(job_id), PlainItem.sk.startswith(prefix), consistent_read=True)
            return {item.sk.removeprefix(prefix): item.record for item in items}

    def results(self, job_id: str, after: int, *, limit: int) -> list[tuple[int, tuple[Result, ...]]]:
        """What became of tickets, chunk by chunk."""
        first, last = keys.bulk_result_key(job_id, after + 1).sk, f"{keys.BULK_RESULT_PREFIX}~"
        with table_errors():
            items = list(
                PlainItem.query(
                    keys.bulk_partition(job_id), PlainItem.sk.between(first, last), limit=limit, consistent_read=True
                )
            )
        return [(int(item.sk.removeprefix(keys.BULK_RESULT_PREFIX)), _results(item.record)) for item in items]

    def of_agent(self, agent_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Job]:
        """An agent's actions, newest first."""
        with table_errors():
            result = IndexedItem.by_reference.query(
                keys.bulk_list(agent_id),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            wanted = [(item.pk, item.sk) for item in result]
            found = {item.pk: item for item in JobItem.batch_get(wanted)} if wanted else {}
        jobs = tuple(from_document(Job, found[pk].job) for pk, _ in wanted if pk in found)
        return Page(jobs, position_of(result.last_evaluated_key))


def _job_item(job: Job) -> JobItem:
    return JobItem(
        *Item.at(keys.bulk_key(job.id)),
        job=to_document(job),
        version=job.version,
        group_pk=keys.BULK_LIST,
        group_sk=keys.bulk_sort(format_instant(job.created_at), job.id),
        reference_pk=keys.bulk_list(job.agent),
        reference_sk=keys.bulk_sort(format_instant(job.created_at), job.id),
        expires_at=_expires(job),
    )


def _plain(key: keys.Key, document: Document, job: Job) -> PlainItem:
    return PlainItem(*Item.at(key), record=document, expires_at=_expires(job))


def _event(job: Job, kind: DeskEventType) -> BulkEventItem:
    event: Document = {
        "id": derived_id(job.created_at, "bulk", job.id, str(job.step)),
        "type": kind.value,
        "job_id": job.id,
        "step": job.step,
    }
    key = keys.bulk_event_key(job.id, job.step)
    return BulkEventItem(*Item.at(key), event=event, expires_at=_expires(job))


def _expires(job: Job) -> int:
    return int((job.created_at + KEPT).timestamp())


def _read(key: keys.Key) -> Document:
    try:
        with table_errors():
            document: Document = PlainItem.get(*Item.at(key), consistent_read=True).record
    except DoesNotExist as error:
        raise NotFound("There is no such bulk action any more.") from error
    return document


def _tickets(document: Document) -> tuple[str, ...]:
    found = document["tickets"]
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def _results(document: Document) -> tuple[Result, ...]:
    found = document["results"]
    return (
        tuple(from_document(Result, one) for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
    )
