"""Merges what the indexer has written piece by piece, and writes down the board that views are read from, on a schedule."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.platform.observability import logger


def handler(event: Any, context: Any) -> dict[str, int]:  # noqa: ANN401 - a schedule says nothing
    """Brings both into shape, if that is due; says how many segments became one and how many tickets were written."""
    del event, context
    bootstrap.begin()
    merged = bootstrap.search_upkeep().compact()
    if merged:
        logger().info("index_merged", segments=merged)
    written = bootstrap.board_keeper().keep()
    if written:
        logger().info("board_written", tickets=written)
    return {"merged": merged, "written": written}
