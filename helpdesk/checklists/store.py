"""Checklists in the table."""

from helpdesk.checklists.model import Checklist
from helpdesk.contracts.table import CHECKLISTS_SHELF
from helpdesk.platform.shelves import DynamoShelf


def checklist_shelf() -> DynamoShelf[Checklist]:
    """Where checklists are kept."""
    return DynamoShelf(Checklist, CHECKLISTS_SHELF, told_as="checklist")
