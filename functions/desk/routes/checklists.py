"""Checklists: finding, reading and writing them. Putting one on a ticket is in `tasks`."""

from functions.desk.schemas import checklists as schemas
from functions.desk.shelf import Names, Shelf, told
from helpdesk import bootstrap
from helpdesk.checklists.model import Checklist, ChecklistItem
from helpdesk.checklists.service import ChecklistWish
from helpdesk.platform.http import Call

TAG = "Checklists"


def _wish(body: schemas.ChecklistIn) -> ChecklistWish:
    items = [ChecklistItem(item.titles, item.assignee, item.due_after_seconds) for item in body.items]
    return ChecklistWish(body.title, body.titles, items, body.scope, body.group, body.folder)


def _out(item: Checklist, call: Call) -> schemas.ChecklistOut:
    return schemas.ChecklistOut(
        titles=dict(item.titles),
        items=[schemas.ItemOut(dict(one.titles), one.assignee, one.due_after_seconds) for one in item.items],
        **told(item, bootstrap.checklists().library, call),
    )


SHELF = Shelf(
    Names(
        "/v1/checklists",
        many="Checklists",
        one="Checklist",
        noun="checklist",
        nouns="checklists",
        tag=TAG,
        aftermath="tickets it was put on keep their tasks",
    ),
    bootstrap.checklists,
    _wish,
    _out,
    body=schemas.ChecklistIn,
    one=schemas.ChecklistOut,
    page=schemas.ChecklistsOut,
    pages=schemas.ChecklistsOut,
)

ENDPOINTS = SHELF.endpoints()
