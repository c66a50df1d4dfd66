"""Macros in the table."""

from helpdesk.contracts.table import MACROS_SHELF
from helpdesk.macros.model import Macro
from helpdesk.platform.shelves import DynamoShelf


def macro_shelf() -> DynamoShelf[Macro]:
    """Where macros are kept."""
    return DynamoShelf(Macro, MACROS_SHELF, told_as="macro")
