"""Connections to organizations' providers in the table; their secrets, and sign-ins under way, beside them and never told."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist
from pynamodb.expressions.condition import Condition

from helpdesk.contracts import table as keys
from helpdesk.kernel.audit import Told
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import StaleVersion
from helpdesk.platform.audit import tell
from helpdesk.platform.table import CONDITION_FAILED, DocumentAttribute, Item, Refused, Transaction, table_errors
from helpdesk.sso.model import Connection, Flow

_KIND = "single_sign_on"
_TOLD_ANYWAY = frozenset({"organization_id", "version"})


class ConnectionItem(Item):
    """A connection, or a sign-in under way."""

    record = DocumentAttribute()
    version = NumberAttribute(null=True)


class ConnectionSecretItem(Item):
    """The secret under which the desk is known to a provider: written, and never answered."""

    value = UnicodeAttribute()


class DynamoConnections:
    """See `sso.service.ConnectionStore`."""

    def connection(self, organization_id: str) -> Connection | None:
        """An organization's."""
        try:
            with table_errors():
                key = Item.at(keys.sso_key(organization_id))
                return from_document(Connection, ConnectionItem.get(*key, consistent_read=True).record)
        except DoesNotExist:
            return None

    def secret(self, organization_id: str) -> str:
        """The secret under which the desk is known to its provider."""
        try:
            with table_errors():
                key = Item.at(keys.sso_secret_key(organization_id))
                return str(ConnectionSecretItem.get(*key, consistent_read=True).value)
        except DoesNotExist:
            return ""

    def save(self, before: Connection | None, after: Connection, secret: str | None) -> None:
        """Writes a connection, with another secret if one is given."""
        transaction = Transaction()
        key = Item.at(keys.sso_key(after.organization_id))
        item = ConnectionItem(*key, record=to_document(after), version=after.version)
        transaction.put(item, condition=_unchanged(before), label=_KIND)
        if secret is not None:
            transaction.put(ConnectionSecretItem(*Item.at(keys.sso_secret_key(after.organization_id)), value=secret))
        tell(transaction, Told(_KIND, after.organization_id, _of_interest(before), _of_interest(after)))
        _commit(transaction)

    def remove(self, before: Connection) -> None:
        """Takes a connection and its secret away."""
        transaction = Transaction()
        item = ConnectionItem(*Item.at(keys.sso_key(before.organization_id)))
        transaction.delete(item, condition=_unchanged(before), label=_KIND)
        transaction.delete(ConnectionSecretItem(*Item.at(keys.sso_secret_key(before.organization_id))))
        tell(transaction, Told(_KIND, before.organization_id, _of_interest(before), None))
        _commit(transaction)

    def begin(self, state: str, flow: Flow, until: datetime) -> None:
        """Keeps a sign-in under way."""
        key = Item.at(keys.sso_flow_key(state))
        with table_errors():
            ConnectionItem(*key, record=to_document(flow), expires_at=int(until.timestamp())).save()

    def take(self, state: str, now: datetime) -> Flow | None:
        """Gives a sign-in under way to the first who asks for it."""
        item = ConnectionItem(*Item.at(keys.sso_flow_key(state)))
        try:
            with table_errors():
                item.refresh(consistent_read=True)
                item.delete(condition=Item.pk.exists())
        except (DoesNotExist, DeleteError) as error:
            if isinstance(error, DeleteError) and error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise
            return None
        return from_document(Flow, item.record) if int(item.expires_at or 0) > int(now.timestamp()) else None


def _unchanged(before: Connection | None) -> Condition:
    if before is None:
        return Item.pk.does_not_exist()
    version: Condition = ConnectionItem.version == before.version
    return version


def _of_interest(connection: Connection | None) -> Document | None:
    if connection is None:
        return None
    return {name: value for name, value in to_document(connection).items() if name not in _TOLD_ANYWAY}


def _commit(transaction: Transaction) -> None:
    try:
        with table_errors():
            transaction.commit()
    except Refused as refused:
        raise StaleVersion("Somebody else changed it first.") from refused
