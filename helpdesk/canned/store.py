"""Canned responses and agents' signatures in the table."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from helpdesk.canned.model import CannedResponse
from helpdesk.contracts import table as keys
from helpdesk.platform.shelves import DynamoShelf
from helpdesk.platform.table import Item, table_errors


def canned_shelf() -> DynamoShelf[CannedResponse]:
    """Where canned responses are kept."""
    return DynamoShelf(CannedResponse, keys.CANNED_SHELF, told_as="canned_response")


class SignatureItem(Item):
    """An agent's signature."""

    text = UnicodeAttribute()


class DynamoSignatures:
    """See `canned.service.Signatures`."""

    def get(self, agent_id: str) -> str:
        """An agent's signature; empty: none."""
        try:
            with table_errors():
                return SignatureItem.get(*Item.at(keys.signature_key(agent_id)), consistent_read=True).text
        except DoesNotExist:
            return ""

    def put(self, agent_id: str, text: str) -> None:
        """Changes an agent's signature."""
        item = SignatureItem(*Item.at(keys.signature_key(agent_id)), text=text)
        with table_errors():
            if text:
                item.save()
            else:
                item.delete()
