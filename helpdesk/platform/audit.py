"""The trail in the table: written in the transaction that does what it tells, read a month at a time, newest first.

Where a call came from lies beside the entry, in an item of its own that is over after `ADDRESS_KEPT`: the trail itself is
never changed, and an address must not be kept for ever.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import AuditEntry, Told, TrailHead, entries_of, entry_hash, month_of
from helpdesk.kernel.clock import format_instant, parse_instant, system_clock
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.pagination import Page
from helpdesk.platform.caller import caller
from helpdesk.platform.table import DocumentAttribute, Item, Transaction, table_errors

ADDRESS_KEPT: Final = timedelta(days=90)
MONTHS_READ: Final = 13
"""Months that one page looks through at most before it answers with what it has."""
_LABEL: Final = "audit"


class AuditItem(Item):
    """An entry, where a call came from, or where a month's chain ends."""

    entry = DocumentAttribute(null=True)
    ip = UnicodeAttribute(null=True)
    seq = NumberAttribute(null=True)
    at_instant = UnicodeAttribute(null=True)
    hash = UnicodeAttribute(null=True)


def tell(transaction: Transaction, told: Told) -> None:
    """Lets a transaction tell what it does: the entry is written with it or not at all."""
    transaction.tell(told, _items, _LABEL)


def tell_alone(told: Told) -> None:
    """Tells of something that writes nothing else."""
    transaction = Transaction()
    tell(transaction, told)
    with table_errors():
        transaction.commit()


def _items(told: Sequence[Told]) -> list[tuple[Item, Condition | None]]:
    """What is written for some entries, behind the last one there is: made anew if somebody else was first."""
    who = caller()
    at = who.at if who is not None and who.at is not None else told[0].at or system_clock()
    month, actor = month_of(at), who.agent.id if who is not None else None
    head = head_of(month)
    via = "api" if who is not None else told[0].via or "shell"
    made = entries_of(told, head, actor=actor, via=via, at=at)
    if not made:
        return []
    items: list[tuple[Item, Condition | None]] = []
    for entry in made:
        key = keys.audit_key(month, format_instant(entry.at), entry.seq)
        items.append((AuditItem(*Item.at(key), entry=to_document(entry)), AuditItem.pk.does_not_exist()))
        if who is not None and who.ip:
            over = int((entry.at + ADDRESS_KEPT).timestamp())
            items.append((AuditItem(*Item.at(keys.audit_from_key(key)), ip=who.ip, expires_at=over), None))
    last = made[-1]
    end = AuditItem(
        *Item.at(keys.audit_head_key(month)),
        seq=last.seq,
        at_instant=format_instant(last.at),
        hash=entry_hash(last),
    )
    unchanged: Condition = AuditItem.seq == head.seq if head.seq else AuditItem.pk.does_not_exist()
    return [*items, (end, unchanged)]


def head_of(month: str) -> TrailHead:
    """Where a month's chain ends."""
    try:
        with table_errors():
            item = AuditItem.get(*Item.at(keys.audit_head_key(month)), consistent_read=True)
    except DoesNotExist:
        return TrailHead()
    return TrailHead(int(item.seq), parse_instant(item.at_instant), item.hash)


def entries_in(month: str) -> Iterator[AuditEntry]:
    """All entries of a month, in order."""
    first, last = keys.audit_range()
    with table_errors():
        for item in AuditItem.query(keys.audit_month(month), AuditItem.sk.between(first, last), consistent_read=True):
            if item.entry is not None:
                yield from_document(AuditEntry, item.entry)


class Trail:
    """The trail as admins read it."""

    def page(
        self,
        *,
        kind: str | None,
        actor: str | None,
        since: datetime,
        until: datetime,
        limit: int,
        position: dict[str, str] | None,
    ) -> Page[tuple[AuditEntry, str | None]]:
        """A page of entries with where they came from, newest first: one query, and one for each month without any.

        Args:
            kind: of what; None: of anything.
            actor: by whom; None: by anybody.
            since: not before.
            until: not at or after.
            limit: entries that are looked at, so at most so many.
            position: the page before's `next_position`.
        """
        at = position or {"month": month_of(until), "before": format_instant(until)}
        first = format_instant(since)
        for _ in range(MONTHS_READ):
            month, before = at.get("month", ""), at.get("before", "")
            if not before:
                raise Invalid("The cursor belongs to another list.")
            items = _read(month, first, before, 2 * limit)
            entries: list[tuple[str, AuditEntry]] = []
            addresses: dict[str, str] = {}
            for item in items:
                document = cast("Document | None", item.entry)  # PynamoDB's types know no null
                if document is not None:
                    entries.append((item.sk, from_document(AuditEntry, document)))
                elif item.ip:
                    addresses[item.sk] = item.ip
            entries = entries[:limit]
            more = (
                {"month": month, "before": entries[-1][0]} if len(items) == 2 * limit or len(entries) == limit else None
            )
            following = more if more is not None and entries else _month_before(month, first)
            shown = tuple(
                (entry, addresses.get(keys.audit_from_key(keys.Key("", sk)).sk))
                for sk, entry in entries
                if (kind is None or entry.kind == kind) and (actor is None or entry.actor == actor)
            )
            if shown or following is None or entries:
                return Page(shown, following)
            at = following
        return Page((), at)


def _read(month: str, first: str, before: str, size: int) -> list[AuditItem]:
    with table_errors():
        found = AuditItem.query(
            keys.audit_month(month),
            AuditItem.sk.between(first, before),
            scan_index_forward=False,
            limit=size + 2,
            consistent_read=True,
        )
        return [item for item in found if item.sk < before][:size]


def _month_before(month: str, first: str) -> dict[str, str] | None:
    """Where the month before one begins, seen from its end; None: that is before all that is wanted."""
    year, number = int(month[:4]), int(month[5:7])
    earlier = f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
    return {"month": earlier, "before": f"{month}-01T00:00:00.000Z"} if earlier >= first[:7] else None
