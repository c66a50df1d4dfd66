"""All settings in the table, whichever store each kind has: read together, and written many in one transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import batched, groupby
from typing import Final, cast

from pynamodb.expressions.condition import Condition

from helpdesk.configuration.model import Author, Holdings, Kept, Shelf, Write
from helpdesk.contracts import table as keys
from helpdesk.desk.store import DynamoDeskStore, SettingItem
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.versions import Version
from helpdesk.mail.letters import Kind, Template
from helpdesk.mail.template_service import Saved, TemplateKey, TemplateStore
from helpdesk.platform.shelves import ShelvedItem
from helpdesk.platform.table import Contended, CounterItem, Item, Refused, Transaction, table_errors
from helpdesk.platform.versions import newest_version, version_item, version_of, versions_of
from helpdesk.sla.model import BusinessCalendar, SlaPolicy
from helpdesk.sla.promises import checked_calendar, following, newest_calendars, next_revision

_A_TRANSACTION: Final = 18
"""Settings written at once, of a hundred items: each is itself, one or two versions, and what the trail tells of it."""
_SHELVES: Final[Mapping[str, str]] = {
    one.lower(): one for one in (keys.CANNED_SHELF, keys.MACROS_SHELF, keys.CHECKLISTS_SHELF, keys.VIEWS_SHELF)
}
_VERSIONS_READ: Final = 200


class DynamoBooks:
    """See `configuration.model.Books`.

    Args:
        desk: where most settings are kept.
        templates: where admins' words for mails are kept.
    """

    def __init__(self, desk: DynamoDeskStore, templates: Callable[[], TemplateStore]) -> None:
        self._desk = desk
        self._templates = templates

    def holdings(self) -> Holdings:
        """All settings, as they are now: one query for most, and one for each shelf."""
        found: dict[str, dict[str, Kept]] = {}
        policies: list[tuple[int, str, Kept]] = []
        for (kind, setting_id), item in sorted(self._desk.items().items()):
            version = int(item.version or 1)
            if kind == "policy":
                document = cast("Document", item.setting["policy"])
                policies.append((cast("int", item.setting["place"]), setting_id, _policy_kept(document)))
            elif kind == "calendar":  # a later revision stands behind an earlier one
                revision = cast("int", item.setting["revision"])
                found.setdefault(kind, {})[setting_id.partition("@")[0]] = Kept(item.setting, revision)
                if item.setting.get("removed"):  # until it is made anew
                    del found[kind][setting_id.partition("@")[0]]
            else:
                found.setdefault(kind, {})[setting_id] = Kept(item.setting, version)
        found["policy"] = {setting_id: kept for _, setting_id, kept in sorted(policies, key=lambda one: one[:2])}
        for kind, partition in _SHELVES.items():
            found[kind] = dict(_shelved(partition))
        found["template"] = {
            _template_id(saved.key): Kept(to_document(saved.template), saved.version)
            for saved in self._templates().all().values()
            if saved.template is not None
        }
        return found

    def write(self, writes: tuple[Write, ...], author: Author) -> None:
        """Writes some: those of one kind that stand together in as few transactions as can be."""
        for (shelf, kind), some in groupby(writes, key=lambda one: (one.shelf, one.kind)):
            self._write_alike(shelf, kind, list(some), author)

    def versions(self, kind: str, setting_id: str, *, limit: int, before: int | None) -> tuple[Version, ...]:
        """Versions of an entry, newest first."""
        if kind == "template":
            return self._template_versions(setting_id, limit, before)
        return versions_of(kind, setting_id, limit=limit, before=before)

    def version(self, kind: str, setting_id: str, version: int) -> Version | None:
        """One version of an entry."""
        if kind == "template":
            found = self._template_versions(setting_id, _VERSIONS_READ, version + 1)
            return next((one for one in found if one.version == version), None)
        return version_of(kind, setting_id, version)

    # --- parts ---

    def _write_alike(self, shelf: Shelf, kind: str, writes: list[Write], author: Author) -> None:
        match shelf:
            case Shelf.SETTINGS:
                self._write_settings(writes)
            case Shelf.ITEMS:
                for some in batched(writes, _A_TRANSACTION, strict=False):
                    _write_items(_SHELVES[kind], some)
            case Shelf.POLICIES:
                self._write_policies(writes)
            case Shelf.CALENDARS:
                for one in writes:
                    self._write_calendar(one, author)
            case Shelf.TEMPLATES:
                for one in writes:
                    self._write_template(one, author)

    def _write_settings(self, writes: list[Write]) -> None:
        there = self._desk.items()
        for some in batched(writes, _A_TRANSACTION, strict=False):
            transaction = Transaction()
            for one in some:
                before = there.get((one.kind, one.id))
                if _seen(before) != one.seen:
                    raise _stale(one)
                self._desk.stage(
                    transaction, one.kind, one.id, before, one.document, last=0 if before is None else None
                )
            try:
                with table_errors():
                    transaction.commit()
            except (Refused, Contended):  # one was changed meanwhile, or was there before and has versions
                for one in some:
                    self._desk.write(one.kind, one.id, one.document, seen=one.seen)

    def _write_policies(self, writes: list[Write]) -> None:
        for gone in (one for one in writes if one.document is None):
            self._desk.remove_policy(gone.id)
        wished = [one for one in writes if one.document is not None]
        if not wished:
            return
        policies = {one.id: one for one in self._desk.load().policies}
        order = list(policies)
        for one in wished:
            policy = from_document(SlaPolicy, one.document or {})
            before = policies.get(one.id)
            if (before.version if before is not None else 0) != one.seen:
                raise _stale(one)
            if before is None or replace(policy, version=before.version) != before:
                policies[one.id] = replace(policy, version=self._desk.newest_policy_version(one.id) + 1)
        named = [one.id for one in wished]
        # Where all of them are named, theirs is the order; else a new one comes last.
        order = named if set(order) <= set(named) else [*order, *(one for one in named if one not in order)]
        self._desk.save_policies([policies[one] for one in order])

    def _write_calendar(self, write: Write, author: Author) -> None:
        calendar = from_document(BusinessCalendar, write.document or {})
        # What was taken away goes on behind its last revision.
        desk = self._desk.load()
        revision = write.seen + 1 if write.seen else next_revision(calendar.id, desk)
        calendar = following(calendar, newest_calendars(desk).get(calendar.id))
        unresolved = replace(calendar, revision=revision, resolved_years=None, resolved_holidays=())
        self._desk.save_calendar(checked_calendar(unresolved, author.at))

    def _write_template(self, write: Write, author: Author) -> None:
        key = _template_key(write.id)
        current = self._templates().get(key)
        seen = current.version if current is not None and current.template is not None else 0
        if seen != write.seen:
            raise _stale(write)
        template = from_document(Template, write.document) if write.document is not None else None
        version = (current.version if current is not None else 0) + 1
        self._templates().put(Saved(key, version, author.at, author.by, template))

    def _template_versions(self, setting_id: str, limit: int, before: int | None) -> tuple[Version, ...]:
        found = self._templates().versions(_template_key(setting_id), limit=limit if before is None else _VERSIONS_READ)
        told = (
            Version(
                "template",
                setting_id,
                one.version,
                to_document(one.template) if one.template is not None else None,
                one.changed_at,
                one.changed_by,
            )
            for one in found
            if before is None or one.version < before
        )
        return tuple(told)[:limit]


def _policy_kept(document: Document) -> Kept:
    return Kept(document, cast("int", document["version"]))


def _seen(item: SettingItem | None) -> int:
    if item is None:
        return 0
    return int(item.version or 1)


def _stale(write: Write) -> StaleVersion:
    return StaleVersion(
        f"Somebody else changed {write.kind} {write.id}; what stands before it was written. Import again."
    )


def _shelved(partition: str) -> Iterable[tuple[str, Kept]]:
    things: Condition = ShelvedItem.sk.startswith(keys.SHELVED_PREFIX)
    with table_errors():
        for item in ShelvedItem.query(partition, things, consistent_read=True):
            yield item.sk.removeprefix(keys.SHELVED_PREFIX), Kept(item.document, int(item.version or 1))


def _write_items(partition: str, writes: Iterable[Write]) -> None:
    """Writes things on a shelf, all or none, and moves its revision along."""
    transaction = Transaction()
    some = tuple(writes)
    for one in some:
        place = ShelvedItem(*Item.at(keys.shelved_key(partition, one.id)))
        as_seen: Condition = ShelvedItem.version == one.seen
        version = (one.seen or newest_version(one.kind, one.id)) + 1
        if one.document is None:
            transaction.delete(place, condition=as_seen, label=one.id)
            transaction.create(version_item(one.kind, one.id, version, None), label=one.id)
            continue
        document: Document = {**one.document, "version": version}
        transaction.create(version_item(one.kind, one.id, version, document), label=one.id)
        if one.seen:  # how often it was used stays
            actions = [ShelvedItem.document.set(document), ShelvedItem.version.set(version)]
            transaction.update(place, actions, condition=as_seen, label=one.id)
        else:
            transaction.create(ShelvedItem(place.pk, place.sk, document=document, version=version), label=one.id)
    revision = CounterItem(*Item.at(keys.shelf_revision_key(partition)))
    transaction.update(revision, [CounterItem.tally.add(1)])
    try:
        with table_errors():
            transaction.commit()
    except Refused as refused:
        first = next(one for one in some if one.id in refused.labels)
        raise _stale(first) from refused


def _template_id(key: TemplateKey) -> str:
    return "/".join(part for part in (key.kind.value, key.language, key.mailbox) if part)


def _template_key(template_id: str) -> TemplateKey:
    kind, _, rest = template_id.partition("/")
    language, _, mailbox = rest.partition("/")
    return TemplateKey(Kind(kind), language, mailbox or None)
