"""Lists of tickets: the board that a container keeps of them, and what pages of it show."""

import time
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.kernel.shelves import KeptShelf
from helpdesk.platform.settings import settings
from helpdesk.tickets.visibility import Scope
from helpdesk.wiring import ground

if TYPE_CHECKING:
    from helpdesk.tickets.store import DynamoTicketStore
    from helpdesk.views.changes import ChangeFeed
    from helpdesk.views.keeper import BoardKeeper
    from helpdesk.views.live import LiveBoard
    from helpdesk.views.service import ViewService
    from helpdesk.views.store import S3Checkpoints


@cache
def whole_desk() -> "ViewService":
    """Lists of tickets by conditions, whoever asks: for what is about all of them."""
    from helpdesk.views.service import ViewService  # noqa: PLC0415 - lists are asked for by agents only

    return ViewService(
        views().library, live_board(), all_tickets(), lambda _: Scope(everything=True), ground.desk, ground.clock()
    )


@cache
def _checkpoints() -> "S3Checkpoints":
    from helpdesk.views.store import S3Checkpoints  # noqa: PLC0415 - lists are asked for by agents only

    return S3Checkpoints(ground.s3, settings().files_bucket)


@cache
def all_tickets() -> "DynamoTicketStore":
    """Tickets, whoever is calling: for what asks by itself what they may see."""
    from helpdesk.tickets.store import DynamoTicketStore  # noqa: PLC0415

    ground.table_bound()
    return DynamoTicketStore(ground.s3, settings().files_bucket)


def _board() -> "LiveBoard":
    from helpdesk.platform.observability import logger  # noqa: PLC0415
    from helpdesk.views.live import LiveBoard  # noqa: PLC0415
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    def told(name: str) -> None:
        logger().warning("checkpoint_broken", part=name)

    return LiveBoard(DynamoFeed(), all_tickets(), _checkpoints(), time.monotonic, told)


@cache
def live_board() -> "LiveBoard":
    """All tickets, as lists ask for them."""
    return _board()


@cache
def board_keeper() -> "BoardKeeper":
    """What writes the board down."""
    from helpdesk.views.keeper import BoardKeeper  # noqa: PLC0415
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    return BoardKeeper(_board(), DynamoFeed(), _checkpoints(), ground.clock())


@cache
def views() -> "ViewService":
    """Lists of tickets by conditions."""
    from helpdesk.views.service import ViewLibrary, ViewService  # noqa: PLC0415
    from helpdesk.views.store import view_shelf  # noqa: PLC0415

    ground.table_bound()
    shelf = view_shelf()
    library = ViewLibrary(shelf, KeptShelf(shelf, ground.stopwatch), ground.clock(), "view")
    return ViewService(library, live_board(), all_tickets(), ground.scope, ground.desk, ground.clock())


@cache
def changes() -> "ChangeFeed":
    """Which tickets changed."""
    from helpdesk.views.changes import ChangeFeed  # noqa: PLC0415
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    return ChangeFeed(DynamoFeed(), all_tickets(), ground.scope, ground.desk, ground.clock())
