"""Trains the learned triage on what the desk solved, and counts how it fared; once a day."""

from typing import Any

from helpdesk import bootstrap
from helpdesk.platform.observability import logger


def handler(event: Any, context: Any) -> dict[str, int]:  # noqa: ANN401 - a schedule says nothing
    """Does a day's work; says the number of the models in use and how many fields they are for."""
    del event, context
    bootstrap.begin()
    models = bootstrap.training().run()
    number, fields = (models.number, len(models.fields)) if models is not None else (0, 0)
    logger().info("triage_trained", model=number, fields=fields)
    return {"model": number, "fields": fields}
