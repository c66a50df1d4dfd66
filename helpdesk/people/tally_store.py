"""Numbers of people and organizations in the table, and what of each ticket is in them."""

import hashlib
from collections.abc import Sequence
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Organization
from helpdesk.people.overview import Glance
from helpdesk.people.tally import NAMES, NOTHING, Contact, Numbers, Owner, Share, changes
from helpdesk.platform.table import (
    CONDITION_FAILED,
    DocumentAttribute,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)
from helpdesk.tickets.views import TicketRow

_SHARE: Final = "share"
_ORGANIZATION: Final = keys.organization_key("").sk


class TallyItem(Item):
    """Some of somebody's numbers; all their shards together are the whole."""

    open = NumberAttribute(null=True)
    solved = NumberAttribute(null=True)
    ratings = NumberAttribute(null=True)
    stars = NumberAttribute(null=True)
    kept = NumberAttribute(null=True)
    missed = NumberAttribute(null=True)
    seconds = NumberAttribute(null=True)
    billable_seconds = NumberAttribute(null=True)
    contact_at = UnicodeAttribute(null=True)
    contact_by = UnicodeAttribute(null=True)


class ShareItem(Item):
    """What of a ticket was counted."""

    share = DocumentAttribute()
    counted = NumberAttribute()


class GlanceItem(TallyItem):
    """Whatever one call finds for an overview: numbers, a ticket's row, an organization."""

    row = DocumentAttribute(null=True)
    organization = DocumentAttribute(null=True)


def share_item(ticket_id: str, share: Share) -> ShareItem:
    """What of a ticket is counted, in its place."""
    return ShareItem(*Item.at(keys.share_key(ticket_id)), share=to_document(share), counted=share.version)


def tally_item(owner: Owner, shard: int, numbers: Numbers, contact: Contact) -> TallyItem:
    """Some of the numbers of somebody of whom nothing was counted there before."""
    sums = {name: value for name in NAMES if (value := getattr(numbers, name))}
    at = format_instant(contact.at)
    return TallyItem(*Item.at(_key(owner, shard)), contact_at=at, contact_by=contact.by, **sums)


class DynamoGlanceStore:
    """See `people.overview.GlanceStore`."""

    def glance(self, owners: Sequence[Owner], ticket_ids: Sequence[str], organization_id: str | None) -> Glance:
        """Numbers, rows and an organization: one call, as there are at most 100 items."""
        tallies = [_key(owner, shard) for owner in owners for shard in range(keys.TALLY_SHARDS)]
        wanted = [*tallies, *(keys.ticket_key(one) for one in ticket_ids)]
        if organization_id is not None:
            wanted.append(keys.organization_key(organization_id))
        shown = ["pk", "sk", "row", "organization", "contact_at", "contact_by", *NAMES]
        with table_errors():
            found = list(GlanceItem.batch_get([Item.at(key) for key in wanted], attributes_to_get=shown))
        numbers, contact, rows, organization = NOTHING, None, {}, None
        for item in found:
            if item.sk == keys.TICKET_SORT_KEY:
                rows[keys.ticket_id_of(item.pk)] = from_document(TicketRow, item.row or {})
            elif item.sk == _ORGANIZATION:
                organization = from_document(Organization, item.organization)
            else:
                numbers += Numbers(*(int(getattr(item, name) or 0) for name in NAMES))
                contact = _later(contact, item)
        return Glance(numbers, contact, rows, organization)

    def share(self, ticket_id: str) -> Share | None:
        """What of a ticket was counted."""
        try:
            with table_errors():
                item = ShareItem.get(*Item.at(keys.share_key(ticket_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Share, item.share)

    def count(self, ticket_id: str, before: Share | None, after: Share) -> bool:
        """Counts a ticket's share in place of what was counted of it."""
        item = share_item(ticket_id, after)
        as_read: Condition = ShareItem.counted == before.version if before is not None else Item.pk.does_not_exist()
        transaction = Transaction()
        transaction.put(item, condition=as_read, label=_SHARE)
        for person_id in after.people[len(before.people) if before is not None else 0 :]:
            transaction.put(Item(*Item.at(keys.involvement_key(person_id, ticket_id))))
        for owner, numbers in changes(before, after).items():
            actions = [getattr(TallyItem, name).add(value) for name in NAMES if (value := getattr(numbers, name))]
            transaction.update(TallyItem(*Item.at(_key(owner, shard_of(ticket_id)))), actions)
        try:
            with table_errors():
                transaction.commit()
        except Refused:
            return False
        return True

    def involved(self, person_id: str, *, limit: int, position: dict[str, str] | None) -> Page[str]:
        """Ids of tickets that somebody is or was in beside the requester, a page."""
        condition: Condition = Item.sk.startswith(keys.INVOLVEMENT_PREFIX)
        with table_errors():
            result = Item.query(
                keys.person_key(person_id).pk,
                condition,
                limit=limit,
                last_evaluated_key=last_key_of(position),
                consistent_read=True,
            )
            ids = tuple(keys.ticket_id_of(item.sk) for item in result)
        return Page(ids, position_of(result.last_evaluated_key))

    def touch(self, owner: Owner, ticket_id: str, contact: Contact) -> None:
        """Notes a contact, unless a later one is known."""
        at = format_instant(contact.at)
        earlier: Condition = TallyItem.contact_at.does_not_exist() | (TallyItem.contact_at < at)
        item = TallyItem(*Item.at(_key(owner, shard_of(ticket_id))))
        try:
            with table_errors():
                item.update([TallyItem.contact_at.set(at), TallyItem.contact_by.set(contact.by)], condition=earlier)
        except UpdateError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise


def _later(known: Contact | None, item: GlanceItem) -> Contact | None:
    at: str | None = item.contact_at
    if at is None:
        return known
    contact = Contact(parse_instant(at), item.contact_by)
    return contact if known is None or contact.at > known.at else known


def shard_of(ticket_id: str) -> int:
    """In which of somebody's numbers a ticket is counted."""
    return hashlib.sha256(ticket_id.encode()).digest()[1] % keys.TALLY_SHARDS


def _key(owner: Owner, shard: int) -> keys.Key:
    of = keys.organization_key(owner.id) if owner.organization else keys.person_key(owner.id)
    return keys.tally_key(of.pk, shard)
