"""Canned responses in the table."""

from helpdesk.canned.model import CannedResponse
from helpdesk.contracts.table import CANNED_SHELF
from helpdesk.platform.shelves import DynamoShelf


def canned_shelf() -> DynamoShelf[CannedResponse]:
    """Where canned responses are kept."""
    return DynamoShelf(CannedResponse, CANNED_SHELF)
