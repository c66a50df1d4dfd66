"""Traces of rules, how often each acted (counted by `tickets.store`), and how far the clock has looked, in the table."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from pynamodb.exceptions import DoesNotExist, PutError

from helpdesk.automation.model import Hits, Trace
from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import parse_instant
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.pagination import Page
from helpdesk.platform.table import (
    CONDITION_FAILED,
    CountedItem,
    DocumentAttribute,
    Item,
    last_key_of,
    position_of,
    table_errors,
)


class TraceItem(Item):
    """What became of rules at one event; written by `tickets.store` where a rule acted."""

    record = DocumentAttribute()


class DynamoTraceStore:
    """See `automation.service.TraceStore`."""

    def recent(self, ticket_id: str, *, limit: int) -> tuple[Trace, ...]:
        """The newest traces of a ticket."""
        return self.page(ticket_id, limit=limit, position=None).items

    def page(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Trace]:
        """A page of a ticket's traces, newest first."""
        with table_errors():
            result = TraceItem.query(
                keys.rule_traces_partition(ticket_id),
                TraceItem.sk.startswith(keys.RULE_TRACE_PREFIX),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
                consistent_read=True,
            )
            found = tuple(from_document(Trace, item.record) for item in result)
        return Page(found, position_of(result.last_evaluated_key))

    def keep(self, ticket_id: str, trace: Trace, expires_at: datetime) -> None:
        """Keeps a trace, unless there is one."""
        key = Item.at(keys.rule_trace_key(ticket_id, trace.event_id))
        item = TraceItem(*key, record=to_document(trace), expires_at=int(expires_at.timestamp()))
        try:
            with table_errors():
                item.save(condition=Item.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise

    def hits(self) -> Mapping[str, Hits]:
        """How often rules acted, by id: one query, eight items at most for each rule that ever did."""
        prefix = keys.RULE_HITS_PREFIX
        found: dict[str, Hits] = {}
        with table_errors():
            for item in CountedItem.query(keys.RULES_PARTITION, CountedItem.sk.startswith(prefix)):
                rule_id = item.sk.removeprefix(prefix).partition("#")[0]
                last = parse_instant(item.last_at) if item.last_at else None
                found[rule_id] = found.get(rule_id, Hits()).beside(Hits(int(item.tally or 0), last))
        return found

    def place(self) -> dict[str, str] | None:
        """Where the clock's next look goes on."""
        try:
            with table_errors():
                item = TraceItem.get(*Item.at(keys.rules_place_key()), consistent_read=True)
        except DoesNotExist:
            return None
        return cast("dict[str, str]", item.record) or None

    def keep_place(self, position: dict[str, str] | None) -> None:
        """Notes where the clock's next look goes on."""
        with table_errors():
            TraceItem(*Item.at(keys.rules_place_key()), record={**(position or {})}).save()
