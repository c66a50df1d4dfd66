"""Tickets as whoever is calling may see them: what they may not is not there, in lists and by id, to read and to change.

Every use case of agents reads through here, so none can forget to ask. Who sees everything pays nothing for it; who does
not pays one read more where something is read past the ticket itself (its history, a record, a message by id).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, cast

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.pagination import Page
from helpdesk.platform.table import IndexedItem, table_errors
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Message, Ticket
from helpdesk.tickets.store import ROWS_READ_AT_MOST, DynamoTicketStore, TicketLists, row_of
from helpdesk.tickets.views import TaskRow, TicketQuery, TicketRow
from helpdesk.tickets.visibility import Scope

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_LISTS: Final = 10
"""Lists of groups that are read side by side for one page; who sees more than that sees most of what there is."""

type Side = Literal["open", "done"]


class TicketsInSight(DynamoTicketStore):
    """See `tickets.service.TicketStore`; what is out of sight is answered like what is not there.

    Args:
        s3: gives the client for long bodies; asked only when there is one.
        bucket: the files bucket.
        scope: what whoever is calling may see.
        written: see `DynamoTicketStore`.
    """

    def __init__(
        self,
        s3: Callable[[], "S3Client"],
        bucket: str,
        scope: Callable[[], Scope],
        written: Callable[[Sequence[Ticket]], None] = lambda _: None,
    ) -> None:
        super().__init__(s3, bucket, written)
        self._scope = scope

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket as it stands."""
        ticket = super().get(ticket_id)
        return ticket if ticket is not None and self._scope().allows(ticket) else None

    def get_all(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Tickets as they stand, by id."""
        scope = self._scope()
        return {one: ticket for one, ticket in super().get_all(ticket_ids).items() if scope.allows(ticket)}

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """The rows of tickets as they stand, by id."""
        scope = self._scope()
        return {one: row for one, row in super().rows_of(ticket_ids).items() if scope.allows(row)}

    def with_messages(self, ticket_id: str, *, limit: int) -> tuple[Ticket, Page[Message]] | None:
        """A ticket and its newest messages."""
        found = super().with_messages(ticket_id, limit=limit)
        return found if found is not None and self._scope().allows(found[0]) else None

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        """One message; one of a merged ticket for those, too, who see where it goes on."""
        return super().message(ticket_id, message_id, side_id) if self._sees(ticket_id, merged=True) else None

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Message]:
        """A ticket's messages, newest first."""
        if not self._sees(ticket_id):
            return Page(())
        return super().messages(ticket_id, limit=limit, position=position)

    def side_messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> Page[Message]:
        """A side conversation's messages, newest first."""
        if not self._sees(ticket_id):
            return Page(())
        return super().side_messages(ticket_id, side_id, limit=limit, position=position)

    def messages_of(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Message]:
        """Messages by their ticket and their place in it."""
        if not self._scope().everything:
            seen = self.get_all([ticket_id for ticket_id, _ in places])
            places = [place for place in places if place[0] in seen]
        return super().messages_of(places)

    def events(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first."""
        return super().events(ticket_id, limit=limit, position=position) if self._sees(ticket_id) else Page(())

    def record(self, key: keys.Key) -> Document | None:
        """What a record says."""
        return super().record(key) if self._sees_partition(key.pk) else None

    def records(
        self, partition: str, prefix: str, *, limit: int, position: dict[str, str] | None, newest_first: bool = False
    ) -> Page[tuple[keys.Key, Document]]:
        """A page of the records in a partition; of an incident's parts, those in sight."""
        if not self._sees_partition(partition):
            return Page(())
        page = super().records(partition, prefix, limit=limit, position=position, newest_first=newest_first)
        if prefix != keys.PART_PREFIX or self._scope().everything:
            return page
        seen = self.get_all([key.sk.removeprefix(prefix) for key, _ in page.items])
        return replace(page, items=tuple(one for one in page.items if one[0].sk.removeprefix(prefix) in seen))

    def tasks(self, agent_id: str, *, done: bool, limit: int, position: dict[str, str] | None) -> Page[TaskRow]:
        """A page of an agent's tasks over all tickets; the tickets of others' tasks must be in sight."""
        page = super().tasks(agent_id, done=done, limit=limit, position=position)
        if self._scope().everything:
            return page
        seen = self.get_all([row.ticket_id for row in page.items])
        return replace(page, items=tuple(row for row in page.items if row.ticket_id in seen))

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list, from the lists of what is in sight where those are narrower."""
        scope = self._scope()
        if scope.everything:
            return super().rows(query, limit=limit, position=position)

        def wanted(row: TicketRow) -> bool:
            return scope.allows(row) and query.matches(row)

        lists = lists_in_sight(query, scope)
        if lists is None:
            return TicketLists(query, wanted).page(limit, position)
        return SideBySide(lists, wanted, query.done).page(limit, position)

    def out_of_sight(self, ticket_ids: Iterable[str]) -> frozenset[str]:
        """Those of some tickets that whoever is calling may not know of: one call, and none for who sees everything."""
        if self._scope().everything:
            return frozenset()
        wanted = frozenset(ticket_ids)
        return wanted - self.get_all(tuple(wanted)).keys()

    def _sees_partition(self, partition: str) -> bool:
        ticket_id = keys.ticket_id_of(partition)
        return ticket_id == partition or self._sees(ticket_id)

    def _sees(self, ticket_id: str, *, merged: bool = False) -> bool:
        scope = self._scope()
        if scope.everything:
            return True
        ticket = super().get(ticket_id)
        if ticket is None or scope.allows(ticket):
            return ticket is not None
        return merged and ticket.merged is not None and self._sees(ticket.merged.ticket_id)


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists that together hold all that is in sight: of groups, and of an assignee."""

    groups: tuple[str, ...] = ()
    assignee: str | None = None

    def partitions(self, *, done: bool) -> Iterator[tuple[keys.Index, str]]:
        """Where they are."""
        for group in self.groups:
            yield keys.BY_GROUP, keys.group_list(group, done=done)
        if self.assignee is not None:
            yield keys.BY_ASSIGNEE, keys.assignee_list(self.assignee, done=done)


def lists_in_sight(query: TicketQuery, scope: Scope) -> Lists | None:
    """The lists to read instead of the one that a query leads to; None: that one is narrow, or most of it is in sight.

    Args:
        query: which tickets are wanted.
        scope: what is in sight; not everything.
    """
    if query.number is not None or query.requester_id is not None or query.group in scope.groups:
        return None
    if query.assignee not in {None, "none", scope.agent_id}:
        return None
    if query.assignee == scope.agent_id or query.group is not None:
        return Lists(assignee=scope.agent_id) if not (query.group == "none" and scope.unassigned_groupless) else None
    if scope.unassigned_groupless or len(scope.groups) > MOST_LISTS:
        return None
    return Lists(tuple(sorted(scope.groups)), None if query.assignee == "none" else scope.agent_id)


class SideBySide:
    """A page out of several lists that are sorted alike: open tickets most urgent first, then done ones, newest first.

    Each page costs a query for each list. A position is the sort key of the last row that was given: all lists have the
    same ones, which end with the ticket's id.

    Args:
        lists: which ones.
        wanted: whether a row is shown.
        done: True: done tickets alone; False: open ones alone; None: both.
    """

    def __init__(self, lists: Lists, wanted: Callable[[TicketRow], bool], done: bool | None) -> None:  # noqa: FBT001 - three states, as queries have them
        self._lists = lists
        self._wanted = wanted
        self._sides: tuple[Side, ...] = ("open", "done") if done is None else ("done",) if done else ("open",)

    def page(self, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """Up to `limit` rows from a position on, of a bounded number that is looked at."""
        at: dict[str, str] | None = position or {"side": self._sides[0], "after": ""}
        found: list[TicketRow] = []
        looked = 0
        while at is not None and looked < ROWS_READ_AT_MOST:
            if at.get("side") not in self._sides or "after" not in at:
                raise Invalid("The cursor belongs to another list.")
            side = cast("Side", at["side"])
            rows, behind = self._chunk(side, at["after"], min(100, max(limit, 25)))
            for sort, row in rows:
                looked += 1
                if self._wanted(row):
                    found.append(row)
                if len(found) == limit:
                    return Page(tuple(found), {"side": side, "after": sort})
            at = {"side": side, "after": behind} if behind is not None else self._after(side)
        return Page(tuple(found), at)

    def _after(self, side: Side) -> dict[str, str] | None:
        following = self._sides[self._sides.index(side) + 1 :]
        return {"side": following[0], "after": ""} if following else None

    def _chunk(self, side: Side, after: str, size: int) -> tuple[list[tuple[str, TicketRow]], str | None]:
        """The next rows of all lists, each once, as far as no list can hold one between; and where to go on, if there is more."""
        newest_first = side == "done"
        rows: dict[str, TicketRow] = {}
        ends: list[str] = []
        for index, partition in self._lists.partitions(done=newest_first):
            items = _read(index, partition, after, size, newest_first=newest_first)
            rows |= {getattr(item, index.sort_key): row_of(item) for item in items}
            if len(items) == size:
                ends.append(getattr(items[-1], index.sort_key))
        end = (max if newest_first else min)(ends) if ends else None
        certain = [
            sort for sort in rows if end is None or (sort >= end if newest_first else sort <= end)
        ]  # what lies behind it may have others before it that were not read yet
        return [(sort, rows[sort]) for sort in sorted(certain, reverse=newest_first)], end


def _read(index: keys.Index, partition: str, after: str, size: int, *, newest_first: bool) -> list[IndexedItem]:
    condition = None
    if after:
        attribute = getattr(IndexedItem, index.sort_key)
        condition = attribute < after if newest_first else attribute > after
    with table_errors():
        found = getattr(IndexedItem, index.name).query(
            partition, condition, scan_index_forward=not newest_first, limit=size
        )
        return list(found)
