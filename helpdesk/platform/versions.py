"""Versions of settings in the table: a partition for each setting, written in the transaction that writes the setting."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.codec import Document
from helpdesk.kernel.versions import Version
from helpdesk.platform.caller import caller
from helpdesk.platform.table import DocumentAttribute, Item, table_errors


class VersionItem(Item):
    """A version of a setting."""

    document = DocumentAttribute(null=True)
    version = NumberAttribute()
    at_instant = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)


def version_item(kind: str, setting_id: str, version: int, document: Document | None, *, new: bool = True) -> Item:
    """A version as it is kept.

    Args:
        kind: of settings.
        setting_id: of its kind.
        version: its number.
        document: the setting; None: it is taken away.
        new: it is made now, by whoever is at work; False: it was there before versions were kept.
    """
    who = caller() if new else None
    return VersionItem(
        *Item.at(keys.setting_version_key(kind, setting_id, version)),
        document=document,
        version=version,
        at_instant=format_instant(who.at) if who is not None and who.at is not None else None,
        by=who.agent.id if who is not None else None,
    )


def versions_of(kind: str, setting_id: str, *, limit: int, before: int | None = None) -> tuple[Version, ...]:
    """Versions of a setting, newest first.

    Args:
        kind: of settings.
        setting_id: of its kind.
        limit: how many at most.
        before: only those with a smaller number.
    """
    partition = keys.setting_version_key(kind, setting_id, 0).pk
    older: Condition | None = None
    if before is not None:
        older = VersionItem.sk < keys.setting_version_key(kind, setting_id, before).sk
    with table_errors():
        items = VersionItem.query(partition, older, scan_index_forward=False, limit=limit, consistent_read=True)
        return tuple(_version(kind, setting_id, item) for item in items)


def version_of(kind: str, setting_id: str, version: int) -> Version | None:
    """One version of a setting."""
    try:
        with table_errors():
            item = VersionItem.get(*Item.at(keys.setting_version_key(kind, setting_id, version)), consistent_read=True)
    except DoesNotExist:
        return None
    return _version(kind, setting_id, item)


def newest_version(kind: str, setting_id: str) -> int:
    """The newest number that a setting ever had; 0: none is kept."""
    found = versions_of(kind, setting_id, limit=1)
    return found[0].version if found else 0


def _version(kind: str, setting_id: str, item: VersionItem) -> Version:
    return Version(
        kind=kind,
        setting_id=setting_id,
        version=int(item.version),
        document=item.document,
        at=parse_instant(item.at_instant) if item.at_instant else None,
        by=item.by,
    )
