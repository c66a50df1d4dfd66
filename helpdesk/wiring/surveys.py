"""Asking how it went, and telling colleagues of what concerns them."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from helpdesk.platform.settings import settings
from helpdesk.wiring import ground, mail, tickets

if TYPE_CHECKING:
    from helpdesk.notifications.announcer import Telling
    from helpdesk.reports.service import PromiseReports
    from helpdesk.surveys.pulse_mails import PulseMails
    from helpdesk.surveys.pulse_service import PulseService
    from helpdesk.surveys.service import SurveyService
    from helpdesk.surveys.store import DynamoSurveyStore


@cache
def telling() -> "Telling":
    """Tells all whom an event concerns."""
    from helpdesk.notifications import announcer as module  # noqa: PLC0415

    def comment(survey_id: str) -> str:
        found = survey_store().find(survey_id)
        return (found.answer.comment if found is not None and found.answer is not None else None) or ""

    ports = module.Ports(tickets.ticket_store(), mail.notification_store(), ground.desk, mail.links(), comment)
    return module.Telling(mail.notices(), module.Announcer(ports, mail.stationery(), mail.outbox()))


@cache
def survey_store() -> "DynamoSurveyStore":
    """Surveys."""
    from helpdesk.surveys.store import DynamoSurveyStore  # noqa: PLC0415

    ground.table_bound()
    return DynamoSurveyStore()


@cache
def pulses() -> "PulseService":
    """Surveys to colleagues."""
    from helpdesk.surveys.pulse_service import PulseService  # noqa: PLC0415
    from helpdesk.surveys.pulse_store import DynamoPulseStore  # noqa: PLC0415

    ground.table_bound()
    return PulseService(DynamoPulseStore(), ground.desk, ground.clock())


def pulse_mails(fault: Callable[[str, Exception], None]) -> "PulseMails":
    """Tells colleagues of surveys.

    Args:
        fault: is told what went wrong with a mail, by the colleague's id.
    """
    from helpdesk.surveys.pulse_mails import Ports, PulseMails  # noqa: PLC0415
    from helpdesk.surveys.pulse_store import DynamoPulseStore  # noqa: PLC0415

    page = f"{settings().base_url}/satisfaction"
    store = mail.notification_store()
    ports = Ports(pulses(), DynamoPulseStore(), store.preferences, page, ground.desk, ground.clock(), fault)
    return PulseMails(ports, mail.stationery(), mail.outbox())


@cache
def promise_reports() -> "PromiseReports":
    """Reports of promises, and the figures that they are made of."""
    from helpdesk.reports.service import PromiseReports  # noqa: PLC0415
    from helpdesk.reports.store import DynamoBuckets  # noqa: PLC0415
    from helpdesk.sla.histories import history_of  # noqa: PLC0415

    store = tickets.ticket_store()
    return PromiseReports(
        DynamoBuckets(),
        lambda ticket_id: history_of(store, ticket_id),
        ground.rules,
        lambda: ZoneInfo(ground.desk().general.time_zone),
    )


@cache
def surveys() -> "SurveyService":
    """Surveys from the invitation to the answer."""
    from helpdesk.surveys import service as module  # noqa: PLC0415

    ports = module.Ports(
        store=survey_store(),
        tickets=tickets.tickets(),
        people=ground.people_store(),
        desk=ground.desk,
        links=mail.links(),
        clock=ground.clock(),
    )
    return module.SurveyService(ports, mail.stationery(), mail.outbox())
