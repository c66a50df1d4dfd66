"""Merges what the indexer has written piece by piece, on a schedule."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.platform.observability import logger


def handler(event: Any, context: Any) -> dict[str, int]:  # noqa: ANN401 - a schedule says nothing
    """Brings the index into shape, if that is due; says how many segments became one."""
    del event, context
    bootstrap.begin()
    merged = bootstrap.search_upkeep().compact()
    if merged:
        logger().info("index_merged", segments=merged)
    return {"merged": merged}
