"""What colleagues write with: canned answers, macros, signatures, checklists, and the same done to many tickets."""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.kernel.shelves import KeptShelf
from helpdesk.platform.settings import settings
from helpdesk.wiring import ground, tickets

if TYPE_CHECKING:
    from helpdesk.bulk.service import BulkService
    from helpdesk.bulk.worker import BulkWorker
    from helpdesk.canned.service import CannedService, Pen, Signatures
    from helpdesk.canned.store import DynamoSignatures
    from helpdesk.checklists.service import ChecklistService
    from helpdesk.macros.service import MacroService, QuickSearch


@cache
def signatures() -> "DynamoSignatures":
    """What agents end answers with."""
    from helpdesk.canned.store import DynamoSignatures  # noqa: PLC0415 - what agents write with is used by agents only

    ground.table_bound()
    return DynamoSignatures()


def safe_html(html: str) -> str:
    """HTML that can do nothing."""
    from helpdesk.mail.html import sanitize  # noqa: PLC0415 - loads parsers, for texts that have HTML

    return sanitize(html)[0]


def plain(html: str) -> str:
    """HTML as text."""
    from helpdesk.mail.html import to_text  # noqa: PLC0415

    return to_text(html)


@cache
def pen() -> "Pen":
    """What fills in what is written, signed by who writes."""
    return _pen_with(signatures())


def _pen_with(known: "Signatures") -> "Pen":
    from helpdesk.canned.service import Pen  # noqa: PLC0415

    # Without a token: what is put into an answer is read by all who take part, and a token lets one write as another.
    return Pen(
        ground.desk,
        ground.clock(),
        lambda ticket_id: f"{settings().base_url}/portal/requests/{ticket_id}",
        safe_html,
        known,
    )


@cache
def canned() -> "CannedService":
    """Canned responses."""
    from helpdesk.canned.library import Library  # noqa: PLC0415
    from helpdesk.canned.service import CannedService  # noqa: PLC0415
    from helpdesk.canned.store import canned_shelf  # noqa: PLC0415

    ground.table_bound()
    shelf = canned_shelf()
    library = Library(shelf, KeptShelf(shelf, ground.stopwatch), ground.clock(), "canned response")
    return CannedService(library, pen(), plain)


@cache
def macros() -> "MacroService":
    """Macros."""
    return _macros_with(pen())


def _macros_with(pen: "Pen") -> "MacroService":
    from helpdesk.canned.library import Library  # noqa: PLC0415
    from helpdesk.macros.service import MacroService, Tickets  # noqa: PLC0415
    from helpdesk.macros.store import macro_shelf  # noqa: PLC0415

    ground.table_bound()
    shelf = macro_shelf()
    library = Library(shelf, KeptShelf(shelf, ground.stopwatch), ground.clock(), "macro")
    return MacroService(
        library,
        canned(),
        pen,
        plain,
        Tickets(tickets.tickets(), tickets.ticket_store(), tickets.agent_desk(), ground.rules),
    )


@cache
def bulk() -> "BulkService":
    """What agents do with bulk actions."""
    from helpdesk.bulk.service import BulkService  # noqa: PLC0415 - as above
    from helpdesk.bulk.store import DynamoBulkStore  # noqa: PLC0415

    ground.table_bound()
    return BulkService(DynamoBulkStore(), tickets.agent_desk(), macros(), ground.clock())


def bulk_worker(fault: Callable[[str, Exception], None]) -> "BulkWorker":
    """Works bulk actions off. Made anew for each step: the signatures that it remembers are those of that time.

    Args:
        fault: is told of what was not foreseen.
    """
    from helpdesk.bulk import worker  # noqa: PLC0415 - as above
    from helpdesk.bulk.store import DynamoBulkStore  # noqa: PLC0415
    from helpdesk.canned.service import KeptSignatures  # noqa: PLC0415

    ground.table_bound()
    pen = _pen_with(KeptSignatures(signatures()))
    ports = worker.Ports(
        jobs=DynamoBulkStore(),
        tickets=tickets.ticket_store(),
        service=tickets.tickets(),
        desk=tickets.agent_desk(),
        macros=_macros_with(pen),
        pen=pen,
        config=ground.desk,
        clock=ground.clock(),
        monotonic=time.monotonic,
        pause=ground.pause,
        fault=fault,
    )
    return worker.BulkWorker(ports)


@cache
def checklists() -> "ChecklistService":
    """Checklists."""
    from helpdesk.canned.library import Library  # noqa: PLC0415
    from helpdesk.checklists.service import ChecklistService  # noqa: PLC0415
    from helpdesk.checklists.store import checklist_shelf  # noqa: PLC0415

    ground.table_bound()
    shelf = checklist_shelf()
    library = Library(shelf, KeptShelf(shelf, ground.stopwatch), ground.clock(), "checklist")
    return ChecklistService(library, tickets.task_desk(), ground.desk, ground.clock())


@cache
def quick_search() -> "QuickSearch":
    """Canned responses and macros by their words."""
    from helpdesk.macros.service import QuickSearch  # noqa: PLC0415

    return QuickSearch(canned(), macros())
