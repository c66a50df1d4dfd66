"""Organizations in the table: by id, by name, and the domains that lead to them."""

from typing import Final, cast

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Organization, OrganizationRow
from helpdesk.people.organizations import DomainInUse
from helpdesk.people.rules import folded
from helpdesk.platform.audit import tell
from helpdesk.platform.table import (
    DocumentAttribute,
    IndexedItem,
    Item,
    Refused,
    Transaction,
    last_key_of,
    note_moved,
    position_of,
    table_errors,
)

_DOMAIN: Final = "domain"
_ORGANIZATION: Final = "organization"
_TOLD_ANYWAY: Final = frozenset({"id", "created_at", "version"})


class OrganizationItem(IndexedItem):
    """An organization."""

    organization = DocumentAttribute()


class DynamoOrganizationStore:
    """See `people.organizations.OrganizationStore`."""

    def organization(self, organization_id: str) -> Organization | None:
        """An organization."""
        try:
            with table_errors():
                item = OrganizationItem.get(*Item.at(keys.organization_key(organization_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Organization, item.organization)

    def organizations(self, prefix: str, *, limit: int, position: dict[str, str] | None) -> Page[OrganizationRow]:
        """A page of those whose names begin so."""
        begins: Condition | None = IndexedItem.group_sk.startswith(prefix) if prefix else None
        with table_errors():
            result = IndexedItem.by_group.query(
                keys.ORGANIZATIONS, begins, limit=limit, last_evaluated_key=last_key_of(position)
            )
            rows = tuple(from_document(OrganizationRow, cast("IndexedItem", item).row or {}) for item in result)
        return Page(rows, position_of(result.last_evaluated_key))

    def write_organization(self, before: Organization | None, after: Organization | None) -> None:
        """Writes one in place of another, with its domains."""
        transaction = Transaction()
        had = set(before.domains) if before is not None else set[str]()
        unchanged: Condition = (
            OrganizationItem.version == before.version if before is not None else Item.pk.does_not_exist()
        )
        if after is not None:
            transaction.put(_item(after), condition=unchanged, label=_ORGANIZATION)
            for domain in after.domains:
                if domain not in had:
                    item = IndexedItem(*Item.at(keys.domain_key(domain)), row={"organization_id": after.id})
                    transaction.create(item, label=_DOMAIN)
        elif before is not None:
            transaction.delete(_item(before), condition=unchanged, label=_ORGANIZATION)
            for key in (keys.sso_key(before.id), keys.sso_secret_key(before.id)):  # nobody could take them away later
                transaction.delete(Item(*Item.at(key)))
        for domain in had - set(after.domains if after is not None else ()):
            transaction.delete(IndexedItem(*Item.at(keys.domain_key(domain))))
        about = after if after is not None else before
        if about is not None:
            tell(transaction, Told("organization", about.id, _of_interest(before), _of_interest(after)))
        note_moved(transaction, _ORGANIZATION)
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            if _ORGANIZATION in refused.labels:
                raise StaleVersion("Somebody else changed this organization first.") from refused
            raise DomainInUse("A domain belongs to another organization.") from refused


def _item(organization: Organization) -> OrganizationItem:
    row = OrganizationRow(organization.id, organization.name, organization.plan, organization.domains[:5])
    return OrganizationItem(
        *Item.at(keys.organization_key(organization.id)),
        organization=to_document(organization),
        version=organization.version,
        row=to_document(row),
        group_pk=keys.ORGANIZATIONS,
        group_sk=keys.people_sort(folded(organization.name), organization.id),
    )


def _of_interest(organization: Organization | None) -> Document | None:
    """An organization as the trail tells of it."""
    if organization is None:
        return None
    return {name: value for name, value in to_document(organization).items() if name not in _TOLD_ANYWAY}
