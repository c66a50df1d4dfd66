"""Finding tickets by their words."""

from functools import cache
from typing import TYPE_CHECKING

from helpdesk.kernel.ids import is_id
from helpdesk.platform.settings import settings
from helpdesk.wiring import ground, tickets

if TYPE_CHECKING:
    from helpdesk.search.model import Segments
    from helpdesk.search.service import SearchService
    from helpdesk.search.tickets import TicketIndexer
    from helpdesk.search.upkeep import Upkeep


@cache
def _segments() -> "Segments":
    from helpdesk.search.model import TICKETS  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415

    ground.table_bound()
    return DynamoSegments(TICKETS, ground.s3, settings().files_bucket, ground.clock())


@cache
def search_upkeep() -> "Upkeep":
    """What writes and merges the index of tickets."""
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415

    return Upkeep(_segments(), ground.clock())


@cache
def ticket_indexer() -> "TicketIndexer":
    """What lets tickets be found."""
    from helpdesk.search.tickets import TicketIndexer  # noqa: PLC0415

    return TicketIndexer(tickets.ticket_store(), search_upkeep())


@cache
def search() -> "SearchService":
    """Finding tickets."""
    from helpdesk.search.live import LiveIndex  # noqa: PLC0415
    from helpdesk.search.service import SearchService  # noqa: PLC0415

    return SearchService(
        LiveIndex(_segments()),
        tickets.ticket_store(),
        ground.desk,
        lambda colleague, row: ground.scope(colleague).allows(row),
        _ids_of,
    )


def _ids_of(person_id: str) -> tuple[str, ...]:
    """All ids of a person, as tickets hold them; of nobody, what was asked for."""
    person = ground.people_store().by_id(person_id) if is_id(person_id) else None
    return person.ids if person is not None else (person_id,)
