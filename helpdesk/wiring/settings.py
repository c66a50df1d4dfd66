"""All settings at once, and what is kept of people for how long."""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.platform.settings import settings
from helpdesk.wiring import community, finding, ground, mail, tickets, views, writing

if TYPE_CHECKING:
    from helpdesk.configuration.service import Configuration
    from helpdesk.privacy.clearing import Clearing
    from helpdesk.privacy.portable import Portable
    from helpdesk.privacy.retention import Retention
    from helpdesk.privacy.retention_store import DynamoRetention
    from helpdesk.privacy.service import ErasureService
    from helpdesk.privacy.store import DynamoErasures


@cache
def erasures() -> "ErasureService":
    """Erasing people."""
    from helpdesk.privacy.service import ErasureService, Ports  # noqa: PLC0415 - admins alone need it

    ports = Ports(
        erasures=_traces(),
        people=ground.people_store(),
        tickets=tickets.tickets(),
        renew=lambda ticket_id: finding.ticket_indexer().renew(ticket_id),
        write_export=lambda person: portable().write(person),
        renew_lists=lambda: views.board_keeper().renew_if_written(),
        clock=ground.clock(),
        monotonic=time.monotonic,
    )
    return ErasureService(ports)


@cache
def _traces() -> "DynamoErasures":
    """All that is kept of people."""
    from helpdesk.privacy.store import DynamoErasures  # noqa: PLC0415 - as above

    return DynamoErasures(
        tickets.ticket_store(),
        ground.people_store(),
        ground.s3,
        _buckets(),
        ground.desk,
        ground.clock(),
        _clearing(),
        community.community_traces(),
    )


@cache
def _clearing() -> "Clearing":
    from helpdesk.privacy.clearing import Clearing  # noqa: PLC0415 - as above

    return Clearing(views.all_tickets(), ground.s3, _buckets())


def _buckets() -> tuple[str, str]:
    return settings().files_bucket, settings().mail_bucket


@cache
def retention_notes() -> "DynamoRetention":
    """How far retention is."""
    from helpdesk.privacy.retention_store import DynamoRetention  # noqa: PLC0415 - as above

    ground.table_bound()
    return DynamoRetention()


def retention(fault: Callable[[str, Exception], None]) -> "Retention":
    """Rules of retention at work.

    Args:
        fault: is told what went wrong with a rule or a ticket, by id.
    """
    from helpdesk.privacy import retention as module  # noqa: PLC0415 - as above
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    ports = module.Ports(
        notes=retention_notes(),
        tickets=views.all_tickets(),
        service=tickets.tickets(),
        clear=_clearing().clear,
        renew=lambda ticket_id: finding.ticket_indexer().renew(ticket_id),
        renew_lists=lambda: views.board_keeper().renew_if_written(),
        changed_since=lambda at: ((one.at, one.ticket_id) for one in DynamoFeed().since(at)),
        forget_addresses=_clearing().addresses,
        forget_people=lambda ticket_id: erasures().forget_those_in(ticket_id),
        desk=ground.desk_store().load,
        clock=ground.clock(),
        monotonic=time.monotonic,
        fault=fault,
    )
    return module.Retention(ports)


@cache
def portable() -> "Portable":
    """Exports of people's data."""
    from helpdesk.privacy.portable import Portable  # noqa: PLC0415 - as above

    told = community.community_traces().told
    return Portable(_traces(), tickets.ticket_store(), ground.people_store(), ground.s3, _buckets(), told)


@cache
def all_settings() -> "Configuration":
    """All settings at once: versions, export and import."""
    from helpdesk.configuration.model import Tools  # noqa: PLC0415 - admins alone need it
    from helpdesk.configuration.service import Configuration  # noqa: PLC0415
    from helpdesk.configuration.store import DynamoBooks  # noqa: PLC0415
    from helpdesk.mail.template_store import DynamoTemplateStore  # noqa: PLC0415

    books = DynamoBooks(ground.desk_store(), lambda: DynamoTemplateStore(ground.stopwatch))
    return Configuration(books, Tools(writing.safe_html, writing.plain), _forget_settings)


def _forget_settings() -> None:
    """Lets this container read anew all that it remembers of settings."""
    ground.kept_desk().forget()
    for made in (mail.templates, writing.canned, writing.macros, writing.checklists):
        made.cache_clear()
