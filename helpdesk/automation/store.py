"""Traces of rules, how often each acted, and how far the clock has looked, in the table."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError

from helpdesk.automation.model import Hits, Trace
from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.pagination import Page
from helpdesk.platform.table import CONDITION_FAILED, DocumentAttribute, Item, last_key_of, position_of, table_errors


class TraceItem(Item):
    """What became of rules at one event; written by `tickets.store` where a rule acted."""

    record = DocumentAttribute()


class HitsItem(Item):
    """How often a rule acted."""

    tally = NumberAttribute(null=True)
    last_at = UnicodeAttribute(null=True)


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

    def count(self, rule_id: str, at: datetime) -> None:
        """Counts that a rule acted."""
        with table_errors():
            HitsItem(*Item.at(keys.rule_hits_key(rule_id))).update(
                actions=[HitsItem.tally.add(1), HitsItem.last_at.set(format_instant(at))]
            )

    def hits(self) -> Mapping[str, Hits]:
        """How often rules acted, by id: one query, as many items as there ever were rules that did."""
        prefix = keys.RULE_HITS_PREFIX
        with table_errors():
            return {
                item.sk.removeprefix(prefix): Hits(
                    int(item.tally or 0), parse_instant(item.last_at) if item.last_at else None
                )
                for item in HitsItem.query(keys.RULES_PARTITION, HitsItem.sk.startswith(prefix))
            }

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
