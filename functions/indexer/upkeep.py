"""What is looked after every five minutes: the search's index, the board that views are read from, tickets that wait."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.platform.observability import logger


def handler(event: Any, context: Any) -> dict[str, int]:  # noqa: ANN401 - a schedule says nothing
    """Brings index and board into shape, if that is due, and gives waiting tickets to people who began to work.

    Says how many segments became one and how many tickets were written; where there were any, how many tickets were taken
    from people who are absent (supervisors are asked about those of the others) and how many that waited somebody got. The queue costs one query where nothing waits.
    """
    del event, context
    bootstrap.begin()
    moved = bootstrap.routing().move_from_absent()
    bootstrap.routing().ask_for_absent()
    given = bootstrap.routing().drain()
    if moved or given:
        logger().info("queue_drained", tickets=given, moved=moved)
    merged = sum(
        upkeep().compact() for upkeep in (bootstrap.search_upkeep, bootstrap.article_upkeep, bootstrap.question_upkeep)
    )
    if merged:
        logger().info("index_merged", segments=merged)
    written = bootstrap.board_keeper().keep()
    if written:
        logger().info("board_written", tickets=written)
    return {"merged": merged, "written": written} | ({"moved": moved, "given": given} if moved or given else {})
