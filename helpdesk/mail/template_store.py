"""Admins' templates in the table: the newest of each in the desk's partition, all versions beside."""

from collections.abc import Callable, Mapping
from typing import Final

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.mail.template_service import Saved, TemplateKey
from helpdesk.platform.audit import tell
from helpdesk.platform.table import DocumentAttribute, Item, Refused, Transaction, note_moved, table_errors

KEPT_SECONDS: Final = 5.0
"""How old a container's copy may be."""


class TemplateItem(Item):
    """A version of a template."""

    setting = DocumentAttribute()
    version = NumberAttribute()


class DynamoTemplateStore:
    """See `mail.template_service.TemplateStore`.

    Args:
        monotonic: a stopwatch in seconds.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._kept: tuple[float, Mapping[TemplateKey, Saved]] | None = None

    def all(self) -> Mapping[TemplateKey, Saved]:
        """The newest version of each: one query, kept for a few seconds."""
        now = self._monotonic()
        if self._kept is None or now - self._kept[0] > KEPT_SECONDS:
            with table_errors():
                items = TemplateItem.query(
                    keys.DESK_PARTITION, TemplateItem.sk.startswith(keys.TEMPLATE_PREFIX), consistent_read=True
                )
                found = [_saved(item) for item in items]
            self._kept = now, {one.key: one for one in found}
        return self._kept[1]

    def get(self, key: TemplateKey) -> Saved | None:
        """The newest version of one."""
        try:
            with table_errors():
                return _saved(TemplateItem.get(*Item.at(_key(key)), consistent_read=True))
        except DoesNotExist:
            return None

    def put(self, saved: Saved) -> None:
        """Writes the next version."""
        before = saved.version - 1
        unchanged: Condition = TemplateItem.pk.does_not_exist() if before == 0 else TemplateItem.version == before
        document = to_document(saved)
        transaction = Transaction()
        transaction.put(
            TemplateItem(*Item.at(_key(saved.key)), setting=document, version=saved.version),
            condition=unchanged,
            label="template",
        )
        version = keys.template_version_key(*_parts(saved.key), saved.version)
        transaction.create(TemplateItem(*Item.at(version), setting=document, version=saved.version), label="template")
        former = self.get(saved.key) if before else None
        was, now = (to_document(one.template) if one and one.template else None for one in (former, saved))
        action = "" if now is not None else "restored"
        note_moved(transaction, "mail_template")
        tell(transaction, Told("mail_template", "/".join(_parts(saved.key)), was, now, action))
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            raise StaleVersion("Somebody else changed the template first.") from refused
        self._kept = None

    def versions(self, key: TemplateKey, *, limit: int) -> tuple[Saved, ...]:
        """The newest versions, newest first."""
        with table_errors():
            items = TemplateItem.query(
                keys.template_version_key(*_parts(key), 0).pk,
                scan_index_forward=False,
                limit=limit,
                consistent_read=True,
            )
            return tuple(_saved(item) for item in items)


def _parts(key: TemplateKey) -> tuple[str, str, str]:
    return key.kind.value, key.language, key.mailbox or "*"


def _key(key: TemplateKey) -> keys.Key:
    return keys.template_key(*_parts(key))


def _saved(item: TemplateItem) -> Saved:
    return from_document(Saved, item.setting)
